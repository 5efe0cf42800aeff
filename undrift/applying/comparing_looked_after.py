"""Times of being looked after, child by child: from when, until when, and who reviews it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from undrift.applying import keys
from undrift.applying.beside import Beside
from undrift.applying.comparing_core_groups import ANOTHER_NAME
from undrift.applying.said import Many
from undrift.children.models import Child, LookedAfter
from undrift.intake.extract import LookedAfterRow
from undrift.intake.findings import warn
from undrift.intake.plan_rules import place_of, uk


def looked_after(beside: Beside) -> None:
    """A time is known by its child and first day. One that runs beside another is asked about, and not begun."""
    new: dict[int, list[LookedAfter]] = defaultdict(list)
    for row in beside.extract.looked_after:
        child = beside.child(row)
        if child is None:
            continue
        if beside.not_yet(row.starts):
            beside.said.of_many(Many.NOT_YET, row, "First day looked after")
            continue
        on_file = beside.known.looked_after.get(child.pk, ()) if child.pk is not None else ()
        others = [*on_file, *new[id(child)]]
        time = next((one for one in others if one.starts == row.starts), None)
        if _asked(beside, row, [one for one in others if one is not time], begins=time is None):
            continue
        if time is None:
            time = LookedAfter(authority=beside.known.authority, child=child, starts=row.starts)
            new[id(child)].append(time)
        _facts(beside, row, child, time)


def _asked(beside: Beside, row: LookedAfterRow, others: Sequence[LookedAfter], *, begins: bool) -> bool:
    """Whether the time would run beside another; of one on file, whether the file's end for it would."""
    for one in others if begins or row.ends is not None else ():
        if (one.ends is None or one.ends >= row.starts) and (row.ends is None or row.ends >= one.starts):
            beside.said.ask(
                place_of(row, "First day looked after"),
                f"the child is looked after from {uk(row.starts)} in the file, and from {uk(one.starts)} here",
                wanted="If it is one time, put the first day right here or in the case system.",
            )
            return True
    return False


def _facts(beside: Beside, row: LookedAfterRow, child: Child, time: LookedAfter) -> None:
    want = beside.want(time, keys.of_time(row, child.external_id), [child])
    if want.new and not want.values:
        want.values["starts"] = row.starts
    fact = beside.deciding.fact
    if "ends" in row.given:
        if beside.not_yet(row.ends):
            beside.said.of_many(Many.NOT_YET, row, "Last day looked after")
        else:
            fact(want, row, "Last day looked after", "ends", row.ends)
    if beside.is_of_another_name(row.iro, row.iro_name):
        beside.said.one(
            warn(
                place_of(row, "Independent reviewing officer"),
                ANOTHER_NAME,
                wanted="The address of whoever is meant, or a name alone.",
                did="Imported without them.",
            )
        )
        return
    person = beside.person(row, child, row.iro, "Independent reviewing officer") if row.iro else None
    if person is not None:
        fact(want, row, "Independent reviewing officer", "iro_id", person[0])
    elif row.iro_name:
        fact(want, row, "Independent reviewing officer", "iro_name", row.iro_name[:200])
