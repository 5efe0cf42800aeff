"""Conferences, the actions the chair wants feedback on, and the check midway to the next one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from undrift.children.models.family import Child, Family
from undrift.children.models.plan import Plan
from undrift.people.models import Agency, Authority, Person


class ConferenceKind(models.TextChoices):
    INITIAL = "initial", "Initial conference"
    REVIEW = "review", "Review conference"


class Conference(models.Model):
    """A conference about a family: planned, then held. One of the two moments is always known."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="conferences")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="conferences")
    reference = models.CharField(max_length=20, help_text="C-2026-0210; counted within the authority.")
    kind = models.CharField(max_length=10, choices=ConferenceKind.choices)
    planned_for = models.DateTimeField(null=True, blank=True)
    held_on = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    chair = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="conferences_chaired"
    )
    participants = models.ManyToManyField(Person, blank=True, related_name="conferences")
    quorate = models.BooleanField(null=True, blank=True)
    decision_sheet_sent_at = models.DateTimeField(null=True, blank=True)
    next_review = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "planned_for"]),
            models.Index(fields=["family", "held_on"]),
            # Whom a conference ties to the children of its family is asked on every page, and gathered from these.
            models.Index(
                "chair",
                Coalesce("held_on", "planned_for"),
                condition=Q(cancelled_at__isnull=True),
                name="children_conference_by_chair",
            ),
            models.Index(
                Coalesce("held_on", "planned_for"),
                condition=Q(kind="initial", cancelled_at__isnull=True),
                name="children_conference_initial",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "reference"], name="children_conference_reference"),
            models.CheckConstraint(
                name="children_conference_has_a_time",
                condition=Q(planned_for__isnull=False) | Q(held_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class KeyActionStatus(models.TextChoices):
    WAITING = "waiting", "Waiting for feedback"
    DONE = "done", "Done"
    NOT_DONE = "not-done", "Not done"


class KeyAction(models.Model):
    """A recommendation on which the chair asked for feedback by a day (Pan-Lancashire, stage 1)."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="key_actions")
    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, null=True, blank=True, related_name="key_actions"
    )
    children = models.ManyToManyField(Child, related_name="key_actions")
    wording = models.TextField(help_text="As the conference worded it.")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    who = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="key_actions")
    feedback_due = models.DateField()
    status = models.CharField(max_length=10, choices=KeyActionStatus.choices, default=KeyActionStatus.WAITING)
    feedback = models.TextField(blank=True)
    feedback_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "status", "feedback_due"])]

    @property
    def waits(self) -> bool:
        """Whether the chair still waits to hear of it."""
        return self.status == KeyActionStatus.WAITING


class MidpointCheck(models.Model):
    """The chair's look at the record between two conferences."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="midpoint_checks")
    due = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    view = models.TextField(blank=True, help_text="Is the plan moving for this child?")
    next_step = models.TextField(blank=True)

    class Meta:
        ordering = ["due"]
        indexes = [models.Index(fields=["authority", "done_at", "due"])]
        constraints = [
            models.UniqueConstraint(fields=["plan", "due"], name="children_midpoint_once"),
        ]
