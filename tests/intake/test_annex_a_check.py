"""A List 7 is read by its headings, and every odd cell is told with its place."""

import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tests.intake.workbooks import BY_NAME, HEADINGS, read_workbook, workbook
from undrift.intake.annex_a import unpacking as limits
from undrift.intake.annex_a.list_5 import LIST_5
from undrift.intake.annex_a.list_7 import LIST_7
from undrift.intake.annex_a.workbook import List
from undrift.intake.extract import Extract, PlanRow
from undrift.intake.findings import Severity
from undrift.intake.zips import MEGABYTE

AS_AT = date(2026, 5, 6)
Make = Callable[..., Extract]


@pytest.fixture
def checked(tmp_path: Path) -> Make:
    def make(*rows: dict[str, Any], **layout: Any) -> Extract:
        return read_workbook(workbook(tmp_path / "annex.xlsx", *rows, **layout), AS_AT)

    return make


def sentences(found: Extract) -> list[str]:
    return [str(finding) for finding in found.findings]


def anywhere(found: Extract) -> list[PlanRow]:
    """The plans, wherever their rows stand."""
    return [replace(row, row=0, sheet="") for row in found.plans]


def test_an_ordinary_row_is_read_without_a_word(checked: Make) -> None:
    found = checked({})
    assert sentences(found) == []
    (row,) = found.plans
    (child,) = found.children
    assert (child.child_id, child.sex, child.born) == ("90001", "F", date(2016, 9, 3))
    assert row.child_id == "90001"
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
    assert [row.child_id for row in other.plans] == ["90001", "90002"]
    assert [replace(row, row=0, sheet="") for row in other.plans] == [
        replace(row, row=0, sheet="") for row in plain.plans
    ]


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
    assert found.plans[0].starts == date(2025, 12, 4)


@pytest.mark.parametrize("cell", [1001, 1001.0, "1001", "1001.0", " 1001 ", "1001\u00a0"])
def test_every_way_of_writing_a_child_number_is_the_same_child(checked: Make, cell: object) -> None:
    assert checked({"child_id": cell}).plans[0].child_id == "1001"


@pytest.mark.parametrize("cell", [None, "", "NULL", " n/a ", "-"])
def test_an_empty_end_by_any_name_is_an_open_plan(checked: Make, cell: object) -> None:
    found = checked({"ends": cell})
    assert (found.plans[0].ends, found.open_plans) == (None, 1)


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
    assert found.plans[0].seen_alone == seen


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"child_id": None}, "No child number that can be used"),
        ({"starts": None}, "A plan without a start date"),
        ({"starts": "31/02/2026"}, 'Child Protection Plan Start Date: "31/02/2026" cannot be read'),
        ({"ends": "12.12.12"}, 'Child Protection Plan End Date: "12.12.12" cannot be read'),
        ({"ends": "#N/A"}, 'Child Protection Plan End Date: Excel\'s "#N/A" cannot be read'),
        ({"ends": time(0, 0)}, 'End Date: A 0, which Excel shows as "00/01/1900", cannot be read. A date is wanted'),
        ({"starts": date(2026, 5, 7)}, "07/05/2026 is after 06/05/2026, the day this file describes (DfE 8720)"),
        ({"ends": date(2025, 1, 2)}, "End Date 02/01/2025 earlier than Start Date 04/12/2025 (DfE 8925)"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_and_the_others_are_read(
    checked: Make, row: dict[str, Any], said: str
) -> None:
    found = checked({"child_id": 1}, {"child_id": 2} | row, {"child_id": 3})
    assert [plan.child_id for plan in found.plans] == ["1", "3"]
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
        "Latest Category of Abuse: read as Multiple (text is cut off). Imported; check it.",
    ),
    ({"initial": "Ruth Pemberly"}, "Initial Category of Abuse: names no category of abuse (DfE 8905)."),
    ({"review": date(2025, 12, 4)}, "latest review 04/12/2025 is not after the plan's start"),
    ({"ends": date(2025, 12, 4), "visit": None, "review": None}, "starts and ends on the same day (DfE 8840)"),
    ({"visit": date(2026, 5, 7)}, "07/05/2026 is after 06/05/2026, the day this file describes"),
    ({"previous": "two"}, "Number of Previous Child Protection Plans: Text cannot be read (DfE 8730)."),
    ({"visit": "12.12.12"}, 'Date of the Last Statutory Visit: "12.12.12" cannot be read.'),
    ({"sex": "Dev Marchetti"}, "Gender: Text cannot be read."),
    ({"team": "#REF!"}, 'Allocated Team: Excel\'s "#REF!" cannot be read.'),
    ({"ends": date(2026, 6, 1)}, "01/06/2026 is after 06/05/2026, the day this file"),
    ({"alone": "Dev Marchetti"}, "Was the Child Seen Alone?: Text cannot be read."),
]


