"""What waits for one person: each thing to do, what led to it, by when, and the link that does it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from undrift.access.scope import Scope
from undrift.desks.concern.rows import Presenter, day_of, to_do
from undrift.desks.frame.components import Tone
from undrift.engine.dates.moments import london_date
from undrift.engine.musts import OF_AN_ACTION, Must
from undrift.library.numbers import CALL_LEADS_FOR
from undrift.people.finders import find
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.record.adopted import protocol_of
from undrift.record.who_plays import Gathered, case_of, sentences
from undrift.resolutions.in_a_line import worth_deciding
from undrift.resolutions.latest import Entry, what_happened
from undrift.resolutions.models import Resolution
from undrift.resolutions.owed import DECISIONS, Wording, happened_at_stage, owed_by, passed_by, wording_of
from undrift.resolutions.queries import waiting_for
from undrift.resolutions.where_done import done_on

if TYPE_CHECKING:
    from undrift.record.models import Duty

AT_MOST = 50
NO_ACTION = Wording("")
DO, CONFIRM = Must.DO_THE_ACTION, Must.CONFIRM_THE_ACTION
# What was agreed is one thing to do, by its name as a duty and as a turn.
SETTLING = frozenset({Must.SETTLE, Must.DO_WHAT_WAS_AGREED})
ONE_THING = (DECISIONS, SETTLING)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `kind` is what the cards count by; `covering` says for whom, where it is not one's own.

    `waits_for` is who has the turn, where it is known to this person and nothing of it is theirs to do.
    """

    kind: str
    title: str
    href: str
    concern: str
    stage: str
    happened: str
    day: date | None
    label: str
    tone: Tone
    action_text: str
    action_href: str
    risk: str
    covering: str
    reference: str
    waits_for: str = ""

    @property
    def order(self) -> tuple[bool, int, bool, bool, date, str]:
        """A call to make, of the newest risk first; then a child at risk, what is due first, what has no date."""
        newest = -self.day.toordinal() if self.kind == "ring" and self.day else 0
        return self.kind != "ring", newest, not self.risk, self.day is None, self.day or date.max, self.reference


KINDS: Mapping[str, str] = {
    Must.RESPOND: "respond",
    Must.APPROVE: "approve",
    Must.DECIDE: "decide",
    Must.DECIDE_NEXT: "missed",
    DO: "update",
    CONFIRM: "confirm",
    Must.DECIDE_ON_THE_ACTION: "missed",
    Must.AGREE_THE_DATE: "decide",
    Must.DECIDE_IF_IT_GOES_ON: "decide",
    Must.DECIDE_WHO_DOES_IT: "decide",
    Must.DECIDE_WHOSE: "decide",
    Must.RING: "ring",
    Must.RESOLVE: "resolve",
    Must.SPEAK: "other",
    Must.DRAFT: "other",
    Must.SETTLE: "other",
    Must.DO_WHAT_WAS_AGREED: "other",
}


DECIDED = frozenset({"decide", "missed"})


def is_the_same(duty: str, turn: str) -> bool:
    """Whether what is owed is what the turn is about."""
    return duty == turn or any({duty, turn} <= names for names in ONE_THING)


def _spoken_with(r: Resolution, owed: Duty) -> str:
    """The role that a conversation is owed with; "" where something else is owed."""
    asked = protocol_of(r).stage(owed.stage).duties
    found = (duty.to for duty in asked if duty.must == owed.must == Must.SPEAK and duty.who == owed.who)
    return next((role for role in found if role), "")


