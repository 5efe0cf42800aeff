"""Somebody says who chairs for some children, works with them, or which team has them: now, or from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from undrift.children.facts import Because
from undrift.children.models import Allocation, AllocationPart, Child
from undrift.engine.dates.horizons import AHEAD
from undrift.engine.dates.moments import in_words, london_date
from undrift.people.models import Person
from undrift.people.standing_in import stands_in_for
from undrift.record.allocations import Refused, Taker, put, refusals, takers, waiting
from undrift.record.handing_on import HandedOn, follow_the_children
from undrift.record.sight import as_service

NOT_ONESELF = "Nobody gives children to themselves. Ask somebody else who brings children in"
NOT_HERE: dict[AllocationPart, str] = {
    AllocationPart.CHAIR: "{} holds no post that chairs conferences from that day. Choose somebody who does",
    AllocationPart.SOCIAL_WORKER: "{} holds no social worker’s post from that day. Choose somebody who does",
    AllocationPart.TEAM: "{} is not a team of this council. Choose another",
}


class NotAllocated(ValueError):
    """Nothing was changed. `sentence` says why; `field` is the question it is about, `refused` the children."""

    def __init__(self, sentence: str, field: str = "", refused: Sequence[Refused] = ()) -> None:
        self.sentence, self.field, self.refused = sentence, field, tuple(refused)
        super().__init__(sentence)


@dataclass(frozen=True)
class Allocated:
    """For how many children it is so now, or will be; how many had it so before; and what is open that followed."""

    changed: int = 0
    as_before: int = 0
    waiting: int = 0
    handed_on: HandedOn = field(default_factory=HandedOn)


@as_service()
def allocate(
    children: Iterable[Child],
    part: AllocationPart,
    to: Taker,
    *,
    from_day: date,
    by: Person,
    at: datetime,
    why: str = "",
) -> Allocated:
    """All of the children, or none. From today at once, with what is open about them; from a later day on that day.

    Refuses (`NotAllocated`) as `why_not` says. From a later day, it takes the place of what was to be before.
    """
    asked = sorted(children, key=lambda child: child.pk)
    if not asked:
        raise NotAllocated("Choose at least one child")
    with transaction.atomic():
        if refusal := why_not(asked, part, to, from_day=from_day, by=by, at=at):
            raise refusal
        if from_day > london_date(at):
            for earlier in waiting(asked[0].authority).filter(child__in=asked, part=part):
                take_back(earlier, by=by, at=at)
            return Allocated(waiting=len(_planned(asked, part, to, from_day, by, at, why)))
        because = Because(at=at, by=by, why=why)
        before = len(asked)
        changed = sum(put(child, part, to, because) for child in asked)
        return Allocated(
            changed, before - changed, handed_on=follow_the_children(at, children=[child.pk for child in asked])
        )


def _planned(
    children: Iterable[Child], part: AllocationPart, to: Taker, day: date, by: Person, at: datetime, why: str
) -> list[Allocation]:
    person, unit = (to, None) if isinstance(to, Person) else (None, to)
    return Allocation.objects.bulk_create(
        Allocation(
            authority_id=child.authority_id, child=child, part=part, person=person, unit=unit, from_day=day, why=why,
            by=by, at=at,
        )
        for child in children
    )  # fmt: skip


@as_service()
def why_not(
    children: Sequence[Child], part: AllocationPart, to: Taker, *, from_day: date, by: Person, at: datetime
) -> NotAllocated | None:
    """Why these children cannot be allocated so; None where they can."""
    today = london_date(at)
    if wrong := no_day_for_it(from_day, today):
        return NotAllocated(wrong, "from_day")
    if isinstance(to, Person) and (to == by or stands_in_for(by, to, today)):
        return NotAllocated(NOT_ONESELF, part.value)
    if not takers(children[0].authority, part, from_day).filter(pk=to.pk).exists():
        return NotAllocated(NOT_HERE[part].format(to.name), part.value)
    refused = refusals(children, part, to, from_day)
    if not refused:
        return None
    if len(refused) == 1 == len(children):
        return NotAllocated(refused[0].sentence, part.value, refused)
    return NotAllocated(_not_for_some(len(refused), len(children)), part.value, refused)


def _not_for_some(refused: int, asked: int) -> str:
    return f"{refused} of the {asked} children cannot be allocated so. Leave them out, or choose differently"


def no_day_for_it(day: date, today: date) -> str:
    """Why nothing is allocated from that day, as an error at its field; "" where it may be."""
    if day < today:
        return "The day must be today or later. What was so before stands in the child’s history"
    if day > today + AHEAD:
        return f"The day must be {in_words(today + AHEAD)} or earlier, within 6 months"
    return ""


@as_service()
def take_back(allocation: Allocation, *, by: Person, at: datetime) -> bool:
    """What was to be from a day to come is not; whether it was still to be. It stays on file."""
    still = Allocation.objects.filter(pk=allocation.pk, done_at=None, ended_at=None)
    return bool(still.update(ended_at=at, ended_by=by))
