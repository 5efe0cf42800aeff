"""Words and days that occur nowhere else: each belongs to one field, and a word to one row of it.

A word reads as a name does, so forms take it: "Zyxquobadefoga". The letters after "Zyxquo" are two numbers, the
field's and the row's. Days lie in 2012 and 2013, in which nothing else here happens; one day belongs to one field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote_plus

CONSONANTS, VOWELS = "bdfgklmnprtv", "aeiou"
SYLLABLES = tuple(c + v for c in CONSONANTS for v in VOWELS)
NUMBERS = len(SYLLABLES) ** 2
# Long enough not to come about by chance, as in a picture written out in letters.
PREFIX = "Zyxquo"
WORD = re.compile(PREFIX + r"((?:[bdfgklmnprtv][aeiou]){2})((?:[bdfgklmnprtv][aeiou]){2})?", re.IGNORECASE)
YEARS = (2012, 2013)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DAY = re.compile(
    r"\b(?:"
    r"(?P<y1>201[23])[-/.](?P<m1>0[1-9]|1[0-2])[-/.](?P<d1>[0-3]\d)"  # 2013-04-09
    r"|(?P<y2>201[23]), ?(?P<m2>1?\d), ?(?P<d2>[1-3]?\d)\b"  # datetime.date(2013, 4, 9)
    rf"|(?P<d3>[1-3]?\d)(?:st|nd|rd|th)?[ -](?P<n3>{MONTHS})[a-z]*\.?[ -](?P<y3>201[23])"  # 9 April 2013
    rf"|(?P<n4>{MONTHS})[a-z]* (?P<d4>[1-3]?\d),? (?P<y4>201[23])"  # April 9, 2013
    r"|(?P<d5>[0-3]?\d)/(?P<m5>[01]?\d)/(?P<y5>201[23])"  # 09/04/2013
    r"|(?P<y6>201[23])(?P<m6>0[1-9]|1[0-2])(?P<d6>[0-3]\d)(?:T\d{4,6}Z?)?\b"  # 20130409, as a calendar has it
    r")",
    re.IGNORECASE,
)
# The days of fields follow one another from here; on later days of 2013 stand the acts of the old resolutions.
FIRST_DAY, FIRST_ACT = date(2013, 1, 2), date(2013, 4, 8)


def word(field: int, row: int) -> str:
    """The word of a field in one of its rows; both are numbers below 3,600."""
    return f"{PREFIX}{_letters(field)}{_letters(row % NUMBERS)}"


def day(field: int) -> date:
    """The day of a field with that number."""
    found = FIRST_DAY + timedelta(days=field)
    assert found < FIRST_ACT, "There are more dates than days for them: let FIRST_DAY lie earlier, in 2012."
    return found


def moment(on: date) -> datetime:
    """In the middle of that day, in any time zone of the country."""
    return datetime(on.year, on.month, on.day, 10, 7, tzinfo=UTC)


def words_in(text: str) -> Iterator[tuple[int, int | None]]:
    """The fields, and the rows where they were not cut off, of the words in a text, however it is quoted."""
    for plain in _readings(text):
        for found in WORD.finditer(plain):
            yield _number(found[1]), _number(found[2]) if found[2] else None


def days_in(text: str) -> Iterator[date]:
    """The days of 2012 and 2013 that a text names, in the ways in which days are written."""
    for plain in _readings(text):
        for found in DAY.finditer(plain):
            parts = {key[0]: value for key, value in found.groupdict().items() if value is not None}
            month = MONTHS.split("|").index(parts["n"][:3].capitalize()) + 1 if "n" in parts else int(parts["m"])
            try:
                yield date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                continue


def tokens_in(text: str) -> set[str]:
    """The words and days themselves, as they would be reported."""
    words = {found[0].capitalize() for plain in _readings(text) for found in WORD.finditer(plain)}
    return words | {on.isoformat() for on in days_in(text)}


def _readings(text: str) -> Iterator[str]:
    yield text
    if "%" in text or "+" in text:
        yield unquote_plus(text)


def _letters(number: int) -> str:
    assert 0 <= number < NUMBERS
    high, low = divmod(number, len(SYLLABLES))
    return SYLLABLES[high] + SYLLABLES[low]


def _number(letters: str) -> int:
    high, low = letters[:2].lower(), letters[2:].lower()
    return SYLLABLES.index(high) * len(SYLLABLES) + SYLLABLES.index(low)
