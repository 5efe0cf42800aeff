"""The list of resolutions: earliest due first, narrowed at will, in few queries; and the search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.children.models import Child, Conference
from undrift.engine.ladder import acts
from undrift.people.models import ClosureDay
from undrift.resolutions.actions import perform

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|sending)" value="[^"]*"')  # new on every page, whatever it shows
Get = Callable[[str, str], Any]
Find = Callable[[str, str], Any]


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def get(west: Cast) -> Get:
    def got(name: str, path: str) -> Any:
        client = Client()
        client.force_login(west.person(name))
        return lint(client.get(path))

    return got


@pytest.fixture
def find(west: Cast) -> Find:
    def found(name: str, words: str) -> Any:
        client = Client()
        client.force_login(west.person(name))
        return lint(client.post("/search", {"q": words}, follow=True))

    return found


# The list -------------------------------------------------------------------------------------------------------------


def test_the_first_view_is_everything_open_that_one_may_see_earliest_due_first(west: Cast, get: Get) -> None:
    scene.busy_day(west)
    page = get("Grace", "/resolutions").text
    order = ["Rowan family (4 children)", "Tyler Heron", "Amara and Zion Linnet", "Noor Alder"]
    assert [page.index(title) for title in order] == sorted(page.index(title) for title in order)
    assert "2 working days late" in page
    assert "Due tomorrow" in page
    assert "Chosen filters" not in page


def test_each_row_has_one_link_that_says_what_to_do_or_opens_it(west: Cast, get: Get) -> None:
    rowan, linnet = scene.unanswered(west), scene.response_in(west)
    grace = get("Grace", "/resolutions").text
    assert f'href="/resolutions/{rowan.reference}/decide">Decide what to do<' in grace
    assert f'href="/resolutions/{linnet.reference}/decide">Read the response<' in grace
    assert f'href="/resolutions/{linnet.reference}">Open<' in get("Judith", "/resolutions").text


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("stage=stage-2", ["Kai Sorrel"], ["Amara"]),
        ("status=Waiting+for+approval", ["Noor Alder"], ["Kai Sorrel"]),
        ("status=Waiting+for+chair", ["Rowan family", "Tyler Heron", "Amara"], ["Noor Alder"]),
        ("due=week", ["Amara and Zion Linnet", "Noor Alder"], []),
        ("reason=RISK-NOW", ["Kai Sorrel"], ["Noor Alder"]),
        ("stage=stage-1&status=Waiting+for+approval", ["Noor Alder"], ["Rowan family"]),
        ("stage=no-such-stage&chair=9999999&page=x", ["Kai Sorrel", "Noor Alder"], []),
        ("status=Resolved", [], ["Kai Sorrel"]),
    ],
)
def test_it_is_narrowed(west: Cast, get: Get, query: str, there: list[str], not_there: list[str]) -> None:
    scene.busy_day(west)
    page = get("Judith", f"/resolutions?{query}").text
    assert [title for title in there if title not in page] == []
    assert [title for title in not_there if title in page] == []


def test_it_is_narrowed_to_a_chair_and_to_a_team(west: Cast, get: Get) -> None:
    scene.busy_day(west)
    imran, south = west.person("Imran"), west.unit("South")
    assert "Nothing fits these filters." in get("Judith", f"/resolutions?chair={imran.pk}").text
    page = get("Judith", f"/resolutions?team=t{south.pk}").text
    assert "Rowan family" in page
    assert "Kai Sorrel" not in page


def test_a_chosen_filter_is_a_chip_that_takes_itself_away(west: Cast, get: Get) -> None:
    scene.busy_day(west)
    page = get("Grace", "/resolutions?stage=stage-1&due=week").text
    assert 'href="/resolutions?stage=stage-1"><span class="govuk-visually-hidden">Remove this filter:' in page
    assert 'href="/resolutions?due=week"><span class="govuk-visually-hidden">Remove this filter:' in page
    assert "Stage: Stage 1" in page
    assert "Chosen filters" not in get("Grace", "/resolutions").text  # not kept between visits


def test_a_list_is_narrowed_to_stages_at_which_a_concern_can_stand(north: Cast, client: Client) -> None:
    """Pan-Lancashire's first two are steps of the plan cycle: nothing is raised there."""
    client.force_login(north.person("Rosalind"))
    page = client.get("/resolutions").text.partition('name="stage"')[2].partition("</select>")[0]
    stages = [words.strip() for words in re.findall(r"<option[^>]*>([^<]+)</option>", page)]
    assert [words[-9:] for words in stages if "(stage" in words] == [f"(stage {number})" for number in (3, 4, 5, 6)]


