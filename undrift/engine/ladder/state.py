"""Where a resolution stands: folded from its history, never stored as truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from undrift.engine.events import By, Event
from undrift.protocol.model import Protocol

ENDINGS: Mapping[str, str] = {
    "plan-ended": "The plan ended",
    "looked-after": "The child became looked after",
    "moved": "The child moved to another authority",
    "disagreement-recorded": "Not agreed at the highest stage; the disagreement is on record",
    "another-process": "Taken on under another process",
    "in-error": "Raised in error",
}


@dataclass(frozen=True)
class Child:
    id: str
    impact: str
    settled: bool = False
    changed: str = ""  # what changed for this child, written when it is resolved


@dataclass(frozen=True)
class Action:
    """`status`: agreed, in progress, done (waiting for the chair), complete, dropped. `dates` oldest first."""

    id: str
    what: str
    who: str
    person: str = ""
    by: dt.date | None = None
    status: str = "agreed"
    dates: tuple[dt.date, ...] = ()
    done_on: dt.date | None = None
    helped: str = ""
    returned: str = ""

    @property
    def open(self) -> bool:
        return self.status not in ("complete", "dropped")


@dataclass(frozen=True)
class Answer:
    seq: int
    agree: str
    text: str
    by: By
    at: datetime
    actions: tuple[Mapping[str, Any], ...] = ()
    obstacles: tuple[str, ...] = ()
    consider: Mapping[str, bool] = field(default_factory=dict)
    approved_at: datetime | None = None
    approved_by: By | None = None
    sent_back: str = ""  # the approver's comment, while it is with the responder again

    @property
    def meets_clock_at(self) -> datetime | None:
        return self.approved_at


@dataclass(frozen=True)
class Judgement:
    children: Mapping[str, bool]
    why: str
    at: datetime
    by: By

    @property
    def accepted(self) -> bool:
        return all(self.children.values())


@dataclass(frozen=True)
class Visit:
    """One stay on one stage. `date` is the agreed date or the chair's own; `until` a later one given since."""

    stage: str
    entered: datetime
    because: str
    ask: str = ""
    date: dt.date | None = None
    asked_by: dt.date | None = None
    until: dt.date | None = None
    until_why: str = ""
    agency: str = ""
    completion: dt.date | None = None
    different: str = ""
    answer: Answer | None = None
    earlier_answers: tuple[Answer, ...] = ()
    judged: Judgement | None = None
    spoke: tuple[tuple[str, datetime], ...] = ()  # role, when
    reached: Mapping[str, datetime] = field(default_factory=dict)
    refused: bool = False  # a milestone at which a recommendation was not accepted
    lapsed: tuple[str, ...] = ()
    left: datetime | None = None
    left_because: str = ""

    def spoke_with(self, role: str | None) -> datetime | None:
        return next((at for to, at in self.spoke if role is None or to == role), None)


@dataclass(frozen=True)
class Ending:
    kind: str  # resolved, withdrawn, closed
    at: datetime
    by: By
    why: str = ""
    ending: str = ""


