"""What the pages of one child show: the plan, the child's own words, what is open, what happened. This child only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.applying.formats import FORMATS
from undrift.children import fact_words
from undrift.children.plan_words import SEEN_ALONE, about_the_check, review_due, time_on_plan, which_plan, which_review
from undrift.desks.concern.rows import Presenter
from undrift.desks.concern.struck import struck
from undrift.desks.frame.around_child import AroundChild
from undrift.desks.frame.child_rows import chairs_itself
from undrift.desks.frame.components import Agreed, Fact, Moment, Table
from undrift.desks.frame.components import Link as Linked
from undrift.desks.frame.leafing import leaf
from undrift.desks.frame.listing import MOST_COUNTED
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.events import Event
from undrift.engine.ladder import telling
from undrift.engine.ladder.state import State
from undrift.plan_cycle.queries import Happened, happened_to
from undrift.record.adopted import Closures, closures_of, protocol_of, rules_for, rules_of
from undrift.resolutions.child_file import AT_RISK, named_in
from undrift.resolutions.earlier import status_words
from undrift.resolutions.in_a_line import short_concern, stands_for
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import all_about, histories_of, number_about, states_of
from undrift.resolutions.written import PROGRESS

if TYPE_CHECKING:
    from undrift.children.models import Child, Plan, Voice

Of = tuple[datetime, int, int, tuple[Resolution, telling.Entry] | Happened]  # when, of which case, which entry of it
RESOLUTIONS, MOMENTS, CHANGES = 25, 50, 50  # on a page


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

    @cached_property
    def records(self) -> list[tuple[str, str, str]]:
        """Other records of the same child that the viewer may see: the number, the way to it, and which goes on."""
        goes_on = self.goes_on_as
        return [
            (
                f"Child {one.external_id}" if one.external_id else "A record without a number",
                reverse("child", args=[one.public_id]),
                "That record goes on: say there what there is to say."
                if one == goes_on
                else "It is kept, and this record goes on."
                if goes_on is None
                else "It is kept.",
            )
            for one in self.facts.other_records(self.child)
        ]

    @cached_property
    def goes_on_as(self) -> Child | None:
        return self.facts.goes_on_as(self.child)

    @property
    def may_be_raised_of(self) -> bool:
        """Whether the child lives and the viewer chairs for this very record, where it has several, and it goes on."""
        if self.child.died_on is not None or not self.chairs or self.goes_on_as is not None:
            return False
        return not self.records or chairs_itself(self.scope, self.child, self.now)

    @property
    def moved_words(self) -> str:
        """To which council the child has moved, and when; "" for one who is here."""
        day = self.child.moved_on
        return f"Moved to {self.child.moved_to} on {full_day(day)}." if day is not None else ""

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
        if not (checks := self.facts.midway_checks(self.plan) if self.plan else []):
            return []
        held = [(check.done_at, check.view) for check in checks if check.done_at is not None]
        due = next((check for check in checks if not check.done_at), None)
        called = self.check
        facts = [Fact(f"{called.capitalize()}, {full_day(london_date(at))}", view) for at, view in held[-1:]]
        return [*facts, Fact(f"Next {called}", f"Due {full_day(due.due)}")] if due else facts

    @property
    def check(self) -> str:
        """What the council’s policy calls the check between two conferences."""
        return rules_for(self.child.authority, ()).protocol.check

    @property
    def about_midway(self) -> str:
        return about_the_check(self.check)

    def changes(self, page: int) -> tuple[list[Moment], bool]:
        """What became of the facts on file about this child, the latest first, and whether there is more."""
        found, more = leaf(self.facts.changes(self.child), page, CHANGES)
        named, titles = self.facts.named_in(found), {key: one.title for key, one in FORMATS.items()}
        return [
            Moment(
                fact_words.title(one), one.at, by=fact_words.said_by(one, titles), text=fact_words.became(one, named)
            )
            for one in found
        ], more

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
        start = (page - 1) * size
        found = all_about([self.child.pk], self.viewer, now=self.now, start=start, most=size + 1)
        return found[:size], len(found) > size

    def number_of_resolutions(self) -> int:
        return number_about([self.child.pk], self.viewer, MOST_COUNTED + 1, now=self.now)

    def resolutions_table(self, caption: str, rows: Sequence[Resolution]) -> Table:
        """How each stands, and for this child."""
        heads = ("Reference", "Concern", "Stage", "Raised", f"For {self.child.called}", "Where it stands", "Date")
        states = self._states(rows)
        return Table(caption, heads, [self._row(r, states[r.pk]) for r in rows])

    def _states(self, rows: Sequence[Resolution]) -> Mapping[int, State]:
        """Where each of these stands: no history is read twice for one page. One query, or none."""
        self._folded.update(states_of(r for r in rows if r.pk not in self._folded))
        return self._folded

    @cached_property
    def _folded(self) -> dict[int, State]:
        return {}

    def _row(self, r: Resolution, state: State) -> tuple[object, ...]:
        whose, day, label = self._standing(r, state)
        protocol, here = protocol_of(r), state.visits_of(str(self.child.pk))
        return (
            Linked(r.reference, self.show.address("resolution", r.reference)),
            short_concern(protocol, [ground for visit in here for ground in visit.grounds]),
            protocol.stage(here[-1].stage if here else r.stage).named,
            full_day(london_date(r.raised_at), short=True),
            stands_for(state, self.child),
            whose,
            f"{full_day(day, short=True)}. {label}" if day else label,
        )

    def _standing(self, r: Resolution, state: State) -> tuple[str, date | None, str]:
        """Whose turn it is and by when, as far as it is about this child: it may go on for a brother or sister."""
        number, turn = str(self.child.pk), r.turn(self.now)
        part = state.children.get(number)
        if part is not None and part.ended is not None:
            return f"Ended for {self.child.called}", london_date(part.ended.at), "Ended"
        if r.ended_at is None and part is not None and part.settled and number not in state.here.children:
            return "Open: it ends when all of it is done", None, "No date is set"
        day, label, _ = self.show.date_of(r, turn)
        whose = f"{turn.tag}: {self.show.holder(r, turn)}" if r.ended_at is None else status_words(r, turn.tag)
        return whose, day, label

    @cached_property
    def actions(self) -> tuple[Agreed, ...]:
        """What was agreed for this child in the resolutions that are open."""
        states = self._states(self.open)
        return tuple(row for r in self.open for row in self._actions_of(r, states[r.pk]))

    def _actions_of(self, r: Resolution, state: State) -> list[Agreed]:
        rows = []
        for action in state.actions_of(str(self.child.pk)):
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
        """What happened about this child in concerns and in the plan cycle, the latest first, a page of it; and whether
        there is more. Nothing that was said of a brother or sister.
        """
        about = {r.pk: r for r in all_about([self.child.pk], self.viewer, now=self.now)}
        every = histories_of(about.values())
        ours = [
            (about[number], told) for number, entries in every.items() for told in self._told(about[number], entries)
        ]
        both: list[Of] = [(told.event.at, r.pk, told.event.seq, (r, told)) for r, told in ours]
        both += [(one.entry.event.at, one.case, one.entry.event.seq, one) for one in happened_to(self.child)]
        both.sort(key=lambda each: each[:3], reverse=True)
        shown, more = leaf(both, page, MOMENTS)
        wrong = {one[0].pk: struck(every[one[0].pk], with_why=False) for *_, one in shown if isinstance(one, tuple)}
        return [
            self._of_the_cycle(one) if isinstance(one, Happened)
            else self._moment(one[0], one[1].event, one[1].title, wrong[one[0].pk].get(one[1].event.seq, ""))
            for *_, one in shown
        ], more  # fmt: skip

    def _of_the_cycle(self, one: Happened) -> Moment:
        by = one.entry.event.by
        return Moment(
            one.entry.title,
            one.entry.event.at,
            by=f"{by.name}, on behalf of {by.on_behalf_of}" if by.on_behalf_of else by.name,
            text=one.entry.text,
            href=reverse("child-cycle", args=[self.child.public_id]),
            link="Plan cycle",
            struck=one.struck,
            wrong="Made in error" if one.struck else "",
        )

    def _told(self, r: Resolution, entries: Sequence[Event]) -> Iterator[telling.Entry]:
        """The entries about this child. What somebody wrote in one may speak of all the children, and is left out."""
        number = str(self.child.pk)
        for told in telling.entries(rules_of(r, self._closures), entries, {number: self.child.called}):
            if number in told.children:
                yield told

    @cached_property
    def _closures(self) -> Closures:
        return closures_of(self.child.authority)

    def _moment(self, r: Resolution, entry: Event, title: str, wrong: str) -> Moment:
        by = f"{entry.by.name}, on behalf of {entry.by.on_behalf_of}" if entry.by.on_behalf_of else entry.by.name
        return Moment(
            title,
            entry.at,
            by=by,
            text=self._said(r, entry),
            href=self.show.address("resolution", r.reference),
            link=r.reference,
            struck=bool(wrong),
            wrong=wrong,
        )

    def _said(self, r: Resolution, entry: Event) -> str:
        sentence = telling.sentence(protocol_of(r), entry) if telling.says_more(entry) else ""
        parts = [
            f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "",
            *self._risk(r, entry),
            self._of_child(entry),
        ]
        return " ".join(filter(None, parts))

    def _risk(self, r: Resolution, entry: Event) -> Iterator[str]:
        """That a child was at immediate risk, and what was done, unless that may speak of a brother or a sister."""
        risk = entry.payload.get("risk")
        if risk is None or str(self.child.pk) not in risk.get("children", [str(self.child.pk)]):
            return
        yield AT_RISK
        acted = str(risk.get("acted") or "")
        others = {str(one.child_id): one.child.called for one in r.about.all() if one.child_id != self.child.pk}
        all_known = entry.payload["children"].keys() <= {*others, str(self.child.pk)}
        if acted and all_known and not named_in(acted, others.values()):
            yield f"Done to keep the child safe: {acted}."

    def _of_child(self, entry: Event) -> str:
        """What this entry says of this child, and of no other."""
        each = entry.payload.get("children")
        # A list says for whom, and no more.
        said = each.get(str(self.child.pk), "") if isinstance(each, Mapping) else ""
        if isinstance(said, bool):
            return f"{'Accepted' if said else 'Not accepted'} for {self.child.called}."
        return str(said)
