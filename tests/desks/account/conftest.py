"""Grace, who has a password; imports stand inside, for files of this name are read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from undrift.people.models import Authority, Person

PASSWORD = "a long walk beside the canal"


@pytest.fixture(autouse=True)
def nobody_has_tried(db: None) -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def westmarch(db: None) -> Authority:
    from undrift.people.models import Authority

    return Authority.objects.create(
        code="westmarch", name="Westmarch Council", protocol_id="walsall", protocol_version="2026.1",
        front_door_phone="01632 960100", out_of_hours_phone="01632 960101",
    )  # fmt: skip


@pytest.fixture
def grace(westmarch: Authority) -> Person:
    from undrift.people.models import Person

    return Person.objects.create_user(
        "grace.ollerton@westmarch.example", PASSWORD, name="Grace Ollerton", authority=westmarch
    )
