"""What an answer leads to on the pages: asked again, accepted for one child, moved on; nothing said is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.desks.resolution.test_following import at
from tests.desks.resolution.test_statements import starred
from tests.resolutions.reached import ANSWER, answered, stage_one
from undrift.engine.ladder import acts
from undrift.messages.texts import write
from undrift.record.models import Event, Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Be = Callable[[str], Client]
WHY = "Jude’s visits have no date."
NEEDED = "A date for each of Jude’s visits."


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def in_part(west: Cast) -> Resolution:
    """Answered, and accepted for Maya but not for Jude."""
    r = stage_one(west).resolution
    answered(west, r, NOW)
    maya, jude = (str(west.child(name).pk) for name in ("Maya", "Jude"))
    perform(acts.Judge({maya: True, jude: False}, WHY), resolution=r, by=west.person("Grace"), at=NOW)
    return r


def ask_again(west: Cast, r: Resolution, until: date = date(2026, 5, 14)) -> Resolution:
    perform(acts.AskAgain(until, NEEDED), resolution=r, by=west.person("Grace"), at=NOW)
    return r


def test_what_is_still_needed_begins_with_the_reason_of_the_decision(be: Be, in_part: Resolution) -> None:
    assert WHY in lint(be("Grace").get(at(in_part, "ask-again"))).text


def test_whoever_is_asked_again_reads_what_was_answered_why_it_is_not_enough_and_for_whom(
    west: Cast, be: Be, in_part: Resolution
) -> None:
    page = lint(be("Priya").get(at(ask_again(west, in_part), "respond"))).text
    for said in (ANSWER.text, "Accepted for Maya, and not accepted for Jude.", WHY, NEEDED):
        assert said in page
    assert "What is still needed" in page
    assert "This is asked for Jude. For Maya it is settled." in page


def test_the_answer_that_was_asked_for_again_stays_on_the_record(west: Cast, be: Be, in_part: Resolution) -> None:
    page = lint(be("Grace").get(at(ask_again(west, in_part)))).text
    assert "Stage 1: an earlier response by Priya Nairn" in page
    response, history = page.split("What happened</h2>")
    for said in (ANSWER.text, WHY, NEEDED):
        assert said in response
        assert said in history


def test_the_chair_decides_on_the_second_answer_beside_the_first_and_for_one_child(
    west: Cast, be: Be, in_part: Resolution
) -> None:
    ask_again(west, in_part)
    perform(acts.Respond("agree", "Jude is seen on Mondays."), resolution=in_part, by=west.person("Priya"), at=NOW)
    approve = lint(be("Denise").get(at(in_part, "approve"))).text
    perform(acts.Approve("Fine with me."), resolution=in_part, by=west.person("Denise"), at=NOW)
    page = lint(be("Grace").get(at(in_part, "decide"))).text
    for shown in (approve, page):
        for said in ("Jude is seen on Mondays.", ANSWER.text, WHY, NEEDED):
            assert said in shown
    assert "resolve it for Jude?" in page
    assert "resolve it for Maya?" not in page
    assert "Fine with me." in page


def test_whoever_answers_higher_up_reads_what_was_refused_below_and_why(
    west: Cast, be: Be, in_part: Resolution
) -> None:
    on_it_goes = acts.MoveOn("stage-2", "not accepted", different="Nothing new.", ask="Dates.")
    perform(on_it_goes, resolution=in_part, by=west.person("Grace"), at=NOW)
    page = lint(be("Denise").get(at(in_part, "respond"))).text
    for said in (ANSWER.text, "Accepted for Maya, and not accepted for Jude.", WHY):
        assert said in page
    assert "This is asked for Jude. For Maya it is settled." in page


def test_a_comment_on_approving_is_a_comment(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    perform(ANSWER, resolution=r, by=west.person("Priya"), at=NOW)
    page = lint(be("Denise").get(at(r, "approve"))).text
    assert "Do you want to add a comment?" in page
    be("Denise").post(at(r, "approve"), {"verdict": "approve", "remark": "Fine with me."})
    assert "Denise Harkaway’s comment:" in lint(be("Grace").get(at(r, "decide"))).text


def test_what_a_chief_officer_directs_is_tracked_and_not_closed_when_the_chair_does_not_agree(
    north: Cast, be: Be
) -> None:
    r, chair, chief = starred(north), north.person("Rosalind"), north.person("Paul")
    for to in ("formal-escalation", "chief-officer"):
        up = acts.MoveOn(to, "immediate risk", risk=acts.Risk("She is at her aunt’s."))
        perform(up, resolution=r, by=chair, at=NOW)
    elias = str(north.person("Elias").pk)
    home = acts.ActionAsked("Book the first appointment", "Elias Thornby", date(2026, 5, 20), elias)
    perform(acts.Respond("agree in part", "It is directed.", (home,)), resolution=r, by=chief, at=NOW)
    client = Client()
    client.force_login(chair)
    assert "Record that it is not agreed, and close" not in lint(client.get(at(r, "decide"))).text
    one = r.about.get().child
    child = one.pk
    decided = client.post(at(r, "decide"), {f"child-{child}": "no", "why": "It is too late.", "next": "wait"})
    assert decided["Location"] == at(r)
    page = lint(client.get(at(r))).text
    assert "Waiting for Elias Thornby to do what was directed" in page
    history = page.partition("What happened")[2]
    assert "Directed: “Book the first appointment”" in history
    assert "Agreed: “Book the first appointment”" not in history
    sent = Notice.objects.select_related("case__authority", "case__chair").get(case=r.pk, kind="action_agreed")
    assert write(sent).subject.startswith("Do what was directed")
    owner = Client()
    owner.force_login(north.person("Elias"))
    assert "Directed: Book the first appointment" in lint(owner.get("/")).text
    assert f'href="{at(r, "withdraw")}"' not in page
    assert client.get(at(r, "close")).status_code == 403
    assert "End it" not in lint(client.get(at(r, "actions/a1"))).text
    end = {"ending": "in-error", "why": "It stands.", "changed": ""}
    refused = client.post(at(r, f"children/{one.public_id}/end"), end, follow=True)
    assert "only the Chief Officer can end it otherwise" in lint(refused).text
    its_own = Client()
    its_own.force_login(chief)
    assert "End it" in lint(its_own.get(at(r, "actions/a1"))).text
    its_own.post(at(r, "actions/a1"), {"status": "drop", "no_need": "She was seen today."})
    assert "No longer needed: “Book the first appointment”. She was seen today." in lint(client.get(at(r))).text
    assert client.get(at(r, "withdraw")).status_code == 200


@pytest.mark.parametrize("letter", ["\u200b", "\u2060", "\u00ad", "\u3164", "\u202e", "\ufeff"], ids=ascii)
def test_what_nobody_can_see_is_no_answer(west: Cast, be: Be, letter: str) -> None:
    r = stage_one(west).resolution
    page = lint(be("Grace").post(at(r, "withdraw"), {"text": letter}, follow=True)).text
    assert "Enter why you are withdrawing it" in page
    assert Event.objects.filter(case=r.pk).latest("seq").type != "withdrawn"


def test_a_late_answer_says_how_late_it_came(west: Cast, be: Be) -> None:
    """Raised on 6 May, due on Friday 15 May, answered on Tuesday 19 May."""
    r = stage_one(west).resolution
    answered(west, r, NOW + timedelta(days=13))
    with time_machine.travel(NOW + timedelta(days=14), tick=False):
        for page in ("", "decide"):
            late = "It came 2 working days late: it was due on Friday 15 May 2026."
            assert late in lint(be("Grace").get(at(r, page))).text


def test_a_second_answer_is_late_for_the_day_by_which_it_was_asked_for(west: Cast, be: Be, in_part: Resolution) -> None:
    ask_again(west, in_part, date(2026, 5, 8))
    answered(west, in_part, NOW + timedelta(days=6))
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        page = lint(be("Grace").get(at(in_part, "decide"))).text
        assert "It came 2 working days late: it was asked for again by Friday 8 May 2026." in page
        assert page.count("It came") == 1


def why(page: str) -> str:
    """The questions about dates."""
    return " ".join(part.split("<")[0] for part in page.split("Why ")[1:])


def test_while_it_waits_again_the_day_that_counts_is_the_one_with_its_reason(
    west: Cast, be: Be, in_part: Resolution
) -> None:
    ask_again(west, in_part)
    for someone, page in (("Priya", "respond"), ("Grace", "")):
        shown = lint(be(someone).get(at(in_part, page))).text
        assert "Why 14 May 2026 for the response?" in shown
        assert "Grace Ollerton asked for another answer on Wednesday 6 May 2026: by Thursday 14 May 2026." in shown
        assert "15 May" not in why(shown)
    strip = shown.split('class="undrift-ladder"')[1].split("</ol>")[0]
    assert "due 14 May 2026" in strip
    assert "answered" not in strip


def test_with_more_time_the_first_date_is_called_the_first(west: Cast, be: Be) -> None:
    r = stage_one(west).resolution
    perform(acts.GiveMoreTime(date(2026, 5, 20), "Priya is ill."), resolution=r, by=west.person("Grace"), at=NOW)
    for page in (be("Priya").get(at(r, "respond")), be("Grace").get(at(r))):
        shown = lint(page).text
        assert "Why 20 May 2026 for the response?" in shown
        assert "Grace Ollerton gave more time on Wednesday 6 May 2026: by Wednesday 20 May 2026." in shown
        assert "Why was the first date 15 May 2026?" in shown
    assert "due 20 May 2026" in shown.split('class="undrift-ladder"')[1].split("</ol>")[0]


def test_when_the_day_for_the_second_answer_has_passed_it_is_the_one_that_is_named(
    west: Cast, be: Be, in_part: Resolution
) -> None:
    ask_again(west, in_part)
    with time_machine.travel(NOW + timedelta(days=12), tick=False):
        assert "No response by Thursday 14 May 2026" in lint(be("Grace").get(at(in_part, "decide"))).text


def test_when_nobody_is_left_for_whom_it_is_asked_no_answer_is_said_to_be_due(
    west: Cast, be: Be, in_part: Resolution
) -> None:
    """Maya is settled at stage 1, Jude goes on to stage 2 and ends there."""
    chair, jude = west.person("Grace"), str(west.child("Jude").pk)
    for act in (acts.MoveOn("stage-2", "not accepted", different="Nothing.", ask="Dates."),
                acts.EndForChild(jude, "moved", "Known there.")):  # fmt: skip
        perform(act, resolution=in_part, by=chair, at=NOW)
    for someone in ("Grace", "Denise"):
        page = lint(be(someone).get(at(in_part))).text
        for said in ("Not answered yet", "responds<", f'href="{at(in_part, "respond")}"', "for the response?"):
            assert said not in page
        strip = page.split('class="undrift-ladder"')[1].split("</ol>")[0]
        assert "due" not in strip
        assert "Answered in time, agreed for some children and not for others" in strip
        assert "No answer is waited for: it is settled or has ended for every child." in page
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        assert "date for the response was" not in lint(be("Grace").get(at(in_part))).text


def test_before_accepting_the_chair_is_told_what_could_never_become_late(west: Cast, be: Be) -> None:
    for actions, said in (
        ((), "Once it is accepted, nothing here can become late."),
        ((acts.ActionAsked("Visit", "Hannah Quill", date(2026, 5, 20)),), ""),
    ):
        r = stage_one(west, "Maya").resolution
        perform(acts.Respond("agree", "It is called.", actions), resolution=r, by=west.person("Priya"), at=NOW)
        perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
        page = lint(be("Grace").get(at(r, "decide"))).text
        assert said in page
        assert ("become late" in page) is bool(said)
        assert "become late" not in be("Priya").get(at(r)).text
