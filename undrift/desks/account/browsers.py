"""Which browser a session was begun in, in plain words, noted when somebody signs in. No address is kept of it.

The library's own list of sessions (allauth.usersessions) keeps an IP address and a second copy of every session key,
and writes a row a page; a session itself holds since when it runs and when it was last used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

KEY = "browser"
UNKNOWN = "A browser that does not say its name"

# What stands in a browser's description of itself, and what people call it: the first that fits, for most name others.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def note_browser(request: HttpRequest) -> None:
    """Keep in the session, which has just begun, what it was begun in."""
    request.session[KEY] = in_words(request.headers.get("User-Agent", ""))


def browser_of(session: dict[str, Any]) -> str:
    return str(session.get(KEY) or UNKNOWN)


def in_words(description: str) -> str:
    """Edge on Windows."""
    browser, machine = _first(BROWSERS, description), _first(MACHINES, description)
    return " on ".join(filter(None, (browser or (machine and "A browser"), machine))) or UNKNOWN


def _first(known: Sequence[tuple[str, str]], description: str) -> str:
    return next((name for mark, name in known if mark in description), "")
