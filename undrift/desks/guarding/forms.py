"""What these pages ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from undrift.access.emergency import PURPOSES, Sought
from undrift.access.models import Finding
from undrift.desks.frame.fields import PersonChoice
from undrift.desks.frame.forms import DateField, Option
from undrift.engine.dates.horizons import no_day_of_birth, no_day_of_the_log
from undrift.library.numbers import REASON_LETTERS
from undrift.people.models import Person

LONG = 2000


def long_answer(label: str, wrong: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONG,
        required=required,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": wrong, "max_length": f"It must be {LONG} characters or fewer"},
    )


def select(sentence: str) -> dict[str, str]:
    return {"required": sentence, "invalid_choice": sentence}


class RestrictForm(forms.Form):
    reason = long_answer(
        "Why may only those named see this record?",
        "Say why only those named may see this record",
        "For example, a member of staff is a relative. Those who guard the council’s records read this",
    )


class NothingMore(forms.Form):
    """Only a button."""


class PersonForm(forms.Form):
    """Somebody, and why."""

    why = forms.CharField(
        label="Why?",
        max_length=200,
        error_messages={"required": "Say why", "max_length": "The reason must be 200 characters or fewer"},
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = "Choose a person"
        person = PersonChoice(people, label="Who?", error_messages={"required": wrong, "invalid_choice": wrong})
        self.fields = {"person": person, **self.fields}


class NameForm(PersonForm):
    until = DateField(
        label="What is the last day?",
        help_text="Two weeks for a short piece of work, six months at most",
        error_messages={"required": "Enter the last day"},
    )

    field_order = ["person", "why", "until"]


class ExcludeForm(PersonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = "Why are they kept out?"
        self.fields["why"].help_text = "The end of a sentence, for example: is a relative of the family"


class GlassForm(forms.Form):
    """The child, as somebody in an emergency knows them; what for; and what has happened."""

    by = forms.ChoiceField(
        label="How do you know the child?",
        choices=[("name", "By name and date of birth"), ("number", "By the number in the case system")],
        widget=forms.RadioSelect,
        error_messages=select("Select how you know the child"),
    )
    first_name = forms.CharField(label="First name", max_length=100, required=False)
    last_name = forms.CharField(label="Last name", max_length=100, required=False)
    born = DateField(label="Date of birth", help_text="For example, 27 3 2016", required=False)
    number = forms.CharField(label="Number in the case system", max_length=60, required=False)
    purpose = forms.ChoiceField(
        label="Why do you need to see this record now?",
        choices=list(PURPOSES.items()),
        widget=forms.RadioSelect,
        error_messages=select("Select why you need to see this record now"),
    )
    reason = long_answer(
        "What has happened?",
        "Say what has happened",
        f"{REASON_LETTERS} characters or more. Whoever reviews this reads it",
    )
    reveals: Mapping[str, Mapping[str, list[str]]] = {
        "by": {"name": ["first_name", "last_name", "born"], "number": ["number"]}
    }
    asked: Mapping[str, Mapping[str, str]] = {
        "name": {
            "first_name": "Enter the first name",
            "last_name": "Enter the last name",
            "born": "Enter the date of birth",
        },
        "number": {"number": "Enter the number"},
    }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_born(self) -> date | None:
        born: date | None = self.cleaned_data["born"]
        if wrong := no_day_of_birth(born, self.today):
            raise forms.ValidationError(wrong)
        return born

    def clean_reason(self) -> str:
        said: str = self.cleaned_data["reason"]
        if len(" ".join(said.split())) < REASON_LETTERS:
            raise forms.ValidationError(f"Say in {REASON_LETTERS} characters or more what has happened")
        return said

    def clean(self) -> dict[str, Any]:
        for name, sentence in self.asked.get(self.cleaned_data.get("by", ""), {}).items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return self.cleaned_data

    @property
    def sought(self) -> Sought:
        said = self.cleaned_data
        if said["by"] == "number":
            return Sought(number=said["number"].strip())
        return Sought(first_name=said["first_name"].strip(), last_name=said["last_name"].strip(), born=said["born"])


class ReviewForm(forms.Form):
    finding = forms.ChoiceField(
        label="Was it right to open the record?",
        choices=[
            (Finding.JUSTIFIED, Option("Yes", "Justified")),
            (Finding.TRAINING, Option("Yes, with something to learn")),
            (Finding.NOT_JUSTIFIED, Option("No", "Not justified")),
        ],
        widget=forms.RadioSelect,
        error_messages=select("Select what your review came to"),
    )
    remark = long_answer("What do you want to say about it?", "", "Needed unless it was justified", required=False)

    def clean(self) -> dict[str, Any]:
        finding = self.cleaned_data.get("finding")
        if finding and finding != Finding.JUSTIFIED and not self.cleaned_data.get("remark", "").strip():
            self.add_error("remark", "Say what was not right, or what there is to learn")
        return self.cleaned_data


WHICH = (("all", "All"), ("refused", "Refused ones"), ("glass", "Emergency openings"))


class AuditForm(forms.Form):
    """Sent by POST: a name or a number is kept in no address."""

    who = forms.CharField(label="Name of who looked", max_length=100, required=False)
    child = forms.CharField(label="Child’s number in the case system", max_length=60, required=False)
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
    which = forms.ChoiceField(
        label="Which looks?", choices=WHICH, initial="all", required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Select which looks"},
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        for name in ("since", "until"):
            if wrong := no_day_of_the_log(self.cleaned_data.get(name), self.today):
                self.add_error(name, wrong)
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("until", "The last day must be on or after the first")
        return self.cleaned_data