@pytest.mark.parametrize(("row", "said"), ODD)
def test_an_odd_row_is_imported_and_told(checked: Make, row: dict[str, Any], said: str) -> None:
    found = checked(row)
    assert len(found.plans) == 1
    (finding,) = found.findings
    assert finding.severity is Severity.WARN
    assert str(finding).startswith("List 7 row 2, child 90001")
    assert said in str(finding)


def test_a_visit_after_the_end_does_not_count(checked: Make) -> None:
    (row,) = checked({"ends": date(2026, 3, 2), "visit": date(2026, 3, 9), "review": None}).plans
    assert (row.last_visit, row.seen_alone) == (None, "unknown")
    (row,) = checked({"ends": date(2026, 3, 2), "visit": date(2026, 3, 2), "review": None}).plans
    assert (row.last_visit, row.seen_alone) == (date(2026, 3, 2), "yes")


# 42 weeks are 294 days.
@pytest.mark.parametrize(("born", "words"), [(date(2026, 1, 15), 0), (date(2026, 9, 24), 0), (date(2026, 9, 25), 1)])
def test_a_plan_may_begin_up_to_42_weeks_before_the_birth(checked: Make, born: date, words: int) -> None:
    assert len(checked({"born": born}).findings) == words


def test_a_birth_after_the_day_of_the_file_is_an_expected_birth(checked: Make) -> None:
    (child,) = checked({"born": date(2026, 6, 1)}).children
    assert (child.born, child.expected) == (None, date(2026, 6, 1))
    assert {"born", "expected"} & child.given == {"expected"}


def test_no_sentence_holds_the_words_of_a_cell(checked: Make) -> None:
    found = checked(
        dict.fromkeys(("initial", "latest", "alone", "previous"), "Hannah Quill"),
        {"child_id": 2, "born": "Hannah Quill"},
        {"child_id": "Hannah"},
        {"child_id": "Hannah Quill 7"},
    )
    assert len(found.findings) == 7
    assert not any("Hannah" in sentence or "Quill" in sentence for sentence in sentences(found))


def test_two_plans_that_overlap_are_both_read_and_told(checked: Make) -> None:
    found = checked(
        {"starts": date(2025, 1, 18), "ends": date(2026, 3, 1), "visit": None},
        {"starts": date(2025, 12, 4)},
        {"child_id": 7, "starts": date(2025, 1, 18), "ends": date(2025, 12, 4), "visit": None, "review": None},
        {"child_id": 7, "starts": date(2025, 12, 4)},
    )
    assert len(found.plans) == 4
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
    assert len(found.plans) == 1
    assert "stands in row 2 already" in sentences(found)[0]


def test_a_column_that_is_not_there_is_told_and_the_rest_is_read(checked: Make) -> None:
    found = checked({}, headings=[heading for heading in HEADINGS if heading != "Allocated Team"])
    assert sentences(found) == [
        'List 7: Column "Allocated Team" not found. Imported without it; what is known already stays.'
    ]
    assert "team" not in found.plans[0].given


