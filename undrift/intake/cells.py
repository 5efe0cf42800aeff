"""The many ways in which one fact stands in a spreadsheet's cell, read into one."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

# What exports write where they mean nothing.
EMPTY = {"", "null", "none", "nan", "n/a", "na", "-", "--", "not applicable"}

# What Excel shows where a formula failed: a look-up that found nobody is not a name.
ERROR = re.compile(r"#(n/a|ref!|value!|name\?|div/0!|null!|num!|spill!|calc!|field!|blocked!|connect!|unknown!|busy!"
    r"|getting_data)(\s*\(.*)?", re.IGNORECASE)  # fmt: skip

# Excel's serial 1 is 1 January 1900, and it counts a 29 February 1900 that never was: hence this origin,
# which is right from 1 March 1900 on.
SERIAL_ORIGIN = date(1899, 12, 30)
SERIALS = range(61, 73_051)  # 1 March 1900 to 31 December 2099

ROUNDED_FROM = 10**15  # a spreadsheet keeps fifteen figures of a number

TEXT_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z| ?[+-]\d{2}:?\d{2})?$")
RUN_TOGETHER = re.compile(r"(?:19|20)\d{6}")  # 20251204; turned round it would have a month beyond the twelfth
WRAPPING = re.compile(r"""^(?:=?"|')|"$""")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
YEARS = range(1900, 2100)


class UnreadableError(ValueError):
    """The cell holds something that is not what its column asks for."""


def text(cell: Any) -> str:
    """The cell's words with plain single spaces; "" for empty, NULL and the like."""
    words = plain(cell)
    return "" if words.lower() in EMPTY else words


def plain(cell: Any) -> str:
    """The cell's words with plain single spaces, whatever they are."""
    if cell is None:
        return ""
    # split() takes the no-break space too; what cannot be printed (NUL, byte-order mark) says nothing.
    words = " ".join(str(cell).split())
    return words if words.isprintable() else "".join(sign for sign in words if sign.isprintable())


def is_error(cell: Any) -> bool:
    """Whether the cell is one of Excel's errors, or a text that a formula's error became."""
    return isinstance(cell, str) and cell.lstrip().startswith("#") and ERROR.fullmatch(text(cell)) is not None


def choice(cell: Any) -> str:
    """The words of a coded answer, in lower case, without the form's own "a) " before them."""
    return re.sub(r"^[a-z]\)\s*", "", text(cell).lower())


def identifier(cell: Any) -> str:
    """A number of the case system, as text: 1001, 1001.0, "1001.0", "1,001" and '="1001"' are one.

    UnreadableError for what is no number of a child: without a figure, of several words, a date, a sum with a
    fraction, or one so long that a spreadsheet has rounded it.
    """
    if isinstance(cell, date | bool) or is_error(cell):
        raise UnreadableError
    if isinstance(cell, float):
        if not cell.is_integer() or cell >= ROUNDED_FROM:
            raise UnreadableError
        cell = int(cell)
    if isinstance(cell, int):
        return str(cell)
    words = text(cell)
    if not words.isascii():  # figures of another script are the same number
        words = "".join(str(unicodedata.decimal(sign, sign)) for sign in words)
    if words.isascii() and words.isdigit():
        return words
    words = _unwrapped(words)
    found = re.sub(r"^(\d+)\.0+$", r"\1", words)
    if found and (" " in found or not re.search(r"\d", found) or re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", found)):
        raise UnreadableError
    return found


def _unwrapped(words: str) -> str:
    """Without what an export puts around a number, so that its noughts are kept, or between its thousands."""
    words = WRAPPING.sub("", words)
    return words.replace(",", "") if THOUSANDS.fullmatch(words) else words


def day(cell: Any) -> date | None:
    """A date from a date cell, an Excel serial or text (day first, or ISO). UnreadableError for anything else."""
    match cell:
        case datetime():
            return _sensible(cell.date())
        case date():
            return _sensible(cell)
        case bool():
            raise UnreadableError
        case int() | float():
            return _from_serial(cell)
    words = text(cell)
    if not words:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", words):
        return _from_serial(float(words))
    if RUN_TOGETHER.fullmatch(words):
        words = f"{words[:4]}-{words[4:6]}-{words[6:]}"
    return _from_text(words)


def count(cell: Any) -> int | None:
    """A whole number, 0 or more; None for an empty cell. UnreadableError for anything else."""
    words = re.sub(r"^(\d+)\.0+$", r"\1", text(cell))
    if not words:
        return None
    if isinstance(cell, bool) or not re.fullmatch(r"\d{1,3}", words):
        raise UnreadableError
    return int(words)


def _from_serial(number: float) -> date:
    if int(number) not in SERIALS:
        raise UnreadableError
    return SERIAL_ORIGIN + timedelta(days=int(number))


@lru_cache(maxsize=20_000)
def _from_text(words: str) -> date:
    """A file of 300,000 visits holds some 2,000 days: each is read once."""
    words = TIME_OF_DAY.sub("", words)
    for form in TEXT_DATES:
        try:
            # A day has no time zone: only the date of the answer is used.
            return _sensible(date(*_parts(words, form)))
        except ValueError:
            continue
    raise UnreadableError


def _parts(words: str, form: str) -> tuple[int, int, int]:
    found = datetime.strptime(f"{words} +0000", f"{form} %z")
    return found.year, found.month, found.day


def _sensible(found: date) -> date:
    if found.year not in YEARS:
        raise UnreadableError
    return found
