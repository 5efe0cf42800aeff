"""Before, between and beside conferences, by pages: each act asked, refused at its field, shown, and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from tests.cast import NOW, TODAY, Cast
from tests.desks.allocating.test_allocation import be, on
from tests.desks.cycle.test_cycle_pages import TYPED, at, fixed, held, read, says, state
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.desks.concern.typed_so_far import INFORMAL
from undrift.desks.cycle.urls import urlpatterns
from undrift.desks.home.drafts import CALLED
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.queries import open_cycle, picture_of
from undrift.record.models import Draft, Notice
from undrift.record.who_plays import context_for

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def maya(cast: Cast) -> str:
    return str(cast.child("Maya").pk)


def test_the_discussion_goes_through_the_policys_checklist_and_offers_a_concern(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    assert "Does the family know what a conference is" in read(west, "c1/discussion")
    assert "Select what came of the discussion" in says(west, "c1/discussion", **on("on", TODAY))
    said = {**on("on", TODAY), "how": "By phone", "notes": TYPED, "outcome": "concern", "asked-family-prepared": "no"}
    assert "The discussion is on the record." in says(west, "c1/discussion", **said)
    assert state(west).conferences["c1"].discussion is not None
    text = read(west)
    assert "The discussion before the conference found a concern" in text
    offer = picture_of(west.child("Maya"), west.person("Grace"), NOW).offers[0]
    assert offer.grounds == ("PREP-FAMILY",)


def test_a_report_is_shared_and_its_date_is_shown(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    assert "Enter whose report it is" in says(west, "c1/report", whose="other", **on("on", TODAY))
    says(west, "c1/report", whose="other", other="Health", **on("on", TODAY))
    assert state(west).conferences["c1"].reports == (("Health", TODAY),)


def test_a_core_group_is_held_or_not_held_with_why(west: Cast) -> None:
    of_maya: dict[str, Any] = {"children": [maya(west)], **on("on", TODAY)}
    assert "Select whether it was held" in says(west, "core-group", **of_maya)
    assert "Select whether the plan was developed" in says(west, "core-group", held="yes", **of_maya)
    assert "Enter why it was not held" in says(west, "core-group", held="no", **of_maya)
    says(west, "core-group", held="no", why="Nobody from the school could come.", **of_maya)
    says(west, "core-group", held="yes", updated="yes", came="Joel Askew\nSam Alder", **of_maya)
    part = state(west).children[maya(west)]
    assert part.core_groups == (TODAY,)
    assert part.missed == ((TODAY, "Nobody from the school could come."),)
    assert "Nobody from the school could come." in read(west)


def test_what_an_agency_does_not_accept_goes_to_the_chair_and_is_offered(west: Cast) -> None:
    said: dict[str, Any] = {
        "children": [maya(west)],
        "agency": "Health",
        "recommendation": "A visit each week",
        "why": TYPED,
    }
    worker = west.plan("Maya").social_worker
    assert worker is not None
    assert "The chair is told." in says(west, "not-accepted", signed=worker.name, **said)
    assert Notice.objects.filter(to_person=west.person("Grace"), kind="recommendation_not_accepted").exists()
    assert "A recommendation was not accepted" in read(west)
    assert "A recommendation was not accepted. The policy offers" not in read(west, who=worker.name)


def test_nothing_is_raised_of_an_offer_with_why(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    says(west, "c1/change", what="cancel", why="The family has moved.")
    assert "A conference was cancelled" in read(west)
    assert "Enter why" in says(west, "offers/cancelled:c1/decline")
    says(west, "offers/cancelled:c1/decline", why="A new one is fixed for Monday.")
    assert "A conference was cancelled. The policy offers" not in read(west)
    assert be(west, "Grace").get(at(west, "offers/cancelled:c1/decline")).status_code == 404


def test_a_concern_is_raised_of_an_offer_with_what_is_known_of_it(west: Cast) -> None:
    said: dict[str, Any] = {
        "children": [maya(west)],
        "agency": "Health",
        "recommendation": "A visit each week",
        "why": TYPED,
    }
    says(west, "not-accepted", **said)
    every = picture_of(west.child("Maya"), west.person("Grace"), NOW).offers
    (offer,) = (each for each in every if each.key.startswith("not accepted"))
    client = be(west, "Grace")
    choice = reverse("raise-choice", kwargs={"child": west.child("Maya").public_id})
    assert "A recommendation was not accepted" in client.get(choice, {"from": offer.key}).text
    answer = client.post(f"{choice}?{urlencode({'from': offer.key})}", {"kind": INFORMAL})
    typed = Draft.objects.get().content["typed"]
    assert typed["concern"] == ["A visit each week"]
    assert typed["children"] == [west.child("Maya").public_id]
    assert client.get(answer["Location"]).status_code == 200


def test_a_key_action_is_asked_fed_back_and_offered_where_it_is_not_done(west: Cast) -> None:
    fixed(west)
    held(west)
    worker = west.plan("Maya").social_worker
    assert worker is not None
    said: dict[str, Any] = {"wording": "Mend the lock", "who": worker.name, **on("by", TODAY + 9 * DAY)}
    assert "Enter who will do it" in says(west, "c1/key-action", wording="Mend the lock", **on("by", TODAY + 9 * DAY))
    says(west, "c1/key-action", **said)
    asked = state(west).key_actions["k1"]
    assert (asked.who, asked.person) == (worker.name, str(worker.pk))
    assert Notice.objects.filter(to_person=worker, kind="key_action_set").exclude(ask="").exists()
    assert "Mend the lock" in read(west, who=worker.name)
    assert "Enter how it stands" in says(west, "actions/k1", signed=worker.name, done="no", **on("on", TODAY))
    says(west, "actions/k1", signed=worker.name, done="no", text=TYPED, **on("on", TODAY))
    text = read(west)
    assert "Not done. The lock on the back door is broken." in text
    assert be(west, worker.name).get(at(west, "actions/k1")).status_code == 404


def test_a_check_begins_with_the_child_and_states_a_next_step(west: Cast) -> None:
    rows = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0"}
    text = says(west, "check", **on("on", TODAY), **rows)
    assert "Enter what is different for the child" in text
    assert "Select the next step, even if it is nothing more now" in text
    said = {
        "experience": "Maya sleeps through the night.", "view": "needs-help", "next_step": "note", **on("on", TODAY),
        **rows, "actions-0-what": "A health visitor comes", "actions-0-stands": "drifting", "father": "no",
    }  # fmt: skip
    assert "The check is on the record." in says(west, "check", **said)
    check = state(west).children[maya(west)].checks[0]
    assert check.actions == {"A health visitor comes": "drifting"}
    assert "Still to be done" in read(west)
    says(west, "letters/new", tier="good", text="You sleep well now.", worker="Hannah Quill", quotable="no")
    assert "Done on" in read(west)


def test_a_letter_is_written_to_the_child_and_printed_as_one(west: Cast) -> None:
    assert "Shared with: Team Manager" in read(west, "letters/new")
    assert "Write the note to the child" in says(west, "letters/new", tier="good", worker="Hannah", quotable="no")
    says(west, "letters/new", tier="exemplary", text=TYPED, worker="Hannah Quill", quotable="yes")
    note = state(west).notes[0]
    text = read(west, f"letters/{note.id}")
    assert "Dear Maya," in text
    assert "It was promised in March; nobody came." in text
    other = at(west, f"letters/{note.id}", child="Jude")
    assert be(west, "Grace").get(other).status_code == 404


def test_nothing_written_of_one_child_stands_on_anothers_page(west: Cast) -> None:
    says(west, "letters/new", tier="good", text="You were brave, Maya.", worker="Hannah Quill", quotable="no")
    rows = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0"}
    said = {"experience": "She laughs again.", "view": "on-course", "next_step": "none", **on("on", TODAY), **rows}
    says(west, "check", **said)
    assert "She laughs again." in read(west)
    text = read(west, child="Jude")
    assert "She laughs again." not in text
    assert "Good practice letter" not in text


def test_the_history_of_a_child_has_the_cycle_beside_the_concerns_and_of_this_child_alone(west: Cast) -> None:
    reached.informal(west, "Maya", at=NOW - 3 * DAY, agreed=TODAY + 9 * DAY)
    rows = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0"}
    said = {"experience": "She laughs again.", "view": "on-course", "next_step": "none", **on("on", TODAY), **rows}
    says(west, "check", **said)
    grace = be(west, "Grace")
    page = lint(grace.get(at(west).removesuffix("/cycle") + "/history")).text
    check, raised = page.index("She laughs again."), page.index("R-2026-0001")
    assert check < raised  # the latest first
    assert f'href="{at(west)}">Plan cycle</a>' in page
    of_jude = lint(grace.get(at(west, child="Jude").removesuffix("/cycle") + "/history")).text
    assert "She laughs again." not in of_jude
    assert "R-2026-0001" not in of_jude


def test_an_appeal_is_dated_recorded_late_and_decided_once(north: Cast) -> None:
    aisha, chair = north.child("Aisha"), north.person("Rosalind Amery")
    page = f"/children/{aisha.public_id}/cycle"
    client = be(north, "Rosalind Amery")
    decision = {str(aisha.pk): acts.Decision(True)}
    perform(
        acts.HoldConference("", TODAY - 50 * DAY, decision, kind="review"), context=context_for([aisha], NOW),
        by=chair, at=NOW,
    )  # fmt: skip
    text = client.get(f"{page}/routes/new").text
    assert "Appeal against a conference decision, after the conference of" in text
    said = {"route": "appeal", "conference": "c1", "party": "parent", "who": "Lena Plover", "text": TYPED}
    client.post(f"{page}/routes/new", {**said, **on("on", TODAY)})
    case = open_cycle([aisha.pk])
    assert case is not None
    taken = picture_of(aisha, chair, NOW).state.routes["r1"]
    assert taken.late
    assert "after the last day" in client.get(page).text
    assert f"{page}/routes/r1" not in client.get(page).text  # not the chair's, whose conference it was
    decides = picture_of(aisha, chair, NOW).found["directorate-safeguarding-manager"].person
    assert decides is not None
    deciding = be(north, decides.name)
    assert "Select whether it is upheld" in deciding.post(f"{page}/routes/r1", {}, follow=True).text
    answer = deciding.post(f"{page}/routes/r1", {"upheld": "yes", "why": TYPED}, follow=True)
    assert "The decision is on the record." in answer.text
    assert "Upheld" in client.get(page).text
    assert "Reconvene the conference" in client.get(page).text
    assert deciding.get(f"{page}/routes/r1").status_code == 404


def test_what_is_due_stands_on_the_home_of_whoever_owes_it_and_on_no_other(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    home = be(west, "Grace").get("/").text
    assert "Pre-conference discussion" in home
    assert "Hold the conference" not in home  # not before its day
    says(west, "c1/change", what="move", why="Everybody can come today.", **on("on", TODAY))
    home = be(west, "Grace").get("/").text
    assert "Due in plan cycles" in home
    assert "Hold the conference" in home
    assert at(west) in home
    assert "Due in plan cycles" not in be(west, "Imran").get("/").text


def test_what_is_due_leads_to_the_child_whom_it_is_of_and_there_to_where_it_is_done(west: Cast) -> None:
    """What a check of the youngest led to stands on no other child's page."""
    fixed(west, TODAY + 14 * DAY)
    rows = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0"}
    said = {"experience": "She sleeps.", "view": "on-course", "next_step": "note", **on("on", TODAY), **rows}
    client, page = be(west, "Grace"), at(west, child="Noor")
    assert "The check is on the record." in client.post(f"{page}/check", said, follow=True).text
    rows_of_noor = re.findall(rf'href="{page}">Noor Alder</a></td><td[^>]*>([^<]*)<', client.get("/").text)
    assert "Do what the check led to" in rows_of_noor
    due = re.search(r"What is due</caption>.*?</table>", read(west, child="Noor"), re.DOTALL)
    assert due is not None
    assert f'href="{page}/letters/new">Write the letter' in due[0]
    assert "Do what the check led to" not in read(west)


