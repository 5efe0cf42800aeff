"""`undrift simulate`: the dates of a whole ladder, when nobody answers; or those around a conference."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from undrift.cli.arguments import FOUND_WRONG, WrongAsk, aligned, closure, refuse, start, text_named
from undrift.engine.dates.calendars import in_words
from undrift.engine.dates.counting import london_day
from undrift.engine.dates.due import UnstatedDays
from undrift.engine.dates.moments import london_date
from undrift.engine.duties import Duty
from undrift.engine.rules import Rules
from undrift.engine.trying.simulate import Rung, simulate
from undrift.engine.trying.simulate_cycle import simulate_cycle
from undrift.library.calendars import NATIONS, load
from undrift.protocol.clocks import Agreed, Clock
from undrift.protocol.model import Protocol
from undrift.protocol.reader import ProtocolError


def run(argv: Sequence[str]) -> int:
    """Prints the ladder, or the plan cycle.

    Returns 0, 1 where the text is no protocol yet, or 2 with a sentence where asked wrongly.
    """
    asked = _parser().parse_args(argv)
    try:
        protocol = text_named(asked.text).protocol()
        rules = _rules(protocol, asked)
        if asked.conference:
            return _around_a_conference(rules, asked)
        rungs = _walked(rules, asked)
    except ProtocolError as error:
        return refuse(str(error), FOUND_WRONG)
    except UnstatedDays as refusal:
        return refuse(f"{refusal} Add --bare-days working or --bare-days calendar.")
    except ValueError as refusal:
        return refuse(str(refusal))
    print(_as_json(rules, rungs) if asked.json else _as_text(rules, rungs, asked.not_accepted))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift simulate",
        description="The dates of a whole ladder. Each stage begins on the due date of the one before.",
    )
    add = parser.add_argument
    add("text", metavar="ID|FILE", help="a shipped protocol or a file")
    begins = parser.add_mutually_exclusive_group(required=True)
    begins.add_argument("--raised", metavar="WHEN", help="2026-01-05, or 2026-01-05T10:15")
    begins.add_argument("--conference", metavar="DAY", help="the plan cycle around an initial conference on that day")
    add("--review", metavar="DAY", help="with --conference: the review (the last day that the law allows)")
    add(
        "--own",
        action="append",
        default=[],
        metavar="STEP=CLOCK",
        help='the authority\'s own number for a step of the plan cycle: core-group="4 weeks"; may be repeated',
    )
    add("--stage", metavar="ID", help="the stage where it starts (the lowest)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--never-answered", action="store_true", help="nobody answers (unless something else is said)")
    how.add_argument(
        "--not-accepted", action="store_true", help="each answers on the last day, and it does not resolve it"
    )
    add(
        "--agreed-in",
        metavar="CLOCK",
        help='the time that people agree where the policy leaves it to them: "5 working days"',
    )
    add("--bare-days", choices=("working", "calendar"), help='what "days" are, if the policy does not say')
    add("--nation", choices=NATIONS, help="whose bank holidays (the protocol's)")
    add("--closure", action="append", default=[], metavar="DAY[=NAME]", help="a day closed; may be repeated")
    add("--json", action="store_true", help="the same as JSON")
    return parser


def _rules(protocol: Protocol, asked: argparse.Namespace) -> Rules:
    stated = protocol.head.bare_days
    if stated != "unstated" and asked.bare_days not in (None, stated):
        raise WrongAsk(f"The policy says that its days are {stated} days. Leave --bare-days out.")
    calendar = load(asked.nation or protocol.head.calendar, dict(map(closure, asked.closure)))
    own = dict(map(_own, asked.own))
    return Rules(protocol, calendar, stated if stated != "unstated" else asked.bare_days, own=own)


def _own(said: str) -> tuple[str, Clock]:
    step, equals, clock = said.partition("=")
    if not equals:
        raise WrongAsk(f'"{said}" does not say what the number is. Write --own core-group="4 weeks".')
    return step, Clock.read(clock)


def _around_a_conference(rules: Rules, asked: argparse.Namespace) -> int:
    held, review = london_day(start(asked.conference)), start(asked.review) if asked.review else None
    duties = simulate_cycle(rules, held, london_day(review) if review is not None else None)
    print(_cycle_as_json(rules, duties) if asked.json else _cycle_as_text(rules, held, duties))
    return 0


def _cycle_as_text(rules: Rules, held: date, duties: tuple[Duty, ...]) -> str:
    rows = [("Step", "Who", "Time", "Due"), *(_cycle_row(rules, duty) for duty in duties)]
    lines = tuple("-" * max(len(row[n]) for row in rows) for n in range(4))
    notes = dict.fromkeys(duty.due.none_because for duty in duties if duty.due and duty.due.none_because)
    head = f"An initial conference on {in_words(held)}."
    table = aligned([rows[0], lines, *rows[1:]])
    return "\n".join([rules.protocol.head.title, head, "", table, *([""] if notes else []), *filter(None, notes)])


def _cycle_row(rules: Rules, duty: Duty) -> tuple[str, ...]:
    clock = str(duty.due.clock) if duty.due else ""
    return (_step(rules, duty), rules.protocol.title_of(duty.who), clock, _short(duty.day) if duty.day else "no date")


def _step(rules: Rules, duty: Duty) -> str:
    step = rules.protocol.milestone(duty.must)
    return step.title if step is not None else str(duty.must)


def _cycle_as_json(rules: Rules, duties: tuple[Duty, ...]) -> str:
    steps = [
        {
            "step": str(duty.must),
            "title": _step(rules, duty),
            "who": rules.protocol.title_of(duty.who),
            "due": duty.day.isoformat() if duty.day else None,
            "none_because": duty.due.none_because if duty.due else None,
            "proof": rules.proof(duty.due).as_json() if duty.due else None,
        }
        for duty in duties
    ]
    values = {"protocol": rules.protocol.head.id, "version": rules.protocol.head.version, "steps": steps}
    return json.dumps(values, indent=2, ensure_ascii=False)


def _walked(rules: Rules, asked: argparse.Namespace) -> tuple[Rung, ...]:
    return simulate(
        rules,
        asked.stage or rules.protocol.stages[0].id,
        start(asked.raised),
        never_answered=not asked.not_accepted,
        agreed_in=Clock.read(asked.agreed_in) if asked.agreed_in else None,
    )


def _as_text(rules: Rules, rungs: tuple[Rung, ...], not_accepted: bool) -> str:
    how = "each answer comes on the last day and does not resolve it" if not_accepted else "nobody answers"
    raised = in_words(london_date(rungs[0].entered))
    rows = [("Stage", "Who", "Time", "Begins", "Due"), *map(_row, rungs)]
    lines = ("-" * width for width in (max(len(row[n]) for row in rows) for n in range(5)))
    table = aligned([rows[0], tuple(lines), *rows[1:]])
    return "\n".join([rules.protocol.head.title, f"Raised on {raised}; {how}.", "", table, *_notes(rules, rungs)])


def _row(rung: Rung) -> tuple[str, ...]:
    clock = str(rung.due.clock) if rung.due else ""
    return (rung.title, rung.who, clock, _short(london_date(rung.entered)), _due(rung))


def _due(rung: Rung) -> str:
    return _short(rung.due.date) if rung.due and rung.due.date else "no date"


def _short(day: date) -> str:
    return f"{day:%a} {day.day:>2} {day:%b %Y}"


def _notes(rules: Rules, rungs: tuple[Rung, ...]) -> Iterator[str]:
    last = rungs[-1]
    agreed = last.due is not None and isinstance(last.due.clock, Agreed) and last.due.date is None
    said = [
        last.due.none_because if last.due else None,
        last.note,
        'With --agreed-in "5 working days" it goes on as if that were agreed.' if agreed else None,
    ]
    counts = next(filter(None, (rules.counts(each.due) for each in rungs if each.due)), None)
    if notes := list(dict.fromkeys(note for note in (*said, counts) if note)):
        yield ""
        yield from notes


def _as_json(rules: Rules, rungs: tuple[Rung, ...]) -> str:
    values: dict[str, Any] = {
        "protocol": rules.protocol.head.id,
        "version": rules.protocol.head.version,
        "rungs": [
            {
                "stage": rung.stage,
                "title": rung.title,
                "who": rung.who,
                "entered": london_date(rung.entered).isoformat(),
                "due": rung.due.date.isoformat() if rung.due and rung.due.date else None,
                "none_because": rung.due.none_because if rung.due else None,
                "note": rung.note,
                "proof": rules.proof(rung.due).as_json() if rung.due else None,
            }
            for rung in rungs
        ],
    }
    return json.dumps(values, indent=2, ensure_ascii=False)
