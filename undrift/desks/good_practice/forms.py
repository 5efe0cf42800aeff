"""What is asked for a report: over what, which sentences, and of each its words and whether somebody is sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from undrift.desks.frame.fields import some_of, writing
from undrift.desks.frame.forms import Option
from undrift.desks.frame.narrowing import Choice, PlainSelect
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle.quoting import Found
from undrift.plan_cycle.good_practice import ALL_TEAMS, Chosen, Offered, Sentence


class OverForm(forms.Form):
    """The period, and the team."""

    def __init__(self, periods: Sequence[Choice], teams: Sequence[Choice], *, period: str, team: str) -> None:
        super().__init__(initial={"period": period, "team": team})
        every = [("", ALL_TEAMS), *teams]
        self.fields["period"] = forms.ChoiceField(label="Period", choices=periods, widget=PlainSelect)
        self.fields["team"] = forms.ChoiceField(label="Team", choices=every, required=False, widget=PlainSelect)


class ChooseForm(forms.Form):
    """Of each note which of its sentences; the period and the team go with it."""

    def __init__(self, offered: Sequence[Offered], *, period: str, team: str) -> None:
        super().__init__(initial={"period": period, "team": team}, auto_id="chosen_%s")
        for name in ("period", "team"):
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        for each in offered:
            label = f"{each.note.child}, {full_day(london_date(each.note.at), short=True)}: {each.tier}"
            sentences = [(place_of(one), Option(one.text, said_of(one.found))) for one in each.sentences]
            self.fields[name_of(each)] = some_of(label, sentences)


def name_of(offered: Offered) -> str:
    """What the address calls a note."""
    return f"n{offered.note.key}"


def place_of(sentence: Sentence) -> str:
    """Which of its note's sentences it is."""
    return sentence.key.rpartition("-")[2]


def said_of(found: Sequence[Found]) -> str:
    """What stands in a sentence that would tell who the child is."""
    return "; ".join(f"“{each.words}”: {each.what}" for each in found)


class WordsForm(forms.Form):
    """The words of each sentence as they will stand, and that no child can be recognised by them."""

    def __init__(self, data: Mapping[str, Any] | None, sentences: Sequence[Sentence], *, replaces: bool) -> None:
        super().__init__(data)
        self.sentences = sentences
        for number, sentence in enumerate(sentences, start=1):
            holds = said_of(sentence.found)
            self.fields[f"text-{sentence.key}"] = writing(
                f"Sentence {number}", rows=3, initial=sentence.suggested,
                hint=f"Written to the child: “{sentence.text}”" + (f" Look at {holds}." if holds else ""),
            )  # fmt: skip
            self.fields[f"sure-{sentence.key}"] = forms.BooleanField(
                label=f"No child can be recognised by sentence {number}", required=False
            )
        if replaces:
            self.fields["why"] = writing("What is different from the version that it replaces?")

    def chosen(self) -> list[Chosen]:
        said = self.cleaned_data
        return [Chosen(one.key, said[f"text-{one.key}"], said[f"sure-{one.key}"]) for one in self.sentences]
