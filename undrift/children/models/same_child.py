"""Two records that are of one child: said by somebody, taken back by somebody, and never done by a file."""

from django.db import models
from django.db.models import Q

from undrift.children.models.family import Child
from undrift.people.models import Authority, Person


class SameChild(models.Model):
    """That `other` is of the child of whom `kept` is, or, where `same` is not, that somebody says it is not.

    Both records stay as they are. From then on what is said of the one is said of the other (`undrift_with_same`, a
    migration of `access`), until somebody takes it back: `undone_at`. Never deleted.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    same = models.BooleanField(default=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            # The few that stand are asked for on every page.
            models.Index(fields=["kept", "other"], condition=Q(same=True, undone_at=None), name="children_same_now"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "other"], condition=Q(undone_at=None), name="children_same_said_once"
            ),
        ]
