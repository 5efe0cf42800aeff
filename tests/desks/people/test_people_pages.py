"""The pages that keep the organisation: the tree, one person, cover, leaving, and what nobody holds."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.people.models import Cover, Grant, Holding, Person
from undrift.record.models import Notice

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def be(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name), backend="undrift.people.seats.SignedIn")
    return client


def at(cast: Cast, name: str, page: str = "") -> str:
    return f"/people/{cast.person(name).pk}{page}"


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def cover_by(cast: Cast, name: str, starts: date = TODAY, ends: date = TOMORROW, **more: str) -> Mapping[str, str]:
    return {**on("starts", starts), **on("ends", ends), "covering": str(cast.person(name).pk), **more}


def confirmed(cast: Cast, by: str) -> str:
    """The page that a second person is led to, who confirms what waits."""
    client = be(cast, by)
    lint(client.get("/people/waiting"))
    settled = client.post(f"/people/waiting/{Grant.objects.get(settled_at=None).pk}", {"do": "confirm"}, follow=True)
    return str(lint(settled).text)


PAGES = ("", "/gaps", "/waiting")


@pytest.mark.parametrize("name", ["Jo Talbot", "Judith", "Marcus", "Nadia"])
@pytest.mark.parametrize("page", PAGES)
def test_administrators_and_safeguarding_and_review_keep_the_organisation(west: Cast, name: str, page: str) -> None:
    assert lint(be(west, name).get(f"/people{page}")).status_code == 200


@pytest.mark.parametrize("name", ["Grace", "Priya", "Hannah", "Angela", "Siobhan", "Pauline"])
def test_nobody_else_does(west: Cast, name: str) -> None:
    client = be(west, name)
    paths = ["/people", "/people/gaps", *(at(west, "Priya", page) for page in ("", "/cover", "/leaves"))]
    paths.append(f"/people/posts/{west.post('team-manager', 'North').pk}/appoint")
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 403)
    assert client.post(at(west, "Priya", "/leaves"), {}).status_code == 403
    assert client.post(at(west, "Priya", "/cover/1/end"), {}).status_code == 403


def test_people_and_posts_of_another_council_are_not_there(west: Cast, north: Cast) -> None:
    client = be(west, "Jo Talbot")
    for page in ("", "/cover", "/leaves"):
        assert client.get(at(north, "Rosalind", page)).status_code == 404
    post = north.post("front-line-manager", "Northmoor Assessment Team")
    assert client.get(f"/people/posts/{post.pk}/appoint").status_code == 404


def test_an_administrator_sees_no_child(west: Cast) -> None:
    reached.stage_one(west)
    client = be(west, "Jo Talbot")
    pages = [
        client.get(p).content.decode()
        for p in ("/people", "/people/gaps", at(west, "Grace"), at(west, "Grace", "/leaves"))
    ]
    assert not [name for name in ("Maya", "Alder", "R-2026") for page in pages if name in page]


def test_the_tree_shows_units_posts_holders_and_who_covers(west: Cast) -> None:
    Cover.objects.create(
        authority=west.authority, away=west.person("Denise"), covering=west.person("Owen"), starts=TODAY
    )
    page = lint(be(west, "Jo Talbot").get("/people")).content.decode()
    words = " ".join(page.split())
    order = ["Westmarch Children&#x27;s Social Care", "North and Central Area",
             "Denise Harkaway</a> (away, covered by Owen Tarrant)", "Priya Nairn", "Shared by"]  # fmt: skip
    assert [words.index(one) for one in order] == sorted(words.index(one) for one in order)


def test_the_tree_takes_few_queries_however_large_it_is(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    client.get("/people")  # the first page of a session writes it
    with CaptureQueriesContext(connection) as asked:
        client.get("/people")
    Holding.objects.filter(authority=west.authority).exclude(person=west.person("Jo Talbot")).update(ends=YESTERDAY)
    with CaptureQueriesContext(connection) as asked_again:
        client.get("/people")
    assert len(asked_again) == len(asked) <= 8


def test_a_post_without_a_holder_is_listed_and_somebody_can_be_appointed(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    post = west.post("team-manager", "North")
    Holding.objects.filter(post=post).update(ends=YESTERDAY)
    client = be(west, "Judith")
    page = lint(client.get("/people/gaps")).content.decode()
    assert "because nobody is in the post below it (Team Manager, North)" in page
    assert "No holder" in lint(client.get("/people")).content.decode()
    path = f"/people/posts/{post.pk}/appoint"
    lint(client.get(path))
    lint(client.post(path, {}))
    dev = west.person("Dev")
    asked = {"person": str(dev.pk), "as": "holder", "why": "Appointed", **on("starts", TODAY)}
    answer = lint(client.post(path, asked, follow=True)).content.decode()
    assert "It waits for a second person: " in answer
    assert "Every post is held." not in answer
    assert "Dev Marchetti takes up Team Manager, North from Wednesday 6 May 2026. 1 resolution has changed hands" in (
        confirmed(west, "Jo Talbot")
    )
    resolution.refresh_from_db()
    assert resolution.next_person == dev
    assert "Every post is held." in client.get("/people/gaps").content.decode()


def test_cover_set_for_somebody_hands_on_what_is_open_and_can_be_ended(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    client = be(west, "Jo Talbot")
    lint(client.get(at(west, "Priya", "/cover")))
    lint(client.post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"), follow=True))
    assert not Cover.objects.exists()
    assert "1 resolution has changed hands" in confirmed(west, "Judith")
    resolution.refresh_from_db()
    assert resolution.next_person == west.person("Callum")
    assert "Callum Stroud" in lint(client.get(at(west, "Priya"))).content.decode()
    cover = Cover.objects.get()
    assert client.get(at(west, "Priya", f"/cover/{cover.pk}/end")).status_code == 405
    lint(client.post(at(west, "Priya", f"/cover/{cover.pk}/end"), follow=True))
    resolution.refresh_from_db()
    assert resolution.next_person == west.person("Priya")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"covering": ""}, "Choose who covers"),
        ({"ends_day": "5"}, "The last day away must be today or later"),
        ({"starts_day": "20", "ends_day": "19"}, "The last day away must be on or after the first"),
        ({"ends_day": ""}, "the date must include a day"),
    ],
)
def test_cover_that_cannot_be_is_refused_in_words(west: Cast, change: dict[str, str], says: str) -> None:
    answer = be(west, "Priya").post("/account/cover", {**cover_by(west, "Callum"), **change})
    assert says in lint(answer).content.decode()
    assert not Cover.objects.exists()


def test_whoever_is_away_cannot_cover(west: Cast) -> None:
    Cover.objects.create(
        authority=west.authority,
        away=west.person("Callum"),
        covering=west.person("Dev"),
        starts=TOMORROW,
        ends=TOMORROW,
    )
    answer = be(west, "Priya").post("/account/cover", cover_by(west, "Callum"))
    assert "Callum Stroud is away then. Choose somebody else" in lint(answer).content.decode()


@pytest.mark.parametrize("name", ["Priya", "Grace", "Siobhan", "Angela", "Jo Talbot"])
def test_anybody_says_when_they_are_away_themselves(west: Cast, name: str) -> None:
    assert lint(be(west, name).get("/account/cover")).status_code == 200


def test_own_cover_is_shown_and_only_ones_own_can_be_ended(west: Cast) -> None:
    client = be(west, "Priya")
    answer = client.post("/account/cover", cover_by(west, "Callum"), follow=True)
    assert "Callum Stroud covers from Wednesday 6 May 2026 to Thursday 7 May 2026." in lint(answer).content.decode()
    cover = Cover.objects.get()
    assert be(west, "Owen").post(f"/account/cover/{cover.pk}/end").status_code == 404
    assert client.post(f"/account/cover/{cover.pk}/end").status_code == 302
    assert "Callum Stroud covers" not in client.get("/account/cover").content.decode()
    cover.refresh_from_db()
    assert (cover.ends, cover.ended_by) == (YESTERDAY, west.person("Priya"))


def test_who_holds_several_posts_may_have_one_of_them_covered(west: Cast) -> None:
    area = west.post("group-manager", "South Area")
    Holding.objects.create(authority=west.authority, post=area, person=west.person("Priya"), starts=YESTERDAY)
    client = be(west, "Priya")
    assert "Group Manager, South Area" in lint(client.get("/account/cover")).content.decode()
    client.post("/account/cover", cover_by(west, "Owen", post=str(area.pk)))
    assert Cover.objects.get().post == area
    north = west.post("team-manager", "North")
    client.post("/account/cover", cover_by(west, "Callum", post=str(north.pk)))
    assert Cover.objects.get(post=north).covering == west.person("Callum"), "each post by somebody else"


ALREADY = "Callum Stroud covers already from Wednesday 6 May 2026 to Thursday 7 May 2026. End that first"


def test_two_do_not_cover_for_one_on_the_same_day(west: Cast) -> None:
    priya, keeper = be(west, "Priya"), be(west, "Jo Talbot")
    keeper.post(at(west, "Priya", "/cover"), cover_by(west, "Yasmin", why="Off sick"))
    priya.post("/account/cover", cover_by(west, "Callum"))
    assert ALREADY in lint(priya.post("/account/cover", cover_by(west, "Yasmin"))).text
    north = str(west.post("team-manager", "North").pk)
    assert ALREADY in lint(priya.post("/account/cover", cover_by(west, "Yasmin", post=north))).text
    asked = keeper.post(at(west, "Priya", "/cover"), cover_by(west, "Yasmin", TOMORROW, why="Off sick still"))
    assert ALREADY in lint(asked).text
    assert ALREADY in confirmed(west, "Judith"), "asked before, and too late to be given"
    assert Cover.objects.get().covering == west.person("Callum")
    priya.post("/account/cover", cover_by(west, "Yasmin", TOMORROW + timedelta(days=1), TOMORROW + timedelta(days=2)))
    assert Cover.objects.count() == 2


@pytest.mark.parametrize("name", ["Callum", "Denise"])
def test_a_peer_or_somebody_above_covers_at_once(west: Cast, name: str) -> None:
    be(west, "Priya").post("/account/cover", cover_by(west, name))
    assert Cover.objects.get().covering == west.person(name)


@pytest.mark.parametrize("name", ["Hannah", "Grace", "Marcus"])
def test_anybody_else_covers_once_a_second_person_has_confirmed(west: Cast, name: str) -> None:
    priya = be(west, "Priya")
    assert "A second person confirms anybody else" in lint(priya.get("/account/cover")).text
    said = lint(priya.post("/account/cover", cover_by(west, name), follow=True)).text
    assert "Nothing is given yet. It waits for a second person" in said
    assert not Cover.objects.exists()
    confirmed(west, "Judith")
    cover = Cover.objects.get()
    assert (cover.covering, cover.by, cover.seconded_by) == tuple(map(west.person, (name, "Priya", "Judith")))


def leaving(cast: Cast, **changes: str) -> dict[str, str]:
    post = cast.post("team-manager", "North")
    return {**on("on", YESTERDAY), "closes": "after", f"post-{post.pk}": "nobody", **changes}


def test_somebody_leaves_and_everything_is_said_in_one_sentence_each(west: Cast) -> None:
    reached.stage_one(west)
    client = be(west, "Jo Talbot")
    page = lint(client.get(at(west, "Priya", "/leaves"))).content.decode()
    assert "Who takes over Team Manager, North?" in page
    assert "Nobody yet: it falls to Denise Harkaway" in page
    answer = lint(client.post(at(west, "Priya", "/leaves"), leaving(west), follow=True)).content.decode()
    for said in (
        "Priya Nairn leaves on Tuesday 5 May 2026.", "Team Manager, North: falls to Denise Harkaway.",
        "Their account is closed and they are signed out.", "1 resolution has changed hands",
        "No date has changed.",
    ):  # fmt: skip
        assert said in answer
    assert set(Notice.objects.filter(kind="handed_on").values_list("to_person__name", flat=True)) == {"Denise Harkaway"}
    assert client.get(at(west, "Priya", "/leaves")).status_code == 404


def test_a_post_nobody_was_named_for_is_asked_about(west: Cast) -> None:
    post = west.post("team-manager", "North")
    answer = be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), leaving(west, **{f"post-{post.pk}": ""}))
    assert "Choose who takes over Team Manager, North, or confirm to whom it falls" in lint(answer).content.decode()
    assert Person.objects.get(name="Priya Nairn").is_active


def test_what_cannot_be_handed_over_is_refused_beside_its_post(west: Cast) -> None:
    Holding.objects.exclude(person__in=[west.person("Priya"), west.person("Jo Talbot")]).update(ends=YESTERDAY)
    answer = be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), leaving(west))
    assert "Nobody would answer for Team Manager, North: choose who takes it over" in lint(answer).content.decode()


def test_a_chair_who_leaves_hands_over_the_children(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    post, client = west.post("cp-coordinator", "Safeguarding and Review"), be(west, "Judith")
    asked = {**on("on", TODAY), "closes": "now", f"post-{post.pk}": "nobody", "children": str(west.person("Imran").pk)}
    refused = lint(client.post(at(west, "Grace", "/leaves"), asked, follow=True)).content.decode()
    assert "Say why whoever follows follows" in refused
    page = lint(client.post(at(west, "Grace", "/leaves"), {**asked, "why": "She retires"}, follow=True))
    assert "Their account is closed and they are signed out." in page.content.decode()
    resolution.refresh_from_db()
    assert resolution.chair == west.person("Grace")
    assert "Imran Dastgir has" in confirmed(west, "Marcus")
    resolution.refresh_from_db()
    assert (resolution.chair, Person.objects.get(name="Grace Ollerton").is_active) == (west.person("Imran"), False)


def test_with_the_last_day_still_to_come_nothing_moves_yet(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    asked = leaving(west, **on("on", TOMORROW))
    answer = be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), asked, follow=True)
    assert "Priya Nairn leaves on Thursday 7 May 2026." in lint(answer).content.decode()
    resolution.refresh_from_db()
    assert (resolution.next_person, Person.objects.get(name="Priya Nairn").is_active) == (west.person("Priya"), True)


# Each list says how many it holds, and comes as a file ---------------------------------------------------------------


def cells(answer: Any) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_the_lists_of_people_say_how_many_and_come_as_files(west: Cast) -> None:
    Holding.objects.filter(person=west.person("Callum"), ends=None).update(ends=YESTERDAY)
    client = be(west, "Judith")
    client.post(at(west, "Priya", "/cover"), cover_by(west, "Hannah", why="On leave."))
    for page, name in (("", "as=csv"), ("/gaps", "as=csv"), ("/gaps", "as=people"), ("/not-signed-in", "as=csv"),
                       ("/waiting", "as=csv")):  # fmt: skip
        said = lint(client.get(f"/people{page}")).text
        rows = cells(client.get(f"/people{page}?{name}"))[1:]
        count = len(rows)
        assert rows, page
        assert re.search(rf"<strong>{count} (posts?|person|people|things? waits?)</strong>", said), (page, name, count)
        assert f"{name}" in said


def test_the_file_of_units_and_posts_says_what_the_page_says(west: Cast) -> None:
    Holding.objects.filter(person=west.person("Callum"), ends=None).update(ends=YESTERDAY)
    client = be(west, "Judith")
    Person.objects.filter(pk=west.person("Priya").pk).update(name="=Priya Nairn")
    heads, *rows = cells(client.get("/people?as=csv"))
    assert heads == ["Agency", "Unit", "Post", "Who", "While nobody holds it"]
    assert any(who.startswith("'=Priya Nairn") for _, _, _, who, _ in rows), "a spreadsheet works nothing out"
    assert any(who == "No holder" and falls.startswith("Falls to") for *_, who, falls in rows)


def test_posts_without_a_holder_can_be_sorted(west: Cast) -> None:
    for name in ("Callum", "Denise"):
        Holding.objects.filter(person=west.person(name), ends=None).update(ends=YESTERDAY)
    client = be(west, "Judith")
    posts = [row[0] for row in cells(client.get("/people/gaps?sort=0&as=csv"))[1:]]
    assert len(posts) >= 2
    assert posts == sorted(posts, key=str.casefold)
    assert 'href="/people/gaps?sort=0"' in client.get("/people/gaps").text


def test_what_waits_takes_few_queries_however_much_it_is(west: Cast) -> None:
    client, found = be(west, "Judith"), set()
    for number, name in enumerate(("Callum", "Dev", "Owen")):
        day = TODAY + timedelta(days=number)
        be(west, "Jo Talbot").post(at(west, "Priya", "/cover"), cover_by(west, name, day, day, why="Off sick"))
        client.get("/people/waiting")
        with CaptureQueriesContext(connection) as asked:
            assert lint(client.get("/people/waiting")).text.count("Who can confirm it") == Grant.objects.count()
        found.add(len(asked))
    assert Grant.objects.count() == 3
    assert len(found) == 1
    assert max(found) <= 12


def test_the_same_cover_of_ones_own_is_set_once(west: Cast) -> None:
    client = be(west, "Priya")
    assert client.post("/account/cover", cover_by(west, "Callum")).status_code == 302
    said = lint(client.post("/account/cover", cover_by(west, "Callum"))).text
    assert "Callum Stroud covers already from" in said
    assert Cover.objects.count() == 1


def test_cover_for_somebody_who_has_left_since_is_not_confirmed(west: Cast) -> None:
    be(west, "Jo Talbot").post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"))
    be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), leaving(west))
    assert "Priya Nairn will not be here" in confirmed(west, "Judith")
    assert not Cover.objects.exists()
