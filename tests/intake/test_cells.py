"""A cell by itself: what a child's number is and is not, Excel's errors, names that look like nothing, answers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from undrift.children.models.family import Sex
from undrift.children.models.plan import SeenAlone
from undrift.intake import answers, cells
from undrift.intake.fields import NAME, TEXT


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (1001, "1001"),
        (1001.0, "1001"),
        ("1001.0", "1001"),
        ("\ufeff1001\u00a0", "1001"),
        ("0001001", "0001001"),
        ("CH00136", "CH00136"),
        ("b3f1c2d4-0000-4a5b-8c9d-0123456789ab", "b3f1c2d4-0000-4a5b-8c9d-0123456789ab"),
        (999_999_999_999_999.0, "999999999999999"),
        ("'0001001", "0001001"),
        ('="0001001"', "0001001"),
        ('"CH00136"', "CH00136"),
        ("1,001,234", "1001234"),
        ('=""', ""),
        (None, ""),
        ("NULL", ""),
    ],
)
def test_a_childs_number_is_read_as_text(cell: object, number: str) -> None:
    assert cells.identifier(cell) == number


@pytest.mark.parametrize(
    "cell",
    ["Hannah", "Hannah Quill 7", "1.23E+09", "2e+5", 1001.5, 1e15, True, date(2026, 5, 6), "#DIV/0!", "#N/A"],
)
def test_what_is_no_childs_number_is_not_read(cell: object) -> None:
    with pytest.raises(cells.UnreadableError):
        cells.identifier(cell)


@pytest.mark.parametrize(
    "cell", ["#N/A", " #n/a ", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"]
)
def test_excels_errors_are_told(cell: str) -> None:
    assert cells.is_error(cell)


@pytest.mark.parametrize("cell", ["n/a", "#", "# of visits", "#7", "North #2", "", None, 7])
def test_what_only_looks_like_an_error_is_none(cell: object) -> None:
    assert not cells.is_error(cell)


@pytest.mark.parametrize("name", ["Na", "None", "Nan", "Null", "Ann-Marie", "O'Neil"])
def test_people_are_called_what_elsewhere_means_nothing(name: str) -> None:
    assert NAME.read(name) == name
    assert NAME.read("NULL") == ""
    assert TEXT.read("None") == ""


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("N/A", SeenAlone.UNKNOWN),
        ("n/a - visit not due", SeenAlone.UNKNOWN),
        ("NA", SeenAlone.UNKNOWN),
        ("N/K", SeenAlone.UNKNOWN),
        ("No record", SeenAlone.UNKNOWN),
        ("Unknown", SeenAlone.UNKNOWN),
        ("", SeenAlone.UNKNOWN),
        ("No", SeenAlone.NO),
        ("n", SeenAlone.NO),
        ("Not seen alone", SeenAlone.NO),
        ("Yes", SeenAlone.YES),
    ],
)
def test_what_does_not_answer_is_not_known_and_never_no(cell: str, answer: SeenAlone) -> None:
    assert answers.seen_alone(cell) is answer


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("a) Male", Sex.MALE),
        ("b) Female", Sex.FEMALE),
        ("F", Sex.FEMALE),
        (1, Sex.MALE),
        (2.0, Sex.FEMALE),
        (9, Sex.NOT_STATED),
        ("", Sex.NOT_STATED),
        ("Unborn", Sex.NOT_STATED),
        ("Indeterminate", Sex.NOT_STATED),
    ],
)
def test_sex_by_word_letter_or_code(cell: object, sex: Sex) -> None:
    assert answers.sex(cell) is sex


def test_what_is_no_answer_is_not_guessed_at() -> None:
    with pytest.raises(cells.UnreadableError):
        answers.sex("Mavis Pemberly")
    with pytest.raises(cells.UnreadableError):
        answers.seen_alone("Noah Quill")
    with pytest.raises(cells.UnreadableError):
        answers.yes("Yesterday")


def test_a_day_keeps_no_time() -> None:
    assert cells.day(datetime.fromisoformat("2026-05-06T23:59")) == date(2026, 5, 6)
    assert cells.day("2026-05-06 00:00:00.000") == date(2026, 5, 6)
    assert cells.day("2026-05-06T00:00:00+01:00") == date(2026, 5, 6)
    assert cells.day("2026-05-06 00:00:00 +0100") == date(2026, 5, 6)


def test_a_day_that_is_run_together_begins_with_its_year() -> None:
    assert cells.day("20260506") == date(2026, 5, 6)
    for turned in ("06052026", "20102010", "20261301"):
        with pytest.raises(cells.UnreadableError):
            cells.day(turned)


@pytest.mark.parametrize("cell", ["N/K", "not known", "No record", "no info", "unsure", "U"])
def test_not_knowing_is_no_no(cell: str) -> None:
    with pytest.raises(cells.UnreadableError):
        answers.yes(cell)


@pytest.mark.parametrize("cell", ["90001", "\uff19\uff10\uff10\uff10\uff11", "\u0669\u0660\u0660\u0660\u0661"])
def test_a_number_in_figures_of_another_script_is_the_same_number(cell: str) -> None:
    assert cells.identifier(cell) == "90001"
