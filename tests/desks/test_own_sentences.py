"""What is wrong with an answer is said in our words, names the answer, and says what would be right."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django import forms
from django.core.validators import MaxLengthValidator

from undrift import desks
from undrift.desks.frame.fields import line, writing
from undrift.desks.frame.forms import DateField, Rows
from undrift.desks.frame.sentences import NotTooLong

DJANGOS = ("Ensure this value", "Select a valid choice", "This field is required", "Null characters", "Enter a valid")


class Asked(forms.Form):
    what = forms.CharField(label="What will be done?", max_length=10)
    why = writing("Why?")
    who = line("Who will do it?")
    own = forms.CharField(max_length=5, required=False, error_messages={"max_length": "Five letters, no more"})
    by = DateField(label="By when?")
    how = forms.ChoiceField(label="How?", choices=[("a", "A")])


def wrong(**answers: Any) -> dict[str, list[str]]:
    return {name: [str(one) for one in said] for name, said in Asked(answers).errors.items()}


def test_what_is_too_long_is_named_and_by_how_much() -> None:
    found = wrong(what="x" * 130, why="y" * 4001, who="z" * 300, own="sixsix")
    assert found["what"] == ["“What will be done?” must be 10 characters or fewer. It is 120 too long"]
    assert found["why"] == ["“Why?” must be 4,000 characters or fewer. It is 1 too long"]
    assert found["who"] == ["“Who will do it?” must be 200 characters or fewer. It is 100 too long"]
    assert found["own"] == ["Five letters, no more. It is 1 too long"]


def test_what_fits_exactly_is_taken() -> None:
    found = wrong(what="x" * 10, why="y" * 4000, who="z" * 200, own="fives")
    assert not found.keys() & {"what", "why", "who", "own"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("31", "2", "2026"), "“By when?”: enter a real date, for example 12 5 2026"),
        (("1", "", "2026"), "“By when?”: the date must include a month"),
        (("1", "2", "26"), "“By when?”: the year must have 4 numbers, for example 2026"),
    ],
)
def test_a_wrong_date_is_named(typed: tuple[str, str, str], said: str) -> None:
    day, month, year = typed
    assert wrong(by_day=day, by_month=month, by_year=year)["by"] == [said]


def test_of_several_rows_the_second_says_which_it_is() -> None:
    rows: Any = forms.formset_factory(Asked, formset=Rows, extra=0)
    typed = {"row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0", "row-0-what": "x" * 11, "row-1-what": "x" * 11}
    first, second = rows(typed, prefix="row").errors
    assert first["what"] == ["“What will be done?” must be 10 characters or fewer. It is 1 too long"]
    assert second["what"] == ["“What will be done?” (2) must be 10 characters or fewer. It is 1 too long"]


@pytest.mark.parametrize("answers", [{}, {"what": "a\x00b", "why": "a\x00b", "who": "\x00", "how": "z"}])
def test_no_sentence_of_djangos_own_is_shown(answers: dict[str, str]) -> None:
    said = [sentence for sentences in wrong(**answers).values() for sentence in sentences]
    assert said
    assert [sentence for sentence in said if sentence.startswith(DJANGOS)] == []


def our_forms() -> Iterator[type[forms.Form]]:
    for module in walk_packages(desks.__path__, f"{desks.__name__}."):
        for _, thing in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(thing, forms.Form) and thing.__module__ == module.name and thing.base_fields:
                yield thing


@pytest.mark.parametrize("form", sorted(set(our_forms()), key=str))
def test_every_form_has_them(form: type[forms.Form]) -> None:
    """By the fields as declared; what a form adds while it is made goes the same way, by the renderer."""
    made = type("Made", (forms.Form,), dict(form.base_fields))()
    validators = [v for bound in made for v in bound.field.validators if isinstance(v, MaxLengthValidator)]
    assert [v for v in validators if not isinstance(v, NotTooLong)] == []
