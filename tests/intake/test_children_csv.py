"""Our own CSV of children: five files, each known by its columns; an empty cell says nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake.csv_tables import zipped
from undrift.intake.children_csv import reading
from undrift.intake.children_csv.columns import READERS, TABLES, column_list
from undrift.intake.children_csv.reading import read
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity

CHECKOUT = Path(__file__).resolve().parents[2]
AS_AT = date(2026, 5, 6)
RUTH, DEV = "ruth.okafor@westmarch.example", "dev.marchetti@westmarch.example"


def one(heads: str, *rows: str, name: str = "list.csv") -> Extract:
    return read(name, ("\n".join([heads, *rows]) + "\n").encode(), AS_AT)


def sentences(found: Extract) -> list[str]:
    return [str(finding) for finding in found.findings]


def test_who_is_looked_after_since_when_and_who_reviews_it() -> None:
    heads = "child_id,looked_after_from,looked_after_until,iro,iro_name"
    found = one(heads, f"7,2026-01-05,,{DEV},", "8,2025-01-05,2025-06-30,,Ms Vane", "9,2026-02-02,2026-01-01,,")
    assert [(each.child_id, each.starts, each.ends, each.iro, each.iro_name) for each in found.looked_after] == [
        ("7", date(2026, 1, 5), None, DEV, ""),
        ("8", date(2025, 1, 5), date(2025, 6, 30), "", "Ms Vane"),
    ]
    assert sentences(found) == [
        "list.csv row 4, child 9: The last day is before the first. A day on or after the first. Row not imported."
    ]


def test_four_files_in_one_zip() -> None:
    found = read(
        "children.zip",
        zipped(
            {
                "a.csv": b"child_id,first_name,last_name,sex,born,family,restricted\r\n"
                b"7,Ava,Pemberly,female,03/09/2016,Pemberly,yes\r\n8,Leo,Pemberly,male,2018-01-02,Pemberly,no\r\n",
                "b.csv": f"child_id,starts,chair,worker,team\r\n7,2025-12-04,{RUTH.upper()},{DEV},North\r\n".encode(),
                "c.csv": f"child_id,email,name,agency,role,starts,ends\r\n7,{DEV},,,Social worker,2025-12-10,\r\n"
                "7,,Kit Arden,Westmarch School,Teacher,2025-12-10,2026-03-31\r\n".encode(),
                "d.csv": "child_id,kind,planned_for,held_on,chair,invited\r\n"
                f"7,review,2026-02-20,2026-02-26,{RUTH},\r\n"
                f'7,review,2026-08-20,,{RUTH},"{DEV}; {RUTH}"\r\n'.encode(),
            }
        ),
        AS_AT,
    )
    assert sentences(found) == []
    assert (found.source, found.whole, found.rows_in_file, set(found.children_in_file)) == ("children", False, 7, {"7"})
    ava, leo = found.children
    assert (ava.first_name, ava.last_name, ava.sex, ava.born) == ("Ava", "Pemberly", "F", date(2016, 9, 3))
    assert (ava.family, ava.family_key, ava.restricted, leo.restricted) == ("Pemberly", leo.family_key, True, False)
    (plan,) = found.plans
    assert (plan.starts, plan.chair, plan.worker_email, plan.team) == (date(2025, 12, 4), RUTH, DEV, "North")
    assert plan.given == {"starts", "chair", "worker_email", "team"}
    assert [(each.email, each.name, each.agency, each.role, each.ends) for each in found.core_groups] == [
        (DEV, "", "", "Social worker", None),
        ("", "Kit Arden", "Westmarch School", "Teacher", date(2026, 3, 31)),
    ]
    assert [(each.kind, each.day, each.held, each.chair, each.invited) for each in found.meetings] == [
        ("review", date(2026, 2, 26), True, RUTH, ()),
        ("review", date(2026, 8, 20), False, RUTH, (DEV, RUTH)),
    ]


def test_one_file_alone_is_known_by_its_columns() -> None:
    assert one("child_id,restricted", "7,yes").children[0].restricted is True
    assert one("starts,child_id,chair", f"2025-12-04,7,{RUTH}").plans[0].chair == RUTH


def test_an_empty_cell_says_nothing() -> None:
    found = one("child_id,first_name,restricted,born", "7,,,")
    assert found.children[0].given == frozenset()
    assert one("child_id,starts,ends,chair,worker", f"7,2025-12-04,,,{DEV}").plans[0].given == {
        "starts",
        "worker_email",
    }


def test_families_of_the_same_name_are_told_apart_by_number() -> None:
    found = one("child_id,family,family_number", "7,Pemberly,1", "8,Pemberly,2", "9,Pemberly,1", "10,,")
    keys = [child.family_key for child in found.children]
    assert (keys[0] == keys[2] != keys[1], keys[3]) == (True, "")
    assert "family_key" not in found.children[3].given


def test_restricted_that_cannot_be_read_is_restricted_and_said() -> None:
    for cell in ("#N/A", "maybe", "x"):
        found = one("child_id,restricted", f"7,{cell}")
        assert found.children[0].restricted is True
        assert "Imported as restricted; check it." in sentences(found)[0]


GOOD = {
    "children": dict.fromkeys(("first_name", "last_name", "family", "family_number"), "Ava")
    | {"child_id": "7", "sex": "female", "restricted": "no"}
    | dict.fromkeys(("born", "expected"), "2016-09-03")
    | {"died": "2026-01-09"},
    "plans": {
        "child_id": "7",
        "starts": "2025-12-04",
        "ends": "2026-02-26",
        "chair": RUTH,
        "worker": DEV,
        "team": "North",
    }
    | dict.fromkeys(("initial_category", "latest_category"), "neglect"),
    "core_groups": {"child_id": "7", "email": DEV, "name": "Kit Arden", "agency": "School", "role": "Teacher"}
    | {"starts": "2025-12-10", "ends": "2026-03-31"},
    "conferences": {"child_id": "7", "kind": "review", "planned_for": "2026-02-20", "held_on": "2026-02-26"}
    | {"chair": RUTH, "invited": DEV, "meeting": "M1"},
    "looked_after": {"child_id": "7", "looked_after_from": "2025-12-10", "looked_after_until": "2026-03-31"}
    | {"iro": DEV, "iro_name": "Ms Vane"},
}
CELLS = [(table.name, column.name) for table in TABLES for column in table.columns]


def things(found: Extract) -> int:
    return sum(map(len, (found.children, found.plans, found.core_groups, found.meetings, found.looked_after)))


@pytest.mark.parametrize(("table", "column"), CELLS)
@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "Hannah Quill"])
def test_a_cell_that_cannot_be_read_leaves_out_its_fact_or_its_row(table: str, column: str, cell: str) -> None:
    row = {**GOOD[table], column: cell}
    found = one(",".join(row), ",".join(row.values()))
    reader = READERS[table][column]
    rejected = any(finding.severity is Severity.REJECT for finding in found.findings)
    assert things(found) == (0 if rejected else 1)
    assert not [said for said in sentences(found) if "Hannah" in said]
    if cell.startswith("#"):
        (finding,) = found.findings
        assert finding.place.column == column
        assert rejected is (reader.needed or reader.strict)


@pytest.mark.parametrize(("table", "column"), [(t.name, c.name) for t in TABLES for c in t.columns if c.needed])
def test_a_needed_cell_that_is_empty_rejects_its_row(table: str, column: str) -> None:
    row = {**GOOD[table], column: ""}
    found = one(",".join(row), ",".join(row.values()))
    assert (things(found), [finding.severity for finding in found.findings]) == (0, [Severity.REJECT])


@pytest.mark.parametrize(
    ("heads", "row", "said"),
    [
        ("child_id,email,name,starts", "7,,,2025-12-10", "Neither email nor name"),
        ("child_id,email,starts,ends", f"7,{DEV},2025-12-10,2025-12-09", "The last day is before the first"),
        ("child_id,kind,held_on,planned_for", "7,review,,", "Neither planned_for nor held_on"),
        ("child_id,kind,held_on", "7,review,2026-05-07", "held_on 07/05/2026 is after 06/05/2026, the day this file"),
        ("child_id,starts,ends,chair", f"7,2025-12-04,2025-12-03,{RUTH}", "earlier than Start Date"),
        ("child_id,starts,chair", f"7,2026-05-07,{RUTH}", "07/05/2026 is after 06/05/2026"),
    ],
)
def test_what_does_not_go_together_is_said(heads: str, row: str, said: str) -> None:
    assert said in sentences(one(heads, row))[0]


def test_a_conference_said_to_be_held_after_the_day_of_the_file_is_planned() -> None:
    assert one("child_id,kind,held_on", "7,review,2026-05-07").meetings[0].held is False


def test_a_cell_kept_from_being_a_formula_is_read_as_it_was() -> None:
    assert one("child_id,first_name", "7,'=Ava").children[0].first_name == "=Ava"


@pytest.mark.parametrize(
    ("most", "refused"), [(3, []), (2, ["list.csv: It has more than 2 rows. Split it. Nothing was imported."])]
)
def test_a_file_may_have_as_many_rows_as_it_says(
    monkeypatch: pytest.MonkeyPatch, most: int, refused: list[str]
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", most)
    assert sentences(one("child_id,first_name", "7,Ava", "8,Leo", "9,Kit")) == refused


def test_the_same_row_twice_is_told() -> None:
    (said,) = sentences(one("child_id,restricted", "7,yes", "7,no"))
    assert said == "list.csv row 3: The same as row 2. Each row once. Row not imported."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"child,plan\n1,2\n", "Its columns are those of no file we know. Of the five, children has child_id"),
        (b"child_id\n7\n", "Its columns are those of no file we know"),
        (b"child_id,restricted,restricted\n7,no,no\n", "Its columns are those of no file we know"),
        (
            b"child_id,starts,ends\n7,2025-12-04,\n",
            "Its columns fit plans and core_groups. Call the file by what it is",
        ),
        (b"child_id;restricted\n7;no\n", "There are no commas between its headings. Save it as CSV UTF-8."),
        (b"child_id\trestricted\n7\tno\n", "There are no commas between its headings"),
        (
            b"\xef\xbb\xbf<html><body>Sign in</body></html>",
            "list.csv is no CSV file. Choose the kind of file that it is",
        ),
        (b"%PDF-1.7 and more", "list.csv is no CSV file"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "list.csv is an Excel workbook. Choose Annex A, if it is that"),
        (b"child_id,restricted\n", "list.csv has no rows below the headings"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    found = read("list.csv", content, AS_AT)
    assert found.stopped
    assert said in sentences(found)[0]


@pytest.mark.parametrize(("name", "plans"), [("plans.csv", 1), ("Plans May.csv", 1), ("core groups.csv", 0)])
def test_of_two_that_its_columns_fit_a_file_is_what_it_is_called(name: str, plans: int) -> None:
    found = read(name, b"child_id,starts,ends\n7,2025-12-04,\n", AS_AT)
    assert not found.stopped
    assert (len(found.plans), [row.child_id for row in found.plans]) == (plans, ["7"] * plans)


def test_the_published_columns_are_those_that_are_read() -> None:
    assert (CHECKOUT / "docs/reference/children-csv.md").read_text("utf-8") == column_list()
    for table in TABLES:
        assert tuple(READERS[table.name]) == table.heads
        needed = {name for name, reader in READERS[table.name].items() if reader.needed}
        assert needed == {column.name for column in table.columns if column.needed}
