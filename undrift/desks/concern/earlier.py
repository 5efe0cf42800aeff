"""What was raised before about the same child, reason and stage: shown before sending, and offered to be linked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from undrift.desks.concern.on_its_way import Raising
from undrift.desks.frame.days import full_day
from undrift.engine.dates.moments import london_date
from undrift.protocol.model import Protocol
from undrift.resolutions.earlier import earlier_about, how_it_ended
from undrift.resolutions.in_a_line import listed, short_ground
from undrift.resolutions.models import Resolution

TIMES = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def earlier_than(raising: Raising) -> list[Resolution]:
    """Asked once a page; nothing before children, reasons and a stage are chosen."""
    if raising.stage is None or not raising.chosen:
        return []
    children, grounds = raising.chosen, raising.answers.typed.getlist("grounds")
    key = repr((raising.stage.id, [child.pk for child in children], grounds))
    if key not in raising.earlier:
        raising.earlier[key] = earlier_about(
            [child.pk for child in children], grounds, raising.stage.id, raising.matter.person, raising.protocol,
            now=raising.matter.now,
        )  # fmt: skip
    return raising.earlier[key]


def which_time(raising: Raising) -> str:
    """ "This is the third time this is raised at Stage 2 about Maya." """
    count, stage = len(earlier_than(raising)) + 1, raising.stage
    assert stage is not None
    time = f"the {TIMES[count]} time" if count < len(TIMES) else f"time {count}"
    children = listed([child.called for child in raising.chosen])
    return f"This is {time} that a concern for the same reason stands at {stage.named} about {children}."


def in_words(raising: Raising, resolution: Resolution) -> str:
    """Since when, about whom, why, and how it ended or where it stands."""
    chosen = {child.pk: child.called for child in raising.chosen}
    about = listed([chosen[one.child_id] for one in resolution.about.all() if one.child_id in chosen])
    reasons = listed([short_ground(raising.protocol, code) for code in resolution.grounds])
    return f"Raised {full_day(london_date(resolution.raised_at))} about {about}: {reasons}. {_end(resolution, raising)}"


def _end(resolution: Resolution, raising: Raising) -> str:
    if resolution.ended_at is not None:
        return f"{how_it_ended(resolution)} on {full_day(london_date(resolution.ended_at))}."
    turn = resolution.turn(raising.matter.now)
    return f"Still open at {_stage(raising.protocol, resolution)}: {turn.tag.lower()}."


def _stage(protocol: Protocol, resolution: Resolution) -> str:
    return protocol.stage(resolution.stage).named


@dataclass(frozen=True)
class Before:
    """One earlier concern: its reference, its page, and what is said of it."""

    reference: str
    href: str
    words: str


def shown(raising: Raising) -> dict[str, Any]:
    """What a page shows of it; nothing where this is the first time."""
    earlier = earlier_than(raising)
    if not earlier:
        return {}
    told = [Before(r.reference, reverse("resolution", args=[r.reference]), in_words(raising, r)) for r in earlier]
    return {"which_time": which_time(raising), "earlier": told}
