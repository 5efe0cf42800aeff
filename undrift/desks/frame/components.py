"""What the components in templates/components/ are given: small frozen values, filled in by views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Tone = Literal["", "soon", "late", "met"]
Reached = Literal["unused", "met", "late", "missed", "now"]


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Place:
    """A link in a navigation; `current` marks where one is."""

    text: str
    href: str
    current: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a summary list, an identity bar or a card. `about` ends the hidden part of "Change ..."."""

    key: str
    value: str
    href: str = ""
    link: str = "Change"
    about: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A count that leads to its list. At most three on a page, none with nothing to do."""

    count: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the ladder, with the words that say how it went."""

    title: str
    words: str
    state: Reached = "unused"
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline. An entry made in error is struck through, never left out; `wrong` says who said so.

    `about` is read aloud after the words of the link, which are the same at each entry.
    """

    title: str
    at: date
    by: str = ""
    text: str = ""
    href: str = ""
    link: str = ""
    struck: bool = False
    wrong: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One row of a worklist. `label` always says in words what `tone` says in colour."""

    day: date | None
    label: str
    title: str
    href: str = ""
    concern: str = ""
    stage: str = ""
    holder: str = ""
    status: str = ""
    action_text: str = ""
    action_href: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreed action: who does what by when, and how far it is. `was` is the date it replaces.

    `moved` is how many times its date has moved, `asked` a new date that waits to be agreed; `directed` by a Chief
    Officer; `declined` why a new date that was asked for was not agreed.
    """

    text: str
    who: str
    day: date | None
    label: str
    progress: str
    tone: Tone = ""
    was: date | None = None
    href: str = ""
    link: str = ""
    moved: int = 0
    asked: date | None = None
    directed: bool = False
    declined: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A cell of a table: a date with what it means. `label` always says in words what `tone` says in colour."""

    day: date
    label: str
    tone: Tone = ""


@dataclass(frozen=True)
class Many:
    """A cell with too many things to stand beside the others: how many, and the list folded under it."""

    count: str
    things: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.things)


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table; the first cell of a row is its heading."""

    caption: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]

    @property
    def labelled(self) -> list[list[tuple[str, object]]]:
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]
