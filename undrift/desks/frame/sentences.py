"""What is wrong with an answer, in our words: which one it is, what is wrong, what would be right.

Django's own sentences name neither the field nor the way out ("Ensure this value has at most ..."). Every field of
every form that our renderer draws has them replaced here, so that a form cannot forget to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator, ProhibitNullCharactersValidator


def called_of(field: forms.Field) -> str:
    """What an error calls a field: its label in quotation marks, and which one of several rows it stands in."""
    label = str(field.label or "")
    return f"“{label}”{getattr(field, 'which', '')}" if label else ""


def own_sentences(field: forms.Field) -> None:
    """Puts our words in place of Django's; what a form says in its own words stays."""
    called = called_of(field) or "This answer"
    field.validators = [_own(validator, field, called) for validator in field.validators]
    for code, ours in _sentences(field, called).items():
        if code in field.error_messages and field.error_messages[code] == _djangos(field, code):
            field.error_messages[code] = ours


class NotTooLong(MaxLengthValidator):
    """Says which answer is too long, and by how much."""

    def __init__(self, limit: int, called: str, said: str = "") -> None:
        super().__init__(limit)
        self.called, self.said = called, said

    def __call__(self, value: str) -> None:
        over = len(value) - int(self.limit_value)
        if over > 0:
            rule = self.said or f"{self.called} must be {self.limit_value:,} characters or fewer"
            raise ValidationError(f"{rule.rstrip('.')}. It is {over:,} too long", code="too_long")


class NoNullCharacters(ProhibitNullCharactersValidator):
    def __init__(self, called: str) -> None:
        super().__init__(f"{called} holds a character that cannot be kept. Type it again")


def _own(validator: Callable[[Any], None], field: forms.Field, called: str) -> Callable[[Any], None]:
    if isinstance(validator, NotTooLong | NoNullCharacters):
        return validator
    if isinstance(validator, MaxLengthValidator):
        said = field.error_messages.get("max_length") or _said_of(validator, MaxLengthValidator)
        return NotTooLong(int(validator.limit_value), called, str(said))
    if isinstance(validator, MinLengthValidator) and not _said_of(validator, MinLengthValidator):
        return MinLengthValidator(validator.limit_value, f"{called} must be {validator.limit_value} characters or more")
    if isinstance(validator, ProhibitNullCharactersValidator):
        return NoNullCharacters(called)
    return validator


def _said_of(
    validator: MaxLengthValidator | MinLengthValidator, kind: type[MaxLengthValidator] | type[MinLengthValidator]
) -> str:
    """What a form has its validator say, where it is not what Django says."""
    return "" if validator.message is kind.message else str(validator.message)


def _sentences(field: forms.Field, called: str) -> dict[str, str]:
    return {
        "required": f"Answer {called}",
        "invalid_choice": f"{called}: select from the answers shown",
        "invalid_list": f"{called}: select from the answers shown",
        "invalid": f"{called}: enter it as in the example",
    }


def _djangos(field: forms.Field, code: str) -> object:
    """What Django's own class says by this code."""
    return next(
        (
            vars(kind)["default_error_messages"][code]
            for kind in type(field).__mro__
            if kind.__module__.startswith("django.") and code in vars(kind).get("default_error_messages", {})
        ),
        None,
    )
