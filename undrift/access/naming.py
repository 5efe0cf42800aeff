"""Children by the words that name them, as far as a person reaches: numbers, to be read through both locks.

Under row-level security no index answers to a name that is typed in part, so a function of the owner's finds whom the
words fit (`undrift/children/migrations`): among those in reach where they are few, else in the whole council.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, QuerySet

from undrift.access.matrix import Action, Tie
from undrift.access.rows import cases_seen, children_seen, reach
from undrift.access.scope import Scope
from undrift.children.models import Child
from undrift.people.composed import Among, composed, numbers
from undrift.record.models import Case, CaseChild

CHILDREN = "SELECT undrift_children_named(%s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Within:
    """Among whom somebody's words are looked for: gathered once for one search, however often it looks."""

    kind: type[Case]
    scope: Scope

    @cached_property
    def children(self) -> list[int] | None:
        """The children whose pages they may open; None where that is the whole council. One query, or none."""
        return None if Tie.WHOLE in self.scope.opening(Action.CHILD, Action.CHILD) else _in_reach(self.scope)

    @cached_property
    def reached(self) -> list[int] | None:
        """As `reach`. One query, or none."""
        return reach(self.scope)

    @cached_property
    def about(self) -> list[int]:
        """The children of the cases that they see. One query; for somebody who does not see a whole council's."""
        return _of_cases(self.kind, self.scope, self.reached is None, reached=self.reached)


def children_named(within: Within, words: Sequence[str], *, near: bool, most: int) -> list[int]:
    """The children whose pages somebody may open and whom each of the words fits, in the order of their names.

    With `near`, whom each of them nearly fits. One query, beside what is gathered.
    """
    scope = within.scope
    return _named(scope, words, near, within.children, sorted(scope.doors.closed_children), most)


@composed()
def _in_reach(scope: Scope) -> QuerySet[Child, int]:
    return children_seen(scope).order_by().values_list("pk", flat=True)


def children_of_cases_named(within: Within, words: Sequence[str], *, near: bool) -> list[int]:
    """The children of the cases that somebody sees, whom the words fit: without `near`, by their own names.

    One query, beside what is gathered. For somebody who does not see the cases of a whole council.
    """
    return _named(within.scope, words, near, within.about, [], None, own=not near)


@composed(reached=numbers)
def _of_cases(kind: type[Case], scope: Scope, by_row: bool, reached: Any) -> QuerySet[CaseChild, int]:
    seen = cases_seen(kind, scope, Action.LIST, None if by_row else reached)
    about = CaseChild.objects.filter(Among(F("case"), ArraySubquery(seen.order_by().values("pk"))))
    return about.order_by().values_list("child", flat=True).distinct()


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
