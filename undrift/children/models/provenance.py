"""Where a fact came from, and what became of it: what people and files changed is only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import models

from undrift.children.models.family import Child
from undrift.people.models import Authority, Person, Unit


class ImportCheck(models.Model):
    """A file that was read and has not been applied: what it would change, kept until somebody decides.

    One for each authority and format: the next check takes its place.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    source_system = models.CharField(max_length=40, help_text="The format, such as annex-a.")
    reference = models.CharField(max_length=20, unique=True, help_text="Its name in addresses.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(help_text="The file as it came, to be read again when it is applied.")
    as_at = models.DateField(help_text="The day the file describes.")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, help_text="Of all that would change: applied is what was shown.")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When applying it began; kept whatever comes.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="When applying it came to nothing.")
    failed_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "source_system"], name="children_importcheck_one"),
        ]

    @cached_property
    def _said(self) -> Mapping[str, list[dict[str, Any]]]:
        """All that it tells, by kind: asked once."""
        said: dict[str, list[dict[str, Any]]] = {kind: [] for kind in Telling.values}
        for kind, one in self.told.order_by("kind", "place").values_list("kind", "said"):
            said[kind].append(one)
        return said

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Place and reason of each, in the order of the file; no names. Those that the reader may see."""
        return self._said[Telling.FINDING]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What would change, child by child; at most 2,000 of them. Those that the reader may see."""
        return self._said[Telling.CHANGE]


class ImportRun(models.Model):
    """One file applied to one authority, with what was found in it. A mere check leaves no run."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="import_runs")
    source_system = models.CharField(max_length=40, help_text="The format, such as annex-a.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    as_at = models.DateField(help_text="The day the file describes.")
    council = models.CharField(max_length=60, blank=True, help_text="The council that the file said it is of.")
    started = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-started", "-id"]
        indexes = [models.Index(fields=["authority", "source_system", "-started"])]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Place and reason of each, in the order of the file; no names. Those that the reader may see."""
        return _said(self.told, Telling.FINDING)


class Telling(models.TextChoices):
    FINDING = "finding", "Found in the file"
    CHANGE = "change", "Would change"


class ImportTold(models.Model):
    """One thing that a check or an import tells, as people read it: no names, and the child's number at the most.

    `child` is whom it is about, where they are on file: the database shows it to nobody to whom they are closed, but
    for what stands in the file of whoever brought it in.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    check_of = models.ForeignKey(ImportCheck, on_delete=models.CASCADE, null=True, related_name="told")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, null=True, related_name="told")
    kind = models.CharField(max_length=8, choices=Telling.choices)
    place = models.PositiveIntegerField(help_text="In the order in which it was told.")
    # Kept when an undone import takes the child away again: hence no constraint.
    child = models.ForeignKey(Child, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    in_file = models.BooleanField(default=False, help_text="Whether it is of a row of the file, and of nothing else.")
    said = models.JSONField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(
                name="children_importtold_of_one",
                condition=models.Q(check_of__isnull=True, run__isnull=False)
                | models.Q(check_of__isnull=False, run__isnull=True),
            ),
        ]


def _said(told: models.Manager[ImportTold], kind: Telling) -> list[dict[str, Any]]:
    return list(told.filter(kind=kind).values_list("said", flat=True))


class ImportedRow(models.Model):
    """The latest state of one thing in the source, under the source's own key."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    source_system = models.CharField(max_length=40)
    entity = models.CharField(max_length=40, help_text="child, plan or conference.")
    source_key = models.CharField(max_length=120)
    object_id = models.BigIntegerField(help_text="The child, plan or conference it became.")
    row_hash = models.CharField(max_length=64, help_text="SHA-256 of the normalised values.")
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="rows", help_text="The run that last changed it."
    )
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    last_changed = models.DateTimeField()
    told = models.JSONField(
        default=list,
        help_text="The two youngest runs that told of it, the youngest first: its number, day, a hash of each fact.",
    )

    class Meta:
        indexes = [models.Index(fields=["entity", "object_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source_system", "entity", "source_key"],
                name="children_importedrow_key",
            ),
        ]


class Entity(models.TextChoices):
    """What a fact is a fact of."""

    CHILD = "child", "The child"
    PLAN = "plan", "A plan"
    CONFERENCE = "conference", "A conference"
    CORE_GROUP = "core-group", "The core group"
    LOOKED_AFTER = "looked-after", "Being looked after"


class FactChange(models.Model):
    """One fact about a child that became another: which, when, and by whom or by which file. Only ever added to.

    The fact itself stands where it always stood (`Child`, `Plan` ...); this is what happened to it. Something new has
    an empty `field`, and `now` says "on file"; what an undoing took away again has an empty `field` and `was` says so.
    A value is kept as text: a day as 2026-05-06, a person or a unit by number.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    # Kept when an undone import takes the child away again: hence no constraint.
    child = models.ForeignKey(Child, on_delete=models.DO_NOTHING, db_constraint=False, related_name="fact_changes")
    entity = models.CharField(max_length=12, choices=Entity.choices)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["child", "id"]), models.Index(fields=["entity", "object_id"])]


class AllocationPart(models.TextChoices):
    CHAIR = "chair", "Chair"
    SOCIAL_WORKER = "social_worker", "Social worker"
    TEAM = "team", "Team"


class Allocation(models.Model):
    """What somebody said will be from a day to come: who chairs for a child, works with them, which team has them.

    Done on the day (`done_at`), or taken back before it (`ended_at`); never deleted. What is so from today on is
    done at once and has no row here: the child's `FactChange` says it.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="allocations")
    part = models.CharField(max_length=14, choices=AllocationPart.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_day = models.DateField()
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["from_day", "id"]
        indexes = [
            models.Index(
                fields=["from_day"],
                condition=models.Q(done_at__isnull=True, ended_at__isnull=True),
                name="children_allocation_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="children_allocation_to_one",
                condition=models.Q(person__isnull=True) | models.Q(unit__isnull=True),
            ),
        ]
