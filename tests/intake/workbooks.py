"""Workbooks in the layout of Annex A List 7, made here for the tests; all rows are invented."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from undrift.intake.annex_a.reading import read
from undrift.intake.extract import Extract

HEADINGS = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "Child Protection Plan Start Date",
    "Initial Category of Abuse",
    "Latest Category of Abuse",
    "Date of the Last Statutory Visit",
    "Was the Child Seen Alone?",
    "Date of latest review conference",
    "Child Protection Plan End Date",
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
    "Number of Previous Child Protection Plans",
    "Allocated Team",
    "Allocated Worker",
)

BY_NAME = {
    "child_id": "Child Unique ID",
    "sex": "Gender",
    "born": "Date of Birth",
    "starts": "Child Protection Plan Start Date",
    "initial": "Initial Category of Abuse",
    "latest": "Latest Category of Abuse",
    "visit": "Date of the Last Statutory Visit",
    "alone": "Was the Child Seen Alone?",
    "review": "Date of latest review conference",
    "ends": "Child Protection Plan End Date",
    "previous": "Number of Previous Child Protection Plans",
    "team": "Allocated Team",
    "worker": "Allocated Worker",
}

HEADINGS_5 = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?",
    "Date of Initial Child Protection Conference",
    "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    "Number of Section 47 Enquiries in the last 12 months",
    "Number of ICPCs in the last 12 months",
    "Allocated Team",
    "Allocated Worker",
)

BY_NAME_5 = {
    "child_id": "Child Unique ID",
    "sex": "Gender",
    "born": "Date of Birth",
    "enquiry": "Strategy discussion initiating Section 47 Enquiry Start Date",
    "unnecessary": "Was an Initial Child Protection Conference deemed unnecessary?",
    "day": "Date of Initial Child Protection Conference",
    "team": "Allocated Team",
    "worker": "Allocated Worker",
}

ORDINARY_5: Mapping[str, Any] = {
    "child_id": 90001,
    "sex": "b) Female",
    "born": date(2016, 9, 3),
    "enquiry": date(2026, 4, 13),
    "day": date(2026, 4, 30),
    "worker": "Hannah Quill",
}

ORDINARY: Mapping[str, Any] = {
    "child_id": 90001,
    "sex": "b) Female",
    "born": date(2016, 9, 3),
    "starts": date(2025, 12, 4),
    "initial": "a) Neglect",
    "latest": "a) Neglect",
    "visit": date(2026, 4, 20),
    "alone": "a) Yes",
    "review": date(2026, 2, 26),
    "ends": None,
    "previous": 0,
    "team": "North",
    "worker": "Hannah Quill",
}


def workbook(
    path: Path,
    *rows: Mapping[str, Any],
    sheet: str = "List 7",
    title: str = "",
    headings: Sequence[str] = HEADINGS,
    other_sheets: Sequence[str] = ("List 6",),
    list_5: Sequence[Mapping[str, Any]] | None = (),
) -> Path:
    """A saved workbook. Each row gives only what differs from an ordinary one; `list_5` None for no such sheet."""
    book = Workbook()
    active = book.active
    assert active is not None
    active.title = sheet
    for name in other_sheets:
        book.create_sheet(name).append(["Child Unique ID", "CIN Start Date"])
    if title:
        active.append([title])
    active.append(list(headings))
    for row in rows:
        cells = {BY_NAME[name]: value for name, value in {**ORDINARY, **row}.items()}
        active.append([cells.get(heading.strip()) for heading in headings])
    if list_5 is not None:
        enquiries = book.create_sheet("List 5")
        enquiries.append(list(HEADINGS_5))
        for row in list_5:
            cells = {BY_NAME_5[name]: value for name, value in {**ORDINARY_5, **row}.items()}
            enquiries.append([cells.get(heading) for heading in HEADINGS_5])
    book.save(path)
    return path


def read_workbook(path: Path, as_at: date) -> Extract:
    """The saved workbook, as it is read when somebody sends it."""
    return read(path.name, path.read_bytes(), as_at)
