"""What is asked about somebody new."""

from __future__ import annotations

from typing import Any

from django import forms

from undrift.desks.frame.forms import Option
from undrift.people.models import Agency, Authority
from undrift.people.roster import in_reach

INVITE, BY_WORK_ACCOUNT, LATER = "invite", "work-account", "later"


class AgencyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's takes no type while running
    def label_from_instance(self, obj: Agency) -> str:
        return obj.name


class AddPersonForm(forms.Form):
    """A name, an address, where they work and how they will get in."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter their name"})
    email = forms.EmailField(
        label="Work email address",
        help_text="One that only they read. They sign in with it",
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address, for example name@council.example",
        },
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
    )
    phone = forms.CharField(label="Telephone (optional)", max_length=30, required=False)

    def __init__(self, *args: Any, authority: Authority, by_work_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = "Choose where they work"
        self.fields["agency"] = AgencyChoice(
            Agency.objects.filter(in_reach(authority)).order_by("authority", "name", "pk"),
            label="Where do they work?",
            empty_label="Choose an agency",
            error_messages={"required": wrong, "invalid_choice": wrong},
        )
        by_work = Option("With their work account", "They need no invitation. It must have the same email address")
        self.fields["how"] = forms.ChoiceField(
            label="How will they sign in?",
            choices=[
                *([(BY_WORK_ACCOUNT, by_work)] if by_work_account else []),
                (INVITE, Option("With a password", "We email them a link now, by which they choose it. It works once, "
                                                   "for 3 days")),
                (LATER, Option("With a password, but not yet", "Invite them later, from their page")),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": "Select how they will sign in"},
        )  # fmt: skip
