"""The council's log of looks: narrowed by POST, fifty a page, exported without a word about a child."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.guarded import REASON, emergency_duty, information_governance
from undrift.access.alarms import raise_alarms
from undrift.access.emergency import Sought, open_found
from undrift.access.fetching import NotFound, fetch_child
from undrift.access.models import Look
from undrift.access.restricting import exclude

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_sixth_of_may")]
Be = Callable[[str], Client]
WAY, EXPORT = "/guarding/audit", "/guarding/audit/export"


@pytest.fixture
def looked(west: Cast) -> Cast:
    """Grace looks at Maya and Tyler, Kofi tries in vain, the emergency duty team opens Maya's record; over two days."""
    edt, maya = emergency_duty(west), west.child("Maya")
    fetch_child(maya.public_id, west.person("Grace"), NOW - timedelta(days=1), page="child")
    fetch_child(west.child("Tyler").public_id, west.person("Grace"), NOW, page="child")
    with pytest.raises(NotFound):
        fetch_child(maya.public_id, west.person("Kofi"), NOW, page="child")
    open_found(Sought(number="4101"), edt, "immediate-risk", REASON, NOW)
    fetch_child(maya.public_id, edt, NOW, page="child")
    return west


@pytest.mark.parametrize("who", ["Judith", "Marcus", "Nadia", "Bethan"])
def test_those_who_audit_see_the_councils_looks_and_no_childs_name(looked: Cast, be: Be, who: str) -> None:
    information_governance(looked)
    text = lint(be(who).get(WAY)).text
    for said in ("Grace Ollerton", "Kofi Ansell", "Child 4101", "Child 4111", "Emergency opening", "Child record"):
        assert said in text, said
    assert not {name for name in ("Maya", "Tyler", "Alder", "Heron") if name in text}


def test_whoever_is_kept_out_of_a_record_reads_nothing_of_who_looked_at_it(looked: Cast, be: Be) -> None:
    maya = looked.child("Maya")
    exclude(maya, looked.person("Marcus"), "is a relative of the family", looked.person("Nadia"), NOW)
    text = lint(be("Marcus").get(WAY)).text
    assert text.count('data-label="When"') == 1
    assert "Child 4111" in text
    for word in ("4101", "Kofi Ansell", maya.public_id):
        assert word not in text
        assert word not in be("Marcus").post(EXPORT).text
    assert "Child 4101" in be("Judith").get(WAY).text


@pytest.mark.parametrize("who", ["Grace", "Angela", "Priya", "Pauline", "Siobhan", "Jo Talbot", "Tomasz"])
def test_nobody_else_does(looked: Cast, be: Be, who: str) -> None:
    client = be(who)
    assert client.get(WAY).status_code == client.post(WAY).status_code == client.post(EXPORT).status_code == 403


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, 4),
        ({"who": "grace"}, 2),
        ({"child": "4101"}, 3),
        ({"child": "9999"}, 0),
        ({"which": "refused"}, 1),
        ({"which": "glass"}, 1),
        ({"since_day": "6", "since_month": "5", "since_year": "2026"}, 3),
        ({"until_day": "5", "until_month": "5", "until_year": "2026"}, 1),
        ({"who": "kofi", "child": "4101", "which": "refused"}, 1),
        ({"who": "grace", "which": "glass"}, 0),
    ],
)
def test_it_is_narrowed(looked: Cast, be: Be, asked: dict[str, str], rows: int) -> None:
    answer = lint(be("Judith").post(WAY, asked))
    assert answer.text.count('data-label="When"') == rows
    exported = list(csv.reader(io.StringIO(be("Judith").post(EXPORT, asked).text)))
    assert len(exported) == rows + 1


def test_days_the_wrong_way_round_are_said(looked: Cast, be: Be) -> None:
    asked = {"since_day": "6", "since_month": "5", "since_year": "2026",
             "until_day": "5", "until_month": "5", "until_year": "2026"}  # fmt: skip
    assert "The last day must be on or after the first" in lint(be("Judith").post(WAY, asked)).text


def test_fifty_a_page(west: Cast, be: Be) -> None:
    for n in range(51):
        fetch_child(west.child("Maya").public_id, west.person("Grace"), NOW - timedelta(minutes=n), page="child")
    judith = be("Judith")
    first, second = lint(judith.get(WAY)).text, lint(judith.post(WAY, {"page": "2", "who": "Grace"})).text
    assert (first.count('data-label="When"'), second.count('data-label="When"')) == (50, 1)
    assert ("Next page" in first, "Previous page" in first) == (True, False)
    assert ("Next page" in second, "Previous page" in second) == (False, True)
    assert 'value="Grace"' in second


def test_the_export_is_a_file_of_named_columns_and_leaves_a_trace(looked: Cast, be: Be) -> None:
    answer = be("Judith").post(EXPORT)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="looks.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    heads, *rows = csv.reader(io.StringIO(answer.text))
    assert heads == ["at", "person", "name", "page", "opened by", "refused", "children"]
    maya, grace = looked.child("Maya").public_id, looked.person("Grace")
    assert ["2026-05-05T09:30:00+01:00", str(grace.pk), "Grace Ollerton", "child", "chair", "no", maya] in rows
    for secret in ("Maya", "Alder", "Tyler", "4101", "4111"):
        assert secret not in answer.text
    last = Look.objects.order_by("-pk")[0]
    assert (last.name, last.page, last.how, last.children) == ("Judith Calloway", "audit-export", "audit", [])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_text(west: Cast, be: Be, name: str) -> None:
    Look.objects.create(authority=west.authority, person=1, name=name, at=NOW, page="child", children=[], how="chair")
    ((_, _, cell, *_),) = list(csv.reader(io.StringIO(be("Judith").post(EXPORT).text, newline="")))[1:]
    assert cell == f"'{name}"


def test_another_councils_looks_are_not_there(looked: Cast, north: Cast, be: Be) -> None:
    fetch_child(north.child("Aisha").public_id, north.person("Rosalind"), NOW, page="child")
    assert "Rosalind" not in be("Judith").get(WAY).text
    assert "Rosalind" not in be("Judith").post(EXPORT).text


def test_alarms_stand_above_the_log(looked: Cast, be: Be) -> None:
    for _ in range(20):
        with pytest.raises(NotFound):
            fetch_child(looked.child("Maya").public_id, looked.person("Kofi"), NOW)
    raise_alarms(NOW)
    text = lint(be("Judith").get(WAY)).text
    assert "Alarms of the last 30 days" in text
    assert "Many records asked for in vain within an hour" in text


def test_many_records_of_one_look_are_counted_and_folded(west: Cast, be: Be) -> None:
    children = [west.child(name) for name in ("Maya", "Jude", "Noor", "Tyler")]
    for some in (children, children[:3]):
        Look.objects.create(
            authority=west.authority, person=west.person("Grace").pk, name="Grace Ollerton", at=NOW,
            page="children-csv", children=[child.pk for child in some],
        )  # fmt: skip
    text = lint(be("Judith").get(WAY)).text
    assert text.count('<span class="govuk-details__summary-text">4 children</span>') == 1
    assert "3 children" not in text
    assert text.count("Child 4101") == 2


def test_no_file_is_made_of_days_that_cannot_be(looked: Cast, be: Be) -> None:
    asked = {"until_day": "31", "until_month": "12", "until_year": "9999"}
    answer = lint(be("Judith").post(EXPORT, asked))
    assert "The log ends today. The date must be today or earlier" in answer.text
    assert "Content-Disposition" not in answer
    assert Look.objects.filter(how="audit").count() == 0
