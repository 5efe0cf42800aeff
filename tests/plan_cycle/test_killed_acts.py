"""Acts of a plan cycle that no form of Walsall's sends: where the database goes away at any statement of one, all of it
is kept or nothing, and done again it has its one effect. The forms are ended in `tests/desks/typed/test_killed.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError

from tests.cast import NOW, Cast, northmoor
from tests.desks.typed.test_each_form_counts_once import effects
from tests.desks.typed.test_killed import killed, nth
from undrift.engine.plan_cycle import acts
from undrift.people.models import Person
from undrift.plan_cycle.actions import perform
from undrift.record.models import Case, Event
from undrift.record.who_plays import context_for

TODAY, LATER = NOW.date(), NOW + timedelta(days=9)


def appealed(north: Cast) -> tuple[Case, int]:
    """A review was held, it was appealed against, and an agency accepts no recommendation; the entry of that."""
    aisha, rosalind = north.child("Aisha"), north.person("Rosalind Amery")
    key, case = str(aisha.pk), None
    for act in (
        acts.FixConference("review", TODAY),
        acts.HoldConference("c1", TODAY, {key: acts.Decision(True)}),
        acts.TakeRoute("appeal", TODAY, "Lena Plover", "parent", "The school was not heard.", "c1", (key,)),
        acts.NotAccept((key,), "Housing", "A house.", "There is none."),
    ):
        to: dict[str, Any] = {"case": case} if case is not None else {"context": context_for([aisha], NOW)}
        case = perform(act, by=rosalind, at=NOW, **to).case
    assert case is not None
    return case, case.last_seq


def manager(north: Cast) -> Person:
    return north.person("Ines Calderbank")


def chair(north: Cast) -> Person:
    return north.person("Rosalind Amery")


ACTS: dict[str, tuple[Callable[[Cast], Person | None], Callable[[int], acts.Act]]] = {
    "an appeal is upheld": (manager, lambda _: acts.DecideRoute("r1", True, "The school was not asked.")),
    "a concern is raised of it": (chair, lambda seq: acts.BeginConcern(f"not accepted:{seq}", "SR-2026-0001")),
    "a date passes": (lambda _: None, lambda _: acts.RecordLapse("1:decision-sheet:c1")),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ACTS)
def test_killed_at_each_statement_it_is_kept_whole_or_not_at_all(
    name: str, superuser_cursor: psycopg.Cursor, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, made = ACTS[name]
    north = northmoor()
    case, seq = appealed(north)
    before, by, act = effects(), who(north), made(seq)
    for at in count(1):
        with killed(superuser_cursor, nth(at), monkeypatch) as killing:
            try:
                perform(act, case=case, by=by, at=LATER)
            except DatabaseError:
                assert killing.done
        if not killing.done:
            break
        assert effects() == before, f"killed at statement {at} a part was kept"
    assert at > 3
    assert list(Event.objects.filter(case=case, seq__gt=seq).values_list("seq", flat=True)) == [seq + 1]
