"""The figures of a period: each against a count by hand, of what the reader may see and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.resolutions.actions import perform

pytestmark = pytest.mark.django_db

HERE = "/reports?period=2026-q2"
DAY = timedelta(days=1)
APRIL = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def be(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name))
    return client


def read(cast: Cast, name: str, path: str = HERE) -> str:
    return " ".join(str(lint(be(cast, name).get(path)).text).split())


def rows(page: str, title: str) -> list[list[str]]:
    """The cells of the table of that name."""
    (table,) = re.findall(rf"<caption[^>]*>{re.escape(title)}</caption>(.*?)</table>", page)
    _, *lines = re.findall(r"<tr.*?</tr>", table)
    return [[re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", line)] for line in lines]


def a_spring(cast: Cast) -> None:
    """Four: answered in time and resolved; not answered; settled informally; in error."""
    first = reached.stage_one(cast, "Maya", "Jude", at=APRIL).resolution
    reached.answered(cast, first, APRIL + 2 * DAY)
    reached.judged(cast, first, APRIL + 3 * DAY)
    reached.stage_one(cast, "Maya", at=APRIL + DAY)
    reached.informal(cast, "Tyler", at=NOW - 2 * DAY, agreed=NOW.date() + 3 * DAY)
    wrong = reached.stage_one(cast, "Kai", at=NOW - DAY).resolution
    perform(acts.Close("in-error", "Another child."), resolution=wrong, by=cast.person("Grace"), at=NOW)


def test_each_figure_is_what_somebody_counts_by_hand(west: Cast) -> None:
    a_spring(west)
    page = read(west, "Grace")
    assert "Raised April to June 2026" in page
    assert "3 were raised" in page
    heads = ["Informal resolution", "Stage 1"]
    assert [row[:3] + row[-1:] for row in rows(page, "Raised")] == [
        ["April 2026", "0", "2", "2"], ["May 2026", "1", "0", "1"], ["All", "1", "2", "3"],
    ], heads  # fmt: skip
    (stage_one, *_) = rows(page, "How it was answered, by stage")
    assert stage_one == ["Stage 1", "1", "0", "1", "0", "0", "2"]
    assert rows(page, "How it was answered, by team") == [["North", "1", "0", "1", "0", "0", "2"]]
    assert dict(rows(page, "What became of it")) == {"Still open": "3"}
    assert rows(page, "Raised again about the same child") == [["1 concern", "2"], ["2 concerns", "1"]]
    assert rows(page, "Open today") == [
        ["Up to four weeks", "2"], ["Up to three months", "1"], ["Up to six months", "0"], ["Longer", "0"],
    ]  # fmt: skip
    assert sum(int(number) for _, number in rows(page, "Reasons")) >= 3


def test_what_became_of_it_says_where_it_was_resolved(west: Cast) -> None:
    r = scene.response_in(west)
    settle = {str(child): True for child in r.about.values_list("child_id", flat=True)}
    perform(acts.Judge(settle), resolution=r, by=west.person("Grace"), at=NOW)
    r.refresh_from_db()
    for action in ("a1", "a2", "a3"):
        if action in _open_actions(west, r.reference):
            perform(acts.DropAction(action, "Not needed."), resolution=r, by=west.person("Grace"), at=NOW)
    changed = dict.fromkeys(settle, "She was seen.")
    perform(acts.Resolve(changed), resolution=r, by=west.person("Grace"), at=NOW)
    assert rows(read(west, "Grace"), "What became of it") == [["Resolved at Stage 1", "1"]]


def _open_actions(cast: Cast, reference: str) -> set[str]:
    page = str(be(cast, "Grace").get(f"/resolutions/{reference}").text)
    return set(re.findall(rf"/resolutions/{reference}/actions/(a\d)", page))


def test_a_period_without_any_says_none_and_counts_what_is_open(west: Cast) -> None:
    a_spring(west)
    page = read(west, "Grace", "/reports?period=2025-q4")
    assert "0 were raised" in page
    assert "None." in page
    assert rows(page, "Open today")[1] == ["Up to three months", "1"]


def test_it_counts_what_the_reader_may_see(west: Cast) -> None:
    a_spring(west)
    assert "3 were raised" in read(west, "Judith")
    assert "0 were raised" in read(west, "Callum"), "who manages another team sees none of them"


def test_no_name_stands_in_it_and_an_agency_has_none(west: Cast, north: Cast) -> None:
    a_spring(west)
    page = read(west, "Judith")
    main = page[page.index("<main") :]
    for name in ("Maya", "Jude", "Tyler", "Alder", "Grace", "Priya", "R-2026"):
        assert name not in main
    assert be(north, "Elias").get(HERE).status_code == 404


def test_it_takes_as_many_queries_with_five_as_with_one(west: Cast) -> None:
    client, counted = be(west, "Grace"), []
    for _ in range(2):
        a_spring(west)
        client.get(HERE)
        with CaptureQueriesContext(connection) as queries:
            client.get(HERE)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 12
