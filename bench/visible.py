"""What a reader meets on a page: its text, where its links lead, and what its forms ask for. No marks, no styles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

Labelled = Callable[[str], str]

UNSEEN = frozenset({"script", "style", "template", "svg"})
WITHIN_A_LINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "code",
        "dfn",
        "em",
        "i",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
    }
)
TYPED = {"tel": "01632 960199", "email": "new.person@westmarch.example", "number": "2"}
WRITTEN_IN = frozenset({"text", "textarea", "search", "password"})
SPOKEN = ("alt", "aria-label", "title", "placeholder")  # attributes that somebody reads or hears
CSRF = "csrfmiddlewaretoken"
# The number of a row behind a field's name or in its value. What it stands for is read beside it, in its label.
ROW_IN_NAME = re.compile(r"(?<=[-_])\d+\b")
ROW_AS_VALUE = re.compile(r"[a-z]?\d+")


@dataclass(frozen=True)
class Choice:
    """A field of a form that only asks (method get), with one value and the words by which it is offered."""

    name: str
    value: str
    words: str


@dataclass
class Asking:
    """A form that only asks: where it leads, what it offers, and where one may write."""

    action: str
    choices: list[Choice] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


@dataclass
class Box:
    """One thing to fill in or to choose from. `values` are those on offer."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Sending:
    """A form that sends something (method post): where to, and its boxes by name."""

    action: str
    boxes: dict[str, Box] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What it asks for, without the numbers of this page's rows."""
        return " ".join(sorted({re.sub(r"\d", "", name) for name in self.boxes}))

    @property
    def searching(self) -> list[str]:
        return [name for name, box in self.boxes.items() if box.kind == "search"]

    def left_empty(self) -> dict[str, list[str]]:
        """As it is sent when only what is hidden goes along."""
        return {name: box.values[:1] for name, box in self.boxes.items() if box.kind == "hidden" and name != CSRF}

    def filled_in(self, today: date) -> dict[str, list[str]]:
        """Something in every box: words where one writes, the first choice where one chooses, a day soon to come."""
        day = today + timedelta(days=6)
        filled = {name: _filled(name, box, day) for name, box in self.boxes.items() if name != CSRF}
        return filled | {name: [value] for name, value in self.buttons[:1] if name}


def _filled(name: str, box: Box, day: date) -> list[str]:
    part = name.rpartition("_")[2]
    if part in ("day", "month", "year"):
        return [str(getattr(day, part))]
    if box.kind in TYPED:
        return [TYPED[box.kind]]
    if box.kind in WRITTEN_IN:
        return ["Written for the record of what people read"]
    return [value for value in box.values if value][:1]


class Page(HTMLParser):
    """`words`, a line for each thing that stands apart; `links` as they are written; `asking`, the forms that only ask;
    `sending`, those that send.

    `labelled` says what an address stands for, so that no row's number and no drawn id gets into the words.
    """

    def __init__(self, html: str, labelled: Labelled) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.asking: list[Asking] = []
        self._labelled = labelled
        self._said: list[str] = []
        self._unseen = 0
        self._href: list[str] = []
        self.sending: list[Sending] = []
        self._form: Asking | Sending | None = None
        self._select = ""
        self._option: tuple[str, int] | None = None
        self.feed(html)
        self.close()
        self._end_option()

    @property
    def words(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._said).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self._unseen += tag in UNSEEN
        if self._unseen:
            return
        if tag not in WITHIN_A_LINE:
            self._said.append("\n")
        self._said += [f" [{name}: {known[name]}] " for name in SPOKEN if known.get(name)]
        match tag:
            case "a":
                self._href.append(known.get("href", ""))
                self.links += [known["href"]] if "href" in known else []
            case "form":
                self._begin_form(known)
            case "input" | "textarea" | "select" | "button":
                self._field(tag, known)
            case "option":
                self._end_option()
                self._option = known.get("value", ""), len(self._said)
                self._said.append(f"option{' selected' if 'selected' in known else ''} ")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen -= tag in UNSEEN
            return
        if tag == "a" and self._href:
            self._said.append(f" [to {_without_rows(self._labelled(self._href.pop()))}]")
        if tag in ("option", "select"):
            self._end_option()
        if tag == "form":
            self._form = None
        if tag not in WITHIN_A_LINE:
            self._said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._said.append(re.sub(r"\s+", " ", data))

    def _begin_form(self, known: dict[str, str]) -> None:
        method = known.get("method", "get").lower()
        self._said.append(f"[form {method} {self._labelled(known.get('action', ''))}]\n")
        if method == "get":
            self._form = Asking(known.get("action", ""))
            self.asking.append(self._form)
        else:
            self._form = Sending(known.get("action", ""))
            self.sending.append(self._form)

    def _field(self, tag: str, known: dict[str, str]) -> None:
        name, kind = known.get("name", ""), known.get("type", tag)
        self._select = name if tag == "select" else self._select
        if name == CSRF:
            return
        value = known.get("value", "")
        self._note(name, kind, value)
        if kind not in ("text", "search", "number", "tel", "email") and ROW_AS_VALUE.fullmatch(value):
            value = "#"
        state = "".join(f" {each}" for each in ("checked", "disabled", "required", "multiple") if each in known)
        self._said.append(f"[{kind} {ROW_IN_NAME.sub('#', name)}{state} = {self._labelled(value)}] ")

    def _note(self, name: str, kind: str, value: str) -> None:
        match self._form:
            case Asking() if kind in ("text", "search"):
                self._form.written.append(name)
            case Sending() if kind in ("submit", "button"):
                self._form.buttons.append((name, value))
            case Sending() if name:
                self._form.boxes.setdefault(name, Box(kind)).values.append(value)

    def _end_option(self) -> None:
        if self._option is not None:
            value, since = self._option
            words = " ".join("".join(self._said[since + 1 :]).split())
            if isinstance(self._form, Asking) and value:
                self._form.choices.append(Choice(self._select, value, words))
            if isinstance(self._form, Sending) and self._select:
                self._form.boxes[self._select].values.append(value)
        self._option = None


def _without_rows(address: str) -> str:
    """The part behind "#" names a place on the page, sometimes by a row's number."""
    before, mark, place = address.partition("#")
    return before + mark + ROW_IN_NAME.sub("#", place)
