"""Tries are counted before they are made: nothing washes the counting out, and a crowd gets through no faster."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.desks.account.conftest import PASSWORD
from undrift.library.numbers import FREE_TRIES
from undrift.people import tries
from undrift.people.models import Person, WrongTry

MANY, AT_ONCE = 400, 64
SIGN_IN = "/sign-in"


def tried(who: str, password: str = "not this one") -> str:
    """What the sign-in page says to a try from a browser that was never here."""
    return Client().post(SIGN_IN, {"email": who, "password": password}).content.decode()


@pytest.mark.django_db
def test_tries_on_400_other_addresses_leave_the_wait_standing(grace: Person, clock: Any) -> None:
    for _ in range(FREE_TRIES + 6):
        tries.take(grace.email)
        clock.shift(timedelta(minutes=2))
    clock.shift(timedelta(minutes=-2))
    before = tries.take(grace.email)
    assert before > 100
    for number in range(MANY):
        tries.take(f"somebody.{number}@westmarch.example")
    cache.clear()
    assert before - 60 <= tries.take(grace.email) <= before
    assert "Too many tries" in tried(grace.email, PASSWORD)
    assert WrongTry.objects.count() == MANY + 1


@pytest.mark.django_db
def test_each_wrong_password_is_counted_and_a_right_one_forgets_them(grace: Person, clock: Any) -> None:
    clock.move_to(datetime.now(UTC), tick=False)  # it stands: however slow the machine, no second goes by
    for _ in range(FREE_TRIES - 1):
        assert "Too many tries" not in tried(grace.email)
    assert "Too many tries" not in tried(grace.email, PASSWORD)
    assert not WrongTry.objects.exists()
    for _ in range(FREE_TRIES):
        assert "Too many tries" not in tried(grace.email)
    assert "Too many tries. Wait 2 seconds" in tried(grace.email, PASSWORD)
    clock.shift(timedelta(seconds=3))
    assert "Too many tries" not in tried(grace.email, PASSWORD)


@pytest.mark.django_db
def test_tries_that_count_no_more_go_away(clock: Any) -> None:
    for number in range(30):
        tries.take(f"somebody.{number}@westmarch.example")
    clock.shift(timedelta(days=2))
    tries.take("one@westmarch.example")
    tries.take("two@westmarch.example")
    assert WrongTry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_64_guesses_at_once_no_more_get_through_than_may() -> None:
    """Each on a connection of its own, beginning in the same moment."""
    together = Barrier(AT_ONCE)

    def guesses(number: int) -> bool:
        try:
            connection.ensure_connection()
            together.wait(timeout=120)
            return tries.take("grace.ollerton@westmarch.example") == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        through = Counter(crowd.map(guesses, range(AT_ONCE)))
    assert 1 <= through[True] <= FREE_TRIES
    assert sum(through.values()) == AT_ONCE


@pytest.mark.django_db
def test_a_code_of_an_app_is_taken_once_whatever_is_washed_out_of_the_cache() -> None:
    assert tries.use_once("app code 123456 of 1", timedelta(minutes=1))
    cache.clear()
    assert not tries.use_once("app code 123456 of 1", timedelta(minutes=1))
    assert tries.use_once("app code 123456 of 2", timedelta(minutes=1))
