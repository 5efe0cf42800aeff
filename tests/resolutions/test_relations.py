"""Each relation to a record, a day before it begins, within, a day after it ends, and after the record has ended.

Ash Farrow, whom nobody knew before, is put into the relation from a day to a day. At each moment four things are
looked at: does Ash see the record, is Ash asked, told of what happens then, and named on the page. (The core group's
days and children are in `test_core_groups`.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.fetching import NotFound, fetch
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.people.models import Cover, Holding, Person
from undrift.record.handing_on import new_day
from undrift.record.models import Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

DAY = timedelta(days=1)
FIRST, LAST = TODAY + 2 * DAY, TODAY + 4 * DAY
MOMENTS: Mapping[str, timedelta] = {
    "before": FIRST - TODAY - DAY,
    "first day": FIRST - TODAY,
    "last day": LAST - TODAY,
    "after": LAST - TODAY + DAY,
}


def in_post(west: Cast, ash: Person, slug: str, where: str) -> None:
    """Instead of the holder, who comes back."""
    post = west.post(slug, where)
    usual = Holding.objects.get(post=post)
    Holding.objects.filter(pk=usual.pk).update(ends=FIRST - DAY)
    here = {"authority": west.authority, "post": post}
    Holding.objects.create(**here, person=ash, starts=FIRST, ends=LAST)
    Holding.objects.create(**here, person=usual.person, starts=LAST + DAY)


def by_plan(west: Cast, ash: Person, part: str) -> None:
    plan = west.plan("Tyler")
    usual = getattr(plan, part)
    Plan.objects.filter(pk=plan.pk).update(ends=FIRST - DAY)
    for person, starts, ends in ((ash, FIRST, LAST), (usual, LAST + DAY, None)):
        plan.pk, plan.starts, plan.ends = None, starts, ends
        setattr(plan, part, person)
        plan.save()


def cover(west: Cast, ash: Person, away: str) -> None:
    Cover.objects.create(
        authority=west.authority, away=west.person(away), covering=ash, starts=FIRST, ends=LAST, reason="Leave"
    )


RELATIONS: Mapping[str, Callable[[Cast, Person], None]] = {
    "chair": lambda west, ash: by_plan(west, ash, "chair"),
    "worker": lambda west, ash: by_plan(west, ash, "social_worker"),
    "answerer, who is the team's manager": lambda west, ash: in_post(west, ash, "team-manager", "North"),
    "approver": lambda west, ash: in_post(west, ash, "group-manager", "North and Central Area"),
    "cover of the answerer": lambda west, ash: cover(west, ash, "Priya"),
    "manager above, whom nobody asks yet": lambda west, ash: in_post(
        west, ash, "head-of-service", "Family Safeguarding Service"
    ),
    "always copied": lambda west, ash: in_post(west, ash, "principal-iro", "Safeguarding and Review"),
}
NOT = ""
# What Ash sees, is asked, is told and is named as; then, once the record has ended within the relation, a day after it:
# whoever was told of it still reads it, is not asked any more, and is named as the one of then.
EXPECTED: Mapping[str, tuple[str, str, str, str]] = {
    #                                      before  within                     after   ended within, a day after
    "chair": (NOT, "sees told named", "sees", "sees named"),
    "worker": (NOT, "sees", NOT, "sees"),
    "answerer, who is the team's manager": (NOT, "sees asked told named", "sees", "sees named"),
    "approver": (NOT, "sees told named", "sees", "sees named"),
    "cover of the answerer": (NOT, "sees asked told named", "sees", "sees named"),
    "manager above, whom nobody asks yet": (NOT, "sees", NOT, NOT),
    "always copied": (NOT, "sees told named", "sees", "sees named"),
}


# The same where it is the chair who is asked, and where it is the approver: each with whoever covers for them.
ASKED_IN_TURN: Mapping[str, tuple[Callable[[Cast, Person], None], str]] = {
    "chair, who has to decide": (RELATIONS["chair"], "answered"),
    "cover of the chair": (lambda west, ash: cover(west, ash, "Grace"), "answered"),
    "approver, for whom an answer waits": (RELATIONS["approver"], "drafted"),
    "cover of the approver": (lambda west, ash: cover(west, ash, "Denise"), "drafted"),
}
EXPECTED_IN_TURN: Mapping[str, tuple[str, str, str, str]] = {
    #                                     before  within                   after   ended within, a day after
    "chair, who has to decide": (NOT, "sees asked told named", "sees", "sees named"),
    "cover of the chair": (NOT, "sees asked told named", "sees", "sees named"),
    "approver, for whom an answer waits": (NOT, "sees asked told named", "sees", "sees named"),
    "cover of the approver": (NOT, "sees asked told named", "sees", "sees named"),
}


def in_turn(west: Cast, turn: str) -> Resolution:
    """A concern that stays with the chair, or with the approver."""
    resolution = reached.stage_one(west, "Tyler").resolution
    act = reached.answered if turn == "answered" else reached.drafted
    act(west, resolution, NOW)
    return resolution


@pytest.fixture
def ash(west: Cast) -> Person:
    person = Person.objects.create_user("ash@west.example", name="Ash Farrow", agency=west.person("Priya").agency)
    # A post of the council that opens nothing by itself, and that never ends.
    post = west.post("social-worker", "South") if ("social-worker", "South") in west.built.posts else None
    post = post or Holding.objects.filter(person=west.person("Hannah")).get().post
    Holding.objects.create(authority=west.authority, post=post, person=person, starts=TODAY - 90 * DAY)
    return person


def looked_at(west: Cast, client: Client, ash: Person, resolution: Resolution, *, tells: bool = True) -> set[str]:
    """What is so of Ash now, after something happened that everybody with a part is told of."""
    found = set()
    now = timezone.now()
    new_day(now)
    if tells:
        done = perform(acts.RecordUrgentAction("Seen at school.", "Hannah"), resolution=resolution,
                       by=west.person("Judith"), at=now)  # fmt: skip
        seqs = [event.seq for event in done.events]
        if Notice.objects.filter(case=resolution.case_id, to_person=ash, seq__in=seqs).exists():
            found.add("told")
    resolution.refresh_from_db()
    if resolution.next_person == ash:
        found.add("asked")
    try:
        fetch(Resolution, resolution.reference, ash, now)
        found.add("sees")
    except NotFound:
        pass
    client.force_login(west.person("Judith"), backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/resolutions/{resolution.reference}").content.decode()
    people = page[page.index(">People<") : page.index("What happened")]
    if "Ash Farrow" in people:
        found.add("named")
    return found


@pytest.mark.parametrize("relation", RELATIONS)
def test_from_the_first_day_to_the_last(west: Cast, client: Client, ash: Person, relation: str) -> None:
    resolution = reached.stage_one(west, "Tyler").resolution
    RELATIONS[relation](west, ash)
    assert over_time(west, client, ash, resolution) == at_each_moment(EXPECTED[relation])


@pytest.mark.parametrize("relation", ASKED_IN_TURN)
def test_whose_turn_it_is_is_asked_from_the_first_day_to_the_last(
    west: Cast, client: Client, ash: Person, relation: str
) -> None:
    begin, turn = ASKED_IN_TURN[relation]
    resolution = in_turn(west, turn)
    begin(west, ash)
    assert over_time(west, client, ash, resolution) == at_each_moment(EXPECTED_IN_TURN[relation])


def at_each_moment(expected: tuple[str, str, str, str]) -> Mapping[str, set[str]]:
    before, within, after, _ = expected
    wanted = {"before": before, "first day": within, "last day": within, "after": after}
    return {name: set(said.split()) for name, said in wanted.items()}


def over_time(west: Cast, client: Client, ash: Person, resolution: Resolution) -> Mapping[str, set[str]]:
    seen = {}
    for name, days in MOMENTS.items():
        with time_machine.travel(NOW + days, tick=False):
            seen[name] = looked_at(west, client, ash, resolution)
    return seen


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_record_that_ended_within_it_shows_its_people_as_they_were(
    west: Cast, client: Client, ash: Person, relation: str
) -> None:
    resolution = reached.stage_one(west, "Tyler").resolution
    RELATIONS[relation](west, ash)
    assert ended_within(west, client, ash, resolution) == set(EXPECTED[relation][3].split())


@pytest.mark.parametrize("relation", ASKED_IN_TURN)
def test_a_record_that_ended_in_their_turn_asks_nobody(west: Cast, client: Client, ash: Person, relation: str) -> None:
    begin, turn = ASKED_IN_TURN[relation]
    resolution = in_turn(west, turn)
    begin(west, ash)
    assert ended_within(west, client, ash, resolution) == set(EXPECTED_IN_TURN[relation][3].split())


def ended_within(west: Cast, client: Client, ash: Person, resolution: Resolution) -> set[str]:
    """What is so of Ash a day after the relation, of a record that ended on its first day."""
    with time_machine.travel(NOW + MOMENTS["first day"], tick=False):
        looked_at(west, client, ash, resolution)
        chair = resolution.chair
        assert chair is not None
        perform(acts.Withdraw("Raised for the wrong child."), resolution=resolution, by=chair, at=timezone.now())
    with time_machine.travel(NOW + MOMENTS["after"], tick=False):
        return looked_at(west, client, ash, resolution, tells=False)
