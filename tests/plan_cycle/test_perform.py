"""A plan cycle is kept as every case is: begun by the first act, one history, one summary, its duties and notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from undrift.applying.following import follow
from undrift.children.models import Conference
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.actions import Done, perform
from undrift.plan_cycle.queries import open_cycle, picture_of
from undrift.record.models import Case, Duty, Event, Kind, Notice
from undrift.record.outcomes import DecidedMeanwhile, Refused
from undrift.record.sweep import sweep
from undrift.record.verify import verify
from undrift.record.who_plays import context_for
from undrift.resolutions.rebuild import rebuild

pytestmark = pytest.mark.django_db

REVIEW = date(2026, 5, 20)


def first(west: Cast, act: acts.Act, by: str = "Grace") -> Done:
    maya = west.child("Maya")
    return perform(act, context=context_for([maya], NOW), by=west.person(by), at=NOW)


def fixed(west: Cast) -> Done:
    return first(west, acts.FixConference("review", REVIEW))


def test_the_first_act_begins_the_cycle(west: Cast) -> None:
    done = fixed(west)
    assert [event.type for event in done.events] == ["conference_fixed"]
    case = Case.objects.get()
    assert case.kind == Kind.PLAN
    assert case.reference == "P-2026-0001"
    assert case.chair == west.person("Grace")
    types = Event.objects.filter(case=case).order_by("seq").values_list("type", "by_name")
    assert list(types) == [("cycle_begun", "Undrift"), ("conference_fixed", "Grace Ollerton")]


def test_nothing_is_begun_where_the_first_act_is_refused(west: Cast) -> None:
    with pytest.raises(Refused, match="today or later"):
        first(west, acts.FixConference("review", TODAY - timedelta(days=1)))
    with pytest.raises(Refused, match="Only the"):
        first(west, acts.FixConference("review", REVIEW), by="Imran")
    assert not Case.objects.exists()
    assert not Event.objects.exists()


def test_a_second_act_finds_the_cycle_that_goes_on(west: Cast) -> None:
    fixed(west)
    with pytest.raises(Refused, match="fixed already"):
        fixed(west)
    assert Case.objects.count() == 1


def test_duties_and_notices_are_kept_with_the_act(west: Cast) -> None:
    done = fixed(west)
    owed = set(Duty.objects.filter(case=done.case, met_at=None, gone_at=None).values_list("must", flat=True))
    assert "hold the conference" in owed
    told = Notice.objects.filter(case=done.case, kind="conference_fixed")
    assert told.exists()
    assert not told.filter(to_person=west.person("Grace")).exists()


def test_what_is_on_file_counts_for_what_is_owed(west: Cast) -> None:
    """The plan began with an initial conference that no act here was of."""
    fixed(west)
    maya = west.child("Maya")
    case = open_cycle([maya.pk])
    assert case is not None
    seen = picture_of(maya, west.person("Grace"), NOW).seen
    assert {c.decided[str(maya.pk)].on for c in seen.held_about(str(maya.pk))} >= {west.plan("Maya").starts}


def test_who_comes_second_is_told_who_was_first(west: Cast) -> None:
    done = fixed(west)
    grace = west.person("Grace")
    perform(acts.PostponeConference("c1", "The father is ill."), case=done.case, by=grace, at=NOW)
    with pytest.raises(DecidedMeanwhile, match="Grace Ollerton postponed the conference at"):
        perform(acts.CancelConference("c1", "Not needed."), case=done.case, by=grace, at=NOW, seen=2)


def test_a_date_that_passes_is_recorded_once(west: Cast) -> None:
    done = fixed(west)
    later = datetime(2026, 6, 30, 8, tzinfo=UTC)
    assert sweep(later) > 0
    assert sweep(later) == 0
    assert Event.objects.filter(case=done.case, type="date_lapsed").exists()


def test_the_record_holds_and_is_made_again_as_it_is(west: Cast) -> None:
    done = fixed(west)
    decided = {str(west.child("Maya").pk): acts.Decision(True)}
    later = NOW + timedelta(days=14)
    perform(acts.HoldConference("c1", REVIEW, decided), case=done.case, by=west.person("Grace"), at=later)
    assert rebuild() == []
    assert list(verify()) == []


def test_a_conference_that_nobody_had_fixed_is_put_on_the_record_with_what_it_decided(west: Cast) -> None:
    decided = {str(west.child("Maya").pk): acts.Decision(True)}
    held = acts.HoldConference("", TODAY - timedelta(days=1), decided, kind="review", next_review=date(2026, 9, 3))
    done = first(west, held)
    assert [event.type for event in done.events] == [
        "conference_fixed", "conference_held", "decided", "conference_fixed",
    ]  # fmt: skip
    assert [c.id for c in done.state.conferences.values()] == ["c1", "c2"]
    assert rebuild() == []


def test_a_conference_that_a_file_brings_counts_at_once_for_what_is_owed(west: Cast) -> None:
    done = fixed(west)
    owed = Duty.objects.filter(case=done.case, met_at=None, gone_at=None)
    before = set(owed.values_list("key", flat=True))
    plan = west.plan("Maya")
    held = datetime(2026, 4, 20, 9, tzinfo=UTC)
    Conference.objects.create(
        authority=west.authority, family=plan.child.family, reference="C-2026-0001", kind="review", held_on=held
    )  # fmt: skip
    follow([plan.child_id], NOW)
    assert set(owed.values_list("key", flat=True)) != before
    assert rebuild() == []
