"""A right that somebody asked for in another's name, and that a second person confirms before it is one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from undrift.people.models.organisation import Authority
from undrift.people.models.person import Person


class GrantKind(models.TextChoices):
    COVER = "cover", "Cover"
    POST = "post", "A post"
    LEAVING = "leaving", "Hand-over"


class Outcome(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    TAKEN_BACK = "taken-back", "Taken back"


class Grant(models.Model):
    """What was asked, for whom, why and by whom; and what a second person said. It opens nothing while it waits."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=GrantKind.choices)
    about = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="Who is away, takes up a post, or leaves."
    )
    to = ArrayField(models.BigIntegerField(), help_text="The numbers of the people whom it gives anything.")
    terms = models.JSONField(help_text="What is to be done when it is confirmed, in numbers and days.")
    said = models.TextField(help_text="The same as a sentence.")
    why = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_grant_settled_whole",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, outcome="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="people_grant_by_two", condition=~Q(outcome="confirmed") | ~Q(settled_by=F("asked_by"))
            ),
        ]
        indexes = [
            models.Index(fields=["authority"], condition=Q(settled_at__isnull=True), name="people_grant_waiting")
        ]

    def __str__(self) -> str:
        return self.said
