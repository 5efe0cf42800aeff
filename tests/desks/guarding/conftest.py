"""Everybody signs in on the sixth of May; imports stand inside, for this file is read before Django is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast


@pytest.fixture
def the_sixth_of_may() -> Iterator[Any]:
    from tests.cast import NOW

    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def be(west: Cast) -> Callable[[str], Client]:
    from django.test import Client

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(west.person(name), backend="undrift.people.seats.SignedIn")
        return client

    return signed_in