@dataclass(frozen=True)
class Waiting:
    """Everything that waits for a person at one moment. A fixed number of queries, but for cover (see `_found`)."""

    person: Person
    scope: Scope
    now: datetime

    @cached_property
    def tasks(self) -> list[Task]:
        """What there is to do, the most urgent first."""
        return [task for task in self._found_here if not task.waits_for]

    @cached_property
    def for_information(self) -> list[Task]:
        """What this person agreed to and did not do in time: it is the chair's turn, and nothing is to be done here."""
        return [task for task in self._found_here if task.waits_for]

    @cached_property
    def _found_here(self) -> list[Task]:
        self.show.knows_risks(self.resolutions)
        found = (task for r in self.resolutions for task in self._as_one_decision(r, list(self._tasks(r))))
        return sorted(found, key=lambda task: task.order)

    def _as_one_decision(self, r: Resolution, tasks: list[Task]) -> list[Task]:
        """What was agreed in a talk is decided on as one, and stands as one thing to do, with all that led to it."""
        asked = protocol_of(r).stage(r.stage).answer
        decisions = [task for task in tasks if task.kind in DECIDED and not task.waits_for]
        if asked is None or asked.must != Must.SETTLE or len(decisions) < 2:
            return tasks
        # Their first dates may differ: what the whole of it asks for stands before what one action asks for.
        # Once the plan has ended, whether it goes on is asked before anything else.
        pages = [self.show.address(name, r.reference) for name in (done_on(Must.DECIDE_IF_IT_GOES_ON), "decide")]
        whole = next((task for page in pages for task in decisions if task.action_href == page), None)
        first = whole or min(decisions, key=lambda task: task.order)
        text, href = (whole.action_text, whole.action_href) if whole else ("Decide what to do", self._page(r))
        said = list(dict.fromkeys(task.happened for task in (first, *decisions)))
        more = f", and {len(said) - 2} more" if len(said) > 2 else ""
        kind = "missed" if any(task.kind == "missed" for task in decisions) else first.kind
        one = replace(
            first, kind=kind, happened=f"{'. '.join(said[:2])}{more}", action_text=text, action_href=href,
            day=min((task.day for task in decisions if task.day), default=None),
        )  # fmt: skip
        label, tone = self.show.date_words(r.authority, one.day)
        one = replace(one, label=label, tone=tone)
        return [one, *(task for task in tasks if task not in decisions)]

    @cached_property
    def calls_left(self) -> list[Task]:
        """Calls that were not recorded while it was open, and are long past: to record still, or to give up."""
        left = ((r, duty) for r in self.resolutions for duty in self.duties[r.pk] if self._is_left(r, duty))
        return sorted((self._call(r, duty) for r, duty in left), key=lambda task: task.order)

    def _is_left(self, r: Resolution, duty: Duty) -> bool:
        long_past = duty.due is not None and duty.due < london_date(self.now) - CALL_LEADS_FOR
        return duty.must == Must.RING and r.ended_at is not None and long_past

    def _call(self, r: Resolution, duty: Duty) -> Task:
        return self._task(r, duty.must, duty.who, duty.person, duty.due, duty.action)

    @cached_property
    def show(self) -> Presenter:
        return Presenter(self.person, self.now)

    @cached_property
    def resolutions(self) -> tuple[Resolution, ...]:
        return waiting_for(self.person, now=self.now, size=AT_MOST).rows

    def _tasks(self, r: Resolution) -> Iterator[Task]:
        turn = r.turn(self.now)
        mine = turn.person is not None and turn.person.pk in self.scope.people
        duties = self.duties[r.pk]
        if mine and turn.must not in OF_AN_ACTION:
            yield self._task(r, turn.must, turn.role, turn.person, r.due if r.turned(self.now) else day_of(turn))
        if r.turned(self.now) and r.next_must == Must.APPROVE and r.next_person_id in self.scope.people:
            # The date has passed, and the answer can still be approved.
            yield self._task(r, Must.APPROVE, r.next_role, r.next_person, r.due)
        for duty in duties:
            if duty.must in OF_AN_ACTION:
                yield self._task(r, duty.must, duty.who, duty.person, duty.due, duty.action)
            elif duty.must == Must.RING:
                if not self._is_left(r, duty):
                    yield self._call(r, duty)
            elif not (mine and is_the_same(duty.must, turn.must)):
                task = self._task(r, duty.must, duty.who, duty.person, self._day(r, duty), _spoken_with(r, duty))
                over = duty.must in SETTLING and turn.must not in SETTLING
                yield replace(task, waits_for=self.show.holder(r, turn)) if over else task
        # An agreed action without a date is no duty, and still the next thing.
        if mine and turn.must in OF_AN_ACTION and not any(duty.must == turn.must for duty in duties):
            yield self._task(r, turn.must, turn.role, turn.person, day_of(turn))

    def _day(self, r: Resolution, duty: Duty) -> date | None:
        """By when it is owed; an approval beside what the chair decides, by the date of the answer that has passed."""
        passed = self.passed.get(r.pk) if duty.must == Must.APPROVE else None
        return passed.due if passed is not None else duty.due

    def _task(
        self, r: Resolution, must: str, role: str, person: Person | None, day: date | None, action: str = ""
    ) -> Task:
        label, tone = self.show.date_words(r.authority, day)
        text, href = self._link(r, must, action)
        return Task(
            kind=self._kind(must, day),
            title=self.show.title(r),
            href=self.show.address("resolution", r.reference),
            concern=self.show.concern(r),
            stage=protocol_of(r).stage(r.stage).named,
            happened=self._happened(r, must, action),
            day=day,
            label=label,
            tone=tone,
            action_text=text,
            action_href=href,
            risk=self.show.risk(r),
            covering=self._covering(r, role, person),
            reference=r.reference,
        )

    def _kind(self, must: str, day: date | None) -> str:
        """A decision that is due is a decision; only once its day has passed is it a date missed."""
        kind = KINDS.get(must, "other")
        if kind == "missed" and (day is None or day >= london_date(self.now)):
            return "decide"
        return kind

    def _link(self, r: Resolution, must: str, action: str) -> tuple[str, str]:
        protocol = protocol_of(r)
        if must == Must.SPEAK:
            return f"Speak with the {protocol.title_of(action)}", self._page(r)
        text, name = to_do(must, protocol, r.stage)
        if name in ("action", "rung"):
            return text, self.show.address(name, r.reference, action) if action else self._page(r)
        judged = any(entry.type == "judged" for entry in self.entries[r.pk])
        # Once judged, the ways on stand on the resolution's own page.
        if name == "decide" and (judged or not worth_deciding(protocol, r.stage)):
            return text, self._page(r)
        return text, self.show.address(name, r.reference)

    def _page(self, r: Resolution) -> str:
        return self.show.address("resolution", r.reference)

    def _happened(self, r: Resolution, must: str, action: str) -> str:
        what, directed = self.agreed.get((r.pk, action), NO_ACTION)
        if must == DO and what:
            return f"{'Directed' if directed else 'Agreed'}: {what}"
        if must == CONFIRM and what:
            return f"Done: {what}"
        if must == Must.DECIDE_ON_THE_ACTION and what:
            return f"Not done in time: {what}"
        if must == Must.DECIDE_WHO_DOES_IT and what:
            return f"Nobody does it any more: {what}"
        if must == Must.AGREE_THE_DATE and what:
            return f"A new date is asked for: {what}"
        if must == Must.RING:
            return "Urgent action was recorded, or a risk raised"
        if must == Must.DECIDE_IF_IT_GOES_ON:
            return "A child’s plan ended"
        return what_happened(r, must, self.entries[r.pk], self.now, self.passed.get(r.pk))

    # What the tasks need, read once -------------------------------------------------------------------------------

    @cached_property
    def _numbers(self) -> list[int]:
        return [r.pk for r in self.resolutions]

    @cached_property
    def duties(self) -> defaultdict[int, list[Duty]]:
        """What the person still owes, by resolution; an answer that waits for approval is the approver's."""
        return owed_by(self.scope.people, self._numbers)

    @cached_property
    def entries(self) -> defaultdict[int, list[Entry]]:
        """What happened at the stage where each stands, oldest first."""
        return happened_at_stage(self._numbers)

    @cached_property
    def passed(self) -> dict[int, Duty]:
        """What somebody else owed at this stage by a day that was recorded as passed."""
        lapsed = [n for n, entries in self.entries.items() if any(entry.type == "date_lapsed" for entry in entries)]
        return passed_by(lapsed)

    @cached_property
    def agreed(self) -> dict[tuple[int, str], Wording]:
        """The wording of each agreed action."""
        return wording_of(n for n, duties in self.duties.items() if any(d.must in OF_AN_ACTION for d in duties))

    # Cover --------------------------------------------------------------------------------------------------------

    def _covering(self, r: Resolution, role: str, person: Person | None) -> str:
        if person is not None and person != self.person:
            return person.name
        found = self._found(r, role)
        absent = found.on_behalf_of if found is not None and found.person == self.person else None
        return absent.name if absent is not None else ""

    def _found(self, r: Resolution, role: str) -> Found | None:
        """Who plays the role here; asked only for somebody who covers, once for each team and role."""
        if len(self.scope.people) < 2 or not role:
            return None
        agencies = r.responsible_agency_id, r.raising_agency_id
        key = (r.protocol_id, role, r.team_id, r.chair_id, r.social_worker_id, *agencies)
        if key not in self._known:
            protocol = protocol_of(r)
            said = sentences(protocol).get(role)
            self._known[key] = find(said, case_of(r, protocol, None, self.now, Gathered()), self.now) if said else None
        return self._known[key]

    @cached_property
    def _known(self) -> dict[Sequence[object], Found | None]:
        return {}
