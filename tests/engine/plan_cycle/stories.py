"""Plan cycles that, between them, bring about every type of event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from tests.engine.plan_cycle.lived import START, Cycle
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.kinds import EVENTS

PARTS = ("He is not safe.", "He sleeps at home.", "A visit each week.", "A look each month.", "In July.", "Weekly.")
HELD = date(2026, 5, 1)
LATER = date(2026, 5, 20)


def stories() -> Iterator[Cycle]:
    yield to_the_sheet()
    yield between()
    yield ended()
    yield taken_back()
    yield beside()
    yield put_off()


def to_the_sheet() -> Cycle:
    cycle = Cycle("pan-lancashire", area="lancashire").begun(strategy=date(2026, 4, 28))
    cycle.does(acts.JoinChild("noor", "She was born on Sunday."))
    cycle.fixed("initial", HELD, time=time(14), place="Civic Centre", invited=("School", "Health"))
    cycle.does(acts.ShareReport("c1", START, "School")).does(acts.ShareReport("c1", START))
    cycle.does(acts.HoldDiscussion("c1", START, "ready", how="by phone", notes="All is there."))
    decisions = {
        "maya": acts.Decision(True, "Neglect", father=True),
        "jude": acts.Decision(True, overruled="He is at risk too."),
        "noor": acts.Decision(False),
    }
    dissents = (acts.Dissent("The school", "She is at risk.", "The Named Professional agrees.", "noor"),
                acts.Dissent("Health", "It was too short."))  # fmt: skip
    held = acts.HoldConference("c1", HELD, decisions, True, time(14, 30), ("School",), (), dissents, date(2026, 7, 30))
    cycle.does(held, on=HELD)
    for child in ("maya", "jude"):
        cycle.does(acts.WriteOutline("c1", child, PARTS), on=HELD)
    cycle.does(acts.SendSheet("c1", HELD, ("The family",), time(16)), on=HELD)
    return cycle.does(acts.SendSheet("c1", LATER, ("Health", "The family")), on=LATER)


def between() -> Cycle:
    cycle = to_the_sheet()
    wording = "CAMHS offers an appointment"
    cycle.does(acts.SetKeyAction("c1", ("maya",), wording, LATER, "Elias Thornby", agency="CAMHS"), on=HELD)
    cycle.does(acts.SetKeyAction("c1", ("jude",), "Housing writes", LATER, "Ada Quill", "7"), on=HELD)
    cycle.does(acts.FeedBack("k1", LATER, True, "It is on Friday"), on=LATER)
    cycle.does(acts.FeedBack("k2", LATER, False, "There is no house."), on=LATER, person="7", by="participants")
    cycle.does(acts.HoldCoreGroup(("maya", "jude"), LATER, ("School",)), on=LATER)
    cycle.does(acts.HoldCoreGroup(("maya",), LATER + timedelta(1), updated=False), on=LATER + timedelta(1))
    cycle.does(acts.MissCoreGroup(("jude",), LATER, "Nobody came"), on=LATER)
    cycle.does(acts.NotAccept(("jude",), "Housing", "A house", "There is none."), on=LATER)
    cycle.does(acts.RecordEvent("maya", LATER, "She was missing.", "Found at her aunt’s."), on=LATER)
    check = acts.FinishCheck(
        "maya", LATER, "She sleeps at home.", "needs-help", "talk", {"a visit": "drifting"},
        {"visits": acts.Fact("3 of 4", LATER)}, {"on-time": "no"}, False, "Two visits were missed.",
    )  # fmt: skip
    cycle.does(check, on=LATER)
    cycle.does(acts.BeginConcern(f"check:{cycle.state.seq}", "SR-2026-0004"), on=LATER)
    refused = next(iter(cycle.state.not_accepted)).id
    cycle.does(acts.DeclineOffer(f"not accepted:{refused}", "There is one from June."), on=LATER)
    return cycle.does(acts.RecordLapse("0:midpoint-check:jude"), on=date(2026, 6, 16), by="system")


def ended() -> Cycle:
    cycle = Cycle().begun("maya").fixed("initial", HELD).held(HELD)
    # No step of this policy is recorded by itself: the record can hold one of a policy that has it.
    kind, last = EVENTS["step_done"].type, cycle.history[-1]
    cycle.keep(kind.make(last.seq + 1, {"milestone": "panel", "on": "2026-05-01", "child": "maya"}, last.by, last.at))
    cycle.does(acts.WriteNote("maya", "exemplary", "Dear Maya, Ruth came each week.", "Ruth Pemberly", True), on=HELD)
    cycle.does(acts.EndPlan("maya", LATER, "moved"), on=LATER)
    cycle.does(acts.Correct(2, "It was another day."), on=LATER)
    return cycle.does(acts.EndCycle("They moved."), on=LATER)


def taken_back() -> Cycle:
    cycle = Cycle().begun("maya").fixed("initial", HELD).held(HELD)
    cycle.does(acts.EndPlan("maya", LATER, "moved"), on=LATER)
    return cycle.does(acts.RecordEndTakenBack("maya", "Said by Judith Calloway"), on=LATER, by="system")


def beside() -> Cycle:
    cycle = Cycle("pan-lancashire").begun().fixed("initial", HELD).held(HELD)
    cycle.does(acts.TakeRoute("appeal", LATER, "Her mother", "parent", "The school was not heard.", "c1"), on=LATER)
    cycle.does(acts.DecideRoute("r1", True, "It was not heard."), on=LATER, by="directorate-safeguarding-manager")
    cycle.does(acts.TakeRoute("appeal", date(2026, 7, 1), "Her father", "parent", conference="c1"), on=date(2026, 7, 1))
    cycle.does(acts.DecideRoute("r2", False, "It was heard."), on=date(2026, 7, 2),
               by="directorate-safeguarding-manager")  # fmt: skip
    return cycle


def put_off() -> Cycle:
    cycle = Cycle().begun().fixed("initial", date(2026, 5, 8))
    cycle.does(acts.PostponeConference("c1", "The hall is shut."))
    cycle.does(acts.MoveConference("c1", date(2026, 5, 12), "There is a day.", time(10)))
    cycle.does(acts.CancelConference("c1", "Nobody can come."))
    cycle.fixed("initial", HELD)
    missing = acts.HoldConference("c2", HELD, {}, False, missing=("Health", "School"))
    cycle.does(missing, on=HELD)
    return cycle
