"""Every cell of the declared matrix, asserted: what it says, and what either lock does about it."""

from __future__ import annotations

from functools import partial
from itertools import product

import pytest
from django.db import transaction
from django.db.models import Model

from tests.access.conftest import Told
from tests.access.crowd import ACTS, OF_CHILDREN, OF_COUNCILS, WAYS, Crowd, One, Spot
from tests.access.expected import OPEN_WHERE_RESTRICTED, OPENED_BY, ROLES, opened_by
from tests.house.thorough import THOROUGH
from undrift.access import second_lock
from undrift.access.fetching import NotFound, fetch, fetch_child, fetch_family
from undrift.access.matrix import SOURCE, Action, Condition, MatrixError, Tie, matrix, read
from undrift.access.models import Look
from undrift.access.rows import children_visible_to, row_by_row, visible_to
from undrift.access.scope import KEPT_AS, doors_of, scope_of
from undrift.children.models import Child, Plan, Voice
from undrift.people.seats import seat_of
from undrift.record.models import Event
from undrift.resolutions.models import Resolution

TIES = tuple(WAYS)
STRANGERS = 12  # spots that are somebody else's, asked of each person in the second lock


def test_every_cell_says_what_was_agreed(told: Told) -> None:
    declared = list(product(matrix().roles, Action, Tie, Condition))
    assert set(matrix().roles) == ROLES
    assert set(OPENED_BY) == set(Action)
    wrong = []
    for role, action, tie, condition in declared:
        expected = tie in opened_by(role, action) and (
            condition is Condition.USUAL or (condition is Condition.RESTRICTED and tie in OPEN_WHERE_RESTRICTED)
        )
        if matrix().opens(role, action, tie, condition) != expected:
            wrong.append(f"{role} {action} by {tie.name} {condition}: should be {expected}")
    assert not wrong, "\n".join(wrong)
    told(f"{len(declared):,} cells declared: {len(matrix().roles)} roles x {len(Action)} actions x {len(Tie)} ties "
         f"x {len(Condition)} conditions; all asserted as declared")  # fmt: skip


def test_every_cell_is_what_the_first_lock_does(crowd: Crowd, told: Told) -> None:
    cells, answers, wrong = set(), 0, []
    for one in crowd.people:
        scope = scope_of(one.person, crowd.now)
        kept: dict[tuple[bool, frozenset[Tie]], frozenset[int]] = {}
        for action in Action:
            if scope.ties(action) != opened_by(one.role, action):
                wrong.append(f"{one.role} {action}: {scope.ties(action)}")
            if action in OF_COUNCILS or action in ACTS:
                cells |= {(one.role, action, tie, condition) for tie in TIES for condition in Condition}
                continue
            of_child = action in OF_CHILDREN
            asked = (of_child, scope.ties(action))
            if asked not in kept:
                own = row_by_row(Resolution, scope, action)
                rows = children_visible_to(one.person, crowd.now, scope, action) if of_child else own
                kept[asked] = frozenset(rows.values_list("pk", flat=True))
            for spot in crowd.spots:
                answers += 1
                shown = (spot.child.pk if of_child else spot.resolution.pk) in kept[asked]
                if shown != crowd.opens(one, action, spot):
                    wrong.append(said(one, action, spot, shown))
            cells |= {(one.role, action, one.tie, spot.condition) for spot in one.own}
        listed = frozenset(visible_to(Resolution, one.person, crowd.now, scope).values_list("pk", flat=True))
        row = kept[False, scope.ties(Action.LIST)]
        wrong += [f"{one.person}: a list and a row disagree"] if listed != row else []
    assert not wrong, f"{len(wrong)} of {answers:,}:\n" + "\n".join(wrong[:40])
    declared = set(product(matrix().roles, Action, TIES, Condition))
    assert not declared - cells, f"Cells that nobody of the crowd stands for: {sorted(declared - cells)[:5]}"
    told(f"{len(declared):,} cells asserted of the first lock by {len(crowd.people)} people and {len(crowd.spots)} "
         f"children: {answers:,} answers")  # fmt: skip


def test_every_cell_is_what_the_second_lock_does(crowd: Crowd, told: Told) -> None:
    """Plain queries with no filter of ours, as the application's role, entered as each person."""
    answers, wrong = 0, []
    day = crowd.now.date()
    Voice.objects.bulk_create(
        Voice(authority_id=spot.child.authority_id, child=spot.child, text="words", heard_on=day)
        for spot in crowd.spots
    )
    for number, one in enumerate(crowd.people):
        near = one.own + tuple(crowd.spots[(number * 37 + step * 71) % len(crowd.spots)] for step in range(STRANGERS))
        models: tuple[type[Model], ...] = (Resolution, Event, Plan, Voice, Child)
        seen = {model: seen_within(one, crowd, model, near) for model in models}
        for spot in near:
            lists, reads, child = (
                crowd.opens(one, action, spot) for action in (Action.LIST, Action.READ, Action.CHILD)
            )
            expected: dict[type[Model], tuple[int, bool]] = {
                Resolution: (spot.resolution.pk, lists), Event: (spot.resolution.pk, reads),
                Plan: (spot.child.pk, child), Voice: (spot.child.pk, child), Child: (spot.child.pk, child or lists),
            }  # fmt: skip
            for model, (key, opens) in expected.items():
                answers += 1
                if (key in seen[model]) != opens:
                    wrong.append(said(one, model.__name__, spot, key in seen[model]))
    assert not wrong, f"{len(wrong)} of {answers:,}:\n" + "\n".join(wrong[:40])
    told(f"the second lock alone: {answers:,} answers of {len(crowd.people)} people, none other than the matrix says")


