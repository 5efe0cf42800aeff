"""The same form open twice: no text lands in another record, and none of it is lost."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.desks.raising.chairs import Chair
from tests.desks.typed.test_kept_text import typing
from undrift.record.models import Draft


@pytest.mark.parametrize("kind", ["raise_informal", "raise"])
def test_a_draft_stays_with_its_family(west: Cast, kind: str) -> None:
    grace = Chair(west, "Grace")
    alder, heron = grace.begins("Alder", kind), grace.begins("Heron", kind)
    assert alder != heron
    page = grace.client.get(alder).text
    assert grace.id("Maya") in page
    assert grace.id("Tyler") not in page
    assert (grace.begins("Alder", kind), grace.begins("Heron", kind)) == (alder, heron)


def test_a_draft_whose_open_page_was_kept_by_its_script_is_not_begun_again(west: Cast) -> None:
    grace = Chair(west, "Grace")
    first = grace.begins_informal("Alder")
    typing(grace.client, first, {"concern": "Nobody came."})
    assert grace.begins_informal("Alder") != first
    assert Draft.objects.count() == 2
