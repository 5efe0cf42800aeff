"""The conferences of the demonstration: collected in any order, numbered as they were called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from undrift.children.models import Conference, Family
from undrift.demo.days import moment
from undrift.people.models import Person

AT = "09:30"


@dataclass
class Diary:
    rows: list[Conference] = field(default_factory=list)
    invited: list[tuple[Conference, Sequence[Person]]] = field(default_factory=list)

    def held(
        self,
        family: Family,
        kind: str,
        day: date,
        chair: Person,
        *,
        people: Sequence[Person] = (),
        next_review: date | None = None,
        at: str = AT,
    ) -> Conference:
        """A conference that took place."""
        then = moment(day, at)
        sent = then.replace(hour=16)
        return self._add(
            Conference(
                authority_id=family.authority_id, family=family, kind=kind, planned_for=then, held_on=then,
                chair=chair, quorate=True, decision_sheet_sent_at=sent, next_review=next_review,
            ),
            people,
        )  # fmt: skip

    def planned(
        self, family: Family, kind: str, day: date, chair: Person, *, people: Sequence[Person] = (), at: str = AT
    ) -> Conference:
        """A conference that lies ahead."""
        ahead = Conference(
            authority_id=family.authority_id, family=family, kind=kind, planned_for=moment(day, at), chair=chair
        )
        return self._add(ahead, people)

    def _add(self, conference: Conference, people: Sequence[Person]) -> Conference:
        self.rows.append(conference)
        self.invited.append((conference, people))
        return conference

    def write(self) -> None:
        """Save them all, each with its number: C-2026-0210 is the year's two hundred and tenth of its authority."""
        given: Counter[tuple[int, int]] = Counter()
        self.rows.sort(key=lambda conference: (_when(conference), conference.family_id))
        for conference in self.rows:
            year = _when(conference).year
            given[conference.authority_id, year] += 1
            conference.reference = f"C-{year}-{given[conference.authority_id, year]:04d}"
        Conference.objects.bulk_create(self.rows)
        seats = Conference.participants.through
        seats.objects.bulk_create(
            seats(conference_id=conference.pk, person_id=person.pk)
            for conference, people in self.invited
            for person in people
        )


def _when(conference: Conference) -> datetime:
    when = conference.planned_for or conference.held_on
    assert when is not None
    return when
