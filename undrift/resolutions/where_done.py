"""On which page of a resolution what somebody owes is done. Where one is not named, it is the record itself."""

from __future__ import annotations

from collections.abc import Mapping

from undrift.engine.ladder.audience import DIRECTED, ON_WHAT_WAS_AGREED
from undrift.engine.musts import Must

# What is owed or asked, and the name of the address. "action" is one action's page, "rung" that of one call.
DONE_ON: Mapping[str, str] = {
    Must.RESPOND: "respond",
    Must.APPROVE: "approve",
    Must.DECIDE: "decide",
    Must.DECIDE_NEXT: "decide",
    ON_WHAT_WAS_AGREED: "decide",
    Must.DO_THE_ACTION: "action",
    DIRECTED: "action",
    Must.CONFIRM_THE_ACTION: "action",
    Must.RESOLVE: "resolve",
    Must.DECIDE_ON_THE_ACTION: "action",
    Must.AGREE_THE_DATE: "action",
    Must.DECIDE_IF_IT_GOES_ON: "carry-on",
    Must.DECIDE_WHO_DOES_IT: "action",
    Must.DECIDE_WHOSE: "hand-over",
    Must.SPEAK: "spoke",
    Must.RING: "rung",
}
OF_ONE = frozenset({"action", "rung"})  # whose address names the action or the entry as well
RECORD = "resolution"


def done_on(must: str) -> str:
    """The name of the address where it is done."""
    return DONE_ON.get(must, RECORD)
