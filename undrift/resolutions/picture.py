"""What is said of one resolution: its state, duties and people, read once and put into words. Pages draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal, NamedTuple

from undrift.access.fetching import shown_by_glass
from undrift.children.ages import age_text
from undrift.children.models import Child
from undrift.engine.correcting import entry_refused
from undrift.engine.dates.horizons import far_ahead
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.duties import Duty
from undrift.engine.events import By, Event
from undrift.engine.ladder import telling
from undrift.engine.ladder.actions import may_drop_this
from undrift.engine.ladder.acts import ActionAsked, GiveAction
from undrift.engine.ladder.agenda import agenda, asked_about_anew, later_date, waits_until
from undrift.engine.ladder.ending import disagreement_refused
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.moving import due_here, longest, longest_again
from undrift.engine.ladder.pointers import pointers
from undrift.engine.ladder.rungs import Rung, ladder
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import ENDINGS, Action, Answer, State, Urgent
from undrift.engine.ladder.state import Child as ChildState
from undrift.engine.musts import Deed, Must
from undrift.engine.next_step import NextStep
from undrift.engine.refusal import Move, Refusal
from undrift.engine.rules import Rules
from undrift.people.finders import TELL, roles_of
from undrift.people.found import Found, in_full
from undrift.people.kept_rosters import roster_of
from undrift.people.models import Person
from undrift.people.peers import Peer, could_chair, could_take
from undrift.protocol.clocks import say
from undrift.protocol.model import Stage
from undrift.record.unreached import not_reached
from undrift.resolutions import answers_said
from undrift.resolutions.in_a_line import listed, marked, over_for, risk_words
from undrift.resolutions.models import Resolution
from undrift.resolutions.on_plan import on_plan_again
from undrift.resolutions.plan_cycle import held_in_the_cycle, last_conference_day
from undrift.resolutions.whom_an_act_names import may_be_asked

STILL: Mapping[str, str] = {"approve": "You can still approve the response.", "respond": "You can still respond."}


class Risk(NamedTuple):
    """One immediate risk: of which children (where there are several), what was done, by whom and when, who rang."""

    whose: str
    what: str
    by: str
    call: str


@dataclass(frozen=True)
class Picture:
    """One resolution as one person sees it at one moment. Everything on the page comes from here."""

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

    # The sentence ------------------------------------------------------------------------------------------------

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
        moved = replace(duty, due=later)
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
        ended = [c.id for c in self.state.plans_ended]
        return over_for(self.state, on_plan_again(ended, london_date(self.now)) if ended else ())

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

    # What else was written ---------------------------------------------------------------------------------------

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
        if (word := Picture.last_word(action)) and (action.to_do or action.status == "dropped"):
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


def _said_of(left: Sequence[Action], what: str, name: str = "") -> tuple[str, ...]:
    """ "1 agreed action is ...", with what it is; nothing where there is none."""
    if not left:
        return ()
    count, it, stays = ("1 agreed action is", "it", "it stays")
    if len(left) > 1:
        count, it, stays = (f"{len(left)} agreed actions are", "them", "they stay")
    named = "; ".join(f"{a.what} ({a.who})" for a in left)
    return (f"{count} {what.format(it=it, it_stays=stays, name=name)}: {named}.",)


_INSTEAD = "The chair can ask somebody else to take it on, and those who keep the posts have been told."
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
