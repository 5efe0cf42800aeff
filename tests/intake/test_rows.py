"""The rows of a long file are kept packed, and what is got out is what was put in."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from undrift.children.models.family import Sex
from undrift.children.models.plan import Category
from undrift.intake.child_rules import one_each
from undrift.intake.extract import ChildRow, CoreGroupRow, Extract, LookedAfterRow, Meeting, MeetingRow, PlanRow
from undrift.intake.plan_rules import several, without_repeats
from undrift.intake.rows import MANY, TOGETHER, Rows

FIRST = date(2025, 1, 6)


def child(number: int, **more: object) -> ChildRow:
    given = frozenset({"born", *more})
    return ChildRow(sheet="a", row=number + 2, child_id=f"{100_000 + number}", given=given, born=FIRST, **more)  # type: ignore[arg-type]  # what a test says of the child


def plan(number: int, **more: object) -> PlanRow:
    given = frozenset({"ends", *more})
    starts = FIRST + timedelta(days=number % 90)
    values = {"ends": None, "latest_category": Category.NEGLECT, "team": f"Team {number % 7}"} | more
    return PlanRow(sheet="a", row=number + 2, child_id=f"{100_000 + number}", given=given, starts=starts, **values)  # type: ignore[arg-type]  # as above


def test_each_kind_of_row_comes_out_as_it_went_in() -> None:
    where = {"sheet": "b", "row": 7, "child_id": "7", "given": frozenset({"day"})}
    rows: Sequence[object] = (
        child(1, sex=Sex.FEMALE, former_ids=("3", "4"), first_name='Ava "A"', restricted=True),
        plan(2, ends=FIRST, worker="Worker\n"),
        MeetingRow(**where, kind=Meeting.REVIEW, day=FIRST, held=True, invited=("a@b.example",)),  # type: ignore[arg-type]  # the values are those of its fields
        CoreGroupRow(**where, email="a@b.example", starts=FIRST),  # type: ignore[arg-type]  # as above
        LookedAfterRow(**where, starts=FIRST, iro_name="Iris"),  # type: ignore[arg-type]  # as above
    )
    for row in rows:
        kept = Rows(type(row), [row] * (TOGETHER + 1))
        assert list(kept) == [row] * (TOGETHER + 1)
        assert all(type(one) is type(row) for one in kept)
        assert (len(kept), kept[0], kept[-1]) == (TOGETHER + 1, row, row)


def test_values_and_rows_of_one_value_are_those_of_the_rows_in_their_order() -> None:
    rows = [plan(number) for number in range(3 * TOGETHER)]
    kept = Rows(PlanRow, rows)
    assert list(kept.of("row", "team")) == [(row.row, row.team) for row in rows]
    assert list(kept.of("child_id")) == [(row.child_id,) for row in rows]
    assert list(kept.where("team", "Team 3")) == [row for row in rows if row.team == "Team 3"]


def test_parts_have_each_row_once_whether_it_is_packed_with_those_of_another_or_not() -> None:
    rows = [plan(number) for number in range(5 * TOGETHER + 7)]
    kept = Rows(PlanRow, rows)
    ways: tuple[Callable[[str], int], ...] = (
        lambda number: int(number) // (2 * TOGETHER),
        lambda number: int(number) % 3,
        lambda number: 2,
    )
    for part in ways:
        parts = kept.parted("child_id", part)
        assert [part(row.child_id) for of_it in parts for row in of_it] == sorted(part(row.child_id) for row in rows)
        for number, of_it in enumerate(parts):
            assert list(of_it) == [row for row in rows if part(row.child_id) == number]
            assert len(of_it) == len(list(of_it))


def test_rows_that_stand_twice_are_met_as_they_were_whether_they_are_many_or_few() -> None:
    """The second says more of the child, and otherwise; one plan stands twice, and two of one child overlap."""
    numbers = range(MANY + 10)
    children = [*map(child, numbers), child(5, first_name="Ava")]
    plans = [*map(plan, numbers), plan(5), plan(6)]
    few_children, few_plans = [child(5), child(5, first_name="Ava")], [plan(5), plan(6), plan(5), plan(6)]
    each, _ = one_each(Rows(ChildRow, children))
    assert len(each) == len(numbers)
    assert each[5] == one_each(few_children)[0][0]
    assert each[5].first_name == "Ava"
    assert [one.child_id for one in each] == [one.child_id for one in children[:-1]]
    once, said = without_repeats(Rows(PlanRow, plans))
    assert list(once) == plans[: len(numbers)]
    assert [str(finding) for finding in said] == [str(finding) for finding in without_repeats(few_plans)[1]]
    assert several(once) == []


def test_two_plans_of_one_child_overlap_among_many() -> None:
    plans = [*map(plan, range(MANY)), replace(plan(3), starts=FIRST + timedelta(days=30))]
    (finding,) = several(Rows(PlanRow, plans))
    assert finding.code == "8935"
    assert without_repeats(Rows(PlanRow, plans))[1] == []


def test_however_many_plans_one_child_has_each_is_said_once() -> None:
    """Beside the one of those before it that runs longest, and of one that began when all had ended nothing."""
    day = FIRST.replace(year=2001)
    spans: list[tuple[int, int | None]] = [(0, None), (10, 20), (30, None)]
    plans = [
        replace(
            plan(3), starts=day + timedelta(days=starts), ends=day + timedelta(days=ends) if ends else None, row=row
        )
        for row, (starts, ends) in enumerate(spans, start=2)
    ]
    assert [(one.code, one.place.row) for one in several(plans)] == [("8940", 3), ("8935", 4)]
    over = replace(plans[0], ends=day + timedelta(days=25))
    assert [(one.code, one.place.row) for one in several([over, *plans[1:]])] == [("8940", 3)]
    many = [replace(plan(3), starts=day + timedelta(days=n)) for n in range(5_000)]
    assert len(several(many)) == len(many) - 1


def test_rows_that_are_many_take_a_fifth_of_the_room_or_less() -> None:
    number = 4 * MANY

    def extract() -> Extract:
        return Extract(
            source="a", file_name="a", sha256="", as_at=FIRST, children=[*map(child, range(number))],
            plans=[*map(plan, range(number))],
        )  # fmt: skip

    as_lists, packed = _room(extract), _room(lambda: extract().packed())
    assert packed < as_lists / 5
    assert packed / number < 100


def _room(make: Callable[[], Extract]) -> int:
    gc.collect()
    tracemalloc.start()
    made = make()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.children
    return held
