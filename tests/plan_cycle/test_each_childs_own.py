"""Of a plan cycle of several children each child's pages show nothing that was written of a brother or sister alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.canaries import tokens
from tests.cast import NOW, Cast
from tests.desks.page_lint import read
from tests.plan_cycle import tokens_of
from tests.plan_cycle.tokens_of import Written
from undrift.access.restricting import restrict
from undrift.record.models import Event, Notice
from undrift.record.sweep import sweep
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db
# What the pages of these two do not show, with the reason.
NOT_HERE = {
    "FeedBack.text": "of Maya's action alone",
    "JoinChild.why": "of the child that joins",
    "SetKeyAction.agency": "begins the concern that is raised of it",
}


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def be(west: Cast, who: str) -> Client:
    client = Client()
    client.force_login(west.person(who))
    return client


def pages(west: Cast, said: Written, who: str, child: str) -> Iterator[tuple[str, str]]:
    """Every page of the cycle of a child, and the child's own, that this person comes to."""
    client, found = be(west, who), west.child(child)
    own = (f"/children/{found.public_id}{more}" for more in ("", "/history", "/facts", "/resolutions"))
    for path in (*tokens_of.addresses(said, found.public_id, str(found.pk)), *own):
        answer = client.get(path)
        if answer.status_code != 404:
            yield path, answer.text


def test_every_text_of_every_act_is_written_here(west: Cast) -> None:
    said = tokens_of.lived(west)
    assert {label for label, _ in said.of.values()} == set(tokens_of.written())


@pytest.mark.parametrize(("child", "sibling"), [("Maya", "Jude"), ("Jude", "Maya")])
def test_each_childs_pages_say_nothing_of_a_brother_or_sister(west: Cast, child: str, sibling: str) -> None:
    said, number = tokens_of.lived(west), str(west.child(child).pk)
    came_to, shown = 0, set()
    for path, text in pages(west, said, "Grace", child):
        came_to += 1
        assert not (foreign := said.foreign(text, number)), f"{path} shows of {sibling}: {sorted(foreign)}"
        shown |= said.shown(text)
        for title in read(text).all("title"):
            assert not tokens.tokens_in(title.text), f"{path}: {title.text}"
    assert came_to > 40
    assert set(tokens_of.written()) - shown == set(NOT_HERE) - ({"FeedBack.text"} if child == "Maya" else set())


def test_whoever_may_see_one_of_them_alone_is_shown_nothing_of_the_other(west: Cast) -> None:
    """Maya is restricted: her team manager sees Jude, and nothing that was written of Maya."""
    said, maya, jude = tokens_of.lived(west), west.child("Maya"), str(west.child("Jude").pk)
    restrict(maya, west.person("Grace"), "A relative works here.", NOW)
    assert be(west, "Priya").get(f"/children/{maya.public_id}/cycle").status_code == 404
    came_to = 0
    elsewhere = ("/", "/children", "/conferences", "/resolutions", f"/families/{maya.family.reference}")
    own = list(pages(west, said, "Priya", "Jude"))
    client = be(west, "Priya")
    for path, text in (*own, *((path, client.get(path).text) for path in elsewhere)):
        came_to += 1
        assert not (foreign := said.foreign(text, jude)), f"{path} shows of Maya: {sorted(foreign)}"
    assert came_to > len(elsewhere)


def test_nothing_raises_itself(west: Cast) -> None:
    """A cancelled conference, a check that finds a concern, what is not accepted, dates that pass: all is offered."""
    said = tokens_of.lived(west)
    sweep(NOW + timedelta(days=200))
    assert said.case is not None
    assert Event.objects.filter(case=said.case, type="date_lapsed").exists()
    assert not Resolution.objects.exists()


def test_no_message_about_it_says_what_was_written(west: Cast) -> None:
    tokens_of.lived(west)
    notices = list(Notice.objects.all())
    assert notices
    for notice in notices:
        assert not tokens.tokens_in(" ".join(map(str, vars(notice).values())))
