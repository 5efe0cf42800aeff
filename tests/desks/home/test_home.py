"""Home for every role of both policies: the right thing to do, in the right words, leading to the right page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.restricting import restrict
from undrift.access.scope import scope_of
from undrift.children.models import Conference, Plan
from undrift.desks.home import parts
from undrift.engine.ladder import acts
from undrift.people.models import Cover
from undrift.record.drafts import keep
from undrift.record.models import Notice
from undrift.record.sweep import sweep
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

pytestmark = pytest.mark.django_db

NOTHING = "Nothing is waiting for you."


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name))
    return client


def home_of(cast: Cast, name: str, query: str = "") -> str:
    return str(lint(signed_in(cast, name).get(f"/{query}")).text)


def asks(page: str, words: str, address: str) -> bool:
    """Whether the page has this link, words first, to this address."""
    return f'href="{address}"' in page and any(
        f'href="{address}"' in tag and text.startswith(words)
        for tag, _, text in (part.partition(">") for part in page.split("<a ")[1:])
    )


def works(cast: Cast, name: str, address: str) -> bool:
    """Whether the link leads this person to a page that opens."""
    return bool(signed_in(cast, name).get(address).status_code == 200)


# Anybody ------------------------------------------------------------------------------------------------------------


def test_what_is_shared_with_somebody_is_on_their_home_until_it_ends(west: Cast) -> None:
    r = reached.stage_one(west).resolution
    assert "Shared with you" not in home_of(west, "Nadia")
    share = acts.Share("head-of-safeguarding", "Two calls, and no date.")
    perform(share, resolution=r, by=west.person("Grace"), at=NOW)
    page = home_of(west, "Nadia")
    assert "Shared with you" in page
    assert "Grace Ollerton" in page.partition("Shared with you")[2]
    assert "Two calls, and no date." in page.partition("Shared with you")[2]
    assert f'href="/resolutions/{r.reference}"' in page
    assert Notice.objects.get(case=r.pk, kind="shared", to_person=west.person("Nadia")).sent_at is None
    assert "Shared with you" not in home_of(west, "Judith"), "who is copied in on everything is told, and no more"
    perform(acts.Withdraw("It was settled."), resolution=r, by=west.person("Grace"), at=NOW)
    assert "Shared with you" not in home_of(west, "Nadia")


def test_what_a_route_has_shared_with_somebody_stands_on_their_home_with_what_was_tried(west: Cast) -> None:
    """Walsall: outside the social worker's remit, it is shared with the Head of Service for Safeguarding."""
    raised = reached.stage_one(west).resolution
    tried = acts.TakeRoute("share-with-head-of-safeguarding", "Health was asked three times.", NOW.date())
    perform(tried, resolution=raised, by=west.person("Grace"), at=NOW)
    page = home_of(west, "Nadia")
    assert "Health was asked three times." in page.partition("Shared with you")[2]
    assert "Shared with you" not in home_of(west, "Judith")


# Everybody ------------------------------------------------------------------------------------------------------------


def test_a_call_that_is_owed_stays_on_home_when_the_concern_has_ended(west: Cast) -> None:
    found = reached.stage_one(west, "Maya").resolution
    perform(acts.RecordUrgentAction("She was seen.", "Hannah Quill"), resolution=found, by=west.person("Hannah"))
    perform(acts.Withdraw("It was settled."), resolution=found, by=west.person("Grace"))
    call = f"/resolutions/{found.reference}/urgent/3/rung"
    assert asks(home_of(west, "Grace"), "Record the call", call)
    assert works(west, "Grace", call)
    said = {"to": "Hannah Quill", "on_day": "6", "on_month": "5", "on_year": "2026"}
    maya = f"safe_{west.child('Maya').public_id}"
    signed_in(west, "Grace").post(call, said | {"made": "yes", maya: "no"})
    assert asks(home_of(west, "Grace"), "Record the call", call), "a child who is not safe is rung about again"
    signed_in(west, "Grace").post(call, said | {"made": "yes", maya: "yes"})
    assert "Record the call" not in home_of(west, "Grace")


