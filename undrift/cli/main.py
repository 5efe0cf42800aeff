"""The `undrift` command line: one table of commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple


class Command(NamedTuple):
    """A command: the module and its function that does it (`argv` in, status out), and what it is for in one line."""

    module: str
    summary: str
    function: str = "run"


# Named, not imported, so that a command loads only what it needs. Each takes --help and --json.
COMMANDS = {
    "check": Command("undrift.cli.check", "reads protocols and looks for what would go wrong with them"),
    "due": Command("undrift.cli.due", "when a clock ends, and every day counted on the way"),
    "explain": Command("undrift.cli.explain", "a protocol in plain words, and its ladder as a drawing"),
    "export": Command("undrift.cli.organisation", "the organisation as CSV: staff, posts, cover", "run_export"),
    "import": Command("undrift.cli.import_", "a file of the sector into an authority: check, then apply"),
    "invite": Command("undrift.cli.invite", "the first administrator of a council, who invites the others"),
    "rebuild": Command("undrift.cli.record", "works lists and duties out again from history", "run_rebuild"),
    "replay": Command("undrift.cli.replay", "a worked example step by step: state, duties, proofs, refusals"),
    "simulate": Command("undrift.cli.simulate", "the dates of a whole ladder, when nobody answers"),
    "verify": Command("undrift.cli.record", "checks that no history was changed, cut or put in", "run_verify"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0, or 2 with a sentence on standard error when it was asked wrongly."""
    asked = list(sys.argv[1:] if argv is None else argv)
    if asked and asked[0] in COMMANDS:
        try:
            command = COMMANDS[asked[0]]
            status: int = getattr(import_module(command.module), command.function)(asked[1:])
            sys.stdout.flush()
        except BrokenPipeError:  # the reader had enough: `undrift replay ... | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return status
    _parser().parse_args(asked or ["--help"])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undrift", description="Policies as text, dated and explained.")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.summary)
    return parser


if __name__ == "__main__":
    sys.exit(main())
