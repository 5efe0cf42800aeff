"""`undrift rebuild` and `undrift verify`: the two commands that read the record."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from typing import Any

import django

from undrift.config import databases

NO_RECORD = "There is no record in this database yet: it has no tables of Undrift. `make run` sets a first one up."


def run_rebuild(argv: Sequence[str]) -> int:
    """Returns 0 where the summary agreed with history, 1 where something differed; put right only with `--write`."""
    asked = _asked("rebuild", "work the summary and the duties out again from history, and say what differed", argv)
    with _record():
        rebuild = import_module("undrift.resolutions.rebuild")
        found = rebuild.rebuild(_authority(asked.authority), write=asked.write)
    done = "put right" if asked.write else "left as it was: `undrift rebuild --write` puts it right"
    return _say(asked, found, _number(found, "difference") + (f", {done}." if found else "."))


def run_verify(argv: Sequence[str]) -> int:
    """Returns 0 where the record is whole, 1 where it is not."""
    asked = _asked("verify", "check the chain of every history, and the seals", argv)
    with _record():
        verify = import_module("undrift.record.verify")
        found = verify.verify(_authority(asked.authority))
    return _say(asked, found, _number(found, "fault") + "." if found else "The record is whole: 0 faults.")


def _asked(name: str, what: str, argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"undrift {name}", description=what.capitalize() + ".")
    parser.add_argument("--authority", help="only this authority, by its code")
    parser.add_argument("--json", action="store_true", help="as JSON")
    if name == "rebuild":
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--dry-run", action="store_true", help="say what differs and change nothing (the default)")
        either.add_argument("--write", action="store_true", help="put right what differs")
    return parser.parse_args(argv)


@contextmanager
def _record() -> Iterator[None]:
    """The database served and Django set up: models can be imported only then."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
    databases.prepare_for_command(["undrift", "verify"])
    with databases.served():
        django.setup()
        if "record_case" not in import_module("django.db").connection.introspection.table_names():
            sys.exit(NO_RECORD)
        yield


def _authority(code: str | None) -> Any:
    if code is None:
        return None
    authorities = import_module("undrift.people.models").Authority.objects
    found = authorities.filter(code=code).first()
    if found is None:
        known = ", ".join(authorities.order_by("code").values_list("code", flat=True)) or "none yet"
        sys.exit(f'There is no authority "{code}". There are: {known}.')
    return found


def _number(found: Sequence[Any], what: str) -> str:
    return f"{len(found)} {what}" if len(found) == 1 else f"{len(found)} {what}s"


def _say(asked: argparse.Namespace, found: Sequence[Any], summary: str) -> int:
    if asked.json:
        print(json.dumps([asdict(item) for item in found], indent=2, default=str))
    else:
        for item in found:
            print(item)
        print(summary)
    return 1 if found else 0
