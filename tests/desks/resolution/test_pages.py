"""The page of one resolution and the acts offered on it, as each person sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import answered, children_of, drafted, informal, judged, stage_one
from undrift.engine.ladder import acts
from undrift.engine.ladder.audience import SHARED_WITH_THEM
from undrift.record.models import Event, Notice
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Be = Callable[[str], Client]
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|sending)" value="[^"]*"')  # new on every page, whatever it shows


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def at(resolution: Resolution, page: str = "") -> str:
    return f"/resolutions/{resolution.reference}" + (f"/{page}" if page else "")


def test_the_page_says_in_one_sentence_who_has_to_do_what_by_when(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    response = be("Grace").get(at(r))
    lint(response)
    assert "Stage 1. Waiting for Priya Nairn to respond by Friday 15 May 2026 (due in 7 working days)." in response.text
    assert "Maya has waited for months." in response.text
    assert "Why 15 May 2026?" in response.text


def test_the_manager_sees_one_thing_to_do(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    response = be("Priya").get(at(r))
    assert "Waiting for you to respond by Friday 15 May 2026" in response.text
    assert f'href="{at(r, "respond")}"' in response.text
    assert f'href="{at(r, "decide")}"' not in response.text


def test_a_stranger_gets_the_page_of_what_does_not_exist(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    hidden = be("Kofi").get(at(r))
    absent = be("Kofi").get("/resolutions/R-2026-9999")
    assert hidden.status_code == absent.status_code == 404
    assert TOKEN.sub("", hidden.text) == TOKEN.sub("", absent.text)


def test_a_response_goes_to_the_approver_with_its_actions(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    lint(be("Priya").get(at(r, "respond")))
    response = be("Priya").post(
        at(r, "respond"),
        {
            "agree": "agree",
            "text": "Core groups move to Thursdays.",
            "actions-TOTAL_FORMS": "1",
            "actions-INITIAL_FORMS": "0",
            "actions-0-what": "Hold the missed core group",
            "actions-0-who": "Hannah Quill",
            "actions-0-by_day": "22",
            "actions-0-by_month": "5",
            "actions-0-by_year": "2026",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    r.refresh_from_db()
    assert r.tag == "Waiting for approval"
    page = be("Denise").get(at(r))
    assert "Read and approve" in page.text
    assert "Hold the missed core group" in page.text
    assert "Core groups move to Thursdays." not in be("Grace").get(at(r)).text


def test_an_empty_response_names_each_thing_that_is_missing(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    response = be("Priya").post(at(r, "respond"), {"actions-TOTAL_FORMS": "0", "actions-INITIAL_FORMS": "0"})
    lint(response)
    assert "Select whether you agree there is a concern" in response.text
    assert "Enter what you will do and why" in response.text


def test_a_response_half_written_is_kept(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    be("Priya").post(
        at(r, "respond"),
        {"text": "Half a thought", "save": "later", "actions-TOTAL_FORMS": "0", "actions-INITIAL_FORMS": "0"},
    )
    assert "Half a thought" in be("Priya").get(at(r, "respond")).text


def test_the_approver_sends_back_and_then_approves(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    drafted(west, r, NOW)
    lint(be("Denise").get(at(r, "approve")))
    empty = be("Denise").post(at(r, "approve"), {"verdict": "send back", "comment": ""})
    assert "Enter what needs to change" in empty.text
    be("Denise").post(at(r, "approve"), {"verdict": "send back", "comment": "Give a date."})
    assert "Give a date." in be("Priya").get(at(r, "respond")).text
    drafted(west, r, NOW + timedelta(minutes=5))
    be("Denise").post(at(r, "approve"), {"verdict": "approve"})
    r.refresh_from_db()
    assert r.tag == "Waiting for chair"


def test_the_chair_decides_for_each_child_and_goes_on_to_the_next_stage(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    answered(west, r, NOW)
    lint(be("Grace").get(at(r, "decide")))
    maya, jude = (str(west.child(n).pk) for n in ("Maya", "Jude"))
    unsaid = be("Grace").post(at(r, "decide"), {f"child-{maya}": "yes", f"child-{jude}": "no"})
    lint(unsaid)
    assert "Enter why this does not resolve it" in unsaid.text
    decided = be("Grace").post(
        at(r, "decide"),
        {f"child-{maya}": "yes", f"child-{jude}": "no", "why": "No date for Jude.", "next": "next-stage"},
    )
    assert decided.status_code == 302
    assert decided.headers["Location"] == at(r, "next-stage")


def test_two_chairs_decide_and_the_second_is_told_and_keeps_the_text(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    answered(west, r, NOW)
    seen = Resolution.objects.get(pk=r.pk).last_seq
    maya, jude = (str(west.child(n).pk) for n in ("Maya", "Jude"))
    judged(west, r, NOW + timedelta(minutes=1))
    response = be("Grace").post(
        at(r, "decide"),
        {
            f"child-{maya}": "no",
            f"child-{jude}": "no",
            "why": "Nothing has a date.",
            "next": "next-stage",
            "seen": seen,
        },
    )
    page = be("Grace").get(response.headers["Location"])
    lint(page)
    assert response.status_code == 303
    assert "Grace Ollerton decided this at 9:31am. Read the decision." in page.text
    assert "If not, why?" in page.text
    assert "Nothing has a date." in page.text
    assert be("Marcus").get(response.headers["Location"]).status_code == 404


def test_a_date_that_passed_asks_the_chair_what_next(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        page = be("Grace").get(at(r))
        assert "Decide what to do" in page.text
        ask = be("Grace").get(at(r, "decide"))
        lint(ask)
        assert "No response by Friday 15 May 2026" in ask.text
        talk = {"spoke_with": "team-manager", **YESTERDAY, "spoke": "Is off sick."}
        moved = be("Grace").post(at(r, "decide"), {"next": "hand-over", **talk})
        assert moved.headers["Location"] == at(r, "hand-over")
        lint(be("Grace").get(at(r, "hand-over")))


YESTERDAY = {"spoke_on_day": "13", "spoke_on_month": "5", "spoke_on_year": "2026"}
TALKS: list[tuple[dict[str, str], str, dict[str, str]]] = [  # what is typed, what is refused, what the record keeps
    ({}, "", {}),
    ({"spoke_with": "nobody"}, "", {}),
    ({"spoke": "Is off sick."}, "Select who you spoke to", {}),
    ({"spoke_with": "nobody", "spoke": "Is off sick."}, "Select who you spoke to", {}),
    ({"spoke_with": "team-manager", "spoke": "Is off sick."}, "Enter the day you spoke", {}),
    ({"spoke_with": "team-manager", **YESTERDAY}, "Enter what was said", {}),
    ({"spoke_with": "somebody-else", "spoke": "Is off sick.", **YESTERDAY}, "Enter who you spoke to", {}),
    ({"spoke_with": "group-manager", "spoke": "Is off sick.", **YESTERDAY}, "",
     {"with": "group-manager", "with_name": "Denise Harkaway", "note": "Is off sick.", "on": "2026-05-13"}),
    ({"spoke_with": "somebody-else", "spoke_name": "The school", "spoke": "Is off sick.", **YESTERDAY}, "",
     {"with": "", "with_name": "The school", "note": "Is off sick.", "on": "2026-05-13"}),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "refused", "kept"), TALKS)
def test_a_talk_that_the_chair_tells_of_is_kept_with_whom_it_was_and_with_nobody_who_was_only_asked(
    west: Cast, be: Be, typed: dict[str, str], refused: str, kept: dict[str, str]
) -> None:
    r = stage_one(west).resolution
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        before = Event.objects.filter(case=r.pk, type="spoke").count()
        answer = be("Grace").post(at(r, "decide"), {"next": "hand-over", **typed}, follow=True)
        talks = list(Event.objects.filter(case=r.pk, type="spoke").order_by("seq").values_list("payload", flat=True))
        assert (refused in answer.text) is True
        assert len(talks) - before == int(bool(kept))
        if kept:
            assert {name: talks[-1].get(name, "") for name in kept} == kept
            assert f"spoke with {kept['with_name']}".lower() in be("Grace").get(at(r)).text.lower()


def test_an_informal_record_that_was_not_done_leads_on(west: Cast, be: Be) -> None:
    r = informal(west, agreed=date(2026, 5, 11)).resolution
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        page = be("Grace").get(at(r))
        assert "Decide what to do" in page.text
        ask = be("Grace").get(at(r, "decide"))
        lint(ask)
        assert "Has it been done for Maya?" in ask.text


def test_what_was_agreed_is_updated_confirmed_and_closed_with_what_changed_for_each_child(west: Cast, be: Be) -> None:
    r = informal(west).resolution
    plan = acts.ActionAsked("Write up the two visits", "Hannah Quill", date(2026, 5, 11), str(west.person("Hannah").pk))
    perform(acts.AgreeAction(plan), resolution=r, by=west.person("Grace"), at=NOW)
    lint(be("Hannah").get(at(r, "actions/a1")))
    wrong = be("Hannah").post(at(r, "actions/a1"), {"status": "done"})
    assert "Enter the day it was done" in wrong.text
    be("Hannah").post(
        at(r, "actions/a1"),
        {"status": "done", "on_day": "6", "on_month": "5", "on_year": "2026", "helped": "It is all on file."},
    )
    lint(be("Grace").get(at(r, "actions/a1")))
    be("Grace").post(at(r, "actions/a1"), {"verdict": "complete"})
    judged(west, r, NOW + timedelta(minutes=5))
    maya = west.child("Maya")
    lint(be("Grace").get(at(r, "resolve")))
    missing = be("Grace").post(at(r, "resolve"), {})
    assert "Enter what changed for Maya" in missing.text
    be("Grace").post(at(r, "resolve"), {f"child-{maya.pk}": "She knows what is said about her."})
    r.refresh_from_db()
    assert r.tag == "Resolved"
    assert "She knows what is said about her." in be("Grace").get(at(r)).text


def test_whoever_does_one_action_is_not_asked_about_another(west: Cast, be: Be) -> None:
    r = informal(west).resolution
    for n, who in enumerate(("Kofi", "Hannah"), start=1):
        theirs = acts.ActionAsked(f"Write up visit {n}", who, date(2026, 5, 11), str(west.person(who).pk))
        perform(acts.AgreeAction(theirs), resolution=r, by=west.person("Grace"), at=NOW)
    assert "Update an action" in be("Kofi").get(at(r, "actions/a1")).text
    page = be("Kofi").get(at(r)).text
    assert (at(r, "actions/a1") in page, at(r, "actions/a2") in page) == (True, False)
    refused = be("Kofi").get(at(r, "actions/a2"))
    assert "This is for Hannah to say, or for those who have a part in it." in refused.text


def test_the_copy_for_one_child_has_nothing_of_a_sibling(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    jude = west.child("Jude")
    page = be("Grace").get(at(r, f"copy/{jude.public_id}"))
    lint(page)
    assert "Jude has waited for months." in page.text
    assert "Maya" not in page.text
    be("Grace").post(at(r, f"copy/{jude.public_id}/filed"))
    assert "Filed on the case system" in be("Grace").get(at(r, f"copy/{jude.public_id}")).text


@pytest.mark.parametrize(
    "page", ["note", "urgent", "more-time", "close", "withdraw", "actions/new", "hand-over", "share", "route", "spoke"]
)
def test_each_small_page_can_be_read_and_says_what_is_missing(west: Cast, be: Be, page: str) -> None:
    r = stage_one(west).resolution
    lint(be("Grace").get(at(r, page)))
    wrong = be("Grace").post(at(r, page), {})
    lint(wrong)
    assert wrong.status_code == 200
    assert "There is a problem" in wrong.text


def test_the_page_costs_at_most_ten_queries(
    west: Cast, be: Be, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    r = stage_one(west).resolution
    answered(west, r, NOW)
    visitor = be("Grace")
    visitor.get(at(r))
    with django_assert_max_num_queries(10):
        visitor.get(at(r))


def test_it_can_be_shared_with_the_head_of_service_for_safeguarding(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    be("Grace").post(at(r, "share"), {"role": "head-of-safeguarding", "why": "Partners were tried."})
    assert "Partners were tried." in be("Grace").get(at(r)).text
    assert "Why do you share it with them?" in be("Grace").get(at(r, "share")).text
    refused = be("Grace").post(at(r, "share"), {"role": "director", "why": " "}, follow=True).text
    assert "Enter why you share it" in refused
    assert "Shared the" not in be("Grace").get(at(r)).text
    assert "Shared it with the Head of Service for Safeguarding" in be("Grace").get(at(r)).text
    assert Notice.objects.get(case=r.pk, kind="shared", ask=SHARED_WITH_THEM).to_person == west.person("Nadia")
    assert be("Nadia").get(at(r)).status_code == 200


def test_a_route_beside_the_ladder_changes_nothing_else(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    before = (r.tag, r.due)
    be("Grace").post(at(r, "route"), {"route": "immediate-safeguarding"})
    r.refresh_from_db()
    assert (r.tag, r.due) == before


def test_a_conversation_is_recorded_with_whom_and_how(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    talk = {"role": "group-manager", "how": "phone", "on_day": "6", "on_month": "5", "on_year": "2026"}
    be("Grace").post(at(r, "spoke"), talk)
    assert "Spoke with Denise Harkaway" in be("Grace").get(at(r)).text


def test_the_timeline_says_whose_answer_was_not_accepted_for_whom_and_why(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    answered(west, r, NOW)
    judged(west, r, NOW + timedelta(minutes=1), settled=False)
    page = be("Grace").get(at(r)).text
    assert "Answer not accepted" in page
    told = "Priya Nairn’s answer at Stage 1 was not accepted for Maya and Jude. Nothing has a date."
    assert told in page
    assert "Raised a concern at Stage 1 for Maya and Jude. Answer due by Friday 15 May 2026." in page


def test_the_timeline_keeps_an_answer_that_is_not_approved_to_itself(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    drafted(west, r, NOW)
    page = be("Grace").get(at(r)).text
    assert "Sent the answer at Stage 1 to the Group Manager for approval." in page
    assert "five days before each conference" not in page


def test_what_the_button_does_is_not_offered_again_in_other_words(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        page = be("Grace").get(at(r)).text
        assert page.count(f'href="{at(r, "decide")}"') == 1
        assert "Move to the next stage" in page


def test_who_must_approve_by_when_stands_under_the_button_to_respond(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    said = "Denise Harkaway must approve by 15 May 2026."
    assert said in be("Priya").get(at(r)).text
    page = be("Priya").get(at(r, "respond")).text
    assert page.index("Send to Denise Harkaway for approval") < page.index(said)
    assert said not in be("Grace").get(at(r)).text
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        assert "must approve by" not in be("Priya").get(at(r, "respond")).text


def test_whoever_takes_it_on_after_the_date_gets_a_new_date_and_the_turn(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    callum = west.person("Callum")
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        page = be("Grace").get(at(r, "hand-over"))
        lint(page)
        assert "New date for the answer" in page.text
        new = {"until_day": "27", "until_month": "5", "until_year": "2026"}
        taking = {"part": "team-manager", "person": str(callum.pk), "why": "Priya is off sick."}
        wrong = be("Grace").post(at(r, "hand-over"), taking)
        assert "Enter the new date for the answer" in wrong.text
        past = be("Grace").post(at(r, "hand-over"), taking | new | {"until_day": "3"})
        assert "The date must be today or later" in past.text
        be("Grace").post(at(r, "hand-over"), taking | new)
        mine = be("Callum").get(at(r)).text
        assert "Waiting for you to respond by Wednesday 27 May 2026" in mine
        assert "the first date was 15 May 2026" in mine
        assert "Callum Stroud takes the part of the Team Manager at Stage 1. Priya is off sick." in mine


def test_a_hand_over_before_the_date_asks_for_no_new_one(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    assert "New date for the answer" not in be("Grace").get(at(r, "hand-over")).text


def test_the_copy_for_one_child_warns_where_somebody_wrote_of_a_brother_or_sister(west: Cast, be: Be) -> None:
    maya, jude = west.child("Maya"), west.child("Jude")
    act = acts.Raise(
        stage="informal", children=tuple(children_of(west, "Maya", "Jude")), grounds=("REPORT-LATE",),
        concern="Maya was not asked.", date=date(2026, 5, 15),
        spoke=acts.Conversation("phone", to="team-manager", name="Priya Nairn"),
    )  # fmt: skip
    r = perform(act, by=west.person("Grace"), at=NOW, context=context_for([maya, jude], NOW)).resolution
    page = be("Grace").get(at(r, f"copy/{jude.public_id}"))
    lint(page)
    assert "The text names Maya. Take out what is about Maya" in page.text
    assert "The text names" not in be("Grace").get(at(r, f"copy/{maya.public_id}")).text


def test_two_dates_on_the_page_say_what_each_is_the_date_of(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    answered(west, r, NOW)
    page = be("Grace").get(at(r)).text
    assert "Why 15 May 2026 for the response?" in page
    assert " for the decision?" in page


def test_an_action_that_is_no_longer_needed_is_asked_about_under_its_own_choice(west: Cast, be: Be) -> None:
    r = _with_an_action_done(west)
    page = be("Grace").get(at(r, "actions/a1"))
    lint(page)
    assert page.text.index("What is still needed?") < page.text.index("Why is it no longer needed?")
    missing = be("Grace").post(at(r, "actions/a1"), {"verdict": "drop"})
    lint(missing)
    assert 'href="#id_no_need"' in missing.text
    assert 'href="#id_why"' not in missing.text
    be("Grace").post(at(r, "actions/a1"), {"verdict": "drop", "no_need": "The school does it already."})
    assert "The school does it already." in be("Grace").get(at(r)).text


def _with_an_action_done(west: Cast) -> Resolution:
    r = stage_one(west).resolution
    answered(west, r, NOW)
    judged(west, r, NOW + timedelta(minutes=1))
    asked = acts.ActionAsked("Hold the missed core group", "Priya Nairn", date(2026, 5, 20))
    grace = west.person("Grace")
    perform(acts.AgreeAction(asked), resolution=r, by=grace, at=NOW + timedelta(minutes=2))
    perform(acts.FinishAction("a1", NOW.date(), "Held."), resolution=r, by=grace, at=NOW + timedelta(minutes=3))
    return r


def test_one_that_was_closed_says_why_and_calls_nothing_late(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    grace = west.person("Grace")
    asked = acts.ActionAsked("Hold the missed core group", "Priya Nairn", date(2026, 5, 8))
    perform(acts.AgreeAction(asked), resolution=r, by=grace, at=NOW)
    perform(acts.Close("looked-after", "Her care plan takes this on."), resolution=r, by=grace, at=NOW)
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        page = lint(be("Grace").get(at(r))).text
    assert "The child became looked after. Her care plan takes this on." in page
    assert "late</span>" not in page


def test_it_is_shared_only_with_those_who_do_not_have_it_yet(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    page = be("Grace").get(at(r, "share")).text.partition("<main")[2]
    assert "Nadia Brookfield" in page
    assert "Priya Nairn" not in page
    assert "Judith Calloway" not in page


def test_a_response_that_came_back_says_first_what_has_to_change(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    plan = (acts.ActionAsked("Hold the missed core group", "Hannah Quill", date(2026, 5, 12)),)
    answer = acts.Respond("agree", "Core groups move to Thursdays.", plan)
    perform(answer, resolution=r, by=west.person("Priya"), at=NOW)
    perform(acts.SendBack("Give a date for the next."), resolution=r, by=west.person("Denise"), at=NOW)
    page = lint(be("Priya").get(at(r, "respond"))).text
    assert page.index("Give a date for the next.") < page.index("The concern")
    assert "Hold the missed core group" in page
    assert "Action 2" not in page  # a blank one would look like something missing


def test_the_endings_stand_apart_from_what_adds_to_the_record(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    page = be("Grace").get(at(r)).text
    order = ("Move it on", "Give more time", "Add to the record", "Add a note or a phone call", ">End it<", "Withdraw<")
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert "End it" not in be("Priya").get(at(r)).text
    assert "End it for Maya" in page


def test_what_an_informal_talk_agreed_stands_beside_the_decision(west: Cast, be: Be) -> None:
    r = informal(west, "Jude", at=NOW - timedelta(days=1)).resolution
    page = lint(be("Grace").get(at(r, "decide"))).text
    assert "What was agreed" in page
    assert "Not decided yet" not in page


def test_once_the_date_has_passed_the_page_says_the_rule_and_not_only_how_late_it_is(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    rule = "The policy’s date for the response was Friday 15 May 2026. It allows 7 days,"
    assert rule not in be("Grace").get(at(r)).text
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        for who, page in (("Grace", ""), ("Grace", "decide"), ("Priya", "respond")):
            assert rule in lint(be(who).get(at(r, page))).text
    answered(west, r, NOW + timedelta(days=1))
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        assert rule not in be("Grace").get(at(r)).text


def test_whoever_is_late_is_offered_the_answer_and_the_approval_all_the_same(west: Cast, be: Be) -> None:
    """The message says "You can still respond" and leads to this page."""
    r = stage_one(west).resolution
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        page = be("Priya").get(at(r)).text
        assert "You can still respond. Grace Ollerton decides what happens next." in lint(be("Priya").get(at(r))).text
        assert f'class="govuk-button" href="{at(r, "respond")}"' in page
        assert "You can still respond." in be("Priya").get(at(r, "respond")).text
        assert "You can still" not in be("Grace").get(at(r)).text
        assert "You can still" not in be("Denise").get(at(r)).text
        drafted(west, r, NOW + timedelta(days=13))
        page = be("Denise").get(at(r)).text
        assert f'class="govuk-button" href="{at(r, "approve")}"' in page
        assert "You can still respond" not in be("Priya").get(at(r)).text


def test_an_act_that_may_not_happen_says_why_and_leads_back(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    response = be("Grace").get(at(r, "resolve"))
    assert response.status_code == 403
    lint(response)
    assert "<h1" in response.text
    assert "You cannot do this now" in response.text
    assert f'href="{at(r)}"' in response.text
    assert "You cannot see this page" not in response.text


def test_a_resolution_out_of_sight_answers_as_one_that_is_absent_for_that_act_too(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    hidden, absent = (be("Kofi").get(f"/resolutions/{n}/resolve") for n in (r.reference, "R-2026-9999"))
    assert hidden.status_code == absent.status_code == 404
