"""The questions asked when a concern is raised. A form asks; whether it may be is the engine's to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.html import format_html

from undrift.desks.concern.earlier import earlier_than, in_words
from undrift.desks.concern.fields import (
    WHOSE_RISK,
    Question,
    Reasons,
    add_answer_date,
    agency_field,
    ask_field,
    children_field,
    completion_field,
    how_field,
    impact_field,
    impact_name,
    occasion_field,
    others_to_copy,
    restricted_says,
    risk_fields,
    risk_of_nobody,
    safe_fields,
    safe_name,
    safe_unsaid,
    spoken_field,
    stage_hint,
    tried_field,
    words_for,
)
from undrift.desks.concern.into_acts import UNLINKED
from undrift.desks.concern.matter import answer_due
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.frame.days import short_day
from undrift.desks.frame.doers import Doer
from undrift.desks.frame.fields import line, one_of, some_of, typed_day, writing
from undrift.desks.frame.forms import DateField, Option, Rows
from undrift.desks.frame.typed import as_number
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import about_working_days_from
from undrift.engine.dates.horizons import WITHIN
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import risk_refused
from undrift.engine.ladder.entering import risk_denied
from undrift.library.numbers import CHECK_AGAIN_AFTER
from undrift.protocol.clocks import Agreed
from undrift.protocol.model import Ground, Stage

NOBODY = "nobody"


def suggested_day(calendar: Calendar, today: date) -> date:
    return about_working_days_from(today, CHECK_AGAIN_AFTER, calendar)


# One question a page ---------------------------------------------------------------------------------------------


class WhichChildren(Question):
    def ask(self, raising: Raising) -> None:
        self.fields["children"] = children_field(
            raising.matter, raising.matter.children, "Which children is this about?"
        )


class Source(Question):
    def ask(self, raising: Raising) -> None:
        self.fields["occasion"] = occasion_field(raising.protocol)


class Concern(Reasons):
    def ask(self, raising: Raising) -> None:
        super().ask(raising)
        self.fields["concern"] = writing(
            "In your own words", rows=6, hint="The same text stands on each child’s record"
        )


class Impact(Question):
    def ask(self, raising: Raising) -> None:
        for child in raising.chosen:
            self.fields[impact_name(child)] = impact_field(child, needed=True)


class AtRisk(Question):
    def ask(self, raising: Raising) -> None:
        self.fields |= risk_fields(raising.chosen)
        self.reveals = {"risk": {"yes": [WHOSE_RISK]}} if WHOSE_RISK in self.fields else {}

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Asked of the engine here: this is asked before there is a stage for the whole to be judged at."""
        grounds = self.raising.answers.typed.getlist("grounds")
        if refusal := risk_denied(self.raising.matter.rules, grounds, cleaned.get("risk") != "no"):
            yield "risk", refusal.sentence
        yield from risk_of_nobody(cleaned, self.raising.chosen)


