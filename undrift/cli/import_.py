"""`undrift import`: a council's children from a file: check, then apply what was checked, and undo of the last."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.db import DatabaseError
from django.utils import timezone

from undrift.cli import organisation
from undrift.config import databases
from undrift.engine.dates.horizons import no_day_of_a_file

STOPPED = 1
WRONGLY_ASKED = 2

# In one step, as it always was: the file is checked and applied at once.
AT_ONCE = "annex-a"


def run(argv: Sequence[str]) -> int:
    """Prints what was found and done. Returns 0; 1 when it was refused and nothing written; 2 when wrongly asked."""
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
    step: Callable[[argparse.Namespace, Any, Any], int] = STEPS[asked.step]
    try:
        return step(asked, from_file, from_file.authority_of(asked.authority))
    except from_file.UnknownAuthorityError as refusal:
        return _refuse(str(refusal))
    except from_file.NotApplied as refusal:
        print(
            refusal.sentence + (" Say --yes for it." if refusal.code in (from_file.BRAKE, from_file.CONFIRM) else ""),
            file=sys.stderr,
        )
        return STOPPED
    except DatabaseError as fault:
        # The first line alone: those after it may show what a row holds.
        reason = str(fault).splitlines()[0]
        return _refuse(f"The database refused: {reason}. Nothing was imported. `make run` sets a database up.")


# Each step -----------------------------------------------------------------------------------------------------------


def _check(asked: argparse.Namespace, from_file: Any, authority: Any) -> int:
    if asked.format not in from_file.FORMATS:
        return _refuse(f'There is no format "{asked.format}". There are: {", ".join(sorted(from_file.FORMATS))}.')
    check = _read(asked, asked.format, from_file, authority)
    if check is None:
        return WRONGLY_ASKED
    _say(asked, check, imported=False)
    return 0 if check.digest else STOPPED


def _apply(asked: argparse.Namespace, from_file: Any, authority: Any) -> int:
    check = from_file.kept_check(authority, asked.format)
    if check is None:
        return _refuse(f"No file of the format {asked.format} has been checked for {authority.name}. Check it first.")
    _say(asked, _applied(asked, from_file, check), imported=True)
    return 0


def _at_once(asked: argparse.Namespace, from_file: Any, authority: Any) -> int:
    check = _read(asked, AT_ONCE, from_file, authority)
    if check is None:
        return WRONGLY_ASKED
    if asked.check or not check.digest:
        _say(asked, check, imported=False)
        return 0 if check.digest else STOPPED
    try:
        applied = _applied(asked, from_file, check)
    except from_file.NotApplied:
        _say(asked, check, imported=False)
        raise
    _say(asked, applied, imported=True)
    return 0


def _applied(asked: argparse.Namespace, from_file: Any, check: Any) -> Any:
    """One yes is to all that the check asks."""
    return from_file.apply_check(check, at=timezone.now(), by=None, agreed=asked.yes, confirmed=asked.yes)


def _undo(asked: argparse.Namespace, from_file: Any, authority: Any) -> int:
    run = from_file.last_run(authority)
    if run is None:
        return _refuse(f"There is no import into {authority.name} that could be undone.")
    number = from_file.undo(run, at=timezone.now(), by=None)
    facts = "1 fact was" if number == 1 else f"{number} facts were"
    said = f"The import of {run.file_name}, as at {run.as_at:%d/%m/%Y}, is undone: {facts} put back."
    print(json.dumps({"file": run.file_name, "facts": number}) if asked.json else said)
    return 0


STEPS: Mapping[str, Callable[[argparse.Namespace, Any, Any], int]] = {
    "check": _check,
    "apply": _apply,
    "undo": _undo,
    AT_ONCE: _at_once,
}


def _read(asked: argparse.Namespace, format: str, from_file: Any, authority: Any) -> Any:
    content = _content(asked.file)
    if content is None:
        _refuse(f"There is no file {asked.file.name} that can be read. Give the path of the file that was exported.")
        return None
    now: datetime = timezone.now()
    today = timezone.localdate(now)
    as_at = asked.as_at or today
    if wrong := no_day_of_a_file(as_at, today):
        _refuse(f"{wrong}. Say --as-at with the day on which it was exported.")
        return None
    return from_file.check_file(authority, format, asked.file.name, content, as_at=as_at, at=now, by=None)


def _content(path: Path) -> bytes | None:
    """A folder is read as its tables are, packed together."""
    try:
        if path.is_dir():
            packed: bytes = import_module("undrift.applying.packing").packed(path)
            return packed
        return path.read_bytes()
    except OSError:
        return None


# What is said --------------------------------------------------------------------------------------------------------


def _say(asked: argparse.Namespace, of: Any, *, imported: bool) -> None:
    """`of` is a check, or a run: the same counts and findings."""
    in_words = import_module("undrift.applying.in_words")
    if asked.csv is not None:
        asked.csv.write_text(in_words.as_csv(of), encoding="utf-8")
    print(
        json.dumps(in_words.as_json(of, imported), indent=2) if asked.json else "\n".join(in_words.lines(of, imported))
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift import",
        description="A council's children from a file. Staff and posts: undrift import organisation.",
    )
    steps = parser.add_subparsers(dest="step", required=True)
    check = steps.add_parser("check", help="read a file, and say what it would change; change nothing")
    check.add_argument("format", help="such as annex-a")
    apply = steps.add_parser("apply", help="make so what the check showed")
    apply.add_argument("format", help="such as annex-a")
    undo = steps.add_parser("undo", help="put back what the last import changed")
    at_once = steps.add_parser(AT_ONCE, help="Ofsted's Annex A workbook, checked and applied at once")
    at_once.add_argument("--check", action="store_true", help="say what it would change; change nothing")
    for step in (check, at_once):
        step.add_argument("file", type=Path, metavar="FILE")
        step.add_argument("--as-at", type=_day, metavar="DAY", help="the day that it describes, 2026-03-31 (today)")
    for step in (apply, at_once):
        step.add_argument(
            "--yes", action="store_true", help="also where a tenth of the open plans would go, or the file may be cut"
        )
    for step in (check, apply, undo, at_once):
        step.add_argument("--authority", required=True, metavar="CODE", help="the council whose children these are")
        step.add_argument("--json", action="store_true", help="the same as JSON")
    for step in (check, apply, at_once):
        step.add_argument("--csv", type=Path, metavar="FILE", help="write each finding as a line of this file")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no day; write 2026-03-31') from None


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONGLY_ASKED
