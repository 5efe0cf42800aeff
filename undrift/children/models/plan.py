"""A child protection plan, and the core group that carries it."""

from django.db import models
from django.db.models import F, Q

from undrift.children.models.family import Child, Family
from undrift.people.models import Agency, Authority, Person, Unit


class Category(models.TextChoices):
    """The statutory categories of abuse, by the census codes."""

    NEGLECT = "NEG", "Neglect"
    PHYSICAL = "PHY", "Physical abuse"
    SEXUAL = "SAB", "Sexual abuse"
    EMOTIONAL = "EMO", "Emotional abuse"
    MULTIPLE = "MUL", "Multiple"


class SeenAlone(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class Plan(models.Model):
    """One child's plan from its start to its end; no end means the child is on it."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="plans")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="plans")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    initial_category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    latest_category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="plans_chaired")
    social_worker = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="plans_worked"
    )
    team = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    last_visit = models.DateField(null=True, blank=True, help_text="The latest visit known to the source.")
    seen_alone = models.CharField(
        max_length=7, choices=SeenAlone.choices, default=SeenAlone.UNKNOWN, help_text="At the last visit."
    )
    latest_review = models.DateField(null=True, blank=True)
    reviews_held = models.PositiveSmallIntegerField(
        default=0, help_text="Review conferences held under this plan, as far as we know."
    )
    previous_plans = models.PositiveSmallIntegerField(default=0)
    team_text = models.CharField(max_length=200, blank=True, help_text="The team as the import wrote it.")
    worker_text = models.CharField(max_length=200, blank=True, help_text="The worker as the import wrote it.")

    class Meta:
        ordering = ["child_id", "-starts"]
        indexes = [
            models.Index(fields=["authority", "ends", "starts"]),
            # Whom a live plan ties to its child is asked on every page, and gathered from these.
            models.Index(fields=["chair"], condition=Q(ends__isnull=True), name="children_plan_open_by_chair"),
            models.Index(
                fields=["chair", "ends"], condition=Q(ends__isnull=False), name="children_plan_ended_by_chair"
            ),
            models.Index(fields=["social_worker"], condition=Q(ends__isnull=True), name="children_plan_open_by_worker"),
            models.Index(fields=["team"], condition=Q(ends__isnull=True), name="children_plan_open_by_team"),
            models.Index(
                fields=["authority", "reviews_held"], condition=Q(ends__isnull=True), name="children_plan_open_reviews"
            ),
        ]
        constraints = [
            # The same plan may arrive by two formats; it must meet itself here.
            models.UniqueConstraint(fields=["child", "starts"], name="children_plan_child_start"),
            models.CheckConstraint(
                name="children_plan_ends_after_start",
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
            ),
        ]


class CoreGroupMember(models.Model):
    """Somebody in a family's core group; with an account, or known by name and agency alone."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="core_group")
    child = models.ForeignKey(
        Child,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="core_group",
        help_text="Empty when the person is in the core group of every child of the family.",
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text="For a member without an account.")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=100, blank=True, help_text="Such as health visitor.")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["family", "ends"])]
        constraints = [
            models.CheckConstraint(
                name="children_coregroup_somebody",
                condition=Q(person__isnull=False) | ~Q(name=""),
            ),
        ]
