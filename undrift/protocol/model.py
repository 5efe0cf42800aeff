"""The protocol language: what a policy can say.

Each class is one table of the TOML text. They are frozen and checked when built (`protocol.reader` builds them from
text and turns every fault into a sentence); whoever holds a `Protocol` may trust it.

`clause` is where the published policy says it, in the policy's own numbering or heading.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from undrift.protocol.clocks import Clock, SetByTheAuthority, parse, parse_equivalent, say
from undrift.protocol.names import dangling
from undrift.protocol.places import shown

BareDays = Literal["working", "calendar", "unstated"]
Outcome = Literal["done", "not answered", "not accepted", "not done", "accepted", "immediate risk"]
Condition = Literal["not accepted"]  # the outcome on which a duty may depend
StageEvent = Literal["raised", "entered", "spoke", "not accepted", "approved"]  # what happens within a resolution
CapEvent = Literal["raised", "entered"]
CycleEvent = Literal[  # what happens in the plan cycle
    "strategy discussion",  # the one that began the enquiry
    "conference",  # each child protection conference
    "initial conference",  # a transfer-in is one, too
    "review conference",
    "last conference",  # the latest that was held about the child
    "core group",  # the latest that was held about the child
    "halfway to the next review",  # between the last conference and the review that is planned
]
ConferenceEvent = Literal["conference", "initial conference", "review conference"]
StartEvent = Literal[  # whatever a clock can start with, in any part of a text
    "raised",  # the concern was first raised
    "entered",  # this stage began
    "spoke",  # the conversation asked for here was held
    "not accepted",  # the answer was judged not good enough
    "approved",  # the answer was approved
    "strategy discussion",
    "conference",
    "initial conference",
    "review conference",
    "last conference",
    "core group",
    "halfway to the next review",
]
MetBy = Literal[
    "report shared",
    "discussion held",
    "conference held",
    "sheet sent",
    "key action fed back",
    "core group held",
    "check done",
]


def _as_clock(value: object) -> object:
    return parse(value) if isinstance(value, str) else value


def _as_equivalent(value: str) -> str:
    parse_equivalent(value)
    return value


ClockText = Annotated[
    Clock,
    BeforeValidator(_as_clock),
    PlainSerializer(say, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["7 days", "5 working days", "48 hours", "agreed", "none"]}),
]
Equivalent = Annotated[str, AfterValidator(_as_equivalent)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
GroundCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]*$")]


class Part(BaseModel):
    """One table of the text: frozen, and a word it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)


class Source(Part):
    """The published document that the text was written from."""

    title: str
    publisher: str = ""
    dated: date | None = None
    note: str = ""


class Head(Part):
    id: Slug
    version: str
    title: str
    applies_to: tuple[str, ...]
    areas: tuple[str, ...] = ()
    calendar: Literal["england-and-wales", "scotland", "northern-ireland"] = "england-and-wales"
    bare_days: BareDays = "unstated"
    source: Source
    purpose: tuple[str, ...] = ()  # what the policy is for, a sentence each
    legislation: tuple[str, ...] = ()  # the Acts and the statutory guidance that it names
    read_with: tuple[str, ...] = ()  # what else the policy says it is to be read with
    equivalent: tuple[Equivalent, ...] = ()  # declared by the policy: "24 hours = 1 working day"
    summary: str = ""


class Role(Part):
    """A part played in the policy, and the sentence by which its holder is found.

    `areas`: it exists in these alone. Elsewhere nobody is told in its name, so it may be told and never asked.
    `keeps_records`: besides whoever wrote an entry, it may mark the entry as made in error.
    """

    title: str
    held_by: str
    otherwise: str | None = Field(default=None, alias="else")
    several: bool = False
    areas: tuple[Slug, ...] = ()
    keeps_records: bool = False
    clause: str = ""


class Duty(Part):
    """*who* must do something *within* a clock *of* an event, *when* a condition holds.

    `must` is `respond`, `settle` (do what was agreed in conversation), `speak` (then `to` says with whom) or the id of
    a milestone. `approved_by` means that only the approved answer meets the clock. `sets_out` is what an answer that
    agrees has to contain: the action being taken, and the date of each.
    """

    who: Slug
    must: Slug
    within: ClockText
    of: StageEvent = "entered"
    when: tuple[Condition, ...] = ()
    approved_by: Slug | None = None
    to: Slug | None = None
    sets_out: tuple[Literal["actions", "dates"], ...] = ()
    clause: str = ""

    @property
    def is_answer(self) -> bool:
        return self.must in ("respond", "settle")


