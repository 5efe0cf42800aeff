"""Bringing children in by page: a file is checked, looked at, applied, and undone; by whom, and what is said."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.desks.importing.files import applied, be, checked, list_7, said
from tests.desks.page_lint import lint, read
from tests.desks.test_navigation_leads import everybody
from undrift.access.matrix import Action
from undrift.access.models import Exclusion
from undrift.applying import in_words
from undrift.applying.formats import FORMATS
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, ImportCheck, ImportRun, Plan
from undrift.desks.frame.addresses import knows
from undrift.desks.frame.uploads import LARGEST
from undrift.intake.children_csv.columns import TABLES

pytestmark = pytest.mark.django_db

BRINGERS = ("Jo Talbot", "Judith", "Marcus", "Nadia", "Pauline")


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# By whom --------------------------------------------------------------------------------------------------------------


def pages_of(client: Client) -> list[str]:
    """One of each page there is, after a file was applied and another checked."""
    run = applied(client, {"child_id": "70001"})
    return ["/import", checked(client, {"child_id": "70002"}), run, f"{run}/undo"]


@pytest.mark.parametrize("name", BRINGERS)
def test_whoever_brings_children_in_opens_every_page(west: Cast, name: str) -> None:
    client = be(west, name)
    for path in pages_of(client):
        assert lint(client.get(path)).status_code == 200, path


def test_nobody_else_opens_any_and_is_told_whom_to_ask(west: Cast, north: Cast) -> None:
    pages = pages_of(be(west, "Jo Talbot"))
    others = [person for person in everybody(west, north) if not knows(person, Action.BRING)]
    assert len(others) > 15
    for person in others:
        client = Client()
        client.force_login(person, backend="undrift.people.seats.SignedIn")
        for path in pages:
            answer = client.get(path)
            assert answer.status_code == 403, (person.name, path)
            assert "Administrators, business support and Safeguarding and Review bring children in." in answer.text
        assert client.post(pages[1], {}).status_code == 403
    assert ImportRun.objects.count() == 1


def test_the_menu_leads_there_for_those_who_may(west: Cast, north: Cast) -> None:
    for person in everybody(west, north):
        client = Client()
        client.force_login(person)
        menu = client.get("/help").text.partition("<main")[0]
        assert ('href="/import"' in menu) is knows(person, Action.BRING), person.name


def test_files_of_another_council_are_not_there(west: Cast, north: Cast) -> None:
    pages = pages_of(be(west, "Jo Talbot"))[1:]
    theirs = next(p for p in everybody(north) if knows(p, Action.BRING) and p.authority_id != west.authority.pk)
    client = Client()
    client.force_login(theirs, backend="undrift.people.seats.SignedIn")
    assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 404)
    assert client.post(pages[0], {}).status_code == 404
    assert "annex.xlsx" not in lint(client.get("/import")).text


def test_no_page_names_a_child_or_a_worker(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    row = {"child_id": west.child("Maya").external_id, "worker": "Quillon Ferrars", "latest": "b) Physical"}
    run = applied(client, row)
    pages = ["/import", checked(client, row | {"worker": "Osric Penhallow"}), run, f"{run}/undo"]
    files = [f"{path}?as={kind}" for path in pages[1:3] for kind in ("findings", "changes")]
    for path in (*pages, *files):
        text = client.get(path).text
        assert not [name for name in ("Maya", "Alder", "Quillon", "Osric") if name in text], path


# The file -------------------------------------------------------------------------------------------------------------


def test_the_first_page_says_what_may_be_brought_in_and_that_nothing_was(west: Cast) -> None:
    page = lint(be(west, "Judith").get("/import")).text
    for one in FORMATS.values():
        assert one.title in page
    assert "Nothing has been brought in yet." in page
    assert "0 imports" in page
    assert 'enctype="multipart/form-data"' in page


def test_our_own_csv_is_told_by_its_columns_with_an_empty_file_of_each(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    page = lint(client.get("/import")).text
    for table in TABLES:
        assert f"Download an empty {table.name}.csv" in page
        empty = client.get(f"/import?as={table.name}")
        assert empty.headers["Content-Disposition"] == f'attachment; filename="{table.name}.csv"'
        assert empty.content.decode("utf-8-sig").strip().split(",") == list(table.heads)
    assert "<h1" in client.get("/import?as=nothing").text


def test_our_own_csv_says_who_chairs_and_the_page_does_not(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    applied(client, {"child_id": "70001", "starts": date(2025, 12, 4)})
    rows = "child_id,starts,chair\n70001,2025-12-04,grace.ollerton@westmarch.example\n70001,2025-12-04,nobody\n"
    file = SimpleUploadedFile("plans.csv", rows.encode())
    path = client.post("/import", said(file, format="children")).headers["Location"]
    page = lint(client.get(path)).text
    assert "chair changes" in page
    assert "Grace" not in page.partition("<main")[2]
    client.post(path, {})
    assert Plan.objects.get(child__external_id="70001").chair == west.person("Grace")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"file": None}, "Choose the file"),
        ({"format": ""}, "Select what kind of file it is"),
        ({"format": "nonsense"}, "Select what kind of file it is"),
        ({"as_at": TODAY + timedelta(days=1)}, "The day that the file describes must be today or earlier"),
        ({"as_at": date(1926, 5, 6)}, "The date must be 4 May 2024 or later, within the last 2 years"),
        ({"file": SimpleUploadedFile("list.xlsx", b"")}, "The file is empty. Export it again"),
        (
            {"file": SimpleUploadedFile("Maya Alder.pdf", b"%PDF-1.7")},
            f"The file ends in .pdf. {FORMATS['annex-a'].title} comes as .xlsx: choose that file, or another kind",
        ),
        ({"file": SimpleUploadedFile("list", b"PK")}, "The file has no ending that we know."),
    ],
)
def test_what_is_wrong_with_the_file_is_said_at_its_field(west: Cast, sent: dict[str, Any], sentence: str) -> None:
    client = be(west, "Jo Talbot")
    asked: dict[str, Any] = {"file": list_7({}), "as_at": TODAY, "format": "annex-a"} | sent
    page = lint(client.post("/import", said(**asked))).text
    assert page.count(sentence) >= 2  # above the form, and at the field
    assert "Maya" not in page
    assert not ImportCheck.objects.exists()


def test_a_file_that_is_too_large_is_said_at_its_field_and_thrown_away(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    page = lint(client.post("/import", said(SimpleUploadedFile("a.xlsx", b"x" * (LARGEST + 1))))).text
    assert "The file is larger than 20 MB" in page
    assert not ImportCheck.objects.exists()


def test_a_file_is_held_in_memory_alone(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    large = SimpleUploadedFile("a.xlsx", b"PK" + b"x" * (5 * 2**20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", _never)
        page = client.post("/import", said(large), follow=True).text
    assert "This file cannot be used" in page


def _never(*args: object, **kwargs: object) -> None:
    raise AssertionError("a file was laid on a disk")


def test_a_stopped_file_says_why_what_to_do_next_and_nothing_else(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    answer = client.post("/import", said(SimpleUploadedFile("a.xlsx", b"no workbook")), follow=True)
    page = lint(answer).text
    assert "is not a whole Excel workbook" in page
    assert "Take another file" in page
    assert "Apply" not in page.partition("<main")[2].partition("</main>")[0].replace("not applied", "")
    path = answer.redirect_chain[-1][0]
    assert client.post(path, {}).status_code == 200
    assert not ImportRun.objects.exists()
    assert "Cannot be used" in lint(client.get("/import")).text


def test_what_the_file_says_is_in_no_log_line(west: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client = be(west, "Jo Talbot")
    with caplog.at_level(logging.DEBUG, logger="undrift"):
        applied(client, {"child_id": "77777", "worker": "Quillon Ferrars"})
    assert "Quillon" not in caplog.text
    assert "77777" not in caplog.text


# The check ------------------------------------------------------------------------------------------------------------


def test_a_check_says_all_counts_and_changes_nothing(west: Cast) -> None:
    before = Child.objects.count()
    client = be(west, "Jo Talbot")
    page = lint(client.get(checked(client, {"child_id": "70001"}, {"child_id": "70002"}))).text
    assert Child.objects.count() == before
    assert "of which 2 open on that day" in page
    for words in ("Rows left out", "To look at", "To decide"):
        assert words in page
    assert counted(page) == {
        "Children": ["2", "0", "0"], "Plans": ["2", "0", "0"], "Conferences": ["2", "0", "0"],
        "Core group members": ["0", "0", "0"], "Times looked after": ["0", "0", "0"],
    }  # fmt: skip
    assert "70001" in page
    assert "70002" in page


def counted(page: str) -> dict[str, list[str]]:
    """What the page says is new, changed and unchanged, by what it is of."""
    table = next(one for one in read(page).all("table") if "Unchanged" in one.text)
    rows = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
    return {of: numbers for of, *numbers in rows[1:]}


def test_the_gravest_findings_come_first_each_with_its_place(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    path = checked(
        client,
        {"child_id": "70001", "visit": date(2025, 1, 2), "ends": date(2025, 1, 1), "starts": date(2024, 12, 1)},
        {"child_id": "70002", "ends": date(2020, 1, 18)},
        {"child_id": "70003"},
    )
    page = lint(client.get(path)).text
    assert page.index("Left out") < page.index("Look at this")
    assert "List 7 row 3" in page
    assert "Child Protection Plan End Date" in page
    assert "DfE 8925" in page


def test_the_findings_come_as_a_file_in_which_nothing_is_worked_out(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    path = checked(client, {"child_id": "-70001", "ends": date(2020, 1, 18)}, {"child_id": "70003"})
    answer = client.get(f"{path}?as=findings")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == {
        "severity": "reject", "file": "annex.xlsx", "sheet": "List 7", "row": "2", "child": "'-70001", "column": "",
        "found": "Child Protection Plan End Date 18/01/2020 earlier than Start Date 04/12/2025", "wanted": "",
        "did": "Row not imported.", "rule": "8925",
    }  # fmt: skip
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="findings.csv"'


def test_a_long_list_is_leafed_through_on_both_lists_apart(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    wrong = [{"child_id": f"7{n:04}", "ends": date(2020, 1, 18)} for n in range(30)]
    path = checked(client, *wrong, *({"child_id": f"8{n:04}"} for n in range(30)))
    first = lint(client.get(path)).text
    assert "70000" in first
    assert "70029" not in first
    assert "80000" in first
    assert "80029" not in first
    second = lint(client.get(f"{path}?findings=2")).text
    assert "70029" in second
    assert "80000" in second  # the other list is where it was
    leafed = [lint(client.get(f"{path}?changes={page}")).text for page in range(2, 6)]
    assert "80029" in "".join(leafed)


def test_a_check_takes_few_queries_however_much_is_in_it(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    short = checked(client, {"child_id": "70001"})
    client.get(short)
    with CaptureQueriesContext(connection) as few:
        client.get(short)
    long = checked(client, *({"child_id": f"7{n:04}"} for n in range(120)))
    with CaptureQueriesContext(connection) as many:
        client.get(long)
    assert len(many) == len(few) <= 10


def test_an_import_takes_as_many_queries_however_much_it_changed(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    client.get("/import")  # the first page of a session writes it
    asked = []
    for number in (1, 120):
        run = applied(client, *many(number))
        with CaptureQueriesContext(connection) as queries:
            client.get(run)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 20


def test_a_later_check_of_the_same_kind_takes_the_place_of_the_earlier(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    first = checked(client, {"child_id": "70001"})
    second = checked(client, {"child_id": "70002"})
    assert client.get(first).status_code == 404
    assert second in lint(client.get("/import")).text


# Applied --------------------------------------------------------------------------------------------------------------


def test_applied_leads_to_its_own_page_which_says_what_changed(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    page = lint(client.post(checked(client, {"child_id": "70001"}), {}, follow=True)).text
    assert "Applied. What it changed is on this page" in page
    assert Plan.objects.filter(child__external_id="70001").exists()
    assert "70001" in page
    assert "Jo Talbot" in page
    home = lint(client.get("/import")).text
    assert "1 import" in home
    assert "1 child and 1 plan new; 0 children and 0 plans changed" in home
    assert "Checked, and not applied" not in home


def test_the_same_file_again_changes_nothing_and_says_so(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    applied(client, {"child_id": "70001"})
    again = checked(client, {"child_id": "70001"})
    assert "Nothing would change: all of it is on file." in lint(client.get(again)).text
    run = client.post(again, {}).headers["Location"]
    assert "Nothing changed: all of it was on file." in lint(client.get(run)).text


def test_what_changed_comes_as_a_file_by_numbers(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    run = applied(client, {"child_id": "70001"})
    rows = list(csv.DictReader(io.StringIO(client.get(f"{run}?as=changes").content.decode("utf-8-sig"))))
    assert {row["Child"] for row in rows} == {"70001"}


def test_earlier_imports_are_counted_and_leafed_through(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    ImportRun.objects.bulk_create(
        ImportRun(authority=west.authority, source_system="annex-a", file_name=f"file-{n:02}.xlsx", sha256="0" * 64,
                  as_at=TODAY, started=NOW - timedelta(days=n))
        for n in range(25)
    )  # fmt: skip
    first = lint(client.get("/import")).text
    assert "25 imports" in first
    assert "By command" in first
    assert "file-00.xlsx" in first
    assert "file-24.xlsx" not in first
    assert "file-24.xlsx" in lint(client.get("/import?page=2")).text


def many(number: int, **differs: object) -> list[dict[str, object]]:
    return [{"child_id": f"7{n:04}", **differs} for n in range(number)]


def test_many_plans_that_end_have_to_be_said_yes_to(west: Cast) -> None:
    with time_machine.travel(NOW - timedelta(days=7), tick=False):
        client = be(west, "Jo Talbot")
        earlier = client.post("/import", said(list_7(*many(30, visit=None, review=None)), TODAY - timedelta(days=7)))
        assert client.post(earlier.headers["Location"], {}).status_code == 302
    client = be(west, "Jo Talbot")
    path = checked(client, *many(20, ends=TODAY), *[{"child_id": f"7{n:04}"} for n in range(20, 30)])
    page = lint(client.get(path)).text
    assert "Yes, 20 plans have ended" in page
    refused = lint(client.post(path, {})).text
    assert refused.count("which is more than a tenth") >= 2  # above the form, and at the box
    assert not Plan.objects.filter(child__external_id__startswith="7", ends=TODAY).exists()
    assert client.post(path, {"agreed": "on"}).status_code == 302
    assert Plan.objects.filter(child__external_id__startswith="7", ends=TODAY).count() == 20


def test_a_last_row_without_a_line_end_is_asked_about_by_its_place_alone(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    applied(client, {"child_id": "70001", "starts": date(2025, 12, 4)})
    rows = "child_id,starts,team\n70001,2025-12-04,Quillon"
    file = SimpleUploadedFile("plans.csv", rows.encode())
    path = client.post("/import", said(file, format="children")).headers["Location"]
    page = lint(client.get(path)).text
    assert "Yes, I have looked: the file is whole" in page
    assert "plans.csv row 2: The last row has no line end, as in a file that was cut short." in page
    assert "Quillon" not in page
    refused = lint(client.post(path, {})).text
    assert refused.count("If it is whole, say so and apply it") >= 2  # above the form, and at the box
    assert Plan.objects.get(child__external_id="70001").team_text != "Quillon"
    assert client.post(path, {"whole": "on"}).status_code == 302
    assert Plan.objects.get(child__external_id="70001").team_text == "Quillon"


def test_few_plans_that_end_are_not_asked_about(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    applied(client, *many(30))
    page = lint(client.get(checked(client, *many(1, ends=TODAY), *many(30)[1:]))).text
    assert "have ended" not in page.partition("<main")[2]
    assert not [name for name in ("agreed", "whole") if f'name="{name}"' in page]


def test_what_has_changed_since_is_said_and_checked_again_by_itself(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    applied(client, {"child_id": "70001"})
    path = checked(client, {"child_id": "70001", "latest": "b) Physical"})
    plan = Plan.objects.get(child__external_id="70001")
    facts.change(plan, {"last_visit": TODAY}, Because(at=NOW, by=west.person("Judith")))
    facts.change(plan, {"latest_category": "EMO"}, Because(at=NOW, by=west.person("Judith")))
    answer = client.post(path, {}, follow=True)
    assert "It has been checked again" in lint(answer).text
    again = answer.redirect_chain[-1][0]
    assert again != path
    assert ImportRun.objects.count() == 1
    assert client.post(again, {}).status_code == 302
    assert ImportRun.objects.count() == 2


def test_sent_twice_it_is_applied_once_and_leads_to_the_same_page(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    path = checked(client, {"child_id": "70001"})
    number = re.search(r'name="sending" value="([^"]+)"', client.get(path).text.partition("<main")[2])
    assert number is not None
    first, second = (client.post(path, {"sending": number[1]}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert ImportRun.objects.count() == 1


# Undone ---------------------------------------------------------------------------------------------------------------


def test_the_last_import_is_undone_as_a_whole_once_it_was_said_what_that_is(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    run = applied(client, {"child_id": "70001"}, {"child_id": "70002"})
    assert f"{run}/undo" in lint(client.get(run)).text
    page = lint(client.get(f"{run}/undo")).text
    assert "changed by this import, and each is put back to what it was" in page
    assert Child.objects.filter(external_id="70001").exists()  # nothing is undone by looking
    after = lint(client.post(f"{run}/undo", {}, follow=True)).text
    assert "put back." in after
    assert "This import was undone." in after
    assert not Child.objects.filter(external_id__startswith="7").exists()
    assert "Undone 6 May 2026" in lint(client.get("/import")).text


def test_why_an_import_is_not_undone_is_said_in_place_of_the_button(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    first = applied(client, {"child_id": "70001"})
    applied(client, {"child_id": "70001"}, {"child_id": "70002"})
    assert "It cannot be undone." in lint(client.get(first)).text
    page = lint(client.get(f"{first}/undo")).text
    assert "Undo that import first." in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]
    refused = lint(client.post(f"{first}/undo", {})).text
    assert "Undo that import first." in refused
    assert Child.objects.filter(external_id="70001").exists()


# Need to know ---------------------------------------------------------------------------------------------------------


def test_of_a_restricted_child_nothing_is_shown_of_what_was_on_file_before(west: Cast) -> None:
    robin = west.child("Robin")
    client = be(west, "Jo Talbot")
    path = checked(client, {"child_id": robin.external_id, "starts": date(2026, 2, 3), "latest": "b) Physical"})
    page = lint(client.get(path)).text
    assert "1 row about children whose record is closed to you" in page
    assert str(robin.external_id) not in page.partition("<main")[2]
    assert str(robin.external_id) not in client.get(f"{path}?as=changes").text
    run = client.post(path, {}).headers["Location"]
    other = be(west, "Nadia")
    for one in (client, other):
        assert str(robin.external_id) not in lint(one.get(run)).text.partition("<main")[2]
        assert str(robin.external_id) not in one.get(f"{run}?as=changes").text


def test_whoever_brings_a_file_in_is_not_told_by_a_row_of_it_what_is_on_file_of_a_closed_child(west: Cast) -> None:
    robin, client = west.child("Robin"), be(west, "Jo Talbot")
    applied(client, {"child_id": robin.external_id, "starts": date(2026, 2, 3)})
    a_week_on = {"child_id": f"0{robin.external_id}", "starts": date(2026, 2, 10), "ends": ""}
    path = checked(client, a_week_on, {"child_id": "70001", "starts": "rubbish"})
    kept = ImportCheck.objects.get(reference=path.rpartition("/")[2])
    told = [str(one["found"]) for one in kept.findings if "03/02/2026 here" in str(one["found"])]
    assert told
    for page in (lint(client.get(path)).text, client.get(f"{path}?as=findings").text):
        assert not [one for one in told if one in page]
        assert "70001" in page  # of other children they are


def test_that_a_restricted_child_is_missing_from_the_file_is_told_to_nobody_whom_it_is_closed_to(west: Cast) -> None:
    robin, client = west.child("Robin"), be(west, "Jo Talbot")
    client.post(checked(client, {"child_id": robin.external_id, "starts": date(2026, 2, 3)}), {})
    path = checked(client, {"child_id": "70001"})
    kept = ImportCheck.objects.get(reference=path.rpartition("/")[2])
    assert [one for one in kept.findings if one["place"]["child"] == robin.external_id]
    assert str(robin.external_id) not in lint(client.get(path)).text.partition("<main")[2]
    assert str(robin.external_id) not in client.get(f"{path}?as=findings").text


def test_what_is_said_of_many_rows_leaves_out_those_of_a_closed_child(west: Cast) -> None:
    robin, client = west.child("Robin"), be(west, "Jo Talbot")
    rows = (
        {"child_id": robin.external_id, "starts": date(2026, 2, 3), "review": date(2026, 5, 1)},
        {"child_id": "70001"},
    )
    applied(client, *rows)
    path = checked(client, *({**row, "review": None} for row in rows))
    kept = ImportCheck.objects.get(reference=path.rpartition("/")[2])
    assert "2 cells are empty where something is known: rows 2, 3" in " ".join(map(str, in_words.findings_of(kept)))
    for page in (lint(client.get(path)).text, client.get(f"{path}?as=findings").text):
        assert "1 cell is empty where something is known: row 3" in page
        assert "rows 2, 3" not in page
    run = client.post(path, {}).headers["Location"]
    assert "rows 2, 3" not in lint(client.get(run)).text


def test_that_a_new_child_may_be_a_closed_one_who_is_missing_is_not_told(west: Cast) -> None:
    robin, client = west.child("Robin"), be(west, "Jo Talbot")
    row = {"starts": date(2026, 2, 3), "born": robin.date_of_birth, "sex": ""}
    applied(client, row | {"child_id": robin.external_id})
    path = checked(client, row | {"child_id": "70001"})
    kept = ImportCheck.objects.get(reference=path.rpartition("/")[2])
    assert [one for one in kept.findings if "70001, who is new, has the same birth" in str(one["found"])]
    for page in (lint(client.get(path)).text, client.get(f"{path}?as=findings").text):
        assert "who is new, has the same birth" not in page
        assert str(robin.external_id) not in page.partition("<main")[2]


def test_what_was_built_upon_an_import_about_a_closed_child_is_not_named_on_the_page_that_undoes_it(west: Cast) -> None:
    robin, client = west.child("Robin"), be(west, "Jo Talbot")
    run = applied(client, {"child_id": robin.external_id, "starts": date(2026, 2, 3)})
    Exclusion.objects.create(
        authority=west.authority, child=robin, person=west.person("Grace"), by=west.person("Nadia"), why="Asked",
        since=NOW + timedelta(hours=1),
    )  # fmt: skip
    for page in (lint(client.get(f"{run}/undo")).text, lint(client.post(f"{run}/undo", {})).text):
        assert "Something has come since about a child whose record is closed to you." in page
        assert "kept out of the record" not in page
        assert str(robin.external_id) not in page.partition("<main")[2]
