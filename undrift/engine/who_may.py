"""Whether this person may, by the parts they play. The answer is a sentence, never False."""

from __future__ import annotations

from datetime import datetime

from undrift.engine.dates.moments import in_words, london_date
from undrift.engine.events import By
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def titles(rules: Rules, roles: tuple[str, ...]) -> str:
    names = [rules.protocol.title_of(r) for r in roles]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1] if names else "nobody"


def spoken(moment: datetime) -> str:
    """A date as it is said aloud: Tuesday 12 May 2026."""
    return in_words(london_date(moment))


def first_role(by: By, roles: tuple[str, ...]) -> str | None:
    """The first of these roles that the person holds here."""
    return next((r for r in roles if r in by.roles), None)


def only(rules: Rules, by: By, roles: tuple[str, ...], doing: str, clause: str = "") -> Refusal | None:
    if first_role(by, roles):
        return None
    return Refusal("not-yours", f"Only the {titles(rules, roles)} can {doing}.", clause)
