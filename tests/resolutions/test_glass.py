"""Break-glass: one child, one hour, to read; those concerned are told at once and somebody else reviews it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from tests.resolutions.guarded import REASON, emergency_duty, information_governance
from undrift.access import second_lock
from undrift.access.emergency import (
    Sought,
    hand_up_unreviewed,
    open_found,
    open_glass,
    review,
    running,
    why_not_reviewed_by,
)
from undrift.access.fetching import NotFound, fetch, fetch_child
from undrift.access.models import Alert, Look, Opening
from undrift.access.restricting import NotDone, exclude
from undrift.children.models import Plan
from undrift.people.models import Cover, Holding
from undrift.people.seats import seat_of
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db
MAYA = Sought(first_name="maya", last_name="Alder", born=date(2016, 9, 3))
SOON = NOW + timedelta(minutes=5)


def told(kind: str = "glass_opened") -> set[str]:
    return set(Alert.objects.filter(kind=kind).values_list("to_person__name", flat=True))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotDone) as found:
        act()
    return found.value.sentence


@pytest.mark.parametrize("sought", [MAYA, Sought(number="4101")], ids=["name", "number"])
def test_the_record_opens_for_an_hour_and_not_a_minute_longer(west: Cast, sought: Sought) -> None:
    edt, maya = emergency_duty(west), west.child("Maya")
    found = reached.stage_one(west).resolution
    with pytest.raises(NotFound):
        fetch_child(maya.public_id, edt, NOW)
    opening = open_found(sought, edt, "immediate-risk", REASON, NOW)
    assert opening is not None
    assert opening.until == NOW + timedelta(minutes=60)
    assert fetch_child(maya.public_id, edt, SOON) == maya
    assert fetch(Resolution, found.reference, edt, SOON) == found
    assert set(Look.objects.filter(person=edt.pk, refused=False).values_list("how", flat=True)) == {"glass"}
    with pytest.raises(NotFound):
        fetch_child(maya.public_id, edt, NOW + timedelta(minutes=60))


def test_one_child_is_opened_and_no_brother_or_sister(west: Cast) -> None:
    edt = emergency_duty(west)
    open_found(MAYA, edt, "immediate-risk", REASON, NOW)
    with pytest.raises(NotFound):
        fetch_child(west.child("Jude").public_id, edt, SOON)


def test_one_record_at_a_time(west: Cast) -> None:
    edt = emergency_duty(west)
    open_found(MAYA, edt, "immediate-risk", REASON, NOW)
    said = "You have a record open until 10:30. Only one can be open at a time."
    for sought in (MAYA, Sought(number="4111"), Sought(number="0")):  # the same for one that is not there
        assert refused(partial(open_found, sought, edt, "immediate-risk", REASON, SOON)) == said
    assert open_found(Sought(number="4111"), edt, "immediate-risk", REASON, NOW + timedelta(minutes=60))


def test_those_concerned_are_told_at_once_and_whoever_opened_it_is_not(west: Cast) -> None:
    information_governance(west)
    open_found(MAYA, west.person("Marcus"), "incident", REASON, NOW)
    assert told() == {"Grace Ollerton", "Judith Calloway", "Bethan Pryce-Marlow"}


def test_whoever_chairs_after_the_plan_is_told(west: Cast) -> None:
    Plan.objects.filter(child=west.child("Maya")).update(ends=TODAY - timedelta(days=1))
    open_found(MAYA, emergency_duty(west), "immediate-risk", REASON, NOW)
    assert "Grace Ollerton" in told()


def test_for_a_chair_who_is_away_the_cover_is_told(west: Cast) -> None:
    Cover.objects.create(
        authority=west.authority, away=west.person("Grace"), covering=west.person("Imran"), starts=TODAY
    )
    open_found(MAYA, emergency_duty(west), "immediate-risk", REASON, NOW)
    assert told() == {"Imran Dastgir", "Judith Calloway", "Marcus Penhale"}


@pytest.mark.parametrize("who", ["Grace", "Hannah", "Priya", "Nadia", "Angela", "Jo Talbot", "Siobhan", "Pauline"])
def test_only_the_posts_that_have_it_open_a_record(west: Cast, who: str) -> None:
    said = "Only the emergency duty team and Safeguarding and Review open a record in an emergency."
    assert refused(lambda: open_found(MAYA, west.person(who), "immediate-risk", REASON, NOW)) == said
    assert refused(lambda: open_glass(west.child("Maya"), west.person(who), "immediate-risk", REASON, NOW)) == said


def test_purpose_and_reason_are_asked_for_before_anybody_is_looked_for(west: Cast) -> None:
    edt = emergency_duty(west)
    for sought in (MAYA, Sought(number="0")):
        assert refused(partial(open_found, sought, edt, "curious", REASON, NOW)) == (
            "Select why you need to see this record now"
        )
        assert refused(partial(open_found, sought, edt, "incident", "x" * 19, NOW)) == (
            "Say in 20 characters or more what has happened"
        )
    assert not Look.objects.exists()


def test_kept_out_absent_elsewhere_and_unclear_end_alike_and_are_on_record(west: Cast, north: Cast) -> None:
    edt = emergency_duty(west)
    exclude(west.child("Maya"), edt, "is a relative of the family", west.person("Marcus"), NOW)
    plover = Sought(first_name="Aisha", last_name="Plover", born=date(2010, 10, 17))
    for sought in (MAYA, Sought(number="4101"), Sought(number="0"), plover, Sought(), Sought(first_name="Maya")):
        assert open_found(sought, edt, "immediate-risk", REASON, NOW) is None
    assert "cannot open this record" in refused(lambda: open_glass(west.child("Maya"), edt, "incident", REASON, NOW))
    assert not Opening.objects.exists()
    assert list(Look.objects.values_list("refused", "children", "tried")) == [(True, [], "emergency opening")] * 6


def test_a_restricted_record_opens_too(west: Cast) -> None:
    marcus, robin = west.person("Marcus"), west.child("Robin")
    with pytest.raises(NotFound):
        fetch_child(robin.public_id, marcus, NOW)
    open_found(Sought(number="4151"), marcus, "incident", REASON, NOW)
    assert fetch_child(robin.public_id, marcus, SOON) == robin


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (NOW, date(2026, 5, 8)),
        (datetime(2026, 5, 1, 22, 0, tzinfo=UTC), date(2026, 5, 6)),  # over a bank holiday Monday
        (datetime(2026, 5, 2, 2, 0, tzinfo=UTC), date(2026, 5, 6)),
    ],
)
def test_the_review_is_due_in_two_working_days(west: Cast, opened: datetime, due: date) -> None:
    found = open_found(MAYA, emergency_duty(west), "out-of-hours", REASON, opened)
    assert found is not None
    assert found.review_due == due


def opened_by(cast: Cast, who: str = "") -> Opening:
    by = cast.person(who) if who else emergency_duty(cast)
    found = open_found(MAYA, by, "incident", REASON, NOW)
    assert found is not None
    return found


def test_somebody_who_guards_the_council_reviews_it_once(west: Cast) -> None:
    opening = opened_by(west)
    done = review(opening, west.person("Marcus"), "training", "Ring the front door first.", SOON)
    assert (done.reviewed_by, done.finding) == (west.person("Marcus"), "training")
    assert refused(lambda: review(opening, west.person("Judith"), "justified", "", SOON)) == (
        "Marcus Penhale has reviewed this already."
    )


@pytest.mark.parametrize("who", ["Grace", "Priya", "Angela", "Jo Talbot"])
def test_nobody_else_reviews(west: Cast, who: str) -> None:
    opening = opened_by(west)
    assert refused(lambda: review(opening, west.person(who), "justified", "", SOON)).endswith("Ask one of them.")


def test_nobody_reviews_their_own_nor_that_of_whom_they_cover(west: Cast) -> None:
    opening = opened_by(west, "Marcus")
    assert refused(lambda: review(opening, west.person("Marcus"), "justified", "", SOON)) == (
        "You opened this record, so somebody else reviews it."
    )
    assert why_not_reviewed_by(west.person("Judith"), opening, NOW) is None
    Cover.objects.create(
        authority=west.authority, away=west.person("Marcus"), covering=west.person("Judith"), starts=TODAY
    )
    assert refused(lambda: review(opening, west.person("Judith"), "justified", "", SOON)) == (
        "Marcus Penhale is in your line, so somebody outside it reviews this."
    )


def test_nobody_reviews_what_their_own_manager_opened(west: Cast) -> None:
    opening = opened_by(west, "Judith")
    assert why_not_reviewed_by(west.person("Marcus"), opening, NOW) == (
        "Judith Calloway is in your line, so somebody outside it reviews this."
    )


def test_who_manages_them_reviews_only_where_nobody_stands_outside(west: Cast) -> None:
    opening, nadia = opened_by(west, "Judith"), west.person("Nadia")
    assert why_not_reviewed_by(nadia, opening, NOW) is None
    governance = information_governance(west)
    assert why_not_reviewed_by(governance, opening, NOW) is None
    assert why_not_reviewed_by(nadia, opening, NOW) == (
        "You manage Judith Calloway, so somebody outside your line reviews this: Bethan Pryce-Marlow."
    )


def test_whoever_is_kept_out_of_the_record_does_not_review_it(west: Cast) -> None:
    opening = opened_by(west)
    exclude(west.child("Maya"), west.person("Marcus"), "is a relative of the family", west.person("Judith"), NOW)
    assert refused(lambda: review(opening, west.person("Marcus"), "justified", "", SOON)).startswith("You cannot")


def test_a_finding_is_chosen_and_one_that_finds_fault_is_explained(west: Cast) -> None:
    opening, marcus = opened_by(west), west.person("Marcus")
    assert refused(lambda: review(opening, marcus, "fine", "", SOON)) == "Select what your review came to"
    assert refused(lambda: review(opening, marcus, "not-justified", " ", SOON)).startswith("Say what was not right")


def test_unreviewed_for_five_working_days_it_goes_to_those_who_audit_and_once(west: Cast) -> None:
    information_governance(west)
    opened_by(west)
    assert hand_up_unreviewed(NOW + timedelta(days=6)) == 0  # Tuesday 12 May, four working days later
    fifth = NOW + timedelta(days=7)
    assert [hand_up_unreviewed(fifth), hand_up_unreviewed(fifth + timedelta(hours=1))] == [4, 0]
    assert told("glass_unreviewed") == {
        "Judith Calloway", "Marcus Penhale", "Nadia Brookfield", "Bethan Pryce-Marlow",
    }  # fmt: skip


def test_once_reviewed_nobody_is_told_again(west: Cast) -> None:
    review(opened_by(west), west.person("Marcus"), "justified", "", SOON)
    assert hand_up_unreviewed(NOW + timedelta(days=30)) == 0


def test_whoever_left_the_post_has_it_open_no_longer(west: Cast) -> None:
    opening = opened_by(west)
    assert running(opening.person, SOON) == opening
    Holding.objects.filter(person=opening.person, ends=None).update(ends=TODAY - timedelta(days=1))
    with pytest.raises(NotFound):
        fetch_child(west.child("Maya").public_id, type(opening.person).objects.get(pk=opening.person_id), SOON)


@pytest.mark.parametrize("who", ["Grace", "Judith", "Marcus", "Priya", "Tomasz"])
def test_the_database_itself_shows_an_alert_to_nobody_but_whom_it_is_for(west: Cast, who: str) -> None:
    opened_by(west)
    person = west.person(who)
    second_lock.enter(person, seat_of(person, TODAY), NOW)
    seen = set(Alert.objects.values_list("to_person__name", flat=True))
    assert seen == ({person.name} if who in ("Grace", "Judith", "Marcus") else set())
