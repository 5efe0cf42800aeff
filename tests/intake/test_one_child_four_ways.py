"""The same child in four files: whatever the format, the same child, the same plan, the same conferences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.intake.csv_tables import as_csv, zipped
from tests.intake.test_cin_census import census, child, enquiry, plan
from tests.intake.test_ssd import ICPC, PERSON, PLAN, REVIEW, VISIT, WHOLE
from tests.intake.workbooks import read_workbook, workbook
from undrift.intake.children_csv import reading as children_csv
from undrift.intake.cin_census import reading as cin_census
from undrift.intake.extract import Extract
from undrift.intake.ssd import reading as ssd

AS_AT = date(2026, 3, 31)


def by_annex_a(folder: Path) -> Extract:
    conference = {"enquiry": date(2025, 11, 14), "day": date(2025, 12, 4)}
    return read_workbook(workbook(folder / "a.xlsx", {"visit": date(2026, 3, 20)}, list_5=[conference]), AS_AT)


def by_census(folder: Path) -> Extract:
    return cin_census.read("c.xml", census(child(enquiry(), plan())), AS_AT)


def by_dataset(folder: Path) -> Extract:
    rows = {
        **WHOLE,
        "ssd_person": [{**PERSON, "pers_person_id": "90001"}],
        "ssd_cp_plans": [{**PLAN, "cppl_person_id": "90001"}],
        "ssd_initial_cp_conference": [{**ICPC, "icpc_person_id": "90001"}],
        "ssd_cp_reviews": [{**REVIEW, "cppr_person_id": "90001"}],
        "ssd_cp_visits": [{**VISIT, "cppv_person_id": "90001", "cppv_cp_visit_date": "2026-03-20"}],
    }
    return ssd.read("s.zip", zipped({f"{name}.csv": as_csv(table) for name, table in rows.items()}), AS_AT)


def by_csv(folder: Path) -> Extract:
    files = {
        "a.csv": b"child_id,sex,born\n90001,F,2016-09-03\n",
        "b.csv": b"child_id,starts,initial_category,latest_category\n90001,04/12/2025,NEG,Neglect\n",
        "c.csv": b"child_id,kind,held_on\n90001,initial,04/12/2025\n90001,review,26/02/2026\n",
    }
    return children_csv.read("o.zip", zipped(files), AS_AT)


WAYS = (by_annex_a, by_census, by_dataset, by_csv)


@pytest.mark.parametrize("way", WAYS)
def test_the_same_child_is_read_from_every_file(way: Callable[[Path], Extract], tmp_path: Path) -> None:
    found = way(tmp_path)
    assert [str(finding) for finding in found.findings] == []
    (one,), (of_the_plan,) = found.children, found.plans
    assert (one.child_id, one.sex, one.born, one.expected) == ("90001", "F", date(2016, 9, 3), None)
    assert {"sex", "born"} <= one.given
    assert "expected" not in one.given
    assert (of_the_plan.child_id, of_the_plan.starts, of_the_plan.ends) == ("90001", date(2025, 12, 4), None)
    assert (of_the_plan.initial_category, of_the_plan.latest_category) == ("NEG", "NEG")
    assert sorted((each.kind, each.day, each.held) for each in found.meetings) == [
        ("initial", date(2025, 12, 4), True),
        ("review", date(2026, 2, 26), True),
    ]
    if "latest_review" in of_the_plan.given:
        assert of_the_plan.latest_review == date(2026, 2, 26)
    if "last_visit" in of_the_plan.given:
        assert (of_the_plan.last_visit, of_the_plan.seen_alone) == (date(2026, 3, 20), "yes")


@pytest.mark.parametrize("way", WAYS)
def test_the_same_file_is_read_the_same_twice(way: Callable[[Path], Extract], tmp_path: Path) -> None:
    first, second = way(tmp_path), way(tmp_path)
    kinds = ("children", "plans", "meetings", "findings", "children_in_file")
    assert [getattr(first, kind) for kind in kinds] == [getattr(second, kind) for kind in kinds]


def test_what_a_file_does_not_say_is_not_given(tmp_path: Path) -> None:
    blank = read_workbook(workbook(tmp_path / "a.xlsx", {"sex": None, "previous": None, "review": None}), AS_AT)
    (one,), (of_the_plan,) = blank.children, blank.plans
    assert "sex" not in one.given
    assert "previous_plans" not in of_the_plan.given
