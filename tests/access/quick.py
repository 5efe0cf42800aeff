"""The matrix asked of each lock, quickly: by a smaller crowd, up to the first answer that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import product

from django.db import connection, transaction

from tests.access.crowd import OF_CHILDREN, OF_RESOLUTIONS, Crowd, One, Spot
from tests.access.expected import OPEN_WHERE_RESTRICTED, ROLES, opened_by
from undrift.access import second_lock
from undrift.access.fetching import NotFound, fetch, fetch_child, fetch_family
from undrift.access.matrix import Action, Condition, Tie, matrix
from undrift.access.models import Look
from undrift.access.rows import children_visible_to, row_by_row, visible_to
from undrift.access.scope import scope_of
from undrift.people.seats import seat_of
from undrift.resolutions.models import Resolution

# One of each kind of cells.
QUICK = ("chair", "review-manager", "social-worker", "team-manager", "colleague", "partner-manager",
         "business-support", "auditor", "out-of-hours", "administrator", "director")  # fmt: skip
STRANGERS = 4
REACHED = (Tie.CHAIR, Tie.GLASS, Tie.NAMED)  # those who are asked what they see once their page is over, too
NEAREST = (Tie.CHAIR, Tie.ALLOCATED, Tie.OWES, Tie.UNIT, Tie.INVITED, Tie.NAMED, Tie.GLASS, Tie.TOLD, Tie.WHOLE)


def opens(crowd: Crowd, one: One, action: Action, spot: Spot) -> bool:
    """By the second writing of the matrix, which no mutant changes."""
    ties = crowd.ties(one, spot, action)
    known = opened_by(one.role, action) - (_RESOLUTIONS_ONLY if action in OF_CHILDREN else frozenset())
    if spot.condition is Condition.RESTRICTED:
        known &= frozenset(map(Tie, OPEN_WHERE_RESTRICTED))
    return bool(ties & known)


_RESOLUTIONS_ONLY = frozenset({Tie.OWES, Tie.TOLD})


def wrong_in_the_matrix() -> Iterator[str]:
    for role, action, tie, condition in product(ROLES, Action, Tie, Condition):
        expected = tie in opened_by(role, action) and (
            condition is Condition.USUAL or (condition is Condition.RESTRICTED and tie in OPEN_WHERE_RESTRICTED)
        )
        if matrix().opens(role, action, tie, condition) != expected:
            yield f"{role} {action} {tie} {condition}"


def wrong_in_the_first(crowd: Crowd) -> Iterator[str]:
    for one in crowd.people:
        scope = scope_of(one.person, crowd.now)
        for action in (*OF_RESOLUTIONS, *OF_CHILDREN):
            rows = (
                children_visible_to(one.person, crowd.now, scope, action)
                if action in OF_CHILDREN
                else row_by_row(Resolution, scope, action)
            )
            expected = open_to(crowd, one, action)
            if set(rows.values_list("pk", flat=True)) != expected:
                yield f"{one.person}: {action}"
            if action is Action.LIST and expected != set(
                visible_to(Resolution, one.person, crowd.now, scope).values_list("pk", flat=True)
            ):
                yield f"{one.person}: a list"


@cache
def open_to(crowd: Crowd, one: One, action: Action) -> frozenset[int]:
    """The children, or the resolutions, that this person should be shown."""
    spots = [spot for spot in crowd.spots if opens(crowd, one, action, spot)]
    return frozenset(spot.child.pk if action in OF_CHILDREN else spot.resolution.pk for spot in spots)


# The second lock, table by table ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What is open of one spot to one person. `told`: their work knows steps to take; `council`: of their council.

    `guards`: who may come near this child is theirs to say; `brings`: their work is to bring in
    the council's children; `closed`: this one's record is closed to them; `logs`: it knows the log of looks.
    `staff`: they work for a council itself.
    """

    child: bool
    lists: bool
    reads: bool
    guards: bool
    brings: bool
    logs: bool
    told: bool
    excluded: bool
    closed: bool
    council: bool
    staff: bool
    own: bool
    way: str


def of_child(spot: Spot) -> object:
    return spot.child.pk


def of_family(spot: Spot) -> object:
    return spot.child.family_id


def of_resolution(spot: Spot) -> object:
    return spot.resolution.pk


def of_cycle(spot: Spot) -> object:
    return spot.cycle


def known(f: Facts) -> bool:
    return f.child or f.lists