def test_what_has_ended_is_found_by_its_status(west: Cast, get: Get) -> None:
    done = reached.stage_one(west, "Kai").resolution
    perform(acts.Withdraw("Raised twice by mistake."), resolution=done, by=west.person("Grace"), at=NOW)
    assert "Kai Sorrel" not in get("Grace", "/resolutions").text
    page = get("Grace", "/resolutions?status=Closed").text
    assert "Kai Sorrel" in page
    assert "Ended" in page


def test_pages_follow_each_other_without_a_count(west: Cast, get: Get) -> None:
    for hours in range(26):
        reached.stage_one(west, "Maya", at=NOW - timedelta(hours=hours))
    first, second = get("Grace", "/resolutions").text, get("Grace", "/resolutions?page=2").text
    assert 'href="/resolutions?page=2"' in first
    assert first.count('data-label="Next"') == 25
    assert second.count('data-label="Next"') == 1
    assert 'href="/resolutions" rel="prev"' in second
    assert "There is nothing on this page." in get("Grace", "/resolutions?page=3").text


@pytest.mark.parametrize("name", ["Grace", "Judith", "Hannah", "Siobhan", "Priya", "Denise"])
def test_it_takes_at_most_eight_queries_at_25_and_at_50_rows(west: Cast, name: str) -> None:
    ClosureDay.objects.create(authority=west.authority, date="2026-12-29", reason="Closed between the holidays")
    client = Client()
    client.force_login(west.person(name))
    client.get("/resolutions")  # the first page of a session writes the session
    counted = []
    for _ in range(2):
        for _ in range(25):
            reached.stage_one(west, "Maya", at=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get("/resolutions")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= MOST_QUERIES


@pytest.mark.parametrize("name", ["Kofi", "Imran", "Callum", "Siobhan", "Jo"])
def test_it_shows_nothing_out_of_sight(west: Cast, get: Get, name: str) -> None:
    reached.stage_one(west, "Maya", "Jude")
    page = get(name, "/resolutions").text
    assert "Maya" not in page
    assert "There is no open resolution that you can see." in page


def test_somebody_of_a_partner_agency_sees_their_own_item(north: Cast) -> None:
    scene.starred(north)
    for name, sees in (("Elias", True), ("Caitlin", False), ("Rosalind", True), ("Jerome", False)):
        client = Client()
        client.force_login(north.person(name))
        assert ("Aisha Plover" in lint(client.get("/resolutions")).text) is sees, name


def test_it_is_narrowed_to_the_agency_that_has_to_answer(north: Cast) -> None:
    scene.starred(north)
    client = Client()
    client.force_login(north.person("Rosalind"))
    moorland, police = north.agency("Moorland Health Trust"), north.agency("Northmoor Police")
    page = lint(client.get("/resolutions")).text
    assert f'<option value="a{moorland.pk}">Moorland Health Trust</option>' in page
    assert "Northmoor Police" not in page  # no item of theirs is open
    assert "Aisha Plover" in lint(client.get(f"/resolutions?team=a{moorland.pk}")).text
    assert "Aisha Plover" in client.get(f"/resolutions?team=a{police.pk}").text  # not offered, so left out


# The search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "child"),
    [
        ("Maya", "Maya Alder"),
        ("alder", "Jude Alder"),
        ("maya alder", "Maya Alder"),
        ("Alder, Maya", "Maya Alder"),
        ("Rown", "Ella Rowan"),
        ("Linet", "Amara Linnet"),
        ("Tylre", "Tyler Heron"),
        ("Maia", "Maya Alder"),
        ("4101", "Maya Alder"),
    ],
)
def test_a_child_is_found_by_name_family_or_number_even_misspelled(find: Find, words: str, child: str) -> None:
    assert f">{child}</a>" in find("Grace", words).text


def test_a_guess_is_said_to_be_one(find: Find) -> None:
    assert "Nothing is spelled exactly like that." in find("Grace", "Linet").text
    assert "Nothing is spelled exactly like that." not in find("Grace", "Linnet").text


def test_a_resolution_is_found_by_its_reference(west: Cast, find: Find) -> None:
    found = reached.stage_one(west).resolution
    for words in (found.reference, found.reference.lower()):
        page = find("Grace", words).text
        assert f'href="/resolutions/{found.reference}"' in page
        assert "Waiting for response" in page


@pytest.mark.parametrize(("name", "sees"), [("Grace", True), ("Priya", True), ("Kofi", False)])
def test_a_conference_is_found_by_its_reference_by_those_who_may_see_its_family(
    west: Cast, find: Find, name: str, sees: bool
) -> None:
    Conference.objects.create(
        authority=west.authority, family=west.family("Alder"), reference="C-2026-0328", kind="review",
        planned_for=NOW, chair=west.person("Grace"),
    )  # fmt: skip
    for words in ("C-2026-0328", "c-2026-0328"):
        page = find(name, words).text
        assert (">Maya Alder</a>" in page) is sees
        assert "Tyler" not in page


