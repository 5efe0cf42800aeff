"""Text in, a checked protocol out; or every fault of the text at once, each with its line and how to mend it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import ValidationError

from undrift.protocol.checks.undone import undone, undone_word
from undrift.protocol.clocks import POSSIBLE, UNITS, ClockError, Counted
from undrift.protocol.model import Part, Protocol
from undrift.protocol.names import dangling
from undrift.protocol.places import line_of, lines_of, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from undrift.protocol.places import Place


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a text. `key` counts from 1 (`stage[2].duty[1].within`); empty for the whole file."""

    file: str
    line: int | None
    key: str
    sentence: str
    mend: str
    code: str = ""  # of the page on what cannot be done yet; empty for a fault of the form

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        key = f", {self.key}" if self.key else ""
        code = f" ({self.code})" if self.code else ""
        return f"{self.file}{line}{key}: {self.sentence} {self.mend}".rstrip() + code


class ProtocolError(ValueError):
    """A text that is no protocol yet. `faults` holds all of them, in the order of the text."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def read(text: str, name: str) -> Protocol:
    """The protocol that `text` says; `name` is the file's, for messages. Refuses with `ProtocolError`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError((_not_toml(str(error), text, name),)) from None
    try:
        protocol = Protocol.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise ProtocolError(tuple(_in_order(_found(error, data), text, name))) from None
    if faults := _not_done(protocol, text, name):
        raise ProtocolError(faults)
    return protocol


def _not_done(protocol: Protocol, text: str, name: str) -> tuple[Fault, ...]:
    """What the text says and the engine cannot do."""
    lines = lines_of(text)
    faults = [
        Fault(name, line_of(found.place, lines), found.place, found.sentence, check.mend, check.code)
        for check, found in undone(protocol)
    ]
    return tuple(sorted(faults, key=lambda fault: (fault.line or 0, fault.key)))


# Where a fault stands -------------------------------------------------------------------------------------------

Said = tuple[str, ...]  # what is wrong, how to mend it, and the code of what cannot be done yet


def _found(error: ValidationError, data: Mapping[str, Any]) -> Iterator[tuple[Place, Said]]:
    names = dangling(data)
    yield from ((each.place, (each.sentence, each.mend)) for each in names)
    for each in error.errors():
        place = tuple(step for step in each["loc"] if step != "[key]")
        if names and not place:
            continue  # the model says in one lump what has just been said with its places
        if each["type"] == "too_short" and each["input"]:
            continue  # the list is not empty: its items are at fault, and each of them is named
        yield place, SAYS.get(each["type"], _not_expected)(each, place)


def _in_order(found: Iterator[tuple[Place, Said]], text: str, name: str) -> list[Fault]:
    lines = lines_of(text)
    faults = [Fault(name, line_of(shown(place), lines), shown(place), *said) for place, said in found]
    return sorted(faults, key=lambda fault: (fault.line or 0, fault.key))


# What is said of each kind of fault ------------------------------------------------------------------------------

FIRST_TABLES = {
    "protocol": "Begin the file with a [protocol] table: id, version, title, applies_to and source.",
    "role": "Write a [role.chair] table, and one more for each part that is played.",
    "stage": "Write a [[stage]] table for each rung of the ladder, the lowest first.",
}


def _missing(error: ErrorDetails, place: Place) -> Said:
    word = str(place[-1])
    mend = FIRST_TABLES.get(word) if len(place) == 1 else None
    return f'"{word}" is missing.', mend or f"Add a line {word} = … here."


def _unknown(error: ErrorDetails, place: Place) -> Said:
    word, known = str(place[-1]), _words_at(place[:-1])
    near = get_close_matches(word, known, 1, cutoff=0.7)
    mend = f'Did you mean "{near[0]}"?' if near else f"The words known here are {_listed(known)}."
    return f'"{word}" is not a word of the protocol language here.', mend


def _choice(error: ErrorDetails, place: Place) -> Said:
    if refused := undone_word(place, error["input"]):
        return refused.sentence, refused.mend, refused.code
    known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    near = get_close_matches(str(error["input"]), known, 1)
    start = f'Did you mean "{near[0]}"? ' if near else ""
    quoted = [f'"{word}"' for word in known]
    return f"{_quoted(error)} is not one of the words that can stand here.", f"{start}Write {_listed(quoted, 'or')}."


def _pattern(error: ErrorDetails, place: Place) -> Said:
    if "A-Z" in error["ctx"]["pattern"]:
        return f"{_quoted(error)} is not a code.", "Write capitals, digits and hyphens, as in SAFETY-PLAN."
    return f"{_quoted(error)} is not an id.", "Write small letters, digits and hyphens, as in team-manager."


def _own_words(error: ErrorDetails, place: Place) -> Said:
    reason = error["ctx"]["error"]
    return _clock(error) if isinstance(reason, ClockError) else (str(reason), "")


def _clock(error: ErrorDetails) -> Said:
    written = str(error["input"])
    said = str(error["ctx"]["error"])
    near = _nearest_clock(written)
    if near:
        return f'"{written}" is not a clock.', f"Write for example {near}."
    sentence, _, _ = said.partition(POSSIBLE)
    return sentence.strip(), POSSIBLE if POSSIBLE in said else ""


def _nearest_clock(written: str) -> str | None:
    """The clock that was probably meant, when there is a number and something like a unit."""
    found = re.fullmatch(r"\s*([0-9]+)\s*([A-Za-z ]+?)\s*", written)
    near = get_close_matches(found[2].lower(), UNITS, 1) if found else []
    if not found or not near:
        return None
    try:
        return str(Counted(int(found[1]), UNITS[near[0]]))
    except ClockError:
        return None


