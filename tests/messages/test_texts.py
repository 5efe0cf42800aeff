"""Each notice that an act brings has words of its own."""

from undrift.engine.events import EVENT_TYPES
from undrift.messages.texts import WORDINGS


def test_every_wording_is_for_an_event_there_is() -> None:
    assert {kind for kind, _ in WORDINGS} <= EVENT_TYPES.keys()
