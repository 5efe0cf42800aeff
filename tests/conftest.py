"""Every test runs on a real PostgreSQL, connected as the application's own role, which cannot rewrite history.

What is drawn at random is drawn from one seed, printed at the top: `make test SEED=1` repeats it. TESTING.md says more.
"""

import gc
import logging
import os
import random
from collections.abc import Iterator
from typing import Any

import django
import hypothesis
import pytest
from django.conf import settings

from tests.as_read import as_read
from tests.house.longest_first import WholeFiles, longest_first
from tests.house.surroundings import set_surroundings
from tests.house.thorough import THOROUGH

set_surroundings()

pytest_plugins = ["tests.house.database", "tests.house.browser", "tests.house.moved_clock", "tests.journeys.looked"]

SEED = int(os.environ.get("SEED") or random.randrange(2**32))
os.environ["SEED"] = str(SEED)  # for the processes that this one shares its tests out to
hypothesis.settings.register_profile("usual", deadline=None, print_blob=True)
hypothesis.settings.register_profile("thorough", parent=hypothesis.settings.get_profile("usual"), max_examples=2000)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # Not named in pyproject.toml, for then the settings would be read before the surroundings are set.
    django.setup()
    serve_static_files_as_they_lie()
    hash_passwords_in_a_moment()
    # The tests' mail server tells of a connection's end when the test, and what it writes to, may be gone.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(SEED)
    hypothesis.settings.load_profile("thorough" if THOROUGH else "usual")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest_first(items)


def pytest_collection_finish() -> None:
    """What was read by now stays to the end: it is not gone through again and again for what could be let go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeFiles:
    config.option.loadscopereorder = False  # they are in order
    return WholeFiles(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before others start, to whom the tests are shared out: each reads the settings in surroundings of its own."""
    # Were this named, pytest-django would read them as soon as it is loaded, and all would use one database.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def serve_static_files_as_they_lie() -> None:
    """Not collected and under their own names. `tests/house/test_run.py` sees them as they are really served."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def hash_passwords_in_a_moment() -> None:
    """By the same hasher, with as little work as it knows: a run makes thousands, and each would take 50 ms."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def pytest_report_header() -> str:
    return f"random seed: {SEED} (repeat with SEED={SEED})"


@pytest.fixture(scope="session")
def seed() -> int:
    """The seed of this run, for a test that draws its own cases."""
    return SEED


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """A source of chance for one test, the same for the same seed whichever tests run beside it."""
    return random.Random(f"{SEED} {request.node.nodeid}")


@pytest.fixture(autouse=True)
def sessions_count_as_safe(request: pytest.FixtureRequest, settings: Any) -> None:
    """Tests of other things sign somebody in by hand, with no code to give. Marked `second_factor`, one is needed."""
    settings.SECOND_FACTOR_REQUIRED = request.node.get_closest_marker("second_factor") is not None


@pytest.fixture(scope="session", autouse=True)
def _pages_are_read_as_people_read_them() -> Iterator[None]:
    """A test says what a page says, and not where its template breaks a line.

    And a form in which something was wrong is seen as a browser shows it: its sender is led back to it. A test of that
    itself sets `led_back = False` on its client.
    """
    from django.test import Client

    asked: Any = Client.request

    def request(self: Client, **said: Any) -> Any:
        response = asked(self, **said)
        if getattr(response, "shown_again", False) and getattr(self, "led_back", True):
            response = self.get(response.headers["Location"])
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = as_read(response.content.decode()).encode()
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield
