"""What a list of resolutions is narrowed to: at most six questions, none of them a person's name in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from undrift.desks.frame.components import Link


class PlainSelect(forms.Select):
    """A select drawn in one go: one template for each option would cost more than the whole list beside it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        about = self.build_attrs(self.attrs, attrs)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if str(key) == str(value or "") else "", text) for key, text in self.choices),
        )
        box = '<select name="{}" id="{}" class="{}">{}</select>'
        return format_html(box, name, about["id"], about["class"], options)


SELECTED = SafeString(" selected")
ANY = ("", "All")


class Narrowing(forms.Form):
    """Questions with one answer each or none. Unknown answers are left out, not refused: an old bookmark opens."""

    def __init__(self, data: Mapping[str, str], questions: Iterable[tuple[str, str, Sequence[Choice]]]) -> None:
        self.offered = {name: (label, dict(choices)) for name, label, choices in questions if choices}
        super().__init__({name: data[name] for name, (_, known) in self.offered.items() if data.get(name) in known})
        for name, (label, known) in self.offered.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[ANY, *known.items()], required=False, widget=PlainSelect
            )

    def query(self) -> dict[str, str]:
        """Each question in use, with its answer."""
        return {name: self.data[name] for name in self.fields if name in self.data}

    def chips(self, address: str) -> list[Link]:
        """A link for each question in use that takes it away."""
        asked = self.query()
        return [
            Link(self.said(name), with_query(address, {n: v for n, v in asked.items() if n != name})) for name in asked
        ]

    def said(self, name: str) -> str:
        """ "Stage: Stage 1"."""
        label, known = self.offered[name]
        return f"{label}: {known[self.data[name]]}"


def with_query(address: str, query: Mapping[str, str]) -> str:
    asked = QueryDict(mutable=True)
    asked.update(query)
    return f"{address}?{asked.urlencode()}" if asked else address


Choice = tuple[str, str]