class MadeSafe(Question):
    def ask(self, raising: Raising) -> None:
        self.fields["acted"] = writing("What was done?", needed="Enter what was done to keep the child safe", rows=3)
        self.fields["acted_by"] = line("Who did it?", needed="Enter who did it")
        self.fields["acted_on"] = DateField(
            label="When?", initial=raising.matter.today, error_messages={"required": "Enter when it was done"}
        )

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Asked of the engine here: it is known before there is a stage for the whole to be judged at."""
        if refusal := risk_refused(acts.Risk(on=cleaned.get("acted_on")), self.raising.matter.today):
            yield "acted_on", refusal.sentence


class CarryOn(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.suggestion.stage
        offered = [
            (
                "formal",
                Option(
                    f"Raise it at {stage.named}",
                    "You keep what you have typed and answer a few more questions",
                ),
            ),
            ("informal", Option("Save the informal record", "It is marked “Immediate risk”")),
        ]
        self.fields["carry_on"] = one_of(
            "How do you want to carry on?",
            offered,
            needed="Select how you want to carry on",
            help_text=raising.suggestion.because.rstrip("."),
        )


class Tried(Question):
    def ask(self, raising: Raising) -> None:
        self.fields["tried"] = writing(
            "What has already been tried?",
            hint="Conversations, emails and what came of them. You may leave this empty",
        )


class WhichStage(Question):
    def ask(self, raising: Raising) -> None:
        from_here = [s for s in raising.protocol.stages if s in _formal_starts(raising)]
        suggestion = raising.suggestion
        self.fields["stage"] = one_of(
            "Which stage should it start at?",
            [(s.id, Option(s.named, stage_hint(raising, s))) for s in from_here],
            needed="Select a stage",
            initial=suggestion.stage.id,
            help_text=suggestion.because.rstrip("."),
        )
        if len(from_here) > 1:
            self.fields["why"] = writing(
                "Why not an earlier stage?",
                hint=f"Only when it starts above {from_here[0].named}",
                rows=2,
                initial="Immediate risk" if raising.risk else "",
            )


def _formal_starts(raising: Raising) -> tuple[Stage, ...]:
    return tuple(s for s in raising.protocol.stages if s.may_start_here and s.formality == "formal")


class Ask(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        assert stage is not None
        if "ask" in stage.sets_out:
            action = raising.matter.facts.waiting_key_action(raising.matter.family)
            self.fields["recommendation"] = writing(
                "Recommendation",
                hint="As the conference worded it",
                rows=3,
                initial=action.wording if action else "",
            )
        self.fields["ask"] = ask_field(stage, at_risk=raising.risk)
        if "completion" in stage.sets_out:
            self.fields["completion"] = completion_field(raising)


class WhichAgency(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        assert stage is not None
        self.fields["agency"] = agency_field(raising, stage.answer.who if stage.answer else stage.to[0])


class Spoken(Question):
    reveals = {"spoken": {"yes": ["spoke_name", "how", "spoke_on"], "tried": ["how_tried"]}}

    def ask(self, raising: Raising) -> None:
        self.fields["spoken"] = spoken_field(raising)
        self.fields["spoke_name"] = line("Who did you speak to?", initial=raising.name_of(raising.talk_with))
        self.fields["how"] = how_field(raising, needed=False)
        self.fields["spoke_on"] = DateField(label="When?", required=False, initial=raising.matter.today)
        self.fields["how_tried"] = tried_field()

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if cleaned.get("spoken") == "yes" and not cleaned.get("how"):
            yield "how", "Select how you spoke"
        if cleaned.get("spoken") == "tried" and not cleaned.get("how_tried"):
            yield "how_tried", "Enter how you tried, and why they could not be reached"


class People(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        assert stage is not None
        if others := others_to_copy(raising):
            said = restricted_says(raising) or "Select all that apply"
            self.fields["copied"] = some_of("Copy in anybody else?", others, help_text=said)
        add_answer_date(self, raising, stage)


class Earlier(Question):
    """Raised before about the same: whether it belongs together is the chair's to say."""

    def ask(self, raising: Raising) -> None:
        earlier = [(r.reference, Option(r.reference, in_words(raising, r))) for r in earlier_than(raising)]
        unlinked = (UNLINKED, Option("Do not link it", "It is about something else", divided=True))
        self.fields["linked"] = one_of(
            "Link it to an earlier one?",
            [*earlier, unlinked],
            needed="Select the earlier one to link, or that you do not link it",
            help_text="The record of this concern then leads to the earlier one",
        )


# The two-minute record on one page ---------------------------------------------------------------------------------


