"""Resolutions as rows of a list, in words: children, concern, stage, whose turn it is, by when, what to do.

Everything that repeats from row to row (a calendar, a policy, an address, a date's words) is worked out once a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.desks.frame.components import Tone, Work
from undrift.desks.frame.tone import lateness
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import due_label
from undrift.engine.musts import OF_AN_ACTION, Must
from undrift.people.models import Authority, Person
from undrift.record.adopted import protocol_of, rules_for
from undrift.record.held import is_held
from undrift.resolutions.earlier import status_words
from undrift.resolutions.in_a_line import over_on, risk_words, short_concern, title_of, worth_deciding
from undrift.resolutions.models import Resolution
from undrift.resolutions.owed import owed_by
from undrift.resolutions.queries import at_risk_in
from undrift.resolutions.where_done import OF_ONE, RECORD, done_on

if TYPE_CHECKING:
    from undrift.protocol.model import Protocol
    from undrift.record.models.case import Turn

# What somebody has to do: the words of the link.
_LINKS: Mapping[str, str] = {
    Must.RESPOND: "Respond",
    Must.APPROVE: "Read and approve",
    Must.SETTLE: "See what was agreed",
    Must.DO_WHAT_WAS_AGREED: "See what was agreed",
    Must.DECIDE: "Read the response",
    Must.DECIDE_NEXT: "Decide what to do",
    Must.DO_THE_ACTION: "Update action",
    Must.CONFIRM_THE_ACTION: "Confirm action",
    Must.RESOLVE: "Resolve",
    Must.DECIDE_ON_THE_ACTION: "Decide on the action",
    Must.AGREE_THE_DATE: "Answer about the new date",
    Must.DECIDE_IF_IT_GOES_ON: "Decide whether it goes on",
    Must.DECIDE_WHO_DOES_IT: "Decide who does it",
    Must.DECIDE_WHOSE: "Decide whose it is",
    Must.RING: "Record the call",
    Must.SPEAK: "Speak with them",
    Must.DRAFT: "Open",
}
# With the name of the address it leads to.
TO_DO = {must: (words, done_on(must)) for must, words in _LINKS.items()}
OPEN_IT = ("Open", RECORD)


def to_do(must: str, protocol: Protocol, stage: str) -> tuple[str, str]:
    """The words of the link, and the name of the address. Where a talk settled it, there is no response to read."""
    asked = protocol.stage(stage).answer
    talked = must == Must.DECIDE and asked is not None and asked.must == Must.SETTLE
    return TO_DO.get(Must.DECIDE_NEXT if talked else must, OPEN_IT)


@dataclass
class Presenter:
    """The words for one viewer at one moment."""

    viewer: Person
    now: datetime
    _calendars: dict[int, Calendar] = field(default_factory=dict)
    _dates: dict[tuple[int, date], tuple[str, Tone]] = field(default_factory=dict)
    _addresses: dict[str, tuple[str, str]] = field(default_factory=dict)
    _concerns: dict[tuple[str, ...], str] = field(default_factory=dict)
    _at_risk: dict[int, frozenset[str]] = field(default_factory=dict)
    _actions: dict[int, str] = field(default_factory=dict)

    def works(self, resolutions: Iterable[Resolution]) -> list[Work]:
        """A row for each, as `undrift.resolutions.queries` gives them: with people, family and `about`."""
        rows = list(resolutions)
        self.knows_risks(rows)
        self.knows_actions(rows)
        return [self.work(r) for r in rows]

    def knows_risks(self, resolutions: Iterable[Resolution]) -> None:
        """Read which children of these are at immediate risk, once for all of them."""
        self._at_risk |= at_risk_in(resolutions)

    def risk(self, r: Resolution) -> str:
        """That a child is at immediate risk, and who where it is not all of them; "" where none is."""
        if not r.risk or r.ended_at is not None:
            return ""
        children = [about.child for about in r.about.all()]
        now = self._at_risk.get(r.pk, {str(child.pk) for child in children})
        return risk_words([child.called for child in children if str(child.pk) in now] or ["a child"], len(children))

    def knows_actions(self, resolutions: Iterable[Resolution]) -> None:
        """Read which action each turn of the viewer's is about. One query, or none."""
        turns = ((r.pk, r.turn(self.now)) for r in resolutions if r.ended_at is None)
        theirs = {pk: turn.must for pk, turn in turns if turn.person == self.viewer and turn.must in OF_AN_ACTION}
        if theirs:
            owed = owed_by(frozenset({self.viewer.pk}), theirs)
            due_last_first = (d for duties in owed.values() for d in reversed(duties))
            self._actions |= {d.case_id: d.action for d in due_last_first if d.must == theirs[d.case_id]}

    def work(self, r: Resolution) -> Work:
        turn = r.turn(self.now)
        day, label, tone = self.date_of(r, turn)
        text, href = self.next_link(r, turn)
        return Work(
            day=day,
            label=label,
            title=self.title(r),
            href=self.address("resolution", r.reference),
            concern=". ".join(filter(None, (self.risk(r), self.concern(r)))),
            stage=protocol_of(r).stage(r.stage).named,
            holder=self.holder(r, turn),
            status=status_words(r, turn.tag),
            action_text=text,
            action_href=href,
            tone=tone,
        )

    def title(self, r: Resolution) -> str:
        return title_of([about.child for about in r.about.all()], r.family.name if r.family else "", over_on(r))

    def date_of(self, r: Resolution, turn: Turn) -> tuple[date | None, str, Tone]:
        """The day that counts for this row, and what it means. An unanswered date stays the day until it is decided."""
        if r.ended_at is not None:
            return london_date(r.ended_at), "Ended", ""
        day = r.due if r.turned(self.now) else day_of(turn)
        return day, *self.date_words(r.authority, day)

    def concern(self, r: Resolution) -> str:
        """The reasons in short: the first one's title, and how many more there are."""
        key = (r.protocol_id, *r.grounds)
        if key not in self._concerns:
            self._concerns[key] = short_concern(protocol_of(r), r.grounds)
        return self._concerns[key]

    def holder(self, r: Resolution, turn: Turn) -> str:
        if r.ended_at is not None:
            return "Nobody"
        return "You" if turn.person == self.viewer else self.holder_by_name(r, turn)

    def holder_by_name(self, r: Resolution, turn: Turn) -> str:
        """Whose turn it is, for a file: whoever reads it is not the one who asked for it."""
        if r.ended_at is not None or is_held(r):
            return "Nobody"
        if turn.person is not None:
            return turn.person.name
        return turn.name or f"Nobody yet ({protocol_of(r).title_of(turn.role)})"

    def next_link(self, r: Resolution, turn: Turn) -> tuple[str, str]:
        """What this viewer does next with it: their own step, or to open it."""
        text, name = OPEN_IT
        if turn.person == self.viewer and r.ended_at is None:
            text, name = to_do(turn.must, protocol_of(r), r.stage)
        if name == "action" and r.pk in self._actions:
            return text, self.address(name, r.reference, self._actions[r.pk])
        if name in OF_ONE or (name == "decide" and not worth_deciding(protocol_of(r), r.stage)):
            name = RECORD
        return text, self.address(name, r.reference)

    def date_words(self, authority: Authority, day: date | None) -> tuple[str, Tone]:
        """How far off a day is, and the tone of it; words for no day, too."""
        if day is None:
            return "No date is set", ""
        key = (authority.pk, day)
        if key not in self._dates:
            calendar = self.calendar(authority)
            self._dates[key] = due_label(day, self.now, calendar), lateness(day, self.now, calendar)
        return self._dates[key]

    def knows(self, authority: Authority, calendar: Calendar) -> None:
        """Take a calendar that the page has read already."""
        self._calendars[authority.pk] = calendar

    def calendar(self, authority: Authority) -> Calendar:
        """One query for each authority."""
        if authority.pk not in self._calendars:
            self._calendars[authority.pk] = rules_for(authority).calendar
        return self._calendars[authority.pk]

    def address(self, name: str, reference: str, *more: str) -> str:
        """The address of a page of a resolution."""
        if more:
            return reverse(name, args=[reference, *more])
        if name not in self._addresses:
            before, _, after = reverse(name, args=[PLACE]).partition(PLACE)
            self._addresses[name] = before, after
        before, after = self._addresses[name]
        return f"{before}{reference}{after}"


def day_of(turn: Turn) -> date | None:
    return turn.due if isinstance(turn.due, date) else None


PLACE = "R-0000-0000"
