"""Where a plan stands, in words and dates: how long, which plan, which review, what comes next."""

from datetime import date

from undrift.children.models.plan import SeenAlone
from undrift.children.months import add_months, months_between
from undrift.library.numbers import FIRST_REVIEW_MONTHS, LATE_REVIEW, LATER_REVIEW_MONTHS

ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


SEEN_ALONE: dict[str, str] = {
    SeenAlone.YES: "seen alone",
    SeenAlone.NO: "not seen alone",
    SeenAlone.UNKNOWN: "not known if seen alone",
}


def months_on_plan(starts: date, ends: date | None, on: date) -> int:
    """Whole months on the plan up to its end or to the day given, whichever is earlier."""
    return months_between(starts, min(ends, on) if ends else on)


def time_on_plan(starts: date, ends: date | None, on: date) -> str:
    """ "less than a month", "1 month", "16 months"."""
    months = months_on_plan(starts, ends, on)
    if months == 0:
        return "less than a month"
    return "1 month" if months == 1 else f"{months} months"


def which_plan(previous_plans: int) -> str:
    """ "first plan", "second plan" ..."""
    return f"{_ordinal(previous_plans + 1)} plan"


def which_review(reviews_held: int) -> str:
    """ "before the first review", "first review held", "second review held", "third review or later"."""
    if reviews_held == 0:
        return "before the first review"
    if is_late_review(reviews_held):
        return "third review or later"
    return f"{_ordinal(reviews_held)} review held"


def is_late_review(reviews_held: int) -> bool:
    return reviews_held >= LATE_REVIEW


def review_due(starts: date, latest_review: date | None) -> date:
    """The last day for the next review: three months from the start, then six from each review."""
    if latest_review is None or latest_review <= starts:
        return add_months(starts, FIRST_REVIEW_MONTHS)
    return add_months(latest_review, LATER_REVIEW_MONTHS)


def about_the_check(called: str) -> str:
    """What the check between two conferences is, as the policy calls it."""
    return (
        f"A {called} is the chair’s look at the record between two conferences: is the plan moving for this child? "
        "Record it in the child’s plan cycle."
    )


def midpoint(last_conference: date, next_review: date) -> date:
    """The day halfway between two conferences, when the chair looks at the record."""
    return last_conference + (next_review - last_conference) // 2


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"{number}th"
