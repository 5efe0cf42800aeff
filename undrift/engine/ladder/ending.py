"""The ways in which a resolution ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import Decision, need
from undrift.engine.ladder.guards import only, stage_here, still_open
from undrift.engine.ladder.state import ENDINGS, Ending, State, here_with
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def may_resolve(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "resolve it", stage.clause):
        return refusal
    if state.here.judged is None or not state.here.judged.accepted:
        return Refusal("not-agreed", "First decide, for each child, that this is resolved.", stage.clause)
    if left := state.open_actions:
        count = "1 action is" if len(left) == 1 else f"{len(left)} actions are"
        return Refusal("actions-open", f"{count} not confirmed as complete yet.", stage.clause)
    return None


def may_end(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    return still_open(state) or only(rules, by, stage.judged_by, "end it", stage.clause)


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


# What each event of these changes ----------------------------------------------------------------------------------


def resolved(s: State, e: Event) -> State:
    changed: Mapping[str, str] = e.payload["children"]
    children = {c: replace(k, settled=True, changed=changed.get(c, "")) for c, k in s.children.items()}
    s = here_with(s, left=e.at, left_because="resolved")
    return replace(s, children=children, ended=Ending("resolved", e.at, e.by), last_decision=(e.by, e.at))


def withdrawn(s: State, e: Event) -> State:
    s = here_with(s, left=e.at, left_because="withdrawn")
    return replace(s, ended=Ending("withdrawn", e.at, e.by, e.payload["why"]), last_decision=(e.by, e.at))


def closed(s: State, e: Event) -> State:
    changed: Mapping[str, str] = e.payload.get("children", {})
    children = {c: replace(k, changed=changed.get(c, "")) for c, k in s.children.items()}
    s = here_with(s, left=e.at, left_because="closed")
    ending = Ending("closed", e.at, e.by, e.payload["why"], e.payload["ending"])
    return replace(s, children=children, ended=ending, last_decision=(e.by, e.at))
