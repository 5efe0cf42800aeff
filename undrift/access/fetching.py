"""One record at a time, and the trace that each opening leaves: who, when, what, by which tie; or the refusal.

A record is asked for by the action that the address declares; only a tie that carries it opens the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Func, JSONField, OuterRef, Q, QuerySet

from undrift.access.matrix import ACTS, Action, Tie, Ties
from undrift.access.rows import WithSame, children_seen, owes, row_by_row, told
from undrift.access.scope import Scope, scope_of
from undrift.children.models import AlsoInFamily, Child, Family, Plan
from undrift.people import clock
from undrift.people.composed import TEXT, Among, composed, first
from undrift.people.models import Person
from undrift.record.adopted import with_closures
from undrift.record.locking import AnyCase
from undrift.record.models import Case

if TYPE_CHECKING:
    from undrift.access.traced import Traced

NUMBERS = ArrayField(BigIntegerField())
LONGEST = 60  # characters kept of what was asked for in vain
BY_GLASS = "shown_by_glass"  # on the person whose request it is


class KeptOut(Func):
    """Who may play no part in a resolution, so that finding its people costs no query of its own."""

    template = "(SELECT jsonb_object_agg(k.person_id, k.why) FROM undrift_kept_out(%(expressions)s) k)"
    output_field = JSONField()


class NotFound(Exception):
    """There is no such thing, or it is not this person's to see: nobody learns which."""


@dataclass(frozen=True)
class Fetched(Generic[AnyCase]):
    """A case as somebody may see it. `pages` are the public ids of the children whose own pages they may open."""

    case: AnyCase
    children: tuple[Child, ...]
    pages: tuple[str, ...]


def fetch(
    kind: type[AnyCase],
    reference: str,
    person: Person,
    now: datetime | None = None,
    *,
    action: Action = Action.READ,
    page: str = "",
) -> AnyCase:
    """The case of that kind and reference, with its authority and closure days. Refuses with `NotFound`."""
    return fetch_with_children(kind, reference, person, now, action=action, page=page).case


def fetch_with_children(
    kind: type[AnyCase],
    reference: str,
    person: Person,
    now: datetime | None = None,
    *,
    action: Action = Action.READ,
    page: str = "",
) -> Fetched[AnyCase]:
    """The same, with the children whom it is about. Two queries."""
    scope = scope_of(person, now)
    found = first(_case(kind, scope, action, reference=reference))
    if found is None:
        _refused(person, reference, page, now)
        raise NotFound(reference)
    with_it = vars(found)
    found.kept_out = {int(number): why for number, why in (with_it["barred"] or {}).items()}
    said = _said(person, found.authority_id, page, now)
    tie = _tie_to(found, scope, action)
    _note_glass(person, tie)
    children = tuple(Child.objects.raw(CHILDREN, said | {"case": found.pk, "how": _name(tie)}))
    return Fetched(found, children, tuple(with_it["open_children"]))


@composed(reference=TEXT)
def _case(kind: type[Case], scope: Scope, action: Action, reference: Any) -> QuerySet[Any]:
    open_children = children_seen(scope).filter(about__case=OuterRef("pk"))
    found = row_by_row(kind, scope, action).filter(reference=reference)
    with_it = found.select_related("authority", "family", "chair", "team", "responsible_agency").annotate(
        closures=with_closures(),
        barred=KeptOut(F("pk")),
        is_owed=ExpressionWrapper(owes(scope.people), output_field=BooleanField()),
        is_told=ExpressionWrapper(told(scope.people), output_field=BooleanField()),
        open_children=ArraySubquery(open_children.values("public_id")),
    )
    return with_it.order_by("pk")[:1]


def fetch_child(
    public_id: str, person: Person, now: datetime | None = None, *, action: Action = Action.CHILD, page: str = ""
) -> Child:
    """The child of that public id, whose record is open to the person, too. Refuses with `NotFound`."""
    scope = scope_of(person, now)
    found = first(_child(scope, action, public_id=public_id))
    if found is None:
        _refused(person, public_id, page, now)
        raise NotFound(public_id)
    _opened(person, [found], _tie_to_children([found], scope, action), page, now)
    return found


