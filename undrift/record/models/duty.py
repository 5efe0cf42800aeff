"""What is owed: one row for each thing that somebody must do, with its date. Worked out from history."""

from django.db import models
from django.db.models import Q

from undrift.engine.musts import Must
from undrift.people.models import Authority, Person, Post
from undrift.record.models.case import Case


class Duty(models.Model):
    """What somebody must do by some time: the worklist, the sweep, the reminders and the reports read this table."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="duties", db_index=False)
    key = models.CharField(max_length=160, help_text="The engine's name for it, stable within its case.")
    stage = models.CharField(max_length=80)
    who = models.CharField(max_length=80, blank=True, help_text="The role; empty for an agreed action.")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200, blank=True, help_text="Of the owner of an action, as written.")
    must = models.CharField(max_length=80)
    action = models.CharField(max_length=40, blank=True)  # or, of a call that is owed, the entry it is about
    basis = models.CharField(max_length=20, help_text="Whose date it is: policy, authority, courtesy or agreed.")
    due = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    never_late = models.BooleanField(default=False, help_text="A courtesy, or a time that only indicates.")
    met_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When it was no longer owed.")
    lapsed_at = models.DateTimeField(null=True, blank=True, help_text="When the record noted that it had passed.")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="record_duty_once"),
            models.CheckConstraint(
                name="record_duty_met_or_gone", condition=Q(met_at__isnull=True) | Q(gone_at__isnull=True)
            ),
            models.CheckConstraint(
                name="record_duty_due_both",
                condition=Q(due__isnull=True, due_at__isnull=True) | Q(due__isnull=False, due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(met_at__isnull=True, gone_at__isnull=True, lapsed_at__isnull=True, never_late=False),
                name="record_duty_to_lapse",
            ),
            models.Index(
                fields=["person", "due_at"],
                condition=Q(met_at__isnull=True, gone_at__isnull=True),
                name="record_duty_owed",
            ),
            models.Index(fields=["person", "case"], name="record_duty_person"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(must=Must.DO_THE_ACTION.value, met_at__isnull=True, gone_at__isnull=True),
                name="record_duty_actions",
            ),
        ]
