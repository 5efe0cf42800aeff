"""`undrift explain`: a protocol in plain words, and its ladder as a drawing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from undrift.cli.arguments import FOUND_WRONG, WrongAsk, refuse, text_named
from undrift.protocol.diagram import diagram
from undrift.protocol.model import Protocol
from undrift.protocol.reader import ProtocolError
from undrift.protocol.words import explain, explain_markdown, sections, stage_rows


def run(argv: Sequence[str]) -> int:
    """Prints the explanation. Returns 0, 1 where the text is no protocol yet, or 2 where it cannot be opened."""
    asked = _parser().parse_args(argv)
    try:
        protocol = text_named(asked.text).protocol()
        if asked.svg:
            _write(asked.svg, diagram(protocol))
    except WrongAsk as refusal:
        return refuse(str(refusal))
    except ProtocolError as error:
        return refuse(str(error), FOUND_WRONG)
    if asked.json:
        print(_as_json(protocol))
    elif asked.markdown:
        print(explain_markdown(protocol), end="")
    elif asked.svg:
        print(f"The ladder is drawn in {asked.svg}.")
    else:
        print(explain(protocol), end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undrift explain", description="A protocol in plain words.")
    add = parser.add_argument
    add("text", metavar="ID|FILE", help="a shipped protocol or a file")
    add("--svg", metavar="FILE", help="draw the ladder into this file")
    add("--markdown", action="store_true", help="the words as Markdown")
    add("--json", action="store_true", help="the words and the table of stages as JSON")
    return parser


def _write(path: str, drawing: str) -> None:
    try:
        Path(path).write_text(drawing, "utf-8")
    except OSError as error:
        raise WrongAsk(f'"{path}" cannot be written: {error.strerror}.') from None


def _as_json(protocol: Protocol) -> str:
    parts = [part for part in sections(protocol) if not part.rows]
    values = {
        "id": protocol.head.id,
        "version": protocol.head.version,
        "title": protocol.head.title,
        "bare_days": protocol.head.bare_days,
        "stages": [
            {"id": stage.id, **asdict(row)} for stage, row in zip(protocol.stages, stage_rows(protocol), strict=True)
        ],
        "sections": [{"heading": part.heading, "said": [*part.sentences, *part.items]} for part in parts],
    }
    return json.dumps(values, indent=2, ensure_ascii=False)
