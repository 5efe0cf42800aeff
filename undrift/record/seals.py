"""Seals: now and then what was added since is written down, in the database and outside it.

A seal names the heads of all histories that grew, and one hash for each table of rows that are only added to (see
`sealed_rows`). A history whose last entries were cut off still has a whole chain; a seal that names the entry cut off
gives it away. The file may lie on another machine: SEAL_FILE names it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from undrift.people import clock
from undrift.record.models import Case, Seal
from undrift.record.sealed_rows import Known, Sealed, seal_rows

log = logging.getLogger(__name__)

AT_MOST = 10_000  # heads in one seal
ONE_SEALER = 7_310_001  # the advisory lock's number

Head = list[Any]  # case, last number, hash


@dataclass(frozen=True)
class Line:
    """One line of the file: the seal it holds, or None where it cannot be read."""

    number: int
    seal: dict[str, Any] | None


def seal_file() -> Path:
    """Where seals are kept outside the database."""
    return Path(settings.SEAL_FILE)


def seal(now: datetime | None = None) -> int:
    """Seal what grew since the seal before; how many histories. Nothing, where another worker is sealing."""
    sealed = 0
    while (count := _seal_some(now)) == AT_MOST:
        sealed += count
    return sealed + count


def _seal_some(now: datetime | None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s), people_clock()", [ONE_SEALER])
        mine, moment = cursor.fetchone()
        if not mine:
            return 0
        _write_what_was_left()
        grown = Case.objects.filter(sealed_seq__lt=F("last_seq")).order_by("pk")
        grown = grown.select_for_update(skip_locked=True)
        heads: list[Head] = [list(head) for head in grown.values_list("pk", "last_seq", "last_hash")[:AT_MOST]]
        before = Known()
        for made_at, sealed in Seal.objects.order_by("batch").values_list("made_at", "rows"):
            before.take(made_at, sealed)
        rows = seal_rows(before, grew=bool(heads))
        if not heads and not rows:
            return 0
        last = Seal.objects.order_by("-batch").values_list("batch", "root").first() or (0, "")
        made = Seal(
            batch=last[0] + 1,
            made_at=now or clock.of_database(moment),
            count=len(heads),
            heads=heads,
            rows=rows,
            previous_root=last[1],
            root=root_of(last[1], heads, rows),
        )
        made.save(force_insert=True)
        Case.objects.filter(pk__in=[head[0] for head in heads]).update(sealed_seq=F("last_seq"))
        # The database first: what a crash leaves unwritten, the next round writes. So a line always has its seal.
        transaction.on_commit(lambda: _write_outside(made))
        return len(heads)


def root_of(previous: str, heads: Sequence[Head], rows: Sequence[Sealed] = ()) -> str:
    sealed = [previous, heads, rows] if rows else [previous, heads]
    return hashlib.sha256(json.dumps(sealed, separators=(",", ":")).encode()).hexdigest()


def as_line(made: Seal) -> dict[str, Any]:
    """A seal as the file has it."""
    return {
        "batch": made.batch,
        "made_at": made.made_at.isoformat(),
        "previous_root": made.previous_root,
        "root": made.root,
        "heads": made.heads,
        "rows": made.rows,
    }


def _write_what_was_left() -> None:
    """The last seal, where a crash came between it and its line. A file that lacks more than that is left as it is."""
    last = Seal.objects.order_by("-batch").first()
    if last is None:
        return
    kept = [line.seal["batch"] for line in lines_outside() if line.seal is not None]
    if max(kept, default=0) == last.batch - 1:
        _write_outside(last)
    elif last.batch not in kept:
        log.error("The file of seals is not whole. Run undrift verify.")


def _write_outside(made: Seal) -> None:
    path = seal_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # half a line, of a crash: the next begins beneath it
                file.write(b"\n")
        file.write(json.dumps(as_line(made), separators=(",", ":")).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def lines_outside() -> Iterator[Line]:
    """The lines of the file, oldest first. Half a line that a crash left, whole in the next or last, is passed over."""
    path = seal_file()
    if not path.exists():
        return
    lines = path.read_bytes().split(b"\n")
    rest = lines.pop()
    for number, line in enumerate(lines, start=1):
        following = lines[number] if number < len(lines) else rest
        if (read := _read(line)) is not None or not (line and following.startswith(line)):
            yield Line(number, read)


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
        if isinstance(found["batch"], int) and isinstance(found["heads"], list) and isinstance(found["root"], str):
            return {"previous_root": "", "made_at": "", "rows": [], **found}
    except (ValueError, TypeError, KeyError):
        pass
    return None
