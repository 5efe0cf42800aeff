"""What the journeys looked at in the whole run, in however many processes; told at its end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.house.browser import Known

TOKEN = re.compile(r'(csrfmiddlewaretoken" value|sending" value|nonce|script-nonce)="[^"]*"')

Numbers = list[tuple[int, int, list[tuple[str, str, int]]]]


@dataclass(frozen=True)
class Way:
    """How a page is looked at: how wide, and whether its scripts run."""

    width: int
    javascript: bool = True

    def __str__(self) -> str:
        return f"{self.width}" if self.javascript else f"{self.width}-without-javascript"


WAYS = (Way(1280), Way(375), Way(1280, javascript=False))


@dataclass
class Looked:
    """What one process looked at: each page in each state, once a way."""

    seen: set[tuple[Way, str]] = field(default_factory=set)
    pages: dict[Way, Counter[tuple[str, str]]] = field(default_factory=dict)
    by_axe: Counter[Way] = field(default_factory=Counter)
    sent: Known = field(default_factory=Known)  # as the server sent them, before a browser's scripts add to them

    def first_time(self, way: Way, name: str, state: str, html: str) -> bool:
        """Whether this very page was not looked at before."""
        key = (way, f"{state} {TOKEN.sub('', html)}")
        if key in self.seen:
            return False
        self.seen.add(key)
        self.pages.setdefault(way, Counter())[name, state] += 1
        return True

    def told(self) -> Iterator[str]:
        for way in filter(self.pages.get, WAYS):
            axe, pages = f"{self.by_axe[way]} by axe, " if way.javascript else "", self.pages[way]
            yield f"{way}: {axe}{pages.total()} by the page lint, {len(pages)} different pages and states"

    def numbers(self) -> Numbers:
        """What was counted, plain enough to be sent to another process."""
        return [
            (WAYS.index(way), self.by_axe[way], [(*page, times) for page, times in pages.items()])
            for way, pages in self.pages.items()
        ]

    def add(self, numbers: Numbers) -> None:
        """What another process counted."""
        for index, by_axe, pages in numbers:
            way = WAYS[index]
            self.by_axe[way] += by_axe
            self.pages.setdefault(way, Counter()).update({(name, state): times for name, state, times in pages})


LOOKED: pytest.StashKey[Looked] = pytest.StashKey()
SENT = "journeys"


@pytest.fixture(scope="session")
def looked(request: pytest.FixtureRequest) -> Looked:
    return request.config.stash.setdefault(LOOKED, Looked())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a process that was given its tests by another: send that one the numbers."""
    sent = getattr(session.config, "workeroutput", None)
    if sent is not None and LOOKED in session.config.stash:
        sent[SENT] = session.config.stash[LOOKED].numbers()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """In the process that gave the tests out: one of the others has ended. One that was killed sends nothing."""
    numbers = getattr(node, "workeroutput", {}).get(SENT, [])
    node.config.stash.setdefault(LOOKED, Looked()).add(numbers)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = list(config.stash[LOOKED].told()) if LOOKED in config.stash else []
    if lines:
        terminalreporter.section("journeys")
        for line in lines:
            terminalreporter.write_line(line)
