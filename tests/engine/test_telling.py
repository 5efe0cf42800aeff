"""The timeline: each entry says what happened, at which stage, with which verdict, by which day."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.engine.test_histories import Walk
from undrift import library
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.ladder import acts, telling
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars

RULES = Rules(library.load("walsall"), calendars.load("england-and-wales"), bare_days="working")
NAMES = {"maya": "Maya", "jude": "Jude"}
START = datetime(2026, 4, 30, 9, 15, tzinfo=UTC)
GRACE = By("1", "Grace Ollerton", frozenset({"chair"}))
PRIYA = By("2", "Priya Nairn", frozenset({"team-manager"}))
DENISE = By("3", "Denise Harkaway", frozenset({"group-manager"}))
PLAN = acts.ActionAsked("Write up the two visits", "Hannah Quill", date(2026, 5, 14))
# Names and values as the code writes them.
OF_THE_PROGRAM = re.compile(r"[a-z]_[a-z]|\bNone\b|\bTrue\b|\bFalse\b|[{}\[\]]")
# Words that blame.
SHAME = ("breach", "failure", "failed", "offender", "non-compliant", "overdue")


class Story:
    """Acts of the cast on one concern, and what the timeline says of the last of them."""

    def __init__(self, *names: str, stage: str = "stage-1", rules: Rules = RULES, **more: Any) -> None:
        self.rules = rules
        self.history: list[Event] = []
        self.state: State | None = None
        children = tuple(acts.ChildConcern(name, f"{name} waits.", name.title()) for name in names or ("maya",))
        spoke = acts.Conversation("phone", to="team-manager", name="Priya Nairn")
        agreed = date(2026, 5, 8) if stage == "informal" else None
        said: dict[str, Any] = {
            "concern": "Nothing has moved.", "ask": "Dates.", "spoke": spoke, "date": agreed,
            "why_this_stage": "It was spoken about twice.",
        }  # fmt: skip
        self.says(GRACE, acts.Raise(stage, children, **(said | more)))

    @classmethod
    def of_old(cls, stage: str, rules: Rules, **more: Any) -> Story:
        """As records from before may be, where no act brings one any more: at a step of the plan cycle, say."""
        story = cls.__new__(cls)
        story.rules, story.history, story.state = rules, [], None
        told: dict[str, Any] = {
            "stage": stage,
            "children": {"maya": "maya waits."},
            "grounds": [],
            "concern": "Nothing has moved.",
        }
        return story.keeps("raised", GRACE, **(told | more))

    def keeps(self, kind: str, by: By, *, days: int = 0, **payload: Any) -> Story:
        """An event that was kept once, whether or not an act brings it about today."""
        entry = EVENTS[kind].type.make(len(self.history) + 1, payload, by, self.at(days))
        self.history.append(entry)
        self.state = advance(self.rules.protocol, self.state, entry)
        return self

    def says(self, by: By, act: acts.Act, *, days: int = 0) -> Story:
        done = self.decided(by, act, days)
        assert not isinstance(done, Refusal), done
        for entry in done:
            self.state = advance(self.rules.protocol, self.state, entry)
        self.history.extend(done)
        return self

    def decided(self, by: By, act: acts.Act, days: int = 0) -> tuple[Event, ...] | Refusal:
        return decide(self.rules, self.state, act, by, self.at(days))

    def at(self, days: int) -> datetime:
        return START + timedelta(days=days, minutes=len(self.history))

    def answered(self) -> Story:
        self.says(PRIYA, acts.Respond("agree in part", "It is being written.", (PLAN,)), days=4)
        return self.says(DENISE, acts.Approve(), days=5)

    def told(self, kind: str, names: dict[str, str] | None = None) -> tuple[str, str]:
        """The heading and the text of the last entry of this kind."""
        found = list(telling.entries(self.rules, self.history, NAMES if names is None else names))
        return next((e.title, e.text) for e in reversed(found) if e.event.type == kind)


def no() -> acts.Judge:
    return acts.Judge({"maya": False}, "The visits are still missing.")


def test_raising_says_the_stage_the_child_and_the_day_of_the_answer() -> None:
    assert Story().told("raised") == (
        "Raised", "Raised a concern at Stage 1 for Maya. Answer due by Tuesday 12 May 2026."
    )  # fmt: skip


def test_a_decision_says_whose_answer_and_why_it_was_not_accepted() -> None:
    assert Story().answered().says(GRACE, no(), days=6).told("judged") == (
        "Answer not accepted",
        "Priya Nairn’s answer at Stage 1 was not accepted for Maya. The visits are still missing.",
    )


def test_a_decision_says_for_which_child_it_is_resolved() -> None:
    story = Story("maya", "jude").answered()
    story.says(GRACE, acts.Judge({"maya": True, "jude": False}, "Jude has no date"), days=6)
    assert story.told("judged") == (
        "Answer accepted in part",
        "Priya Nairn’s answer at Stage 1 was accepted for Maya, but was not accepted for Jude. Jude has no date.",
    )


def test_one_childs_reader_is_told_of_that_child_alone() -> None:
    story = Story("maya", "jude").answered().says(GRACE, acts.Judge({"maya": True, "jude": False}, "No date."), days=6)
    assert story.told("judged", {"jude": "Jude"}) == (
        "Answer not accepted", "Priya Nairn’s answer at Stage 1 was not accepted for Jude. No date."
    )  # fmt: skip
    assert "Maya" not in str([e.text for e in telling.entries(RULES, story.history, {"jude": "Jude"})])


def test_a_date_that_passed_says_what_was_not_there_by_which_day_at_which_stage() -> None:
    story = Story().says(SYSTEM, acts.RecordLapse("1:respond:team-manager"), days=13)
    assert story.told("date_lapsed") == (
        "No answer by 12 May 2026", "No answer from the Team Manager by 12 May 2026 at Stage 1."
    )  # fmt: skip


def test_a_date_that_passed_over_an_answer_in_approval_says_so() -> None:
    story = Story().says(PRIYA, acts.Respond("agree", "It is being written."), days=4)
    story.says(SYSTEM, acts.RecordLapse("1:respond:team-manager"), days=13)
    heading, text = story.told("date_lapsed")
    assert heading == "No approved answer by 12 May 2026"
    assert text.endswith("Priya Nairn has sent one for approval.")


def test_moving_on_says_from_where_to_where_and_why() -> None:
    story = Story().says(GRACE, acts.MoveOn("stage-2", "not answered", ask="Dates.", different="Two weeks."), days=13)
    assert story.told("moved_on") == (
        "Moved to Stage 2",
        "Moved from Stage 1 to Stage 2: no answer by 12 May 2026. Two weeks. Answer due by Tuesday 19 May 2026.",
    )
    judged = Story().answered().says(GRACE, no(), days=6)
    judged.says(GRACE, acts.MoveOn("stage-2", "not accepted", ask="Dates."), days=6)
    assert "Moved from Stage 1 to Stage 2: Priya Nairn’s answer was not accepted." in judged.told("moved_on")[1]


def test_each_entry_about_an_action_says_which_action() -> None:
    story = Story().answered().says(GRACE, acts.Judge({"maya": True}), days=6)
    what = "“Write up the two visits”"
    assert story.told("action_agreed")[1] == f"Agreed: {what} (Hannah Quill, by Thursday 14 May 2026)."
    story.says(GRACE, acts.StartAction("a1", "One is on file"), days=7)
    assert story.told("action_started")[1] == f"In progress: {what}. One is on file."
    story.says(GRACE, acts.ChangeActionDate("a1", date(2026, 5, 18), "Hannah was away."), days=8)
    assert story.told("action_date_changed")[1] == (
        f"New date Monday 18 May 2026, instead of 14 May 2026: {what}. Hannah was away."
    )
    story.says(SYSTEM, acts.RecordLapse("action:a1:2"), days=20)
    assert story.told("date_lapsed") == (
        "Action not yet done by 18 May 2026", f"Not yet done by 18 May 2026: {what} (Hannah Quill)."
    )  # fmt: skip
    story.says(GRACE, acts.FinishAction("a1", date(2026, 5, 20), "All is on file."), days=21)
    assert story.told("action_done")[1] == f"Done on Wednesday 20 May 2026: {what}. All is on file."
    story.says(GRACE, acts.ReturnAction("a1", "One has no date."), days=21)
    assert story.told("action_returned")[1] == f"More is needed: {what}. One has no date."
    story.says(GRACE, acts.FinishAction("a1", date(2026, 5, 21)), days=22)
    story.says(GRACE, acts.ConfirmAction("a1"), days=23)
    assert story.told("action_confirmed")[1] == f"Confirmed as complete: {what}."


def test_an_answer_in_approval_does_not_give_away_what_it_says() -> None:
    story = Story().says(PRIYA, acts.Respond("do not agree", "A text for later."), days=4)
    assert story.told("answer_drafted")[1] == "Sent the answer at Stage 1 to the Group Manager for approval."
    story.says(DENISE, acts.Approve("Clear."), days=5)
    assert story.told("approved")[1] == "Priya Nairn’s answer at Stage 1 is approved: does not agree. Clear."


def test_what_was_agreed_in_a_conversation_is_said_to_be_done_or_not_yet() -> None:
    told = Story(stage="informal").says(GRACE, no(), days=9).told("judged")
    assert told == (
        "Not done yet",
        "What was agreed at Informal resolution is not done yet for Maya. The visits are still missing.",
    )


def test_an_entry_made_in_error_is_named_by_its_heading_and_its_day() -> None:
    story = Story().says(GRACE, acts.Correct(1, "It is about another family."), days=1)
    assert story.told("corrected")[1] == "“Raised” of 30 April 2026 was entered in error. It is about another family."


@pytest.mark.drawn
@pytest.mark.parametrize("protocol", library.shipped())
def test_every_history_can_be_told_in_sentences_without_shame(protocol: str) -> None:
    """Random walks: whatever the engine lets happen, each entry has a heading and whole sentences."""
    seen: set[str] = set()
    rules = Rules(library.load(protocol), calendars.load("england-and-wales"), bare_days="working")
    for seed in range(150):
        dice = random.Random(seed)
        walk = Walk(rules, dice)
        for _ in range(30):
            walk.now += timedelta(hours=dice.choice((0, 1, 5, 24, 72, 200)))
            walk.step()
        for entry in telling.entries(rules, walk.history, {"amara": "Amara"}):
            seen.add(entry.event.type)
            assert entry.title, entry
            assert entry.text.endswith((".", "?", "!")), entry
            assert "{" not in entry.text, entry
            assert not any(word in entry.text.lower() for word in SHAME), entry
            assert not OF_THE_PROGRAM.search(f"{entry.title} {entry.text}"), entry
    assert len(seen) > len(EVENTS) / 2, sorted(EVENTS.keys() - seen)
