"""Worked examples as text: a history that happens, and what should follow at each step.

The words of the file:

    title = "..."                       note, clauses: what it shows, and where the policy says it
    case = "plan cycle"                 what it is about; a concern where nothing is said
    bare_days = "calendar"              the authority's choice; "working" where nothing is said
    own = { core-group = "4 weeks" }    the numbers that the policy leaves to the authority
    closures = { 2026-05-29 = "Staff day" }
    [[step]]
    at = 2026-04-30T10:15:00            the London clock; a day alone means 9 in the morning
    by = "team-manager"                 the role, held by a person of that name; or { person = "owen", roles = [...] }
    act = "respond"                     without an act, the step only looks
    [step.with]                         what the act says
    [step.expect]                       what should follow (see `Expected`)
    [[date]]                            a date of a milestone or of a route: milestone or route, from, due, why
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import Any, Literal

from undrift.engine.dates.moments import LONDON
from undrift.engine.events import SYSTEM, By
from undrift.engine.ladder import acts
from undrift.engine.ladder.kinds import ACT_NAMES
from undrift.engine.plan_cycle import acts as cycle_acts
from undrift.engine.plan_cycle.kinds import ACT_NAMES as CYCLE_ACT_NAMES
from undrift.protocol.clocks import Clock

MORNING = time(9)


class ExampleError(ValueError):
    """An example that cannot be read. The message names the file, the step and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What should follow a step. Only what is given is compared.

    `refused` is the code or a part of the sentence, `clause` the refusal's; without `refused` the act has to happen.
    `next` is a role (or a name), `due` the date of the next step ("none" where no date is set), `why` parts of its
    proof. `late` is the working days by which the answer of this stage is late. `told` is everybody told, as "role"
    or "role: what is asked". `owes` are duties owed, as "role must date". `settled` and `open` are children. `offers`
    are all that is offered in a plan cycle, as "stage reason: child, child".
    """

    refused: str = ""
    clause: str = ""
    about: str = ""
    events: tuple[str, ...] | None = None
    stage: str = ""
    tag: str = ""
    next: str = ""
    due: date | Literal["none"] | None = None
    why: tuple[str, ...] = ()
    late: int | None = None
    told: frozenset[str] | None = None
    owes: tuple[str, ...] = ()
    settled: tuple[str, ...] | None = None
    open: tuple[str, ...] | None = None
    actions: Mapping[str, str] = field(default_factory=dict)
    pointers: tuple[str, ...] | None = None
    ended: str = ""
    offers: tuple[str, ...] | None = None


Case = Literal["concern", "plan cycle"]
CASES: Mapping[str, Mapping[str, type[Any]]] = {"concern": ACT_NAMES, "plan cycle": CYCLE_ACT_NAMES}


@dataclass(frozen=True)
class Step:
    number: int
    at: datetime
    by: By
    act: acts.Act | cycle_acts.Act | None
    name: str  # of the act, as written
    expect: Expected


@dataclass(frozen=True)
class DatedRule:
    """When a milestone is due, or a route ends, counted from a day."""

    kind: Literal["milestone", "route"]
    id: str
    start: date
    due: date
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    name: str
    title: str
    steps: tuple[Step, ...]
    dates: tuple[DatedRule, ...] = ()
    clauses: tuple[str, ...] = ()
    note: str = ""
    bare_days: Literal["working", "calendar"] = "working"
    closures: Mapping[date, str] = field(default_factory=dict)
    case: Case = "concern"
    own: Mapping[str, Clock] = field(default_factory=dict)


def read_example(text: str, name: str) -> Example:
    """The example that `text` says; `name` is the file's. Refuses with `ExampleError`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExampleError(f"{name}: this is not TOML yet: {error}") from None
    known = {"title", "note", "clauses", "case", "bare_days", "own", "closures", "step", "date"}
    _only_known(data, known, name)
    if not data.get("title"):
        raise ExampleError(f"{name}: give the example a title: the claim it shows.")
    bare_days = data.get("bare_days", "working")
    if bare_days not in ("working", "calendar"):
        raise ExampleError(f'{name}: bare_days is "working" or "calendar", and not "{bare_days}".')
    case = data.get("case", "concern")
    if case not in CASES:
        raise ExampleError(f'{name}: case is "concern" or "plan cycle", and not "{case}".')
    return Example(
        name=name,
        title=data["title"],
        note=data.get("note", ""),
        clauses=tuple(data.get("clauses", ())),
        bare_days=bare_days,
        closures={date.fromisoformat(day): title for day, title in data.get("closures", {}).items()},
        case=case,
        own={step: Clock.read(clock) for step, clock in data.get("own", {}).items()},
        steps=tuple(_step(n, raw, name, CASES[case]) for n, raw in enumerate(data.get("step", ()), start=1)),
        dates=tuple(_dated(raw, f"{name}, date {n}") for n, raw in enumerate(data.get("date", ()), start=1)),
    )


def _only_known(raw: Mapping[str, Any], known: set[str], place: str) -> None:
    if unknown := sorted(raw.keys() - known):
        raise ExampleError(f'{place}: "{unknown[0]}" is not known here. Use: {", ".join(sorted(known))}.')


