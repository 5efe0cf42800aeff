"""A census return is read as a stream: every review, DfE's rules with their codes, and never half a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from undrift.children.models.plan import SeenAlone
from undrift.intake.cin_census.reading import read
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity

DAY = date(2026, 3, 31)
LATER = date(2026, 5, 6)


def element(name: str, within: object) -> str:
    return f"<{name}>{within}</{name}>"


def plan(
    starts: str = "2025-12-04",
    ends: str = "",
    reviews: Sequence[str] = ("2026-02-26",),
    *,
    initial: str = "NEG",
    latest: str = "NEG",
    previous: str = "0",
    more: str = "",
) -> str:
    held = "".join(element("CPPreviewDate", day) for day in reviews)
    return element(
        "ChildProtectionPlans",
        element("CPPstartDate", starts)
        + (element("CPPendDate", ends) if ends else "")
        + (element("InitialCategoryOfAbuse", initial) if initial else "")
        + (element("LatestCategoryOfAbuse", latest) if latest else "")
        + (element("NumberOfPreviousCPP", previous) if previous else "")
        + (element("Reviews", held) if held else "")
        + more,
    )


def enquiry(starts: str = "2025-11-14", held: str = "2025-12-04", target: str = "2025-12-05", more: str = "") -> str:
    return element(
        "Section47",
        (element("S47ActualStartDate", starts) if starts else "")
        + element("InitialCPCtarget", target)
        + (element("DateOfInitialCPC", held) if held else "")
        + more,
    )


ASSESSED = element("Assessments", element("AssessmentActualStartDate", "2025-11-12"))


def child(
    *details: str,
    number: str = "90001",
    born: str = "<PersonBirthDate>2016-09-03</PersonBirthDate>",
    sex: str = "<Sex>F</Sex>",
    referral: str = "2025-11-10",
    conference: str = "",
    assessed: str = ASSESSED,
) -> str:
    return element(
        "Child",
        element("ChildIdentifiers", f"<LAchildID>{number}</LAchildID><UPN>A123</UPN>{born}{sex}")
        + element(
            "CINdetails",
            element("CINreferralDate", referral)
            + (element("DateOfInitialCPC", conference) if conference else "")
            + assessed
            + "".join(details),
        ),
    )


def census(*children: str, lea: str = "335", day: str = "2026-03-31", collection: str = "CIN") -> bytes:
    header = element(
        "Header",
        element("CollectionDetails", f"<Collection>{collection}</Collection><ReferenceDate>{day}</ReferenceDate>")
        + element("Source", element("LEA", lea)),
    )
    message = element("Message", header + element("Children", "".join(children)))
    return f'<?xml version="1.0" encoding="utf-8"?>{message}'.encode()


def reading(*children: str, **header: str) -> Extract:
    return read("census.xml", census(*children, **header), LATER)


def sentences(found: Extract) -> list[str]:
    return [str(finding) for finding in found.findings]


def codes(found: Extract) -> list[str]:
    return [finding.code for finding in found.findings]


def test_an_ordinary_child_is_read_without_a_word() -> None:
    found = reading(child(enquiry(), plan()))
    assert sentences(found) == []
    assert (found.source, found.council, found.as_at, found.whole) == ("cin-census", "335", DAY, True)
    (one,), (of_the_plan,) = found.children, found.plans
    assert (one.child_id, one.sex, one.born, one.first_name) == ("90001", "F", date(2016, 9, 3), "")
    assert (of_the_plan.starts, of_the_plan.ends, of_the_plan.previous_plans) == (date(2025, 12, 4), None, 0)
    assert (of_the_plan.initial_category, of_the_plan.latest_category) == ("NEG", "NEG")
    assert (of_the_plan.reviews_held, of_the_plan.latest_review) == (1, date(2026, 2, 26))
    assert [(one.kind, one.day, one.held) for one in found.meetings] == [
        ("initial", date(2025, 12, 4), True),
        ("review", date(2026, 2, 26), True),
    ]
    assert "team" not in of_the_plan.given
    assert (of_the_plan.last_visit, of_the_plan.seen_alone) == (None, SeenAlone.UNKNOWN)
    assert "last_visit" not in of_the_plan.given


def test_every_review_is_read_however_the_file_groups_them() -> None:
    days = ["2024-05-01", "2024-10-20", "2025-04-10"]
    together = plan("2024-02-05", reviews=days)
    apart = plan(
        "2024-02-05", reviews=(), more="".join(element("Reviews", element("CPPreviewDate", day)) for day in days)
    )
    for each in (together, apart):
        found = reading(child(each, referral="2024-01-02"))
        assert [one.day.isoformat() for one in found.meetings] == days
        assert (found.plans[0].reviews_held, found.plans[0].latest_review) == (3, date(2025, 4, 10))


def test_a_review_after_the_reference_date_is_planned() -> None:
    found = reading(child(enquiry(), plan(reviews=["2026-02-26", "2026-04-01"])))
    assert [one.held for one in found.meetings] == [True, True, False]
    assert (found.plans[0].reviews_held, found.plans[0].latest_review) == (1, date(2026, 2, 26))


@pytest.mark.parametrize(
    ("sex", "read_as"),
    [
        ("<GenderCurrent>1</GenderCurrent>", "M"),
        ("<GenderCurrent>2</GenderCurrent>", "F"),
        ("<GenderCurrent>0</GenderCurrent>", "U"),
        ("<GenderCurrent>9</GenderCurrent>", "U"),
        ("<Sex>M</Sex>", "M"),
        ("<Sex>U</Sex>", "U"),
    ],
)
def test_sex_is_read_from_every_years_code(sex: str, read_as: str) -> None:
    assert reading(child(enquiry(), plan(), sex=sex)).children[0].sex == read_as


def test_an_unborn_child_is_expected_and_a_birth_leaves_the_expected_day_out() -> None:
    expected = "<ExpectedPersonBirthDate>2026-04-20</ExpectedPersonBirthDate>"
    (unborn,) = reading(child(enquiry(), plan(), born=expected)).children
    assert (unborn.born, unborn.expected) == (None, date(2026, 4, 20))
    assert "born" not in unborn.given
    both = expected.replace("2026-04", "2026-01") + "<PersonBirthDate>2026-01-18</PersonBirthDate>"
    (born,) = reading(child(enquiry(), plan(), born=both)).children
    assert (born.born, born.expected) == (date(2026, 1, 18), None)
    assert "expected" not in born.given


def test_a_child_who_died_is_read_with_the_day() -> None:
    died = "<PersonBirthDate>2016-09-03</PersonBirthDate><PersonDeathDate>2026-01-09</PersonDeathDate>"
    found = reading(child(enquiry(), plan(ends="2026-01-09", reviews=()), born=died))
    assert (found.children[0].died, codes(found)) == (date(2026, 1, 9), [])


DEAD = "<PersonBirthDate>2016-09-03</PersonBirthDate><PersonDeathDate>{}</PersonDeathDate>"
RULES = [
    ("8925", [child(enquiry(), plan(ends="2025-12-03", reviews=()))]),
    ("8840", [child(enquiry(), plan(ends="2025-12-04", reviews=()))]),
    ("8935", [child(enquiry(), plan(), plan("2024-12-04"), referral="2024-01-02")]),
    ("8940", [child(enquiry(), plan(), plan("2024-12-04", "2026-01-05", ()), referral="2024-01-02")]),
    ("8841", [child(enquiry(), plan(reviews=["2025-12-04"]))]),
    ("8842Q", [child(enquiry(), plan(more="<Reviews></Reviews>"))]),
    ("8842Q", [child(enquiry(), plan(more="<Reviews><CPPreviewDate></CPPreviewDate></Reviews>"))]),
    ("1105", [child(enquiry(), plan(), referral="2025-12-05")]),
    ("1104", [child(enquiry(), plan(), referral="2025-12-05")]),
    ("2885", [child(enquiry(held="2025-12-03"), plan())]),
    ("2885", [child(plan())]),
    ("2883", [child(enquiry(), plan(ends="2026-01-05", reviews=()), plan("2026-02-06", reviews=()))]),
    ("8615", [child(enquiry(starts="2025-12-05"), plan())]),
    ("8615", [child(enquiry(starts=""), plan())]),
    ("8875", [child(enquiry(held="2025-12-06"), plan("2025-12-06"))]),
    ("8870Q", [child(enquiry(target="2025-12-06"), plan())]),
    ("8905", [child(enquiry(), plan(initial=""))]),
    ("8905", [child(enquiry(), plan(initial="XYZ"))]),
    ("8910", [child(enquiry(), plan(latest=""))]),
    ("8910", [child(enquiry(), plan(latest="XYZ"))]),
    ("8730", [child(enquiry(), plan(previous=""))]),
    ("8915", [child(enquiry(), plan(), born=DEAD.format("2025-12-03"))]),
    ("8920", [child(enquiry(), plan(), born=DEAD.format("2026-01-09"))]),
    ("8920", [child(enquiry(), plan(ends="2026-01-10", reviews=()), born=DEAD.format("2026-01-09"))]),
    ("2884", [child(enquiry(), plan(), conference="2025-12-04")]),
    ("8675Q", [child(enquiry(), plan(), enquiry("2026-03-09", ""))]),
    ("8675Q", [child(enquiry(), plan()), child(enquiry("2026-03-09", ""), number="7")]),
]


@pytest.mark.parametrize(("code", "children"), RULES)
def test_what_dfe_would_say_is_said_with_its_code(code: str, children: list[str]) -> None:
    found = reading(*children)
    assert code in codes(found)
    assert not found.stopped
    assert len(found.children) == 1
    assert len(found.plans) == (0 if code == "8925" else str(children).count("<CPPstartDate>"))


# Fifteen working days before 31 March 2026, a Tuesday, is Tuesday 10 March.
@pytest.mark.parametrize(("starts", "more", "late"), [
    ("2026-03-10", "", False),
    ("2026-03-09", "", True),
    ("2026-03-09", "<ICPCnotRequired>1</ICPCnotRequired>", False),
    ("2026-03-09", "<ICPCnotRequired>true</ICPCnotRequired>", False),
    ("2026-03-09", "<ICPCnotRequired>false</ICPCnotRequired>", True),
])  # fmt: skip
def test_an_enquiry_may_stand_for_fifteen_working_days_without_a_conference(starts: str, more: str, late: bool) -> None:
    found = reading(child(enquiry(), plan(), enquiry(starts, "", more=more)))
    assert codes(found) == (["8675Q"] if late else [])


def test_a_conference_at_the_referral_counts_as_one_at_the_enquiry() -> None:
    found = reading(child(plan(), conference="2025-12-04"))
    assert codes(found) == []
    assert [one.kind for one in found.meetings] == ["initial", "review"]


def test_two_plans_of_two_referrals_overlap_as_well() -> None:
    earlier = child(plan("2024-12-04", "2026-01-05", (), initial="PHY"), referral="2024-11-01")
    found = reading(child(enquiry(), plan()), earlier)
    assert "8940" in codes(found)
    assert (len(found.children), len(found.plans)) == (1, 2)


def test_a_child_without_a_plan_or_a_conference_is_passed_over() -> None:
    found = reading(child(enquiry(), plan()), child(number="7"), child(enquiry("2026-03-20", ""), number="8"))
    assert [one.child_id for one in found.children] == ["90001"]
    assert found.rows_in_file == 3
    assert found.children_in_file == {"90001"}


def test_a_child_with_a_conference_alone_comes_with_it() -> None:
    found = reading(child(enquiry(), plan()), child(enquiry(), number="7"))
    assert [one.child_id for one in found.children] == ["90001", "7"]
    assert found.children_in_file == {"90001"}


def test_a_row_that_cannot_be_used_keeps_the_child_in_the_file() -> None:
    found = reading(child(enquiry(), plan(starts="soon")))
    assert [finding.severity for finding in found.findings] == [Severity.REJECT]
    assert (len(found.plans), set(found.children_in_file)) == (0, {"90001"})


@pytest.mark.parametrize(
    ("column", "good"),
    [
        ("PersonBirthDate", "2016-09-03"),
        ("Sex", "F"),
        ("CINreferralDate", "2025-11-10"),
        ("InitialCPCtarget", "2025-12-05"),
        ("CPPreviewDate", "2026-02-26"),
        ("NumberOfPreviousCPP", "0"),
        ("LatestCategoryOfAbuse", "NEG"),
    ],
)
def test_an_optional_element_that_cannot_be_read_is_left_out_and_not_quoted(column: str, good: str) -> None:
    spoilt = child(enquiry(), plan()).replace(f"<{column}>{good}", f"<{column}>Hannah Quill")
    found = reading(spoilt)
    assert (len(found.children), len(found.plans)) == (1, 1)
    (finding,) = found.findings
    assert finding.place.column == column
    assert "Hannah" not in str(finding)


def test_the_files_own_day_is_its_reference_date_unless_that_is_still_to_come() -> None:
    assert reading(child(enquiry(), plan())).as_at == DAY
    ahead = reading(child(enquiry(), plan()), day="2027-03-31")
    assert (ahead.as_at, sentences(ahead)) == (
        LATER,
        ["CIN census, ReferenceDate: 31/03/2027 is still to come. Read as a file of 06/05/2026."],
    )
    absent = reading(child(enquiry(), plan()), day="")
    assert "no date that can be read" in sentences(absent)[0]


def test_a_census_without_plans_says_so() -> None:
    (said,) = sentences(reading(child(), child(number="7")))
    assert "This is a CIN census file for 31 March 2026 with 2 children but no child protection plans" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<CINdetailsCollection/>", "The root is CINdetailsCollection; a census return starts with <Message>"),
        (census(collection="CSWW"), "This is a return of another collection: CSWW"),
        (b"child,plan\n1,2\n", "census.xml is no XML file"),
        (b"<Message><Header>", "it breaks off or is wrong in line 1"),
        (b"<!DOCTYPE Message [<!ENTITY a 'b'>]><Message/>", "declares a document type or entities"),
    ],
)
def test_what_is_no_census_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    found = read("census.xml", content, LATER)
    assert found.stopped
    (sentence,) = sentences(found)
    assert said in sentence


def test_the_line_in_which_a_plan_begins_is_told_as_its_row() -> None:
    content = census(child(enquiry(), "\n\n" + plan(previous="many")))
    (said,) = sentences(read("census.xml", content, LATER))
    assert said.startswith("CIN census row 3, child 90001, NumberOfPreviousCPP: Text cannot be read (DfE 8730).")
