"""The table of acts and events of the plan cycle: every cell holds something."""

from __future__ import annotations

import dataclasses
import inspect
from datetime import date

import pytest

from undrift.engine.named import Named
from undrift.engine.plan_cycle import acts, audience, kinds
from undrift.engine.plan_cycle.kinds import ACT_NAMES, ACTS, EVENTS, ActKind, EventKind

TELLS_NOBODY = {"decided", "outline_written", "concern_begun", "offer_declined"}
NOTHING_TO_DECIDE = {
    acts.ShareReport, acts.RecordEvent, acts.DoStep, acts.WriteNote, acts.TakeRoute, acts.RecordLapse, acts.Correct,
    acts.RecordEndTakenBack,
}  # fmt: skip


def test_every_act_has_its_row_but_the_one_that_begins() -> None:
    declared = {each for _, each in inspect.getmembers(acts, inspect.isclass) if issubclass(each, acts.Act)}
    assert ACTS.keys() == declared - {acts.Act, acts.Begin}
    assert set(ACT_NAMES.values()) == ACTS.keys() | {acts.Begin}
    assert ACT_NAMES["fix_conference"] is acts.FixConference


@pytest.mark.parametrize("kind", ACTS.values(), ids=lambda kind: kind.name)
def test_every_cell_of_an_act_is_filled(kind: ActKind) -> None:
    assert all(field.default is dataclasses.MISSING for field in dataclasses.fields(kind)), "no cell has a default"
    assert callable(kind.may)
    assert callable(kind.decide)
    assert (kind.names is kinds.nobody) == (kind.act is not acts.SetKeyAction)
    assert kind.conflicts <= EVENTS.keys()
    assert bool(kind.conflicts) != (kind.act in NOTHING_TO_DECIDE)


def test_whom_an_act_names_is_said() -> None:
    act = acts.SetKeyAction("c1", ("maya",), "A visit.", date(2026, 5, 20), "Ada", "7")
    assert [*ACTS[acts.SetKeyAction].names(act)] == [Named("who", "7", "Ada")]
    assert [*ACTS[acts.EndCycle].names(acts.EndCycle("Over."))] == []


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.name)
def test_every_cell_of_an_event_is_filled(kind: EventKind) -> None:
    optional = {field.name for field in dataclasses.fields(kind) if field.default_factory is not dataclasses.MISSING}
    assert optional == {"earlier"}
    assert kind.title[0].isupper()
    assert kind.sentence
    assert not kind.sentence.endswith(".")
    assert (kind.tells is audience.nobody) == (kind.name in TELLS_NOBODY)
    assert kind.earlier.keys() == set(range(1, kind.type.version))
