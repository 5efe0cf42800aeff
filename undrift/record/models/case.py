"""One matter and the history it gathers: whose it is, whose turn it is, where its history ends.

Two kinds of case share it, each with columns of its own one to one beside it. It is worked out from history: it can be
thrown away and rebuilt (`undrift rebuild`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q

from undrift.children.models import Child, Family
from undrift.engine.next_step import HELD
from undrift.people.models import Agency, Authority, Person, Unit

OPEN = Q(ended_at__isnull=True)


class Kind(models.TextChoices):
    """What the case is about, and so which part of the engine is asked of it."""

    RESOLUTION = "resolution", "Resolution"
    PLAN = "plan", "Plan cycle"


class Turn(NamedTuple):
    """Whose turn it is at a moment, for what, by when. `role` is the protocol's id of it."""

    tag: str
    must: str
    role: str
    person: Person | None
    name: str
    due: object
    due_at: datetime | None


class ReferenceCounter(models.Model):
    """The last number given out, for one set of letters and one year. Councils of a partnership count together."""

    scope = models.CharField(max_length=40)
    letters = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "letters", "year"], name="record_referencecounter_once")
        ]


class Case(models.Model):
    """What every matter has, whatever its kind: people, children, history, whose turn it is.

    Whose turn changes when the date waited for passes, whether or not a worker records it. So the row holds both:
    `next_...` until `turns_at`, and `then_...` from then on. Ask `turn(now)`.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="cases", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reference = models.CharField(max_length=30, help_text="R-2026-0147; counted within the authority.")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    children = models.ManyToManyField(Child, through="CaseChild", related_name="cases")
    # The rules it was raised under, which it keeps.
    protocol_id = models.CharField(max_length=100)
    protocol_version = models.CharField(max_length=50)
    # The facts by which roles are found.
    team = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    social_worker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    responsible_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    raising_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Whose turn it is ...
    tag = models.CharField(max_length=40)
    next_role = models.CharField(max_length=80, blank=True)
    next_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    next_name = models.CharField(max_length=200, blank=True, help_text="Of somebody without an account.")
    next_must = models.CharField(max_length=80, blank=True)
    due = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # ... and whose it becomes by itself, once a date has passed.
    turns_at = models.DateTimeField(null=True, blank=True)
    then_tag = models.CharField(max_length=40, blank=True)
    then_role = models.CharField(max_length=80, blank=True)
    then_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    then_name = models.CharField(max_length=200, blank=True)
    then_must = models.CharField(max_length=80, blank=True)
    then_due = models.DateField(null=True, blank=True)
    then_due_at = models.DateTimeField(null=True, blank=True)
    people_at = models.DateTimeField(help_text="The moment at which the holders of the roles were looked up.")
    ended_at = models.DateTimeField(null=True, blank=True)
    # The end of its history.
    last_seq = models.PositiveIntegerField()
    last_hash = models.CharField(max_length=64)
    last_at = models.DateTimeField()
    sealed_seq = models.PositiveIntegerField(default=0)
    summary_version = models.PositiveSmallIntegerField()

    # No column. Who may play no part in it, by number, each with the reason: where it was read with the row.
    kept_out: Mapping[int, str] | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "reference"], name="record_case_reference"),
            models.CheckConstraint(
                name="record_case_ended_is_nobodys_turn",
                condition=Q(ended_at__isnull=True)
                | Q(next_role="", next_person__isnull=True, due__isnull=True, turns_at__isnull=True),
            ),
            models.CheckConstraint(
                name="record_case_due_both",
                condition=Q(due__isnull=True, due_at__isnull=True) | Q(due__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="record_case_then_due_both",
                condition=Q(then_due__isnull=True, then_due_at__isnull=True)
                | Q(then_due__isnull=False, then_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="record_case_turns_to_somebody",
                condition=Q(turns_at__isnull=True, then_tag="", then_role="", then_person__isnull=True)
                | (Q(turns_at__isnull=False) & ~Q(then_tag="")),
            ),
            models.CheckConstraint(
                name="record_case_somebodys_turn",
                condition=~OPEN | ~Q(next_role="") | ~Q(next_name="") | Q(next_person__isnull=False) | Q(tag=HELD),
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "due_at", "id"], condition=OPEN, name="record_case_open"),
            models.Index(fields=["next_person", "due_at", "id"], condition=OPEN, name="record_case_open_next"),
            models.Index(fields=["then_person", "turns_at"], condition=OPEN, name="record_case_open_then"),
            models.Index(fields=["chair", "due_at", "id"], condition=OPEN, name="record_case_open_chair"),
            models.Index(fields=["team", "due_at", "id"], condition=OPEN, name="record_case_open_team"),
            models.Index(fields=["responsible_agency", "due_at", "id"], condition=OPEN, name="record_case_open_agency"),
            models.Index(fields=["authority", "-ended_at"], condition=~OPEN, name="record_case_ended"),
            # What somebody may see, open or ended, is gathered from these (`undrift.access`).
            models.Index(fields=["chair", "id"], name="record_case_chair"),
            models.Index(fields=["team", "id"], name="record_case_team"),
            models.Index(fields=["id"], condition=Q(sealed_seq__lt=F("last_seq")), name="record_case_unsealed"),
        ]

    def __str__(self) -> str:
        return self.reference

    def turned(self, now: datetime) -> bool:
        """Whether the date waited for has passed since the last act."""
        return self.turns_at is not None and self.turns_at < now

    def turn(self, now: datetime) -> Turn:
        """Whose turn it is now. `due_at` before now means late."""
        if self.turned(now):
            return Turn(
                self.then_tag, self.then_must, self.then_role, self.then_person, self.then_name,
                self.then_due, self.then_due_at,
            )  # fmt: skip
        return Turn(self.tag, self.next_must, self.next_role, self.next_person, self.next_name, self.due, self.due_at)

    def late(self, now: datetime) -> bool:
        """Whether what is asked for next is past its time."""
        due_at = self.turn(now).due_at
        return due_at is not None and due_at < now


class CaseChild(models.Model):
    """A child whom a case is about; `settled` when nothing more is asked for that child, agreed or ended."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="about", db_index=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="about")
    settled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "child"], name="record_casechild_once"),
        ]

    @property
    def last_part(self) -> str | None:
        """Of a settled one, the last event of this child's part alone, where a list read it with the row."""
        found: str | None = vars(self).get("last_event")
        return found
