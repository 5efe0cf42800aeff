"""What keeps the tests of pure rules pure can fail."""

from __future__ import annotations

import socket

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.house.shut_in import ReachedOut, shut_in
from tests.house.surroundings import cluster
from undrift.config import embedded

__all__ = ["shut_in"]


@pytest.mark.usefixtures("shut_in")
def test_whoever_is_shut_in_reaches_no_address_and_no_database(django_db_blocker: DjangoDbBlocker) -> None:
    with socket.socket() as opened:
        with pytest.raises(ReachedOut, match="pure rules"):
            opened.connect(("127.0.0.1", 9))
        with pytest.raises(ReachedOut):
            opened.bind(("127.0.0.1", 0))
    with pytest.raises(ReachedOut):
        psycopg.connect(cluster().url(embedded.SUPERUSER, "postgres"))
    with django_db_blocker.block(), pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


@pytest.mark.parametrize("room", ["engine", "protocol"])
def test_the_rooms_of_the_rule_book_are_shut_in(room: str, request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "tests" / room / "conftest.py").read_text()
    assert "from tests.house.shut_in import pure" in text
