"""Two imports into one authority at once: one waits for the other, and then what it would change is another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from tests.applying.by_hand import LATER, SECOND, THIRD, a_file, brought_in, checked, child, plan
from tests.cast import northmoor, westmarch
from undrift.applying import from_file, undoing
from undrift.applying.by_hand import TAKEN
from undrift.applying.from_file import NotApplied, apply_check, undo
from undrift.applying.putting_right import OF_CHILD, OF_PLAN, put_right
from undrift.applying.writing import write
from undrift.children.models import Child, Family, ImportCheck, ImportRun, Plan
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


def told_by_hand(told: str) -> None:
    by, kai = Person.objects.get(name="Jo Talbot"), Child.objects.get(external_id="90001")
    if told == "family":
        Family.objects.filter(pk=kai.family_id).update(name="Hand")
        return
    thing = kai if told == "first_name" else Plan.objects.get(child=kai)
    fact = next(fact for fact in (*OF_CHILD, *OF_PLAN) if fact.column == told)
    put_right(thing, fact, OF_HAND[told], by=by, at=SECOND, why="It was mistyped")


def told_elsewhere(told: str) -> None:
    """While a file is being applied, or undone."""
    try:
        told_by_hand(told)
    finally:
        connection.close()


OF_HAND = {"first_name": "Hand", "latest_category": "EMO", "ends": date(2026, 5, 2), "family": "Hand"}


def as_known() -> dict[str, Any]:
    kai, the_plan = Child.objects.get(external_id="90001"), Plan.objects.get(child__external_id="90001")
    now = {"first_name": kai.first_name, "latest_category": the_plan.latest_category, "ends": the_plan.ends}
    return {**now, "family": kai.family.name}


@pytest.mark.parametrize("told", ["first_name", "latest_category", "ends", "family"])
def test_what_is_put_right_while_a_file_is_applied_stands_and_the_file_has_to_be_checked_again(
    monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    authority = westmarch().authority
    named: dict[str, Any] = {"family": "File"} if told == "family" else {}
    before = [child(first_name="File"), plan(latest_category="NEG", source_key="P1")]
    after = [
        child(first_name="Filed", **named),
        plan(latest_category="PHY", source_key="P1", starts=date(2025, 12, 5), ends=date(2026, 5, 1)),
    ]
    brought_in(a_file(*before), authority)
    check = checked(a_file(*after, as_at=LATER), authority, at=SECOND)

    def meanwhile(*given: Any) -> None:
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(told_elsewhere, told).result(30)
        write(*given)

    monkeypatch.setattr(from_file, "write", meanwhile)
    with pytest.raises(NotApplied) as refused:
        apply_check(check, at=SECOND, by=None, agreed=True)
    assert refused.value.code == "changed-since"
    was = {"first_name": "File", "latest_category": "NEG", "ends": None, "family": ""}
    assert as_known() == {**was, told: OF_HAND[told]}


def brought_in_twice(authority: Authority, told: str) -> ImportRun:
    """The second of two files, which changes a name, a category and both days of a plan."""
    named: dict[str, Any] = {"family": "File"} if told == "family" else {}
    start, end = date(2025, 12, 5), date(2026, 5, 1)
    brought_in(a_file(child(first_name="File"), plan(latest_category="NEG", source_key="P1")), authority)
    then = child(first_name="Filed", **named), plan(latest_category="PHY", source_key="P1", starts=start, ends=end)
    return brought_in(a_file(*then, as_at=LATER), authority, at=SECOND)


@pytest.mark.parametrize("told", ["first_name", "latest_category", "ends"])
def test_what_is_put_right_just_before_an_import_is_undone_is_waited_for_and_stands(told: str) -> None:
    """Somebody has written it, and it is not yet seen by anybody else, when the undoing begins."""
    authority = westmarch().authority
    run = brought_in_twice(authority, told)
    before, written, more = as_known(), Event(), Event()

    def by_hand() -> None:
        try:
            with transaction.atomic():
                told_by_hand(told)
                written.set()
                assert more.wait(30)
        finally:
            connection.close()

    def undone() -> str:
        try:
            undo(run, at=THIRD, by=None)
        except NotApplied as refused:
            return refused.sentence
        finally:
            connection.close()
        return "undone"

    with ThreadPoolExecutor(2) as at_once:
        hand = at_once.submit(by_hand)
        assert written.wait(30)
        undoing_it = at_once.submit(undone)
        until_somebody_waits()
        more.set()
        hand.result(30)
        assert "was changed since" in undoing_it.result(30)
    assert as_known() == {**before, told: OF_HAND[told]}


@pytest.mark.parametrize("told", ["first_name", "latest_category", "ends", "family"])
def test_an_import_is_not_undone_where_something_else_stands_than_it_wrote(
    monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    authority = westmarch().authority
    run = brought_in_twice(authority, told)
    before, why_not = as_known(), undoing.why_not

    def meanwhile(*given: Any) -> str:
        sentence = why_not(*given)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(told_elsewhere, told).result(30)
        return sentence

    monkeypatch.setattr(undoing, "hold", lambda _: None)
    monkeypatch.setattr(undoing, "why_not", meanwhile)
    with pytest.raises(NotApplied, match="nothing was undone") as refused:
        undo(run, at=THIRD, by=None)
    assert refused.value.code == "not-undone"
    assert as_known() == {**before, told: OF_HAND[told]}


def test_a_first_and_a_last_day_that_both_change_are_written() -> None:
    authority = westmarch().authority
    brought_in(a_file(plan(source_key="P1", ends=date(2026, 4, 1))), authority)
    run = brought_in(
        a_file(plan(source_key="P1", starts=date(2026, 4, 5), ends=date(2026, 5, 1)), as_at=LATER),
        authority, at=SECOND,
    )  # fmt: skip
    the_plan = Plan.objects.get(child__external_id="90001")
    assert (the_plan.starts, the_plan.ends) == (date(2026, 4, 5), date(2026, 5, 1))
    assert run.counts["plan_updated"] == 1


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
