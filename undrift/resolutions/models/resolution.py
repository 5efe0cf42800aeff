"""What is a concern's own: where it stands on the ladder. Worked out from history, as its case is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from undrift.record.models import Case


class Resolution(Case):
    """One concern on its ladder, one to one beside its case: a list of concerns is still one query with one join."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, related_name="resolution")
    raised_at = models.DateTimeField()
    first_stage = models.CharField(max_length=80)
    stage = models.CharField(max_length=80)
    highest_stage = models.CharField(max_length=80)
    entered_at = models.DateTimeField(help_text="When it came to the stage where it stands.")
    formality = models.CharField(max_length=40)
    risk = models.BooleanField(default=False, help_text="A child is at immediate risk.")
    grounds = ArrayField(models.CharField(max_length=40), default=list)
    ending = models.CharField(max_length=40, blank=True, help_text="How it ended; empty while it is open.")

    class Meta:
        indexes = [models.Index(fields=["stage"], name="resolutions_stage")]
