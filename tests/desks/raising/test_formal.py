"""The question pages of a formal concern, from the first to the confirmation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair, Questions, day, next_weekday, today, typed
from undrift.children.models import KeyAction
from undrift.desks.concern.typed_so_far import drafts_of
from undrift.engine.dates.due import due
from undrift.engine.dates.words import full_day
from undrift.engine.ladder import acts
from undrift.people.models import Cover
from undrift.protocol.clocks import parse
from undrift.record.adopted import rules_of
from undrift.record.history import history_of, state_of
from undrift.record.models import Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

PAGES = ("children", "source", "concern", "impact", "risk", "tried", "stage", "ask", "spoken", "people")
TYLER = "He has had no family meeting and his father was not asked."


def to_the_stage(grace: Chair, family: str = "Heron", child: str = "Tyler", risk: str = "no") -> Questions:
    """The questions up to the stage, answered without an immediate risk."""
    asked = grace.begins_formal(family)
    asked.says("children", "source", children=[grace.id(child)])
    asked.says("source", "concern", occasion="midway")
    asked.says("concern", "impact", grounds=["FGC", "FATHERS"], concern="No family meeting held.")
    asked.says("impact", "risk", **{f"impact_{grace.id(child)}": TYLER})
    asked.says("risk", "tried" if risk == "no" else "act-first", risk=risk)
    return asked


def to_the_check(grace: Chair, onto: str = "check") -> Questions:
    asked = to_the_stage(grace)
    asked.says("tried", "stage", tried="Two emails")
    asked.says("stage", "ask", stage="stage-1", why="")
    asked.says("ask", "spoken", ask="A family meeting, and a plan to involve his father")
    spoken = {"spoken": "yes", "spoke_name": "Priya Nairn", "how": "in person"}
    asked.says("spoken", "people", **spoken, **day("spoke_on", today()))
    asked.says("people", onto, copied=["head-of-safeguarding"])
    return asked


def test_the_first_page_asks_informal_or_formal_and_says_that_most_are_informal(grace: Chair) -> None:
    for name, kwargs in (("family", grace.cast.family("Heron").reference), ("child", grace.id("Tyler"))):
        address = reverse("raise-choice", kwargs={name: kwargs})
        page = lint(grace.client.get(address)).content.decode()
        assert "Informal or formal?" in page
        assert "Most concerns are settled informally" in page
        assert "Select how you want to raise it" in lint(grace.client.post(address, {})).content.decode()


def test_a_partnership_offers_an_informal_talk_or_a_starred_recommendation(rosalind: Chair) -> None:
    page = lint(rosalind.client.get(reverse("raise-choice", kwargs={"child": rosalind.id("Aisha")}))).content.decode()
    assert "Informal or starred recommendation?" in page
    assert "Starred recommendation" in page
    assert "Child protection conference" not in page


@pytest.mark.parametrize("kind", ["working", "calendar"])
def test_a_stage_says_in_which_days_this_council_counts_its_time(grace: Chair, kind: str) -> None:
    council = grace.cast.authority
    council.choices = council.choices | {"bare_days": kind}
    council.save()
    page = lint(to_the_stage(grace).get("stage")).content.decode()
    within = f"7 days, which {council.name} counts as {kind} days"
    assert f"The Team Manager answers within {within}, with the approval of the Group Manager" in page
    people = to_the_check(grace).get("check").content.decode()
    assert f"Stage 1: the Team Manager answers within {within} (" in people
    assert f"does not say which; {council.name} counts {kind} days." in people


@pytest.mark.parametrize("who", ["Imran Dastgir", "Kofi Ansell", "Owen Tarrant"])
def test_a_family_out_of_sight_is_not_there(grace: Chair, who: str) -> None:
    other = Chair(grace.cast, who)
    family = reverse("raise-choice", kwargs={"family": grace.cast.family("Heron").reference})
    child = reverse("raise-choice", kwargs={"child": grace.id("Tyler")})
    assert other.client.get(family).status_code == 404
    assert other.client.get(child).status_code == 404


@pytest.mark.parametrize("who", ["Priya Nairn", "Hannah Quill", "Judith Calloway"])
def test_only_a_chair_may_raise_and_the_others_are_told_so(grace: Chair, who: str) -> None:
    other = Chair(grace.cast, who)
    response = lint(other.client.get(reverse("raise-choice", kwargs={"family": grace.cast.family("Heron").reference})))
    assert response.status_code == 403
    assert "Only the CP Coordinator can raise a concern for these children." in response.content.decode()


def test_a_draft_belongs_to_its_writer_alone(grace: Chair) -> None:
    asked = to_the_stage(grace)
    imran = Chair(grace.cast, "Imran Dastgir")
    for page in ("children", "tried", "check", "act-first"):
        assert imran.client.get(asked.address(page)).status_code == 404
    assert drafts_of(imran.person) == []


def test_nobody_is_named_in_an_address_or_a_title(grace: Chair) -> None:
    asked = to_the_check(grace)
    for page in (*PAGES, "check"):
        response = lint(asked.get(page))
        title = response.content.decode().partition("<title>")[2].partition("</title>")[0]
        assert "Heron" not in asked.address(page) + title


@pytest.mark.parametrize(
    ("page", "answers", "sentence"),
    [
        ("children", {}, "Select at least one child"),
        ("source", {}, "Select when this came up"),
        ("concern", {}, "Select a reason or enter what the concern is"),
        ("risk", {}, "Select whether any child is at immediate risk now"),
        ("stage", {}, "Select a stage"),
        ("stage", {"stage": "stage-2"}, "Tell us why you are starting at stage 2"),
        ("ask", {}, "Enter what you want to happen"),
        ("spoken", {}, "Select whether you have spoken to the Team Manager"),
        ("spoken", {"spoken": "no"}, "Select whether you have spoken to the Team Manager"),
        ("spoken", {"spoken": "yes", "how": "letter"}, "Select how you spoke"),
        ("spoken", {"spoken": "yes"}, "Select how you spoke"),
        (
            "spoken",
            {"spoken": "yes", "how": "email", "spoke_on": timedelta(days=3)},
            "The date of the conversation must be today or earlier",
        ),
        ("people", {"asked_by": timedelta(days=-1)}, "The date you ask for must be today or later"),
        ("people", {"asked_by_day": "1"}, "must include a month and a year"),
    ],
)
def test_each_page_says_what_is_missing_at_its_own_box(
    grace: Chair, page: str, answers: dict[str, object], sentence: str
) -> None:
    asked = to_the_check(grace)
    shown = lint(asked.post(page, **typed(answers))).content.decode()
    assert "There is a problem" in shown
    assert shown.count(sentence) >= 2  # in the summary and at the box


def test_every_child_needs_an_impact_of_their_own(grace: Chair) -> None:
    asked = grace.begins_formal("Alder")
    asked.says("children", "source", children=[grace.id("Maya"), grace.id("Noor")])
    page = lint(asked.post("impact", **{f"impact_{grace.id('Maya')}": "She went quiet."})).content.decode()
    assert "Enter how this affects Noor" in page
    assert "Enter how this affects Jude" not in page
    assert "How does this affect each child?" in page


def test_all_siblings_can_be_ticked_at_once(grace: Chair) -> None:
    asked = grace.begins_formal("Alder")
    page = lint(asked.post("children", select="all")).content.decode()
    assert page.count("checked") == 3


def test_the_gravest_reason_suggests_the_stage(grace: Chair) -> None:
    asked = to_the_stage(grace)
    assert "the first formal stage comes first" in asked.get("stage").content.decode()
    asked.post("concern", grounds=["FGC", "CONF-CANCELLED"])
    page = lint(asked.get("stage")).content.decode()
    assert "Stage 2 is suggested: “Conference cancelled” usually starts there" in page
    assert 'value="stage-2" checked' in page


def test_a_question_before_its_time_leads_to_the_one_that_is_missing(grace: Chair) -> None:
    asked = grace.begins_formal("Heron")
    assert asked.get("people")["Location"] == asked.address("children")
    assert asked.get("check")["Location"] == asked.address("children")
    assert asked.get("nothing-like-it").status_code == 404


def test_who_it_goes_to_is_named_with_the_day_and_how_it_was_worked_out(grace: Chair) -> None:
    page = lint(to_the_check(grace).get("people")).content.decode()
    for name in ("Priya Nairn", "Denise Harkaway", "Judith Calloway", "Marcus Penhale"):
        assert name in page
    assert "How we worked this out" in page
    assert "7 working days from today" in page
    assert "Westmarch Council counts working days" in page


def test_someone_covering_is_found_and_the_page_says_for_whom(grace: Chair) -> None:
    denise, owen = grace.cast.person("Denise"), grace.cast.person("Owen")
    Cover.objects.create(authority=grace.cast.authority, away=denise, covering=owen, starts=today())
    page = lint(to_the_check(grace).get("people")).content.decode()
    assert "Owen Tarrant, covering for Denise Harkaway" in page


def test_checked_and_sent_it_is_on_record_and_the_manager_is_told(grace: Chair) -> None:
    asked = to_the_check(grace)
    page = lint(asked.get("check")).content.decode()
    assert "How it affects Tyler" in page
    assert TYLER in page
    assert "Send to Priya Nairn" in page
    response = asked.post("check")
    resolution = Resolution.objects.get()
    assert response["Location"] == reverse("raise-sent", args=[resolution.reference])
    state = state_of(resolution)
    assert state.here.stage == "stage-1"
    assert state.copied == ("head-of-safeguarding",)
    assert state.tried == "Two emails"
    assert state.grounds == ("FGC", "FATHERS")
    told = set(Notice.objects.values_list("to_person__name", flat=True))
    assert {"Priya Nairn", "Denise Harkaway", "Judith Calloway", "Marcus Penhale", "Nadia Brookfield"} <= told
    assert drafts_of(grace.person) == []


def test_the_confirmation_says_what_happens_next_and_whom_to_contact(grace: Chair) -> None:
    sent = to_the_check(grace).post("check")
    page = lint(grace.client.get(sent["Location"])).content.decode()
    resolution = Resolution.objects.get()
    rules = rules_of(resolution)
    last = due(parse("7 working days"), resolution.raised_at, rules.calendar).date
    assert last is not None
    assert resolution.reference in page
    assert f"{last.day} {last:%B %Y}" in page
    assert "Nothing moves on by itself" in page
    assert grace.cast.person("Priya").phone in page


def test_what_is_always_refused_is_not_offered_and_the_ways_to_speak_are_the_policys(grace: Chair) -> None:
    page = lint(to_the_check(grace).get("spoken")).content.decode()
    assert "The policy asks for it first. If you have not yet, save this and come back" in page
    assert re.findall(r'name="spoken"[^>]*value="([^"]+)"', page) == ["yes", "tried"]
    assert re.findall(r'name="how"[^>]*value="([^"]+)"', page) == ["in person", "phone", "video call", "email"]


def test_the_button_pressed_twice_sends_once(grace: Chair) -> None:
    asked = to_the_check(grace)
    first, again = asked.post("check"), asked.post("check")
    assert first["Location"] == again["Location"]
    assert Resolution.objects.count() == 1


def test_coming_back_later_from_the_check_sends_nothing(grace: Chair) -> None:
    assert to_the_check(grace).post("check", save="later").status_code == 302
    assert not Resolution.objects.exists()
    assert len(drafts_of(grace.person)) == 1


def test_an_answer_changed_from_the_check_leads_back_to_it(grace: Chair) -> None:
    asked = to_the_check(grace)
    changed = grace.client.post(f"{asked.address('ask')}?from=check", {"ask": "A meeting by the end of the month"})
    assert changed["Location"] == asked.address("check")
    assert "A meeting by the end of the month" in asked.get("check").content.decode()


def test_another_child_added_from_the_check_is_asked_about_first(grace: Chair) -> None:
    asked = to_the_stage(grace, "Alder", "Maya")
    more = grace.client.post(
        f"{asked.address('children')}?from=check", {"children": [grace.id("Maya"), grace.id("Jude")]}
    )
    assert more["Location"] == asked.address("impact")


def test_what_the_engine_refuses_at_the_end_leads_to_its_page(grace: Chair) -> None:
    asked = to_the_check(grace)
    draft = asked.kept()
    ahead = day("spoke_on", today() + timedelta(days=1))
    draft.content["typed"] |= {name: [value] for name, value in ahead.items()}
    draft.save()
    page = lint(asked.post("check")).content.decode()
    sentence = "The date of the conversation must be today or earlier"
    assert sentence in page
    assert f'href="{asked.address("spoken")}?from=check"' in page
    at_its_box = lint(grace.client.get(f"{asked.address('spoken')}?from=check")).content.decode()
    assert at_its_box.count(sentence) >= 2
    assert not Resolution.objects.exists()


def test_save_and_come_back_later_keeps_a_page_half_done(grace: Chair) -> None:
    asked = grace.begins_formal("Heron")
    asked.says("children", "source", children=[grace.id("Tyler")])
    response = asked.post("concern", concern="Half a sent", save="later")
    assert response.status_code == 302
    (draft,) = drafts_of(grace.person)
    assert grace.client.get(draft.href)["Location"] == asked.address("source")
    page = lint(asked.get("concern")).content.decode()
    assert "Half a sent" in page
    assert "There is a problem" not in page
    choice = reverse("raise-choice", kwargs={"family": grace.cast.family("Heron").reference})
    assert draft.href in lint(grace.client.get(choice)).content.decode()


# An immediate risk -----------------------------------------------------------------------------------------------


def at_risk(grace: Chair) -> Questions:
    asked = grace.begins_formal("Sorrel")
    kai = grace.id("Kai")
    asked.says("children", "source", children=[kai])
    asked.says("source", "concern", occasion="other")
    asked.says("concern", "impact", grounds=["RISK-NOW", "SAFETY-PLAN"])
    asked.says("impact", "risk", **{f"impact_{kai}": "He lives with an adult who has harmed a child."})
    asked.says("risk", "act-first", risk="yes")
    return asked


def test_a_reason_that_tells_of_a_risk_and_the_answer_that_there_is_none_are_asked_about(grace: Chair) -> None:
    asked = at_risk(grace)
    page = lint(asked.post("risk", risk="no")).content.decode()
    assert page.count("You chose the reason “Immediate safeguarding risk”, and that no child is at immediate risk") == 2
    asked.says("risk", "act-first", risk="yes")


def rest_of(asked: Questions) -> None:
    """The questions after the risk, as suggested."""
    asked.says("tried", "stage", tried="")
    asked.says("stage", "ask", stage="stage-2", why="Immediate risk")
    asked.says("ask", "people", ask="A safety plan today")
    asked.says("people", "check", **day("asked_by", next_weekday(1)))


def test_act_first_shows_the_numbers_before_anything_else(grace: Chair) -> None:
    page = lint(at_risk(grace).get("act-first")).content.decode()
    assert "Act first. Has someone acted to make every child safe?" in page
    read = re.sub("<[^>]+>", "", page)
    order = [read.index(words) for words in ("ring 999", "01632 960100", "01632 960101")]
    assert order == sorted(order)


def test_somebody_acted_and_what_they_did_is_on_record(grace: Chair) -> None:
    asked = at_risk(grace)
    missing = lint(asked.post("made-safe")).content.decode()
    assert "Enter what was done to keep the child safe" in missing
    said = {"acted": "Strategy discussion held at 2pm", "acted_by": "Priya Nairn"}
    ahead = lint(asked.post("made-safe", **said, **day("acted_on", today() + timedelta(days=1)))).content.decode()
    assert ahead.count("The date must be today or earlier") == 2
    acted = said | day("acted_on", today())
    asked.says("made-safe", "tried", **acted)
    rest_of(asked)
    check = lint(asked.get("check")).content.decode()
    assert "Immediate risk" in check
    assert "Strategy discussion held at 2pm" in check
    assert "Have you rung Denise Harkaway?" in check
    unsaid = lint(asked.post("check")).content.decode()
    assert "Select whether you have rung Denise Harkaway" in unsaid
    unsaid = lint(asked.post("check", rung="yes")).content.decode()
    assert "Select whether Kai is safe now" in unsaid
    asked.post("check", rung="yes", **{f"safe_{grace.id('Kai')}": "yes"})
    resolution = Resolution.objects.get()
    state = state_of(resolution)
    assert state.here.stage == "stage-2"
    assert state.urgent[0].what.startswith("Strategy discussion held at 2pm (Priya Nairn, ")
    assert state.here.spoke_with("group-manager") is not None
    assert set(Notice.objects.values_list("urgent", flat=True)) == {True}
    assert state.not_rung_back == ()
    page = lint(grace.client.get(f"/resolutions/{resolution.reference}")).content.decode()
    assert f"Rung on {full_day(today())} to make sure." in page
    assert "I have rung" not in page


def test_of_several_children_it_is_asked_which_is_at_risk_and_none_is_ticked(grace: Chair) -> None:
    asked = grace.begins_formal("Alder")
    maya, jude = grace.id("Maya"), grace.id("Jude")
    asked.says("children", "source", children=[maya, jude])
    asked.says("source", "concern", occasion="other")
    asked.says("concern", "impact", grounds=["RISK-NOW"])
    asked.says("impact", "risk", **{f"impact_{maya}": "She is not safe.", f"impact_{jude}": "He sees it."})
    page = lint(asked.get("risk")).content.decode()
    assert "checked" not in page.partition("Which children are at immediate risk?")[2].partition("</form>")[0]
    unsaid = lint(asked.post("risk", risk="yes")).content.decode()
    assert "Select which children are at immediate risk" in unsaid
    asked.says("risk", "act-first", risk="yes", at_risk=[maya])
    rest_of(asked)
    assert "Yes: Maya" in lint(asked.get("check")).content.decode()
    asked.post("check", rung="not yet")
    resolution = Resolution.objects.get()
    assert state_of(resolution).at_risk == (str(grace.cast.child("Maya").pk),)
    page = lint(grace.client.get(f"/resolutions/{resolution.reference}")).content.decode()
    assert "Immediate risk: Maya" in page
    assert "Maya was at immediate risk." in page


def test_the_stage_is_suggested_for_the_risk_with_its_reason_filled_in(grace: Chair) -> None:
    asked = at_risk(grace)
    page = lint(asked.get("stage")).content.decode()
    assert "Stage 2 is suggested: there is an immediate risk" in page
    assert 'value="stage-2" checked' in page
    assert "Immediate risk</textarea>" in page


def test_nobody_acted_yet_and_the_concern_still_goes(grace: Chair) -> None:
    asked = at_risk(grace)
    page = lint(grace.client.get(reverse("raise-not-yet-safe", args=[asked.draft]))).content.decode()
    assert "Your draft is saved" in page
    assert f'href="{asked.address("tried")}"' in page
    rest_of(asked)
    assert "Nobody has acted yet" in lint(asked.get("check")).content.decode()
    sent = asked.post("check", rung="not yet")
    resolution = Resolution.objects.get()
    assert resolution.risk
    assert [told.what for told in state_of(resolution).urgent] == [""]
    page = lint(grace.client.get(f"/resolutions/{resolution.reference}")).content.decode()
    assert "I have rung Denise Harkaway" in page
    call = lint(grace.client.get(f"/resolutions/{resolution.reference}/urgent/1/rung")).content.decode()
    assert 'value="Denise Harkaway"' in call
    denise = lint(Chair(grace.cast, "Denise Harkaway").client.get(sent["Location"])).content.decode()
    assert "Then Grace Ollerton reads the response and decides, for each child" in denise
    page = lint(grace.client.get(sent["Location"])).content.decode()
    assert "Then you read the response and decide, for each child" in page
    assert "Ring Denise Harkaway now" in page
    phone = grace.cast.person("Denise").phone
    assert f'href="tel:{phone.replace(" ", "")}">{phone}</a>' in page  # to be rung from the phone it is read on
    perform(acts.Withdraw("It was settled."), resolution=resolution, by=grace.person)
    over = lint(grace.client.get(sent["Location"])).content.decode()
    assert "Ring Denise Harkaway now" not in over
    assert "responds" not in over


@pytest.mark.parametrize("stage", ["stage-1", "stage-2", "stage-3", "stage-4", "stage-5"])
def test_a_start_is_blocked_at_no_stage(grace: Chair, stage: str) -> None:
    asked = at_risk(grace)
    asked.says("tried", "stage", tried="")
    asked.says("stage", "ask", stage=stage, why="Immediate risk" if stage != "stage-1" else "")
    first = stage == "stage-1"
    asked.says("ask", "spoken" if first else "people", ask="A safety plan today")
    if first:
        asked.says("spoken", "people", spoken="no")
    asked.says("people", "pause" if stage in ("stage-4", "stage-5") else "check")
    check = lint(asked.get("check")).content.decode()
    assert ("The policy has an immediate risk at Stage 2 or above. You chose Stage 1." in check) is first
    assert (f'href="{asked.address("stage")}?from=check">Choose another stage' in check) is first
    assert asked.post("check", rung="not yet").status_code == 302
    assert Resolution.objects.get().stage == stage


def test_the_highest_levels_ask_for_a_pause_first(grace: Chair) -> None:
    asked = at_risk(grace)
    asked.says("tried", "stage", tried="")
    asked.says("stage", "ask", stage="stage-4", why="Immediate risk")
    page = lint(asked.get("pause")).content.decode()
    assert "This goes to the Assistant Director" in page
    assert "Stephen Ropley" in page
    assert f'href="{asked.address("check")}"' in page


# A starred recommendation ------------------------------------------------------------------------------------------


def test_a_starred_recommendation_goes_to_a_person_of_the_agency(rosalind: Chair) -> None:
    family = rosalind.cast.family("Plover")
    KeyAction.objects.create(
        authority=family.authority, family=family, wording="CAMHS to offer a first appointment", feedback_due=today()
    )
    asked = rosalind.begins_formal("Plover")
    aisha = rosalind.id("Aisha")
    asked.says("children", "source", children=[aisha])
    asked.says("source", "concern", occasion="key-action")
    asked.says("concern", "impact", grounds=["SPECIALIST"])
    asked.says("impact", "risk", **{f"impact_{aisha}": "She is still waiting for help."})
    asked.says("risk", "tried", risk="no")
    asked.says("tried", "stage", tried="Spoke with the service at the mid-point check")
    asked.says("stage", "ask", stage="starred")
    page = lint(asked.get("ask")).content.decode()
    assert "CAMHS to offer a first appointment</textarea>" in page
    assert "Enter the date by which it has to be completed" in lint(asked.post("ask", ask="Offer it")).content.decode()
    wording = {"recommendation": "CAMHS to offer a first appointment", "ask": "Offer a first appointment"}
    asked.says("ask", "agency", **wording, **day("completion", next_weekday(20)))
    agencies = lint(asked.post("agency")).content.decode()
    assert "Select the agency that is responsible" in agencies
    assert "Elias Thornby, CAMHS Service Manager" in agencies
    assert "Northmoor Partnership Office" not in agencies  # nobody there could answer
    trust = rosalind.cast.agency("Moorland Health Trust")
    asked.says("agency", "people", agency=str(trust.pk))
    people = lint(asked.get("people")).content.decode()
    assert "Elias Thornby" in people
    assert "Leonie Cartmel" in people  # the team manager is told
    late = lint(asked.post("people", **day("date", next_weekday(40)))).content.decode()
    assert "The policy allows at most 5 working days" in late
    asked.says("people", "check", **day("date", next_weekday(2)))
    check = lint(asked.get("check")).content.decode()
    assert "Send to Elias Thornby" in check
    asked.post("check")
    resolution = Resolution.objects.get()
    assert resolution.reference.startswith("SR-")
    assert resolution.responsible_agency_id == trust.pk
    raised = history_of(resolution)[0].payload
    assert raised["recommendation"] == "CAMHS to offer a first appointment"
    assert raised["completion"] == next_weekday(20).isoformat()
    assert resolution.next_person == rosalind.cast.person("Elias Thornby")


# Who is offered -------------------------------------------------------------------------------------------------------


def test_nobody_is_offered_to_be_told_or_to_do_something_who_could_not_open_it(grace: Chair) -> None:
    """The partnership's business manager plays a part by the policy, and no record is open to the post."""
    simon = grace.cast.person("Simon").name
    asked = to_the_check(grace)
    people = asked.get("people").content.decode()
    assert "Nadia Brookfield" in people
    assert simon not in people
    assert asked.post("people", copied=["partnership-business-manager"]).status_code != 302
    informal = grace.client.get(grace.begins_informal("Heron")).content.decode()
    assert "Hannah Quill" in informal
    assert simon not in informal
