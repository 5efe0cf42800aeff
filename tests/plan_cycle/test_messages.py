"""What a message of a plan cycle says: what to do, by when, one link; no child's name and nothing that was written."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Cast
from tests.plan_cycle.test_perform import fixed
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.messages.texts import write
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.words import OF_NO_EVENT, WORDS, what_happened
from undrift.record.handing_on import CHAIR_CHANGED, HANDED_ON
from undrift.record.models import NO_LONGER, Notice
from undrift.record.outbox import POST_VACANT

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


def test_what_is_asked_stands_in_the_subject_with_its_day(west: Cast) -> None:
    done = fixed(west)
    asked = Notice.objects.filter(case=done.case).exclude(ask="").select_related("case__authority", "to_person")
    assert asked
    assert all(write(notice).subject.startswith("Your turn") for notice in asked)


def test_every_kind_of_notice_and_every_ask_has_words() -> None:
    assert set(WORDS) == set(CycleMust)
    assert {HANDED_ON, CHAIR_CHANGED, NO_LONGER, POST_VACANT} == set(OF_NO_EVENT)
    assert all(what_happened(kind) for kind in (*EVENTS, *OF_NO_EVENT))
