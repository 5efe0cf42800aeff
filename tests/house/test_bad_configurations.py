"""Bad configurations are refused, each in a sentence that says what is wrong and one that says what to set."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg
import pytest
from csp.constants import SELF, UNSAFE_INLINE
from django.conf import global_settings
from django.db import connection

from undrift.config import bad_databases, bad_settings, databases, documented
from undrift.config.bad_databases import Facts, facts
from undrift.config.refusals import Refused, Setup
from undrift.config.start_up import broken_settings
from undrift.people.sign_on import Provider

CHECKOUT = Path(__file__).resolve().parents[2]
KEY = "q7Jw2ZpX9vRt4LmN8sBdY1uHcE6kAfG3oTiW5yQx0zVrCnMbPlK"
TLS = "sslmode=verify-full"
PRODUCTION = {
    "DATABASE_URL": f"postgresql://undrift_app@db.council.example/undrift?{TLS}",
    "DATABASE_OWNER_URL": f"postgresql://undrift_owner@db.council.example/undrift?{TLS}",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "undrift.council.example",
    "EMAIL_HOST": "mail.council.example",
    "EMAIL_USE_TLS": "1",
    "EMAIL_FROM": "Undrift <undrift@council.example>",
    "BEHIND_PROXY": "1",
}
KEPT = ("PATH", "HOME", "LANG")
WESTMARCH = Provider("westmarch", "Westmarch", "https://sign-in.example", "id", "a long enough secret", frozenset())


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return PRODUCTION | {"UNDRIFT_DATA": str(tmp_path), "SEAL_FILE": str(tmp_path / "seals.jsonl")}


def setup(environ: dict[str, str], **changed: Any) -> Setup:
    """The settings as a machine with this environment would read them, then `changed`."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    with mock.patch.dict(os.environ, kept | environ, clear=True):
        read = runpy.run_path(str(CHECKOUT / "undrift/config/settings.py"))
    usual = {name: getattr(global_settings, name) for name in dir(global_settings) if name.isupper()}
    told = usual | {name: value for name, value in read.items() if name.isupper()}
    assert not set(changed) - set(told) - {"MFA_TOTP_INSECURE_BYPASS_CODE"}, "no such setting"
    return Setup(SimpleNamespace(**told | changed), kept | environ)


def refused(judged: Setup) -> set[str]:
    return {rule.id for rule in broken_settings(judged)}


def policy(**changed: list[str]) -> dict[str, Any]:
    usual = {"default-src": [SELF], "base-uri": ["'none'"], "form-action": [SELF], "frame-ancestors": ["'none'"],
             "object-src": ["'none'"]}  # fmt: skip
    return {"DIRECTIVES": usual | {name.replace("_", "-"): sources for name, sources in changed.items()}}


