"""What was mistyped about a child, or came wrong with a file, is put right: why is said, and what stood there stays.

Nothing is edited in place: the fact becomes another, beside what it was (`children.facts`), and what is open about the
child follows as it does when the fact is first told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import CharField

from undrift.access.shut_out import telling_who_is_shut_out
from undrift.applying.by_hand import TAKEN, before_birth
from undrift.applying.following import follow
from undrift.applying.numbers import of_that_number
from undrift.children import facts
from undrift.children.fact_words import as_said
from undrift.children.facts import Because
from undrift.children.models import Child, LookedAfter, Plan
from undrift.engine.dates.horizons import no_day_of_birth, no_day_of_the_past
from undrift.engine.dates.moments import in_words, london_date
from undrift.intake.plan_rules import LONGEST_PREGNANCY
from undrift.library.numbers import BORN_EARLY
from undrift.people.models import Authority, Person
from undrift.record.families import NotChanged
from undrift.record.sight import as_service


class Kind(StrEnum):
    """How a fact is asked for."""

    TEXT = "text"
    DAY = "day"
    CATEGORY = "category"
    SEX = "sex"
    COUNT = "count"


@dataclass(frozen=True)
class Fact:
    """A fact that can be put right, by its column. `names` leads to who the child is; `without` is said of none."""

    column: str
    title: str
    kind: Kind
    names: bool = False
    without: str = ""

    def said(self, value: object) -> str:
        """The value as a page says it, within a sentence."""
        return as_said(self.column, value) if value not in (None, "") else self.without or "not on file"


def longest(column: str) -> int:
    """How many letters a child's column holds."""
    field = Child._meta.get_field(column)
    assert isinstance(field, CharField)
    return field.max_length or 0


OF_CHILD = (
    Fact("external_id", "Number", Kind.TEXT),
    Fact("first_name", "First name", Kind.TEXT, names=True, without="no first name"),
    Fact("last_name", "Last name", Kind.TEXT, names=True, without="no last name"),
    Fact("sex", "Sex", Kind.SEX, names=True),
    Fact("date_of_birth", "Date of birth", Kind.DAY, names=True, without="not born yet"),
    Fact("expected_birth", "Expected birth", Kind.DAY, names=True, without="not expected"),
    Fact("died_on", "Day of death", Kind.DAY, without="the child has not died"),
    Fact("moved_on", "Day of the move", Kind.DAY, without="the child has not moved away"),
)
OF_PLAN = (
    Fact("starts", "Start", Kind.DAY),
    Fact("ends", "End", Kind.DAY, without="the plan has not ended"),
    Fact("initial_category", "First category", Kind.CATEGORY),
    Fact("latest_category", "Latest category", Kind.CATEGORY),
    Fact("previous_plans", "Number of previous plans", Kind.COUNT),
)


OF_LOOKED_AFTER = (
    Fact("starts", "First day", Kind.DAY),
    Fact("ends", "Last day", Kind.DAY, without="the child is looked after still"),
)


@as_service()
def put_right(thing: Child | Plan | LookedAfter, fact: Fact, value: Any, *, by: Person, at: datetime, why: str) -> None:
    """The fact is this from now on, and was mistyped before. Refuses (`NotChanged`) what cannot stand beside others."""
    if not why.strip():
        raise NotChanged("Say what was wrong: it stands in the child’s history", "why")
    with transaction.atomic():
        if fact.column == "external_id":  # one at a time, as where a child begins: each looks whether it is there
            Authority.objects.select_for_update(no_key=True).get(pk=thing.authority_id)
        child = Child.objects.select_for_update().get(pk=thing.pk if isinstance(thing, Child) else thing.child_id)
        held = child if isinstance(thing, Child) else type(thing)._default_manager.select_for_update().get(pk=thing.pk)
        if value in (None, "") and not fact.without:
            raise NotChanged(f"Enter {fact.title.lower()}", "value")
        for wrong in _wrong(child, held, fact.column, value, london_date(at)):
            raise NotChanged(wrong, "value")
        values = {fact.column: value, **_with_it(fact.column, value)}
        with telling_who_is_shut_out([child] if "restricted" in values else [], by, at):
            if not facts.change(held, values, Because(at=at, by=by, why=why.strip())):
                raise NotChanged("That is what stands there already. Change it, or go back", "value")
        follow({child.pk}, at)


