"""Two records that somebody says are of one child: who sees one sees the other, by both locks; who may not, neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from tests.access.test_ties_in_time import by_the_first, by_the_second
from tests.cast import NOW, TODAY, Cast, westmarch
from undrift.access.restricting import exclude, name, restrict
from undrift.applying.one_child import likely, pairs, say_same, say_two, take_back
from undrift.children.facts import Because, change
from undrift.children.models import Child, Conference, FactChange, Plan, SameChild
from undrift.people.models import Cover
from undrift.record.families import NotChanged

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def west() -> Cast:
    return westmarch()


@pytest.fixture
def records(west: Cast) -> tuple[Child, Child]:
    """The record of a child, and one without any tie, as a file with a new number brings it."""
    kai = west.child("Kai")
    again = Child.objects.create(
        authority=west.authority, family=west.family("Heron"), external_id="9001", first_name="kai ",
        last_name="Sorrel", date_of_birth=kai.date_of_birth,
    )  # fmt: skip
    return kai, again


def says(west: Cast, kept: Child, other: Child, by: str = "Judith") -> SameChild:
    return say_same(kept, other, by=west.person(by), at=NOW, why="It was renumbered")


def seen_by(west: Cast, child: Child, *names: str) -> set[str]:
    """By both locks alike."""
    found = {who: (by_the_first(west, who, child), by_the_second(west, who, child)) for who in names}
    assert all(first == second for first, second in found.values()), found
    return {who for who, (first, _) in found.items() if first}


# Offered --------------------------------------------------------------------------------------------------------------


def test_records_of_one_name_and_day_are_offered_and_nothing_is_done(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    children = Child.objects.filter(authority=west.authority)
    assert likely(children, kai) == [again]
    assert pairs(children) == [(kai, again)]
    assert not SameChild.objects.exists()


@pytest.mark.parametrize("said", [{"first_name": "Kit"}, {"date_of_birth": TODAY}, {"last_name": ""}])
def test_twins_cousins_and_adopted_children_are_not(
    west: Cast, records: tuple[Child, Child], said: Mapping[str, object]
) -> None:
    kai, again = records
    Child.objects.filter(pk=again.pk).update(**said)
    children = Child.objects.filter(authority=west.authority)
    assert likely(children, kai) == []
    assert pairs(children) == []


def test_once_somebody_has_said_which_they_are_offered_no_more(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    children = Child.objects.filter(authority=west.authority)
    said = say_two(kai, again, by=west.person("Judith"), at=NOW, why="Cousins")
    assert (likely(children, kai), pairs(children)) == ([], [])
    take_back(said, by=west.person("Judith"), at=NOW, why="They are not")
    assert likely(children, kai) == [again]
    says(west, kai, again)
    assert (likely(children, again), pairs(children)) == ([], [])


# Who sees -------------------------------------------------------------------------------------------------------------

ALL = ("Grace", "Imran", "Hannah", "Priya", "Kofi", "Siobhan", "Callum")


def test_each_tie_to_one_is_a_tie_to_the_other_while_it_is_said(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    assert seen_by(west, kai, *ALL) == {"Grace", "Hannah", "Priya"}
    assert seen_by(west, again, *ALL) == set()
    said = says(west, kai, again)
    assert seen_by(west, kai, *ALL) == {"Grace", "Hannah", "Priya"}
    assert seen_by(west, again, *ALL) == {"Grace", "Hannah", "Priya"}
    take_back(said, by=west.person("Pauline"), at=NOW, why="They are cousins")
    assert seen_by(west, again, *ALL) == set()


@pytest.mark.parametrize("which", ["kept", "other"])
def test_whichever_goes_on(west: Cast, records: tuple[Child, Child], which: str) -> None:
    kai, again = records
    says(west, *((kai, again) if which == "kept" else (again, kai)))
    assert seen_by(west, again, *ALL) == seen_by(west, kai, *ALL) == {"Grace", "Hannah", "Priya"}


def test_three_records_of_one_child(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    third = Child.objects.create(authority=west.authority, family=again.family, external_id="9002")
    says(west, again, kai)
    says(west, again, third)
    assert seen_by(west, third, *ALL) == {"Grace", "Hannah", "Priya"}


def conference_ahead(west: Cast, child: Child) -> None:
    Plan.objects.filter(child=child).delete()
    Conference.objects.create(
        authority=west.authority, family=child.family, reference="C-2026-9001", kind="initial",
        planned_for=NOW + 9 * DAY, chair=west.person("Imran"),
    ).participants.add(west.person("Kofi"))  # fmt: skip


def ended(west: Cast, child: Child) -> None:
    Plan.objects.filter(child=child).update(ends=TODAY - 5 * DAY, chair=west.person("Imran"))


OFF_PLAN: list[tuple[Callable[[Cast, Child], None], set[str]]] = [
    (conference_ahead, {"Imran", "Kofi"}),
    (ended, {"Imran"}),
]


@pytest.mark.parametrize(("happens", "who"), OFF_PLAN)
def test_ties_before_the_plan_and_after_it_too(
    west: Cast, records: tuple[Child, Child], happens: Callable[[Cast, Child], None], who: set[str]
) -> None:
    kai, again = records
    happens(west, kai)
    assert seen_by(west, again, *ALL) == set()
    says(west, kai, again)
    assert seen_by(west, again, *ALL) == who


# Who does not ---------------------------------------------------------------------------------------------------------


def test_who_is_kept_out_of_one_is_kept_out_of_both_and_stays_so(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    exclude(again, west.person("Grace"), "is a relative", west.person("Marcus"), NOW)
    said = says(west, kai, again)
    assert seen_by(west, kai, *ALL) == {"Hannah", "Priya"}
    exclude(kai, west.person("Hannah"), "is a relative", west.person("Marcus"), NOW)
    assert seen_by(west, again, *ALL) == {"Priya"}
    take_back(said, by=west.person("Judith"), at=NOW, why="They are cousins")
    assert seen_by(west, kai, *ALL) == {"Priya"}


def test_where_one_is_restricted_both_are_and_those_named_see_both(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    restrict(again, west.person("Marcus"), "A relative works here.", NOW)
    name(again, west.person("Callum"), "their work", TODAY + 30 * DAY, west.person("Marcus"), NOW)
    says(west, kai, again)
    kai.refresh_from_db()
    assert kai.restricted
    assert seen_by(west, kai, *ALL) == seen_by(west, again, *ALL) == {"Grace", "Hannah", "Callum"}
    assert FactChange.objects.filter(child=kai, field="restricted", now="yes").exists()


def test_a_restriction_that_comes_later_is_of_both(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    says(west, kai, again)
    restrict(kai, west.person("Marcus"), "A relative works here.", NOW)
    again.refresh_from_db()
    assert again.restricted
    assert seen_by(west, again, *ALL) == {"Grace", "Hannah"}


# Said, and taken back -------------------------------------------------------------------------------------------------


def test_both_histories_say_by_whom_and_why_and_that_it_was_taken_back(
    west: Cast, records: tuple[Child, Child]
) -> None:
    kai, again = records
    said = says(west, kai, again)
    take_back(said, by=west.person("Pauline"), at=NOW, why="They are cousins")
    for one, other in ((kai, again), (again, kai)):
        told = FactChange.objects.filter(child=one, field="other_record").values_list("was", "now", "why", "by__name")
        assert list(told) == [
            ("", str(other.pk), "It was renumbered", west.person("Judith").name),
            (str(other.pk), "", "They are cousins", west.person("Pauline").name),
        ]
    assert SameChild.objects.count() == 1


def test_nobody_opens_a_record_to_themselves_by_it(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    change(west.plan("Tyler"), {"chair_id": west.person("Judith").pk}, Because(at=NOW))
    tyler = west.child("Tyler")
    for one, other in ((tyler, again), (again, tyler)):
        with pytest.raises(NotChanged, match="Ask somebody else"):
            says(west, one, other)
    Cover.objects.create(
        authority=west.authority, away=west.person("Grace"), covering=west.person("Judith"), starts=TODAY
    )
    with pytest.raises(NotChanged, match="Ask somebody else"):
        says(west, kai, again)
    says(west, kai, again, by="Pauline")


def test_what_cannot_be_said_is_refused_with_the_next_step(west: Cast, records: tuple[Child, Child]) -> None:
    kai, again = records
    third = Child.objects.create(authority=west.authority, family=again.family, external_id="9002")
    with pytest.raises(NotChanged, match="number of the other one"):
        says(west, kai, kai)
    with pytest.raises(NotChanged, match="Say how you know"):
        say_same(kai, again, by=west.person("Judith"), at=NOW, why=" ")
    said = says(west, kai, again)
    with pytest.raises(NotChanged, match="Take that back first"):
        says(west, again, kai)
    with pytest.raises(NotChanged, match="goes on as another record already"):
        says(west, again, third)
    with pytest.raises(NotChanged, match="Let that one go on"):
        says(west, third, kai)
    take_back(said, by=west.person("Judith"), at=NOW, why="A mistake")
    with pytest.raises(NotChanged, match="taken back already"):
        take_back(said, by=west.person("Judith"), at=NOW, why="A mistake")
