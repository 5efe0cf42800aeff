"""The history itself, and the seals over it. Rows are added and never changed: triggers and grants see to it."""

from django.db import models
from django.db.models import Q

from undrift.people.models import Authority


class Event(models.Model):
    """One entry of one case’s history. `undrift.resolutions.actions.perform` alone writes it."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("record.Case", on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField(help_text="Counts from 1 within its case.")
    type = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1, help_text="Of the payload's form.")
    payload = models.JSONField()
    # Numbers and names, not foreign keys: nothing that happens to a person's row may reach into history.
    by_person = models.BigIntegerField(null=True, blank=True, help_text="Empty for the service itself.")
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=80, blank=True, help_text="The protocol's name for the part played.")
    on_behalf_of = models.BigIntegerField(null=True, blank=True, help_text="Whom the person stood in for.")
    on_behalf_of_name = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True, help_text="Empty for the first event.")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_id", "seq"]
        indexes = [
            # Those of a council and a period, among all that ever happened there.
            models.Index(
                fields=["authority", "happened_at"], condition=Q(type="good_practice_noted"), name="record_event_good"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="record_event_seq"),
            models.CheckConstraint(name="record_event_seq_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(
                name="record_event_chained",
                condition=Q(seq=1, previous_hash="") | (Q(seq__gt=1) & ~Q(previous_hash="")),
            ),
            models.CheckConstraint(
                name="record_event_behalf_has_name",
                condition=Q(on_behalf_of__isnull=True, on_behalf_of_name="")
                | (Q(on_behalf_of__isnull=False) & ~Q(on_behalf_of_name="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.type}"


class Seal(models.Model):
    """The heads of the histories that grew since the seal before, under one root. Kept outside the database too."""

    batch = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    heads = models.JSONField(help_text="Case, last number and hash of each history sealed.")
    rows = models.JSONField(
        default=list, help_text="Of each table that is only added to: which numbers it covers, and one hash over them."
    )
    previous_root = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)

    class Meta:
        ordering = ["batch"]


class Ending(models.Model):
    """What became of a row that is ended and never deleted: a hash of the columns that end it, each time they changed.

    The database writes it, by triggers on those tables (see `sealed_rows`), and nobody else may.
    """

    of_table = models.CharField(max_length=40)
    number = models.BigIntegerField()
    said = models.CharField(max_length=64, blank=True, help_text="Empty where nothing has become of it, again.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of_table", "number", "id"], name="record_ending_of")]