def opens_child(scope: Scope, action: Action, public_id: str) -> bool:
    """Whether somebody has this action for the child, whose record is open to them, too. One query, and no trace."""
    return bool(_opens(scope, action, public_id=public_id))


@composed(public_id=TEXT)
def _opens(scope: Scope, action: Action, public_id: Any) -> QuerySet[Child, int]:
    theirs = children_seen(scope, action).filter(public_id=public_id)
    return theirs.filter(pk__in=children_seen(scope).values("pk")).order_by().values_list("pk", flat=True)[:1]


def fetch_family(
    reference: str,
    person: Person,
    now: datetime | None = None,
    *,
    action: Action = Action.CHILD,
    page: str = "",
    traced: Traced | None = None,
) -> list[Child]:
    """The children of that family whom this person may see, the eldest first. Refuses with `NotFound` if none.

    `traced` remembers the looks of one piece of work on many pages: the same children, opened the same way, leave one
    trace in an hour.
    """
    return _family(reference, person, now, action, page, traced, "reference")


def fetch_family_of(
    public_id: str,
    person: Person,
    now: datetime | None = None,
    *,
    action: Action = Action.CHILD,
    page: str = "",
    traced: Traced | None = None,
) -> list[Child]:
    """The same, of the child of that public id, who has to be among them. One look at all of them."""
    return _family(public_id, person, now, action, page, traced, "children__public_id")


def _family(
    asked: str,
    person: Person,
    now: datetime | None,
    action: Action,
    page: str,
    traced: Traced | None,
    by: str,
) -> list[Child]:
    scope = scope_of(person, now)
    found = _together(scope, action, by, asked=asked)
    # Whoever is there besides their own family opens the second to nobody.
    names = {name for child in found for name in (child.public_id, child.family.reference)}
    if asked not in names:
        _refused(person, asked, page, now)
        raise NotFound(asked)
    tie = _tie_to_children(found, scope, action)
    if traced is not None and traced.already([child.pk for child in found], _name(tie), page, now or clock.now()):
        _note_glass(person, tie)
    else:
        _opened(person, found, tie, page, now)
    return found


@composed(public_id=TEXT)
def _child(scope: Scope, action: Action, public_id: Any) -> QuerySet[Child]:
    return _open_ones(scope, action).filter(public_id=public_id).order_by("pk")[:1]


@composed(asked=TEXT)
def _together(scope: Scope, action: Action, by: str, asked: Any) -> QuerySet[Child]:
    families = Family.objects.filter(**{by: asked})
    also = AlsoInFamily.objects.filter(ended_at=None, family__in=families.values("pk"))
    there = Q(family__in=families.values("pk")) | Q(pk__in=also.values("child"))
    return _open_ones(scope, action).filter(there).order_by("date_of_birth", "expected_birth", "pk")


def _open_ones(scope: Scope, action: Action) -> QuerySet[Child]:
    """The children for whom the person has this action, and whose record is open to them."""
    found = children_seen(scope, action)
    if not scope.opening(action, Action.CHILD) <= scope.ties(Action.CHILD):
        found = found.filter(pk__in=children_seen(scope).values("pk"))
    return _with_ties(found)


def turned_away(person: Person, asked: str, *, page: str = "") -> None:
    """Leave the trace of a try that came to nothing before anything was fetched."""
    _refused(person, asked, page, None)


def _with_ties(children: QuerySet[Child]) -> QuerySet[Child]:
    """With whoever a live plan ties to the child, by this record or another of the same child."""
    records = WithSame(Func(OuterRef("pk"), template="ARRAY[%(expressions)s]", output_field=NUMBERS))
    live = Plan.objects.filter(Among(F("child"), records), ends=None)
    return children.select_related("family", "authority").annotate(
        **{f"tied_{name}": ArraySubquery(live.values(name)) for name in ("chair", "social_worker", "team")}
    )


