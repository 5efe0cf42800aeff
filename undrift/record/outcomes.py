"""Why an act did not happen: the rules refuse it, or somebody decided first. In any kind of case."""

from __future__ import annotations

from undrift.engine.events import Event
from undrift.engine.refusal import Refusal


class Refused(ValueError):
    """The act may not happen. `refusal` says why, and which field it is about."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.sentence)


class DecidedMeanwhile(ValueError):
    """Somebody decided since the page was read. `sentence` says who and when."""

    def __init__(self, event: Event, sentence: str) -> None:
        self.event = event
        self.by_name = event.by.name
        self.at = event.at
        self.sentence = sentence
        super().__init__(sentence)
