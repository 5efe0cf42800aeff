"""Conferences: rows that are one meeting, a planned one that was held, and what follows for plans."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from undrift.applying.beside import Beside, day_of, grouped
from undrift.applying.comparing_plans import allocated, reviews
from undrift.applying.keys import of_meeting
from undrift.applying.said import Many
from undrift.applying.wants import Want
from undrift.children import in_bulk
from undrift.children.models import AllocationPart, Child, Conference
from undrift.children.models.conference import ConferenceKind
from undrift.engine.dates.moments import london_date, noon
from undrift.intake.extract import Meeting, MeetingRow
from undrift.intake.findings import warn
from undrift.intake.plan_rules import place_of, uk
from undrift.library.numbers import SAME_CONFERENCE

Rows = Sequence[tuple[MeetingRow, Child]]


def meetings(beside: Beside) -> None:
    """Each family's conferences as the file has them, and the reviews that its plans have had with them."""
    pairs = [(row, child) for row in beside.extract.meetings if (child := beside.child(row)) is not None]
    met: dict[int, Conference] = {}
    told: list[tuple[MeetingRow, Child]] = []
    each = [_of_one_day(beside, rows) for rows in _together(beside, pairs).values()]
    on_file = map(partial(_same, beside), each if beside.known.conferences else ())
    named = {one.pk for one in on_file if one is not None}
    # Those that were held first: what is still planned is then another one.
    for held, rows in sorted(
        ((_held(beside, rows), rows) for rows in each), key=lambda one: (not one[0], one[1][0][0].day)
    ):
        if _meeting(beside, rows, held, met, named):
            told += rows
    _reviews(beside, told)
    for row, child in pairs:
        if row.team or row.worker:
            allocated(beside, row, _plans(beside, child))


def _together(beside: Beside, pairs: Rows) -> Mapping[Any, Rows]:
    """By the meeting and the family: a conference is about one family."""
    return grouped(
        ((_family(beside, child), row.kind, row.meeting_key or row.day), (row, child))
        for row, child in pairs
    )  # fmt: skip


def _of_one_day(beside: Beside, rows: Rows) -> Rows:
    """A meeting has one day: that of the first row of it that was held, else of the first. Others are said."""
    if len(rows) == 1:
        return rows
    day = next((row.day for row, _ in rows if row.held and not beside.not_yet(row.day)), rows[0][0].day)
    for row, _ in rows:
        if row.day != day:
            beside.said.of_many(Many.TWICE, row, "Day of the conference")
    return [(row, child) for row, child in rows if row.day == day]


def _family(beside: Beside, child: Child) -> int:
    """The number of the family; of a new one, which of them it is here."""
    number = beside.family_of(child)
    return number if number is not None else -id(child.family)


def _held(beside: Beside, rows: Rows) -> bool:
    return any(row.held and not beside.not_yet(row.day) for row, _ in rows)


def _meeting(beside: Beside, rows: Rows, held: bool, met: dict[int, Conference], named: set[int]) -> bool:
    """Whether it is taken; one that may be another on file, told with another day, is asked about."""
    row, first = rows[0]
    key = of_meeting(row, min(child.external_id for _, child in rows) if len(rows) > 1 else first.external_id)
    conference = None
    if beside.known.conferences:
        conference = _on_file(beside, rows, held, met)
        moved = _on_another_day(beside, rows, held, named) if conference is None else None
        if moved is not None and not _put_right(beside, row, moved):
            return False
        if not held and conference is None and _held_since(beside, rows):
            beside.said.of_many(Many.OLDER, row, "Planned day")
            return False
        conference = conference or moved
    if conference is None:
        number = beside.family_of(first)
        conference = in_bulk.new(
            Conference, authority_id=beside.known.authority.pk, family_id=number, kind=ConferenceKind(row.kind),
            reference=_reference(beside, row.day),
        )  # fmt: skip
        if number is None:
            in_bulk.lead(conference, "family", first.family)
    else:
        met[conference.pk] = conference
        named.add(conference.pk)
    want = beside.want(conference, key, [])
    want.about.extend(child for _, child in rows if child not in want.about)
    if want.new:
        want.values["kind"] = row.kind.value
    _facts(beside, rows, want, held)
    return True


def _of_the_family(beside: Beside, rows: Rows, but: Container[int] = ()) -> list[Conference]:
    """Those of the kind that the family has on file."""
    row, child = rows[0]
    families = dict.fromkeys((beside.family_of(child), child.family_id))  # where it goes, and where it was
    return [
        one for number in families if number is not None for one in beside.known.conferences.get(number, ())
        if one.kind == row.kind and one.cancelled_at is None and one.pk not in but
    ]  # fmt: skip


def _same(beside: Beside, rows: Rows, but: Container[int] = ()) -> Conference | None:
    """By the source's key, under which of the children it was first told; else of this day."""
    row, _ = rows[0]
    mine = _of_the_family(beside, rows, but)
    if not mine:
        return None
    for number in sorted(child.external_id for _, child in rows):
        remembered: Conference | None = beside.remembered("conference", of_meeting(row, number), mine)
        if remembered is not None:
            return remembered
    return next((one for one in mine if day_of(one) == row.day), None)


def _on_file(beside: Beside, rows: Rows, held: bool, met: Container[int]) -> Conference | None:
    """The same; else, for one that was held, the nearest that was planned."""
    same = _same(beside, rows, met)
    if same is not None or not held:
        return same
    return _nearest(rows, [one for one in _of_the_family(beside, rows, met) if one.held_on is None])


