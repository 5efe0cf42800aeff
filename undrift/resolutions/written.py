"""What was written in a resolution, put into words: risks, answers, decisions, actions, who was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from undrift.engine.correcting import entry_refused
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.duties import Duty
from undrift.engine.events import Event
from undrift.engine.ladder import telling
from undrift.engine.ladder.agenda import asked_about_anew
from undrift.engine.ladder.pointers import pointers
from undrift.engine.ladder.rungs import Rung, ladder
from undrift.engine.ladder.state import Action, Answer, Urgent
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal
from undrift.people.finders import TELL
from undrift.record.unreached import not_reached
from undrift.resolutions import answers_said
from undrift.resolutions.in_a_line import listed, risk_words
from undrift.resolutions.plan_cycle import held_in_the_cycle, last_conference_day
from undrift.resolutions.seen import Seen

_INSTEAD = "The chair can ask somebody else to take it on, and those who keep the posts have been told."
PROGRESS: Mapping[str, str] = {
    "agreed": "Not started",
    "in progress": "In progress",
    "done": "Done, waiting for chair",
    "complete": "Complete",
    "dropped": "No longer needed",
}


DECIDED_ABOUT: Mapping[str, str] = {
    "action_date_changed": "Why the new date",
    "action_date_declined": "Why the date stays",
    "action_given": "Why somebody else does it",
    "action_dropped": "Why it was ended",
}


class Risk(NamedTuple):
    """One immediate risk: of which children (where there are several), what was done, by whom and when, who rang."""

    whose: str
    what: str
    by: str
    call: str


@dataclass(frozen=True)
class Written(Seen):
    """What was written in it."""

    @cached_property
    def conference_day(self) -> date | None:
        """The day of the latest conference about the family; None where none is on file. One query."""
        return last_conference_day(self.resolution.family_id)

    @cached_property
    def asked_in_full(self) -> tuple[tuple[str, str], ...]:
        """What was written when it came to this stage and before, each with its heading; nothing that is empty."""
        state, protocol = self.state, self.rules.protocol
        occasion = next((o.title for o in protocol.occasions if o.id == state.occasion), "")
        by = full_day(state.completion) if state.completion else ""
        rows = (
            ("When it came up", occasion),
            ("What has been tried", state.tried),
            ("Why this stage", state.here.why or state.why_this_stage),
            ("The recommendation, as worded at the conference", state.recommendation),
            ("What is asked for", self.asked),
            ("To be completed by", by),
            ("Linked to an earlier concern", state.linked),
        )
        return tuple((heading, text) for heading, text in rows if text)

    @property
    def too_long(self) -> str:
        """What the chair wrote, on resolving it, about what took too long; "" where nothing was."""
        resolved = next((e for e in reversed(self.history) if e.type == "resolved"), None)
        return str(resolved.payload.get("too_long") or "") if resolved is not None else ""

    @property
    def status(self) -> str:
        """The tag as it is shown: what was taken back is not merely closed."""
        ended = self.state.ended
        return "Withdrawn" if ended is not None and ended.kind == "withdrawn" else self.step.tag

    @property
    def risk_flag(self) -> str:
        """That a child is at immediate risk, and who where it is not all of them; "" once it is over or has ended."""
        return risk_words([self.names.get(c, "a child") for c in self.state.at_risk], len(self.children))

    def to_ring(self, urgent: Urgent) -> str:
        """Who is rung to make sure: whoever did or told it, and the manager who is to act where that is the chair."""
        told = urgent.who or urgent.by.name
        asked = self.stage.answer
        chairs = {person.name for role in self.stage.judged_by for person in self.found[role].everyone}
        return self.holder(asked.who) if asked is not None and (self.came_with_it(urgent) or told in chairs) else told

    @property
    def risks(self) -> tuple[Risk, ...]:
        """Each risk that was told and what was done about it, oldest first."""
        return tuple(self._risk(urgent) for urgent in self.state.urgent)

    @property
    def nothing_done(self) -> bool:
        """Whether a child is at immediate risk, and nothing was put down as done for it since that was told."""
        return any(not any(told.what for told in self._since_at_risk(child)) for child in self.state.at_risk)

    def _since_at_risk(self, child: str) -> tuple[Urgent, ...]:
        """What was told and done about this child, who is at risk, from the first risk on that is not over."""
        risks = self.state.risks_of(child)
        first = next(n for n, urgent in enumerate(risks) if child in urgent.at_risk)
        return risks[first:]

    def _risk(self, urgent: Urgent) -> Risk:
        several = len(self.children) > 1
        whose = listed([self.names[c] for c in urgent.children if c in self.names]) if several else ""
        return Risk(whose, urgent.what, self.done_by(urgent), self.rung(urgent))

    def done_by(self, urgent: Urgent) -> str:
        """Who did it and when; "" where the text of it says so."""
        return "" if self.came_with_it(urgent) else ", ".join(filter(None, (urgent.who, full_day(urgent.on))))

    def came_with_it(self, urgent: Urgent) -> bool:
        """Whether it was told on raising or moving on: its text then says by whom and when."""
        return self.history[urgent.seq - 1].type != "urgent_action_recorded"

    def rung(self, urgent: Urgent) -> str:
        """Whether somebody has rung to make sure."""
        rung = f"Rung on {full_day(urgent.rung_on)}" if urgent.rung_on is not None else ""
        if urgent.rung_back is not None:
            return " ".join(filter(None, (f"{rung} to make sure.", urgent.said)))
        if urgent.given_up is not None:
            return f"No call was made, and none is possible any more: {urgent.why_given_up}"
        if urgent.not_safe is None:
            return "Nobody has recorded a call to make sure yet."
        named = listed([self.names.get(c, "a child") for c in urgent.at_risk])
        are = "are" if len(urgent.at_risk) > 1 else "is"
        return " ".join(filter(None, (f"{rung}: {named} {are} not safe yet.", urgent.said)))

    @cached_property
    def not_reached(self) -> tuple[str, ...]:
        """Who has not been reached by email, once it was tried as often as it is; nothing while it is still tried."""
        return tuple(f"{name} has not been reached by email. Ring them." for name in not_reached(self.resolution))

    @property
    def unheld(self) -> tuple[str, ...]:
        """The parts of this stage that nobody can play: nobody is asked, and that is not the manager's silence."""
        asked = self.stage.answer if self.state.ended is None else None
        roles = dict.fromkeys(filter(None, (asked.who, asked.approved_by))) if asked else ()
        empty = [self.found[role].how.removesuffix(f": {TELL}.").rstrip(".") for role in roles if self.vacant(role)]
        return tuple(f"{how}. Nobody has been asked in their place. {_INSTEAD}" for how in dict.fromkeys(empty))

    def vacant(self, role: str) -> bool:
        """Whether nobody can play this role today."""
        return role in self.found and self.found[role].vacant

    @property
    def still_to_speak(self) -> str:
        """A talk that the policy asks for and that is not on the record, as a sentence; "" where none is owed."""
        talk = self.talk_owed
        if talk is None:
            return ""
        protocol = self.rules.protocol
        at = f", as asked at {protocol.stage(talk.stage).named}" if talk.visit < len(self.state.visits) else ""
        by = f", {self._by_day(talk.day)}" if talk.day else ""
        who, to = protocol.title_of(talk.who), protocol.title_of(talk.subject)
        return f"The {who} still has to talk with the {to}{at}{by}."

    @property
    def talk_owed(self) -> Duty | None:
        """A talk that the policy asks for, here or at a stage that it has left, and that was not held."""
        return next((duty for duty in self.duties if duty.must == Must.SPEAK and duty.owed), None)

    def _by_day(self, day: date) -> str:
        """ "by Friday 8 May 2026 (due in 2 working days)"."""
        label = due_label(day, self.now, self.rules.calendar)
        return f"by {full_day(day)} ({label[:1].lower()}{label[1:]})"

    @cached_property
    def held(self) -> Mapping[str, str]:
        """What was held in the plan cycle, by stage: shown beside the stages that one raises."""
        if all(s.is_raised for s in self.rules.protocol.stages):
            return {}
        return held_in_the_cycle(self.rules, self.resolution.family_id)

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        return tuple(ladder(self.rules, self.state, self.duties, self.now, self.held))

    @cached_property
    def impacts(self) -> tuple[tuple[str, str, str], ...]:
        """For each child: first name, how the concern affects this child, what changed."""
        return tuple((self.names.get(c.id, "Child"), c.impact, c.changed) for c in self.state.children.values())

    @cached_property
    def grounds(self) -> tuple[str, ...]:
        found = (self.rules.protocol.ground(code) for code in self.state.grounds)
        return tuple(g.title for g in found if g is not None)

    @property
    def asked(self) -> str:
        return next((v.ask for v in reversed(self.state.visits) if v.ask), "")

    @property
    def answer(self) -> Answer | None:
        """The answer that stands at this stage, once it may be read: approved, or the viewer's own, or to approve.

        One that was sent back is whoever's it is to answer now, too: the form begins with it.
        """
        answer = self.state.here.answer
        if answer is None or answer.approved_at is not None:
            return answer
        asked = self.stage.answer
        parts = {asked.approved_by, *([asked.who] if answer.sent_back else [])} if asked else set()
        return answer if answer.by.person == self.by.person or parts & self.by.roles else None

    @property
    def drafts_sent_back(self) -> tuple[Event, ...]:
        """The drafts of answers that went back for changes and do not stand any more, as far as they may be read.

        Whoever wrote one and whoever approves read it; everybody else once an answer at that stage is approved.
        """
        drafts: list[tuple[Event, int]] = []
        returned: list[tuple[Event, int]] = []
        approved: set[int] = set()
        visit = 1
        for event in self.history:
            if event.type == "moved_on":
                visit += 1
            elif event.type == "answer_drafted":
                drafts.append((event, visit))
            elif event.type == "sent_back":
                returned.append(drafts[-1])
            elif event.type == "approved":
                approved.add(visit)
        standing = self.answer.seq if self.answer is not None else None
        return tuple(
            draft for draft, at in returned if draft.seq != standing and (at in approved or self._reads(draft, at))
        )

    def _reads(self, draft: Event, visit: int) -> bool:
        """Whether the viewer wrote this draft, or approves at that stage."""
        asked = self.rules.protocol.stage(self.state.visits[visit - 1].stage).answer
        return draft.by.person == self.by.person or (asked is not None and asked.approved_by in self.by.roles)

    @property
    def promised(self) -> tuple[tuple[str, str, date | None], ...]:
        """What the answer says will be done: what, by whom, by when."""
        return answers_said.promised(self.answer)

    @property
    def said(self) -> answers_said.Said | None:
        """The answer that may be read, in words."""
        return self._answers.standing(self.answer) if self.answer is not None else None

    @property
    def decision(self) -> answers_said.Decision | None:
        """What the chair decided at this stage."""
        return self._answers.decision

    @cached_property
    def earlier(self) -> tuple[answers_said.Before, ...]:
        """What was answered and decided before what is asked now, newest first."""
        return self._answers.before()

    @cached_property
    def _answers(self) -> answers_said.Answers:
        return answers_said.Answers(self.rules, self.state, self.names)

    @property
    def still_needed(self) -> str:
        """What the chair says is still needed, while another answer is waited for; "" where none is."""
        here = self.state.here
        waits = self.state.ended is None and not here.answered and not self.not_asked
        again = [answer.still_needed for answer in here.earlier_answers if answer.still_needed]
        return again[-1] if waits and again else ""

    @property
    def not_asked(self) -> bool:
        """Whether no answer is waited for here: for whom it was asked has ended, and the others are settled."""
        return self.state.ended is None and self.state.accepted and self.state.here.judged is None

    @property
    def left_to_settle(self) -> str:
        """Of whom it is still asked, where it is settled for one child and not for another; "" where it is for none."""
        settled = [self.names[c.id] for c in self.state.taking_part if c.settled and c.id in self.names]
        left = [self.names[c.id] for c in self.state.unsettled if c.id in self.names]
        if self.state.ended is not None or not settled or not left:
            return ""
        return f"This is asked for {listed(left)}. For {listed(settled)} it is settled."

    @cached_property
    def pointers(self) -> tuple[str, ...]:
        """What the policy says about this answer, for the chair, once the chair may read it."""
        reads = self.answer is not None and bool(set(self.stage.judged_by) & self.by.roles)
        return pointers(self.rules, self.state) if reads else ()

    def correction_refused(self, entry: int) -> Refusal | None:
        """Why the viewer may not mark this entry as made in error; None where they may."""
        return entry_refused(self.rules, self.state, entry, self.by)

    @cached_property
    def told(self) -> tuple[telling.Entry, ...]:
        """What happened, newest first."""
        return tuple(reversed(tuple(telling.entries(self.rules, self.history, self.names))))

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """By role, what it does at this stage; a role that only hears of it is copied in."""
        stage, protocol = self.stage, self.rules.protocol
        parts: dict[str, str] = {}
        for role in stage.judged_by:
            parts.setdefault(role, "decides")
        if stage.answer and self.not_asked:
            for role in filter(None, (stage.answer.who, stage.answer.approved_by)):
                parts.setdefault(role, "was asked")
        elif stage.answer:
            parts.setdefault(stage.answer.who, "responds" if stage.asks_for_response else "does what was agreed")
            if stage.answer.approved_by:
                parts.setdefault(stage.answer.approved_by, "approves the response")
        for role in (*stage.to, *stage.tells.start, *protocol.always_copied, *self.state.copied):
            parts.setdefault(role, "copied in")
        for event in self.history:
            if event.type == "shared":
                parts.setdefault(event.payload["role"], "has had it shared with them")
        return parts

    @cached_property
    def who_does_what(self) -> tuple[tuple[str, str], ...]:
        """Who has a part in it now and who is copied in: the part, and the person."""
        title_of = self.rules.protocol.title_of
        return tuple((f"{title_of(role)}, {part}", self.holder_in_full(role)) for role, part in self.parts.items())

    def gone_on_without(self, action: Action) -> str:
        """Where the chair went on although this was not done in time, how it is asked about now; "" otherwise."""
        if self.state.ended is not None or not action.to_do or asked_about_anew(self.state, action) is None:
            return ""
        since = action.decided
        moved = next((v for v in self.state.visits if since is not None and v.entered >= since), None)
        if moved is None:
            return "Asked about again at this stage"
        return f"Asked about again at {self.rules.protocol.stage(moved.stage).named.lower()}"

    @staticmethod
    def said_of(action: Action) -> tuple[str, ...]:
        """What was written of how far an action is: that it is done, what is still needed, why another date."""
        said = []
        if action.done_on is not None and not action.to_do:
            said.append(f"Done on {full_day(action.done_on)}{f': {action.helped}' if action.helped else '.'}")
        if action.returned and action.to_do:
            said.append(f"Still needed: {action.returned}")
        if action.asked is not None and action.asked_why:
            said.append(f"Why another date: {action.asked_why}")
        if (word := Written.last_word(action)) and (action.to_do or action.status == "dropped"):
            said.append(word)
        return tuple(said)

    @staticmethod
    def last_word(action: Action) -> str:
        """What was decided about an action last, and why; "" where nothing was."""
        what, why = action.word
        return f"{DECIDED_ABOUT[what]}: {why}" if why else ""

    def still_runs(self, action: Action) -> bool:
        """Whether the day of an agreed action still means anything."""
        return action.by is not None and action.to_do and self.state.ended is None
