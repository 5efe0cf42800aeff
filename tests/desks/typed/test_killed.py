"""Whatever form is sent: where the database goes away at any statement of it, all of it is kept or nothing.

Sent again as it was, it has its one effect. PostgreSQL ends the connection for real, before each statement in turn and
before what is written is committed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.cast import westmarch
from tests.desks.typed.sendings import SCENES, signed_in
from tests.desks.typed.test_each_form_counts_once import BESIDE_ONLY, DONE, effects, more, posted, rows_of
from tests.house.thorough import THOROUGH
from tests.resolutions.conftest import under_shipped_versions
from undrift.desks.frame import answers
from undrift.desks.frame.keeping import REPEATED

AWAY = 503
# Kept step by step, so that whoever waits sees how far it is: tests/desks/importing/test_failed_imports.py cuts it.
IN_STEPS = {"import-check"}
# What may be done again as often as one likes is done again.
FORMS = sorted(set(SCENES) - REPEATED - BESIDE_ONLY - IN_STEPS)
When = Callable[[int, str], bool]


class Killed:
    """Ends the connection before one of the statements that are asked on it, once: the commit is one of them."""

    def __init__(self, superuser: psycopg.Cursor, when: When) -> None:
        self.superuser, self.when, self.asked, self.done = superuser, when, 0, False

    def before(self, statement: str) -> None:
        self.asked += 1
        if self.done or not self.when(self.asked, statement):
            return
        self.done = True
        backend = [connection.connection.info.backend_pid]
        self.superuser.execute("SELECT pg_terminate_backend(%s)", backend)
        while self.superuser.execute("SELECT FROM pg_stat_activity WHERE pid = %s", backend).rowcount:
            time.sleep(0.001)

    def __call__(self, execute: Callable[..., Any], statement: str, *more: Any) -> Any:
        self.before(statement)
        return execute(statement, *more)


@contextmanager
def killed(superuser: psycopg.Cursor, when: When, monkeypatch: pytest.MonkeyPatch) -> Iterator[Killed]:
    killing, commit = Killed(superuser, when), getattr(connection, "_commit")  # noqa: B009 - not in the stubs

    def committing() -> None:
        killing.before("COMMIT")
        commit()

    with monkeypatch.context() as patched, connection.execute_wrapper(killing):
        patched.setattr(connection, "_commit", committing)
        patched.setattr(answers, "_away_until", 0.0)  # it is asked again at once, and not in five seconds
        yield killing
    if killing.done:
        connection.close()


def nth(number: int) -> When:
    return lambda asked, _: asked == number


def forms() -> list[str]:
    """A few of the forms, drawn; all of them where everything is asked."""
    chance = random.Random(os.environ["SEED"])
    return FORMS if THOROUGH else sorted(chance.sample(FORMS, len(FORMS) // 16))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", forms())
def test_killed_at_each_statement_it_is_kept_whole_or_not_at_all(
    name: str, superuser_cursor: psycopg.Cursor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = under_shipped_versions(westmarch())
    sent = SCENES[name](cast, 0)
    client = signed_in(sent.who)
    client.raise_request_exception = False
    client.get("/")  # a session notes once a minute that it is used
    before = effects()
    kept = None
    for at in count(1):
        with killed(superuser_cursor, nth(at), monkeypatch) as killing:
            status = posted(client, sent, "once")
        if not killing.done:
            break
        assert status == AWAY, f"{name}: {status} at statement {at}"
        now = effects()
        if now != before and kept is None:
            kept = now
        assert now == (kept or before), f"{name}: killed at statement {at} a part was kept: {more(before, now)}"
    assert status in DONE, status
    done = rows_of(more(before, effects()))
    print(f"{name}: killed {at - 1} times")
    again = SCENES[name](cast, 1)
    began = effects()
    assert posted(signed_in(again.who), again, "plainly") in DONE
    assert done == rows_of(more(began, effects()))


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_is_never_said_to_be_lost_where_the_session_cannot_be_kept(
    superuser_cursor: psycopg.Cursor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = under_shipped_versions(westmarch())
    sent = SCENES["withdraw"](cast, 0)
    client = signed_in(sent.who)
    client.raise_request_exception = False
    client.get("/")
    before = effects()
    with killed(superuser_cursor, lambda _, asked: asked.startswith('UPDATE "django_session"'), monkeypatch) as killing:
        status = posted(client, sent, "once")
    assert killing.done
    assert effects() != before
    assert status == AWAY
