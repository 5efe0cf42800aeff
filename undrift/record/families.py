"""Which children are looked at together, and who is in their core group: said by somebody, and kept as said.

A concern is about children of one family: no child leaves brothers and sisters with whom an open one is about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.in_families import families_of
from undrift.children.models import AlsoInFamily, Child, Conference, CoreGroupMember, Family, KeyAction
from undrift.engine.dates.horizons import AHEAD
from undrift.engine.dates.moments import in_words, london_date
from undrift.people.models import Agency, Authority, Person
from undrift.people.standing_in import stands_in_for, stood_in_for
from undrift.record.allocations import GUARDS_SAY, shut_to
from undrift.record.handing_on import follow_the_children
from undrift.record.models import Case, CaseChild
from undrift.record.off_plan import chairs_off_plan
from undrift.record.sight import as_service
from undrift.record.who_plays import kept_out_of_children

SHARED = (
    "An open concern is about this child together with a brother or sister. Resolve it, or end it for this child, and"
    " then change the family"
)
ALONE = "This child is in a family of one already"
SAME = "They are in one family already"
NOT_TO_ONESELF = (
    "You chair for this family, or stand in for whoever does, and it would open a record to you. Ask somebody else who"
    " brings children in"
)
SHUT = "{} chairs for this family, and a record is not opened to them by this. " + GUARDS_SAY
ELSEWHERE = "The two children are of different councils"


class NotChanged(ValueError):
    """Nothing was changed. `sentence` says why; `field` is the question it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


# The family -----------------------------------------------------------------------------------------------------------


@as_service()
def why_not_moved(child: Child) -> str:
    """Why the child cannot leave the family it is in; "" where it can."""
    about = CaseChild.objects.filter(child=child, case__ended_at=None, settled=False)
    with_others = CaseChild.objects.filter(case__in=about.values("case"), settled=False).exclude(child=child)
    return SHARED if with_others.exists() else ""


@as_service()
def join(child: Child, sibling: Child, *, by: Person, at: datetime, why: str = "") -> None:
    """Put a child into the family of a brother or sister. Refuses (`NotChanged`)."""
    with transaction.atomic():
        sibling = _locked(sibling)
        child = _locked(child)
        if child.authority_id != sibling.authority_id:
            raise NotChanged(ELSEWHERE, "sibling")
        if child.family_id == sibling.family_id:
            raise NotChanged(SAME, "sibling")
        together = list(Child.objects.filter(family__in=[child.family_id, sibling.family_id]))
        before = _chairs(together, at)
        _move(child, sibling.family, Because(at=at, by=by, why=why))
        _refuse_to_open(together, before, by, at)
        follow_the_children(at, children={one.pk for one in together})


@as_service()
def part(child: Child, *, by: Person, at: datetime, why: str = "") -> None:
    """Put a child into a family of its own. Refuses (`NotChanged`)."""
    with transaction.atomic():
        child = _locked(child)
        if not Child.objects.filter(family=child.family_id).exclude(pk=child.pk).exists():
            raise NotChanged(ALONE)
        together = set(Child.objects.filter(family=child.family_id).values_list("pk", flat=True))
        own = Family.objects.create(authority_id=child.authority_id, name=child.last_name)
        _move(child, own, Because(at=at, by=by, why=why))
        follow_the_children(at, children=together)


@as_service()
def also_in(child: Child, sibling: Child, *, by: Person, at: datetime, why: str = "") -> AlsoInFamily:
    """The child is in the family of that brother or sister, too, and stays in its own. Refuses (`NotChanged`)."""
    with transaction.atomic():
        sibling, child = _locked(sibling), _locked(child)
        if child.authority_id != sibling.authority_id:
            raise NotChanged(ELSEWHERE, "sibling")
        if sibling.family_id in families_of(child):
            raise NotChanged(SAME, "sibling")
        said = AlsoInFamily.objects.create(
            authority_id=child.authority_id, child=child, family=sibling.family, by=by, at=at, why=why
        )
        because = Because(at=at, by=by, why=why)
        facts.keep([facts.changed(child, child.pk, "also_in", "", str(sibling.family_id), because)])
        return said


@as_service()
def no_longer_in(said: AlsoInFamily, *, by: Person, at: datetime, why: str = "") -> None:
    """The child is in its own family alone again. Refuses (`NotChanged`) while an open concern is about it with others
    of the second.
    """
    with transaction.atomic():
        said = AlsoInFamily.objects.select_for_update(of=("self",)).select_related("child").get(pk=said.pk)
        if said.ended_at is not None:
            raise NotChanged("It was ended already. See how it stands now")
        about = CaseChild.objects.filter(child=said.child, case__ended_at=None, settled=False)
        if about.filter(case__family=said.family).exists():
            raise NotChanged(SHARED)
        said.ended_by, said.ended_at = by, at
        said.save(update_fields=["ended_by", "ended_at"])
        because = Because(at=at, by=by, why=why)
        facts.keep([facts.changed(said.child, said.child_id, "also_in", str(said.family_id), "", because)])


def _chairs(children: Iterable[Child], at: datetime) -> dict[int, set[Person]]:
    """Who chairs for each of the children though no plan says so."""
    return {child.pk: set(chairs_off_plan([child.pk], london_date(at))) for child in children}


def _refuse_to_open(children: Sequence[Child], before: Mapping[int, set[Person]], by: Person, at: datetime) -> None:
    """A conference is about all of the family: whoever chairs it would see a child who has come into it."""
    today = london_date(at)
    mine = {by.pk} | stood_in_for(by, today)
    after = _chairs(children, at)
    for child in children:
        for person in after[child.pk] - before[child.pk]:
            if person.pk in mine:
                raise NotChanged(NOT_TO_ONESELF, "sibling")
            if shut_to([child], person, today):
                raise NotChanged(SHUT.format(person.name), "sibling")


