"""The settings: safe where nothing is said, and plain about what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from undrift.config import databases
from undrift.people.models import Partnership, Person

CHECKOUT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgresql://undrift_app@db/undrift",
    "DATABASE_OWNER_URL": "postgresql://undrift_owner@db/undrift",
    "SECRET_KEY": "a key of more than fifty characters, as every council has its own",
    "ALLOWED_HOSTS": "undrift.example",
}
KEPT = ("PATH", "HOME", "LANG")


def under(environ: dict[str, str], expression: str) -> subprocess.CompletedProcess[str]:
    """Evaluate an expression on the settings as another machine would read them."""
    surroundings = {name: os.environ[name] for name in KEPT if name in os.environ} | environ
    program = f"from undrift.config import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, env=surroundings, capture_output=True, text=True
    )


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SECRET_KEY"])
def test_production_does_not_start_without(missing: str) -> None:
    ended = under(without(missing), "'started'")
    assert "started" not in ended.stdout
    assert f"{missing} is not set. Set it to" in ended.stderr


def test_only_postgresql_will_do() -> None:
    ended = under(PRODUCTION | {"DATABASE_URL": "sqlite:///db.sqlite3"}, "'started'")
    assert "PostgreSQL 15 or newer only" in ended.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DEBUG", "False"),
        ("DEMO", "False"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("CSRF_COOKIE_SECURE", "True"),
        ("SECURE_SSL_REDIRECT", "True"),
        ("ALLOWED_HOSTS", "['undrift.example']"),
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
        ("DATABASES['default']['USER']", "undrift_app"),
        ("DATABASES['default']['CONN_HEALTH_CHECKS']", "True"),
    ],
)
def test_production_has(setting: str, value: str) -> None:
    assert under(PRODUCTION, f"settings.{setting}").stdout.strip() == value


def test_only_a_process_that_changes_tables_connects_as_their_owner() -> None:
    user = "settings.DATABASES['default']['USER']"
    assert under(PRODUCTION | {databases.AS_OWNER: "1"}, user).stdout.strip() == "undrift_owner"


@pytest.mark.parametrize(("command", "as_owner"), [("migrate", "1"), ("make_ready", "1"), ("work", None)])
def test_a_command_that_changes_tables_runs_as_their_owner(command: str, as_owner: str | None) -> None:
    environ = dict(PRODUCTION)
    databases.prepare_for_command(["manage.py", command], environ)
    assert environ.get(databases.AS_OWNER) == as_owner


def test_the_embedded_database_is_refused_in_production_and_allowed_when_asked_for() -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not set"):
        databases.database_urls({})
    assert not databases.database_urls({"ALLOW_EMBEDDED_DB": "1"}).external
    assert not databases.database_urls({"DEBUG": "1"}).external


def test_a_socket_keeps_its_capitals() -> None:
    url = "postgresql://undrift_app@%2FUsers%2FGrace%20O%2Fsocket/undrift"
    database = databases.django_database({"DATABASE_URL": url})
    assert (database["HOST"], database["NAME"], database["USER"]) == ("/Users/Grace O/socket", "undrift", "undrift_app")


def test_several_hosts_reach_the_driver() -> None:
    url = "postgresql://undrift_app@one:5432,two:5432/undrift?target_session_attrs=read-write"
    database = databases.django_database({"DATABASE_URL": url, databases.SERVES_PAGES: "1"})
    assert (database["HOST"], database["PORT"]) == ("one,two", "5432,5432")
    options = database["OPTIONS"]
    assert isinstance(options, dict)
    assert options["target_session_attrs"] == "read-write"


@pytest.mark.parametrize(
    ("environ", "identifier"),
    [
        ({"DATABASE_URL": "postgresql://one@db/undrift"}, "undrift.E011"),
        (PRODUCTION | {"UNDRIFT_DEMO": "1"}, "undrift.E001"),
    ],
)
def test_a_check_explains(environ: dict[str, str], identifier: str) -> None:
    surroundings = {name: os.environ[name] for name in KEPT if name in os.environ} | PRODUCTION
    surroundings.pop("DATABASE_OWNER_URL")
    command = [sys.executable, "manage.py", "check"]
    ended = subprocess.run(
        command, cwd=CHECKOUT, env=surroundings | environ, capture_output=True, text=True, timeout=60
    )
    assert identifier in ended.stderr
    assert "HINT" in ended.stderr


@pytest.mark.django_db
def test_a_session_ends_after_half_an_hour_without_a_page_and_not_before() -> None:
    client, partnership = Client(), Partnership.objects.create(name="Northmoor")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(
            Person.objects.create_user("grace@northmoor.example", name="Grace Ollerton", partnership=partnership)
        )
        for _ in range(3):
            clock.shift(timedelta(minutes=29))
            assert _is_signed_in(client)
        clock.shift(timedelta(minutes=31))
        assert not _is_signed_in(client)


def _is_signed_in(client: Client) -> bool:
    return bool(client.get("/health").wsgi_request.user.is_authenticated)


def test_people_see_london_time() -> None:
    assert (settings.TIME_ZONE, settings.USE_TZ) == ("Europe/London", True)
