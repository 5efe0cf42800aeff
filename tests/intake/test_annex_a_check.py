"""A List 7 is read by its headings, and every odd cell is told with its place."""

import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.intake.workbooks import HEADINGS, workbook
from undrift.intake.annex_a import workbook as limits
from undrift.intake.annex_a.list_7 import check
from undrift.intake.findings import Severity
from undrift.intake.plan_rows import Checked

AS_AT = date(2026, 5, 6)
Make = Callable[..., Checked]


@pytest.fixture
def checked(tmp_path: Path) -> Make:
    def make(*rows: dict[str, Any], **layout: Any) -> Checked:
        return check(workbook(tmp_path / "annex.xlsx", *rows, **layout), AS_AT)

    return make


def sentences(found: Checked) -> list[str]:
    return [str(finding) for finding in found.findings]


def test_an_ordinary_row_is_read_without_a_word(checked: Make) -> None:
    found = checked({})
    assert sentences(found) == []
    (row,) = found.rows
    assert (row.child_id, row.sex, row.born) == ("90001", "F", date(2016, 9, 3))
    assert (row.starts, row.ends, row.initial_category) == (date(2025, 12, 4), None, "NEG")
    assert (row.last_visit, row.seen_alone, row.latest_review) == (date(2026, 4, 20), "yes", date(2026, 2, 26))
    assert (row.previous_plans, row.team, row.worker) == (0, "North", "Hannah Quill")


@pytest.mark.parametrize(
    "layout",
    [
        {"sheet": "List_7"},
        {"sheet": "list 7 "},
        {"sheet": "List 7 - Child protection"},
        {"title": "List 7: Child protection"},
        {"headings": [f"{heading}  " for heading in HEADINGS]},
        {"headings": list(reversed(HEADINGS))},
        {"headings": random.Random(7).sample(HEADINGS, len(HEADINGS))},
    ],
    ids=["underscore", "lower case", "longer name", "title row", "trailing spaces", "reversed", "shuffled"],
)
def test_the_layout_does_not_change_what_is_read(checked: Make, layout: dict[str, Any]) -> None:
    rows = [{}, {"child_id": 90002, "ends": date(2026, 4, 30)}]
    plain, other = checked(*rows), checked(*rows, **layout)
    assert sentences(other) == []
    assert [row.child_id for row in other.rows] == ["90001", "90002"]
    assert [vars(row) | {"row": 0} for row in other.rows] == [vars(row) | {"row": 0} for row in plain.rows]


@pytest.mark.parametrize(
    "cell",
    [
        date(2025, 12, 4),
        datetime.fromisoformat("2025-12-04T13:30"),
        45995,
        45995.0,
        "45995",
        "04/12/2025",
        "4/12/2025",
        "04/12/2025 00:00:00",
        "2025-12-04",
        "2025-12-04 00:00:00.000",
        "2025-12-04T00:00:00Z",
        "4 Dec 2025",
        "04-12-2025",
        " 04/12/2025\u00a0",
    ],
)
def test_every_way_of_writing_a_day_is_the_same_day(checked: Make, cell: object) -> None:
    found = checked({"starts": cell})
    assert sentences(found) == []
    assert found.rows[0].starts == date(2025, 12, 4)


@pytest.mark.parametrize("cell", [1001, 1001.0, "1001", "1001.0", " 1001 ", "1001\u00a0"])
def test_every_way_of_writing_a_child_number_is_the_same_child(checked: Make, cell: object) -> None:
    assert checked({"child_id": cell}).rows[0].child_id == "1001"