def test_everybody_of_westmarch_has_a_home_empty_and_on_a_busy_day(west: Cast) -> None:
    for name in west.built.people:
        page = home_of(west, name)
        assert "Good morning, " in page
        closed = "that nobody can open" in page  # told to those who guard it: no concern, and not nothing
        assert ("No concern is waiting for you." if closed else NOTHING) in page
    scene.busy_day(west)
    for name in west.built.people:
        home_of(west, name)


def test_everybody_of_northmoor_has_a_home_empty_and_on_a_busy_day(north: Cast) -> None:
    for name in north.built.people:
        assert NOTHING in home_of(north, name)
    scene.starred(north)
    scene.key_action_overdue(north)
    for name in north.built.people:
        home_of(north, name)


@pytest.mark.parametrize(("hour", "said"), [(7, "Good morning"), (12, "Good afternoon"), (17, "Good evening")])
def test_the_greeting_follows_the_clock_in_london(west: Cast, hour: int, said: str) -> None:
    with time_machine.travel(NOW.replace(hour=hour), tick=False):  # an hour later in London in May
        assert f"{said}, Grace" in home_of(west, "Grace")


# The five-stage policy ------------------------------------------------------------------------------------------------


def test_no_response_tops_the_chairs_home_with_how_late_it_is(west: Cast) -> None:
    found = scene.unanswered(west)
    page = home_of(west, "Grace")
    address = f"/resolutions/{found.reference}/decide"
    assert "No response from Callum Stroud" in page
    assert "1 May 2026" in page
    assert "2 working days late" in page
    assert asks(page, "Decide what to do", address)
    assert works(west, "Grace", address)


def test_a_response_is_read_by_its_day(west: Cast) -> None:
    found = scene.response_in(west)
    page = home_of(west, "Grace")
    address = f"/resolutions/{found.reference}/decide"
    assert "Response received 5 May" in page
    assert "Due tomorrow" in page
    assert asks(page, "Read the response", address)
    assert works(west, "Grace", address)


def test_an_agreed_date_that_passed_waits_for_a_decision(west: Cast) -> None:
    found = scene.informal_date_passed(west)
    page = home_of(west, "Grace")
    assert "Agreed date 5 May passed" in page
    address = f"/resolutions/{found.reference}/decide"
    assert asks(page, "Decide what to do", address)
    assert works(west, "Grace", address)


def test_the_manager_responds(west: Cast) -> None:
    found = reached.stage_one(west, at=scene.THURSDAY).resolution
    page = home_of(west, "Priya")
    address = f"/resolutions/{found.reference}/respond"
    assert "Raised by Grace Ollerton on 30 April" in page
    assert asks(page, "Respond", address)
    assert works(west, "Priya", address)
    assert NOTHING in home_of(west, "Denise")


def test_the_approver_reads_and_approves_and_then_the_manager_waits(west: Cast) -> None:
    found = scene.to_approve(west)
    page = home_of(west, "Denise")
    address = f"/resolutions/{found.reference}/approve"
    assert "Response written by Priya Nairn on 1 May" in page
    assert asks(page, "Read and approve", address)
    assert works(west, "Denise", address)
    assert NOTHING in home_of(west, "Priya")


def test_an_answer_that_was_not_approved_in_time_can_still_be_approved(west: Cast) -> None:
    found = scene.to_approve(west)
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        denise, grace = home_of(west, "Denise"), home_of(west, "Grace")
        address = f"/resolutions/{found.reference}/approve"
        assert "1 working day late" in denise
        assert asks(denise, "Read and approve", address)
        assert works(west, "Denise", address)
        assert "Response written, not yet approved by Denise Harkaway" in grace


def test_a_draft_that_came_back_waits_for_the_manager_again(west: Cast) -> None:
    found = scene.sent_back(west)
    page = home_of(west, "Priya")
    assert "Draft sent back by Denise Harkaway" in page
    assert asks(page, "Respond", f"/resolutions/{found.reference}/respond")


