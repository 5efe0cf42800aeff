"""A word to somebody about the record as such, not about a resolution: never a child's, only who and when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from undrift.children.models.family import opaque_id
from undrift.people.models import Authority, Person


class Alert(models.Model):
    """One message owed to one person. Sent as notices are; worded by `undrift.messages`."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    about = models.BigIntegerField(help_text="The number of the opening, or of the person whose looks gave rise to it.")
    day = models.DateField(help_text="Told once for each day.")
    reference = models.CharField(max_length=20, unique=True, default=opaque_id, editable=False)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["to_person", "kind", "about", "day"], name="access_alert_once"),
            models.CheckConstraint(
                name="access_alert_sent_was_tried", condition=Q(sent_at__isnull=True) | Q(attempts__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="access_alert_to_send"),
        ]
