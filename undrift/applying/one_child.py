"""Two records of one child: offered by likeness, said by somebody to be of one child, and taken back by somebody.

Nothing is merged, and nothing happens by itself: a file that has a child under a new number makes a new record, and
says so. A child who was adopted has a new record that is never linked to the earlier one (Standard Safeguarding
Dataset: "two separate unlinked records"): of that nothing is kept at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Trim

from undrift.access.models import Exclusion
from undrift.access.shut_out import telling_who_is_shut_out
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, Plan, SameChild
from undrift.children.other_records import NOW, goes_on_as, other_records
from undrift.engine.dates.moments import london_date
from undrift.people.models import Person
from undrift.people.standing_in import stood_in_for
from undrift.record.families import NotChanged
from undrift.record.off_plan import chairs_off_plan
from undrift.record.sight import as_service

OWN = (
    "You chair for this child or work with it, or stand in for whoever does, and it would open the other record to you."
    " Ask somebody else who brings children in"
)
SAID = "Somebody has said so already. Take that back first"


def likely(children: QuerySet[Child], of: Child) -> list[Child]:
    """Those of the children who may be the same as this one: born on one day, and of one name.

    Not those of whom somebody has said whether they are.
    """
    if of.date_of_birth is None or not (of.first_name.strip() and of.last_name.strip()):
        return []
    said = SameChild.objects.filter(Q(kept=of) | Q(other=of), undone_at=None)
    decided = {number for pair in said.values_list("kept", "other") for number in pair}
    named = children.annotate(first=Lower(Trim("first_name")), last=Lower(Trim("last_name")))
    found = named.filter(
        date_of_birth=of.date_of_birth, first=of.first_name.strip().lower(), last=of.last_name.strip().lower()
    )
    return list(found.exclude(pk__in=decided | {of.pk}).order_by("external_id", "pk"))


def pairs(children: QuerySet[Child]) -> list[tuple[Child, Child]]:
    """All of the children who may be two records of one, the record that is the older here first. Two queries."""
    of_name: dict[tuple[object, str, str], list[Child]] = {}
    for child in children.exclude(date_of_birth=None).exclude(first_name="").exclude(last_name="").order_by("pk"):
        key = (child.date_of_birth, child.first_name.strip().lower(), child.last_name.strip().lower())
        of_name.setdefault(key, []).append(child)
    found = [(one, other) for group in of_name.values() for n, one in enumerate(group) for other in group[n + 1 :]]
    if not found:
        return []
    said = SameChild.objects.filter(undone_at=None, kept__in={child.pk for pair in found for child in pair})
    decided = {frozenset(pair) for pair in said.values_list("kept", "other")}
    return [pair for pair in found if frozenset(child.pk for child in pair) not in decided]


@as_service()
def say_same(kept: Child, other: Child, *, by: Person, at: datetime, why: str) -> SameChild:
    """They are of one child, and `kept` goes on. Refuses (`NotChanged`).

    Whoever is kept out of the one is kept out of the other, and where one is restricted both are, from now on: whoever
    had a part in an open concern and is shut out by that hears so.
    """
    why = _why(why)
    with transaction.atomic():
        kept, other = _locked(kept, other)
        _refuse(kept, other)
        group = [kept, other, *other_records(kept)]
        _refuse_own(group, by, at)
        with telling_who_is_shut_out(group, by, at):
            said = SameChild.objects.create(
                authority_id=kept.authority_id, kept=kept, other=other, by=by, at=at, why=why
            )
            because = Because(at=at, by=by, why=why)
            if any(child.restricted for child in group):
                for child in group:
                    facts.change(child, {"restricted": True}, because)
            _kept_out_of_all(group, by, at)
        facts.keep(
            facts.changed(one, one.pk, "other_record", "", str(another.pk), because)
            for one, another in ((kept, other), (other, kept))
        )
        return said


def _refuse(kept: Child, other: Child) -> None:
    if kept.pk == other.pk:
        raise NotChanged("That is the number of this record. Enter the number of the other one", "number")
    if kept.authority_id != other.authority_id:
        raise NotChanged("The two records are of different councils", "number")
    if SameChild.objects.filter(Q(kept=kept, other=other) | Q(kept=other, other=kept), undone_at=None).exists():
        raise NotChanged(SAID, "number")
    for child in (kept, other):
        if goes_on_as(child) is not None:
            raise NotChanged(
                "One of the two goes on as another record already. Say it of that record, or take that back first",
                "number",
            )
    if SameChild.objects.filter(NOW, kept=other).exists():
        raise NotChanged("Other records go on as that one. Let that one go on, or take them back first", "goes_on")


def _refuse_own(children: list[Child], by: Person, at: datetime) -> None:
    today = london_date(at)
    mine = {by.pk} | stood_in_for(by, today)
    own = Plan.objects.filter(Q(chair__in=mine) | Q(social_worker__in=mine), child__in=children, ends=None).exists()
    if own or mine & {person.pk for person in chairs_off_plan([child.pk for child in children], today)}:
        raise NotChanged(OWN)


def _kept_out_of_all(group: Iterable[Child], by: Person, at: datetime) -> None:
    shut = Exclusion.objects.filter(child__in=list(group), lifted_at=None).order_by("pk")
    has = {(one.child_id, one.person_id) for one in shut}
    for one in list(shut):
        for child in group:
            if (child.pk, one.person_id) not in has:
                has.add((child.pk, one.person_id))
                Exclusion.objects.create(
                    authority_id=child.authority_id, child=child, person=one.person, why=one.why, by=by, since=at
                )


@as_service()
def say_two(one: Child, other: Child, *, by: Person, at: datetime, why: str) -> SameChild:
    """They are two children, however alike: it is offered no more. Refuses (`NotChanged`)."""
    why = _why(why)
    with transaction.atomic():
        one, other = _locked(one, other)
        if SameChild.objects.filter(Q(kept=one, other=other) | Q(kept=other, other=one), undone_at=None).exists():
            raise NotChanged(SAID, "number")
        return SameChild.objects.create(
            authority_id=one.authority_id, kept=one, other=other, same=False, by=by, at=at, why=why
        )


@as_service()
def take_back(said: SameChild, *, by: Person, at: datetime, why: str) -> None:
    """It was a mistake. What shuts somebody out of either record stays so, until those who guard it say otherwise."""
    why = _why(why)
    with transaction.atomic():
        said = SameChild.objects.select_for_update().select_related("kept", "other").get(pk=said.pk)
        if said.undone_at is not None:
            raise NotChanged("It was taken back already. See how it stands now")
        said.undone_by, said.undone_at, said.undone_why = by, at, why
        said.save(update_fields=["undone_by", "undone_at", "undone_why"])
        if said.same:
            because = Because(at=at, by=by, why=why)
            facts.keep(
                facts.changed(one, one.pk, "other_record", str(another.pk), "", because)
                for one, another in ((said.kept, said.other), (said.other, said.kept))
            )


def _why(why: str) -> str:
    if not why.strip():
        raise NotChanged("Say how you know: it stands in the child’s history", "why")
    return why.strip()[:200]


def _locked(one: Child, other: Child) -> tuple[Child, Child]:
    held = Child.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    found = {child.pk: child for child in held}
    return found[one.pk], found[other.pk]
