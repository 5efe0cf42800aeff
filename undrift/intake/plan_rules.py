"""What is checked of a plan, whatever file it stands in: DfE's rules where there is one, and what has not happened yet.

Of a plan that is odd, what cannot be believed is left out and said; the plan itself is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from undrift.children.models.plan import SeenAlone
from undrift.intake.dfe_rules import NOT_COUNTED, broken
from undrift.intake.extract import ChildRow, InFile, PlanRow
from undrift.intake.findings import Finding, Place, reject, warn
from undrift.intake.rows import Rows, several_times

# A plan may begin before the birth by as long as a pregnancy lasts at the most.
LONGEST_PREGNANCY = timedelta(weeks=42)

Titles = Mapping[str, str]

# Dated after the file's own day it has not happened: what is taken instead, and the words that say so.
NOT_YET: Mapping[str, tuple[Mapping[str, object], str]] = {
    "ends": ({"ends": None}, "Imported as a plan that runs."),
    "last_visit": ({"last_visit": None, "seen_alone": SeenAlone.UNKNOWN}, "Imported; visit not counted."),
    "latest_review": ({"latest_review": None}, "Imported; review not counted as held."),
}


@dataclass(frozen=True)
class Judged:
    """The plan as it is taken in, or None where its row is rejected; and what there is to say."""

    plan: PlanRow | None
    findings: Sequence[Finding]


def judge(plan: PlanRow, child: ChildRow | None, as_at: date, titles: Titles) -> Judged:
    """`titles` are the columns as the file calls them, by the plan's fields."""
    if finding := _fault(plan, as_at, titles):
        return Judged(None, [finding])
    said = list(_of_the_dates(plan, child))
    for rule in (_not_yet, _visit, _review):
        plan, more = rule(plan, as_at, titles)
        said += more
    return Judged(plan, said)


def _fault(plan: PlanRow, as_at: date, titles: Titles) -> Finding | None:
    if plan.ends is not None and plan.ends < plan.starts:
        return broken(
            "8925",
            place_of(plan),
            f"Child Protection Plan End Date {uk(plan.ends)} earlier than Start Date {uk(plan.starts)}",
        )
    if plan.starts > as_at:
        return broken(
            "8720",
            place_of(plan, titles.get("starts", "")),
            f"{uk(plan.starts)} is after {uk(as_at)}, the day this file describes",
            wanted="A plan that has begun, or the right day of the file.",
        )
    return None


def _of_the_dates(plan: PlanRow, child: ChildRow | None) -> Iterator[Finding]:
    birth = (child.born or child.expected) if child is not None else None
    if birth is not None and birth - plan.starts > LONGEST_PREGNANCY:
        yield warn(
            place_of(plan),
            f"plan starts {(birth - plan.starts).days} days before the date of birth",
            wanted="One of the dates is wrong.",
            did="Imported, flagged.",
        )
    if plan.ends == plan.starts:
        yield broken("8840", place_of(plan), "plan starts and ends on the same day")
    died = child.died if child is not None else None
    if died is not None and plan.starts > died:
        found = f"plan starts {uk(plan.starts)}, after the child's date of death {uk(died)}"
        yield broken("8915", place_of(plan), found)
    elif died is not None and (plan.ends is None or plan.ends > died):
        ends = f"ends {uk(plan.ends)}" if plan.ends else "has no end"
        yield broken("8920", place_of(plan), f"plan {ends}, and the child's date of death is {uk(died)}")


def _not_yet(plan: PlanRow, as_at: date, titles: Titles) -> tuple[PlanRow, list[Finding]]:
    said = []
    for name, (values, did) in NOT_YET.items():
        day: date | None = getattr(plan, name)
        if day is not None and day > as_at:
            place = place_of(plan, titles.get(name, ""))
            found = f"{uk(day)} is after {uk(as_at)}, the day this file describes"
            rule = name == "ends"
            said.append(broken("8930", place, found, did=did) if rule else warn(place, found, did=did))
            plan = _without(plan, values, keep_given=name == "ends")
    return plan, said


