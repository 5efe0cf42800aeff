"""The rules of the rulebook are pure: a test of them reaches no network, no server and no database, or it fails."""

from __future__ import annotations

import socket
from typing import Any, NoReturn

import psycopg
import pytest


class ReachedOut(AssertionError):
    """A test of pure rules opened a connection; move it to the room that does."""


def _refused(*args: Any, **kwargs: Any) -> NoReturn:
    raise ReachedOut("This test is of pure rules, and asked for a connection. Pass it what it needs, or move it.")


@pytest.fixture
def shut_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as this test lasts no socket connects or listens, and no database is reached."""
    for way in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, way, _refused)
    monkeypatch.setattr(psycopg.Connection, "connect", _refused)
    monkeypatch.setattr(psycopg, "connect", _refused)


@pytest.fixture(autouse=True)
def pure(shut_in: None) -> None:
    """For a folder in which no test reaches out: its conftest names this."""
