"""The demonstration into an empty database, once: two invented organisations and their year."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from undrift.demo.demonstration import SEED, is_there, load
from undrift.demo.stories import PASSWORD


class Command(BaseCommand):
    help = "Load the demonstration: invented councils, families and a year of their resolutions. Once only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=SEED, help="another year, drawn from another number")
        parser.add_argument("--today", type=_day, help="the day it is told from, as 2026-05-06; else today")
        parser.add_argument("--small", action="store_true", help="the families of the stories, without the year")

    def handle(self, *args: object, seed: int, today: date | None, small: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Everybody in the demonstration has a password that anybody can read. "
                "Set UNDRIFT_DEMO=1 where that is meant; `make run` does."
            )
        if is_there():
            self.stdout.write("The demonstration is loaded already. `make demo-reset` takes it away.")
            return
        began = time.monotonic()
        loaded = load(today or timezone.localdate(), seed=seed, small=small, tell=self._tell)
        count = len(loaded.script.cases)
        self.stdout.write(f"Loaded {count} resolutions in {time.monotonic() - began:.0f} seconds.")
        self.stdout.write(f'Choose a person to be at /demo, or sign in as any of them with "{PASSWORD}".')

    def _tell(self, said: str) -> None:
        self.stdout.write(f"  {said}")
        self.stdout.flush()


def _day(text: str) -> date:
    return date.fromisoformat(text)
