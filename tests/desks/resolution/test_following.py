"""Agreed is not done: what the chair and those who do it meet on the pages, once an action is late or needs more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import answered, judged, stage_one
from undrift.access.granting import Heirs, ask_leaving, confirm
from undrift.engine.ladder import acts
from undrift.engine.musts import Must
from undrift.library.numbers import TRIES_BEFORE_SAYING_SO
from undrift.people.leaving import leave, posts_to_hand_over
from undrift.people.models import Grant
from undrift.record.handing_on import new_day
from undrift.record.history import state_of
from undrift.record.models import Event, Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import record_plans_ended
from undrift.resolutions.rebuild import rebuild

Be = Callable[[str], Client]
LATE = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def at(resolution: Resolution, page: str = "") -> str:
    return f"/resolutions/{resolution.reference}" + (f"/{page}" if page else "")


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.fixture
def agreed(west: Cast) -> Resolution:
    """Accepted, with one action that Hannah does by 22 May 2026."""
    r = stage_one(west).resolution
    plan = acts.ActionAsked("Hold the missed core group", "Hannah Quill", date(2026, 5, 22), _number(west, "Hannah"))
    perform(acts.Respond("agree", "It is called.", (plan,)), resolution=r, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    judged(west, r, NOW)
    return r


def _number(cast: Cast, name: str) -> str:
    return str(cast.person(name).pk)


def test_whoever_does_an_action_is_told_of_it(west: Cast, agreed: Resolution) -> None:
    told = Notice.objects.get(case=agreed.pk, kind="action_agreed")
    assert told.to_person == west.person("Hannah")
    assert told.ask == "do the action"
    assert told.due == date(2026, 5, 22)


def test_a_late_action_is_the_chairs_turn_with_every_way_on(west: Cast, be: Be, agreed: Resolution) -> None:
    with time_machine.travel(LATE, tick=False):
        page = lint(be("Grace").get(at(agreed))).text
        assert "Waiting for you to decide on an action that is late" in page
        assert f'href="{at(agreed, "actions/a1")}"' in page
        ways = lint(be("Grace").get(at(agreed, "actions/a1"))).text
        for words in ("It is done", "Give it a new date", "Ask Priya Nairn again", "Move to the next stage", "End it"):
            assert words in ways
        onward = be("Grace").post(at(agreed, "actions/a1"), {"what": "next-stage"})
        assert onward["Location"] == at(agreed, "next-stage")
        moving = lint(be("Grace").get(at(agreed, "next-stage"))).text
        assert "Move to stage 2" in moving


def test_the_owner_asks_for_a_date_and_only_the_chair_agrees_it(west: Cast, be: Be, agreed: Resolution) -> None:
    asks = {"status": "date", "why": "Two of the group are on leave."} | on("by", date(2026, 6, 5))
    answer = be("Hannah").post(at(agreed, "actions/a1"), asks)
    assert answer.status_code == 302
    page = lint(be("Grace").get(at(agreed))).text
    assert "Waiting for you to answer about a new date" in page
    for name in ("Hannah", "Priya"):
        assert "asks for Friday 5 June 2026" not in be(name).get(at(agreed, "actions/a1")).text
        be(name).post(at(agreed, "actions/a1"), {"verdict": "yes", "why": "It suits me."})
    assert not Event.objects.filter(case=agreed.pk, type="action_date_changed").exists()
    asked = lint(be("Grace").get(at(agreed, "actions/a1"))).text
    assert (
        "Hannah Quill asks for Friday 5 June 2026 instead of Friday 22 May 2026: Two of the group are on leave."
        in asked
    )
    be("Grace").post(at(agreed, "actions/a1"), {"verdict": "yes", "why": "It is still before the review."})
    page = be("Grace").get(at(agreed)).text
    assert "5 June 2026" in page
    assert "<s>22 May 2026</s>" in page
    assert Event.objects.get(case=agreed.pk, type="action_date_changed").by_person == west.person("Grace").pk


def test_asked_again_the_manager_answers_anew_by_a_day_that_the_chair_sets(
    west: Cast, be: Be, agreed: Resolution
) -> None:
    with time_machine.travel(LATE, tick=False):
        lint(be("Grace").get(at(agreed, "ask-again")))
        empty = be("Grace").post(at(agreed, "ask-again"), {})
        assert "Enter what is still needed" in empty.text
        soon = (LATE + timedelta(days=4)).date()
        be("Grace").post(at(agreed, "ask-again"), {"why": "No core group was held."} | on("until", soon))
        mine = be("Priya").get(at(agreed)).text
        assert "Waiting for you to respond" in mine
        assert f'href="{at(agreed, "respond")}"' in mine


def test_what_a_leaver_was_to_do_waits_for_the_chair_who_gives_it_to_somebody_else(
    west: Cast, be: Be, agreed: Resolution
) -> None:
    hannah, judith, marcus = west.person("Hannah"), west.person("Judith"), west.person("Marcus")
    heirs: Heirs = {"chair": [], "social_worker": [west.person("Ruth")]}
    posts = dict.fromkeys(posts_to_hand_over(hannah, NOW.date()), None)
    asked = ask_leaving(west.authority, judith, hannah, NOW.date(), posts, heirs, at_once=True, why="She moves away")
    assert isinstance(asked, Grant)
    confirm(asked, marcus)
    told = Notice.objects.get(case=agreed.pk, kind="owner_left")
    assert (told.to_person, told.ask) == (west.person("Grace"), "decide who does it")
    home = lint(be("Grace").get("/")).text
    assert "Nobody does it any more: Hold the missed core group" in home
    assert f'href="{at(agreed, "actions/a1")}"' in home
    assert "Waiting for you to decide who does an action" in lint(be("Grace").get(at(agreed))).text
    page = lint(be("Grace").get(at(agreed, "actions/a1"))).text
    assert "Hannah Quill is no longer here, and nobody else has been asked." in page
    nobody = be("Grace").post(at(agreed, "actions/a1"), {"what": "give", "why_given": "She has left."})
    assert "Enter who will do it" in lint(nobody).text
    given = {"what": "give", "who": "Priya Nairn", "why_given": "Hannah has left."}
    assert be("Grace").post(at(agreed, "actions/a1"), given).status_code == 302
    assert "Agreed: Hold the missed core group" in lint(be("Priya").get("/")).text
    assert Notice.objects.get(case=agreed.pk, kind="action_given").to_person == west.person("Priya")
    assert "Waiting for Priya Nairn to do what was agreed by Friday 22 May 2026" in be("Grace").get(at(agreed)).text
    assert rebuild(west.authority, write=False) == []


def test_with_the_new_day_the_chair_is_asked_once_who_does_what_a_leaver_agreed(west: Cast, agreed: Resolution) -> None:
    hannah, tomorrow = west.person("Hannah"), NOW + timedelta(days=1)
    leave(hannah, NOW.date(), dict.fromkeys(posts_to_hand_over(hannah, NOW.date()), None), at=NOW)
    assert not Notice.objects.filter(kind="owner_left").exists()
    for minutes in range(3):
        new_day(tomorrow + timedelta(minutes=minutes))
    assert Notice.objects.get(kind="owner_left").to_person == west.person("Grace")
    agreed.refresh_from_db()
    assert (agreed.next_person, agreed.next_must) == (west.person("Grace"), "decide who does it")


def test_urgent_action_is_told_at_once_and_the_call_is_recorded(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    maya = west.child("Maya").public_id
    said = {"what": "Maya sleeps at her aunt's tonight.", "who": "Hannah Quill", "at_risk": [maya]}
    be("Priya").post(at(r, "urgent"), said)
    told = Notice.objects.filter(case=r.pk, kind="urgent_action_recorded")
    assert told.get(to_person=west.person("Grace")).ask == "ring"
    assert told.filter(to_person=west.person("Denise")).exists()
    home = lint(be("Grace").get("/")).text
    assert "Record the call" in home
    page = lint(be("Grace").get(at(r))).text
    assert "Nobody has recorded a call to make sure yet." in page
    entry = told.get(to_person=west.person("Grace")).seq
    lint(be("Grace").get(at(r, f"urgent/{entry}/rung")))
    call = {"to": "Hannah Quill", "note": "Asleep.", f"safe_{maya}": "yes"} | on("on", NOW.date())
    be("Grace").post(at(r, f"urgent/{entry}/rung"), call)
    assert "Rung on Wednesday 6 May 2026 to make sure." in be("Grace").get(at(r)).text
    assert "Record the call" not in be("Grace").get("/").text


def test_whoever_is_to_be_rung_is_never_oneself(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    said = {"what": "Maya sleeps at her aunt's tonight.", "who": "Grace Ollerton"}
    be("Grace").post(at(r, "urgent"), said | {"at_risk": [west.child("Maya").public_id]})
    assert "I have rung Priya Nairn" in be("Grace").get(at(r)).text
    assert "I have rung" not in be("Priya").get(at(r)).text
    assert 'value="Priya Nairn"' in be("Grace").get(at(r, f"urgent/{r.last_seq + 1}/rung")).text


def test_one_childs_part_ends_and_opens_again_by_itself(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    maya = west.child("Maya")
    lint(be("Grace").get(at(r, f"children/{maya.public_id}/end")))
    ending = {"ending": "moved", "why": "Her new council has the file.", "changed": "She is seen weekly."}
    be("Grace").post(at(r, f"children/{maya.public_id}/end"), ending)
    page = lint(be("Grace").get(at(r))).text
    assert "The child moved to another authority. Her new council has the file." in page
    assert "Waiting for Priya Nairn to respond" in page
    answered(west, r, NOW)
    decide = lint(be("Grace").get(at(r, "decide"))).text
    assert "resolve it for Jude?" in decide
    assert "resolve it for Maya?" not in decide
    lint(be("Grace").get(at(r, f"children/{maya.public_id}/reopen")))
    be("Grace").post(at(r, f"children/{maya.public_id}/reopen"), {"why": "She is back."})
    assert "resolve it for Maya?" in be("Grace").get(at(r, "decide")).text


def test_when_the_plans_end_the_chair_is_asked_whether_it_goes_on(west: Cast, be: Be) -> None:
    r = stage_one(west, "Maya").resolution
    west.child("Maya").plans.update(ends=(NOW + timedelta(days=2)).date())
    later = NOW + timedelta(days=4)
    with time_machine.travel(later, tick=False):
        assert (record_plans_ended(later), record_plans_ended(later)) == (1, 0)
        assert Notice.objects.get(case=r.pk, kind="plan_ended").to_person == west.person("Grace")
        page = lint(be("Grace").get(at(r))).text
        assert "Waiting for you to decide whether it goes on after the plan" in page
        asked = lint(be("Grace").get(at(r, "carry-on"))).text
        assert "Maya’s plan ended on" in asked
        assert "End it for Maya" in asked
        maya = str(west.child("Maya").pk)
        be("Grace").post(at(r, "carry-on"), {"children": [maya], "why": "What was promised is owed to her."})
        assert "Waiting for Priya Nairn to respond" in be("Grace").get(at(r)).text
        assert record_plans_ended(later) == 0


def test_nobody_is_told_to_read_a_response_that_did_not_come(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    with time_machine.travel(NOW + timedelta(days=12), tick=False):
        page = lint(be("Grace").get(at(r))).text
    assert "for the decision?" in page
    assert ": decide what to do. This council" in page
    assert "read the response" not in page


def test_what_was_written_on_raising_is_read_by_whoever_answers(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    page = lint(be("Priya").get(at(r, "respond"))).text
    assert "Why this stage" in page
    assert "It was spoken about twice already." in page


def test_what_ends_with_actions_open_says_so_first(west: Cast, be: Be, agreed: Resolution) -> None:
    said = "1 agreed action is not complete, and nobody is asked for it any more: Hold the missed core group"
    assert said in lint(be("Grace").get(at(agreed, "close"))).text
    assert said in lint(be("Grace").get(at(agreed, "withdraw"))).text
    be("Grace").post(at(agreed, "close"), {"ending": "moved", "why": "Their new council has the file."})
    ended = lint(be("Grace").get(at(agreed))).text
    assert "Their new council has the file." in ended
    assert "1 agreed action was not complete." in ended


def test_a_disagreement_is_no_ending_while_an_answer_may_still_come(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    assert "Not agreed at the highest stage" not in be("Grace").get(at(r, "close")).text


def test_the_chair_keeps_what_was_promised_in_an_answer_that_is_not_accepted(west: Cast, be: Be) -> None:
    r = stage_one(west, "Maya").resolution
    plan = acts.ActionAsked("Write up the visits", "Hannah Quill", date(2026, 5, 22))
    perform(acts.Respond("agree", "It is called.", (plan,)), resolution=r, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    assert "which of the promised actions are to be done all the same?" in lint(be("Grace").get(at(r, "decide"))).text
    maya = west.child("Maya").pk
    verdict = {f"child-{maya}": "no", "why": "It does not say when she is seen.", "keep": ["a1"], "next": "next-stage"}
    be("Grace").post(at(r, "decide"), verdict)
    kept = state_of(r.case).actions["a1"]
    assert (kept.open, kept.by) == (True, date(2026, 5, 22))
    assert Notice.objects.filter(case=r.pk, kind="judged").exists()


def test_whoever_has_not_been_reached_by_email_is_named_on_the_record(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    to_priya = Notice.objects.filter(case=r.pk, to_person=west.person("Priya"))
    to_priya.update(attempts=TRIES_BEFORE_SAYING_SO - 1)  # as the post office leaves it after each refusal
    said = "Priya Nairn has not been reached by email. Ring them."
    assert said not in be("Grace").get(at(r)).text
    to_priya.update(attempts=TRIES_BEFORE_SAYING_SO)
    assert said in lint(be("Grace").get(at(r))).text


def test_whoever_has_not_been_reached_by_email_is_named_on_the_home_of_whoever_sent_it(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    perform(acts.Respond("agree", "It is called."), resolution=r, by=west.person("Priya"), at=NOW)
    of_hers = Notice.objects.filter(case=r.pk, kind="answer_drafted", ask=Must.APPROVE)
    assert of_hers.update(attempts=TRIES_BEFORE_SAYING_SO - 1) == 1
    assert "Not reached by email" not in be("Priya").get("/").text
    of_hers.update(attempts=TRIES_BEFORE_SAYING_SO)
    for sender in ("Priya", "Grace"):  # whoever answered, and whoever chairs it
        home = lint(be(sender).get("/")).text
        assert "Not reached by email" in home
        assert "Ring Denise Harkaway" in home
        assert at(r) in home
    assert "Not reached by email" not in be("Hannah").get("/").text
