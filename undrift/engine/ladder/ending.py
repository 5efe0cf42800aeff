"""The ways in which a resolution ends."""

from __future__ import annotations

from datetime import datetime

from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import Decision, need
from undrift.engine.ladder.state import ENDINGS, State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def resolve(rules: Rules, state: State, act: acts.Resolve, by: By, at: datetime) -> Decision:
    for child in state.children:
        if not act.children.get(child, "").strip():
            return Refusal("no-change", "Enter what changed for each child", about="changed", child=child)
    payload = {"children": {c: act.children[c].strip() for c in state.children}, "too_long": act.too_long}
    return (("resolved", payload),)


def withdraw(rules: Rules, state: State, act: acts.Withdraw, by: By, at: datetime) -> Decision:
    return need(act.why, "why", "Enter why you are withdrawing it", "why") or (("withdrawn", {"why": act.why.strip()}),)


def close(rules: Rules, state: State, act: acts.Close, by: By, at: datetime) -> Decision:
    stage = rules.protocol.stage(state.here.stage)
    if act.ending not in ENDINGS and act.ending not in {e.ending for e in stage.exits if e.to == "ended"}:
        return Refusal("ending", "Select how it ended", about="ending")
    if act.ending == "disagreement-recorded" and not any(e.to == "ended" for e in stage.exits):
        return Refusal("not-highest", f"{stage.title} is not the highest stage: move it on.", stage.clause, "ending")
    if refusal := need(act.why, "why", "Enter what happens for the child now", "why"):
        return refusal
    return (("closed", {"ending": act.ending, "why": act.why.strip(), "children": dict(act.children)}),)