def _step(number: int, raw: Mapping[str, Any], name: str, known: Mapping[str, type[Any]]) -> Step:
    place = f"{name}, step {number}"
    _only_known(raw, {"at", "by", "act", "with", "expect"}, place)
    if "at" not in raw:
        raise ExampleError(f"{place}: say when (at = 2026-04-30T10:15:00).")
    act = raw.get("act", "")
    return Step(
        number=number,
        at=_moment(raw["at"]),
        by=_by(raw.get("by", "")),
        act=_act(act, raw.get("with", {}), place, known) if act else None,
        name=act,
        expect=_expected(raw.get("expect", {}), place),
    )


def _moment(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LONDON)
    return datetime.combine(value, MORNING, LONDON)


def _by(raw: str | Mapping[str, Any]) -> By:
    if isinstance(raw, str):
        return By(person=raw, name=raw, roles=frozenset({raw})) if raw not in ("", "system") else SYSTEM
    person = raw["person"]
    return By(
        person, raw.get("name", person), frozenset(raw.get("roles", ())), on_behalf_of=raw.get("on_behalf_of", "")
    )


def _act(name: str, raw: Mapping[str, Any], place: str, known: Mapping[str, type[Any]]) -> acts.Act | cycle_acts.Act:
    kind = known.get(name)
    if kind is None:
        raise ExampleError(f'{place}: there is no act "{name}". Use: {", ".join(known)}.')
    act: acts.Act | cycle_acts.Act = _built(kind, raw, f"{place}, {name}")
    return act


def _built(kind: type[Any], raw: Mapping[str, Any], place: str) -> Any:
    _only_known(raw, {f.name for f in fields(kind)}, place)
    try:
        return kind(**{word: _READ.get((kind, word), _plain)(value, place) for word, value in raw.items()})
    except TypeError as error:
        raise ExampleError(f"{place}: {error}.") from None


def _plain(value: Any, place: str) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _concerns(raw: Mapping[str, Any], place: str) -> tuple[acts.ChildConcern, ...]:
    said = {child: {"impact": it} if isinstance(it, str) else it for child, it in raw.items()}
    return tuple(_built(acts.ChildConcern, {"id": c, "name": c.title(), **it}, place) for c, it in said.items())


def _risk(raw: Any, place: str) -> acts.Risk:
    return acts.Risk(raw) if isinstance(raw, str) else acts.Risk()


def _talk(raw: Mapping[str, Any], place: str) -> acts.Conversation:
    talk: acts.Conversation = _built(acts.Conversation, raw, place)
    return talk


def _action(raw: Mapping[str, Any], place: str) -> acts.ActionAsked:
    action: acts.ActionAsked = _built(acts.ActionAsked, raw, place)
    return action


def _actions(raw: list[Mapping[str, Any]], place: str) -> tuple[acts.ActionAsked, ...]:
    return tuple(_action(each, place) for each in raw)


def _decisions(raw: Mapping[str, Any], place: str) -> Mapping[str, cycle_acts.Decision]:
    said = {child: {"plan": it} if isinstance(it, bool) else it for child, it in raw.items()}
    return {child: _built(cycle_acts.Decision, it, place) for child, it in said.items()}


def _dissents(raw: list[Mapping[str, Any]], place: str) -> tuple[cycle_acts.Dissent, ...]:
    return tuple(_built(cycle_acts.Dissent, each, place) for each in raw)


def _facts(raw: Mapping[str, Mapping[str, Any]], place: str) -> Mapping[str, cycle_acts.Fact]:
    return {name: _built(cycle_acts.Fact, fact, place) for name, fact in raw.items()}


_READ: Mapping[tuple[type[Any], str], Callable[[Any, str], Any]] = {
    (acts.Raise, "children"): _concerns,
    (acts.Raise, "spoke"): _talk,
    (acts.Raise, "rang"): _talk,
    (acts.Raise, "risk"): _risk,
    (acts.Raise, "actions"): _actions,
    (acts.MoveOn, "spoke"): _talk,
    (acts.MoveOn, "risk"): _risk,
    (acts.Speak, "conversation"): _talk,
    (acts.Respond, "actions"): _actions,
    (acts.AgreeAction, "action"): _action,
    (cycle_acts.HoldConference, "decisions"): _decisions,
    (cycle_acts.HoldConference, "dissents"): _dissents,
    (cycle_acts.FinishCheck, "facts"): _facts,
}


def _expected(raw: Mapping[str, Any], place: str) -> Expected:
    _only_known(raw, {f.name for f in fields(Expected)}, f"{place}, expect")
    read: dict[str, Any] = {word: tuple(value) if isinstance(value, list) else value for word, value in raw.items()}
    if "told" in read:
        read["told"] = frozenset(read["told"])
    return Expected(**read)


def _dated(raw: Mapping[str, Any], place: str) -> DatedRule:
    _only_known(raw, {"milestone", "route", "from", "due", "why"}, place)
    kind: Literal["milestone", "route"] = "milestone" if "milestone" in raw else "route"
    try:
        return DatedRule(kind, raw[kind], raw["from"], raw["due"], tuple(raw.get("why", ())))
    except KeyError as missing:
        raise ExampleError(f"{place}: {missing} is missing. Give milestone or route, from and due.") from None