def _visit(plan: PlanRow, as_at: date, titles: Titles) -> tuple[PlanRow, list[Finding]]:
    if not _after_the_end(plan.last_visit, plan.ends):
        return plan, []
    said = warn(
        place_of(plan),
        f"last visit {uk(plan.last_visit)} is after the plan ended {uk(plan.ends)}",
        did="Imported; visit not counted for this plan.",
    )
    return _without(plan, {"last_visit": None, "seen_alone": SeenAlone.UNKNOWN}), [said]


def _review(plan: PlanRow, as_at: date, titles: Titles) -> tuple[PlanRow, list[Finding]]:
    review = plan.latest_review
    if review is None:
        return plan, []
    if finding := review_outside(review, plan, called="latest review"):
        return _without(plan, {"latest_review": None}), [finding]
    return plan, []


def review_outside(review: date, plan: PlanRow, row: int | None = None, called: str = "review") -> Finding | None:
    """Why a review on that day is none of this plan's, or None where it is. `row` is its own, where it has one."""
    early = review <= plan.starts
    if not early and not _after_the_end(review, plan.ends):
        return None
    place = Place(sheet=plan.sheet, row=row or plan.row, child=plan.child_id)
    if early:
        return broken("8841", place, f"{called} {uk(review)} is not after the plan's start {uk(plan.starts)}")
    return warn(place, f"{called} {uk(review)} is after the plan ended {uk(plan.ends)}", did=NOT_COUNTED)


def _after_the_end(day: date | None, ends: date | None) -> bool:
    return day is not None and ends is not None and day > ends


def _without(plan: PlanRow, values: Mapping[str, object], *, keep_given: bool = False) -> PlanRow:
    """The plan with those values, and silent about them: what is not counted changes nothing that is known."""
    given = plan.given if keep_given else plan.given - set(values)
    return replace(plan, given=given, **values)  # type: ignore[arg-type]  # the fields are named as the rows are read


# --- plans together ----------------------------------------------------------------------------------


def without_repeats(plans: Sequence[PlanRow]) -> tuple[Sequence[PlanRow], list[Finding]]:
    """One row for each child and start date: the first that stands in the file."""
    again = several_times(plans, "child_id")
    if not again:
        return plans, []
    met: dict[tuple[str, date], int] = {}
    said: list[Finding] = []
    kept = Rows(PlanRow)
    for plan in plans:
        key = plan.child_id, plan.starts
        if key in met:
            said.append(
                reject(
                    place_of(plan),
                    f"the plan that starts {uk(plan.starts)} stands in row {met[key]} already",
                    wanted="One row for each plan.",
                )
            )
            continue
        if plan.child_id in again:
            met[key] = plan.row
        kept.append(plan)
    return kept.few(), said


def several(plans: Sequence[PlanRow]) -> list[Finding]:
    """Of each child, each plan that begins while another runs: beside the one of those before it that runs longest."""
    again = several_times(plans, "child_id")
    if not again:
        return []
    by_child: dict[str, list[PlanRow]] = defaultdict(list)
    for plan in plans:
        if plan.child_id in again:
            by_child[plan.child_id].append(plan)
    return [finding for of_child in by_child.values() for finding in _overlaps(of_child)]


def _overlaps(of_child: Sequence[PlanRow]) -> Iterator[Finding]:
    first, *others = sorted(of_child, key=lambda plan: plan.starts)
    longest = first
    for plan in others:
        if _end(longest) > plan.starts:
            both_open = longest.ends is None and plan.ends is None
            yield broken(
                "8935" if both_open else "8940",
                place_of(plan),
                f"two plans that {'are both open' if both_open else 'overlap'} ({_span(longest)}, {_span(plan)})",
            )
        longest = max(longest, plan, key=_end)


def _end(plan: PlanRow) -> date:
    """Its last day; of a plan that runs, after every other."""
    return plan.ends or date.max


def _span(plan: PlanRow) -> str:
    return f"{uk(plan.starts)} to {uk(plan.ends) if plan.ends else 'today'}"


def place_of(row: InFile, column: str = "") -> Place:
    return Place(sheet=row.sheet, row=row.row, child=row.child_id, column=column)


def uk(day: date | None) -> str:
    """31/03/2026, as the forms write it."""
    return f"{day:%d/%m/%Y}" if day else ""
