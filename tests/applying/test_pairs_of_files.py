"""First this file, then that one, as they are sent: another sheet or a hidden one, another council's, hugely different.

What is refused leaves every fact and the whole history as they were; what is taken can be undone, and both stay there.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import openpyxl
import pytest

from tests.applying.by_hand import FIRST, SECOND, THIRD, all_facts
from tests.cast import Cast, northmoor, westmarch
from tests.desks.importing.files import list_7
from tests.intake.csv_tables import as_csv, zipped
from tests.intake.test_cin_census import census, child, enquiry, plan
from tests.intake.test_ssd import PERSON, PLAN, WHOLE
from undrift.applying import by_hand
from undrift.applying.by_hand import NewChild
from undrift.applying.from_file import NotApplied, apply_check, check_file, undo
from undrift.applying.putting_right import OF_PLAN, put_right
from undrift.children.models import AllocationPart, FactChange, ImportRun, Plan
from undrift.people.models import Authority
from undrift.record.allocating import allocate

pytestmark = pytest.mark.django_db

AS_AT = date(2026, 5, 6)
LATER = date(2026, 5, 13)
END = date(2026, 5, 1)
BEGAN = date(2025, 12, 4)


@dataclass(frozen=True)
class Sent:
    """A file as it is sent, and the day that it describes."""

    format: str
    content: bytes
    day: date = AS_AT


def workbook(*rows: dict[str, Any], change: Callable[[openpyxl.Workbook], None] | None = None, **layout: Any) -> Sent:
    """Annex A as somebody saved it, after `change`."""
    content = list_7(*rows, **layout).read()
    if change is not None:
        book, out = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
        change(book)
        book.save(out)
        content = out.getvalue()
    return Sent("annex-a", content)


def later(sent: Sent) -> Sent:
    return Sent(sent.format, sent.content, LATER)


def of_council(lea: str, *, day: str = "2026-03-31", latest: str = "NEG") -> Sent:
    return Sent("cin-census", census(child(enquiry(), plan(latest=latest)), lea=lea, day=day))


def brought(sent: Sent, authority: Authority, *, at: Any, agreed: bool = False) -> ImportRun:
    check = check_file(authority, sent.format, "file", sent.content, as_at=sent.day, at=at, by=None)
    return apply_check(check, at=at, by=None, agreed=agreed, confirmed=agreed)


def what_stops(sent: Sent, authority: Authority) -> str:
    check = check_file(authority, sent.format, "file", sent.content, as_at=sent.day, at=SECOND, by=None)
    assert not check.digest
    return str(check.findings[0]["sentence"])


@pytest.fixture
def cast() -> Cast:
    return westmarch()


def as_it_was(authority: Authority) -> tuple[Any, int]:
    return all_facts(authority), FactChange.objects.count()


# Another sheet, or a hidden one ---------------------------------------------------------------------------------------

ENDED = {"ends": END, "review": None, "visit": None}


State = Literal["visible", "hidden", "veryHidden"]


def hide(title: str, state: State = "hidden") -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[title].sheet_state = state

    return change


def beside(title: str, state: State = "visible", *, own: str = "List 7") -> Callable[[openpyxl.Workbook], None]:
    """A copy of the list under another name, in which every plan has ended, and the list itself under `own`."""

    def change(book: openpyxl.Workbook) -> None:
        copy = book.copy_worksheet(book["List 7"])
        heads = [cell.value for cell in copy[1]]
        for row in copy.iter_rows(min_row=2):
            row[heads.index("Child Protection Plan End Date")].value = END
        copy.title, copy.sheet_state = title, state
        book["List 7"].title = own

    return change


def column(*titles: str) -> Callable[[openpyxl.Workbook], None]:
    """Columns of these names after the others, in which every plan has ended; without the form's own where two."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["List 7"]
        for title in titles:
            sheet.cell(1, sheet.max_column + 1, title)
            for row in range(2, sheet.max_row + 1):
                sheet.cell(row, sheet.max_column, END)
        if len(titles) > 1:
            own = next(cell for cell in sheet[1] if cell.value == "Child Protection Plan End Date")
            sheet.delete_cols(own.column)

    return change


FIRST_LIST = workbook({})
OTHER_SHEETS: Sequence[tuple[str, Sent, str, bool]] = (
    ("the list is hidden", workbook(ENDED, change=hide("List 7")), "is hidden: unhide it", False),
    ("it is hidden so that Excel does not offer it", workbook(ENDED, change=hide("List 7", "veryHidden")),
     "is hidden: unhide it", False),
    ("a hidden copy says otherwise", workbook({}, change=beside("List 7 (2)", "hidden")), "This sheet is hidden", True),
    ("another copy says otherwise", workbook({}, change=beside("List 7 old")), "This sheet fits List 7 as well", True),
    ("two that fit, and neither is the form's own", workbook({}, change=beside("List 7 May", own="List 7 April")),
     "2 sheets fit List 7", False),
    ("List 6 alone", workbook(sheet="List 6", other_sheets=(), list_5=None), "Annex A child protection is List 7",
     False),
    ("a column that looks like the form's own", workbook({}, change=column("Plan end as planned")), "", True),
    ("two columns that look like it", workbook({}, change=column("Plan end as planned", "Plan end at last")),
     "2 columns fit", False),
)  # fmt: skip


