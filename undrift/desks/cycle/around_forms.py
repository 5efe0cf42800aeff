"""What the pages around a plan cycle ask: an event, who joins, how a plan ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from undrift.desks.cycle.forms import a_day
from undrift.desks.frame.fields import one_of, writing


class EventForm(forms.Form):
    """`waiting` are those on record without a response, by a key."""

    on = a_day("On which day did it happen?")
    what = writing("What happened?", rows=3)
    response = writing("What was done about it?", rows=3, hint="Leave it empty if nothing has been done yet")

    def __init__(self, *args: Any, waiting: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if waiting:
            choices = [*waiting.items(), ("", "Another one")]
            self.fields = {"which": one_of("Which event is it?", choices), **self.fields}
            self.reveals = {"which": {"": ["on", "what"]}}

    def clean(self) -> dict[str, Any]:
        c = self.cleaned_data
        if not c.get("which"):
            if c.get("on") is None and not self.has_error("on"):
                self.add_error("on", "Enter the day on which it happened")
            if not c.get("what"):
                self.add_error("what", "Enter what happened")
        return c


class JoinForm(forms.Form):
    why = writing("Why does the child join?", needed="Enter why this child joins", rows=3)

    def __init__(self, *args: Any, children: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"child": one_of("Which child?", children, needed="Select which child"), **self.fields}


class EndForm(forms.Form):
    on = a_day("On which day did it end?", needed="Enter the day on which it ended")

    def __init__(self, *args: Any, endings: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"ending": one_of("How did it end?", endings, needed="Select how the plan ended"), **self.fields}
