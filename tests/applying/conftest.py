"""Beside the sector's formats, every test here has two whose files are written by hand."""

from __future__ import annotations

import pickle

import pytest

from tests.resolutions.conftest import west

__all__ = ["west"]


@pytest.fixture(autouse=True)
def formats_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    # Models can be imported only once Django is set up, which the first conftest sees to.
    from tests.applying.by_hand import ANOTHER, HANDMADE
    from undrift.applying.formats import FORMATS, Format

    for source in (HANDMADE, ANOTHER):
        read = Format(title=source, says="", accept=(), read=lambda _name, content, _as_at: pickle.loads(content))
        monkeypatch.setitem(FORMATS, source, read)
