"""Somebody leaves while they hold a clock: the date stays, the next holder has it and is told."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.children.facts import Because
from undrift.engine.ladder import acts
from undrift.people.leaving import leave
from undrift.people.models import Cover, Holding
from undrift.record.children_given import give_children
from undrift.record.handing_on import follow_the_children, hand_on_all, hand_on_of, new_day
from undrift.record.models import Event, Notice
from undrift.record.outcomes import Refused
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

YESTERDAY = TODAY - timedelta(days=1)
LATER = NOW + timedelta(hours=2)


def told(kind: str = "handed_on") -> set[tuple[str, str]]:
    return set(Notice.objects.filter(kind=kind).values_list("to_person__name", "ask"))


def clocks(resolution: Resolution) -> list[tuple[object, ...]]:
    return list(resolution.duties.order_by("key").values_list("key", "due_at", "basis", "met_at"))


def test_the_clock_stays_and_the_next_holder_has_it_and_is_told(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    before, history = clocks(resolution), Event.objects.count()
    leave(west.person("Priya"), YESTERDAY, {west.post("team-manager", "North"): west.person("Dev")}, at=LATER)
    done = hand_on_of(west.person("Priya"), LATER)
    resolution.refresh_from_db()
    assert (done.resolutions, done.told) == (1, 1)
    assert (resolution.next_person, told()) == (west.person("Dev"), {("Dev Marchetti", "respond")})
    assert (clocks(resolution), Event.objects.count()) == (before, history)
    assert rebuild(west.authority, write=False) == []
    perform(reached.ANSWER, resolution=resolution, by=west.person("Dev"), at=LATER)


def test_within_a_minute_the_leavers_session_is_closed(west: Cast) -> None:
    """At once, in fact: the next page asks to sign in again."""
    priya, client = west.person("Priya"), Client()
    client.force_login(priya, backend=settings.AUTHENTICATION_BACKENDS[0])
    leave(priya, YESTERDAY, {west.post("team-manager", "North"): None}, at=LATER)
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in")


def test_a_vacant_post_falls_up_safeguarding_and_review_is_told_and_the_approval_goes_to_another(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    leave(west.person("Priya"), YESTERDAY, {west.post("team-manager", "North"): None}, at=LATER)
    hand_on_of(west.person("Priya"), LATER)
    assert told() == {("Denise Harkaway", "respond")}
    assert told("post_vacant") == {("Judith Calloway", ""), ("Marcus Penhale", "")}
    perform(reached.ANSWER, resolution=resolution, by=west.person("Denise"), at=LATER)
    with pytest.raises(Refused):
        perform(acts.Approve(), resolution=resolution, by=west.person("Denise"), at=LATER)
    done = perform(acts.Approve(), resolution=resolution, by=west.person("Farah"), at=LATER)
    assert done.events[0].by.role == "group-manager"


def test_who_answered_and_was_then_promoted_does_not_approve_it(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.drafted(west, resolution, LATER)
    post = west.post("group-manager", "North and Central Area")
    Holding.objects.filter(post=post).update(ends=YESTERDAY)
    Holding.objects.create(authority=west.authority, post=post, person=west.person("Priya"), starts=TODAY)
    hand_on_all(west.authority, LATER)
    resolution.refresh_from_db()
    assert (resolution.next_role, resolution.next_person) == ("group-manager", west.person("Farah"))


def test_handing_on_twice_tells_nobody_twice(west: Cast) -> None:
    reached.stage_one(west)
    leave(west.person("Priya"), YESTERDAY, {west.post("team-manager", "North"): west.person("Dev")}, at=LATER)
    assert [hand_on_all(west.authority, LATER).resolutions for _ in range(2)] == [1, 0]
    assert Notice.objects.filter(kind="handed_on").count() == 1


def test_with_the_new_day_cover_begins_and_whoever_covers_is_told_once(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    Cover.objects.create(
        authority=west.authority,
        away=west.person("Priya"),
        covering=west.person("Callum"),
        starts=TODAY + timedelta(days=1),
        ends=TODAY + timedelta(days=1),
    )
    assert new_day(LATER).resolutions == 0
    tomorrow = NOW + timedelta(days=1)
    assert [new_day(tomorrow + timedelta(minutes=n)).resolutions for n in range(3)] == [1, 0, 0]
    resolution.refresh_from_db()
    assert (resolution.next_person, told()) == (west.person("Callum"), {("Callum Stroud", "respond")})


def test_a_part_that_was_handed_over_falls_to_the_cover_of_whoever_took_it(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    callum, dev = west.person("Callum"), west.person("Dev")
    taken = acts.HandOver("team-manager", str(callum.pk), callum.name, "Priya is away.")
    perform(taken, resolution=resolution, by=west.person("Grace"), at=LATER)
    with pytest.raises(Refused):
        perform(reached.ANSWER, resolution=resolution, by=dev, at=LATER)
    Cover.objects.create(
        authority=west.authority, away=callum, covering=dev, starts=TODAY, ends=TODAY + timedelta(days=9)
    )
    hand_on_all(west.authority, LATER)
    resolution.refresh_from_db()
    assert resolution.next_person == dev
    (event,) = perform(reached.ANSWER, resolution=resolution, by=dev, at=LATER).events
    assert (event.by.role, event.by.on_behalf_of) == ("team-manager", callum.name)


def test_a_chair_who_leaves_hands_over_the_children_too(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    grace, imran = west.person("Grace"), west.person("Imran")
    chaired = west.authority.plans.filter(chair=grace, ends=None).count()
    split = give_children(grace, {"chair": [imran]}, YESTERDAY, Because(at=LATER))
    assert split.plans == chaired > 1
    assert not west.authority.plans.filter(chair=grace, ends=None).exists()
    leave(grace, YESTERDAY, {west.post("cp-coordinator", "Safeguarding and Review"): None}, at=LATER)
    follow_the_children(LATER, also=split.cases)
    resolution.refresh_from_db()
    assert resolution.chair == imran
