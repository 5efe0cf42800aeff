"""What a check or an import tells, kept row by row with the child it is of; and that applying began, or failed.

The second is kept whatever becomes of the transaction around it: a process that ends in the midst takes nothing back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import DatabaseError, connection

from undrift.applying.numbers import plain
from undrift.children import in_bulk
from undrift.children.models import Child, ImportCheck, ImportRun, ImportTold, Telling
from undrift.intake.findings import Finding
from undrift.people.models import Authority


def tell(of: ImportCheck | ImportRun, findings: Sequence[Finding], changes: Sequence[Mapping[str, Any]] = ()) -> None:
    """Each with the child of its number, however written, where they are on file."""
    numbers = {finding.place.child for finding in findings} | {str(change["child"]) for change in changes}
    children = _on_file(of.authority, numbers - {""})
    is_check = isinstance(of, ImportCheck)
    whose = {"check_of_id": of.pk if is_check else None, "run_id": None if is_check else of.pk}
    rows = chain(
        (
            (Telling.FINDING.value, one.place.child, one.place.row is not None and not one.on_file, one.as_json())
            for one in findings
        ),
        ((Telling.CHANGE.value, str(one["child"]), False, dict(one)) for one in changes),
    )
    told = (
        (kind, place, children.get(plain(number)), in_file, said)
        for place, (kind, number, in_file, said) in enumerate(rows, start=1)
    )
    # So many at a time: as they are written each takes ten times the room of its sentence.
    while some := list(islice(told, in_bulk.AT_ONCE)):
        columns = zip(("kind", "place", "child_id", "in_file", "said"), zip(*some, strict=True), strict=True)
        in_bulk.add_values(ImportTold, dict(columns), authority_id=of.authority_id, by_id=of.by_id, **whose)


def _on_file(authority: Authority, numbers: Iterable[str]) -> Mapping[str, int]:
    """The child of each number. Of two whom one number may mean, the one who is restricted: it is closed to more."""
    wanted = {plain(number) for number in numbers}
    if not wanted:
        return {}
    known = Child.objects.filter(authority=authority).exclude(external_id="").order_by("restricted", "pk")
    return {bare: pk for pk, number in known.values_list("pk", "external_id") if (bare := plain(number)) in wanted}


# Kept whatever comes -------------------------------------------------------------------------------------------------

BEGUN = "UPDATE children_importcheck SET begun_at = %(at)s, failed_at = NULL, failed_why = '' WHERE id = %(check)s"
FAILED = "UPDATE children_importcheck SET failed_at = %(at)s, failed_why = %(why)s WHERE id = %(check)s"
LONGEST_WHY = 400


def begun(check: ImportCheck, at: datetime) -> None:
    _keep(BEGUN, {"check": check.pk, "at": at})


def failed(check: ImportCheck, at: datetime, why: str) -> None:
    _keep(FAILED, {"check": check.pk, "at": at, "why": why[:LONGEST_WHY]})


def _keep(statement: str, values: Mapping[str, Any]) -> None:
    """In a connection of its own, which waits for nobody; where it cannot be kept, what is being done goes on.

    A connection of a page's sees nothing by itself: it is widened, and made impatient, for this one transaction alone.
    """
    beside = connection.copy()
    with suppress(DatabaseError), closing(beside), beside.cursor() as cursor:
        beside.set_autocommit(False)
        cursor.execute("SELECT set_config('undrift.reach', 'service', true), set_config('lock_timeout', '2s', true)")
        cursor.execute(statement, values)
        beside.commit()