def test_an_unanswered_manager_may_still_answer_and_is_told_how_late(west: Cast) -> None:
    found = scene.unanswered(west)
    page = home_of(west, "Callum")
    assert "2 working days late" in page
    assert asks(page, "Respond", f"/resolutions/{found.reference}/respond")


def test_after_a_decision_that_it_is_not_settled_the_chair_is_asked_what_next(west: Cast) -> None:
    found = scene.response_in(west)
    reached.judged(west, found, NOW, settled=False)
    page = home_of(west, "Grace")
    address = f"/resolutions/{found.reference}"
    assert asks(page, "Decide what to do", address)
    assert works(west, "Grace", address)


def test_what_was_agreed_informally_is_one_thing_to_do(west: Cast) -> None:
    found = reached.informal(west, "Tyler", at=scene.THURSDAY, agreed=date(2026, 5, 8)).resolution
    page = home_of(west, "Priya")
    assert asks(page, "See what was agreed", f"/resolutions/{found.reference}")
    assert page.count("See what was agreed") == 1


def test_an_action_agreed_in_an_informal_talk_is_said_in_its_own_words(west: Cast) -> None:
    hannah = west.person("Hannah")
    act = acts.Raise(
        stage="informal",
        children=tuple(reached.children_of(west, "Tyler")),
        grounds=("REPORT-LATE",),
        concern="The report came on the morning.",
        spoke=reached.SPOKE,
        date=date(2026, 5, 12),
        actions=(acts.ActionAsked("Offer a family meeting", hannah.name, date(2026, 5, 5), str(hannah.pk)),),
    )
    context = context_for([west.child("Tyler")], scene.THURSDAY)
    perform(act, by=west.person("Grace"), at=scene.THURSDAY, context=context)
    assert "Agreed: Offer a family meeting" in home_of(west, "Hannah")
    assert "Offer a family meeting" in home_of(west, "Priya").partition("Actions late")[2]


def test_that_nothing_waits_to_be_reviewed_stands_below_what_does_wait(west: Cast) -> None:
    scene.with_actions(west)
    page = home_of(west, "Judith")
    assert page.index("Actions late") < page.index("No emergency opening waits for a review")


def test_a_manager_sees_what_is_late_and_not_only_that_something_is(west: Cast) -> None:
    scene.with_actions(west)
    page = home_of(west, "Priya")
    assert "Write up the two visits" in page.partition("Actions late")[2]


def test_the_worker_updates_their_own_action_and_the_chair_confirms_the_one_done(west: Cast) -> None:
    found = scene.with_actions(west)
    dev = home_of(west, "Dev")
    assert "Agreed: Write up the two visits" in dev
    assert "2 working days late" in dev
    assert asks(dev, "Update action", f"/resolutions/{found.reference}/actions/a1")
    assert works(west, "Dev", f"/resolutions/{found.reference}/actions/a1")
    grace = home_of(west, "Grace")
    assert "Done: Share the report three days before" in grace
    assert asks(grace, "Confirm action", f"/resolutions/{found.reference}/actions/a2")
    assert works(west, "Grace", f"/resolutions/{found.reference}/actions/a2")
    assert NOTHING in home_of(west, "Hannah")


def test_when_all_is_done_the_chair_says_what_changed(west: Cast) -> None:
    found = scene.response_in(west)
    reached.judged(west, found, NOW)
    page = home_of(west, "Grace")
    address = f"/resolutions/{found.reference}/resolve"
    assert "Everything agreed is done" in page
    assert asks(page, "Resolve", address)
    assert works(west, "Grace", address)


def test_what_has_ended_waits_for_nobody(west: Cast) -> None:
    found = reached.stage_one(west).resolution
    perform(acts.Withdraw("Raised twice."), resolution=found, by=west.person("Grace"), at=NOW)
    assert NOTHING in home_of(west, "Grace")
    assert NOTHING in home_of(west, "Priya")


