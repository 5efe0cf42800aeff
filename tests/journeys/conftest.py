"""Each journey is told three ways: at a desk, on a phone, and with no scripts at all. Each has its own demonstration.

Imports stand inside the fixtures: files of this name are read before Django is set up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from tests.house.browser import AxeRun, Opened
    from tests.journeys.kept import Kept
    from tests.journeys.looked import Looked, Way
    from tests.journeys.telling import Telling
    from undrift.demo.stories import Demonstration

KEPT: pytest.StashKey[Kept] = pytest.StashKey()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "way" in metafunc.fixturenames:
        from tests.journeys.looked import WAYS

        metafunc.parametrize("way", WAYS, ids=str)


@pytest.fixture
def demo(transactional_db: None, request: pytest.FixtureRequest) -> Demonstration:
    """The demonstration as it stands today: the record goes by the database's own clock, which nobody can set."""
    from django.utils import timezone

    from tests.journeys.kept import put_back, told

    today, stash = timezone.localdate(), request.config.stash
    if KEPT in stash and stash[KEPT].today == today:
        put_back(stash[KEPT])
    else:
        stash[KEPT] = told(today)
    return stash[KEPT].demo


@pytest.fixture
def tell(
    demo: Demonstration,
    way: Way,
    live_server: LiveServer,
    open_page: Opened,
    axe: AxeRun,
    looked: Looked,
    request: pytest.FixtureRequest,
) -> Telling:
    from tests.journeys.telling import Telling

    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_"))
    return Telling(demo, way, live_server.url, open_page, axe, looked, name)
