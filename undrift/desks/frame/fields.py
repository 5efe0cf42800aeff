"""The plain questions that most forms ask: a long answer, a line, one of some, some of them, an example of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet

from undrift.people.models import Person

YES_NO = (("no", "No"), ("yes", "Yes"))
LONG = 4000


def writing(label: str, *, needed: str = "", rows: int = 4, hint: str = "", **kwargs: Any) -> forms.CharField:
    """A long answer; `needed` is the sentence when it is empty, and without it the answer may be.

    The length is judged and not counted on the page: a counter under each of eight boxes says nothing.
    """
    return forms.CharField(
        label=label,
        required=bool(needed),
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[MaxLengthValidator(LONG)],
        error_messages={"required": needed},
        **kwargs,
    )


def line(label: str, *, needed: str = "", hint: str = "", most: int = 200, **kwargs: Any) -> forms.CharField:
    """One line of at most so many letters: of what has a column, as many as that holds."""
    return forms.CharField(
        label=label,
        required=bool(needed),
        help_text=hint,
        max_length=most,
        error_messages={"required": needed},
        **kwargs,
    )


def one_of(label: str, choices: Iterable[tuple[str, str]], *, needed: str = "", **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        required=bool(needed),
        widget=forms.RadioSelect,
        error_messages={"required": needed, "invalid_choice": needed or "Select one of the answers"},
        **kwargs,
    )


def some_of(
    label: str, choices: Iterable[tuple[str, str]], *, needed: str = "", **kwargs: Any
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=bool(needed),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": needed, "invalid_choice": "Select from the answers shown"},
        **kwargs,
    )


def typed_day(day: date | None) -> str:
    return f"{day.day} {day.month} {day.year}" if day else "12 5 2026"


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's takes no type while running
    """One of some people, by name."""

    def __init__(self, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(people, empty_label="Choose a person", **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        return obj.name