def _tie_to(case: Case, scope: Scope, action: Action) -> Tie:
    """The nearest of the person's ties: the one that the trace names."""
    near = {
        Tie.CHAIR: case.chair_id in scope.people,
        Tie.ALLOCATED: case.social_worker_id in scope.people,
        Tie.OWES: vars(case)["is_owed"],
        Tie.UNIT: case.team_id in scope.units,
        Tie.NAMED: case.pk in scope.doors.named,
        Tie.GLASS: case.pk in scope.doors.opened,
        Tie.TOLD: vars(case)["is_told"],
    }
    return _nearest(near, scope.opening(action, Action.READ))


def _tie_to_children(children: Sequence[Child], scope: Scope, action: Action) -> Tie:
    numbers = {child.pk for child in children}
    near = {
        Tie.CHAIR: any(scope.people.intersection(_annotated(child, "chair")) for child in children)
        or bool(numbers & scope.doors.chaired_children),
        Tie.ALLOCATED: any(scope.people.intersection(_annotated(child, "social_worker")) for child in children),
        Tie.UNIT: any(scope.units.intersection(_annotated(child, "team")) for child in children),
        Tie.INVITED: bool(numbers & scope.doors.invited_children),
        Tie.NAMED: bool(numbers & scope.doors.named_children),
        Tie.GLASS: bool(numbers & scope.doors.opened_children),
    }
    # Beside an action of its own the record is open, too, and that is how it was come by.
    return _nearest(near, scope.opening(action if action in ACTS else Action.CHILD, Action.CHILD))


def _nearest(near: Mapping[Tie, bool], ties: Ties) -> Tie:
    """The first that holds and that opens this to the person's work."""
    return next((tie for tie, holds in near.items() if holds and tie in ties), Tie.WHOLE)


def _note_glass(person: Person, tie: Tie) -> None:
    if tie is Tie.GLASS:
        setattr(person, BY_GLASS, True)


def shown_by_glass(person: Person) -> bool:
    """Whether a record was fetched for this person, in this request, that an emergency opening alone opens."""
    return getattr(person, BY_GLASS, False)


def _annotated(child: Child, name: str) -> list[int]:
    found: list[int] = getattr(child, f"tied_{name}")
    return found


# Reading whom a resolution is about and leaving the trace are one statement: the one cannot happen without the other.
CHILDREN = """
WITH about AS (SELECT child_id FROM record_casechild WHERE case_id = %(case)s),
trace AS (
    INSERT INTO access_look (authority_id, person, name, at, page, children, "case", tried, how, refused)
    VALUES (%(authority_id)s, %(person)s, %(name)s, %(at)s, %(page)s,
            ARRAY(SELECT child_id FROM about ORDER BY child_id), %(case)s, '', %(how)s, false)
)
SELECT children_child.* FROM children_child WHERE id IN (SELECT child_id FROM about) ORDER BY id
"""


def _opened(person: Person, children: Sequence[Child], tie: Tie, page: str, now: datetime | None) -> None:
    about = [child.pk for child in children]
    _note_glass(person, tie)
    _trace(_said(person, children[0].authority_id, page, now) | {"children": about, "how": _name(tie)})


def _refused(person: Person, asked: str, page: str, now: datetime | None) -> None:
    _trace(_said(person, person.authority_id, page, now) | {"tried": asked[:LONGEST], "refused": True})


TRACE = """
INSERT INTO access_look (authority_id, person, name, at, page, children, "case", tried, how, refused)
VALUES (%(authority_id)s, %(person)s, %(name)s, %(at)s, %(page)s, %(children)s, NULL, %(tried)s, %(how)s, %(refused)s)
"""
UNSAID: dict[str, Any] = {"children": [], "tried": "", "how": "", "refused": False}


def _trace(said: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRACE, UNSAID | said)


def _said(person: Person, authority: int | None, page: str, now: datetime | None) -> dict[str, Any]:
    return {
        "authority_id": authority,
        "person": person.pk,
        "name": person.name,
        "at": clock.at(now),
        "page": page,
    }


def _name(tie: Tie) -> str:
    return tie.name.lower()