def _locked(child: Child) -> Child:
    return Child.objects.select_for_update(of=("self",)).select_related("family").get(pk=child.pk)


def _move(child: Child, to: Family, because: Because) -> None:
    """With what is the child’s alone: its core group, concerns about it, and all of a family that it empties."""
    if refusal := why_not_moved(child):
        raise NotChanged(refusal)
    left = child.family_id
    facts.change(child, {"family_id": to.pk}, because)
    for member in CoreGroupMember.objects.filter(family=left, child=child):
        facts.change(member, {"family_id": to.pk}, because, of=[child])
    Case.objects.filter(pk__in=_theirs(child).values("case"), ended_at=None).update(family=to)
    if Child.objects.filter(family=left).exists():
        return
    for conference in Conference.objects.filter(family=left):
        facts.change(conference, {"family_id": to.pk}, because, of=[child])
    for member in CoreGroupMember.objects.filter(family=left):
        facts.change(member, {"family_id": to.pk, "child_id": child.pk}, because, of=[child])
    KeyAction.objects.filter(family=left).update(family=to)
    Case.objects.filter(family=left).update(family=to)


def _theirs(child: Child) -> QuerySet[CaseChild]:
    """What is about the child and nobody else. Of the others, what is still asked for it: where it is settled or has
    ended for this child, it is the brothers' and sisters' whom it is about besides.
    """
    others = CaseChild.objects.filter(case=OuterRef("case")).exclude(child=child)
    return CaseChild.objects.filter(Q(settled=False) | ~Exists(others), child=child)


# A core group is told of concerns, and whoever is told may read them.
NOT_ONESELF = "Nobody puts themselves in a core group. Ask somebody else who brings children in"

# The core group -------------------------------------------------------------------------------------------------------


def core_group(child: Child, day: date) -> QuerySet[CoreGroupMember]:
    """Who is in it, or will be: of this child, and of every child of the family."""
    found = CoreGroupMember.objects.filter(Q(ends=None) | Q(ends__gte=day), Q(child=None) | Q(child=child))
    return found.filter(family=child.family_id).select_related("person__agency", "agency").order_by("starts", "pk")


@as_service()
def add_member(
    child: Child,
    *,
    from_day: date,
    by: Person,
    at: datetime,
    person: Person | None = None,
    name: str = "",
    agency: Agency | None = None,
    role: str = "",
    whole_family: bool = True,
    why: str = "",
) -> CoreGroupMember:
    """Somebody is in the core group from a day on: by account, or by name. Refuses (`NotChanged`)."""
    today = london_date(at)
    if person is None and not name.strip():
        raise NotChanged("Choose a person, or enter the name of somebody without an account", "person")
    if wrong := no_day_of_a_core_group(from_day, today):
        raise NotChanged(wrong, "from_day")
    if person is not None and (person == by or stands_in_for(by, person, today)):
        raise NotChanged(NOT_ONESELF, "person")
    with transaction.atomic():
        child = _locked(child)
        there = core_group(child, from_day)
        if any(_same(member, person, name) for member in there):
            raise NotChanged("They are in the core group already", "person" if person else "name")
        of = _of(child, whole_family)
        if person is not None and person.pk in kept_out_of_children(one.pk for one in of):
            raise NotChanged(f"{person.name} cannot be in this core group. Choose somebody else", "person")
        member = CoreGroupMember(authority_id=child.authority_id)
        values = {
            "family_id": child.family_id,
            "child_id": None if whole_family else child.pk,
            "person_id": person.pk if person else None,
            "name": "" if person else name.strip(),
            "agency_id": agency.pk if agency else person.agency_id if person else None,
            "role": role.strip(),
            "starts": from_day,
        }
        facts.change(member, values, Because(at=at, by=by, why=why), of=of)
        return member


def _same(member: CoreGroupMember, person: Person | None, name: str) -> bool:
    if person is not None:
        return member.person_id == person.pk
    return member.person_id is None and member.name.casefold() == name.strip().casefold()


def _of(child: Child, whole_family: bool) -> Sequence[Child]:
    return list(Child.objects.filter(family=child.family_id)) if whole_family else [child]


@as_service()
def end_member(member: CoreGroupMember, *, last_day: date, by: Person, at: datetime, why: str = "") -> None:
    """Their last day in the core group. Refuses (`NotChanged`) a day before they began."""
    if last_day < member.starts:
        raise NotChanged("The last day must be on or after the first", "last_day")
    if wrong := no_day_of_a_core_group(last_day, london_date(at)):
        raise NotChanged(wrong, "last_day")
    with transaction.atomic():
        member = CoreGroupMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
        of = [member.child] if member.child else list(Child.objects.filter(family=member.family_id))
        facts.change(member, {"ends": last_day}, Because(at=at, by=by, why=why), of=of)


def no_day_of_a_core_group(day: date, today: date) -> str:
    """Why nobody begins or ends in a core group that day, as an error at its field; "" where somebody may."""
    if day > today + AHEAD:
        return f"The day must be {in_words(today + AHEAD)} or earlier, within 6 months"
    if day < today - AHEAD:
        return f"The day must be {in_words(today - AHEAD)} or later, within the last 6 months"
    return ""


def agencies_of(authority: Authority) -> QuerySet[Agency]:
    """The council's, and those that its partnership shares."""
    shared = Q(partnership=authority.partnership_id) if authority.partnership_id else Q(pk=None)
    return Agency.objects.filter(Q(authority=authority) | shared).order_by("name", "pk")
