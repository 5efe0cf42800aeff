"""Two people act at once: which acts conflict with what happened meanwhile, and what the loser is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from undrift.engine.dates.moments import LONDON, in_words, london_date
from undrift.engine.events import Event
from undrift.engine.ladder import acts

ENDS = frozenset({"resolved", "withdrawn", "closed"})
DECISIONS = ENDS | {"judged", "moved_on", "more_time_given", "rules_changed"}
ANSWERS = frozenset({"answer_drafted", "answered", "approved", "sent_back"})
ACTION = frozenset({"action_done", "action_confirmed", "action_returned", "action_date_changed", "action_dropped"})

# An act that is not here (a note, a share, urgent action) conflicts with nothing.
CONFLICTS: Mapping[type[acts.Act], frozenset[str]] = {
    acts.Respond: DECISIONS | ANSWERS,
    acts.Approve: DECISIONS | ANSWERS,
    acts.SendBack: DECISIONS | ANSWERS,
    acts.Judge: DECISIONS | ANSWERS,
    acts.MoveOn: DECISIONS | ANSWERS,
    acts.GiveMoreTime: DECISIONS | ANSWERS,
    acts.Resolve: DECISIONS | {"action_agreed", "action_returned"},
    acts.Withdraw: DECISIONS | ANSWERS,
    acts.Close: DECISIONS | ANSWERS,
    acts.Reach: DECISIONS,
    acts.StartAction: ENDS | ACTION,
    acts.FinishAction: ENDS | ACTION,
    acts.ConfirmAction: ENDS | ACTION,
    acts.ReturnAction: ENDS | ACTION,
    acts.ChangeActionDate: ENDS | ACTION,
    acts.DropAction: ENDS | ACTION,
    acts.HandOver: ENDS | {"handed_over"},
}

# What was done, and what to read: the sentence ends with the words of the link.
SAID: Mapping[str, tuple[str, str]] = {
    "answer_drafted": ("answered this", "Read the answer."),
    "answered": ("answered this", "Read the answer."),
    "approved": ("approved the answer", "Read the answer."),
    "sent_back": ("asked for changes to the answer", "Read the comment."),
    "more_time_given": ("gave more time", "Read the decision."),
    "moved_on": ("moved this to another stage", "Read the decision."),
    "handed_over": ("handed this over", "Read why."),
    **dict.fromkeys(ACTION, ("changed this action", "Read the change.")),
}
DECIDED = ("decided this", "Read the decision.")


def conflicting(act: acts.Act, since: Iterable[Event]) -> Event | None:
    """The last event among these that decides what the act was about to decide."""
    kinds = CONFLICTS.get(type(act), frozenset())
    found = [e for e in since if e.type in kinds and _same_action(act, e)]
    return found[-1] if found else None


def _same_action(act: acts.Act, event: Event) -> bool:
    if event.type not in ACTION:
        return True
    return getattr(act, "id", None) in (None, event.payload["id"])


def sentence(event: Event, now: datetime) -> str:
    """What the loser is told: "Grace Ollerton decided this at 10:42am. Read the decision."."""
    done, read = SAID.get(event.type, DECIDED)
    return f"{event.by.name} {done} {_when(event.at, now)}. {read}"


def _when(moment: datetime, now: datetime) -> str:
    here = moment.astimezone(LONDON)
    clock = f"{here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"
    if london_date(moment) == london_date(now):
        return f"at {clock}"
    return f"on {in_words(london_date(moment))} at {clock}"