class Exit(Part):
    to: str
    when: tuple[Outcome, ...]
    ending: str = ""  # only with to = "ended": the kind of ending the record keeps
    clause: str = ""


class Tells(Part):
    """Who is told, besides those it is addressed to."""

    start: tuple[Slug, ...] = ()
    move: tuple[Slug, ...] = ()
    resolved: tuple[Slug, ...] = ()


class SpeakFirst(Part):
    to: Slug
    prefer: tuple[str, ...] = ()
    required: bool = True
    clause: str = ""


class Example(Part):
    """An entry example that the policy itself gives for a stage."""

    text: str
    ground: GroundCode | None = None
    when: Outcome | None = None
    clause: str = ""


class Consider(Part):
    """A question that an answer at this stage has to settle (for example: take it to the wider partnership?)."""

    id: Slug
    who: Slug
    question: str
    tells: tuple[Slug, ...] = ()  # who is told of a yes
    clause: str = ""


class Stage(Part):
    """One rung, or (`kind = "milestone"`) a step of the plan cycle before the ladder, which nobody raises.

    `sets_out` is what the sender has to write: what is asked for, and the timescale for completion. `directs`: the
    answer directs, so the actions it names bind whether or not the chair is content. `log` is what the policy calls the
    log of all that comes to it.
    """

    id: Slug
    number: str = ""
    title: str
    formality: str
    kind: Literal["request", "milestone"] = "request"
    clause: str = ""
    sent_by: tuple[Slug, ...] = ("chair",)
    to: tuple[Slug, ...] = ()
    judged_by: tuple[Slug, ...] = ("chair",)
    tells: Tells = Tells()
    speak_first: SpeakFirst | None = None
    may_start_here: bool = True
    only_on_plan: bool = False
    chair_sets_date: bool = False
    directs: bool = False
    raised_how: str = ""
    sets_out: tuple[Literal["ask", "completion"], ...] = ()
    log: str = ""
    examples: tuple[Example, ...] = Field(default=(), alias="example")
    duties: tuple[Duty, ...] = Field(default=(), alias="duty")
    exits: tuple[Exit, ...] = ()
    consider: tuple[Consider, ...] = ()
    note: str = ""

    @property
    def named(self) -> str:
        """As it is called on pages and in mails, with its number where the title does not say it."""
        if not self.number or self.number in self.title:
            return self.title
        return f"{self.title} ({self.short})"

    @property
    def short(self) -> str:
        """In brackets and subjects: "stage 4", or the title where the policy gives it no number."""
        return f"stage {self.number}" if self.number else self.title.lower()

    @property
    def answer(self) -> Duty | None:
        """The duty that an answer meets: to respond, or, at an informal stage, to settle. At most one."""
        return next((d for d in self.duties if d.is_answer), None)

    @property
    def is_raised(self) -> bool:
        """Whether a concern can stand at it: a step of the plan cycle is none."""
        return self.kind != "milestone"

    @property
    def asks_for_response(self) -> bool:
        return self.answer is not None and self.answer.must == "respond"

    @property
    def others(self) -> tuple[Duty, ...]:
        """The duties besides the answer: conversations and milestones."""
        return tuple(d for d in self.duties if not d.is_answer)

    def ways_out(self, outcome: Outcome) -> tuple[Exit, ...]:
        return tuple(e for e in self.exits if outcome in e.when)


class Cap(Part):
    over: tuple[Slug, ...]
    within: ClockText
    of: CapEvent = "raised"
    clause: str = ""


class Route(Part):
    """A way beside the ladder: recorded, never a rung. `tells` are told of it; `asks` is what has to be written.

    `decided_by` decides on it once it is taken; `reconvenes`: where it is upheld, the conference is held again.
    """

    id: Slug
    title: str
    may: tuple[Slug, ...] = ()
    tells: tuple[Slug, ...] = ()
    asks: str = ""
    to: str = ""
    text: str = ""
    within: ClockText | None = None
    of: ConferenceEvent = "conference"
    urgent: bool = False
    decided_by: tuple[Slug, ...] = ()
    reconvenes: bool = False
    clause: str = ""


