"""The ties that come and go with a conference and a plan, before, during and after: one table.

A row is a state of the child; a column is somebody by what ties them. A cell says what they may then, by both locks,
the lists, the search, the page, and where a concern is raised. Whoever is named or let in stands in the crowd of
`tests/access/crowd.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.children.test_before_and_after_the_plan import (
    A_DAY,
    CHAIRS,
    LAST_DAY,
    NOTHING,
    SEES,
    ahead,
    both,
    cancelled,
    may,
    nia,
    on_plan,
    raised,
    restricted,
    west,
)
from tests.house.thorough import THOROUGH
from undrift.access import second_lock
from undrift.access.rows import children_visible_to
from undrift.access.scope import scope_of
from undrift.applying import by_hand
from undrift.children.models import Child, CoreGroupMember, Voice
from undrift.people.seats import seat_of

__all__ = ["nia", "west"]

pytestmark = pytest.mark.django_db

A_THIRD = 1 / 3
Set = Callable[[Child, Cast], object]

# Who stands for which tie, in every state of the table.
TIES: Mapping[str, str] = {
    "chair of the initial conference": "Grace",
    "invited": "Kofi",
    "the plan's chair": "Imran",
    "worker": "Hannah",
    "team manager": "Priya",
    "core group": "Siobhan",
    "next door": "Callum",
}


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def initial(days: int, chair: str = "Grace") -> Set:
    return ahead(days, chair, "Kofi")


def with_a_core_group(child: Child, west: Cast) -> None:
    CoreGroupMember.objects.create(
        authority=west.authority, family=child.family, person=west.person("Siobhan"), starts=TODAY - 300 * A_DAY
    )


def planned(ends: int | None = None) -> Set:
    """Conference and plan of long ago; the plan has another chair than the conference."""
    return both(initial(-200), on_plan(-200, ends, "Imran"))


def raised_and_ended(ends: int) -> Set:
    def act(child: Child, west: Cast) -> None:
        on_plan(-200, None, "Imran")(child, west)
        raised(-100, "Imran")(child, west)
        child.plans.update(ends=TODAY + timedelta(days=ends))

    return act


def has_died(child: Child, west: Cast) -> None:
    by_hand.died(child, on=TODAY, by=west.person("Pauline"), at=NOW)


# The columns in the order of TIES.
TABLE: tuple[tuple[str, Set, tuple[str, ...]], ...] = (
    ("nothing on file", both(), (NOTHING,) * 7),
    # Before
    ("a conference ahead", initial(9), (CHAIRS, SEES, *(NOTHING,) * 5)),
    ("a conference ahead, restricted", both(initial(9), restricted), (CHAIRS, *(NOTHING,) * 6)),
    ("a conference ahead, cancelled", both(initial(9), cancelled), (NOTHING,) * 7),
    ("a later conference, of the plan's chair to be", both(initial(9), ahead(20, "Imran")),
     (NOTHING, SEES, CHAIRS, *(NOTHING,) * 4)),
    ("the day of the conference", initial(0), (CHAIRS, SEES, *(NOTHING,) * 5)),
    ("the day after", initial(-1), (CHAIRS, *(NOTHING,) * 6)),
    ("day 21 after a conference without a plan", initial(-LAST_DAY), (CHAIRS, *(NOTHING,) * 6)),
    ("day 22", initial(-LAST_DAY - 1), (NOTHING,) * 7),
    # During
    ("the plan, on the day of the conference", both(initial(0), on_plan(0, None, "Imran")),
     (NOTHING, NOTHING, CHAIRS, SEES, SEES, NOTHING, NOTHING)),
    ("on the plan", planned(), (NOTHING, NOTHING, CHAIRS, SEES, SEES, NOTHING, NOTHING)),
    ("on the plan, restricted", both(planned(), restricted),
     (NOTHING, NOTHING, CHAIRS, SEES, NOTHING, NOTHING, NOTHING)),
    ("on the plan, a review by another", both(planned(), ahead(-3, "Grace", kind="review")),
     (NOTHING, NOTHING, CHAIRS, SEES, SEES, NOTHING, NOTHING)),
    ("on the plan, has died", both(planned(), has_died),
     (NOTHING, NOTHING, SEES, SEES, NOTHING, NOTHING, NOTHING)),
    # After
    ("ended today", planned(0), (NOTHING, NOTHING, CHAIRS, *(NOTHING,) * 4)),
    ("ended at another's conference", both(planned(-5), ahead(-5, "Grace", kind="review")),
     (CHAIRS, NOTHING, CHAIRS, *(NOTHING,) * 4)),
    ("day 21 after the end", planned(-LAST_DAY), (NOTHING, NOTHING, CHAIRS, *(NOTHING,) * 4)),
    ("day 21 after the end, has died", both(planned(-LAST_DAY), has_died),
     (NOTHING, NOTHING, SEES, *(NOTHING,) * 4)),
    ("day 22 after the end", planned(-LAST_DAY - 1), (NOTHING,) * 7),
    ("day 22, with a concern open", raised_and_ended(-LAST_DAY - 1), (NOTHING, NOTHING, CHAIRS, *(NOTHING,) * 4)),
    ("day 22, with a concern open, restricted", both(raised_and_ended(-LAST_DAY - 1), restricted),
     (NOTHING, NOTHING, CHAIRS, *(NOTHING,) * 4)),
    ("a new conference by another after the end", both(planned(-60), initial(9)), (CHAIRS, SEES, *(NOTHING,) * 5)),
)  # fmt: skip


def test_what_each_tie_opens_before_during_and_after(west: Cast, nia: Child, chance: random.Random) -> None:
    """By both locks every cell; by the pages a third of them, drawn, or all where everything is asked."""
    with_a_core_group(nia, west)
    clients = {name: signed_in(west, name) for name in TIES.values()}
    wrong = []
    for when, is_set, expected in TABLE:
        with transaction.atomic():
            is_set(nia, west)
            for (tie, name), cell in zip(TIES.items(), expected, strict=True):
                found = may(clients[name], nia) if THOROUGH or chance.random() < A_THIRD else cell
                locks = by_the_first(west, name, nia), by_the_second(west, name, nia)
                if found != cell or locks != ((cell != NOTHING),) * 2:
                    wrong.append(f"{tie}, {when}: {found}, locks {locks}, not {cell}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def signed_in(west: Cast, name: str) -> Client:
    client = Client()
    client.force_login(west.person(name))
    return client


def by_the_first(west: Cast, name: str, child: Child) -> bool:
    person = west.person(name)
    return children_visible_to(person, NOW, scope_of(person, NOW)).filter(pk=child.pk).exists()


def by_the_second(west: Cast, name: str, child: Child) -> bool:
    """What the child said: whoever knows of the child by a concern alone does not see that."""
    Voice.objects.get_or_create(authority=west.authority, child=child, text="words", heard_on=TODAY)
    person, before = west.person(name), second_lock.kept()
    with transaction.atomic(), connection.cursor() as cursor:
        second_lock.enter(person, seat_of(person, TODAY), NOW)
        cursor.execute("SELECT count(*) FROM children_voice WHERE child_id = %s", [child.pk])
        (seen,) = cursor.fetchone()
        second_lock.put_back(before)
    return bool(seen)
