"""What of a letter to a child may stand in the good practice report: its sentences, what in each would tell who the
child is, and why a sentence may not be published.

A name of the child or of the family is refused. Of all else that is found somebody is told, and confirms the sentence
or takes it out: the service finds words, and a person knows whom they lead to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from undrift.engine.refusal import Refusal
from undrift.engine.written import written


@dataclass(frozen=True)
class Known:
    """What is on file of those whom a letter is about: names, numbers, and the days on which they were born."""

    children: frozenset[str] = frozenset()  # of the child, and of the family with all its children
    workers: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    born: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Found:
    """Words of a sentence, and what they are. `refused`: it is not published with them."""

    words: str
    what: str
    refused: bool = False


# Sentences ------------------------------------------------------------------------------------------------------------

_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\s*\n\s*")
_TITLE = re.compile(r"(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|No)\.$")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a letter, in its order: always the same for the same letter."""
    found: list[str] = []
    begins = 0
    for end in _ENDS.finditer(text):
        if "\n" not in end[0] and _TITLE.search(text[begins : end.start()]):
            continue
        found.append(text[begins : end.end()])
        begins = end.end()
    return tuple(said for part in (*found, text[begins:]) if (said := written(part)))


# What is found in one -------------------------------------------------------------------------------------------------

_WORD = r"(?<![^\W_]){}(?![^\W_])"
_NAME_OF_SEVERAL = re.compile(r"[\s\-'’.]+")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:,? \d{4}\b)?"
_DATES = re.compile(
    rf"\b\d{{1,4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,4}}\b"
    rf"|\b{_DAY}(?: of)? {_MONTH}\b{_YEAR}|\b{_MONTH} {_DAY}\b{_YEAR}",
    re.IGNORECASE,
)
_PLACE_TO_LEARN = r"(?:School|Schools|Primary|Infants?|Juniors?|High|Academy|College|Nursery|Pre-?school|Grammar)"
_SCHOOLS = re.compile(rf"\b(?:[A-Z][\w’'.\-]*\s+)+{_PLACE_TO_LEARN}\b(?:\s+{_PLACE_TO_LEARN}\b)*")
_NUMBERS = re.compile(r"\b[A-Z]{1,3}-\d{4}-\d+\b|\b[A-Z]*\d{5,}[A-Z]*\b")
_CAPITALS = re.compile(r"(?<=[\w,;:)’'\"] )[A-Z][\w’'\-]+")
_RELATIVES = ("Mum", "Dad", "Mummy", "Daddy", "Nan", "Nana", "Gran", "Grandma", "Grandad")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Christmas", "Easter")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_I = re.compile(r"I(['’](m|ll|ve|d))?")
_NO_NAMES = frozenset((*_RELATIVES, *_DAYS, *(f"{day}s" for day in _DAYS), *_MONTHS))
SHORT = 3  # a name of so few letters is looked for with its capital letter: “do” is a word before it is a name


def found_in(text: str, known: Known) -> tuple[Found, ...]:
    """What in the text would tell who the child is, each once; what is refused first."""
    found: dict[str, Found] = {}
    for each in _all(text, known):
        inside = any(each.words in words for words in found)
        if not inside:
            found[each.words] = each
    return tuple(sorted(found.values(), key=lambda each: not each.refused))


def _all(text: str, known: Known) -> Iterator[Found]:
    for words in _named(text, known.children):
        yield Found(words, "a name of the child or the family", refused=True)
    for words in _named(text, known.workers):
        yield Found(words, "a worker’s name")
    for number in sorted(known.numbers):
        if re.search(_WORD.format(re.escape(number)), text, re.IGNORECASE):
            yield Found(number, "a number of the record")
    for match in _DATES.finditer(text):
        born = _day(match[0]) in known.born
        yield Found(match[0], "the day on which a child was born" if born else "a date")
    for match in _SCHOOLS.finditer(text):
        yield Found(match[0], "what may be a school")
    for match in _NUMBERS.finditer(text):
        yield Found(match[0], "a long number")
    for match in _CAPITALS.finditer(text):
        if match[0] not in _NO_NAMES and not _I.fullmatch(match[0]):
            yield Found(match[0], "what may be a name")


def _named(text: str, names: Collection[str]) -> Iterator[str]:
    """The words of the text that are one of these names, or a part of one, as they stand in it."""
    plain = _plain(text)
    for name in sorted(parts_of(names), key=lambda part: (-len(part), part)):
        looked_for = _plain(name)
        flags = re.IGNORECASE if len(looked_for) > SHORT else 0
        for match in re.finditer(_WORD.format(re.escape(looked_for)), plain, flags):
            yield text[match.start() : match.end()]


def parts_of(names: Collection[str]) -> frozenset[str]:
    """Each of the names whole, and each part of one by itself; no single letter."""
    whole = {written(name) for name in names}
    parts = {part for name in whole for part in _NAME_OF_SEVERAL.split(name)}
    return frozenset(part for part in whole | parts if len(part) > 1)


def _plain(text: str) -> str:
    """Letter for letter without accents: one letter for each, so that a place in it is the same place in the text."""
    return "".join((unicodedata.normalize("NFKD", letter) or letter)[0] for letter in text.replace("’", "'"))


def _day(said: str) -> date | None:
    """A date as people write it, day before month; None where it is no whole one."""
    numbers = [int(part) for part in re.findall(r"\d+", said)]
    month = re.search(_MONTH, said, re.IGNORECASE)
    if month is not None and len(numbers) == 2:
        numbers.insert(1, _SHORT_MONTHS.index(month[0][:3].lower()) + 1)
    if len(numbers) != 3:
        return None
    year_first = numbers[0] > 31
    year, number, day = numbers if year_first else numbers[::-1]
    try:
        return date(year + 2000 if year < 100 else year, number, day)
    except ValueError:
        return None


_SHORT_MONTHS = tuple(month[:3].lower() for month in _MONTHS)


# What may stand -------------------------------------------------------------------------------------------------------

CHILD, WORKER = "[the child]", "[the worker]"


def suggested(sentence: str, known: Known) -> str:
    """The sentence with each name of the child, the family and the workers taken out."""
    for found in found_in(sentence, known):
        put = CHILD if found.refused else WORKER if found.what == "a worker’s name" else ""
        if put:
            sentence = re.sub(_WORD.format(re.escape(found.words)), put, sentence)
    return sentence


def refused(text: str, sentence: str, known: Known, *, sure: bool) -> Refusal | None:
    """Why this may not stand in the report for that sentence of a letter; None where it may."""
    if not written(text):
        return Refusal("nothing", "Enter what stands in the report, or go back and leave it out", about="text")
    names = [found.words for found in found_in(text, known) if found.refused]
    if names:
        told = f"Take out {_listed(names)}: nothing is published with a name of a child or a family in it"
        return Refusal("a-name", told, about="text")
    if len(written(text)) > max(len(sentence), len(suggested(sentence, known))):
        told = "Shorten it: what stands in the report is no longer than what was written to the child"
        return Refusal("longer", told, about="text")
    new = [each.words for each in found_in(text, known) if not _was_there(each.words, sentence)]
    if new:
        return Refusal("more", f"Take out {_listed(new)}: the letter does not say it", about="text")
    if not sure:
        return Refusal(
            "not-sure", "Confirm that no child can be recognised by it, or go back and leave it out", about="sure"
        )
    return None


def _was_there(words: str, sentence: str) -> bool:
    return re.search(_WORD.format(re.escape(words)), sentence, re.IGNORECASE) is not None


def _listed(words: Collection[str]) -> str:
    return " and ".join(f"“{each}”" for each in words)


# How many -------------------------------------------------------------------------------------------------------------

FEW = 5
Shown = int | None  # None: not shown


def shown_by_team(counted: Mapping[str, int]) -> tuple[Mapping[str, Shown], Shown]:
    """How many of each team stand in a report, and how many in all; None for what is not shown.

    From 1 to 4 are not shown; and where that leaves one team alone hidden, the next smallest is hidden too: else it is
    what is missing from the whole.
    """
    hidden = {team for team, number in counted.items() if 0 < number < FEW}
    others = [team for team, number in counted.items() if number >= FEW]
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=lambda team: (counted[team], team)))
    whole = sum(counted.values())
    by_team = {team: None if team in hidden else number for team, number in counted.items()}
    return by_team, None if 0 < whole < FEW else whole
