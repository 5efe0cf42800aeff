"""Who has to be told of an event, as notices. Kept in the act's own transaction (`writing`); sent by others later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from undrift.engine.duties import Duty, subject_of
from undrift.engine.events import Event
from undrift.engine.ladder.audience import CHECK, DIRECTED, FIND_OUT, ON_WHAT_WAS_AGREED, TAKE_THE_STEP
from undrift.engine.musts import ANSWERS, Must
from undrift.engine.rules import Rules
from undrift.engine.told import Told
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.record.by_kind import State, given_for_the_answer, is_urgent, judges, ladder, stage_of, told
from undrift.record.models import Case, Notice
from undrift.record.sight import as_service
from undrift.record.who_plays import Known

POST_VACANT = "post_vacant"  # a kind of notice that no act brings about

# What begins with whoever judges: they do it, and are told of it where they have the part for a sibling alone.
BEGINS = frozenset({"raised", "moved_on"})

# What a notice asks for, and the duty that carries its date.
DATED_BY = {
    "approve": "respond",
    "confirm": "confirm the action",
    DIRECTED: Must.DO_THE_ACTION,
    Must.DECIDE_NEXT: Must.DECIDE,
    ON_WHAT_WAS_AGREED: Must.DECIDE,
}


def notices_of(
    case: Case,
    rules: Rules,
    steps: Sequence[tuple[Event, State]],
    owed: Collection[Duty],
    found: Mapping[str, Found],
    now: datetime,
    known: Known,
    before: Mapping[str, Found] | None = None,
) -> list[dict[str, Any]]:
    """A notice to everybody who is told of these events (each with the state it led to), but not to the actor.

    Nor to anybody who has been kept out since. Each as the columns of its row. `owed` is all that is owed once it has
    happened: by it what is asked has its date. `before` says who played which part
    until now: whoever has a part no more is told of that. What several dates that passed together would say to
    somebody in the same words is said once; so is a new date that comes with a hand-over.
    """
    last = steps[-1][1] if steps else None
    handed = {event.seq for event, _ in steps if event.type == "handed_over"}
    said: dict[object, dict[str, Any]] = {}
    for event, state in steps:
        for notice in _notices(case, rules, event, state, last or state, owed, found, now, known, before or {}):
            if event.type == "more_time_given" and _is_told(notice["to_person_id"], handed, said):
                continue
            said.setdefault(_words_of(notice, event), notice)
    return list(said.values())


def _is_told(person: int, of: Collection[int], said: Mapping[object, Mapping[str, Any]]) -> bool:
    return any(notice["to_person_id"] == person and notice["seq"] in of for notice in said.values())


# A notice of these kinds that was urgent and asked for something was an alarm.
ALARMS = ("raised", "moved_on", "urgent_action_recorded", "rung_back", "handed_on", "handed_over", "also_told")


@as_service()
def _had_the_alarm(case: Case) -> list[int]:
    """Who was told of an immediate risk here, whatever part they have by now. One query."""
    told = Notice.objects.filter(Q(kind="handed_on") | ~Q(ask=""), case=case.pk, urgent=True, kind__in=ALARMS)
    return list(told.order_by("to_person").values_list("to_person", flat=True).distinct())


def _words_of(notice: Mapping[str, Any], event: Event) -> object:
    """What its message says and leads to; of anything but a date that passed, each event has words of its own."""
    about = event.seq if event.type != "date_lapsed" else subject_of(event.payload["duty"]) if notice["ask"] else ""
    return notice["to_person_id"], notice["kind"], notice["ask"], notice["due"], about


def nobody_answers(rules: Rules, state: State, found: Mapping[str, Found]) -> bool:
    """Whether nobody can answer at the stage where it stands, or approve the answer."""
    asked = rules.protocol.stage(ladder(state).here.stage).answer if state.ended is None else None
    roles = (asked.who, asked.approved_by) if asked is not None else ()
    return any(found[role].vacant for role in roles if role is not None and role in found)


def alarms_of(case: Case, state: State, people: Sequence[Person], now: datetime) -> list[dict[str, Any]]:
    """A notice to each of those who keep the posts: a post is empty, and somebody is waited for there."""
    return [_row(case, state, state.seq, person.pk, POST_VACANT, now) for person in people]


def _row(
    case: Case,
    state: State,
    seq: int,
    number: int,
    kind: str,
    now: datetime,
    role: str = "",
    ask: str = "",
    due: date | None = None,
) -> dict[str, Any]:
    return {
        "authority_id": case.authority_id,
        "case_id": case.pk,
        "seq": seq,
        "to_person_id": number,
        "role": role,
        "kind": kind,
        "ask": ask,
        "stage": stage_of(state),
        "due": due,
        "urgent": is_urgent(state),
        "created_at": now,
        "next_attempt_at": now,
    }


def _notices(
    case: Case,
    rules: Rules,
    event: Event,
    state: State,
    last: State,
    owed: Collection[Duty],
    found: Mapping[str, Found],
    now: datetime,
    known: Known,
    before: Mapping[str, Found],
) -> Iterator[dict[str, Any]]:
    """`last` is the state that all of it led to."""
    people: dict[int, Told] = {}
    lost = [event.payload["role"]] if event.type == "handed_over" else []
    begin = judges(rules, state) if event.type in BEGINS else ()
    all_told = (
        *(each for item in told(rules, state, event) for each in _each(item, found, event, state)),
        *(each for role in lost for each in _each(Told(role), before, event, state)),
        *(each for role in begin if role in found for each in _beside(Told(role), found[role], event, state)),
    )
    if event.type == "rung_back" and not is_urgent(state):
        out = {*map(str, known.kept_out), event.by.person}
        people |= {number: Told("") for number in _had_the_alarm(case) if str(number) not in out}
    for number, told_of in all_told:
        if str(number) == event.by.person or number in known.kept_out:
            continue
        if number not in people or (told_of.ask and not people[number].ask):
            people[number] = told_of
    for number, item in people.items():
        due = _due(rules, last, owed, item, event) if item.ask else _new_date(last, event)
        yield _row(case, state, event.seq, number, event.type, now, item.role, item.ask, due)


def _each(item: Told, found: Mapping[str, Found], event: Event, state: State) -> Iterator[tuple[int, Told]]:
    """Whom it is told to: everybody who plays the role, or the one named; and siblings' people (`asked_beside`)."""
    if item.person:
        if item.person.isdigit() and (not item.only_with_a_part or _has_a_part(int(item.person), found)):
            yield int(item.person), item
        return
    here = found.get(item.role)
    if here is not None:
        yield from ((person.pk, item) for person in here.everyone)
        yield from _beside(item, here, event, state)


