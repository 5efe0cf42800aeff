"""Where a resolution stands in one sentence, until when, and why each of its dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from undrift.engine.dates.horizons import far_ahead
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.duties import Duty
from undrift.engine.ladder.agenda import later_date, waits_until
from undrift.engine.ladder.moving import due_here, longest, longest_again
from undrift.engine.ladder.state import ENDINGS
from undrift.engine.musts import Deed, Must
from undrift.protocol.clocks import say
from undrift.resolutions.written import Written

STILL: Mapping[str, str] = {"approve": "You can still approve the response.", "respond": "You can still respond."}

DOING: Mapping[Must, str] = {
    Must.RESPOND: "respond",
    Must.APPROVE: "approve the response",
    Must.SETTLE: "do what was agreed",
    Must.DO_WHAT_WAS_AGREED: "do what was agreed",
    Must.DECIDE: "read the response and decide",
    Must.DECIDE_NEXT: "decide what to do",
    Must.CONFIRM_THE_ACTION: "confirm that an action is complete",
    Must.DO_THE_ACTION: "do what was agreed",
    Must.RESOLVE: "say what changed and close it",
    Must.SPEAK: "speak with the manager",
    Must.DRAFT: "send a draft to the approver",
    Must.DECIDE_ON_THE_ACTION: "decide on an action that is late",
    Must.AGREE_THE_DATE: "answer about a new date",
    Must.DECIDE_IF_IT_GOES_ON: "decide whether it goes on after the plan",
    Must.DECIDE_WHO_DOES_IT: "decide who does an action",
    Must.DECIDE_WHOSE: "decide whose it is to answer",
    Must.RING: "ring and make sure that the child is safe",
}
DATE_OF: Mapping[Must, str] = {
    Must.RESPOND: "the response",
    Must.APPROVE: "the response",
    Must.SETTLE: "what was agreed",
    Must.DO_WHAT_WAS_AGREED: "what was agreed",
    Must.DECIDE: "the decision",
    Must.DECIDE_NEXT: "the decision",
    Must.DO_THE_ACTION: "the action",
    Must.CONFIRM_THE_ACTION: "the confirmation",
    Must.RESOLVE: "what changed",
    Must.DECIDE_ON_THE_ACTION: "the decision",
    Must.AGREE_THE_DATE: "the decision",
    Must.DECIDE_IF_IT_GOES_ON: "the decision",
    Must.DECIDE_WHO_DOES_IT: "the decision",
    Must.DECIDE_WHOSE: "the decision",
    Must.SPEAK: "the talk",
    Must.DRAFT: "the draft",
    Must.RING: "the call",
}


@dataclass(frozen=True)
class Dated(Written):
    """Where it stands, and why each date."""

    @cached_property
    def sentence(self) -> str:
        """One sentence of where it stands: who, what, by when."""
        if self.step.none_because:
            if (ended := self.state.ended) is None:
                return self.step.none_because
            return f"{self.status} on {full_day(london_date(ended.at))} by {ended.by.name}."
        if self.step.must == Must.DO_WHAT_WAS_AGREED and (agreed := self._in_hand()):
            return f"{self.stage.title}. Waiting for {agreed} to do what was agreed. {self._checked_again()}"
        name = "you" if self.mine else self.next_name
        doing = self._to_do(self.step.must)
        if self.step.must == Must.DO_THE_ACTION and self._is_directed():
            doing = "do what was directed"
        return f"{self.stage.title}. Waiting for {name} to {doing}{self._by_when()}."

    def _is_directed(self) -> bool:
        """Whether what is waited for is what a Chief Officer directs."""
        duty = self.step.duty
        action = self.state.actions.get(duty.action) if duty is not None else None
        return action is not None and action.directed

    def _in_hand(self) -> str:
        """Who still has to do something that was agreed in a talk, each with the day of it; "" where nothing is."""
        whose = ((a, "you" if a.person == self.by.person else a.who) for a in self.state.actions.values() if a.to_do)
        said = [f"{who} (by {full_day(a.by)})" if a.by else who for a, who in whose]
        return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)

    def _checked_again(self) -> str:
        """When the chair looks at it again: a day of its own, not that of an action."""
        judges = self.stage.judged_by
        who = "You check" if self.by.roles & set(judges) else f"{self.holder(judges[0])} checks"
        return f"{who} again{self._by_when().replace(' by ', ' on ', 1)}."

    @property
    def ended_because(self) -> str:
        """How it ended and why, in the words of whoever ended it; "" while it is open, or when it was resolved."""
        ended = self.state.ended
        if ended is None:
            return ""
        how = ENDINGS.get(ended.ending, ended.ending)
        return " ".join(f"{said.rstrip('.')}." for said in (how, ended.why) if said)

    @property
    def courtesy(self) -> str:
        """The earlier date by which the chair asked for the response; "" where none was asked for or it is over."""
        here = self.state.here
        if here.asked_by is None or self.state.ended or here.answered or self.not_asked:
            return ""
        chair = self.holder(self.stage.judged_by[0])
        return f"{chair} asks for the response by {full_day(here.asked_by)}. The due date stays as it is."

    @property
    def allowed(self) -> str:
        """The date that has passed without a response, and the time that the policy gives; "" while it runs."""
        duty, ended = self.clock_duty, self.state.ended
        if ended or duty is None or duty.must != Must.RESPOND or not duty.owed or duty.due is None:
            return ""
        if duty.day is None or duty.day >= london_date(self.now):
            return ""
        within = self.rules.in_words(duty.due.clock, self.resolution.authority.name)
        return f"The policy’s date for the response was {full_day(duty.day)}. It allows {within}."

    @property
    def still_open_to_them(self) -> str:
        """For whoever did not answer or approve in time: that they still can; "" for others, and while it is theirs."""
        if self.mine or self.state.ended is not None or self.step.must not in (Must.DECIDE_NEXT, Must.DECIDE):
            return ""
        late = next((said for act, said in STILL.items() if self.moves[act].allowed), "")
        return f"{late} {self.holder(self.stage.judged_by[0])} decides what happens next." if late else ""

    @property
    def no_time_left(self) -> str:
        """For whoever decides: why no more time can be given here; "" where it can, or nobody would ask."""
        refusal = self.moves["give_more_time"].refusal
        return refusal.sentence if refusal is not None and refusal.code == "no-time-left" else ""

    @property
    def who_set_the_date(self) -> str:
        """Of the first date at this stage: whether it was agreed, or set by the chair or by the policy."""
        if self.is_settled_in_a_talk:
            return "was agreed"
        return "was set" if self.stage.chair_sets_date else "the policy sets"

    @property
    def is_settled_in_a_talk(self) -> bool:
        """Whether nobody answers here: what was agreed is to be done by its date."""
        return self.stage.answer is not None and self.stage.answer.must == Must.SETTLE

    @property
    def bounds_of_more_time(self) -> str:
        """Between which days a later date lies, as the hint of its field."""
        clock, last = longest(self.rules, self.state, self.now)
        now = waits_until(self.rules, self.state, self.state.here)
        due = due_here(self.stage)
        after = f"After {full_day(london_date(now), short=True)}, {due}. " if now else ""
        if last is None:
            return f"{after}{far_ahead(london_date(self.now))}"
        said = "the policy allows at most" if self.stage.chair_sets_date else "as long again at most,"
        return f"{after}{full_day(last, short=True)} at the latest: {said} {say(clock)}"

    @property
    def latest_again(self) -> str:
        """How late another answer may be asked for, as the hint of its field."""
        clock, last = longest_again(self.rules, self.state, self.now)
        if last is None:
            return far_ahead(london_date(self.now))
        return f"{full_day(last, short=True)} at the latest: as long as the first time, {say(clock)}"

    @property
    def approval(self) -> str:
        """Who must approve the response, and by when: the approved response meets the date. "" where nobody has to."""
        asked = self.stage.answer
        if asked is None or not asked.approved_by or self.step.must not in (Must.RESPOND, Must.APPROVE):
            return ""
        if self.day is None or self.day < london_date(self.now):
            return ""
        return f"{self.holder(asked.approved_by)} must approve by {full_day(self.day, short=True)}."

    def _by_when(self) -> str:
        day = self.day
        if day is None:
            return "; no date is set"
        label = due_label(day, self.now, self.rules.calendar)
        moved = f"; the first date was {full_day(self._first_day, short=True)}" if self._first_day else ""
        return f" by {full_day(day)} ({label[:1].lower()}{label[1:]}{moved})"

    @property
    def day(self) -> date | None:
        """The day of the next step: the policy's, or the later one that the chair gave."""
        return self.step.day

    @property
    def _first_day(self) -> date | None:
        """The date of the answer that is waited for, where the chair has given a later one since."""
        return self.step.duty.day if self.step.later and self.step.duty else None

    @cached_property
    def clock_duty(self) -> Duty | None:
        """The duty whose date the policy sets at this stage."""
        number = len(self.state.visits)
        return next((d for d in self.duties if d.visit == number and d.basis == "policy"), None)

    @cached_property
    def why_dates(self) -> tuple[tuple[str, str, Sequence[str]], ...]:
        """For each date that runs: the question, the rule with its clause, and the days one by one.

        Where the chair gave a later one, that comes first; the policy's, if it still runs, is called the first date.
        """
        later = self._later_date
        clock = None if self.not_asked else self.clock_duty
        wanted = [d for d in (clock, self.step.duty, self.talk_owed) if d is not None and d.due is not None]
        duties = [d for d in dict.fromkeys(wanted) if later is None or d != self.clock_duty or d.met is None]
        many = len(duties) + (later is not None) > 1
        return (
            *((later,) if later is not None else ()),
            *(
                (_question(duty, many, moved=later is not None), self._rule(duty), self._proof_lines(duty))
                for duty in duties
            ),
        )

    @property
    def _later_date(self) -> tuple[str, str, Sequence[str]] | None:
        """The later date that the chair gave for the answer, as a date with its reason; None where there is none."""
        duty, later = self.clock_duty, later_date(self.rules, self.state, self.state.here)
        given = next((e for e in reversed(self.history) if e.type in ("asked_again", "more_time_given")), None)
        if duty is None or later is None or later.date is None or given is None or self.not_asked:
            return None
        did = "asked for another answer" if given.type == "asked_again" else "gave more time"
        said = f"{given.by.name} {did} on {full_day(london_date(given.at))}: by {full_day(later.date)}."
        moved = duty._replace(due=later)
        title = self.rules.protocol.title_of(duty.who)
        rule = f"{title}: {self._to_do(duty.must)}. A later date, given by {given.by.name}."
        return _question(moved, True), rule, (said, self.state.here.until_why)

    def _proof_lines(self, duty: Duty) -> Sequence[str]:
        assert duty.due is not None
        return self.rules.proof(duty.due, self.resolution.authority.name).lines

    def _rule(self, duty: Duty) -> str:
        title = self.rules.protocol.title_of(duty.who) if duty.who else duty.name
        basis = {
            "policy": f"The policy, {duty.clause}" if duty.clause else "The policy",
            "authority": "This council's own target",
            "courtesy": "A courtesy",
            "agreed": "Agreed",
        }[duty.basis]
        return f"{title}: {self._doing(duty)}. {basis}."

    def _doing(self, duty: Duty) -> str:
        """What is owed; there is a response to read only where one came."""
        nothing_to_read = duty.must == Must.DECIDE and not self.state.here.answered
        return self._to_do(Must.DECIDE_NEXT if nothing_to_read else duty.must)

    def _to_do(self, deed: Deed | Literal[""]) -> str:
        """What somebody has to do, to be read after who."""
        if isinstance(deed, Must):
            return DOING[deed]
        step = self.rules.protocol.milestone(deed)
        return f"record this step: {step.title}" if step is not None else "record a step of the plan cycle"


def _question(duty: Duty, among_others: bool, *, moved: bool = False) -> str:
    """Where several dates run, each says what it is the date of: two of them may be the same day.

    `moved`: the answer's own date is not the one that counts now.
    """
    if moved and duty.is_answer and duty.day is not None:
        return f"Why was the first date {full_day(duty.day, short=True)}?"
    named = DATE_OF[duty.must] if isinstance(duty.must, Must) else "this step"
    of = named if among_others else ""
    if duty.day is None:
        return f"Why is there no date for {of}?" if of else "Why is there no date?"
    day = full_day(duty.day, short=True)
    return f"Why {day} for {of}?" if of else f"Why {day}?"