@pytest.mark.parametrize("cell", [None, "", "NULL", " n/a ", "-"])
def test_an_empty_end_by_any_name_is_an_open_plan(checked: Make, cell: object) -> None:
    found = checked({"ends": cell})
    assert (found.rows[0].ends, found.open_plans) == (None, 1)


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("a) Yes", "yes"),
        ("Yes-See care notes for details", "yes"),
        ("Y", "yes"),
        (True, "yes"),
        ("b) No", "no"),
        ("NO", "no"),
        (0, "no"),
        ("c) Unknown", "unknown"),
        ("No Visit - new in last month", "unknown"),
        ("Not recorded", "unknown"),
        (None, "unknown"),
    ],
)
def test_seen_alone_is_yes_no_or_not_known(checked: Make, cell: object, seen: str) -> None:
    found = checked({"alone": cell})
    assert sentences(found) == []
    assert found.rows[0].seen_alone == seen


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"child_id": None}, "No child number that can be used"),
        ({"starts": None}, "A plan without a start date"),
        ({"starts": "31/02/2026"}, 'Child Protection Plan Start Date: "31/02/2026" cannot be read'),
        ({"visit": "12.12.12"}, 'Date of the Last Statutory Visit: "12.12.12" cannot be read'),
        ({"ends": date(2025, 1, 2)}, "End Date 02/01/2025 earlier than Start Date 04/12/2025 (DfE 8925)"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_and_the_others_are_read(
    checked: Make, row: dict[str, Any], said: str
) -> None:
    found = checked({"child_id": 1}, {"child_id": 2} | row, {"child_id": 3})
    assert [plan.child_id for plan in found.rows] == ["1", "3"]
    (finding,) = found.findings
    assert finding.severity is Severity.REJECT
    assert str(finding).startswith("List 7 row 3")
    assert said in str(finding)
    assert str(finding).endswith("Row not imported.")


# What is odd, and the sentence; the row is imported all the same.
ODD = [
    (
        {"ends": date(2026, 3, 2), "visit": date(2026, 3, 9)},
        "last visit 09/03/2026 is after the plan ended 02/03/2026. Imported; visit not counted for this plan.",
    ),
    (
        {"born": date(2026, 11, 8), "starts": date(2025, 12, 4)},
        "plan starts 339 days before the date of birth. One of the dates is wrong. Imported, flagged.",
    ),
    (
        {"latest": "NEGLECT/PHYSICAL/EMOTIONAL ABU"},
        "Latest Category of Abuse: read as Multiple (text is cut off). Imported; please check.",
    ),
    ({"initial": "Ruth Pemberly"}, "Initial Category of Abuse: names no category of abuse (DfE 8910)."),
    ({"review": date(2025, 12, 4)}, "latest review 04/12/2025 is not after the plan's start"),
    ({"ends": date(2025, 12, 4), "visit": None, "review": None}, "starts and ends on the same day (DfE 8840)"),
    ({"visit": date(2026, 5, 7)}, "07/05/2026 is after 06/05/2026, the day this file describes"),
    ({"previous": "two"}, "Number of Previous Child Protection Plans: Text cannot be read."),
    ({"alone": "Dev Marchetti"}, "Was the Child Seen Alone?: Text cannot be read."),
]


@pytest.mark.parametrize(("row", "said"), ODD)
def test_an_odd_row_is_imported_and_told(checked: Make, row: dict[str, Any], said: str) -> None:
    found = checked(row)
    assert len(found.rows) == 1
    (finding,) = found.findings
    assert finding.severity is Severity.WARN
    assert str(finding).startswith("List 7 row 2, child 90001")
    assert said in str(finding)


def test_a_visit_after_the_end_does_not_count(checked: Make) -> None:
    (row,) = checked({"ends": date(2026, 3, 2), "visit": date(2026, 3, 9), "review": None}).rows
    assert (row.last_visit, row.seen_alone) == (None, "unknown")
    (row,) = checked({"ends": date(2026, 3, 2), "visit": date(2026, 3, 2), "review": None}).rows
    assert (row.last_visit, row.seen_alone) == (date(2026, 3, 2), "yes")


# 42 weeks are 294 days.
@pytest.mark.parametrize(("born", "words"), [(date(2026, 1, 15), 0), (date(2026, 9, 24), 0), (date(2026, 9, 25), 1)])
def test_a_plan_may_begin_up_to_42_weeks_before_the_birth(checked: Make, born: date, words: int) -> None:
    assert len(checked({"born": born}).findings) == words


def test_a_birth_after_the_day_of_the_file_is_an_expected_birth(checked: Make) -> None:
    (row,) = checked({"born": date(2026, 6, 1)}).rows
    assert (row.born, row.expected) == (None, date(2026, 6, 1))


def test_no_sentence_holds_the_words_of_a_cell(checked: Make) -> None:
    found = checked(
        dict.fromkeys(("initial", "latest", "alone", "previous"), "Hannah Quill"),
        {"born": "Hannah Quill"},
        {"child_id": "Hannah"},
    )
    assert len(found.findings) == 6
    assert not any("Hannah" in sentence or "Quill" in sentence for sentence in sentences(found))


def test_two_plans_that_overlap_are_both_read_and_told(checked: Make) -> None:
    found = checked(
        {"starts": date(2025, 1, 18), "ends": date(2026, 3, 1), "visit": None},
        {"starts": date(2025, 12, 4)},
        {"child_id": 7, "starts": date(2025, 1, 18), "ends": date(2025, 12, 4), "visit": None, "review": None},
        {"child_id": 7, "starts": date(2025, 12, 4)},
    )
    assert len(found.rows) == 4
    assert sentences(found) == [
        "List 7 row 3, child 90001: two plans that overlap (18/01/2025 to 01/03/2026, 04/12/2025 to today) "
        "(DfE 8940). Both imported; the child's page shows the later one."
    ]


def test_two_open_plans_of_one_child_are_told(checked: Make) -> None:
    (said,) = sentences(checked({}, {"starts": date(2025, 1, 18)}))
    assert "both open" in said
    assert "DfE 8935" in said


def test_the_same_plan_twice_is_read_once(checked: Make) -> None:
    found = checked({}, {})
    assert len(found.rows) == 1
    assert "stands in row 2 already" in sentences(found)[0]


def test_a_column_that_is_not_there_is_told_and_the_rest_is_read(checked: Make) -> None:
    found = checked({}, headings=[heading for heading in HEADINGS if heading != "Allocated Team"])
    assert sentences(found) == [
        'List 7: Column "Allocated Team" not found. Imported without it; what is known already stays.'
    ]
    assert "team" not in found.rows[0].given


STOPPED = [
    ({"sheet": "Children"}, 'Sheet "List 7" not found. Sheets in this file: Children, List 6.'),
    ({"sheet": "List 77"}, 'Sheet "List 7" not found.'),
    ({"headings": HEADINGS[1:]}, 'No row of headings with "Child Unique ID"'),
    ({"headings": [h for h in HEADINGS if "End Date" not in h]}, '"Child Protection Plan End Date"'),
    ({"headings": [*HEADINGS, "Allocated Team"]}, '2 columns fit "Allocated Team" (P, R). Keep one of them.'),
]


@pytest.mark.parametrize(("layout", "said"), STOPPED)
def test_a_file_without_what_is_needed_is_stopped(checked: Make, layout: dict[str, Any], said: str) -> None:
    found = checked({}, **layout)
    assert found.stopped
    assert not found.rows
    (sentence,) = sentences(found)
    assert said in sentence
    assert sentence.endswith("Nothing was imported.")


def test_an_empty_list_is_stopped_rather_than_believed(checked: Make) -> None:
    assert "a report that failed" in sentences(checked())[0]


def test_an_old_excel_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(limits.OLD_EXCEL + bytes(600))
    (said,) = sentences(check(path, AS_AT))
    assert said.startswith("old.xls is an old Excel file")
    assert "Save it as .xlsx" in said


@pytest.mark.parametrize("content", [b"", b"child,plan\n1,2\n", b"<Message/>", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    (said,) = sentences(check(path, AS_AT))
    assert "is not a whole Excel workbook" in said


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "There is no file" in sentences(check(tmp_path / "absent.xlsx", AS_AT))[0]


def test_a_zip_that_would_unpack_without_end_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(50 * limits.MEGABYTE))
    assert "unpacks to far more" in sentences(check(path, AS_AT))[0]


def test_a_zip_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(limits.MOST_ENTRIES + 1):
            archive.writestr(f"part{number}", b"")
    assert "more than 1000 parts" in sentences(check(path, AS_AT))[0]


def test_a_file_cut_anywhere_is_refused_and_never_half_read(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {}, {"child_id": 2}).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in random.Random(21).sample(range(len(whole)), 200):
        path.write_bytes(whole[:length])
        found = check(path, AS_AT)
        assert found.stopped, length
        assert len(found.findings) == 1


def test_a_file_with_a_wrong_byte_is_read_whole_or_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {}, {"child_id": 2}).read_bytes()
    path = tmp_path / "wrong.xlsx"
    chance = random.Random(22)
    for _ in range(200):
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        found = check(path, AS_AT)
        assert found.stopped or len(found.rows) == 2, place
