"""What was done with a person's account, only added to; and the messages that follow from it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from undrift.people.models.organisation import Authority
from undrift.people.models.person import Person


class What(models.TextChoices):
    ADDED = "added", "Added to the service"
    INVITED = "invited", "Invited to choose a password"
    PASSWORD_CHOSEN = "password-chosen", "First password chosen"
    PASSWORD_ASKED = "password-asked", "New password asked for, on the sign-in page"
    PASSWORD_CHANGED = "password-changed", "Password changed"
    FACTOR_ASKED = "factor-asked", "Second factor lost: removal asked for"
    FACTOR_KEPT = "factor-kept", "Removal of the second factor taken back"
    FACTOR_REMOVED = "factor-removed", "Second factor removed"
    OPENED = "opened", "Opened again, after nobody had used it for a long time"
    SESSIONS_ENDED = "sessions-ended", "Signed out of other browsers"


class AccountAct(models.Model):
    """One thing done with one person's account. `by` is empty when nobody had signed in."""

    authority = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The council that keeps the account; empty for what somebody of a shared agency did themselves.",
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="account_acts", db_index=False)
    what = models.CharField(max_length=20, choices=What.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by_role = models.CharField(max_length=200, blank=True, help_text="The title of the post from which it was done.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="people_accountact_of")]

    def __str__(self) -> str:
        return f"{self.what} at {self.at}"


class Letter(models.Model):
    """One message owed to somebody about their own account. Worded and sent by `undrift.messages`.

    It holds no link: whatever opens the account is made when the message is sent, and is kept nowhere.
    """

    act = models.OneToOneField(AccountAct, on_delete=models.PROTECT, related_name="letter")
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_letter_sent_was_tried", condition=Q(sent_at__isnull=True) | Q(attempts__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="people_letter_to_send"),
        ]

    def __str__(self) -> str:
        return f"about {self.act}"

    @property
    def to_person(self) -> Person:
        return self.act.person

    @property
    def authority(self) -> Authority | None:
        return self.act.authority
