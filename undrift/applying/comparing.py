"""A file beside what is known: what would change, thing by thing, and what there is to say. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from undrift.applying.beside import Beside
from undrift.applying.comparing_children import children
from undrift.applying.comparing_core_groups import core_groups
from undrift.applying.comparing_days import days
from undrift.applying.comparing_looked_after import looked_after
from undrift.applying.comparing_meetings import meetings
from undrift.applying.comparing_plans import plans
from undrift.applying.gone import Gone
from undrift.applying.in_parts import parts
from undrift.applying.known import Known
from undrift.applying.numbers import plain
from undrift.applying.said import Said
from undrift.applying.wants import ROWS, Compared, Comparison
from undrift.intake.extract import Extract
from undrift.intake.findings import Finding, Place, confirm, warn
from undrift.intake.plan_rules import uk
from undrift.library.numbers import A_GREAT_PART


def compare(extract: Extract, known: Known, each: Callable[[Comparison], None] | None = None) -> Compared:
    """What the file would make of what is known. The same facts give the same, in any order of rows.

    A long file is compared part by part; `each` writes every one of them before the next is looked at. Where it is
    written, nobody is told any more what would change.
    """
    said, gone = Said(known.authority.name), Gone.before(extract, known)
    compared = Compared(guarded=frozenset(known.guarded.values()), telling=each is None)
    for part in parts(extract, known):
        # Nothing of one part but what is to be said is held when the next is looked at.
        comparison, number = _compared(part, known, said, gone)
        compared.add(comparison, number)
        if each is not None:
            each(comparison)
        del comparison
        for _, _, child in _rows_about(part, known.guarded):
            compared.is_about(child, ROWS)
    missing, offers = gone.findings()
    compared.findings = [
        *extract.findings, *_of_the_whole(extract, known),
        *(_guarded(one, known) for one in said.whole()), *missing, *offers,
    ]  # fmt: skip
    compared.asked = len(said.asked) + len(offers)
    for whose in (*said.asked, *(one.place.child for one in offers)):
        compared.is_about(known.guarded.get(plain(whose)), "asked")
    compared.open_before, compared.ends, compared.missing = (
        gone.open_before,
        gone.ends,
        gone.believed_missing,
    )
    return compared


def _compared(part: Extract, known: Known, said: Said, gone: Gone) -> tuple[Comparison, int]:
    """And how many children the part is about."""
    beside = Beside.of(part, known.about(part), said)
    for comparing in (children, plans, days, meetings, core_groups, looked_after):
        comparing(beside)
    gone.part(beside)
    comparison = Comparison(
        wants=list(beside.wants.values()),
        new_families=beside.new_families,
        family_keys=beside.family_keys,
        family_names=beside.family_names,
    )
    return comparison, len(beside.named)


def _rows_about(part: Extract, children: Mapping[str, int]) -> set[tuple[str, int, int]]:
    """The rows about these children: one of a sheet may tell of the child, a plan and a conference at once."""
    if not children:
        return set()
    found = ((row.sheet, row.row, children.get(plain(row.child_id))) for row in part.rows)
    return {(sheet, row, child) for sheet, row, child in found if child is not None}


def _guarded(one: Finding, known: Known) -> Finding:
    """Whatever is found of such a child beside what is on file could tell by itself whether the file agrees with it."""
    return replace(one, on_file=True) if known.guarded and plain(one.place.child) in known.guarded else one


def _of_the_whole(extract: Extract, known: Known) -> Sequence[Finding]:
    if known.newest is None or known.newest <= extract.as_at:
        return [
            confirm(
                Place(sheet=table),
                f"It has {number} rows, and had {before} in the file before",
                wanted="Look whether it is whole; if it was cut short, or the report failed, export it again.",
            )
            for table, number in extract.tables.items()
            if ((before := known.rows_before[table]) - number) * A_GREAT_PART > before
        ]
    return [
        warn(
            Place(),
            f"this file describes {uk(extract.as_at)}, and one of {uk(known.newest)} has been imported already",
            wanted="Import files in the order of the days they describe.",
            did="Only what the younger file left open was taken from it.",
        )
    ]
