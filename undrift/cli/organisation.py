"""`undrift import organisation` and `undrift export organisation`: staff, units, posts, holdings and cover as CSV."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.db import DatabaseError

from undrift.config import databases

STOPPED = 1
WRONGLY_ASKED = 2
LARGEST = 20 * 1024 * 1024


def run_import(argv: Sequence[str]) -> int:
    """Prints what was found and done. Returns 0; 1 when a file as a whole was refused; 2 when wrongly asked."""
    return _served(_import, _import_parser().parse_args(argv))


def run_export(argv: Sequence[str]) -> int:
    """Writes the six files and says where. Returns 0; 2 when wrongly asked."""
    return _served(_export, _export_parser().parse_args(argv))


def _served(command: Callable[[argparse.Namespace], int], asked: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
    databases.prepare_for_command(["undrift", "import"])
    with databases.served():
        django.setup()
        try:
            return command(asked)
        except DatabaseError as fault:
            # The first line alone: those after it may show what a row holds.
            return _refuse(f"The database refused: {str(fault).splitlines()[0]}. `make run` sets a database up.")


def _import(asked: argparse.Namespace) -> int:
    # Models can be imported only once Django is set up.
    checking = import_module("undrift.intake.organisation.checking")
    applying = import_module("undrift.applying.organisation")
    councils = import_module("undrift.applying.councils")
    files = {}
    for path in asked.files:
        try:
            if path.stat().st_size > LARGEST:
                return _refuse(f"{path.name} is larger than 20 MB. Split it.")
            files[path.name] = path.read_bytes()
        except OSError as problem:
            return _refuse(f"{path.name} cannot be read: {problem.strerror}.")
    area = import_module("undrift.applying.area")
    checked = checking.check(files, whole=asked.yes)
    try:
        if asked.area and (
            refused := area.say_area(councils.authority_of(asked.authority), asked.area, only_check=asked.check)
        ):
            return _refuse(refused)
        applied = applying.apply_to(checked, asked.authority, only_check=asked.check)
    except councils.UnknownAuthorityError as refusal:
        return _refuse(str(refusal))
    stopped = not applied.counts
    print(json.dumps(_as_json(applied, asked.check), indent=2) if asked.json else _as_text(applied, asked.check))
    known = [] if asked.json or asked.area else councils.of_code(asked.authority)
    for wanted in filter(None, map(area.area_wanted, known)):
        print(wanted)
    return STOPPED if stopped else 0


def _as_text(applied: Any, only_check: bool) -> str:
    report = import_module("undrift.intake.report")
    lines = [f"{report.SAID_AS[finding.severity]}: {finding}" for finding in applied.findings]
    for name, count in applied.counts.items():
        if sum(count.values()):
            lines.append(
                f"{name.capitalize()}: {count['new']} new, {count['changed']} changed, {count['unchanged']} unchanged."
            )
    if only_check and applied.counts:
        lines.append("Checked only: nothing was imported.")
    return "\n".join(lines)


def _as_json(applied: Any, only_check: bool) -> dict[str, object]:
    return {
        "imported": bool(applied.counts) and not only_check,
        "counts": {name: dict(count) for name, count in applied.counts.items()},
        "findings": [finding.as_json() for finding in applied.findings],
    }


def _export(asked: argparse.Namespace) -> int:
    exporting = import_module("undrift.intake.organisation.exporting")
    authority = _authority(asked.authority)
    if isinstance(authority, str):
        return _refuse(authority)
    asked.to.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, text in exporting.export(authority).items():
        (asked.to / name).write_text(text, "utf-8", newline="")
        written[name] = len(text.splitlines()) - 1
    said = "\n".join(f"{name}: {rows} {'row' if rows == 1 else 'rows'}" for name, rows in written.items())
    print(json.dumps(written, indent=2) if asked.json else said)
    return 0


def _authority(code: str) -> Any:
    """The authority of that code; or the sentence that says there is none."""
    councils = import_module("undrift.applying.councils")
    try:
        return councils.authority_of(code)
    except councils.UnknownAuthorityError as refusal:
        return str(refusal)


def _import_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift import organisation", description="Our own CSV: staff, units, posts, holdings and cover."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.csv")
    _common(parser)
    parser.add_argument("--check", action="store_true", help="say what would be found; change nothing")
    parser.add_argument("--yes", action="store_true", help="the files are whole, though a last row has no line end")
    parser.add_argument("--area", default="", metavar="AREA", help="which area of its policy the council is")
    return parser


def _export_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undrift export", description="The organisation as it stands, in six files.")
    parser.add_argument("what", choices=("organisation",))
    _common(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the files are written")
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--authority", required=True, metavar="CODE", help="the council whose people these are")
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONGLY_ASKED