def opened(f: Facts) -> bool:
    return f.child


def listed(f: Facts) -> bool:
    return f.lists


def guarded(f: Facts) -> bool:
    """Who may come near a child is seen by those who guard the child, whether or not the record is open to them."""
    return f.guards


def logged(f: Facts) -> bool:
    return f.logs and f.council


def asked_of_them(f: Facts) -> bool:
    return not f.excluded and (f.child or (f.way == "duty" and f.own and f.told))


@dataclass(frozen=True)
class Bound:
    """A table: the column, or the words for it, that tells which spot a row is of; and to whom a row is shown."""

    table: str
    column: str
    key: Callable[[Spot], object]
    shown: Callable[[Facts], bool]
    ways: tuple[str, ...] = ()  # only spots of these ways have a row

    def asked_by(self, spot: Spot) -> object:
        """The value of the column itself."""
        return str(spot.child.pk) if self.column.startswith("source_key") else self.key(spot)


TABLES = (
    Bound("children_child", "id", of_child, known),
    Bound("children_family", "id", of_family, known),
    Bound("children_plan", "child_id", of_child, opened),
    Bound("children_voice", "child_id", of_child, opened),
    Bound("children_midpointcheck", "plan_id", lambda s: s.plan.pk, opened),
    Bound("children_conference", "family_id", of_family, known),
    Bound("children_conference_participants", "conference_id", lambda s: s.conference, known),
    Bound("children_keyaction", "family_id", of_family, asked_of_them),
    Bound("children_keyaction_children", "keyaction_id", lambda s: s.key_action, asked_of_them),
    Bound("children_coregroupmember", "family_id", of_family, known),
    Bound("children_importrun", "authority_id", lambda s: s.child.authority_id, lambda f: f.council),
    Bound("children_importedrow", "source_key || entity", lambda s: f"{s.child.pk}child", opened),
    Bound("children_importedrow", "source_key || entity", lambda s: f"{s.child.pk}plan", opened),
    Bound("children_allocation", "child_id", of_child, opened),
    Bound("children_importcheck", "authority_id", lambda s: s.child.authority_id, lambda f: f.brings and f.council),
    Bound("children_importtold", "child_id", of_child, lambda f: f.brings and f.council and not f.closed),
    Bound("children_factchange", "was", lambda s: f"child:{s.child.pk}", opened),
    Bound("children_alsoinfamily", "child_id", of_child, opened),
    Bound("children_lookedafter", "child_id", of_child, opened),
    Bound("children_samechild", "kept_id", of_child, opened),
    Bound("access_restriction", "child_id", of_child, guarded),
    Bound("access_listing", "child_id", of_child,
          lambda f: guarded(f) or (f.own and f.told and f.council and f.way != "chair"),
          ("listing", "listing, for a while", "listing, past", "listing, to come", "elsewhere", "chair")),
    Bound("access_exclusion", "child_id", of_child, guarded),
    Bound("access_opening", "child_id", of_child, lambda f: guarded(f) or (f.own and f.council and f.way != "chair"),
          ("opening", "opening, past", "opening, to come", "elsewhere", "chair")),
    Bound("record_case", "id", of_resolution, listed),
    Bound("resolutions_resolution", "case_id", of_resolution, listed),
    Bound("record_casechild", "case_id", of_resolution, listed),
    Bound("record_event", "case_id", of_resolution, lambda f: f.lists or f.reads),
    Bound("record_duty", "case_id", of_resolution, listed),
    Bound("record_notice", "case_id", of_resolution, listed),
    Bound("record_case", "id", of_cycle, opened),
    Bound("record_casechild", "case_id", of_cycle, opened),
    Bound("record_event", "case_id", of_cycle, opened),
    Bound("access_look", "children[1]", of_child, lambda f: logged(f) and not f.excluded),
    Bound("access_look", "page", lambda s: s.child.public_id, lambda f: f.own or logged(f)),
    Bound("access_look", "tried", lambda s: s.child.public_id, logged),
    Bound("record_draft", "case_id", of_resolution, lambda f: f.own and f.council),
    Bound("record_goodpracticereport", "authority_id", lambda s: s.child.authority_id, lambda f: f.staff and f.council),
    Bound("record_typedtext", "address", lambda s: s.child.public_id, lambda f: f.own),
    Bound("record_submission", "address", lambda s: s.child.public_id, lambda f: f.own),
)  # fmt: skip


