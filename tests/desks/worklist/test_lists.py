"""A list says how many there are, may be sorted, and may be taken away as a file: within the reader's reach alone."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.desks.home.scene import at_risk
from tests.desks.page_lint import lint
from tests.resolutions.reached import informal, stage_one
from undrift.access.models import Look
from undrift.children.models import Child
from undrift.desks.frame.listing import MOST_COUNTED, as_csv, in_words
from undrift.engine.ladder import acts
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db
LISTS = ("resolutions", "children")


def as_person(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name))
    return client


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def three(west: Cast) -> list[str]:
    """Raised in this order, due in another."""
    now = timezone.now()
    first = stage_one(west, "Tyler", at=now - timedelta(days=2)).resolution
    second = stage_one(west, "Maya", "Jude", at=now - timedelta(days=1)).resolution
    third = informal(west, "Amara", at=now, agreed=(now + timedelta(days=1)).date()).resolution
    return [r.reference for r in (first, second, third)]


def order_of(page: str, references: list[str]) -> list[str]:
    main = page.partition("<table")[2]
    return sorted(references, key=lambda reference: main.index(f"/resolutions/{reference}"))


def test_a_file_names_whose_turn_it_is_and_begins_with_a_child_at_immediate_risk(west: Cast, three: list[str]) -> None:
    act = acts.RecordUrgentAction("The police were called.", "Grace Ollerton")
    perform(act, resolution=Resolution.objects.get(reference=three[0]), by=west.person("Grace"))
    found = rows(as_person(west, "Priya").get(reverse("resolutions-csv"), {"sort": "raised"}))
    assert (found[0]["Reference"], found[0]["Immediate risk"]) == (three[0], "Yes")
    assert {row["Immediate risk"] for row in found[1:]} == {"No"}
    assert "Priya Nairn" in {row["With"] for row in found}
    assert "You" not in {row["With"] for row in found}
    assert not any(row["Concern"].startswith("Immediate risk") for row in found)


def test_the_count_is_of_all_pages_and_of_what_fits_the_filters(west: Cast, three: list[str]) -> None:
    grace = as_person(west, "Grace")
    page = lint(grace.get(reverse("resolutions"))).content.decode()
    assert "<strong>3 resolutions</strong>" in page
    assert "<strong>1 resolution</strong>" in grace.get(reverse("resolutions"), {"stage": "informal"}).content.decode()
    assert "<strong>0 resolutions</strong>" in grace.get(reverse("resolutions"), {"stage": "stage-5"}).content.decode()
    children = lint(grace.get(reverse("children"))).content.decode()
    assert f"<strong>{Child.objects.filter(plans__chair=west.person('Grace')).count()} children</strong>" in children


def test_the_order_is_chosen_and_kept_with_the_filters(west: Cast, three: list[str]) -> None:
    grace, (first, second, third) = as_person(west, "Grace"), three

    def shown(**asked: str) -> str:
        return str(lint(grace.get(reverse("resolutions"), asked)).content.decode())

    assert order_of(shown(), three)[0] == third  # due tomorrow
    assert order_of(shown(sort="oldest"), three) == [first, second, third]
    assert order_of(shown(sort="raised"), three) == [third, second, first]
    assert order_of(shown(sort="no-such-order"), three) == order_of(shown(), three)
    assert f"{reverse('resolutions')}?stage=stage-1&amp;sort=raised" in shown(stage="stage-1")
    assert f"{reverse('resolutions-csv')}?stage=stage-1&amp;sort=oldest" in shown(stage="stage-1", sort="oldest")


def test_the_file_holds_what_the_list_shows_and_leaves_a_trace_of_every_child(west: Cast, three: list[str]) -> None:
    grace = as_person(west, "Grace")
    before = Look.objects.count()
    found = rows(grace.get(reverse("resolutions-csv"), {"stage": "stage-1", "sort": "oldest"}))
    assert [row["Reference"] for row in found] == three[:2]
    assert found[1]["Children"] == "Maya and Jude Alder"
    (look,) = Look.objects.order_by("pk")[before:]
    assert (look.page, look.how, look.person) == ("resolutions-csv", "list", west.person("Grace").pk)
    assert sorted(look.children) == sorted(west.child(name).pk for name in ("Tyler", "Maya", "Jude"))


def test_the_file_of_children_leaves_its_trace_too(west: Cast) -> None:
    found = rows(as_person(west, "Grace").get(reverse("children-csv")))
    look = Look.objects.latest("pk")
    assert (look.page, len(look.children)) == ("children-csv", len(found))
    assert "Maya Alder" in {row["Child"] for row in found}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["Grace", "Priya", "Imran", "Kofi", "Judith", "Siobhan"])
def test_nobody_takes_away_more_than_they_may_see(west: Cast, three: list[str], name: str, who: str) -> None:
    client = as_person(west, who)
    page = client.get(reverse(name)).content.decode()
    found = rows(client.get(reverse(f"{name}-csv")))
    key = "Reference" if name == "resolutions" else "Child"
    assert [row[key] for row in found if row[key] not in page] == []
    things = ("resolution", "resolutions") if name == "resolutions" else ("child", "children")
    assert f"<strong>{in_words(len(found), things)}<" in page


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_defused(west: Cast, begins: str) -> None:
    Child.objects.filter(pk=west.child("Tyler").pk).update(first_name=f"{begins}cmd|'/C calc'!A0")
    cells = [row["Child"] for row in rows(as_person(west, "Grace").get(reverse("children-csv")))]
    assert any(cell.startswith(f"'{begins}cmd") for cell in cells)
    assert [cell for cell in cells if cell.startswith(begins)] == []


def test_every_cell_is_defused_whatever_the_list() -> None:
    cells = ["=A", "+A", "-A", "@A", "\tA", "\rA", "A", "1"]
    answer = as_csv("any", cells, [cells]).content.decode("utf-8-sig")
    for row in csv.reader(StringIO(answer, newline="")):
        assert row == [*(f"'{cell}" for cell in cells[:6]), "A", "1"]


def test_a_count_says_zero_one_and_many() -> None:
    things = ("child", "children")
    assert [in_words(n, things) for n in (0, 1, 2, MOST_COUNTED, MOST_COUNTED + 1)] == [
        "0 children", "1 child", "2 children", "1,000 children", "More than 1,000 children",
    ]  # fmt: skip


def test_what_was_taken_back_is_withdrawn_and_not_at_risk(west: Cast) -> None:
    r = at_risk(west, at=timezone.now() - timedelta(hours=2)).resolution
    assert "Immediate risk" in listed(west, "Open")
    perform(acts.Withdraw("Raised twice"), resolution=r, by=west.person("Grace"))
    row = listed(west, "Closed")
    assert r.reference in row
    assert ">Withdrawn</strong>" in row
    assert "Immediate risk" not in row


def listed(cast: Cast, status: str) -> str:
    """The rows that Grace is shown."""
    page = as_person(cast, "Grace").get(reverse("resolutions"), {"status": status}).content.decode()
    return page.partition("<tbody")[2].partition("</tbody>")[0]


def test_a_childs_resolutions_and_looks_are_counted_and_taken_away(west: Cast, three: list[str]) -> None:
    tyler = west.child("Tyler").public_id
    grace, judith = as_person(west, "Grace"), as_person(west, "Judith")
    here = reverse("child-resolutions", args=[tyler])
    assert "<strong>1 resolution</strong>" in lint(grace.get(here)).content.decode()
    (row,) = rows(grace.get(here, {"as": "csv"}))
    assert row["Reference"] == three[0]
    assert Look.objects.latest("pk").page == "child-resolutions"
    looks = reverse("child-looks", args=[tyler])
    assert " looks</strong>" in lint(judith.get(looks)).content.decode()
    found = rows(judith.get(looks, {"as": "csv"}))
    assert "Grace Ollerton" in {one["Who"] for one in found}


def test_the_register_of_restricted_records_is_counted_sorted_and_taken_away(west: Cast) -> None:
    judith, here = as_person(west, "Judith"), reverse("restricted")
    Child.objects.filter(pk__in=[west.child("Tyler").pk, west.child("Amara").pk]).update(restricted=True)
    page = lint(judith.get(here)).content.decode()
    number = Child.objects.filter(restricted=True).count()
    assert f"<strong>{number} records</strong>" in page
    found = rows(judith.get(here, {"as": "csv", "sort": "0"}))
    assert [row["Record"] for row in found] == sorted(row["Record"] for row in found)
    assert len(Look.objects.latest("pk").children) == number == len(found)
    assert as_person(west, "Grace").get(here, {"as": "csv"}).status_code == 403
