"""Whom an act may name: somebody to do what was agreed, to take a part, to be told.

Whoever may not be named is refused in the same words whatever the reason: nobody learns that somebody is kept out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from undrift.access.matrix import Action, Tie, matrix
from undrift.access.scope import roles_of_people
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.engine.ladder.kinds import ACTS
from undrift.engine.named import Named
from undrift.engine.refusal import Refusal
from undrift.people.found import Found
from undrift.people.kept_rosters import roster_of
from undrift.people.models import Authority, Person
from undrift.people.peers import could_chair, could_take
from undrift.record.adopted import protocol_of
from undrift.record.who_plays import chair_role, kept_out_of
from undrift.resolutions.models import Resolution

CANNOT = "{} cannot take this on here. Choose somebody else."


def may_be_asked(people: Collection[Person], resolution: Resolution, at: datetime) -> frozenset[int]:
    """Those of them who could open this resolution once something in it is theirs to do. By number. One query."""
    out = kept_out_of(resolution)
    return could_open([person for person in people if person.pk not in out], resolution.authority, at)


def could_open(people: Collection[Person], authority: Authority, at: datetime) -> frozenset[int]:
    """Those of them whose posts open a resolution of this council once they have a part in it. By number. One query."""
    day = london_date(at)
    near = [person for person in people if person.serves_on(day) and _near(person, authority)]
    roles = roles_of_people([person.pk for person in near], day) if near else {}
    return frozenset(number for number, held in roles.items() if Tie.OWES in matrix().ties(held, Action.READ))


def _near(person: Person, authority: Authority) -> bool:
    if person.authority_id is not None:
        return person.authority_id == authority.pk
    return person.partnership_id == authority.partnership_id


def refused(act: acts.Act, resolution: Resolution, found: Mapping[str, Found], at: datetime) -> Refusal | None:
    """Why the act may not name whom it names; None where it may, or names nobody. No query where nobody is named."""
    named = tuple(ACTS[type(act)].names(act))
    for role in (one for one in named if one.role):
        told = found[role.role].everyone if role.role in found else ()
        if told and not may_be_asked(told, resolution, at):
            sentence = "Nobody in this part can open it. Share it with somebody else."
            return Refusal("cannot-be-told", sentence, about=role.about)
    if isinstance(act, acts.HandOver) and (no := _part_refused(act, resolution, found, at)) is not None:
        return no
    return _people_refused({one.person: one for one in named if one.person}, resolution, found, at)


def _part_refused(
    act: acts.HandOver, resolution: Resolution, found: Mapping[str, Found], at: datetime
) -> Refusal | None:
    """A part goes to somebody who holds such a post, or one above it: never downwards, and not to the social worker."""
    roster, protocol = roster_of(resolution.authority, (), at), protocol_of(resolution)
    if act.role == chair_role(protocol):
        peers = could_chair(roster, resolution.authority)
    elif found[act.role].post is not None or found[act.role].body is not None:
        peers = could_take(found[act.role], roster)
    else:
        return None  # a part that goes by no post, such as the social worker's
    if act.person in {str(peer.person.pk) for peer in peers}:
        return None
    return Refusal("cannot-be-asked", CANNOT.format(act.name), about="person")


def _people_refused(
    named: Mapping[str, Named], resolution: Resolution, found: Mapping[str, Found], at: datetime
) -> Refusal | None:
    if not named:
        return None
    known = {str(person.pk): person for here in found.values() for person in here.everyone}
    people = [known[number] for number in named if number in known]
    if rest := [int(number) for number in named if number not in known and number.isdigit()]:
        people += Person.objects.filter(pk__in=rest)
    may = {str(number) for number in may_be_asked(people, resolution, at)}
    for number, one in named.items():
        if number not in may:
            return Refusal("cannot-be-asked", CANNOT.format(one.name), about=one.about)
    return None