def seen_within(one: One, crowd: Crowd, model: type[Model], near: tuple[Spot, ...]) -> frozenset[int]:
    """The children or resolutions of which the second lock shows this person a row of the model."""
    with transaction.atomic():
        second_lock.enter(one.person, seat_of(one.person, crowd.now.date()), crowd.now)
        column = {Resolution: "pk", Child: "pk", Event: "case"}.get(model, "child")
        numbers = [s.resolution.pk if model in (Resolution, Event) else s.child.pk for s in near]
        found = frozenset(model._default_manager.filter(**{f"{column}__in": numbers}).values_list(column, flat=True))
        transaction.set_rollback(True)
    return found


def said(one: One, what: str, spot: Spot, shown: bool) -> str:
    whose = "own" if spot in one.own else "another’s"
    return f"{one.person}: {what} of {whose} spot by {spot.way}, {spot.condition}: {'shown' if shown else 'hidden'}"


def test_one_record_is_opened_as_the_matrix_says_and_the_trace_names_the_tie(crowd: Crowd, told: Told) -> None:
    wrong, opened, refused = [], 0, 0
    every = 3 if THOROUGH else 9
    for number, one in enumerate(crowd.people):
        seat(one, crowd)
        for spot in one.own[number % every :: every]:
            for action, asked, key in (
                (Action.READ, partial(fetch, Resolution), spot.resolution.reference),
                (Action.CHILD, fetch_child, spot.child.public_id),
                (Action.CHILD, fetch_family, spot.child.family.reference),
            ):
                before = latest_look()
                try:
                    asked(key, one.person, crowd.now)
                    shown = True
                except NotFound:
                    shown = False
                opened, refused = opened + shown, refused + (not shown)
                looks = list(Look.objects.filter(pk__gt=before))
                expected = crowd.opens(one, action, spot)
                if shown != expected or len(looks) != 1 or looks[0].refused == shown:
                    wrong.append(said(one, action, spot, shown) + f", {len(looks)} looks")
                elif shown and looks[0].how != tie_named(one, action, spot, crowd):
                    wrong.append(said(one, action, spot, shown) + f", opened by {looks[0].how}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])
    told(f"one record at a time: {opened:,} opened and {refused:,} refused, a look kept of each")


def seat(one: One, crowd: Crowd) -> None:
    """As in a request: where they sit, and what stands open to them, is asked once."""
    found = seat_of(one.person, crowd.now.date())
    vars(one.person).update(seat=found)
    setattr(one.person, KEPT_AS, doors_of(one.person, found, crowd.now))


def latest_look() -> int:
    return Look.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def tie_named(one: One, action: Action, spot: Spot, crowd: Crowd) -> str:
    """The nearest of the ties that open it."""
    near = (Tie.CHAIR, Tie.ALLOCATED, Tie.OWES, Tie.UNIT, Tie.INVITED, Tie.NAMED, Tie.GLASS, Tie.TOLD, Tie.WHOLE)
    known = opened_by(one.role, action)
    # Whoever reaches the whole council is not asked which teams are theirs.
    asked = [tie for tie in near if tie in known and not (tie is Tie.UNIT and Tie.WHOLE in known)]
    return next(tie.name.lower() for tie in asked if tie in crowd.ties(one, spot, action))


def test_what_nobody_declared_is_refused() -> None:
    opens = matrix().opens
    assert opens("chair", Action.READ, Tie.CHAIR)
    assert not opens("mayor", Action.READ, Tie.CHAIR)
    assert not any(opens(role, action, tie) for role, action in product(matrix().roles, Action)
                   for tie in (Tie.OUT, Tie.ELSEWHERE))  # fmt: skip
    assert matrix().roles_of(["a-post-nobody-heard-of"], partner=False) == {"colleague"}
    assert matrix().roles_of(["a-post-nobody-heard-of"], partner=True) == {"partner"}
    assert matrix().roles_of([], partner=False) == frozenset()


def test_a_post_holds_a_role_of_the_place_where_it_is() -> None:
    """A partner's director directs no council, and a council's front-line manager is no partner."""
    assert matrix().roles_of(["director", "team-manager", "chair"], partner=True) == {"partner"}
    assert matrix().roles_of(["front-line-manager", "chief-officer"], partner=False) == {"colleague"}
    assert matrix().roles_of(["director", "front-line-manager"], partner=False) == {"director", "colleague"}


TEXT = SOURCE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('[roles.chair]\n', '[roles.chair]\npeep = "C"\n', "peep"),
        ('raise = "C"', 'raise = "Z"', "Z"),
        ('posts = ["administrator"]', 'posts = ["administrator", "chair"]', "a kind of post holds one role"),
        ('keep = "keep the organisation: posts, holders, cover"', "", "keep"),
    ],
)  # fmt: skip
def test_a_matrix_that_says_what_nobody_knows_is_not_read(before: str, after: str, named: str) -> None:
    assert before in TEXT
    with pytest.raises(MatrixError, match=named):
        read(TEXT.replace(before, after, 1))
