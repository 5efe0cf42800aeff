"""One resolution as one person sees it at one moment: its state, whose turn it is, and who plays which part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from undrift.access.fetching import shown_by_glass
from undrift.children.models import Child
from undrift.engine.duties import Duty
from undrift.engine.events import By, Event
from undrift.engine.ladder.acts import ActionAsked, GiveAction
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import Action, State
from undrift.engine.next_step import NextStep
from undrift.engine.refusal import Move
from undrift.engine.rules import Rules
from undrift.people.finders import roles_of
from undrift.people.found import Found, in_full
from undrift.people.kept_rosters import roster_of
from undrift.people.models import Person
from undrift.people.peers import Peer, could_chair, could_take
from undrift.protocol.model import Stage
from undrift.resolutions.models import Resolution
from undrift.resolutions.whom_an_act_names import may_be_asked


@dataclass(frozen=True)
class Seen:
    """One resolution as one person sees it at one moment. What pages say of it is said upon this (`picture`)."""

    resolution: Resolution
    rules: Rules
    history: Sequence[Event]
    state: State
    children: Sequence[Child]
    found: Mapping[str, Found]
    viewer: Person
    now: datetime
    then: Mapping[str, Found] | None = None  # as they were when it ended
    pages: tuple[str, ...] = ()  # the public ids of the children whose own pages the viewer may open

    @cached_property
    def by(self) -> By:
        """The viewer, with the roles held in this resolution."""
        return By(str(self.viewer.pk), self.viewer.name, roles_of(self.viewer, self.found))

    @cached_property
    def stage(self) -> Stage:
        return self.rules.protocol.stage(self.state.here.stage)

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        return agenda(self.rules, self.state, self.now)

    @cached_property
    def step(self) -> NextStep:
        return standing(self.rules, self.state, self.now, self.duties)

    @cached_property
    def moves(self) -> Mapping[str, Move]:
        return moves(self.rules, self.state, self.by, self.now)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Children's first names by id."""
        return {str(c.pk): c.called for c in self.children}

    # People ------------------------------------------------------------------------------------------------------

    def holder(self, role: str) -> str:
        """Who plays this role today, by name; the role's title where nobody does."""
        here = self.shown.get(role)
        if here is None or here.person is None:
            return f"the {self.rules.protocol.title_of(role)}"
        return here.person.name

    def spoken_with(self, role: str) -> str:
        """Whom a talk is said to be with: whoever plays the role, or the group, where several play it together."""
        several = self.rules.protocol.roles[role].several
        return self.rules.protocol.title_of(role) if several else self.holder(role)

    def holder_in_full(self, role: str) -> str:
        """Everybody who plays it: in the part, beside it for a brother or sister, and whom nobody could tell."""
        here = self.shown.get(role)
        if here is None:
            return f"Nobody holds this post ({self.rules.protocol.title_of(role)})"
        return in_full(here, self.rules.protocol.title_of(role))

    @property
    def shown(self) -> Mapping[str, Found]:
        """Who played which role when it ended; while it is open, who plays it."""
        return self.found if self.then is None else self.then

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Everybody who plays a part here: number by name in small letters."""
        people = (person for here in self.found.values() for person in here.everyone)
        return {person.name.lower(): str(person.pk) for person in people if person.pk in self.askable}

    @property
    def doers(self) -> Mapping[str, str]:
        """Everybody of the case who can be given something to do here: by name, what they are here."""
        title_of, parts = self.rules.protocol.title_of, self.found.items()
        return {
            person.name: ", ".join(title_of(role) for role, here in parts if person in here.everyone)
            for person in dict.fromkeys(person for here in self.found.values() for person in here.everyone)
            if person.pk in self.askable
        }

    @cached_property
    def askable(self) -> frozenset[int]:
        """Those of them who may be given something to do here, or be told of it. One query."""
        people = {person for here in self.found.values() for person in here.everyone}
        return may_be_asked(people, self.resolution, self.now)

    def could_take(self, role: str) -> tuple[Peer, ...]:
        """Who could take this part besides whoever has it: peers first, then those above; nobody below. Two queries.

        Nobody who decides here, nobody who raised it or gave the answer that is to be approved, and nobody who could
        not open it.
        """
        roster = roster_of(self.resolution.authority, (), self.now)
        judges = self.stage.judged_by
        here = self.found[role]
        if role in judges:
            peers = could_chair(roster, self.resolution.authority)
            out = {person.pk for person in (here.person, here.on_behalf_of) if person is not None}
        else:
            peers = could_take(here, roster)
            out = {person.pk for judge in judges for person in self.found[judge].everyone}
            out |= {here.person.pk} if here.person is not None else set()
            out |= self._answered(role)
        may = may_be_asked([peer.person for peer in peers if peer.person.pk not in out], self.resolution, self.now)
        return tuple(peer for peer in peers if peer.person.pk in may)

    def _answered(self, role: str) -> set[int]:
        """Who may not take this part for what they did: raise it, or answer what is to be approved."""
        asked, answer = self.stage.answer, self.state.here.answer
        done = [self.state.raised_by.person]
        if asked is not None and role == asked.approved_by:
            done.append(answer.by.person if answer is not None else "")
            done += [str(person.pk) for person in self.found[asked.who].everyone]
        return {int(number) for number in done if number.isdigit()}

    def asked_of(self, what: str, who: str, by: date | None) -> ActionAsked:
        """An agreed action; where the name is one we know, it is on that person's own list from then on."""
        return ActionAsked(what, who, by, person=self.known.get(who.strip().lower(), ""))

    def given_to(self, action: Action, who: str, why: str) -> GiveAction:
        """An agreed action given to somebody else, who has it on their own list where we know the name."""
        return GiveAction(action.id, who, why, person=self.known.get(who.strip().lower(), ""))

    @property
    def not_mine(self) -> tuple[str, ...]:
        """What whoever is asked says of whose it is instead, and who decides; nothing where nobody says so."""
        said = self.state.whose if self.state.ended is None else None
        if said is None:
            return ()
        why = f"{said.by.name} says that this is not theirs to answer. It belongs to {said.who}: {said.why}"
        return why, f"{self.holder(self.stage.judged_by[0])} decides. Until then it stays with {said.by.name}."

    @property
    def next_name(self) -> str:
        return self.step.name or (self.holder(self.step.who) if self.step.who else "")

    @property
    def read_only(self) -> bool:
        """Whether an emergency opening alone opens it to the viewer."""
        return shown_by_glass(self.viewer)

    @property
    def mine(self) -> bool:
        """Whether the next step is the viewer's own."""
        if self.step.person:
            return self.step.person == self.by.person
        return bool(self.step.who) and self.step.who in self.by.roles
