"""What an import says at its end, for people and for spreadsheets."""

import csv
import io
from collections.abc import Iterable

from undrift.intake.findings import Finding, Severity

HEADINGS = ("severity", "file", "sheet", "row", "child", "column", "found", "wanted", "did", "rule")

SAID_AS = {
    Severity.STOP: "Stopped",
    Severity.CONFIRM: "Please confirm",
    Severity.REJECT: "Not imported",
    Severity.WARN: "Please look",
}


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
    """What stopped the file, what is to be confirmed, what left a row out, what is to be looked at; each by row."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: (order.index(finding.severity), finding.place.row or 0))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