@pytest.mark.parametrize(
    ("stage", "answers", "approves"),
    [
        ("stage-2", "Denise", "Farah"),
        ("stage-3", "Farah", "Stephen"),
        ("stage-4", "Stephen", None),
        ("stage-5", "Angela", None),
    ],
)
def test_each_stage_waits_for_its_manager_then_for_the_approver_then_for_the_chair(
    west: Cast, stage: str, answers: str, approves: str | None
) -> None:
    found = raised_at(west, stage)
    assert asks(home_of(west, answers), "Respond", f"/resolutions/{found.reference}/respond")
    answer = reached.ANSWER if stage != "stage-5" else _whole_answer()
    perform(answer, resolution=found, by=west.person(answers), at=NOW)
    if approves:
        assert asks(home_of(west, approves), "Read and approve", f"/resolutions/{found.reference}/approve")
        perform(acts.Approve(), resolution=found, by=west.person(approves), at=NOW)
    assert "Response received 6 May" in home_of(west, "Grace")


def _whole_answer() -> acts.Respond:
    return acts.Respond("agree", "It is agreed.", consider={"wider-partnership": False})


def raised_at(cast: Cast, stage: str, at: Any = NOW) -> Resolution:
    act = acts.Raise(
        stage=stage, children=tuple(reached.children_of(cast, "Maya")), grounds=("NO-PROGRESS",),
        concern="Nothing has moved.", ask="Say what will change.", why_this_stage="It is grave.", spoke=reached.SPOKE,
    )  # fmt: skip
    return perform(act, by=cast.person("Grace"), at=at, context=context_for([cast.child("Maya")], at)).resolution


# What comes first -----------------------------------------------------------------------------------------------------


def test_a_child_at_immediate_risk_comes_before_everything_that_is_late(west: Cast) -> None:
    scene.to_approve(west)
    with time_machine.travel(NOW + timedelta(days=7), tick=False):  # now late by a day
        scene.at_risk(west, at=NOW + timedelta(days=7))
        page = home_of(west, "Denise").partition("Waiting for you")[2]
    assert page.index("Kai Sorrel") < page.index("Noor Alder")
    assert page.index("Kai Sorrel") < page.index("Immediate risk")


def answered_late(cast: Cast) -> Resolution:
    """The date passed and the record says so; then Priya Nairn answers."""
    found = reached.stage_one(cast, at=scene.LONG_AGO).resolution
    sweep()
    reached.drafted(cast, found, NOW)
    return found


def answered_in_time_and_passed(cast: Cast) -> Resolution:
    found = reached.stage_one(cast, at=scene.LONG_AGO).resolution
    reached.drafted(cast, found, scene.LONG_AGO + timedelta(days=1))
    sweep()
    return found


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("scened", [answered_late, answered_in_time_and_passed])
def test_an_answer_whose_date_has_passed_is_on_the_approvers_home_and_open_to_them(
    west: Cast, scened: Callable[[Cast], Resolution], restricted: bool
) -> None:
    found = scened(west)
    if restricted:
        for one in found.about.all():
            restrict(one.child, west.person("Marcus"), "A relative works here.", NOW)
    page, address = home_of(west, "Denise"), f"/resolutions/{found.reference}/approve"
    assert asks(page, "Read and approve", address)
    assert "2 working days late" in page
    assert "Coming to you for approval" not in page
    assert works(west, "Denise", address)
    perform(acts.Approve(), resolution=found, by=west.person("Denise"), at=NOW)
    assert address not in home_of(west, "Denise")
    assert rebuild(west.authority, write=False) == []


@pytest.mark.parametrize("name", ["Judith", "Farah"])
def test_immediate_risk_stands_on_top_for_those_who_oversee(west: Cast, name: str) -> None:
    scene.at_risk(west)
    page = home_of(west, name)
    assert page.index("Kai Sorrel") < page.index("Waiting for you")
    assert "Check that somebody has acted." in page


def test_the_rest_is_earliest_due_first(west: Cast) -> None:
    scene.busy_day(west)
    page = home_of(west, "Grace")
    order = ["Rowan family (4 children)", "Tyler Heron", "Amara and Zion Linnet"]
    assert [page.index(title) for title in order] == sorted(page.index(title) for title in order)


