"""Files that may have been cut: nothing of them is imported until somebody has said that they are whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.applying.by_hand import AS_AT, FIRST, LATER, SECOND, THIRD, all_facts
from tests.cast import Cast, westmarch
from tests.intake.csv_tables import as_csv, zipped
from tests.intake.test_ssd import PERSON, PLAN, REVIEW, VISIT, WHOLE
from undrift.applying.from_file import NotApplied, apply_check, check_file
from undrift.children.models import ImportCheck, ImportRun, Plan
from undrift.people.models import Authority

pytestmark = pytest.mark.django_db

PLANS = b"child_id,starts,chair,team\n90001,2025-12-04,grace.ollerton@westmarch.example,North\n90002,2025-12-05,,Sou"
CHILDREN = b"child_id,restricted\n90001,no\n90002,no\n"
FIRST_ROW = PLANS[: PLANS.rindex(b"90002")]

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@pytest.fixture
def cast() -> Cast:
    return westmarch()


def check(authority: Authority, format: str, content: bytes, **about: Any) -> ImportCheck:
    return check_file(authority, format, "file", content, **{"as_at": AS_AT, "at": FIRST, "by": None} | about)


def apply(check: ImportCheck, **said: bool) -> ImportRun:
    return apply_check(check, at=THIRD, by=None, **said)


def refused(check: ImportCheck, **said: bool) -> str:
    with pytest.raises(NotApplied) as refusal:
        apply(check, **said)
    assert refusal.value.code == "confirm"
    return refusal.value.sentence


def tables(**others: Sequence[Mapping[str, Any]]) -> bytes:
    """A dataset of twenty children, each with a review and a visit."""
    each = range(20)
    rows: Tables = {
        **WHOLE,
        "ssd_person": [{**PERSON, "pers_person_id": f"9{n:04}"} for n in each],
        "ssd_cp_plans": [{**PLAN, "cppl_person_id": f"9{n:04}", "cppl_cp_plan_id": f"P{n}"} for n in each],
        "ssd_cp_reviews": [{**REVIEW, "cppr_person_id": f"9{n:04}", "cppr_cp_plan_id": f"P{n}"} for n in each],
        "ssd_cp_visits": [{**VISIT, "cppv_person_id": f"9{n:04}", "cppv_cp_plan_id": f"P{n}"} for n in each],
    }
    return zipped({f"{name}.csv": as_csv(others.get(name, of_it), heads=of_it[0]) for name, of_it in rows.items()})


def test_a_last_row_without_a_line_end_waits_for_somebody_to_look(cast: Cast) -> None:
    apply(check(cast.authority, "children", CHILDREN))
    before = all_facts(cast.authority)
    waits = check(cast.authority, "children", PLANS)
    assert waits.counts["confirm"] == 1
    for said in ({}, {"agreed": True}):
        assert refused(waits, **said) == (
            "file row 3: The last row has no line end, as in a file that was cut short. Look whether its last cell is"
            " whole; if not, export it again. If it is whole, say so and apply it."
        )
    assert all_facts(cast.authority) == before
    assert apply(waits, confirmed=True).counts["plan_new"] == 2


def test_a_file_cut_behind_a_row_says_nothing_of_those_it_has_lost(cast: Cast) -> None:
    """Our own CSV is no whole list: of whom it does not name, nothing ends and nobody is missing."""
    for content in (CHILDREN, PLANS + b"th\n"):
        apply(check(cast.authority, "children", content))
    before = all_facts(cast.authority)
    run = apply(check(cast.authority, "children", FIRST_ROW, as_at=LATER))
    assert (run.counts["plan_updated"], run.counts["missing"], run.findings) == (0, 0, [])
    assert all_facts(cast.authority) == before


@pytest.mark.parametrize("table", ["ssd_cp_reviews", "ssd_cp_visits", "ssd_initial_cp_conference", "ssd_person"])
def test_a_table_that_has_lost_more_than_a_tenth_of_its_rows_waits_too(table: str, cast: Cast) -> None:
    """One that was cut behind a row is otherwise whole, and what it told before would be taken back."""
    apply(check(cast.authority, "ssd", tables()))
    before = all_facts(cast.authority)
    held = Plan.objects.get(child__external_id="90019")
    assert (held.latest_review, held.last_visit) != (None, None)
    number = len(WHOLE[table]) if table == "ssd_initial_cp_conference" else 20
    fewer = check(cast.authority, "ssd", tables(**{table: _rows(table, number * 89 // 100)}), as_at=LATER, at=SECOND)
    assert f"{table}: It has {number * 89 // 100} rows, and had {number} in the file before." in refused(fewer)
    assert all_facts(cast.authority) == before
    apply(fewer, agreed=True, confirmed=True)
    as_many = check(cast.authority, "ssd", tables(), as_at=LATER, at=THIRD)
    assert as_many.counts["confirm"] == 0
    apply(as_many, agreed=True)


def _rows(table: str, number: int) -> Sequence[Mapping[str, Any]]:
    key = {"ssd_person": "pers_person_id", "ssd_cp_reviews": "cppr_person_id", "ssd_cp_visits": "cppv_person_id"}
    row: Mapping[str, Any] = WHOLE[table][0]
    return [{**row, key[table]: f"9{n:04}"} if table in key else row for n in range(number)]


def test_a_tenth_fewer_and_an_older_file_are_not_asked_about(cast: Cast) -> None:
    apply(check(cast.authority, "ssd", tables(), as_at=LATER))
    fewer = tables(ssd_cp_visits=_rows("ssd_cp_visits", 18))
    assert check(cast.authority, "ssd", fewer, as_at=LATER).counts["confirm"] == 0
    older = tables(ssd_cp_visits=_rows("ssd_cp_visits", 3))
    assert check(cast.authority, "ssd", older).counts["confirm"] == 0
