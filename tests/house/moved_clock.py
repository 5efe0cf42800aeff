"""Where a test moves the clock (`time_machine`), the database's clock moves with it; `apart` moves only the web's.

The service asks the database for the time. A page that is looked at on an invented day needs that day from both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone

from undrift.people import clock

READS_THE_CLOCK = re.compile("people_clock|people_holding|people_cover|people_grant")
SET = "SELECT set_config('tests.now', %s, false)"

_apart = False


@contextmanager
def apart() -> Iterator[None]:
    """Inside, the database keeps its own time, whatever this process takes the time to be."""
    global _apart
    _apart = True
    try:
        yield
    finally:
        _apart = False


def _together() -> bool:
    return not _apart and time_machine.escape_hatch.is_travelling()


def _of_database(said: datetime) -> datetime:
    return timezone.now() if _together() else said


def _moved(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    connection = context["connection"].connection
    if READS_THE_CLOCK.search(str(sql)) and connection.info.transaction_status.name != "INERROR":
        # Past the count of a page's queries.
        connection.execute(SET, [timezone.now().isoformat() if _together() else ""])
    return execute(sql, params, many, context)


def _on_each(sender: Any, connection: BaseDatabaseWrapper, **more: Any) -> None:
    if connection.vendor == "postgresql" and _moved not in connection.execute_wrappers:
        connection.execute_wrappers.append(_moved)


@pytest.fixture(scope="session", autouse=True)
def the_database_travels_too() -> Iterator[None]:
    connection_created.connect(_on_each, dispatch_uid="moved clock")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "of_database", _of_database)
        yield
