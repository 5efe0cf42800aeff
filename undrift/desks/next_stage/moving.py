"""A concern on its way to another stage: why it moves, where to, and what is asked about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.forms import BoundField
from django.http import QueryDict

from undrift.access.family_facts import plans_today
from undrift.desks.concern import into_acts
from undrift.desks.concern.fields import (
    WHOSE_RISK,
    Reasons,
    add_answer_date,
    agency_field,
    ask_field,
    completion_field,
    how_field,
    impact_field,
    impact_name,
    others_to_copy,
    restricted_says,
    risk_fields,
    risk_of_nobody,
    spoken_field,
    stage_hint,
    tried_field,
)
from undrift.desks.concern.into_acts import About
from undrift.desks.concern.matter import Matter, asks_for_agency, known_people
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.concern.opened import picture_of
from undrift.desks.concern.pictured import Pictured
from undrift.desks.concern.suggestion import is_grave
from undrift.desks.concern.typed_so_far import MOVE, Answers
from undrift.desks.frame.fields import line, one_of, some_of, writing
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.forms import Question as Drawn
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import as_number
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import going_on
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.moving import because_now, ways_on
from undrift.engine.refusal import Refusal
from undrift.people.models import Agency
from undrift.protocol.model import Ground, Outcome, Stage
from undrift.record.drafts import unsent
from undrift.resolutions import how_far_back, meanwhile

if TYPE_CHECKING:
    from undrift.children.models import Child

# Questions that are seldom answered stand in a fold below the others.
FOLDED = {"to": "another stage", "why": "", "copied": "somebody else copied in", "asked_by": "an earlier date"}


@dataclass
class Moving(Raising):
    """A resolution that the chair moves to another stage, and what has been typed about it."""

    picture: Pictured

    @property
    def reference(self) -> str:
        return str(self.picture.resolution.reference)

    @property
    def informal(self) -> bool:
        return False

    @property
    def chosen(self) -> tuple[Child, ...]:
        """The children for whom it moves on."""
        picture = self.picture
        open_ones = {child.id for child in going_on(picture.state, self.because, picture.now)}
        return tuple(child for child in self.picture.children if str(child.pk) in open_ones)

    @property
    def because(self) -> Outcome:
        """Why it moves on, as far as the record shows."""
        return because_now(self.picture.rules, self.picture.state, self.picture.now)

    @cached_property
    def ways(self) -> tuple[Stage, ...]:
        """Where it may go: the next stage by the policy first, then those above it."""
        return ways_on(self.picture.rules, self.picture.state, self.picture.now)

    @property
    def stage(self) -> Stage:
        return next((s for s in self.ways if s.id == self.answers.typed.get("to")), self.ways[0])

    @property
    def risk(self) -> bool:
        return self.picture.state.risk_now or super().risk

    @property
    def risk_flag(self) -> str:
        """That a child is at immediate risk, as the record has it or as it was typed just now."""
        return self.picture.risk_flag or ("Immediate risk" if super().risk else "")

    @property
    def grave(self) -> bool:
        return is_grave(self.protocol, self.stage)

    def as_sent(self, agency: Agency | None) -> Matter:
        """It is raised already, and its people are known: only another agency has others."""
        if agency not in self._of_agency:
            self._of_agency[agency] = self.matter.with_agency(agency)
        return self._of_agency[agency]

    @cached_property
    def _of_agency(self) -> dict[Agency | None, Matter]:
        return {None: self.matter}

    @property
    def asks_for_agency(self) -> bool:
        known = self.picture.state.agency or self.picture.resolution.responsible_agency_id
        return not known and asks_for_agency(self.protocol, self.stage)

    @property
    def asks_to_speak(self) -> bool:
        return self.stage.speak_first is not None

    def keep(self, page: str, data: QueryDict, form: NextStage) -> None:
        """Keep the answers, which event the page was based on, and what it asked."""
        labels = {field.name: str(field.label) for field in form}
        given = as_number(data.get("seen", ""))
        self.answers.draft.content |= {"seen": given if given is not None else self.picture.state.seq, "labels": labels}
        self.answers.keep(page, data, form)

    def act(self, cleaned: Mapping[str, Any]) -> acts.MoveOn:
        first, asked = self.stage.speak_first, self.stage.answer
        about = About(
            stage=self.stage.id,
            children=self.chosen,
            impact_names={child.pk: impact_name(child) for child in self.chosen},
            on_plan=frozenset(self.matter.plans),
            today=self.matter.today,
            spoke_to=first.to if first else "",
            spoke_name=self.name_of(first.to) if first else "",
            answers=asked.who if asked else "",
            answers_name=self.receiver,
            known=known_people(self.case.found.values()),
        )
        return into_acts.move_on(cleaned, about, self.because, self.impacts)

    @property
    def impacts(self) -> dict[str, str]:
        return {child.id: child.impact for child in self.picture.state.children.values()}

    def verdict(self, act: acts.MoveOn) -> Refusal | None:
        """Why this act would be refused now. Changes nothing."""
        picture, state = self.picture, self.picture.state
        decision = decide(picture.rules, state, act, picture.by, picture.now)
        if isinstance(decision, Refusal):
            return decision
        return how_far_back.refused(act, state.children, london_date(picture.now), state.first_day)

    def decided_meanwhile(self, act: acts.MoveOn) -> str | None:
        """Who decided since this was begun, and when; None where nobody did."""
        since = list(self.picture.history)[self.answers.seen :] if self.answers.seen else []
        event = meanwhile.conflicting(act, since)
        return meanwhile.sentence(event, self.picture.now) if event is not None else None


def open_moving(request: SignedRequest, reference: str) -> Moving:
    """The resolution, and this person's draft about it if there is one; 404 for one out of their sight."""
    picture = picture_of(request, reference)
    first = picture.children[0]
    children = tuple(child for child in picture.children if str(child.pk) not in picture.state.apart)
    matter = Matter(
        picture.viewer,
        picture.rules,
        picture.resolution.family or first.family,
        children,
        plans_today([child.pk for child in children], picture.now),
        picture.now,
        known=picture.found,
    )
    return Moving(Answers(unsent(picture.viewer, picture.resolution, MOVE)), matter, picture)


