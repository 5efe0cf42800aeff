"""What an event may say: each type has its own words, and nothing else goes into the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from undrift.engine.events import By, WrongPayload
from undrift.engine.ladder.kinds import EVENTS

NOON = datetime(2026, 5, 6, 11, 0, tzinfo=UTC)
GRACE = By("1", "Grace Ollerton", frozenset({"chair"}))

REFUSED: list[tuple[str, Mapping[str, Any], datetime, str]] = [
    ("noted", {}, NOON, r"missing \['text'\], unknown \[\]"),
    ("noted", {"text": "She rang.", "colour": "red"}, NOON, r"missing \[\], unknown \['colour'\]"),
    ("noted", {"text": "She rang."}, NOON.replace(tzinfo=None), "has no time zone"),
]


@pytest.mark.parametrize(("name", "payload", "at", "sentence"), REFUSED)
def test_an_event_that_its_type_does_not_describe_is_refused(
    name: str, payload: Mapping[str, Any], at: datetime, sentence: str
) -> None:
    with pytest.raises(WrongPayload, match=sentence):
        EVENTS[name].type.make(1, payload, GRACE, at)


def test_what_an_event_leaves_unsaid_is_not_kept() -> None:
    assert EVENTS["action_started"].type.make(1, {"id": "a1", "note": ""}, GRACE, NOON).payload == {"id": "a1"}
