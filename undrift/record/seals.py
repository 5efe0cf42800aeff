"""Seals: now and then the heads of all histories that grew are written down, in the database and outside it.

A history whose last entries were cut off still has a whole chain. A seal that names the entry cut off gives it away.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from undrift.record.models import Case, Seal

AT_MOST = 10_000  # heads in one seal
ONE_SEALER = 7_310_001  # the advisory lock's number

Head = list[Any]  # case, last number, hash


def seal_file() -> Path:
    """Where seals are kept outside the database."""
    return Path(settings.SEAL_FILE)


def seal(now: datetime | None = None) -> int:
    """Seal every history that grew since the seal before; how many. Nothing, where another worker is sealing."""
    sealed = 0
    while (count := _seal_some(now or timezone.now())) == AT_MOST:
        sealed += count
    return sealed + count


def _seal_some(now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_SEALER])
        if cursor.fetchone() != (True,):
            return 0
        grown = Case.objects.filter(sealed_seq__lt=F("last_seq")).order_by("pk")
        grown = grown.select_for_update(skip_locked=True)
        heads: list[Head] = [list(head) for head in grown.values_list("pk", "last_seq", "last_hash")[:AT_MOST]]
        if not heads:
            return 0
        last = Seal.objects.order_by("-batch").values_list("batch", "root").first() or (0, "")
        made = Seal(
            batch=last[0] + 1,
            made_at=now,
            count=len(heads),
            heads=heads,
            previous_root=last[1],
            root=root_of(last[1], heads),
        )
        made.save(force_insert=True)
        Case.objects.filter(pk__in=[head[0] for head in heads]).update(sealed_seq=F("last_seq"))
        # The file first: a crash before the commit leaves a line too many, which is true all the same.
        _write_outside(made)
        return len(heads)


def root_of(previous: str, heads: Sequence[Head]) -> str:
    return hashlib.sha256(json.dumps([previous, heads], separators=(",", ":")).encode()).hexdigest()


def _write_outside(made: Seal) -> None:
    path = seal_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {
        "batch": made.batch,
        "made_at": made.made_at.isoformat(),
        "previous_root": made.previous_root,
        "root": made.root,
        "heads": made.heads,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
        file.flush()
        os.fsync(file.fileno())


def kept_outside() -> Iterator[dict[str, Any]]:
    """The seals of the file, oldest first; none where there is no file. Half a line at the end is passed over."""
    path = seal_file()
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)
