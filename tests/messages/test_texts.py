"""Each notice that an act brings has words of its own."""

import random
from datetime import date, timedelta

import pytest

from tests.engine.test_histories import Walk
from undrift import library
from undrift.engine.ladder import audience
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.told import told
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.messages.texts import WORDINGS, Facts

FACTS = Facts(
    reference="R-2026-0147",
    thing="resolution",
    stage="stage 1",
    by=date(2026, 5, 12),
    chair="Grace Ollerton",
    ring="01632 960142",
    authority="Westmarch Council",
    approver="Group Manager",
)


TELLING = {kind.name for kind in EVENTS.values() if kind.tells is not audience.nobody}
# Told in general words, and meant to be: what is asked is a conversation or a step, or there is only news.
IN_GENERAL = {
    ("raised", "speak"), ("moved_on", "speak"), ("moved_on", "settle"), ("answered", ""), ("milestone_reached", ""),
}  # fmt: skip


def test_every_wording_is_for_an_event_that_tells_somebody() -> None:
    assert {kind for kind, _ in WORDINGS} <= {
        kind.name for kind in EVENTS.values() if kind.tells is not audience.nobody
    }


@pytest.mark.parametrize("protocol", library.shipped())
def test_whatever_the_engine_tells_has_words(protocol: str) -> None:
    """Random walks: what is told and asked has a wording of its own, or is named above."""
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


def test_every_event_that_tells_has_a_wording() -> None:
    assert {kind for kind, _ in WORDINGS.keys() | IN_GENERAL} == TELLING


@pytest.mark.parametrize(
    ("kind", "ask", "subject"),
    [
        ("raised", "respond", "Respond by Tue 12 May: resolution R-2026-0147 (stage 1)"),
        ("raised", "settle", "Agreed with you: resolution R-2026-0147 (stage 1). Checked again on Tue 12 May"),
        ("answer_drafted", "approve", "Approve by Tue 12 May: response to R-2026-0147"),
        ("sent_back", "respond", "Changes asked: your response to R-2026-0147 (still due Tue 12 May)"),
        ("approved", "decide", "Response received: R-2026-0147. Your decision by Tue 12 May"),
        ("date_lapsed", "decide", "Decide by Tue 12 May: no response to R-2026-0147"),
        ("moved_on", "respond", "Respond by Tue 12 May: R-2026-0147 is now at stage 1"),
    ],
)
def test_a_subject_says_what_to_do_and_by_when(kind: str, ask: str, subject: str) -> None:
    assert WORDINGS[kind, ask][0](FACTS) == subject


def test_whoever_answers_is_told_that_the_approval_falls_in_the_same_time() -> None:
    body = WORDINGS["raised", "respond"][1](FACTS)
    assert body.endswith(
        "Please respond by Tuesday 12 May 2026. The Group Manager needs to approve your response in that time."
    )
