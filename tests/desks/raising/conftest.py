"""Westmarch and Northmoor with their chairs signed in.

Imports stand inside the fixtures: files of this name are read before Django is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.desks.raising.chairs import Chair


@pytest.fixture
def westmarch(db: None) -> Cast:
    from tests import cast

    return cast.westmarch()


@pytest.fixture
def northmoor(db: None) -> Cast:
    from tests import cast

    return cast.northmoor()


@pytest.fixture
def grace(westmarch: Cast) -> Chair:
    from tests.desks.raising.chairs import Chair

    return Chair(westmarch, "Grace Ollerton")


@pytest.fixture
def rosalind(northmoor: Cast) -> Chair:
    from tests.desks.raising.chairs import Chair

    return Chair(northmoor, "Rosalind Amery")
