"""The bank holidays that ship with Undrift, each nation's in a text file with its source and date."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from undrift.engine.dates.calendars import Calendar

NATIONS = ("england-and-wales", "scotland", "northern-ireland")


class UnknownNation(ValueError):
    """A nation we have no bank holidays for. The message lists those we have."""


def load(nation: str, closures: Mapping[date, str] | Iterable[date] = ()) -> Calendar:
    """The calendar of a nation, less an authority's closure days (with their names, or without)."""
    shipped = _shipped(nation)
    named = dict(closures) if isinstance(closures, Mapping) else dict.fromkeys(closures, "Closure day")
    return shipped.with_closures(named) if named else shipped


@cache
def _shipped(nation: str) -> Calendar:
    if nation not in NATIONS:
        raise UnknownNation(f'There is no calendar for "{nation}". Choose one of: {", ".join(NATIONS)}.')
    data = tomllib.loads((files(__package__) / f"{nation}.toml").read_text("utf-8"))
    return Calendar(
        nation=data["nation"],
        holidays={date.fromisoformat(day): name for day, name in data["holidays"].items()},
        closures={},
        first=data["first"],
        last=data["last"],
        source=data["source"],
        as_of=data["as_of"],
    )
