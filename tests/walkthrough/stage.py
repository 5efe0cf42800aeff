"""The stage on which a walk begins: the people of the demonstration and its families, and nothing raised yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from django.db import transaction
from django.db.models import F

from tests.cast import NOW, TODAY
from tests.house.made_once import made_once
from tests.journeys.looked import WAYS, Looked
from tests.messages.letterbox import Letterbox
from tests.walkthrough.walking import Walk, Walker
from undrift.demo.households import Households, plovers_key_action
from undrift.demo.organisations import ChildFacts
from undrift.demo.stories import Demonstration, set_the_stage
from undrift.people.models import Cover

PLAIN = WAYS[-1]  # no scripts: a browser adds nothing to links and forms but their sending


@made_once(at=NOW)
def the_stage() -> Demonstration:
    demo = set_the_stage(TODAY)
    two_in_northmoor(demo.homes)
    awaited(demo.homes)
    demo.homes.diary.write()
    plovers_key_action(demo.homes)
    before = F("starts") - timedelta(days=1)
    Cover.objects.update(
        ends=before, ended_at=NOW, ended_by=F("covering")
    )  # everybody is at work: who covers is gone through in the journeys
    return demo


def two_in_northmoor(homes: Households) -> None:
    """Northmoor's story has one child; this is about brothers and sisters."""
    days = homes.days
    homes.settle(
        "Dunnock",
        [
            ChildFacts(first_name="Ivy", born=days.born(years=8, months=3), sex="F"),
            ChildFacts(first_name="Caleb", born=days.born(years=4, months=9), sex="M"),
        ],
        plan_starts=days.day(-8), next_review=days.day(50), chair="Rosalind Amery", social_worker="Nell Harcastle",
        team="Northmoor Assessment Team", seen=days.day(-2), core_group=["Elias Thornby", "Gethin Aldersey"],
        number=7111, built=homes.north,
    )  # fmt: skip


def awaited(homes: Households) -> None:
    """In each council a child whose whole plan is walked through, from before the first conference."""
    born = homes.days.born(years=7, months=5)
    homes.await_initial(
        "Siskin", [ChildFacts(first_name="Edie", born=born, sex="F")], homes.days.day(5),
        chair="Grace Ollerton", social_worker="Hannah Quill",
    )  # fmt: skip
    homes.await_initial(
        "Merlin", [ChildFacts(first_name="Ned", born=born, sex="M")], homes.days.day(5),
        chair="Rosalind Amery", social_worker="Nell Harcastle", invited=("Gethin Aldersey",), built=homes.north,
    )  # fmt: skip


@contextmanager
def a_walk(box: Letterbox, looked: Looked, watch: Callable[[list[str]], None] = lambda lines: None) -> Iterator[Walk]:
    """On a stage of its own, which is taken away again; it begins on Wednesday 6 May 2026 at ten."""
    with transaction.atomic(), time_machine.travel(NOW, tick=False) as clock:
        box.letters.clear()
        walk = Walk(the_stage(), PLAIN, Walker, looked, lambda *asked: [], clock, box, watch=watch)
        walk.on(0, "10:00")
        yield walk
        transaction.set_rollback(True)
