"""Whether a word could be a name, misspelled: one slip in a short name, two in a long one."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORT = 5  # letters; a name of three differs from too many others to allow more than one slip
SHORTEST = 3


def close_to(word: str, names: Iterable[str]) -> bool:
    """Whether the word is nearly one of the names, or nearly a part of a double name."""
    typed = word.casefold()
    return any(_close(typed, part) for name in names for part in _parts(name.casefold()))


def _parts(name: str) -> list[str]:
    return [name, *(part for part in re.split(r"[\s-]+", name) if part != name)]


def _close(typed: str, name: str) -> bool:
    if min(len(typed), len(name)) < SHORTEST:
        return typed == name
    allowed = 1 if min(len(typed), len(name)) <= SHORT else 2
    # Most names differ in their letters alone: those are out before anything is counted.
    if abs(len(typed) - len(name)) > allowed or len(set(typed) ^ set(name)) > 2 * allowed:
        return False
    return slips(typed, name) <= allowed


def slips(one: str, other: str) -> int:
    """Letters left out, put in, changed, or two neighbours swapped, to get from one word to the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, before, row = before, row, [i]
        for j, opposite in enumerate(other, start=1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                steps = min(steps, above[j - 2] + 1)
            row.append(steps)
    return row[-1]