# What the environment of the machine says wrongly. "" stands for: not set.
BY_ENVIRONMENT: list[tuple[str, dict[str, str]]] = [
    ("undrift.E001", {"UNDRIFT_DEMO": "1"}),
    ("undrift.E002", {"ALLOWED_HOSTS": ""}),
    ("undrift.E003", {"DEBUG": "1"}),
    ("undrift.E004", {"SECRET_KEY": "short"}),
    ("undrift.E004", {"SECRET_KEY": "django-insecure-" + KEY}),
    ("undrift.E004", {"SECRET_KEY": "ab" * 40}),
    ("undrift.E005", {"SECRET_KEY_FALLBACKS": "short"}),
    ("undrift.E005", {"SECRET_KEY_FALLBACKS": KEY}),
    ("undrift.E006", {"ALLOWED_HOSTS": "*"}),
    ("undrift.E006", {"ALLOWED_HOSTS": "undrift.council.example,.council.example"}),
    ("undrift.E007", {"CSRF_TRUSTED_ORIGINS": "http://undrift.council.example"}),
    ("undrift.E007", {"CSRF_TRUSTED_ORIGINS": "https://*.council.example"}),
    ("undrift.E008", {"DATABASE_URL": "", "ALLOW_EMBEDDED_DB": "1"}),
    *[("undrift.E009", {"DATABASE_URL": f"postgresql://undrift_app@db.council.example/undrift{query}"})
      for query in ("", "?sslmode=disable", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca")],
    ("undrift.E009", {"DATABASE_URL": "postgresql://undrift_app@localhost,db.council.example/undrift"}),
    ("undrift.E009", {"DATABASE_URL": "postgresql://undrift_app@localhost/undrift?hostaddr=192.0.2.7"}),
    ("undrift.E010", {"DATABASE_OWNER_URL": "postgresql://undrift_owner@db.council.example/undrift?sslmode=require"}),
    ("undrift.E011", {"DATABASE_OWNER_URL": ""}),
    ("undrift.E011", {"DATABASE_OWNER_URL": f"postgresql://undrift_app@db.council.example/undrift?{TLS}&connect_timeout=3"}),
    *[("undrift.E012", {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"})
      for kind in ("filebased", "console", "dummy", "locmem")],
    ("undrift.E013", {"EMAIL_USE_TLS": ""}),
    ("undrift.E015", {"EMAIL_FROM": ""}),
    ("undrift.E040", {"SEAL_FILE": "/no/such/folder/seals.jsonl"}),
    ("undrift.E040", {"SEAL_FILE": "seals.jsonl"}),
    ("undrift.E041", {"LOG_LEVEL": "DEBUG"}),
]  # fmt: skip

# What somebody changed in the settings file.
BY_SETTING: list[tuple[str, dict[str, Any]]] = [
    ("undrift.E014", {"EMAIL_TIMEOUT": None}),
    ("undrift.E014", {"EMAIL_TIMEOUT": 600}),
    ("undrift.E016", {"SESSION_COOKIE_SECURE": False}),
    ("undrift.E016", {"CSRF_COOKIE_SECURE": False}),
    ("undrift.E017", {"SESSION_COOKIE_NAME": "sessionid"}),
    ("undrift.E017", {"SESSION_COOKIE_DOMAIN": ".council.example"}),
    ("undrift.E018", {"SESSION_COOKIE_HTTPONLY": False}),
    ("undrift.E019", {"SESSION_COOKIE_SAMESITE": "None"}),
    ("undrift.E019", {"CSRF_COOKIE_SAMESITE": False}),
    ("undrift.E020", {"SESSION_COOKIE_AGE": global_settings.SESSION_COOKIE_AGE}),
    ("undrift.E021", {"SESSION_LONGEST_SECONDS": 24 * 60 * 60}),
    ("undrift.E022", {"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"}),
    ("undrift.E023", {"SESSION_SERIALIZER": "django.contrib.sessions.serializers.PickleSerializer"}),
    ("undrift.E024", {"SECURE_SSL_REDIRECT": False}),
    ("undrift.E025", {"SECURE_HSTS_SECONDS": 60}),
    ("undrift.E026", {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}),
    ("undrift.E027", {"AUTH_PASSWORD_VALIDATORS": []}),
    ("undrift.E028", {"SECOND_FACTOR_REQUIRED": False}),
    ("undrift.E029", {"MFA_TOTP_INSECURE_BYPASS_CODE": "123456"}),
    ("undrift.E030", {"SINGLE_SIGN_ON": (replace(WESTMARCH, server_url="http://sign-in.example"),)}),
    ("undrift.E031", {"SINGLE_SIGN_ON": (WESTMARCH, WESTMARCH)}),
    ("undrift.E031", {"SINGLE_SIGN_ON": (replace(WESTMARCH, id="West/March"),)}),
    ("undrift.E032", {"SINGLE_SIGN_ON": (replace(WESTMARCH, secret="short"),)}),
    ("undrift.E033", {"SOCIALACCOUNT_ADAPTER": "allauth.socialaccount.adapter.DefaultSocialAccountAdapter"}),
    ("undrift.E034", {"SOCIALACCOUNT_EMAIL_AUTHENTICATION": True}),
    *[("undrift.E035", {"MIDDLEWARE": [name for name in bad_settings.MIDDLEWARE if name != left_out]})
      for left_out in bad_settings.MIDDLEWARE],
    ("undrift.E035", {"MIDDLEWARE": list(reversed(bad_settings.MIDDLEWARE))}),
    ("undrift.E036", {"CONTENT_SECURITY_POLICY": policy(script_src=[SELF, UNSAFE_INLINE])}),
    ("undrift.E036", {"CONTENT_SECURITY_POLICY": policy(default_src=["*"])}),
    ("undrift.E036", {"CONTENT_SECURITY_POLICY": {}}),
    ("undrift.E037", {"X_FRAME_OPTIONS": "SAMEORIGIN"}),
    ("undrift.E038", {"SECURE_REFERRER_POLICY": "unsafe-url"}),
    ("undrift.E038", {"SECURE_CONTENT_TYPE_NOSNIFF": False}),
    ("undrift.E039", {"TIME_ZONE": "UTC"}),
    ("undrift.E039", {"USE_TZ": False}),
    ("undrift.E041", {"LOGGING": {"handlers": {"mail": {"class": "django.utils.log.AdminEmailHandler"}}}}),
    ("undrift.E042", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}),
    ("undrift.E043", {"MESSAGE_STORAGE": "django.contrib.messages.storage.fallback.FallbackStorage"}),
    ("undrift.E044", {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_SCHEME", "https")}),
]  # fmt: skip

# What the server says.
GOOD = Facts(answers=True, version=180000, protocols=("walsall", "pan-lancashire"))
BY_SERVER: list[tuple[str, Facts]] = [
    ("undrift.E101", Facts()),
    ("undrift.E102", replace(GOOD, version=140012)),
    ("undrift.E103", replace(GOOD, fsync="off")),
    ("undrift.E104", replace(GOOD, full_page_writes="off")),
    ("undrift.E105", replace(GOOD, synchronous_commit="off")),
    ("undrift.E106", replace(GOOD, only_reads=True)),
    ("undrift.E107", replace(GOOD, encoding="LATIN1")),
    ("undrift.E108", replace(GOOD, superuser=True)),
    ("undrift.E109", replace(GOOD, bypasses_row_security=True)),
    ("undrift.E110", replace(GOOD, makes_roles=True)),
    ("undrift.E111", replace(GOOD, owns_tables=True)),
    ("undrift.E112", replace(GOOD, makes_tables=True)),
    ("undrift.E113", replace(GOOD, changes_history=True)),
    ("undrift.E114", replace(GOOD, has_tables=False)),
    ("undrift.E115", replace(GOOD, guarded=False)),
    ("undrift.E116", replace(GOOD, encrypted=False)),
    ("undrift.E117", replace(GOOD, protocols=("walsall", "elsewhere"))),
    ("undrift.E118", replace(GOOD, areas=(("pan-lancashire", "lancashire"), ("pan-lancashire", "elsewhere")))),
    ("undrift.E119", replace(GOOD, logs_values=True)),
]
RULES = (*bad_settings.RULES, *bad_databases.RULES)


def test_a_good_production_configuration_is_not_refused(environ: dict[str, str]) -> None:
    assert refused(setup(environ, SINGLE_SIGN_ON=(WESTMARCH,))) == set()
    assert [rule.id for rule in bad_databases.RULES if rule.wrong(GOOD)] == []


@pytest.mark.parametrize("unset", [{}, {"DATABASE_URL": "", "ALLOW_EMBEDDED_DB": "1"}])
def test_a_working_copy_is_not_refused(unset: dict[str, str], tmp_path: Path) -> None:
    assert refused(setup({"DEBUG": "1", "UNDRIFT_DATA": str(tmp_path)} | unset)) == set()
    assert refused(setup({"UNDRIFT_DEMO": "1", "ALLOW_EMBEDDED_DB": "1", "UNDRIFT_DATA": str(tmp_path)})) == set()


@pytest.mark.parametrize(("rule", "changed"), BY_ENVIRONMENT, ids=str)
def test_a_bad_environment_is_refused(environ: dict[str, str], rule: str, changed: dict[str, str]) -> None:
    told = {name: value for name, value in (environ | changed).items() if value}
    assert refused(setup(told)) == {rule}


@pytest.mark.parametrize(("rule", "changed"), BY_SETTING, ids=str)
def test_a_bad_setting_is_refused(environ: dict[str, str], rule: str, changed: dict[str, Any]) -> None:
    assert refused(setup(environ, **changed)) == {rule}


@pytest.mark.parametrize(("rule", "found"), BY_SERVER, ids=lambda value: value if isinstance(value, str) else "")
def test_a_bad_server_is_refused(rule: str, found: Facts) -> None:
    assert {each.id for each in bad_databases.RULES if each.wrong(found)} == {rule}


def test_a_calendar_that_runs_out_is_refused(environ: dict[str, str]) -> None:
    good = setup(environ)
    assert not bad_settings.calendar_runs_out(good, date(2026, 11, 22))
    assert bad_settings.calendar_runs_out(good, date(2028, 8, 1))


def test_every_rule_is_broken_by_some_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    broken = {rule for rule, _ in (*BY_ENVIRONMENT, *BY_SETTING, *BY_SERVER)} | {"undrift.E045"}
    assert broken == {rule.id for rule in RULES}
    assert len(RULES) == len(broken) >= 40
    with capsys.disabled():
        tried = len(BY_ENVIRONMENT) + len(BY_SETTING) + len(BY_SERVER) + 1
        sys.stdout.write(f"\n{len(RULES)} rules, {tried} bad configurations, {tried} refused\n")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_sentence_is_plain_and_says_what_to_set(rule: Any) -> None:
    assert rule.sentence.endswith(".")
    assert len(rule.sentence) <= 120
    assert rule.remedy.split()[0] in ("Set", "Unset", "Add", "Run", "Make", "Start"), rule.remedy
    assert rule.remedy.rstrip().endswith(".")


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = str(Refused(RULES[:3]))
    assert "3 things are not safe" in said
    assert all(rule.sentence in said and rule.remedy in said for rule in RULES[:3])


def test_the_page_of_the_manual_is_the_table() -> None:
    assert (CHECKOUT / "docs/reference/configuration.md").read_text() == documented.page(), (
        "run `python -m undrift.config.documented`"
    )


# The server itself


@pytest.mark.django_db(transaction=True)
def test_the_applications_role_on_a_real_server_breaks_nothing_but_what_tests_trade_for_speed() -> None:
    found = facts(connection)
    assert {rule.id for rule in bad_databases.RULES if rule.wrong(found)} == {
        "undrift.E103",
        "undrift.E104",
        "undrift.E105",
    }


@pytest.fixture
def undone(superuser_cursor: psycopg.Cursor) -> Iterator[list[str]]:
    statements: list[str] = []
    yield statements
    for statement in statements:
        superuser_cursor.execute(statement.encode())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("rule", "done", "undo"),
    [
        ("undrift.E108", "ALTER ROLE undrift_app SUPERUSER", "ALTER ROLE undrift_app NOSUPERUSER"),
        ("undrift.E109", "ALTER ROLE undrift_app BYPASSRLS", "ALTER ROLE undrift_app NOBYPASSRLS"),
        ("undrift.E110", "ALTER ROLE undrift_app CREATEDB", "ALTER ROLE undrift_app NOCREATEDB"),
        ("undrift.E111", "GRANT undrift_owner TO undrift_app", "REVOKE undrift_owner FROM undrift_app"),
        ("undrift.E112", "GRANT CREATE ON SCHEMA public TO undrift_app",
         "REVOKE CREATE ON SCHEMA public FROM undrift_app"),
        ("undrift.E113", "GRANT DELETE ON record_event TO undrift_app",
         "REVOKE DELETE ON record_event FROM undrift_app"),
        ("undrift.E115", "ALTER TABLE record_event DISABLE TRIGGER record_event_rows",
         "ALTER TABLE record_event ENABLE TRIGGER record_event_rows"),
        *[("undrift.E119", f"ALTER ROLE undrift_app SET {setting}",
           f"ALTER ROLE undrift_app RESET {setting.split()[0]}")
          for setting in (
              "log_min_error_statement = 'error'",
              "log_error_verbosity = 'default'",
              "log_statement = 'mod'",
              "log_min_duration_statement = 5000",
              "log_min_duration_sample = 100",
              "log_transaction_sample_rate = 0.5",
          )],
    ],
)  # fmt: skip
def test_a_real_server_that_was_set_up_wrongly_is_found_out(
    superuser_cursor: psycopg.Cursor, undone: list[str], rule: str, done: str, undo: str
) -> None:
    undone.append(undo)
    superuser_cursor.execute(done.encode())
    connection.close()
    found = facts(connection)
    assert rule in {each.id for each in bad_databases.RULES if each.wrong(found)}


# Real processes


def started(environ: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    surroundings = {name: os.environ[name] for name in KEPT if name in os.environ} | environ
    return subprocess.run(
        [sys.executable, *command], cwd=CHECKOUT, env=surroundings, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    "command",
    [("-c", "import undrift.config.wsgi"), ("manage.py", "work", "--once"), ("manage.py", "check"),
     ("-m", "undrift.config.run")],
    ids=["web", "worker", "check", "run"],
)  # fmt: skip
def test_no_process_starts_on_a_bad_configuration(environ: dict[str, str], command: tuple[str, ...]) -> None:
    ended = started(environ | {"ALLOWED_HOSTS": "*", "PORT": "18431"}, *command)
    assert ended.returncode != 0
    assert "ALLOWED_HOSTS has a wildcard" in ended.stderr
    assert "Set ALLOWED_HOSTS to full host names" in ended.stderr


@pytest.mark.django_db(transaction=True)
def test_a_web_process_asks_the_server_before_it_serves(environ: dict[str, str]) -> None:
    """On the server for tests, which is quick rather than safe in a power cut."""
    name = connection.settings_dict["NAME"]
    from tests.house.surroundings import cluster

    urls = databases.cluster_urls(cluster(), name)
    ended = started(
        environ | {"DATABASE_URL": urls.application, "DATABASE_OWNER_URL": urls.owner},
        "-c",
        "import undrift.config.wsgi",
    )
    assert ended.returncode != 0
    assert "fsync is off" in ended.stderr
    assert "Set fsync = on in postgresql.conf" in ended.stderr
    assert "wildcard" not in ended.stderr
