"""A child who belongs to a second family, too: of the other parent, say. Who may see what is no other by it."""

from django.db import models
from django.db.models import Q

from undrift.children.models.family import Child, Family
from undrift.people.models import Authority, Person


class AlsoInFamily(models.Model):
    """Said by somebody, and taken back by somebody (`ended_at`). The plan and the conferences stay with the first."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="also_in")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="also_here")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "family"], condition=Q(ended_at=None), name="children_alsoinfamily_once"
            ),
        ]
