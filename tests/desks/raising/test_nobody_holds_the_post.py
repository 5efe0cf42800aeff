"""Where nobody in the agency holds the post that answers: said before it is sent, and until somebody has it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair, Questions, day, next_weekday, today
from undrift.people.models import Agency, Holding, Person, Post
from undrift.record.models import Notice
from undrift.resolutions.models import Resolution

CHARITY = "Moor Street Charity"


@pytest.fixture
def asked(rosalind: Chair) -> Questions:
    """A starred recommendation to a charity that has no Front-line Manager, up to the agency."""
    partnership = rosalind.cast.built.partnership
    charity = Agency.objects.create(name=CHARITY, kind="voluntary", partnership=partnership)
    post = Post.objects.create(agency=charity, partnership=partnership, slug="youth-worker", title="Youth Worker")
    worker = Person.objects.create_user(email="mina@moor.example", name="Mina Farrow", agency=charity)
    Holding.objects.create(partnership=partnership, post=post, person=worker, starts=today() - timedelta(days=9))
    asked = rosalind.begins_formal("Plover")
    aisha = rosalind.id("Aisha")
    asked.says("children", "source", children=[aisha])
    asked.says("source", "concern", occasion="midpoint")
    asked.says("concern", "impact", grounds=["SPECIALIST"], concern="Nothing offered.")
    asked.says("impact", "risk", **{f"impact_{aisha}": "She is still waiting for help."})
    asked.says("risk", "tried", risk="no")
    asked.says("tried", "stage", tried="Spoke with the service.")
    asked.says("stage", "ask", stage="starred")
    asked.says("ask", "agency", recommendation="Offer it", ask="Offer it", **day("completion", next_weekday(20)))
    asked.says("agency", "people", agency=str(Agency.objects.get(name=CHARITY).pk))
    asked.says("people", "check", **day("date", next_weekday(2)))
    return asked


def test_it_is_said_before_it_is_sent_and_asks_for_a_person_or_another_agency(asked: Questions) -> None:
    page = lint(asked.get("check")).text
    assert f"Nobody holds the post of Front-line Manager at {CHARITY}" in page
    assert "choose another agency" in page
    assert "Leonie Cartmel" not in page.split("Responds")[1].split("Copied in")[0]
    answer = lint(asked.post("check")).text
    assert "Select who should be asked, or nobody yet" in answer
    assert not Resolution.objects.exists()


def test_somebody_of_that_agency_can_be_asked_instead(asked: Questions) -> None:
    mina = Person.objects.get(name="Mina Farrow")
    assert "Youth Worker, Moor Street Charity" in lint(asked.get("check")).text
    asked.post("check", instead=str(mina.pk))
    resolution = Resolution.objects.get()
    assert resolution.next_person == mina
    assert Notice.objects.filter(to_person=mina, ask="respond").exists()


def test_nobody_yet_stands_on_the_record_and_home_and_those_who_keep_the_posts_are_told(
    asked: Questions, rosalind: Chair
) -> None:
    asked.post("check", instead="nobody")
    resolution = Resolution.objects.get()
    assert resolution.next_person is None
    record = lint(rosalind.client.get(f"/resolutions/{resolution.reference}")).text
    assert "Nobody has been asked in their place" in record
    home = lint(rosalind.client.get("/")).text
    assert "Nobody holds the post that has to act" in home
    assert resolution.reference in home
    told = Notice.objects.filter(kind="post_vacant").values_list("to_person__name", flat=True)
    assert set(told) == {"Desmond Farrelly"}
