"""The formats in which a council's children come in, each with its reader."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from undrift.intake.annex_a.list_7 import check
from undrift.intake.extract import ChildRow, Extract, PlanRow


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of file: what people call it, what it is in a sentence, how its files end, and its reader."""

    title: str
    says: str
    accept: tuple[str, ...]
    read: Callable[[str, bytes, date], Extract]


def _annex_a(name: str, content: bytes, as_at: date) -> Extract:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        checked = check(path, as_at)
    return Extract(
        source="annex-a",
        file_name=checked.file_name,
        sha256=checked.sha256,
        as_at=as_at,
        children=[
            ChildRow(
                sheet="List 7",
                row=row.row,
                child_id=row.child_id,
                given=row.given & {"sex", "born"} | ({"expected"} if "born" in row.given else frozenset()),
                sex=row.sex,
                born=row.born,
                expected=row.expected,
            )
            for row in checked.rows
        ],
        plans=[
            PlanRow(
                sheet="List 7",
                row=row.row,
                child_id=row.child_id,
                given=row.given - {"child_id", "sex", "born"},
                starts=row.starts,
                ends=row.ends,
                initial_category=row.initial_category,
                latest_category=row.latest_category,
                last_visit=row.last_visit,
                seen_alone=row.seen_alone,
                latest_review=row.latest_review,
                previous_plans=row.previous_plans,
                team=row.team,
                worker=row.worker,
            )
            for row in checked.rows
        ],
        findings=checked.findings,
        rows_in_file=checked.rows_in_file,
        children_in_file=checked.children_in_file,
    )


FORMATS: Mapping[str, Format] = {
    "annex-a": Format(
        title="Annex A, List 7",
        says="The workbook that is made for Ofsted: List 7, the children on a plan now or in the last six months.",
        accept=(".xlsx",),
        read=_annex_a,
    ),
}
