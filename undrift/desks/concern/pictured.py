"""The picture of one resolution, drawn: what is said of it as the components of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from undrift.desks.concern.struck import struck
from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Agreed, Fact, Moment, Reached, Step, Tone
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.tone import lateness
from undrift.engine.dates.words import due_label
from undrift.engine.ladder.rungs import Went
from undrift.engine.ladder.state import Action
from undrift.engine.ladder.telling import Entry
from undrift.resolutions.picture import Picture, actor_of, when_of
from undrift.resolutions.written import PROGRESS

REACHED: Mapping[Went, Reached] = {
    "not used": "unused",
    "held": "met",
    "now": "now",
    "in time": "met",
    "late": "late",
    "none": "missed",
    "left": "unused",
}


@dataclass(frozen=True)
class Pictured(Picture):
    @cached_property
    def identity(self) -> tuple[Fact, ...]:
        return tuple(Fact(key, value) for key, value in self.identified_by)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(Step(rung.stage.named, rung.words, REACHED[rung.went], when=when_of(rung)) for rung in self.rungs)

    @cached_property
    def timeline(self) -> tuple[Moment, ...]:
        """Newest first."""
        wrong = struck(self.history)
        return tuple(self._moment(entry, wrong.get(entry.event.seq, "")) for entry in self.told)

    def _moment(self, entry: Entry, wrong: str) -> Moment:
        href = self._correct_at(entry.event.seq) if self._corrects(entry.event.seq) else ""
        return Moment(
            entry.title,
            entry.event.at,
            by=actor_of(entry.event),
            text="\n".join(filter(None, (entry.text, self._no_longer_stands.get(entry.event.seq)))),
            href=href,
            link="Entered in error?" if href else "",
            struck=bool(wrong),
            wrong=wrong,
            about=f"{entry.title}, {day_and_time(entry.event.at)}" if href else "",
        )

    @cached_property
    def _no_longer_stands(self) -> Mapping[int, str]:
        """The text of each answer that stands beside nothing else on the page: it was asked for again, or moved on."""
        earlier = {before.said.seq: before.said.text for before in self.earlier if before.said is not None}
        return {**{draft.seq: draft.payload["text"] for draft in self.drafts_sent_back}, **earlier}

    def _corrects(self, seq: int) -> bool:
        return self._may_correct and self.correction_refused(seq) is None

    @cached_property
    def _may_correct(self) -> bool:
        return self.moves["correct"].allowed and not self.read_only and is_known(self.viewer, "correct")

    def _correct_at(self, seq: int) -> str:
        return reverse("correct", args=[self.resolution.reference, seq])

    @cached_property
    def people(self) -> tuple[Fact, ...]:
        return tuple(Fact(part, person) for part, person in self.who_does_what)

    @cached_property
    def actions(self) -> tuple[Agreed, ...]:
        return tuple(self._action(action) for action in self.state.actions.values())

    def _action(self, action: Action) -> Agreed:
        label, tone = self._date_of(action)
        link = self._link_of(action)
        return Agreed(
            action.what,
            action.who,
            action.by,
            label,
            "Not done in time" if self.gone_on_without(action) else PROGRESS[action.status],
            tone=tone,
            was=action.dates[-2] if len(action.dates) > 1 else None,
            moved=action.moved,
            asked=action.asked,
            directed=action.directed,
            href=reverse("action", args=[self.resolution.reference, action.id]) if link else "",
            link=link,
            said=self.said_of(action),
        )

    def _link_of(self, action: Action) -> str:
        if set(self.stage.judged_by) & self.by.roles and self.moves["confirm_action"].allowed and action.open:
            return "Confirm complete" if action.status == "done" else "Decide"
        return "Update" if action.to_do and self.may_update(action) else ""

    def _date_of(self, action: Action) -> tuple[str, Tone]:
        """What an agreed action's day means now, in words and as a tone."""
        if gone := self.gone_on_without(action):
            return gone, ""
        if action.by is None or not self.still_runs(action):
            return "", "met" if action.status in ("complete", "done") else ""
        calendar = self.rules.calendar
        return due_label(action.by, self.now, calendar), lateness(action.by, self.now, calendar)
