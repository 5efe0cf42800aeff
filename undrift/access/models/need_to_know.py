"""Who may come near one child's record, beside those whose work it is: restricted, listed, excluded, opened."""

from django.db import models
from django.db.models import F, Q

from undrift.children.models.family import Child
from undrift.people.models import Authority, Person


class Restriction(models.Model):
    """A time in which only those named may see a child. Set by one person at once, lifted by two."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="restrictions")
    reason = models.TextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lift_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lift_asked_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(lifted_at__isnull=True), name="access_restriction_open_once"
            ),
            models.CheckConstraint(
                name="access_restriction_lifted_by_two",
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | Q(lifted_at__isnull=False, lift_asked_by__isnull=False) & ~Q(lifted_by=F("lift_asked_by")),
            ),
        ]


class Listing(models.Model):
    """A person named for a restricted child, from a day to a day. Both ends count."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="listings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_listing_ends_after_start",
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(name="access_listing_by_another", condition=~Q(person=F("by"))),
        ]


class Exclusion(models.Model):
    """A person kept out of a child's record whatever their post: a relative, or the subject of an allegation."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="exclusions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, help_text="The end of a sentence: is a relative of the family.")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "person"], condition=Q(lifted_at__isnull=True), name="access_exclusion_once"
            ),
            models.CheckConstraint(name="access_exclusion_by_another", condition=~Q(person=F("by"))),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(lifted_at__isnull=True), name="access_exclusion_of"),
        ]


class Finding(models.TextChoices):
    """What the review of a break-glass opening came to."""

    JUSTIFIED = "justified", "Justified"
    NOT_JUSTIFIED = "not-justified", "Not justified"
    TRAINING = "training", "Justified, with something to learn"


class Opening(models.Model):
    """Break-glass: one child opened to one person for an hour, to read, for a reason that somebody reviews."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="openings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    review_due = models.DateField()
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(max_length=20, choices=Finding.choices, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_opening_ends_after_start", condition=Q(until__gt=F("opened_at"))),
            models.CheckConstraint(
                name="access_opening_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("person")),
            ),
            models.CheckConstraint(
                name="access_opening_reviewed_whole",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, finding="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(finding="")),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "until"], name="access_opening_of"),
            models.Index(fields=["authority", "review_due"], condition=Q(reviewed_at__isnull=True),
                         name="access_opening_to_review"),
        ]  # fmt: skip
