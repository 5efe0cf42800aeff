"""The table of what is read where, as `table.toml` has it: by field, what each place says of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.readers.fields import every_field
from tests.readers.places import PLACES
from tests.readers.reasons import MUST, NOT_SAID, REASONS

Cells = Mapping[str, str]  # by place, MUST or a reason
Table = Mapping[str, str]  # by field, as it is written


@cache
def table() -> Table:
    return tomllib.loads(Path(__file__).with_name("table.toml").read_text("utf-8"))


def cells(row: str) -> Cells:
    """What each place says of a field; nothing for one that holds nothing which somebody says."""
    return {} if row in NOT_SAID else dict(zip(PLACES, row.split(), strict=True))


def looked_for(rows: Table) -> Mapping[str, Cells]:
    """The fields that are looked for, each with its cells."""
    return {name: found for name, row in rows.items() if (found := cells(row))}


def missing(rows: Table, fields: Iterable[str] | None = None) -> Iterator[str]:
    """What the table lacks, or has too much of: a line each."""
    known = tuple(every_field() if fields is None else fields)
    yield from (f"{name} has no row" for name in known if name not in rows)
    yield from (f"{name} is no field of any act" for name in rows if name not in known)
    for name, row in rows.items():
        said = (row,) if row in NOT_SAID else row.split()
        unknown = [each for each in said if each not in (MUST, *REASONS, *NOT_SAID)]
        if unknown or len(said) not in (1, len(PLACES)) or (len(said) == 1 and row not in NOT_SAID):
            yield f"{name} says {row!r}: a reason, or {len(PLACES)} words"


def wrong(name: str, of: Cells, found: Mapping[str, Sequence[bool]]) -> Iterator[str]:
    """Where it is not as the table says: missing to one side, or there for one although a reason says it is not."""
    for place, said in of.items():
        if said == MUST and not all(found[place]):
            yield f"{name} is not in {PLACES[place]}. Show it there, or say in table.toml why not."
        elif said != MUST and any(found[place]):
            yield f"{name} is in {PLACES[place]}, and the table gives a reason why not: {REASONS[said]}"
