"""Whether two ways in which a name is written can be one person's."""

from __future__ import annotations

import re

BEFORE_A_NAME = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev"}
WORD = re.compile(r"[^\W\d_]+")


def may_be_one(name: str, other: str) -> bool:
    """Every word of the shorter stands in the longer, in any order; an initial for a word that begins with it.

    Of nothing nobody can say that it is another's.
    """
    few, many = sorted((_words(name), _words(other)), key=len)
    in_full = any(word in many for word in few if len(word) > 1)
    return not few or (in_full and all(_stands(word, many) for word in few))


def _stands(word: str, many: list[str]) -> bool:
    return any(word == one or (1 in (len(word), len(one)) and word[0] == one[0]) for one in many)


def _words(name: str) -> list[str]:
    return [word for word in WORD.findall(name.casefold()) if word not in BEFORE_A_NAME]
