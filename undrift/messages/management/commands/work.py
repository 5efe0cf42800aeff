"""The worker: what time brings about. Any number may run; without one the worklists are right all the same."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection
from django.utils import timezone

from undrift.access.alarms import raise_alarms
from undrift.access.emergency import hand_up_unreviewed
from undrift.access.granting import say_again
from undrift.messages.post import send_due
from undrift.record.handing_on import new_day
from undrift.record.seals import seal
from undrift.record.sweep import sweep
from undrift.record.typed_texts import clear_old
from undrift.resolutions.holding import hold
from undrift.resolutions.plans_ended import record_plans_ended

log = logging.getLogger(__name__)

SWEEP_SECONDS = 15
SEAL_SECONDS = 60
WATCH_SECONDS = 60
CLEAR_SECONDS = 60 * 60


class Command(BaseCommand):
    help = "Record dates that have passed, watch the looks, send the outbox, seal the histories. Stops on SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: object, once: bool, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        worker = Worker()
        while not stop.is_set():
            worker.round()
            if once:
                return
            stop.wait(SWEEP_SECONDS)


class Worker:
    """One round after another. A database that went away is asked again in the next round."""

    def __init__(self) -> None:
        self.sealed_at = -float(SEAL_SECONDS)
        self.watched_at = -float(WATCH_SECONDS)
        self.cleared_at = -float(CLEAR_SECONDS)

    def round(self) -> None:
        for step in (self._sweep, self._watch, self._send, self._seal, self._new_day, self._clear):
            try:
                step()
            except Error as problem:
                log.warning("The database did not answer (%s); trying again.", problem)
                connection.close()
                return

    def _sweep(self) -> None:
        if held := hold():
            log.info("Held %s records about nobody who lives, or let them go on.", held)
        if recorded := sweep():
            log.info("Recorded %s dates that passed.", recorded)
        if ended := record_plans_ended():
            log.info("Recorded %s plans that ended under open concerns.", ended)

    def _send(self) -> None:
        if sent := send_due():
            log.info("Sent %s messages.", sent)

    def _watch(self) -> None:
        """Looks that should worry, emergency openings that nobody reviews, what waits to be confirmed and is due."""
        if time.monotonic() - self.watched_at < WATCH_SECONDS:
            return
        now = timezone.now()
        if told := raise_alarms(now) + hand_up_unreviewed(now) + say_again(now):
            log.info("Wrote %s alerts about looks, emergency openings and what waits.", told)
        self.watched_at = time.monotonic()

    def _seal(self) -> None:
        if time.monotonic() - self.sealed_at >= SEAL_SECONDS:
            seal()
            self.sealed_at = time.monotonic()

    def _new_day(self) -> None:
        """Cover and posts begin and end with the day. What was looked up today already is left alone."""
        done = new_day(timezone.now())
        if done.resolutions:
            log.info("A new day: %s resolutions have another person, %s people were told.", done.resolutions, done.told)

    def _clear(self) -> None:
        """What was typed and never sent is kept for a stated time, and no longer."""
        if time.monotonic() - self.cleared_at < CLEAR_SECONDS:
            return
        if gone := clear_old(timezone.now()):
            log.info("Cleared %s texts that were never sent.", gone)
        self.cleared_at = time.monotonic()
