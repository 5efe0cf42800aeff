"""The lists: right rows, and the same few queries however many rows there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.access.fetching import fetch
from undrift.access.scope import scope_of
from undrift.engine.ladder import acts
from undrift.people.models import Person
from undrift.record.adopted import rules_of
from undrift.record.history import folded, history_of
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.owed import late_actions
from undrift.resolutions.queries import Filters, Page, of_children, search, waiting_for, worklist


def references(page: Page) -> list[str]:
    return [row.reference for row in page.rows]


def asked_by(person: Person) -> int:
    with CaptureQueriesContext(connection) as asked:
        for row in worklist(person, now=NOW).rows:
            _ = (str(row.authority), str(row.turn(NOW).person), str(row.chair))
            assert all(str(about.child) for about in row.about.all())
    return len(asked)


@pytest.mark.parametrize("name", ["Grace", "Marcus", "Priya", "Hannah"])
def test_a_worklist_takes_at_most_five_queries_however_long(west: Cast, name: str) -> None:
    reached.stage_one(west)
    few = asked_by(west.person(name))
    for _ in range(6):
        reached.stage_one(west)
    assert asked_by(west.person(name)) == few <= 5


def test_a_resolution_takes_three_queries_for_its_row_rules_children_and_history(
    west: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reference = reached.stage_one(west).resolution.reference
    grace = west.person("Grace")
    with django_assert_num_queries(2):
        scope_of(grace, NOW)
    with django_assert_num_queries(2 + 3):  # who Grace is; the row with its rules, the children, and the history
        resolution = fetch(Resolution, reference, grace, NOW)
        rules_of(resolution)
        state = folded(resolution, history_of(resolution))
    assert state.here.stage == "stage-1"


def test_what_is_due_first_stands_first_and_pages_follow_without_a_gap(west: Cast) -> None:
    for day in (3, 1, 2, 0, 4):
        reached.stage_one(west, at=NOW + timedelta(days=day))
    now = NOW + timedelta(days=4)
    whole = worklist(west.person("Grace"), now=now)
    assert [row.due for row in whole.rows] == sorted(row.due for row in whole.rows if row.due)
    pages = [worklist(west.person("Grace"), now=now, page=n, size=2) for n in (1, 2, 3)]
    assert [r for page in pages for r in references(page)] == references(whole)
    assert [page.more for page in pages] == [True, True, False]


def test_filters_narrow_the_list(west: Cast) -> None:
    first = reached.stage_one(west).resolution
    second = reached.informal(west, "Tyler").resolution
    reached.answered(west, first, NOW + timedelta(hours=1))
    grace = west.person("Grace")
    both = [first.reference, second.reference]
    for filters, expected in (
        (Filters(), both),
        (Filters(stage="informal"), both[1:]),
        (Filters(tag="Waiting for chair"), both[:1]),
        (Filters(ground="NO-PROGRESS"), both[:1]),
        (Filters(ground="REPORT-LATE"), both[1:]),
        (Filters(team=west.unit("North").pk), both),
        (Filters(team=west.unit("South").pk), []),
        (Filters(chair=grace.pk), both),
        (Filters(mine=True), both),
        (Filters(risk=True), []),
        (Filters(ended=True), []),
        (Filters(due="this week"), both[:1]),
        (Filters(due="late"), []),
    ):
        assert references(worklist(grace, filters, now=NOW + timedelta(hours=2))) == expected, filters
    assert references(worklist(west.person("Imran"), now=NOW)) == []


def test_what_has_a_late_action_is_late_whatever_else_it_waits_for(west: Cast) -> None:
    """The same as the managers’ homes list as late."""
    here, grace = reached.informal(west, "Tyler").resolution, west.person("Grace")
    plan = acts.ActionAsked("Write them up", "Hannah Quill", (NOW + timedelta(days=1)).date())
    perform(acts.AgreeAction(plan), resolution=here, by=grace, at=NOW)
    found = []
    for days in (1, 2):
        now = NOW + timedelta(days=days)
        late = references(worklist(grace, Filters(due="late"), now=now))
        assert late == [duty.case.reference for duty in late_actions(scope_of(grace, now), len(late) + 1, now)]
        found.append(late)
    assert found == [[], [here.reference]]


def test_what_waits_for_me_is_my_turn_or_what_i_still_owe(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution

    def waits_for(now_hours: int) -> set[str]:
        now = NOW + timedelta(hours=now_hours)
        return {n for n in ("Grace", "Priya", "Denise", "Marcus") if waiting_for(west.person(n), now=now).rows}

    assert waits_for(1) == {"Priya"}
    reached.drafted(west, resolution, NOW + timedelta(hours=2))
    assert waits_for(3) == {"Denise"}


def test_waiting_for_takes_four_queries(west: Cast) -> None:
    reached.stage_one(west)
    reached.stage_one(west, "Tyler")
    with CaptureQueriesContext(connection) as asked:
        assert len(waiting_for(west.person("Priya"), now=NOW).rows) == 2
    assert len(asked) == 4


def test_search_finds_a_reference_and_a_childs_name_within_scope(west: Cast) -> None:
    reference = reached.stage_one(west).resolution.reference
    for text, name, expected in (
        (reference.lower(), "Grace", [reference]),
        ("maya", "Grace", [reference]),
        ("Maya Ald", "Grace", [reference]),
        ("4101", "Grace", [reference]),
        ("tyler", "Grace", []),
        ("", "Grace", []),
        (reference, "Kofi", []),
        ("maya", "Kofi", []),
    ):
        assert references(search(west.person(name), text, now=NOW)) == expected, text


def test_a_childs_page_lists_its_resolutions(west: Cast) -> None:
    reference = reached.stage_one(west).resolution.reference
    children = [west.child("Maya").pk]
    assert [r.reference for r in of_children(children, west.person("Grace"), now=NOW)] == [reference]
    assert not of_children(children, west.person("Kofi"), now=NOW).exists()
