"""The questions asked when a concern is raised. A form asks; whether it may be is the engine's to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms import formset_factory
from django.utils.html import format_html

from undrift.children.models import Child
from undrift.desks.concern.matter import Matter, answer_due, waiting_key_action
from undrift.desks.frame.forms import Choice, DateField, Option, Rows
from undrift.desks.frame.forms import Question as Drawn
from undrift.desks.raising.raising import Raising
from undrift.desks.templatetags.frame import short_day
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import due
from undrift.protocol.clocks import Agreed, Clock, Counted, Unit
from undrift.protocol.model import Ground, Protocol, Stage

HOW = (
    ("in person", "In person"),
    ("phone", "By phone"),
    ("video call", "On a call"),
    ("email", "By email"),
)
YES_NO = (("no", "No"), ("yes", "Yes"))
SUGGESTED_DAYS = Counted(5, Unit.WORKING_DAYS)
LONG = 4000


class Question(forms.Form):
    """A form that knows what it asks about. `ask` adds its fields."""

    def __init__(self, *args: Any, raising: Raising, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raising = raising
        self.ask(raising)

    def ask(self, raising: Raising) -> None:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for field, sentence in self.missing(cleaned):
            # A field that has its own error already is not told twice.
            if field not in self.errors:
                self.add_error(field, sentence)
        return cleaned

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is needed because of another answer: the field and the sentence."""
        yield from ()


# Fields ----------------------------------------------------------------------------------------------------------


def writing(label: str, *, needed: str = "", rows: int = 4, hint: str = "", **kwargs: Any) -> forms.CharField:
    """A long answer; `needed` is the sentence when it is empty, and without it the answer may be.

    The length is judged and not counted on the page: a counter under each of eight boxes says nothing.
    """
    return forms.CharField(
        label=label,
        required=bool(needed),
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[MaxLengthValidator(LONG, f"{label}: the answer must be {LONG:,} characters or fewer")],
        error_messages={"required": needed},
        **kwargs,
    )


def line(label: str, *, needed: str = "", hint: str = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(needed),
        help_text=hint,
        max_length=200,
        error_messages={
            "required": needed,
            "max_length": f"{label}: the answer must be 200 characters or fewer",
        },
        **kwargs,
    )


def one_of(label: str, choices: Iterable[tuple[str, str]], *, needed: str = "", **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        required=bool(needed),
        widget=forms.RadioSelect,
        error_messages={"required": needed, "invalid_choice": needed or "Select one of the answers"},
        **kwargs,
    )


def some_of(
    label: str, choices: Iterable[tuple[str, str]], *, needed: str = "", **kwargs: Any
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=bool(needed),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": needed, "invalid_choice": "Select from the answers shown"},
        **kwargs,
    )


def children_field(matter: Matter, children: Iterable[Child], label: str) -> forms.MultipleChoiceField:
    offered = [(c.public_id, Option(c.called, matter.about(c))) for c in children]
    return some_of(label, offered, needed="Select at least one child")


def occasion_field(protocol: Protocol) -> forms.ChoiceField:
    offered = [(o.id, o.title) for o in protocol.occasions]
    return one_of("When did this come up?", offered, needed="Select when this came up")


def impact_name(child: Child) -> str:
    return f"impact_{child.public_id}"


def impact_field(child: Child, *, needed: bool, label: str = "") -> forms.CharField:
    return writing(
        label or f"How does this affect {child.called}?",
        needed=f"Enter how this affects {child.called}" if needed else "",
        hint=f"What you saw and what it means for {child.called}, who may read this when older",
        rows=3,
    )


def risk_field() -> forms.ChoiceField:
    label = "Is any child at immediate risk now?"
    return one_of(label, YES_NO, needed="Select whether any child is at immediate risk now")


def agency_field(raising: Raising, role: str) -> forms.ChoiceField:
    """The agencies in which somebody plays this part, each with that person."""
    offered = []
    for agency in raising.agencies:
        found = raising.of_agency[str(agency.pk)].found[role]
        if found.post is None or found.post.agency_id != agency.pk:
            continue  # the policy's substitute was found instead, in another agency
        hint = f"{found.person.name}, {found.post.title}" if found.person else found.how
        offered.append((str(agency.pk), Option(agency.name, hint)))
    return one_of("Which agency is responsible?", offered, needed="Select the agency that is responsible")


