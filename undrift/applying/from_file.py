"""One file into one authority: check, then apply, then say what happened. The command and the pages call this."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from undrift.applying.plans import apply
from undrift.children.models import ImportRun
from undrift.intake import report
from undrift.intake.annex_a.reading import read
from undrift.intake.extract import Extract
from undrift.intake.findings import Finding, stop
from undrift.people.models import Authority, Person


class UnknownAuthorityError(ValueError):
    """No authority has this code; the sentence names those there are."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a file. `run` is None after a mere check and when the file was stopped."""

    checked: Extract
    findings: Sequence[Finding]
    run: ImportRun | None = None

    def as_lines(self) -> list[str]:
        said = report.lines(self.checked, self.findings)
        if self.run is not None:
            return [*said, report.counts_line(self.run.counts)]
        return said if self.checked.stopped else [*said, "Checked only: nothing was imported."]

    def as_json(self) -> dict[str, object]:
        return {
            "file": self.checked.file_name,
            "sha256": self.checked.sha256,
            "as_at": self.checked.as_at.isoformat(),
            "rows": self.checked.rows_in_file,
            "plans": len(self.checked.plans),
            "open": self.checked.open_plans,
            "imported": self.run is not None,
            "counts": self.run.counts if self.run else {},
            "findings": [finding.as_json() for finding in self.findings],
        }


def import_annex_a(
    path: Path,
    authority_code: str,
    *,
    as_at: date,
    at: datetime,
    by: Person | None = None,
    only_check: bool = False,
) -> Outcome:
    """List 7 of the workbook into the authority. `as_at` is the day the file describes, `at` the moment now."""
    authority = authority_of(authority_code)
    checked = _read(path, as_at)
    if only_check or checked.stopped:
        return Outcome(checked=checked, findings=checked.findings)
    run = apply(checked, authority, at=at, by=by)
    return Outcome(checked=checked, findings=[Finding.from_json(kept) for kept in run.findings], run=run)


def _read(path: Path, as_at: date) -> Extract:
    try:
        return read(path.name, path.read_bytes(), as_at)
    except OSError:
        absent = stop(f"There is no file {path.name} that can be read", wanted="Give the path of an .xlsx file.")
        return Extract(source="annex-a", file_name=path.name, sha256="", as_at=as_at, findings=[absent])


def authority_of(code: str) -> Authority:
    """The authority of that code. Refuses (`UnknownAuthorityError`) with the codes there are."""
    found = Authority.objects.filter(code=code).first()
    if found is None:
        codes = ", ".join(Authority.objects.order_by("code").values_list("code", flat=True))
        known = f"There are: {codes}." if codes else "There is none yet; `make run` loads two invented ones."
        raise UnknownAuthorityError(f'No authority has the code "{code}". {known}')
    return found
