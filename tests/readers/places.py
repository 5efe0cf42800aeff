"""The seven places in which somebody may read what an act said, and how a value is found in the text of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import unescape

from django.test import Client

from tests.messages.letterbox import Letterbox, subject, words
from undrift.people.models import Person

CHAIR, OTHER, HISTORY, LETTERS, COPY, LISTS, NEXT = "chair", "other", "history", "letters", "copy", "lists", "next"
PLACES = {
    CHAIR: "the record, as whoever raised it reads it, above what happened",
    OTHER: "the same, as the other side reads it: whoever answers, approves or does it",
    HISTORY: "what happened, under the record, for both sides",
    LETTERS: "the letters that went out because of it",
    COPY: "the text for the child's own file",
    LISTS: "the homes of both, the list of concerns, and the child's own page",
    NEXT: "the form of whoever has to act on it next",
}
WHAT_HAPPENED = "What happened</h2>"
UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>", re.S)
TYPED = re.compile(r'<input(?=[^>]*type="text")[^>]*\bvalue="([^"]*)"[^>]*>')
COUNTED = re.compile(r"(?<=\s)(?:\d+|-) \w+day \d+ \w+ \d{4}(?= (?:\d+|-|\() | [A-Z(])")  # a day of a date's proof
TAG = re.compile(r"<[^>]*>")

Value = str | date | re.Pattern[str]


class Reader:
    """Somebody who opens pages and reads all that stands on them, folded away or filled in as well.

    `if_any`: a page that is not there for them says nothing; otherwise it has to be there.
    """

    def __init__(self, person: Person, *, if_any: bool = False) -> None:
        self.name, self.client, self.if_any = person.name, Client(), if_any
        self.client.force_login(person)

    def html(self, address: str) -> str:
        answer = self.client.get(address)
        if self.if_any and answer.status_code != 200:
            return ""
        assert answer.status_code == 200, f"{self.name} opens {address}: {answer.status_code} {answer.get('Location')}"
        return answer.content.decode()

    def reads(self, address: str) -> str:
        return text_of(self.html(address))

    def reads_the_record(self, address: str) -> tuple[str, str]:
        """What stands above the history, and the history."""
        above, heading, below = self.html(address).partition(WHAT_HAPPENED)
        assert heading or self.if_any, f"{address} is no record"
        return text_of(above), text_of(below)


def text_of(html: str) -> str:
    """The text of a page in one line: what boxes hold is read, too."""
    body = UNSEEN.sub(" ", html.partition("<body")[2] or html)
    return COUNTED.sub("", one_line(unescape(TAG.sub(" ", TYPED.sub(r" \1 ", body)))))


def one_line(text: str) -> str:
    return " ".join(text.split()).replace(" .", ".").replace(" ,", ",")


def texts_of(box: Letterbox, after: int) -> str:
    """Subject and text of each letter that came after so many."""
    return one_line(" ".join(f"{subject(letter)} {words(letter)}" for letter in box.letters[after:]))


def says_more(before: str, now: str, ways: Iterable[Value]) -> bool:
    """Whether a text says it, in one of these ways, more often than it did before."""
    return any(len(_named(way).findall(now)) > len(_named(way).findall(before)) for way in ways)


def so(of: str, *said: str) -> tuple[Value, ...]:
    """How it reads that something is so now of what stood there already: the words for it come soon after its name."""
    return of, *(re.compile(rf"(?<!\w){re.escape(of)}\W.{{0,120}}?{re.escape(each)}", re.IGNORECASE) for each in said)


def _named(way: Value) -> re.Pattern[str]:
    """A date as any page or letter writes it, with or without its year."""
    if isinstance(way, re.Pattern):
        return way
    if isinstance(way, date):
        return re.compile(rf"(?<!\d){way.day} ({way:%B}|{way:%b})\b(?! (?!{way.year})\d{{4}})")
    return re.compile(rf"(?<!\w){re.escape(way)}(?!\w)", re.IGNORECASE)
