"""Entries made in error: who said so, when and why. The entry itself stays, struck through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from undrift.desks.frame.days import day_and_time
from undrift.engine.events import Event


def struck(entries: Iterable[Event], *, with_why: bool = True) -> Mapping[int, str]:
    """By the number of the entry that is struck through, the sentence below it.

    Without why on the page of one child: what somebody wrote may speak of a brother or sister.
    """
    return {int(entry.payload["seq"]): _said(entry, with_why) for entry in entries if entry.type == "corrected"}


def _said(entry: Event, with_why: bool) -> str:
    who = f"Marked as entered in error by {entry.by.name}, {day_and_time(entry.at)}"
    return f"{who}: {entry.payload['why']}" if with_why else f"{who}."
