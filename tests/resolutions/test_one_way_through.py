"""An act costs few statements and one commit, whoever acts; and it reads and writes the case that was taken, alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.access import second_lock
from undrift.engine.ladder import acts
from undrift.people.models import Person
from undrift.people.seats import seat_of
from undrift.record.history import history_of
from undrift.record.keeping import Locked, lapses, lock, read
from undrift.record.locking import locked_rows
from undrift.record.models import Event
from undrift.record.outcomes import Refused
from undrift.record.verify import verify
from undrift.record.writing import write_all
from undrift.resolutions.actions import Done, perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

AT_MOST = 6
LATER = NOW + timedelta(hours=3)


@contextmanager
def in_reach(person: Person) -> Iterator[None]:
    """As a page of theirs sees."""
    before = second_lock.kept()
    second_lock.enter(person, seat_of(person, NOW.date()), NOW)
    yield
    second_lock.put_back(before)


def note(cast: Cast) -> Callable[[], Done]:
    return on(reached.stage_one(cast).resolution, cast, acts.Note("Spoke again."), "Grace")


def agree_action(cast: Cast) -> Callable[[], Done]:
    asked = acts.ActionAsked("Book it", "Hannah Quill", date(2026, 5, 20), str(cast.person("Hannah").pk))
    return on(reached.stage_one(cast).resolution, cast, acts.AgreeAction(asked), "Grace")


def respond(cast: Cast) -> Callable[[], Done]:
    return on(reached.stage_one(cast).resolution, cast, reached.ANSWER, "Priya")


def approve(cast: Cast) -> Callable[[], Done]:
    resolution = reached.stage_one(cast).resolution
    reached.drafted(cast, resolution, LATER)
    return on(resolution, cast, acts.Approve(), "Denise")


def judge(cast: Cast) -> Callable[[], Done]:
    resolution = reached.stage_one(cast).resolution
    reached.answered(cast, resolution, LATER)
    verdict = dict.fromkeys(map(str, resolution.about.values_list("child_id", flat=True)), False)
    return on(resolution, cast, acts.Judge(verdict, "Nothing has a date."), "Grace")


def move_on(cast: Cast) -> Callable[[], Done]:
    resolution = reached.stage_one(cast).resolution
    reached.answered(cast, resolution, LATER)
    reached.judged(cast, resolution, LATER, settled=False)
    return on(resolution, cast, acts.MoveOn("stage-2", "not accepted"), "Grace")


def on(resolution: Resolution, cast: Cast, act: acts.Act, by: str) -> Callable[[], Done]:
    person = cast.person(by)
    return lambda: perform(act, resolution=resolution, by=person, at=LATER)


def raise_it(cast: Cast) -> Callable[[], Done]:
    from undrift.record.who_plays import context_for

    child = cast.child("Tyler")
    context, person = context_for([child], NOW), cast.person("Grace")
    act = acts.Raise(
        stage="stage-1",
        children=(acts.ChildConcern(str(child.pk), "Tyler has waited for months.", "Tyler"),),
        grounds=("NO-PROGRESS",),
        concern="Nothing has moved.",
        ask="Say what will change, and by when.",
        why_this_stage="It was spoken about twice already.",
        spoke=reached.SPOKE,
    )
    return lambda: perform(act, by=person, at=LATER, context=context)


ACTS: dict[Callable[[Cast], Callable[[], Done]], str] = {
    respond: "Priya", approve: "Denise", judge: "Grace", move_on: "Grace", raise_it: "Grace", note: "Grace",
    agree_action: "Grace",
}  # fmt: skip


@pytest.mark.parametrize("reach", [False, True], ids=["service", "person"])
@pytest.mark.parametrize("prepared", ACTS, ids=lambda each: each.__name__)
def test_an_act_takes_few_statements(west: Cast, prepared: Callable[[Cast], Callable[[], Done]], reach: bool) -> None:
    act = prepared(west)
    if not reach:
        with CaptureQueriesContext(connection) as asked:
            act()
    else:
        with in_reach(west.person(ACTS[prepared])), CaptureQueriesContext(connection) as asked:
            act()
    assert len(asked) <= AT_MOST, [each["sql"][:90] for each in asked]
    assert rebuild(write=False) == []
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_an_act_is_one_transaction_with_one_commit() -> None:
    from tests.cast import westmarch
    from tests.resolutions.conftest import under_shipped_versions

    act = respond(under_shipped_versions(westmarch()))
    with CaptureQueriesContext(connection) as asked:
        act()
    said = [each["sql"].split()[0] for each in asked]
    assert (said[0], said[-1]) == ("BEGIN", "COMMIT")
    assert set(said[1:-1]) == {"SELECT"}
    assert len(said) - 2 <= AT_MOST


def test_a_refusal_in_the_callers_transaction_leaves_it_as_it_was(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    with transaction.atomic():
        before = Event.objects.count()
        with pytest.raises(Refused):
            perform(acts.Approve(), resolution=resolution, by=west.person("Denise"), at=LATER)
        perform(acts.Note("Spoke again."), resolution=resolution, by=west.person("Grace"), at=LATER)
    assert Event.objects.count() == before + 1


def test_a_case_that_was_taken_has_the_history_that_is_stored_each_event_in_its_version(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.answered(west, resolution, LATER)
    last = Event.objects.filter(case=resolution).last()
    assert last is not None
    last.pk, last.seq, last.version, last.on_behalf_of, last.on_behalf_of_name = None, last.seq + 1, 7, 3, "Somebody"
    last.save(force_insert=True)
    (row,) = locked_rows(Resolution, [resolution.pk], wait=True)
    assert row.events == list(history_of(resolution))
    assert [event.version for event in row.events] == [1, 1, 1, 1, 7]


# The second lock ----------------------------------------------------------------------------------------------------


def told(statement: str, *values: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_what_somebody_may_not_see_is_not_there_to_take(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    with in_reach(west.person("Kofi")):
        assert locked_rows(Resolution, [resolution.pk], wait=True) == []
    with in_reach(west.person("Grace")):
        assert len(locked_rows(Resolution, [resolution.pk], wait=True)) == 1


def test_what_was_not_taken_in_this_transaction_is_neither_told_nor_written(west: Cast) -> None:
    mine, other = reached.stage_one(west).resolution, reached.stage_one(west, "Tyler").resolution
    keep = f"SELECT record_keep('[]', '[{{\"id\": {other.pk}, \"authority_id\": 1}}]', {', '.join(['%s'] * 6)})"
    for statement, values in (
        ("SELECT record_told(%s)", [[other.pk]]),
        ("SELECT * FROM record_compare(%s)", [[mine.pk, other.pk]]),
        (keep, ["[]"] * 6),
    ):
        with in_reach(west.person("Grace")):
            assert lock(Resolution, mine.pk)
            with pytest.raises(ProgrammingError, match="was not taken in this transaction"), transaction.atomic():
                told(statement, *values)
            assert told("SELECT record_told(%s)", [mine.pk])


def test_a_row_of_another_case_is_not_written_with_those_that_were_taken(west: Cast) -> None:
    mine, other = reached.stage_one(west).resolution, reached.stage_one(west, "Tyler").resolution
    before = Event.objects.filter(case=other).count()
    locked = lock(Resolution, other.pk)
    change = lapses(["1:respond:team-manager"], locked, NOW + timedelta(days=20))
    assert change is not None
    change.case.__dict__["id"] = mine.pk
    write_all([change])
    assert Event.objects.filter(case=other).count() == before


def test_whoever_sees_nothing_begins_nothing(west: Cast) -> None:
    before = second_lock.kept()
    second_lock.enter_nobody()
    with pytest.raises(ProgrammingError, match="sees nothing"), transaction.atomic():
        told("SELECT record_begin(%s, NULL, NULL, '{}')", west.authority.pk)
    second_lock.put_back(before)


# Many at once -------------------------------------------------------------------------------------------------------


def test_many_cases_are_taken_in_one_statement_and_written_in_another(west: Cast) -> None:
    names = ("Maya", "Tyler", "Amara", "Kai")
    numbers = [reached.stage_one(west, name).resolution.pk for name in names]
    late = NOW + timedelta(days=20)
    with CaptureQueriesContext(connection) as asked:
        held: list[Locked[Resolution]] = [read(row) for row in locked_rows(Resolution, numbers, wait=False)]
        changes = [lapses(["1:respond:team-manager"], locked, late) for locked in held]
        write_all([change for change in changes if change is not None])
    assert len(asked) <= 3
    # The time to answer, and by then the time that the chair had to decide what follows from it.
    assert Event.objects.filter(type="date_lapsed").count() == 2 * len(names)
    assert rebuild(write=False) == []
    assert verify() == []