def test_counts_lead_to_what_they_count_at_most_three_of_them_none_with_nothing(west: Cast) -> None:
    scene.busy_day(west)
    page = home_of(west, "Grace")
    assert 1 <= page.count('class="undrift-card"') <= 3
    assert 'href="/?show=missed"' in page
    assert 'undrift-card__count">0<' not in page
    missed = home_of(west, "Grace", "?show=missed")
    assert "Rowan family" in missed
    assert "Tyler Heron" in missed
    assert "Amara and Zion" not in missed
    assert "Show everything that waits" in missed
    assert "Amara and Zion" in home_of(west, "Grace", "?show=nonsense")


TILE = re.compile(r'href="(/\?show=\w+)"\s*><span class="undrift-card__count">(\d+)<')


@pytest.mark.parametrize("name", ["Grace", "Priya", "Denise", "Hannah", "Dev"])
def test_the_tiles_add_up_to_the_rows_and_each_leads_to_as_many_as_it_counts(west: Cast, name: str) -> None:
    """Every row has its link to the thing to do, the first one its button."""
    scene.busy_day(west)
    urgent = acts.RecordUrgentAction("Kai sleeps at his aunt’s.", "Hannah Quill")
    perform(urgent, resolution=Resolution.objects.get(risk=True), by=west.person("Hannah"), at=NOW)
    page = home_of(west, name)
    tiles = [(address.removeprefix("/"), int(count)) for address, count in TILE.findall(page)]
    assert len(tiles) <= 3
    assert sum(count for _, count in tiles) == rows(page)
    for address, count in tiles:
        assert rows(home_of(west, name, address)) == count, address


def rows(page: str) -> int:
    waiting = page.partition("Waiting for you</h2>")[2]
    then = waiting.partition(">Then</caption>")[2].partition("</table>")[0]
    return waiting.count("govuk-button govuk-!-margin-bottom-0") + then.count('data-label="Next"')


def test_a_decision_that_is_due_is_no_date_missed(west: Cast) -> None:
    found = scene.response_in(west)
    reached.judged(west, found, NOW, settled=False)
    page = home_of(west, "Grace")
    assert "Decide what to do" in page
    assert "show=decide" in page
    assert "show=missed" not in page


# Cover ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("away_before", [True, False], ids=["away when it came", "away afterwards"])
def test_whoever_covers_sees_it_and_for_whom(west: Cast, away_before: bool) -> None:
    def goes_away() -> None:
        Cover.objects.create(
            authority=west.authority, away=west.person("Denise"), covering=west.person("Owen"),
            starts=date(2026, 4, 1), ends=date(2026, 5, 12),
        )  # fmt: skip

    if away_before:
        goes_away()
    found = scene.to_approve(west)
    if not away_before:
        goes_away()
    page = home_of(west, "Owen")
    assert "Covering for Denise Harkaway" in page
    assert "You are covering for Denise Harkaway until 12 May." in page
    assert asks(page, "Read and approve", f"/resolutions/{found.reference}/approve")
    assert works(west, "Owen", f"/resolutions/{found.reference}/approve")
    assert "Owen Tarrant is covering for you until 12 May." in home_of(west, "Denise")


def test_ones_own_work_is_not_called_cover(west: Cast) -> None:
    Cover.objects.create(
        authority=west.authority, away=west.person("Denise"), covering=west.person("Owen"), starts=date(2026, 4, 1)
    )
    # In the South Owen Tarrant is himself the Group Manager.
    found = reached.stage_one(west, "Ella", at=scene.THURSDAY).resolution
    perform(reached.ANSWER, resolution=found, by=west.person("Callum"), at=NOW)
    page = home_of(west, "Owen")
    assert "Read and approve" in page
    assert "Covering for" not in page.partition("Waiting for you")[2]


# Besides what waits ---------------------------------------------------------------------------------------------------


