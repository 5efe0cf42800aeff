"""Two imports into one authority at once: one waits for the other, and then what it would change is another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from tests.applying.by_hand import LATER, SECOND, a_file, brought_in, checked, plan
from tests.cast import northmoor, westmarch
from undrift.applying import from_file
from undrift.applying.by_hand import TAKEN
from undrift.applying.from_file import NotApplied, apply_check
from undrift.applying.putting_right import OF_CHILD, put_right
from undrift.children.models import Child, Family, ImportCheck, ImportRun
from undrift.people.models import Authority, Person
from undrift.record.families import NotChanged

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def importing(authority: Authority) -> Iterator[None]:
    """Elsewhere, an import into the authority is being written for as long as this lasts."""
    held, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
                held.set()
                assert done.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        holding = elsewhere.submit(hold)
        assert held.wait(30)
        try:
            yield
        finally:
            done.set()
            holding.result(30)


def applied_elsewhere(check: ImportCheck) -> Any:
    """What comes of it in another process: the run, or why not."""
    try:
        return apply_check(check, at=SECOND, by=None, agreed=True)
    except NotApplied as refused:
        return refused.code
    finally:
        connection.close()


def test_of_two_that_were_shown_the_same_one_waits_and_has_to_be_checked_again() -> None:
    authority = westmarch().authority
    one = checked(a_file(plan(latest_category="NEG"), as_at=LATER), authority)
    other = checked(a_file(plan(latest_category="NEG"), as_at=LATER, source="by-another-hand"), authority)
    with ThreadPoolExecutor(2) as at_once:
        outcomes = list(at_once.map(applied_elsewhere, [one, other]))
    assert sorted(isinstance(outcome, ImportRun) for outcome in outcomes) == [False, True]
    assert "changed-since" in outcomes
    assert Child.objects.filter(external_id="90001").count() == 1


def test_one_file_is_applied_once_even_where_it_changes_nothing() -> None:
    authority = westmarch().authority
    brought_in(a_file(plan()), authority)
    check = checked(a_file(plan(), as_at=LATER), authority)
    again = ImportCheck.objects.get(pk=check.pk)
    with ThreadPoolExecutor(2) as at_once:
        outcomes = list(at_once.map(applied_elsewhere, [check, again]))
    assert sorted(isinstance(outcome, ImportRun) for outcome in outcomes) == [False, True]
    assert "no-longer" in outcomes
    assert ImportRun.objects.count() == 2


def test_one_that_waits_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = westmarch().authority
    check = checked(a_file(plan()), authority)
    monkeypatch.setattr(from_file, "LONGEST_WAIT", "200ms")
    with importing(authority), pytest.raises(NotApplied) as refused:
        apply_check(check, at=SECOND, by=None)
    assert (refused.value.code, Child.objects.filter(external_id="90001").count()) == ("busy", 0)
    assert "Another import into Westmarch Council is being written" in refused.value.sentence


def test_of_two_that_are_checked_at_once_the_later_takes_the_place_of_the_earlier() -> None:
    authority = westmarch().authority
    written, more = Event(), Event()

    def first() -> None:
        try:
            with transaction.atomic():
                checked(a_file(plan()), authority)
                written.set()
                assert more.wait(30)
        finally:
            connection.close()

    def second() -> str:
        try:
            return checked(a_file(plan(latest_category="NEG")), authority, at=SECOND).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as at_once:
        earlier = at_once.submit(first)
        assert written.wait(30)
        later = at_once.submit(second)
        until_somebody_waits()
        more.set()
        earlier.result(30)
        assert later.result(30) == ImportCheck.objects.get(authority=authority).reference


def until_somebody_waits() -> None:
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.rowcount:
                return
        time.sleep(0.1)
    pytest.fail("nobody waits")


def test_nobody_else_waits_for_it() -> None:
    authority, other = westmarch().authority, northmoor().authority
    with importing(authority):
        assert brought_in(a_file(plan()), other).counts["plan_new"] == 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            assert Family.objects.create(authority=authority).pk


def put_right_elsewhere(child: Child) -> str:
    try:
        by = Person.objects.get(name="Jo Talbot")
        number = next(fact for fact in OF_CHILD if fact.column == "external_id")
        put_right(child, number, "90 001", by=by, at=SECOND, why="Mistyped")
    except NotChanged as refused:
        return refused.sentence
    finally:
        connection.close()
    return "put right"


def test_of_two_children_given_the_same_number_at_once_one_has_it() -> None:
    cast = westmarch()
    with ThreadPoolExecutor(2) as at_once:
        said = sorted(at_once.map(put_right_elsewhere, [cast.child("Kai"), cast.child("Maya")]))
    assert said == [TAKEN, "put right"]