# For each column that may be left out, two that its words fit as well.
LOOK_ALIKES = {
    "sex": ("Gender identity", "Sex as registered"),
    "born": ("Place of birth", "Weight at birth"),
    "unborn": ("Age at referral", "Age group"),
    "initial_category": ("Initial category code", "Initial category as text"),
    "latest_category": ("Latest category code", "Latest category as text"),
    "last_visit": ("Last visit by whom", "Latest planned visit"),
    "seen_alone": ("Reason not seen alone", "Seen alone by"),
    "latest_review": ("Place of the review conference", "Next review conference"),
    "previous_plans": ("Number of previous addresses", "Number of previous referrals"),
    "team": ("Allocated team code", "Allocated team manager"),
    "worker": ("Allocated worker code", "Allocated worker's telephone"),
    "enquiry": ("Section 47 planned start", "Section 47 start recorded by"),
    "unnecessary": ("ICPC not required by", "Conference deemed unnecessary on"),
}


def test_each_column_that_may_be_left_out_has_its_look_alikes() -> None:
    columns = {column for wanted in (LIST_7, LIST_5) for column in wanted.columns if not column.needed}
    assert {column.name for column in columns} == LOOK_ALIKES.keys()
    for column in columns:
        assert all(re.search(column.pattern, heading.lower()) for heading in LOOK_ALIKES[column.name])


@pytest.mark.parametrize("without", [False, True], ids=["the form's own, with another sign", "without the form's own"])
@pytest.mark.parametrize("wanted", [LIST_7, LIST_5], ids=lambda wanted: wanted.title)
def test_columns_that_look_like_one_that_may_be_left_out_stop_no_file(
    wanted: List, without: bool, tmp_path: Path
) -> None:
    for column in (column for column in wanted.columns if not column.needed):
        book = load_workbook(workbook(tmp_path / "annex.xlsx", {}, list_5=({},)))
        sheet = book[wanted.title]
        own = next(cell for cell in sheet[1] if cell.value == column.title)
        own.value = "Remark" if without else f"{str(own.value).rstrip('?')}:"
        for heading in LOOK_ALIKES[column.name]:
            sheet.cell(1, sheet.max_column + 1, heading)
            sheet.cell(2, sheet.max_column, "a) Yes")
        book.save(tmp_path / "again.xlsx")
        found = read_workbook(tmp_path / "again.xlsx", AS_AT)
        assert not found.stopped
        said = f'{wanted.title}: 2 columns fit "{column.title}" ('
        assert [one.startswith(said) for one in sentences(found) if "fit" in one] == [True] * without
        assert not without or "Keep one of them. Imported without it" in " ".join(sentences(found))
        assert len(found.plans) == 1


STOPPED = [
    ({"sheet": "Children"}, 'Sheet "List 7" not found. Sheets in this file: Children, List 6, List 5.'),
    ({"sheet": "List 77"}, 'Sheet "List 7" not found.'),
    ({"headings": HEADINGS[1:]}, 'No row of headings with "Child Unique ID"'),
    ({"headings": [h for h in HEADINGS if "End Date" not in h]}, '"Child Protection Plan End Date"'),
    (
        {"headings": [*HEADINGS, "Child Protection Plan End Date"]},
        '2 columns fit "Child Protection Plan End Date" (M, R). Keep one of them.',
    ),
]


@pytest.mark.parametrize(("layout", "said"), STOPPED)
def test_a_file_without_what_is_needed_is_stopped(checked: Make, layout: dict[str, Any], said: str) -> None:
    found = checked({}, **layout)
    assert found.stopped
    assert not found.plans
    (sentence,) = sentences(found)
    assert said in sentence
    assert sentence.endswith("Nothing was imported.")


def test_an_empty_list_is_stopped_rather_than_believed(checked: Make) -> None:
    assert "a report that failed" in sentences(checked())[0]


