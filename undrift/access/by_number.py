"""Children by number, for those who guard a council's records: who they are, though the record may be shut to them.

They see who looked and who may look, and no more of the child than the number. The first lock is the caller's post.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from undrift.access.models import Exclusion, Look
from undrift.access.rows import looks_at
from undrift.access.scope import Scope
from undrift.children.models import Child
from undrift.people.models import Authority
from undrift.record.models import Case
from undrift.record.sight import as_service


def open_child(public_id: str, scope: Scope) -> Child | None:
    """The child of the reader's council, whose record is neither restricted nor closed to them."""
    with as_service():
        of_council = Child.objects.filter(authority=scope.authority, restricted=False)
        open_ones = of_council.exclude(pk__in=scope.doors.closed_children)
        return open_ones.filter(public_id=public_id).select_related("authority", "family").first()


def restricted_children(authority: Any, person: Any) -> QuerySet[Child]:
    """The council's restricted children, but those whose record the person is kept out of. Ask within `as_service`."""
    kept_out = Exclusion.objects.filter(child=OuterRef("pk"), person=person, lifted_at=None)
    children = Child.objects.filter(~Exists(kept_out), authority=authority, restricted=True)
    return children.select_related("authority", "family").order_by("external_id", "pk")


def numbered(authority: Authority, number: str) -> Child | None:
    """The child of that number in the council's case system."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT undrift_child_numbered(%s, %s)", [authority.pk, number])
        (found,) = cursor.fetchone()
    with as_service():
        return Child.objects.filter(pk=found).first()


def looked_at(authority: Authority, looks: Iterable[Look]) -> dict[int, Child]:
    """The children of the council that these looks were at, or that were asked for in vain."""
    shown = list(looks)
    numbers = {pk for one in shown for pk in one.children}
    asked = {one.tried for one in shown if one.refused}
    with as_service():
        found = Child.objects.filter(Q(pk__in=numbers) | Q(public_id__in=asked), authority=authority)
        return {child.pk: child for child in found}


def looks_about(child: Child) -> QuerySet[Look]:
    """Looks at the child, at the family, at a resolution about the child; and what was tried of these in vain."""
    with as_service():
        references = Case.objects.filter(about__child=child).values_list("reference", flat=True)
        asked = [child.public_id, child.family.reference, *references]
    return Look.objects.filter(looks_at(child.pk, asked))


def lookers(authority: Authority, who: str) -> list[str]:
    """The names in the log, as they were written at the time, that contain this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT undrift_lookers(%s, %s)", [authority.pk, who])
        names: list[str] = cursor.fetchone()[0]
    return names
