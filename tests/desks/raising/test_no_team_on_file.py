"""A child without a team: raising says who mends it, and leads there whoever may."""

from __future__ import annotations

from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair
from tests.desks.raising.test_formal import to_the_stage
from undrift.children.models import Plan
from undrift.people.models import Holding

ASK = "An administrator, business support or Safeguarding and Review says who it is. Ask one of them."


def to_the_people(chair: Chair) -> str:
    asked = to_the_stage(chair)
    asked.says("tried", "stage", tried="Two emails")
    asked.says("stage", "ask", stage="stage-1", why="")
    return str(lint(asked.get("people")).text)


def test_the_chair_reads_who_says_which_team_has_the_child(grace: Chair) -> None:
    Plan.objects.filter(child=grace.cast.child("Tyler")).update(team=None)
    page = to_the_people(grace)
    assert f"No team is on file for these children. {ASK}" in page
    assert "/allocation" not in page


def test_whoever_may_mend_it_is_led_there(grace: Chair) -> None:
    cast, council = grace.cast, grace.cast.authority
    Plan.objects.filter(child=cast.child("Tyler")).update(team=None)
    post = cast.post("principal-iro", "Safeguarding and Review")
    Holding.objects.create(authority=council, post=post, person=grace.person, starts="2026-01-01")
    page = to_the_people(grace)
    assert "No team is on file for these children." in page
    assert f"/allocation?family={cast.family('Heron').reference}" in page


def test_with_a_chair_and_a_team_nothing_is_said(grace: Chair) -> None:
    assert "is on file for these children" not in to_the_people(grace)
