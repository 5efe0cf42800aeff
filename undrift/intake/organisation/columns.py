"""Our own small CSV of the organisation: the columns of its six files, and what each holds.

docs/reference/organisation-csv.md is made from these tables.
"""

from __future__ import annotations

from typing import NamedTuple

from undrift.library.protocols import SHIPPED
from undrift.people.models.organisation import AgencyKind
from undrift.people.models.tenure import HoldingKind

A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Column(NamedTuple):
    """One column: whether a row must fill it, and what it holds."""

    name: str
    needed: bool
    says: str


class Table(NamedTuple):
    """One file: its name, what a row of it is, its columns, and those that make a row the same row."""

    name: str
    row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    mark: str  # a column that tells this file from the others

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


AGENCY = Column("agency", True, "The agency's name.")
UNIT = Column("unit", False, "The unit's name in that agency; empty for a post beside the tree.")
POST = Column("post", True, "The kind of post, as in the posts file: team-manager.")
STARTS = Column("starts", True, "The first day, 2026-05-06.")
ENDS = Column("ends", False, "The last day; empty for until further notice.")

TABLES = (
    Table(
        "council",
        "The council itself. One that is not here yet is made by it.",
        (
            Column("code", True, "Its short name, for commands and addresses: westmarch."),
            Column("council", True, "Its name: Westmarch Council."),
            Column("policy", True, f"The policy it works by: {', '.join(SHIPPED)}."),
            Column("area", False, "Which area of its policy it is, where the policy is worked in several."),
            Column("lea", False, "Its three figures at the Department for Education: a census of another is refused."),
            Column("partnership", False, "The safeguarding partnership that shares its agencies."),
            Column("front_door_phone", False, "The number for urgent help in office hours."),
            Column("out_of_hours_phone", False, "The number for urgent help at other times."),
            Column("mailbox", False, "The mailbox of the chairs' service."),
            Column("mailbox_phone", False, "The number to ring to check that a message is genuine."),
        ),
        ("code",),
        "policy",
    ),
    Table(
        "units",
        "A unit of an agency; without a unit, the agency itself.",
        (
            AGENCY,
            Column("kind", False, f"What the agency is, when it is new: {', '.join(AgencyKind.values)}."),
            Column("shared", False, "yes: the agency is shared by the councils of the partnership."),
            Column("unit", False, "The unit's name; each name once in an agency."),
            Column("above", False, "The unit above, in the same agency; empty at the top."),
        ),
        ("agency", "unit"),
        "unit",
    ),
    Table(
        "posts",
        "A post. Several people may hold one.",
        (
            AGENCY,
            UNIT,
            POST,
            Column("title", True, "The words people use: Team Manager."),
            Column("heads_unit", False, "yes: this post manages its unit. One in each unit."),
        ),
        ("agency", "unit", "post"),
        "title",
    ),
    Table(
        "staff",
        "A person.",
        (
            Column("email", True, "The address they sign in with; it tells people apart."),
            Column("name", True, "First name and last name."),
            Column("phone", False, "The number to ring."),
            AGENCY,
        ),
        ("email",),
        "name",
    ),
    Table(
        "holdings",
        "A person in a post, from a day on.",
        (
            AGENCY,
            UNIT,
            POST,
            Column("email", True, "Who holds it, as in the staff file."),
            Column("as", False, f"{', '.join(HoldingKind.values)}; empty means holder."),
            STARTS,
            ENDS,
        ),
        ("agency", "unit", "post", "email", "as", "starts"),
        "starts",
    ),
    Table(
        "covers",
        "Somebody is away and another stands in.",
        (
            Column("away", True, "The email address of who is away."),
            Column("covering", True, "The email address of who stands in."),
            Column("agency", False, "With unit and post: the one post that is covered."),
            UNIT,
            Column("post", False, "Empty: everything they hold is covered."),
            STARTS,
            ENDS,
            Column("reason", False, "A word or two, never a diagnosis."),
        ),
        ("away", "covering", "agency", "unit", "post", "starts"),
        "away",
    ),
)
BY_NAME = {table.name: table for table in TABLES}


def harmless(cell: str) -> str:
    """The cell as a spreadsheet will not work it out: one that begins like a formula gets an apostrophe."""
    return f"'{cell}" if cell.startswith(A_FORMULA) else cell


def plain(cell: str) -> str:
    """The cell without the apostrophe that `harmless` puts before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(A_FORMULA) else cell


def column_list() -> str:
    """The page that publishes the columns."""
    return "\n".join([OPENING, *(section(table) for table in TABLES)])


def section(table: Table) -> str:
    """One table of such a page: what a row is, and its columns."""
    rows = "\n".join(f"| `{c.name}` | {'yes' if c.needed else ''} | {c.says} |" for c in table.columns)
    same = f"Two rows are the same row when these agree: {', '.join(table.key)}."
    return (
        f"## {table.name}.csv\n\n{table.row_is} {same}\n\n| column | needed | what it holds |\n|---|---|---|\n{rows}\n"
    )


OPENING = """# The organisation as CSV

The council, who works where, who stands in for whom: six files that any council can write from its staff list, and that
Undrift writes itself.

    undrift export organisation --authority westmarch --to FOLDER
    undrift import organisation FOLDER/*.csv --authority westmarch --check
    undrift import organisation FOLDER/*.csv --authority westmarch

- UTF-8, commas, one line of column names. A file is known by its columns, whatever it is called; send one or all six.
- A check reads everything and changes nothing. An import is one transaction. A row that is wrong is left out, and the
  report says which file, row and column, what was found, what is wanted and what we did.
- A file that breaks off within a row is refused, and so is one whose last row has no line end, which many programs
  leave out: `--yes` says that it is whole.
- The same files twice change nothing the second time. What a file leaves out is never deleted: to end a holding, give
  it a last day.
- Where the council's policy is worked in several areas, `--area AREA` says which it is; an area that the policy does
  not have is refused, with those it has.
- A council that is not here yet is made by the council file, with the code that is asked for. The policy of one that is
  here is not changed by a file.
- People sign in through their organisation, or are invited. The first administrator is let in by a command, and invites
  the others from **People**: `undrift invite ADDRESS --authority westmarch`.
- Days are written 2026-05-06 or 06/05/2026.
- A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read without it.
"""
