"""Who sits where, read once while the demonstration loads: nobody changes posts in it; only cover comes and goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.people import finders
from undrift.people.models import Authority, Cover
from undrift.people.roster import Roster, load_roster

Known = dict[tuple[int, frozenset[int], frozenset[int]], Roster]


@contextmanager
def remembered(covers: Sequence[Cover]) -> Iterator[None]:
    """Inside, the same people of the same council are not looked up again while the same cover stands.

    Half of what an act costs is this look-up, and the year holds some two thousand.
    """
    known: Known = {}

    def roster(authority: Authority, named: Collection[int], at: datetime) -> Roster:
        day = london_date(at)
        away = frozenset(c.pk for c in covers if c.starts <= day and (c.ends is None or day <= c.ends))
        key = (authority.pk, frozenset(named), away)
        if key not in known:
            known[key] = load_roster(authority, named, at)
        return replace(known[key], day=day)

    vars(finders)["load_roster"] = roster
    try:
        yield
    finally:
        vars(finders)["load_roster"] = load_roster
