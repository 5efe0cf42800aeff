"""What was agreed in an informal talk, as a text: a formal concern says it of what has been tried."""

from __future__ import annotations

from collections.abc import Iterator

from undrift.desks.concern.on_its_way import Raising
from undrift.desks.frame.days import full_day
from undrift.desks.raising.informal import bound_forms


def in_words(raising: Raising) -> str:
    """With whom, who does what by when, and when it was to be looked at again, as far as it is typed."""
    return "\n".join(_lines(raising))


def _lines(raising: Raising) -> Iterator[str]:
    form, rows = bound_forms(raising)
    form.is_valid()
    cleaned = form.cleaned_data
    yield f"Agreed informally with {cleaned.get('spoke_name') or raising.name_of(raising.talk_with)}:"
    for row in rows if rows.is_bound else ():
        row.is_valid()
        what, who, by = (row.cleaned_data.get(name) for name in ("what", "who", "by"))
        if what:
            yield ", ".join(filter(None, (what.rstrip("."), who, by and f"by {full_day(by)}"))) + "."
    if again := cleaned.get("date"):
        yield f"To be looked at again on {full_day(again)}."