def wrong_in_the_second(crowd: Crowd, table: str = "") -> Iterator[str]:
    tables = [bound for bound in TABLES if table in ("", bound.table)]
    for number, one in enumerate(crowd.people):
        strangers = (crowd.spots[(number * 37 + step * 71) % len(crowd.spots)] for step in range(STRANGERS))
        near = list(dict.fromkeys((*one.own, *strangers)))
        for bound, shown in seen_within(crowd, one, tables, near):
            for spot in near:
                if bound.ways and spot.way not in bound.ways:
                    continue
                if (str(bound.key(spot)) in shown) != bound.shown(facts_of(crowd, one, spot)):
                    yield f"{one.person}: {bound.table} of a spot by {spot.way}, {spot.condition}"


@cache
def facts_of(crowd: Crowd, one: One, spot: Spot) -> Facts:
    child, lists, reads = (opens(crowd, one, action, spot) for action in (Action.CHILD, Action.LIST, Action.READ))
    return Facts(
        child, lists, reads,
        # The post answers for a record that is restricted, too; not for one that they are kept out of.
        guards=bool(crowd.ties(one, spot, Action.GUARD) & opened_by(one.role, Action.GUARD)),
        brings=bool(opened_by(one.role, Action.BRING)),
        logs=bool(opened_by(one.role, Action.LOG) | opened_by(one.role, Action.AUDIT)),
        told=bool(opened_by(one.role, Action.LIST) & {Tie.OWES, Tie.TOLD}),
        council=spot.here,
        staff=one.person.authority_id is not None,
        excluded=spot.excluded == one.person.pk,
        closed=spot.excluded == one.person.pk or (spot.condition is Condition.RESTRICTED and not child),
        own=spot in one.own,
        way=spot.way,
    )  # fmt: skip


def seen_within(
    crowd: Crowd, one: One, tables: Sequence[Bound], near: Sequence[Spot]
) -> Iterator[tuple[Bound, set[str]]]:
    """The keys of these spots of which the second lock shows this person a row, table by table."""
    # By plain columns: of any other condition the database would ask the policy first, of every row.
    asked = " UNION ALL ".join(
        f"SELECT {n}, ({bound.column})::text FROM {bound.table} WHERE {bound.column.split()[0]} = ANY (%s)"
        for n, bound in enumerate(tables)
    )
    found: list[set[str]] = [set() for _ in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        second_lock.enter(one.person, seat_of(one.person, crowd.now.date()), crowd.now)
        keys = [[bound.asked_by(spot) for spot in near] for bound in tables]
        cursor.execute(asked, keys)
        for n, key in cursor.fetchall():
            found[n].add(key)
        if one.tie in REACHED:
            second_lock.enter_nobody()
            cursor.execute(asked, keys)
            for n, _ in cursor.fetchall():
                found[n] = {"rows, where the reach is nobody’s"}
        transaction.set_rollback(True)
    yield from zip(tables, found, strict=True)


# One record at a time -----------------------------------------------------------------------------------------------


def wrong_in_the_trace(crowd: Crowd) -> Iterator[str]:
    for one in crowd.people:
        for spot in one.own[::3]:
            for action, asked, key in (
                (Action.READ, partial(fetch, Resolution), spot.resolution.reference),
                (Action.CHILD, fetch_child, spot.child.public_id),
                (Action.CHILD, fetch_family, spot.child.family.reference),
            ):
                before = Look.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                try:
                    asked(key, one.person, crowd.now)
                    shown = True
                except NotFound:
                    shown = False
                looks = list(Look.objects.filter(pk__gt=before).values_list("refused", "how"))
                expected = opens(crowd, one, action, spot)
                if shown != expected or looks != [(not shown, tie_named(crowd, one, action, spot) if shown else "")]:
                    yield f"{one.person}: {action} of a spot by {spot.way}, {spot.condition} left {looks}"


def tie_named(crowd: Crowd, one: One, action: Action, spot: Spot) -> str:
    """The nearest of the ties that open it."""
    ties = opened_by(one.role, action)
    # Whoever reaches the whole council is not asked which teams are theirs.
    asked = [tie for tie in NEAREST if tie in ties and not (tie is Tie.UNIT and Tie.WHOLE in ties)]
    return next(tie.name.lower() for tie in asked if tie in crowd.ties(one, spot, action))
