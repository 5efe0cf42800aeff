"""A file that is sent is held in memory while its page is answered; what is too large is read past."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from undrift.desks.frame import uploads

SIZE = 2**20


@pytest.fixture(autouse=True)
def three_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 3 * SIZE)
    monkeypatch.setattr(uploads.InMemory, "room", 3 * SIZE)


def sent(*sizes: int) -> list[tuple[int, int]]:
    """Of each file: how large it says it is, and how much of it is here."""
    files = {f"file-{number}": SimpleUploadedFile("a.xlsx", b"x" * size) for number, size in enumerate(sizes)}
    found: Any = RequestFactory().post("/import", files).FILES
    return [(found[name].size, len(found[name].read())) for name in files]


def test_a_file_is_here_to_its_last_byte() -> None:
    assert sent(2 * SIZE + 1) == [(2 * SIZE + 1, 2 * SIZE + 1)]


def test_what_is_larger_than_any_page_takes_says_its_size_and_is_not_here() -> None:
    ((said, here),) = sent(5 * SIZE)
    assert said == 5 * SIZE
    assert here < SIZE


def test_several_files_share_the_room() -> None:
    first, second = sent(2 * SIZE, 2 * SIZE)
    assert first == (2 * SIZE, 2 * SIZE)
    assert second[0] == 2 * SIZE
    assert second[1] < 2 * SIZE


def test_two_requests_share_nothing() -> None:
    assert sent(2 * SIZE) == sent(2 * SIZE) == [(2 * SIZE, 2 * SIZE)]
