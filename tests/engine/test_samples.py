"""Every event type and version that was ever stored is kept here as a sample, and can be read for ever.

A sample is a short history whose last event is the one it is kept for, with what came of it when it was written. A new
type, or a new version of one, gets a sample with it: `python -m tests.engine.test_samples` writes those that are
missing and never touches one that is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from undrift import library
from undrift.engine.events import SYSTEM, BrokenHistory, By, Event
from undrift.engine.ladder import acts, telling
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance, fold, in_todays_form
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars

SAMPLES = Path(__file__).parent / "samples"
START = datetime(2026, 4, 30, 9, 15, tzinfo=UTC)
EVER_STORED = sorted(SAMPLES.glob("*.json"))


# What a state said of itself and nobody ever read, under these names, and says no more.
GONE = frozenset({"lapsed", "version"})


def plain(value: object) -> Any:
    """A value as JSON has it: tables by field name, sets in order, moments as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(plain(each) for each in value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def stored(event: Event) -> dict[str, Any]:
    by = {key: value for key, value in asdict(event.by).items() if key != "roles"}
    kept = {"seq": event.seq, "type": event.type, "version": event.version, "payload": plain(event.payload)}
    return {**kept, "by": by, "at": event.at.isoformat()}


def happened(kept: Mapping[str, Any]) -> Event:
    by, at = By(**kept["by"]), datetime.fromisoformat(kept["at"])
    return Event(kept["seq"], kept["type"], kept["payload"], by, at, kept["version"])


def differences(kept: Any, now: Any, place: str = "") -> Iterator[str]:
    """Where what is read now differs from what was kept. What has been added since is no difference."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in kept.keys() - (GONE - now.keys()):
            value = kept[key]
            yield from differences(value, now.get(key), f"{place}.{key}")
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for number, (before, after) in enumerate(zip(kept, now, strict=True)):
            yield from differences(before, after, f"{place}[{number}]")
    elif kept != now:
        yield f"{place}: was {kept!r}, is {now!r}"


def rules_of(sample: Mapping[str, Any]) -> Rules:
    return Rules(library.load(sample["protocol"]), calendars.load("england-and-wales"), bare_days="working")


@pytest.mark.parametrize("path", EVER_STORED, ids=lambda path: path.stem)
def test_what_was_ever_stored_can_be_read_and_means_the_same(path: Path) -> None:
    sample = json.loads(path.read_text("utf-8"))
    history = [happened(each) for each in sample["history"]]
    assert path.stem == f"{history[-1].type}.{history[-1].version}"
    rules = rules_of(sample)
    assert list(differences(sample["state"], plain(fold(rules.protocol, history)))) == []
    *_, last = telling.entries(rules, history, {"maya": "Maya", "jude": "Jude"})
    assert [last.title, last.text] == sample["told"]


def test_every_type_and_version_of_an_event_has_its_sample() -> None:
    wanted = {f"{kind.name}.{version}" for kind in EVENTS.values() for version in range(1, kind.type.version + 1)}
    kept = {path.stem for path in EVER_STORED}
    assert wanted - kept == set(), "run python -m tests.engine.test_samples, and commit what it writes"
    assert kept - wanted == set(), "a type that was ever stored stays in the table"


def test_a_type_or_a_version_that_nobody_knows_is_refused() -> None:
    raised = happened(json.loads((SAMPLES / "raised.1.json").read_text("utf-8"))["history"][0])
    with pytest.raises(BrokenHistory, match='Version 2 of "raised"'):
        in_todays_form(replace(raised, version=2))
    with pytest.raises(BrokenHistory, match='of the type "praised"'):
        in_todays_form(replace(raised, type="praised"))


def test_an_earlier_version_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that was once called text, then words, and is text again with a language."""
    note = EVENTS["noted"]
    today = replace(
        note,
        type=replace(note.type, needs=frozenset({"text", "language"}), version=3),
        earlier={1: lambda p: {"words": p["text"]}, 2: lambda p: {"text": p["words"], "language": "English"}},
    )
    monkeypatch.setitem(EVENTS, "noted", today)
    kept = Event(2, "noted", {"text": "Rang the school."}, SYSTEM, START, 1)
    assert in_todays_form(kept).payload == {"text": "Rang the school.", "language": "English"}
    assert in_todays_form(kept).version == 3


# Writing those that are missing ----------------------------------------------------------------------------------


CAST = {
    "chair": By("1", "Grace Ollerton", frozenset({"chair"})),
    "team-manager": By("2", "Priya Nairn", frozenset({"team-manager"})),
    "group-manager": By("3", "Denise Harkaway", frozenset({"group-manager"})),
    "director": By("5", "Elspeth Vane", frozenset({"director"})),
    "system": SYSTEM,
}
TALK = acts.Conversation("phone", START.date(), "team-manager", "Priya Nairn", "They will look at it.")
PLAN = acts.ActionAsked("Write up the two visits", "Hannah Quill", date(2026, 5, 14), "9")
BOTH = {"maya": True, "jude": True}


class Story:
    """A concern on which the cast acts, one event after the other."""

    def __init__(self, protocol: str, stage: str, **more: Any) -> None:
        self.protocol = protocol
        self.rules = rules_of({"protocol": protocol})
        self.history: list[Event] = []
        self.state: State | None = None
        children = tuple(acts.ChildConcern(name, f"{name.title()} waits.", name.title()) for name in ("maya", "jude"))
        said = {"concern": "Nothing has moved.", "why_this_stage": "It was spoken about twice.", **more}
        self.does("chair", acts.Raise(stage, children, **said))

    def does(self, who: str, act: acts.Act, *, days: int = 0) -> Story:
        found = decide(self.rules, self.state, act, CAST[who], START + timedelta(days=days, minutes=len(self.history)))
        assert not isinstance(found, Refusal), found
        for event in found:
            self.keep(event)
        return self

    def keep(self, event: Event) -> None:
        """As it is read again: with the part played, and not every role that was held."""
        self.history.append(replace(event, by=replace(event.by, roles=frozenset())))
        self.state = advance(self.rules.protocol, self.state, self.history[-1])


def stories() -> Iterator[Story]:
    """Between them, every type of event."""
    yield beside_the_ladder()
    yield resolved()
    yield moved_on().does("chair", acts.Withdraw("It was settled elsewhere."), days=16)
    yield moved_on().does(
        "chair", acts.Close("moved", "Their new council has the file.", {"maya": "She moved."}), days=16
    )
    yield for_one_child()
    yield not_done()
    yield passed_on()
    yield taken_back()


def taken_back() -> Story:
    story = Story("walsall", "stage-1", spoke=TALK)
    story.does("system", acts.RecordPlanEnd("maya", date(2026, 5, 1)), days=2)
    return story.does("system", acts.RecordEndTakenBack("maya", "Said by Judith Calloway"), days=3)


def passed_on() -> Story:
    story = Story("walsall", "stage-1", spoke=TALK)
    story.does("team-manager", acts.SayNotMine("Callum Stroud", "They moved to his team."), days=1)
    story.does("chair", acts.SayItStays("They are yours until the transfer."), days=2)
    story.does("team-manager", acts.Respond("agree", "It is being written.", (PLAN,)), days=4)
    story.does("group-manager", acts.Approve("Clear."), days=5).does("chair", acts.Judge(BOTH, "This will do."), days=6)
    story.does("system", acts.RecordOwnerLeft("a1"), days=7)
    story.does("system", acts.RecordWentOver("team", "Central", "North", "Said by Judith Calloway"), days=7)
    return story.does("chair", acts.GiveAction("a1", "Ruth Pemberly", "Hannah has left.", "12"), days=8)


def for_one_child() -> Story:
    story = Story("walsall", "stage-1", spoke=TALK)
    story.does("system", acts.RecordPlanEnd("maya", date(2026, 5, 1)), days=2)
    story.does("chair", acts.CarryOn(("maya",), "What was promised is still owed."), days=3)
    story.does("chair", acts.EndForChild("jude", "moved", "His new council knows.", "He is seen weekly."), days=4)
    return story.does("chair", acts.ReopenChild("jude", "He is back."), days=5)


def not_done() -> Story:
    story = Story("walsall", "stage-1", spoke=TALK)
    story.does("team-manager", acts.Respond("agree", "It is being written.", (PLAN,)), days=4)
    story.does("group-manager", acts.Approve("Clear."), days=5).does("chair", acts.Judge(BOTH, "This will do."), days=6)
    story.does("team-manager", acts.AskForActionDate("a1", date(2026, 5, 18), "Half term."), days=7)
    story.does("chair", acts.DeclineActionDate("a1", "They have waited since March."), days=8)
    story.does("chair", acts.AskAgain(date(2026, 5, 20), "Nothing is written."), days=16)
    story.does("chair", acts.RecordUrgentAction("A visit was made.", "Hannah Quill", date(2026, 5, 16)), days=17)
    return story.does("chair", acts.RingBack(len(story.history), "Hannah Quill", date(2026, 5, 17), "Safe."), days=17)


def beside_the_ladder() -> Story:
    story = Story("walsall", "stage-1", spoke=TALK, grounds=("DRIFT",), ask="Dates.", tried="Two calls.")
    story.does("chair", acts.Note("Rang the school.")).does("chair", acts.Share("principal-iro", "To know of it."))
    story.does("chair", acts.TakeRoute("share-with-head-of-safeguarding", "By email."))
    story.does("chair", acts.RecordUrgentAction("Asked for a visit today.", "Hannah Quill", START.date()))
    story.does("chair", acts.Correct(3, "It was another school.")).does("chair", acts.File("maya", "Case system"))
    story.does("chair", acts.HandOver("team-manager", "8", "Owen Tarrant", "Priya is away.", date(2026, 5, 20)))
    # No act brings this about yet: the record can hold it.
    kind, seq = EVENTS["rules_changed"].type, len(story.history) + 1
    story.keep(kind.make(seq, {"version": "2026.1", "why": "The policy was revised."}, CAST["chair"], START))
    return story


def resolved() -> Story:
    story = Story("walsall", "stage-1", spoke=TALK, risk=acts.Risk("A visit was made."), asked_by=date(2026, 5, 8))
    story.does("team-manager", acts.Respond("agree in part", "It is being written.", (PLAN,), ("capacity",)), days=4)
    story.does("group-manager", acts.SendBack("Say by when."), days=5)
    story.does("team-manager", acts.Respond("agree", "It is being written.", (PLAN,)), days=5)
    story.does("group-manager", acts.Approve("Clear."), days=5).does("chair", acts.Judge(BOTH, "This will do."), days=6)
    story.does("chair", acts.ChangeActionDate("a2", date(2026, 5, 18), "Half term."), days=7)
    story.does("chair", acts.StartAction("a2", "Begun."), days=8)
    story.does("chair", acts.FinishAction("a2", date(2026, 5, 11), "It shows the pattern."), days=11)
    story.does("chair", acts.ReturnAction("a2", "The second visit is missing."), days=12)
    story.does("chair", acts.FinishAction("a2", date(2026, 5, 14)), days=14)
    story.does("chair", acts.ConfirmAction("a2", "Both are there."), days=15)
    story.does(
        "chair", acts.AgreeAction(acts.ActionAsked("Ring the school", "Priya Nairn", date(2026, 5, 18))), days=15
    )
    story.does("chair", acts.DropAction("a3", "The school rang."), days=15)
    story.does("chair", acts.Resolve({"maya": "She is seen.", "jude": "He is seen."}, "Two weeks."), days=16)
    return story.does("chair", acts.GiveUpRing(1, "They live abroad by now."), days=17)


def moved_on() -> Story:
    story = Story("walsall", "stage-4")
    passed = next(owed.key for owed in agenda(story.rules, story.state, START) if owed.is_answer) if story.state else ""
    story.does("system", acts.RecordLapse(passed), days=9)
    going = acts.MoveOn("stage-5", "not answered", {"maya": "She still waits."}, "A week has gone.", ask="An answer.")
    story.does("chair", going, days=10)
    return story.does("director", acts.Respond("do not agree", "No.", consider={"wider-partnership": False}), days=11)


def write_missing() -> None:
    SAMPLES.mkdir(exist_ok=True)
    for story in stories():
        told = list(telling.entries(story.rules, story.history, {"maya": "Maya", "jude": "Jude"}))
        for number, event in enumerate(story.history, start=1):
            path = SAMPLES / f"{event.type}.{event.version}.json"
            if path.exists():
                continue
            history = story.history[:number]
            sample = {
                "protocol": story.protocol,
                "history": [stored(each) for each in history],
                "state": plain(fold(story.rules.protocol, history)),
                "told": [told[number - 1].title, told[number - 1].text],
            }
            path.write_text(json.dumps(sample, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    write_missing()
