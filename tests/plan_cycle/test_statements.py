"""What the pages of a plan cycle ask the database: at most ten statements each, after a long history too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.plan_cycle import tokens_of

pytestmark = pytest.mark.django_db
MOST = 10


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_each_page_of_a_long_cycle_takes_at_most_ten_statements(west: Cast) -> None:
    said, maya = tokens_of.lived(west), west.child("Maya")
    client = Client()
    client.force_login(west.person("Grace"))
    client.get("/")
    counted: dict[str, int] = {}
    for path in tokens_of.addresses(said, maya.public_id, str(maya.pk)):
        client.get(path)  # what is composed and kept once is kept by now
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        if answer.status_code == 200:
            counted[path] = sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries)
    assert {path: number for path, number in counted.items() if number > MOST} == {}
    assert len(counted) > 40
