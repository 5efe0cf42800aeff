"""Who does what was agreed: somebody of the case, who is told, or somebody outside, who is not. Nobody by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from undrift.desks.frame.forms import Rows
from undrift.engine.refusal import Refusal

OUTSIDE = "somebody-outside"
LONGEST = 200
WHO = "Enter who will do it"
# What of an action a refusal of it is about; any other is about what will be done.
BOXES: Mapping[str, str] = {
    "action-who": "who", "action-past": "by", "action-far": "by", "action-undated": "by",
}  # fmt: skip


def put_at(rows: Rows | None, refusal: Refusal) -> bool:
    """Put what the engine refuses of an action at its box; whether it was about one of these rows."""
    if rows is None or refusal.about != "actions" or not rows.forms:
        return False
    filled = [row for row in rows.forms if row.cleaned_data] or rows.forms
    filled[max(refusal.row, 1) - 1].add_error(BOXES.get(refusal.code, "what"), refusal.sentence)
    return True


class Doer(forms.Form):
    """`people` are those who can be told, each by name with what they are here."""

    def __init__(self, *args: Any, people: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.people = dict(people or {})
        initial = dict(kwargs.get("initial") or {})
        said = initial.get("who")
        if said and said not in self.people and said != OUTSIDE:
            kwargs["initial"] = {**initial, "who": OUTSIDE, "outside": said}
        super().__init__(*args, **kwargs)
        what, by = self.fields["what"], self.fields["by"]
        self.fields = {"what": what, **who_and_outside(self.people), "by": by}

    def clean(self) -> dict[str, Any]:
        name_the_doer(self)
        return self.cleaned_data


def who_and_outside(people: Mapping[str, str], *, required: bool = True) -> dict[str, forms.Field]:
    """The two questions by which somebody is named, `who` and `outside`."""
    return who_of({name: f"{name}, {part}" for name, part in people.items()}, required=required)


def who_of(people: Mapping[str, str], *, required: bool = True) -> dict[str, forms.Field]:
    """The same of people who are chosen by something else than their name: each with the words of the choice."""
    who = forms.ChoiceField(
        label="Who will do it?",
        help_text="Whoever you choose is told, and has it on their list",
        choices=[
            ("", "Choose a person"),
            *people.items(),
            (OUTSIDE, "Somebody else, outside: they are not told"),
        ],
        required=required,
        error_messages={"required": WHO, "invalid_choice": f"{WHO}: choose a person, or somebody outside"},
    )
    outside = forms.CharField(
        label="If somebody outside, who?",
        help_text="Their name. They are not told by this service: tell them yourself",
        max_length=LONGEST,
        required=False,
    )
    return {"who": who, "outside": outside}


def name_the_doer(form: forms.Form) -> None:
    """`who` is the name from here on, whichever way it was given."""
    outside = form.cleaned_data.get("outside", "").strip()
    if form.cleaned_data.get("who") == OUTSIDE:
        if not outside:
            form.add_error("outside", "Enter the name of whoever will do it, outside")
        form.cleaned_data["who"] = outside
    elif outside and form.cleaned_data.get("who"):
        form.add_error("outside", "Leave this empty, or choose somebody outside above")
