"""Why an act may not happen now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A sentence for the person who tried, the policy's clause it rests on, and the field it is about.

    `about` names the field of the act (`impact`, `agreed_date` ...) and `child` the child where it is about one; `row`
    is which of several it is about, as of actions, the first being 1.
    `code` is stable, for tests and for the interface between programs.
    """

    code: str
    sentence: str
    clause: str = ""
    about: str = ""
    child: str = ""
    row: int = 0


@dataclass(frozen=True)
class Move:
    """An act by name: it may happen now, or the refusal that its button shows."""

    act: str
    refusal: Refusal | None

    @property
    def allowed(self) -> bool:
        return self.refusal is None
