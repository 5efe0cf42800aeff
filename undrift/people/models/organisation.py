"""The organisation: partnership, authority, agency, unit, post. People come and go; these stay."""

from typing import Any

from django.db import models
from django.db.models import Q

from undrift.people.models.ownership import Owned


class Partnership(models.Model):
    """Councils and agencies that safeguard children together, and may share one protocol."""

    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class Nation(models.TextChoices):
    """Whose bank holidays count."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


def default_choices() -> dict[str, Any]:
    """What an authority settles where its policy is silent; shown with every date it touches."""
    return {
        "bare_days": "working",
        "chair_decides_within": "2 working days",
        "draft_before": "2 working days",
    }


class Authority(models.Model):
    """One council's children's social care, and the protocol it has adopted."""

    code = models.SlugField(max_length=50, unique=True, help_text="Short name for addresses and commands.")
    name = models.CharField(max_length=200)
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="authorities"
    )
    nation = models.CharField(max_length=30, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES)
    protocol_id = models.CharField(max_length=100)
    protocol_version = models.CharField(max_length=50, help_text="New resolutions start under this version.")
    area = models.SlugField(
        max_length=80,
        blank=True,
        help_text="Which area of the protocol's this council is, where the protocol swaps roles or words by area.",
    )
    lea = models.CharField(
        max_length=3,
        blank=True,
        help_text="Its three figures at the Department for Education: a census of another is refused.",
    )
    accountable_at_last = models.ForeignKey(
        "people.Post",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answers when nobody on the ladder can. Empty: the head of Safeguarding and Review.",
    )
    choices = models.JSONField(
        default=default_choices,
        help_text="What this authority chose where the policy leaves it open, such as what a bare day means.",
    )
    front_door_phone = models.CharField(max_length=30, blank=True, help_text="Urgent help in office hours.")
    out_of_hours_phone = models.CharField(max_length=30, blank=True, help_text="Urgent help at other times.")
    mailbox = models.EmailField(blank=True, help_text="The chairs' service mailbox.")
    mailbox_phone = models.CharField(
        max_length=30, blank=True, help_text="The number to ring to check that a message is genuine."
    )

    class Meta:
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name


class ClosureDay(models.Model):
    """A weekday on which this authority does not work, beside the bank holidays."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="closure_days")
    date = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["authority_id", "date"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "date"], name="people_closureday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} ({self.reason})"


class AgencyKind(models.TextChoices):
    CHILDRENS_SOCIAL_CARE = "childrens-social-care", "Children's social care"
    HEALTH = "health", "Health"
    POLICE = "police", "Police"
    EDUCATION = "education", "Education"
    HOUSING = "housing", "Housing"
    VOLUNTARY = "voluntary", "Voluntary sector"
    OTHER = "other", "Other"


class Agency(Owned):
    """An organisation that works with children: a council's own service, or a partner."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, choices=AgencyKind.choices)

    class Meta(Owned.Meta):
        verbose_name_plural = "agencies"
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["authority", "partnership", "name"], name="people_agency_name", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(Owned):
    """A team, service or directorate of an agency. Units form a tree."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta(Owned.Meta):
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "name"], name="people_unit_name"),
            models.CheckConstraint(
                name="people_unit_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(Owned):
    """A seat in the organisation. A clock is held by a post; whoever holds the post today answers."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    slug = models.SlugField(max_length=80, help_text="The kind of post, such as team-manager.")
    title = models.CharField(max_length=200, help_text="The words people use, such as Team Manager.")
    heads_unit = models.BooleanField(
        default=False, help_text="True for the one post that manages its unit; the ladder climbs by these."
    )

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["authority", "slug"]), models.Index(fields=["agency", "slug"])]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["unit"], condition=Q(heads_unit=True), name="people_post_one_head"),
            models.CheckConstraint(
                name="people_post_head_has_unit",
                condition=Q(heads_unit=False) | Q(unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
