"""A real mail server on this machine, and what it took in. Import `letterbox` where a test asks for it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller


class Letterbox:
    """What a mail server took in. While `closed` it refuses everything."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.closed = False

    async def take(self, server: Any, session: Any, envelope: Any) -> str:
        if self.closed:
            return "451 try again later"
        self.letters.append(BytesParser().parsebytes(envelope.content))
        return "250 taken"

    def to(self, address: str) -> list[Message]:
        return [letter for letter in self.letters if letter["To"] == address]


@pytest.fixture
def letterbox(settings: Any) -> Iterator[Letterbox]:
    box = Letterbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(SimpleNamespace(handle_DATA=box.take), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = ""
    yield box
    server.stop()


def words(letter: Message) -> str:
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def subject(letter: Message) -> str:
    return str(letter["Subject"]).replace("\n", "")


def link_in(letter: Message) -> str:
    """The path of its one link."""
    found: list[str] = re.findall(r"https?://\S+", words(letter))
    assert len(found) == 1, f"it has {len(found)} links"
    return urlsplit(found[0]).path
