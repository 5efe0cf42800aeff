"""Who sits where, and who stands in, each with its dates. Both ends count as in place."""

from django.db import models
from django.db.models import F, Q

from undrift.people.models.organisation import Post
from undrift.people.models.ownership import Owned
from undrift.people.models.person import Person

ENDS_AFTER_IT_STARTS = Q(ends__isnull=True) | Q(ends__gte=F("starts"))


class HoldingKind(models.TextChoices):
    HOLDER = "holder", "Holder"
    ACTING = "acting", "Acting"
    DEPUTY = "deputy", "Deputy"


class Holding(Owned):
    """A person in a post, from a day to a day (inclusive); no end means until further notice."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text="The last day in the post.")
    kind = models.CharField(max_length=10, choices=HoldingKind.choices, default=HoldingKind.HOLDER)

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["post", "starts", "ends"])]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(name="people_holding_ends_after_start", condition=ENDS_AFTER_IT_STARTS),
            models.UniqueConstraint(fields=["post", "person", "starts", "kind"], name="people_holding_once"),
        ]


class Cover(Owned):
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

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["away", "starts", "ends"])]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(name="people_cover_ends_after_start", condition=ENDS_AFTER_IT_STARTS),
            models.CheckConstraint(name="people_cover_by_another", condition=~Q(away=F("covering"))),
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