def how_field(*, needed: bool) -> forms.ChoiceField:
    return one_of("How did you speak?", HOW, needed="Select how you spoke" if needed else "")


def suggested_day(calendar: Calendar, today: date) -> date | None:
    return due(SUGGESTED_DAYS, today, calendar).date


def typed_day(day: date | None) -> str:
    return f"{day.day} {day.month} {day.year}" if day else "12 5 2026"


# Reasons, in groups ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReasonGroup:
    """Reasons drawn together; a `folded` group stands in details, open when one of it is ticked."""

    title: str
    choices: tuple[Choice, ...]
    folded: bool = False

    @property
    def open(self) -> bool:
        return any(choice.checked for choice in self.choices)


class Reasons(Question):
    """Questions that ask for the policy's reasons as well."""

    def ask(self, raising: Raising) -> None:
        offered = [(g.code, g.title) for g in raising.protocol.grounds]
        self.fields["grounds"] = some_of("Reasons", offered, help_text="Select all that apply")

    def groups(self) -> list[tuple[str, list[Ground], bool]]:
        grounds = self.raising.protocol.grounds
        kinds = dict.fromkeys(g.kind for g in grounds)
        return [(kind.capitalize(), [g for g in grounds if g.kind == kind], False) for kind in kinds]

    @property
    def reason_groups(self) -> list[ReasonGroup]:
        drawn = {choice.value: choice for choice in cast(Drawn, self["grounds"]).choices}
        return [
            ReasonGroup(title, tuple(drawn[g.code] for g in grounds), folded)
            for title, grounds, folded in self.groups()
            if grounds
        ]

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if not cleaned.get("grounds") and not cleaned.get("concern"):
            yield "concern", "Select a reason or enter what the concern is"


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
        self.fields["risk"] = risk_field()


class MadeSafe(Question):
    def ask(self, raising: Raising) -> None:
        self.fields["acted"] = writing("What was done?", needed="Enter what was done to keep the child safe", rows=3)
        self.fields["acted_by"] = line("Who did it?", needed="Enter who did it")
        self.fields["acted_on"] = DateField(
            label="When?", initial=raising.matter.today, error_messages={"required": "Enter when it was done"}
        )


