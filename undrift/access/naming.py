"""Children by the words that name them, as far as a person reaches: numbers, to be read through both locks.

Under row-level security no index answers to a name that is typed in part, so a function of the owner's finds whom the
words fit (`undrift/children/migrations`): among those in reach where they are few, else in the whole council.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, QuerySet

from undrift.access.matrix import Action, Tie
from undrift.access.rows import Among, children_visible_to
from undrift.access.scope import Scope
from undrift.people.models import Person
from undrift.record.models import Case, CaseChild

CHILDREN = "SELECT undrift_children_named(%s, %s, %s, %s, %s, %s, %s)"


def children_named(person: Person, scope: Scope, words: Sequence[str], *, near: bool, most: int) -> list[int]:
    """The children whose pages this person may open and whom each of the words fits, in the order of their names.

    With `near`, whom each of them nearly fits. At most two queries.
    """
    among: list[int] | None = None
    if Tie.WHOLE not in scope.opening(Action.CHILD, Action.CHILD):
        among = list(children_visible_to(person, scope=scope).values_list("pk", flat=True))
    return _named(scope, words, near, among, sorted(scope.doors.closed_children), most)


def children_of_cases_named(scope: Scope, seen: QuerySet[Case], words: Sequence[str], *, near: bool) -> list[int]:
    """The children of these cases, which a person sees, whom the words fit: without `near`, by their own names alone.

    Two queries. For somebody who does not see the cases of a whole council.
    """
    about = CaseChild.objects.filter(Among(F("case"), ArraySubquery(seen.order_by().values("pk"))))
    among = list(about.order_by().values_list("child", flat=True).distinct())
    return _named(scope, words, near, among, [], None, own=not near)


def councils_of(scope: Scope) -> list[int]:
    return [scope.authority] if scope.authority is not None else sorted(scope.doors.councils)


def _named(
    scope: Scope, words: Sequence[str], near: bool, among: list[int] | None, shut: list[int], most: int | None,
    *, own: bool = False,
) -> list[int]:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CHILDREN, [councils_of(scope), list(words), near, among, shut, own, most])
        found: list[int] = cursor.fetchone()[0]
    return found
