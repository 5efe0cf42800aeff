"""Answers that are not written yet and will need this person's approval: by when, and with whom they are now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from undrift import library
from undrift.desks.concern.rows import day_of
from undrift.desks.frame.components import Dated, Link, Table
from undrift.desks.home.parts import SOME, Part
from undrift.desks.home.waiting import AT_MOST, Waiting
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.agenda import answer_due, later_date
from undrift.engine.ladder.state import State
from undrift.engine.musts import Must
from undrift.engine.rules import Rules
from undrift.people.finders import CaseContext, resolve_roles
from undrift.people.kept_rosters import Version, version_now
from undrift.people.models import Authority
from undrift.record.adopted import closures_of, rules_of
from undrift.record.who_plays import parts_of, sentences
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import Played, states_of, with_answer_to_come, with_names

HEADING = "Coming to you for approval"
NOTHING_YET = "Nothing is to be done here yet. What is agreed needs your approval by the same date as the answer."
LOOKED_AT = 4 * AT_MOST
# While one of these is what is asked for, the answer may still be to come.
MAY_STILL_COME = (Must.RESPOND, Must.DECIDE_NEXT, Must.DECIDE_ON_THE_ACTION)


class Coming(NamedTuple):
    """One answer that will need approval. `day` is the date that counts for it, where one does."""

    resolution: Resolution
    day: date | None


def coming_for_approval(waiting: Waiting, council: Authority | None) -> Iterator[Part]:
    """A row for each, the soonest first; what is late says whose turn it is. A fixed number of queries.

    `council` is where the person works; None in an agency.
    """
    found = _coming(waiting, council)
    rows = [_row(waiting, one) for one in found[:SOME]]
    if not rows:
        return
    more = (f"The first {SOME} of {len(found)} are shown.",) if len(found) > SOME else ()
    table = Table(HEADING, ("By", "Children", "How it stands"), rows)
    yield Part(HEADING, (NOTHING_YET, *more), table=table)


def _row(waiting: Waiting, one: Coming) -> tuple[object, ...]:
    r, show = one.resolution, waiting.show
    label, tone = show.date_words(r.authority, one.day)
    by = Dated(one.day, label, tone) if one.day else label
    return by, Link(show.title(r), show.address("resolution", r.reference)), _stands(waiting, one)


def _stands(waiting: Waiting, one: Coming) -> str:
    """Whose turn it is, by name; of what is late, that it is late."""
    r = one.resolution
    turn = r.turn(waiting.now)
    holder = waiting.show.holder(r, turn)
    if one.day is None:
        return f"It will come to you for approval. It is with {_in_a_sentence(holder)}."
    if one.day >= london_date(waiting.now):
        return f"Coming to you for approval by {full_day(one.day, short=True)}. It is with {_in_a_sentence(holder)}."
    until = day_of(turn)
    target = f" until {full_day(until, short=True)}" if until is not None and until > one.day else ""
    said = f"Late: no response came by {full_day(one.day, short=True)}."
    return f"{said} It is the turn of {_in_a_sentence(holder)}{target}. A response can still come to you for approval."


def _in_a_sentence(holder: str) -> str:
    return holder[:1].lower() + holder[1:] if holder == "You" or holder.startswith("Nobody") else holder


def _coming(waiting: Waiting, council: Authority | None) -> list[Coming]:
    rows = with_names(_theirs(waiting, council))
    states, councils = states_of(rows), {r.authority_id: r.authority for r in rows}
    closures = {number: closures_of(authority) for number, authority in councils.items()}
    found = [
        Coming(r, _day(rules_of(r, closures[r.authority_id]), states[r.pk])) for r in rows if _is_to_come(states[r.pk])
    ]
    return sorted(found, key=lambda one: (one.day is None, one.day or date.max, one.resolution.pk))


def _theirs(waiting: Waiting, council: Authority | None) -> list[int]:
    """Those whose answer this person would approve, or somebody they cover for; whoever is away sees them, too."""
    present = library.load(council.protocol_id, council.protocol_version) if council is not None else None
    asked = with_answer_to_come(waiting.scope, present, MAY_STILL_COME, LOOKED_AT)
    councils = {council.pk: council} if council is not None else {}
    councils |= Authority.objects.in_bulk({one.authority_id for one in asked} - councils.keys())
    versions, known = dict[int, Version](), dict[tuple[object, ...], bool]()
    for one in asked:
        if (alike := one[1:]) not in known:
            where = councils[one.authority_id]
            if where.pk not in versions:
                versions[where.pk] = version_now(where)
            known[alike] = _is_theirs(waiting, where, versions[where.pk], one)
    return [one.number for one in asked if known[one[1:]]]


def _is_theirs(waiting: Waiting, council: Authority, version: Version, one: Played) -> bool:
    protocol = library.load(one.protocol_id, one.protocol_version, council.area)
    asked = protocol.stage(one.stage).answer
    if asked is None or not asked.approved_by:
        return False
    case = CaseContext(
        authority=council,
        team_unit_id=one.team_id,
        chair_id=one.chair_id,
        social_worker_id=one.social_worker_id,
        responsible_agency_id=one.responsible_agency_id,
        raising_agency_id=one.raising_agency_id,
    )
    parts = parts_of(protocol, one.stage, one.raised_by)
    found = resolve_roles(
        sentences(protocol), case, waiting.now, parts=parts, handed=dict(one.handed), version=version
    )[asked.approved_by]  # fmt: skip
    people = (*found.everyone, found.on_behalf_of)
    return any(person is not None and person.pk in waiting.scope.people for person in people)


def _is_to_come(state: State) -> bool:
    """Whether an answer is still to be written, or written anew."""
    here = state.here
    return not (state.accepted or here.judged or here.answered or here.waits_for_approval)


def _day(rules: Rules, state: State) -> date | None:
    due = later_date(rules, state, state.here) or answer_due(rules, state, state.here)
    return due.date if due is not None else None
