"""`undrift check`: reads protocols and looks for what would go wrong with them."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from undrift.cli.arguments import FOUND_WRONG, Text, WrongAsk, aligned, refuse, text_named
from undrift.library.protocols import SHIPPED
from undrift.protocol.linter import Finding, lint
from undrift.protocol.places import line_of, lines_of
from undrift.protocol.reader import Fault, ProtocolError


@dataclass(frozen=True)
class Checked:
    """What was found in one text: faults of its form, or else findings of its sense, each with its line."""

    name: str
    faults: tuple[Fault, ...] = ()
    findings: tuple[tuple[int | None, Finding], ...] = ()

    @property
    def wrong(self) -> bool:
        return bool(self.faults) or any(finding.severity == "error" for _, finding in self.findings)


def run(argv: Sequence[str]) -> int:
    """Prints what was found. Returns 0, 1 where there are errors, or 2 where a text cannot be opened."""
    asked = _parser().parse_args(argv)
    try:
        found = [_checked(text_named(each)) for each in asked.texts or SHIPPED]
    except WrongAsk as refusal:
        return refuse(str(refusal))
    print(_as_json(found) if asked.json else _as_text(found))
    return FOUND_WRONG if any(each.wrong for each in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift check", description="Reads protocols and looks for what would go wrong with them."
    )
    add = parser.add_argument
    add("texts", nargs="*", metavar="ID|FILE", help="a shipped protocol or a file (every shipped one)")
    add("--json", action="store_true", help="the same as JSON")
    return parser


def _checked(text: Text) -> Checked:
    try:
        protocol = text.protocol()
    except ProtocolError as error:
        return Checked(text.name, faults=error.faults)
    lines = lines_of(text.text)
    return Checked(text.name, findings=tuple((line_of(each.place, lines), each) for each in lint(protocol)))


def _as_text(found: list[Checked]) -> str:
    return "\n\n".join([*map(_one, found), _summary(found)])


def _one(checked: Checked) -> str:
    if checked.faults:
        return "\n".join([f"{checked.name} cannot be read yet:", *(f"  {fault}" for fault in checked.faults)])
    rows = [
        (f"line {line}" if line else "", finding.code, finding.severity, finding.sentence)
        for line, finding in checked.findings
    ]
    return f"{checked.name}\n{aligned(rows, '  ') or '  nothing found'}"


def _summary(found: list[Checked]) -> str:
    counts = Counter(finding.severity for each in found for _, finding in each.findings)
    errors = counts["error"] + sum(len(each.faults) for each in found)
    return ", ".join(
        (
            _number(len(found), "protocol"),
            _number(errors, "error"),
            _number(counts["warning"], "warning"),
            f"{counts['information']} for information",
        )
    )


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _as_json(found: list[Checked]) -> str:
    values = [
        {
            "file": each.name,
            "faults": [asdict(fault) for fault in each.faults],
            "findings": [{"line": line, **asdict(finding)} for line, finding in each.findings],
        }
        for each in found
    ]
    return json.dumps(values, indent=2, ensure_ascii=False)
