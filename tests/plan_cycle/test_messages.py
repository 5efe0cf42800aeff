"""What a message of a plan cycle says: what to do, by when, one link; no child's name and nothing that was written."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.plan_cycle.test_perform import fixed
from undrift.engine.dates.moments import LONDON, in_words
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.messages.texts import write
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.words import OF_NO_EVENT, WORDS, what_happened
from undrift.record.adopted import protocol_of
from undrift.record.handing_on import CHAIR_CHANGED, HANDED_ON
from undrift.record.models import NO_LONGER, Notice
from undrift.record.outbox import POST_VACANT
from undrift.record.sweep import sweep
from undrift.record.who_plays import context_for

WHY = "Her mother told Priya that she is afraid."

pytestmark = pytest.mark.django_db


def test_a_message_says_what_happened_and_where_to_read_it(west: Cast) -> None:
    done = fixed(west)
    perform(acts.PostponeConference("c1", WHY), case=done.case, by=west.person("Grace"), at=NOW)
    notices = Notice.objects.filter(case=done.case).select_related("case__authority", "to_person")
    assert notices
    for notice in notices:
        text = write(notice)
        assert done.case.reference in text.subject
        assert f"/children/{west.child('Maya').public_id}/cycle" in text.body
        for word in ("Maya", "Alder", WHY, "afraid"):
            assert word not in text.subject + text.body


def test_of_a_beginning_nobody_hears_but_a_chair_who_has_still_to_fix_a_conference(west: Cast) -> None:
    """Whoever fixes it with the same act has nothing left to fix, and the others learn of the conference."""
    done = fixed(west)
    assert not Notice.objects.filter(case=done.case, kind="cycle_begun").exists()
    assert not Notice.objects.filter(case=done.case, ask=CycleMust.FIX).exists()
    assert Notice.objects.filter(case=done.case, kind="conference_fixed").exists()
    jude = west.child("Kai")
    event = acts.RecordEvent(str(jude.pk), TODAY, "He fell.", "He was seen.")
    other = perform(event, context=context_for([jude], NOW), by=west.person("Priya"), at=NOW)
    told = Notice.objects.filter(case=other.case, kind="cycle_begun").values_list("to_person", "ask")
    assert list(told) == [(other.case.chair_id, CycleMust.FIX)]


def test_whoever_begins_it_with_a_conference_that_was_held_is_not_asked_to_fix_that_one(north: Cast) -> None:
    aisha, chair = north.child("Aisha"), north.person("Rosalind")
    held = acts.HoldConference("", TODAY, {str(aisha.pk): acts.Decision(True)}, kind="review")
    done = perform(held, context=context_for([aisha], NOW), by=chair, at=NOW)
    assert not Notice.objects.filter(case=done.case, ask=CycleMust.FIX).exists()


def test_what_is_asked_stands_in_the_subject_with_its_day(west: Cast) -> None:
    done = fixed(west)
    asked = Notice.objects.filter(case=done.case).exclude(ask="").select_related("case__authority", "to_person")
    assert asked
    assert all(write(notice).subject.startswith("Your turn") for notice in asked)


def test_a_day_that_is_over_is_said_to_be_over(west: Cast) -> None:
    done = fixed(west)
    notice = Notice.objects.filter(case=done.case).exclude(ask="").exclude(due=None).first()
    assert notice is not None
    assert notice.due is not None
    notice.created_at = datetime.combine(notice.due + timedelta(days=1), time(9), LONDON)
    text = write(notice)
    assert text.subject.startswith(f"Your turn, was due {notice.due:%a} {notice.due.day} {notice.due:%b}: ")
    assert f"It was due on {in_words(notice.due)}." in text.body
    notice.created_at = datetime.combine(notice.due, time(9), LONDON)
    assert write(notice).subject.startswith(f"Your turn by {notice.due:%a}")


def test_of_a_date_that_passed_it_is_said_which(west: Cast) -> None:
    done = fixed(west)
    sweep(NOW + timedelta(days=300))
    copied = Notice.objects.filter(case=done.case, kind="date_lapsed", ask="")
    assert copied
    for notice in copied:
        what = write(notice).subject.removeprefix("For information: Date passed, ").split(" (")[0]
        assert what in {*WORDS.values(), *(step.title for step in protocol_of(done.case).milestones)}


def test_every_kind_of_notice_and_every_ask_has_words() -> None:
    assert set(WORDS) == set(CycleMust)
    assert {HANDED_ON, CHAIR_CHANGED, NO_LONGER, POST_VACANT} == set(OF_NO_EVENT)
    assert all(what_happened(kind) for kind in (*EVENTS, *OF_NO_EVENT))
