"""What an import says at its end, for people and for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from undrift.intake.extract import Extract
from undrift.intake.findings import Finding, Severity

HEADINGS = ("severity", "file", "sheet", "row", "child", "column", "found", "wanted", "did", "rule")

SAID_AS = {Severity.STOP: "Stopped", Severity.REJECT: "Not imported", Severity.WARN: "Please look"}


def lines(extract: Extract, findings: Sequence[Finding] | None = None) -> list[str]:
    """The report as text: what is in the file, then every finding, the gravest first."""
    said = list(extract.findings if findings is None else findings)
    if extract.stopped:
        return [f"{SAID_AS[finding.severity]}: {finding}" for finding in said]
    return [
        f"{extract.file_name}: {_of(extract.rows_in_file, 'row')}, {_of(len(extract.plans), 'plan')}, "
        f"{extract.open_plans} open on {extract.as_at.day} {extract.as_at:%B %Y}",
        *(f"{SAID_AS[finding.severity]}: {finding}" for finding in gravest_first(said)),
    ]


def _of(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def counts_line(counts: Mapping[str, int]) -> str:
    """ "New: 7 children, 7 plans. Changed: 0 children, 0 plans. Unchanged: ..." """
    return " ".join(
        f"{word}: {counts[f'child_{key}']} children, {counts[f'plan_{key}']} plans."
        for word, key in (("New", "new"), ("Changed", "updated"), ("Unchanged", "unchanged"))
    )


def as_csv(findings: Iterable[Finding], file_name: str = "") -> str:
    """One line a finding. A cell that a spreadsheet would take for a formula is kept as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for finding in gravest_first(findings):
        place = finding.place
        writer.writerow(
            _harmless(cell)
            for cell in (
                finding.severity.value,
                file_name,
                place.sheet,
                "" if place.row is None else str(place.row),
                place.child,
                place.column,
                finding.found,
                finding.wanted,
                finding.did,
                finding.code,
            )
        )
    return out.getvalue()


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """What stopped the file, what left a row out, what is to be looked at; each by row."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: (order.index(finding.severity), finding.place.row or 0))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