class CarryOn(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.suggestion.stage
        offered = [
            (
                "formal",
                Option(
                    f"Raise it at {stage.title}",
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
            [(s.id, Option(s.title, stage_hint(raising, s))) for s in from_here],
            needed="Select a stage",
            initial=suggestion.stage.id,
            help_text=suggestion.because.rstrip("."),
        )
        if len(from_here) > 1:
            self.fields["why"] = writing(
                "Why not an earlier stage?",
                hint=f"Only when it starts above {from_here[0].title}",
                rows=2,
                initial="Immediate risk" if raising.risk else "",
            )


def _formal_starts(raising: Raising) -> tuple[Stage, ...]:
    return tuple(s for s in raising.protocol.stages if s.may_start_here and s.formality == "formal")


def words_for(raising: Raising, clock: Clock) -> str:
    """A clock in words, with which days this council counts."""
    return raising.matter.rules.in_words(clock, raising.matter.council)


def stage_hint(raising: Raising, stage: Stage) -> str:
    """Who answers, who approves, in what time."""
    asked = stage.answer
    if asked is None:
        return ""
    title = raising.protocol.title_of
    approved = f" with the approval of the {title(asked.approved_by)}" if asked.approved_by else ""
    within = words_for(raising, asked.within)
    if approved and "," in within:
        within += ","  # "within 7 days, which the council counts as working days, with the approval of ..."
    return f"The {title(asked.who)} answers within {within}{approved}"


class Ask(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        assert stage is not None
        if "ask" in stage.sets_out:
            action = waiting_key_action(raising.matter.family)
            self.fields["recommendation"] = writing(
                "Recommendation",
                hint="As the conference worded it",
                rows=3,
                initial=action.wording if action else "",
            )
        self.fields["ask"] = ask_field(stage, at_risk=raising.risk)
        if "completion" in stage.sets_out:
            self.fields["completion"] = completion_field(raising)


def ask_field(stage: Stage, *, at_risk: bool, initial: str = "") -> forms.CharField:
    """What is asked for. An immediate risk never waits for it."""
    if "ask" in stage.sets_out:
        needed = "" if at_risk else "Enter what action is required"
        return writing("Action required", needed=needed, initial=initial)
    return writing(
        "What do you want to happen?",
        needed="" if at_risk else "Enter what you want to happen",
        hint="What should be different for the child, and by when",
        initial=initial,
    )


def completion_field(raising: Raising) -> DateField:
    return DateField(
        label="When should it be completed?",
        help_text=f"For example, {typed_day(raising.matter.today + timedelta(days=21))}",
        required=not raising.risk,
        error_messages={"required": "Enter the date by which it has to be completed"},
    )


class WhichAgency(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        assert stage is not None
        self.fields["agency"] = agency_field(raising, stage.answer.who if stage.answer else stage.to[0])


class Spoken(Question):
    reveals = {"spoken": {"yes": ["spoke_name", "how", "spoke_on"]}}

    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        first = stage.speak_first if stage else None
        assert first is not None
        title = raising.protocol.title_of(first.to)
        label = f"Have you spoken to the {title}?"
        self.fields["spoken"] = one_of(label, reversed(YES_NO), needed=f"Select whether you have spoken to the {title}")
        self.fields["spoke_name"] = line("Who did you speak to?", initial=raising.name_of(first.to))
        self.fields["how"] = how_field(needed=False)
        self.fields["spoke_on"] = DateField(label="When?", required=False, initial=raising.matter.today)

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if cleaned.get("spoken") == "yes" and not cleaned.get("how"):
            yield "how", "Select how you spoke"


class People(Question):
    def ask(self, raising: Raising) -> None:
        stage = raising.stage
        assert stage is not None
        if others := others_to_copy(raising):
            self.fields["copied"] = some_of("Copy in anybody else?", others, help_text="Select all that apply")
        add_answer_date(self, raising, stage)


def others_to_copy(raising: Raising) -> list[tuple[str, Option]]:
    """The roles that hear nothing of this stage by themselves, each with the person in it."""
    protocol, stage = raising.protocol, raising.stage
    assert stage is not None
    hear = {*stage.to, *stage.tells.start, *stage.sent_by, *protocol.always_copied}
    hear |= {role for duty in stage.duties for role in (duty.who, duty.approved_by) if role}
    return [
        (role, Option(found.person.name, protocol.title_of(role)))
        for role, found in raising.case.found.items()
        if role not in hear and found.person is not None and not protocol.roles[role].several
    ]


def add_answer_date(form: Question, raising: Raising, stage: Stage) -> None:
    """The chair's own date where the policy lets the chair set it, else an earlier one asked for as a courtesy."""
    asked = stage.answer
    if asked is None:
        return
    last = answer_due(raising.matter.rules, stage, raising.matter.now)
    if stage.chair_sets_date:
        latest = f": {short_day(last.date)} at the latest" if last and last.date else ""
        form.fields["date"] = DateField(
            label="When do you want the answer?",
            help_text=f"The policy allows at most {words_for(raising, asked.within)}{latest}",
            initial=last.date if last else None,
            error_messages={"required": "Enter a date by which this will be done"},
        )
    else:
        form.fields["asked_by"] = DateField(
            label="Ask for a response by (optional)",
            help_text="An earlier date to ask for as a courtesy. The due date stays as it is",
            required=False,
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
        self.fields["risk"] = risk_field()
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
        self.fields["how"] = how_field(needed=True)
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

    @property
    def impacts(self) -> list[forms.BoundField]:
        return [self[impact_name(child)] for child in self.raising.matter.children]


class AgreedForm(forms.Form):
    """One agreed action: who does what by when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The first row is *the* action; after it, each says which one it means.
        number = str(self.prefix or "").rpartition("-")[2]
        if number.isdigit() and number != "0":
            for field in self.fields.values():
                field.error_messages["required"] += f" (action {int(number) + 1})"

    what = line("What will be done?", needed="Enter what will be done")
    who = line("Who will do it?", needed="Enter who will do it")
    by = DateField(label="By when?", error_messages={"required": "Enter a date by which this will be done"})


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


def telephone(number: str) -> str:
    """A number that a phone can ring."""
    return format_html(
        '<a class="govuk-link govuk-link--inverse undrift-phone" href="tel:{}">{}</a>',
        number.replace(" ", ""),
        number,
    )
