"""One file into one authority: check, then apply, and undo of the last. The command and the pages call this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from django.db import OperationalError, connection, transaction
from psycopg import Cursor
from psycopg.errors import LockNotAvailable

from undrift.access.shut_out import telling_who_is_shut_out
from undrift.applying import undoing
from undrift.applying.comparing import compare
from undrift.applying.councils import UnknownAuthorityError, authority_of
from undrift.applying.following import follow
from undrift.applying.formats import FORMATS, Format
from undrift.applying.known import Known, rows_in
from undrift.applying.refusing import (
    BRAKE,
    BUSY,
    CHANGED_SINCE,
    CONFIRM,
    NO_LONGER,
    NOT_UNDONE,
    OTHER_COUNCIL,
    STOPPED,
    NotApplied,
    brake_sentence,
    changed_since,
    confirm_sentence,
    other_council,
)
from undrift.applying.said import together
from undrift.applying.told import begun, failed, tell
from undrift.applying.uncollected import uncollected
from undrift.applying.wants import GUARDED, Compared, Comparison
from undrift.applying.writing import write
from undrift.children.models import Entity, ImportCheck, ImportRun
from undrift.children.models.family import opaque_id
from undrift.intake.extract import Extract
from undrift.intake.findings import Finding, Severity, stop
from undrift.people.models import Authority, Person
from undrift.record.sight import as_service

__all__ = [
    "BRAKE",
    "BUSY",
    "CHANGED_SINCE",
    "CONFIRM",
    "FORMATS",
    "NOT_UNDONE",
    "OTHER_COUNCIL",
    "STOPPED",
    "Format",
    "NotApplied",
    "UnknownAuthorityError",
    "apply_check",
    "authority_of",
    "check_file",
    "kept_check",
    "last_run",
    "undo",
    "why_not_undone",
]

# A refusal takes back how far the rows are seen (`as_service`), as well as what was written: hence a transaction around
# each of these.

# How long one import waits for another into the same authority.
LONGEST_WAIT = "30s"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('checks of a council'), %s)"

# What a file says, for as long as the check that was made of it is held: whoever applies it meanwhile in that process,
# as a command does at once, need not read it again, even by a check that is fetched anew: its file is the same. Else it
# is read anew.
_READ: WeakKeyDictionary[ImportCheck, Extract] = WeakKeyDictionary()

COUNTED = (
    *("rows", "children", "plans", "open"),
    *(
        f"{entity.replace('-', '_')}_{what}"
        for entity in Entity.values
        for what in ("new", "updated", "unchanged")
    ),
    *("rejected", "warnings", "asked", "confirm"),
    "changes",  # that are told, child by child
    *("ends", "missing", "brake"),  # open plans that would end, or have gone; 1 where that is too many to believe
)  # fmt: skip


@transaction.atomic
@as_service()
@uncollected()
def check_file(
    authority: Authority, format: str, name: str, content: bytes, *, as_at: date, at: datetime, by: Person | None
) -> ImportCheck:
    """Read the file, compare it with what is known, and keep what it would change in place of the check before it.

    A file that cannot be used gives a check with an empty `digest`; its findings say why.
    """
    extract = FORMATS[format].read(name, content, as_at).packed()
    refused = extract.stopped or _of_another(extract, authority)
    compared = None if refused else compare(extract, Known.of(authority, extract, by))
    findings = compared.findings if compared is not None else _stopped(extract, authority)
    changes = compared.changes if compared is not None else []
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [authority.pk])  # else each of two would take the place of the same one
    ImportCheck.objects.filter(authority=authority, source_system=format).delete()
    check = ImportCheck.objects.create(
        authority=authority,
        source_system=format,
        reference=opaque_id(),
        file_name=name[:255],
        sha256=extract.sha256,
        as_at=extract.as_at,  # a census says itself of which day it is
        at=at,
        by=by,
        counts={**_counts(extract, compared, findings), "changes": len(changes), **_of_guarded(compared)},
        digest=compared.digest if compared is not None else "",
    )
    _keep_file(check, content)
    tell(check, findings, changes)
    _READ[check] = extract
    return check


def _keep_file(check: ImportCheck, content: bytes) -> None:
    """As it came. Django would write each byte out in the statement, and hold it many times over."""
    Cursor(connection.connection).execute(
        "UPDATE children_importcheck SET content = %b WHERE id = %b", [content, check.pk]
    )
    check.content = content


def kept_check(authority: Authority, format: str) -> ImportCheck | None:
    """The file of this format that was checked last and has not been applied."""
    return ImportCheck.objects.filter(authority=authority, source_system=format).first()


def apply_check(
    check: ImportCheck, *, at: datetime, by: Person | None, agreed: bool = False, confirmed: bool = False
) -> ImportRun:
    """What the check showed becomes so, with what follows from it: all of it or nothing.

    Refuses with `NotApplied`: a file that cannot be used, or is another council's; where what would change is no longer
    what was shown; unless `confirmed`, where the file cannot tell that it is whole; and, unless `agreed`, where more
    than a tenth of the open plans would end or have gone. That it came to nothing, or was interrupted, is kept with the
    check.
    """
    begun(check, at)
    try:
        return _apply(check, at=at, by=by, agreed=agreed, confirmed=confirmed)
    except NotApplied as refusal:
        failed(check, at, refusal.sentence)
        raise
    except Exception:
        failed(check, at, "Something went wrong while it was written, and nothing of it was. Apply it again")
        raise


@transaction.atomic
@as_service()
@uncollected()
def _apply(check: ImportCheck, *, at: datetime, by: Person | None, agreed: bool, confirmed: bool) -> ImportRun:
    extract = _READ.get(check)
    if extract is None:
        extract = FORMATS[check.source_system].read(check.file_name, bytes(check.content), check.as_at).packed()
    with _alone(check.authority):
        return _applied(extract, check, at=at, by=by, agreed=agreed, confirmed=confirmed)


def _applied(
    extract: Extract, check: ImportCheck, *, at: datetime, by: Person | None, agreed: bool, confirmed: bool
) -> ImportRun:
    if extract.stopped:
        raise NotApplied("The file cannot be used, as its check says. Put it right, and check it again.", STOPPED)
    if not ImportCheck.objects.filter(pk=check.pk).exists():
        raise NotApplied(
            "This file no longer waits: it was applied already, or another was checked in its place. See under Import.",
            NO_LONGER,
        )
    if sentence := _of_another(extract, check.authority):
        raise NotApplied(f"{sentence}. Nothing was imported.", OTHER_COUNCIL)
    run = ImportRun.objects.create(
        authority=check.authority,
        source_system=check.source_system,
        file_name=check.file_name,
        sha256=check.sha256,
        as_at=check.as_at,
        council=extract.council[:60],
        started=at,
        by=by,
    )
    changed: set[int] = set()

    def each(part: Comparison) -> None:
        with telling_who_is_shut_out(part.restricted, by, at):
            write(part, run)
        changed.update(child.pk for want in part.wants if want.values for child in want.about)

    compared = compare(extract, Known.of(check.authority, extract, by), each)
    if compared.digest != check.digest:
        raise changed_since()
    if compared.braked and not agreed:
        raise NotApplied(brake_sentence(compared), BRAKE)
    if not confirmed and (sentence := confirm_sentence(compared)):
        raise NotApplied(sentence, CONFIRM)
    run.counts = {**_counts(extract, compared, compared.findings), **_of_guarded(compared)}
    run.save(update_fields=["counts"])
    tell(run, compared.findings)
    ImportCheck.objects.filter(pk=check.pk).delete()
    follow(changed, at)
    return run


def last_run(authority: Authority) -> ImportRun | None:
    """The latest import that was not undone."""
    return ImportRun.objects.filter(authority=authority, undone_at=None).first()


@transaction.atomic
@as_service()
def why_not_undone(run: ImportRun, closed: Collection[int] = ()) -> str:
    """Why the run cannot be undone, in a sentence that names what was built upon it; "" where it can be.

    Of the children who are `closed` to the reader it does not say what.
    """
    return undoing.why_not(run, closed)


@transaction.atomic
@as_service()
def undo(run: ImportRun, *, at: datetime, by: Person | None, closed: Collection[int] = ()) -> int:
    """Put back what the run changed, and take away what it brought in; how many facts. Refuses with `NotApplied`."""
    with _alone(run.authority):
        run.refresh_from_db()
        undoing.hold(run)
        if sentence := undoing.why_not(run, closed):
            raise NotApplied(sentence, NOT_UNDONE)
        number, children = undoing.undo(run, at=at, by=by)
        follow(children, at)
        return number


@contextmanager
def _alone(authority: Authority) -> Iterator[None]:
    """No other import into this authority beside this transaction: one waits. Refuses when it waits too long.

    Whoever only writes something of the authority's is not kept waiting.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
        before = cursor.fetchone()[0]
    try:
        Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    except OperationalError as busy:
        if not isinstance(busy.__cause__, LockNotAvailable):
            raise
        raise NotApplied(
            f"Another import into {authority.name} is being written. Try again in a minute.", BUSY
        ) from busy
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
    yield


