"""What a record offers leads on, and what has been written stands on it: after a no at the top, a mistaken ending, a
date that can be given to nobody any more, an answer that went back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions.reached import ANSWER, answered, children_of, drafted, informal, judged, stage_one
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.record.models import Notice
from undrift.record.outcomes import Refused
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Be = Callable[[str], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def at(resolution: Resolution, page: str = "") -> str:
    return f"/resolutions/{resolution.reference}" + (f"/{page}" if page else "")


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def text(client: Client, address: str) -> str:
    return str(lint(client.get(address)).text)


# What was directed ----------------------------------------------------------------------------------------------------


@pytest.fixture
def directed(north: Cast) -> Resolution:
    """Not accepted at the highest stage, and one action directed that Paul does by 20 May 2026."""
    r = scene.starred(north, at=NOW - 30 * DAY)
    chair, paul = north.person("Rosalind"), north.person("Paul")
    for days, stage in ((16, "formal-escalation"), (2, "chief-officer")):
        onward = acts.MoveOn(stage, "not answered", different="No answer came.", ask="Answer this week.")
        perform(onward, resolution=r, by=chair, at=NOW - days * DAY)
    plan = acts.ActionAsked("Offer the first appointment", paul.name, date(2026, 5, 20), str(paul.pk))
    perform(replace(ANSWER, actions=(plan,)), resolution=r, by=paul, at=NOW - 2 * DAY)
    judged_no = acts.Judge({str(c): False for c in r.about.values_list("child_id", flat=True)}, "It is too late.")
    perform(judged_no, resolution=r, by=chair, at=NOW)
    return r


def test_what_is_directed_is_one_turn_and_one_row(north: Cast, client: Client, directed: Resolution) -> None:
    client.force_login(north.person("Rosalind"))
    assert "Read the response" not in text(client, "/")
    perform(acts.FinishAction("a1", NOW.date(), "She was seen."), resolution=directed, by=north.person("Paul"), at=NOW)
    home = text(client, "/")
    assert "Confirm action" in home
    assert "Read the response" not in home
    perform(acts.ConfirmAction("a1"), resolution=directed, by=north.person("Rosalind"), at=NOW)
    assert "Decide what to do" in text(client, "/")
    assert f'href="{at(directed, "decide")}"' in client.get(at(directed)).content.decode()


# Opened again ---------------------------------------------------------------------------------------------------------


ENDED = {
    "closed": acts.Close("in-error", "It was about another family."),
    "withdrawn": acts.Withdraw("It was about another family."),
    "ended for the only child": acts.EndForChild("", "in-error", "It was about another family."),
    "resolved": acts.Resolve({}),
}


@pytest.mark.parametrize("how", ENDED)
def test_a_mistaken_ending_is_taken_back_and_everybody_who_was_told_is_told(west: Cast, be: Be, how: str) -> None:
    r, maya, grace = stage_one(west, "Maya").resolution, west.child("Maya"), west.person("Grace")
    act = ENDED[how]
    if isinstance(act, acts.EndForChild):
        act = replace(act, child=str(maya.pk))
    if isinstance(act, acts.Resolve):
        answered(west, r, NOW)
        judged(west, r, NOW)
        act = acts.Resolve({str(maya.pk): "She is seen."})
    perform(act, resolution=r, by=grace, at=NOW)
    ended = Notice.objects.filter(case=r.pk).latest("seq").seq
    back = at(r, f"children/{maya.public_id}/reopen")
    assert f'href="{back}"' in be("Grace").get(at(r)).content.decode()
    assert f'href="{back}"' not in be("Priya").get(at(r)).content.decode()
    assert "Enter why it is open again" in lint(be("Grace").post(back, {"why": ""})).text
    be("Grace").post(back, {"why": "It is about this family after all."})
    r.refresh_from_db()
    assert r.ended_at is None
    page = text(be("Grace"), at(r))
    assert "It is about this family after all." in page
    assert "open again for Maya" in page
    told = set(Notice.objects.filter(case=r.pk, kind="child_reopened").values_list("to_person", flat=True))
    assert set(Notice.objects.filter(case=r.pk, seq=ended).values_list("to_person", flat=True)) <= told


def test_with_it_the_others_are_open_again_as_they_stood(west: Cast, be: Be) -> None:
    r, maya = stage_one(west).resolution, west.child("Maya")
    perform(ENDED["closed"], resolution=r, by=west.person("Grace"), at=NOW)
    be("Grace").post(at(r, f"children/{maya.public_id}/reopen"), {"why": "Both are ours."})
    answered(west, r, NOW)
    decide = text(be("Grace"), at(r, "decide"))
    assert "resolve it for Maya?" in decide
    assert "resolve it for Jude?" in decide


# What is on file ------------------------------------------------------------------------------------------------------


def test_a_plan_that_runs_on_file_has_not_ended(west: Cast, be: Be) -> None:
    r, maya = stage_one(west).resolution, west.child("Maya")
    ending = {"ending": "plan-ended", "why": "She is safe."}
    for page in ("close", f"children/{maya.public_id}/end"):
        assert "On file these plans still run: Maya’s since" in text(be("Grace"), at(r, page))
        assert "On file the plan still runs" in lint(be("Grace").post(at(r, page), ending)).text
    r.refresh_from_db()
    assert r.ended_at is None
    Plan.objects.filter(child=maya).update(ends=NOW.date() - DAY)
    page = at(r, f"children/{maya.public_id}/end")
    assert "On file these plans" not in text(be("Grace"), page)
    assert be("Grace").post(page, ending).status_code == 302


# An answer that went back ---------------------------------------------------------------------------------------------


def test_a_draft_that_went_back_stays_readable_with_who_sent_it_back_and_why(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    drafted(west, r, NOW)
    perform(acts.SendBack("Say who holds it."), resolution=r, by=west.person("Denise"), at=NOW)
    again = replace(ANSWER, text="Hannah holds it on Friday.")
    perform(again, resolution=r, by=west.person("Priya"), at=NOW + timedelta(minutes=1))
    for name in ("Priya", "Denise"):
        page = text(be(name), at(r))
        assert page.count(ANSWER.text) == 1
        assert "Say who holds it." in page
    assert ANSWER.text not in text(be("Grace"), at(r))
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW + timedelta(minutes=2))
    page = text(be("Grace"), at(r))
    assert page.count(ANSWER.text) == 1
    assert "by Denise" in page


# An answer that waits for approval -----------------------------------------------------------------------------------


def test_what_stands_in_the_way_is_pointed_out_to_the_chair_once_the_answer_is_approved(west: Cast, be: Be) -> None:
    """Not before: whoever approves may send it back, and the page says that the chair does not see it until then."""
    r = stage_one(west).resolution
    perform(replace(ANSWER, obstacles=("capacity",)), resolution=r, by=west.person("Priya"), at=NOW)
    page = text(be("Grace"), at(r))
    assert "An answer is written and waits for approval." in page
    assert "standing in the way" not in page
    assert "capacity" not in page
    assert "Staffing or capacity" in text(be("Denise"), at(r, "approve"))
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    assert "The answer names this as standing in the way" in text(be("Grace"), at(r))


# Dates ----------------------------------------------------------------------------------------------------------------


def test_more_time_says_between_which_days_it_lies(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    page = text(be("Grace"), at(r, "more-time"))
    assert "After 15 May 2026, by which the answer is due now." in page
    assert "at the latest: as long again at most, 7 days" in page
    assert "The date that the policy sets stays on the record" in page
    answered(west, r, NOW)
    assert "at the latest: as long as the first time, 7 days" in text(be("Grace"), at(r, "ask-again"))
    assert "Within 6 months" in text(be("Grace"), at(r, "actions/new"))


def in_lancashire(north: Cast) -> Resolution:
    act = acts.Raise(
        stage="informal",
        children=tuple(children_of(north, "Aisha")),
        grounds=("NOT-IMPLEMENTED",),
        concern="Nothing has moved.",
        spoke=acts.Conversation(how="phone", to="front-line-manager", name="Elias Thornby"),
        agency=str(north.agency("Moorland Health Trust").pk),
    )
    context = context_for([north.child("Aisha")], NOW)
    return perform(act, by=north.person("Rosalind"), at=NOW, context=context).resolution


def test_time_that_can_not_be_given_any_more_is_not_offered_and_says_why(north: Cast, client: Client) -> None:
    r = in_lancashire(north)
    client.force_login(north.person("Rosalind"))
    assert f'href="{at(r, "more-time")}"' not in client.get(at(r)).content.decode()
    with time_machine.travel(NOW + 40 * DAY, tick=False):
        client.force_login(north.person("Rosalind"))
        shown = lint(client.get(at(r)))
        assert "No more time can be given here: the policy allows at most 15 working days" in shown.text
        assert f'href="{at(r, "more-time")}"' not in shown.content.decode()
        assert "Give more time" not in text(client, at(r, "decide"))
        assert "No more time can be given here" in text(client, at(r, "decide"))


# What is to be done all the same --------------------------------------------------------------------------------------


def test_what_is_closed_asks_nobody_for_an_action(west: Cast, be: Be) -> None:
    act = acts.Raise(
        stage="stage-5", children=tuple(children_of(west, "Maya")), grounds=("NO-PROGRESS",), concern="Nothing moves.",
        ask="Say what will change.", why_this_stage="It is grave.",
        spoke=acts.Conversation(how="phone", to="team-manager", name="Priya Nairn"),
    )  # fmt: skip
    r = perform(act, by=west.person("Grace"), at=NOW, context=context_for([west.child("Maya")], NOW)).resolution
    plan = acts.ActionAsked("Hold the core group", "Hannah Quill", date(2026, 5, 22))
    whole = acts.Respond("agree", "It is called.", (plan,), consider={"wider-partnership": False})
    perform(whole, resolution=r, by=west.person("Angela"), at=NOW)
    no = {f"child-{west.child('Maya').pk}": "no", "why": "Too late.", "keep": "a1", "next": "close"}
    refused = lint(be("Grace").post(at(r, "decide"), no)).text
    assert "Once it is closed nobody is asked for an action" in refused
    assert be("Grace").post(at(r, "decide"), {**no, "keep": []}).status_code == 302


# Gone on without ------------------------------------------------------------------------------------------------------


def test_what_was_not_done_is_asked_about_anew_and_late_no_more(west: Cast, be: Be) -> None:
    hannah = west.person("Hannah")
    r = stage_one(west).resolution
    plan = acts.ActionAsked("Hold the core group", "Hannah Quill", date(2026, 5, 22), str(hannah.pk))
    perform(replace(ANSWER, actions=(plan,)), resolution=r, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    judged(west, r, NOW)
    late = NOW + 20 * DAY
    with time_machine.travel(late, tick=False):
        assert "Hold the core group" in text(be("Priya"), "/")
        onward = acts.MoveOn("stage-2", "not done", different="It was not held.", ask="Hold it.")
        perform(onward, resolution=r, by=west.person("Grace"), at=late)
        shown = text(be("Grace"), at(r))
        assert "Not done in time" in shown
        assert "Asked about again at stage 2" in shown
        assert "Hold the core group" not in text(be("Priya"), "/")
        assert "Update action" not in text(be("Hannah"), "/")


def test_what_waits_for_the_chair_is_only_told_to_the_manager(west: Cast, be: Be) -> None:
    r = informal(west).resolution
    with time_machine.travel(NOW + 12 * DAY, tick=False):
        home = text(be("Priya"), "/")
        assert "Nothing is waiting for you." in home
        assert "Agreed with you, and now with the chair" in home
        assert "Grace Ollerton" in home
        assert "See what was agreed" not in home
        assert f'href="{at(r, "decide")}"' in be("Grace").get("/").content.decode()


# An answer without an action ------------------------------------------------------------------------------------------


def test_an_answer_that_names_no_action_for_a_child_is_pointed_out_at_every_stage(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    plan = acts.ActionAsked("Hold the core group", "Hannah Quill", date(2026, 5, 22))
    perform(replace(ANSWER, actions=(plan,)), resolution=r, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    verdict = {str(west.child("Maya").pk): True, str(west.child("Jude").pk): False}
    perform(acts.Judge(verdict, "Nothing for Jude."), resolution=r, by=west.person("Grace"), at=NOW)
    onward = acts.MoveOn("stage-2", "not accepted", different="Nothing for Jude.", ask="Say what Jude gets.")
    perform(onward, resolution=r, by=west.person("Grace"), at=NOW)
    perform(ANSWER, resolution=r, by=west.person("Denise"), at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Farah"), at=NOW)
    assert "The answer names no action for Jude." in text(be("Grace"), at(r, "decide"))


# An informal talk -----------------------------------------------------------------------------------------------------


def talked(west: Cast, checked: date, *actions: acts.ActionAsked) -> acts.Raise:
    return acts.Raise(
        stage="informal", children=tuple(children_of(west, "Maya")), grounds=("REPORT-LATE",), concern="It came late.",
        spoke=acts.Conversation(how="phone", to="team-manager", name="Priya Nairn"), actions=actions, date=checked,
    )  # fmt: skip


def test_a_talk_is_looked_at_again_when_its_last_action_is_to_be_done(west: Cast) -> None:
    hannah = west.person("Hannah")
    plan = acts.ActionAsked("Send the report", hannah.name, date(2026, 5, 14), str(hannah.pk))
    context = context_for([west.child("Maya")], NOW)
    with pytest.raises(Refused, match=r"must be 14 May 2026 or later: “Send the report” is to be done by 14 May"):
        perform(talked(west, date(2026, 5, 12), plan), by=west.person("Grace"), at=NOW, context=context)
    r = perform(talked(west, date(2026, 5, 15), plan), by=west.person("Grace"), at=NOW, context=context).resolution
    told = {n.to_person: (n.ask, n.due) for n in Notice.objects.filter(case=r.pk).exclude(ask="")}
    assert told == {hannah: ("do the action", date(2026, 5, 14)), west.person("Priya"): ("settle", date(2026, 5, 15))}


# Where a record leads -------------------------------------------------------------------------------------------------


def test_the_record_leads_to_the_child_for_those_who_may_open_it(west: Cast, be: Be) -> None:
    maya = west.child("Maya")
    one = stage_one(west, "Maya").resolution
    assert f'href="/children/{maya.public_id}"' in be("Grace").get(at(one)).content.decode()
    both = stage_one(west).resolution
    assert f'href="/families/{maya.family.reference}"' in be("Grace").get(at(both)).content.decode()


def test_whoever_may_not_open_the_child_is_led_nowhere(north: Cast, client: Client) -> None:
    r = scene.starred(north, at=NOW)
    client.force_login(north.person("Elias"))
    shown = client.get(at(r)).content.decode()
    assert "Aisha" in shown
    assert "/children/" not in shown
    assert "/families/" not in shown


def test_a_page_names_no_way_that_it_does_not_offer(west: Cast, north: Cast, client: Client) -> None:
    """Neither a stage to choose where there is one alone, nor a closing where it can only go on."""
    r = scene.starred(north, at=NOW - 30 * DAY)
    client.force_login(north.person("Rosalind"))
    page = " ".join(client.get(at(r, "next-stage")).text.split())
    assert ">Somebody else copied in<" in page.replace("> ", ">").replace(" <", "<")
    assert "Another stage" not in page
    raised = stage_one(west).resolution
    plan = acts.ActionAsked("Hold the core group", "Hannah Quill", date(2026, 5, 22))
    perform(replace(ANSWER, actions=(plan,)), resolution=raised, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=raised, by=west.person("Denise"), at=NOW)
    client.force_login(west.person("Grace"))
    page = client.get(at(raised, "decide")).text
    assert "Whoever does them may have begun already" in page
    assert "close it now" not in page


def test_a_part_that_several_play_is_offered_with_all_of_them(north: Cast, client: Client) -> None:
    """Who is told when it is shared with the core group: all of it, and not the first of them alone."""
    r = scene.starred(north, at=NOW)
    client.force_login(north.person("Rosalind"))
    page = " ".join(client.get(at(r, "spoke")).text.split())
    assert re.search(r'value="core-group"[^>]*>\s*<label[^>]*>\s*[\w ]+, [\w ,]+<', page)
    talk = {"role": "core-group", "how": "in person", "note": "", **on("on", NOW.date())}
    assert client.post(at(r, "spoke"), talk).status_code == 302
    assert "Spoke with Core Group in person." in text(client, at(r))


def test_a_correction_names_the_entry_as_the_page_does(west: Cast, be: Be) -> None:
    r, maya = stage_one(west).resolution, west.child("Maya")
    act = acts.EndForChild(str(maya.pk), "moved", "She moved.")
    seq = perform(act, resolution=r, by=west.person("Grace"), at=NOW).events[-1].seq
    perform(acts.Correct(seq, "It was Jude."), resolution=r, by=west.person("Grace"), at=NOW)
    assert "“Ended for Maya” of 6 May" in text(be("Grace"), at(r))


def test_more_time_for_what_was_agreed_in_a_talk_speaks_of_no_answer_and_of_no_date_of_the_policy(
    west: Cast, be: Be
) -> None:
    r = informal(west).resolution
    page = text(be("Grace"), at(r, "more-time"))
    assert "The date that was agreed stays on the record" in page
    assert "by which it is to be settled now." in page
    said = {**on("until", NOW.date()), "why": "The worker is ill."}
    refused = be("Grace").post(at(r, "more-time"), said).text
    assert "by which it is to be settled now" in refused.partition("There is a problem")[2]
    for shown in (page, refused):
        assert "the answer" not in shown.partition("<h1")[2].partition("</form>")[0]
        assert "policy sets" not in shown


# What was not agreed, and how it ended --------------------------------------------------------------------------------


def test_why_a_new_date_was_not_agreed_stands_where_whoever_does_the_action_looks(west: Cast, be: Be) -> None:
    priya = west.person("Priya")
    asked = acts.ActionAsked("Write up the visit", priya.name, (NOW + timedelta(days=9)).date(), person=str(priya.pk))
    r = stage_one(west).resolution
    perform(replace(ANSWER, actions=(asked,)), resolution=r, by=priya, at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    judged(west, r, NOW)
    assert "Why the date stays" not in text(be("Priya"), at(r))
    later = (NOW + timedelta(days=20)).date()
    perform(acts.AskForActionDate("a1", later, "The family is away."), resolution=r, by=priya, at=NOW)
    declined = acts.DeclineActionDate("a1", "They are seen on Friday.")
    perform(declined, resolution=r, by=west.person("Grace"), at=NOW + timedelta(minutes=1))
    assert "Why the date stays: They are seen on Friday." in text(be("Priya"), at(r))
    assert "Why the date stays: They are seen on Friday." in text(be("Priya"), at(r, "actions/a1"))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (acts.Withdraw("Raised about the wrong family."), "Raised about the wrong family."),
        (acts.Close("moved", "They live in Northmoor now."), "They live in Northmoor now."),
    ],
)
def test_the_copy_for_the_childs_file_says_how_it_ended_and_why(west: Cast, be: Be, act: acts.Act, said: str) -> None:
    r = stage_one(west, "Maya").resolution
    perform(act, resolution=r, by=west.person("Grace"), at=NOW)
    page = text(be("Grace"), at(r, f"copy/{west.child('Maya').public_id}"))
    assert said in page
    assert "by Grace Ollerton" in page
