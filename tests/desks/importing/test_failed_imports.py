"""An import that came to nothing stands on the home of whoever brings children in, however it did; undo upon undo."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tests.access.connected import as_pages_are_served
from tests.applying.by_hand import all_facts
from tests.applying.test_two_at_once import importing
from tests.cast import TODAY, Cast, westmarch
from tests.desks.importing.files import applied, be, checked, list_7, said
from tests.desks.page_lint import lint
from undrift.applying import from_file
from undrift.applying.from_file import apply_check, check_file, kept_check
from undrift.applying.told import begun
from undrift.children.models import Child, ImportCheck
from undrift.library.numbers import LONGEST_RUN

pytestmark = pytest.mark.django_db(transaction=True)

HEADING = "Imports that came to nothing"


@pytest.fixture
def west() -> Cast:
    return westmarch()


def home(cast: Cast, name: str) -> str:
    return str(lint(be(cast, name).get("/")).text)


def waiting(cast: Cast) -> ImportCheck:
    check = kept_check(cast.authority, "annex-a")
    assert check is not None
    return check


def test_one_that_was_refused_stands_on_the_home_of_whoever_brings_children_in(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    numbers = range(70_000, 70_040)
    applied(client, *({"child_id": number} for number in numbers))
    path = checked(client, *({"child_id": number} for number in numbers[:20]))
    assert HEADING not in home(west, "Jo Talbot")
    assert "more than a tenth" in lint(client.post(path, {})).text
    for name in ("Jo Talbot", "Marcus"):
        page = home(west, name)
        assert HEADING in page
        assert "Not applied. Of " in page
        assert path in page
    assert HEADING not in home(west, "Grace")
    page = lint(client.get(path)).text
    assert "How it stands" in page
    assert "Not applied. Of " in page
    assert "Not applied. Of " in lint(client.get("/import")).text
    client.post(path, {"agreed": "on"})
    assert HEADING not in home(west, "Jo Talbot")


def test_a_page_keeps_that_applying_began_and_that_it_failed(west: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = be(west, "Jo Talbot")
    client.raise_request_exception = False
    path = checked(client, {"child_id": 70_001})
    before = timezone.now()

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(from_file, "write", broken)
    with as_pages_are_served():
        assert not ImportCheck.objects.exists(), "the connection sees more than a page's does"
        assert client.post(path, {}).status_code == 500
        assert "Something went wrong while it was written" in client.get("/import").content.decode()
    check = waiting(west)
    assert check.begun_at is not None
    assert check.failed_at is not None
    assert before < check.begun_at


def test_a_file_that_could_not_be_used_stands_there_until_another_takes_its_place(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    client.post("/import", said(list_7({}, sheet="List 6", other_sheets=(), list_5=None)))
    page = home(west, "Jo Talbot")
    assert HEADING in page
    assert "Cannot be used" in page
    checked(client, {"child_id": 70_001})
    assert HEADING not in home(west, "Jo Talbot")


def test_one_whose_database_went_away_leaves_nothing_in_part_and_is_said(west: Cast) -> None:
    before = all_facts(west.authority)
    checked(be(west, "Jo Talbot"), *({"child_id": number} for number in (70_001, 70_002)))
    with importing(west.authority), ThreadPoolExecutor(1) as elsewhere:
        coming = elsewhere.submit(applied_elsewhere, waiting(west))
        end_whoever_waits()
        assert isinstance(coming.exception(30), OperationalError)
    assert all_facts(west.authority) == before
    assert "Something went wrong while it was written" in home(west, "Jo Talbot")


def applied_elsewhere(check: ImportCheck) -> None:
    try:
        apply_check(check, at=timezone.now(), by=None)
    finally:
        connection.close()


def end_whoever_waits() -> None:
    """The session that waits for the other import, as soon as it does."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchall():
                return
        time.sleep(0.1)
    pytest.fail("nobody waits")


def test_one_that_was_interrupted_is_said_once_it_could_not_be_running_any_more(west: Cast) -> None:
    checked(be(west, "Jo Talbot"), {"child_id": 70_001})
    begun(waiting(west), timezone.now() - LONGEST_RUN + timedelta(minutes=1))
    assert HEADING not in home(west, "Jo Talbot")
    begun(waiting(west), timezone.now() - LONGEST_RUN - timedelta(minutes=1))
    assert "Interrupted while it was applied: nothing of it was brought in." in home(west, "Jo Talbot")


def test_no_home_names_the_file_which_may_be_called_after_a_child(west: Cast) -> None:
    check_file(west.authority, "annex-a", "Wren Calder.xlsx", b"no", as_at=TODAY, at=timezone.now(), by=None)
    page = home(west, "Jo Talbot")
    assert HEADING in page
    assert "Calder" not in page


def test_the_one_before_is_undone_after_the_last(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    before = all_facts(west.authority)
    first = applied(client, {"child_id": "70001"})
    second = applied(client, {"child_id": "70001"}, {"child_id": "70002"})
    for run in (second, first):
        page = lint(client.get("/import")).text
        assert f'href="{run}/undo"' in page
        assert "This import was undone." in lint(client.post(f"{run}/undo", {}, follow=True)).text
    assert all_facts(west.authority) == before
    assert not Child.objects.filter(external_id__startswith="7000").exists()
    page = lint(client.get("/import")).text
    assert page.count("Undone ") == 2
    assert "Undo the last import" not in page
