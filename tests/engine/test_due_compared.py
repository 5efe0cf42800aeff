"""The engine's dates beside a naive count of the same. `python -m bench.due --oracle 1000000` asks more of both."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest

from tests.engine.compared import compare
from tests.engine.naive_count import HOLIDAYS, LAST, Case, naive_due, works
from tests.house.thorough import drawn
from undrift.engine.dates.due import due, due_many, working_days_between
from undrift.engine.dates.reasons import prove
from undrift.library.calendars import NATIONS, load
from undrift.protocol.clocks import parse

CASES = drawn(20_000)


@pytest.mark.drawn
def test_engine_and_naive_count_agree_on_random_cases(seed: int) -> None:
    """Twenty thousand in `make test-all`, two thousand in `make test`."""
    found = compare(CASES, seed)
    assert found.differ == 0, f"seed {seed}: " + "\n".join(found.first)
    assert 0 < found.refused < found.asked / 10, "some cases run past the data and are refused by both"


@pytest.mark.parametrize("nation", NATIONS)
def test_calendar_and_raw_data_agree_on_every_day(nation: str) -> None:
    calendar = load(nation)
    case = Case(1, "working day", 1, LAST, nation, ())
    days = [day for day in calendar.worked if day <= LAST]
    assert [day for day in days if calendar.is_working_day(day) != works(day, case)] == []
    assert days[-1] == calendar.last == LAST
    assert set(calendar.holidays) == {day for day in HOLIDAYS[nation] if day <= LAST}


@pytest.mark.drawn
@pytest.mark.parametrize("nation", NATIONS)
def test_proof_numbers_exactly_the_days_the_naive_count_works(nation: str, seed: int) -> None:
    rng = random.Random(seed)
    calendar = load(nation, [date(2026, 12, 29), date(2026, 7, 3)])
    for _ in range(200):
        start = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
        number = rng.randint(1, 40)
        answer = due(parse(f"{number} working days"), start, calendar)
        case = Case(number, "working day", 1, start, nation, calendar.closures)
        counted = prove(answer).counted
        assert [day.date for day in counted] == [start + timedelta(days=n) for n in range(len(counted))]
        assert [day.date for day in counted[1:] if day.number] == [
            day.date for day in counted[1:] if works(day.date, case)
        ]
        assert [day.number for day in counted if day.number is not None] == list(range(number + 1))
        assert counted[-1].date == answer.date == naive_due(case)[0]
        assert all(day.why for day in counted if day.number is None)


@pytest.mark.drawn
@pytest.mark.parametrize("nation", NATIONS)
def test_bulk_dates_and_days_between_agree_with_single_dates(nation: str, seed: int) -> None:
    rng = random.Random(seed)
    calendar = load(nation, [date(2026, 12, 29)])
    starts = [date(2015, 1, 1) + timedelta(days=rng.randrange(4000)) for _ in range(2000)]
    numbers = [rng.randint(1, 40) for _ in starts]
    single = [due(parse(f"{n} working days"), s, calendar).date for s, n in zip(starts, numbers, strict=True)]
    array = np.array(starts, dtype="datetime64[D]")
    assert due_many(array, np.array(numbers), calendar).tolist() == single
    assert due_many(array, 5, calendar).tolist() == [due(parse("5 working days"), s, calendar).date for s in starts]
    assert [working_days_between(s, d, calendar) for s, d in zip(starts, single, strict=True) if d] == numbers
