"""Wherever the frame of a page points, there is something for whoever reads it: nobody's menu leads to a 404."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.desks.page_lint import names_of_the_program
from undrift.access.matrix import Action, Tie
from undrift.access.scope import scope_of
from undrift.people.models import Holding, Person

pytestmark = pytest.mark.django_db
LINKS = re.compile(r'<(?:a|form)\b[^>]*?\b(href|action)="(/[^"#]*)')
OUT = ("/sign-out",)


def frame_links(page: str) -> set[str]:
    """The links and the forms of the header, the menu and the footer; of forms only that the address is known."""
    frame = page.partition("<main")[0] + page.partition("</main>")[2]
    body = frame.partition("<body")[2]
    return {href for _, href in LINKS.findall(body) if not href.startswith(("/static", *OUT))}


def main_links(page: str) -> set[str]:
    main = page.partition("<main")[2].partition("</main>")[0]
    return {href for kind, href in LINKS.findall(main) if kind == "href"}


def everybody(*casts: Cast) -> list[Person]:
    """One of those for whom the frame and the home are the same: the same posts, in the same kind of agency."""
    kinds: dict[tuple[object, ...], Person] = {}
    for cast in casts:
        for person in cast.built.people.values():
            posts = Holding.objects.filter(person=person).order_by("pk").values_list("post__slug", flat=True)
            kinds.setdefault((person.authority_id is None, person.agency.kind if person.agency else "", *posts), person)
    return list(kinds.values())


def test_every_link_of_everybodys_frame_and_home_opens(client: Client, west: Cast, north: Cast) -> None:
    people = everybody(west, north)
    assert len(people) > 25
    dead, named = [], []
    for person in people:
        client.force_login(person)
        home = client.get("/").content.decode()
        links = frame_links(home)
        assert "/help/policy" in links, person.name
        for link in sorted(links | main_links(home)):
            answer = client.get(link, follow=True)
            if answer.status_code not in (200, 405):
                dead.append((person.name, link, answer.status_code))
            named += [(link, name) for name in names_of_the_program(answer.content.decode())]
    assert dead == []
    assert named == [], "a name of the program's stands in a sentence: say it in words"


def test_children_are_in_the_menu_of_all_whose_work_opens_their_records(
    client: Client, west: Cast, north: Cast
) -> None:
    """And of nobody else: the menu asks what the page asks. An hour's opening has a link of its own."""
    for person in everybody(west, north):
        opens = bool(scope_of(person).ties(Action.CHILD) - {Tie.GLASS})
        client.force_login(person)
        menu = client.get("/help").content.decode().partition("<main")[0]
        assert ('href="/children"' in menu) is opens, person.name


def test_so_does_the_frame_before_signing_in(client: Client, west: Cast) -> None:
    links = frame_links(client.get("/sign-in").content.decode())
    assert len(links) >= 7
    assert [link for link in links if client.get(link, follow=True).status_code != 200] == []