def test_each_page_on_which_somebody_types_has_words_for_what_was_not_sent() -> None:
    pages = {pattern.name for pattern in urlpatterns} - {"child-cycle", "cycle-sheet", "cycle-letter"}
    assert pages - CALLED.keys() == set()


def test_whoever_owes_nothing_is_led_nowhere(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    worker = west.plan("Maya").social_worker
    assert worker is not None
    assert f'href="{at(west, "c1/report")}">Say that it was shared' in read(west, who=worker.name)
    text = read(west, who="Priya")
    assert "What is due" in text
    assert f'href="{at(west, "c1/report")}' not in text


def test_what_was_prepared_stands_with_the_conference(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    said = {**on("on", TODAY), "how": "By phone", "notes": TYPED, "outcome": "ready-with-actions"}
    says(west, "c1/discussion", **said, **{"asked-family-prepared": "no"})
    says(west, "c1/report", whose="social-worker", **on("on", TODAY))
    text = read(west)
    assert "Ready with actions. 6 May 2026, By phone" in text
    assert re.search(r"Answered with no</dt>\s*<dd[^>]*>Does the family know what a conference is", text)
    assert "Social Worker, 6 May 2026" in text
    assert "The report of Social Worker was shared on" in text


def test_a_significant_event_waits_for_what_was_done(west: Cast) -> None:
    assert "Enter what happened" in says(west, "event", **on("on", TODAY))
    says(west, "event", what="Maya ran away from school.", **on("on", TODAY))
    assert "without a recorded response" in read(west)
    key = f"{TODAY.isoformat()} Maya ran away from school."
    says(west, "event", which=key, response="Her aunt fetched her.")
    assert state(west).children[maya(west)].events[0].response == "Her aunt fetched her."
    assert "without a recorded response" not in read(west)


def test_an_entry_made_in_error_is_struck_through_with_why(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    assert "Enter why" in says(west, "entries/2/correct")
    says(west, "entries/2/correct", why="The day was another family’s.")
    assert state(west).corrected == {2}
    assert "Made in error" in read(west)
    assert be(west, "Grace").get(at(west, "entries/2/correct")).status_code == 404
    assert be(west, "Grace").get(at(west, "entries/99/correct")).status_code == 404


def test_a_plan_ends_otherwise_and_then_the_cycle(west: Cast) -> None:
    tyler = west.child("Tyler")
    page = f"/children/{tyler.public_id}/cycle"
    grace = be(west, "Grace")
    client_says = grace.post(f"{page}/event", {"what": "A birthday.", **on("on", TODAY)}, follow=True).text
    assert "It is on the record." in client_says
    assert "Select how the plan ended" in grace.post(f"{page}/plan-ends", on("on", TODAY), follow=True).text
    grace.post(f"{page}/plan-ends", {"ending": "moved", **on("on", TODAY)})
    text = grace.get(page).text
    assert "The child moved to another authority" in text
    assert "End the plan cycle" in text
    grace.post(f"{page}/end", {"why": "The family lives elsewhere."})
    text = grace.get(page).text
    assert "Plan cycle ended" in text
    assert "Nothing is due for now." in text


def test_a_brother_or_sister_joins_with_why(west: Cast) -> None:
    jude = west.child("Jude")
    jude.plans.update(ends=TODAY - 9 * DAY)
    fixed(west, TODAY + 14 * DAY)
    assert str(jude.pk) not in state(west).children
    says(west, "join", child=str(jude.pk), why="She is on a plan from today.")
    assert str(jude.pk) in state(west).children
    nobody = be(west, "Grace").get(at(west, "join"))
    assert nobody.status_code == 403
    assert "No brother or sister is left to be added" in nobody.text


def test_a_check_is_asked_for_once_on_home_and_is_away_when_it_is_done(west: Cast) -> None:
    scene.plan_cycle(west)
    tyler = f"/children/{west.child('Tyler').public_id}/cycle"
    client = be(west, "Grace")
    assert f"{tyler}/check" in client.get("/").text
    rows = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0"}
    said = {"experience": "He laughs again.", "view": "on-course", "next_step": "none", **on("on", TODAY), **rows}
    assert "The check is on the record." in client.post(f"{tyler}/check", said, follow=True).text
    assert f"{tyler}/check" not in client.get("/").text