class Follows(Part):
    """What may be raised of it: the stage that is offered, and the reason and the occasion ready to tick."""

    offers: Slug
    ground: GroundCode | None = None
    occasion: Slug | None = None
    clause: str = ""


class Milestone(Part):
    """A step of the plan cycle, around which concerns arise: *who* owes it *within* a clock *of* what starts it.

    `met_by` is what meets it; without it, somebody says that it is done. `every` is how long after it was done it is
    owed again. What follows is offered and never done by itself: when it is `not_done` in time, when a recommendation
    is `not_accepted` at it, when it is `cancelled`.
    """

    id: Slug
    title: str
    done: str  # the past tense for the timeline: "sent the Conference Decision Sheet"
    who: Slug | None = None
    within: ClockText | None = None
    of: CycleEvent | None = None
    every: ClockText | None = None
    met_by: MetBy | None = None
    checklist: Slug | None = None  # gone through with it
    occasion: Slug | None = None  # when a concern came up that is found with it
    tells: tuple[Slug, ...] = ()  # who has what it brought
    contains: tuple[str, ...] = ()
    not_done: Follows | None = None
    not_accepted: Follows | None = None
    cancelled: Follows | None = None
    clause: str = ""

    @property
    def clock(self) -> Clock | None:
        """When it is due the first time; None where the policy sets no time."""
        return self.within or self.every


class Ground(Part):
    code: GroundCode
    title: str
    kind: str
    usually_starts: Slug | None = None  # a hint, never enforced
    clause: str = ""


class ChecklistItem(Part):
    id: Slug
    question: str
    ground: GroundCode | None = None
    clause: str = ""


class Checklist(Part):
    """Questions to go through. `before_raising`: shown to whoever is about to raise a formal concern."""

    id: Slug
    title: str
    when: str = ""
    before_raising: bool = False
    who: tuple[Slug, ...] = ()
    items: tuple[ChecklistItem, ...] = Field(default=(), alias="item")
    clause: str = ""


class GoodPractice(Part):
    id: Slug
    title: str
    shared_with: tuple[Slug, ...]
    reported: bool = False
    text: str = ""
    clause: str = ""


class Obstacle(Part):
    """What an answer may name as standing in the way."""

    id: Slug
    title: str


class Principle(Part):
    """A principle that bites: an answer that gives only these `obstacles` is pointed out to the chair."""

    id: Slug
    text: str
    obstacles: tuple[Slug, ...] = ()
    clause: str = ""


class Occasion(Part):
    id: Slug
    title: str
    clause: str = ""


class Note(Part):
    """A sentence of the policy that asks nothing of the service, and that people have to know."""

    text: str
    clause: str = ""


class Overlay(Part):
    """One area of the policy: the roles and words that it swaps, and what is so there alone.

    `final_say`: the chair has it, and may overrule what the conference decides of a child's plan.
    """

    area: Slug
    title: str = ""
    role: dict[Slug, Role] = {}
    words: dict[str, str] = {}
    notes: tuple[Note, ...] = Field(default=(), alias="note")
    final_say: bool = False

    @property
    def name(self) -> str:
        return self.title or self.area


class Words(Part):
    """The local terms."""

    resolution: str = "resolution"
    resolutions: str = "resolutions"
    chair: str = "Conference Chair"
    reference: str = "R"  # the letter(s) before the year and number
    schedule: str = "Schedule of stages"  # the table of the stages, their longest times and how each went


