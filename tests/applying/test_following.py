"""What follows from a file, in the same transaction: the chair is asked, and what is open goes with the child."""

from __future__ import annotations

from datetime import date

import pytest

from tests.applying.by_hand import FIRST, LATER, SECOND, THIRD, a_file, brought_in, plan
from tests.cast import Cast, westmarch
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.applying.from_file import undo, why_not_undone
from undrift.record.history import rows_of
from undrift.record.models import Case, Notice

pytestmark = pytest.mark.django_db

MAYA, TYLER = "4101", "4111"
IMRAN = "imran.dastgir@westmarch.example"


@pytest.fixture
def cast() -> Cast:
    return under_shipped_versions(westmarch())


def kinds(case: Case) -> list[str]:
    return [row.type for row in rows_of(case.pk)]


def test_of_a_plan_that_ended_the_chair_is_asked(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    brought_in(a_file(plan(MAYA, ends=date(2026, 5, 11)), as_at=LATER), cast.authority, at=SECOND)
    assert kinds(resolution)[-1] == "plan_ended"


def test_of_a_plan_that_ended_before_the_concern_the_chair_is_asked_when_a_file_says_so(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    run = brought_in(a_file(plan(MAYA, ends=date(2026, 5, 1)), as_at=LATER), cast.authority, at=SECOND)
    assert kinds(resolution).count("plan_ended") == 1
    assert "its chair is asked" in why_not_undone(run)


def test_of_a_plan_that_a_file_had_ended_before_the_concern_nobody_is_asked(cast: Cast) -> None:
    brought_in(a_file(plan(MAYA, ends=date(2026, 5, 1))), cast.authority)
    resolution = reached.stage_one(cast, "Maya", at=SECOND).resolution
    brought_in(a_file(plan(MAYA, ends=date(2026, 5, 2)), as_at=LATER), cast.authority, at=SECOND)
    assert "plan_ended" not in kinds(resolution)


def test_a_plan_that_ended_without_an_open_concern_asks_nobody(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    before = kinds(resolution)
    brought_in(
        a_file(plan(TYLER, starts=date(2026, 1, 20), ends=date(2026, 5, 11)), as_at=LATER), cast.authority, at=SECOND
    )
    assert kinds(resolution) == before


def test_a_new_chair_has_the_open_concern_and_is_told_and_has_it_no_more_when_it_is_undone(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    run = brought_in(a_file(plan(MAYA, chair=IMRAN), as_at=LATER), cast.authority, at=SECOND)
    resolution.refresh_from_db()
    assert resolution.chair == cast.person("Imran")
    assert Notice.objects.filter(to_person=cast.person("Imran"), kind="handed_on").exists()
    undo(run, at=THIRD, by=None)
    resolution.refresh_from_db()
    assert resolution.chair == cast.person("Grace")


def test_the_history_says_that_a_file_said_so_by_its_day(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    brought_in(a_file(plan(MAYA, chair=IMRAN), as_at=LATER), cast.authority, at=SECOND)
    (said,) = (row for row in rows_of(resolution.pk) if row.type == "went_over")
    assert said.payload == {
        "part": "chair", "name": "Imran Dastgir", "before": "Grace Ollerton", "why": "Said by a file as at 13 May 2026",
    }  # fmt: skip
    brought_in(a_file(plan(MAYA, ends=date(2026, 5, 14)), as_at=date(2026, 5, 20)), cast.authority, at=THIRD)
    (ended,) = (row for row in rows_of(resolution.pk) if row.type == "plan_ended")
    assert ended.payload["source"] == "Said by a file as at 20 May 2026"


def test_of_one_child_of_several_the_new_chair_is_told_and_the_concern_stays(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", "Jude", at=FIRST).resolution
    brought_in(a_file(plan(MAYA, chair=IMRAN), as_at=LATER), cast.authority, at=SECOND)
    resolution.refresh_from_db()
    assert resolution.chair == cast.person("Grace")
    told = Notice.objects.filter(case=resolution.pk, to_person=cast.person("Imran"))
    assert list(told.values_list("kind", flat=True)) == ["also_told"]


def test_a_child_who_moves_takes_the_open_concern_to_the_team(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    brought_in(a_file(plan(MAYA, team="South"), as_at=LATER), cast.authority, at=SECOND)
    resolution.refresh_from_db()
    assert resolution.team == cast.unit("South")


def test_a_new_worker_is_the_open_concern_s_worker(cast: Cast) -> None:
    resolution = reached.stage_one(cast, "Maya", at=FIRST).resolution
    worker = cast.person("Kofi Ansell")
    brought_in(a_file(plan(MAYA, worker_email=worker.email), as_at=LATER), cast.authority, at=SECOND)
    resolution.refresh_from_db()
    assert resolution.social_worker == worker


def test_what_is_open_about_other_children_is_left_to_the_worker_s_round(cast: Cast) -> None:
    other = reached.stage_one(cast, "Tyler", at=FIRST).resolution
    cast.plan("Tyler").child.plans.update(chair=cast.person("Imran"))
    brought_in(a_file(plan(MAYA, chair=IMRAN), as_at=LATER), cast.authority, at=SECOND)
    other.refresh_from_db()
    assert other.chair == cast.person("Grace")
