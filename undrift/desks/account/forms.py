from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from undrift.desks.account import patience
from undrift.people.models import Person

# The same words whichever of the two is wrong, or a stranger could learn who works here.
NOT_KNOWN = "Check your email address and password. They do not match what we have"


class SignInForm(forms.Form):
    email = forms.EmailField(
        label="Email address",
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address, for example name@council.example",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=4096,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    person: Person | None = None

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("email"), self.cleaned_data.get("password")
        if not email or not password:
            return self.cleaned_data
        if wait := patience.seconds_to_wait(email):
            raise ValidationError(f"Too many tries. Wait {_in_words(wait)}, then try again")
        found = authenticate(self.request, username=email, password=password)
        self.person = found if isinstance(found, Person) else None
        if self.person is None:
            patience.remember_wrong_try(email)
            self.add_error("password", NOT_KNOWN)
        else:
            patience.forget_wrong_tries(email)
        return self.cleaned_data


def _in_words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 60 else f"{-(-seconds // 60)} minutes"
