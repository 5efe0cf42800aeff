"""Our own CSV of children: the columns of its five files, what each holds, and how it is read.

docs/reference/children-csv.md is made from these tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from undrift.intake import cells, fields
from undrift.intake.extract import Meeting
from undrift.intake.fields import Reader
from undrift.intake.organisation.columns import Column, Table, section

EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s.;,]+")


def _email(cell: Any) -> str:
    found = cells.text(cell).lower()
    if found and not EMAIL.fullmatch(found):
        raise cells.UnreadableError
    return found


def _emails(cell: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_email(one) for one in re.split(r"[;,\s]+", cells.text(cell)) if one))


def _kind(cell: Any) -> Meeting | str:
    said = cells.choice(cell)
    if said not in ("", *Meeting):
        raise cells.UnreadableError
    return Meeting(said) if said else ""


AN_ADDRESS = Reader(_email, "The address they sign in with is wanted.")
ADDRESSES = Reader(_emails, "Addresses with semicolons between them are wanted.")
A_KIND = Reader(_kind, f"{' or '.join(Meeting)} is wanted.", needed=True)
FIRST_DAY = Reader(cells.day, fields.A_DATE, needed=True)

CHILD = Column("child_id", True, "The child's number in the council's case system.")

CHILDREN = Table(
    "children",
    "A child.",
    (
        CHILD,
        Column("first_name", False, "First name."),
        Column("last_name", False, "Last name."),
        Column("sex", False, "female, male or unknown."),
        Column("born", False, "The date of birth."),
        Column("expected", False, "For a child not yet born: the expected date of birth."),
        Column("died", False, "The date of death."),
        Column("family", False, "The family's name. Children of one file with the same one are one family."),
        Column("family_number", False, "What tells families of the same name apart: children with the same are one."),
        Column("restricted", False, "yes: only people named for this child may see it. no: anybody whose work it is."),
    ),
    ("child_id",),
    "child_id",
)
PLANS = Table(
    "plans",
    "A child protection plan.",
    (
        CHILD,
        Column("starts", True, "The first day of the plan; with the child it tells which plan is meant."),
        Column("ends", False, "The day on which the plan ended."),
        Column("initial_category", False, "neglect, physical, sexual, emotional or multiple, or the census code."),
        Column("latest_category", False, "The same, as it is now."),
        Column("chair", False, "The email address of who chairs."),
        Column("worker", False, "The email address of the social worker."),
        Column("team", False, "The team's name, as in the units of the organisation."),
    ),
    ("child_id", "starts"),
    "starts",
)
CORE_GROUPS = Table(
    "core_groups",
    "Somebody in the core group of a child.",
    (
        CHILD,
        Column("email", False, "The address they sign in with."),
        Column("name", False, "Their name, where they do not sign in. One of the two is needed."),
        Column("agency", False, "The agency's name, for somebody who does not sign in."),
        Column("role", False, "What they are to the child: school nurse."),
        Column("starts", True, "The first day in the core group."),
        Column("ends", False, "The last day; empty for until further notice."),
    ),
    ("child_id", "email", "name", "starts"),
    "email",
)
CONFERENCES = Table(
    "conferences",
    "A child at a conference.",
    (
        CHILD,
        Column("kind", True, "initial or review."),
        Column("planned_for", False, "The day it is planned for."),
        Column("held_on", False, "The day it was held. One of the two is needed."),
        Column("chair", False, "The email address of who chairs it."),
        Column("invited", False, "The email addresses of those invited, with semicolons between them."),
        Column("meeting", False, "What the children of one meeting share; without it, one family on one day."),
    ),
    ("child_id", "kind", "planned_for", "held_on"),
    "kind",
)
LOOKED_AFTER = Table(
    "looked_after",
    "A time at which a child is looked after by the council.",
    (
        CHILD,
        Column("looked_after_from", True, "The first day; with the child it tells which time is meant."),
        Column("looked_after_until", False, "The last day; empty while the child is looked after."),
        Column("iro", False, "The email address of the independent reviewing officer."),
        Column("iro_name", False, "Their name, where they do not sign in."),
    ),
    ("child_id", "looked_after_from"),
    "looked_after_from",
)
TABLES = (CHILDREN, PLANS, CORE_GROUPS, CONFERENCES, LOOKED_AFTER)

READERS: Mapping[str, Mapping[str, Reader]] = {
    "children": {
        "child_id": fields.CHILD_ID,
        "first_name": fields.NAME,
        "last_name": fields.NAME,
        "sex": fields.SEX,
        "born": fields.DATE,
        "expected": fields.DATE,
        "died": fields.DATE,
        "family": fields.TEXT,
        "family_number": fields.TEXT,
        # One that cannot be read might be a yes, and a child who should be restricted must not lie open meanwhile.
        "restricted": Reader(
            fields.YES_OR_NO.read, "yes or no is wanted.", instead=(True, "Imported as restricted; check it.")
        ),
    },
    "plans": {
        "child_id": fields.CHILD_ID,
        "starts": fields.START,
        "ends": fields.END,
        "initial_category": fields.category("8905"),
        "latest_category": fields.category("8910"),
        "chair": AN_ADDRESS,
        "worker": AN_ADDRESS,
        "team": fields.TEXT,
    },
    "core_groups": {
        "child_id": fields.CHILD_ID,
        "email": AN_ADDRESS,
        "name": fields.TEXT,
        "agency": fields.TEXT,
        "role": fields.NAME,
        "starts": FIRST_DAY,
        "ends": fields.END,
    },
    "conferences": {
        "child_id": fields.CHILD_ID,
        "kind": A_KIND,
        "planned_for": fields.END,
        "held_on": fields.END,
        "chair": AN_ADDRESS,
        "invited": ADDRESSES,
        "meeting": fields.KEY,
    },
    "looked_after": {
        "child_id": fields.CHILD_ID,
        "looked_after_from": FIRST_DAY,
        "looked_after_until": fields.END,
        "iro": AN_ADDRESS,
        "iro_name": fields.NAME,
    },
}


def column_list() -> str:
    """The page that publishes the columns."""
    return "\n".join([OPENING, *(section(table) for table in TABLES)])


OPENING = """# Children as CSV

What no file of the sector holds: who chairs for each plan, who is in the core group, which conference is when, which
children are restricted, and who reviews those who are looked after. A council without any of the sector's files can
bring its children in by these alone.

- UTF-8, commas, one line of column names. A file is known by its columns, whatever it is called; send one alone, or
  several in one zip. A column that is not needed may be left out.
- A check reads everything and changes nothing. An import is one transaction. A row that is wrong is left out, and the
  report says which file, row and column, what was found, what is wanted and what we did. A cell that is not needed and
  cannot be read is left out alone; where it is `restricted`, the child is imported as restricted.
- A file that breaks off within a row is refused. Where the last row has no line end, which many programs leave out,
  nothing is imported until somebody has said that its last cell is whole.
- An email address with a name beside it has to be of somebody of that name: else the row, or the person, is left out.
- An empty cell says nothing: what is known stays. What a file leaves out is neither deleted nor ended.
- The same files twice change nothing the second time. A child is known by its number, a plan by its child and first
  day, whatever file told of it first.
- Days are written 2026-05-06 or 06/05/2026. What is dated after the file's own day has not happened yet.
- A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read without it.
"""
