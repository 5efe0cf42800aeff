"""Answers out of a short list, as forms and case systems write them: sex, seen alone, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from undrift.children.models.family import Sex
from undrift.children.models.plan import SeenAlone
from undrift.intake.cells import UnreadableError, choice

Answer = TypeVar("Answer")

# The census codes, its words, and those of the forms.
SEXES = (
    (r"(f|female|girl|woman|2)\b", Sex.FEMALE),
    (r"(m|male|boy|man|1)\b", Sex.MALE),
    (r"(u|i|un\w*|not|indeterminate|other|unborn|0|9)\b", Sex.NOT_STATED),
)

# "No Visit - new in last month" is no answer to whether the child was seen alone: it comes before "no". So does "n/a".
SEEN_ALONE = (
    (r"no (visit|record|data|info)|n/?[ak]\b|not (yet|known|recorded|applicable|stated|asked)|unk|unsure|u\b", None),
    (r"(y|yes|true|1|seen alone)\b", True),
    (r"(n|no|false|0|not seen|not alone)\b", False),
)

# Of a question that asks for the one or the other, "not known" is no answer, and neither is it a no.
NO_ANSWER = SEEN_ALONE[0][0]
YES_OR_NO = (SEEN_ALONE[1], SEEN_ALONE[2])


@lru_cache(maxsize=2_000, typed=True)
def sex(cell: Any) -> Sex:
    return _answer(cell, SEXES, Sex.NOT_STATED)


@lru_cache(maxsize=2_000, typed=True)
def seen_alone(cell: Any) -> SeenAlone:
    said = _answer(cell, SEEN_ALONE, None)
    if said is None:
        return SeenAlone.UNKNOWN
    return SeenAlone.YES if said else SeenAlone.NO


def yes(cell: Any) -> bool | None:
    """None for an empty cell. UnreadableError for "not known" too."""
    if re.match(NO_ANSWER, choice(cell)):
        raise UnreadableError
    return _answer(cell, YES_OR_NO, None)


def _answer(cell: Any, answers: Sequence[tuple[str, Answer]], empty: Answer) -> Answer:
    """UnreadableError where the words are none of the answers."""
    words = choice(cell)
    if not words:
        return empty
    for pattern, answer in answers:
        if re.match(pattern, words):
            return answer
    raise UnreadableError
