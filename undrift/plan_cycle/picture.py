"""What is said of one child's part in a plan cycle: what is owed and by whom, the conferences, what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from undrift.access.scope import people_of
from undrift.children.models import Child
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.duties import Duty
from undrift.engine.events import By, Event
from undrift.engine.plan_cycle import telling
from undrift.engine.plan_cycle.agenda import agenda, followed
from undrift.engine.plan_cycle.between import was_asked
from undrift.engine.plan_cycle.decide import moves
from undrift.engine.plan_cycle.offers import Offer, offers
from undrift.engine.plan_cycle.on_file import OnFile, known
from undrift.engine.plan_cycle.prompts import Prompt, prompts
from undrift.engine.plan_cycle.sentences import whom_it_is_about
from undrift.engine.plan_cycle.standing import BEFORE_A_CONFERENCE, ENDED, ON_A_PLAN
from undrift.engine.plan_cycle.state import KINDS, Check, Conference, KeyAction, State, Taken
from undrift.engine.plan_cycle.state import Child as Part
from undrift.engine.refusal import Move
from undrift.engine.rules import Rules
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.plan_cycle.words import words_of
from undrift.record.keeping import actor
from undrift.record.models import Case


@dataclass(frozen=True)
class Picture:
    """One child's cycle as one person sees it at one moment. Nothing here is of a brother or sister alone.

    `case` has no number before the first act. `siblings` are the children of the family whom the viewer may see, this
    one first. `state` is the history's own; `seen` has laid over it what is on file.
    """

    child: Child
    siblings: tuple[Child, ...]
    viewer: Person
    now: datetime
    case: Case
    rules: Rules
    state: State
    file: OnFile
    history: tuple[Event, ...]
    found: Mapping[str, Found]

    @property
    def id(self) -> str:
        """The child's, as the engine has it."""
        return str(self.child.pk)

    @property
    def begun(self) -> bool:
        return self.case.pk is not None

    @property
    def may_begin_with_strategy(self) -> bool:
        """Whether it may begin with a strategy discussion: nothing is on record, and no plan on file."""
        return not self.begun and not self.part.has_plan

    @property
    def today(self) -> date:
        return london_date(self.now)

    @cached_property
    def seen(self) -> State:
        """Where it stands with what is on file."""
        return known(self.state, self.file)

    @property
    def part(self) -> Part:
        """What the cycle knows of this child."""
        return self.seen.children[self.id]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the children are called whom the viewer may see, by id."""
        return {str(child.pk): child.called for child in self.siblings}

    @cached_property
    def by(self) -> By:
        return actor(self.viewer, self.found, people_of(self.viewer, self.now))

    @cached_property
    def moves(self) -> Mapping[str, Move]:
        """What the viewer may do, each act by name with yes or why not."""
        return moves(self.rules, self.state, self.by, self.now)

    def may(self, act: str) -> bool:
        return self.moves[act].allowed

    # What is owed ------------------------------------------------------------------------------------------------

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """All that was ever owed for this child, met or not."""
        every = agenda(self.rules, self.seen)
        return tuple(duty for duty in every if self.id in whom_it_is_about(self.seen, duty))

    @cached_property
    def owed(self) -> tuple[Duty, ...]:
        """What is still to be done for this child, the soonest first, what has no date last."""
        return tuple(
            sorted((d for d in self.duties if d.owed), key=lambda d: (d.ends is None, d.ends or self.now, d.key))
        )

    @property
    def status(self) -> str:
        """Where it stands for this child, in two words or three."""
        if self.state.ended is not None:
            return ENDED
        if not self.part.open:
            return OFF_THE_PLAN
        return ON_A_PLAN if self.part.has_plan else BEFORE_A_CONFERENCE

    @property
    def sentence(self) -> str:
        """Whose turn it is for this child, for what, by when."""
        if not self.owed:
            return "Nothing is due for now."
        first = self.owed[0]
        day = f", by {full_day(first.day)}" if first.day is not None else ""
        return f"{self.what(first)}{day}. It is for {self.who(first)}."

    def what(self, duty: Duty) -> str:
        """What is to be done, in words: the policy's own for a step of it."""
        said, of = words_of(self.rules.protocol, duty.must), duty.subject
        if (conference := self.seen.conferences.get(of)) is not None:
            return f"{said}: {self.called(conference)}"
        if (action := self.seen.key_actions.get(of)) is not None:
            return f"{said}: {action.wording.rstrip('.')}"
        return said

    def who(self, duty: Duty) -> str:
        """Who has it: the person with the part, or all of them where several have it together."""
        if duty.name or duty.person:
            return duty.name
        title = self.rules.protocol.title_of(duty.who)
        found = self.found.get(duty.who)
        everyone = (found.everyone or (found.person,)) if found is not None else ()
        names = ", ".join(person.name for person in everyone if person is not None)
        return f"{names}, {title}" if names else f"{title}: nobody on file"

    def why(self, duty: Duty) -> tuple[str, ...]:
        """How its date was worked out, a sentence each."""
        if duty.due is None or duty.due.date is None:
            return ()
        return self.rules.proof(duty.due, self.case.authority.name).lines

    @property
    def to_join(self) -> tuple[Child, ...]:
        """The children of the family, whom the viewer may see, who are no part of it."""
        return tuple(child for child in self.siblings if str(child.pk) not in self.state.children)

    # Conferences -------------------------------------------------------------------------------------------------

    @cached_property
    def conferences(self) -> tuple[Conference, ...]:
        """Those about this child, the latest first; those that a file alone knows among them."""
        about = [c for c in self.seen.conferences.values() if self.id in c.children]
        return tuple(sorted(about, key=_day_of, reverse=True))

    @property
    def ahead(self) -> tuple[Conference, ...]:
        """Those of the record that are still to be held."""
        return tuple(
            c for c in self.conferences if c.id in self.state.conferences and self.state.conferences[c.id].ahead
        )

    @property
    def held(self) -> tuple[Conference, ...]:
        """Those of the record that were held, the latest first."""
        return tuple(
            c for c in self.conferences if c.id in self.state.conferences and self.state.conferences[c.id].held
        )

    def conference(self, key: str) -> Conference | None:
        """One about this child that the record knows."""
        found = self.state.conferences.get(key)
        return found if found is not None and self.id in found.children else None

    def called(self, conference: Conference) -> str:
        """Review conference, Thursday 4 June 2026."""
        day = conference.held.on if conference.held is not None else conference.on
        said = f"{KINDS[conference.kind]}, {full_day(day, short=True) if day is not None else 'no date yet'}"
        return f"{said}{self._planned_by(conference)}"

    def _planned_by(self, conference: Conference) -> str:
        """Of one that a file alone plans, of which day the file is; "" for any other."""
        if conference.number or not conference.ahead:
            return ""
        told = next((p.told for p in self.file.planned if (p.kind, p.on) == (conference.kind, conference.on)), None)
        return f" (from the file of {full_day(told, short=True)})" if told is not None else " (from a file)"

    @property
    def sheet_not_recorded(self) -> str:
        """Of a conference that only a file knows: what is known of its sheet, and how it comes to be known here."""
        way = " Record what it decided, and then when the sheet was sent." if self.may("hold_conference") else ""
        return f"Not recorded here: no file says when it was sent.{way}"

    @property
    def key_actions(self) -> tuple[KeyAction, ...]:
        return tuple(a for a in self.state.key_actions.values() if self.id in a.children)

    def may_feed_back(self, action: KeyAction) -> bool:
        """Whether it is the viewer's to say how it stands, or the chair's."""
        if not self.may("feed_back") or action.fed_back is not None:
            return False
        owes = {step.who for step in self.rules.protocol.met_by("key action fed back")} | {self.rules.protocol.chair}
        return was_asked(action, self.by) or bool(self.by.roles & owes)

    def may_decide(self, taken: Taken) -> bool:
        """Whether an appeal or a complaint is the viewer's to decide on."""
        route = self.rules.protocol.route(taken.route)
        waits = route is not None and taken.upheld is None and bool(self.by.roles & set(route.decided_by))
        return waits and self.may("decide_route")

    @cached_property
    def askable(self) -> Mapping[str, tuple[str, str]]:
        """Whom one may ask to tell the chair how something stands: by number, their name and the parts they play.

        Two of one name have their addresses there too: nothing else is sure to tell them apart.
        """
        title_of, parts = self.rules.protocol.title_of, self.found.items()
        people = dict.fromkeys(person for found in self.found.values() for person in found.everyone)
        names = Counter(person.name for person in people)
        asked = {}
        for person in people:
            of = [title_of(role) for role, found in parts if person in found.everyone]
            asked[str(person.pk)] = person.name, ", ".join([*of, person.email] if names[person.name] > 1 else of)
        return asked

    # What may be raised, and what not to overlook ----------------------------------------------------------------

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """What a concern about this child may be raised of."""
        return tuple(o for o in offers(self.rules, self.seen, self.now) if self.id in o.children)

    def offered(self, offer: Offer) -> str:
        """What an offer is of, in words."""
        kind, _, of = offer.key.partition(":")
        stage = self.rules.protocol.stage(offer.stage).named
        said = OFFERED.get(kind, "Something was not done in time").format(check=self.rules.protocol.check)
        duty = next((duty for duty in self.duties if duty.key == of), None) if kind == "late" else None
        what = f"Not in time: {self.what(duty)}" if duty is not None else said
        return f"{what}. The policy offers {stage}"

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        return prompts(self.rules, self.state, self.file, self.id, self.today)

    def led_to(self, check: Check) -> str:
        """What became of the next step that a check stated."""
        if check.next_step == "none":
            return ""
        at = followed(self.state, check)
        if at is None:
            return "Still to be done"
        taken, why = self.state.taken_up.get(f"check:{check.id}"), self.state.declined.get(f"check:{check.id}")
        said = f": {taken[0]}" if taken else f": nothing was raised. {why[0]}" if why else ""
        return f"Done on {full_day(london_date(at), short=True)}{said}"

    # What happened -----------------------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> Sequence[telling.Entry]:
        """The history that is of this child, the latest first."""
        told = telling.entries(self.rules, self.history, self.names)
        return [entry for entry in told if self.id in entry.children][::-1]


OFF_THE_PLAN = "No plan now"
OFFERED: Mapping[str, str] = {
    "cancelled": "A conference was cancelled",
    "discussion": "The discussion before the conference found a concern",
    "not done": "A key action is not done",
    "not accepted": "A recommendation was not accepted",
    "check": "The {check} found a concern",
}


def _day_of(conference: Conference) -> tuple[date, str]:
    day = conference.held.on if conference.held is not None else conference.on
    return day or max(conference.dates, default=date.min), conference.id
