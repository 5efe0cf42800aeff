"""`undrift replay`: a worked example played step by step: the state, who owes what and why, the refusals."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from undrift.cli.arguments import FOUND_WRONG, refuse, text_at, text_named
from undrift.engine.dates.calendars import in_words
from undrift.engine.dates.moments import LONDON
from undrift.engine.duties import Duty
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.trying.example_text import DatedRule, Example
from undrift.engine.trying.examples import StepResult, date_of, mismatches, read_example, rules_for
from undrift.engine.trying.examples import run as play
from undrift.library.calendars import load
from undrift.library.protocols import SHIPPED, examples_of
from undrift.protocol.model import Protocol
from undrift.protocol.reader import ProtocolError

WIDTH = 100


def run(argv: Sequence[str]) -> int:
    """Prints each step. Returns 0, 1 where the example does not hold, or 2 with a sentence where asked wrongly."""
    asked = _parser().parse_args(argv)
    try:
        protocol = text_named(asked.text).protocol()
        if asked.example is None:
            return _list(asked.text)
        example = _example(asked.text, asked.example)
        rules = rules_for(example, protocol, load(protocol.head.calendar))
        steps, wrong = play(example, rules), mismatches(example, rules)
    except ProtocolError as error:
        return refuse(str(error), FOUND_WRONG)
    except ValueError as refusal:
        return refuse(str(refusal))
    print(_as_json(rules, example, steps, wrong) if asked.json else _as_text(rules, example, steps, wrong))
    return FOUND_WRONG if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift replay", description="Plays a worked example step by step, and says whether it holds."
    )
    add = parser.add_argument
    add("text", metavar="ID|FILE", help="a shipped protocol or a file")
    add(
        "example",
        nargs="?",
        metavar="EXAMPLE",
        help="the name of a shipped example, its number, or a file (lists them)",
    )
    add("--json", action="store_true", help="the same as JSON")
    return parser


def _list(protocol_id: str) -> int:
    if protocol_id not in SHIPPED:
        return refuse("Say which example: the path of its file.")
    for name, text in examples_of(protocol_id).items():
        print(f"{name:<44}  {read_example(text, name).title}")
    return 0


def _example(protocol_id: str, asked: str) -> Example:
    shipped = examples_of(protocol_id) if protocol_id in SHIPPED else {}
    found = [name for name in shipped if asked == name or name.split("-")[0] == asked.zfill(2)]
    if found:
        return read_example(shipped[found[0]], found[0])
    otherwise = (
        f"`undrift replay {protocol_id}` lists the examples that ship." if shipped else "Give the path of its file."
    )
    return read_example(text_at(asked, otherwise), Path(asked).stem)


def _as_text(rules: Rules, example: Example, steps: Sequence[StepResult], wrong: Sequence[str]) -> str:
    lines = [*_filled(example.title, ""), *(_filled(example.note, "") if example.note else [])]
    seen: set[tuple[str, object]] = set()
    for result in steps:
        lines += ["", *_step(rules.protocol, result), *_owed(rules, result, seen)]
    for rule in example.dates:
        lines += ["", *_dated(rules, rule)]
    lines += ["", *(wrong or ["Everything is as the example says it should be."])]
    return "\n".join(lines)


def _step(protocol: Protocol, result: StepResult) -> Iterator[str]:
    step, at = result.step, result.step.at.astimezone(LONDON)
    who = protocol.title_of(step.by.role or step.by.person) if step.by.person else step.by.name
    did = f": {step.name.replace('_', ' ')}" if step.name else " looks"
    yield f"{step.number}. {in_words(at.date())}, {at:%H:%M}. {who}{did}"
    if result.refusal is not None:
        yield from _filled(f"Refused: {_refusal(result.refusal)}")
    if result.next is not None and result.state is not None:
        yield from _filled(f"{protocol.stage(result.state.here.stage).title}. {_next(protocol, result)}")
    elif result.next is not None:
        yield from _filled(_next(protocol, result))
    for pointer in result.pointers:
        yield from _filled(f"Pointed out: {pointer}")


def _refusal(refusal: Refusal) -> str:
    return f"{refusal.sentence} ({refusal.clause})" if refusal.clause else refusal.sentence


def _next(protocol: Protocol, result: StepResult) -> str:
    following = result.next
    assert following is not None
    if following.none_because:
        return f"{following.tag}: {following.none_because}"
    who = protocol.title_of(following.who) if following.who else following.name or following.person
    day = following.day
    return f"{following.tag}: {who}, to {following.must}, {f'by {in_words(day)}' if day else 'no date set'}."


def _owed(rules: Rules, result: StepResult, seen: set[tuple[str, object]]) -> Iterator[str]:
    """Each duty when it first appears or its date changes, with the proof of its date."""
    for duty in result.duties:
        if not duty.owed or (duty.key, duty.day) in seen:
            continue
        seen.add((duty.key, duty.day))
        yield from _filled(_duty(rules.protocol, duty), "   - ", "     ")
        if duty.due is not None and duty.basis in ("policy", "authority"):
            proof = rules.proof(duty.due)
            for sentence in proof.sentences:
                yield from _filled(sentence, "     ")
            yield from (f"     {each.as_text()}" for each in proof.counted)


def _duty(protocol: Protocol, duty: Duty) -> str:
    who = protocol.title_of(duty.who) if duty.who else duty.name or duty.person
    milestone = protocol.milestone(duty.must)
    what = milestone.title if milestone else duty.must
    when = f"by {in_words(duty.day)}" if duty.day else "no date"
    return f"{who} owes: {what}, {when} ({BASIS[duty.basis]})."


BASIS = {
    "policy": "the policy's date",
    "authority": "the authority's own target",
    "courtesy": "a courtesy, never late",
    "agreed": "an agreed date",
}


def _dated(rules: Rules, rule: DatedRule) -> Iterator[str]:
    when = date_of(rules, rule)
    yield f"{rule.kind.capitalize()} {rule.id}, from {in_words(rule.start)}:"
    for line in rules.proof(when).as_text().splitlines() if when else ["The policy sets no time."]:
        yield f"   {line}".rstrip()


def _filled(text: str, first: str = "   ", others: str | None = None) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=first if others is None else others)


def _as_json(rules: Rules, example: Example, steps: Sequence[StepResult], wrong: Sequence[str]) -> str:
    values = {
        "example": example.name,
        "title": example.title,
        "protocol": rules.protocol.head.id,
        "bare_days": rules.bare_days,
        "steps": [_json_step(rules, result) for result in steps],
        "dates": [_json_date(rules, rule) for rule in example.dates],
        "mismatches": list(wrong),
    }
    return json.dumps(values, indent=2, ensure_ascii=False, default=str)


def _json_step(rules: Rules, result: StepResult) -> dict[str, Any]:
    following, refusal = result.next, result.refusal
    return {
        "step": result.step.number,
        "at": result.step.at.isoformat(),
        "by": result.step.by.person or "system",
        "act": result.step.name or None,
        "events": [{"seq": event.seq, "type": event.type, "payload": dict(event.payload)} for event in result.events],
        "refusal": vars(refusal) if refusal else None,
        "stage": result.state.here.stage if result.state else None,
        "status": following.tag if following else None,
        "next": (following.who or following.name or following.person or None) if following else None,
        "must": following.must if following else None,
        "duties": [_json_duty(rules, duty) for duty in result.duties],
        "told": [{"role": each.role, "ask": each.ask} for each in result.told],
        "pointers": list(result.pointers),
    }


def _json_duty(rules: Rules, duty: Duty) -> dict[str, Any]:
    return {
        "key": duty.key,
        "who": duty.who or duty.name or duty.person,
        "must": duty.must,
        "basis": duty.basis,
        "due": duty.day.isoformat() if duty.day else None,
        "owed": duty.owed,
        "met": duty.met.isoformat() if duty.met else None,
        "clause": duty.clause,
        "proof": rules.proof(duty.due).as_json() if duty.due else None,
    }


def _json_date(rules: Rules, rule: DatedRule) -> dict[str, Any]:
    when = date_of(rules, rule)
    return {
        "kind": rule.kind,
        "id": rule.id,
        "from": rule.start.isoformat(),
        "proof": rules.proof(when).as_json() if when else None,
    }
