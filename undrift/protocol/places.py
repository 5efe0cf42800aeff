"""Where each key of a TOML text stands: the line to point at when something there is wrong.

A place is written as a person would say it, counting from 1: `stage[2].duty[1].within`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Place = tuple[str | int, ...]


def shown(place: Iterable[str | int]) -> str:
    """A place as it is written in messages: ("stage", 1, "duty", 0) is `stage[2].duty[1]`."""
    text = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def line_of(place: str, lines: Mapping[str, int]) -> int | None:
    """The line of a place; of what it stands in, when it has none of its own (a key that is missing)."""
    while place:
        if place in lines:
            return lines[place]
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    return None


def lines_of(text: str) -> dict[str, int]:
    """The line of every table, key and item of a text, by its place. The text must be TOML already."""
    return _Scan(text).lines()


WORD = re.compile(r"[A-Za-z0-9_-]+")
SPACE = re.compile(r"(?:\s|#[^\n]*)*")
SCALAR = re.compile(r"[^\s,\]\}#]+(?: [0-9:.]+)?")  # a date and its time may have a space between them
STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


class _Scan:
    """Reads a text that is known to be TOML, from the top, and notes where things begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[str, int] = {}
        self.lengths: dict[Place, int] = {}

    def lines(self) -> dict[str, int]:
        table: Place = ()
        self.space()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.space()
        return self.found

    def header(self) -> Place:
        """`[a.b]` or `[[a.b]]`: a name on the way that is a list means its last item."""
        begun, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        names = self.key()
        place: Place = ()
        for number, name in enumerate(names):
            place = (*place, name)
            self.note(place, begun)
            if many and number == len(names) - 1:
                self.lengths[place] = self.lengths.get(place, 0) + 1
            if place in self.lengths:
                place = (*place, self.lengths[place] - 1)
                self.note(place, begun)
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        return place

    def pair(self, table: Place) -> None:
        begun = self.at
        place = (*table, *self.key())
        self.note(place, begun)
        self.at += 1  # the sign =
        self.value(place)

    def key(self) -> Place:
        names: list[str] = []
        while True:
            self.space()
            names.append(self.name())
            self.space()
            if not self.text.startswith(".", self.at):
                return tuple(names)
            self.at += 1

    def name(self) -> str:
        if self.text[self.at] in "\"'":
            return self.string()[1:-1]
        return self.taken(WORD)

    def value(self, place: Place) -> None:
        self.space()
        match self.text[self.at]:
            case '"' | "'":
                self.string()
            case "[":
                self.items(place)
            case "{":
                self.inline_table(place)
            case _:
                self.taken(SCALAR)

    def items(self, place: Place) -> None:
        self.at += 1
        number = 0
        while True:
            self.space()
            if self.text[self.at] != "]":
                self.note((*place, number), self.at)
                self.value((*place, number))
                self.space()
            if self.ended("]"):
                return
            number += 1

    def inline_table(self, place: Place) -> None:
        self.at += 1
        while True:
            self.space()
            if self.text[self.at] != "}":
                self.pair(place)
                self.space()
            if self.ended("}"):
                return

    def ended(self, bracket: str) -> bool:
        """Steps over a comma, or over the bracket that ends the list or table."""
        self.at += 1
        return self.text[self.at - 1] == bracket

    def string(self) -> str:
        return next(found for kind in STRINGS if (found := self.taken(kind)))

    def space(self) -> None:
        self.taken(SPACE)

    def taken(self, kind: re.Pattern[str]) -> str:
        found = kind.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def note(self, place: Place, position: int) -> None:
        self.found.setdefault(shown(place), self.text.count("\n", 0, position) + 1)