def test_an_old_excel_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(limits.OLD_EXCEL + bytes(600))
    (said,) = sentences(read_workbook(path, AS_AT))
    assert said.startswith("old.xls is an old Excel file")
    assert "Save it as .xlsx" in said


@pytest.mark.parametrize("content", [b"child,plan\n1,2\n", b"<Message/>", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    (said,) = sentences(read_workbook(path, AS_AT))
    assert "is not a whole Excel workbook" in said


def test_a_zip_that_would_unpack_without_end_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(50 * MEGABYTE))
    assert "unpacks to far more" in sentences(read_workbook(path, AS_AT))[0]


def test_a_zip_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(limits.MOST_ENTRIES + 1):
            archive.writestr(f"part{number}", b"")
    assert "more than 1000 parts" in sentences(read_workbook(path, AS_AT))[0]


def test_a_file_cut_anywhere_is_refused_and_never_half_read(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {}, {"child_id": 2}).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in random.Random(21).sample(range(len(whole)), 200):
        path.write_bytes(whole[:length])
        found = read_workbook(path, AS_AT)
        assert found.stopped, length
        assert len(found.findings) == 1


def test_a_file_with_a_wrong_byte_is_read_whole_or_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {}, {"child_id": 2}).read_bytes()
    path = tmp_path / "wrong.xlsx"
    chance = random.Random(22)
    for _ in range(200):
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        found = read_workbook(path, AS_AT)
        assert found.stopped or len(found.plans) == 2, place


# --- which sheet, which column -----------------------------------------------------------------------


def test_a_long_list_is_read_in_pieces_and_each_row_says_where_it_stands(tmp_path: Path) -> None:
    rows = [{"child_id": 90_000 + place, "worker": f"Worker {place}"} for place in range(3_000)]
    file = workbook(tmp_path / "annex.xlsx", *rows, title="List 7: Child protection")
    assert limits.repacked(file.name, file.read_bytes()).pieces > 1
    found = read_workbook(file, AS_AT)
    assert [(plan.row, plan.child_id, plan.worker) for plan in found.plans] == [
        (place + 3, str(90_000 + place), f"Worker {place}") for place in range(3_000)
    ]


def test_rows_and_columns_are_counted_from_the_first_though_it_is_empty(tmp_path: Path) -> None:
    file = workbook(tmp_path / "annex.xlsx", {"sex": "Neither"})
    book = load_workbook(file)
    book["List 7"].insert_rows(1, 2)
    book["List 7"].insert_cols(1)
    book.save(file)
    found = read_workbook(file, AS_AT)
    assert [plan.row for plan in found.plans] == [4]
    assert [finding.place.row for finding in found.findings if finding.place.row] == [4]


def test_a_hidden_list_is_never_read_and_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {})
    book = load_workbook(path)
    hidden = book.copy_worksheet(book["List 7"])
    hidden.title, hidden.sheet_state = "List 7 old", "hidden"
    hidden["A2"] = 4
    book.save(path)
    found = read_workbook(path, AS_AT)
    assert [row.child_id for row in found.plans] == ["90001"]
    (said,) = sentences(found)
    assert said.startswith("List 7 old: This sheet is hidden.")
    assert said.endswith("Not read.")


def test_a_list_that_is_only_hidden_stops_the_file(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {})
    book = load_workbook(path)
    book["List 7"].sheet_state = "veryHidden"
    book.save(path)
    found = read_workbook(path, AS_AT)
    assert found.stopped
    assert 'The sheet "List 7" is hidden: unhide it.' in sentences(found)[0]


