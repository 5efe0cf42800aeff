"""What was asked and what was answered, counted, and printed at the end of the run.

Imports stand inside the fixtures: files of this name are read before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.access.crowd import Crowd
    from tests.access.town import Town

COUNTS: pytest.StashKey[list[str]] = pytest.StashKey()
Told = Callable[[str], None]


@pytest.fixture(scope="package")
def told(request: pytest.FixtureRequest) -> Told:
    """Says a line at the end of the run."""
    return request.config.stash.setdefault(COUNTS, []).append


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """One person for each role and tie, with their rows; gone when the file is done."""
    from tests.access.connected import analyzed, wide_connection
    from tests.access.crowd import build

    with django_db_blocker.unblock(), wide_connection():
        crowd = build()
        analyzed()
        yield crowd


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Both casts with records in words of their own; gone when the file is done."""
    from django.db import transaction

    from tests.access.town import build

    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(COUNTS, []):
        terminalreporter.section("access")
        for line in lines:
            terminalreporter.write_line(line)
