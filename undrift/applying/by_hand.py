"""What somebody says of a child by page: it begins, is born, is on a plan and off it, moves away, has died.

Written as a file's facts are, beside what was before; what is open about the child follows in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from undrift.access.shut_out import telling_who_is_shut_out
from undrift.applying.following import follow
from undrift.applying.numbers import of_that_number
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import AllocationPart, Child, Family, Plan
from undrift.children.models.family import Sex
from undrift.engine.dates.horizons import no_day_of_birth, no_day_of_the_past
from undrift.engine.dates.moments import in_words, london_date
from undrift.intake.plan_rules import LONGEST_PREGNANCY
from undrift.library.numbers import BORN_EARLY, OVERDUE
from undrift.people.models import Authority, Person
from undrift.record.allocations import Taker, shut_to, takers
from undrift.record.families import NotChanged
from undrift.record.off_plan import around
from undrift.record.sight import as_service

HAS_DIED = "A death is on file for this child. If that was a mistake, put the day of death right first"
ON_A_PLAN = "The child is on a plan since {}. Say first when that plan ended"
ON_NO_PLAN = "The child is on no plan. If one began, say so first"
NOT_YET_BORN = "Enter the date of birth, or the expected one for a child who is not born yet"
TAKEN = "Another child of the council has this number. Check it in the case system"


@dataclass(frozen=True, kw_only=True)
class NewChild:
    """A child that no file has brought: born, or expected. `sibling` is a child of the family it belongs to."""

    number: str = ""
    first_name: str = ""
    last_name: str = ""
    sex: str = Sex.NOT_STATED
    born: date | None = None
    expected: date | None = None
    sibling: Child | None = None


@as_service()
def begin(council: Authority, said: NewChild, *, by: Person, at: datetime, why: str = "") -> Child:
    """The child is on file, in a family of its own or in its brother's or sister's. Refuses (`NotChanged`).

    Twins are two records: neither is taken for the other.
    """
    today = london_date(at)
    if said.born is None and said.expected is None:
        raise NotChanged(NOT_YET_BORN, "born")
    if not said.number.strip() and not (said.first_name.strip() or said.last_name.strip()):
        raise NotChanged("Enter the child’s number or a name: nobody would find the record otherwise", "number")
    if said.born is not None and (wrong := no_day_of_the_past(said.born, today)):
        raise NotChanged(wrong, "born")
    if said.born is None and (wrong := _not_expected(said.expected, today)):
        raise NotChanged(wrong, "expected")
    with transaction.atomic():
        # One at a time, and none beside an import: each looks whether the number is there.
        Authority.objects.select_for_update(no_key=True).get(pk=council.pk)
        if said.number.strip() and of_that_number(council, said.number).exists():
            raise NotChanged(TAKEN, "number")
        family = said.sibling.family if said.sibling is not None else None
        if family is None:
            family = Family.objects.create(authority=council, name=said.last_name.strip())
        child = Child(authority=council)
        values = {
            "family_id": family.pk,
            "external_id": said.number.strip(),
            "first_name": said.first_name.strip(),
            "last_name": said.last_name.strip(),
            "sex": said.sex,
            "date_of_birth": said.born,
            "expected_birth": said.expected if said.born is None else None,
        }
        facts.change(child, values, Because(at=at, by=by, why=why))
        return child


@as_service()
def born(
    child: Child,
    on: date,
    *,
    by: Person,
    at: datetime,
    first_name: str = "",
    sex: str = Sex.NOT_STATED,
    why: str = "",
) -> None:
    """An unborn child has been born: the date of birth counts, and the day that was expected stays on file.

    Refuses (`NotChanged`) a day to come, and one so far from the expected day that one of the two is mistyped.
    """
    today = london_date(at)
    with changing([child]) as (child,):
        if child.date_of_birth is not None and child.date_of_birth <= today:
            raise NotChanged("The child’s date of birth is on file. If it is wrong, put it right instead", "born")
        if wrong := no_day_of_the_past(on, today):
            raise NotChanged(wrong, "born")
        if child.expected_birth is not None and abs(child.expected_birth - on) > BORN_EARLY:
            raise NotChanged(
                f"The birth was expected on {in_words(child.expected_birth)}. Check the date, or put the expected day"
                " right first",
                "born",
            )
        values: dict[str, object] = {"date_of_birth": on}
        if first_name.strip():
            values["first_name"] = first_name.strip()
        if sex != Sex.NOT_STATED:
            values["sex"] = sex
        facts.change(child, values, Because(at=at, by=by, why=why))


# Plans ----------------------------------------------------------------------------------------------------------------


@as_service()
def begin_plan(
    children: Collection[Child], *, starts: date, category: str, by: Person, at: datetime, why: str = ""
) -> None:
    """Each of the children is on a plan from that day: the first, the second, a later one. All of them, or none.

    Whoever chaired for the child before the plan, worked with it and had it in their team has it on the plan, while
    they may. Refuses (`NotChanged`).
    """
    today = london_date(at)
    if wrong := no_day_of_the_past(starts, today):
        raise NotChanged(wrong, "starts")
    with changing(children) as locked:
        for child in locked:
            _refuse_plan(child, starts)
            earlier = _plans(child)
            last = earlier.first()
            plan = Plan(authority_id=child.authority_id, child=child)
            values = {
                "starts": starts,
                "initial_category": category,
                "latest_category": category,
                "previous_plans": max(earlier.count(), last.previous_plans + 1) if last is not None else 0,
                **_as_before(child, today),
            }
            because = Because(at=at, by=by, why=why)
            facts.change(plan, values, because)
            facts.change(child, {"moved_on": None, "moved_to": ""}, because)
        follow({child.pk for child in locked}, at)


def _refuse_plan(child: Child, starts: date) -> None:
    running = _plans(child).filter(ends=None).first()
    if running is not None:
        raise NotChanged(ON_A_PLAN.format(in_words(running.starts)), "starts")
    last = _plans(child).first()
    if last is not None and last.ends is not None and starts <= last.ends:
        raise NotChanged(
            f"The last plan ended on {in_words(last.ends)}. The next one begins later; check both days", "starts"
        )
    birth = child.date_of_birth or child.expected_birth
    if birth is not None and starts < birth - LONGEST_PREGNANCY:
        raise NotChanged("The plan would begin before the pregnancy. Check the day, and the date of birth", "starts")


def _as_before(child: Child, today: date) -> dict[str, int]:
    """Who has the child so far, where nothing stands against it: what is restricted is given by those who guard it."""
    has = around([child], today)
    parts: dict[AllocationPart, Taker | None] = {
        AllocationPart.CHAIR: has.chair,
        AllocationPart.SOCIAL_WORKER: has.social_worker,
        AllocationPart.TEAM: has.team,
    }
    return {
        f"{part.value}_id": to.pk
        for part, to in parts.items()
        if to is not None
        and takers(child.authority, part, today).filter(pk=to.pk).exists()
        and not (isinstance(to, Person) and shut_to([child], to, today))
    }


@as_service()
def end_plan(children: Collection[Child], *, last_day: date, by: Person, at: datetime, why: str = "") -> None:
    """The plan of each of the children ended that day. All of them, or none. Refuses (`NotChanged`).

    Where a concern is open about one, its chair is asked whether it goes on: at once, or once the day is over.
    """
    with changing(children) as locked:
        for child in locked:
            _end(child, last_day, Because(at=at, by=by, why=why))
        follow({child.pk for child in locked}, at)


def _end(child: Child, last_day: date, because: Because) -> None:
    plan = _running(child)
    if plan is None:
        raise NotChanged(ON_NO_PLAN)
    if wrong := no_day_of_the_past(last_day, london_date(because.at)):
        raise NotChanged(wrong, "last_day")
    if last_day < plan.starts:
        raise NotChanged(f"The plan began on {in_words(plan.starts)}. It cannot have ended before", "last_day")
    facts.change(plan, {"ends": last_day}, because)


@as_service()
def change_category(child: Child, category: str, *, by: Person, at: datetime, why: str = "") -> None:
    """The latest category of the plan that runs; the first stays. Refuses (`NotChanged`)."""
    with changing([child]) as (child,):
        plan = _running(child)
        if plan is None:
            raise NotChanged(ON_NO_PLAN, "category")
        if not facts.change(plan, {"latest_category": category}, Because(at=at, by=by, why=why)):
            raise NotChanged("That is the category on file already. Select another, or leave it", "category")


# Moving away, and death -----------------------------------------------------------------------------------------------


@as_service()
def move_away(child: Child, *, on: date, to: str, by: Person, at: datetime, why: str = "") -> None:
    """The child has moved to another council: the plan here ends that day, and what is open is asked about.

    No record goes there by this: the two councils tell each other as they do. Refuses (`NotChanged`).
    """
    if not to.strip():
        raise NotChanged("Enter the council that the child has moved to", "to")
    if wrong := no_day_of_the_past(on, london_date(at)):
        raise NotChanged(wrong, "on")
    with changing([child]) as (child,):
        if wrong := before_birth(child, on):
            raise NotChanged(wrong, "on")
        because = Because(at=at, by=by, why=why)
        if _running(child) is not None:
            try:
                _end(child, on, because)
            except NotChanged as refusal:
                raise NotChanged(refusal.sentence, "on") from refusal
        facts.change(child, {"moved_on": on, "moved_to": to.strip()}, because)
        follow({child.pk}, at)


@as_service()
def died(child: Child, *, on: date, by: Person, at: datetime, why: str = "") -> None:
    """The child has died: the record is held as it is and restricted at once, and nobody is reminded about the child.

    Refuses (`NotChanged`) a day to come, or before the birth.
    """
    with changing([child]) as (child,):
        if wrong := no_day_of_the_past(on, london_date(at)):
            raise NotChanged(wrong, "on")
        if wrong := before_birth(child, on):
            raise NotChanged(wrong, "on")
        with telling_who_is_shut_out([child], by, at):
            facts.change(child, {"died_on": on, "restricted": True}, Because(at=at, by=by, why=why))
        follow({child.pk}, at)


# Workings -------------------------------------------------------------------------------------------------------------


@contextmanager
def changing(children: Collection[Child]) -> Iterator[list[Child]]:
    """The children as they are now, held until all is written. Refuses where one of them has died."""
    with transaction.atomic():
        held = Child.objects.select_for_update(of=("self",)).select_related("family", "authority")
        locked = list(held.filter(pk__in=[child.pk for child in children]).order_by("pk"))
        if any(child.died_on is not None for child in locked):
            raise NotChanged(HAS_DIED)
        yield locked


def before_birth(child: Child, day: date) -> str:
    """Why nothing but a plan can have happened to the child that day; "" where it may have."""
    if child.date_of_birth is None or day >= child.date_of_birth:
        return ""
    return f"The child was born on {in_words(child.date_of_birth)}. Check both days"


def _plans(child: Child) -> QuerySet[Plan]:
    """The latest first."""
    return Plan.objects.filter(child=child).order_by("-starts").select_for_update()


def _running(child: Child) -> Plan | None:
    return _plans(child).filter(ends=None).first()


def _not_expected(day: date | None, today: date) -> str:
    assert day is not None, "asked before"
    if day < today - OVERDUE:
        return f"A birth that was expected on {in_words(day)} has taken place. Enter the date of birth instead"
    return no_day_of_birth(day, today)
