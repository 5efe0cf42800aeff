"""What the pages of a concern show besides their questions: who it goes to, by when, and the answers to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from undrift.desks.concern.fields import HOW, impact_name
from undrift.desks.concern.into_acts import UNLINKED
from undrift.desks.concern.matter import Matter, answer_due
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Fact
from undrift.desks.frame.days import full_day, short_day
from undrift.desks.frame.narrowing import with_query
from undrift.engine.dates.due import Due
from undrift.engine.dates.proof import Day
from undrift.engine.musts import Must
from undrift.people.found import Found, said_beside
from undrift.people.models import Person
from undrift.protocol.clocks import say
from undrift.protocol.model import Stage
from undrift.resolutions.in_a_line import listed

if TYPE_CHECKING:
    from undrift.children.models import Family

SAID_HOW = {value: label.lower() for value, label in HOW}


@dataclass(frozen=True)
class Part:
    """Somebody's part in what comes next: who, in which post, and how they were found."""

    does: str
    name: str
    title: str
    how: str


@dataclass(frozen=True)
class Unallocated:
    """That the children have no chair or no team on file, who mends it, and where, for a reader who may."""

    sentence: str
    href: str


@dataclass(frozen=True)
class DueDay:
    """The date of the answer with its reasons, ready to be read."""

    sentence: str
    rule: str
    lines: tuple[str, ...]


def parts(matter: Matter, stage: Stage, hear: list[str]) -> list[Part]:
    """Who responds, who approves and who is copied in."""
    asked = stage.answer
    roles: list[tuple[str, str]] = []
    if asked:
        roles.append(("Does what was agreed" if asked.must == Must.SETTLE else "Responds", asked.who))
        if asked.approved_by:
            roles.append(("Approves the response", asked.approved_by))
    roles += [(COPIED, role) for role in hear]
    shut = any(child.restricted for child in matter.children)
    return [
        _part(does, matter.protocol.title_of(role), matter.found[role], shut=shut and does == COPIED)
        for does, role in roles
    ]


MENDS = "An administrator, business support or Safeguarding and Review says who it is. Ask one of them"


def unallocated(person: Person, family: Family | None, *, chair: bool, team: bool) -> Unallocated | None:
    """What stands beside who answers, where it hangs on a chair or a team that nobody has said; `chair`, `team` say
    whether there is one.
    """
    lacks = [what for what, there in (("chair", chair), ("team", team)) if not there]
    if not lacks:
        return None
    said = f"No {' and no '.join(lacks)} is on file for these children. "
    if family is not None and is_known(person, "allocation"):
        return Unallocated(said, with_query(reverse("allocation"), {"family": family.reference}))
    return Unallocated(f"{said}{MENDS}.", "")


COPIED = "Copied in"
CANNOT_OPEN = "The record is restricted: they are told that there is something, and open it only if they are named."


def _part(does: str, title: str, found: Found, *, shut: bool) -> Part:
    names = ", ".join(person.name for person in found.everyone) or "Nobody was found"
    how = "" if found.everyone and not _needs_saying(found) else found.how
    said = (how, *(f"{said}." for said in said_beside(found)), CANNOT_OPEN if shut and found.everyone else "")
    return Part(does, names, title, " ".join(filter(None, said)))


def _needs_saying(found: Found) -> bool:
    """Somebody stands in, or was found another way than by holding the post."""
    return found.on_behalf_of is not None or "because" in found.how


def due_day(matter: Matter, stage: Stage, chosen: date | None = None) -> DueDay | None:
    """When the answer would be due if it were sent now; `chosen` is the day that the chair sets where the chair may."""
    asked, due = stage.answer, answer_due(matter.rules, stage, matter.now, _settable(matter, stage, chosen))
    if asked is None or due is None:
        return None
    title = matter.protocol.title_of(asked.who)
    clause = asked.clause or stage.clause
    within = matter.rules.in_words(asked.within, matter.council)
    rule = f"{stage.named}: the {title} answers within {within} ({clause})."
    return DueDay(_due_sentence(due), rule, tuple(_reasons(matter, due)))


def _settable(matter: Matter, stage: Stage, chosen: date | None) -> date | None:
    """Past days are told at their field, and no date is worked out from them."""
    return chosen if chosen is not None and stage.chair_sets_date and chosen >= matter.today else None


def _due_sentence(due: Due) -> str:
    if due.date is None:
        return due.none_because or "No date is set."
    if due.agreed == due.date:
        return f"Due {full_day(due.date)}, the date that you set"
    return f"Due {full_day(due.date)}. {_counted(due)} from today"


def _counted(due: Due) -> str:
    words = say(due.clock)
    if due.bare_days == "working" and " working " not in words:
        words = words.replace(" day", " working day")
    return words


def _reasons(matter: Matter, due: Due) -> Iterator[str]:
    proof = matter.rules.proof(due, matter.council)
    yield from proof.sentences
    yield from (_day(day) for day in proof.counted)


