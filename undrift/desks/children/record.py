"""What the pages of one child show: the plan, the child's own words, what is open, what happened. This child only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from undrift.access.emergency import running
from undrift.access.matrix import Action, Tie
from undrift.access.rows import children_visible_to
from undrift.access.scope import Scope, scope_of
from undrift.children.models import Child, Conference, ImportedRow, MidpointCheck, Plan, Voice
from undrift.children.models.plan import SeenAlone
from undrift.children.plan_words import review_due, time_on_plan, which_plan, which_review
from undrift.desks.children.leafing import leaf
from undrift.desks.children.rows import Line, chairs, lines, with_plan
from undrift.desks.frame.components import Agreed, Fact, Moment, Place, Table
from undrift.desks.frame.components import Link as Linked
from undrift.desks.worklist.rows import Presenter
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.events import Event as Happening
from undrift.engine.ladder import telling
from undrift.engine.ladder.state import State
from undrift.people.models import Person
from undrift.protocol.model import Protocol
from undrift.record.adopted import Closures, closures_of, protocol_of, rules_of
from undrift.record.history import folded
from undrift.record.models import Event
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import histories_of, of_children

SEEN_ALONE = {SeenAlone.YES: "seen alone", SeenAlone.NO: "not seen alone", SeenAlone.UNKNOWN: "not known if seen alone"}
RESOLUTIONS, MOMENTS = 25, 50  # on a page
PROGRESS = {
    "agreed": "Not started",
    "in progress": "In progress",
    "done": "Done, waiting for chair",
    "complete": "Complete",
    "dropped": "No longer needed",
}


@dataclass(frozen=True)
class Record:
    """One child as one person sees the record at one moment. The child was fetched through `access`."""

    child: Child
    viewer: Person
    now: datetime

    @property
    def day(self) -> date:
        return london_date(self.now)

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.viewer, self.now)

    # Who -----------------------------------------------------------------------------------------------------------

    @cached_property
    def line(self) -> Line:
        return next(line for line in self.family if line.child == self.child)

    @cached_property
    def family(self) -> list[Line]:
        """The children of the family that the viewer may see, the eldest first; this child among them."""
        visible = children_visible_to(self.viewer, self.now, self.scope).filter(family=self.child.family_id)
        ordered = visible.select_related("family").prefetch_related(with_plan())
        return lines(ordered.order_by("date_of_birth", "expected_birth", "pk"), self.viewer, self.now)

    @property
    def siblings(self) -> list[Line]:
        return [line for line in self.family if line.child != self.child]

    @cached_property
    def plan(self) -> Plan | None:
        """The plan the child is on; else the last one."""
        return self.line.plan or self.child.plans.select_related("chair", "team", "social_worker").first()

    @property
    def title(self) -> str:
        age = self.line.age
        return f"{self.child}, {age}"

    @property
    def identity(self) -> tuple[Fact, ...]:
        return (
            Fact("Plan", self.line.on_plan),
            Fact("Category", self.category),
            Fact("Chair", self.line.chair),
            Fact("Team", self.line.team),
            Fact("Social worker", self.line.worker),
        )

    @property
    def at_risk(self) -> bool:
        return any(resolution.risk for resolution in self.open)

    def places(self, here: str) -> list[Place]:
        """The pages of this child; those that other desks add appear once they are there."""
        pages: tuple[tuple[str, str], ...] = (
            ("Overview", "child"), ("Resolutions", "child-resolutions"), ("History", "child-history"),
        )  # fmt: skip
        guards = (("Who has looked", "child-looks", Action.LOG), ("Who may see", "child-guard", Action.GUARD))
        if self.glass is None:  # opened in an emergency it is there to be read, and no more
            pages += tuple((text, name) for text, name, action in guards if self._tied(action))
        return [Place(text, reverse(n, args=[self.child.public_id]), current=n == here) for text, n in pages]

    @cached_property
    def glass(self) -> datetime | None:
        """Until when the record is open, where nothing but an emergency opening opens it to the viewer."""
        if self.child.pk not in self.scope.doors.opened_children or self._tied(Action.CHILD, but=Tie.WHOLE):
            return None
        opening = running(self.viewer, self.now)
        return opening.until if opening is not None else None

    def _tied(self, action: Action, but: Tie | None = None) -> bool:
        """Whether one of the viewer's ties to this child, whose record is open to them, carries the action."""
        plan, usual = self.line.plan, not self.child.restricted
        holds = {
            Tie.CHAIR: self.chairs,
            Tie.ALLOCATED: plan is not None and plan.social_worker_id in self.scope.people,
            Tie.UNIT: usual and plan is not None and plan.team_id in self.scope.units,
            Tie.NAMED: self.child.pk in self.scope.doors.named_children,
            Tie.WHOLE: usual,
        }
        return any(holds.get(tie, False) for tie in self.scope.ties(action) if tie is not but)

    @cached_property
    def chairs(self) -> bool:
        """Whether the viewer chairs for this child, or covers for who does."""
        return chairs(self.scope, [self.line])

    # How things are ------------------------------------------------------------------------------------------------

    @cached_property
    def voice(self) -> Voice | None:
        return self.child.voices.select_related("heard_by").first()

    @property
    def voice_heard(self) -> str:
        if self.voice is None:
            return ""
        by = f" by {self.voice.heard_by.name}" if self.voice.heard_by else ""
        return f"Heard{by} on {full_day(self.voice.heard_on)}"

    @property
    def category(self) -> str:
        plan = self.plan
        if plan is None:
            return "None"
        return plan.get_latest_category_display() or plan.get_initial_category_display() or "Not on file"

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

    def _next_review(self, plan: Plan) -> str:
        planned = (
            Conference.objects.filter(family=self.child.family_id, held_on=None, cancelled_at=None)
            .filter(planned_for__gte=self.now)
            .order_by("planned_for")
            .first()
        )
        if planned is not None and planned.planned_for is not None:
            return f"{planned.get_kind_display()} on {full_day(london_date(planned.planned_for))}"
        last = full_day(review_due(plan.starts, plan.latest_review))
        return f"No date on file. It has to be held by {last}"

    def _last_visit(self, plan: Plan) -> str:
        if plan.last_visit is None:
            return f"No visit on file{self._as_at(plan)}"
        return f"{full_day(plan.last_visit)}, {SEEN_ALONE[SeenAlone(plan.seen_alone)]}{self._as_at(plan)}"

    def _as_at(self, plan: Plan) -> str:
        """Of when the facts are, where an import brought them."""
        row = ImportedRow.objects.filter(entity="plan", object_id=plan.pk).select_related("import_run")
        found = row.order_by("-last_seen").first()
        return f" (as at {full_day(found.import_run.as_at, short=True)})" if found else ""

    @cached_property
    def midway(self) -> list[Fact]:
        """The last check held and the next one due."""
        checks = list(MidpointCheck.objects.filter(plan=self.plan).order_by("due")) if self.plan else []
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

    def resolutions(self, page: int) -> tuple[list[Resolution], bool]:
        """A page of all about this child that the viewer may see, the latest first; and whether there are more."""
        return leaf(of_children([self.child.pk], self.viewer, now=self.now), page, RESOLUTIONS)

    def resolutions_table(self, caption: str, rows: Sequence[Resolution]) -> Table:
        """How each stands, and for this child."""
        heads = ("Reference", "Concern", "Stage", "Raised", f"For {self.child.called}", "Where it stands", "Date")
        return Table(caption, heads, [self._row(r) for r in rows])

    def _row(self, r: Resolution) -> tuple[object, ...]:
        turn = r.turn(self.now)
        day, label, _ = self.show.date_of(r, turn)
        whose = f"{turn.tag}: {self.show.holder(r, turn)}" if r.ended_at is None else turn.tag
        return (
            Linked(r.reference, self.show.address("resolution", r.reference)),
            self.show.concern(r),
            protocol_of(r).stage(r.stage).title,
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
        ours = ~Q(type="filed") | Q(payload__child=str(self.child.pk))
        latest = Event.objects.filter(ours, case__in=list(about)).order_by("-happened_at", "-case", "-seq")
        shown, more = leaf(latest.values_list("case", "seq"), page, MOMENTS)
        told = histories_of(r for r in about.values() if r.pk in {number for number, _ in shown})
        made = {
            (number, entry.seq): self._moment(about[number], entry, title, struck)
            for number, entries in told.items()
            for struck in [_struck(entries)]
            for entry, title in self._titled(about[number], entries)
        }
        return [made[key] for key in shown], more

    def _titled(self, r: Resolution, entries: Sequence[Happening]) -> Iterator[tuple[Happening, str]]:
        """Each entry with its heading. What somebody wrote in it may speak of all the children, and is left out."""
        rules = rules_of(r, self._closures)
        for told in telling.entries(rules, entries, {str(self.child.pk): self.child.called}):
            yield told.event, told.title

    @cached_property
    def _closures(self) -> Closures:
        return closures_of(self.child.authority)

    def _moment(self, r: Resolution, entry: Happening, title: str, struck: set[int]) -> Moment:
        by = f"{entry.by.name}, on behalf of {entry.by.on_behalf_of}" if entry.by.on_behalf_of else entry.by.name
        return Moment(
            title,
            entry.at,
            by=by,
            text=self._said(protocol_of(r), entry),
            href=self.show.address("resolution", r.reference),
            link=r.reference,
            struck=entry.seq in struck,
        )

    def _said(self, protocol: Protocol, entry: Happening) -> str:
        sentence = telling.sentence(protocol, entry) if telling.says_more(entry) else ""
        parts = [f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "", self._of_child(entry)]
        return " ".join(filter(None, parts))

    def _of_child(self, entry: Happening) -> str:
        """What this entry says of this child, and of no other."""
        said = entry.payload.get("children", {}).get(str(self.child.pk), "")
        if isinstance(said, bool):
            return f"{'Resolved' if said else 'Not yet resolved'} for {self.child.called}."
        return str(said)


def _struck(entries: Sequence[Happening]) -> set[int]:
    return {int(entry.payload["seq"]) for entry in entries if entry.type == "corrected"}
