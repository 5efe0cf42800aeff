"""What the policy says to whoever is about to raise: the questions to ask oneself, the examples of each stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from undrift.protocol.model import Checklist, Protocol, Stage
from undrift.protocol.stage_words import examples_of


@dataclass(frozen=True)
class OfStage:
    """A stage's examples, and the policy's note to it."""

    stage: Stage
    examples: tuple[str, ...]

    @property
    def heading(self) -> str:
        if not self.examples:
            return f"What the policy notes on {self.stage.named}"
        return f"Examples the policy gives for {self.stage.named}"


def before_raising(protocol: Protocol) -> tuple[Checklist, ...]:
    return tuple(each for each in protocol.checklists if each.before_raising)


def examples(stages: Iterable[Stage]) -> list[OfStage]:
    """Of each of these stages for which the policy gives any, or has a note."""
    found = (OfStage(stage, tuple(examples_of(stage))) for stage in stages)
    return [each for each in found if each.examples or each.stage.note]
