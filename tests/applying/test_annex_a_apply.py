"""A checked file goes into one authority whole, changes only what differs, and removes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.applying.by_hand import HANDMADE, brought_in
from tests.cast import Cast, northmoor, westmarch
from tests.intake.workbooks import HEADINGS, read_workbook, workbook
from undrift.applying.from_file import NotApplied, apply_check, check_file
from undrift.applying.in_words import findings_of
from undrift.children.models import Child, FactChange, Family, ImportedRow, ImportRun, Plan
from undrift.people.models import Authority

pytestmark = pytest.mark.django_db

AS_AT = date(2026, 5, 6)
FIRST = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
SECOND = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
Import = Callable[..., ImportRun]


@pytest.fixture
def cast() -> Cast:
    return westmarch()


@pytest.fixture
def imported(tmp_path: Path, cast: Cast) -> Import:
    def into(*rows: dict[str, Any], at: datetime = FIRST, as_at: date = AS_AT, **layout: Any) -> ImportRun:
        return applied(workbook(tmp_path / "annex.xlsx", *rows, **layout), cast.authority, at=at, as_at=as_at)

    return into


def applied(path: Path, authority: Authority, *, at: datetime = FIRST, as_at: date = AS_AT) -> ImportRun:
    check = check_file(authority, "annex-a", path.name, path.read_bytes(), as_at=as_at, at=at, by=None)
    return apply_check(check, at=at, by=None, agreed=True)


def changed(run: ImportRun) -> int:
    """How many things the run added or altered."""
    return sum(number for name, number in run.counts.items() if name.endswith(("_new", "_updated")))


def sentences(run: ImportRun) -> list[str]:
    return [str(finding) for finding in findings_of(run)]


def everything() -> dict[str, list[Any]]:
    """All that is known of children, as it stands in the tables."""
    return {
        model.__name__: list(model.objects.order_by("pk").values()) for model in (Family, Child, Plan, FactChange)
    } | {
        "ImportedRow": list(
            ImportedRow.objects.order_by("pk").defer("last_seen").values("pk", "row_hash", "last_changed")
        )
    }


def test_a_new_child_comes_in_with_plan_team_and_where_they_came_from(imported: Import, cast: Cast) -> None:
    run = imported({})
    child = Child.objects.get(external_id="90001")
    plan = child.plans.get()
    assert (child.authority, child.date_of_birth, child.first_name) == (cast.authority, date(2016, 9, 3), "")
    assert (plan.starts, plan.ends, plan.latest_category) == (date(2025, 12, 4), None, "NEG")
    assert (plan.team, plan.team_text, plan.worker_text) == (cast.unit("North"), "North", "Hannah Quill")
    assert (run.counts["plans"], run.counts["open"], changed(run)) == (1, 1, 3)
    row = ImportedRow.objects.get(entity="plan")
    assert (row.source_key, row.object_id, row.first_seen) == ("90001|2025-12-04", plan.pk, FIRST)


def test_a_worker_of_the_file_is_never_linked_to_somebody_who_signs_in(imported: Import) -> None:
    imported({"worker": "Hannah Quill"})
    assert Plan.objects.get(child__external_id="90001").social_worker is None


def test_the_same_file_twice_changes_nothing(imported: Import) -> None:
    rows = [{}, {"child_id": 2, "team": "Elsewhere"}, {"child_id": 3, "born": date(2026, 7, 1)}]
    imported(*rows)
    before = everything()
    run = imported(*rows, at=SECOND)
    assert changed(run) == 0
    assert everything() == before


def test_another_order_and_other_spellings_of_the_same_facts_change_nothing(imported: Import) -> None:
    imported({}, {"child_id": 2})
    before = everything()
    run = imported(
        {"child_id": "2.0", "starts": "04/12/2025"},
        {"child_id": 90001.0, "sex": "F", "initial": "NEG", "latest": "YNNN", "alone": "yes", "visit": 46132},
        at=SECOND,
        sheet="List_7",
        title="List 7: Child protection",
        headings=list(reversed(HEADINGS)),
    )
    assert changed(run) == 0
    assert everything() == before


def test_what_changed_is_changed_and_the_old_value_is_kept(imported: Import) -> None:
    imported({}, {"child_id": 2})
    run = imported({"ends": date(2026, 4, 30), "latest": "d) Emotional abuse"}, {"child_id": 2}, at=SECOND)
    assert (run.counts["plan_updated"], run.counts["plan_unchanged"], changed(run)) == (1, 1, 1)
    assert Plan.objects.get(child__external_id="90001").ends == date(2026, 4, 30)
    assert list(run.changes.values_list("field", "was", "now")) == [
        ("ends", "", "2026-04-30"),
        ("latest_category", "NEG", "EMO"),
    ]


def test_a_plan_known_already_is_met_and_not_doubled(imported: Import, cast: Cast) -> None:
    run = imported({"child_id": 4101, "visit": date(2026, 4, 20)})
    maya = cast.child("Maya")
    assert (run.counts["child_new"], run.counts["plan_new"]) == (0, 0)
    assert maya.plans.count() == 1
    assert (maya.plans.get().chair, maya.first_name) == (cast.person("Grace Ollerton"), "Maya")
    assert maya.plans.get().last_visit == date(2026, 4, 20)


def test_the_same_number_in_another_council_is_another_child(imported: Import, tmp_path: Path) -> None:
    imported({})
    other = northmoor()
    applied(workbook(tmp_path / "other.xlsx", {}, {"child_id": 2}), other.authority)
    assert Child.objects.filter(external_id="90001").count() == 2


def test_an_open_plan_that_is_missing_is_told_and_left_alone(imported: Import) -> None:
    imported({}, {"child_id": 2}, {"child_id": 3, "ends": date(2026, 5, 1)})
    run = imported({"child_id": 2}, at=SECOND)
    assert sentences(run) == [
        "child 90001: the plan that began 04/12/2025 was open and is now missing from the list. "
        "Nothing was changed; find out whether it has ended."
    ]
    assert Plan.objects.get(child__external_id="90001").ends is None
    assert changed(run) == 0


def test_a_child_whose_row_is_rejected_is_not_called_missing(imported: Import) -> None:
    imported({}, {"child_id": 2})
    run = imported({"ends": date(2020, 1, 1)}, {"child_id": 2}, at=SECOND)
    assert [finding["severity"] for finding in run.findings] == ["reject"]
    assert Plan.objects.get(child__external_id="90001").ends is None


def test_a_later_plan_in_place_of_an_open_one_is_asked_about(imported: Import) -> None:
    imported({})
    run = imported({"starts": date(2026, 4, 1), "review": None}, at=SECOND)
    assert sentences(run) == [
        "List 7 row 2, child 90001, Start of the plan: a plan that began 01/04/2026 would run beside the one that "
        "began 04/12/2025. If it is one plan, put its start right, here or in the case system; if it is another, give "
        "the earlier one its end first; else leave it. Then check the file again. Nothing was changed."
    ]
    assert Plan.objects.get(child__external_id="90001", ends=None).starts == date(2025, 12, 4)


def test_a_column_that_is_gone_leaves_what_is_known(imported: Import) -> None:
    imported({})
    run = imported({}, at=SECOND, headings=[h for h in HEADINGS if h not in ("Allocated Team", "Date of Birth")])
    assert run.changes.count() == 0
    plan = Plan.objects.get(child__external_id="90001")
    assert (plan.team_text, plan.child.date_of_birth) == ("North", date(2016, 9, 3))


def test_a_team_that_is_no_unit_is_told_by_its_rows_and_not_by_name(imported: Import) -> None:
    run = imported({"team": "Locality 9"}, {"child_id": 2, "team": "Locality 9"})
    assert sentences(run) == [
        "List 7, Team: the team in rows 2, 3 is no unit of Westmarch Council. "
        "Add the unit, or choose the child's team. Imported as text."
    ]
    assert set(Plan.objects.filter(team_text="Locality 9").values_list("team", flat=True)) == {None}


def test_a_team_chosen_by_hand_stays_until_the_file_names_another(imported: Import, cast: Cast) -> None:
    imported({"team": "Locality 9"})
    Plan.objects.filter(child__external_id="90001").update(team=cast.unit("South"))
    imported({"team": "Locality 9", "visit": date(2026, 5, 1)}, at=SECOND)
    assert Plan.objects.get(child__external_id="90001").team == cast.unit("South")
    imported({"team": "Central"}, at=SECOND)
    assert Plan.objects.get(child__external_id="90001").team == cast.unit("Central")


def test_an_expected_birth_becomes_a_date_of_birth(imported: Import) -> None:
    row = {"born": date(2026, 5, 20)}
    imported(row)
    child = Child.objects.get(external_id="90001")
    assert (child.date_of_birth, child.expected_birth) == (None, date(2026, 5, 20))
    imported({"born": date(2026, 5, 17)}, as_at=date(2026, 6, 1), at=SECOND)
    child.refresh_from_db()
    assert (child.date_of_birth, child.expected_birth) == (date(2026, 5, 17), date(2026, 5, 20))


def test_a_stopped_file_leaves_no_trace(imported: Import) -> None:
    before = everything()
    with pytest.raises(NotApplied) as refused:
        imported({}, sheet="Children", list_5=None)
    assert refused.value.code == "stopped"
    assert everything() == before
    assert not ImportRun.objects.exists()


def test_a_fault_on_the_way_leaves_no_trace(tmp_path: Path, cast: Cast) -> None:
    before = everything()
    read = read_workbook(workbook(tmp_path / "annex.xlsx", {}, {"child_id": 2}), AS_AT)
    good, other = read.plans
    impossible = replace(read, source=HANDMADE, plans=[good, replace(other, previous_plans=99_999)])
    with pytest.raises(DataError, match="out of range"), transaction.atomic():
        brought_in(impossible, cast.authority)
    assert everything() == before
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("left_out", [0, 1], ids=["all that are known", "half of those that are known"])
def test_reading_what_is_known_takes_the_same_queries_for_one_child_and_for_fifty(
    imported: Import, left_out: int
) -> None:
    """Like with like: of few as of many the file holds all who are known, or leaves half of them out."""
    asked = []
    for known in (1 + left_out, 50):
        rows = [{"child_id": number} for number in range(1, known + 1)]
        imported(*rows)
        with CaptureQueriesContext(connection) as queries:
            imported(*rows[: known // (1 + left_out)], at=SECOND)
        asked.append(queries)
    few, many = asked
    # Compared twice, when it is checked and once more when it is applied; one statement waits for another check.
    assert len(many) == len(few) <= 59
