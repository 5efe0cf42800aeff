"""What a scene passed through, read from the record and the outbox when it is over; and what a policy has to pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from undrift.engine.ladder.state import DISAGREEMENT
from undrift.protocol.model import Protocol
from undrift.record.adopted import protocol_of
from undrift.record.models import Case, Event, Notice

# A step of the plan cycle raises nothing itself: what it leads to is told when the concern is raised, as the occasion.
LED_TO = {
    "core-group": ("core-group", "not accepted", "informal"),
    "key-action": ("core-group", "done", "informal"),
    "midpoint": ("core-group", "done", "informal"),
}
HELD = ("conference", "done", "core-group")  # of a plan cycle: a conference was held, and after it a core group
EXIT = re.compile(r"(\S+) to (\S+) \(([^)]+)\)")
NONE = "none"
Exit = tuple[str, str, str]  # from, when, to


@dataclass
class Passed:
    pages: set[str] = field(default_factory=set)
    stages: set[str] = field(default_factory=set)
    exits: set[Exit] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)

    def add(self, other: Passed) -> None:
        self.pages |= other.pages
        self.stages |= other.stages
        self.exits |= other.exits
        self.roles |= other.roles

    def lines(self) -> list[str]:
        """As they stand at the end of a scene, and are read again."""
        exits = (f"{start} to {to} ({when})" for start, when, to in sorted(self.exits))
        return [
            f"Stages: {', '.join(sorted(self.stages)) or NONE}.  ",
            f"Ways out: {', '.join(exits) or NONE}.  ",
            f"Parts: {', '.join(sorted(self.roles)) or NONE}.  ",
            f"Pages: {', '.join(sorted(self.pages))}.",
        ]


def read_again(text: str) -> Passed:
    """From a kept section."""
    said = dict(re.findall(r"^(Stages|Ways out|Parts|Pages): (.*?)\.(?:  )?$", text, re.M))
    return Passed(
        pages=set(said["Pages"].split(", ")),
        stages=set(said["Stages"].split(", ")) - {NONE},
        exits={(start, when, to) for start, to, when in EXIT.findall(said["Ways out"])},
        roles=set(said["Parts"].split(", ")) - {NONE},
    )


def passed(pages: set[str]) -> Passed:
    """Through the cases there are now."""
    found = Passed(pages=set(pages))
    for case in Case.objects.select_related("authority"):
        protocol = protocol_of(case)
        known = set(protocol.roles)
        events = list(Event.objects.filter(case=case).order_by("seq"))
        found.exits |= set(_exits(events))
        if HELD in every_exit(protocol) and _came_to_a_core_group([e.type for e in events]):
            found.exits.add(HELD)
        found.stages |= {e.payload["stage"] for e in events if e.type in ("raised", "moved_on")}
        found.roles |= {e.by_role for e in events} & known
        found.roles |= {e.payload.get("with", "") for e in events if e.type == "spoke"} & known
        found.roles |= (
            set(Notice.objects.filter(case=case).exclude(sent_at=None).values_list("role", flat=True)) & known
        )
    return found


def _exits(events: list[Event]) -> Iterator[Exit]:
    stage, refused = "", False
    for event in events:
        said: dict[str, Any] = event.payload
        match event.type:
            case "raised":
                stage = said["stage"]
                if said.get("occasion") in LED_TO and stage == LED_TO[said["occasion"]][2]:
                    yield LED_TO[said["occasion"]]
            case "judged":
                refused = not all(said["children"].values())
            case "moved_on":
                yield stage, said["because"], said["stage"]
                stage, refused = said["stage"], False
            case "resolved":
                yield stage, "accepted", "resolved"
            case "closed" if said["ending"] == DISAGREEMENT:
                yield stage, "not accepted" if refused else "not answered", "ended"


def _came_to_a_core_group(types: list[str]) -> bool:
    return "core_group_held" in types[types.index("conference_held") :] if "conference_held" in types else False


def every_stage(protocol: Protocol) -> set[str]:
    return {stage.id for stage in protocol.stages if stage.is_raised}


def every_exit(protocol: Protocol) -> set[Exit]:
    return {(stage.id, when, way.to) for stage in protocol.stages for way in stage.exits for when in way.when}


def every_role_with_a_part(protocol: Protocol) -> set[str]:
    """In what is raised or stands beside it: who sends, is asked, answers, approves, judges, is told or considers."""
    found = set(protocol.always_copied)
    for stage in (stage for stage in protocol.stages if stage.is_raised):
        found |= {*stage.sent_by, *stage.to, *stage.judged_by, *stage.tells.start, *stage.tells.move}
        found |= set(stage.tells.resolved)
        found |= {role for duty in stage.duties for role in (duty.who, duty.approved_by, duty.to) if role}
        found |= {role for asked in stage.consider for role in (asked.who, *asked.tells)}
    for route in protocol.routes:
        found |= {*route.may, *route.tells}
    return found
