"""A duty: what somebody must do by some time, in any kind of case. Nothing here is ever counted down."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple

from undrift.engine.dates.due import Due, working_days_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.musts import ANSWERS, OF_AN_ACTION, Deed, Must
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Counted

Basis = Literal["policy", "authority", "courtesy", "agreed"]


# A named tuple, as `Due` is: each act and each page makes dozens.
class Duty(NamedTuple):
    """What somebody must do by some time.

    `visit` is the stay on a stage that brought it, the first being 1; 0 where no stage did. `subject` is whom or what
    it is about: the role spoken with, the action, the child, the entry, else the role that owes it. `basis` says whose
    date it is: the policy's, the authority's own target, a courtesy (never late), or one that was agreed: for an
    action, or by the chair for the answer. `due` is None where nothing is owed by a date. `put_off`: a later date was
    given; it is late by its own, and what is told is that the later one has passed.
    """

    visit: int
    must: Deed
    subject: str
    who: str  # role; for an action the owner's role is unknown and `person`/`name` say who
    stage: str
    due: Due | None
    basis: Basis = "policy"
    met: datetime | None = None
    gone: datetime | None = None  # no longer owed, because the resolution moved on or ended
    clause: str = ""
    person: str = ""
    name: str = ""
    nth: int = 1  # which of its kind about this subject it is: a new date, or to be asked anew, is a new duty
    put_off: bool = False
    began: datetime | None = None  # since when it has been owed, where it may be owed more than once

    @property
    def key(self) -> str:
        """Stable within a resolution: what the record calls it. Nobody reads it but to find it again."""
        match self.must:
            case Must.DO_THE_ACTION:
                return f"action:{self.subject}{self._which}"
            case Must.CONFIRM_THE_ACTION:
                return f"confirm:{self.subject}{self._which}"
            case Must.DECIDE_ON_THE_ACTION | Must.AGREE_THE_DATE | Must.DECIDE_WHO_DOES_IT:
                return f"{self.must}:{self.subject}:{self.nth}"
            case Must.DECIDE_IF_IT_GOES_ON | Must.RING | Must.DECIDE_WHOSE:
                return f"{self.must}:{self.subject}{self._which}"
            case Must.RESOLVE:
                return f"resolve{self._which}"
            case _:
                return f"{self.visit}:{self.must}:{self.subject}{self._which}"

    @property
    def _which(self) -> str:
        return f":{self.nth}" if self.nth > 1 else ""

    @property
    def action(self) -> str:
        """The id of the action that it is about; "" where it is about none."""
        return self.subject if self.must in OF_AN_ACTION else ""

    @property
    def page_of(self) -> str:
        """What its page is asked for: the action, or the entry of the urgent action to ring about; else ""."""
        return self.subject if self.must in OF_AN_ACTION or self.must == Must.RING else ""

    @property
    def is_answer(self) -> bool:
        return self.must in ANSWERS

    @property
    def day(self) -> date | None:
        return self.due.date if self.due else None

    @property
    def ends(self) -> datetime | None:
        return self.due.at if self.due else None

    @property
    def owed(self) -> bool:
        return self.met is None and self.gone is None

    def late(self, now: datetime) -> bool:
        """Past its time and not met in it. A courtesy, a guide and a duty without a date are never late."""
        ends = self.ends
        if ends is None or self.basis == "courtesy" or self.indicative:
            return False
        return (self.met or self.gone or now) > ends if self.owed or self.met else False

    def passes(self, now: datetime) -> bool:
        """Whether the record has to say that its date has passed."""
        return self.owed and not self.never_told and self.late(now)

    @property
    def indicative(self) -> bool:
        """Whether its clock is only a guide."""
        return self.due is not None and isinstance(self.due.clock, Counted) and self.due.clock.indicative

    @property
    def never_told(self) -> bool:
        """Whether it has a date that may pass with nothing said: a courtesy, a guide, or one put off to a later one."""
        return self.due is not None and (self.put_off or self.basis == "courtesy" or self.indicative)

    def began_before(self, moment: datetime | None) -> bool:
        """Whether it was owed by then: what was recorded earlier is of another that had its name."""
        return moment is not None and (self.began is None or self.began <= moment)


def subject_of(key: str) -> str:
    """The action, child or entry that a duty is about, read back from its key; "" where that names none alone."""
    kind, *rest = key.split(":")
    return rest[0] if rest and not kind.isdigit() and kind != Must.RESOLVE else ""


def days_late(duty: Duty, now: datetime, rules: Rules) -> int:
    """Working days from the due date to when it was met, or to now; 0 when not late, or where they are not known."""
    if not duty.late(now) or duty.day is None:
        return 0
    return max(0, working_days_if_counted(duty.day, london_date(duty.met or now), rules.calendar) or 0)


def days_left(duty: Duty, now: datetime, rules: Rules) -> int | None:
    """Working days from today until the due date; 0 on the day; None without a date, past it or not known."""
    today = london_date(now)
    if duty.day is None or duty.day < today:
        return None
    return working_days_if_counted(today, duty.day, rules.calendar)


def must_of(key: str) -> str:
    """What is owed in a plan cycle, read back from a duty's key: `visit:must:subject`."""
    return key.split(":")[1]


def of_what(key: str) -> str:
    """Of what it is owed in a plan cycle, read back from the same: a child, a conference, a key action, an entry."""
    return (*key.split(":"), "", "")[2]
