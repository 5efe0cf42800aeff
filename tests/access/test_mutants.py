"""Each condition of the access code taken away in turn: the tests notice, or it is written here why they need not."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import Error, transaction
from pytest_django import DjangoDbBlocker

from tests.access.conftest import Told
from tests.access.connected import analyzed, wide_connection
from tests.access.crowd import Crowd, build, furnish
from tests.access.locks import composed_anew
from tests.access.mutants import Mutant, all_mutants
from tests.access.quick import (
    QUICK,
    wrong_in_the_first,
    wrong_in_the_matrix,
    wrong_in_the_second,
    wrong_in_the_trace,
)
from tests.house.thorough import THOROUGH

USUALLY = 60
LEAST = 0.95
# Mutants that change no answer, each with why.
SPEED = "for speed: what is asked after it says the same, row by row"
CLOSED_WINS = "what is closed wins over what is let"
TWICE = "said twice: what it is asked with is bound by the same"
SAME: dict[str, str] = {
    "undrift_sees: without lists_all": "for speed: whoever lists all is asked for it before this function is",
    "children_child: without (opens_all AND id <> ALL closed_children)": SPEED,
    "children_family: without (opens_all AND id <> ALL ((SELECT undrift_shut_families())::bigint[]))": SPEED,
    "children_child: without id IN (SELECT unnest(undrift_numbers('children')))": SPEED,
    "record_casechild: without lists_all": SPEED,
    "record_event: without reads_all": SPEED,
    "record_duty: without lists_all": SPEED,
    "record_duty: without person_id = ANY people": SPEED,
    "record_notice: without lists_all": SPEED,
    "record_notice: without to_person_id = ANY people": SPEED,
    "children_midpointcheck: of any council": TWICE,  # the plan
    "children_midpointcheck: seen whatever the reach": TWICE,  # the plan
    "undrift.reads_all is not set": SPEED,
    "undrift_doors: without authority_id + 0 IN (SELECT id FROM here)": "for speed: another council is closed",
    "undrift_sees: without authority_id = ANY councils": TWICE,  # every table that asks it
    "undrift_chairs_for: without authority_id = ANY councils": TWICE,  # the tables that ask it
    "undrift_doors: without NOT chairs": "whoever chairs may do all that the invited may",
    "undrift_reach: authority_id = ANY (councils) is true": TWICE,  # every table that asks by it
    "undrift_doors: without EXCEPT SELECT child_id FROM kept_out": CLOSED_WINS,
    "undrift_doors: without EXCEPT SELECT child_id FROM kept_out (2)": CLOSED_WINS,
    "undrift_doors: without EXCEPT SELECT case_id FROM shut_cases": CLOSED_WINS,
    "undrift_doors: without EXCEPT SELECT case_id FROM shut_cases (2)": CLOSED_WINS,
    "scope.TO_READ: without list": "of what is restricted, list and read open the same",
    "scope.TO_READ: without child": "of what is restricted, list and read open all that child does",
    "scope.TO_READ: without read": "of what is restricted, list and read open the same",
}


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """A crowd with a row in every table, in a connection that may also change the policies, and takes it all back."""
    with django_db_blocker.unblock(), wide_connection():
        crowd = build(QUICK)
        furnish(crowd)
        analyzed()
        yield crowd


def wrong(mutant: Mutant, crowd: Crowd) -> Iterator[str]:
    if mutant.lock == "matrix":
        yield from wrong_in_the_matrix()
    if mutant.lock in ("first", "both"):
        yield from wrong_in_the_first(crowd)
    if mutant.lock in ("second", "both"):
        yield from wrong_in_the_second(crowd, mutant.table)
    if mutant.lock in ("trace",):
        yield from wrong_in_the_trace(crowd)


def killed_by(mutant: Mutant, crowd: Crowd) -> str:
    """The first answer that is wrong with this mutant; empty where none is. Refuses (`NotMade`) what is no SQL."""
    with composed_anew(), transaction.atomic(), ExitStack() as changed:
        try:
            with transaction.atomic():
                changed.enter_context(mutant.change())
        except Error as refused:
            transaction.set_rollback(True)
            raise NotMade(f"{mutant.name}: {refused}") from refused
        try:
            with transaction.atomic():
                found = next(wrong(mutant, crowd), "")
        except (Error, KeyError, TypeError, ValueError) as refused:
            found = f"no answer at all: {refused}"
        transaction.set_rollback(True)
    return found


class NotMade(Exception):
    """A mechanical change that the database does not take for a policy or a function."""


@pytest.mark.slow
def test_with_nothing_changed_every_answer_is_right(furnished: Crowd) -> None:
    for ask in (wrong_in_the_matrix(), wrong_in_the_first(furnished), wrong_in_the_second(furnished),
                wrong_in_the_trace(furnished)):  # fmt: skip
        assert list(ask)[:20] == []


@pytest.mark.slow
def test_every_condition_of_the_access_code_is_missed_when_it_is_gone(furnished: Crowd, seed: int, told: Told) -> None:
    every = all_mutants()
    assert len({mutant.name for mutant in every} & set(SAME)) == len(SAME), "A mutant that is named here is not made."
    asked = [mutant for mutant in every if mutant.name not in SAME]
    chosen = asked if THOROUGH else random.Random(seed).sample(asked, USUALLY)
    began, alive, unmade = time.monotonic(), [], []
    for mutant in chosen:
        try:
            if not killed_by(mutant, furnished):
                alive.append(mutant.name)
        except NotMade as refused:
            unmade.append(str(refused))
    made = len(chosen) - len(unmade)
    score = 1 - len(alive) / made
    told(f"mutants: {made - len(alive)} of {made} killed ({score:.1%}) in {time.monotonic() - began:.0f} s; of "
         f"{len(every)}, {len(SAME)} change nothing and {len(unmade)} of those drawn are no SQL")  # fmt: skip
    for name in alive:
        told(f"  alive: {name}")
    assert score >= LEAST, "\n".join(alive)
    assert len(unmade) <= len(chosen) // 20, "\n".join(unmade)
