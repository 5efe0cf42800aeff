"""How old a child is, in the words a page uses. The day is always given; nothing here reads a clock."""

from datetime import date

from undrift.children.months import months_between

WEEKS_UNTIL_MONTHS = 9


def age_text(born: date | None, expected: date | None, on: date, died: date | None = None) -> str:
    """ "9", "2 months", "8 weeks", "3 days", "unborn, expected 3 May", "age not known", or "died on 3 May 2026"."""
    if died is not None:
        return f"died on {died.day} {died:%B %Y}"
    if born is None or born > on:
        return _unborn(expected or born)
    months = months_between(born, on)
    days = (on - born).days
    if months >= 12:
        return str(months // 12)
    if days >= WEEKS_UNTIL_MONTHS * 7:
        return _counted(months, "month")
    if days >= 7:
        return _counted(days // 7, "week")
    return _counted(days, "day")


def _unborn(expected: date | None) -> str:
    if expected is None:
        return "age not known"
    return f"unborn, expected {expected.day} {expected:%B}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