def _text(error: ErrorDetails, place: Place) -> Said:
    plain = error["input"] if isinstance(error["input"], int | float) else "..."
    return f"{_quoted(error)} is not text.", f'Write it in quotation marks: {place[-1]} = "{plain}".'


def _list(error: ErrorDetails, place: Place) -> Said:
    if isinstance(error["input"], str):
        return f"{_quoted(error)} stands alone where a list is meant.", f'Write {place[-1]} = ["{error["input"]}"].'
    if isinstance(error["input"], dict):
        return f"{place[-1]} is one table where several may stand.", f"Write [[{place[-1]}]] with two brackets."
    return f"{_quoted(error)} is not a list.", f'Write {place[-1]} = ["...", "..."].'


def _table(error: ErrorDetails, place: Place) -> Said:
    if isinstance(error["input"], list):
        return f"{place[-1]} is a list where one table is meant.", f"Write [{place[-1]}] with one bracket."
    words = _listed(_words_at(place), "or")
    return f"{_quoted(error)} is not a table.", f"Write {{ word = value, ... }} with the words {words}."


def _yes_or_no(error: ErrorDetails, place: Place) -> Said:
    return (
        f"{_quoted(error)} is neither yes nor no.",
        f"Write {place[-1]} = true or {place[-1]} = false, without quotation marks.",
    )


def _date(error: ErrorDetails, place: Place) -> Said:
    return f"{_quoted(error)} is not a date.", f"Write {place[-1]} = 2026-04-30, without quotation marks."


def _empty(error: ErrorDetails, place: Place) -> Said:
    return f"{place[-1]} is empty.", FIRST_TABLES.get(str(place[-1]), "Write at least one.")


def _not_expected(error: ErrorDetails, place: Place) -> Said:  # pragma: no cover - for kinds that pydantic may yet add
    return (
        f"{_quoted(error)} is not what can stand here.",
        "Compare it with one of the protocols that come with Undrift.",
    )


SAYS: Mapping[str, Callable[[ErrorDetails, Place], Said]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "value_error": _own_words,
    "string_type": _text,
    "tuple_type": _list,
    "dict_type": _table,
    "model_type": _table,
    "bool_type": _yes_or_no,
    "bool_parsing": _yes_or_no,
    "date_type": _date,
    "date_parsing": _date,
    "date_from_datetime_parsing": _date,
    "date_from_datetime_inexact": _date,
    "too_short": _empty,
}


def _quoted(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "This table"
    if isinstance(value, list):
        return "This list"
    return f'"{value}"'


def _listed(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _words_at(place: Place) -> list[str]:
    """The words that the table at this place may hold."""
    table: type[Part] = Protocol
    named = False  # the next step is a name of the writer's own, as in [role.chair]
    for step in place:
        if isinstance(step, int) or named:
            named = False
            continue
        meant = {field.alias or name: field.annotation for name, field in table.model_fields.items()}[step]
        table, named = _part_in(meant) or table, get_origin(meant) is dict
    return [field.alias or name for name, field in table.model_fields.items()]


def _part_in(meant: Any) -> type[Part] | None:
    if isinstance(meant, type) and issubclass(meant, Part):
        return meant
    return next((found for each in get_args(meant) if (found := _part_in(each))), None)


# Text that is not TOML yet ---------------------------------------------------------------------------------------

NOT_TOML: tuple[tuple[str, Said], ...] = (
    (
        "Expected '=' after a key",
        ("A word stands here without a value.", 'Write word = "value"; a note begins with #.'),
    ),
    ("Invalid value", ("The value is not written as TOML.", 'Put text in quotation marks: title = "Stage one".')),
    ("Invalid statement", ("This line cannot be read.", 'Write word = "value", or a table such as [[stage]].')),
    ("Expected newline or end of document", ("Something follows the value.", "Begin a new line for the next word.")),
    ("Unclosed array", ("A list is not closed.", "Put a comma between its items and ] at its end.")),
    ("Unclosed inline table", ("A table in { } is not closed.", "Put a comma between its words and } at its end.")),
    ("Unterminated string", ("A text has no closing quotation mark.", 'End it with ".')),
    (
        "Illegal character",
        ("A text has no closing quotation mark on its line.", 'End it with ", or begin and end it with """.'),
    ),
    ("Unescaped '\\'", ("A backslash stands in a text.", "Write it twice: \\\\.")),
    ("Cannot overwrite a value", ("A word is given twice in the same table.", "Keep one of them.")),
    ("Duplicate inline table key", ("A word is given twice in the same table.", "Keep one of them.")),
    ("Cannot declare", ("A table is declared twice.", "Write [[...]] where several may stand, or join the two.")),
    ("Expected ']", ("The name of a table is not closed.", "Write [protocol] or [[stage]].")),
)


def _not_toml(message: str, text: str, name: str) -> Fault:
    found = re.search(r"at line (\d+)", message)
    # At the end of the text, the last line with words is the one to look at.
    line = int(found[1]) if found else len(text.rstrip().splitlines()) or 1
    # A line break that ends an unclosed text or list is reported on the line after it.
    said = next((said for start, said in NOT_TOML if message.startswith(start)), None)
    sentence, mend = said or (
        "This line cannot be read.",
        "Compare it with one of the protocols that come with Undrift.",
    )
    return Fault(name, line, "", sentence, mend)
