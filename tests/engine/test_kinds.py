"""The table of acts and events: every cell holds something, and nothing is said of an event anywhere else."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import undrift
from undrift.engine.ladder import acts, audience, concerning, kinds, naming, parts_played, sentences
from undrift.engine.ladder.kinds import ACT_NAMES, ACTS, DECIDED, EVENTS, LEADS_TO_NOTHING, ActKind, EventKind

PACKAGE = Path(undrift.__file__).parent
HAPPENS_BESIDE = {
    "spoke", "date_lapsed", "action_agreed", "action_started", "resolved", "withdrawn",
    "closed", "noted", "shared", "route_taken", "corrected", "filed", "rules_changed", "ring_given_up",
    "went_over",
}  # fmt: skip
TELLS_NOBODY = {
    "spoke", "action_started", "noted", "filed", "rules_changed", "went_over",
}  # fmt: skip
NOTHING_TO_DECIDE = {
    acts.Raise, acts.Speak, acts.RecordLapse, acts.AgreeAction, acts.RecordUrgentAction, acts.Note, acts.Share,
    acts.TakeRoute, acts.Correct, acts.File, acts.RecordPlanEnd, acts.RecordEndTakenBack, acts.RecordOwnerLeft,
    acts.RecordWentOver,
}  # fmt: skip
NAMES_SOMEBODY = {acts.Raise, acts.Respond, acts.AgreeAction, acts.GiveAction, acts.HandOver, acts.Share}


def declared() -> set[type[acts.Act]]:
    return {each for _, each in inspect.getmembers(acts, inspect.isclass) if issubclass(each, acts.Act)} - {acts.Act}


def test_every_act_has_its_row() -> None:
    assert ACTS.keys() == declared()
    assert list(ACT_NAMES) == [kind.name for kind in ACTS.values()]
    assert ACT_NAMES["give_more_time"] is acts.GiveMoreTime


@pytest.mark.parametrize("kind", ACTS.values(), ids=lambda kind: kind.name)
def test_every_cell_of_an_act_is_filled(kind: ActKind) -> None:
    assert all(field.default is dataclasses.MISSING for field in dataclasses.fields(kind)), "no cell has a default"
    assert all(callable(cell) for cell in (kind.may, kind.decide, kind.part, kind.names))
    assert kind.conflicts <= EVENTS.keys()
    assert bool(kind.conflicts) != (kind.act in NOTHING_TO_DECIDE)
    assert (kind.names is not naming.nobody) == (kind.act in NAMES_SOMEBODY)
    assert getattr(parts_played, kind.part.__name__) is kind.part


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.name)
def test_every_cell_of_an_event_is_filled(kind: EventKind) -> None:
    optional = {field.name for field in dataclasses.fields(kind) if field.default_factory is not dataclasses.MISSING}
    assert optional == {"earlier"}, "a type in its first version has no earlier one; every other cell is asked for"
    assert kind.title
    assert kind.title[0].isupper()
    assert kind.sentence
    assert not kind.sentence.endswith(".")
    assert (kind.in_a_line == LEADS_TO_NOTHING) == (kind.name in HAPPENS_BESIDE)
    assert kind.meanwhile.done
    assert kind.meanwhile.read.endswith(".")
    assert (kind.tells is audience.nobody) == (kind.name in TELLS_NOBODY)
    assert kind.earlier.keys() == set(range(1, kind.type.version))


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.name)
def test_an_event_stands_in_the_history_of_those_alone_whom_it_names(kind: EventKind) -> None:
    """What it keeps says whom it names: a child, some of the children, an action, another entry, a date."""
    names = {
        "child": concerning.the_child, "children": concerning.the_children, "id": concerning.those_of_the_action,
        "seq": concerning.those_of_the_entry, "duty": concerning.those_of_the_date,
        "entry": concerning.those_of_the_risk,
    }  # fmt: skip
    named = [rule for key, rule in names.items() if key in kind.type.needs]
    if kind.name in ("raised", "closed"):  # every child; in `closed` what changed, for those of whom there is something
        assert kind.about in (concerning.every_child, concerning.those_taking_part)
    elif named:
        assert [kind.about] == named
    else:
        assert kind.about in (
            concerning.those_asked_about, concerning.those_taking_part, concerning.those_of_the_answer,
            concerning.those_at_risk,
        )  # fmt: skip


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.name)
def test_every_blank_of_a_sentence_is_one_that_can_be_filled(kind: EventKind) -> None:
    assert set(re.findall(r"\{\w+\}", kind.sentence)) <= sentences._BLANKS.keys()
    assert set(re.findall(r"\{(\w+)\}", kind.in_a_line)) <= {"by", "day", "stage"}


def test_every_blank_is_used() -> None:
    assert {blank for kind in EVENTS.values() for blank in re.findall(r"\{\w+\}", kind.sentence)} == {
        *sentences._BLANKS
    }


def test_an_event_over_which_somebody_can_lose_says_what_was_done() -> None:
    """Only decisions may be told as "decided this": what else an act can lose to has words of its own."""
    lost_to = {name for kind in ACTS.values() for name in kind.conflicts}
    decisions = {
        "judged", "resolved", "withdrawn", "closed", "rules_changed", "action_agreed", "asked_again", "child_ended",
        "child_reopened", "carried_on",
    }  # fmt: skip
    assert {name for name in lost_to if EVENTS[name].meanwhile is DECIDED} == decisions


def test_what_happened_is_worded_in_one_place() -> None:
    """The words of a row stand in no other file of the package."""
    ours = Path(kinds.__file__)
    elsewhere = {path: path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path != ours}
    for kind in EVENTS.values():
        for words in (kind.in_a_line, kind.sentence if " " in kind.sentence else ""):
            said_again = [path.name for path, text in elsewhere.items() if words and f'"{words}"' in text]
            assert not said_again, f"{words!r} is said again in {said_again}"


def test_an_act_and_an_event_stand_in_few_files_of_the_engine() -> None:
    """The file of acts, the file of its subject and the table; what else names them has a reason to."""
    ladder = PACKAGE / "engine"
    named = {
        path.stem for path in ladder.rglob("*.py") if re.search(r"HandOver|handed_over|hand_over", path.read_text())
    }
    assert named == {"acts", "beside", "kinds", "naming", "sentences"}
