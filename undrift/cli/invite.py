"""`undrift invite`: the first administrator of a council is let in; they invite the others from People."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import django
from django.db import DatabaseError
from django.utils import timezone

from undrift.config import databases

REFUSED = 1
WRONGLY_ASKED = 2


def run(argv: Sequence[str]) -> int:
    """Owes them a link by which to choose a password. Returns 0; 1 when refused; 2 when wrongly asked."""
    asked = _parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
    databases.prepare_for_command(["undrift", "invite"])
    with databases.served():
        django.setup()
        try:
            return _invite(asked)
        except DatabaseError as fault:
            # The first line alone: those after it may show what a row holds.
            return _say(f"The database refused: {str(fault).splitlines()[0]}. `make run` sets a database up.")


def _invite(asked: argparse.Namespace) -> int:
    # Models can be imported only once Django is set up.
    councils, inviting = import_module("undrift.applying.councils"), import_module("undrift.access.letting_in")
    try:
        authority: Any = councils.authority_of(asked.authority)
    except councils.UnknownAuthorityError as refusal:
        return _say(str(refusal))
    try:
        person = inviting.invite_the_first(authority, asked.address, timezone.now())
    except inviting.NotDone as refusal:
        return _say(f"{refusal}.", REFUSED)
    said = f"{person.email} is sent a link, which works once, for 3 days. The worker sends it: manage.py work."
    print(json.dumps({"invited": person.email}) if asked.json else said)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undrift invite",
        description="Let an administrator of a council in, whom `undrift import organisation` has brought in.",
    )
    parser.add_argument("address", metavar="ADDRESS", help="the email address they sign in with")
    parser.add_argument("--authority", required=True, metavar="CODE", help="the council whose administrator they are")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    return parser


def _say(sentence: str, status: int = WRONGLY_ASKED) -> int:
    print(sentence, file=sys.stderr)
    return status