def test_of_two_sheets_that_fit_the_one_with_the_forms_own_name_is_read_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {})
    book = load_workbook(path)
    book.move_sheet(book.copy_worksheet(book["List 7"]), -9)
    book.worksheets[0].title = "List 7 last week"
    book.worksheets[0]["A2"] = 4
    book.save(path)
    found = read_workbook(path, AS_AT)
    assert [row.child_id for row in found.plans] == ["90001"]
    assert sentences(found) == [
        "List 7 last week: This sheet fits List 7 as well. "
        'Not read; the sheet "List 7" was, whose name is the form\'s own.'
    ]
    book["List 7"].title = "List 7 this week"
    book.save(path)
    assert "2 sheets fit List 7: List 7 last week, List 7 this week" in sentences(read_workbook(path, AS_AT))[0]


def test_a_column_that_looks_alike_stops_nothing_beside_the_forms_own(checked: Make) -> None:
    found = checked({"team": "North"}, headings=[*HEADINGS, "Allocated Team Manager", "Previous Child ID"])
    assert sentences(found) == []
    assert (found.plans[0].child_id, found.plans[0].team) == ("90001", "North")


# --- List 5 ------------------------------------------------------------------------------------------


def meetings(found: Extract) -> list[tuple[str, str, str, bool]]:
    return [(one.child_id, one.kind.value, one.day.isoformat(), one.held) for one in found.meetings]


def test_an_initial_conference_is_held_or_planned_by_the_day_of_the_file(checked: Make) -> None:
    found = checked(
        {"review": None},
        list_5=[
            {},
            {"child_id": 2, "day": AS_AT},
            {"child_id": 3, "day": date(2026, 5, 7)},
            {"child_id": 4, "day": None, "unnecessary": "a) Yes"},
        ],
    )
    assert sentences(found) == []
    assert meetings(found) == [
        ("90001", "initial", "2026-04-30", True),
        ("2", "initial", "2026-05-06", True),
        ("3", "initial", "2026-05-07", False),
    ]
    assert [child.child_id for child in found.children] == ["90001", "2", "3"]
    assert found.rows_in_file == 5


def test_a_review_is_a_conference_held_and_one_after_the_day_of_the_file_is_planned(checked: Make) -> None:
    held, planned = checked({}), checked({"review": date(2026, 5, 7)})
    assert meetings(held) == [("90001", "review", "2026-02-26", True)]
    assert meetings(planned) == [("90001", "review", "2026-05-07", False)]
    (plan,) = planned.plans
    assert plan.latest_review is None
    assert "latest_review" not in plan.given


def test_a_workbook_with_one_of_the_two_lists_is_read_and_said(checked: Make) -> None:
    seven, five = checked({}, list_5=None), checked({}, sheet="Children", list_5=[{}])
    absent = "not found. Imported without it; what is known already stays."
    assert sentences(seven) == [f'Sheet "List 5" {absent}']
    assert sentences(five) == [f'Sheet "List 7" {absent}']
    assert (seven.whole, len(seven.plans), five.whole, len(five.plans), len(five.meetings)) == (True, 1, False, 0, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"enquiry": date(2026, 5, 1)}, "before the section 47 enquiry began 01/05/2026 (DfE 8615)"),
        ({"day": "soon"}, "Date of Initial Child Protection Conference: Text cannot be read."),
        ({"child_id": "#N/A"}, "No child number that can be used"),
        ({"born": date(2016, 9, 4)}, "row 2 of List 7 says otherwise of this child: date of birth."),
    ],
)
def test_an_odd_conference_is_told(checked: Make, row: dict[str, Any], said: str) -> None:
    (sentence,) = sentences(checked({}, list_5=[row]))
    assert sentence.startswith("List 5 row 2")
    assert said in sentence


def test_several_enquiries_before_one_conference_make_one_conference(checked: Make) -> None:
    assert len(checked({"review": None}, list_5=[{}, {"enquiry": date(2026, 4, 20)}]).meetings) == 1


