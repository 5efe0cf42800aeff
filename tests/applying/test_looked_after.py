"""Times of being looked after by a file: met again, ended, asked about, undone as a whole."""

from __future__ import annotations

from datetime import date

import pytest

from tests.applying.by_hand import (
    FIRST,
    LATER,
    SECOND,
    THIRD,
    a_file,
    all_facts,
    brought_in,
    care,
    child,
    sentences,
)
from tests.cast import Cast
from undrift.applying.from_file import undo
from undrift.applying.in_words import counts_line
from undrift.children.models import FactChange, LookedAfter

pytestmark = pytest.mark.django_db

JANUARY, MARCH = date(2026, 1, 5), date(2026, 3, 31)


def times() -> list[tuple[date, date | None, str]]:
    return [(one.starts, one.ends, one.reviewed_by) for one in LookedAfter.objects.order_by("starts")]


def test_a_file_says_since_when_and_the_same_file_again_changes_nothing(west: Cast) -> None:
    imran = west.person("Imran")
    for at in (FIRST, SECOND):
        run = brought_in(a_file(child(), care(iro=imran.email)), west.authority, at=at)
    assert times() == [(JANUARY, None, imran.name)]
    assert (run.counts["looked_after_new"], run.counts["looked_after_unchanged"]) == (0, 1)
    assert counts_line(run.counts).endswith("0 core group members, 1 time looked after.")
    assert FactChange.objects.get(entity="looked-after").now == "on file"


def test_a_later_file_ends_it_and_an_empty_cell_takes_no_end_back(west: Cast) -> None:
    brought_in(a_file(child(), care(iro_name="Ms Vane")), west.authority)
    brought_in(a_file(child(), care(ends=MARCH), as_at=LATER), west.authority, at=SECOND)
    assert times() == [(JANUARY, MARCH, "Ms Vane")]
    run = brought_in(a_file(child(), care(), as_at=date(2026, 5, 20)), west.authority, at=THIRD)
    assert times() == [(JANUARY, MARCH, "Ms Vane")]
    assert any("Last day looked after" in sentence for sentence in sentences(run))


def test_a_time_beside_another_is_asked_about_and_one_to_come_has_not_begun(west: Cast) -> None:
    brought_in(a_file(child(), care()), west.authority)
    file = a_file(child(), care(starts=date(2026, 1, 12)), care(row=3, starts=date(2026, 9, 1)), as_at=LATER)
    run = brought_in(file, west.authority, at=SECOND)
    assert times() == [(JANUARY, None, "")]
    assert any("from 12/01/2026 in the file, and from 05/01/2026 here" in sentence for sentence in sentences(run))


def test_undone_nothing_of_it_is_left_but_the_history(west: Cast) -> None:
    brought_in(a_file(child()), west.authority)
    before = all_facts(west.authority)
    run = brought_in(a_file(child(), care(), as_at=LATER), west.authority, at=SECOND)
    assert undo(run, at=THIRD, by=None) == 1
    assert all_facts(west.authority) == before
    assert FactChange.objects.filter(entity="looked-after").count() == 2
