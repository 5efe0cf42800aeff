"""What somebody has typed into a form and not sent yet; and what they sent, so that the same sending counts once."""

from django.db import models
from django.db.models.functions import Now

from undrift.people.models import Person


class TypedText(models.Model):
    """What was typed into one drawing of a form. Only its writer sees it; cleared when sent, or after a stated time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=400, help_text="Where the form stands: /resolutions/R-2026-0147/note")
    page = models.CharField(max_length=60, help_text="The name of that address: note, respond ...")
    number = models.CharField(max_length=40, help_text="Of the drawing of the page in which it was typed.")
    tab = models.CharField(
        max_length=20, default="", db_default="", help_text="The copy of that page, of which several may be open."
    )
    count = models.PositiveIntegerField(db_default=0, help_text="How many saves of that copy came before.")
    content = models.JSONField(help_text="What was typed, by the name of the box.")
    wrong = models.JSONField(default=dict, help_text="What was found wrong with it when it was last sent.")
    why = models.CharField(max_length=20, default="typed", help_text="Why it is kept: typed, wrong, stale ...")
    sentence = models.TextField(default="", help_text="Why it was not taken, where it was not.")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "address", "number", "tab"], name="record_typedtext_once"),
        ]
        indexes = [models.Index(fields=["saved_at"], name="record_typedtext_old")]


class Submission(models.Model):
    """One sending of one form, written down in the transaction of what it brought about: a second one finds it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=400, help_text="Where the form was sent to.")
    number = models.CharField(max_length=40, help_text="Of the drawing of the page that was sent.")
    tab = models.CharField(max_length=20, default="", db_default="", help_text="The copy of the page that was sent.")
    said = models.CharField(max_length=64, help_text="A hash of what it said.")
    onward = models.CharField(max_length=400, default="", help_text="Where its sender was led afterwards.")
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "address", "number", "said"], name="record_submission_once"),
        ]
        indexes = [models.Index(fields=["sent_at"], name="record_submission_old")]
