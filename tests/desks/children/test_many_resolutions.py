"""A child with forty resolutions: as many statements as a child with one, and long lists in pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.seeding import seed
from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from undrift.access.models import Look
from undrift.children.models import Child
from undrift.record.models import CaseChild
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db

MORE = 39
PAGES = ("", "/resolutions", "/history", "/looks")


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def one(west: Cast) -> Resolution:
    return scene.with_actions(west)


def forty(one: Resolution, child: Child) -> None:
    """Copies of the one, about this child: what is not among the pattern's children keeps its number in them."""
    CaseChild.objects.filter(case=one.pk, child=child).delete()
    seed({one.pk: MORE})
    CaseChild.objects.create(authority_id=child.authority_id, case_id=one.pk, child=child)
    copies = Resolution.objects.exclude(pk=one.pk)
    CaseChild.objects.filter(case__in=copies.values("pk")).delete()
    CaseChild.objects.bulk_create(
        CaseChild(authority_id=child.authority_id, case_id=copy.pk, child=child) for copy in copies
    )


def of(one: Resolution) -> Child:
    return one.about.order_by("child_id").select_related("child")[0].child


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name))
    client.get("/")  # signing in is not counted
    return client


def test_a_child_with_forty_resolutions_costs_the_statements_of_one(west: Cast, one: Resolution) -> None:
    child, client = of(one), client_of(west, "Judith")

    def statements() -> dict[str, int]:
        counted = {}
        for page in PAGES:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/children/{child.public_id}{page}").status_code == 200
            counted[page] = len(asked)
        return counted

    statements()
    few = statements()
    forty(one, child)
    assert statements() == few
    assert max(few.values()) <= 20, few


def test_history_and_resolutions_come_in_pages_without_a_gap(west: Cast, one: Resolution) -> None:
    child, client = of(one), client_of(west, "Judith")
    assert "Next" not in client.get(f"/children/{child.public_id}/resolutions").content.decode()
    forty(one, child)
    told: list[str] = []
    for page in (1, 2):
        text = lint(client.get(f"/children/{child.public_id}/resolutions?page={page}")).text
        told += [r.reference for r in Resolution.objects.all() if f">{r.reference}<" in text]
    assert sorted(told) == sorted(r.reference for r in Resolution.objects.all())
    first = lint(client.get(f"/children/{child.public_id}/history")).text
    assert f'href="/children/{child.public_id}/history?page=2"' in first
    assert first.count("undrift-timeline__item") <= 50


def test_a_log_by_name_meets_the_names_as_they_were_written(west: Cast, one: Resolution) -> None:
    child = of(one)
    for name in ("Ann Marlowe", "Ann Before", "Zed Marlowe"):
        Look.objects.create(authority_id=child.authority_id, person=1, name=name, at=NOW, children=[child.pk])
    text = client_of(west, "Judith").post("/guarding/audit", {"who": "marlowe"}).content.decode()
    assert ("Ann Marlowe" in text, "Zed Marlowe" in text, "Ann Before" in text) == (True, True, False)
