"""Text that somebody wrote and that has not become part of the record."""

from django.db import models
from django.db.models.functions import Now

from undrift.people.models import Authority, Person
from undrift.record.models.case import Case


class Draft(models.Model):
    """An unfinished form, or one that lost because somebody else decided first. Only its writer sees it."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    kind = models.CharField(max_length=60, help_text="The act it would have been: respond, move_on ...")
    content = models.JSONField()
    saved_at = models.DateTimeField(
        db_default=Now(), help_text="By the database's clock, as all that it is compared with."
    )

    class Meta:
        indexes = [models.Index(fields=["person", "-saved_at"], name="record_draft_of")]
