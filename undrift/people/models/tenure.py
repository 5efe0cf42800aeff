"""Who sits where, and who stands in, each with its dates. Both ends count as in place."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from undrift.people.models.organisation import Post
from undrift.people.models.ownership import Owned
from undrift.people.models.person import Person

# A last day before the first is of a row that was taken back before it had run for a day: it is in place on no day.
ENDS_AFTER_IT_STARTS = Q(ends__isnull=True) | Q(ends__gte=F("starts")) | Q(ended_at__isnull=False)


def _somebody(help_text: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, help_text=help_text
    )


class Given(Owned):
    """Who gave it and when, who confirmed it, and who ended it. Ended, never deleted.

    `by` is empty for what came in the organisation's file, which whoever runs the service brings in.
    """

    by = _somebody("Who gave it; empty for what came in the organisation's file.")
    at = models.DateTimeField(null=True, blank=True, help_text="When it was given, by the database's clock.")
    seconded_by = _somebody("The second person, who confirmed it; empty for one's own cover.")
    ended_by = _somebody("Who ended it, or took it back.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = True


class HoldingKind(models.TextChoices):
    HOLDER = "holder", "Holder"
    ACTING = "acting", "Acting"
    DEPUTY = "deputy", "Deputy"


class Holding(Given):
    """A person in a post, from a day to a day (inclusive); no end means until further notice."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text="The last day in the post.")
    kind = models.CharField(max_length=10, choices=HoldingKind.choices, default=HoldingKind.HOLDER)
    why = models.CharField(max_length=200, blank=True, help_text="Why it was given.")

    class Meta(Given.Meta):
        indexes = [models.Index(fields=["post", "starts", "ends"])]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(name="people_holding_ends_after_start", condition=ENDS_AFTER_IT_STARTS),
            models.CheckConstraint(
                name="people_holding_by_two",
                condition=Q(by__isnull=True)
                | Q(seconded_by__isnull=False)
                & ~Q(by=F("person"))
                & ~Q(seconded_by=F("person"))
                & ~Q(seconded_by=F("by")),
            ),
            models.UniqueConstraint(
                fields=["post", "person", "starts", "kind"],
                condition=Q(ended_at__isnull=True),
                name="people_holding_once",
            ),
        ]


class Cover(Given):
    """A person is away and another stands in, for one post or for everything they hold, from a day to a day."""

    away = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    covering = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="covers")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text="The last day away.")
    reason = models.CharField(max_length=200, blank=True)
    post = models.ForeignKey(
        Post,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="covers",
        help_text="The one post that is covered; empty for everything they hold.",
    )

    class Meta(Given.Meta):
        indexes = [models.Index(fields=["away", "starts", "ends"])]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(name="people_cover_ends_after_start", condition=ENDS_AFTER_IT_STARTS),
            models.CheckConstraint(name="people_cover_by_another", condition=~Q(away=F("covering"))),
            # One's own absence one says oneself; what is said of another needs two, neither of whom covers.
            models.CheckConstraint(
                name="people_cover_by_two",
                condition=Q(by__isnull=True)
                | Q(by=F("away"))
                | Q(seconded_by__isnull=False)
                & ~Q(by=F("covering"))
                & ~Q(seconded_by=F("covering"))
                & ~Q(seconded_by=F("by")),
            ),
        ]


class Vacancy(Owned):
    """An alarm: a post nobody holds, and to whom its work falls meanwhile. Kept when it is over."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="vacancies")
    since = models.DateField(help_text="The first day on which nobody held the post.")
    noticed_at = models.DateTimeField()
    fell_to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how = models.TextField(help_text="How that person was found, in words.")
    ended = models.DateField(null=True, blank=True, help_text="The day on which somebody held the post again.")

    class Meta(Owned.Meta):
        verbose_name_plural = "vacancies"
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["post"], condition=Q(ended__isnull=True), name="people_vacancy_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post} since {self.since}"
