"""What somebody has to do, by the word that is stored and shown.

The words of the policy language (respond, settle, speak) and those of the service stand in one enumeration. A step of
the plan cycle has the id that the policy gave it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType


class Must(StrEnum):
    RESPOND = "respond"
    SETTLE = "settle"  # do what was agreed, as the policy's own duty
    SPEAK = "speak"
    DRAFT = "draft"
    APPROVE = "approve"
    DO_WHAT_WAS_AGREED = "do what was agreed"  # the same, as somebody's turn
    DO_THE_ACTION = "do the action"
    CONFIRM_THE_ACTION = "confirm the action"
    DECIDE = "decide"
    DECIDE_NEXT = "decide what next"
    RESOLVE = "resolve"
    DECIDE_ON_THE_ACTION = "decide on the action"  # its date has passed and it is not done
    AGREE_THE_DATE = "agree the new date"
    DECIDE_IF_IT_GOES_ON = "decide whether it goes on"  # the child's plan has ended
    DECIDE_WHO_DOES_IT = "decide who does it"  # whoever was to do the action is no longer here
    DECIDE_WHOSE = "decide whose it is"  # whoever was asked says that it is not theirs to answer
    RING = "ring"  # after urgent action: make sure, person to person, that the child is safe


class CycleMust(StrEnum):
    """What the plan cycle asks for beside the steps that the policy names."""

    FIX = "fix the conference"
    HOLD = "hold the conference"
    FEED_BACK = "tell the chair how it stands"  # a key action, where the policy names no step for it
    TAKE_UP = "decide what follows"  # a recommendation was not accepted
    DECIDE_ON_IT = "decide on it"  # an appeal, say
    RECONVENE = "reconvene the conference"
    DO_WHAT_FOLLOWS = "do what the check led to"
    END = "end the plan cycle"


Step = NewType("Step", str)  # the id of a milestone
Deed = Must | CycleMust | Step

ANSWERS = frozenset({Must.RESPOND, Must.SETTLE})
OF_AN_ACTION = frozenset(
    {
        Must.DO_THE_ACTION,
        Must.CONFIRM_THE_ACTION,
        Must.DECIDE_ON_THE_ACTION,
        Must.AGREE_THE_DATE,
        Must.DECIDE_WHO_DOES_IT,
    }
)
_WORDS = {must.value: must for must in Must}


def deed(word: str) -> Deed:
    """What a policy's `must` asks: one of the words known here, or a step of its plan cycle."""
    return _WORDS.get(word) or Step(word)
