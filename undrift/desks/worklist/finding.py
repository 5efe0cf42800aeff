"""What the search found, as rows of lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.child_rows import Line, lines
from undrift.desks.frame.components import Work
from undrift.people.models import Person
from undrift.resolutions.finding import Asked, find


@dataclass(frozen=True)
class Found:
    """`more`: there were others. `guessed`: none is spelled as it was typed."""

    children: list[Line]
    resolutions: list[Work]
    more: bool = False
    guessed: bool = False

    @property
    def nothing(self) -> bool:
        return not self.children and not self.resolutions


def found(person: Person, asked: Asked, now: datetime) -> Found:
    fit = find(person, asked, now)
    works = Presenter(person, now).works(fit.resolutions)
    return Found(lines(fit.children, person, now), works, more=fit.more, guessed=fit.guessed)
