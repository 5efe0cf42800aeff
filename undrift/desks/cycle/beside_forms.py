"""What the pages beside the cycle ask: a way that is taken and decided on, a letter to a child, why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from undrift.desks.cycle.between_forms import YES_OR_NO
from undrift.desks.cycle.forms import a_day
from undrift.desks.frame.fields import line, one_of, writing
from undrift.desks.frame.forms import Option


class TakeForm(forms.Form):
    who = line("What is their name?", needed="Enter who takes it")
    on = a_day("On which day did it come?", needed="Enter the day on which it came")
    text = writing("What does it say?", rows=6)

    def __init__(
        self,
        *args: Any,
        routes: Iterable[tuple[str, str]],
        held: Mapping[str, str],
        parties: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        asks: dict[str, forms.Field] = {"route": one_of("Which is it?", routes, needed="Select which it is")}
        if held:
            conferences = [*held.items(), ("", "None of them")]
            asks["conference"] = one_of("Which conference is it about?", conferences)
        asks["party"] = one_of("Who takes it?", parties, needed="Select who takes it")
        self.fields = {**asks, **self.fields}


class DecideForm(forms.Form):
    upheld = one_of("Is it upheld?", YES_OR_NO, needed="Select whether it is upheld")
    why = writing("Why?", needed="Enter why")


class NoteForm(forms.Form):
    worker = line("Whose work is it about?", needed="Enter whose work it is about")
    quotable = one_of(
        "May a sentence of it stand in the report of good practice?", YES_OR_NO,
        needed="Select whether a sentence of it may be quoted", help_text="No child can be recognised there",
    )  # fmt: skip

    def __init__(self, *args: Any, tiers: Iterable[tuple[str, str, str]], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = writing(
            f"What do you want to tell {name}?", needed="Write the note to the child", rows=10,
            hint=f"It begins with “Dear {name},” and ends with your name: leave both out",
        )  # fmt: skip
        choices = [(key, Option(title, shared)) for key, title, shared in tiers]
        self.fields = {
            "text": text,
            "tier": one_of("How good was it?", choices, needed="Select how good the work was"),
            **self.fields,
        }


class WhyForm(forms.Form):
    why = writing("Why?", needed="Enter why")
