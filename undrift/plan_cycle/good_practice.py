"""The good practice report: sentences of letters to children, chosen and confirmed by a person, and how many notes.

What is published stands as it is. A new version is another row, which says what it replaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction

from undrift.access.good_practice import Note, known_of, notes_between, reports_seen
from undrift.engine.dates.moments import london_date
from undrift.engine.plan_cycle import quoting
from undrift.engine.plan_cycle.quoting import Found, Known
from undrift.engine.refusal import Refusal
from undrift.engine.written import written
from undrift.people.models import Person, Unit
from undrift.protocol.model import GoodPractice, Protocol
from undrift.record.adopted import rules_for
from undrift.record.models import GoodPracticeReport

NO_TEAM = "No team on file"
ALL_TEAMS = "All teams"
NOT_SHOWN = "Not shown"


@dataclass(frozen=True)
class Sentence:
    """One sentence of a note that may be quoted. `key` names it: the note, and which of its sentences."""

    key: str
    text: str
    tier: str
    known: Known

    @cached_property
    def found(self) -> tuple[Found, ...]:
        return quoting.found_in(self.text, self.known)

    @property
    def suggested(self) -> str:
        return quoting.suggested(self.text, self.known)

    def refused(self, text: str, *, sure: bool) -> Refusal | None:
        return quoting.refused(text, self.text, self.known, sure=sure)


@dataclass(frozen=True)
class Offered:
    """A note of which a sentence may stand in the report, with its sentences."""

    note: Note
    tier: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Chosen:
    """What somebody wants to publish of a sentence, and whether they are sure that no child can be recognised by it."""

    key: str
    text: str
    sure: bool


class NotPublished(ValueError):
    """`refusals` by the key of the sentence; under "" what is wrong with the whole."""

    def __init__(self, refusals: Mapping[str, Refusal]) -> None:
        self.refusals = refusals
        super().__init__("; ".join(refusal.sentence for refusal in refusals.values()))


@dataclass(frozen=True)
class Making:
    """A report that somebody makes: over a period, of a team or of all. `team` None: all."""

    person: Person
    now: datetime
    first: date
    last: date
    team: Unit | None = None

    @cached_property
    def protocol(self) -> Protocol:
        assert self.person.authority is not None, "Whoever makes a report works for an authority."
        return rules_for(self.person.authority).protocol

    @property
    def tiers(self) -> tuple[GoodPractice, ...]:
        """Those of the policy, what it wants in the report first."""
        return tuple(sorted(self.protocol.good_practice, key=lambda tier: not tier.reported))

    @cached_property
    def notes(self) -> list[Note]:
        """Those of the period and the team whose child's record is open to them."""
        every = notes_between(self.person, self.now, self.first, self.last)
        return [note for note in every if self.team is None or note.case.team_id == self.team.pk]

    @cached_property
    def offered(self) -> tuple[Offered, ...]:
        """Those whose writer said that a sentence may be quoted; of the tiers that the policy reports first."""
        order = [tier.id for tier in self.tiers]
        quotable = [note for note in self.notes if note.quotable]
        quotable.sort(key=lambda note: order.index(note.tier) if note.tier in order else len(order))
        known = known_of(quotable)
        return tuple(_offered(note, self._title(note.tier), known[note.key]) for note in quotable)

    def _title(self, tier: str) -> str:
        return next((each.title for each in self.tiers if each.id == tier), tier.capitalize())

    @cached_property
    def sentences(self) -> Mapping[str, Sentence]:
        return {sentence.key: sentence for offered in self.offered for sentence in offered.sentences}

    @cached_property
    def replaces(self) -> GoodPracticeReport | None:
        """The version of this report that stands now."""
        same = reports_seen(self.person, self.now).filter(first=self.first, last=self.last, team=self.team)
        return same.filter(replaced_by=None).first()

    def numbers(self) -> dict[str, Any]:
        """How many notes of each tier were written, by team; None for what is not shown."""
        counted = Counter((note.team or NO_TEAM, note.tier) for note in self.notes)
        teams = sorted({team for team, _ in counted}, key=lambda team: (team == NO_TEAM, team))
        tiers = [tier.id for tier in self.tiers]
        shown = [quoting.shown_by_team({team: counted[team, tier] for team in teams}) for tier in tiers]
        return {
            "tiers": [self._title(tier) for tier in tiers],
            "teams": [[team, [by_team[team] for by_team, _ in shown]] for team in teams],
            "all": [whole for _, whole in shown],
        }


def _offered(note: Note, tier: str, known: Known) -> Offered:
    every = enumerate(quoting.sentences(note.text))
    return Offered(note, tier, tuple(Sentence(f"{note.key}-{n}", text, tier, known) for n, text in every))


def publish(making: Making, chosen: Sequence[Chosen], *, why: str = "", over: int | None = None) -> GoodPracticeReport:
    """Publish these sentences. `over` is the number of the version that stood when they were chosen, and `why` what is
    different from it. Refuses (`NotPublished`) what names a child, is not confirmed, or was published meanwhile.
    """
    refusals = _refusals(making, chosen, why, over)
    if refusals:
        raise NotPublished(refusals)
    assert making.person.authority is not None
    try:
        with transaction.atomic():
            return GoodPracticeReport.objects.create(
                authority=making.person.authority,
                first=making.first,
                last=making.last,
                team=making.team,
                team_name=making.team.name if making.team is not None else "",
                sentences=_as_published(making, chosen),
                numbers=making.numbers(),
                replaces=making.replaces,
                why=written(why) if making.replaces is not None else "",
                by=making.person,
                by_name=making.person.name,
                at=making.now,
            )
    except IntegrityError:
        raise NotPublished({"": MEANWHILE}) from None


MEANWHILE = Refusal("meanwhile", "Somebody has published this report meanwhile: read it first", about="why")


def _refusals(making: Making, chosen: Sequence[Chosen], why: str, over: int | None) -> dict[str, Refusal]:
    if not chosen:
        return {"": Refusal("nothing", "Tick at least one sentence")}
    stands = making.replaces
    if (stands.pk if stands is not None else None) != over:
        return {"": MEANWHILE}
    found: dict[str, Refusal] = {}
    for each in chosen:
        sentence = making.sentences.get(each.key)
        refusal = (
            sentence.refused(each.text, sure=each.sure)
            if sentence is not None
            else Refusal("not-offered", "This sentence may not be quoted any more", about="text")
        )
        if refusal is not None:
            found[each.key] = refusal
    if stands is not None and not written(why):
        found[""] = Refusal("no-why", "Enter what is different from the version that it replaces", about="why")
    return found


def _as_published(making: Making, chosen: Sequence[Chosen]) -> list[dict[str, str]]:
    """In the order in which they are offered: by tier."""
    order = list(making.sentences)
    those = sorted(chosen, key=lambda each: order.index(each.key))
    return [{"tier": making.sentences[each.key].tier, "text": written(each.text)} for each in those]


def day_of(report: GoodPracticeReport) -> date:
    return london_date(report.at)
