"""What is said of a child by page: asked, refused at its field with the next step, written, shown; and who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOW, TODAY, Cast
from tests.desks.allocating.test_allocation import WHO_MAY, WHO_MAY_NOT, be, on
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.restricting import name, restrict
from undrift.children.models import Child, FactChange, LookedAfter, Plan, SameChild

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PAGES = ("plan/end", "plan/category", "moves", "died", "right/external_id", "right/starts-{plan}")


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def at(cast: Cast, child: str, page: str = "") -> str:
    """`{plan}` in a page is the number of the child's latest plan, `{care}` that of the time of being looked after."""
    found = cast.child(child)
    numbers = {
        "plan": Plan.objects.filter(child=found).order_by("-starts").values_list("pk", flat=True).first(),
        "care": LookedAfter.objects.filter(child=found).order_by("-starts").values_list("pk", flat=True).first(),
    }
    return f"/allocation/children/{found.public_id}" + (f"/{page}".format(**numbers) if page else "")


def says(cast: Cast, child: str, page: str, who: str = "Pauline", **said: object) -> str:
    """The page that the sending leads to, as text."""
    found: str = lint(be(cast, who).post(at(cast, child, page), {"why": "", **said}, follow=True)).text
    return found


@pytest.mark.parametrize("who", WHO_MAY)
def test_whoever_brings_children_in_opens_each_page(west: Cast, who: str) -> None:
    client = be(west, who)
    for page in ("/allocation/new", *(at(west, "Kai", page) for page in ("", *PAGES))):
        answer = client.get(page)
        assert answer.status_code == 200, page
        lint(answer)


@pytest.mark.parametrize("who", WHO_MAY_NOT)
def test_nobody_else_does(west: Cast, who: str) -> None:
    client = be(west, who)
    for page in ("/allocation/new", *(at(west, "Kai", page) for page in PAGES)):
        assert client.get(page).status_code == 403, page
        assert client.post(page, {"on_day": "1"}).status_code == 403, page
    assert not FactChange.objects.exists()


def test_an_administrator_puts_numbers_right_and_no_names(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    page = client.get(at(west, "Kai")).text
    assert not re.search("Kai|Sorrel", page)
    assert "right/external_id" in page
    for fact in ("first_name", "last_name", "date_of_birth", "sex", "expected_birth"):
        assert f"right/{fact}" not in page
        assert client.get(at(west, "Kai", f"right/{fact}")).status_code == 404


def test_a_child_begins_and_is_found_among_those_on_no_plan(west: Cast) -> None:
    client = be(west, "Pauline")
    kai = west.child("Kai").external_id
    said = {"number": "8001", "first_name": "Robin", "last_name": "Teal", "stands": "unborn",
            **on("expected", TODAY + 60 * DAY), "family": "join", "sibling": kai, "why": ""}  # fmt: skip
    page = lint(client.post("/allocation/new", said, follow=True)).text
    assert "The child is on file" in page
    robin = Child.objects.get(external_id="8001")
    assert (robin.expected_birth, robin.family) == (TODAY + 60 * DAY, west.family("Sorrel"))
    assert "Robin Teal" in lint(client.get("/allocation?plan=none")).text
    assert "Robin Teal" not in client.get("/allocation").text
    for words in ("The child is born", "A plan begins", "The child moves to another council"):
        assert words in page
    assert "The plan ends" not in page


WRONG = [
    ({}, ["Select whether the child is born", "Select which family"]),
    ({"stands": "born", "family": "own", "number": "1"}, ["Enter the date of birth"]),
    ({"stands": "unborn", "family": "own", "number": "1"}, ["Enter the expected date of birth"]),
    ({"stands": "born", **on("born", TODAY + DAY), "family": "own"}, ["today or earlier"]),
    ({"stands": "born", **on("born", TODAY), "family": "own"}, ["number or a name"]),
    ({"stands": "born", **on("born", TODAY), "family": "join", "number": "1"}, ["number of the brother or sister"]),
    ({"stands": "born", **on("born", TODAY), "family": "join", "sibling": "0", "number": "1"},
     ["No child that you may"]),
    ({"stands": "born", **on("born", TODAY), "family": "own", "number": "4141"}, ["Another child of the council has"]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "wrong"), WRONG)
def test_what_is_wrong_with_a_new_child_is_said_at_its_field(
    west: Cast, said: dict[str, str], wrong: list[str]
) -> None:
    Child.objects.filter(pk=west.child("Kai").pk).update(external_id="4141")
    before = Child.objects.count()
    page = lint(be(west, "Pauline").post("/allocation/new", said)).text
    assert all(sentence in page for sentence in wrong)
    assert "There is a problem" in page
    assert Child.objects.count() == before


def test_a_birth_takes_the_place_of_the_day_that_was_expected(west: Cast) -> None:
    Child.objects.filter(pk=west.child("Kai").pk).update(date_of_birth=None, expected_birth=TODAY)
    page = says(west, "Kai", "born", **on("on", TODAY - DAY), first_name="Kai", sex="M")
    assert "Born on Tuesday 5 May 2026" in page
    assert "The child is born</a>" not in page
    assert "6 May 2026" in page  # the day that was expected


def test_a_plan_ends_for_several_and_another_begins(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 3 * DAY).resolution
    jude = west.child("Jude").public_id
    assert "Jude" in be(west, "Pauline").get(at(west, "Maya", "plan/end")).text
    page = says(west, "Maya", "plan/end", **on("on", TODAY - DAY), also=[jude])
    assert "2 plans ended on Tuesday 5 May 2026. The chair of an open concern is asked now" in page
    assert not Plan.objects.filter(child__in=[west.child("Maya"), west.child("Jude")], ends=None).exists()
    chairs = lint(be(west, "Grace").get(f"/resolutions/{resolution.reference}")).text
    assert "plan" in chairs.lower()
    page = says(west, "Maya", "plan", **on("on", TODAY), category="EMO")
    assert "The plan began on Wednesday 6 May 2026" in page
    assert page.count("The plan that began on") == 2
    assert west.plan("Maya").previous_plans == 1


def test_an_end_that_cannot_be_is_refused_at_the_day(west: Cast) -> None:
    page = says(west, "Kai", "plan/end", **on("on", TODAY + DAY))
    assert "today or earlier" in page
    page = says(west, "Kai", "plan/end", **on("on", TODAY - 300 * DAY))
    assert "cannot have ended before" in page
    assert west.plan("Kai").ends is None


def test_a_category_changes_and_a_move_ends_the_plan(west: Cast) -> None:
    assert "Sexual abuse" in says(west, "Kai", "plan/category", category="SAB")
    page = says(west, "Kai", "moves", **on("on", TODAY - DAY), to="Northmoor")
    assert "Moved to Northmoor on 5 May 2026" in page


def test_a_death_restricts_at_once_and_leads_away_from_the_record(west: Cast) -> None:
    kai = west.child("Kai")
    assert "govuk-button--warning" in be(west, "Pauline").get(at(west, "Kai", "died")).text
    page = says(west, "Kai", "died", **on("on", TODAY))
    assert "held as it is, and restricted from now on" in page
    assert "Kai" not in re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)
    assert be(west, "Pauline").get(at(west, "Kai")).status_code == 404
    record = be(west, "Grace").get(f"/children/{kai.public_id}").text
    assert "died on 6 May 2026" in record


