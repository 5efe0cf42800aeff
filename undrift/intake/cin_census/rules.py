"""DfE's rules that only a census can be asked: referrals, enquiries, and what stands beside a plan.

The table is `intake/dfe_rules.py`; those that other files can be asked are in `plan_rules` and `conference_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from undrift.intake.cin_census.child import Episode, Plan
from undrift.intake.conference_rules import enquiry_open_too_long, in_the_year
from undrift.intake.dfe_rules import WITHOUT, broken
from undrift.intake.fields import Read
from undrift.intake.findings import Finding, Place
from undrift.intake.plan_rules import uk

SATURDAY = 5
CLOSED_AFTER_ASSESSMENT = {"RC8", "RC9"}

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
            yield broken(code, replace(place, column=column), words, did=WITHOUT)
    for _ in range(plan.undated):
        yield broken("8842Q", place, "a review has no date")


def of_the_episode(episode: Episode, as_at: date) -> list[Finding]:
    """What the dates of one referral say together."""
    return [finding for rule in RULES for finding in rule(episode, as_at)]


def more_plans_than_conferences(plans: int, conferences: int, place: Place) -> list[Finding]:
    """Of the whole return: so many plans begin in the year, and so many initial conferences were held."""
    if plans <= conferences:
        return []
    found = f"{plans} plans begin in the year, and {conferences} initial conferences are recorded"
    return [broken("2883", place, found)]


# --- the referral --------------------------------------------------------------------------------------


def _before_the_referral(episode: Episode, as_at: date) -> Iterator[Finding]:
    referral = episode.read.values.get("referral")
    if referral is None:
        return
    for read, starts in _starts(episode):
        if starts < referral:
            yield broken("1105", read.place, f"plan starts {uk(starts)}, before the referral {uk(referral)}")
    for day, place in episode.conferences:
        if day < referral:
            yield broken("1104", place, f"initial conference {uk(day)} is before the referral {uk(referral)}")
    for read, began in _enquiries_begun(episode):
        if began < referral:
            yield broken(
                "2889", read.place, f"section 47 enquiry began {uk(began)}, before the referral {uk(referral)}"
            )


def _after_the_closure(episode: Episode, as_at: date) -> Iterator[Finding]:
    closed = episode.read.values.get("closed")
    if closed is None:
        return
    later = [
        *((f"section 47 enquiry began {uk(day)}", day, read.place) for read, day in _enquiries_begun(episode)),
        *((f"initial conference {uk(day)}", day, place) for day, place in episode.conferences),
        *(
            (f"plan ends {uk(ends)}", ends, plan.read.place)
            for plan in episode.plans
            if (ends := plan.read.values.get("ends")) is not None
        ),
    ]
    for found, day, place in later:
        if day > closed:
            yield broken("8565", place, f"{found}, after the case was closed {uk(closed)}")
    for read in episode.enquiries:
        held, none_needed = read.values.get("conference"), bool(read.values.get("not_required"))
        if (held is not None) == none_needed:
            what = "both an initial conference and none required" if none_needed else "neither of the two"
            yield broken(
                "8868", read.place, f"the case was closed {uk(closed)}, and its section 47 enquiry says {what}"
            )


def _closed_as(episode: Episode, as_at: date) -> Iterator[Finding]:
    activity = bool(episode.enquiries or episode.conferences)
    place = episode.read.place
    if episode.read.values.get("no_action"):
        if activity:
            yield broken(
                "8831", place, "a referral without further action has a section 47 enquiry or an initial conference"
            )
        for plan in episode.plans:
            yield broken("8832", plan.read.place, "a referral without further action has a plan")
    reason = str(episode.read.values.get("reason", "")).upper()
    if reason in CLOSED_AFTER_ASSESSMENT and (activity or episode.plans or episode.need_plans):
        yield broken(
            "2990", place, f"closed as {reason}, after assessment, with an enquiry, an initial conference or a plan"
        )


# --- conferences and enquiries -------------------------------------------------------------------------


def _plan_and_conference(episode: Episode, as_at: date) -> Iterator[Finding]:
    days = sorted({day for day, _ in episode.conferences})
    for read, starts in _starts(episode):
        if in_the_year(starts, as_at) and starts not in days:
            held = ", ".join(uk(day) for day in days) or "not recorded"
            yield broken("2885", read.place, f"plan starts {uk(starts)}, and the initial conference is {held}")


def _conferences(episode: Episode, as_at: date) -> Iterator[Finding]:
    for day, place in episode.conferences:
        if day > as_at:
            found = f"initial conference {uk(day)} is after {uk(as_at)}, the day this file describes"
            yield broken("8715", place, found, did="Imported as planned for that day.")
        elif not in_the_year(day, as_at):
            yield broken("8715", place, f"initial conference {uk(day)} is before the census year")
    recorded = episode.read.values.get("conference")
    if recorded is not None and recorded in {read.values.get("conference") for read in episode.enquiries}:
        yield broken(
            "2884",
            replace(episode.read.place, column="DateOfInitialCPC"),
            f"initial conference {uk(recorded)} is recorded at the referral and at the section 47 enquiry",
        )


def _enquiries(episode: Episode, as_at: date) -> Iterator[Finding]:
    for read in episode.enquiries:
        starts, held = read.values.get("starts"), read.values.get("conference")
        if held is not None and (starts is None or starts > held):
            began = f"began {uk(starts)}" if starts else "has no start"
            yield broken("8615", read.place, f"initial conference {uk(held)}, and its section 47 enquiry {began}")
        if starts is not None and _comes_to_nothing_yet(read):
            yield from enquiry_open_too_long(starts, as_at, read.place)
            if read.values.get("not_required") is False and not in_the_year(starts, as_at):
                outside = "after the day this file describes" if starts > as_at else "before the census year"
                yield broken(
                    "8740",
                    read.place,
                    f"section 47 enquiry without an initial conference began {uk(starts)}, {outside}",
                )
        target = read.values.get("target")
        if target is not None and target.weekday() >= SATURDAY:
            yield broken("8870Q", read.place, f"target of the initial conference on a {target:%A}, {uk(target)}")
    if episode.enquiries and not episode.assessed:
        yield broken("2991Q", episode.read.place, "a section 47 enquiry, and no assessment")


def _several_enquiries(episode: Episode, as_at: date) -> Iterator[Finding]:
    pending = [read for read in episode.enquiries if _comes_to_nothing_yet(read)]
    if len(pending) > 1:
        yield broken("8839", pending[-1].place, f"{len(pending)} section 47 enquiries without an initial conference")
    begun = sorted(_enquiries_begun(episode), key=lambda one: one[1])
    longest, since, before = date.min, date.min, date.min  # of those so far: the last day, of which, the latest start
    for enquiry, starts in begun:
        until = _until(enquiry, as_at)
        if starts <= longest or (starts == before and until is not None):
            of = since if starts <= longest else before
            yield broken(
                "8890",
                enquiry.place,
                f"section 47 enquiry began {uk(starts)}, while that of {uk(of)} was going on",
            )
        if until is not None and until > longest:
            longest, since = until, starts
        before = starts


def _until(enquiry: Read, as_at: date) -> date | None:
    """The day until which an enquiry goes on; None where no conference is required, and nothing tells."""
    held: date | None = enquiry.values.get("conference")
    return as_at if held is None and _comes_to_nothing_yet(enquiry) else held


def _comes_to_nothing_yet(enquiry: Read) -> bool:
    return enquiry.values.get("conference") is None and not enquiry.values.get("not_required")


# --- plans of a child in need --------------------------------------------------------------------------


def _beside_a_need_plan(episode: Episode, as_at: date) -> Iterator[Finding]:
    for need in episode.need_plans:
        begun: date | None = need.values.get("starts")
        if begun is None or "ends" not in need.values:
            continue
        over: date | None = need.values["ends"]
        for plan in episode.plans:
            yield from _of_the_two(need, begun, over, plan, as_at)


def _of_the_two(need: Read, begun: date, over: date | None, plan: Plan, as_at: date) -> Iterator[Finding]:
    starts: date | None = plan.read.values.get("starts")
    if starts is None or plan.read.rejected:
        return
    ends: date | None = plan.read.values.get("ends")
    place = plan.read.place
    span = f"the child in need plan that began {uk(begun)}"
    if ends is None and over is None:
        yield broken("4001", place, f"the plan that starts {uk(starts)} runs, and so does {span}")
    if _within(begun, starts, ends, as_at):
        yield broken("4016", need.place, f"{span} began while the plan that starts {uk(starts)} ran")
    if _within(starts, begun, over, as_at):
        yield broken("4017", place, f"the plan that starts {uk(starts)} began while {span} ran")
    for day, line in plan.reviews:
        if _within(day, begun, over, as_at) and day != ends:
            yield broken("4003", replace(place, row=line), f"review {uk(day)} was held while {span} ran")


def _within(day: date, begun: date, over: date | None, as_at: date) -> bool:
    return begun <= day and (day < over if over is not None else day <= as_at)


# --- what each of them has -----------------------------------------------------------------------------


def _starts(episode: Episode) -> Iterator[tuple[Read, date]]:
    for plan in episode.plans:
        starts = plan.read.values.get("starts")
        if starts is not None:
            yield plan.read, starts


def _enquiries_begun(episode: Episode) -> Iterator[tuple[Read, date]]:
    for read in episode.enquiries:
        starts = read.values.get("starts")
        if starts is not None:
            yield read, starts


RULES: tuple[Rule, ...] = (
    _before_the_referral,
    _after_the_closure,
    _closed_as,
    _plan_and_conference,
    _conferences,
    _enquiries,
    _several_enquiries,
    _beside_a_need_plan,
)
