"""`undrift import` says what it found and did, step by step, and its status tells a script the same."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.cast import westmarch
from tests.intake.workbooks import read_workbook, workbook
from undrift.applying.packing import packed
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, ImportRun, Plan
from undrift.cli.import_ import run
from undrift.intake import report

Command = Callable[..., int]


@pytest.fixture(autouse=True)
def the_day_of_the_file() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 5, 6, 9, 0, tzinfo=UTC)):
        yield


@pytest.mark.django_db
def test_a_file_of_a_day_to_come_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    westmarch()
    path = workbook(tmp_path / "annex.xlsx", {})
    assert run(["annex-a", str(path), "--authority", "westmarch", "--as-at", "2026-05-07"]) == 2
    assert capsys.readouterr().err.startswith("The day that the file describes must be today or earlier. Say --as-at")


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
        "Not imported: List 7 row 4, child 3, Child Protection Plan Start Date: Text cannot be read (DfE 8720). "
        "A date is wanted, such as 31/03/2026. Row not imported.",
        "Please look: List 7 row 3, child 2: last visit 20/04/2026 is after the plan ended 01/04/2026. "
        "Imported; visit not counted for this plan.",
        "New: 2 children, 2 plans, 1 conference, 0 core group members, 0 times looked after. "
        "Changed: 0 children, 0 plans, 0 conferences, 0 core group members, 0 times looked after. "
        "Unchanged: 0 children, 0 plans, 0 conferences, 0 core group members, 0 times looked after.",
        "Rows not imported: 1. To look at: 1. To decide: 0.",
    ]
    assert Plan.objects.filter(child__external_id__in=["90001", "2"]).count() == 2
    assert command() == 0
    assert capsys.readouterr().out.splitlines()[-2] == (
        "New: 0 children, 0 plans, 0 conferences, 0 core group members, 0 times looked after. "
        "Changed: 0 children, 0 plans, 0 conferences, 0 core group members, 0 times looked after. "
        "Unchanged: 2 children, 2 plans, 1 conference, 0 core group members, 0 times looked after."
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


CHILDREN = "child_id,first_name,last_name,born\n90001,Wren,Ashdown,2016-09-03\n90002,Lark,Ashdown,soon\n"


@pytest.fixture
def ours(tmp_path: Path) -> Callable[..., int]:
    """Our own CSV, and any step of the import of it."""
    westmarch()
    path = tmp_path / "children.csv"
    path.write_text(CHILDREN, encoding="utf-8")

    def step(name: str, *options: str, file: Path | None = path) -> int:
        day = ["--as-at", "2026-05-06"] if name == "check" else []
        given = {"check": ["children", str(file)], "apply": ["children"], "undo": []}[name]
        return run([name, *given, "--authority", "westmarch", *day, *options])

    return step


@pytest.mark.django_db
def test_a_file_is_checked_then_applied_then_undone(
    ours: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ours("check") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "children.csv: 2 rows, 0 plans, 0 open on 6 May 2026"
    assert "Child 90001: the child is new." in said
    assert said[-1] == "Checked only: nothing was imported."
    assert not Child.objects.filter(external_id="90001").exists()
    assert ours("apply") == 0
    assert capsys.readouterr().out.splitlines()[-2].startswith("New: 2 children, 0 plans")
    assert Child.objects.get(external_id="90001").first_name == "Wren"
    assert ours("undo") == 0
    assert capsys.readouterr().out == (
        "The import of children.csv, as at 06/05/2026, is undone: 2 facts were put back.\n"
    )
    assert not Child.objects.filter(external_id="90001").exists()


@pytest.mark.django_db
def test_nothing_is_applied_that_was_not_checked_and_nothing_undone_that_was_not_applied(
    ours: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (ours("apply"), ours("undo")) == (2, 2)
    assert capsys.readouterr().err == (
        "No file of the format children has been checked for Westmarch Council. Check it first.\n"
        "There is no import into Westmarch Council that could be undone.\n"
    )


@pytest.mark.django_db
def test_what_cannot_be_undone_is_said_and_status_1(
    ours: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    ours("check")
    ours("apply")
    child = Child.objects.get(external_id="90001")
    facts.change(child, {"first_name": "Robin"}, Because(at=timezone.now()))
    assert ours("undo") == 1
    assert capsys.readouterr().err.startswith("A fact about child 90001 was changed since")


@pytest.mark.django_db
def test_an_unknown_format_and_a_file_that_is_not_there_are_told(
    ours: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "list-7", "x.csv", "--authority", "westmarch"]) == 2
    assert ours("check", file=Path("nowhere.csv")) == 2
    format, file = capsys.readouterr().err.splitlines()
    assert format.startswith('There is no format "list-7". There are: annex-a, ')
    assert file == "There is no file nowhere.csv that can be read. Give the path of the file that was exported."


@pytest.mark.django_db
def test_findings_are_written_as_csv(ours: Callable[..., int], tmp_path: Path) -> None:
    ours("check", "--csv", str(tmp_path / "findings.csv"))
    (row,) = csv.DictReader((tmp_path / "findings.csv").read_text(encoding="utf-8").splitlines())
    assert (row["severity"], row["row"], row["child"], row["column"]) == ("warn", "3", "90002", "born")


@pytest.mark.django_db
def test_a_folder_of_tables_is_one_file(ours: Callable[..., int], tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "children.csv").write_text(CHILDREN, encoding="utf-8")
    (folder / "plans.csv").write_text("child_id,starts,latest_category\n90001,2025-12-04,NEG\n", encoding="utf-8")
    (folder / "notes.txt").write_text("not a table", encoding="utf-8")
    assert packed(folder) == packed(folder)
    assert ours("check", file=folder) == 0
    assert ours("apply") == 0
    assert Plan.objects.get(child__external_id="90001").starts == date(2025, 12, 4)


@pytest.mark.django_db
def test_too_much_at_once_is_refused_until_somebody_says_yes(
    ours: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plans.csv"
    ends = "\n".join(f"{number},2025-12-04,2026-05-01,NEG" for number in (4101, 4102, 4103))
    path.write_text(f"child_id,starts,ends,latest_category\n{ends}\n", encoding="utf-8")
    assert ours("check", file=path) == 0
    assert ours("apply") == 1
    refused = capsys.readouterr().err
    assert refused.startswith("Of 11 open plans 3 would end and 0 are missing")
    assert refused.endswith("Say --yes for it.\n")
    assert ours("apply", "--yes") == 0
    assert Plan.objects.filter(ends=date(2026, 5, 1)).count() == 3


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (({"child_id": None},), "annex.xlsx: 1 row, 0 plans, 0 open on 6 May 2026"),
        (({}, {"child_id": 2}), "annex.xlsx: 2 rows, 2 plans, 2 open on 6 May 2026"),
    ],
)
def test_what_is_in_the_file_is_counted_zero_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: tuple[dict[str, Any], ...], said: str
) -> None:
    westmarch()
    path = workbook(tmp_path / "annex.xlsx", *rows)
    assert run(["check", "annex-a", str(path), "--authority", "westmarch", "--as-at", "2026-05-06"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == said
