"""A month of conferences: who finds which, day by day, on the page, on the month's table and in the file."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.desks.page_lint import lint
from undrift.access.models import Look
from undrift.children.models import AllocationPart, Conference
from undrift.desks.conferences.month import Month, month_asked
from undrift.record.allocating import allocate

DECEMBER = "2026-12"
TODAY = date(2026, 5, 6)


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.person(who))
    return client


def planned(cast: Cast, child: str, number: int, moment: datetime, **more: Any) -> Conference:
    given: dict[str, Any] = {"kind": "review", "chair": cast.person("Grace"), "planned_for": moment} | more
    family = cast.child(child).family
    return Conference.objects.create(authority=cast.authority, family=family, reference=f"C-9-{number}", **given)


@pytest.fixture
def december(west: Cast) -> Cast:
    """Two on one day out of order, one held on another day than planned, one cancelled, one beside each end."""
    planned(west, "Tyler", 1, datetime(2026, 12, 8, 14, tzinfo=UTC), kind="initial", chair=None)
    planned(west, "Maya", 2, datetime(2026, 12, 8, 9, 30, tzinfo=UTC))
    planned(west, "Maya", 3, datetime(2026, 11, 30, 10, tzinfo=UTC), held_on=datetime(2026, 12, 1, 10, tzinfo=UTC))
    cancelled = datetime(2026, 12, 2, 9, tzinfo=UTC)
    planned(west, "Tyler", 4, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), cancelled_at=cancelled)
    planned(west, "Maya", 5, datetime(2027, 1, 1, 0, tzinfo=UTC))
    planned(west, "Maya", 6, datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    return west


def rows(client: Client, **asked: str) -> list[dict[str, str]]:
    answer = client.get(reverse("conferences"), {"month": DECEMBER, "as": "csv", **asked})
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def references(client: Client, **asked: str) -> list[str]:
    return [row["Conference"].rpartition(" ")[2] for row in rows(client, **asked)]


def test_a_month_holds_its_own_days_in_their_order(december: Cast) -> None:
    page = lint(client_of(december, "Grace").get(reverse("conferences"), {"month": DECEMBER})).text
    assert "<strong>4 conferences</strong>" in page
    found = [page.index(f"C-9-{number}") for number in (3, 2, 1, 4)]
    assert found == sorted(found)
    assert "C-9-5" not in page
    assert "C-9-6" not in page
    assert "Tuesday 8 December 2026" in page
    assert references(client_of(december, "Grace")) == ["C-9-3", "C-9-2", "C-9-1", "C-9-4"]


def test_each_says_how_it_stands_who_chairs_and_when(december: Cast) -> None:
    said = [(r["Day"], r["Time"], r["Chair"], r["Held or not"]) for r in rows(client_of(december, "Grace"))]
    assert said == [
        ("2026-12-01", "10am", "Grace Ollerton", "Held"),
        ("2026-12-08", "9:30am", "Grace Ollerton", "Planned"),
        ("2026-12-08", "2pm", "Nobody on file", "Planned"),
        ("2026-12-31", "11:59pm", "Grace Ollerton", "Cancelled"),
    ]


def test_filters_narrow_page_and_file_alike(december: Cast) -> None:
    grace = client_of(december, "Grace")
    assert references(grace, kind="initial") == ["C-9-1"]
    assert references(grace, stands="held") == ["C-9-3"]
    assert references(grace, stands="planned") == ["C-9-2", "C-9-1"]
    assert references(grace, stands="cancelled") == ["C-9-4"]
    assert references(grace, whose="mine") == ["C-9-3", "C-9-2", "C-9-4"]
    page = lint(grace.get(reverse("conferences"), {"month": DECEMBER, "kind": "initial"})).text
    assert "<strong>1 conference</strong>" in page
    assert "month=2027-01&amp;kind=initial" in page, "the next month keeps the filters"
    none = lint(grace.get(reverse("conferences"), {"month": "2031-03", "kind": "initial"})).text
    assert "No conference of March 2031 fits these filters." in none


def test_the_months_table_leads_to_each_day(december: Cast) -> None:
    page = client_of(december, "Grace").get(reverse("conferences"), {"month": DECEMBER}).text
    assert page.count('href="#day-') == 3
    for day, number in ((1, 1), (8, 2), (31, 1)):
        assert f'href="#day-{day}">{number}<' in page
        assert f'id="day-{day}"' in page


def test_one_finds_those_of_the_families_that_one_may_open_and_no_other(december: Cast) -> None:
    worker, kofi, now = AllocationPart.SOCIAL_WORKER, december.person("Kofi"), timezone.now()
    judith, today = december.person("Judith"), timezone.localdate()
    allocate([december.child("Tyler")], worker, kofi, from_day=today, by=judith, at=now, why="His team")
    of = {f"C-9-{number}": "Tyler" if number in (1, 4) else "Maya" for number in (1, 2, 3, 4)}
    found = {}
    for who in ("Grace", "Judith", "Priya", "Hannah", "Kofi", "Siobhan"):
        client = client_of(december, who)
        opens = {
            name: client.get(reverse("family", args=[december.child(name).family.reference])).status_code == 200
            for name in ("Maya", "Tyler")
        }
        found[who] = set(references(client))
        assert found[who] == {one for one, child in of.items() if opens[child]}, who
    assert {len(those) for those in found.values()} == {0, 2, 4}, "nobody, one family and both are among them"
    page = lint(client_of(december, "Siobhan").get(reverse("conferences"), {"month": DECEMBER})).text
    assert "No conferences in December 2026 are yours to see." in page


def test_the_file_leaves_a_trace_of_every_child(december: Cast) -> None:
    grace, seen = client_of(december, "Grace"), rows(client_of(december, "Grace"), kind="initial")
    assert len(seen) == 1
    before = Look.objects.count()
    rows(grace, kind="initial")
    (look,) = Look.objects.order_by("pk")[before:]
    assert (look.page, look.how) == ("conferences", "list")
    assert december.child("Tyler").pk in look.children


@pytest.mark.parametrize(
    "asked", ["", "2026", "2026-13", "2026-00", "0001-01", "9999-12", "1926-05", "2026-5", "٢٠٢٦-٠٥", "2026-05-06", "x"]
)
def test_a_month_that_there_is_not_is_this_one(asked: str) -> None:
    assert month_asked(asked, TODAY) == Month(date(2026, 5, 1))


def test_every_month_within_reach_is_whole_and_leads_on() -> None:
    month: Month | None = Month(date(1991, 1, 1))
    assert month is not None
    assert month.before is None
    while month is not None:
        assert month_asked(month.written, TODAY) == month
        days = [day for week in month.weeks({}) for day, _ in week if day]
        assert days[0] == month.first
        assert days == [month.first + timedelta(days=n) for n in range(len(days))]
        last, month = month, month.after
        assert month is None or month.first == days[-1] + timedelta(days=1)
        assert month is None or month.begins == last.ends
    assert last.written == "2099-12"


def test_one_is_led_there_from_the_menu_and_from_home(december: Cast) -> None:
    page = client_of(december, "Grace").get(reverse("home")).text
    assert f'href="{reverse("conferences")}"' in page


def test_a_month_costs_the_same_however_many_there_are(december: Cast, django_assert_max_num_queries: Any) -> None:
    grace = client_of(december, "Grace")
    grace.get(reverse("conferences"))
    for number in range(10, 40):
        planned(december, "Maya", number, datetime(2026, 12, 9, 9, tzinfo=UTC) + timedelta(hours=number))
    with django_assert_max_num_queries(10):
        lint(grace.get(reverse("conferences"), {"month": DECEMBER}))
