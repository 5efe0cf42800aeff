"""A walk as a fixture. Imports stand inside: files of this name are read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.looked import Looked
    from tests.messages.letterbox import Letterbox
    from tests.walkthrough.walking import Walk


@pytest.fixture
def walk(db: None, letterbox: Letterbox, looked: Looked, request: pytest.FixtureRequest) -> Iterator[Walk]:
    from tests.walkthrough.stage import a_walk

    with a_walk(letterbox, looked) as walk:
        yield walk
        print("\n".join(walk.lines))
