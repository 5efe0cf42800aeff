"""Core groups, child by child: who is in, from when, until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from undrift.applying.beside import Beside
from undrift.applying.keys import by_name, of_member
from undrift.applying.said import Many
from undrift.children.models import Child, CoreGroupMember
from undrift.intake.extract import CoreGroupRow
from undrift.intake.findings import reject
from undrift.intake.plan_rules import place_of

ANOTHER_NAME = "the address is of somebody with another name than the one beside it"


def core_groups(beside: Beside) -> None:
    """Whoever is in for the whole family already is met there. An end may be a day to come."""
    new: dict[tuple[object, ...], list[CoreGroupMember]] = {}
    for row in beside.extract.core_groups:
        child = beside.child(row)
        if child is None:
            continue
        if beside.is_of_another_name(row.email, row.name):
            beside.said.one(
                reject(place_of(row, "Email"), ANOTHER_NAME, wanted="The address of whoever is meant, or a name alone.")
            )
            continue
        person = beside.person(row, child, row.email, "Member")
        if person is None and row.email.strip().lower() in beside.known.people:
            continue  # kept out of the record, as is said
        if person is None and not row.name:
            beside.said.one(
                reject(
                    place_of(row, "Member"), "nobody who signs in here, and no name", wanted="An address, or a name."
                )
            )
            continue
        _member(beside, row, child, person, new)


def _member(
    beside: Beside,
    row: CoreGroupRow,
    child: Child,
    person: tuple[int, int | None] | None,
    new: dict[tuple[object, ...], list[CoreGroupMember]],
) -> None:
    agency = person[1] if person is not None else _agency(beside, row)
    if person is not None and beside.known.agencies.get(by_name(row.agency), agency) != agency:
        beside.said.of_many(Many.OTHER_AGENCY, row, "Agency")
    number = person[0] if person is not None else None
    who = number or by_name(row.name)
    come = new.setdefault((id(child), who), [])
    member = _met(row, [*_on_file(beside, row, child, number), *come])
    if number in beside.known.oneself and (member is None or _later(row, member)):
        beside.said.of_many(Many.ONESELF, row, "Member")
        return
    if member is None:
        family = beside.family_of(child)
        of_it: dict[str, Any] = {"family": child.family} if family is None else {"family_id": family}
        member = CoreGroupMember(
            authority=beside.known.authority, child=child, person_id=number, name="" if number else row.name[:200],
            starts=row.starts, **of_it,
        )  # fmt: skip
        come.append(member)
    want = beside.want(member, of_member(row, child.external_id, number), [child])
    if want.new and not want.values:
        want.values["starts"] = row.starts
    fact = beside.deciding.fact
    if row.role:
        fact(want, row, "Role", "role", row.role[:100])
    if agency is not None:
        fact(want, row, "Agency", "agency_id", agency)
    if "ends" in row.given:
        fact(want, row, "End in the core group", "ends", row.ends)


def _agency(beside: Beside, row: CoreGroupRow) -> int | None:
    if not row.agency:
        return None
    found = beside.known.agencies.get(by_name(row.agency))
    if found is None:
        beside.said.of_many(Many.AGENCY, row, "Agency")
    return found


def _on_file(beside: Beside, row: CoreGroupRow, child: Child, person: int | None) -> Iterator[CoreGroupMember]:
    """The same person in the group of this child, or of all of the family."""
    for member in beside.known.core_groups.get(child.family_id, ()) if child.family_id is not None else ():
        about = member.child_id is None or member.child_id == child.pk
        same = member.person_id == person if person is not None else by_name(member.name) == by_name(row.name)
        if about and same:
            yield member


def _later(row: CoreGroupRow, member: CoreGroupMember) -> bool:
    """Whether the row would have them in for longer than they are."""
    return row.ends is not None and member.ends is not None and row.ends > member.ends


def _met(row: CoreGroupRow, times: Sequence[CoreGroupMember]) -> CoreGroupMember | None:
    """The time that began on the same day; else one that ran together with the row's, for more than a day."""
    same_day = next((one for one in times if one.starts == row.starts), None)
    together = (
        one for one in times
        if (row.ends is None or one.starts < row.ends) and (one.ends is None or one.ends > row.starts)
    )  # fmt: skip
    return same_day or next(together, None)
