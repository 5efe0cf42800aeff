"""How old somebody has to be to read a text with ease: the grade of Flesch and Kincaid, and five years.

Syllables are counted by groups of vowels, which is near enough for a measure that is itself a rule of thumb.
"""

from __future__ import annotations

import re

VOWELS = re.compile(r"[aeiouy]+")
SENTENCE = re.compile(r"[.!?:]+(?:\s|$)|\n+")
WORD = re.compile(r"[A-Za-z]+(?:[’'][a-z]+)?")


def syllables(word: str) -> int:
    said = re.sub(r"[’'].*", "", word.lower())
    found = len(VOWELS.findall(said))
    if said.endswith("e") and not said.endswith(("le", "ee")) and found > 1:
        found -= 1
    if said.endswith("ed") and not said.endswith(("ted", "ded")) and found > 1:
        found -= 1
    return max(1, found)


def reading_age(text: str) -> float:
    sentences = [part for part in SENTENCE.split(text) if WORD.search(part)]
    words = [word for part in sentences for word in WORD.findall(part)]
    of_words = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * of_words - 15.59 + 5
