"""From answers to acts: what the forms cleaned becomes what the engine is asked to do. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from undrift.engine.dates.moments import in_words
from undrift.engine.ladder import acts
from undrift.engine.ladder.entering import NOT_REACHED

if TYPE_CHECKING:
    from undrift.children.models import Child

Cleaned = Mapping[str, Any]
RUNG = "phone"
UNLINKED = "none"


@dataclass(frozen=True)
class About:
    """What the answers do not say themselves.

    `impact_names` gives the box of each child's impact; `known` the people whose names may stand in an action, by
    name in small letters; `spoke_to` is the role the conversation was with, and `answers` the role that answers.
    """

    stage: str
    children: tuple[Child, ...]
    impact_names: Mapping[int, str]
    on_plan: frozenset[int]
    today: date
    spoke_to: str = ""
    spoke_name: str = ""
    answers: str = ""
    answers_name: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    conference: str = ""


def informal(cleaned: Cleaned, agreed: Iterable[Cleaned], about: About) -> acts.Raise:
    """The record of an informal talk. A talk on an earlier day makes the record a backdated one."""
    spoke_on = cleaned.get("spoke_on")
    return acts.Raise(
        **_concern(cleaned, about),
        spoke=_talk(cleaned, about),
        actions=tuple(action(row, about.known) for row in agreed),
        date=cleaned.get("date"),
        happened=spoke_on if spoke_on and spoke_on != about.today else None,
    )


def formal(cleaned: Cleaned, about: About) -> acts.Raise:
    """A formal concern. A call because of an immediate risk stands beside the conversation, or in its place."""
    spoken = _talk(cleaned, about) if cleaned.get("spoken") in ("yes", "tried") else None
    return acts.Raise(
        **_concern(cleaned, about),
        spoke=spoken,
        rang=_rang(cleaned, about),
        ask=cleaned.get("ask", ""),
        tried=cleaned.get("tried", ""),
        why_this_stage=cleaned.get("why", ""),
        date=cleaned.get("date"),
        asked_by=cleaned.get("asked_by"),
        recommendation=cleaned.get("recommendation", ""),
        completion=cleaned.get("completion"),
        copied=tuple(cleaned.get("copied", ())),
    )


def move_on(cleaned: Cleaned, about: About, because: str, before: Mapping[str, str]) -> acts.MoveOn:
    """The next stage. `before` is each child's impact so far: only what was changed is said again."""
    impacts = {
        str(child.pk): text
        for child in about.children
        if (text := cleaned.get(about.impact_names[child.pk])) is not None and text != before.get(str(child.pk))
    }
    spoken = _talk(cleaned, about) if cleaned.get("spoken") in ("yes", "tried") else None
    return acts.MoveOn(
        to=about.stage,
        because=because,
        impacts=impacts,
        different=cleaned.get("different", ""),
        ask=cleaned.get("ask", ""),
        grounds=tuple(cleaned.get("grounds", ())),
        spoke=spoken,
        date=cleaned.get("date"),
        asked_by=cleaned.get("asked_by"),
        agency=cleaned.get("agency", ""),
        completion=cleaned.get("completion"),
        risk=_risk(cleaned, about),
        copied=tuple(cleaned.get("copied", ())),
        why_this_stage=cleaned.get("why", ""),
    )


def action(row: Cleaned, known: Mapping[str, str]) -> acts.ActionAsked:
    """An agreed action; the person's number goes with it where the name is one we know."""
    who = row.get("who", "")
    return acts.ActionAsked(row.get("what", ""), who, row.get("by"), known.get(who.strip().lower(), ""))


def _concern(cleaned: Cleaned, about: About) -> dict[str, Any]:
    return {
        "stage": about.stage,
        "children": tuple(_child(child, cleaned, about) for child in about.children),
        "grounds": tuple(cleaned.get("grounds", ())),
        "concern": cleaned.get("concern", ""),
        "occasion": cleaned.get("occasion", ""),
        "risk": _risk(cleaned, about),
        "agency": cleaned.get("agency", ""),
        "conference": about.conference,
        "linked": _linked(cleaned),
    }


def _linked(cleaned: Cleaned) -> str:
    said = cleaned.get("linked", "")
    return "" if said == UNLINKED else str(said)


def _child(child: Child, cleaned: Cleaned, about: About) -> acts.ChildConcern:
    impact = cleaned.get(about.impact_names[child.pk]) or ""
    return acts.ChildConcern(str(child.pk), impact, child.called, child.pk in about.on_plan)


def _risk(cleaned: Cleaned, about: About) -> acts.Risk | None:
    if cleaned.get("risk") != "yes":
        return None
    acted = _acted(cleaned)
    whose = _pks(about.children, cleaned.get("at_risk") or ()) if len(about.children) > 1 else ()
    return acts.Risk(acted, cleaned.get("acted_on") if acted else None, whose)


def _pks(children: Iterable[Child], public_ids: Collection[str]) -> tuple[str, ...]:
    return tuple(str(child.pk) for child in children if child.public_id in public_ids)


def _acted(cleaned: Cleaned) -> str:
    """What was done, by whom and when, as one text; empty when nobody has acted yet."""
    what, who, on = cleaned.get("acted", ""), cleaned.get("acted_by", ""), cleaned.get("acted_on")
    if not what:
        return ""
    said = ", ".join(filter(None, (who, in_words(on) if on else "")))
    return f"{what} ({said})" if said else str(what)


def _talk(cleaned: Cleaned, about: About) -> acts.Conversation:
    name = cleaned.get("spoke_name") or about.spoke_name
    if cleaned.get("spoken") == "tried":
        return acts.Conversation(NOT_REACHED, about.today, about.spoke_to, name, cleaned.get("how_tried", ""))
    return acts.Conversation(cleaned.get("how", ""), cleaned.get("spoke_on"), about.spoke_to, name)


def _rang(cleaned: Cleaned, about: About) -> acts.Conversation | None:
    if cleaned.get("rung") != "yes":
        return None
    safe = tuple(str(child.pk) for child in about.children if cleaned.get(f"safe_{child.public_id}") == "yes")
    return acts.Conversation(RUNG, about.today, about.answers, about.answers_name, safe=safe)
