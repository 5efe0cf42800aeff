"""A file beside what is known: what would change, thing by thing, and what there is to say. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence

from undrift.applying.beside import Beside
from undrift.applying.comparing_children import children
from undrift.applying.comparing_core_groups import core_groups
from undrift.applying.comparing_looked_after import looked_after
from undrift.applying.comparing_meetings import meetings
from undrift.applying.comparing_plans import plans
from undrift.applying.gone import Gone, gone
from undrift.applying.known import Known
from undrift.applying.said import uk
from undrift.applying.wants import Comparison
from undrift.intake.extract import Extract
from undrift.intake.findings import Finding, Place, warn


def compare(extract: Extract, known: Known) -> Comparison:
    """What the file would make of what is known. The same facts give the same, in any order of rows."""
    beside = Beside.of(extract, known)
    children(beside)
    plans(beside)
    meetings(beside)
    core_groups(beside)
    looked_after(beside)
    missing = gone(beside)
    return Comparison(
        wants=list(beside.wants.values()),
        new_families=beside.new_families,
        family_keys=beside.family_keys,
        family_names=beside.family_names,
        findings=[*extract.findings, *_of_the_whole(beside, missing), *beside.said.whole(), *missing.findings],
        asked=beside.said.asked + missing.asked,
        children=len(beside.named),
        open_before=missing.open_before,
        ends=missing.ends,
        missing=missing.missing,
    )


def _of_the_whole(beside: Beside, missing: Gone) -> Sequence[Finding]:
    extract, known = beside.extract, beside.known
    if known.newest is None or known.newest <= extract.as_at:
        return []
    return [
        warn(
            Place(),
            f"this file describes {uk(extract.as_at)}, and one of {uk(known.newest)} has been imported already",
            wanted="Import files in the order of the days they describe.",
            did="Only what the younger file left open was taken from it.",
        )
    ]