def test_a_chair_sees_the_week_the_checks_and_the_children(west: Cast) -> None:
    scene.plan_cycle(west)
    page = home_of(west, "Grace")
    assert "This week’s conferences" in page
    assert f'href="/families/{west.family("Alder").reference}">Alder family<' in page
    assert "Midway checks due" in page
    assert "Record it in the child’s plan cycle." in page
    assert "/cycle/check" in page
    assert f'href="/children/{west.child("Tyler").public_id}">Tyler Heron<' in page
    assert "11 children, 5 families. 4 at third review or later." in page
    assert 'href="/children?review=third"' in page


def test_whoever_chairs_for_one_child_of_a_concern_finds_it_though_another_decides(west: Cast) -> None:
    Plan.objects.filter(pk=west.plan("Jude").pk).update(chair=west.person("Imran"))
    found = reached.stage_one(west, "Maya", "Jude", at=scene.THURSDAY).resolution
    page = home_of(west, "Imran").partition("About your children, with another chair")[2].partition("</table>")[0]
    assert f'href="/resolutions/{found.reference}"' in page
    assert "Grace Ollerton" in page
    assert "About your children, with another chair" not in home_of(west, "Grace")


def test_with_nothing_waiting_a_chair_is_told_what_comes_next(west: Cast) -> None:
    scene.plan_cycle(west)
    assert f"{NOTHING} Next: Heron family midway check, 6 May." in home_of(west, "Grace")


def test_a_chair_learns_when_the_next_answer_is_due(west: Cast) -> None:
    found = reached.stage_one(west, at=NOW).resolution
    assert f"Next: Priya Nairn has {found.reference} until 15 May." in home_of(west, "Grace")


def test_drafts_can_be_continued_and_name_no_child(west: Cast) -> None:
    found = reached.stage_one(west).resolution
    keep(west.person("Priya"), "respond", {"text": "So far"}, authority=west.authority, case=found)
    page = home_of(west, "Priya")
    assert asks(page, f"Draft: response to {found.reference}", f"/resolutions/{found.reference}/respond")
    assert "Drafts to continue" not in home_of(west, "Denise")


def test_the_service_sees_which_chair_has_something_undecided(west: Cast) -> None:
    scene.unanswered(west)
    for name in ("Judith", "Marcus"):
        page = home_of(west, name)
        assert "Waiting for a chair to decide" in page
        grace = west.person("Grace")
        assert f'href="/resolutions?chair={grace.pk}&amp;status=Waiting+for+chair">Grace Ollerton<' in page
    assert "Rowan family" in signed_in(west, "Judith").get(
        f"/resolutions?chair={west.person('Grace').pk}&status=Waiting+for+chair"
    ).text  # fmt: skip


def test_directors_see_the_highest_stages_and_what_is_open_for_long(west: Cast) -> None:
    top = raised_at(west, "stage-4")
    old = raised_at(west, "stage-1", at=NOW - timedelta(days=40))
    young = raised_at(west, "stage-1", at=NOW - timedelta(days=20))
    for name in ("Angela", "Nadia"):
        page = home_of(west, name)
        assert "At the highest stages" in page
        assert f'href="/resolutions/{top.reference}"' in page
        table = page.partition("Open for more than 20 working days")[2].partition("</table>")[0]
        assert old.reference in table
        assert young.reference not in table


def test_managers_see_the_late_actions_of_their_own_teams(west: Cast) -> None:
    found = scene.with_actions(west)
    for name, sees in (("Priya", True), ("Denise", True), ("Judith", True), ("Callum", False), ("Owen", False)):
        assert ("Actions late" in home_of(west, name)) is sees, name
    assert found.reference in home_of(west, "Priya")


def test_business_support_sees_the_weeks_conferences_without_a_name(west: Cast) -> None:
    scene.plan_cycle(west)
    page = home_of(west, "Pauline")
    assert "C-2026-0210" in page
    assert "Alder" not in page


# The six-stage policy -------------------------------------------------------------------------------------------------


