"""That a child is looked after by the council: from when, until when, and who reviews it (the IRO, not the chair)."""

from django.db import models
from django.db.models import F, Q

from undrift.children.models.family import Child
from undrift.people.models import Authority, Person


class LookedAfter(models.Model):
    """One time of being looked after, from its first day to its last; no end means that the child is.

    The independent reviewing officer stands beside the chair, and is tied to nothing by it.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="looked_after")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    iro = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    iro_name = models.CharField(max_length=200, blank=True, help_text="Of one without an account.")

    class Meta:
        ordering = ["child_id", "-starts"]
        constraints = [
            models.UniqueConstraint(fields=["child", "starts"], name="children_lookedafter_child_start"),
            models.CheckConstraint(
                name="children_lookedafter_ends_after_start", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
        ]

    @property
    def reviewed_by(self) -> str:
        return self.iro.name if self.iro is not None else self.iro_name
