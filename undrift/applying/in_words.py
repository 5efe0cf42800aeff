"""What a check, or an import, says at its end: for people, for a script, and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from undrift.applying.said import together
from undrift.applying.wants import GUARDED
from undrift.children.models import ImportCheck, ImportRun
from undrift.intake import report
from undrift.intake.findings import Finding, Severity

SHOWN = 50

OUTCOMES = (("New", "new"), ("Changed", "updated"), ("Unchanged", "unchanged"))
THINGS = (
    ("child", "child", "children"),
    ("plan", "plan", "plans"),
    ("conference", "conference", "conferences"),
    ("core_group", "core group member", "core group members"),
    ("looked_after", "time looked after", "times looked after"),
)


def findings_of(of: ImportCheck | ImportRun, kept: Callable[[Finding], bool] = lambda _: True) -> list[Finding]:
    """Those that are kept, the gravest first; what is said of many rows as one."""
    found = (Finding.from_json(one) for one in of.findings)
    return report.gravest_first(together(filter(kept, found), of.authority.name))


def lines(of: ImportCheck | ImportRun, imported: bool) -> list[str]:
    """What is in the file, each finding, what would change child by child where nothing has, and every count."""
    said = [f"{report.SAID_AS[finding.severity]}: {finding}" for finding in findings_of(of)]
    if is_stopped(of):
        return said
    counts = of.counts
    return [
        f"{of.file_name}: {_of(counts['rows'], 'row')}, {_of(counts['plans'], 'plan')}, "
        f"{counts['open']} open on {of.as_at.day} {of.as_at:%B %Y}",
        *said,
        *(_changes(of) if isinstance(of, ImportCheck) and not imported else ()),
        counts_line(counts),
        f"Rows not imported: {counts['rejected']}. To look at: {counts['warnings']}. To decide: {counts['asked']}.",
        *([] if imported else ["Checked only: nothing was imported."]),
    ]


def is_stopped(of: ImportCheck | ImportRun) -> bool:
    return any(finding["severity"] == Severity.STOP for finding in of.findings)


def counts_line(counts: Mapping[str, int]) -> str:
    """ "New: 7 children, 7 plans, 0 conferences, 0 core group members, 0 times looked after. Changed: ..." """
    return " ".join(
        f"{word}: {', '.join(_of(counts[f'{thing}_{key}'], one, many) for thing, one, many in THINGS)}."
        for word, key in OUTCOMES
    )


def as_json(of: ImportCheck | ImportRun, imported: bool) -> dict[str, object]:
    return {
        "file": of.file_name,
        "sha256": of.sha256,
        "as_at": of.as_at.isoformat(),
        "rows": of.counts["rows"],
        "plans": of.counts["plans"],
        "open": of.counts["open"],
        "imported": imported,
        "counts": {name: number for name, number in of.counts.items() if name != GUARDED},
        "changes": of.changes if isinstance(of, ImportCheck) else [],
        "findings": [finding.as_json() for finding in findings_of(of)],
    }


def as_csv(of: ImportCheck | ImportRun) -> str:
    """One line a finding."""
    return report.as_csv(findings_of(of), of.file_name)


def _changes(check: ImportCheck) -> Iterator[str]:
    for change in check.changes[:SHOWN]:
        yield f"Child {change['child']}: {change['what']}."
    if len(check.changes) > SHOWN:
        yield f"And {len(check.changes) - SHOWN} more: --json gives them."


def _of(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
