"""A concern on its way: what has been typed, and what it is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from undrift.desks.concern.matter import Matter, agencies, asks_for_agency, matter_of
from undrift.desks.concern.suggestion import Suggestion, for_risk, is_grave, starts, suggest
from undrift.desks.concern.typed_so_far import FORMAL, INFORMAL, Answers, opened
from undrift.desks.frame.signed import SignedRequest
from undrift.people.kept_rosters import roster_of
from undrift.people.models import Agency, Person
from undrift.people.peers import Peer, could_take
from undrift.protocol.model import Protocol, Stage
from undrift.resolutions.models import Resolution
from undrift.resolutions.whom_an_act_names import could_open

if TYPE_CHECKING:
    from undrift.children.models import Child


@dataclass
class Raising:
    """An unsent concern and the family it is about. Its properties read what has been typed so far."""

    answers: Answers
    matter: Matter

    @property
    def informal(self) -> bool:
        return self.answers.draft.kind == INFORMAL

    @property
    def protocol(self) -> Protocol:
        return self.matter.protocol

    @property
    def chosen(self) -> tuple[Child, ...]:
        """The children ticked so far; those of the family who are not the person's to see are never among them."""
        ticked = self.answers.typed.getlist("children")
        return tuple(child for child in self.matter.children if child.public_id in ticked)

    @property
    def risk(self) -> bool:
        return self.answers.typed.get("risk") == "yes"

    @property
    def at_risk(self) -> tuple[Child, ...]:
        """The children who are said to be at immediate risk; the only one, where it is about one."""
        if not self.risk or len(self.chosen) < 2:
            return self.chosen if self.risk else ()
        ticked = self.answers.typed.getlist("at_risk")
        return tuple(child for child in self.chosen if child.public_id in ticked)

    @property
    def below_risk(self) -> str:
        """That the policy has an immediate risk at a higher stage than the chosen one; "" where it has not."""
        usual = for_risk(starts(self.protocol, informal=False)) if self.risk else None
        if usual is None or self.stage is None or self.stage_of(usual) <= self.stage_of(self.stage):
            return ""
        return f"The policy has an immediate risk at {usual.named} or above. You chose {self.stage.named}."

    def stage_of(self, stage: Stage) -> int:
        return self.protocol.position(stage.id)

    @property
    def suggestion(self) -> Suggestion:
        return suggest(self.protocol, self.answers.typed.getlist("grounds"), self.risk)

    @property
    def stage(self) -> Stage | None:
        """The stage it starts at: the informal one, or the formal one chosen so far."""
        offered = starts(self.protocol, informal=self.informal)
        if self.informal:
            return offered[0]
        return next((s for s in offered if s.id == self.answers.typed.get("stage")), None)

    @property
    def talk_with(self) -> str:
        """The role with whom a conversation comes first, or was held before an informal record became formal; or ""."""
        first = self.stage.speak_first if self.stage else None
        return first.to if first else self.answers.typed.get("talked", "")

    @property
    def ways_to_speak(self) -> tuple[str, ...]:
        """How the policy wants that conversation to be held; the informal one was held as its own stage asks."""
        first = self.stage.speak_first if self.stage else None
        return first.prefer if first and "talked" not in self.answers.typed else ()

    @property
    def grave(self) -> bool:
        return self.stage is not None and is_grave(self.protocol, self.stage)

    @property
    def asks_for_agency(self) -> bool:
        return self.stage is not None and asks_for_agency(self.protocol, self.stage)

    @cached_property
    def agencies(self) -> list[Agency]:
        return agencies(self.matter)

    @cached_property
    def of_agency(self) -> dict[str, Matter]:
        """The matter as each agency's, by the agency's number."""
        return {str(a.pk): self.as_sent(a) for a in self.agencies}

    @property
    def agency(self) -> Agency | None:
        if not self.asks_for_agency:
            return None
        return next((a for a in self.agencies if str(a.pk) == self.answers.typed.get("agency")), None)

    @property
    def case(self) -> Matter:
        """The matter as it would be sent now: it finds who plays which part."""
        return self.as_sent(self.agency)

    def as_sent(self, agency: Agency | None) -> Matter:
        """About the children that are chosen, at the stage that is chosen, with this agency."""
        chosen, stage = self.chosen or self.matter.children, self.stage.id if self.stage else ""
        asked = (chosen, stage, agency)
        if asked not in self._sent:
            self._sent[asked] = self.matter.raised(*asked)
        return self._sent[asked]

    @cached_property
    def _sent(self) -> dict[tuple[tuple[Child, ...], str, Agency | None], Matter]:
        """Each finds its people once."""
        return {}

    @cached_property
    def earlier(self) -> dict[str, list[Resolution]]:
        """What was raised before, by what is typed so far: kept for `concern.earlier`, which asks once a page."""
        return {}

    def name_of(self, role: str) -> str:
        """The person in the role, or the role's title where nobody was found."""
        found = self.case.found.get(role)
        person = found.person if found else None
        return person.name if person else f"the {self.protocol.title_of(role)}"

    @property
    def post_asked(self) -> str:
        """The post that answers, and whose it is, where nobody holds it and it falls to nobody; "" otherwise."""
        asked = self.stage.answer if self.stage else None
        found = self.case.found.get(asked.who) if asked else None
        if asked is None or found is None or not found.vacant:
            return ""
        return f"{self.protocol.title_of(asked.who)}{f' at {self.agency.name}' if self.agency else ''}"

    @cached_property
    def instead(self) -> list[Peer]:
        """Who could be asked where nobody holds the post: people of that body who could open it. Else none."""
        asked = self.stage.answer if self.stage and self.post_asked else None
        if asked is None:
            return []
        authority, now = self.matter.children[0].authority, self.matter.now
        return could_take(self.case.found[asked.who], roster_of(authority, (), now))

    @property
    def askable(self) -> frozenset[int]:
        """Those who play a part here and could open the record, by number: nobody else is told or asked. One query."""
        people = frozenset(person for m in self._each for here in m.found.values() for person in here.everyone)
        if people not in self._opening:
            self._opening[people] = could_open(people, self.matter.children[0].authority, self.matter.now)
        return self._opening[people]

    @cached_property
    def _opening(self) -> dict[frozenset[Person], frozenset[int]]:
        """Who could open it is found once for the same people."""
        return {}

    @property
    def _each(self) -> Collection[Matter]:
        return self.of_agency.values() if self.asks_for_agency and self.agency is None else (self.case,)

    @property
    def doers(self) -> dict[str, str]:
        """Everybody who plays a part here, of whichever agency until one is chosen: by name, what they are here."""
        titles: dict[str, dict[str, None]] = {}
        askable = self.askable
        for matter in self._each:
            for role, here in matter.found.items():
                for person in (one for one in here.everyone if one.pk in askable):
                    titles.setdefault(person.name, {})[self.protocol.title_of(role)] = None
        return {name: ", ".join(said) for name, said in titles.items()}

    @property
    def receiver(self) -> str:
        """Whom the button names."""
        asked = self.stage.answer if self.stage else None
        return self.name_of(asked.who) if asked else "the chair"


def open_raising(request: SignedRequest, draft_id: int, *kinds: str) -> Raising:
    """The person's own draft and the children it is about. 404 where either is not theirs to see."""
    answers = opened(request, draft_id, *(kinds or (INFORMAL, FORMAL)))
    return Raising(answers, matter_of(request, answers.family))
