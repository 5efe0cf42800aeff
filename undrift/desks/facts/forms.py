"""What the pages ask of whoever says something about a child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from undrift.applying.putting_right import Fact, Kind, longest
from undrift.children.words import CATEGORIES, SEXES
from undrift.desks.frame.fields import line, one_of, some_of
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.narrowing import Choice
from undrift.engine.dates.horizons import no_day_of_birth, no_day_of_the_past

Wrong = Mapping[str, str]
EXAMPLE = "It stands in the child’s history. For example, {}"


def _needs(sentence: str) -> dict[str, str]:
    return {"required": sentence}


def why(example: str) -> forms.CharField:
    return line("Why? (optional)", hint=EXAMPLE.format(example))


def _judged(found: date | None, wrong: str) -> date | None:
    if wrong:
        raise forms.ValidationError(wrong)
    return found


class NewForm(forms.Form):
    """A child that no file has brought: born or expected, alone or with brothers and sisters."""

    reveals = {"stands": {"born": ["born"], "unborn": ["expected"]}, "family": {"join": ["sibling"]}}

    number = line(
        "Number (optional)",
        hint="As the council’s case system has it. It may be given later",
        most=longest("external_id"),
    )
    first_name = line("First name (optional)", most=longest("first_name"))
    last_name = line("Last name", most=longest("last_name"))
    sex = one_of("Sex (optional)", SEXES)
    stands = one_of(
        "Is the child born?",
        [("born", "Yes"), ("unborn", Option("Not yet", "Twins are two records: say the other one afterwards"))],
        needed="Select whether the child is born",
    )
    born = DateField(label="Date of birth", required=False)
    expected = DateField(label="Expected date of birth", required=False)
    family = one_of(
        "Which family?",
        [("own", "A family of their own"), ("join", "The family of a brother or sister")],
        needed="Select which family",
        initial="own",
    )
    sibling = line("Number of the brother or sister", hint="As the council’s case system has it")
    why = why("the initial conference is on Monday")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_born(self) -> date | None:
        return _judged(self.cleaned_data["born"], no_day_of_the_past(self.cleaned_data["born"], self.today))

    def clean_expected(self) -> date | None:
        return _judged(self.cleaned_data["expected"], no_day_of_birth(self.cleaned_data["expected"], self.today))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        needed = {
            "born": (said.get("stands") == "born", "Enter the date of birth"),
            "expected": (said.get("stands") == "unborn", "Enter the expected date of birth"),
            "sibling": (said.get("family") == "join", "Enter the number of the brother or sister"),
        }
        for name, (asked, sentence) in needed.items():
            if asked and not said.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return said


class Dated(forms.Form):
    """Forms that ask for one day which has passed; its name is `on`."""

    on: Any = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        found: date = self.cleaned_data["on"]
        if wrong := no_day_of_the_past(found, self.today):
            raise forms.ValidationError(wrong)
        return found


class BornForm(Dated):
    on = DateField(label="Date of birth", error_messages=_needs("Enter the date of birth"))
    first_name = line("First name (optional)", hint="Where it is known by now", most=longest("first_name"))
    sex = one_of("Sex (optional)", SEXES)
    why = why("told by the midwife")


class PlanBeginsForm(Dated):
    on = DateField(
        label="First day of the plan",
        error_messages=_needs("Enter the first day of the plan"),
        help_text="As a rule the day of the conference",
    )
    category = one_of("Category", CATEGORIES, needed="Select the category")
    why = why("decided at the initial conference")

    def __init__(self, *args: Any, siblings: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _with_siblings(self, "Does one begin for them, too?", siblings)


class PlanEndsForm(Dated):
    on = DateField(
        label="Last day of the plan",
        error_messages=_needs("Enter the last day of the plan"),
        help_text="As a rule the day of the conference",
    )
    why = why("the review conference decided so")

    def __init__(self, *args: Any, siblings: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _with_siblings(self, "Did theirs end that day, too?", siblings)


def _with_siblings(form: forms.Form, label: str, siblings: Sequence[Choice]) -> None:
    if siblings:
        form.fields["also"] = some_of(label, siblings)
        form.order_fields([*(name for name in form.fields if name != "why"), "why"])


class CategoryForm(forms.Form):
    category = one_of("What is the category now?", CATEGORIES, needed="Select the category")
    why = why("changed at the review conference")


class MovesForm(Dated):
    on = DateField(
        label="Day of the move",
        error_messages=_needs("Enter the day of the move"),
        help_text="The plan here ends that day",
    )
    to = line("Which council?", needed="Enter the council that the child has moved to")
    why = why("accepted at its transfer-in conference")


class LookedAfterForm(Dated):
    on = DateField(label="From which day?", error_messages=_needs("Enter the first day"))
    why = why("by an interim care order")

    def __init__(self, *args: Any, people: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["iro"] = forms.ChoiceField(
            label="Independent reviewing officer (optional)",
            choices=[("", "Choose a person"), *people],
            required=False,
            error_messages={"invalid_choice": "Choose a person"},
        )
        self.fields["iro_name"] = line("Or the name of one without an account (optional)")
        self.order_fields(["on", "iro", "iro_name", "why"])

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("iro") and self.cleaned_data.get("iro_name", "").strip():
            self.add_error("iro_name", "Choose a person, or enter a name: not both")
        return self.cleaned_data


class LookedAfterEndsForm(Dated):
    on = DateField(label="Last day", error_messages=_needs("Enter the last day"))
    why = why("the child went home")


class DiedForm(Dated):
    on = DateField(label="Day of death", error_messages=_needs("Enter the day of death"))
    why = why("told by the hospital")


ASKED = {
    Kind.CATEGORY: (CATEGORIES, "Select the category"),
    Kind.SEX: (SEXES, "Select the sex"),
}
ADOPTED = "adopted"
A_COUNT = "Enter a whole number from 0 to 20"


class RightForm(forms.Form):
    """One fact as it should have been, and what was wrong."""

    def __init__(self, *args: Any, fact: Fact, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact, self.today = fact, today
        label = f"{fact.title}, as it should be"
        match fact.kind:
            case Kind.DAY:
                self.fields["value"] = DateField(
                    label=label, required=not fact.without, error_messages=_needs(f"Enter the {fact.title.lower()}")
                )
            case Kind.COUNT:
                wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), A_COUNT)
                self.fields["value"] = forms.IntegerField(label=label, min_value=0, max_value=20, error_messages=wrong)
            case Kind.CATEGORY | Kind.SEX:
                choices, needed = ASKED[fact.kind]
                self.fields["value"] = one_of(label, choices, needed=needed)
            case Kind.TEXT:
                needed = "" if fact.without else f"Enter the {fact.title.lower()}"
                self.fields["value"] = line(label, needed=needed, most=longest(fact.column))
        if fact.without:
            self.fields["value"].help_text = f"Leave it empty where {fact.without}"
        self.fields["why"] = line(
            "What was wrong?",
            needed="Say what was wrong",
            hint=EXAMPLE.format("day and month were changed over"),
        )

    def clean_value(self) -> Any:
        found = self.cleaned_data["value"]
        if isinstance(found, date):
            judge = no_day_of_birth if self.fact.column == "expected_birth" else no_day_of_the_past
            return _judged(found, judge(found, self.today))
        return found


class SameForm(forms.Form):
    """Which other record, and whether the two are of one child."""

    def __init__(self, *args: Any, offered: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_number = line("Number of the other record", hint="As the council’s case system has it")
        self.reveals: dict[str, dict[str, list[str]]] = {"answer": {"one": ["goes_on"]}}
        if offered:
            choices = [*offered, ("number", Option("Another one, by its number", divided=True))]
            self.fields["which"] = one_of("Which record?", choices, needed="Select which record")
            self.reveals["which"] = {"number": ["number"]}
        self.fields["number"] = by_number
        self.fields["answer"] = one_of(
            "Are they one child?",
            [
                ("one", Option("Yes", "The number changed, or the child was entered twice")),
                ("two", Option("No, two children", "They are not offered again")),
                (
                    ADOPTED,
                    Option("They may not be linked", "The child was adopted: no link is made"),
                ),
            ],
            needed="Select whether they are one child",
        )
        self.fields["goes_on"] = one_of("Which record goes on?", [("this", "This one"), ("other", "The other one")])
        self.fields["why"] = line("How do you know?", hint=EXAMPLE.format("it was renumbered in the case system"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        linked = said.get("answer") in ("one", "two")
        by_number = said.get("which", "number") == "number"
        needed = {
            "number": (linked and by_number, "Enter the number of the other record"),
            "goes_on": (said.get("answer") == "one", "Select which record goes on"),
            "why": (linked, "Say how you know"),
        }
        for name, (asked, sentence) in needed.items():
            if asked and not (said.get(name) or "").strip() and name not in self.errors:
                self.add_error(name, sentence)
        return said


class SameEndsForm(forms.Form):
    why = line("Why?", needed="Say why", hint=EXAMPLE.format("they are cousins of one name"))