class InformalRecord(Reasons):
    """Everything an informal talk leaves behind, but the agreed actions, which are rows."""

    below_rows = ("date",)

    def ask(self, raising: Raising) -> None:
        matter = raising.matter
        stage = raising.stage
        assert stage is not None
        self.fields["children"] = children_field(matter, matter.children, "Which children?")
        self.fields["occasion"] = occasion_field(raising.protocol)
        super().ask(raising)
        self.fields["concern"] = writing(
            "What is the concern?", rows=3, hint="The same text stands on each child’s record"
        )
        for child in matter.children:
            self.fields[impact_name(child)] = impact_field(child, needed=False)
        self.fields |= risk_fields(matter.children)
        self.reveals = {"risk": {"yes": [WHOSE_RISK]}} if WHOSE_RISK in self.fields else {}
        spoke_to = stage.speak_first.to if stage.speak_first else stage.to[0]
        if raising.asks_for_agency:
            self.fields["agency"] = agency_field(raising, spoke_to)
            self.fields["spoke_name"] = line(
                "Who did you speak to?", hint="Leave this empty if it was the manager named beside the agency"
            )
        else:
            self.fields["spoke_name"] = line(
                "Who did you speak to?", needed="Enter who you spoke to", initial=raising.name_of(spoke_to)
            )
        self.fields["how"] = how_field(raising, needed=True)
        self.fields["spoke_on"] = DateField(
            label="When did you speak?",
            initial=matter.today,
            error_messages={"required": "Enter when you spoke"},
        )
        self.fields["date"] = self._again(raising, stage)

    def _again(self, raising: Raising, stage: Stage) -> DateField:
        matter = raising.matter
        hint = f"For example, {typed_day(suggested_day(matter.rules.calendar, matter.today))}"
        last = answer_due(matter.rules, stage, matter.now)
        if last is not None and last.date is not None and not isinstance(last.clock, Agreed):
            hint = f"At most {words_for(raising, last.clock)}, that is {short_day(last.date)}. {hint}"
        return DateField(
            label="Check again on",
            help_text=hint,
            error_messages={"required": "Enter the date on which you will check again"},
        )

    def groups(self) -> list[tuple[str, list[Ground], bool]]:
        stage = self.raising.stage
        assert stage is not None
        grounds = self.raising.protocol.grounds
        usual = [g for g in grounds if g.usually_starts == stage.id]
        return [("", usual, False), ("Other reasons", [g for g in grounds if g not in usual], bool(usual))]

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().missing(cleaned)
        ticked = cleaned.get("children") or ()
        for child in self.raising.matter.children:
            if child.public_id in ticked and not cleaned.get(impact_name(child)):
                yield impact_name(child), f"Enter how this affects {child.called}"
        yield from risk_of_nobody(cleaned, [c for c in self.raising.matter.children if c.public_id in ticked])

    @property
    def impacts(self) -> list[forms.BoundField]:
        return [self[impact_name(child)] for child in self.raising.matter.children]


class AgreedForm(Doer):
    """One agreed action: who does what by when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The first row is *the* action; after it, each says which one it means.
        number = as_number(str(self.prefix or "").rpartition("-")[2])
        if number:
            for field in self.fields.values():
                if "required" in field.error_messages:
                    field.error_messages["required"] += f" (action {number + 1})"

    what = line("What will be done?", needed="Enter what will be done")
    by = DateField(
        label="By when?", help_text=WITHIN, error_messages={"required": "Enter a date by which this will be done"}
    )


AgreedRows: Any = formset_factory(AgreedForm, formset=Rows, extra=0, min_num=1, max_num=20)
AGREED = "agreed"


class Ring(Question):
    """Asked before a concern with an immediate risk is sent: the call is worth more than the record."""

    def ask(self, raising: Raising) -> None:
        if raising.risk and not raising.informal:
            self.fields["rung"] = one_of(
                f"Have you rung {raising.receiver}?",
                [("yes", "Yes"), ("not yet", "Not yet: I will ring now")],
                needed=f"Select whether you have rung {raising.receiver}",
            )
            self.fields |= safe_fields(raising.at_risk)
            self.reveals = {"rung": {"yes": [safe_name(child) for child in raising.at_risk]}}
        if people := raising.instead:
            self.fields["instead"] = one_of(
                f"Nobody holds the post of {raising.post_asked}. Who should be asked?",
                [
                    *((str(one.person.pk), Option(one.person.name, one.posts)) for one in people),
                    (
                        NOBODY,
                        Option("Nobody yet", "It waits. Those who keep the posts are told"),
                    ),
                ],
                needed="Select who should be asked, or nobody yet",
            )

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if cleaned.get("rung") == "yes":
            yield from safe_unsaid(cleaned, self.raising.at_risk)


def telephone(number: str) -> str:
    """A number that a phone can ring."""
    return format_html(
        '<a class="govuk-link govuk-link--inverse undrift-phone" href="tel:{}">{}</a>',
        number.replace(" ", ""),
        number,
    )
