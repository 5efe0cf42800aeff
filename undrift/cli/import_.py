"""`undrift import`: the sector's files into an authority, each bad row with its place and reason."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

import django
from django.db import DatabaseError
from django.utils import timezone

from undrift.cli import organisation
from undrift.config import databases

STOPPED = 1
WRONGLY_ASKED = 2


def run(argv: Sequence[str]) -> int:
    """Prints what was found and done. Returns 0; 1 when the file as a whole was refused; 2 when wrongly asked."""
    if argv[:1] == ["organisation"]:
        return organisation.run_import(argv[1:])
    asked = _parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
    databases.prepare_for_command(["undrift", "import"])
    with databases.served():
        django.setup()
        return _import(asked)


def _import(asked: argparse.Namespace) -> int:
    # Models can be imported only once Django is set up.
    from_file = import_module("undrift.applying.from_file")
    now: datetime = timezone.now()
    try:
        outcome = from_file.import_annex_a(
            asked.file,
            asked.authority,
            as_at=asked.as_at or timezone.localdate(now),
            at=now,
            only_check=asked.check,
        )
    except from_file.UnknownAuthorityError as refusal:
        return _refuse(str(refusal))
    except DatabaseError as fault:
        # The first line alone: those after it may show what a row holds.
        reason = str(fault).splitlines()[0]
        return _refuse(f"The database refused: {reason}. Nothing was imported. `make run` sets a database up.")
    print(json.dumps(outcome.as_json(), indent=2) if asked.json else "\n".join(outcome.as_lines()))
    return STOPPED if outcome.checked.stopped else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift import", description="A file of the sector into an authority: check, then apply."
    )
    parser.add_argument("format", choices=("annex-a",), help="Ofsted's Annex A workbook: List 7; or organisation")
    parser.add_argument("file", type=Path, metavar="FILE.xlsx")
    parser.add_argument("--authority", required=True, metavar="CODE", help="the council whose children these are")
    parser.add_argument("--as-at", type=_day, metavar="DAY", help="the day that the file describes, 2026-03-31 (today)")
    parser.add_argument("--check", action="store_true", help="say what would be found; change nothing")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no day; write 2026-03-31') from None


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONGLY_ASKED
