"""The outbox: who has to be told of which event. Written with the event; worded and sent by `undrift.messages`."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from undrift.library.numbers import TRIES_BEFORE_SAYING_SO
from undrift.people.models import Authority, Person
from undrift.record.models.case import Case

# The kind of a notice that somebody has a part no more: it opens nothing.
NO_LONGER = "no_longer"


class Notice(models.Model):
    """One message owed to one person about one event. It opens the record to them, unless it says `NO_LONGER`."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices", db_index=False)
    seq = models.PositiveIntegerField(help_text="The event it is about.")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=80, help_text="The part in which the person is told.")
    kind = models.CharField(max_length=40, help_text="The event's type.")
    ask = models.CharField(max_length=40, blank=True, help_text="What is asked; empty when for information.")
    stage = models.CharField(max_length=80)
    due = models.DateField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was settled that it is not to be sent: they are kept out since."
    )
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq", "to_person", "kind"], name="record_notice_once"),
            models.CheckConstraint(
                name="record_notice_sent_was_tried", condition=Q(sent_at__isnull=True) | Q(attempts__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="record_notice_to_send"),
            models.Index(fields=["to_person", "case"], name="record_notice_to"),
            models.Index(
                fields=["case"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True, attempts__gte=TRIES_BEFORE_SAYING_SO),
                name="record_notice_unreached",
            ),
        ]
