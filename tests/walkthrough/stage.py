"""The stage on which a walk begins: the people of the demonstration and its families, and nothing raised yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import time_machine
from django.db import transaction

from tests.cast import NOW, TODAY
from tests.house.made_once import made_once
from tests.journeys.looked import WAYS, Looked
from tests.messages.letterbox import Letterbox
from tests.walkthrough.walking import Walk, Walker
from undrift.demo.households import plovers_key_action
from undrift.demo.stories import Demonstration, set_the_stage
from undrift.people.models import Cover

PLAIN = WAYS[-1]  # no scripts: a browser adds nothing to links and forms but their sending


@made_once(at=NOW)
def the_stage() -> Demonstration:
    demo = set_the_stage(TODAY)
    demo.homes.diary.write()
    plovers_key_action(demo.homes)
    Cover.objects.all().delete()  # everybody is at work: who covers is gone through in the journeys
    return demo


@contextmanager
def a_walk(box: Letterbox, looked: Looked) -> Iterator[Walk]:
    """On a stage of its own, which is taken away again; it begins on Wednesday 6 May 2026 at ten."""
    with transaction.atomic(), time_machine.travel(NOW, tick=False) as clock:
        box.letters.clear()
        walk = Walk(the_stage(), PLAIN, Walker, looked, lambda *asked: [], clock, box)
        walk.on(0, "10:00")
        yield walk
        transaction.set_rollback(True)
