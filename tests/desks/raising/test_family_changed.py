"""A concern half written while the children are put into other families: its pages open, or say what has happened."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.desks.raising.chairs import Chair
from tests.desks.raising.test_formal import to_the_check, to_the_stage
from undrift.record.families import join

PAGES = ("children", "concern", "impact", "stage", "people", "check")


@pytest.mark.parametrize(("moved", "into"), [("Tyler", "Kai"), ("Maya", "Kai")])
def test_no_page_of_a_draft_breaks_when_the_family_changes(grace: Chair, moved: str, into: str) -> None:
    cast = grace.cast
    family = "Heron" if moved == "Tyler" else "Alder"
    asked = to_the_check(grace) if moved == "Tyler" else to_the_stage(grace, family, moved)
    join(cast.child(moved), cast.child(into), by=cast.person("Pauline"), at=timezone.now())
    for page in PAGES:
        assert asked.get(page).status_code in (200, 302, 404), page
    assert asked.post("check", sure="yes").status_code in (200, 302, 404)
    assert grace.client.get("/").status_code == 200
