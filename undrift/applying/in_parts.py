"""A long file in parts, so that a large council's takes as little room as a small one's.

All that belongs together stands in one part: what a child has, whatever way the number is written, and the family.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from undrift.applying.known import Known
from undrift.applying.numbers import plain
from undrift.intake.extract import KINDS, Extract, InFile
from undrift.intake.rows import Rows

# Children in a part: enough that a part costs little more than its rows.
AT_ONCE = 2_000


def parts(extract: Extract, known: Known) -> Iterator[Extract]:
    """The rows of the file in parts, each in the order of the file; a file that is not long is one."""
    if max(len(getattr(extract, name)) for name in KINDS) <= AT_ONCE:
        yield extract
        return
    of_all = {name: Rows.packed(kind, getattr(extract, name)) for name, kind in KINDS.items()}
    place = _placed(of_all, known)
    split = {name: rows.parted("child_id", place) for name, rows in of_all.items()}
    del of_all, place  # else held beside every part
    for number in range(max(map(len, split.values()))):
        yield replace(extract, **_of_part(split, number))


def _of_part(split: Mapping[str, Sequence[Rows[InFile]]], number: int) -> dict[str, Any]:
    return {name: list(found[number]) if number < len(found) else [] for name, found in split.items()}


def _placed(of_all: Mapping[str, Rows[InFile]], known: Known) -> Callable[[str], int]:
    """In which part the rows of each child stand, by the child's number."""
    together = _Together()
    for number, former_ids, family in of_all["children"].of("child_id", "former_ids", "family_key"):
        for former in former_ids:
            together.join(plain(number), plain(former))
        if family:
            together.join(plain(number), ("key", family))
            if (on_file := known.families_of_keys.get(family)) is not None:
                together.join(plain(number), on_file)
    for number, key in of_all["plans"].of("child_id", "source_key"):
        if key:
            together.join(plain(number), ("plan", key))
    if known.numbered:
        for (number,) in chain.from_iterable(rows.of("child_id") for rows in of_all.values()):
            for pk in known.numbered.get(plain(number), ()):
                together.join(plain(number), known.family_of[pk])
    parts: dict[Hashable, int] = {}
    children = 0
    for name, rows in of_all.items():
        for (number,) in rows.of("child_id"):
            root = together.of(plain(number))
            if name == "children" or root not in parts:
                children += 1
                parts.setdefault(root, (children - 1) // AT_ONCE)
    return lambda number: parts[together.of(plain(number))]


class _Together:
    """What is joined has one root, whatever it was joined by."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        if one not in self._above:
            return one
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
