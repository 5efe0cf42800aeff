"""Resolutions are reached by performing acts, as people do. Nothing is written into the database to get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from undrift import library

# The cast's tables can be read only once Django is set up, and this file is read before that.
if TYPE_CHECKING:
    from tests.cast import Cast


def under_shipped_versions(cast: Cast) -> Cast:
    for authority in cast.built.authorities.values():
        authority.protocol_version = library.load(authority.protocol_id).head.version
        authority.save(update_fields=["protocol_version"])
    return cast


@pytest.fixture
def west(db: None) -> Cast:
    from tests.cast import westmarch

    return under_shipped_versions(westmarch())


@pytest.fixture
def north(db: None) -> Cast:
    from tests.cast import northmoor

    return under_shipped_versions(northmoor())
