"""Whatever date is typed into any act: it is refused at its field, or the record that comes of it can be read.

A year mistyped once must not leave a record that no page can show, today or when the calendar of bank holidays has run
out. Every field of every act that holds a date stands in the table; the last test says so.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest

from tests.engine.test_refused import (
    LANCASHIRE,
    PHONED,
    TODAY,
    YESTERDAY,
    agreed,
    answered,
    begun,
    informal_in_lancashire,
    refused,
    starred,
    urgent,
)
from tests.engine.test_telling import GRACE, NAMES, PRIYA, RULES, START, Story
from undrift.engine.dates.words import due_label
from undrift.engine.duties import days_late, days_left
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.ladder import acts, telling
from undrift.engine.ladder.agenda import agenda, overdue, turns
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.pointers import pointers
from undrift.engine.ladder.rungs import ladder
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.told import told
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules

TYPED = {
    "1926": date(1926, 4, 30),
    "ten years ago": date(2016, 4, 30),
    "the day before": YESTERDAY,
    "today": TODAY,
    "in 3 years": date(2029, 4, 30),
    "2062": date(2062, 1, 1),
    "9999": date(9999, 12, 31),
}
BEYOND = (datetime(2029, 6, 1, 9, tzinfo=UTC), datetime(2062, 6, 1, 9, tzinfo=UTC))
CHILD = (acts.ChildConcern("maya", "She waits.", "Maya"),)


class Field(NamedTuple):
    """A date in an act: the story it is tried in (None: it begins one), who tries it, and a day that is right."""

    act: str
    path: str
    about: str
    rules: Rules
    story: Callable[[], Story] | None
    by: By
    made: Callable[[date], acts.Act]
    right: date

    @property
    def name(self) -> str:
        return f"{self.act}.{self.path}"


def raising(**more: Any) -> acts.Raise:
    said: dict[str, Any] = {"stage": "stage-1", "children": CHILD, "concern": "Nothing has moved.", "spoke": PHONED}
    return acts.Raise(**(said | more))


def starring(**more: Any) -> acts.Raise:
    said: dict[str, Any] = {
        "stage": "starred",
        "children": CHILD,
        "concern": "It waits.",
        "ask": "A visit.",
        "completion": TODAY,
    }
    return acts.Raise(**(said | {"why_this_stage": "Twice."} | more))


def talk(day: date) -> acts.Conversation:
    return acts.Conversation("phone", day, "team-manager")


def visit(day: date) -> acts.ActionAsked:
    return acts.ActionAsked("Visit", "Hannah", day)


def moving(**more: Any) -> acts.MoveOn:
    return acts.MoveOn("stage-2", "not accepted", **more)


def starring_next(**more: Any) -> acts.MoveOn:
    return acts.MoveOn("starred", "not accepted", ask="A visit.", **({"completion": TODAY} | more))


def informally(day: date) -> acts.Raise:
    return raising(stage="informal", date=day)


NEXT_WEEK = date(2026, 5, 7)
W, L = RULES, LANCASHIRE
FIELDS = [
    Field("Raise", "spoke.on", "spoke", W, None, GRACE, lambda d: raising(spoke=talk(d)), TODAY),
    Field("Raise", "rang.on", "spoke", W, None, GRACE, lambda d: raising(rang=talk(d), risk=acts.Risk()), TODAY),
    Field("Raise", "risk.on", "risk", W, None, GRACE, lambda d: raising(risk=acts.Risk("Seen.", d)), TODAY),
    Field("Raise", "actions.by", "actions", W, None, GRACE, lambda d: raising(actions=(visit(d),)), NEXT_WEEK),
    Field("Raise", "date", "date", W, None, GRACE, informally, NEXT_WEEK),
    Field("Raise", "date", "date", L, None, GRACE, lambda d: starring(date=d), NEXT_WEEK),
    Field("Raise", "asked_by", "asked_by", W, None, GRACE, lambda d: raising(asked_by=d), NEXT_WEEK),
    Field("Raise", "asked_by", "asked_by", W, None, GRACE,
          lambda d: raising(stage="informal", date=NEXT_WEEK, asked_by=d), TODAY),
    Field("Raise", "completion", "completion", L, None, GRACE, lambda d: starring(completion=d), NEXT_WEEK),
    Field("Raise", "happened", "happened", W, None, GRACE,
          lambda d: raising(stage="informal", date=NEXT_WEEK, happened=d), YESTERDAY),
    Field("Speak", "conversation.on", "spoke", W, begun, GRACE, lambda d: acts.Speak(talk(d)), YESTERDAY),
    Field("Respond", "actions.by", "actions", W, begun, PRIYA,
          lambda d: acts.Respond("agree", "Soon.", (visit(d),)), NEXT_WEEK),
    Field("AskAgain", "until", "until", W, answered, GRACE, lambda d: acts.AskAgain(d, "More."), date(2026, 5, 8)),
    Field("RecordPlanEnd", "on", "on", W, begun, SYSTEM, lambda d: acts.RecordPlanEnd("maya", d), TODAY),
    Field("RecordPlanEnd", "began", "began", W, begun, SYSTEM, lambda d: acts.RecordPlanEnd("maya", TODAY, d), TODAY),
    Field("MoveOn", "spoke.on", "spoke", W, refused, GRACE, lambda d: moving(spoke=talk(d)), TODAY),
    Field("MoveOn", "risk.on", "risk", W, refused, GRACE, lambda d: moving(risk=acts.Risk("Seen.", d)), TODAY),
    Field("MoveOn", "date", "date", L, informal_in_lancashire, GRACE, lambda d: starring_next(date=d), NEXT_WEEK),
    Field("MoveOn", "asked_by", "asked_by", W, refused, GRACE, lambda d: moving(asked_by=d), date(2026, 5, 8)),
    Field("MoveOn", "completion", "completion", L, informal_in_lancashire, GRACE,
          lambda d: starring_next(completion=d), NEXT_WEEK),
    Field("GiveMoreTime", "until", "until", W, begun, GRACE, lambda d: acts.GiveMoreTime(d, "Ill."), date(2026, 5, 13)),
    Field("GiveMoreTime", "until", "until", W, lambda: Story(stage="informal"), GRACE,
          lambda d: acts.GiveMoreTime(d, "Ill."), date(2026, 5, 13)),
    Field("GiveMoreTime", "until", "until", L, lambda: in_short(), GRACE,
          lambda d: acts.GiveMoreTime(d, "Ill."), NEXT_WEEK),
    Field("AgreeAction", "action.by", "actions", W, begun, GRACE, lambda d: acts.AgreeAction(visit(d)), NEXT_WEEK),
    Field("FinishAction", "on", "on", W, agreed, PRIYA, lambda d: acts.FinishAction("a1", d), TODAY),
    Field("ChangeActionDate", "by", "by", W, agreed, GRACE,
          lambda d: acts.ChangeActionDate("a1", d, "Ill."), date(2026, 5, 18)),
    Field("AskForActionDate", "by", "by", W, agreed, PRIYA,
          lambda d: acts.AskForActionDate("a1", d, "Ill."), date(2026, 5, 18)),
    Field("RecordUrgentAction", "on", "on", W, begun, GRACE,
          lambda d: acts.RecordUrgentAction("She was seen.", on=d), YESTERDAY),
    Field("RingBack", "on", "on", W, urgent, GRACE, lambda d: acts.RingBack(3, "Hannah", d), YESTERDAY),
    Field("TakeRoute", "on", "on", W, begun, GRACE, lambda d: acts.TakeRoute("immediate-safeguarding", on=d), TODAY),
    Field("TakeRoute", "of", "of", W, begun, GRACE, lambda d: acts.TakeRoute("immediate-safeguarding", of=d), TODAY),
    Field("TakeRoute", "of", "of", L, starred, GRACE, lambda d: acts.TakeRoute("appeal", of=d), TODAY),
    Field("HandOver", "until", "until", W, begun, GRACE,
          lambda d: acts.HandOver("team-manager", "7", "Owen", "Ill.", d), date(2026, 5, 13)),
]  # fmt: skip


def in_short() -> Story:
    """A starred recommendation for which the chair has set a day before the longest time."""
    return Story(stage="starred", rules=LANCASHIRE, spoke=PHONED, completion=TODAY, date=date(2026, 5, 4))


def tried(field: Field, day: date, now: datetime | None = None) -> tuple[list[Event], tuple[Event, ...] | Refusal]:
    """The story so far, and what comes of the act. Without a moment, right after the story."""
    story = field.story() if field.story else None
    state = story.state if story else None
    at = now or (max(e.at for e in story.history) if story else START)
    return list(story.history) if story else [], decide(field.rules, state, field.made(day), field.by, at)


def read_whole(rules: Rules, history: list[Event], now: datetime) -> None:
    """All that pages, messages and files ask the engine about a record."""
    state = None
    for event in history:
        state = advance(rules.protocol, state, event)
        told(rules, state, event)
    assert state is not None
    duties = agenda(rules, state, now)
    step = standing(rules, state, now, duties)
    for due in (step.due, *(duty.due for duty in duties)):
        if due is not None:
            proof = rules.proof(due)
            assert proof.as_text()
            assert proof.as_json()
            assert (due.date is None) == bool(due.none_because)
    for duty in duties:
        days_late(duty, now, rules)
        days_left(duty, now, rules)
        assert duty.day is None or due_label(duty.day, now, rules.calendar)
    assert ladder(rules, state, duties, now)
    assert list(telling.entries(rules, history, NAMES))
    moves(rules, state, GRACE, now)
    pointers(rules, state)
    overdue(state, now)
    turns(rules, state, now)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_right_date_is_taken(field: Field) -> None:
    history, came = tried(field, field.right)
    assert not isinstance(came, Refusal), came
    for now in (came[-1].at, *BEYOND):
        read_whole(field.rules, [*history, *came], now)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_any_date_is_refused_at_its_field_or_leaves_a_record_that_can_be_read(field: Field, typed: str) -> None:
    history, came = tried(field, TYPED[typed])
    if isinstance(came, Refusal):
        assert came.about == field.about or came.code == "route-over", came
        assert came.sentence
        return
    for now in (came[-1].at, *BEYOND):
        read_whole(field.rules, [*history, *came], now)


# What no field takes, but for the day on which a plan ended: it comes from the plan itself, however long ago.
NEVER = [(field, typed) for field in FIELDS for typed in ("1926", "ten years ago", "in 3 years", "2062", "9999")
         if field.act != "RecordPlanEnd"]  # fmt: skip


@pytest.mark.parametrize(("field", "typed"), NEVER, ids=lambda each: getattr(each, "name", each))
def test_a_mistyped_year_is_told_at_the_field(field: Field, typed: str) -> None:
    _, came = tried(field, TYPED[typed])
    assert isinstance(came, Refusal), f"{field.name} takes {TYPED[typed]}"


@pytest.mark.parametrize("at", BEYOND, ids=lambda at: str(at.year))
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_beyond_the_calendar_an_act_is_refused_or_its_record_can_be_read(field: Field, at: datetime) -> None:
    for day in (field.right, at.date() - dt.timedelta(days=1), at.date(), at.date() + dt.timedelta(days=9)):
        history, came = tried(field, day, at)
        if not isinstance(came, Refusal):
            for now in (at, *BEYOND):
                read_whole(field.rules, [*history, *came], now)


def dates_in(kind: Any, path: str = "") -> Iterator[str]:
    """The paths of all dates in a dataclass of the acts, those within what it holds as well."""
    for field in fields(kind):
        written = str(field.type)
        where = f"{path}.{field.name}".lstrip(".")
        if "dt.date" in written:
            yield where
        for name, inner in inspect.getmembers(acts, is_dataclass):
            if name in written.replace("[", " ").replace("]", " ").replace(",", " ").split():
                yield from dates_in(inner, where)


def test_every_date_that_an_act_takes_stands_in_the_table() -> None:
    kinds = [each for _, each in inspect.getmembers(acts, inspect.isclass) if issubclass(each, acts.Act)]
    found = {f"{kind.__name__}.{where}" for kind in kinds if is_dataclass(kind) for where in dates_in(kind)}
    assert found == {field.name for field in FIELDS}
