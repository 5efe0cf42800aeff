"""The worker: it does what time asks, outlives the database's absence and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.cast import westmarch
from tests.house.surroundings import cluster
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.config import databases
from undrift.messages.management.commands.work import Worker
from undrift.record.models import Event, Notice, Seal

WORK = "import django; django.setup(); from django.core.management import call_command; call_command('work')"


def seen_within(seconds: float, what: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.django_db(transaction=True)
def test_the_worker_records_sends_and_seals_and_stops_on_sigterm(tmp_path: Path) -> None:
    cast = under_shipped_versions(westmarch())
    reached.stage_one(cast)  # its date has long passed by the real clock
    env = {
        **os.environ,
        "DATABASE_URL": cluster().url(databases.APPLICATION, connection.settings_dict["NAME"]),
        "UNDRIFT_DATA": str(tmp_path),
        "SEAL_FILE": str(tmp_path / "seals.jsonl"),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }
    with subprocess.Popen([sys.executable, "-c", WORK], env=env, stderr=subprocess.PIPE) as worker:
        assert seen_within(20, lambda: Seal.objects.exists())
        assert Event.objects.filter(type="date_lapsed").exists()
        assert not Notice.objects.filter(sent_at=None).exists()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0


def test_a_worker_whose_connection_was_cut_goes_on_in_the_next_round(
    superuser_cursor: psycopg.Cursor, settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_FILE = tmp_path / "seals.jsonl"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cast = under_shipped_versions(westmarch())
    worker = Worker()
    worker.round()
    reached.stage_one(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()
    superuser_cursor.execute("SELECT pg_terminate_backend(%s)", mine)
    worker.round()
    worker.round()
    assert Event.objects.filter(type="date_lapsed").exists()
