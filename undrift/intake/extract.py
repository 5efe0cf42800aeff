"""What every reader of a file gives, whatever its format: children, plans, meetings, core groups, and findings.

Values, and no database. A value is None, or "", where its cell is empty; `given` names the facts that the file has a
column for: of what it has none, it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Any

from undrift.children.models.family import Sex
from undrift.children.models.plan import Category, SeenAlone
from undrift.intake.findings import Finding, Severity
from undrift.intake.rows import Rows


@lru_cache(maxsize=1_000)
def _one_of_each(given: frozenset[str]) -> frozenset[str]:
    return given


class Meeting(StrEnum):
    """Which conference a row is about."""

    INITIAL = "initial"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True, slots=True)
class InFile:
    """Where a row stands: the sheet or file, its number as a spreadsheet shows it, and the child's number there."""

    sheet: str
    row: int
    child_id: str
    given: frozenset[str]

    def __post_init__(self) -> None:
        # Of very many rows that say the same facts, one set of their names is kept.
        object.__setattr__(self, "given", _one_of_each(self.given))


_BY_NAME = "name: "


def by_name(family: str) -> str:
    """The key of a family of which nothing but the name is known: of another file's family it says nothing."""
    return f"{_BY_NAME}{family}" if family else ""


def is_by_name(key: str) -> bool:
    return key.startswith(_BY_NAME)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildRow(InFile):
    """What a file says of a child. `former_ids` are numbers the child had before, where the source keeps them."""

    former_ids: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    sex: Sex = Sex.NOT_STATED
    born: date | None = None
    expected: date | None = None
    died: date | None = None
    family: str = ""  # the family's name
    family_key: str = ""  # children with the same key are one family: in this file alone, if it is one `by_name`
    restricted: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRow(InFile):
    """One plan. `chair` and `worker_email` are addresses that people sign in with; `team` and `worker` are text."""

    starts: date
    ends: date | None
    source_key: str = ""
    initial_category: Category | str = ""
    latest_category: Category | str = ""
    last_visit: date | None = None
    seen_alone: SeenAlone = SeenAlone.UNKNOWN
    latest_review: date | None = None
    reviews_held: int | None = None
    previous_plans: int = 0
    team: str = ""
    worker: str = ""
    worker_email: str = ""
    chair: str = ""

    def is_open(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or self.ends > on)


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingRow(InFile):
    """One child at one conference. Rows with the same `meeting_key` are one meeting; without, one a family and day.

    `held` is whether it has taken place on the file's own day; else the day is the one it is planned for. `team` and
    `worker` are those of the child, as text.
    """

    kind: Meeting
    day: date
    held: bool
    source_key: str = ""
    meeting_key: str = ""
    chair: str = ""
    invited: tuple[str, ...] = ()  # addresses
    team: str = ""
    worker: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoreGroupRow(InFile):
    """Somebody in the core group: by the address they sign in with, or by name and agency."""

    email: str = ""
    name: str = ""
    agency: str = ""
    role: str = ""
    starts: date
    ends: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedAfterRow(InFile):
    """One time of being looked after; who reviews it by the address they sign in with, or by name."""

    starts: date
    ends: date | None = None
    iro: str = ""
    iro_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A file after its check: what it says, and what there is to say about it.

    `source` names the format, `council` is the council the file says it is of, where it says one; `whole` tells that a
    plan which runs and is not in the file is missing from it (a snapshot), not merely left out.
    """

    source: str
    file_name: str
    sha256: str
    as_at: date
    council: str = ""
    whole: bool = True
    children: Sequence[ChildRow] = ()
    plans: Sequence[PlanRow] = ()
    meetings: Sequence[MeetingRow] = ()
    core_groups: Sequence[CoreGroupRow] = ()
    looked_after: Sequence[LookedAfterRow] = ()
    findings: Sequence[Finding] = ()
    rows_in_file: int = 0
    # How many rows each of its tables has, where each is a whole list: one that has lost many was cut, or failed.
    tables: Mapping[str, int] = field(default_factory=dict)
    # Every child with a row about a plan, those of rows that were left out too: whose row is bad is not a child who is
    # gone. A child who is named for a conference alone is not among them, where the file holds plans as well.
    children_in_file: frozenset[str] = field(default_factory=frozenset)

    def packed(self) -> Extract:
        """The same, and kept until it is applied: rows that are many take little room."""
        rows: dict[str, Any] = {name: Rows.packed(kind, getattr(self, name)).few() for name, kind in KINDS.items()}
        return replace(self, **rows)

    @property
    def rows(self) -> Iterator[InFile]:
        """Every row, kind by kind, each in the order of the file."""
        return chain[InFile](self.children, self.plans, self.meetings, self.core_groups, self.looked_after)

    @property
    def stopped(self) -> bool:
        return any(finding.severity is Severity.STOP for finding in self.findings)

    @property
    def open_plans(self) -> int:
        return sum(plan.is_open(self.as_at) for plan in self.plans)


# Each kind of row by where it stands.
KINDS: Mapping[str, type[InFile]] = {
    "children": ChildRow,
    "plans": PlanRow,
    "meetings": MeetingRow,
    "core_groups": CoreGroupRow,
    "looked_after": LookedAfterRow,
}
