"""What the pages of allocation ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from undrift.desks.frame.fields import line, one_of
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.narrowing import Choice
from undrift.record.allocating import no_day_for_it
from undrift.record.allocations import AllocationPart
from undrift.record.families import no_day_of_a_core_group

ASKED = {
    AllocationPart.CHAIR: ("Who chairs for them?", "Choose who chairs for them"),
    AllocationPart.SOCIAL_WORKER: ("Who works with them?", "Choose who works with them"),
    AllocationPart.TEAM: ("Which team has them?", "Choose which team has them"),
}
LONGEST_WHY = 200


def why(hint: str) -> forms.CharField:
    """Why it is so, in the child's history. It need not be said."""
    return line("Why? (optional)", hint=hint)


class GiveForm(forms.Form):
    """Which part, to whom, from which day."""

    def __init__(
        self, *args: Any, takers: Mapping[AllocationPart, Sequence[Choice]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offered = [part for part in AllocationPart if takers[part]]
        self.fields["part"] = one_of(
            "What changes?", [(part.value, part.label) for part in offered], needed="Select what changes"
        )
        for part in offered:
            question, wrong = ASKED[part]
            self.fields[part.value] = forms.ChoiceField(
                label=question,
                choices=[("", "Choose one"), *takers[part]],
                required=False,
                error_messages={"invalid_choice": wrong},
            )
        self.fields["from_day"] = DateField(
            label="From which day?",
            help_text="Today: at once. Later: on that day, and until then it can be taken back",
            error_messages={"required": "Enter the day"},
        )  # fmt: skip
        self.reveals = {"part": {part.value: [part.value] for part in offered}}

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if wrong := no_day_for_it(day, self.today):
            raise forms.ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        part = self.cleaned_data.get("part")
        if part and part not in self.errors and not self.cleaned_data.get(part):
            self.add_error(part, ASKED[AllocationPart(part)][1])
        return self.cleaned_data


class WhyForm(forms.Form):
    """The last question before it is done."""

    why = why("It stands in the child’s history. For example, the case was transferred")


class FamilyForm(forms.Form):
    """Into the family of a brother or sister, or out of it."""

    def __init__(self, *args: Any, alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = [
            ("join", Option("The family of a brother or sister", "They are looked at, and raised about, together"))
        ]
        choices.append(
            ("also", Option("That family, too, beside their own", "Of the other parent, say: they are in both"))
        )
        if not alone:
            choices.append(("own", Option("A family of their own", "The brothers and sisters stay where they are")))
        self.fields["where"] = one_of("Which family?", choices, needed="Select which family")
        self.fields["number"] = line(
            "Number of the brother or sister", hint="As the council’s case system has it. Not for a family of their own"
        )
        self.fields["why"] = why("It stands in the child’s history. For example, they have the same mother")

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("where") in ("join", "also") and not self.cleaned_data.get("number", "").strip():
            self.add_error("number", "Enter the number of the brother or sister")
        return self.cleaned_data


class SecondFamilyEndsForm(forms.Form):
    why = why("It stands in the child’s history. For example, it was another child")


class MemberForm(forms.Form):
    """Somebody in the core group: by account, or by name and agency."""

    reveals = {"how": {"account": ["person"], "name": ["name", "agency"]}}

    def __init__(
        self,
        *args: Any,
        people: Sequence[Choice],
        agencies: Sequence[Choice],
        siblings: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["how"] = one_of(
            "Who?",
            [("account", Option("Somebody with an account", "Those whose post lets them read what they are told of")),
             ("name", Option("Somebody else", "Known by name: we tell them nothing, and the pages say so"))],
            needed="Select who",
        )  # fmt: skip
        self.fields["person"] = _one_of_many("Person", people, "Choose a person")
        self.fields["name"] = line("Name")
        self.fields["agency"] = _one_of_many("Agency (optional)", agencies, "Choose an agency")
        self.fields["role"] = forms.CharField(
            label="What are they to the child? (optional)",
            help_text="For example, health visitor",
            required=False,
            max_length=100,
        )
        self.fields["starts"] = DateField(label="From which day?", error_messages={"required": "Enter the first day"})
        if siblings:
            self.fields["of"] = one_of(
                "For whom?", [("family", "Every child of the family"), ("child", "This child alone")],
                needed="Select for whom", initial="family",
            )  # fmt: skip

    def clean_starts(self) -> date:
        return _day(self.cleaned_data["starts"], self.today)

    def clean(self) -> dict[str, Any]:
        how, said = self.cleaned_data.get("how"), self.cleaned_data
        if how == "account" and not said.get("person") and "person" not in self.errors:
            self.add_error("person", "Choose a person")
        if how == "name" and not said.get("name", "").strip() and "name" not in self.errors:
            self.add_error("name", "Enter their name")
        return self.cleaned_data


class MemberEndsForm(forms.Form):
    last_day = DateField(label="Last day in the core group", error_messages={"required": "Enter their last day"})

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["why"] = why("It stands in the child’s history")

    def clean_last_day(self) -> date:
        return _day(self.cleaned_data["last_day"], self.today)


def _day(day: date, today: date) -> date:
    if wrong := no_day_of_a_core_group(day, today):
        raise forms.ValidationError(wrong)
    return day


def _one_of_many(label: str, choices: Sequence[Choice], wrong: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", wrong), *choices], required=False, error_messages={"invalid_choice": wrong}
    )