def _of_another(extract: Extract, authority: Authority) -> str:
    return "" if extract.stopped else other_council(extract, authority)


def _stopped(extract: Extract, authority: Authority) -> Sequence[Finding]:
    if extract.stopped:
        return extract.findings
    return [stop(_of_another(extract, authority), wanted="The file of this council."), *extract.findings]


def _of_guarded(compared: Compared | None) -> Mapping[str, Any]:
    """What of the counts is about children who may be closed to somebody: nobody is shown it, but without it."""
    found = sorted(compared.of_guarded.items()) if compared is not None else []
    return {GUARDED: [[list(of), what, number] for (of, what), number in found]} if found else {}


def _counts(extract: Extract, compared: Compared | None, findings: Sequence[Finding]) -> Mapping[str, int]:
    severities = Counter(finding.severity for finding in together(findings, ""))
    return dict.fromkeys(COUNTED, 0) | {
        "rows": extract.rows_in_file,
        "children": compared.children if compared is not None else 0,
        "plans": len(extract.plans),
        "open": extract.open_plans,
        **(compared.counts if compared is not None else {}),
        "rejected": severities[Severity.REJECT],
        "warnings": severities[Severity.WARN],
        "confirm": severities[Severity.CONFIRM],
        **{rows_in(table): number for table, number in extract.tables.items()},
        "asked": compared.asked if compared is not None else 0,
        **({"ends": compared.ends, "missing": compared.missing, "brake": int(compared.braked)} if compared else {}),
    }
