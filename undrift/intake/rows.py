"""The rows of a long file, packed: they take a twentieth of the room, and ten times as many take hardly more."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, overload

# So many rows are packed together: of more, one takes less room, and all are unpacked for one of them.
TOGETHER = 250
# A list of more than these takes more room than one would notice.
MANY = 2_000

Row = TypeVar("Row")
Values = tuple[Any, ...]


class Rows(Sequence[Row]):
    """Rows of one kind, in the order in which they come. What is got out equals what was put in.

    To go through them takes no more room than a few. One by its place is slow.
    """

    def __init__(self, kind: type[Row], rows: Iterable[Row] = ()) -> None:
        self.kind: Any = kind
        self._number = 0
        self._packed: list[bytes] = []
        self._last: list[Values] = []
        for row in rows:
            self.append(row)

    @classmethod
    def packed(cls, kind: type[Row], rows: Sequence[Row]) -> Rows[Row]:
        return rows if isinstance(rows, Rows) else cls(kind, rows)

    def few(self) -> Sequence[Row]:
        """As a list where they are not many."""
        return self if len(self) > MANY else list(self)

    def append(self, row: Row) -> None:
        self._add(_values(self.kind)(row))

    def of(self, *names: str) -> Iterator[Values]:
        """These values of each row: much quicker than the rows."""
        places = [_names(self.kind).index(name) for name in names]
        found = map(itemgetter(*places), self._each())
        return found if len(places) > 1 else zip(found)

    def where(self, name: str, value: object) -> Iterator[Row]:
        """The rows that have this value under that name."""
        place = _names(self.kind).index(name)
        return map(_maker(self.kind), (values for values in self._each() if values[place] == value))

    def parted(self, name: str, part: Callable[[Any], int]) -> list[Rows[Row]]:
        """The rows in parts: each in the one that is told of its value of that name."""
        place = _names(self.kind).index(name)
        found: list[Rows[Row]] = []
        for packed, some in self._together():
            numbers = [part(values[place]) for values in some]
            found.extend(Rows(self.kind) for _ in range(len(found), max(numbers) + 1))
            if packed and len(set(numbers)) == 1:
                found[numbers[0]]._take(packed, len(some))
                continue
            for number, values in zip(numbers, some, strict=True):
                found[number]._add(values)
        return found

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Row]:
        return map(_maker(self.kind), self._each())

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        return list(self)[place]

    def _add(self, values: Values) -> None:
        self._number += 1
        self._last.append(values)
        if len(self._last) == TOGETHER:
            self._pack()

    def _take(self, packed: bytes, number: int) -> None:
        """So many rows at once, as they are packed already."""
        if self._last:
            self._pack()
        self._number += number
        self._packed.append(packed)

    def _pack(self) -> None:
        self._packed.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
        self._last = []

    def _together(self) -> Iterator[tuple[bytes, list[Values]]]:
        """The rows that are packed together, as they are packed and as values; then those that are not yet."""
        for packed in self._packed:
            # Only what `_pack` has packed in this process is ever unpacked.
            yield packed, pickle.loads(zlib.decompress(packed))
        if self._last:
            yield b"", self._last

    def _each(self) -> Iterator[Values]:
        return chain.from_iterable(some for _, some in self._together())


def where(rows: Iterable[Row], name: str, value: object) -> Iterator[Row]:
    """The rows that have this value under that name."""
    if isinstance(rows, Rows):
        return rows.where(name, value)
    return (row for row in rows if getattr(row, name) == value)


def several_times(rows: Iterable[Any], name: str) -> set[Hashable]:
    """What more than one of the rows has under that name."""
    once: set[Hashable] = set()
    again: set[Hashable] = set()
    values: Iterable[Any] = (
        chain.from_iterable(rows.of(name)) if isinstance(rows, Rows) else map(attrgetter(name), rows)
    )
    for value in values:
        (again if value in once else once).add(value)
    return again


@cache
def _names(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


@cache
def _values(kind: type) -> Callable[[Any], Values]:
    return attrgetter(*_names(kind))


@cache
def _maker(kind: type) -> Callable[[Values], Any]:
    """Makes a row as it was. It was looked at when it was made first."""
    puts = [getattr(kind, name).__set__ for name in _names(kind)]
    new = object.__new__

    def made(values: Values) -> Any:
        row: Any = new(kind)
        for put, value in zip(puts, values, strict=True):
            put(row, value)
        return row

    return made
