"""A category of abuse from the words of a case system, by rule rather than by a list of every spelling."""

import re
from dataclasses import dataclass
from functools import lru_cache

from undrift.children.models.plan import Category
from undrift.intake.cells import choice, text

# "YNNY": one letter for each, in this order.
FLAG_ORDER = (Category.NEGLECT, Category.PHYSICAL, Category.SEXUAL, Category.EMOTIONAL)

# The beginning of a word is enough: codes, abbreviations and cut-off text all keep it.
STEMS = {
    Category.NEGLECT: r"\bneg",
    Category.PHYSICAL: r"\bphy",
    Category.SEXUAL: r"\bsex|\bsab\b|\bcse\b",
    Category.EMOTIONAL: r"\bemo",
    Category.MULTIPLE: r"\bmul|not recommended|\bmore than one\b|\bcombin",
}

WORDS = ("abuse", "neglect", "physical", "sexual", "emotional", "multiple")


@dataclass(frozen=True)
class CategoryRead:
    """`category` is "" for an empty cell, None where no category could be read.

    `cut_off`: the text ends in the middle of a word, so that more categories may have stood behind it.
    """

    category: Category | str | None
    cut_off: bool = False


@lru_cache(maxsize=2_000, typed=True)
def read_category(cell: object) -> CategoryRead:
    """Two or more categories in one cell are Multiple, however they are joined. A file says the same few again."""
    words = choice(cell)
    if not words:
        return CategoryRead("")
    if re.fullmatch(r"[yn]{4}", words):
        return CategoryRead(_together({kind for kind, flag in zip(FLAG_ORDER, words, strict=True) if flag == "y"}))
    found = {kind for kind, stem in STEMS.items() if re.search(stem, words.replace("_", " "))}
    return CategoryRead(_together(found), cut_off=bool(found) and _ends_inside_a_word(text(cell)))


def _together(found: set[Category]) -> Category | None:
    if len(found) > 1:
        return Category.MULTIPLE
    return next(iter(found), None)


def _ends_inside_a_word(words: str) -> bool:
    """Whether the last of several words is the beginning of one that categories are written with.

    A text of one word ("NEG", "PHYSAB") is a code, and complete.
    """
    *before, last = re.split(r"[^a-z]+", words.lower())
    return bool(before) and last != "" and any(word != last and word.startswith(last) for word in WORDS)