def test_those_named_for_a_child_who_died_put_the_day_right_and_say_nothing_else(west: Cast) -> None:
    kai, marcus = west.child("Kai"), west.person("Marcus")
    restrict(kai, marcus, "A relative works here.", NOW)
    name(kai, west.person("Judith"), "Keeps the record", TODAY + 30 * DAY, marcus, NOW)
    says(west, "Kai", "died", who="Judith", **on("on", TODAY))
    page = be(west, "Judith").get(at(west, "Kai")).text
    assert "What has happened?" not in page
    assert "right/died_on" in page
    says(west, "Kai", "right/died_on", who="Judith", **on("value", TODAY - DAY), why="It was the evening before")
    assert west.child("Kai").died_on == TODAY - DAY


def test_a_fact_is_put_right_with_what_was_wrong_and_stands_in_the_history(west: Cast) -> None:
    client = be(west, "Pauline")
    assert "Last name: Sorrel now." in lint(client.get(at(west, "Kai", "right/last_name"))).text
    assert "Say what was wrong" in says(west, "Kai", "right/last_name", value="Sorrell")
    page = says(west, "Kai", "right/last_name", value="Sorrell", why="Spelt as at school")
    assert "Last name is put right" in page
    facts = client.get(f"/children/{west.child('Kai').public_id}/facts").text
    assert "Was Sorrel, became Sorrell. Why: Spelt as at school." in facts


@pytest.mark.parametrize(
    "fact", ["family", "restricted", "starts-0", "starts", "external_id-{plan}", "ends-care-{plan}", "ends-²", "x"]
)
def test_what_is_no_fact_to_be_put_right_is_no_page(west: Cast, fact: str) -> None:
    assert be(west, "Judith").get(at(west, "Kai", f"right/{fact}")).status_code == 404


# Two records of one child ---------------------------------------------------------------------------------------------


def again(cast: Cast) -> Child:
    kai = cast.child("Kai")
    return Child.objects.create(
        authority=cast.authority, family=cast.family("Heron"), external_id="9001", first_name="Kai", last_name="Sorrel",
        date_of_birth=kai.date_of_birth,
    )  # fmt: skip


