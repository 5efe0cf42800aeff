"""A plan cycle lived day by day: acts by somebody who may, so that a test says only what happens and when."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from undrift import library
from undrift.engine.dates.moments import LONDON
from undrift.engine.duties import Duty
from undrift.engine.events import By, Event
from undrift.engine.next_step import NextStep
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.plan_cycle.decide import decide
from undrift.engine.plan_cycle.fold import advance
from undrift.engine.plan_cycle.offers import Offer, offers
from undrift.engine.plan_cycle.standing import standing
from undrift.engine.plan_cycle.state import State
from undrift.engine.plan_cycle.told import told
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.protocol.clocks import parse

START = date(2026, 4, 30)  # a Thursday; Monday 4 May is a bank holiday
CALENDAR = calendars.load("england-and-wales")
OWN = {"pre-conference-discussion": "5 working days", "core-group": "4 weeks", "core-groups": "4 weeks"}


def rules_of(protocol: str = "walsall", area: str = "", **more: Any) -> Rules:
    more.setdefault("own", {step: parse(clock) for step, clock in OWN.items()})
    return Rules(library.load(protocol, area=area), CALENDAR, bare_days="working", **more)


class Cycle:
    """A cycle of two children. `does` expects that it may happen, `refused` that it may not."""

    def __init__(self, protocol: str = "walsall", rules: Rules | None = None, area: str = "") -> None:
        self.rules = rules or rules_of(protocol, area)
        self.history: list[Event] = []
        self._state: State | None = None

    @property
    def state(self) -> State:
        assert self._state is not None
        return self._state

    def begun(self, *children: str, strategy: date | None = None, on: date = START) -> Cycle:
        return self.does(acts.Begin(children or ("maya", "jude"), strategy), on=on)

    def does(self, act: acts.Act, *, on: date = START, by: str = "", person: str = "") -> Cycle:
        found = self.tries(act, on=on, by=by, person=person)
        assert not isinstance(found, Refusal), found
        for event in found:
            self.keep(event)
        return self

    def keep(self, event: Event) -> None:
        self.history.append(event)
        self._state = advance(self._state, event)

    def tries(self, act: acts.Act, *, on: date = START, by: str = "", person: str = "") -> tuple[Event, ...] | Refusal:
        role = by or self.rules.protocol.chair
        who = By(person or role, role, frozenset({role}), "system" if by == "system" else "")
        return decide(self.rules, self._state, act, who, datetime.combine(on, time(16), LONDON))

    def refused(self, act: acts.Act, *, on: date = START, by: str = "", person: str = "") -> Refusal:
        found = self.tries(act, on=on, by=by, person=person)
        assert isinstance(found, Refusal), found
        assert found.sentence
        return found

    def fixed(self, kind: str, on: date, *, today: date = START, **more: Any) -> Cycle:
        return self.does(acts.FixConference(kind, on, **more), on=today)

    def held(self, on: date, review: date | None = None, **plans: bool) -> Cycle:
        """The conference that is fixed is held on that day: a plan for each child, or what is said."""
        conference = next(c for c in self.state.ahead if c.on is not None)
        said = {child: acts.Decision(plans.get(child, True)) for child in conference.children}
        return self.does(acts.HoldConference(conference.id, on, said, next_review=review), on=on)

    def duties(self, must: str, subject: str = "") -> list[Duty]:
        return [d for d in agenda(self.rules, self.state) if d.must == must and subject in ("", d.subject)]

    def owed(self, must: str, subject: str = "") -> list[date | None]:
        return [d.day for d in self.duties(must, subject) if d.owed]

    def offered(self, on: date) -> dict[str, Offer]:
        found = offers(self.rules, self.state, datetime.combine(on, time(16), LONDON))
        return {offer.key: offer for offer in found}

    @property
    def next(self) -> NextStep:
        return standing(self.rules, self.state)

    def told(self) -> set[str]:
        return {f"{t.role}: {t.ask}" if t.ask else t.role for t in told(self.rules, self.state, self.history[-1])}
