"""What every reader of plans gives: rows, and what there is to say about the file. Values, and no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from undrift.children.models.family import Sex
from undrift.children.models.plan import Category, SeenAlone
from undrift.intake.findings import Finding, Severity


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One row, read. A value is None where its cell is empty; `given` names the columns that the file has."""

    row: int
    child_id: str
    starts: date
    ends: date | None
    given: frozenset[str]
    sex: Sex = Sex.NOT_STATED
    born: date | None = None
    expected: date | None = None
    initial_category: Category | str = ""
    latest_category: Category | str = ""
    last_visit: date | None = None
    seen_alone: SeenAlone = SeenAlone.UNKNOWN
    latest_review: date | None = None
    previous_plans: int = 0
    team: str = ""
    worker: str = ""

    def is_open(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or self.ends > on)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file after its check: what would be imported, and what there is to say."""

    file_name: str
    sha256: str
    as_at: date
    rows: Sequence[PlanRow]
    findings: Sequence[Finding]
    rows_in_file: int = 0
    children_in_file: frozenset[str] = frozenset()

    @property
    def stopped(self) -> bool:
        return any(finding.severity is Severity.STOP for finding in self.findings)

    @property
    def open_plans(self) -> int:
        return sum(row.is_open(self.as_at) for row in self.rows)
