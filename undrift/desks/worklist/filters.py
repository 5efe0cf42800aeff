"""What a list of resolutions is narrowed to: at most six questions, none of them a person's name in the address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from undrift.desks.components import Link
from undrift.desks.worklist.choices import AGENCY, TEAM, Choices
from undrift.engine.standing import CLOSED, RESOLVED, TAGS
from undrift.resolutions.queries import Filters

ENDED = (RESOLVED, CLOSED)
DUE = (("late", "Late"), ("week", "In the next 7 days"))
_DUE: Mapping[str, Literal["", "late", "this week"]] = {"late": "late", "week": "this week"}


class PlainSelect(forms.Select):
    """A select drawn in one go: one template for each option would cost more than the whole list beside it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        about = self.build_attrs(self.attrs, attrs)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if str(key) == str(value or "") else "", text) for key, text in self.choices),
        )
        return format_html('<select name="{}" id="{}" class="{}">{}</select>', name, about["id"], about["class"], options)


SELECTED = SafeString(" selected")
ANY = ("", "All")


class FilterForm(forms.Form):
    """Unknown values are left out, not refused: an old bookmark still opens the list."""

    def __init__(self, data: QueryDict, choices: Choices) -> None:
        super().__init__(data)
        tags = [(tag, tag) for tag in TAGS]
        for name, label, offered in (
            ("due", "Due", DUE),
            ("stage", "Stage", choices.stages),
            ("status", "Status", tags),
            ("chair", "Chair", choices.chairs),
            ("team", "Team or agency", choices.teams),
            ("reason", "Reason", choices.reasons),
        ):
            if offered:
                self.fields[name] = forms.ChoiceField(
                    label=label, choices=[ANY, *offered], required=False, widget=PlainSelect
                )

    def chosen(self) -> Iterator[tuple[str, str, str]]:
        """Name, value and words of each filter in use."""
        self.is_valid()
        for name, value in self.cleaned_data.items():
            if value:
                said = dict(self.fields[name].choices)[value]
                yield name, value, f"{self.fields[name].label}: {said}"

    def filters(self) -> Filters:
        asked = {name: value for name, value, _ in self.chosen()}
        status, team = asked.get("status", ""), asked.get("team", "")
        return Filters(
            stage=asked.get("stage", ""),
            tag=status,
            due=_DUE.get(asked.get("due", ""), ""),
            chair=_number(asked.get("chair", "")),
            team=_number(team, TEAM),
            agency=_number(team, AGENCY),
            ground=asked.get("reason", ""),
            ended=status in ENDED,
        )

    def chips(self, address: str) -> list[Link]:
        """A link for each filter in use that takes it away."""
        asked = {name: (value, text) for name, value, text in self.chosen()}
        return [
            Link(text, with_query(address, {n: v for n, (v, _) in asked.items() if n != name}))
            for name, (_, text) in asked.items()
        ]

    def query(self) -> dict[str, str]:
        return {name: value for name, value, _ in self.chosen()}


def with_query(address: str, query: Mapping[str, str]) -> str:
    asked = QueryDict(mutable=True)
    asked.update(query)
    return f"{address}?{asked.urlencode()}" if asked else address


def _number(value: str, letter: str = "") -> int | None:
    return int(value.removeprefix(letter)) if value and value.startswith(letter) else None
