"""DfE's rules of the census that bear on plans and conferences, each with its code; the plans' own are `plan_rules`.

The codes and what they ask are DfE's, in the validation rules it publishes with each year's guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from undrift.engine.dates.due import working_days_if_counted
from undrift.intake.cin_census.child import Episode, Plan
from undrift.intake.findings import Finding, Place, warn
from undrift.intake.plan_rules import uk
from undrift.library import calendars

LOOK = "Imported; check it."
SATURDAY = 5
CONFERENCE_WITHIN = 15

Rule = Callable[[Episode, date], Iterator[Finding]]


def of_the_plan(plan: Plan) -> Iterator[Finding]:
    """What is missing from a plan."""
    place = plan.read.place
    for field, code, column, words in (
        ("initial_category", "8905", "InitialCategoryOfAbuse", "Initial Category of Abuse missing"),
        ("latest_category", "8910", "LatestCategoryOfAbuse", "Latest Category of Abuse missing"),
        ("previous_plans", "8730", "NumberOfPreviousCPP", "number of previous Child Protection Plans missing"),
    ):
        unreadable = any(finding.place.column == column for finding in plan.read.findings)
        if plan.read.values.get(field) in (None, "") and not unreadable:
            yield warn(replace(place, column=column), words, did="Imported without it.", code=code)
    for _ in range(plan.undated):
        yield warn(place, "a review has no date", did="Imported; review not counted.", code="8842Q")


def of_the_episode(episode: Episode, as_at: date) -> list[Finding]:
    """What the dates of one referral say together."""
    return [finding for rule in RULES for finding in rule(episode, as_at)]


def _before_the_referral(episode: Episode, as_at: date) -> Iterator[Finding]:
    referral = episode.read.values.get("referral")
    if referral is None:
        return
    for plan in episode.plans:
        starts = plan.read.values.get("starts")
        if starts is not None and starts < referral:
            yield warn(
                plan.read.place,
                f"plan starts {uk(starts)}, before the referral {uk(referral)}",
                did=LOOK,
                code="1105",
            )
    for day, place in episode.conferences:
        if day < referral:
            yield warn(
                place, f"initial conference {uk(day)} is before the referral {uk(referral)}", did=LOOK, code="1104"
            )


def _plan_and_conference(episode: Episode, as_at: date) -> Iterator[Finding]:
    days = {day for day, _ in episode.conferences}
    begun = [plan for plan in episode.plans if _in_the_year(plan.read.values.get("starts"), as_at)]
    for plan in begun:
        starts = plan.read.values["starts"]
        if starts not in days:
            held = f"{', '.join(uk(day) for day in sorted(days))}" if days else "not recorded"
            yield warn(
                plan.read.place,
                f"plan starts {uk(starts)}, and the initial conference is {held}",
                did=LOOK,
                code="2885",
            )
    if len(begun) > len(days):
        yield warn(
            episode.read.place,
            f"{len(begun)} plans begin in the year, and {len(days)} initial conferences are recorded",
            did=LOOK,
            code="2883",
        )


def _in_the_year(day: date | None, as_at: date) -> bool:
    return day is not None and as_at - timedelta(days=365) < day <= as_at


def _enquiries(episode: Episode, as_at: date) -> Iterator[Finding]:
    for read in episode.enquiries:
        starts, held = read.values.get("starts"), read.values.get("conference")
        if held is not None and (starts is None or starts > held):
            began = f"began {uk(starts)}" if starts else "has no start"
            yield warn(
                read.place,
                f"initial conference {uk(held)}, and its section 47 enquiry {began}",
                did=LOOK,
                code="8615",
            )
        if held is None and starts is not None and not read.values.get("not_required"):
            days = working_days_if_counted(starts, as_at, calendars.load("england-and-wales"))
            if days is not None and days > CONFERENCE_WITHIN:
                yield warn(
                    read.place,
                    f"section 47 enquiry began {uk(starts)}, {days} working days ago, without an initial conference",
                    did="Nothing to import; check it.",
                    code="8675Q",
                )


def _weekends(episode: Episode, as_at: date) -> Iterator[Finding]:
    for day, place in episode.conferences:
        if day.weekday() >= SATURDAY:
            yield warn(place, f"initial conference on a {day:%A}, {uk(day)}", did=LOOK, code="8875")
    for read in episode.enquiries:
        target = read.values.get("target")
        if target is not None and target.weekday() >= SATURDAY:
            yield warn(
                read.place,
                f"target of the initial conference on a {target:%A}, {uk(target)}",
                did="Not imported: the target is worked out from the enquiry.",
                code="8870Q",
            )


def _twice(episode: Episode, as_at: date) -> Iterator[Finding]:
    day = episode.read.values.get("conference")
    if day is not None and day in {read.values.get("conference") for read in episode.enquiries}:
        yield warn(
            _column(episode.read.place),
            f"initial conference {uk(day)} is recorded at the referral and at the section 47 enquiry",
            did="Imported once.",
            code="2884",
        )


def _column(place: Place) -> Place:
    return replace(place, column="DateOfInitialCPC")


RULES: tuple[Rule, ...] = (_before_the_referral, _plan_and_conference, _enquiries, _weekends, _twice)
