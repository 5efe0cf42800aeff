"""Somebody of the council at a browser, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def be(west: Cast, client: Client) -> Callable[[str], Client]:
    def someone(name: str) -> Client:
        client.force_login(west.person(name))
        return client

    return someone
