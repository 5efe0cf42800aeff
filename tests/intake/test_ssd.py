"""The dataset's tables from three case systems, each with the gaps and doublings that its own script leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from tests.intake.csv_tables import Rows, as_csv, zipped
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity
from undrift.intake.ssd.reading import read

AS_AT = date(2026, 5, 6)

PERSON = {
    "pers_legacy_id": "L1",
    "pers_person_id": "101",
    "pers_forename": "Ava",
    "pers_surname": "Pemberly",
    "pers_sex": "F",
    "pers_gender": "02",
    "pers_dob": "2016-09-03 00:00:00.000",
    "pers_expected_dob": "NULL",
    "pers_death_date": "NULL",
}
PLAN = {
    "cppl_cp_plan_id": "P1",
    "cppl_person_id": "101",
    "cppl_icpc_id": "I1",
    "cppl_cp_plan_start_date": "2025-12-04 00:00:00.000",
    "cppl_cp_plan_end_date": "NULL",
    "cppl_cp_plan_ola": "N",
    "cppl_cp_plan_initial_category": "Neglect",
    "cppl_cp_plan_latest_category": "Neglect",
}
EARLIER = {
    **PLAN,
    "cppl_cp_plan_id": "P0",
    "cppl_cp_plan_start_date": "2024-01-08",
    "cppl_cp_plan_end_date": "2024-09-02",
}
ICPC = {
    "icpc_icpc_id": "I1",
    "icpc_icpc_meeting_id": "M1",
    "icpc_s47_enquiry_id": "S1",
    "icpc_person_id": "101",
    "icpc_cp_plan_id": "P1",
    "icpc_icpc_date": "2025-12-04 00:00:00.000",
}
ENQUIRY = {"s47e_s47_enquiry_id": "S1", "s47e_person_id": "101", "s47e_s47_start_date": "2025-11-14 00:00:00.000"}
REVIEW = {
    "cppr_cp_review_id": "R1",
    "cppr_person_id": "101",
    "cppr_cp_plan_id": "P1",
    "cppr_cp_review_due": "2026-03-04 00:00:00.000",
    "cppr_cp_review_date": "2026-02-26 00:00:00.000",
    "cppr_cp_review_meeting_id": "M2",
}
VISIT = {
    "cppv_cp_visit_id": "V1",
    "cppv_person_id": "101",
    "cppv_cp_plan_id": "P1",
    "cppv_cp_visit_date": "2026-04-20 00:00:00.000",
    "cppv_cp_visit_seen": "Y",
    "cppv_cp_visit_seen_alone": "Y",
    "cppv_cp_visit_bedroom": "NULL",
}
WORKER = {"prof_professional_id": "W1", "prof_staff_id": "ST1", "prof_professional_name": "Hannah Quill"}
TEAM = {"dept_team_id": "T1", "dept_team_name": "North", "dept_team_parent_id": "NULL"}
INVOLVED = {
    "invo_involvements_id": "N1",
    "invo_professional_id": "W1",
    "invo_professional_role_id": "CW",
    "invo_professional_team": "T1",
    "invo_person_id": "101",
    "invo_involvement_start_date": "2025-12-04 00:00:00.000",
    "invo_involvement_end_date": "NULL",
}
WHOLE: Mapping[str, Rows] = {
    "ssd_person": [PERSON],
    "ssd_cp_plans": [PLAN],
    "ssd_initial_cp_conference": [ICPC],
    "ssd_s47_enquiry": [ENQUIRY],
    "ssd_cp_reviews": [REVIEW],
    "ssd_cp_visits": [VISIT],
    "ssd_professionals": [WORKER],
    "ssd_department": [TEAM],
    "ssd_involvements": [INVOLVED],
}


def dataset(*without: str, **tables: Rows) -> Extract:
    """The whole dataset of one child, with other rows in the tables that are named."""
    files = {
        f"{name}.csv": as_csv(tables.get(name, rows), heads=rows[0] if not tables.get(name, rows) else ())
        for name, rows in WHOLE.items()
        if name not in without
    }
    return read("ssd.zip", zipped(files), AS_AT)


def less(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def sentences(found: Extract) -> list[str]:
    return [str(finding) for finding in found.findings]


def test_an_ordinary_dataset_is_read_without_a_word() -> None:
    found = dataset()
    assert sentences(found) == []
    (child,), (plan,) = found.children, found.plans
    assert (child.child_id, child.first_name, child.last_name, child.sex) == ("101", "Ava", "Pemberly", "F")
    assert (child.born, child.former_ids, child.died) == (date(2016, 9, 3), ("L1",), None)
    assert (plan.source_key, plan.starts, plan.ends, plan.initial_category) == ("P1", date(2025, 12, 4), None, "NEG")
    assert (plan.last_visit, plan.seen_alone) == (date(2026, 4, 20), "yes")
    assert (plan.latest_review, plan.reviews_held) == (date(2026, 2, 26), 1)
    assert (plan.worker, plan.team, plan.worker_email, plan.chair) == ("Hannah Quill", "North", "", "")
    assert [(one.kind, one.day, one.held, one.meeting_key, one.source_key) for one in found.meetings] == [
        ("initial", date(2025, 12, 4), True, "M1", "I1"),
        ("review", date(2026, 2, 26), True, "M2", "R1"),
    ]
    assert (found.source, found.whole, found.rows_in_file, set(found.children_in_file)) == ("ssd", True, 9, {"101"})


def test_two_tables_are_enough_and_each_other_is_said_to_be_absent() -> None:
    found = dataset(*tuple(WHOLE)[2:])
    absent = "is not there. Imported without it; what is known already stays."
    assert sentences(found) == [f"The table {name} {absent}" for name in tuple(WHOLE)[2:]]
    (plan,) = found.plans
    assert not {"last_visit", "seen_alone", "reviews_held", "latest_review", "team", "worker"} & plan.given


@pytest.mark.parametrize("needed", ["ssd_person", "ssd_cp_plans"])
def test_a_table_that_is_needed_stops_the_file_where_it_is_absent_or_empty(needed: str) -> None:
    (absent,) = sentences(dataset(needed))
    assert f"The table {needed} is not there. Tables in this file: " in absent
    (empty,) = sentences(dataset(**{needed: []}))
    assert empty.startswith(f"{needed}.csv: No rows below the headings")


def test_care_episodes_that_touch_are_one_time_of_being_looked_after() -> None:
    care = {"clae_person_id": "101", "clae_cla_episode_start_date": "", "clae_cla_episode_ceased_date": ""}
    days = (("2024-01-10", "2024-03-01"), ("2024-03-01", "2024-03-31"), ("2024-04-01", "2024-05-20"),
            ("2026-01-05", "2026-02-01"), ("2026-02-01", ""))  # fmt: skip
    rows = [
        {**care, "clae_cla_episode_start_date": first, "clae_cla_episode_ceased_date": last} for first, last in days
    ]
    rows.append({**care, "clae_person_id": "999", "clae_cla_episode_start_date": "2026-01-05"})
    files = {f"{name}.csv": as_csv(each) for name, each in {**WHOLE, "ssd_cla_episodes": rows}.items()}
    found = read("ssd.zip", zipped(files), AS_AT)
    assert sentences(found) == []
    assert [(each.child_id, each.starts, each.ends) for each in found.looked_after] == [
        ("101", date(2024, 1, 10), date(2024, 5, 20)),
        ("101", date(2026, 1, 5), None),
    ]


def test_only_children_with_a_plan_or_a_conference_are_taken_in() -> None:
    known = [{**PERSON, "pers_person_id": number, "pers_legacy_id": "NULL"} for number in range(101, 150)]
    found = dataset(ssd_person=known, ssd_initial_cp_conference=[ICPC, {**ICPC, "icpc_person_id": "120"}])
    assert [child.child_id for child in found.children] == ["101", "120"]


# --- each system's own --------------------------------------------------------------------------------


def test_mosaic_names_no_person_on_visits_and_reviews_and_no_professional_but_by_staff_number() -> None:
    found = dataset(
        ssd_cp_plans=[{**PLAN, "cppl_cp_plan_initial_category": "NEG", "cppl_cp_plan_latest_category": "MUL"}],
        ssd_cp_reviews=[less(REVIEW, "cppr_person_id", "cppr_cp_review_meeting_id")],
        ssd_cp_visits=[less(VISIT, "cppv_person_id")],
        ssd_professionals=[{**WORKER, "prof_professional_id": "NULL"}],
        ssd_involvements=[{**INVOLVED, "invo_professional_id": "ST1"}],
        ssd_department=[],
    )
    assert sentences(found) == []
    (plan,) = found.plans
    assert (plan.initial_category, plan.latest_category) == ("NEG", "MUL")
    assert (plan.last_visit, plan.reviews_held, plan.worker, plan.team) == (date(2026, 4, 20), 1, "Hannah Quill", "")
    assert "team" not in plan.given


def test_eclipse_names_no_plan_while_it_runs_and_another_one_on_visits() -> None:
    found = dataset(
        ssd_cp_reviews=[
            {**REVIEW, "cppr_cp_plan_id": "NULL", "cppr_cp_review_id": "NULL"},
            {**REVIEW, "cppr_cp_plan_id": "-1", "cppr_cp_review_id": "NULL", "cppr_cp_review_date": "2026-04-01"},
        ],
        ssd_cp_visits=[{**VISIT, "cppv_cp_plan_id": "99999", "cppv_cp_visit_bedroom": "NULL"}],
        ssd_initial_cp_conference=[ICPC, {**ICPC, "icpc_icpc_id": "I2"}],
    )
    assert sentences(found) == [
        "ssd_cp_reviews: 2 of 2 reviews carry no plan id. 2 linked by date, 0 held without a plan.",
        "ssd_cp_visits: 0 of 1 visit carry no plan id. 1 linked by date, 0 not counted for any plan.",
    ]
    (plan,) = found.plans
    assert (plan.reviews_held, plan.latest_review, plan.last_visit) == (2, date(2026, 4, 1), date(2026, 4, 20))
    assert [one.kind for one in found.meetings] == ["initial", "review", "review"]


def test_a_review_on_the_first_day_of_a_plan_or_after_the_last_belongs_to_none() -> None:
    plans = [
        {
            **PLAN,
            "cppl_cp_plan_id": "P0",
            "cppl_cp_plan_start_date": "2024-01-08",
            "cppl_cp_plan_end_date": "2024-09-02",
        },
        PLAN,
    ]
    days = ["2024-01-08", "2024-04-02", "2024-09-02", "2024-09-03", "2025-12-04", "2025-12-05"]
    reviews = [{**REVIEW, "cppr_cp_plan_id": "NULL", "cppr_cp_review_date": day} for day in days]
    found = dataset(ssd_cp_plans=plans, ssd_cp_reviews=reviews)
    assert [(plan.reviews_held, plan.latest_review) for plan in found.plans] == [
        (2, date(2024, 9, 2)),
        (1, date(2025, 12, 5)),
    ]
    assert "3 linked by date, 3 held without a plan." in sentences(found)[0]
    assert sum(one.kind == "review" for one in found.meetings) == 6


def test_a_plan_number_that_does_not_fit_the_day_gives_way_to_the_day() -> None:
    plans = [
        {
            **PLAN,
            "cppl_cp_plan_id": "P0",
            "cppl_cp_plan_start_date": "2024-01-08",
            "cppl_cp_plan_end_date": "2024-09-02",
        },
        PLAN,
    ]
    found = dataset(ssd_cp_plans=plans, ssd_cp_reviews=[{**REVIEW, "cppr_cp_plan_id": "P0"}])
    assert [plan.reviews_held for plan in found.plans] == [0, 1]


def test_lcs_gives_reviews_that_are_not_yet_held_and_they_are_counted() -> None:
    found = dataset(ssd_cp_reviews=[REVIEW, {**REVIEW, "cppr_cp_review_id": "R2", "cppr_cp_review_date": "NULL"}])
    assert sentences(found) == ["ssd_cp_reviews: 1 review without a day, or still to come. Not counted as held."]
    assert found.plans[0].reviews_held == 1


def test_what_is_after_the_files_own_day_has_not_happened() -> None:
    found = dataset(
        ssd_cp_reviews=[{**REVIEW, "cppr_cp_review_date": "2026-05-07"}],
        ssd_cp_visits=[VISIT, {**VISIT, "cppv_cp_visit_date": "2026-05-07"}],
        ssd_person=[{**PERSON, "pers_death_date": "2026-05-07"}],
        ssd_initial_cp_conference=[{**ICPC, "icpc_icpc_date": "2026-05-07"}],
    )
    (plan,), (child,) = found.plans, found.children
    assert (plan.reviews_held, plan.latest_review, plan.last_visit) == (0, None, date(2026, 4, 20))
    assert [one.held for one in found.meetings] == [False, False]
    assert child.died is None
    assert "died" not in child.given


def test_of_several_visits_the_last_counts_and_one_where_the_child_was_not_seen_does_not() -> None:
    def visit(day: str, seen: str = "Y", alone: str = "N") -> dict[str, str]:
        return {
            **VISIT,
            "cppv_cp_visit_date": day,
            "cppv_cp_visit_seen": seen,
            "cppv_cp_visit_seen_alone": alone,
        }

    found = dataset(
        ssd_cp_visits=[
            visit("2026-04-20", alone="Y"),
            visit("2026-04-20"),
            visit("2026-03-01"),
            visit("2026-05-01", seen="N"),
            visit("2025-12-03"),
        ]
    )
    assert (found.plans[0].last_visit, found.plans[0].seen_alone) == (date(2026, 4, 20), "yes")
    assert "1 visit at which the child was not seen. Not counted." in sentences(found)[1]


def test_the_same_row_twice_is_one_and_the_same_plan_twice_with_other_facts_is_told() -> None:
    assert sentences(dataset(ssd_cp_plans=[PLAN, PLAN])) == []
    twice = dataset(ssd_cp_plans=[PLAN, {**PLAN, "cppl_cp_plan_latest_category": "Physical abuse"}])
    assert len(twice.plans) == 1
    assert "stands in row 2 already" in sentences(twice)[0]


def test_another_councils_plan_is_left_out_and_said() -> None:
    found = dataset(ssd_cp_plans=[PLAN, {**PLAN, "cppl_person_id": "102", "cppl_cp_plan_ola": "Y"}])
    assert [plan.child_id for plan in found.plans] == ["101"]
    assert "this is another council's plan" in sentences(found)[0]


def test_children_at_one_meeting_are_one_family_and_a_number_that_half_the_council_shares_binds_nobody() -> None:
    people = [{**PERSON, "pers_person_id": str(number), "pers_legacy_id": "NULL"} for number in range(101, 130)]
    plans = [{**PLAN, "cppl_person_id": str(number), "cppl_cp_plan_id": f"P{number}"} for number in range(101, 130)]
    meetings = [
        {**ICPC, "icpc_person_id": str(number), "icpc_icpc_meeting_id": "M1" if number < 104 else "SAME"}
        for number in range(101, 130)
    ]
    found = dataset(ssd_person=people, ssd_cp_plans=plans, ssd_initial_cp_conference=meetings)
    keys = {child.child_id: child.family_key for child in found.children}
    assert {key for number, key in keys.items() if int(number) < 104} == {"101"}
    assert {key for number, key in keys.items() if int(number) >= 104} == {""}


def test_a_plan_of_a_child_whose_row_is_absent_comes_by_number_alone() -> None:
    found = dataset(ssd_cp_plans=[PLAN, {**PLAN, "cppl_person_id": "102"}])
    assert [child.child_id for child in found.children] == ["101", "102"]
    assert found.children[1].given == frozenset()
    assert "child 102: this child has no row" in sentences(found)[0]


@pytest.mark.parametrize(
    ("row", "worker"),
    [
        ({"invo_professional_role_id": " cw "}, "Hannah Quill"),
        ({"invo_professional_role_id": "IRO"}, ""),
        ({"invo_involvement_end_date": "2026-05-06"}, ""),
        ({"invo_involvement_end_date": "2026-05-07"}, "Hannah Quill"),
        ({"invo_involvement_start_date": "2026-05-07"}, ""),
        ({"invo_professional_id": "W9"}, ""),
    ],
)
def test_the_worker_is_who_is_allocated_on_the_day_of_the_file(row: dict[str, str], worker: str) -> None:
    (plan,) = dataset(ssd_involvements=[{**INVOLVED, **row}]).plans
    assert plan.worker == worker
    assert ("worker" in plan.given) is bool(worker)


def test_of_several_workers_the_latest_is_meant() -> None:
    workers = [WORKER, {**WORKER, "prof_professional_id": "W2", "prof_professional_name": "Dev Marchetti"}]
    since = {"invo_involvement_start_date": "2026-01-05", "invo_professional_id": "W2"}
    (plan,) = dataset(ssd_professionals=workers, ssd_involvements=[{**INVOLVED, **since}, INVOLVED]).plans
    assert plan.worker == "Dev Marchetti"


# --- how a file looks -----------------------------------------------------------------------------------


def test_the_look_of_a_file_changes_nothing() -> None:
    plain = dataset()
    shouted = {
        f"export of {number}.CSV": as_csv([{f" {head.upper()} ": value for head, value in row.items()} for row in rows])
        .removeprefix(b"\xef\xbb\xbf")
        .replace(b"\r\n", b"\n")
        .replace(b"NULL", b"")
        for number, rows in enumerate(WHOLE.values())
    }
    found = read("folder.zip", zipped({**shouted, "__MACOSX/._export.csv": b"\x00", "readme.txt": b"hello"}), AS_AT)
    assert sentences(found) == []
    for kind in ("children", "plans", "meetings"):
        seen = [[asdict(row) | {"sheet": ""} for row in getattr(one, kind)] for one in (plain, found)]
        assert seen[0] == seen[1]


def test_a_comma_without_quotation_marks_leaves_out_its_row_and_shifts_nothing() -> None:
    files = {f"{name}.csv": as_csv(rows) for name, rows in WHOLE.items()}
    files["ssd_professionals.csv"] = files["ssd_professionals.csv"].replace(b"Hannah Quill", b"Quill, Hannah")
    found = read("ssd.zip", zipped(files), AS_AT)
    (said,) = sentences(found)
    assert said.startswith("ssd_professionals.csv row 2: 4 cells under 3 headings.")
    assert found.plans[0].worker == ""


@pytest.mark.parametrize("column", [*PERSON, *PLAN])
@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "Hannah Quill??"])
def test_a_cell_that_cannot_be_read_leaves_out_its_fact_or_its_row_and_is_not_quoted(column: str, cell: str) -> None:
    table = "ssd_person" if column in PERSON else "ssd_cp_plans"
    found = dataset(**{table: [{**(PERSON if column in PERSON else PLAN), column: cell}]})
    needed = {"cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"}
    if column == "pers_person_id":
        assert len(found.plans) == 1
    elif column in needed:
        assert [finding.severity for finding in found.findings if finding.place.column == column] == [Severity.REJECT]
        assert not found.plans
    else:
        assert (len(found.children), len(found.plans)) == (1, 1)
    values = [str(value) for row in (*found.children, *found.plans) for value in asdict(row).values()]
    if cell.startswith("#"):
        assert not [value for value in values if cell in value]
    assert not [said for said in sentences(found) if "Hannah" in said]


def test_two_files_of_one_table_stop_the_file() -> None:
    files = {f"{name}.csv": as_csv(rows) for name, rows in WHOLE.items()}
    found = read("ssd.zip", zipped({**files, "plans again.csv": files["ssd_cp_plans.csv"]}), AS_AT)
    assert sentences(found)[0].startswith("Two files hold ssd_cp_plans: ")