@pytest.mark.parametrize("pair", OTHER_SHEETS, ids=lambda pair: pair[0])
def test_what_stands_in_another_sheet_or_column_is_never_read_silently(
    pair: tuple[str, Sent, str, bool], cast: Cast
) -> None:
    _, second, said, taken = pair
    brought(FIRST_LIST, cast.authority, at=FIRST)
    before = as_it_was(cast.authority)
    if taken:
        run = brought(later(second), cast.authority, at=SECOND)
        assert said in " ".join(finding["sentence"] for finding in run.findings)
        assert Plan.objects.get(child__external_id="90001").ends is None
        forwards = run.changes.count()
        undo(run, at=THIRD, by=None)
        assert all_facts(cast.authority) == before[0]
        assert run.changes.count() == 2 * forwards
    else:
        assert said in what_stops(later(second), cast.authority)
        assert as_it_was(cast.authority) == before


# Another council ------------------------------------------------------------------------------------------------------


def dataset() -> Sent:
    return Sent("ssd", zipped({f"{name}.csv": as_csv(rows) for name, rows in WHOLE.items()}))


def own_list() -> Sent:
    return Sent("children", b"child_id,starts,chair\n90001,2025-12-04,grace.ollerton@westmarch.example\n")


ANOTHERS: Sequence[tuple[str, str, Sent | None, Sent]] = (
    ("a census, by the council's own three figures", "335", None, of_council("336")),
    ("a census of ours that is followed by another's", "335", of_council("335"), of_council("336", latest="PHY")),
    ("a census, where those before were of another", "", of_council("335"), of_council("336", latest="PHY")),
    ("a census of the next year", "335", of_council("335"), of_council("888", day="2026-04-30")),
    ("a workbook that another council brought in", "335", None, FIRST_LIST),
    ("a dataset that another council brought in", "335", None, dataset()),
    ("our own CSV that another council brought in", "335", None, own_list()),
)  # fmt: skip


@pytest.mark.parametrize("pair", ANOTHERS, ids=lambda pair: pair[0])
def test_a_file_of_another_council_is_refused(pair: tuple[str, str, Sent | None, Sent], cast: Cast) -> None:
    _, lea, first, second = pair
    Authority.objects.filter(pk=cast.authority.pk).update(lea=lea)
    cast.authority.refresh_from_db()
    if first is not None:
        brought(first, cast.authority, at=FIRST)
    if second.format != "cin-census":
        brought(second, northmoor().authority, at=FIRST)
    before = as_it_was(cast.authority)
    said = what_stops(second, cast.authority)
    assert "council" in said
    assert as_it_was(cast.authority) == before
    if first is not None:
        run = ImportRun.objects.get(authority=cast.authority)
        forwards = run.changes.count()
        undo(run, at=THIRD, by=None)
        assert run.changes.count() == 2 * forwards


@pytest.mark.parametrize("named", ["335", "0335"])
def test_the_council_s_own_census_is_taken(named: str, cast: Cast) -> None:
    Authority.objects.filter(pk=cast.authority.pk).update(lea="335")
    cast.authority.refresh_from_db()
    assert brought(of_council(named), cast.authority, at=FIRST).counts["plan_new"] == 1


def test_a_census_without_plans_is_refused_and_ends_nothing(cast: Cast) -> None:
    brought(of_council("335"), cast.authority, at=FIRST)
    before = as_it_was(cast.authority)
    said = what_stops(Sent("cin-census", census(child(), child(number="7"))), cast.authority)
    assert "with 2 children but no child protection plans" in said
    assert as_it_was(cast.authority) == before


# A plan said by page, and another in the file ------------------------------------------------------------------------

PAGE_BEGAN = date(2025, 10, 6)
FORMATS: Sequence[tuple[str, str, Sent]] = (
    ("a workbook", "90001", workbook({"review": None})),
    ("a dataset", "101", dataset()),
    ("a census", "90001", of_council("335")),
    ("our own CSV", "90001", own_list()),
)