def _day(day: Day) -> str:
    number = "Not counted" if day.number is None else f"Day {day.number}"
    return f"{number}: {full_day(day.date)}{f' ({day.why})' if day.why else ''}"


# The answers to check --------------------------------------------------------------------------------------------


def answers_to_check(raising: Raising, cleaned: Mapping[str, Any]) -> list[Fact]:
    """Every answer but the impact, each with the way to change it."""
    rows = [
        ("children", "Children", ", ".join(child.called for child in raising.chosen)),
        ("source", "When it came up", _occasion(raising, cleaned)),
        ("concern", "Reasons", reasons_chosen(raising, cleaned)),
        ("concern", "Concern", cleaned.get("concern", "")),
        ("risk", "Immediate risk", risk_said(raising)),
        ("tried", "Tried so far", cleaned.get("tried", "")),
        ("stage", "Stage", raising.stage.named if raising.stage else ""),
        ("stage", "Why not an earlier stage", cleaned.get("why", "")),
        ("ask", "Recommendation", cleaned.get("recommendation", "")),
        ("ask", "What you want to happen", cleaned.get("ask", "")),
        ("ask", "Completed by", short_day(cleaned.get("completion"))),
        ("agency", "Agency", raising.agency.name if raising.agency else ""),
        ("spoken", "Conversation", conversation(cleaned)),
        ("people", "Answer asked for by", short_day(cleaned.get("date") or cleaned.get("asked_by"))),
        ("people", "Also copied in", also_copied(raising, cleaned)),
        ("earlier", "Linked to", "Not linked" if cleaned.get("linked") == UNLINKED else cleaned.get("linked", "")),
    ]
    always = {
        "Children",
        "When it came up",
        "Reasons",
        "Concern",
        "Immediate risk",
        "Stage",
        "What you want to happen",
    }
    found = [Fact(key, value, href=_change(raising, page)) for page, key, value in rows if value or key in always]
    if raising.risk:
        found.insert(5, Fact("Made safe", made_safe(cleaned), href=_change(raising, "made-safe")))
    return found


def risk_said(raising: Raising) -> str:
    """Yes or no and, of several children, which."""
    whose = f": {listed([child.called for child in raising.at_risk])}" if len(raising.chosen) > 1 else ""
    return f"Yes{whose}" if raising.risk else "No"


def impacts_to_check(raising: Raising, cleaned: Mapping[str, Any]) -> list[dict[str, str]]:
    """One card a child."""
    return [
        {
            "title": f"How it affects {child.called}",
            "text": cleaned.get(impact_name(child), ""),
            "href": _change(raising, "impact"),
        }
        for child in raising.chosen
    ]


def _change(raising: Raising, page: str) -> str:
    return f"{reverse('raise-question', args=[raising.answers.id, page])}?from=check"


def _occasion(raising: Raising, cleaned: Mapping[str, Any]) -> str:
    return next((o.title for o in raising.protocol.occasions if o.id == cleaned.get("occasion")), "")


def reasons_chosen(raising: Raising, cleaned: Mapping[str, Any]) -> str:
    chosen = cleaned.get("grounds", ())
    return "\n".join(g.title for g in raising.protocol.grounds if g.code in chosen)


def also_copied(raising: Raising, cleaned: Mapping[str, Any]) -> str:
    return ", ".join(raising.name_of(role) for role in cleaned.get("copied", ()))


def conversation(cleaned: Mapping[str, Any]) -> str:
    if cleaned.get("spoken") == "tried":
        return f"Could not be reached: {cleaned.get('how_tried', '')}"
    if cleaned.get("spoken") != "yes":
        return "Not yet" if cleaned.get("spoken") == "no" else ""
    how = SAID_HOW.get(cleaned.get("how", ""), "")
    return ", ".join(filter(None, (cleaned.get("spoke_name"), how, short_day(cleaned.get("spoke_on")))))


def made_safe(cleaned: Mapping[str, Any]) -> str:
    said = (cleaned.get("acted"), cleaned.get("acted_by"), short_day(cleaned.get("acted_on")))
    return "\n".join(filter(None, said)) or "Nobody has acted yet"


def names(raising: Raising) -> str:
    """ "Maya, Jude and Noor"."""
    called = [child.called for child in raising.chosen] or ["the child"]
    return called[0] if len(called) == 1 else f"{', '.join(called[:-1])} and {called[-1]}"


def parts_of(raising: Raising) -> list[Part]:
    stage = raising.stage
    assert stage is not None
    return parts(raising.case, stage, who_hears(raising, stage))


def unallocated_in(raising: Raising) -> Unallocated | None:
    around = raising.case.context
    return unallocated(raising.matter.person, around.family, chair=bool(around.chair), team=bool(around.team))


def who_hears(raising: Raising, stage: Stage) -> list[str]:
    """The roles told at the start, besides those who answer and approve."""
    protocol = raising.protocol
    asked = stage.answer
    active = {asked.who, asked.approved_by} if asked else set()
    hear = dict.fromkeys([*stage.to, *stage.tells.start, *protocol.always_copied])
    return [role for role in hear if role not in active]
