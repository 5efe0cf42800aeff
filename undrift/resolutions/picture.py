"""What is said of one resolution: its state, duties and people, read once and put into words. Pages draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from undrift.children.ages import age_text
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.events import Event
from undrift.engine.ladder.actions import may_drop_this, not_theirs
from undrift.engine.ladder.ending import disagreement_refused
from undrift.engine.ladder.rungs import Rung
from undrift.engine.ladder.state import ENDINGS, Action
from undrift.engine.ladder.state import Child as ChildState
from undrift.engine.refusal import Refusal
from undrift.resolutions.dated import Dated
from undrift.resolutions.in_a_line import listed, marked, over_for
from undrift.resolutions.on_plan import on_plan


@dataclass(frozen=True)
class Picture(Dated):
    """One resolution as one person sees it at one moment. Everything on the page comes from here."""

    # Parts of the page -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Safe for a tab, a bookmark and a browser's history: the reference only."""
        return f"{self.word.capitalize()} {self.resolution.reference}"

    @property
    def word(self) -> str:
        return self.rules.protocol.called_at(self.state.here.stage)

    @property
    def names_and_ages(self) -> str:
        today = london_date(self.now)
        aged = ((c, age_text(c.date_of_birth, c.expected_birth, today, c.died_on)) for c in self.children)
        return " · ".join(marked(f"{c.called}, {age}", self._over.get(str(c.pk))) for c, age in aged)

    @cached_property
    def _over(self) -> Mapping[str, str]:
        return over_for(self.state, self._on_plan_again)

    @cached_property
    def _on_plan_again(self) -> frozenset[str]:
        """Those whose plan has ended, by the record, and who have one: another, or its end stands on no file."""
        ended = [c.id for c in self.state.plans_ended]
        return on_plan(ended, london_date(self.now)) if ended else frozenset()

    @cached_property
    def identified_by(self) -> tuple[tuple[str, str], ...]:
        """What tells it from others, each with its name."""
        r = self.resolution
        return (
            ("Family", r.family.name if r.family else "Not on file"),
            (self.rules.protocol.words.chair, r.chair.name if r.chair else "Nobody yet"),
            ("Team", r.team.name if r.team else "Not on file"),
            *((("Agency", r.responsible_agency.name),) if r.responsible_agency else ()),
            ("Reference", r.reference),
            *((("To be completed", self.completed_by),) if self.completed_by else ()),
        )

    @property
    def completed_by(self) -> str:
        """By when what is asked for has to be completed, as long as this is open, and whether that has passed."""
        wanted = self.state.completion
        return self._by_day(wanted) if wanted is not None and self.state.ended is None else ""

    # Each child --------------------------------------------------------------------------------------------------

    @cached_property
    def public_ids(self) -> Mapping[str, str]:
        """How each child is named in an address, by id."""
        return {str(c.pk): c.public_id for c in self.children}

    @property
    def asked_about(self) -> Mapping[str, str]:
        """The children of whom something is still asked, by id: what is settled is not asked again."""
        return {c.id: self.names.get(c.id, "the child") for c in self.state.unsettled}

    @property
    def plan_over(self) -> str:
        """Where it is about one child whose plan has ended: since when; "" otherwise, or once the chair has decided."""
        only = [*self.state.children.values()] if self.state.ended is None else []
        alone = only[0] if len(only) == 1 else None
        return self.words_of_part(alone) if alone is not None and alone.plan_ended is not None else ""

    def words_of_part(self, child: ChildState) -> str:
        """How one child's part in it stands."""
        if child.ended is not None:
            how = ENDINGS.get(child.ended.ending, child.ended.ending)
            return f"Ended on {full_day(london_date(child.ended.at))}. {how}. {child.ended.why}"
        if self.state.ended is not None:
            return self.step.tag
        if child.id in self.state.dead:
            return "This part is held as it is: nothing is asked, and no date passes for this child."
        if child.id in self._on_plan_again and child.plan_ended is not None:
            return (
                f"The child has a plan again; one that ended on {full_day(child.plan_ended)} is on the record. "
                "The chair decides whether it goes on."
            )
        if child.plan_ended is not None:
            return f"The plan ended on {full_day(child.plan_ended)}. The chair decides whether it goes on."
        if not child.settled:
            return "Open"
        if self.state.open_actions:
            return "Agreed. It stays open until what was agreed is done."
        return "Agreed. It stays open until the chair says what changed."

    # What was agreed and promised --------------------------------------------------------------------------------

    @property
    def not_agreed_yet(self) -> tuple[tuple[str, str], ...]:
        """The actions that the answer promises and that are not agreed: id and wording."""
        answer = self.state.here.answer
        promised = answer.actions if answer is not None and answer.approved_at is not None else ()
        return tuple((a["id"], f"{a['what']} ({a['who']})") for a in promised if a["id"] not in self.state.actions)

    @property
    def left_open(self) -> tuple[str, ...]:
        """What is said before all of it ends with actions open: nobody is asked for one of them from then on."""
        return _said_of(self.state.open_actions, "not complete, and nobody is asked for {it} any more")

    def left_of(self, child: str) -> tuple[str, ...]:
        """What is said before it ends for one child and goes on for others: every action stays asked."""
        alone = [
            a for a in self.state.open_actions if not {c.id for c in self.state.taking_part} & {*a.children} - {child}
        ]
        return _said_of(alone, "for {name} alone, and {it_stays} asked until you end {it}", self.names.get(child, ""))

    def may_drop(self, action: Action) -> bool:
        """Whether the viewer may end this action."""
        return may_drop_this(self.rules, self.state, action, self.by, self.now) is None

    def may_update(self, action: Action) -> bool:
        """Whether it is the viewer's to say how far this action is."""
        return self.moves["finish_action"].allowed and self.not_theirs(action) is None

    def not_theirs(self, action: Action) -> Refusal | None:
        """Why it is not for the viewer to say how far this action is; None where it is."""
        return not_theirs(self.rules, self.state, action, self.by)

    @property
    def may_record_disagreement(self) -> bool:
        """At the highest stage, once there was an answer or its time is over, and it was not agreed."""
        return disagreement_refused(self.rules, self.state, self.now) is None

    @property
    def beyond(self) -> tuple[str, ...]:
        """For the chair: promised actions that lie beyond the time for completion that was set."""
        wanted = self.state.completion
        late = [(what, by) for what, _, by in self.promised if wanted is not None and by is not None and by > wanted]
        return tuple(
            f"“{what}” is promised for {full_day(by)}. It was to be completed by {full_day(wanted)}."
            for what, by in late
            if by is not None and wanted is not None
        )

    @property
    def never_late(self) -> tuple[str, ...]:
        """For the chair, before an answer is accepted: that nothing of it could ever become late."""
        here, answer = self.state.here, self.state.here.answer
        decides = set(self.stage.judged_by) & self.by.roles
        if answer is None or not here.answered or here.judged is not None or not decides:
            return ()
        if not answer.actions and answer.agree != "do not agree" and (without := self._without_an_action):
            return (without,)
        return ()

    @property
    def _without_an_action(self) -> str:
        """That nothing which was agreed is open for those who are asked about, or for some of them; "" where it is."""
        without = [c.id for c in self.state.unsettled if not any(a.open for a in self.state.actions_of(c.id))]
        if not without:
            return ""
        if not self.state.open_actions:
            return "The answer names no action. Once it is accepted, nothing here can become late."
        whose = listed([self.names.get(c, "a child") for c in without])
        return f"The answer names no action for {whose}. Once it is accepted, nothing can become late for {whose}."


