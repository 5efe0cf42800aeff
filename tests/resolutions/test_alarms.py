"""Looks that should worry raise an alarm once a day, and a usual day raises none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from tests.resolutions.guarded import information_governance
from undrift.access.alarms import raise_alarms
from undrift.access.fetching import NotFound, fetch, fetch_child
from undrift.access.models import Alert, Look
from undrift.access.rows import children_visible_to
from undrift.children.facts import Because
from undrift.children.models import Child
from undrift.demo.organisations import ChildFacts, settle_family
from undrift.people.models import Holding, Person
from undrift.record.children_given import give_children
from undrift.record.handing_on import follow_the_children
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db
THOSE_WHO_AUDIT = {"Judith Calloway", "Marcus Penhale", "Nadia Brookfield"}


def alarms(cast: Cast) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for alert in Alert.objects.select_related("to_person"):
        key = (alert.kind, Person.objects.get(pk=alert.about).name)
        found.setdefault(key, set()).add(alert.to_person.name)
    return found


def many(cast: Cast, number: int) -> list[Child]:
    """So many children of families that Imran Dastgir chairs for."""
    facts = [ChildFacts(first_name=f"Child{n}", born=date(2015, 1, 1)) for n in range(number)]
    family = settle_family(
        cast.built, "Sandpiper", facts, plan_starts=date(2026, 2, 3), chair="Imran Dastgir",
        social_worker="Ruth Pemberly", team="Central", number=6000,
    )  # fmt: skip
    return list(Child.objects.filter(family=family).order_by("pk"))


def tries(person: Person, children: list[Child], apart: timedelta, start: int = 0) -> int:
    """One try after another; how many opened."""
    opened = 0
    for n, child in enumerate(children, start):
        try:
            fetch_child(child.public_id, person, NOW + n * apart, page="child")
            opened += 1
        except NotFound:
            continue
    return opened


def test_145_records_tried_in_an_afternoon_open_none_and_are_told_of_within_the_hour(west: Cast) -> None:
    children, kofi = many(west, 145), west.person("Kofi")
    assert tries(kofi, children[:19], timedelta(minutes=2)) == 0
    assert raise_alarms(NOW + timedelta(minutes=38)) == 0
    assert tries(kofi, children[19:20], timedelta(minutes=2), start=19) == 0
    assert raise_alarms(NOW + timedelta(minutes=39)) == 3
    assert alarms(west) == {("refused_often", "Kofi Ansell"): THOSE_WHO_AUDIT}
    assert tries(kofi, children[20:], timedelta(minutes=2), start=20) == 0
    for minute in range(40, 300, 20):
        assert raise_alarms(NOW + timedelta(minutes=minute)) == 0
    assert Look.objects.filter(person=kofi.pk, refused=True).count() == 145
    assert Alert.objects.filter(kind="refused_often").count() == 3


def test_the_next_day_it_is_told_again(west: Cast) -> None:
    children, kofi = many(west, 20), west.person("Kofi")
    for day in (0, 1):
        tries(kofi, children, timedelta(minutes=1), start=day * 24 * 60)
        assert raise_alarms(NOW + timedelta(days=day, minutes=20)) == 3


def test_nineteen_an_hour_raise_no_alarm(west: Cast) -> None:
    tries(west.person("Kofi"), many(west, 19) * 4, timedelta(minutes=60) / 19)
    assert raise_alarms(NOW + timedelta(hours=4)) == 0


def test_more_than_thirty_children_far_from_ones_own_work_in_a_day(west: Cast) -> None:
    children, marcus = many(west, 31), west.person("Marcus")
    assert tries(marcus, children[:30] * 2, timedelta(minutes=5)) == 60
    assert raise_alarms(NOW + timedelta(hours=6)) == 0
    assert tries(marcus, children[30:], timedelta(minutes=5), start=60) == 1
    assert raise_alarms(NOW + timedelta(hours=6)) == 2
    assert alarms(west) == {("opened_widely", "Marcus Penhale"): THOSE_WHO_AUDIT - {"Marcus Penhale"}}


def test_a_chair_opens_as_many_of_their_own_as_they_have(west: Cast) -> None:
    assert tries(west.person("Imran"), many(west, 60), timedelta(minutes=2)) == 60
    assert raise_alarms(NOW + timedelta(hours=2)) == 0


@pytest.mark.parametrize(("times", "raised"), [(2, 0), (3, 3)])
def test_going_back_after_a_tie_has_ended(west: Cast, times: int, raised: int) -> None:
    maya, grace = west.child("Maya"), west.person("Grace")
    reference = reached.stage_one(west).resolution.reference
    fetch_child(maya.public_id, grace, NOW)
    fetch(Resolution, reference, grace, NOW)
    give_children(grace, {"chair": [west.person("Imran")]}, TODAY, Because(at=NOW))
    follow_the_children(NOW)
    later = NOW + timedelta(hours=1)
    asked = [reference, maya.public_id, maya.public_id]
    for tried in asked[:times]:
        with pytest.raises(NotFound):
            fetch_child(tried, grace, later)
    assert raise_alarms(later + timedelta(minutes=1)) == raised


def test_a_usual_day_raises_no_alarm(west: Cast) -> None:
    """Everybody opens what is theirs, again and again; a few press an old link."""
    information_governance(west)
    found = reached.stage_one(west).resolution
    children = list(Child.objects.filter(authority=west.authority))
    for n, person in enumerate(west.built.people.values()):
        for hour in range(8):
            at = NOW + timedelta(hours=hour, minutes=n % 50)
            for child in children[:8]:
                if hour in (0, 3) and children_visible_to(person, NOW).contains(child):
                    fetch_child(child.public_id, person, at)
        try:
            fetch(Resolution, found.reference, person, NOW + timedelta(minutes=n % 50))
        except NotFound:
            continue
    assert Look.objects.filter(refused=False).count() > 100
    assert Look.objects.filter(refused=True).count() > 5
    assert [raise_alarms(NOW + timedelta(minutes=m)) for m in range(0, 600, 30)] == [0] * 20


def test_where_nobody_audits_whoever_is_accountable_at_last_is_told(west: Cast) -> None:
    auditing = [west.person(name).pk for name in ("Judith", "Marcus", "Nadia")]
    Holding.objects.filter(person__in=auditing).update(ends=TODAY - timedelta(days=1))
    tries(west.person("Kofi"), many(west, 20), timedelta(minutes=1))
    assert raise_alarms(NOW + timedelta(minutes=20)) == 1
    ((_, told),) = alarms(west).items()
    assert len(told) == 1


def test_a_partners_person_is_told_of_in_every_council_that_shares_the_agency(north: Cast) -> None:
    children = [north.child("Aisha"), north.child("Elin")] * 10
    assert tries(north.person("Elias"), children, timedelta(minutes=1)) == 0
    raise_alarms(NOW + timedelta(minutes=20))
    assert set(Alert.objects.values_list("authority__code", flat=True)) == set(north.built.authorities)
