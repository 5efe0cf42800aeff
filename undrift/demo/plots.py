"""How a resolution of the year goes, from the raising to the end. Days are working days of `Days`.

A plot writes its whole course into the script; what lies ahead of today is never performed, so that the last weeks
are open, each in a state that acts have led to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from undrift.children.models import Child
from undrift.children.months import add_months
from undrift.demo.days import Days
from undrift.demo.population import Settled
from undrift.demo.script import Case, Script
from undrift.demo.words import (
    DIFFERENT,
    NOT_DONE,
    NOT_ENOUGH,
    NOT_YET,
    RISK,
    RISK_ACTED,
    SMALL_CHANGED,
    SMALL_IMPACT,
    TALKED,
    TOLD,
    Theme,
)
from undrift.engine.ladder import acts

MANAGERS = {"North": "Priya Nairn", "Central": "Yasmin Okell", "South": "Callum Stroud"}
GROUP_MANAGERS = {"North": "Denise Harkaway", "Central": "Denise Harkaway", "South": "Owen Tarrant"}
HEAD, ASSISTANT_DIRECTOR = "Farah Lindley", "Stephen Ropley"
SMALL_UNTIL_YEARS = 4
MAKES_SURE_AFTER = timedelta(minutes=90)
AGREES_MORE_AFTER = timedelta(minutes=1)
# Working days that each formal stage has for its answer.
ALLOWED = {"stage-1": 7, "stage-2": 4, "stage-3": 3}
ABOVE = {"stage-1": "stage-2", "stage-2": "stage-3"}


@dataclass
class Plot:
    """One resolution in the making: whose, about what, and the working day that has been reached.

    `until` is the working day by which all is to be done.
    """

    script: Script
    chance: Random
    home: Settled
    theme: Theme
    day: int
    in_time: dict[str, Iterator[bool]]
    ground: str
    until: int
    minute: int = 0
    told_on: int = -10_000
    agreed: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    @property
    def days(self) -> Days:
        return self.script.days

    # The four courses ---------------------------------------------------------------------------------

    def settled_informally(self) -> Case:
        """Agreed in a conversation: one action by the agreed date, the next when that is looked at, then closed."""
        agreed = self.chance.choice((6, 7, 8, 9, 10, 11))
        first, *later = self._actions(self.day + agreed)
        case = self._informal(agreed, first)
        self.day += max(2, agreed + self.chance.choice((-2, -1, -1, 0, 0, 0, 1, 2, 3)))
        self._finish(case, "a1")
        self._say(case, self.home.chair, acts.ConfirmAction("a1"))
        for action in later:
            case.then(self.script.lines[-1].at + AGREES_MORE_AFTER, self.home.chair, acts.AgreeAction(action))
        self._say(case, self.home.chair, acts.Judge(case.for_each(True)))
        self._carry_out(case)
        return case

    def reaches(self, highest: str) -> Case:
        """Up to this stage, where the answer is agreed; then the actions are done."""
        if self.chance.random() < 0.65:
            agreed = self.chance.choice((5, 6, 7))
            case = self._informal(agreed, *self._actions(self.day + agreed, 1))
            self.day += agreed + 1
            if self.chance.random() < 0.5:
                self._say(case, self.home.chair, acts.Judge(case.for_each(False), self._pick(NOT_DONE)))
                self._move(case, "stage-1", "not accepted")
            else:
                self._move(case, "stage-1", "not answered")
        else:
            case = self._raise("stage-1")
        return self._climb(case, "stage-1", highest)

    def starts_at_risk(self, highest: str) -> Case:
        """Raised at stage 2 because a child was at immediate risk, and acted on first."""
        risk = acts.Risk(self._pick(RISK_ACTED))
        case = self._raise("stage-2", risk=risk, ground="RISK-NOW", concern=self._pick(RISK))
        manager = GROUP_MANAGERS[self.home.place.team]
        call = acts.RingBack(1, manager, self.days.day(self.day), "Seen, and safe tonight.")
        case.then(self.script.lines[-1].at + MAKES_SURE_AFTER, self.home.chair, call)
        return self._climb(case, "stage-2", highest)

    def _climb(self, case: Case, stage: str, highest: str) -> Case:
        while True:
            answer = self._answered(case, stage, good=stage == highest)
            if stage == highest:
                break
            if answer:
                self._wait(1, 2)
                self._say(case, self.home.chair, acts.Judge(case.for_each(False), self._pick(NOT_ENOUGH)))
            self._wait(0, 1)
            self._move(case, ABOVE[stage], "not accepted" if answer else "not answered")
            stage = ABOVE[stage]
        self._wait(1, 2)
        self._say(case, self.home.chair, acts.Judge(case.for_each(True)))
        self._carry_out(case)
        return case

    # The steps ----------------------------------------------------------------------------------------

    def _informal(self, agreed: int, action: acts.ActionAsked) -> Case:
        """What was agreed is looked at again on the day by which it is to be done."""
        return self._raise("informal", date=self.days.day(self.day + agreed), actions=(action,))

    def _raise(
        self, stage: str, *, date: date | None = None, actions: tuple[acts.ActionAsked, ...] = (),
        risk: acts.Risk | None = None, ground: str = "", concern: str = "",
    ) -> Case:  # fmt: skip
        formal = stage != "informal"
        ways = TOLD if formal else TALKED
        manager = MANAGERS[self.home.place.team]
        return self.script.raised(
            f"{self.home.family.name}, {self.theme.grounds[0]}", self.home.children, self._clock(), self.home.chair,
            acts.Raise(
                stage=stage, children=self._impacts(), grounds=(ground or self.ground,),
                concern=concern or self._pick(self.theme.concern),
                occasion=self.chance.choice(("after-conference", "midway", "other", "pre-conference")),
                risk=risk, ask=self._pick(self.theme.ask) if formal else "",
                spoke=acts.Conversation(self.chance.choice(ways), to="team-manager", name=manager),
                actions=actions, date=date,
            ),
        )  # fmt: skip

    def _answered(self, case: Case, stage: str, *, good: bool) -> bool:
        """The answer and its approval, in time or late; False where none came."""
        if not good and self.chance.random() < 0.4:
            self.day += ALLOWED[stage] + 1
            return False
        allowed = ALLOWED[stage]
        takes = self.chance.randint(max(2, allowed - 3), allowed) if next(self.in_time[stage]) else allowed + 2
        responder, approver = self._responder(stage)
        by = self.day + takes
        answer = acts.Respond(
            "agree" if good else "agree in part", self._pick(self.theme.answer) if good else self._pick(NOT_YET),
            actions=self._actions(by + self.chance.randint(4, 8)) if good else (),
            obstacles=() if good else (self.chance.choice(("capacity", "absence", "partner", "resources")),),
        )  # fmt: skip
        self.day = by - 1
        self._say(case, responder, answer)
        self.day = by
        self._say(case, approver, acts.Approve())
        return True

    def _responder(self, stage: str) -> tuple[str, str]:
        team = self.home.place.team
        return {
            "stage-1": (MANAGERS[team], GROUP_MANAGERS[team]),
            "stage-2": (GROUP_MANAGERS[team], HEAD),
            "stage-3": (HEAD, ASSISTANT_DIRECTOR),
        }[stage]

    def _move(self, case: Case, to: str, because: str) -> None:
        talk = acts.Conversation("in person", to="team-manager", name=MANAGERS[self.home.place.team])
        self._say(
            case, self.home.chair,
            acts.MoveOn(
                to, because, different=self._pick(DIFFERENT), ask=self._pick(self.theme.ask),
                spoke=talk if to == "stage-1" else None,
            ),
        )  # fmt: skip

    def _carry_out(self, case: Case) -> None:
        """Every action that is left done, and confirmed by the chair; then what changed for each child."""
        left = [f"a{n}" for n in range(1, len(self.agreed) + 1) if f"a{n}" not in self.finished]
        last = max(self.until - 1, self.day + len(left))
        for after, action in zip(range(len(left) - 1, -1, -1), left, strict=True):
            self.day = min(self.day + self.chance.randint(1, 6), last - after) if after else last
            self._finish(case, action)
            self.day += self.chance.choice((0, 1)) if after else 1
            self._say(case, self.home.chair, acts.ConfirmAction(action))
        changed = {str(child.pk): self._of(child, self.theme.changed, SMALL_CHANGED) for child in case.children}
        self._say(case, self.home.chair, acts.Resolve(changed))
        for child in case.children:
            self._say(case, self.home.chair, acts.File(str(child.pk)))

    def _finish(self, case: Case, action: str) -> None:
        """Said by the social worker, with how it has helped."""
        helped = self.theme.helped[len(self.finished) % len(self.theme.helped)]
        self.finished.append(action)
        done = acts.FinishAction(action, self.days.day(self.day), helped.format(name=self.home.children[0].first_name))
        self._say(case, self.home.worker, done)

    # The words ----------------------------------------------------------------------------------------

    def _say(self, case: Case, by: str, act: acts.Act) -> None:
        case.then(self._clock(), by, act)

    def _clock(self) -> datetime:
        """The next moment: on the same day, some minutes later."""
        again = self.day == self.told_on
        self.minute = self.minute + self.chance.randint(2, 12) if again else self.chance.randint(9 * 60, 15 * 60 + 30)
        self.told_on = self.day
        return self.days.at(self.day, f"{self.minute // 60:02d}:{self.minute % 60:02d}")

    def _wait(self, least: int, most: int) -> None:
        self.day += self.chance.randint(least, most)

    def _pick(self, texts: tuple[str, ...]) -> str:
        return self.chance.choice(texts).format(name=self.home.children[0].first_name)

    def _of(self, child: Child, texts: tuple[str, ...], small: tuple[str, ...]) -> str:
        born = child.date_of_birth
        young = born is None or born > add_months(self.days.today, -12 * SMALL_UNTIL_YEARS)
        return self.chance.choice(small if young else texts).format(name=child.first_name)

    def _impacts(self) -> tuple[acts.ChildConcern, ...]:
        return tuple(
            acts.ChildConcern(str(c.pk), self._of(c, self.theme.impact, SMALL_IMPACT), c.first_name)
            for c in self.home.children
        )

    def _actions(self, first: int, count: int = 2) -> tuple[acts.ActionAsked, ...]:
        """So many, each of its own wording: the first by that day, the second by the day on which all is to be done."""
        texts = [text.format(name=self.home.children[0].first_name) for text in self.theme.action]
        fresh = [text for text in texts if text not in self.agreed][:count]
        self.agreed += fresh
        worker, manager = self.script.people[self.home.worker], self.script.people[MANAGERS[self.home.place.team]]
        # One in some five is done later than was agreed.
        last = max(self.until + self.chance.choice((-2, 0, 0, 1, 2)), first + 2)
        owners = ((worker, first), (self.chance.choice((worker, manager)), last))
        return tuple(
            acts.ActionAsked(text, who.name, self.days.day(by), person=str(who.pk))
            for text, (who, by) in zip(fresh, owners, strict=False)
        )