def _beside(item: Told, here: Found, event: Event, state: State) -> Iterator[tuple[int, Told]]:
    ask = asked_beside(item.ask, event.type, at_risk=is_urgent(state))
    yield from ((person.pk, replace(item, ask=ask)) for person in here.also)


def asked_beside(ask: str, kind: str, *, at_risk: bool) -> str:
    """What is asked of whoever has the part for a sibling alone: nothing. But of an immediate risk, which may be of
    their own child, they check that somebody has acted.
    """
    alarmed = at_risk if kind in BEGINS else kind in ALARMS and ask in (CHECK, Must.RING)
    return CHECK if alarmed else ""


def _has_a_part(number: int, found: Mapping[str, Found]) -> bool:
    return any(person.pk == number for here in found.values() for person in (*here.everyone, *here.also))


def _new_date(state: State, event: Event) -> date | None:
    """The date that the event is about, where it asks nothing: the new one, or the one that stays."""
    match event.type:
        case "handed_over":
            return next((given.until for given in ladder(state).here.given if given.at == event.at), None)
        case "more_time_given":
            return date.fromisoformat(event.payload["until"])
        case "action_date_changed" | "action_date_declined":
            return ladder(state).actions[event.payload["id"]].by
    return None


def _due(rules: Rules, state: State, duties: Collection[Duty], item: Told, event: Event) -> date | None:
    """By when what is asked is owed. Where a date has passed, of what is late itself, its own."""
    must = DATED_BY.get(item.ask, item.ask)
    if event.type == "date_lapsed":
        passed = next((d for d in duties if d.key == event.payload["duty"]), None)
        if passed is not None and (passed.must == must or item.ask in (TAKE_THE_STEP, FIND_OUT)):
            return passed.day
    elif must in ANSWERS and (given := given_for_the_answer(rules, state)) is not None:
        return given
    owed = [d for d in duties if d.owed and not d.put_off and d.must == must]
    if item.person:
        owed = [d for d in owed if d.person == item.person]
    about = event.payload.get("child" if event.type == "plan_ended" else "id")
    this = [d for d in owed if about and d.subject == about]
    return min((d.day for d in this or owed if d.day is not None), default=None)