def _with_it(column: str, value: Any) -> Mapping[str, Any]:
    """A death that comes by being put right restricts the record as well; no move has no council."""
    if column == "died_on" and value is not None:
        return {"restricted": True}
    return {"moved_to": ""} if column == "moved_on" and value is None else {}


def _wrong(child: Child, held: Child | Plan | LookedAfter, column: str, value: Any, today: date) -> Iterator[str]:
    if isinstance(value, date):
        yield from filter(None, [(no_day_of_birth if column == "expected_birth" else no_day_of_the_past)(value, today)])
    match held:
        case Child():
            yield from _of_child(child, column, value)
        case Plan():
            yield from _of_plan(child, held, column, value)
        case LookedAfter():
            yield from _of_times(LookedAfter.objects.filter(child=child).exclude(pk=held.pk), held, column, value)
            if column == "starts" and (wrong := before_birth(child, value)):
                yield wrong


def _of_child(child: Child, column: str, value: Any) -> Iterator[str]:
    now = {name: getattr(child, name) for name in ("date_of_birth", "expected_birth", "died_on")} | {column: value}
    if column == "external_id" and of_that_number(child.authority, value).exclude(pk=child.pk).exists():
        yield TAKEN
    if column in ("first_name", "last_name") and not (
        value or child.external_id or (child.last_name if column == "first_name" else child.first_name)
    ):
        yield "The child would have neither a number nor a name. Give it a number first"
    if column in ("date_of_birth", "expected_birth") and not (now["date_of_birth"] or now["expected_birth"]):
        yield "Either the date of birth or the expected one has to stand there. Enter the expected one first"
    if column == "moved_on" and value is not None and child.moved_on is None:
        yield "The child has not moved away. Say that it has, with the council it moved to"
    elif column == "moved_on" and value is not None and (wrong := before_birth(child, value)):
        yield wrong
    if column == "date_of_birth" and value is not None:
        yield from _before_birth_already(child, value)
    if now["date_of_birth"] and now["died_on"] and now["died_on"] < now["date_of_birth"]:
        yield f"The child was born on {in_words(now['date_of_birth'])}. It cannot have died before: check both days"
    born, expected = now["date_of_birth"], now["expected_birth"]
    if column in ("date_of_birth", "expected_birth") and born and expected and abs(born - expected) > BORN_EARLY:
        yield (
            f"Born on {in_words(born)}, and expected on {in_words(expected)}: one of the two is mistyped. Where both "
            "are, take the expected day away first"
        )
    birth = now["date_of_birth"] or now["expected_birth"]
    first = Plan.objects.filter(child=child).order_by("starts").first()
    if column in ("date_of_birth", "expected_birth") and birth and first and first.starts < birth - LONGEST_PREGNANCY:
        yield f"The first plan began on {in_words(first.starts)}, before the pregnancy. Check both days"


def _before_birth_already(child: Child, born: date) -> Iterator[str]:
    """What stands in the record of a child, and can have happened to nobody before the birth."""
    care = LookedAfter.objects.filter(child=child).order_by("starts").values_list("starts", flat=True).first()
    for day, what in ((child.moved_on, "moved away"), (care, "came to be looked after")):
        if day is not None and day < born:
            yield f"The child {what} on {in_words(day)}. It cannot have been born after: check both days"


def _of_plan(child: Child, plan: Plan, column: str, value: Any) -> Iterator[str]:
    if column not in ("starts", "ends"):
        return
    yield from _of_times(Plan.objects.filter(child=child).exclude(pk=plan.pk), plan, column, value)
    birth = child.date_of_birth or child.expected_birth
    if column == "starts" and birth is not None and value < birth - LONGEST_PREGNANCY:
        yield "The plan would begin before the pregnancy. Check the day, and the date of birth"


def _of_times(others: Iterable[Plan | LookedAfter], held: Plan | LookedAfter, column: str, value: Any) -> Iterator[str]:
    """Two plans of a child do not overlap, nor two times of being looked after."""
    starts, ends = (value, held.ends) if column == "starts" else (held.starts, value)
    if ends is not None and ends < starts:
        yield f"It would end on {in_words(ends)}, before it begins on {in_words(starts)}. Check both days"
    for other in others:
        if (other.ends is None or other.ends >= starts) and (ends is None or ends >= other.starts):
            until = f" to {in_words(other.ends)}" if other.ends else ""
            yield f"Another is from {in_words(other.starts)}{until}, and the two would overlap. Check both"
