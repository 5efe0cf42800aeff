"""Writes the calendars' data files: the bank holidays packed in govuk-bank-holidays, and those it lacks. No network.

`python -m undrift.library.calendars.make` writes them; with `--check` it says whether they are current, and
exits with 1 when they are not.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

PACKAGE = "govuk-bank-holidays"
# The package does not date its data; this is the day each release was published.
PUBLISHED = {"0.19": date(2026, 2, 25)}
# What the package lacks, by GOV.UK's own name. This one was proclaimed on 3 February 2026 (the Scottish Government
# says so under "World Cup bank holiday confirmed"), three weeks before release 0.19 came out without it.
NOT_PACKED = {"scotland": [{"date": "2026-06-15", "title": "World Cup bank holiday"}]}
# A year is covered when the list reaches from its first bank holiday to its last.
WHOLE_YEAR = {"New Year’s Day", "Christmas Day", "Boxing Day"}
HERE = Path(__file__).parent


def texts() -> dict[str, str]:
    """The text of each nation's data file."""
    # The data file is read by itself: importing the package would bring in a network client.
    packed = json.loads((files("govuk_bank_holidays") / "bank-holidays.json").read_text("utf-8"))
    return {nation: text(nation, packed[nation]["events"]) for nation in packed}


def text(nation: str, packed: list[dict[str, str]]) -> str:
    """One nation's data file: head first, then a line for each bank holiday of the years covered whole."""
    added = NOT_PACKED.get(nation, [])
    events = with_those(added, packed)
    years = whole_years(events)
    release = version(PACKAGE)
    source = f"GOV.UK bank holidays, as packed in {PACKAGE} {release}"
    source += "".join(f", with the {event['title']} of {event['date'][:4]}" for event in added)
    return "\n".join(
        [
            f"# Made by undrift.library.calendars.make from {PACKAGE} {release}. Do not edit.",
            f'nation = "{nation}"',
            f'source = "{source}"',
            f"as_of = {PUBLISHED[release]}",
            f"first = {date(years[0], 1, 1)}",
            f"last = {date(years[-1], 12, 31)}",
            "",
            "[holidays]",
            *(f'{event["date"]} = "{event["title"]}"' for event in events if int(event["date"][:4]) in years),
            "",
        ]
    )


def with_those(added: list[dict[str, str]], packed: list[dict[str, str]]) -> list[dict[str, str]]:
    """The packed bank holidays and those added, by date. Refuses to add one that is packed."""
    known = {event["date"] for event in packed}
    if twice := [event["date"] for event in added if event["date"] in known]:
        raise ValueError(f"{', '.join(twice)} is packed by now: take it out of NOT_PACKED.")
    return sorted([*packed, *added], key=lambda event: event["date"])


def whole_years(events: list[dict[str, str]]) -> list[int]:
    """The years whose bank holidays are all listed. Refuses a gap between them."""
    titles: dict[int, set[str]] = {}
    for event in events:
        titles.setdefault(int(event["date"][:4]), set()).add(event["title"])
    years = sorted(year for year, seen in titles.items() if seen >= WHOLE_YEAR)
    if years != list(range(years[0], years[-1] + 1)):
        raise ValueError(f"The packed bank holidays have a gap: only {years} are whole years.")
    return years


def main(arguments: list[str]) -> int:
    made = {HERE / f"{nation}.toml": content for nation, content in texts().items()}
    if arguments == ["--check"]:
        stale = [path.name for path, content in made.items() if path.read_text("utf-8") != content]
        print(f"Not current: {', '.join(stale)}. Run this without --check." if stale else "Current.")
        return 1 if stale else 0
    for path, content in made.items():
        path.write_text(content, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
