"""The dates of every step around random conferences, beside a naive count: weekends, clock changes, Easter, Christmas.

Ten thousand lives in `make test-all`, a thousand in `make test`.
"""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from typing import Literal

import pytest

from tests.engine.plan_cycle.lived import CALENDAR, Cycle
from tests.engine.plan_cycle.naive_dates import Life, Meeting, Named, law, pan_lancashire, walsall
from tests.house.thorough import drawn
from undrift import library
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Counted, Unit

LIVES = drawn(10_000)
# Where a first conference lies: any day, or a few days around what is hard to count.
EASTER, CHRISTMAS = (date(2025, 4, 18), date(2026, 4, 3)), (date(2025, 12, 25), date(2026, 12, 25))
HARD = (*EASTER, *CHRISTMAS, date(2026, 3, 29), date(2026, 10, 25))


class Lived(Cycle):
    """The same life told to the engine and written down for the naive count."""

    def __init__(self, rules: Rules, dice: random.Random) -> None:
        super().__init__(rules=rules)
        self.dice = dice
        self.today = dice.choice(HARD) + timedelta(days=dice.randint(-12, 12)) if dice.random() < 0.5 else date(
            2025, 1, 6) + timedelta(days=dice.randrange(500))  # fmt: skip
        strategy = self.today - timedelta(days=dice.randint(0, 9)) if dice.random() < 0.7 else None
        self.life = Life("maya", strategy)
        self.does(acts.Begin(("maya",), strategy), on=self.today)

    def live(self) -> None:
        self.one_more(self.dice.choice(("initial", "initial", "transfer-in")))
        for _ in range(self.dice.randint(0, 5)):
            if self.life.ended is not None or self.today > date(2027, 3, 1):
                return
            self.today += timedelta(days=1)
            self.meet_between()
            if not self.state.ahead:
                held = [m for m in self.life.meetings if m.held is not None]
                again = bool(held) and self.dice.random() < 0.15
                self.one_more("reconvened" if again else "review" if held else "initial", held)

    def one_more(self, kind: str, held: list[Meeting] | None = None) -> None:
        """Fixed, moved or postponed on the way, then held, cancelled, or still to come."""
        earlier = held[-1] if kind == "reconvened" and held else None
        on = self.ahead()
        at = self.dice.choice((None, time(9, 30), time(14)))  # by which no day changes
        self.does(acts.FixConference(kind, on, time=at, reconvenes=earlier.name if earlier else ""), on=self.today)
        meeting = Meeting(f"c{len(self.state.conferences)}", earlier.kind if earlier else kind, [on])
        self.life.meetings.append(meeting)
        while self.dice.random() < 0.3:
            self.today += timedelta(days=self.dice.randint(0, 3))
            if self.dice.random() < 0.4 and not meeting.postponed:
                self.does(acts.PostponeConference(meeting.name, "The hall is shut."), on=self.today)
                meeting.postponed = True
            else:
                meeting.dates.append(self.ahead())
                self.does(acts.MoveConference(meeting.name, meeting.dates[-1], "A better day."), on=self.today)
                meeting.postponed = False
        if meeting.postponed or self.dice.random() < 0.15:
            if self.dice.random() < 0.5:
                self.does(acts.CancelConference(meeting.name, "It was not needed."), on=self.today)
                meeting.cancelled = True
            return
        self.today = max(self.today, meeting.dates[-1])
        meeting.held = self.today
        goes_on = self.dice.random() < 0.85
        decided = {"maya": acts.Decision(goes_on)}
        self.does(acts.HoldConference(meeting.name, self.today, decided, time=at), on=self.today)
        if not goes_on:
            self.life.ended = self.today

    def ahead(self) -> date:
        return self.today + timedelta(days=self.dice.choice((0, 1, 2, 3, 10, 45, 91, 180)))

    def meet_between(self) -> None:
        for _ in range(self.dice.randint(0, 3)):
            self.today += timedelta(days=self.dice.randint(1, 20))
            self.does(acts.HoldCoreGroup(("maya",), self.today), on=self.today)
            self.life.core_groups.append(self.today)


def counted(cycle: Cycle) -> dict[Named, date]:
    duties = agenda(cycle.rules, cycle.state)
    return {(str(d.must), d.subject, d.nth): d.day for d in duties if not isinstance(d.must, CycleMust) and d.day}


@pytest.mark.drawn
@pytest.mark.parametrize("protocol_id", ["walsall", "pan-lancashire"])
def test_every_date_around_a_conference_is_that_of_the_naive_count(protocol_id: str, seed: int) -> None:
    dice = random.Random(f"{seed} {protocol_id}")
    moved = reconvened = postponed = weekend = 0
    over = dict.fromkeys((*HARD, date(2025, 3, 30), date(2025, 10, 26)), 0)
    for _ in range(LIVES // 2):
        bare: Literal["working", "calendar"] = dice.choice(("working", "calendar"))
        before, weeks = dice.randint(1, 10), dice.randint(2, 8)
        own = {
            "pre-conference-discussion": Counted(before, Unit.WORKING_DAYS),
            "core-group": Counted(weeks, Unit.WEEKS),
            "core-groups": Counted(weeks, Unit.WEEKS),
        }
        lived = Lived(Rules(library.load(protocol_id), CALENDAR, bare, own=own), dice)
        lived.live()
        life = lived.life
        naive = walsall(life, bare, before, weeks) if protocol_id == "walsall" else pan_lancashire(life, bare, weeks)
        assert counted(lived) == naive, f"seed {seed}: {life}"
        fixing = {d.nth: d.day for d in lived.duties(CycleMust.FIX) if d.day}
        assert fixing == law(life), f"seed {seed}: {life}"
        postponed += any(m.postponed for m in life.meetings)
        days = [m.held for m in life.meetings if m.held is not None]
        weekend += any(day.weekday() > 4 for day in days)
        for hard in over:
            over[hard] += bool(days) and days[0] < hard < max([*naive.values(), *law(life).values()], default=days[0])
        moved += any(len(m.dates) > 1 for m in life.meetings)
        reconvened += sum(lived.state.conferences[m.name].reconvenes != "" for m in life.meetings)
    assert moved > LIVES / 20, "conferences are moved"
    assert reconvened > LIVES / 200, "and reconvened"
    assert postponed > LIVES / 100, "and postponed, for good or with a new date"
    assert weekend > LIVES / 20, "and held at a weekend"
    assert min(over.values()) > LIVES / 200, f"times run over Easter, Christmas and each change of the clocks: {over}"
