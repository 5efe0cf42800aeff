"""The tables of the Standard Safeguarding Dataset that we read, known by their columns, and each row's cells.

Each system's script leaves out columns of its own (Mosaic the person of a visit, Eclipse the id of a review): only what
nothing can be done without is needed. A file is known by how its columns begin, whatever it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from undrift.intake import fields
from undrift.intake.csv_files import MOST_ROWS, CsvFile
from undrift.intake.fields import Reader
from undrift.intake.findings import Place, Said, StopError, stop, warn

EVERYBODY = 2_000_000  # tables of whoever the council has known for six years, and of each visit


@dataclass(frozen=True)
class Table:
    """One table: its name, how its columns begin, and for each column the field and its reader."""

    name: str
    prefix: str
    columns: Mapping[str, tuple[str, Reader]]
    needed: frozenset[str]  # columns without which the table is of no use
    without: bool = True  # whether files are read that lack the table
    most: int = MOST_ROWS
    quiet: bool = False  # whether nothing is said where it is lacking

    @cached_property
    def readers(self) -> Mapping[str, Reader]:
        return dict(self.columns.values())

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return {field: column for column, (field, _) in self.columns.items()}


PERSON = Table(
    "ssd_person",
    "pers_",
    {
        "pers_person_id": ("child_id", fields.CHILD_ID),
        "pers_legacy_id": ("legacy_id", fields.KEY),
        "pers_forename": ("first_name", fields.NAME),
        "pers_surname": ("last_name", fields.NAME),
        "pers_sex": ("sex", fields.SEX),
        "pers_dob": ("born", fields.DATE),
        "pers_expected_dob": ("expected", fields.DATE),
        "pers_death_date": ("died", fields.DATE),
    },
    frozenset({"pers_person_id"}),
    without=False,
    most=EVERYBODY,
)
PLANS = Table(
    "ssd_cp_plans",
    "cppl_",
    {
        "cppl_person_id": ("child_id", fields.CHILD_ID),
        "cppl_cp_plan_id": ("source_key", fields.KEY),
        "cppl_cp_plan_start_date": ("starts", fields.START),
        "cppl_cp_plan_end_date": ("ends", fields.END),
        "cppl_cp_plan_initial_category": ("initial_category", fields.category("8905")),
        "cppl_cp_plan_latest_category": ("latest_category", fields.category("8910")),
        "cppl_cp_plan_ola": ("elsewhere", fields.YES_OR_NO),
    },
    frozenset({"cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"}),
    without=False,
)
CONFERENCES = Table(
    "ssd_initial_cp_conference",
    "icpc_",
    {
        "icpc_person_id": ("child_id", fields.CHILD_ID),
        "icpc_icpc_id": ("source_key", fields.KEY),
        "icpc_icpc_meeting_id": ("meeting_key", fields.KEY),
        "icpc_icpc_date": ("day", fields.END),
        "icpc_s47_enquiry_id": ("enquiry", fields.KEY),
    },
    frozenset({"icpc_person_id", "icpc_icpc_date"}),
)
ENQUIRIES = Table(
    "ssd_s47_enquiry",
    "s47e_",
    {
        "s47e_s47_enquiry_id": ("source_key", fields.KEY),
        "s47e_s47_start_date": ("starts", fields.DATE),
    },
    frozenset({"s47e_s47_enquiry_id", "s47e_s47_start_date"}),
)
REVIEWS = Table(
    "ssd_cp_reviews",
    "cppr_",
    {
        "cppr_person_id": ("child_id", fields.OTHER_CHILD_ID),
        "cppr_cp_plan_id": ("plan", fields.KEY),
        "cppr_cp_review_id": ("source_key", fields.KEY),
        "cppr_cp_review_date": ("day", fields.END),
        "cppr_cp_review_meeting_id": ("meeting_key", fields.KEY),
    },
    frozenset({"cppr_cp_review_date"}),
)
VISITS = Table(
    "ssd_cp_visits",
    "cppv_",
    {
        "cppv_person_id": ("child_id", fields.OTHER_CHILD_ID),
        "cppv_cp_plan_id": ("plan", fields.KEY),
        "cppv_cp_visit_date": ("day", fields.DATE),
        "cppv_cp_visit_seen": ("seen", fields.YES_OR_NO),
        "cppv_cp_visit_seen_alone": ("seen_alone", fields.SEEN_ALONE),
    },
    frozenset({"cppv_cp_visit_date"}),
    most=EVERYBODY,
)
PROFESSIONALS = Table(
    "ssd_professionals",
    "prof_",
    {
        "prof_professional_id": ("key", fields.KEY),
        "prof_staff_id": ("staff_key", fields.KEY),
        "prof_professional_name": ("name", fields.TEXT),
    },
    frozenset(),
)
DEPARTMENTS = Table(
    "ssd_department",
    "dept_",
    {"dept_team_id": ("key", fields.KEY), "dept_team_name": ("name", fields.TEXT)},
    frozenset({"dept_team_id", "dept_team_name"}),
)
INVOLVEMENTS = Table(
    "ssd_involvements",
    "invo_",
    {
        "invo_person_id": ("child_id", fields.OTHER_CHILD_ID),
        "invo_professional_id": ("worker", fields.KEY),
        "invo_professional_role_id": ("role", fields.TEXT),
        "invo_professional_team": ("team", fields.KEY),
        "invo_involvement_start_date": ("starts", fields.DATE),
        "invo_involvement_end_date": ("ends", fields.END),
    },
    frozenset({"invo_person_id"}),
    most=EVERYBODY,
)
# Placements change within one time of being looked after: the rows are joined where they touch.
CARE = Table(
    "ssd_cla_episodes",
    "clae_",
    {
        "clae_person_id": ("child_id", fields.OTHER_CHILD_ID),
        "clae_cla_episode_start_date": ("starts", fields.DATE),
        "clae_cla_episode_ceased_date": ("ends", fields.END),
        "clae_cla_episode_ceased": ("ends", fields.END),  # as it was called before
    },
    frozenset({"clae_person_id", "clae_cla_episode_start_date"}),
    most=EVERYBODY,
    quiet=True,
)
TABLES = (
    PERSON,
    PLANS,
    CONFERENCES,
    ENQUIRIES,
    REVIEWS,
    VISITS,
    PROFESSIONALS,
    DEPARTMENTS,
    INVOLVEMENTS,
    CARE,
)


class Dataset:
    """The tables that were sent. StopError where one that is needed is not there, or stands in two files."""

    def __init__(self, files: Sequence[CsvFile]) -> None:
        self.findings = Said()
        self._files: dict[str, CsvFile] = {}
        self.counts: dict[str, int] = {}
        for file in files:
            table = _known(file)
            if table is None:
                continue
            if table.name in self._files:
                both = f"{self._files[table.name].name} and {file.name}"
                raise StopError(stop(f"Two files hold {table.name}: {both}", wanted="Keep one of them."))
            self._files[table.name] = file
        for table in TABLES:
            self._look_at(table)

    def _look_at(self, table: Table) -> None:
        file = self._files.get(table.name)
        if file is None and table.quiet:
            return
        if file is None:
            if not table.without:
                found = ", ".join(sorted(self._files)) or "none of the dataset"
                raise StopError(
                    stop(
                        f"The table {table.name} is not there. Tables in this file: {found}",
                        wanted="Send ssd_person and ssd_cp_plans at least, as CSV files in one zip.",
                    )
                )
            self.findings.append(
                warn(
                    Place(),
                    f"The table {table.name} is not there",
                    did="Imported without it; what is known already stays.",
                )
            )
            return
        absent = sorted(table.needed - set(file.heads))
        if absent:
            raise StopError(
                stop(f"No column {', '.join(absent)}", wanted="Keep the dataset's own headings.", sheet=file.name)
            )
        twice = sorted({head for head in file.heads if file.heads.count(head) > 1 and head in table.columns})
        # One system's script writes the id of a visit twice; what we read must stand there once.
        if twice:
            raise StopError(stop(f"Two columns are called {', '.join(twice)}", wanted="Keep one.", sheet=file.name))

    def has(self, table: Table) -> bool:
        return table.name in self._files

    def file_name(self, table: Table) -> str:
        return self._files[table.name].name

    def fields(self, table: Table) -> frozenset[str]:
        """The fields that the file has a column for."""
        file = self._files.get(table.name)
        return frozenset(field for column, (field, _) in table.columns.items() if file and column in file.heads)

    def rows(self, table: Table) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row's number, and its cells by field. None where the table is not there."""
        file = self._files.get(table.name)
        if file is None:
            return
        places = [(table.columns[head][0], place) for place, head in enumerate(file.heads) if head in table.columns]
        counted = 0
        for number, row in file.rows(self.findings, table.most):
            counted += 1
            yield number, {field: row[place] for field, place in places}
        self.counts[table.name] = counted


def _known(file: CsvFile) -> Table | None:
    """The table whose columns the file has the most of."""
    fitting = {table.name: sum(head in table.columns for head in file.heads) for table in TABLES}
    best = max(TABLES, key=lambda table: fitting[table.name])
    return best if fitting[best.name] else None
