"""Each journey is told three ways: at a desk, on a phone, and with no scripts at all. Each has its own demonstration.

In `make test-all` each way is gone through whole, at a browser. In `make test` that is so at a desk. On a phone what
can differ is how a page lies on the screen, so the journey is gone through in requests, and each page whose markup was
not yet seen is shown to a browser of that width: axe looks at it, and it may not scroll sideways. With no scripts a
browser adds nothing to links and forms but their sending, so the journey is gone through in requests alone, and each
page is read by the page lint. That something cannot be pressed on a phone is for `make test-all` to find, and for the
tests of the desks, which press at 375 pixels and without scripts in every run.

Imports stand inside the fixtures: files of this name are read before Django is set up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from tests.house.browser import Axe, Opened
    from tests.journeys.kept import Kept
    from tests.journeys.looked import Looked, Way
    from tests.journeys.telling import Telling
    from undrift.demo.stories import Demonstration
    from undrift.people.models import Person

KEPT: pytest.StashKey[Kept] = pytest.StashKey()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "way" in metafunc.fixturenames:
        from tests.house.thorough import THOROUGH
        from tests.journeys.looked import WAYS

        metafunc.parametrize("way", WAYS if THOROUGH else WAYS[::2], ids=str)


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
    axe: Axe,
    looked: Looked,
    request: pytest.FixtureRequest,
) -> Telling:
    from tests.house.thorough import THOROUGH
    from tests.journeys.browsing import AtABrowser, Glance
    from tests.journeys.looked import WAYS
    from tests.journeys.plain import ByRequests
    from tests.journeys.telling import Somebody, Telling

    name, pictures = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_")), count(1)
    glances: list[Glance] = []

    def at_a_browser(telling: Telling, person: Person) -> Somebody:
        page = open_page(way.width, javascript=way.javascript)
        return AtABrowser(telling, person, page, live_server.url, axe, name, pictures)

    def shown(address: str, html: str, headers: Mapping[str, str]) -> list[str]:
        if not glances:
            glances.append(Glance(open_page(way.width), live_server.url, axe))
        before = axe.asked
        wrong = glances[0].wrong(address, html, headers)
        looked.by_axe[way] += axe.asked - before
        return wrong

    whole = THOROUGH or way == WAYS[0]
    return Telling(demo, way, at_a_browser if whole else ByRequests, looked, shown)
