"""What a child's new chair, worker or team means for an open concern: who is told, who may read it, what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.allocating.test_allocation import asks, be, ticked
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.restricting import restrict
from undrift.children.facts import Because
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.messages.texts import write
from undrift.record.children_given import give_children
from undrift.record.handing_on import follow_the_children, hand_on_all, new_day
from undrift.record.history import rows_of
from undrift.record.models import Notice
from undrift.record.verify import verify
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TO = {"chair": "Imran", "social_worker": "Kofi", "team": "South"}
# Who hears of it where one of several children gets that.
HEARS = {"chair": ("Imran",), "social_worker": (), "team": ("Callum", "Owen")}


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def gives(west: Cast, part: str, *children: str, day: date = TODAY) -> None:
    """By page, through the check."""
    client = be(west, "Judith")
    to = west.unit(TO[part]) if part == "team" else west.person(TO[part])
    check = asks(client, ticked(west, *children), part, to.pk, day).headers["Location"]
    lint(client.post(check, {"why": "They moved."}, follow=True))


def left(west: Cast, who: str, at: datetime = NOW) -> Because:
    return Because(at=at, by=west.person("Judith"), why=f"{west.person(who).name} left")


def record(client: Client, r: Resolution) -> str:
    answer = client.get(f"/resolutions/{r.reference}")
    assert answer.status_code == 200
    return " ".join(lint(answer).text.split())


def told(r: Resolution, who: str, west: Cast) -> list[str]:
    return list(
        Notice.objects.filter(case=r.pk, to_person=west.person(who)).order_by("pk").values_list("kind", flat=True)
    )


def letter(r: Resolution, kind: str) -> str:
    notice = Notice.objects.filter(case=r.pk, kind=kind).select_related("case__chair", "case__authority", "to_person")[
        0
    ]
    text = write(notice)
    return f"{text.subject}\n{text.body}"


# One of several ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["chair", "team"])
def test_by_page_the_people_of_one_of_several_children_are_told_once_and_may_read_it(west: Cast, part: str) -> None:
    r = reached.stage_one(west, "Maya", "Jude").resolution
    for who in HEARS[part]:
        assert be(west, who).get(f"/resolutions/{r.reference}").status_code == 404
    gives(west, part, "Jude")
    for who in HEARS[part]:
        assert told(r, who, west) == ["also_told"]
        page = record(be(west, who), r)
        assert west.person(who).name in page
    said = record(be(west, "Grace"), r)
    assert f"Also told, as a brother or sister has them: {west.person(HEARS[part][0]).name}" in said
    new_day(NOW + timedelta(hours=1))
    new_day(NOW + DAY)
    hand_on_all(west.authority, NOW + DAY)
    for who in HEARS[part]:
        assert told(r, who, west) == ["also_told"], "once"
    assert happened(r) == [], "the concern has the same people"


def test_what_they_are_told_names_nobody_and_asks_nothing(west: Cast) -> None:
    r = reached.stage_one(west, "Maya", "Jude").resolution
    gives(west, "chair", "Jude")
    said = letter(r, "also_told")
    assert r.reference in said
    assert "Nothing is asked of you" in said
    for name in ("Jude", "Maya", "Alder", "Imran", "Grace"):
        assert name not in said


def test_they_see_what_those_told_at_the_start_see(west: Cast) -> None:
    Plan.objects.filter(pk=west.plan("Jude").pk).update(team=west.unit("South"))
    r = reached.stage_one(west, "Maya", "Jude").resolution
    gives(west, "chair", "Jude")
    assert told(r, "Callum", west) == ["raised"]
    first, later = record(be(west, "Callum"), r), record(be(west, "Imran"), r)
    for page in (first, later):
        assert reached.CONCERN in page
        assert "Respond" not in [line.strip() for line in page.split("<")]
    answer = be(west, "Imran").get(f"/resolutions/{r.reference}/decide")
    assert answer.status_code != 200


def test_on_a_day_to_come_they_are_told_on_that_day(west: Cast) -> None:
    r = reached.stage_one(west, "Maya", "Jude").resolution
    gives(west, "team", "Jude", day=TODAY + 2 * DAY)
    new_day(NOW + DAY)
    assert told(r, "Callum", west) == []
    new_day(NOW + 2 * DAY)
    assert told(r, "Callum", west) == ["also_told"]


def test_by_a_leavers_split_whoever_has_the_one_child_now_is_told(west: Cast) -> None:
    imran, kofi = west.person("Imran"), west.person("Kofi")
    Plan.objects.filter(pk=west.plan("Jude").pk).update(chair=imran)
    r = reached.stage_one(west, "Maya", "Jude").resolution
    later = NOW + timedelta(hours=1)
    split = give_children(imran, {"chair": [kofi]}, TODAY, left(west, "Imran", later))
    assert split.cases == {}, "the concern is Grace's"
    new_day(later)
    assert told(r, "Kofi", west) == ["also_told"]


# Who has it since when ------------------------------------------------------------------------------------------------


def happened(r: Resolution) -> list[tuple[str, str, str]]:
    return [
        (row.payload["part"], row.payload.get("before", ""), row.payload["name"])
        for row in rows_of(r.pk)
        if row.type == "went_over"
    ]


WENT = {
    "chair": ("Another chair", "Chair from Wednesday 6 May 2026: Imran Dastgir; until then Grace Ollerton."),
    "social_worker": (
        "Another social worker", "Social worker from Wednesday 6 May 2026: Kofi Ansell; until then Hannah Quill.",
    ),
    "team": ("Another team", "Team from Wednesday 6 May 2026: South; until then North."),
}  # fmt: skip


@pytest.mark.parametrize("part", WENT)
def test_the_history_says_since_when_somebody_has_it_who_had_it_and_who_said_so(west: Cast, part: str) -> None:
    r = reached.stage_one(west, "Maya").resolution
    gives(west, part, "Maya")
    page = record(be(west, "Denise"), r)
    for said in (*WENT[part], "Said by Judith Calloway."):
        assert said in page
    assert "They moved." not in page, "why stands in the child's own history"
    new_day(NOW + timedelta(hours=1))
    assert len(happened(r)) == 1
    assert rebuild(west.authority, write=False) == []
    assert not [finding for finding in verify(None) if r.reference in str(finding)]


def test_of_a_leavers_child_it_says_that_they_left_and_the_answerer_is_told(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    grace, imran = west.person("Grace"), west.person("Imran")
    split = give_children(grace, {"chair": [imran]}, TODAY, left(west, "Grace"))
    follow_the_children(NOW, also=split.cases)
    assert happened(r) == [("chair", grace.name, imran.name)]
    assert f"until then {grace.name}. {grace.name} left." in record(be(west, "Denise"), r)
    assert {"Imran": told(r, "Imran", west), "Priya": told(r, "Priya", west)} == {
        "Imran": ["handed_on"], "Priya": ["raised", "chair_changed"],
    }  # fmt: skip


# Whoever had it ------------------------------------------------------------------------------------------------------


def test_the_earlier_chair_is_told_once_and_sees_it_no_more(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    gives(west, "chair", "Maya", "Jude", "Noor")
    new_day(NOW + timedelta(hours=1))
    assert told(r, "Grace", west) == ["no_longer"]
    said = letter(r, "no_longer")
    assert r.reference in said
    assert "http" not in said
    for name in ("Maya", "Alder"):
        assert name not in said
    assert be(west, "Grace").get(f"/resolutions/{r.reference}").status_code == 404
    assert told(r, "Imran", west) == ["handed_on"]


def test_whoever_keeps_a_part_for_another_child_is_told_one_thing(west: Cast) -> None:
    """The concern goes to somebody else with one child; the other child stays with its chair, who may read it."""
    r = reached.stage_one(west, "Maya", "Jude").resolution
    imran = west.person("Imran")
    Plan.objects.filter(pk=west.plan("Maya").pk).update(chair=imran)
    follow_the_children(NOW, also={r.pk: {"chair": imran.pk}})
    assert told(r, "Grace", west) == ["also_told"]
    said = letter(r, "also_told")
    assert "One part is no longer yours" in said
    assert "You keep your part for another child whom it is about, and may read it." in said
    assert f"/resolutions/{r.reference}" in said
    assert be(west, "Grace").get(f"/resolutions/{r.reference}").status_code == 200


def test_of_a_record_that_is_closed_to_them_by_the_time_of_sending_nothing_is_asked_of_them(west: Cast) -> None:
    r = reached.stage_one(west, "Maya", "Jude").resolution
    imran = west.person("Imran")
    Plan.objects.filter(pk=west.plan("Maya").pk).update(chair=imran)
    follow_the_children(NOW, also={r.pk: {"chair": imran.pk}})
    restrict(west.child("Maya"), west.person("Marcus"), "A relative works here.", NOW)
    said = letter(r, "also_told")
    assert "The record is not open to you. Imran Dastgir tells you what you need to know." in said
    assert "You keep your part for another child whom it is about. Nothing is asked of you there for now." in said
    assert "when it is done" not in said


def test_so_is_the_earlier_team_manager_who_was_asked(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    gives(west, "team", "Maya")
    assert told(r, "Priya", west) == ["raised", "no_longer"]
    assert told(r, "Callum", west) == ["handed_on"]


def test_who_has_left_is_told_nothing(west: Cast) -> None:
    r, grace = reached.stage_one(west, "Maya").resolution, west.person("Grace")
    grace.is_active = False
    grace.save()
    gives(west, "chair", "Maya")
    assert told(r, "Grace", west) == []


# One mail ------------------------------------------------------------------------------------------------------------


def test_a_hand_over_with_a_new_date_brings_one_letter_to_each(west: Cast) -> None:
    r, callum = reached.stage_one(west, "Maya").resolution, west.person("Callum")
    over = acts.HandOver("team-manager", str(callum.pk), callum.name, "Priya is ill.", date(2026, 5, 27))
    perform(over, resolution=r, by=west.person("Grace"), at=NOW + timedelta(hours=1))
    told_of_it = Notice.objects.filter(case=r.pk, seq__gt=1).values_list("to_person", flat=True)
    assert len(told_of_it) == len(set(told_of_it)) > 2
    assert {notice.due for notice in Notice.objects.filter(case=r.pk, seq__gt=1)} == {date(2026, 5, 27)}
    of_denise = Notice.objects.select_related("case__chair", "case__authority").get(
        case=r.pk, seq__gt=1, to_person=west.person("Denise")
    )
    assert "It has a new date: Wednesday 27 May 2026." in write(of_denise).body