def _said_of(left: Sequence[Action], what: str, name: str = "") -> tuple[str, ...]:
    """ "1 agreed action is ...", with what it is; nothing where there is none."""
    if not left:
        return ()
    count, it, stays = ("1 agreed action is", "it", "it stays")
    if len(left) > 1:
        count, it, stays = (f"{len(left)} agreed actions are", "them", "they stay")
    named = "; ".join(f"{a.what} ({a.who})" for a in left)
    return (f"{count} {what.format(it=it, it_stays=stays, name=name)}: {named}.",)


def when_of(rung: Rung) -> str:
    """The day of a rung: of the answer, once it is there, and until then the day it is due."""
    if rung.visit is None or rung.duty is None:
        return ""
    due = "was due" if rung.over else "due"
    if rung.waits is not None:
        return f"{due} {full_day(rung.waits, short=True)}"
    if rung.duty.met is not None:
        day = full_day(london_date(rung.duty.met), short=True)
        return f"{_MET.get(rung.duty.must, 'done')} {day}" if rung.went == "now" else day
    if rung.went == "now" and rung.duty.gone is not None:
        return ""
    return f"{due} {full_day(rung.duty.day, short=True)}" if rung.duty.day is not None else ""


# Under a rung that is left the words above the day say it.
_MET: Mapping[str, str] = {"respond": "answered", "settle": "done"}


def actor_of(entry: Event) -> str:
    if not entry.by.name:
        return ""
    return f"{entry.by.name}, on behalf of {entry.by.on_behalf_of}" if entry.by.on_behalf_of else entry.by.name
