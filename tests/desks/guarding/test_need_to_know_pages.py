"""Where those who guard records go on from; and the demonstration, in which somebody holds each of these posts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import TODAY, Cast
from tests.desks.page_lint import lint
from tests.resolutions.guarded import emergency_duty, information_governance
from undrift.access.emergency import Sought, open_found, why_not_reviewed_by
from undrift.access.matrix import Action
from undrift.access.restricting import in_charge
from undrift.demo.stories import Demonstration, load
from undrift.desks.account.cast import cast
from undrift.desks.frame.navigation import MOST_LINKS

pytestmark = pytest.mark.django_db
Be = Callable[[str], Client]
ALL = ["/guarding/openings", "/guarding/restricted", "/guarding/audit"]
GLASS = "/search/emergency"


@pytest.mark.usefixtures("the_sixth_of_may")
def test_each_is_led_to_the_pages_that_are_theirs_and_each_opens(west: Cast, be: Be) -> None:
    information_governance(west)
    emergency_duty(west)
    expected = {
        "Judith": [*ALL, GLASS], "Marcus": [*ALL, GLASS], "Nadia": ALL, "Bethan": ALL, "Tomasz": [GLASS],
        "Grace": ["/guarding/openings"],
    }  # fmt: skip
    for who, pages in expected.items():
        text = lint(be(who).get("/guarding")).text
        assert re.findall(r'<h2[^>]*><a class="govuk-link" href="([^"]+)"', text) == pages, who
        assert [be(who).get(page).status_code for page in pages] == [200] * len(pages)
    for who in ("Priya", "Hannah", "Siobhan", "Jo Talbot", "Pauline"):
        answer = be(who).get("/guarding")
        assert answer.status_code == 403
        assert "Ask one of them." in answer.text


@pytest.mark.usefixtures("the_sixth_of_may")
def test_the_frame_leads_there_those_whose_work_it_is(west: Cast, be: Be) -> None:
    information_governance(west)
    emergency_duty(west)
    for who, href in (("Judith", "/guarding"), ("Marcus", "/guarding"), ("Nadia", "/guarding"),
                      ("Bethan", "/guarding"), ("Tomasz", GLASS)):  # fmt: skip
        links = _links(be(who).get("/").text)
        assert href in links, who
        assert len(links) <= MOST_LINKS, who
    for who in ("Grace", "Priya", "Hannah", "Jo Talbot"):
        assert "/guarding" not in _links(be(who).get("/").text)


def _links(page: str) -> list[str]:
    return re.findall(r'class="govuk-service-navigation__link" href="([^"]+)"', page)


@pytest.fixture
def twelve(db: None) -> Demonstration:
    return load(TODAY)


def test_in_the_demonstration_one_can_be_each_of_them(twelve: Demonstration) -> None:
    said = {member.name: member.post for group in cast() for member in group.members}
    assert said["Hester Quayle"] == (
        "Information Governance Officer: sees who has looked, and reviews emergency openings"
    )
    for name in ("Ronan Hesketh", "Thora Copeland"):
        assert said[name] == "Emergency Duty Team: opens one child’s record for an hour, to read"
    assert len(said) == len(twelve.people)


def test_in_the_demonstration_a_record_is_opened_and_its_review_waits(twelve: Demonstration) -> None:
    west, now = twelve.west, timezone.now()
    child = twelve.homes["Heron"].children[0]
    hester, ronan = west.people["Hester Quayle"], west.people["Ronan Hesketh"]
    assert hester in in_charge(west.authority, Action.GUARD, now)
    assert hester in in_charge(west.authority, Action.AUDIT, now)
    reason = "The police rang: found alone on Canal Street."
    sought = Sought(first_name=child.first_name, last_name=child.last_name, born=child.date_of_birth)
    one = open_found(sought, ronan, "out-of-hours", reason, now)
    assert one is not None
    assert why_not_reviewed_by(hester, one, now) is None
    north = twelve.north
    aisha = twelve.homes["Plover"].children[0]
    sought = Sought(first_name=aisha.first_name, last_name=aisha.last_name, born=aisha.date_of_birth)
    assert open_found(sought, north.people["Thora Copeland"], "out-of-hours", reason, now) is not None
