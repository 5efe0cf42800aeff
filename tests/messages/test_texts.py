"""Each notice that an act brings has words of its own."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.engine.test_histories import Walk
from tests.engine.test_refused import (
    YES,
    agreed,
    begun,
    date_asked,
    escalated,
    in_the_plan_cycle,
    not_mine,
    plan_over,
    sent,
    spoken_about,
    urgent,
)
from tests.engine.test_sentences import left
from tests.engine.test_telling import GRACE, PRIYA, Story
from tests.engine.test_told import hannahs
from undrift import library
from undrift.engine.events import SYSTEM
from undrift.engine.ladder import acts, audience
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.told import told
from undrift.engine.musts import Must
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.messages.texts import WORDINGS, Facts
from undrift.record.outbox import asked_beside

FACTS = Facts(
    reference="R-2026-0147",
    thing="resolution",
    stage="stage 1",
    by=date(2026, 5, 12),
    chair="Grace Ollerton",
    ring="01632 960142",
    approver="Group Manager",
)


TELLING = {kind.name for kind in EVENTS.values() if kind.tells is not audience.nobody}
# Told in general words, and meant to be: what is asked is a conversation or a step, or a step is done.
IN_GENERAL = {
    ("raised", "speak"), ("moved_on", "speak"), ("moved_on", "settle"), ("milestone_reached", ""),
}  # fmt: skip


def test_every_wording_is_for_an_event_that_tells_somebody() -> None:
    assert {kind for kind, _ in WORDINGS} <= {
        kind.name for kind in EVENTS.values() if kind.tells is not audience.nobody
    }


@pytest.mark.parametrize("protocol", library.shipped())
def test_whatever_the_engine_tells_has_words(protocol: str) -> None:
    """Random walks: what is told and asked has a wording of its own, or is named above.

    So has what a sibling's people are told, who have the same part.
    """
    rules = Rules(library.load(protocol), calendars.load("england-and-wales"), bare_days="working")
    steps = rules.protocol.milestones_by_id
    for seed in range(60):
        walk = Walk(rules, random.Random(seed))
        for _ in range(30):
            walk.now += timedelta(hours=walk.dice.choice((0, 1, 5, 24, 72, 200)))
            walk.step()
        state = None
        for event in walk.history:
            state = advance(rules.protocol, state, event)
            for item in told(rules, state, event):
                assert (event.type, item.ask) in WORDINGS.keys() | IN_GENERAL or item.ask in steps, (event.type, item)
                beside = (event.type, asked_beside(item.ask, event.type, at_risk=bool(state.at_risk)))
                assert not item.role or beside in WORDINGS.keys() | IN_GENERAL, (event.type, item)


def test_every_event_that_tells_has_a_wording() -> None:
    assert {kind for kind, _ in WORDINGS.keys() | IN_GENERAL} == TELLING


@pytest.mark.parametrize(
    ("kind", "ask", "subject"),
    [
        ("raised", "respond", "Respond by Tue 12 May: resolution R-2026-0147 (stage 1)"),
        ("raised", "settle", "Agreed with you: resolution R-2026-0147 (stage 1). Checked again on Tue 12 May"),
        ("answer_drafted", "approve", "Approve by Tue 12 May: response to R-2026-0147"),
        ("sent_back", "respond", "Changes asked: response to R-2026-0147 (still due Tue 12 May)"),
        ("answered", "", "Response sent: R-2026-0147"),
        ("approved", "decide", "Response received: R-2026-0147. Your decision by Tue 12 May"),
        ("date_lapsed", "decide what next", "Decide by Tue 12 May: no response to R-2026-0147"),
        ("moved_on", "respond", "Respond by Tue 12 May: R-2026-0147 is now at stage 1"),
    ],
)
def test_a_subject_says_what_to_do_and_by_when(kind: str, ask: str, subject: str) -> None:
    assert WORDINGS[kind, ask][0](FACTS) == subject


def test_a_mail_calls_a_stage_by_its_name_and_says_no_word_twice() -> None:
    """Whoever works in an agency knows a starred recommendation, and no stage 4."""
    starred = replace(FACTS, thing="starred recommendation", stage="starred recommendation")
    subject, body = WORDINGS["raised", "respond"]
    assert subject(starred) == "Respond by Tue 12 May: starred recommendation R-2026-0147"
    assert "has raised a starred recommendation for a child" in body(starred)
    assert "has raised a resolution at stage 1 for a child" in body(FACTS)


def test_no_message_asks_for_anything_by_a_day_that_is_over() -> None:
    """What is handed on, sent back or returned late keeps its date: it was due, and is asked for all the same."""
    late = replace(FACTS, late=True)
    for (kind, ask), (subject, body) in WORDINGS.items():
        assert "by Tuesday 12 May" not in body(late), (kind, ask)
        assert "by Tue 12 May" not in subject(late), (kind, ask)
        assert "still due" not in subject(late), (kind, ask)
    assert WORDINGS["action_returned", "do the action"][0](late).startswith("More to do, was due Tue 12 May: ")
    assert WORDINGS["sent_back", "respond"][0](late) == "Changes asked: response to R-2026-0147. It was due Tue 12 May"


def test_whoever_answers_is_told_that_the_approval_falls_in_the_same_time() -> None:
    body = WORDINGS["raised", "respond"][1](FACTS)
    assert body.endswith(
        "Please respond by Tuesday 12 May 2026. The Group Manager needs to approve your response in that time."
    )


# Of each kind of duty a story, the key of the one that is late, and what its mails are headed, by whom they go to.
LATE = replace(FACTS, late=True)
LATE_WORDS: list[tuple[Must | str, Callable[[], Story], str, dict[str, str]]] = [
    (Must.RESPOND, begun, "1:respond:team-manager",
     {"chair": "Decide, was due Tue 12 May: no response to R-2026-0147",
      "team-manager": "Not answered: R-2026-0147", "group-manager": "A date passed: R-2026-0147"}),
    (Must.RESPOND, sent, "1:respond:team-manager",
     {"chair": "Decide, was due Tue 12 May: no response to R-2026-0147",
      "group-manager": "Approve, was due Tue 12 May: response to R-2026-0147",
      "team-manager": "A date passed: R-2026-0147"}),
    (Must.SETTLE, spoken_about, "1:settle:team-manager",
     {"chair": "Decide, was due Tue 12 May: what was agreed is not recorded as done, R-2026-0147",
      "team-manager": "Agreed date passed: R-2026-0147"}),
    (Must.DECIDE, begun, "1:decide:chair", {"chair": "Decide, was due Tue 12 May: R-2026-0147 waits for you"}),
    (Must.DO_THE_ACTION, hannahs, "action:a1",
     {"chair": "Decide, was due Tue 12 May: an action on R-2026-0147 is late",
      "9": "Agreed date passed: an action on R-2026-0147"}),
    (Must.CONFIRM_THE_ACTION, lambda: agreed().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6),
     "confirm:a1", {"chair": "Confirm, was due Tue 12 May: an action on R-2026-0147 is done"}),
    (Must.DECIDE_ON_THE_ACTION, agreed, "decide on the action:a1:1",
     {"chair": "Decide, was due Tue 12 May: an action on R-2026-0147 is late"}),
    (Must.AGREE_THE_DATE, date_asked, "agree the new date:a1:1",
     {"chair": "Answer, was due Tue 12 May: a new date is asked for, R-2026-0147"}),
    (Must.DECIDE_WHO_DOES_IT, left, "decide who does it:a1:1",
     {"chair": "Decide, was due Tue 12 May: nobody does an action on R-2026-0147"}),
    (Must.DECIDE_IF_IT_GOES_ON, plan_over, "decide whether it goes on:maya",
     {"chair": "Decide, was due Tue 12 May: a plan has ended, R-2026-0147"}),
    (Must.DECIDE_WHOSE, not_mine, "decide whose it is:3",
     {"chair": "Decide, was due Tue 12 May: whose is R-2026-0147?"}),
    (Must.RING, urgent, "ring:3", {"chair": "No call recorded: ring about R-2026-0147"}),
    (Must.RESOLVE, lambda: spoken_about().says(GRACE, YES), "resolve",
     {"chair": "Write what changed, was due Tue 12 May: R-2026-0147"}),
    (Must.SPEAK, escalated, "2:speak:csc-senior-manager",
     {"chair": "Speak, was due Tue 12 May: no conversation is recorded on R-2026-0147"}),
    ("a step of the policy", in_the_plan_cycle, "1:core-group-meeting:core-group",
     {"chair": "Find out, was due Tue 12 May: a step on R-2026-0147 is not recorded",
      "core-group": "Record, was due Tue 12 May: a step on R-2026-0147"}),
]  # fmt: skip
# The answer's own duties have no date of their own that passes: approved with it, drafted as a courtesy.
NEVER_LATE = {Must.DRAFT, Must.APPROVE, Must.DO_WHAT_WAS_AGREED, Must.DECIDE_NEXT}


def test_every_kind_of_duty_has_mails_of_its_own_when_it_is_late() -> None:
    assert {must for must, *_ in LATE_WORDS} - {"a step of the policy"} == set(Must) - NEVER_LATE


@pytest.mark.parametrize(("must", "story", "key", "subjects"), LATE_WORDS)
def test_a_mail_about_a_date_that_passed_is_of_what_is_late(
    must: str, story: Callable[[], Story], key: str, subjects: dict[str, str]
) -> None:
    # Once the action itself is late, the chair decides on that.
    days = 13 if must == Must.DECIDE_WHO_DOES_IT else 30
    late = story().says(SYSTEM, acts.RecordLapse(key), days=days)
    assert late.state is not None
    passed = audience.passed_by(late.rules, late.state, late.history[-1])
    assert passed is not None
    assert passed.must == must or must not in set(Must)
    headed = {
        item.role or item.person: WORDINGS["date_lapsed", item.ask][0](LATE)
        for item in told(late.rules, late.state, late.history[-1])
        if item.role not in late.rules.protocol.always_copied
    }
    assert headed == subjects
