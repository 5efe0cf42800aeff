"""An immediate risk that changes hands: whoever comes to it has the urgent words, and all hear that it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, TODAY, Cast, westmarch
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.messages.texts import Text, write
from undrift.people.leaving import leave
from undrift.people.models import Holding
from undrift.record.handing_on import follow_the_children, hand_on_of
from undrift.record.models import Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
ACT_FIRST = "Act first. Do not wait to use the service."
RING_NOW = "Ring now, make sure that the child is safe, and record the call."


@pytest.fixture
def west(db: None) -> Cast:
    return under_shipped_versions(westmarch())


def at_risk(cast: Cast) -> Resolution:
    r = reached.stage_one(cast, "Maya").resolution
    act = acts.MoveOn("stage-2", "immediate risk", ask="See her today.", risk=acts.Risk("We rang 999."))
    return perform(act, resolution=r, by=cast.person("Grace"), at=NOW).resolution


def hands_over(cast: Cast, r: Resolution, role: str, to: str) -> Text:
    person = cast.person(to)
    act = acts.HandOver(role, str(person.pk), person.name, "It belongs there.")
    perform(act, resolution=r, by=cast.person("Grace"), at=LATER)
    return letter(r, "handed_over", to, cast)


def leaves(cast: Cast, name: str) -> None:
    """Dev Marchetti holds the posts after."""
    person = cast.person(name)
    posts = [holding.post for holding in Holding.objects.filter(person=person).select_related("post")]
    leave(person, TODAY - timedelta(days=1), dict.fromkeys(posts, cast.person("Dev")), at=LATER)
    hand_on_of(person, LATER)


def letter(r: Resolution, kind: str, to: str, cast: Cast) -> Text:
    notice = Notice.objects.select_related("case__authority", "case__chair")
    return write(notice.get(case=r.pk, kind=kind, to_person=cast.person(to)))


def test_a_chair_who_comes_to_it_reads_that_a_call_is_owed(west: Cast) -> None:
    r = at_risk(west)
    text = hands_over(west, r, "chair", "Imran")
    assert text.subject == f"IMMEDIATE RISK, a call is owed: {r.reference} (stage 2)"
    assert RING_NOW in text.body


def test_whoever_answers_and_comes_to_it_is_told_to_act_first(west: Cast) -> None:
    r = at_risk(west)
    leaves(west, "Denise")
    (notice,) = Notice.objects.filter(case=r.pk, kind="handed_on", ask="respond").select_related("case__chair")
    text = write(notice)
    assert text.subject == f"IMMEDIATE RISK, ring Grace Ollerton now: {r.reference} (stage 2)"
    assert ACT_FIRST in text.body


def test_without_a_risk_what_changes_hands_is_told_as_it_was(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    text = hands_over(west, r, "chair", "Imran")
    assert (text.subject, RING_NOW in text.body) == (f"Over to you: {r.reference}", False)


def test_everybody_who_had_the_alarm_hears_that_it_is_over(west: Cast) -> None:
    r = at_risk(west)
    hands_over(west, r, "chair", "Imran")
    alarmed = set(Notice.objects.filter(case=r.pk, urgent=True).exclude(ask="").values_list("to_person", flat=True))
    assert west.person("Denise").pk in alarmed
    leaves(west, "Denise")
    entry = perform(acts.Note("Seen."), resolution=r, by=west.person("Imran"), at=LATER).state.not_rung_back[0].seq
    perform(acts.RingBack(entry, "Priya Nairn"), resolution=r, by=west.person("Imran"), at=LATER)
    over = set(Notice.objects.filter(case=r.pk, kind="rung_back").values_list("to_person", flat=True))
    assert alarmed - {west.person("Imran").pk} <= over


def judes_people(cast: Cast) -> None:
    """Jude has another chair than Maya, and is in another team."""
    Plan.objects.filter(pk=cast.plan("Jude").pk).update(chair=cast.person("Imran"), team=cast.unit("South"))


JUDES = ("Imran", "Callum", "Owen")


@pytest.mark.parametrize("kind", ["raised", "moved_on", "urgent_action_recorded"])
def test_the_people_of_each_child_have_the_alarm_though_another_has_the_concern(west: Cast, kind: str) -> None:
    """The risk may be of their own child: they are asked to check, and hear that it is over."""
    judes_people(west)
    grace, risk = west.person("Grace"), acts.Risk("We rang 999.")
    r = reached.stage_one(west, "Maya", "Jude", risk=risk if kind == "raised" else None).resolution
    if kind != "raised":
        act = acts.MoveOn("stage-2", "immediate risk", ask="See him today.", risk=risk)
        perform(act if kind == "moved_on" else acts.RecordUrgentAction("We rang 999."), resolution=r, by=grace, at=NOW)
    for who in JUDES:
        text = letter(r, kind, who, west)
        assert "check" in text.subject, text.subject
    entry = perform(acts.Note("Seen."), resolution=r, by=grace, at=LATER).state.not_rung_back[0].seq
    perform(acts.RingBack(entry, "Priya Nairn"), resolution=r, by=grace, at=LATER)
    for who in JUDES:
        assert "is over" in letter(r, "rung_back", who, west).body


def test_who_gets_one_child_of_several_during_a_risk_has_the_alarm(west: Cast) -> None:
    r = reached.stage_one(west, "Maya", "Jude").resolution
    perform(acts.RecordUrgentAction("We rang 999."), resolution=r, by=west.person("Grace"), at=NOW)
    judes_people(west)
    follow_the_children(LATER, children=[west.child("Jude").pk])
    for who in JUDES:
        text = letter(r, "also_told", who, west)
        assert text.subject == f"IMMEDIATE RISK, check that somebody has acted: {r.reference} (stage 1)"
        assert "Nothing is asked of you" not in text.body
