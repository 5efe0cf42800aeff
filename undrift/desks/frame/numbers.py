"""The councils' numbers to ring, kept beside the database, so that they are there when it is not."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from undrift.people.models import Authority

NAME = "numbers-to-ring.json"


@dataclass(frozen=True)
class Numbers:
    """One council's, as the page of urgent help shows them."""

    pk: int
    name: str
    front_door_phone: str
    out_of_hours_phone: str


_kept: list[Numbers] = []


def read_and_keep() -> list[Numbers]:
    """Every council's, from the database; what has changed is kept in memory and in a file. One query."""
    fields = ("pk", "name", "front_door_phone", "out_of_hours_phone")
    found = [Numbers(*row) for row in Authority.objects.order_by("name").values_list(*fields)]
    if found != _kept:
        _kept[:] = found
        # A folder that cannot be written to costs the copy, and not the page.
        with contextlib.suppress(OSError):
            _write(found)
    return found


def kept() -> list[Numbers]:
    """As they were last read, without the database; none where they never were."""
    if not _kept:
        with contextlib.suppress(OSError, ValueError, TypeError):
            _kept[:] = [Numbers(**each) for each in json.loads(_file().read_text("utf-8"))]
    return list(_kept)


def _file() -> Path:
    return Path(settings.DATA_FOLDER) / NAME


def _write(found: list[Numbers]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    apart = path.with_suffix(f".{os.getpid()}")
    apart.write_text(json.dumps([asdict(each) for each in found]), "utf-8")
    apart.replace(path)
