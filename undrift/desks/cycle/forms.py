"""What the pages of a plan cycle ask. A form asks; the engine decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms import formset_factory

from undrift.children.words import CATEGORIES
from undrift.desks.frame.fields import YES_NO, line, one_of, some_of, writing
from undrift.desks.frame.forms import DateField, Option, Rows
from undrift.engine.dates.horizons import WITHIN
from undrift.engine.plan_cycle.acts import Decision, Dissent
from undrift.engine.plan_cycle.state import KINDS

A_TIME = "Enter a time, for example 14:30"
LONGEST_TEXT = 2000  # of a list of names


class Lines(forms.CharField):
    """Names, each on a line of its own: people without an account are named as everybody else."""

    def __init__(self, label: str, *, needed: str = "", hint: str = "One name a line", **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=bool(needed),
            help_text=hint,
            widget=forms.Textarea(attrs={"rows": 5}),
            validators=[MaxLengthValidator(LONGEST_TEXT)],
            error_messages={"required": needed},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        return tuple(each.strip() for each in super().clean(value).splitlines() if each.strip())


def a_day(label: str, *, needed: str = "", hint: str = "") -> DateField:
    return DateField(label=label, required=bool(needed), help_text=hint, error_messages={"required": needed})


class TimeOfDay(forms.CharField):
    """On the clock of London; empty where nobody knows. Gives a `time`, or None."""

    def __init__(self, label: str = "At what time?", hint: str = "For example 14:30") -> None:
        super().__init__(label=label, required=False, help_text=hint, max_length=20)

    def clean(self, value: Any) -> Any:
        said = super().clean(value).replace(".", ":")
        if not said:
            return None
        hours, _, minutes = said.partition(":")
        if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(minutes) == 2):
            raise ValidationError(A_TIME)
        if int(hours) > 23 or int(minutes) > 59:
            raise ValidationError(A_TIME)
        return time(int(hours), int(minutes))


def which_children(names: Mapping[str, str]) -> dict[str, forms.Field]:
    """Nothing is asked where there is one child."""
    if len(names) < 2:
        return {}
    return {"children": some_of("Which children is it about?", names.items(), needed="Select which children")}


def chosen(c: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(c.get("children") or names)


class FixForm(forms.Form):
    """`again` are the conferences that may be held again, by id."""

    on = a_day("On which day?", needed="Enter the day of the conference", hint=WITHIN)
    time = TimeOfDay()
    place = line("Where is it held, or how do people join it?")
    invited = Lines("Who is invited?")

    def __init__(self, *args: Any, names: Mapping[str, str], again: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, label) for kind, label in KINDS.items() if kind != "reconvened" or again]
        asks: dict[str, forms.Field] = {
            "kind": one_of("Which conference is it?", kinds, needed="Select which conference it is")
        }
        if again:
            asks["reconvenes"] = one_of("Which one is held again?", again.items())
            self.reveals = {"kind": {"reconvened": ["reconvenes"]}}
        self.fields = {**asks, **which_children(names), **self.fields}

    def clean(self) -> dict[str, Any]:
        c = self.cleaned_data
        if c.get("kind") == "reconvened" and not c.get("reconvenes"):
            self.add_error("reconvenes", "Select which conference is held again")
        return c


class ChangeForm(forms.Form):
    what = one_of(
        "What has changed?",
        (
            ("move", Option("It has another day", "Those who prepare are told")),
            ("postpone", Option("It is postponed", "There is no new day yet: you are asked for one")),
            ("cancel", Option("It is cancelled", "It will not be held. What the policy then offers is shown to you")),
        ),
        needed="Select what has changed",
    )
    on = a_day("Which day is it now?", hint=WITHIN)
    time = TimeOfDay()
    why = writing("Why?", needed="Enter why", hint="The reason stands on the record, and everyone invited may read it")
    reveals = {"what": {"move": ["on", "time"]}}

    def clean(self) -> dict[str, Any]:
        c = self.cleaned_data
        if c.get("what") == "move" and c.get("on") is None and not self.has_error("on"):
            self.add_error("on", "Enter the new day")
        return c


PLAN = (("plan", "A child protection plan"), ("none", "No plan"))
FATHER = (("yes", "Yes"), ("no", "No"), ("", "Not discussed"))


class HeldForm(forms.Form):
    """`names` are the children whom it decides about, by id; `unfixed`: nobody had fixed it here."""

    on = a_day("On which day was it held?", needed="Enter the day on which it was held")
    time = TimeOfDay("When did it end?", "For example 14:30. The time for the decision sheet counts from it")
    came = Lines("Who came?")
    quorate = one_of("Was it quorate?", YES_NO[::-1], needed="Select whether it was quorate")
    missing = Lines("Who was missing?")

    def __init__(
        self, *args: Any, names: Mapping[str, str], unfixed: bool, final_say: bool, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.reveals = {"quorate": {"no": ["missing"]}}
        self.names, self.final_say = names, final_say
        if unfixed:
            kinds = [(kind, label) for kind, label in KINDS.items() if kind != "reconvened"]
            kind = one_of("Which conference was it?", kinds, needed="Select which conference it was")
            self.fields = {"kind": kind, **which_children(names), **self.fields}
        for child, name in names.items():
            self.fields |= self._of(child, name)
            self.reveals[f"decisions-{child}"] = {"plan": [f"category-{child}"]}
        self.fields["next_review"] = a_day(
            "When is the next review?", hint="If a day is fixed. You can also fix it later"
        )

    def _of(self, child: str, name: str) -> dict[str, forms.Field]:
        asks: dict[str, forms.Field] = {
            f"decisions-{child}": one_of(f"What was decided for {name}?", PLAN),
            f"category-{child}": forms.ChoiceField(
                label=f"Category for {name}", choices=[("", "Not said"), *CATEGORIES], required=False
            ),
            f"father-{child}": one_of(f"Did {name}’s father take part, or is he being involved?", FATHER),
        }
        if self.final_say:
            asks[f"overruled-{child}"] = writing(
                f"If you decided otherwise than the conference for {name}, why?",
                rows=3,
                hint="Here the chair has the final say",
            )
        return asks

    def decisions(self) -> Mapping[str, Decision]:
        """For each child for whom something was decided."""
        c = self.cleaned_data
        return {
            child: Decision(
                c[f"decisions-{child}"] == "plan",
                c[f"category-{child}"] if c[f"decisions-{child}"] == "plan" else "",
                c.get(f"overruled-{child}", ""),
                {"yes": True, "no": False}.get(c[f"father-{child}"]),
            )
            for child in self.names
            if c[f"decisions-{child}"]
        }


class DissentForm(forms.Form):
    who = line("Who does not agree?")
    why = writing("Why?", rows=3)
    advice = writing("What was the advice of the Designated or Named Professional?", rows=3)


_DissentRows = formset_factory(DissentForm, formset=Rows, extra=1)


def dissent_rows(data: Any) -> Rows:
    rows = _DissentRows(data, prefix="dissents")
    assert isinstance(rows, Rows)
    return rows


def dissents(rows: Rows) -> tuple[Dissent, ...]:
    return tuple(Dissent(row["who"], row["why"], row["advice"]) for row in rows.answers)


class OutlineForm(forms.Form):
    """One box for each part that the policy lists."""

    def __init__(self, *args: Any, parts: Sequence[str], written: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        before = tuple(written)
        for number, part in enumerate(parts, start=1):
            field = writing(part, needed=f"Enter part {number} of the outline plan")
            field.initial = before[number - 1] if number <= len(before) else ""
            self.fields[f"parts-{number}"] = field

    def written(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[name] for name in self.fields)


class SentForm(forms.Form):
    on = a_day("On which day was it sent?", needed="Enter the day on which it was sent")
    time = TimeOfDay()
    to = Lines(
        "To whom?",
        needed="Enter to whom it was sent",
        hint="One name a line, people without an account included",
    )
