from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from undrift.desks.account import patience
from undrift.people.models import Person

# The same words whichever of the two is wrong, or a stranger could learn who works here.
NOT_KNOWN = "Check your email address and password. They do not match what we have"
WRONG_CODE = "That code is not right, or it was used before. Enter the newest one"
CODE_WIDGET = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false",
               "class": "govuk-input--width-10"}  # fmt: skip


class PasswordForm(forms.Form):
    """The password of somebody who is known, asked again."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=4096,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    person: Person | None = None
    not_known = NOT_KNOWN

    def __init__(self, *args: Any, request: HttpRequest, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.known = request, person

    def clean(self) -> dict[str, Any]:
        email = self.known.email if self.known else self.cleaned_data.get("email")
        password = self.cleaned_data.get("password")
        if not email or not password:
            return self.cleaned_data
        if wait := patience.begin_try(email):
            raise ValidationError(wait)
        found = authenticate(self.request, username=email, password=password)
        self.person = found if isinstance(found, Person) else None
        if self.person is None:
            self.add_error("password", self.not_known)
        else:
            patience.forget_wrong_tries(email)
        return self.cleaned_data


def own_address() -> forms.EmailField:
    """The question for the address that somebody signs in with."""
    return forms.EmailField(
        label="Email address",
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address, for example name@council.example",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


class SignInForm(PasswordForm):
    email = own_address()
    field_order = ("email", "password")


class ForgottenForm(forms.Form):
    """For whom a new password is asked. Every ask counts as a try, whether anybody has the address or not."""

    email = own_address()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        who = f"new password of {email}"
        if wait := patience.begin_try(who):
            raise ValidationError(wait)
        return email


# By the code of what a validator finds wrong.
WEAK = {
    "password_too_short": "Enter 15 characters or more",
    "password_too_common": "Choose another password. This one is on the lists of those that are tried first",
    "password_too_similar": "Choose another password. This one is too like your name or your email address",
}


def _new_password(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=4096,
        error_messages={"required": missing},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordForm(forms.Form):
    """A password for `person`, typed twice. Any characters; long enough, not common, not like their name."""

    new_password = _new_password(
        "New password", "15 characters or more. Four words that do not belong together are easy to keep in mind",
        "Enter a new password",
    )  # fmt: skip
    new_password_again = _new_password("New password again", "", "Enter the new password again")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whose = person

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, again = (self.cleaned_data.get(name) for name in ("new_password", "new_password_again"))
        if first:
            try:
                validate_password(first, self.whose)
            except ValidationError as weak:
                self.add_error("new_password", [WEAK.get(each.code or "", each.message) for each in weak.error_list])
        if first and again and first != again:
            self.add_error("new_password_again", "Enter the same password twice. These two differ")
        return self.cleaned_data


class ChangePasswordForm(NewPasswordForm, PasswordForm):
    """Their present password, then the new one."""

    not_known = "That is not your password"
    field_order = ("password", "new_password", "new_password_again")

    def __init__(self, *args: Any, person: Person, request: HttpRequest, **kwargs: Any) -> None:
        PasswordForm.__init__(self, *args, request=request, person=person, **kwargs)
        self.fields["password"].label = "Your password now"
        self.whose = person


class CodeForm(forms.Form):
    """A code from an app, or a recovery code. Each is taken once; `authenticator` is what it came from."""

    code = forms.CharField(
        label="Code",
        max_length=64,
        error_messages={"required": "Enter a code"},
        widget=forms.TextInput(attrs=CODE_WIDGET),
    )
    authenticator: Authenticator | None = None

    def __init__(self, *args: Any, person: Person, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["code"].help_text = hint

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        who = f"code of {self.person.pk}"
        if wait := patience.begin_try(who):
            raise ValidationError(wait)
        with transaction.atomic():  # two windows with one recovery code: the second waits here and is refused
            kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
            known = Authenticator.objects.select_for_update().filter(user=self.person, type__in=kinds)
            self.authenticator = next((each for each in known.order_by("pk") if patience.takes(each, code)), None)
        if self.authenticator is None:
            raise ValidationError(WRONG_CODE)
        patience.forget_wrong_tries(who)
        return code


class AppForm(forms.Form):
    """The first code of an app that was shown the secret."""

    code = forms.CharField(
        label="Code from the app",
        help_text="6 numbers",
        max_length=64,
        error_messages={"required": "Enter the 6 numbers that the app shows"},
        widget=forms.TextInput(attrs=CODE_WIDGET),
    )

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if not validate_totp_code(self.secret, code):
            raise ValidationError("That code is not right. Enter the one that the app shows now")
        return code


class PasskeyForm(forms.Form):
    """What the browser says for a passkey, as JSON; filled in by passkey.js."""

    credential = forms.CharField(
        widget=forms.HiddenInput, max_length=100_000, error_messages={"required": "No passkey was given. Try again"}
    )

    def clean_credential(self) -> dict[str, Any]:
        try:
            said = json.loads(self.cleaned_data["credential"])
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise ValidationError("That passkey could not be read. Try again")
        return said


class AddPasskeyForm(PasskeyForm):
    name = forms.CharField(
        label="What to call it",
        help_text="For example, work laptop",
        max_length=60,
        error_messages={"required": "Enter a name for this passkey"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_credential(self) -> dict[str, Any]:
        said = super().clean_credential()
        passkeys.parse_registration_response(said)
        if not passkeys.complete_registration(said).is_user_verified():
            raise ValidationError("Use a passkey that asks for your fingerprint, your face or a PIN")
        return said


class GivePasskeyForm(PasskeyForm):
    """A passkey given by `person`, or by whoever it says it belongs to when nobody is named."""

    authenticator: Authenticator | None = None

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_credential(self) -> dict[str, Any]:
        said = super().clean_credential()
        passkeys.parse_authentication_response(said)
        person = self.person or passkeys.extract_user_from_response(said)
        self.authenticator = passkeys.complete_authentication(person, said)
        return said
