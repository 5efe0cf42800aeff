"""A walk as a fixture; when the scene is over it is compared with what is kept of it, or kept anew.

Imports stand inside: files of this name are read before Django is set up.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.looked import Looked
    from tests.messages.letterbox import Letterbox
    from tests.walkthrough.walking import Walk


@pytest.fixture
def walk(db: None, letterbox: Letterbox, looked: Looked, request: pytest.FixtureRequest) -> Iterator[Walk]:
    from tests.walkthrough import kept
    from tests.walkthrough.stage import a_walk

    heading = kept.heading_of(request.node.name)
    policy = request.module.POLICY
    with a_walk(letterbox, looked) as walk:
        yield walk
        print(walk.last)  # where a scene breaks off, what the page said
        if walk.broken_off:
            return
        now = walk.section(heading)
    kept.WALKED.setdefault(policy, {})[heading] = now
    if not kept.WRITING:
        differs = kept.differs(policy, heading, now)
        assert not differs, differs


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    walk = getattr(item, "funcargs", {}).get("walk")
    if walk is not None and report.when == "call" and report.failed:
        walk.broken_off = True
    return report


def pytest_sessionfinish() -> None:
    from tests.walkthrough import kept

    if kept.WRITING:
        kept.write()