class NextStage(Reasons):
    """Everything that is asked on the way to the next stage."""

    reveals = {
        "risk": {"yes": ["acted", "acted_by", "acted_on"]},
        "spoken": {"yes": ["spoke_name", "how", "spoke_on"], "tried": ["how_tried"]},
    }

    def ask(self, raising: Raising) -> None:
        assert isinstance(raising, Moving)
        self.moving = raising
        self._the_concern(raising)
        self._risk(raising)
        self._talk(raising)
        self._where_to(raising)
        self._who_and_when(raising)

    @property
    def main_fields(self) -> list[BoundField]:
        return [field for field in self if field.name not in FOLDED and not cast(Drawn, field).is_revealed]

    @property
    def folded_fields(self) -> list[BoundField]:
        return [field for field in self if field.name in FOLDED]

    @property
    def folded_words(self) -> str:
        """What is folded away, as the words that open it: nothing that is not there."""
        said = [words for name, words in FOLDED.items() if name in self.fields and words]
        return ", ".join(said)[:1].upper() + ", ".join(said)[1:]

    @property
    def unfolded(self) -> bool:
        """Whether what is folded away has something to say: an error, or an answer that is not the usual one."""
        usual = {"to": self.moving.ways[0].id}
        asked = ((field, field.value()) for field in self.folded_fields)
        return any(field.errors or (_said(value) and value != usual.get(field.name)) for field, value in asked)

    def _the_concern(self, moving: Moving) -> None:
        self.fields["different"] = writing(
            "What is different now?",
            needed="" if moving.risk else "Enter what is different now",
            initial=_different_so_far(moving),
            hint="What has happened, or has not, since it came to this stage",
        )
        self.fields["grounds"] = some_of("More reasons", [(g.code, g.title) for g in self._more(moving)])
        for child in moving.chosen:
            field = impact_field(child, needed=True)
            field.initial = moving.impacts.get(str(child.pk), "")
            self.fields[impact_name(child)] = field
        asked = moving.picture.asked
        self.fields["ask"] = ask_field(moving.stage, at_risk=moving.risk, initial=asked)

    def _more(self, moving: Moving) -> list[Ground]:
        return [g for g in moving.protocol.grounds if g.code not in moving.picture.state.grounds]

    def groups(self) -> list[tuple[str, list[Ground], bool]]:
        return [("Add a reason", self._more(self.moving), True)]

    def _risk(self, moving: Moving) -> None:
        if moving.picture.state.risk_now:
            return
        self.fields |= risk_fields(moving.chosen)
        if WHOSE_RISK in self.fields:
            yes = [WHOSE_RISK, *self.reveals["risk"]["yes"]]
            self.reveals = {**self.reveals, "risk": {"yes": yes}}
        self.fields["acted"] = writing(
            "What has been done to keep the child safe?",
            rows=3,
            hint="Act first. If nobody has acted yet, ring now",
        )
        self.fields["acted_by"] = line("Who did it?")
        self.fields["acted_on"] = DateField(label="When?", required=False, initial=moving.matter.today)

    def _talk(self, moving: Moving) -> None:
        first = moving.stage.speak_first
        if first is None or not moving.asks_to_speak:
            return
        self.fields["spoken"] = spoken_field(moving, risk_asked_here="risk" in self.fields)
        self.fields["spoke_name"] = line("Who did you speak to?", initial=moving.name_of(first.to))
        self.fields["how"] = how_field(moving, needed=False)
        self.fields["spoke_on"] = DateField(label="When?", required=False, initial=moving.matter.today)
        self.fields["how_tried"] = tried_field()

    def _where_to(self, moving: Moving) -> None:
        if len(moving.ways) == 1:
            return
        offered = [(s.id, Option(s.title, stage_hint(moving, s))) for s in moving.ways]
        self.fields["to"] = one_of(
            "Which stage should it go to?", offered, needed="Select a stage", initial=moving.ways[0].id
        )
        self.fields["why"] = writing(
            "Why not the stage before?",
            rows=2,
            hint=f"Only when it goes above {moving.ways[0].title}",
            initial="Immediate risk" if moving.picture.state.at_risk else "",
        )

    def _who_and_when(self, moving: Moving) -> None:
        if moving.asks_for_agency and moving.stage.answer is not None:
            self.fields["agency"] = agency_field(moving, moving.stage.answer.who)
        if others := others_to_copy(moving):
            said = restricted_says(moving)
            self.fields["copied"] = some_of("Copy in anybody else?", others, help_text=said)
        add_answer_date(self, moving, moving.stage)
        if "completion" in moving.stage.sets_out:
            self.fields["completion"] = completion_field(moving)

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        yield from risk_of_nobody(cleaned, self.moving.chosen)
        if cleaned.get("spoken") == "yes" and not cleaned.get("how"):
            yield "how", "Select how you spoke"
        if cleaned.get("spoken") == "tried" and not cleaned.get("how_tried"):
            yield "how_tried", "Enter how you tried, and why they could not be reached"


def _said(value: object) -> bool:
    return any(value) if isinstance(value, (list, tuple)) else bool(value)


def _different_so_far(moving: Moving) -> str:
    """What the record already says, for the chair to go on from."""
    judged = moving.picture.state.here.judged
    if judged is not None and judged.why:
        return judged.why
    if moving.because == "not answered":
        stage = moving.picture.stage
        at = stage.title.lower()
        return f"No response to {at}." if stage.asks_for_response else f"What was agreed at {at} is not done."
    return ""
