"""Plans that end under open concerns are recorded once each, and are not looked for again where nothing would come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import drafted, stage_one
from undrift.access.scope import scope_of
from undrift.children.facts import Because, change
from undrift.children.models import Plan
from undrift.desks.home.waiting import Waiting
from undrift.engine.ladder import acts
from undrift.record.history import rows_of
from undrift.record.models import Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import found, record_plans_ended

pytestmark = pytest.mark.django_db
LATER, MUCH_LATER = NOW + timedelta(days=4), NOW + timedelta(days=40)


def ends(cast: Cast, name: str, days: int | None) -> date | None:
    last = None if days is None else (NOW + timedelta(days=days)).date()
    cast.child(name).plans.update(ends=last)
    return last


def says(cast: Cast, act: acts.Act, r: Resolution, days: int) -> None:
    perform(act, resolution=r, by=cast.person("Grace"), at=NOW + timedelta(days=days))


def number(cast: Cast, name: str) -> str:
    return str(cast.child(name).pk)


def test_a_plan_that_ends_after_the_childs_part_is_not_found_until_the_part_is_opened_again(west: Cast) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    says(west, acts.EndForChild(number(west, "Maya"), "moved", "She lives in Leeds now."), r, 1)
    ends(west, "Maya", 2)
    assert found(LATER) == []
    says(west, acts.ReopenChild(number(west, "Maya"), "She is back."), r, 5)
    assert (record_plans_ended(LATER + timedelta(days=2)), found(MUCH_LATER)) == (1, [])


def test_an_end_that_waits_for_the_chair_is_not_found_again_when_the_file_names_a_later_day(west: Cast) -> None:
    r = stage_one(west, "Maya").resolution
    ends(west, "Maya", 2)
    assert (record_plans_ended(LATER), found(LATER)) == (1, [])
    ends(west, "Maya", 20)
    assert found(MUCH_LATER) == []
    says(west, acts.CarryOn((number(west, "Maya"),), "What was promised is owed."), r, 41)
    assert found(MUCH_LATER) == [], "it is asked once of each plan"


def test_an_end_after_which_the_chair_carried_it_on_is_not_found_with_an_earlier_day(west: Cast) -> None:
    r = stage_one(west, "Maya").resolution
    ends(west, "Maya", 3)
    assert record_plans_ended(LATER) == 1
    says(west, acts.CarryOn((number(west, "Maya"),), "What was promised is owed."), r, 5)
    ends(west, "Maya", 1)
    assert found(MUCH_LATER) == []


def test_what_is_found_is_recorded_and_nothing_is_found_twice(west: Cast) -> None:
    stage_one(west, "Maya", "Jude")
    ends(west, "Maya", 2)
    ends(west, "Jude", 2)
    assert len(found(LATER)) == 2
    assert (record_plans_ended(LATER), found(LATER), record_plans_ended(MUCH_LATER)) == (2, [], 0)


def test_when_the_file_takes_the_end_back_the_chair_is_not_asked_why_it_goes_on_without_a_plan(west: Cast) -> None:
    r = stage_one(west, "Maya").resolution
    ends(west, "Maya", 2)
    assert record_plans_ended(LATER) == 1
    client = Client()
    with time_machine.travel(LATER, tick=False):
        client.force_login(west.person("Grace"))
        page = lint(client.get(f"/resolutions/{r.reference}/carry-on")).text
        assert "Why does it go on without a plan?" in page
        assert "(plan ended)" in lint(client.get(f"/resolutions/{r.reference}")).text
        ends(west, "Maya", None)
        page = lint(client.get(f"/resolutions/{r.reference}/carry-on")).text
        page_again = lint(client.get(f"/resolutions/{r.reference}")).text
    assert "(plan ended)" not in page_again
    assert "without a plan" not in page
    assert "Maya has a plan again" in page
    assert "The plan goes on." in page


def test_of_a_plan_that_runs_again_nobody_reads_that_it_has_ended(west: Cast) -> None:
    """The same for whoever answers, to whom the child's plan is closed."""
    r = stage_one(west, "Maya", "Jude").resolution
    ends(west, "Jude", 2)
    assert record_plans_ended(LATER) == 1
    ends(west, "Jude", None)
    for who in ("Grace", "Priya", "Denise"):
        client = Client()
        with time_machine.travel(LATER, tick=False):
            client.force_login(west.person(who))
            page = lint(client.get(f"/resolutions/{r.reference}")).text
        assert "(plan ended)" not in page, who