def test_the_agencys_manager_sees_the_one_item_addressed_to_them(north: Cast) -> None:
    found = scene.starred(north)
    page = home_of(north, "Elias")
    assert asks(page, "Respond", f"/resolutions/{found.reference}/respond")
    assert works(north, "Elias", f"/resolutions/{found.reference}/respond")
    for other in ("Caitlin", "Gethin", "Jerome"):
        assert NOTHING in home_of(north, other)
        assert found.reference not in home_of(north, other)


def test_the_overdue_key_action_stands_on_the_chairs_home(north: Cast) -> None:
    scene.key_action_overdue(north)
    page = home_of(north, "Rosalind")
    assert "Key actions overdue" in page
    assert "7 working days late" in page
    assert "Elias Thornby, Moorland Health Trust" in page
    assert f'href="/families/{north.family("Plover").reference}"' in page
    assert "Key actions overdue" not in home_of(north, "Jerome")


def test_whoever_owes_the_feedback_has_it_on_their_own_home_and_nothing_of_the_family(north: Cast) -> None:
    asked = scene.key_action_overdue(north)
    page = home_of(north, "Elias")
    assert "Feedback asked of you" in page
    assert "A. P." in page, "whoever was asked can tell two rows apart"
    assert "Date not on file, Northmoor" in page
    asked.conference = Conference.objects.create(
        authority=asked.authority, family=asked.family, reference="C-2026-0802", kind="initial",
        held_on=datetime(2026, 4, 10, 10, tzinfo=UTC), chair=north.person("Rosalind"),
    )  # fmt: skip
    asked.save()
    page = home_of(north, "Elias")
    assert "10 April 2026, Northmoor" in page
    assert f"{north.person('Rosalind').name}, chair of the conference" in page
    assert "7 working days late" in page
    assert "CAMHS to offer a first appointment" in page
    assert "Tell the chair of the conference how it stands." in page
    assert "Plover" not in page
    assert "/families/" not in page
    for other in ("Caitlin", "Rosalind", "Nell"):
        assert "Feedback asked of you" not in home_of(north, other)


def test_the_steps_after_a_conference_stand_on_the_homes_of_those_whose_they_are(north: Cast) -> None:
    """The sheet is the chair's, the first meeting the core group's, whose worker convenes it."""
    family = north.family("Plover")
    Conference.objects.filter(family=family).delete()
    held = datetime(2026, 3, 10, 10, tzinfo=UTC)
    Conference.objects.create(
        authority=family.authority, family=family, reference="C-2026-0801", kind="initial", held_on=held,
        chair=north.person("Rosalind"),
    )  # fmt: skip
    nell, rosalind = home_of(north, "Nell"), home_of(north, "Rosalind")
    assert "First core group meeting" in nell
    assert "working days late" in nell
    assert f'href="/families/{family.reference}"' in nell
    assert "Decision Sheet" not in nell
    assert "Conference Decision Sheet and outline plan" in rosalind
    assert "First core group meeting" not in rosalind
    assert "Record in the child’s plan cycle that it was done." in nell
    assert "working days late" not in rosalind, "no file says when a sheet was sent"
    assert "Not recorded here" in rosalind
    assert "Steps after a conference" not in home_of(north, "Jerome")


def test_a_starred_recommendation_goes_up_to_the_lead_and_the_chief_officer(north: Cast) -> None:
    found = scene.starred(north, at=NOW - timedelta(days=30))
    assert asks(home_of(north, "Rosalind"), "Decide what to do", f"/resolutions/{found.reference}/decide")
    perform(move_to(north, "formal-escalation"), resolution=found, by=north.person("Rosalind"), at=NOW)
    assert asks(home_of(north, "Meena"), "Respond", f"/resolutions/{found.reference}/respond")
    assert asks(home_of(north, "Rosalind"), "Speak with the CSC Senior Manager", f"/resolutions/{found.reference}")
    later = NOW + timedelta(days=14)
    with time_machine.travel(later, tick=False):
        assert "No response from Dr Meena Kessler" in home_of(north, "Rosalind")
        perform(move_to(north, "chief-officer"), resolution=found, by=north.person("Rosalind"), at=later)
        assert asks(home_of(north, "Paul"), "Respond", f"/resolutions/{found.reference}/respond")


