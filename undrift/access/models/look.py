"""Who has looked: every opening of a record about a child, and every one that was refused. Only added to."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from undrift.people.models import Authority


class Look(models.Model):
    """One look at one record, and what opened it; or one that was refused, with what was asked for."""

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Numbers and a name, as in history: nothing that happens to a person's row may reach in here.
    person = models.BigIntegerField()
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    page = models.CharField(max_length=60, blank=True, help_text="The name of the page's address.")
    children = ArrayField(models.BigIntegerField(), default=list, help_text="Whom the record is about.")
    case = models.BigIntegerField(null=True, blank=True)
    tried = models.CharField(max_length=60, blank=True, help_text="What was asked for and refused.")
    how = models.CharField(max_length=40, blank=True, help_text="What opened it, such as chair or told.")
    refused = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            GinIndex(fields=["children"], name="access_look_children"),
            models.Index(fields=["authority", "-at"], name="access_look_of"),
            models.Index(fields=["person", "-at"], name="access_look_by"),
            models.Index(fields=["tried"], condition=models.Q(refused=True), name="access_look_tried"),
            models.Index(fields=["authority", "name", "-at"], name="access_look_named"),
            models.Index(fields=["authority", "-at"], condition=models.Q(refused=True), name="access_look_refused"),
            models.Index(fields=["authority", "-at"], condition=models.Q(how="glass"), name="access_look_by_glass"),
            models.Index(fields=["case"], condition=models.Q(case__isnull=False), name="access_look_case"),
        ]
