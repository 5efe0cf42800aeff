"""What is checked of a child, whatever file it stands in: not yet born, died, and two rows that say two things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from undrift.children.models.family import Sex
from undrift.intake.extract import ChildRow
from undrift.intake.findings import Finding, warn
from undrift.intake.plan_rules import place_of, uk
from undrift.intake.rows import Rows, several_times

SAID_ONCE = ("sex", "born", "expected", "died", "first_name", "last_name", "family", "family_key", "restricted")


def settle(child: ChildRow, as_at: date, titles: Mapping[str, str]) -> tuple[ChildRow, list[Finding]]:
    """A birth after the file's own day is an expected one; a death after it has not happened. A born child is born."""
    said = []
    given = child.given
    if child.sex is Sex.NOT_STATED:
        given = given - {
            "sex"
        }  # an empty cell and "not stated" say the same, and neither of them that what is known is wrong
    if child.born is not None and child.born > as_at:
        child = replace(child, born=None, expected=child.born)
        given = given - {"born"} | {"expected"}
    if child.born is not None and child.expected is not None:
        # Once born, the day that was expected is history and not an error to be erased.
        child = replace(child, expected=None)
    if child.expected is None:
        given = given - {"expected"}
    if child.died is not None and child.died > as_at:
        said.append(
            warn(
                place_of(child, titles.get("died", "")),
                f"{uk(child.died)} is after {uk(as_at)}, the day this file describes",
                did="Imported without the date of death.",
            )
        )
        child = replace(child, died=None)
        given = given - {"died"}
    if child.died is not None and child.born is not None and child.died < child.born:
        said.append(
            warn(
                place_of(child, titles.get("died", "")),
                f"date of death {uk(child.died)} is before the date of birth {uk(child.born)}",
                did="Imported without the date of death.",
                code="8535Q",
            )
        )
        child = replace(child, died=None)
        given = given - {"died"}
    return child if given == child.given else replace(child, given=given), said


def one_each(children: Sequence[ChildRow]) -> tuple[Sequence[ChildRow], list[Finding]]:
    """One row for each child: what the first row says, with what only later ones say; and where they differ."""
    again = several_times(children, "child_id")
    if not again:
        return children, []
    kept: dict[str, ChildRow] = {}
    said: list[Finding] = []
    for child in (child for child in children if child.child_id in again):
        first = kept.get(child.child_id)
        if first is None:
            kept[child.child_id] = child
            continue
        merged, differing = _together(first, child)
        kept[child.child_id] = merged
        if differing:
            said.append(
                warn(
                    place_of(child),
                    f"row {first.row} of {first.sheet} says otherwise of this child: {', '.join(differing)}",
                    did=f"Imported as in row {first.row}.",
                )
            )
    each = (kept.pop(child.child_id, None) if child.child_id in again else child for child in children)
    return Rows(ChildRow, (child for child in each if child is not None)).few(), said


def _together(first: ChildRow, other: ChildRow) -> tuple[ChildRow, list[str]]:
    values: dict[str, object] = {}
    differing = []
    for name in SAID_ONCE:
        mine, theirs = getattr(first, name), getattr(other, name)
        if theirs in (None, "") or name not in other.given or (name == "expected" and first.born is not None):
            continue
        if mine in (None, "") or name not in first.given:
            values[name] = theirs
        elif mine != theirs:
            differing.append(WORDS[name])
    merged = replace(first, given=first.given | set(values), **values)  # type: ignore[arg-type]  # taken from a row of the same kind
    return merged, differing


WORDS = {
    "sex": "sex",
    "born": "date of birth",
    "expected": "expected date of birth",
    "died": "date of death",
    "first_name": "first name",
    "last_name": "last name",
    "family": "family",
    "family_key": "family",
    "restricted": "restricted",
}
