"""What was published of good practice. Rows are added and never changed: a new version stands beside the old one."""

from django.db import models
from django.db.models import F, Q

from undrift.people.models import Authority, Person, Unit


class GoodPracticeReport(models.Model):
    """One version of the report over a period, of a team or of all. Nothing in it leads to a child or a record."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    first = models.DateField(help_text="The first day of the period.")
    last = models.DateField(help_text="The last day of the period.")
    team = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team_name = models.CharField(max_length=200, blank=True, help_text="As it was called; empty for all teams.")
    sentences = models.JSONField(help_text="Each with the tier of its note, by the policy's title.")
    numbers = models.JSONField(help_text="How many notes of each tier and team; null for what is not shown.")
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        help_text="The version before.",
    )
    why = models.TextField(blank=True, help_text="What is different from the version before.")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-last", "first", "team_name", "-id"]
        constraints = [
            models.CheckConstraint(name="record_goodpracticereport_period", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="record_goodpracticereport_why",
                condition=Q(replaces=None, why="") | (Q(replaces__isnull=False) & ~Q(why="")),
            ),
            models.UniqueConstraint(
                fields=["authority", "first", "last", "team"],
                condition=Q(replaces=None),
                nulls_distinct=False,
                name="record_goodpracticereport_first_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}, {self.team_name or 'all teams'}"