def _nearest(rows: Rows, conferences: Iterable[Conference]) -> Conference | None:
    day = rows[0][0].day
    near = [one for one in conferences if abs(day_of(one) - day) <= SAME_CONFERENCE]
    return min(near, key=lambda one: abs(day_of(one) - day), default=None)


def _on_another_day(beside: Beside, rows: Rows, held: bool, but: Container[int]) -> Conference | None:
    """The conference on file of about that day, held or planned as the row's is, of which the file says nothing else.

    One that has another number of the source's own is another.
    """
    row, _ = rows[0]
    alike = [one for one in _of_the_family(beside, rows, but) if (one.held_on is not None) is held]
    near = _nearest(rows, alike)
    its_own = near is not None and (row.source_key or row.meeting_key) and near.pk in beside.known.told_of_conferences
    return None if its_own else near


def _held_since(beside: Beside, rows: Rows) -> bool:
    """Whether the conference that the file plans was held on a day after the one that the file describes."""
    on_file = [one for one in _of_the_family(beside, rows) if one.held_on is not None and beside.not_yet(day_of(one))]
    return _nearest(rows, on_file) is not None


def _put_right(beside: Beside, row: MeetingRow, conference: Conference) -> bool:
    """Whether the day becomes the file's: where this format told it, and has the day on file no more. Both are said."""
    title = "Day it was held" if conference.held_on is not None else "Planned day"
    was = "was held on" if conference.held_on is not None else "is planned for"
    if conference.pk not in beside.known.told_of_conferences:
        beside.said.ask(
            place_of(row, title),
            f"the {row.kind} conference is of {uk(row.day)} in the file, and one {was} {uk(day_of(conference))} here",
            wanted="If they are two, bring both in with one file of our own CSV; if it is one, put its day right in the"
            " case system.",
        )
        return False
    beside.said.beside(
        warn(
            place_of(row, title),
            f"the {row.kind} conference of {uk(day_of(conference))} is of {uk(row.day)} in the file, which has the"
            " other day no more",
            wanted="If they are two, undo this, and bring both in with one file of our own CSV.",
            did="Taken for the same conference.",
        )
    )
    return True


def _facts(beside: Beside, rows: Rows, want: Want, held: bool) -> None:
    row, _ = rows[0]
    name, title = ("held_on", "Day it was held") if held else ("planned_for", "Planned day")
    before = want.held("held_on")
    if not held and before is not None and london_date(before) != row.day:
        beside.said.ask(
            place_of(row, title),
            f"the conference is planned for {uk(row.day)} in the file, and was held on {uk(london_date(before))} here",
            wanted="If it is another conference, give it a number of its own in the case system.",
        )
        return
    beside.deciding.fact(want, row, title, name, _moment(want, row.day, name))
    for row, child in rows:
        now = want.held("chair_id")
        chair = beside.taker(row, child, row.chair, "Chair", AllocationPart.CHAIR, now)
        if chair is not None and chair != now and beside.known.opens_another(child, chair):
            beside.said.of_many(Many.NOT_ALONE, row, "Chair")
        elif chair is not None:
            beside.deciding.fact(want, row, "Chair", "chair_id", chair)
        for email in row.invited:
            someone = beside.person(row, child, email, "Invited")
            if someone is not None and someone[0] in beside.known.oneself:
                beside.said.of_many(Many.ONESELF, row, "Invited")
            elif someone is not None and someone[0] not in want.invited:
                want.invited.append(someone[0])


def _moment(want: Want, day: date, name: str) -> datetime:
    """The hour that is on file for the day, else noon: files know days."""
    for known in (want.held(name), want.held("planned_for"), want.held("held_on")):
        if known is not None and london_date(known) == day:
            moment: datetime = known
            return moment
    return noon(day)


def _reference(beside: Beside, day: date) -> str:
    beside.known.counted[day.year] += 1
    return f"C-{day.year}-{beside.known.counted[day.year]:04d}"


# What follows for plans ----------------------------------------------------------------------------------------------


def _reviews(beside: Beside, pairs: Rows) -> None:
    """Reviews that were held within a plan are counted, and the latest of them is the plan's latest."""
    held = grouped(
        (id(child), row.day)
        for row, child in pairs
        if row.kind is Meeting.REVIEW and row.held and not beside.not_yet(row.day)
    )
    children = {id(child): child for _, child in pairs}
    for number, days in held.items():
        child = children[number]
        for want in _plans(beside, child):
            within = {day for day in (*days, *_on_file_held(beside, child)) if _within(want, day)}
            if not within:
                continue
            latest = want.held("latest_review")
            if latest is None or max(within) > latest:
                want.take("latest_review", max(within))
            reviews(want, len(within))


def _plans(beside: Beside, child: Child) -> list[Want]:
    on_file = beside.known.plans.get(child.pk, ()) if child.pk is not None else ()
    return [
        *beside.new_plans.get(id(child), ()),
        *(beside.want(plan, "", [child]) for plan in on_file),
    ]


def _on_file_held(beside: Beside, child: Child) -> list[date]:
    if child.family_id is None:
        return []
    held = (
        want.held("held_on") if (want := beside.wants.get(id(one))) is not None else one.held_on
        for one in beside.known.conferences.get(child.family_id, ())
        if one.kind == ConferenceKind.REVIEW and one.cancelled_at is None
    )
    return [london_date(moment) for moment in held if moment is not None]


def _within(want: Want, day: date) -> bool:
    starts, ends = want.held("starts"), want.held("ends")
    return bool(starts < day and (ends is None or day <= ends))
