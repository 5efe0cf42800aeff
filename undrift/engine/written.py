"""What a text says, as everybody can see it: one meaning of "empty" for the rules and for the forms."""

from __future__ import annotations

import unicodedata

# Letters and a symbol by their category, and drawn as nothing: the Hangul fillers and the blank of Braille.
_BLANK_THOUGH_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def written(text: str) -> str:
    """The text without the space around it; "" where nobody can see anything in it."""
    return text.strip() if any(_is_seen(letter) for letter in text) else ""


def _is_seen(letter: str) -> bool:
    """A letter, a number, a mark of punctuation or a symbol: no space, no control, and nothing that only alters."""
    return unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK_THOUGH_LETTERS
