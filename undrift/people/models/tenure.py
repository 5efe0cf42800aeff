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
    """A person is away and another stands in for everything they hold, from a day to a day (inclusive)."""

    away = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    covering = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="covers")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text="The last day away.")
    reason = models.CharField(max_length=200, blank=True)

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["away", "starts", "ends"])]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(name="people_cover_ends_after_start", condition=ENDS_AFTER_IT_STARTS),
            models.CheckConstraint(name="people_cover_by_another", condition=~Q(away=F("covering"))),
        ]
