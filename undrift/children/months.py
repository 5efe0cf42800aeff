"""Calendar months, as conferences and ages count them."""

from calendar import monthrange
from datetime import date


def months_between(start: date, end: date) -> int:
    """Whole months from start to end: 31 January to 28 February is none, to 1 March is one. Never below 0."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months - (end.day < start.day))


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
