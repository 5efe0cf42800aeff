"""The parts of a stage go to people who may play them together. Pure: who holds what is a table in the test."""

from collections.abc import Mapping
from itertools import product

import pytest

from undrift.people.assigning import Parts, assign
from undrift.people.found import Found
from undrift.people.models import Person

PEOPLE = {name: Person(pk=number, name=name) for number, name in enumerate("ABCDEF", start=1)}
STAGE = Parts(judges=("chair",), answers="manager", approves="head")


def found(name: str, behalf: str = "") -> Found:
    person = PEOPLE.get(name)
    return Found(
        person=person, on_behalf_of=PEOPLE.get(behalf), everyone=(person,) if person else (), how=f"{name or 'Nobody'}."
    )


def assigned(lines: Mapping[str, str], parts: Parts = STAGE) -> dict[str, str]:
    """`lines` says of each role who could play it, the first choice first: "AB" is A, else B."""

    def but(role: str, barred: Mapping[int, str]) -> Found:
        return found(next((name for name in lines[role] if PEOPLE[name].pk not in barred), ""))

    given = assign({role: found(line[:1]) for role, line in lines.items()}, parts, but)
    return {role: one.person.name if one.person else "" for role, one in given.items()}


def test_whoever_is_rightly_found_stays() -> None:
    assert assigned({"chair": "A", "manager": "B", "head": "C"}) == {"chair": "A", "manager": "B", "head": "C"}


def test_where_the_answer_falls_to_the_approver_the_approval_falls_to_the_next_up() -> None:
    assert assigned({"chair": "A", "manager": "C", "head": "CD"})["head"] == "D"


def test_where_nobody_else_is_left_nobody_approves_themselves() -> None:
    given = assigned({"chair": "A", "manager": "C", "head": "C"})
    assert (given["manager"], given["head"]) == ("C", "")


def test_who_raised_it_neither_answers_nor_approves() -> None:
    parts = Parts(judges=("chair",), answers="manager", approves="head", raised_by=PEOPLE["B"].pk)
    assert assigned({"chair": "A", "manager": "BC", "head": "BCD"}, parts) == {
        "chair": "A", "manager": "C", "head": "D",
    }  # fmt: skip


def test_who_raised_it_still_judges() -> None:
    parts = Parts(judges=("chair",), answers="manager", raised_by=PEOPLE["A"].pk)
    assert assigned({"chair": "AB", "manager": "AC"}, parts) == {"chair": "A", "manager": "C"}


def test_who_answered_before_moving_up_does_not_approve_it() -> None:
    """The Team Manager who answered has become the Group Manager since; another holds the old post."""
    parts = Parts(answers="manager", approves="head", answered_by=PEOPLE["C"].pk)
    assert assigned({"manager": "B", "head": "CD"}, parts)["head"] == "D"


def test_who_is_barred_takes_no_part_at_all() -> None:
    parts = Parts(judges=("chair",), answers="manager", approves="head", barred={PEOPLE["A"].pk: "is a relative"})
    assert set(assigned({"chair": "AB", "manager": "AC", "head": "AD"}, parts).values()) == {"B", "C", "D"}


def test_roles_that_have_no_part_in_the_stage_are_left_alone() -> None:
    parts = Parts(answers="manager", raised_by=PEOPLE["A"].pk)
    assert assigned({"manager": "AB", "told": "A"}, parts)["told"] == "A"


def test_the_absent_holder_for_whom_somebody_answers_does_not_approve() -> None:
    """B holds both posts and is away from the lower one only: who answers does so for B."""

    def but(role: str, barred: Mapping[int, str]) -> Found:
        return found("D") if PEOPLE["B"].pk in barred else found("B")

    given = assign({"manager": found("C", "B"), "head": found("B")}, STAGE, but)
    assert given["head"].person == PEOPLE["D"]


def test_an_absent_approver_keeps_the_part_beside_whoever_took_it_up() -> None:
    """The Group Manager is away and covered by the Team Manager, who answers: the approval goes up."""
    given = assign({"manager": found("B"), "head": found("B", "C")}, STAGE, lambda role, barred: found("D"))
    assert (given["head"].person, given["head"].on_behalf_of) == (PEOPLE["D"], PEOPLE["C"])


@pytest.mark.parametrize("raised_by", [None, *"ABCD"])
def test_in_every_arrangement_of_four_people_nobody_plays_two_parts_and_no_part_is_empty_needlessly(
    raised_by: str | None,
) -> None:
    lines = ["A", "B", "AB", "BA", "ABC", "CBA", "ABCD", "DCBA"]
    who_raised = PEOPLE[raised_by].pk if raised_by else None
    parts = Parts(judges=("chair",), answers="manager", approves="head", raised_by=who_raised)
    for chair, manager, head in product(lines, repeat=3):
        given = assigned({"chair": chair, "manager": manager, "head": head}, parts)
        assert given["chair"] == chair[0]
        out = {given["chair"], raised_by}
        assert given["manager"] == next((name for name in manager if name not in out), "")
        out |= {given["manager"]}
        assert given["head"] == next((name for name in head if name not in out), "")