@dataclass(frozen=True)
class State:
    """`seq` is the last event's. `visits` oldest first; the last is where it stands."""

    seq: int
    raised: datetime
    raised_by: By
    concern: str
    children: Mapping[str, Child]
    visits: tuple[Visit, ...]
    grounds: tuple[str, ...] = ()
    occasion: str = ""
    tried: str = ""
    why_this_stage: str = ""
    recommendation: str = ""
    conference: str = ""
    agency: str = ""
    risk: bool = False
    risk_acted: tuple[str, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    handed: Mapping[str, str] = field(default_factory=dict)
    corrected: frozenset[int] = frozenset()
    filed: frozenset[str] = frozenset()
    version: str = ""
    ended: Ending | None = None
    last_at: datetime | None = None
    last_action_at: datetime | None = None  # when an action was last confirmed or ended
    last_decision: tuple[By, datetime] | None = None

    @property
    def here(self) -> Visit:
        return self.visits[-1]

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(a for a in self.actions.values() if a.open)

    @property
    def unsettled(self) -> tuple[Child, ...]:
        return tuple(c for c in self.children.values() if not c.settled)


class BrokenHistory(ValueError):
    """A history that cannot have come from `decide`: it does not begin with `raised`, or skips a number."""


def fold(protocol: Protocol, history: Iterable[Event]) -> State | None:
    """The state that a history leads to; None for an empty one.

    Total over every history that `decide` can produce. Refuses (`BrokenHistory`) a gap in the numbers.
    """
    state: State | None = None
    for entry in history:
        state = advance(protocol, state, entry)
    return state


def advance(protocol: Protocol, state: State | None, entry: Event) -> State:
    """The state after one more event."""
    if state is None:
        if entry.type != "raised" or entry.seq != 1:
            raise BrokenHistory(
                f"A history begins with event 1, raised; this one begins with {entry.seq}, {entry.type}."
            )
        return _raised(entry)
    if entry.seq != state.seq + 1:
        raise BrokenHistory(f"After event {state.seq} comes {state.seq + 1}, not {entry.seq}.")
    apply = _APPLY.get(entry.type)
    if apply is not None:
        state = apply(state, entry)
    return replace(state, seq=entry.seq, last_at=entry.at)


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _raised(e: Event) -> State:
    p = e.payload
    risk = p.get("risk")
    visit = Visit(
        stage=p["stage"],
        entered=e.at,
        because="raised",
        ask=p.get("ask", ""),
        date=_day(p.get("date")),
        asked_by=_day(p.get("asked_by")),
        agency=p.get("agency", ""),
        completion=_day(p.get("completion")),
    )
    state = State(
        seq=e.seq,
        raised=e.at,
        raised_by=e.by,
        concern=p["concern"],
        children={c: Child(c, impact) for c, impact in p["children"].items()},
        visits=(visit,),
        grounds=tuple(p["grounds"]),
        occasion=p.get("occasion", ""),
        tried=p.get("tried", ""),
        why_this_stage=p.get("why_this_stage", ""),
        recommendation=p.get("recommendation", ""),
        conference=p.get("conference", ""),
        agency=p.get("agency", ""),
        risk=risk is not None,
        risk_acted=(risk["acted"],) if risk and risk.get("acted") else (),
        copied=tuple(p.get("copied", ())),
        last_at=e.at,
    )
    for a in p.get("actions", ()):
        state = _with_action(state, a)
    return state


def _with_action(s: State, a: Mapping[str, Any]) -> State:
    by = _day(a.get("by"))
    action = Action(a["id"], a["what"], a["who"], a.get("person", ""), by, dates=(by,) if by else ())
    return replace(s, actions={**s.actions, action.id: action})


def _here(s: State, **changes: Any) -> State:
    return replace(s, visits=(*s.visits[:-1], replace(s.here, **changes)))


def _spoke(s: State, e: Event) -> State:
    return _here(s, spoke=(*s.here.spoke, (e.payload.get("with", ""), e.at)))


def _milestone(s: State, e: Event) -> State:
    refused = s.here.refused or e.payload.get("accepted") is False
    return _here(s, reached={**s.here.reached, e.payload["milestone"]: e.at}, refused=refused)


def _answer(e: Event) -> Answer:
    p = e.payload
    return Answer(
        seq=e.seq,
        agree=p["agree"],
        text=p["text"],
        by=e.by,
        at=e.at,
        actions=tuple(p.get("actions", ())),
        obstacles=tuple(p.get("obstacles", ())),
        consider=p.get("consider", {}),
        approved_at=e.at if e.type == "answered" else None,
    )


def _answered(s: State, e: Event) -> State:
    earlier = s.here.earlier_answers
    if s.here.answer is not None:
        earlier = (*earlier, s.here.answer)
    return _here(s, answer=_answer(e), earlier_answers=earlier)


def _approved(s: State, e: Event) -> State:
    if s.here.answer is None:
        return s
    return _here(s, answer=replace(s.here.answer, approved_at=e.at, approved_by=e.by, sent_back=""))


def _sent_back(s: State, e: Event) -> State:
    if s.here.answer is None:
        return s
    return _here(s, answer=replace(s.here.answer, sent_back=e.payload["comment"]))


def _judged(s: State, e: Event) -> State:
    verdict: Mapping[str, bool] = e.payload["children"]
    children = {c: replace(child, settled=verdict.get(c, child.settled)) for c, child in s.children.items()}
    s = replace(s, children=children, last_decision=(e.by, e.at))
    return _here(s, judged=Judgement(verdict, e.payload.get("why", ""), e.at, e.by))


def _moved_on(s: State, e: Event) -> State:
    p = e.payload
    s = _here(s, left=e.at, left_because=p["because"])
    impacts: Mapping[str, str] = p["children"]
    risk = p.get("risk")
    visit = Visit(
        stage=p["stage"],
        entered=e.at,
        because=p["because"],
        ask=p.get("ask", ""),
        date=_day(p.get("date")),
        asked_by=_day(p.get("asked_by")),
        agency=p.get("agency", "") or s.agency,
        completion=_day(p.get("completion")),
        different=p.get("different", ""),
    )
    grounds = s.grounds + tuple(g for g in p.get("grounds", ()) if g not in s.grounds)
    copied = s.copied + tuple(c for c in p.get("copied", ()) if c not in s.copied)
    return replace(
        s,
        visits=(*s.visits, visit),
        children={
            c: replace(child, impact=impacts.get(c, child.impact), settled=child.settled and c not in impacts)
            for c, child in s.children.items()
        },
        grounds=grounds,
        copied=copied,
        agency=visit.agency,
        risk=s.risk or risk is not None,
        risk_acted=(*s.risk_acted, risk["acted"]) if risk and risk.get("acted") else s.risk_acted,
        last_decision=(e.by, e.at),
    )


def _more_time(s: State, e: Event) -> State:
    s = replace(s, last_decision=(e.by, e.at))
    return _here(s, until=_day(e.payload["until"]), until_why=e.payload["why"])


def _lapsed(s: State, e: Event) -> State:
    return _here(s, lapsed=(*s.here.lapsed, e.payload["duty"]))


def _action(s: State, e: Event, **changes: Any) -> State:
    found = s.actions.get(e.payload["id"])
    if found is None:
        return s
    return replace(s, actions={**s.actions, found.id: replace(found, **changes)})


def _redated(s: State, e: Event) -> State:
    by = _day(e.payload["by"])
    found = s.actions.get(e.payload["id"])
    if found is None or by is None:
        return s
    return _action(s, e, by=by, dates=(*found.dates, by))


def _urgent(s: State, e: Event) -> State:
    return replace(s, risk=True, risk_acted=(*s.risk_acted, e.payload["what"]))


def _resolved(s: State, e: Event) -> State:
    changed: Mapping[str, str] = e.payload["children"]
    children = {c: replace(k, settled=True, changed=changed.get(c, "")) for c, k in s.children.items()}
    s = _here(s, left=e.at, left_because="resolved")
    return replace(s, children=children, ended=Ending("resolved", e.at, e.by), last_decision=(e.by, e.at))


def _withdrawn(s: State, e: Event) -> State:
    s = _here(s, left=e.at, left_because="withdrawn")
    return replace(s, ended=Ending("withdrawn", e.at, e.by, e.payload["why"]), last_decision=(e.by, e.at))


def _closed(s: State, e: Event) -> State:
    changed: Mapping[str, str] = e.payload.get("children", {})
    children = {c: replace(k, changed=changed.get(c, "")) for c, k in s.children.items()}
    s = _here(s, left=e.at, left_because="closed")
    ending = Ending("closed", e.at, e.by, e.payload["why"], e.payload["ending"])
    return replace(s, children=children, ended=ending, last_decision=(e.by, e.at))


_APPLY: Mapping[str, Callable[[State, Event], State]] = {
    "spoke": _spoke,
    "milestone_reached": _milestone,
    "answer_drafted": _answered,
    "answered": _answered,
    "approved": _approved,
    "sent_back": _sent_back,
    "judged": _judged,
    "moved_on": _moved_on,
    "more_time_given": _more_time,
    "date_lapsed": _lapsed,
    "action_agreed": lambda s, e: _with_action(s, e.payload),
    "action_started": lambda s, e: _action(s, e, status="in progress"),
    "action_done": lambda s, e: _action(
        s, e, status="done", done_on=_day(e.payload["on"]), helped=e.payload.get("helped", ""), returned=""
    ),
    "action_confirmed": lambda s, e: replace(_action(s, e, status="complete"), last_action_at=e.at),
    "action_returned": lambda s, e: _action(s, e, status="in progress", returned=e.payload["why"]),
    "action_date_changed": _redated,
    "action_dropped": lambda s, e: replace(_action(s, e, status="dropped"), last_action_at=e.at),
    "urgent_action_recorded": _urgent,
    "resolved": _resolved,
    "withdrawn": _withdrawn,
    "closed": _closed,
    "handed_over": lambda s, e: replace(s, handed={**s.handed, e.payload["role"]: e.payload["person"]}),
    "corrected": lambda s, e: replace(s, corrected=s.corrected | {e.payload["seq"]}),
    "filed": lambda s, e: replace(s, filed=s.filed | {e.payload["child"]}),
    "rules_changed": lambda s, e: replace(s, version=e.payload["version"]),
}
