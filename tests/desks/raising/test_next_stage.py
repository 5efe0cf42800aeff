"""Moving a concern on: prefilled, asked for what is different, sent, and what happens when two decide at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair, day, next_weekday, today, typed
from undrift.desks.concern.typed_so_far import drafts_of
from undrift.desks.next_stage.moving import Moving
from undrift.engine.ladder import acts
from undrift.record.history import state_of
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

LONG_AGO = timedelta(days=40)


def raised(cast: Cast, *names: str, stage: str, days_ago: timedelta = LONG_AGO, **more: Any) -> Resolution:
    """A concern that was raised so long ago, by the chair of the children."""
    children = [cast.child(name) for name in names]
    at = timezone.now() - days_ago
    chair = cast.plan(names[0]).chair
    concerns = tuple(acts.ChildConcern(str(c.pk), f"{c.called} waits.", c.called) for c in children)
    act = acts.Raise(
        stage, concerns, concern="Little has changed.", ask="Fixed dates for the core group",
        spoke=acts.Conversation("phone", None, "team-manager"), **more,
    )  # fmt: skip
    return perform(act, by=chair, at=at, context=context_for(children, at)).resolution


def next_stage(resolution: Resolution, name: str = "next-stage") -> str:
    return reverse(name, args=[resolution.reference])


def told(chair: Chair, resolution: Resolution, *names: str, **more: object) -> dict[str, object]:
    answers: dict[str, object] = {
        "seen": str(resolution.last_seq),
        "different": "No core group since.",
        "ask": "Fixed dates for the core group",
        "risk": "no",
        "to": "stage-2",
    }
    return answers | {f"impact_{chair.id(name)}": f"{name} waits longer." for name in names} | more


@pytest.fixture
def rowan(grace: Chair) -> Resolution:
    """Raised at stage 1 for all four, and not answered."""
    return raised(grace.cast, "Ella", "Sam", "Poppy", "Finn", stage="stage-1")


def test_the_draft_is_ready_with_its_reason_and_each_childs_impact(grace: Chair, rowan: Resolution) -> None:
    page = lint(grace.client.get(next_stage(rowan))).content.decode()
    assert "Move to stage 2" in page
    assert "No response to stage 1.</textarea>" in page
    for name in ("Ella", "Sam", "Poppy", "Finn"):
        assert f"{name} waits.</textarea>" in page
    assert "Fixed dates for the core group</textarea>" in page
    assert "Owen Tarrant" in page
    assert "Farah Lindley" in page
    assert "4 working days from today" in page


def test_the_chair_checks_and_sends_it_on(grace: Chair, rowan: Resolution) -> None:
    answers = told(grace, rowan, "Ella", "Sam", "Poppy", "Finn")
    answers[f"impact_{grace.id('Ella')}"] = "Ella waits."
    assert grace.client.post(next_stage(rowan), answers)["Location"] == next_stage(rowan, "next-stage-check")
    check = lint(grace.client.get(next_stage(rowan, "next-stage-check"))).content.decode()
    assert "Send to Owen Tarrant" in check
    assert "Finn waits longer." in check
    (draft,) = drafts_of(grace.person)
    sent = grace.client.post(next_stage(rowan, "next-stage-check"))
    assert sent["Location"] == reverse("raise-sent", args=[rowan.reference])
    assert "Sent to Owen Tarrant" in lint(grace.client.get(sent["Location"])).content.decode()
    state = state_of(rowan)
    assert state.here.stage == "stage-2"
    assert state.here.because == "not answered"
    assert state.here.different == "No core group since."
    assert state.children[str(grace.cast.child("Ella").pk)].impact == "Ella waits."
    assert state.children[str(grace.cast.child("Finn").pk)].impact == "Finn waits longer."
    assert draft not in drafts_of(grace.person)


def test_the_button_pressed_twice_moves_it_once(grace: Chair, rowan: Resolution) -> None:
    grace.client.post(next_stage(rowan), told(grace, rowan, "Ella", "Sam", "Poppy", "Finn"))
    check = next_stage(rowan, "next-stage-check")
    page = grace.client.get(check).content.decode()
    number = page.partition('name="draft" value="')[2].partition('"')[0]
    first = grace.client.post(check, {"draft": number})
    again = grace.client.post(check, {"draft": number})
    assert first["Location"] == again["Location"]
    assert [v.stage for v in state_of(rowan).visits] == ["stage-1", "stage-2"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"different": ""}, "Enter what is different now"),
        ({"ask": ""}, "Enter what you want to happen"),
        ({"risk": ""}, "Select whether any child is at immediate risk now"),
        (
            {"risk": "yes", "acted": "Seen.", "acted_by": "Hannah", "acted_on": timedelta(days=1)},
            "The date must be today or earlier",
        ),
        ({"to": "stage-3"}, "Tell us why you are going straight to stage 3"),
        ({"grounds": ["RISK-NOW"]}, "or take the reason away"),
        ({"asked_by": timedelta(days=-1)}, "The date you ask for must be today or later"),
    ],
)
def test_what_is_missing_is_said_at_its_box(
    grace: Chair, rowan: Resolution, changes: dict[str, object], sentence: str
) -> None:
    answers = told(grace, rowan, "Ella", "Sam", "Poppy", "Finn") | {"at_risk": [grace.id("Finn")]} | typed(changes)
    page = lint(grace.client.post(next_stage(rowan), answers)).content.decode()
    assert "There is a problem" in page
    assert page.count(sentence) >= 2


def test_each_child_keeps_an_impact(grace: Chair, rowan: Resolution) -> None:
    answers = told(grace, rowan, "Ella", "Sam", "Poppy", "Finn") | {f"impact_{grace.id('Finn')}": ""}
    page = lint(grace.client.post(next_stage(rowan), answers)).content.decode()
    assert "Enter how this affects Finn" in page


def test_before_its_time_it_does_not_move_and_the_sentence_says_until_when(grace: Chair) -> None:
    fresh = raised(grace.cast, "Tyler", stage="stage-1", days_ago=timedelta(days=1))
    response = lint(grace.client.get(next_stage(fresh)))
    assert response.status_code == 403
    assert "It can move on then, or at once if a child is at immediate risk." in response.content.decode()


@pytest.mark.parametrize(("who", "status"), [("Priya Nairn", 403), ("Imran Dastgir", 404), ("Kofi Ansell", 404)])
def test_only_the_chair_moves_it(grace: Chair, who: str, status: int) -> None:
    late = raised(grace.cast, "Tyler", stage="stage-1")
    assert Chair(grace.cast, who).client.get(next_stage(late)).status_code == status


def test_an_answer_that_does_not_resolve_it_moves_on_with_the_chairs_own_words(grace: Chair) -> None:
    cast = grace.cast
    linnet = raised(cast, "Amara", "Zion", stage="stage-1", days_ago=timedelta(days=3))
    perform(acts.Respond("agree in part", "Capacity."), resolution=linnet, by=cast.person("Priya"))
    perform(acts.Approve(), resolution=linnet, by=cast.person("Denise"))
    verdict = {str(cast.child(name).pk): name == "Amara" for name in ("Amara", "Zion")}
    judge = acts.Judge(verdict, "No date for the safety plan, and Zion is 2 months old.")
    perform(judge, resolution=linnet, by=grace.person)
    page = lint(grace.client.get(next_stage(linnet))).content.decode()
    assert "No date for the safety plan, and Zion is 2 months old.</textarea>" in page
    assert "How does this affect Zion?" in page
    assert "How does this affect Amara?" not in page  # it is settled for her
    linnet.refresh_from_db()
    grace.client.post(next_stage(linnet), told(grace, linnet, "Zion"))
    grace.client.post(next_stage(linnet, "next-stage-check"))
    assert state_of(linnet).here.because == "not accepted"
    assert Resolution.objects.get().next_person == cast.person("Denise")


def test_an_informal_talk_that_came_to_nothing_moves_to_the_first_stage(grace: Chair) -> None:
    cast = grace.cast
    agreed = today() - timedelta(days=10)
    heron = raised(cast, "Tyler", stage="informal", date=agreed)
    # Nobody was asked for a response there: the words are about what was agreed.
    assert "What was agreed at informal resolution is not done.</textarea>" in grace.client.get(next_stage(heron)).text
    answers = told(grace, heron, "Tyler", to="stage-1", grounds=["FGC", "FATHERS"])
    unsaid = grace.client.post(next_stage(heron), answers)
    assert "Select whether you have spoken to the Team Manager" in unsaid.text
    spoken = {"spoken": "yes", "spoke_name": "Priya Nairn", "how": "in person"} | day("spoke_on", today())
    grace.client.post(next_stage(heron), answers | spoken)
    page = lint(grace.client.get(next_stage(heron, "next-stage-check"))).content.decode()
    assert "Send to Priya Nairn" in page
    grace.client.post(next_stage(heron, "next-stage-check"))
    state = state_of(heron)
    assert state.here.stage == "stage-1"
    assert state.grounds == ("FGC", "FATHERS")


def test_the_highest_levels_ask_for_a_pause_first(grace: Chair) -> None:
    late = raised(grace.cast, "Tyler", stage="stage-3", why_this_stage="It was at stage 2 before")
    answers = told(grace, late, "Tyler", to="stage-4")
    onward = grace.client.post(next_stage(late), answers)["Location"]
    assert onward == next_stage(late, "next-stage-pause")
    page = lint(grace.client.get(onward)).content.decode()
    assert "This goes to the Assistant Director" in page
    assert f'href="{next_stage(late, "next-stage-check")}"' in page


def test_a_risk_that_is_new_now_goes_with_it_and_never_waits(grace: Chair, rowan: Resolution) -> None:
    answers = told(grace, rowan, "Ella", "Sam", "Poppy", "Finn", risk="yes", acted="")
    unsaid = lint(grace.client.post(next_stage(rowan), answers, follow=True)).content.decode()
    assert "Select which children are at immediate risk" in unsaid
    answers |= {"at_risk": [grace.id("Finn")]}
    assert grace.client.post(next_stage(rowan), answers).status_code == 302
    assert "Nobody has acted yet" in lint(grace.client.get(next_stage(rowan, "next-stage-check"))).content.decode()
    grace.client.post(next_stage(rowan, "next-stage-check"))
    assert state_of(rowan).at_risk == (str(grace.cast.child("Finn").pk),)


@pytest.mark.parametrize("over", [True, False])
def test_a_risk_that_is_over_is_no_reason_to_go_past_a_stage(grace: Chair, rowan: Resolution, over: bool) -> None:
    done = perform(acts.RecordUrgentAction("She is at her aunt’s."), resolution=rowan, by=grace.person)
    if over:
        perform(acts.RingBack(done.events[-1].seq, "Owen Tarrant"), resolution=rowan, by=grace.person)
    page = grace.client.get(next_stage(rowan)).content.decode()
    assert "Why not the stage before?" in page
    assert ("Immediate risk</textarea>" in page) is not over


def test_who_decides_second_is_told_and_keeps_the_text(grace: Chair, rowan: Resolution) -> None:
    grace.client.post(next_stage(rowan), told(grace, rowan, "Ella", "Sam", "Poppy", "Finn"))
    perform(acts.GiveMoreTime(next_weekday(5), "He is off sick"), resolution=rowan, by=grace.person)
    response = lint(grace.client.post(next_stage(rowan, "next-stage-check")))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Grace Ollerton gave more time at" in page
    assert "Read the decision" in page
    assert "Finn waits longer." in page
    assert "No core group since." in page
    assert state_of(rowan).here.stage == "stage-1"
    (draft,) = drafts_of(grace.person)
    assert draft.href == next_stage(rowan)


def test_a_draft_is_kept_and_shown_again(grace: Chair, rowan: Resolution) -> None:
    answers = told(grace, rowan, "Ella") | {"different": "Half a sent", "save": "later"}
    assert grace.client.post(next_stage(rowan), answers).status_code == 302
    page = lint(grace.client.get(next_stage(rowan))).content.decode()
    assert "Half a sent</textarea>" in page
    assert "There is a problem" not in page


def test_a_starred_recommendation_moves_to_the_agencys_safeguarding_lead(rosalind: Chair) -> None:
    cast = rosalind.cast
    trust = str(cast.agency("Moorland Health Trust").pk)
    starred = raised(cast, "Aisha", stage="starred", agency=trust, completion=next_weekday(20))
    page = lint(rosalind.client.get(next_stage(starred))).content.decode()
    assert "Dr Meena Kessler" in page
    answers = told(rosalind, starred, "Aisha", to="formal-escalation") | day("date", next_weekday(2))
    rosalind.client.post(next_stage(starred), answers)
    rosalind.client.post(next_stage(starred, "next-stage-check"))
    assert Resolution.objects.get().next_person == cast.person("Dr Meena Kessler")


def test_somebody_signed_out_is_asked_to_sign_in(grace: Chair, rowan: Resolution) -> None:
    assert "/sign-in" in Client().get(next_stage(rowan))["Location"]


def test_where_no_stage_lies_above_there_is_nothing_to_check(
    grace: Chair, rowan: Resolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Moving, "ways", ())
    assert grace.client.get(next_stage(rowan, "next-stage-check"))["Location"] == next_stage(rowan)
