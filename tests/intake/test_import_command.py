"""`undrift import annex-a` says what it found and did, and its status tells a script the same."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cast import westmarch
from tests.intake.workbooks import read_workbook, workbook
from undrift.children.models import ImportRun, Plan
from undrift.cli.import_ import run
from undrift.intake import report

Command = Callable[..., int]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    def with_file(*options: str, sheet: str = "List 7", authority: str = "westmarch") -> int:
        late_visit = {"child_id": 2, "ends": date(2026, 4, 1), "review": None}
        path = workbook(tmp_path / "annex.xlsx", {}, late_visit, {"child_id": 3, "starts": "soon"}, sheet=sheet)
        return run(["annex-a", str(path), "--authority", authority, "--as-at", "2026-05-06", *options])

    return with_file


@pytest.mark.django_db
def test_an_import_says_what_it_did_row_by_row(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    westmarch()
    assert command() == 0
    assert capsys.readouterr().out.splitlines() == [
        "annex.xlsx: 3 rows, 2 plans, 1 open on 6 May 2026",
        "Not imported: List 7 row 4, child 3, Child Protection Plan Start Date: Text cannot be read. "
        "A date is wanted, such as 31/03/2026. Row not imported.",
        "Please look: List 7 row 3, child 2: last visit 20/04/2026 is after the plan ended 01/04/2026. "
        "Imported; visit not counted for this plan.",
        "New: 2 children, 2 plans, 1 conference, 0 core group members. "
        "Changed: 0 children, 0 plans, 0 conferences, 0 core group members. "
        "Unchanged: 0 children, 0 plans, 0 conferences, 0 core group members.",
        "Rows not imported: 1. To look at: 1. To decide: 0.",
    ]
    assert Plan.objects.filter(child__external_id__in=["90001", "2"]).count() == 2
    assert command() == 0
    assert capsys.readouterr().out.splitlines()[-2] == (
        "New: 0 children, 0 plans, 0 conferences, 0 core group members. "
        "Changed: 0 children, 0 plans, 0 conferences, 0 core group members. "
        "Unchanged: 2 children, 2 plans, 1 conference, 0 core group members."
    )


@pytest.mark.django_db
def test_a_check_imports_nothing(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    westmarch()
    before = Plan.objects.count()
    assert command("--check") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Checked only: nothing was imported."
    assert (Plan.objects.count(), ImportRun.objects.count()) == (before, 0)


@pytest.mark.django_db
def test_a_stopped_file_gives_status_1(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    westmarch()
    assert command(sheet="Children") == 1
    assert capsys.readouterr().out.startswith('Stopped: Sheet "List 7" not found. Sheets in this file: Children')
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_an_unknown_authority_is_told_with_those_there_are(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    westmarch()
    assert command(authority="eastmarch") == 2
    assert capsys.readouterr().err == 'No authority has the code "eastmarch". There are: westmarch.\n'


@pytest.mark.django_db
def test_the_same_as_json(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    westmarch()
    assert command("--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["plans"], said["open"], said["imported"]) == (3, 2, 1, True)
    assert [finding["severity"] for finding in said["findings"]] == ["reject", "warn"]


@pytest.mark.parametrize("wrong", [["annex-b", "x.xlsx"], ["annex-a"], ["annex-a", "x.xlsx", "--as-at", "soon"]])
def test_a_command_wrongly_asked_gives_status_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        run([*wrong, "--authority", "westmarch"])
    assert refused.value.code == 2


def test_the_report_as_csv_has_a_line_for_each_finding_the_gravest_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"child_id": "-7", "previous": "x"}, {"child_id": None})
    rows = list(csv.DictReader(report.as_csv(read_workbook(path, date(2026, 5, 6)).findings).splitlines()))
    assert [(row["severity"], row["row"]) for row in rows] == [("reject", "3"), ("warn", "2")]
    # A spreadsheet would read -7 as a sum to work out, and =... as a formula.
    assert rows[1]["child"] == "'-7"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (({"child_id": None},), "annex.xlsx: 1 row, 0 plans, 0 open on 6 May 2026"),
        (({}, {"child_id": 2}), "annex.xlsx: 2 rows, 2 plans, 2 open on 6 May 2026"),
    ],
)
def test_nothing_is_printed_as_zero(tmp_path: Path, rows: tuple[dict[str, Any], ...], said: str) -> None:
    path = workbook(tmp_path / "annex.xlsx", *rows)
    assert report.lines(read_workbook(path, date(2026, 5, 6)))[0] == said


def test_a_day_of_one_figure_and_a_zero_are_both_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"child_id": None})
    assert report.lines(read_workbook(path, date(2026, 5, 10)))[0].endswith("0 plans, 0 open on 10 May 2026")