def test_records_that_look_alike_are_offered_by_number_alone(west: Cast) -> None:
    other = again(west)
    page = lint(be(west, "Jo Talbot").get("/allocation/alike")).text
    assert "Child 9001, on no plan" in page
    assert not re.search("Sorrel|Kai", page)
    restrict(other, west.person("Marcus"), "A relative works here.", NOW)
    assert "9001" not in be(west, "Jo Talbot").get("/allocation/alike").text
    assert "No two records" in lint(be(west, "Jo Talbot").get("/allocation/alike")).text


def test_two_records_are_said_to_be_one_child_lead_to_each_other_and_part_again(west: Cast) -> None:
    other = again(west)
    kai = Child.objects.exclude(pk=other.pk).get(first_name="Kai")
    path = f"/allocation/children/{kai.public_id}/same"
    client, grace = be(west, "Judith"), be(west, "Grace")
    assert grace.get(f"/children/{other.public_id}").status_code == 404
    for said, wrong in (
        ({}, "Select whether they are one child"),
        ({"which": other.public_id, "answer": "one"}, "Select which record goes on"),
        ({"which": other.public_id, "answer": "one", "goes_on": "this"}, "Say how you know"),
        ({"which": "number", "answer": "two", "why": "x"}, "Enter the number of the other record"),
    ):
        assert wrong in lint(client.post(path, said)).text, wrong
    said = {"which": other.public_id, "answer": "one", "goes_on": "this", "why": "Renumbered"}
    page = lint(client.post(path, said, follow=True)).text
    assert "They are one child" in page
    assert "The same child; this record goes on" in page
    left = lint(grace.get(f"/children/{other.public_id}")).text
    assert "That record goes on" in left
    assert f'href="/children/{kai.public_id}"' in left
    assert "/raise" not in left, "a concern is raised of the one that goes on"
    goes_on = lint(grace.get(f"/children/{kai.public_id}")).text
    assert "It is kept, and this record goes on" in goes_on
    assert f"/children/{kai.public_id}/raise" in goes_on
    facts = grace.get(f"/children/{other.public_id}/facts").text
    assert "Other record of the same child" in facts
    assert "Why: Renumbered." in facts
    end = re.search(r'href="(/allocation/children/[^"]*/same/\d+/end)"', page)
    assert end is not None
    assert "said on Wednesday 6 May 2026" in lint(client.get(end[1])).text
    assert "Taken back" in lint(client.post(end[1], {"why": "Cousins"}, follow=True)).text
    assert grace.get(f"/children/{other.public_id}").status_code == 404


def test_of_an_adoption_nothing_is_kept(west: Cast) -> None:
    other = again(west)
    kai = Child.objects.exclude(pk=other.pk).get(first_name="Kai")
    said = {"which": other.public_id, "answer": "adopted", "why": ""}
    page = be(west, "Judith").post(f"/allocation/children/{kai.public_id}/same", said, follow=True).text
    assert "Nothing was kept" in page
    assert not SameChild.objects.exists()
    assert not FactChange.objects.exists()


# Looked after ---------------------------------------------------------------------------------------------------------


def test_a_looked_after_child_has_the_reviewing_officer_beside_the_chair_and_the_history_kept(west: Cast) -> None:
    page = says(west, "Kai", "looked-after", **on("on", TODAY - 9 * DAY), iro_name="Ms Vane")
    assert "Looked after since 27 April 2026" in page
    record = lint(be(west, "Grace").get(f"/children/{west.child('Kai').public_id}")).text
    assert "Since 27 April 2026" in record
    assert "Ms Vane" in record
    assert "Grace Ollerton" in record
    assert "End that first" in says(west, "Kai", "looked-after", **on("on", TODAY))
    assert "cannot have ended before" in says(west, "Kai", "looked-after/end", **on("on", TODAY - 20 * DAY))
    assert "Looked after until Tuesday 5 May 2026" in says(west, "Kai", "looked-after/end", **on("on", TODAY - DAY))
    assert "Ms Vane" not in be(west, "Grace").get(f"/children/{west.child('Kai').public_id}").text
    facts = be(west, "Grace").get(f"/children/{west.child('Kai').public_id}/facts").text
    assert "The child is looked after" in facts
    says(west, "Kai", "right/ends-care-{care}", value="", **on("value", TODAY), why="It was a day later")
    assert "6 May 2026" in be(west, "Pauline").get(at(west, "Kai")).text


def test_the_reviewing_officer_may_have_an_account_and_is_tied_to_nothing_by_it(west: Cast) -> None:
    imran = west.person("Imran")
    says(west, "Kai", "looked-after", **on("on", TODAY), iro=str(imran.pk))
    assert "Imran Dastgir" in be(west, "Grace").get(f"/children/{west.child('Kai').public_id}").text
    assert be(west, "Imran").get(f"/children/{west.child('Kai').public_id}").status_code == 404
