"""The questions that are asked both when a concern is raised and when it moves to another stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms

from undrift.desks.concern.matter import Matter, answer_due
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.frame.days import short_day
from undrift.desks.frame.fields import YES_NO, one_of, some_of, typed_day, writing
from undrift.desks.frame.forms import Choice, DateField, Option
from undrift.desks.frame.forms import Question as Drawn
from undrift.engine.dates.horizons import WITHIN
from undrift.people.models.organisation import AgencyKind
from undrift.protocol.clocks import Clock
from undrift.protocol.model import Ground, Protocol, Stage

if TYPE_CHECKING:
    from undrift.children.models import Child

HOW = (
    ("in person", "In person"),
    ("phone", "By phone"),
    ("video call", "By video call"),
    ("email", "By email"),
)


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


WHOSE_RISK = "at_risk"  # which children, where it is asked about several


def risk_fields(children: Sequence[Child]) -> dict[str, forms.Field]:
    """Whether a child is at immediate risk and, of several, which: none is ticked beforehand."""
    label = "Is any child at immediate risk now?"
    asked: dict[str, forms.Field] = {
        "risk": one_of(label, YES_NO, needed="Select whether any child is at immediate risk now")
    }
    return {**asked, **whose_risk_field(children)}


def whose_risk_field(children: Sequence[Child]) -> dict[str, forms.Field]:
    """Which children are at risk; no question where there is one."""
    if len(children) < 2:
        return {}
    offered = [(child.public_id, child.called) for child in children]
    return {WHOSE_RISK: some_of("Which children are at immediate risk?", offered)}


def risk_of_nobody(cleaned: Mapping[str, Any], children: Sequence[Child]) -> Iterator[tuple[str, str]]:
    """That a child is at risk and not which, where it is about several; or one whom it is not about."""
    if cleaned.get("risk") != "yes" or len(children) < 2:
        return
    ticked = set(cleaned.get(WHOSE_RISK) or ())
    if not ticked:
        yield WHOSE_RISK, "Select which children are at immediate risk"
    elif ticked - {child.public_id for child in children}:
        yield WHOSE_RISK, "Select only children whom this is about"


def safe_name(child: Child) -> str:
    return f"safe_{child.public_id}"


def safe_fields(children: Iterable[Child]) -> dict[str, forms.Field]:
    """Of each child at risk, asked of whoever has rung: whether this child is safe now."""
    return {safe_name(child): one_of(f"Is {child.called} safe now?", SAFE) for child in children}


SAFE = (("yes", "Yes, safe"), ("no", "Not yet, or not known"))


def safe_unsaid(cleaned: Mapping[str, Any], children: Iterable[Child]) -> Iterator[tuple[str, str]]:
    for child in children:
        if not cleaned.get(safe_name(child)):
            yield safe_name(child), f"Select whether {child.called} is safe now"


def safe_children(cleaned: Mapping[str, Any], children: Iterable[Child]) -> tuple[str, ...]:
    """Those of whom it was said that they are safe."""
    return tuple(str(child.pk) for child in children if cleaned.get(safe_name(child)) == "yes")


def agency_field(raising: Raising, role: str) -> forms.ChoiceField:
    """The agencies in which somebody plays this part, each with that person."""
    offered = []
    for agency in raising.agencies:
        found = raising.of_agency[str(agency.pk)].found[role]
        if found.post is not None and found.post.agency_id != agency.pk:
            continue  # somebody was found in another way than by a post of this agency
        if found.post is None and agency.kind == AgencyKind.OTHER:
            continue  # an office that works with no child
        hint = f"{found.person.name}, {found.post.title}" if found.person and found.post else "Nobody holds this post"
        offered.append((str(agency.pk), Option(agency.name, hint)))
    return one_of("Which agency is responsible?", offered, needed="Select the agency that is responsible")


def tried_field() -> forms.CharField:
    """How somebody was tried who could not be reached."""
    return writing("How did you try, and why could they not be reached?", rows=2)


def how_field(raising: Raising, *, needed: bool) -> forms.ChoiceField:
    """The ways that the policy names for this conversation, in its order; all of them where it names none."""
    label, ways = dict(HOW), raising.ways_to_speak
    offered = [(way, label[way]) for way in ways if way in label] or HOW
    field = one_of("How did you speak?", offered, needed="Select how you spoke" if needed else "")
    field.error_messages["invalid_choice"] = "Select how you spoke"
    return field


def spoken_field(raising: Raising, *, risk_asked_here: bool = False) -> forms.ChoiceField:
    """Whether somebody has been spoken to. That nobody was is no answer where the policy asks for it first.

    An immediate risk never waits for it: where the same page asks about the risk, it says so.
    """
    title = raising.protocol.title_of(raising.talk_with)
    first = raising.stage.speak_first if raising.stage else None
    comes_first = first is not None and first.required and not raising.risk
    offered = [("yes", Option("Yes")), ("tried", Option("I tried, and could not reach them", "Say how you tried"))]
    if risk_asked_here or not comes_first:
        only = "Only when a child is at immediate risk: otherwise the policy asks for it first" if comes_first else ""
        offered.append(("no", Option("No", only)))
    later = comes_first and not risk_asked_here
    return one_of(
        f"Have you spoken to the {title}?",
        offered,
        needed=f"Select whether you have spoken to the {title}",
        help_text="The policy asks for it first. If you have not yet, save this and come back" if later else "",
    )


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
        help_text=f"{WITHIN}. For example, {typed_day(raising.matter.today + timedelta(days=21))}",
        required=not raising.risk,
        error_messages={"required": "Enter the date by which it has to be completed"},
    )


def others_to_copy(raising: Raising) -> list[tuple[str, Option]]:
    """The roles that hear nothing of this stage by themselves, each with the person in it: they could open it."""
    protocol, stage = raising.protocol, raising.stage
    assert stage is not None
    hear = {*stage.to, *stage.tells.start, *stage.sent_by, *protocol.always_copied}
    hear |= {role for duty in stage.duties for role in (duty.who, duty.approved_by) if role}
    return [
        (role, Option(found.person.name, protocol.title_of(role)))
        for role, found in raising.case.found.items()
        if role not in hear
        and found.person is not None
        and found.person.pk in raising.askable
        and not protocol.roles[role].several
    ]


RESTRICTED = (
    "This record is restricted. Whoever is copied in is told that there is something, and cannot open it "
    "unless they are named for the child"
)


def restricted_says(raising: Raising) -> str:
    """What copying somebody in comes to, where a child's record is restricted; "" where none is."""
    return RESTRICTED if any(child.restricted for child in raising.matter.children) else ""


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
