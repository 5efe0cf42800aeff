"""The world is filled and driven once for all tests of this folder. What was seen is printed at the end of the run.

Imports stand inside the fixtures: files of this name are read before Django is set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.canaries.driven import Driven
    from tests.canaries.world import World

COUNTS: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """In the database, for every test here and the browser's server; taken away when the last of them is done."""
    from django.core.cache import cache
    from django.utils import timezone

    from tests.canaries.world import build
    from tests.house.database import empty_tables

    with django_db_blocker.unblock():
        yield build(timezone.localdate())
        cache.clear()
        empty_tables()


@pytest.fixture(autouse=True)
def what_is_planted_has_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a rule answers nothing, and could give nothing away."""
    from tests.canaries.failing import PLANTED
    from undrift.desks.frame import addresses as rules

    monkeypatch.setattr(rules, "RULES", {**rules.RULES, PLANTED: rules.Rule(rules.Of.ANYONE)})


@pytest.fixture(scope="package")
def driven(world: World, request: pytest.FixtureRequest) -> Driven:
    """Every post's holder at every page, and the messages of it all sent."""
    from tests.canaries.driven import drive

    found = drive(world)
    request.config.stash[COUNTS] = list(found.told())
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if COUNTS in config.stash:
        terminalreporter.section("canaries")
        for line in config.stash[COUNTS]:
            terminalreporter.write_line(line)
