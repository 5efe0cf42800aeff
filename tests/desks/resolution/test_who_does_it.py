"""Who does what was agreed: somebody of the case is told; a name that is nobody's here has to be said to be outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import stage_one
from undrift.record.models import Notice
from undrift.resolutions.models import Resolution

ACTION = {"what": "A family meeting.", "by_day": "20", "by_month": "5", "by_year": "2026"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def raised(west: Cast) -> Resolution:
    return stage_one(west).resolution


def adds(client: Client, cast: Cast, raised: Resolution, **said: str) -> tuple[int, str]:
    client.force_login(cast.person("Grace"), backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.post(f"/resolutions/{raised.reference}/actions/new", {**ACTION, **said})
    return answer.status_code, lint(answer).text if answer.status_code == 200 else ""


def test_the_page_offers_the_people_of_the_case_and_says_who_is_told(
    west: Cast, client: Client, raised: Resolution
) -> None:
    client.force_login(west.person("Grace"), backend=settings.AUTHENTICATION_BACKENDS[0])
    page = lint(client.get(f"/resolutions/{raised.reference}/actions/new")).text
    assert "Hannah Quill, Social Worker" in page
    assert "Somebody else, outside: they are not told" in page
    assert "Whoever you choose is told" in page


def test_somebody_of_the_case_is_told(west: Cast, client: Client, raised: Resolution) -> None:
    assert adds(client, west, raised, who="Hannah Quill")[0] == 302
    assert Notice.objects.filter(to_person=west.person("Hannah"), kind="action_agreed").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"who": "Hannah Quil"}, "choose a person, or somebody outside"),
        ({"who": ""}, "Enter who will do it"),
        ({"who": "somebody-outside"}, "Enter the name of whoever will do it, outside"),
        ({"who": "Hannah Quill", "outside": "Her aunt"}, "Leave this empty, or choose somebody outside above"),
    ],
)
def test_a_misspelt_name_never_becomes_an_outsider(
    west: Cast, client: Client, raised: Resolution, said: dict[str, str], sentence: str
) -> None:
    status, page = adds(client, west, raised, **said)
    assert (status, sentence in page) == (200, True)
    assert not Notice.objects.filter(kind="action_agreed").exists()


def test_an_outsider_is_named_and_not_told(west: Cast, client: Client, raised: Resolution) -> None:
    assert adds(client, west, raised, who="somebody-outside", outside="Her aunt")[0] == 302
    assert not Notice.objects.filter(kind="action_agreed").exists()
    assert "Her aunt" in client.get(f"/resolutions/{raised.reference}").content.decode()
