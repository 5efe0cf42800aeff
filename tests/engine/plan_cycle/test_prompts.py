"""What a check points out: each prompt is there exactly when a naive count says so. Five hundred years of a child."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from tests.engine.plan_cycle.lived import Cycle, rules_of
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.on_file import NOTHING, FiledChild, FiledConference, OnFile, Visit
from undrift.engine.plan_cycle.prompts import VISITS, Prompt, prompts
from undrift.protocol.clocks import Counted, Unit

YEARS = 500  # in `make test` too: a year is soon told
DAY = timedelta(days=1)


@dataclass
class Year:
    """What happened to one child, told once to the engine and counted here."""

    began: date
    reviews: list[date] = field(default_factory=list)
    fathers: list[tuple[date, bool]] = field(default_factory=list)
    events: list[tuple[date, bool]] = field(default_factory=list)  # and whether something was done about it
    visits: list[tuple[date, bool]] = field(default_factory=list)  # and whether the child was seen alone
    earlier: int = 0


def naive(year: Year, today: date, every: int | None) -> dict[str, int]:
    found: dict[str, int] = {}
    reviews = [day for day in year.reviews if day <= today]
    if len(reviews) >= 3:
        found["third review"] = len(reviews)
    months, there = 0, year.began
    while True:
        month, of_year = there.month % 12 + 1, there.year + there.month // 12
        there = date(of_year, month, 1)
        last = (date(there.year + there.month // 12, there.month % 12 + 1, 1) - DAY).day
        if there.replace(day=min(year.began.day, last)) > today:
            break
        months += 1
    # A plan that is fifteen months old today is long from tomorrow on.
    ago = today.year * 12 + today.month - 1 - 15
    last = (date(ago // 12 + (ago % 12 == 11), (ago % 12 + 1) % 12 + 1, 1) - DAY).day
    if year.began < date(ago // 12, ago % 12 + 1, min(today.day, last)):
        found["long"] = months
    if year.earlier:
        found["second plan"] = year.earlier
    said = [yes for day, yes in year.fathers if day <= today]
    if not said or not said[-1]:
        found["father"] = len(said)
    since = max([year.began, *reviews])
    if waiting := len([1 for day, answered in year.events if since <= day <= today and not answered]):
        found["significant events"] = waiting
    seen = sorted(day for day, _ in year.visits if since <= day <= today)
    if every is None:
        if not seen:
            found["visits"] = 0
    else:
        late, last_seen = 0, since
        for day in [*seen, today]:
            late += (day - last_seen).days > every
            last_seen = day
        if late:
            found["visits"] = late
    alone = [yes for day, yes in year.visits if since <= day <= today]
    if alone and not any(alone):
        found["not seen alone"] = len(alone)
    return found


def lived(dice: random.Random, every: int | None) -> tuple[Cycle, Year, OnFile, date]:
    own = {VISITS: Counted(every, Unit.CALENDAR_DAYS)} if every else {}
    cycle = Cycle(rules=rules_of(own=own)).begun("maya", on=date(2025, 1, 2))
    today = date(2025, 1, 2) + timedelta(days=dice.randint(0, 30))
    year = Year(today, earlier=dice.choice((0, 0, 0, 1, 2)))
    father = dice.choice((None, True, False))
    cycle.fixed("initial", today, today=today)
    review = today + timedelta(days=dice.randint(60, 92))
    cycle.does(acts.HoldConference("c1", today, {"maya": acts.Decision(True, father=father)}, next_review=review),
               on=today)  # fmt: skip
    if father is not None:
        year.fathers.append((today, father))
    for _ in range(dice.randint(0, 5)):
        ends = min(review, date(2026, 12, 30))
        while today + timedelta(days=9) < ends:
            today += timedelta(days=dice.randint(3, 16))
            if today >= ends:
                break
            between(cycle, year, dice, today)
        if dice.random() < 0.3:
            return cycle, year, on_file(year), today
        today, father = ends, dice.choice((None, True, False))
        year.reviews.append(today)
        review = today + timedelta(days=dice.randint(60, 180))
        name = f"c{len(cycle.state.conferences)}"
        cycle.does(acts.HoldConference(name, today, {"maya": acts.Decision(True, father=father)}, next_review=review),
                   on=today)  # fmt: skip
        if father is not None:
            year.fathers.append((today, father))
    return cycle, year, on_file(year), today


def between(cycle: Cycle, year: Year, dice: random.Random, today: date) -> None:
    match dice.randrange(8):
        case 0:
            father = dice.choice((None, True, False))
            cycle.does(acts.FinishCheck("maya", today, "She sleeps.", "on-course", "none", father=father), on=today)
            if father is not None:
                year.fathers.append((today, father))
        case 1:
            answered = dice.random() < 0.5
            cycle.does(acts.RecordEvent("maya", today, "She was missing.", "Found." if answered else ""), on=today)
            year.events.append((today, answered))
        case _:
            year.visits.append((today, dice.random() < 0.4))


def on_file(year: Year) -> OnFile:
    visits = tuple(Visit(day, alone) for day, alone in year.visits)
    return OnFile(children={"maya": FiledChild(visits=visits, earlier_plans=year.earlier)})


@pytest.mark.drawn
def test_each_prompt_is_there_exactly_when_a_naive_count_says_so(seed: int) -> None:
    dice = random.Random(seed)
    met: set[str] = set()
    for _ in range(YEARS):
        every = dice.choice((None, 10, 14, 28))
        cycle, year, file, today = lived(dice, every)
        found = prompts(cycle.rules, cycle.state, file, "maya", today)
        assert {p.kind: p.count for p in found} == naive(year, today, every), f"seed {seed}: {year} on {today}"
        met |= {p.kind for p in found}
    assert len(met) == 7, f"only {met} came up"


def said(cycle: Cycle, today: date, file: OnFile = NOTHING) -> dict[str, str]:
    found: tuple[Prompt, ...] = prompts(cycle.rules, cycle.state, file, "maya", today)
    return {p.kind: p.sentence for p in found}


def test_a_child_without_a_plan_is_asked_about_nothing() -> None:
    assert said(Cycle().begun(), date(2026, 5, 1)) == {}


def test_a_prompt_says_what_was_counted() -> None:
    day = date(2026, 5, 1)
    cycle = Cycle(rules=rules_of(own={})).begun("maya").fixed("initial", day).held(day)
    assert said(cycle, day) == {
        "father": "Nothing is recorded about the father.",
        "visits": "No visit is on file since the last conference.",
    }
    involved = acts.FinishCheck("maya", day, "She sleeps.", "on-course", "none", father=True)
    assert "father" not in said(cycle.does(involved, on=day), day)
    cycle.does(acts.RecordEvent("maya", day, "She was missing."), on=day)
    cycle.does(acts.FinishCheck("maya", day, "She sleeps.", "on-course", "none", father=False), on=day)
    filed = FiledChild(visits=(Visit(day),), plan_began=date(2025, 1, 31), earlier_plans=1)
    assert said(cycle, day, OnFile(children={"maya": filed})) == {
        "long": "The plan began 15 months ago, on 31 January 2025.",
        "second plan": "There was a plan before this one.",
        "father": "The father was not involved when it was last said.",
        "significant events": "1 significant event since the last conference without a recorded response.",
        "not seen alone": "In no visit since the last conference was the child seen alone.",
    }
    later = date(2026, 6, 1)
    cycle.does(acts.RecordEvent("maya", later, "She was missing again."), on=later)
    more = OnFile(children={"maya": FiledChild(earlier_plans=2)})
    found = said(cycle, later, more)
    assert found["second plan"] == "There were 2 plans before this one."
    assert found["significant events"].startswith("2 significant events")
    cycle.does(acts.RecordEvent("maya", later, "She was missing again.", "Her plan was changed."), on=later)
    assert said(cycle, later)["significant events"].startswith("1 significant event")


def test_visits_too_far_apart_are_counted_by_the_authoritys_number() -> None:
    day = date(2026, 5, 1)
    own = {VISITS: Counted(10, Unit.WORKING_DAYS)}
    cycle = Cycle(rules=rules_of(own=own)).begun("maya").fixed("initial", day).held(day)
    assert "visits" not in said(cycle, date(2026, 5, 18))
    once = said(cycle, date(2026, 5, 19))["visits"]
    assert once == "The time between visits was longer than 10 working days once since the last conference."
    filed = OnFile(children={"maya": FiledChild(visits=(Visit(date(2026, 5, 20), alone=True),))})
    assert "2 times" in said(cycle, date(2026, 6, 20), filed)["visits"]


def test_reviews_that_a_file_brings_are_counted_too() -> None:
    day = date(2026, 5, 1)
    cycle = Cycle().begun("maya").fixed("initial", day).held(day)
    reviews = tuple(FiledConference("review", day + timedelta(days=90 * n), ("maya",)) for n in (1, 2, 3))
    assert said(cycle, date(2027, 3, 1), OnFile(reviews))["third review"] == "3 reviews were held on this plan."
