"""A history folded into where it stands, whoever wrote it."""

from __future__ import annotations

import pytest

from tests.engine.test_refused import agreed, begun
from tests.engine.test_sentences import kept
from undrift.engine.events import BrokenHistory
from undrift.engine.ladder.fold import advance, fold
from undrift.engine.ladder.state import altered


def test_a_history_leads_to_the_state_that_its_acts_made() -> None:
    story = agreed()
    assert fold(story.rules.protocol, story.history) == story.state
    assert fold(story.rules.protocol, []) is None


def test_a_history_that_begins_in_the_middle_is_refused() -> None:
    story = begun()
    with pytest.raises(BrokenHistory, match="begins with event 1, raised; this one begins with 2, spoke"):
        fold(story.rules.protocol, story.history[1:])


def test_a_history_with_a_gap_is_refused() -> None:
    story = agreed()
    with pytest.raises(BrokenHistory, match="After event 2 comes 3, not 4"):
        fold(story.rules.protocol, [*story.history[:2], *story.history[3:]])


FINDS_NOTHING: list[tuple[str, dict[str, object]]] = [
    ("raised", {"stage": "stage-2", "children": {}, "grounds": [], "concern": "Again."}),
    ("approved", {}),
    ("sent_back", {"comment": "By when?"}),
    ("action_started", {"id": "a9"}),
    ("plan_end_taken_back", {"child": "maya", "source": "Said by Judith Calloway"}),
    ("action_date_changed", {"id": "a9", "by": "2026-05-08", "why": "Away."}),
]


@pytest.mark.parametrize(("kind", "payload"), FINDS_NOTHING)
def test_an_event_that_finds_nothing_to_change_changes_nothing(kind: str, payload: dict[str, object]) -> None:
    story = begun()
    assert story.state is not None
    after = advance(story.rules.protocol, story.state, kept(story, kind, **payload))
    assert (after.visits, after.children, after.actions) == (
        story.state.visits, story.state.children, story.state.actions
    )  # fmt: skip


def test_a_state_is_given_no_field_that_there_is_not() -> None:
    state = begun().state
    assert state is not None
    with pytest.raises(TypeError, match="State has no colour"):
        altered(state, colour="red")