def test_the_team_and_the_worker_of_a_conference_are_read_as_text_and_never_quoted(checked: Make) -> None:
    rows = [{"team": "North"}, {"child_id": 2, "worker": "#N/A"}, {"child_id": 3, "worker": None, "team": "#REF!"}]
    found = checked({"review": None}, list_5=rows)
    assert [(one.team, one.worker) for one in found.meetings] == [("North", "Hannah Quill"), ("", ""), ("", "")]
    assert sentences(found) == [
        'List 5 row 3, child 2, Allocated Worker: Excel\'s "#N/A" cannot be read. Imported without it.',
        'List 5 row 4, child 3, Allocated Team: Excel\'s "#REF!" cannot be read. Imported without it.',
    ]


def test_a_child_on_the_list_of_conferences_alone_is_not_in_the_list_of_plans(checked: Make) -> None:
    assert checked({"starts": "soon"}, list_5=[{"child_id": 2}]).children_in_file == {"90001"}


# --- Excel's errors, and what else two readers see differently ---------------------------------------


def test_an_error_in_any_column_leaves_its_fact_out_and_is_never_taken_as_a_value(tmp_path: Path) -> None:
    needed = {"Child Unique ID", "Child Protection Plan Start Date", "Child Protection Plan End Date"}
    for place, heading in enumerate(HEADINGS, start=1):
        if heading not in BY_NAME.values():
            continue
        path = workbook(tmp_path / "annex.xlsx", {})
        book = load_workbook(path)
        cell = book["List 7"].cell(2, place)
        cell.value, cell.data_type = "#REF!", "e"
        book.save(path)
        found = read_workbook(path, AS_AT)
        (finding,) = found.findings
        assert finding.place.column == heading
        assert finding.severity is (Severity.REJECT if heading in needed else Severity.WARN)
        assert len(found.plans) == (0 if heading in needed else 1)
        assert len(found.children_in_file) == (0 if heading == "Child Unique ID" else 1)
        name = next(name for name, title in BY_NAME.items() if title == heading)
        field = {"initial": "initial_category", "latest": "latest_category", "visit": "last_visit"}.get(name, name)
        field = {"alone": "seen_alone", "review": "latest_review", "previous": "previous_plans"}.get(field, field)
        assert not any(field in row.given for row in (*found.children, *found.plans))


@pytest.mark.parametrize(
    ("cell", "by_openpyxl", "by_calamine", "ours"),
    [
        (1001, 1001, 1001.0, "1001"),
        (1001.0, 1001, 1001.0, "1001"),
        ("1001", "1001", "1001", "1001"),
        ("", None, "", ""),
        ("#N/A", "#N/A", "", ""),
        (True, True, True, ""),
        (datetime.fromisoformat("2026-05-06"), datetime.fromisoformat("2026-05-06"), date(2026, 5, 6), ""),
    ],
)
def test_two_readers_see_a_cell_differently_and_our_rules_give_one_value(
    tmp_path: Path, cell: object, by_openpyxl: object, by_calamine: object, ours: str
) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"child_id": cell})
    seen = load_workbook(path)["List 7"].cell(2, 1).value
    assert (seen, type(seen)) == (by_openpyxl, type(by_openpyxl))
    seen = CalamineWorkbook.from_path(path).get_sheet_by_name("List 7").to_python()[1][0]
    assert (seen, type(seen)) == (by_calamine, type(by_calamine))
    assert [row.child_id for row in read_workbook(path, AS_AT).plans] == ([ours] if ours else [])


@pytest.mark.parametrize("age", [-1, "-1", -1.0])
def test_a_child_of_age_minus_one_is_unborn_though_the_day_it_was_expected_has_passed(
    tmp_path: Path, age: float | str
) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"born": date(2026, 5, 4)})
    book = load_workbook(path)
    book["List 7"].cell(2, HEADINGS.index("Age of Child (Years)") + 1).value = age
    book.save(path)
    found = read_workbook(path, AS_AT)
    assert sentences(found) == []
    (child,) = found.children
    assert (child.born, child.expected, set(child.given)) == (None, date(2026, 5, 4), {"sex", "expected"})
