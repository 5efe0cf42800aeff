"""Each notice that an act brings has words of its own."""

from datetime import date

import pytest

from undrift.engine.ladder.kinds import EVENTS
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


def test_every_wording_is_for_an_event_there_is() -> None:
    assert {kind for kind, _ in WORDINGS} <= EVENTS.keys()


@pytest.mark.parametrize(
    ("kind", "ask", "subject"),
    [
        ("raised", "respond", "Respond by Tue 12 May: resolution R-2026-0147 (stage 1)"),
        ("raised", "settle", "Do what was agreed by Tue 12 May: resolution R-2026-0147 (stage 1)"),
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
