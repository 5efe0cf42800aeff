"""Public samples of the sector's files, whole: counted beside a plain script that knows nothing of our readers.

They are no part of this repository. `UNDRIFT_SAMPLES` names the folder that holds them (`annex_a`, `cin_census`,
`ssd`); they are asked in `make test-all`.
"""

from __future__ import annotations

import csv
import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.applying.by_hand import FIRST, SECOND, THIRD, sentences
from tests.cast import Cast, westmarch
from tests.house.thorough import THOROUGH
from undrift.applying.from_file import apply_check, check_file
from undrift.applying.packing import packed
from undrift.children.models import Child, Conference, FactChange, ImportCheck, ImportRun, Plan

FOLDER = Path(os.environ.get("UNDRIFT_SAMPLES", "/nowhere"))
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not THOROUGH, reason="the samples are asked in `make test-all`"),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="UNDRIFT_SAMPLES names no folder of samples"),
]

AS_AT = date(2026, 5, 6)
ANNEX_A = "annex_a/liia_Annex_A_2024_Jan.xlsx"
Counts = Mapping[str, int]


# The plain script -----------------------------------------------------------------------------------------------------


def by_openpyxl(path: Path) -> dict[str, int]:
    """Lists 5 and 7 by hand: children, plans, initial conferences and reviews, each once."""
    book = openpyxl.load_workbook(path, data_only=True)
    children, plans, initial, reviews = set(), set(), set(), set()
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        heads = next((row for row in rows if "Child Unique ID" in [str(cell).strip() for cell in row]), None)
        if heads is None or sheet.title.replace("_", " ") not in ("List 5", "List 7"):
            continue
        names = [str(cell).strip().lower() for cell in heads]
        for row in rows[rows.index(heads) + 1 :]:
            said = dict(zip(names, row, strict=True))
            number = said["child unique id"]
            start = said.get("child protection plan start date")
            conference = said.get("date of initial child protection conference")
            review = said.get("date of latest review conference")
            if isinstance(start, datetime):
                plans.add((number, start))
                children.add(number)
                if isinstance(review, datetime) and review > start:
                    reviews.add((number, review))
            if isinstance(conference, datetime):
                initial.add((number, conference))
                children.add(number)
    return counted(children, plans, initial | {(number, day) for number, day in reviews})


