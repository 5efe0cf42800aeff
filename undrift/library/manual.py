"""The manual of each shipped protocol, written from its worked examples: `python -m undrift.library.manual [--check]`.

What the manual says has been played through the engine: dates, states and refusals are the engine's own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from undrift import library
from undrift.engine.dates.calendars import in_words
from undrift.engine.dates.moments import LONDON, london_date
from undrift.engine.events import Event
from undrift.engine.ladder import telling
from undrift.engine.plan_cycle import telling as cycle_telling
from undrift.engine.rules import Rules
from undrift.engine.trying.examples import Example, StepResult, date_of, read_example, rules_for, run
from undrift.library import calendars

FOLDER = Path("docs/reference/manual")
# Acts whose names do not read well after "tries to".
TRIED = {
    "judge": "decide",
    "take_route": "use this route",
    "record_lapse": "record the date as passed",
    "hand_over": "hand this part over",
    "file": "record it as filed",
}


def manual(protocol_id: str) -> str:
    """The manual of one protocol as Markdown: every example, with what followed each step."""
    protocol = library.load(protocol_id)
    calendar = calendars.load(protocol.head.calendar)
    lines = [
        f"# {protocol.head.title}",
        "",
        f"Written by `python -m undrift.library.manual` from the examples of `{protocol_id}`, version "
        f"{protocol.head.version}. Do not edit it here: edit the examples.",
        "",
        protocol.head.summary,
        "",
    ]
    for name, text in library.examples_of(protocol_id).items():
        example = read_example(text, f"{protocol_id}/{name}")
        lines.extend(_example(example, rules_for(example, protocol, calendar)))
    return "\n".join(lines).rstrip() + "\n"


def _example(example: Example, rules: Rules) -> Iterator[str]:
    yield f"## {example.title}"
    yield ""
    yield f"Policy: {'; '.join(example.clauses)}. Example: `{example.name.partition('/')[2]}`."
    yield ""
    if example.note:
        yield example.note
        yield ""
    for result in run(example, rules):
        yield from _step(result, rules)
    if example.own:
        yield from (f"- This authority's own number for `{step}`: {clock}." for step, clock in example.own.items())
    for rule in example.dates:
        when = date_of(rules, rule)
        parts = rules.protocol.milestones if rule.kind == "milestone" else rules.protocol.routes
        title = next(part.title for part in parts if part.id == rule.id)
        ends = in_words(when.date) if when and when.date else "no date"
        yield f"- {title}, from {in_words(rule.start)}: **{ends}**."
    yield ""


def _step(result: StepResult, rules: Rules) -> Iterator[str]:
    moment = result.step.at.astimezone(LONDON)
    when = f"{in_words(moment.date())}, {moment:%H:%M}"
    actor = _actor(result, rules)
    if result.refusal is not None:
        tried = TRIED.get(result.step.name) or result.step.name.replace("_", " ")
        yield f"- {when}. {actor} tries to {tried}. Refused: “{_stop(result.refusal.sentence)}”"
        return
    done = "; ".join(_sentence(entry, rules, result) for entry in result.events)
    what = f"{actor} {done}." if done else "Nobody has done anything."
    yield f"- {when}. {what} {_standing(result, rules)}".rstrip()
    yield from (f"  - Pointed out to the chair: {sentence}" for sentence in result.pointers)


def _actor(result: StepResult, rules: Rules) -> str:
    by = result.step.by
    if by.person in rules.protocol.roles:
        return f"The {rules.protocol.title_of(by.person)}"
    return "The service" if not by.person else by.name.title() if by.name == by.person else by.name


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else sentence + "."


def _sentence(entry: Event, rules: Rules, result: StepResult) -> str:
    """The event's own sentence. Whoever reads the manual knows the roles, and nobody of the invented cast."""
    if result.cycle is not None:
        return cycle_telling.sentence(entry)
    unnamed = {key: value for key, value in entry.payload.items() if key != "with_name"}
    return telling.sentence(rules.protocol, replace(entry, payload=unnamed))


def _standing(result: StepResult, rules: Rules) -> str:
    following = result.next
    if following is None:
        return ""
    if following.none_because:
        return f"**{following.tag}.**"
    who = rules.protocol.title_of(following.who) if following.who else following.name or following.person
    day = following.day
    by = f" by {in_words(day)}" if day else ""
    late = f" ({in_words(london_date(result.step.at))} is past it)" if day and day < london_date(result.step.at) else ""
    told = ", ".join(dict.fromkeys(rules.protocol.title_of(t.role) for t in result.told))
    return f"**{following.tag}: {who}{by}**{late}." + (f" Told: {told}." if told else "")


def main(argv: Sequence[str]) -> int:
    """Writes the manuals, or with --check says which are not current. Returns 0, or 1 where one is not."""
    parser = argparse.ArgumentParser(prog="undrift.library.manual", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a manual is not current")
    check = parser.parse_args(argv).check
    stale = [protocol_id for protocol_id in library.shipped() if not _current(protocol_id)]
    for protocol_id in stale:
        path = FOLDER / f"{protocol_id}.md"
        if check:
            print(f"{path} is not current: run python -m undrift.library.manual", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(manual(protocol_id), "utf-8")
            print(f"wrote {path}")
    return 1 if check and stale else 0


def _current(protocol_id: str) -> bool:
    path = FOLDER / f"{protocol_id}.md"
    return path.exists() and path.read_text("utf-8") == manual(protocol_id)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
