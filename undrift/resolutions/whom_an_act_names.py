"""Whom an act may name: somebody to do what was agreed, to take a part, to be told.

Whoever may not be named is refused in the same words whatever the reason: nobody learns that somebody is kept out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from undrift.access.matrix import Action, Tie, matrix
from undrift.access.scope import roles_of_people
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.engine.refusal import Refusal
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.record.who_plays import kept_out_of
from undrift.resolutions.models import Resolution


def may_be_asked(people: Collection[Person], resolution: Resolution, at: datetime) -> frozenset[int]:
    """Those of them who could open this resolution once something in it is theirs to do. By number. One query."""
    day, out = london_date(at), kept_out_of(resolution)
    near = [person for person in people if person.pk not in out and person.serves_on(day) and _near(person, resolution)]
    roles = roles_of_people([person.pk for person in near], day) if near else {}
    return frozenset(number for number, held in roles.items() if Tie.OWES in matrix().ties(held, Action.READ))


def _near(person: Person, resolution: Resolution) -> bool:
    if person.authority_id is not None:
        return person.authority_id == resolution.authority_id
    return person.partnership_id == resolution.authority.partnership_id


def refused(act: acts.Act, resolution: Resolution, found: Mapping[str, Found], at: datetime) -> Refusal | None:
    """Why the act may not name whom it names; None where it may, or names nobody. No query where nobody is named."""
    if isinstance(act, acts.Share):
        told = found[act.role].everyone if act.role in found else ()
        if may_be_asked(told, resolution, at) or not told:
            return None
        return Refusal("cannot-be-told", "Nobody in this part can open it. Share it with somebody else.", about="role")
    named = {number: (name, about) for number, name, about in _named(act) if number}
    if not named:
        return None
    known = {str(person.pk): person for here in found.values() for person in here.everyone}
    people = [known[number] for number in named if number in known]
    if rest := [int(number) for number in named if number not in known and number.isdigit()]:
        people += Person.objects.filter(pk__in=rest)
    may = {str(number) for number in may_be_asked(people, resolution, at)}
    for number, (name, about) in named.items():
        if number not in may:
            return Refusal("cannot-be-asked", f"{name} cannot take this on here. Choose somebody else.", about=about)
    return None


def _named(act: acts.Act) -> Iterator[tuple[str, str, str]]:
    """The people an act names: number, name, and the field that names them."""
    match act:
        case acts.HandOver():
            yield act.person, act.name, "person"
        case acts.AgreeAction():
            yield from _of_actions([act.action])
        case acts.Respond() | acts.Raise():
            yield from _of_actions(act.actions)


def _of_actions(actions: Iterable[acts.ActionAsked]) -> Iterator[tuple[str, str, str]]:
    for action in actions:
        yield action.person, action.who, "who"
