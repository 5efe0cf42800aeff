"""What may not happen in a plan cycle, beside what may: each refusal by its code and the field it is about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.engine.plan_cycle import stories
from tests.engine.plan_cycle.lived import START, Cycle, rules_of
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.decide import moves

HELD, LATER = stories.HELD, stories.LATER
SOON = date(2026, 5, 6)
YES = {"maya": acts.Decision(True), "jude": acts.Decision(True)}


def begun() -> Cycle:
    return Cycle("pan-lancashire").begun()


def fixed() -> Cycle:
    return begun().fixed("initial", START)


def held() -> Cycle:
    return fixed().held(START)


def agreed() -> Cycle:
    return held().does(acts.SetKeyAction("c1", ("maya",), "A visit.", SOON, "Ada"))


def postponed() -> Cycle:
    return fixed().does(acts.PostponeConference("c1", "The hall is shut."))


def appealed() -> Cycle:
    cycle = fixed().held(START, maya=False, jude=False)
    return cycle.does(acts.TakeRoute("appeal", START, "Her mother", "parent", conference="c1"))


REFUSED = [
    (begun, acts.Begin(("maya",)), "begun", ""),
    (begun, acts.JoinChild("maya", "Again."), "child-known", "child"),
    (begun, acts.JoinChild("noor", " "), "why", "why"),
    (begun, acts.FixConference("final", SOON), "no-kind", "kind"),
    (begun, acts.FixConference("initial", SOON, ("noor",)), "child-unknown", "child"),
    (begun, acts.FixConference("initial", date(2026, 4, 29)), "past", "on"),
    (begun, acts.FixConference("initial", date(2027, 4, 29)), "too-far", "on"),
    (fixed, acts.FixConference("initial", SOON), "fixed", "on"),
    (begun, acts.MoveConference("c1", SOON, "A day."), "no-conference", "conference"),
    (fixed, acts.MoveConference("c1", SOON, ""), "why", "why"),
    (held, acts.MoveConference("c1", SOON, "A day."), "held", "conference"),
    (stories.put_off, acts.MoveConference("c1", SOON, "A day."), "cancelled", "conference"),
    (begun, acts.PostponeConference("c1", "So."), "no-conference", "conference"),
    (fixed, acts.PostponeConference("c1", ""), "why", "why"),
    (postponed, acts.PostponeConference("c1", "So."), "postponed", "conference"),
    (held, acts.CancelConference("c1", "So."), "held", "conference"),
    (begun, acts.HoldConference("c1", START, YES), "no-conference", "conference"),
    (begun, acts.HoldConference("", START, YES), "no-kind", "kind"),
    (begun, acts.HoldConference("", START, YES, kind="reconvened"), "no-kind", "kind"),
    (begun, acts.HoldConference("", START, {}, kind="initial"), "no-children", "children"),
    (begun, acts.HoldConference("", START, {"noor": acts.Decision(True)}, kind="initial"), "child-unknown", "child"),
    (fixed, acts.HoldConference("c1", SOON, YES), "later", "on"),
    (fixed, acts.HoldConference("c1", START, {**YES, "noor": acts.Decision(True)}), "child-unknown", "decisions"),
    (fixed, acts.HoldConference("c1", START, YES, next_review=date(2026, 4, 1)), "past", "next_review"),
    (fixed, acts.HoldConference("c1", START, YES, dissents=(acts.Dissent("", "No."),)), "who", "dissents"),
    (fixed, acts.HoldConference("c1", START, YES, dissents=(acts.Dissent("Health", ""),)), "why", "dissents"),
    (fixed, acts.HoldConference("c1", START, YES, dissents=(acts.Dissent("A", "B", child="noor"),)), "child-unknown",
     "dissents"),
    (begun, acts.ShareReport("c1", START), "no-conference", "conference"),
    (fixed, acts.ShareReport("c1", SOON), "later", "on"),
    (begun, acts.HoldDiscussion("c1", START, "ready"), "no-conference", "conference"),
    (fixed, acts.HoldDiscussion("c1", SOON, "ready"), "later", "on"),
    (fixed, acts.HoldDiscussion("c1", START, "good"), "no-outcome", "outcome"),
    (fixed, acts.WriteOutline("c1", "maya", stories.PARTS), "not-held", "conference"),
    (held, acts.WriteOutline("c1", "maya", stories.PARTS[:4]), "part-missing", "parts"),
    (fixed, acts.SendSheet("c1", START, ("All",)), "not-held", "conference"),
    (held, acts.SendSheet("c1", SOON, ("All",)), "later", "on"),
    (stories.to_the_sheet, acts.SendSheet("c1", HELD, ()), "to-nobody", "to"),
    (stories.to_the_sheet, acts.SendSheet("c1", START, ("All",)), "before-it", "on"),
    (held, acts.SetKeyAction("c1", (), "A visit.", SOON, "Ada"), "no-children", "children"),
    (held, acts.SetKeyAction("c1", ("maya",), " ", SOON, "Ada"), "wording", "wording"),
    (held, acts.SetKeyAction("c1", ("maya",), "A visit.", SOON, " "), "who", "who"),
    (held, acts.SetKeyAction("c1", ("maya",), "A visit.", date(2026, 1, 1), "Ada"), "past", "by"),
    (held, acts.FeedBack("k1", START, True, "Done."), "no-feedback", "id"),
    (stories.between, acts.FeedBack("k1", START, True, "Done."), "no-feedback", "id"),
    (agreed, acts.FeedBack("k1", START - timedelta(1), True, "Done."), "before-it", "on"),
    (held, acts.HoldCoreGroup(("noor",), START), "child-unknown", "child"),
    (held, acts.HoldCoreGroup(("maya",), SOON), "later", "on"),
    (held, acts.MissCoreGroup(("maya",), START, ""), "why", "why"),
    (held, acts.NotAccept(("maya",), "", "A visit.", "No."), "agency", "agency"),
    (held, acts.NotAccept(("maya",), "Health", "", "No."), "recommendation", "recommendation"),
    (held, acts.NotAccept(("maya",), "Health", "A visit.", ""), "why", "why"),
    (held, acts.RecordEvent("maya", START, ""), "what", "what"),
    (held, acts.FinishCheck("maya", START, "She smiles.", "fine", "none"), "no-view", "view"),
    (held, acts.FinishCheck("maya", START, "She smiles.", "on-course", "none", {"a": "lost"}), "stands", "actions"),
    (held, acts.FinishCheck("maya", START, "She smiles.", "on-course", "none", facts={"a": acts.Fact("3", SOON)}),
     "as-at", "facts"),
    (held, acts.DoStep("party", START), "no-step", "milestone"),
    (held, acts.WriteNote("noor", "good", "Dear Noor,", "Ruth"), "child-unknown", "child"),
    (held, acts.WriteNote("maya", "good", "", "Ruth"), "text", "text"),
    (held, acts.WriteNote("maya", "good", "Dear Maya,", ""), "worker", "worker"),
    (held, acts.TakeRoute("party", START, "Her mother", "parent"), "no-route", "route"),
    (held, acts.TakeRoute("complaint", START, "", "parent"), "who", "who"),
    (held, acts.TakeRoute("complaint", START, "Her mother", "parent", children=("noor",)), "child-unknown", "child"),
    (held, acts.TakeRoute("appeal", START, "Her mother", "parent"), "no-conference", "conference"),
    (held, acts.DecideRoute("r1", True, "So."), "nothing-to-decide", "id"),
    (stories.beside, acts.DecideRoute("r1", True, "So."), "nothing-to-decide", "id"),
    (held, acts.BeginConcern("cancelled:c1", "R-1"), "not-offered", "offer"),
    (stories.between, acts.BeginConcern("not done:k2", ""), "reference", "reference"),
    (stories.between, acts.DeclineOffer("not done:k2", ""), "why", "why"),
    (held, acts.EndPlan("noor", START, "moved"), "child-unknown", "child"),
    (held, acts.EndPlan("maya", START, "conference"), "no-ending", "ending"),
    (held, acts.EndPlan("maya", START - timedelta(1), "moved"), "before-it", "on"),
    (begun, acts.EndCycle(" "), "why", "why"),
    (fixed, acts.EndCycle("Over."), "conference-ahead", "why"),
    (appealed, acts.EndCycle("Over."), "appeal-open", "why"),
    (begun, acts.Correct(5, "Wrong."), "no-entry", "seq"),
    (begun, acts.Correct(1, ""), "why", "why"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "act", "code", "about"), REFUSED, ids=lambda each: getattr(each, "__name__", None))
def test_what_may_not_happen_is_refused_and_says_where(story: object, act: acts.Act, code: str, about: str) -> None:
    assert callable(story)
    cycle: Cycle = story()
    on = cycle.history[-1].at.date()
    found = cycle.refused(act, on=on)
    assert (found.code, found.about) == (code, about), found
    assert cycle.state.seq == len(cycle.history)


def test_a_cycle_begins_first_with_its_children_by_whoever_chairs() -> None:
    cycle = Cycle()
    assert cycle.refused(acts.JoinChild("noor", "Born.")).code == "not-begun"
    assert cycle.refused(acts.Begin(("maya", "maya"))).code == "no-children"
    assert cycle.refused(acts.Begin(("maya",), date(2026, 5, 9))).about == "strategy"
    assert cycle.refused(acts.Begin(("maya",)), by="team-manager").code == "not-yours"
    assert cycle.begun().state.seq == 1


def test_who_has_no_part_does_nothing_and_after_the_end_nobody_does() -> None:
    cycle = begun()
    assert cycle.refused(acts.RecordLapse("x"), by="chair").sentence == "The service records this by itself."
    assert cycle.refused(acts.RecordLapse("x"), by="system").code == "not-passed"
    who = cycle.tries(acts.NotAccept(("maya",), "Health", "A visit.", "No."), by="core-group")
    assert isinstance(who, tuple)
    ended = stories.ended()
    assert ended.refused(acts.RecordEvent("maya", LATER, "She fell."), on=LATER).code == "ended"
    assert ended.refused(acts.RecordLapse("x"), by="system").code == "ended"
    assert begun().refused(acts.RecordEndTakenBack("maya"), by="system").code == "plan-runs"
    by = ended.history[-1].by
    found = moves(ended.rules, ended.state, by, ended.history[-1].at)
    ever = {"write_note", "take_route", "decide_route", "correct"}
    assert {name for name, move in found.items() if move.allowed} == ever


def test_somebody_without_any_part_is_told_so() -> None:
    cycle = begun()
    nobody = acts.RecordEvent("maya", START, "She fell.")
    found = moves(cycle.rules, cycle.state, type(cycle.history[0].by)("x"), cycle.history[0].at)["record_event"]
    assert found.refusal is not None
    assert found.refusal.sentence == "You have no part in this plan cycle."
    assert isinstance(cycle.tries(nobody), tuple)


def test_a_child_whose_plan_ended_is_decided_about_no_more() -> None:
    cycle = held().fixed("review", SOON)
    cycle.does(acts.EndPlan("jude", START, "looked-after"))
    assert cycle.refused(acts.HoldConference("c2", SOON, YES), on=SOON).code == "child-unknown"
    cycle.does(acts.HoldConference("c2", SOON, {"maya": acts.Decision(True)}), on=SOON)
    assert cycle.refused(acts.RecordEvent("jude", SOON, "He fell."), on=SOON).code == "child-ended"


def test_a_date_beyond_the_calendar_is_no_date_and_stops_nobody() -> None:
    cycle = Cycle().begun(on=date(2028, 12, 1))
    cycle.fixed("initial", date(2028, 12, 29), today=date(2028, 12, 1))
    cycle.held(date(2028, 12, 29))
    assert cycle.owed("core-group", "maya") == [date(2029, 1, 26)]
    (discussion,) = cycle.fixed("review", date(2029, 5, 1), today=date(2028, 12, 29)).duties(
        "pre-conference-discussion", "c2"
    )
    assert discussion.due is not None
    assert "bank holidays that are not known here" in (discussion.due.none_because or "")


def test_a_way_that_is_for_some_is_refused_to_others() -> None:
    cycle = Cycle().begun()
    shared = acts.TakeRoute("share-with-head-of-safeguarding", START, "The chair", "professional")
    assert cycle.refused(shared, by="team-manager").code == "not-yours"
    asked = cycle.refused(shared)
    assert (asked.code, asked.about) == ("no-text", "text")
    told = acts.TakeRoute(shared.route, START, shared.who, shared.party, "Two calls.")
    assert "head-of-safeguarding" in cycle.does(told).told()


def test_only_whoever_owes_a_step_of_the_policys_own_says_that_it_is_done() -> None:
    text = rules_of("walsall")
    assert text.protocol.met_by("check done")
    assert held().refused(acts.DoStep("midpoint-check", START)).code == "no-step"


def test_a_conference_that_nobody_fixed_here_is_put_on_the_record_with_what_it_decided() -> None:
    cycle = begun().does(acts.HoldConference("", START, YES, kind="initial"))
    assert cycle.state is not None
    (held,) = cycle.state.conferences.values()
    assert (held.kind, held.on, set(held.children)) == ("initial", START, {"maya", "jude"})
