"""Grace, who has a password; imports stand inside, for files of this name are read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from undrift.people.models import Authority, Person

PASSWORD = "a long walk beside the canal"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock that the service goes by; it runs on, and may be put forward."""
    with time_machine.travel(datetime.now(UTC)) as traveller:
        yield traveller


@pytest.fixture
def westmarch(db: None) -> Authority:
    from undrift.people.models import Authority

    return Authority.objects.create(
        code="westmarch", name="Westmarch Council", protocol_id="walsall", protocol_version="2018.1",
        front_door_phone="01632 960100", out_of_hours_phone="01632 960101",
    )  # fmt: skip


@pytest.fixture
def grace(westmarch: Authority) -> Person:
    from undrift.people.models import Person

    return Person.objects.create_user(
        "grace.ollerton@westmarch.example", PASSWORD, name="Grace Ollerton", authority=westmarch
    )
