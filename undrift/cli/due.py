"""`undrift due`: when a clock ends, and every day counted or skipped on the way."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from undrift.cli.when import closure, day, refuse, start
from undrift.engine.dates.due import Due, UnstatedDays, due
from undrift.engine.dates.reasons import prove
from undrift.library.calendars import NATIONS, load
from undrift.protocol.clocks import Clock


def run(argv: Sequence[str]) -> int:
    """Prints the date and its proof. Returns 0, or 2 with a sentence on standard error."""
    asked = _parser().parse_args(argv)
    try:
        answer = due(
            Clock.read(asked.clock),
            start(asked.start),
            load(asked.nation, dict(map(closure, asked.closure))),
            bare_days=asked.bare_days,
            agreed=day(asked.agreed) if asked.agreed else None,
        )
    except UnstatedDays as refusal:
        return refuse(f"{refusal} Add --bare-days working or --bare-days calendar.")
    except ValueError as refusal:
        return refuse(str(refusal))
    print(as_json(answer) if asked.json else prove(answer).as_text())
    return 0


def as_json(answer: Due) -> str:
    """A due date and its proof as JSON; dates and moments in ISO 8601."""
    at = answer.at
    values = {
        "clock": str(answer.clock),
        "nation": answer.calendar.nation,
        "due": answer.date and answer.date.isoformat(),
        "at": at and at.isoformat(),
        "none_because": answer.none_because,
        "counts": answer.counts,
        "proof": prove(answer).as_json(),
    }
    return json.dumps(values, indent=2, ensure_ascii=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undrift due", description="When a clock ends, and why.")
    add = parser.add_argument
    add("clock", help='as a policy writes it: "7 working days", "48 hours", "3 days before"')
    add("--from", dest="start", required=True, metavar="WHEN", help="2026-04-30, or 2026-04-30T10:15")
    add("--nation", default=NATIONS[0], choices=NATIONS, help="whose bank holidays (%(default)s)")
    add("--closure", action="append", default=[], metavar="DAY[=NAME]", help="a day closed; may be repeated")
    add("--bare-days", choices=("working", "calendar"), help='what "days" are, if the policy does not say')
    add("--agreed", metavar="DAY", help="the date the parties or the chair set")
    add("--json", action="store_true", help="the same as JSON")
    return parser