class Protocol(Part):
    """One published policy. `stages` stand in the order of the ladder, the lowest first."""

    head: Head = Field(alias="protocol")
    words: Words = Words()
    roles: dict[Slug, Role] = Field(alias="role")
    stages: tuple[Stage, ...] = Field(alias="stage", min_length=1)
    caps: tuple[Cap, ...] = Field(default=(), alias="cap")
    routes: tuple[Route, ...] = Field(default=(), alias="route")
    milestones: tuple[Milestone, ...] = Field(default=(), alias="milestone")
    grounds: tuple[Ground, ...] = Field(default=(), alias="ground")
    checklists: tuple[Checklist, ...] = Field(default=(), alias="checklist")
    good_practice: tuple[GoodPractice, ...] = ()
    obstacles: tuple[Obstacle, ...] = Field(default=(), alias="obstacle")
    principles: tuple[Principle, ...] = Field(default=(), alias="principle")
    occasions: tuple[Occasion, ...] = Field(default=(), alias="occasion")
    overlays: tuple[Overlay, ...] = Field(default=(), alias="overlay")
    always_copied: tuple[Slug, ...] = ()
    always_copied_clause: str = ""
    final_say: bool = False  # the chair's, as in an overlay

    @model_validator(mode="after")
    def _names_point_at_something(self) -> Protocol:
        faults = dangling(self.model_dump(by_alias=True))
        if faults:
            raise ValueError(" ".join(f"{shown(f.place)}: {f.sentence}" for f in faults))
        return self

    @cached_property
    def stages_by_id(self) -> dict[str, Stage]:
        return {s.id: s for s in self.stages}

    @cached_property
    def milestones_by_id(self) -> dict[str, Milestone]:
        return {m.id: m for m in self.milestones}

    @cached_property
    def grounds_by_code(self) -> dict[str, Ground]:
        return {g.code: g for g in self.grounds}

    @cached_property
    def ladder(self) -> tuple[Stage, ...]:
        """The stages at which a concern can stand, the lowest first."""
        return tuple(s for s in self.stages if s.is_raised)

    @cached_property
    def equivalents(self) -> dict[Clock, Clock]:
        """What the policy declares to be the same: where it writes the one, the other is counted."""
        return dict(map(parse_equivalent, self.head.equivalent))

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock that the policy writes: of its stages, caps, routes and steps of the plan cycle."""
        of_stages = [duty.within for stage in self.stages for duty in stage.duties]
        of_caps, of_routes = [cap.within for cap in self.caps], [route.within for route in self.routes]
        of_steps = [step.within for step in self.milestones]
        again = [each.every for each in self.milestones]
        return tuple(clock for clock in (*of_stages, *of_caps, *of_routes, *of_steps, *again) if clock)

    @cached_property
    def says_working_days(self) -> bool:
        """Whether the policy writes "working days" where it means them, so that "days" alone are days."""
        return any(re.search(r"\d working day", str(clock)) for clock in self.clocks)

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id; KeyError when there is none."""
        return self.stages_by_id[stage_id]

    def milestone(self, milestone_id: str) -> Milestone | None:
        return self.milestones_by_id.get(milestone_id)

    def route(self, route_id: str) -> Route | None:
        return next((r for r in self.routes if r.id == route_id), None)

    def met_by(self, deed: MetBy) -> tuple[Milestone, ...]:
        """The steps of the plan cycle that this meets."""
        return tuple(m for m in self.milestones if m.met_by == deed)

    @property
    def check(self) -> str:
        """What the policy calls the look at the plan between two conferences, within a sentence."""
        return next((step.title.lower() for step in self.met_by("check done")), "midway check")

    @property
    def left_to_the_authority(self) -> tuple[Milestone, ...]:
        """The steps of the plan cycle for which the authority sets a number, for the policy gives none."""
        return tuple(m for m in self.milestones if any(isinstance(c, SetByTheAuthority) for c in (m.within, m.every)))

    def checklist(self, checklist_id: str) -> Checklist | None:
        return next((c for c in self.checklists if c.id == checklist_id), None)

    @property
    def chair(self) -> Slug:
        """The part of whoever chairs and judges: that of the lowest stage at which a concern can stand."""
        return self.ladder[0].judged_by[0]

    def ground(self, code: str) -> Ground | None:
        return self.grounds_by_code.get(code)

    def tells_of_risk(self, code: str) -> bool:
        """Whether this reason is that a child is at immediate risk: a stage's example of such a risk names it."""
        return any(e.ground == code and e.when == "immediate risk" for s in self.stages for e in s.examples)

    def called_at(self, stage_id: str) -> str:
        """What one is called at this stage: the policy's own word from the formal stages on, "resolution" before."""
        return self.words.resolution if self.stage(stage_id).formality == "formal" else Words().resolution

    def position(self, stage_id: str) -> int:
        """How high on the ladder: 0 is the lowest."""
        return next(i for i, s in enumerate(self.stages) if s.id == stage_id)

    def overlay(self, area: str) -> Overlay | None:
        return next((one for one in self.overlays if one.area == area), None)

    def title_of(self, role_id: str) -> str:
        return self.roles[role_id].title if role_id in self.roles else role_id
