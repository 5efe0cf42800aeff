"""The summary row and the duties, worked out from history. Everything here can be thrown away and made again.

It depends on nothing but the history, the rules and who holds which post: not on the moment it is done. What changes
by itself once a date has passed stands beside what is so until then (`turns_at`, `then_...`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from undrift.engine.duties import Duty as Owed
from undrift.engine.events import Event as Happening
from undrift.engine.next_step import NextStep
from undrift.engine.rules import Rules
from undrift.people.found import Found
from undrift.record.by_kind import State, agency_of, agenda, began, handed_of, judges, standing, turns
from undrift.record.models import Case, CaseChild
from undrift.record.who_plays import Known, chair_role

VERSION = 5
A_MOMENT = timedelta(milliseconds=1)

TURN_FIELDS = ("tag", "role", "person_id", "name", "must", "due", "due_at")
DUTY_FIELDS = (
    "stage", "who", "post_id", "person_id", "name", "must", "action", "basis", "due", "due_at", "never_late",
    "met_at", "gone_at", "lapsed_at",
)  # fmt: skip
READ_DUTIES = f"SELECT key, {', '.join(DUTY_FIELDS)} FROM record_duty WHERE case_id = %s"


@dataclass(frozen=True)
class Summary:
    """What one history comes to: the row's fields, the duties by key, which children are settled; and all it owes."""

    fields: Mapping[str, Any]
    duties: Mapping[str, Mapping[str, Any]]
    children: Mapping[int, bool]
    owed: tuple[Owed, ...]


def work_out(
    rules: Rules,
    state: State,
    history: Iterable[Happening],
    found: Mapping[str, Found],
    people_at: datetime,
    known: Known,
) -> Summary:
    """The summary of a case in this state. `found` says who plays each role, looked up at `people_at`.

    An action of somebody who is kept out waits for whoever judges at this stage, until it is somebody else's.
    """
    now = state.last_at or began(state)
    owed = agenda(rules, state, now, known.file)
    who = Who(found, known.kept_out, judges(rules, state))
    return Summary(
        fields={
            **_place(rules, state, found),
            **_turns(rules, state, owed, who, now, known),
            "people_at": people_at,
            "summary_version": VERSION,
        },
        duties=_duties(state, owed, history, who),
        children={int(child.id): not child.open for child in state.children.values()},
        owed=owed,
    )


def _place(rules: Rules, state: State, found: Mapping[str, Found]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "ended_at": state.ended.at if state.ended else None,
        "last_seq": state.seq,
        "last_at": state.last_at,
    }
    if (agency := agency_of(state)) is not None:
        fields["responsible_agency_id"] = agency
    chair = chair_role(rules.protocol)
    if chair is not None and chair in handed_of(state) and (handed := found[chair].person) is not None:
        fields["chair_id"] = handed.pk
    return fields


def _turns(rules: Rules, state: State, owed: tuple[Owed, ...], who: Who, now: datetime, known: Known) -> dict[str, Any]:
    first = _turn(standing(rules, state, now, owed, known.file), who)
    fields = {("tag" if f == "tag" else f if f in ("due", "due_at") else f"next_{f}"): first[f] for f in TURN_FIELDS}
    turns_at, then = None, _NOBODY
    ends = turns(rules, state, now)
    if ends is not None:
        moment = ends + A_MOMENT
        later = _turn(standing(rules, state, moment, agenda(rules, state, moment)), who)
        if (later["tag"], later["role"], later["must"]) != (first["tag"], first["role"], first["must"]):
            turns_at, then = ends, later
    return {**fields, "turns_at": turns_at, **{f"then_{f}": then[f] for f in TURN_FIELDS}}


_NOBODY: Mapping[str, Any] = {
    "tag": "", "role": "", "person_id": None, "name": "", "must": "", "due": None, "due_at": None,
}  # fmt: skip


def _turn(step: NextStep, who: Who) -> dict[str, Any]:
    return {
        "tag": step.tag,
        "role": step.who,
        "person_id": who.person(step.who, step.person),
        "name": step.name,
        "must": step.must,
        "due": step.day,
        "due_at": step.ends,
    }


@dataclass(frozen=True)
class Who:
    """Who has what is owed: the one it names, or who plays its role."""

    found: Mapping[str, Found]
    kept_out: Collection[int]
    judges: tuple[str, ...]

    def person(self, role: str, named: str) -> int | None:
        if named.isdigit() and int(named) not in self.kept_out:
            return int(named)
        if named.isdigit():
            return next((pk for judge in self.judges if (pk := self.plays(judge)) is not None), None)
        return self.plays(role)

    def plays(self, role: str) -> int | None:
        holder = self.found[role].person if role in self.found else None
        return holder.pk if holder is not None else None


def _duties(state: State, owed: tuple[Owed, ...], history: Iterable[Happening], who: Who) -> dict[str, dict[str, Any]]:
    lapsed: dict[str, list[datetime]] = defaultdict(list)
    for happened in history:
        if happened.type == "date_lapsed":
            lapsed[happened.payload["duty"]].append(happened.at)
    return {duty.key: _duty(duty, next(filter(duty.began_before, lapsed[duty.key]), None), who) for duty in owed}


def _duty(duty: Owed, lapsed_at: datetime | None, who: Who) -> dict[str, Any]:
    post = who.found[duty.who].post if duty.who in who.found else None
    return {
        "stage": duty.stage,
        "who": duty.who,
        "post_id": post.pk if post else None,
        "person_id": who.person(duty.who, duty.person),
        "name": duty.name,
        "must": duty.must,
        "action": duty.page_of,
        "basis": duty.basis,
        "due": duty.day,
        "due_at": duty.ends,
        "never_late": duty.never_told and duty.day is not None,
        "met_at": duty.met,
        "gone_at": duty.gone,
        "lapsed_at": lapsed_at,
    }


# Stored ------------------------------------------------------------------------------------------------------------


def stored_duties(case: Case) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(READ_DUTIES, [case.pk])
        return {key: dict(zip(DUTY_FIELDS, values, strict=True)) for key, *values in cursor}


def remove_children_but(case: Case, wanted: Mapping[int, bool]) -> None:
    CaseChild.objects.filter(case=case.pk).exclude(child__in=wanted.keys()).delete()