def move_to(cast: Cast, stage: str) -> acts.MoveOn:
    return acts.MoveOn(
        to=stage, because="not answered", different="No answer came.", ask="Answer this week.",
    )  # fmt: skip


# Children who lack somebody -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "told"), [("Judith", True), ("Pauline", True), ("Jo Talbot", True), ("Nadia", True),
                                            ("Grace", False), ("Priya", False), ("Angela", False)])  # fmt: skip
def test_who_brings_children_in_sees_how_many_lack_a_chair_a_worker_or_a_team(
    west: Cast, name: str, told: bool
) -> None:
    assert "Children who lack somebody" not in home_of(west, name)
    Plan.objects.filter(child__in=[west.child("Kai"), west.child("Maya")]).update(chair=None)
    Plan.objects.filter(child=west.child("Tyler")).update(team=None)
    page = home_of(west, name)
    for words, lacks in (
        ("2 children without a chair", "chair"),
        ("0 children without a social worker", "social_worker"),
        ("1 child without a team", "team"),
    ):
        assert (words in page) is told, words
        assert (f"/allocation?lacks={lacks}" in page) is told


# Queries --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Grace", "Priya", "Judith", "Stephen"])
def test_home_takes_the_same_queries_with_four_things_waiting_as_with_twelve(west: Cast, name: str) -> None:
    scene.busy_day(west)
    client = signed_in(west, name)
    client.get("/")  # the first page of a session writes the session
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counted.append(len(queries))
        for _ in range(4):
            scene.response_in(west)
            reached.stage_one(west)
    assert counted[0] == counted[1]
    assert counted[1] <= 35


# In the demo, and at the end of a week --------------------------------------------------------------------------------


THIS_WEEK, WITH_NEXT = "This week’s conferences", "Conferences to the end of next week"


@pytest.mark.parametrize("demo", [True, False])
def test_in_the_demo_an_empty_home_says_who_else_one_can_be(west: Cast, settings: Any, demo: bool) -> None:
    settings.DEMO = demo
    reached.stage_one(west, "Ella", at=scene.THURSDAY)
    page = home_of(west, "Imran")
    assert "Nothing is waiting for you." in page
    assert ('<a class="govuk-link" href="/demo">be somebody else</a>' in page) is demo
    assert ("Most waits for" in page) is demo
    assert "Nothing is waiting" not in home_of(west, "Callum")


@pytest.mark.parametrize(
    ("day", "heading"),
    [
        (date(2026, 5, 6), THIS_WEEK),
        (date(2026, 5, 7), THIS_WEEK),
        (date(2026, 5, 8), WITH_NEXT),
        (date(2026, 5, 9), WITH_NEXT),
        (date(2026, 5, 10), WITH_NEXT),
        (date(2026, 5, 11), THIS_WEEK),
    ],
)
def test_the_conferences_are_called_by_the_week_they_are_in(west: Cast, day: date, heading: str) -> None:
    at = datetime.combine(day, time(9), tzinfo=UTC)
    sunday = datetime.combine(day + timedelta(days=6 - day.weekday()), time(20), tzinfo=UTC)
    for reference, planned in (("C-THIS", sunday), ("C-NEXT", sunday + timedelta(days=2))):
        Conference.objects.create(
            authority=west.authority, family=west.family("Alder"), kind="review", reference=reference,
            chair=west.person("Grace"), planned_for=planned,
        )  # fmt: skip
    shown = parts.conferences_this_week(
        parts.Desk(grace := west.person("Grace"), west.authority, scope_of(grace, at), at)
    )
    assert shown is not None
    assert shown.table is not None
    named = [str(row[-1]) for row in shown.table.rows]
    assert shown.heading == heading
    assert named == (["C-THIS"] if heading == THIS_WEEK else ["C-THIS", "C-NEXT"])