def test_who_said_that_it_ended_stands_in_the_history(west: Cast) -> None:
    r = stage_one(west, "Maya").resolution
    last = (NOW + timedelta(days=2)).date()
    change(west.plan("Maya"), {"ends": last}, Because(at=LATER, by=west.person("Jo Talbot"), why="He is safe."))
    assert record_plans_ended(LATER) == 1
    client = Client()
    with time_machine.travel(LATER, tick=False):
        client.force_login(west.person("Grace"))
        page = " ".join(lint(client.get(f"/resolutions/{r.reference}")).text.split())
    assert "Maya’s plan ended on Friday 8 May 2026. Said by Jo Talbot. The chair decides" in page
    assert "He is safe." not in page


def test_a_plan_that_runs_is_no_ended_one_for_the_chair_of_a_brother_or_sister(west: Cast, client: Client) -> None:
    """Somebody else chairs for one child of several, whose record is not open to whoever has the concern."""
    elsewhere = {"chair": west.person("Imran"), "social_worker": west.person("Kofi"), "team": west.unit("South")}
    Plan.objects.filter(pk=west.plan("Jude").pk).update(**elsewhere)
    r, jude = stage_one(west, "Maya", "Jude").resolution, west.child("Jude").public_id
    with time_machine.travel(NOW, tick=False):
        client.force_login(west.person("Grace"))
        assert client.get(f"/children/{jude}").status_code == 404
        assert "and Jude’s since Thursday 4 December 2025" in lint(client.get(f"/resolutions/{r.reference}/close")).text
        sent = {"ending": "plan-ended", "why": "It is over."}
        answer = client.post(f"/resolutions/{r.reference}/children/{jude}/end", sent, follow=True)
    assert "On file the plan still runs" in answer.content.decode()
    assert "child_ended" not in [row.type for row in rows_of(r.pk)]


def test_of_a_second_plan_that_ends_the_chair_is_asked_by_its_own_day(west: Cast) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    ends(west, "Maya", 1)
    assert record_plans_ended(LATER) == 1
    ends(west, "Jude", 30)
    assert record_plans_ended(MUCH_LATER) == 1
    first, second = Notice.objects.filter(case=r.pk, kind="plan_ended").order_by("pk")
    assert first.due is not None
    assert second.due is not None
    assert first.due < MUCH_LATER.date() <= second.due


def test_home_says_that_a_plan_ended_whatever_happened_since_and_no_day_that_is_another(west: Cast) -> None:
    """It ended before it was put on file."""
    r = stage_one(west, "Maya", "Jude").resolution
    ends(west, "Maya", 1)
    assert record_plans_ended(LATER) == 1
    drafted(west, r, LATER + timedelta(hours=1))
    grace, now = west.person("Grace"), LATER + timedelta(hours=2)
    (task,) = (t for t in Waiting(grace, scope_of(grace, now), now).tasks if "goes on" in t.action_text)
    assert task.happened == "A child’s plan ended"


def test_of_a_plan_whose_end_was_taken_back_the_record_says_that_it_runs(west: Cast, client: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    ends(west, "Maya", 1)
    assert record_plans_ended(LATER) == 1
    ends(west, "Maya", None)
    with time_machine.travel(LATER, tick=False):
        client.force_login(west.person("Grace"))
        page = lint(client.get(f"/resolutions/{r.reference}")).text
    assert "The child has a plan again; one that ended on Thursday 7 May 2026 is on the record" in page
