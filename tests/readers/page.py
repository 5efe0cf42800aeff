"""`docs/reference/readers.md`: the table with its reasons, written out for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.readers.fields import act_of
from tests.readers.places import PLACES
from tests.readers.reasons import MUST, NOT_SAID, REASONS
from tests.readers.table import cells, looked_for, table

FILE = Path(__file__).resolve().parents[2] / "docs/reference/readers.md"
AGAIN = "python -m tests.readers --write"
HEAD = f"""<!-- Written by `{AGAIN}` from tests/readers/table.toml. Change it there. -->

# Who reads what was put in

A policy that asks for a thing asks so that somebody reads it. For every field that an act takes, what somebody puts in
through the page is looked for in seven places, right before and right after the act is done:
`tests/readers/test_readers.py`. "Yes" means that the place says it then, and did not before; a word is the reason why
it does not, and then it must not say it to either side.
"""


def text() -> str:
    return "\n".join([HEAD, *_explained(), *_acts(), *_counted(), ""])


def _explained() -> Iterator[str]:
    yield from ("## The places", "")
    yield from (f"- {place}: {said}" for place, said in PLACES.items())
    yield from ("", "## The reasons", "")
    yield from (f"- {word}: {said}" for word, said in REASONS.items())
    yield from ("", "Of a field that is looked for nowhere:", "")
    yield from (f"- {word}: {said}" for word, said in NOT_SAID.items())
    yield ""


def _acts() -> Iterator[str]:
    for act, names in groupby(table(), act_of):
        yield from (f"## {act}", "", f"| Field | {' | '.join(PLACES)} |", f"|---|{'---|' * len(PLACES)}")
        for name in names:
            row = table()[name]
            said = cells(row)
            words = [said.get(place, "") for place in PLACES] if said else [row, *[""] * (len(PLACES) - 1)]
            yield f"| {name.removeprefix(f'{act}.').replace('.', ' / ')} | {' | '.join(words)} |"
        yield ""


def _counted() -> Iterator[str]:
    rows = looked_for(table())
    every = [said for row in rows.values() for said in row.values()]
    yield from ("## Counted", "")
    acts = len({act_of(name) for name in table()})
    yield f"{acts} acts have {len(table())} fields. {len(rows)} of them are looked for"
    yield f"in {len(every)} cells, of which {every.count(MUST)} must hold them; the others give one of"
    yield f"{len(REASONS)} reasons. {len(table()) - len(rows)} fields hold nothing that somebody says."