@pytest.mark.parametrize("words", ["", "%", "*", "%%", "__", "m", "? !", "a %", "'"])
def test_wildcards_and_single_letters_list_nothing(find: Find, words: str) -> None:
    page = find("Judith", words).text
    assert "Enter at least 2 letters or numbers." in page
    assert "Alder" not in page


@pytest.mark.parametrize("words", ["M%", "M_ya", "Al%er", "zzzz", "'; DROP TABLE children_child; --"])
def test_signs_within_words_stand_for_nothing(find: Find, words: str) -> None:
    page = find("Judith", words).text
    assert "Maya Alder" not in page


@pytest.mark.parametrize(
    ("name", "words", "sees"),
    [
        ("Grace", "Maya", True),
        ("Hannah", "Maya", True),
        ("Judith", "Maya", True),
        ("Imran", "Maya", False),
        ("Kofi", "Maya", False),
        ("Kofi", "Maia", False),
        ("Siobhan", "Maya", False),
        ("Imran", "Robin", True),
        ("Judith", "Robin", False),
        ("Judith", "Fren", False),
        ("Grace", "Fern", False),
    ],
)
def test_it_searches_only_within_what_the_person_may_see(find: Find, name: str, words: str, sees: bool) -> None:
    page = find(name, words).text
    assert ("Nothing was found among what you can see." not in page) is sees


def test_hidden_and_absent_are_answered_alike(west: Cast, find: Find) -> None:
    hidden, absent = find("Kofi", "Maya").text, find("Kofi", "Xxxx").text
    plain = [TOKEN.sub("", page).replace("Maya", "Xxxx") for page in (hidden, absent)]
    assert plain[0] == plain[1]


def test_the_words_are_in_no_address(west: Cast, find: Find) -> None:
    client = Client()
    client.force_login(west.person("Grace"))
    assert "Maya Alder" not in lint(client.get("/search?q=Maya")).text
    page = find("Grace", "Maya").text
    assert '<form action="/search" method="post"' in page
    assert "q=" not in page.replace("q=0.", "")


@pytest.mark.parametrize(
    ("typed", "name", "near"),
    [
        ("rowan", "Rowan", True),
        ("roan", "Rowan", True),
        ("maia", "Maya", True),
        ("wrenash", "Wren-Ash", True),
        ("ash", "Wren-Ash", True),
        ("jo", "Joe", False),
        ("alder", "Heron", False),
        ("kai", "Kia", True),
        ("sorel", "Sorrel", True),
        ("noor", "Moon", False),
    ],
)
def test_one_slip_in_a_short_name_and_two_in_a_long_one(db: None, typed: str, name: str, near: bool) -> None:
    """Of a double name each part counts."""
    asked = "SELECT coalesce(bool_or(undrift_is_near(%s, part)), false) FROM undrift_name_parts(%s) part"
    assert answered(asked, typed, name) is near


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("maya", "maya", 0), ("mya", "maya", 1), ("amya", "maya", 1), ("", "ab", 2)]
)
def test_slips_are_counted_as_people_make_them(db: None, one: str, other: str, slips: int) -> None:
    assert answered("SELECT undrift_slips(%s, %s)", one, other) == slips


@pytest.mark.parametrize("near", ["rowan", "roan", "rwoan", "rowwan", "wrenfield", "wernfeild", "wrenfeilds"])
def test_a_name_that_is_near_is_met_by_what_both_leave_out(db: None, near: str) -> None:
    asked = (
        "SELECT bool_or(undrift_is_near(%(near)s, name)) = (count(*) > 0) AND count(*) > 0 FROM ("
        " SELECT name FROM unnest(ARRAY['rowan', 'wrenfield', 'heron']) name"
        " WHERE undrift_name_variants(name) && undrift_name_variants(%(near)s)) met"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, {"near": near})
        assert cursor.fetchone()[0] is True


def answered(asked: str, *values: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return cursor.fetchone()[0]


def test_a_renamed_child_is_found_by_the_new_name_alone(west: Cast, find: Find) -> None:
    child = Child.objects.filter(first_name="Maya").first()
    assert child is not None
    child.first_name, before = "Calista", child.first_name
    child.save()
    child.family.name = "Thornbury"
    child.family.save()
    assert "Calista" in find("Judith", "Calista").text
    assert "Calista" in find("Judith", "Thornbry").text
    assert "Calista" not in find("Judith", before).text
