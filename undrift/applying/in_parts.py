"""A long file in parts, so that a large council's takes as little room as a small one's.

All that belongs together stands in one part: what a child has, whatever way the number is written, and the family.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from undrift.applying.known import Known
from undrift.applying.numbers import plain
from undrift.intake.extract import ChildRow, Extract, InFile

# Children in a part: enough that a part costs little more than its rows.
AT_ONCE = 2_000


def parts(extract: Extract, known: Known) -> Iterator[Extract]:
    """The rows of the file in parts, each in the order of the file; a file that is not long is one."""
    of_all: dict[str, Sequence[InFile]] = {
        "children": extract.children, "plans": extract.plans, "meetings": extract.meetings,
        "core_groups": extract.core_groups, "looked_after": extract.looked_after,
    }  # fmt: skip
    if max(map(len, of_all.values())) <= AT_ONCE:
        yield extract
        return
    place = _placed(extract, known)
    split = {name: _split(rows, place) for name, rows in of_all.items()}
    for number in range(max(map(len, split.values()))):
        rows: dict[str, Any] = {name: found[number] if number < len(found) else () for name, found in split.items()}
        yield replace(extract, **rows)


def _split(rows: Iterable[InFile], place: Callable[[InFile], int]) -> list[list[InFile]]:
    found: list[list[InFile]] = []
    for row in rows:
        number = place(row)
        found.extend([] for _ in range(len(found), number + 1))
        found[number].append(row)
    return found


def _placed(extract: Extract, known: Known) -> Callable[[InFile], int]:
    """In which part each row stands."""
    together = _Together()
    for child in extract.children:
        mine = plain(child.child_id)
        for former in child.former_ids:
            together.join(mine, plain(former))
        if child.family_key:
            together.join(mine, ("key", child.family_key))
            if (family := known.families_of_keys.get(child.family_key)) is not None:
                together.join(mine, family)
    for plan in extract.plans:
        if plan.source_key:
            together.join(plain(plan.child_id), ("plan", plan.source_key))
    for row in extract.rows:
        mine = plain(row.child_id)
        for pk in known.numbered.get(mine, ()):
            together.join(mine, known.family_of[pk])
    parts: dict[Hashable, int] = {}
    children = 0
    for row in extract.rows:
        root = together.of(plain(row.child_id))
        children += root not in parts or isinstance(row, ChildRow)
        parts.setdefault(root, (children - 1) // AT_ONCE)
    return lambda row: parts[together.of(plain(row.child_id))]


class _Together:
    """What is joined has one root, whatever it was joined by."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        path = []
        while (above := self._above.get(one, one)) != one:
            path.append(one)
            one = above
        for below in path:
            self._above[below] = one
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        first, second = self.of(one), self.of(other)
        if first != second:
            self._above[second] = first
