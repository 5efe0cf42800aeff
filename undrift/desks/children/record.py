"""What the pages of one child show: the plan, the child's own words, what is open, what happened. This child only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from undrift.children.plan_words import SEEN_ALONE, review_due, time_on_plan, which_plan, which_review
from undrift.desks.concern.rows import Presenter
from undrift.desks.concern.struck import struck
from undrift.desks.frame.around_child import AroundChild
from undrift.desks.frame.components import Agreed, Fact, Moment, Table
from undrift.desks.frame.components import Link as Linked
from undrift.desks.frame.leafing import leaf
from undrift.desks.frame.listing import counted
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.events import Event
from undrift.engine.ladder import telling
from undrift.engine.ladder.state import State
from undrift.protocol.model import Protocol
from undrift.record.adopted import Closures, closures_of, protocol_of, rules_of
from undrift.record.history import folded
from undrift.resolutions.earlier import status_words
from undrift.resolutions.models import Resolution
from undrift.resolutions.picture import PROGRESS
from undrift.resolutions.queries import histories_of, latest_about, of_children

if TYPE_CHECKING:
    from undrift.children.models import Plan, Voice

RESOLUTIONS, MOMENTS = 25, 50  # on a page


@dataclass(frozen=True)
class Record(AroundChild):
    """One child as one person sees the record at one moment. The child was fetched through `access`."""

    # How things are ------------------------------------------------------------------------------------------------

    @cached_property
    def voice(self) -> Voice | None:
        return self.facts.latest_voice(self.child)

    @property
    def voice_heard(self) -> str:
        if self.voice is None:
            return ""
        by = f" by {self.voice.heard_by.name}" if self.voice.heard_by else ""
        return f"Heard{by} on {full_day(self.voice.heard_on)}"

    @cached_property
    def plan_facts(self) -> list[Fact]:
        plan = self.plan
        if plan is None:
            return []
        facts = [
            Fact("Category", self.category),
            Fact("Started", full_day(plan.starts)),
            Fact("Time on the plan", time_on_plan(plan.starts, plan.ends, self.day)),
            Fact("Which plan", which_plan(plan.previous_plans).capitalize()),
            Fact("Reviews", which_review(plan.reviews_held).capitalize()),
        ]
        if plan.ends:
            return [*facts, Fact("Ended", full_day(plan.ends))]
        return [*facts, Fact("Next review", self._next_review(plan)), Fact("Last visit", self._last_visit(plan))]

    @property
    def initial_words(self) -> str:
        """The initial conference of a child who has had no plan, and its day."""
        found = self.initial
        moment = found and (found.held_on or found.planned_for)
        assert moment, "the database keeps one of the two"
        return f"Initial conference {'held ' if found and found.held_on else ''}on {full_day(london_date(moment))}"

    def _next_review(self, plan: Plan) -> str:
        planned = self.facts.next_conference(self.child.family_id)
        if planned is not None and planned.planned_for is not None:
            return f"{planned.get_kind_display()} on {full_day(london_date(planned.planned_for))}"
        last = full_day(review_due(plan.starts, plan.latest_review))
        return f"No date on file. It has to be held by {last}"

    def _last_visit(self, plan: Plan) -> str:
        if plan.last_visit is None:
            return f"No visit on file{self._as_at(plan)}"
        return f"{full_day(plan.last_visit)}, {SEEN_ALONE[plan.seen_alone]}{self._as_at(plan)}"

    def _as_at(self, plan: Plan) -> str:
        """Of when the facts are, where an import brought them."""
        day = self.facts.as_at(plan)
        return f" (as at {full_day(day, short=True)})" if day is not None else ""

    @cached_property
    def midway(self) -> list[Fact]:
        """The last check held and the next one due."""
        checks = self.facts.midway_checks(self.plan) if self.plan else []
        held = [(check.done_at, check.view) for check in checks if check.done_at is not None]
        due = next((check for check in checks if not check.done_at), None)
        facts = [Fact(f"Midway check, {full_day(london_date(at))}", view) for at, view in held[-1:]]
        return [*facts, Fact("Next midway check", f"Due {full_day(due.due)}")] if due else facts

    # Resolutions ---------------------------------------------------------------------------------------------------

    @cached_property
    def show(self) -> Presenter:
        return Presenter(self.viewer, self.now)

    @property
    def open(self) -> tuple[Resolution, ...]:
        """The open ones about this child that the viewer may see, the latest first."""
        return self.line.open

    def resolutions(self, page: int, size: int = RESOLUTIONS) -> tuple[list[Resolution], bool]:
        """A page of all about this child that the viewer may see, the latest first; and whether there are more."""
        return leaf(of_children([self.child.pk], self.viewer, now=self.now), page, size)

    def number_of_resolutions(self) -> int:
        return counted(of_children([self.child.pk], self.viewer, now=self.now))

    def resolutions_table(self, caption: str, rows: Sequence[Resolution]) -> Table:
        """How each stands, and for this child."""
        heads = ("Reference", "Concern", "Stage", "Raised", f"For {self.child.called}", "Where it stands", "Date")
        return Table(caption, heads, [self._row(r) for r in rows])

    def _row(self, r: Resolution) -> tuple[object, ...]:
        turn = r.turn(self.now)
        day, label, _ = self.show.date_of(r, turn)
        whose = f"{turn.tag}: {self.show.holder(r, turn)}" if r.ended_at is None else status_words(r, turn.tag)
        return (
            Linked(r.reference, self.show.address("resolution", r.reference)),
            self.show.concern(r),
            protocol_of(r).stage(r.stage).named,
            full_day(london_date(r.raised_at), short=True),
            self.line.status_of(r),
            whose,
            f"{full_day(day, short=True)}. {label}" if day else label,
        )

    @cached_property
    def actions(self) -> tuple[Agreed, ...]:
        """What was agreed in the resolutions that are open."""
        told = histories_of(self.open)
        return tuple(row for r in self.open for row in self._actions_of(r, folded(r, told[r.pk])))

    def _actions_of(self, r: Resolution, state: State) -> list[Agreed]:
        rows = []
        for action in state.actions.values():
            label, tone = self.show.date_words(r.authority, action.by)
            if action.status in ("done", "complete", "dropped"):
                label, tone = "", "met" if action.status != "dropped" else ""
            rows.append(
                Agreed(
                    action.what, action.who, action.by, label, PROGRESS[action.status], tone,
                    was=action.dates[-2] if len(action.dates) > 1 else None,
                    href=self.show.address("resolution", r.reference), link=r.reference,
                )
            )  # fmt: skip
        return rows

    # History -------------------------------------------------------------------------------------------------------

    def moments(self, page: int) -> tuple[list[Moment], bool]:
        """What happened about this child, the latest first, a page of it; and whether there is more.

        Nothing that was said of a brother or sister.
        """
        about = {r.pk: r for r in of_children([self.child.pk], self.viewer, now=self.now)}
        shown, more = leaf(latest_about(self.child.pk, about), page, MOMENTS)
        told = histories_of(r for r in about.values() if r.pk in {number for number, _ in shown})
        made = {
            (number, entry.seq): self._moment(about[number], entry, title, wrong.get(entry.seq, ""))
            for number, entries in told.items()
            for wrong in [struck(entries, with_why=False)]
            for entry, title in self._titled(about[number], entries)
        }
        return [made[key] for key in shown], more

    def _titled(self, r: Resolution, entries: Sequence[Event]) -> Iterator[tuple[Event, str]]:
        """Each entry with its heading. What somebody wrote in it may speak of all the children, and is left out."""
        rules = rules_of(r, self._closures)
        for told in telling.entries(rules, entries, {str(self.child.pk): self.child.called}):
            yield told.event, told.title

    @cached_property
    def _closures(self) -> Closures:
        return closures_of(self.child.authority)

    def _moment(self, r: Resolution, entry: Event, title: str, wrong: str) -> Moment:
        by = f"{entry.by.name}, on behalf of {entry.by.on_behalf_of}" if entry.by.on_behalf_of else entry.by.name
        return Moment(
            title,
            entry.at,
            by=by,
            text=self._said(protocol_of(r), entry),
            href=self.show.address("resolution", r.reference),
            link=r.reference,
            struck=bool(wrong),
            wrong=wrong,
        )

    def _said(self, protocol: Protocol, entry: Event) -> str:
        sentence = telling.sentence(protocol, entry) if telling.says_more(entry) else ""
        parts = [f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "", self._of_child(entry)]
        return " ".join(filter(None, parts))

    def _of_child(self, entry: Event) -> str:
        """What this entry says of this child, and of no other."""
        said = entry.payload.get("children", {}).get(str(self.child.pk), "")
        if isinstance(said, bool):
            return f"{'Accepted' if said else 'Not accepted'} for {self.child.called}."
        return str(said)