def by_csv(folder: Path) -> dict[str, int]:
    """The dataset's tables by hand. A review without a day, or that one child has twice, is no second one."""

    def table(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return [{key: "" if cell == "NULL" else cell for key, cell in row.items()} for row in csv.DictReader(file)]

    plans = {(row["cppl_person_id"], row["cppl_cp_plan_start_date"][:10]) for row in table("ssd_cp_plans")}
    initial = {
        (row["icpc_person_id"], row["icpc_icpc_date"][:10])
        for row in table("ssd_initial_cp_conference")
        if row["icpc_icpc_date"]
    }
    planned = {child for child, _ in plans}
    reviews = {
        (row["cppr_person_id"], row["cppr_cp_review_date"][:10])
        for row in table("ssd_cp_reviews")
        if row["cppr_cp_review_date"] and row["cppr_person_id"] in planned
    }
    return counted(planned | {child for child, _ in initial}, plans, initial | reviews)


def by_element_tree(path: Path) -> dict[str, int]:
    children, plans, meetings = set(), set(), set()
    for child in ET.parse(path).getroot().iter("Child"):
        number = child.findtext("ChildIdentifiers/LAchildID")
        days = {(number, node.text) for node in child.iter("DateOfInitialCPC")}
        starts = set()
        for plan in child.iter("ChildProtectionPlans"):
            start, end = str(plan.findtext("CPPstartDate")), plan.findtext("CPPendDate") or "9999"
            starts.add((number, start))
            days |= {(number, node.text) for node in plan.iter("CPPreviewDate") if start < str(node.text) <= end}
        if starts or days:
            children.add(number)
        plans |= starts
        meetings |= days
    return counted(children, plans, meetings)


def counted(children: Any, plans: Any, meetings: Any) -> dict[str, int]:
    return {"child": len(children), "plan": len(plans), "conference": len(meetings)}


# Ours -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast() -> Cast:
    return westmarch()


def checked(cast: Cast, format: str, path: Path, content: bytes = b"", at: datetime = FIRST) -> ImportCheck:
    file = content or (packed(path) if path.is_dir() else path.read_bytes())
    return check_file(cast.authority, format, path.name, file, as_at=AS_AT, at=at, by=None)


def applied(cast: Cast, format: str, path: Path, content: bytes = b"", at: datetime = FIRST) -> ImportRun:
    return apply_check(checked(cast, format, path, content, at), at=at, by=None, agreed=True)


def outcomes(run: ImportRun, outcome: str) -> dict[str, int]:
    return {thing: run.counts[f"{thing}_{outcome}"] for thing in ("child", "plan", "conference")}


WAYS: Mapping[str, tuple[str, str, Callable[[Path], Counts]]] = {
    "Annex A": ("annex-a", ANNEX_A, by_openpyxl),
    "the dataset": ("ssd", "ssd", by_csv),
    "a census": ("cin-census", "cin_census/CIN_Census_2024.xml", by_element_tree),
    "a census with a plan twice": ("cin-census", "cin_census/CIN2rows.xml", by_element_tree),
    "a census of long ago": ("cin-census", "cin_census/liia_cin-2022.xml", by_element_tree),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_comes_in_is_what_a_plain_script_counts_and_again_it_is_nothing(way: str, cast: Cast) -> None:
    format, name, count = WAYS[way]
    first = applied(cast, format, FOLDER / name)
    print(f"{way}: {outcomes(first, 'new')}")
    assert outcomes(first, "new") == count(FOLDER / name)
    history = FactChange.objects.count()
    again = applied(cast, format, FOLDER / name, at=SECOND)
    assert set(outcomes(again, "new").values()) | set(outcomes(again, "updated").values()) == {0}
    assert FactChange.objects.count() == history


@pytest.mark.parametrize("order", [("annex-a", "ssd"), ("ssd", "annex-a")])
def test_the_same_children_by_two_formats_have_no_second_plan(order: tuple[str, str], cast: Cast) -> None:
    files = {"annex-a": FOLDER / ANNEX_A, "ssd": FOLDER / "ssd"}
    plans, children = Plan.objects.count(), Child.objects.count()
    both = by_openpyxl(files["annex-a"]), by_csv(files["ssd"])
    for format, at in zip(order, (FIRST, SECOND), strict=True):
        applied(cast, format, files[format], at=at)
    print(f"by two formats: {Plan.objects.count() - plans} plans, {Child.objects.count() - children} children")
    assert Plan.objects.count() - plans == max(each["plan"] for each in both)
    assert Child.objects.count() - children == max(each["child"] for each in both)


def test_a_conference_whose_day_is_put_right_is_the_same_by_the_numbers_of_the_dataset(
    cast: Cast, tmp_path: Path
) -> None:
    """The samples hold no pair: the second file is the first, with another day of one conference."""
    folder = Path(shutil.copytree(FOLDER / "ssd", tmp_path / "ssd"))
    applied(cast, "ssd", folder)
    before, days = children_and_plans(), held()
    table = folder / "ssd_initial_cp_conference.csv"
    first, second = b",11641472,NULL,NULL,NULL,NULL,2020-10-05", b",11641472,NULL,NULL,NULL,NULL,2020-10-07"
    assert table.read_bytes().count(first) == 1
    table.write_bytes(table.read_bytes().replace(first, second))
    run = applied(cast, "ssd", folder, at=SECOND)
    assert children_and_plans() == before
    assert len(held()) == len(days)
    (number,) = {pk for pk, _ in days ^ held()}
    assert {(change.entity, change.object_id) for change in run.changes.all()} == {("conference", number)}


def test_in_a_census_which_numbers_none_a_day_that_is_put_right_is_the_same_conference_and_said(cast: Cast) -> None:
    path = FOLDER / "cin_census/CIN_Census_2024.xml"
    first = path.read_bytes()
    day = b"<DateOfInitialCPC>2022-06-17</DateOfInitialCPC>"
    assert first.count(day) == 1
    applied(cast, "cin-census", path, first)
    before, days = children_and_plans(), held()
    run = applied(cast, "cin-census", path, first.replace(day, day.replace(b"2022-06-17", b"2022-06-20")), at=SECOND)
    assert children_and_plans() == before
    assert len(held()) == len(days)
    (number,) = {pk for pk, _ in days ^ held()}
    assert {(change.entity, change.object_id) for change in run.changes.all()} == {("conference", number)}
    assert any("which has the other day no more" in sentence for sentence in sentences(run))


def children_and_plans() -> dict[Any, list[Any]]:
    return {kind: list(kind.objects.order_by("pk").values()) for kind in (Child, Plan)}


def held() -> set[tuple[int, Any]]:
    return set(Conference.objects.values_list("pk", "held_on"))


def test_a_census_without_plans_says_so(cast: Cast) -> None:
    path = FOLDER / "cin_census/fake_CIN_data.xml"
    number = sum(1 for _ in ET.parse(path).getroot().iter("Child"))
    check = checked(cast, "cin-census", path, at=THIRD)
    (said,) = sentences(check)
    assert f"{number} children but no child protection plans" in said
    assert not check.digest


def test_an_old_workbook_and_an_empty_form_are_refused_in_a_sentence(cast: Cast) -> None:
    for name, said in (("example-A-2005.xls", "Excel"), ("2015-01-sample.xlsx", "No rows below the headings")):
        check = checked(cast, "annex-a", FOLDER / "annex_a" / name)
        (sentence,) = sentences(check)
        assert said in sentence
        assert not check.digest
