"""What nobody can see is no text, for the rules as for the forms."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from tests.engine.test_refused import NOT_SAID_RIGHT, Told
from undrift.engine.refusal import Refusal
from undrift.engine.written import written

FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
# Every character that is drawn as nothing by itself, but those that no text may hold.
UNSEEN = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
NAMED = ["\u200b", "\u2060", "\u00ad", "\u3164", "\u202e", "\ufeff", "\u034f", "\ufe0f", "\u2800"]


@pytest.mark.parametrize("letter", NAMED, ids=ascii)
def test_a_text_of_what_nobody_sees_is_empty(letter: str) -> None:
    assert written(letter) == written(f" {letter}\n{letter}") == ""


def test_every_space_control_and_mark_of_format_is_nothing_alone_and_stays_in_a_text() -> None:
    assert [letter for letter in (*UNSEEN, *FILLERS) if written(letter)] == []
    assert all(written(f"Zo{letter}e") == f"Zo{letter}e" for letter in (*UNSEEN, *FILLERS))


@pytest.mark.parametrize("text", ["No.", "7", "?", "£", "нет", "لا", "नहीं", "不", "👍", " No. "])
def test_what_anybody_can_see_is_a_text(text: str) -> None:
    assert written(text) == text.strip()


BLANKED = [case for case in NOT_SAID_RIGHT if " " in vars(case[2]).values()]


@pytest.mark.parametrize("letter", ["\u200b", "\u3164"], ids=ascii)
@pytest.mark.parametrize("case", BLANKED, ids=lambda case: f"{type(case[2]).__name__}-{case[4]}")
def test_where_a_blank_is_refused_so_is_what_nobody_sees(case: Told, letter: str) -> None:
    told, by, act, days, code = case
    unseen = type(act)(**{name: letter if value == " " else value for name, value in vars(act).items()})
    refused = told().decided(by, unseen, days)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_there_are_such_cases() -> None:
    assert len(BLANKED) > 9
