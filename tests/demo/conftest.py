"""The demonstration as a fixture, for these tests; a journey in a browser asks for `twelve_served`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

# Its tables can be read only once Django is set up, and this file is read before that.
if TYPE_CHECKING:
    from undrift.demo.stories import Demonstration


@pytest.fixture
def twelve(db: None) -> Demonstration:
    """The twelve families in their states on 6 May 2026, and everybody in both organisations."""
    from tests.cast import TODAY
    from undrift.demo.stories import load

    return load(TODAY)


@pytest.fixture
def twelve_served(transactional_db: None) -> Demonstration:
    """The same, told from the real today and committed, for a test in a browser."""
    from undrift.demo.stories import load

    return load(timezone.localdate())
