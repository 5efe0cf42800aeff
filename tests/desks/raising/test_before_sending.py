"""What a chair reads before sending: the policy's own questions and examples, and what was raised before."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair, Questions, day, next_weekday, today
from tests.desks.raising.test_formal import to_the_stage
from undrift.access.restricting import restrict
from undrift.engine.ladder import acts
from undrift.record.history import state_of
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

QUESTIONS = (
    "Is the concern significant, relevant, valid and impactful?",
    "Is the level of intervention right for this child at this time?",
)


def said(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", lint(response).content.decode()).split())


def to_earlier(
    grace: Chair, family: str = "Heron", child: str = "Tyler", *, onto: str = "earlier", stage: str = "stage-1"
) -> Questions:
    asked = to_the_stage(grace, family, child)
    asked.says("tried", "stage", tried="Two emails")
    first = "spoken" if stage == "stage-1" else "people"
    asked.says("stage", "ask", stage=stage, why="It is grave" if stage != "stage-1" else "")
    asked.says("ask", first, ask="A family meeting")
    if first == "spoken":
        spoken = {"spoken": "yes", "spoke_name": "Priya Nairn", "how": "in person"}
        asked.says("spoken", "people", **spoken, **day("spoke_on", today()))
    asked.says("people", onto)
    return asked


def raised(grace: Chair, family: str = "Heron", child: str = "Tyler", **linked: str) -> Resolution:
    """A concern about the child at stage 1, by the pages."""
    asked = to_earlier(grace, family, child, onto="earlier" if linked else "check")
    if linked:
        asked.says("earlier", "check", **linked)
    response = asked.post("check")
    assert response.status_code == 302, response.content.decode()
    return Resolution.objects.get(reference=response["Location"].split("/")[2])


def test_the_questions_to_ask_oneself_stand_before_the_choice_and_beside_the_stages(grace: Chair) -> None:
    choice = said(grace.client.get(reverse("raise-choice", kwargs={"child": grace.id("Tyler")})))
    stages = said(to_the_stage(grace).get("stage"))
    assert [question for question in QUESTIONS if question not in choice or question not in stages] == []


def test_a_policy_that_has_no_such_questions_asks_none(rosalind: Chair) -> None:
    choice = said(rosalind.client.get(reverse("raise-choice", kwargs={"child": rosalind.id("Aisha")})))
    assert "ask yourself" not in choice


def test_each_stage_that_is_offered_shows_the_policys_examples(grace: Chair) -> None:
    page = said(to_the_stage(grace).get("stage"))
    for stage in ("Stage 1", "Stage 2", "Stage 5"):
        assert f"Examples the policy gives for {stage}" in page
    assert "A conference is cancelled" in page
    informal = said(grace.client.get(grace.begins_informal("Heron")))
    assert "Visits are not consistently recorded on the child's file" in informal.replace("&#x27;", "'")


def test_what_the_policy_says_of_stages_stands_below_the_question_it_is_about(grace: Chair) -> None:
    stage = to_the_stage(grace).get("stage").content.decode()
    order = ["<h1", 'name="stage"', "Examples the policy gives for Stage 1", "ask yourself</h2>", "Continue</button>"]
    assert [stage.index(words) for words in order] == sorted(stage.index(words) for words in order)
    informal = grace.client.get(grace.begins_informal("Heron")).content.decode()
    order = ["<h1", 'name="grounds"', "Examples the policy gives for", 'name="concern"']
    assert [informal.index(words) for words in order] == sorted(informal.index(words) for words in order)
    check = to_earlier(grace, onto="check").get("check").content.decode()
    assert check.index("Examples the policy gives for Stage 1") < check.index("Who it goes to")


def test_the_stage_that_was_chosen_shows_its_examples_before_sending(grace: Chair) -> None:
    page = said(to_earlier(grace, onto="check").get("check"))
    assert "Examples the policy gives for Stage 1" in page
    assert "Examples the policy gives for Stage 2" not in page


def test_the_third_time_is_said_with_dates_and_ends_and_may_be_linked(grace: Chair) -> None:
    first = raised(grace)
    perform(acts.Withdraw("It was done the same day"), resolution=first, by=grace.person)
    second = raised(grace, linked="none")
    asked = to_earlier(grace)
    page = said(asked.get("earlier"))
    assert "This is the third time" in page
    assert f"{first.reference} : Raised" in page
    assert "Withdrawn on" in page
    assert "Still open at Stage 1" in page
    assert "Select the earlier one to link" in said(asked.post("earlier"))
    assert "Select the earlier one to link" in said(asked.post("earlier", linked="R-2020-0001"))
    asked.says("earlier", "check", linked=second.reference)
    check = said(asked.get("check"))
    assert "This is the third time" in check
    assert f"Linked to {second.reference}" in check
    third = asked.post("check")["Location"].split("/")[2]
    assert state_of(Resolution.objects.get(reference=third)).linked == second.reference


@pytest.mark.parametrize(("child", "stage"), [("Amara", "stage-2"), ("Zion", "stage-1")])
def test_another_stage_or_another_child_is_another_concern(grace: Chair, child: str, stage: str) -> None:
    raised(grace, "Linnet", "Amara")
    to_earlier(grace, "Linnet", child, onto="check", stage=stage)
    to_earlier(grace, "Linnet", "Amara", onto="earlier")


def test_an_informal_talk_about_the_same_is_asked_once_and_linked(grace: Chair) -> None:
    def talk() -> tuple[str, dict[str, object]]:
        address = grace.begins_informal("Heron")
        said_so: dict[str, object] = {
            "children": [grace.id("Tyler")], "occasion": "midway", "grounds": ["FGC"], "concern": "No family meeting.",
            f"impact_{grace.id('Tyler')}": "He was not asked.", "risk": "no", "spoke_name": "Priya Nairn",
            "how": "phone", **day("spoke_on", today()), "agreed-TOTAL_FORMS": "1", "agreed-INITIAL_FORMS": "0",
            "agreed-0-what": "Hold it", "agreed-0-who": "Hannah Quill",
        }  # fmt: skip
        return address, said_so | day("agreed-0-by", next_weekday(5)) | day("date", next_weekday(7))

    address, answers = talk()
    first = grace.client.post(address, answers)["Location"].rpartition("/")[2]
    address, answers = talk()
    asks = grace.client.post(address, answers)["Location"]
    assert asks.endswith("/earlier")
    assert "This is the second time" in said(grace.client.get(asks))
    second = grace.client.post(asks, {"linked": first})["Location"].rpartition("/")[2]
    assert state_of(Resolution.objects.get(reference=second)).linked == first


# A restricted record --------------------------------------------------------------------------------------------------


def test_of_a_restricted_child_it_is_said_what_being_copied_in_comes_to(grace: Chair) -> None:
    asked = to_earlier(grace, onto="check")
    says = ("cannot open it unless they are named for the child", "open it only if they are named")
    pages = ("people", "check")
    assert not [page for page, words in zip(pages, says, strict=True) if words in said(asked.get(page))]
    restrict(grace.cast.child("Tyler"), grace.person, "A relative works here.", timezone.now())
    assert [page for page, words in zip(pages, says, strict=True) if words not in said(asked.get(page))] == []