@pytest.mark.parametrize("sent", FORMATS, ids=lambda sent: sent[0])
@pytest.mark.parametrize("answer", ["the same plan", "another", "none"])
def test_a_file_s_other_plan_is_asked_about_and_takes_no_chair_from_the_one_that_runs(
    sent: tuple[str, str, Sent], answer: str, cast: Cast
) -> None:
    _, number, file = sent
    Authority.objects.filter(pk=cast.authority.pk).update(lea="335")
    cast.authority.refresh_from_db()
    by: dict[str, Any] = {"by": cast.person("Judith"), "at": FIRST}
    known = by_hand.begin(cast.authority, NewChild(number=number, born=date(2016, 9, 3)), **by)
    by_hand.begin_plan([known], starts=PAGE_BEGAN, category="NEG", **by)
    allocate([known], AllocationPart.CHAIR, cast.person("Grace"), from_day=FIRST.date(), **by)

    def running() -> list[tuple[date, str]]:
        plans = Plan.objects.filter(child=known, ends=None).order_by("starts")
        return [(plan.starts, plan.chair.name if plan.chair else "") for plan in plans]

    run = brought(file, cast.authority, at=FIRST)
    assert (run.counts["asked"], run.counts["plan_new"]) == (1, 0)
    assert "would run beside the one that began 06/10/2025" in " ".join(one["sentence"] for one in run.findings)
    assert running() == [(PAGE_BEGAN, "Grace Ollerton")]
    if answer == "the same plan":
        put_right(Plan.objects.get(child=known), OF_PLAN[0], BEGAN, why="As the case system has it", **by)
    elif answer == "another":
        by_hand.end_plan([known], last_day=date(2025, 11, 20), **by)
    again = brought(file, cast.authority, at=SECOND)
    assert again.counts["asked"] == (answer == "none")
    assert again.counts["plan_new"] == (answer == "another")
    ((starts, chair),) = running()
    assert starts == (PAGE_BEGAN if answer == "none" else BEGAN)
    assert chair == "Grace Ollerton" or answer == "another"


# Hugely different -----------------------------------------------------------------------------------------------------

MANY = 40


def as_workbook(numbers: Sequence[int], ended: int = 0) -> Sent:
    return workbook(*({"child_id": 70_000 + n, **(ENDED if n < ended else {})} for n in numbers))


def as_dataset(numbers: Sequence[int], ended: int = 0) -> Sent:
    rows = {
        "ssd_person": [{**PERSON, "pers_person_id": str(70_000 + n)} for n in numbers],
        "ssd_cp_plans": [
            {**PLAN, "cppl_person_id": str(70_000 + n), "cppl_cp_plan_id": f"P{n}",
             "cppl_cp_plan_end_date": END.isoformat() if n < ended else "NULL"}
            for n in numbers
        ],
    }  # fmt: skip
    return Sent("ssd", zipped({f"{name}.csv": as_csv(table) for name, table in rows.items()}))


def as_census(numbers: Sequence[int], ended: int = 0) -> Sent:
    children = (child(enquiry(), plan(ends="2026-03-02" if n < ended else ""), number=str(70_000 + n)) for n in numbers)
    return Sent("cin-census", census(*children))


def as_own(numbers: Sequence[int], ended: int = 0) -> Sent:
    rows = (f"{70_000 + n},{BEGAN},{END if n < ended else ''},NEG" for n in numbers)
    return Sent("children", "\n".join(["child_id,starts,ends,initial_category", *rows, ""]).encode())


HUGE: Sequence[tuple[str, Sent, Sent]] = (
    ("a workbook with half of the rows", as_workbook(range(MANY)), later(as_workbook(range(MANY // 2)))),
    ("a workbook in which a third ends", as_workbook(range(MANY)), later(as_workbook(range(MANY), 13))),
    ("a dataset with a third of the rows", as_dataset(range(MANY)), later(as_dataset(range(13)))),
    ("a dataset in which all end", as_dataset(range(MANY)), later(as_dataset(range(MANY), MANY))),
    ("a census in which a half ends", as_census(range(MANY)), as_census(range(MANY), 20)),
    ("a census with one child of many", as_census(range(MANY)), as_census(range(1))),
    ("our own CSV in which all end", as_workbook(range(MANY)), later(as_own(range(MANY), MANY))),
)


@pytest.mark.parametrize("pair", HUGE, ids=lambda pair: pair[0])
def test_what_is_hugely_different_is_believed_once_somebody_says_so(pair: tuple[str, Sent, Sent], cast: Cast) -> None:
    _, first, second = pair
    brought(first, cast.authority, at=FIRST)
    before = as_it_was(cast.authority)
    with pytest.raises(NotApplied, match="more than a tenth") as refused:
        brought(second, cast.authority, at=SECOND)
    assert refused.value.code == "brake"
    assert as_it_was(cast.authority) == before
    run = brought(second, cast.authority, at=SECOND, agreed=True)
    forwards = run.changes.count()
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == before[0]
    assert run.changes.count() == 2 * forwards


def test_there_are_six_of_each_kind() -> None:
    assert min(len(OTHER_SHEETS), len(ANOTHERS), len(HUGE)) >= 6
