"""A long file is compared and written part by part, and nobody can tell."""

from __future__ import annotations

from datetime import date

import pytest

from tests.applying.by_hand import (
    AS_AT,
    LATER,
    SECOND,
    THIRD,
    a_file,
    all_facts,
    brought_in,
    checked,
    child,
    meeting,
    member,
    plan,
    sentences,
)
from tests.cast import Cast, westmarch
from undrift.applying import in_parts
from undrift.applying.from_file import NotApplied, undo
from undrift.children.models import Child, Conference, ImportRun
from undrift.intake.extract import Extract

pytestmark = pytest.mark.django_db

TWINS, ALONE, ANOTHER, NEW = ("90001", "90002"), "90003", "90004", "90005"


@pytest.fixture
def cast() -> Cast:
    return westmarch()


def one_child_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_parts, "AT_ONCE", 1)


def first_file() -> Extract:
    wren, lark = TWINS
    return a_file(
        child(wren, family_key="F", born=date(2016, 9, 3)),
        child(lark, row=3, family_key="F"),
        child(ALONE, row=4, first_name="Wren"),
        child(ANOTHER, row=5, born=date(2015, 1, 1)),
        *(plan(number, row=row) for row, number in enumerate((*TWINS, ALONE, ANOTHER), start=2)),
        *(meeting(number, meeting_key="M") for number in TWINS),
        meeting(ALONE, row=4),
    )


def second_file() -> Extract:
    """A plan ends, a name changes, one is gone and comes back renumbered, a number is written with noughts."""
    wren, lark = TWINS
    return a_file(
        child(f"00{wren}", family_key="F"),
        child(lark, row=3, family_key="F"),
        child(ALONE, row=4, first_name="Robin"),
        child(NEW, row=5, born=date(2015, 1, 1)),
        child("90006", row=6, former_ids=(ALONE,)),
        plan(f"00{wren}", ends=date(2026, 5, 10)),
        plan(lark, row=3),
        plan(ALONE, row=4, starts=date(2025, 12, 6)),
        plan(NEW, row=5),
        *(meeting(number, row=row, day=date(2026, 5, 8)) for row, number in ((2, f"00{wren}"), (3, lark))),
        member(lark, name="A health visitor"),
        as_at=LATER,
    )


def test_in_parts_a_file_would_change_what_it_changes_as_a_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    brought_in(first_file(), cast.authority)
    whole = checked(second_file(), cast.authority, at=SECOND)
    changes, said = whole.changes, sorted(sentences(whole))  # a check takes the place of the one before
    one_child_at_a_time(monkeypatch)
    parts = checked(second_file(), cast.authority, at=SECOND)
    assert (parts.digest, parts.counts, parts.changes) == (whole.digest, whole.counts, changes)
    assert sorted(sentences(parts)) == said
    assert whole.counts["missing"] == 1
    assert whole.counts["asked"] >= 3


def test_a_file_written_in_parts_is_known_whole_and_undone_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one_child_at_a_time(monkeypatch)
    brought_in(first_file(), cast.authority)
    twins = Child.objects.filter(external_id__in=TWINS).values_list("family", flat=True)
    assert len(twins) == 2
    assert len(set(twins)) == 1
    assert Conference.objects.filter(family__in=twins).count() == 1
    before = all_facts(cast.authority)
    second = brought_in(second_file(), cast.authority, at=SECOND)
    again = checked(second_file(), cast.authority, at=THIRD)
    assert [again.counts[f"{thing}_new"] + again.counts[f"{thing}_updated"] for thing in ("child", "plan")] == [0, 0]
    assert again.counts["conference_new"] + again.counts["conference_updated"] == 0
    undo(second, at=THIRD, by=None)
    assert all_facts(cast.authority) == before


def test_what_is_refused_after_its_first_part_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one_child_at_a_time(monkeypatch)
    brought_in(first_file(), cast.authority)
    before = all_facts(cast.authority)
    with pytest.raises(NotApplied) as refused:
        brought_in(second_file(), cast.authority, at=SECOND, agreed=False)
    assert refused.value.code == "brake"
    assert all_facts(cast.authority) == before
    assert ImportRun.objects.count() == 1


def test_two_ways_of_writing_a_number_stand_in_one_part(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one_child_at_a_time(monkeypatch)
    brought_in(a_file(child("90001"), plan("0090001"), whole_children=False, as_at=AS_AT), cast.authority)
    assert Child.objects.get(external_id="90001").plans.count() == 1
