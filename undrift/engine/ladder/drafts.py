"""What several acts say alike: dates as text, a text that must not be empty, agreed actions, a risk."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from undrift.engine.dates.horizons import too_far_ahead
from undrift.engine.drafts import done_refused, iso
from undrift.engine.ladder import acts
from undrift.engine.refusal import Refusal
from undrift.engine.written import written


def asked_actions(actions: tuple[acts.ActionAsked, ...], first: int) -> list[dict[str, Any]]:
    """Actions as an event keeps them, numbered from `first` (`ladder.actions.next_number`)."""
    return [
        {
            k: v
            for k, v in {
                "id": f"a{first + n}",
                "what": a.what,
                "who": a.who,
                "person": a.person,
                "by": iso(a.by),
            }.items()
            if v
        }
        for n, a in enumerate(actions)
    ]


def actions_refused(actions: tuple[acts.ActionAsked, ...], today: date, clause: str = "") -> Refusal | None:
    """Each says what, who and by when: one without a date would never be anybody's turn.

    `clause` is where the policy asks for the dates.
    """
    for n, action in enumerate(actions, start=1):
        if not written(action.what):
            return Refusal("action-what", f"Enter what will be done (action {n})", about="actions", row=n)
        if not written(action.who):
            return Refusal("action-who", f"Enter who will do action {n}", about="actions", row=n)
        if action.by is None:
            sentence = f"Enter the date by which action {n} will be done"
            return Refusal("action-undated", sentence, clause, "actions", row=n)
        if action.by < today:
            return Refusal("action-past", f"The date of action {n} must be today or later", about="actions", row=n)
        if too_far := too_far_ahead(action.by, today):
            return Refusal("action-far", f"Action {n}: {too_far[:1].lower()}{too_far[1:]}", about="actions", row=n)
    return None


def risk_refused(risk: acts.Risk | None, today: date, children: Collection[str] | None = None) -> Refusal | None:
    """What was done to keep the child safe was done already, and it is a child of this (of `children`, once known)."""
    if risk is None:
        return None
    strangers = None if children is None else whose_risk_refused(risk.children, children, "risk")
    return done_refused(risk.on, today, "acted-", "risk") or strangers


def risk_of(risk: acts.Risk | None) -> dict[str, Any] | None:
    return None if risk is None else {"acted": risk.acted, **whose_risk(risk.children)}


def whose_risk_refused(at_risk: tuple[str, ...], children: Collection[str], about: str) -> Refusal | None:
    known = set(at_risk) <= set(children)
    return None if known else Refusal("child-unknown", "That child is not part of this", about=about)


def whose_risk(children: tuple[str, ...]) -> dict[str, list[str]]:
    """The children at risk as an event keeps them: nothing where it is said of all of them."""
    return {"children": list(children)} if children else {}
