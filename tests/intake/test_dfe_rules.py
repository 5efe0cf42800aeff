"""DfE's rules about plans, reviews, enquiries and conferences: of each a file that breaks it alone, and one that keeps.

In every format in which the rule's facts can stand. Where one rule cannot be broken without another, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.intake.csv_tables import Rows, zipped
from tests.intake.test_cin_census import DEAD, child, element, enquiry, plan, reading
from tests.intake.test_ssd import EARLIER, ENQUIRY, ICPC, PERSON, PLAN, REVIEW, dataset
from tests.intake.workbooks import read_workbook, workbook
from undrift.intake.children_csv import reading as children_csv
from undrift.intake.dfe_rules import ANNEX_A, CENSUS, DATASET, OWN, RULES
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity

AS_AT = date(2026, 5, 6)
File = Callable[[Path], Extract]


def census(*details: str, **rest: str) -> File:
    """A child beside an ordinary one, so that no file is refused for having nobody on a plan."""
    return lambda folder: reading(child(enquiry(), plan()), child(*details, number="7", **rest))


def annex_a(row: Mapping[str, Any], *more: Mapping[str, Any], list_5: Rows = ()) -> File:
    return lambda folder: read_workbook(workbook(folder / "a.xlsx", row, *more, list_5=list_5), AS_AT)


def tables(**rows: Rows) -> File:
    return lambda folder: dataset(**{f"ssd_{name}": table for name, table in rows.items()})


def own(plans: str, conferences: str = "", died: str = "") -> File:
    files = {
        "a.csv": f"child_id,sex,born,died\n90001,F,2016-09-03,{died}\n",
        "b.csv": f"child_id,starts,ends,initial_category,latest_category\n{plans}\n",
    } | ({"c.csv": f"child_id,kind,held_on\n90001,initial,{conferences}\n"} if conferences else {})
    content = zipped({name: text.encode() for name, text in files.items()})
    return lambda folder: children_csv.read("o.zip", content, AS_AT)


def closed(on: str, reason: str = "") -> str:
    return element("CINclosureDate", on) + (element("ReasonForClosure", reason) if reason else "")


def need(starts: str, ends: str = "") -> str:
    over = element("CINPlanEndDate", ends) if ends else ""
    return element("CINPlanDates", element("CINPlanStartDate", starts) + over)


def no_action(said: str) -> str:
    return element("ReferralNFA", said)


def of_the_enquiry(none_needed: str) -> str:
    return element("ICPCnotRequired", none_needed)


ORDINARY = (enquiry(), plan())
OLDER = "2025-02-03"  # before the census year
NEVER: Mapping[str, Any] = {"review": None, "visit": None}
OWN_PLAN = "90001,2025-12-04,,NEG,NEG"


def later(day: str) -> Mapping[str, str]:
    return {**PLAN, "cppl_cp_plan_start_date": day}


def ended(day: str, of: Mapping[str, str] = PLAN) -> Mapping[str, str]:
    return {**of, "cppl_cp_plan_end_date": day}


def conference(day: str) -> Mapping[str, str]:
    return {**ICPC, "icpc_icpc_date": day}


def died(day: str) -> Mapping[str, str]:
    return {**PERSON, "pers_death_date": day}


# The code, the kind of file, one that breaks the rule, one that keeps it.
EXAMPLES: tuple[tuple[str, str, File, File], ...] = (
    # Plans
    ("1105", CENSUS, census(plan(OLDER), referral="2025-02-04"), census(plan(OLDER), referral="2025-02-03")),
    (
        "2883",
        CENSUS,
        census(enquiry(), plan(ends="2026-01-05", reviews=()), plan("2026-02-06", reviews=())),
        census(
            enquiry(), plan(ends="2026-01-05", reviews=()), enquiry("2026-01-20", "2026-02-06"),
            plan("2026-02-06", reviews=()),
        ),
    ),
    ("2885", CENSUS, census(enquiry(held="2025-12-03"), plan()), census(*ORDINARY)),
    ("2885", CENSUS, census(plan(), conference="2025-12-03"), census(plan(), conference="2025-12-04")),
    (
        "2885",
        ANNEX_A,
        annex_a({}, list_5=[{"enquiry": date(2025, 11, 14), "day": date(2025, 12, 3)}]),
        annex_a({}, list_5=[{"enquiry": date(2025, 11, 14), "day": date(2025, 12, 4)}]),
    ),
    (
        "2885",
        ANNEX_A,
        annex_a({}, list_5=[{"enquiry": date(2025, 11, 1), "day": date(2025, 11, 6)}]),
        annex_a({}, list_5=[{"enquiry": date(2025, 11, 1), "day": date(2025, 11, 5)}]),
    ),
    ("2885", DATASET, tables(initial_cp_conference=[conference("2025-12-03")]), tables()),
    ("2885", OWN, own(OWN_PLAN, "2025-12-03"), own(OWN_PLAN, "2025-12-04")),
    ("8565", CENSUS, census(enquiry(), plan(ends="2026-03-04"), closed("2026-03-03")),
     census(enquiry(), plan(ends="2026-03-04"), closed("2026-03-04"))),
    ("8565", CENSUS, census(enquiry(), closed("2025-12-03")), census(enquiry(), closed("2025-12-04"))),
    ("8720", CENSUS, census(plan("2026-04-01", reviews=())),
     census(enquiry(held="2026-03-31"), plan("2026-03-31", reviews=()))),
    ("8720", CENSUS, census(plan("")), census(*ORDINARY)),
    ("8720", ANNEX_A, annex_a({**NEVER, "starts": date(2026, 5, 7)}), annex_a({**NEVER, "starts": AS_AT})),
    ("8720", ANNEX_A, annex_a({}, {"child_id": 2, "starts": None}), annex_a({}, {"child_id": 2})),
    ("8720", DATASET, tables(cp_plans=[later("2026-05-07")]),
     tables(cp_plans=[later("2026-05-06")], initial_cp_conference=[conference("2026-05-06")], cp_reviews=[])),
    ("8720", OWN, own("90001,2026-05-07,,NEG,NEG"), own("90001,2026-05-06,,NEG,NEG")),
    ("8730", CENSUS, census(enquiry(), plan(previous="")), census(*ORDINARY)),
    ("8730", CENSUS, census(enquiry(), plan(previous="two")), census(*ORDINARY)),
    ("8730", ANNEX_A, annex_a({"previous": "two"}), annex_a({"previous": 2})),
    ("8832", CENSUS, census(plan(OLDER), no_action("1"), referral=OLDER),
     census(plan(OLDER), no_action("0"), referral=OLDER)),
    ("8832", CENSUS, census(plan(OLDER), no_action("true"), referral=OLDER),
     census(plan(OLDER), no_action("false"), referral=OLDER)),
    ("8840", CENSUS, census(enquiry(), plan(ends="2025-12-04", reviews=())),
     census(enquiry(), plan(ends="2025-12-05", reviews=()))),
    ("8840", ANNEX_A, annex_a({**NEVER, "ends": date(2025, 12, 4)}), annex_a({**NEVER, "ends": date(2025, 12, 5)})),
    ("8840", DATASET, tables(cp_plans=[ended("2025-12-04")]), tables(cp_plans=[ended("2025-12-05")])),
    ("8840", OWN, own("90001,2025-12-04,2025-12-04,NEG,NEG"), own("90001,2025-12-04,2025-12-05,NEG,NEG")),
    ("8841", CENSUS, census(enquiry(), plan(reviews=["2025-12-04"])), census(enquiry(), plan(reviews=["2025-12-05"]))),
    ("8841", ANNEX_A, annex_a({"review": date(2025, 12, 4)}), annex_a({"review": date(2025, 12, 5)})),
    ("8841", DATASET, tables(cp_reviews=[{**REVIEW, "cppr_cp_review_date": "2025-12-04"}]),
     tables(cp_reviews=[{**REVIEW, "cppr_cp_review_date": "2025-12-05"}])),
    ("8905", CENSUS, census(enquiry(), plan(initial="")), census(*ORDINARY)),
    ("8905", CENSUS, census(enquiry(), plan(initial="XYZ")), census(enquiry(), plan(initial="PHY"))),
    ("8905", ANNEX_A, annex_a({"initial": "XYZ"}), annex_a({"initial": "b) Physical abuse"})),
    ("8905", DATASET, tables(cp_plans=[{**PLAN, "cppl_cp_plan_initial_category": "XYZ"}]), tables()),
    ("8905", OWN, own("90001,2025-12-04,,XYZ,NEG"), own(OWN_PLAN)),
    ("8910", CENSUS, census(enquiry(), plan(latest="")), census(*ORDINARY)),
    ("8910", CENSUS, census(enquiry(), plan(latest="XYZ")), census(enquiry(), plan(latest="MUL"))),
    ("8910", ANNEX_A, annex_a({"latest": "XYZ"}), annex_a({"latest": "e) Multiple"})),
    ("8910", DATASET, tables(cp_plans=[{**PLAN, "cppl_cp_plan_latest_category": "XYZ"}]), tables()),
    ("8910", OWN, own("90001,2025-12-04,,NEG,XYZ"), own(OWN_PLAN)),
    ("8915", CENSUS, census(*ORDINARY, born=DEAD.format("2025-12-03")),
     census(enquiry(), plan(ends="2025-12-05", reviews=()), born=DEAD.format("2025-12-05"))),
    ("8915", DATASET, tables(person=[died("2025-12-03")]),
     tables(person=[died("2025-12-05")], cp_plans=[ended("2025-12-05")])),
    ("8915", OWN, own(OWN_PLAN, died="2025-12-03"), own("90001,2025-12-04,2025-12-05,NEG,NEG", died="2025-12-05")),
    ("8920", CENSUS, census(enquiry(), plan(ends="2026-01-10", reviews=()), born=DEAD.format("2026-01-09")),
     census(enquiry(), plan(ends="2026-01-09", reviews=()), born=DEAD.format("2026-01-09"))),
    ("8920", CENSUS, census(*ORDINARY, born=DEAD.format("2026-01-09")),
     census(enquiry(), plan(ends="2026-01-08", reviews=()), born=DEAD.format("2026-01-09"))),
    ("8920", DATASET, tables(person=[died("2026-01-09")]),
     tables(person=[died("2026-01-09")], cp_plans=[ended("2026-01-09")])),
    ("8920", OWN, own(OWN_PLAN, died="2026-01-09"), own("90001,2025-12-04,2026-01-09,NEG,NEG", died="2026-01-09")),
    ("8925", CENSUS, census(enquiry(), plan(ends="2025-12-03", reviews=())),
     census(enquiry(), plan(ends="2025-12-05", reviews=()))),
    ("8925", ANNEX_A, annex_a({}, {"child_id": 2, "ends": date(2025, 12, 3)}),
     annex_a({}, {"child_id": 2, **NEVER, "ends": date(2025, 12, 5)})),
    ("8925", DATASET, tables(cp_plans=[ended("2025-12-03")]), tables(cp_plans=[ended("2025-12-05")])),
    ("8925", OWN, own("90001,2025-12-04,2025-12-03,NEG,NEG"), own("90001,2025-12-04,2025-12-05,NEG,NEG")),
    ("8930", CENSUS, census(plan("2024-12-04", "2025-03-31", ()), referral="2024-11-11"),
     census(plan("2024-12-04", "2025-04-01", ()), referral="2024-11-11")),
    ("8930", CENSUS, census(enquiry(), plan(ends="2026-04-01")), census(enquiry(), plan(ends="2026-03-31"))),
    ("8930", ANNEX_A, annex_a({"ends": date(2026, 5, 7)}), annex_a({"ends": AS_AT})),
    ("8930", DATASET, tables(cp_plans=[ended("2026-05-07")]), tables(cp_plans=[ended("2026-05-06")])),
    ("8930", OWN, own("90001,2025-12-04,2026-05-07,NEG,NEG"), own("90001,2025-12-04,2026-05-06,NEG,NEG")),
    ("8935", CENSUS, census(plan(OLDER, reviews=()), *ORDINARY, referral=OLDER),
     census(plan(OLDER, "2025-12-04", ()), *ORDINARY, referral=OLDER)),
    ("8935", ANNEX_A, annex_a({}, {"starts": date(2025, 2, 3)}),
     annex_a({}, {**NEVER, "starts": date(2025, 2, 3), "ends": date(2025, 12, 4)})),
    ("8935", DATASET, tables(cp_plans=[PLAN, ended("NULL", EARLIER)]), tables(cp_plans=[PLAN, EARLIER])),
    ("8935", OWN, own(f"{OWN_PLAN}\n90001,2025-02-03,,NEG,NEG"),
     own(f"{OWN_PLAN}\n90001,2025-02-03,2025-12-04,NEG,NEG")),
    ("8940", CENSUS, census(plan(OLDER, "2025-12-05", ()), *ORDINARY, referral=OLDER),
     census(plan(OLDER, "2025-12-04", ()), *ORDINARY, referral=OLDER)),
    ("8940", ANNEX_A, annex_a({}, {**NEVER, "starts": date(2025, 2, 3), "ends": date(2025, 12, 5)}),
     annex_a({}, {**NEVER, "starts": date(2025, 2, 3), "ends": date(2025, 12, 4)})),
    ("8940", DATASET, tables(cp_plans=[PLAN, ended("2025-12-05", EARLIER)]),
     tables(cp_plans=[PLAN, ended("2025-12-04", EARLIER)])),
    ("8940", OWN, own(f"{OWN_PLAN}\n90001,2025-02-03,2025-12-05,NEG,NEG"),
     own(f"{OWN_PLAN}\n90001,2025-02-03,2025-12-04,NEG,NEG")),
    ("4001", CENSUS, census(enquiry(), plan(reviews=()), need("2025-12-20")),
     census(enquiry(), plan(ends="2025-12-20", reviews=()), need("2025-12-20"))),
    ("4016", CENSUS, census(*ORDINARY, need("2025-12-20", "2026-01-20")),
     census(enquiry(), plan(ends="2025-12-20", reviews=()), need("2025-12-20", "2026-01-20"))),
    ("4017", CENSUS, census(*ORDINARY, need("2025-11-20", "2025-12-05")),
     census(*ORDINARY, need("2025-11-20", "2025-12-04"))),
    # Reviews
    ("4003", CENSUS, census(enquiry(), plan(ends="2026-02-02"), need("2026-02-02")),
     census(enquiry(), plan(ends="2026-02-02", reviews=["2026-02-02"]), need("2026-02-02"))),
    ("8842Q", CENSUS, census(enquiry(), plan(more="<Reviews></Reviews>")), census(*ORDINARY)),
    ("8842Q", CENSUS, census(enquiry(), plan(more="<Reviews><CPPreviewDate></CPPreviewDate></Reviews>")),
     census(enquiry(), plan(reviews=()))),
    # Enquiries and initial conferences
    ("1104", CENSUS, census(conference="2025-11-07"), census(conference="2025-11-10")),
    ("2884", CENSUS, census(*ORDINARY, conference="2025-12-04"), census(plan(), conference="2025-12-04")),
    ("2889", CENSUS, census(enquiry("2025-11-07"), plan()), census(enquiry("2025-11-10"), plan())),
    ("2991Q", CENSUS, census(*ORDINARY, assessed=""), census(plan(), conference="2025-12-04", assessed="")),
    ("8615", CENSUS, census(enquiry("2025-12-05"), plan()), census(enquiry("2025-12-04"), plan())),
    ("8615", CENSUS, census(enquiry(""), plan()), census(*ORDINARY)),
    ("8615", ANNEX_A, annex_a({}, list_5=[{"enquiry": date(2025, 12, 5), "day": date(2025, 12, 4)}]),
     annex_a({}, list_5=[{"enquiry": date(2025, 12, 4), "day": date(2025, 12, 4)}])),
    ("8615", DATASET, tables(s47_enquiry=[{**ENQUIRY, "s47e_s47_start_date": "2025-12-05"}]), tables()),
    ("8675Q", CENSUS, census(*ORDINARY, enquiry("2026-03-09", "")), census(*ORDINARY, enquiry("2026-03-10", ""))),
    ("8675Q", ANNEX_A, annex_a({}, list_5=[{"enquiry": date(2026, 4, 13), "day": None}]),
     annex_a({}, list_5=[{"enquiry": date(2026, 4, 14), "day": None}])),
    ("8675Q", ANNEX_A, annex_a({}, list_5=[{"enquiry": date(2026, 4, 13), "day": None, "unnecessary": "b) No"}]),
     annex_a({}, list_5=[{"enquiry": date(2026, 4, 13), "day": None, "unnecessary": "a) Yes"}])),
    ("8715", CENSUS, census(enquiry("2025-02-24", "2025-03-31"), referral=OLDER),
     census(enquiry("2025-02-24", "2025-04-01"), referral=OLDER)),
    ("8715", CENSUS, census(enquiry("2026-03-20", "2026-04-01")), census(enquiry("2026-03-20", "2026-03-31"))),
    ("8740", CENSUS, census(*ORDINARY, enquiry("2026-04-01", "", more=of_the_enquiry("0"))),
     census(*ORDINARY, enquiry("2026-03-31", "", more=of_the_enquiry("0")))),
    ("8839", CENSUS, census(*ORDINARY, enquiry("", ""), enquiry("2026-03-20", "")),
     census(*ORDINARY, enquiry("", "", more=of_the_enquiry("1")), enquiry("2026-03-20", ""))),
    ("8868", CENSUS, census(enquiry("2026-03-20", ""), closed("2026-03-30"), conference="2025-12-04"),
     census(
         enquiry("2026-03-20", "", more=of_the_enquiry("1")), closed("2026-03-30"), conference="2025-12-04"
     )),
    ("8868", CENSUS, census(enquiry(more=of_the_enquiry("1")), closed("2026-03-30")),
     census(enquiry(more=of_the_enquiry("0")), closed("2026-03-30"))),
    ("8870Q", CENSUS, census(enquiry(target="2025-12-06"), plan()), census(enquiry(target="2025-12-05"), plan())),
    ("8875", CENSUS, census(enquiry(held="2025-12-06"), plan("2025-12-06")),
     census(enquiry(held="2025-12-05"), plan("2025-12-05"))),
    ("8875", ANNEX_A, annex_a({"starts": date(2025, 2, 3)}, list_5=[{"day": date(2026, 5, 2)}]),
     annex_a({"starts": date(2025, 2, 3)}, list_5=[{"day": date(2026, 5, 1)}])),
    ("8875", DATASET, tables(cp_plans=[later("2025-12-06")], initial_cp_conference=[conference("2025-12-06")]),
     tables(cp_plans=[later("2025-12-05")], initial_cp_conference=[conference("2025-12-05")])),
    ("8875", OWN, own("90001,2025-12-06,,NEG,NEG", "2025-12-06"), own("90001,2025-12-05,,NEG,NEG", "2025-12-05")),
    ("8890", CENSUS, census(enquiry(), enquiry("2025-12-04", "2025-12-10"), plan()),
     census(enquiry(), enquiry("2025-12-05", "2025-12-10"), plan())),
    ("8890", CENSUS, census(*ORDINARY, enquiry("2026-03-20", ""), enquiry("2026-03-23", "2026-03-31")),
     census(*ORDINARY, enquiry("2026-03-20", "", more=of_the_enquiry("1")), enquiry("2026-03-23", "2026-03-31"))),
    # Both
    ("8831", CENSUS, census(enquiry(), no_action("1")), census(enquiry(), no_action("0"))),
    ("2990", CENSUS, census(enquiry(), closed("2026-03-03", "RC8")), census(enquiry(), closed("2026-03-03", "RC1"))),
    ("2990", CENSUS, census(enquiry(), closed("2026-03-03", "RC9")), census(enquiry(), closed("2026-03-03", ""))),
)  # fmt: skip

# More plans than conferences, and each on the day of one: not without two plans of one day, which is one too many.
# Two plans that both run overlap, and one of them started while the other ran.
COMES_WITH = {"2883": {"2885"}, "4001": {"4016"}}


def codes(found: Extract) -> set[str]:
    return {finding.code for finding in found.findings} - {""}


def called(example: tuple[str, str, File, File]) -> str:
    return f"{example[0]}-{example[1]}"


@pytest.mark.parametrize("example", EXAMPLES, ids=called)
def test_what_breaks_one_rule_is_said_with_its_code_alone(example: tuple[str, str, File, File], tmp_path: Path) -> None:
    code, _, breaks, _ = example
    found = breaks(tmp_path)
    assert not found.stopped
    assert codes(found) == {code} | COMES_WITH.get(code, set())
    said = [finding for finding in found.findings if finding.code == code]
    assert {finding.severity for finding in said} == {RULES[code].severity}
    assert all(f"(DfE {code})" in str(finding) and finding.did for finding in said)


@pytest.mark.parametrize("example", EXAMPLES, ids=called)
def test_what_keeps_it_is_not_spoken_of(example: tuple[str, str, File, File], tmp_path: Path) -> None:
    found = example[3](tmp_path)
    assert not found.stopped
    assert codes(found) == set()


def test_each_of_the_37_rules_has_an_example_in_every_format_in_which_it_is_asked() -> None:
    assert len(RULES) == 37
    asked = {(code, format) for code, rule in RULES.items() for format in rule.formats}
    assert {(code, format) for code, format, _, _ in EXAMPLES} == asked


def test_a_rule_leaves_a_row_out_or_asks_to_look_and_stops_no_file() -> None:
    assert {rule.severity for rule in RULES.values()} == {Severity.WARN, Severity.REJECT}
    assert {code for code, rule in RULES.items() if rule.severity is Severity.REJECT} == {"8720", "8925"}


def test_the_census_year_of_a_leap_year_begins_on_the_first_of_april() -> None:
    first = child(enquiry("2023-03-20", "2023-04-03"), plan("2023-04-01", reviews=()), referral="2023-03-17")
    found = reading(first, day="2024-03-31")
    assert "2885" in codes(found)
    before = child(enquiry("2023-03-20", "2023-04-03"), plan("2023-03-31", reviews=()), referral="2023-03-17")
    assert codes(reading(before, day="2024-03-31")) == set()
