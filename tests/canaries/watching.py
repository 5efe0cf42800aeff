"""Everything that goes out beside the pages' own bodies, caught in one place, and what was found in it."""

from __future__ import annotations

import logging
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


@dataclass
class Caught:
    """By channel ("address", "title", "referer", "header", "log", ...) each text and where it was seen."""

    texts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    mails: list[EmailMessage] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)
    roles: set[str] = field(default_factory=set)
    reader: str = ""  # the posts of whoever goes round
    # By the number of a field, those whose pages showed a word of it.
    shown: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    days_shown: set[date] = field(default_factory=set)
    amiss: list[str] = field(default_factory=list)  # answers that failed, or that a browser may keep
    lines: int = 0

    def catch(self, channel: str, text: str, where: str) -> None:
        self.texts[channel].setdefault(text, where)


class Lines(logging.Handler):
    """Takes each line as the service's own handler would write it."""

    def __init__(self, caught: Caught) -> None:
        super().__init__(logging.DEBUG)
        self.caught = caught
        self.setFormatter(next(h.formatter for h in logging.getLogger().handlers if h.name == "console"))

        # The mail server of the tests has a log of its own, and the service does not write it.
        self.addFilter(lambda record: not record.name.startswith("mail."))

    def emit(self, record: logging.LogRecord) -> None:
        self.caught.lines += 1
        self.caught.catch("log", self.format(record), record.name)


@contextmanager
def listening(caught: Caught) -> Iterator[None]:
    """The root logger at its most talkative. Django's own keep the level that its settings give them (INFO)."""
    handler, root = Lines(caught), logging.getLogger()
    apart = [root, *(logger for logger in _known() if logger.handlers and not logger.propagate)]
    level = root.level
    root.setLevel(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    for logger in apart:
        logger.addHandler(handler)
    try:
        yield
    finally:
        root.setLevel(level)
        for logger in apart:
            logger.removeHandler(handler)


def _known() -> Iterator[logging.Logger]:
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            yield logger


class PostOffice:
    """A mail server. It does not know the addresses in `unknown`, and says so with the address, as servers do."""

    def __init__(self, caught: Caught) -> None:
        self.caught = caught
        self.unknown: set[str] = set()

    async def address(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.unknown:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def take(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.caught.mails.append(mail)
        return "250 taken"


@contextmanager
def post_office(caught: Caught) -> Iterator[PostOffice]:
    office = PostOffice(caught)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = SimpleNamespace(handle_RCPT=office.address, handle_DATA=office.take)
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    try:
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_HOST_USER=""):
            yield office
    finally:
        server.stop()
