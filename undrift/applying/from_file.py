"""One file into one authority: check, then apply, and undo of the last. The command and the pages call this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from undrift.applying import plans
from undrift.applying.formats import FORMATS, Format
from undrift.children.models import ImportCheck, ImportRun
from undrift.children.models.family import opaque_id
from undrift.intake import report
from undrift.intake.annex_a.list_7 import check
from undrift.intake.extract import Extract
from undrift.intake.findings import Finding
from undrift.intake.plan_rows import Checked, PlanRow
from undrift.people.models import Authority, Person
from undrift.record.sight import as_service

__all__ = ["FORMATS", "Format"]

STOPPED, CHANGED_SINCE, BRAKE, BUSY, OTHER_COUNCIL = "stopped", "changed-since", "brake", "busy", "other-council"

COUNTED = (
    *("rows", "children", "plans", "open"),
    *(
        f"{thing}_{what}"
        for thing in ("child", "plan", "conference", "core_group")
        for what in ("new", "updated", "unchanged")
    ),
    *("rejected", "warnings", "asked"),
)


class UnknownAuthorityError(ValueError):
    """No authority has this code; the sentence names those there are."""


class NotApplied(ValueError):
    """Nothing was written: the sentence says why and what to do, the code tells which of the reasons it is."""

    def __init__(self, sentence: str, code: str) -> None:
        self.sentence, self.code = sentence, code
        super().__init__(sentence)


def authority_of(code: str) -> Authority:
    """The authority of that code. Refuses (`UnknownAuthorityError`) with the codes there are."""
    found = Authority.objects.filter(code=code).first()
    if found is None:
        codes = ", ".join(Authority.objects.order_by("code").values_list("code", flat=True))
        known = f"There are: {codes}." if codes else "There is none yet; `make run` loads two invented ones."
        raise UnknownAuthorityError(f'No authority has the code "{code}". {known}')
    return found


@as_service()
def check_file(
    authority: Authority, format: str, name: str, content: bytes, *, as_at: date, at: datetime, by: Person | None
) -> ImportCheck:
    """Read the file, compare it with what is known, and keep what it would change in place of the check before it.

    A file that cannot be used gives a check with an empty `digest`; its findings say why.
    """
    extract = FORMATS[format].read(name, content, as_at)
    findings, counts, changes, digest = _looked_at(extract, authority, at, by)
    with transaction.atomic():
        ImportCheck.objects.filter(authority=authority, source_system=format).delete()
        return ImportCheck.objects.create(
            authority=authority,
            source_system=format,
            reference=opaque_id(),
            file_name=extract.file_name[:255],
            sha256=extract.sha256,
            content=content,
            as_at=as_at,
            at=at,
            by=by,
            counts=counts,
            findings=[finding.as_json() for finding in findings],
            changes=changes[:2_000],
            digest=digest,
        )


@as_service()
def apply_check(check: ImportCheck, *, at: datetime, by: Person | None, agreed: bool = False) -> ImportRun:
    """What the check showed becomes so, all of it or nothing. Refuses with `NotApplied`."""
    if not check.digest:
        raise NotApplied("The file cannot be used, as its check says. Put it right, and check it again.", STOPPED)
    extract = FORMATS[check.source_system].read(check.file_name, bytes(check.content), check.as_at)
    with transaction.atomic():
        run = plans.apply(_checked(extract), check.authority, at=at, by=by)
        check.delete()
        return run


def last_run(authority: Authority) -> ImportRun | None:
    """The latest import that was not undone."""
    return ImportRun.objects.filter(authority=authority, undone_at=None).first()


def why_not_undone(run: ImportRun) -> str:
    """Why the run cannot be undone, in a sentence; "" where it can be."""
    return "Undoing is still to come."


def undo(run: ImportRun, *, at: datetime, by: Person | None) -> int:
    """Put back what the run changed; how many facts. Refuses with `NotApplied`."""
    raise NotApplied(why_not_undone(run), "not-undone")


def _looked_at(
    extract: Extract, authority: Authority, at: datetime, by: Person | None
) -> tuple[list[Finding], Mapping[str, int], list[dict[str, str]], str]:
    nothing = dict.fromkeys(COUNTED, 0)
    if extract.stopped:
        return list(extract.findings), nothing | {"rows": extract.rows_in_file}, [], ""
    with transaction.atomic():
        run = plans.apply(_checked(extract), authority, at=at, by=by)
        changes = [
            {"child": change.child.external_id, "entity": change.entity, "what": f"{change.field} changes"}
            for change in run.changes.select_related("child")
        ]
        transaction.set_rollback(True)
    findings = [Finding.from_json(kept) for kept in run.findings]
    digest = hashlib.sha256(json.dumps(changes).encode()).hexdigest()
    return findings, nothing | run.counts, changes, digest


def _checked(extract: Extract) -> Checked:
    return Checked(
        file_name=extract.file_name,
        sha256=extract.sha256,
        as_at=extract.as_at,
        rows=[
            PlanRow(
                row=plan.row,
                child_id=plan.child_id,
                starts=plan.starts,
                ends=plan.ends,
                given=plan.given | child.given,
                sex=child.sex,
                born=child.born,
                expected=child.expected,
                initial_category=plan.initial_category,
                latest_category=plan.latest_category,
                last_visit=plan.last_visit,
                seen_alone=plan.seen_alone,
                latest_review=plan.latest_review,
                previous_plans=plan.previous_plans,
                team=plan.team,
                worker=plan.worker,
            )
            for child, plan in zip(extract.children, extract.plans, strict=True)
        ],
        findings=extract.findings,
        rows_in_file=extract.rows_in_file,
        children_in_file=extract.children_in_file,
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a file. `run` is None after a mere check and when the file was stopped."""

    checked: Checked
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
            "plans": len(self.checked.rows),
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
    checked = check(path, as_at)
    if only_check or checked.stopped:
        return Outcome(checked=checked, findings=checked.findings)
    run = plans.apply(checked, authority, at=at, by=by)
    return Outcome(checked=checked, findings=[Finding.from_json(kept) for kept in run.findings], run=run)
