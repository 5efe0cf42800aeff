"""The access code with one thing of it taken away or widened at a time: each has to be noticed by the tests.

Mutants of the second lock are made mechanically from the migration: each table's condition dropped, each part of it,
each line of the functions. Mutants of the first lock replace one function or one entry of a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast
from unittest.mock import patch

from django.db import connection
from django.db.models import Q

from tests.access import policies
from tests.access.connected import in_role
from tests.access.locks import replaced
from undrift.access import fetching as doors
from undrift.access import rows, scope, second_lock
from undrift.access.matrix import Action, Condition, Matrix, Tie, matrix
from undrift.children.models import Child
from undrift.config import databases
from undrift.resolutions.models import Resolution


@dataclass(frozen=True)
class Mutant:
    """`lock`: the one it is of, so that the other is left aside. `change` makes it, for as long as it lasts."""

    name: str
    lock: str
    change: Callable[[], AbstractContextManager[Any]]
    table: str = ""


# The second lock ----------------------------------------------------------------------------------------------------


@contextmanager
def as_owner() -> Iterator[None]:
    """Within `wide_connection`."""
    in_role()
    yield
    in_role(databases.APPLICATION)


def sql(*statements: str) -> Callable[[], AbstractContextManager[Any]]:
    """Run as the owner. What undoes it is the savepoint of whoever asks."""

    @contextmanager
    def change() -> Iterator[None]:
        with as_owner(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield

    return change


def parts_of(condition: str) -> Iterator[tuple[str, str]]:
    """Each term that an AND or an OR joins, dropped: what it was, and the condition without it."""
    for match in re.finditer(r"\b(AND|OR)\b", condition):
        end = _term_end(condition, match.end())
        term = condition[match.end() : end].strip()
        neutral = "true" if match[1] == "AND" else "false"
        yield term, f"{condition[: match.end()]} {neutral} {condition[end:]}"
    # The first term of the whole, of each bracket, and of each WHERE.
    for match in re.finditer(r"(?:^|\bWHERE\b|\((?=[^()]*?[=<]|NOT|EXISTS|undrift|\())\s*", condition):
        end = _term_end(condition, match.end())
        term = condition[match.end() : end].strip()
        after = re.match(r"\s*(AND|OR)\b", condition[end:])
        if term.startswith(("SELECT", "WITH")) or not (after or match[0].startswith("WHERE")):
            continue
        neutral = "false" if after and after[1] == "OR" else "true"
        yield term, f"{condition[: match.end()]} {neutral} {condition[end:]}"


def _term_end(text: str, start: int) -> int:
    """Where the term that begins here ends: at the next AND or OR, or at the bracket that closes around it."""
    depth = 0
    for match in re.compile(r"\(|\)|,\s*\n|\b(?:AND|OR|GROUP|UNION|EXCEPT|ELSE|END)\b").finditer(text, start):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            if depth == 0:
                return match.start()
            depth -= 1
        elif depth == 0:
            return match.start()
    return len(text)


def of_policies() -> Iterator[Mutant]:
    reach = policies.said("reach", "person")
    for table, seen in policies.SEEN.items():
        council = "true" if table in policies.WITHOUT_COUNCIL else policies.COUNCIL

        def now(condition: str, table: str = table) -> Callable[[], AbstractContextManager[Any]]:
            return sql(f"ALTER POLICY person_sees ON {table} USING ({condition})")

        yield Mutant(
            f"{table}: bound by no policy", "second", sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"), table
        )
        yield Mutant(f"{table}: seen whatever the reach", "second", now(f"{council} AND ({seen})"), table)
        if council != "true":
            yield Mutant(f"{table}: of any council", "second", now(f"{reach} AND ({seen})"), table)
        if seen != "true":
            yield Mutant(f"{table}: all of the council", "second", now(f"{reach} AND {council}"), table)
        for term, without in parts_of(seen):
            yield Mutant(
                f"{table}: without {_short(term)}", "second", now(f"{reach} AND {council} AND ({without})"), table
            )
    for table in policies.LINKS:
        yield Mutant(f"{table}: of any row", "second", sql(f"ALTER POLICY as_its_row ON {table} USING (true)"), table)


def of_functions() -> Iterator[Mutant]:
    for signature, body in policies.FUNCTIONS.items():
        head = body[: body.index("SELECT")]
        for term, without in parts_of(body.strip().removeprefix("SELECT ")):
            made = (
                f"CREATE OR REPLACE FUNCTION {signature} RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER"
                f" SET search_path = public, pg_temp AS $${head}SELECT {without}$$"
            )
            yield Mutant(f"{signature.split('(')[0]}: without {_short(term)}", "second", sql(made))


def of_doors() -> Iterator[Mutant]:
    lines = policies.DOORS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    for term, without in parts_of(lines[lines.index("WITH\n") :]):
        yield Mutant(f"undrift_doors: without {_short(term)}", "both", sql(lines[: lines.index("WITH\n")] + without))
    for line in re.findall(r"^ *EXCEPT SELECT child_id FROM \w+$", lines, re.M):
        yield Mutant(f"undrift_doors: without {_short(line)}", "both", sql(lines.replace(line, "")))
    for match in re.finditer("EXCEPT SELECT case_id FROM shut_cases", lines):
        without = lines[: match.start()] + lines[match.end() :]
        yield Mutant(f"undrift_doors: without {match[0]}", "both", sql(without))
    for block in ("NOT EXISTS (\n        SELECT FROM children_plan", "a.child_id IN (SELECT child_id FROM restricted)"):
        assert lines.count(f"WHERE {block}") == 1
        none = lines.replace(f"WHERE {block}", f"WHERE false AND {block}")
        yield Mutant(f"undrift_doors: nothing restricted, {_short(block)}", "both", sql(none))


def of_reach() -> Iterator[Mutant]:
    """The children in reach, which are gathered once a page: each line that ties or takes away, dropped or widened."""
    made = policies.REACH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    for term in dict.fromkeys(re.findall(r"\w+ = ANY \(\w+\)|ends IS NULL", made)):
        for place, match in enumerate(re.finditer(re.escape(term), made)):
            which = f" ({place + 1})" if made.count(term) > 1 else ""
            for to in ("true", "false"):
                changed = made[: match.start()] + to + made[match.end() :]
                yield Mutant(f"undrift_reach: {term}{which} is {to}", "second", sql(changed))
    for line in ("UNION SELECT unnest(let)", "EXCEPT SELECT unnest(closed)"):
        assert made.count(line) == 1
        yield Mutant(f"undrift_reach: without {line}", "second", sql(made.replace(line, "")))


def of_off_plan() -> Iterator[Mutant]:
    """Whom something else than a plan that runs ties: each way dropped, and each condition of each way."""
    made = policies.OFF_PLAN.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    head, _, body = made.partition("AS $$\n")
    between = "    UNION\n"
    ways = body.removesuffix("$$\n").split(between)
    for place, way in enumerate(ways):

        def now(*instead: str, place: int = place) -> Callable[[], AbstractContextManager[Any]]:
            changed = between.join([*ways[:place], *instead, *ways[place + 1 :]])
            return sql(f"{head}AS $$\n{changed}$$")

        name = f"undrift_off_plan, {way.splitlines()[0].strip(' -.')}"
        yield Mutant(f"{name}: nobody", "both", now())
        for term, without in parts_of(way.partition("\n")[2]):
            yield Mutant(f"{name}: without {_short(term)}", "both", now(without))


def _short(term: str) -> str:
    for long, short in (
        (r"\(\(SELECT undrift_numbers\('(\w+)'\)\)::bigint\[\]\)", r"\1"),
        (r"\(SELECT undrift_is\('(\w+)', '(\w+)'\)\)", r"\1"), (r"\s+", " "),
    ):  # fmt: skip
        term = re.sub(long, short, term)
    return term.strip()[:90]


# The first lock -----------------------------------------------------------------------------------------------------


def entry(table: dict[Any, Any], key: Any, value: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.dict(table, {key: value})


def instead(function: Callable[..., Any], by: Callable[..., Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: replaced(function, by)


def attribute(of: Any, name: str, value: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(of, name, value)


def of_rows() -> Iterator[Mutant]:
    for tie in rows.WAYS:
        yield Mutant(f"rows.WAYS: {tie.name} reaches nothing", "first", entry(rows.WAYS, tie, lambda s: Q(pk__in=[])))
        yield Mutant(f"rows.WAYS: {tie.name} reaches all", "first", entry(rows.WAYS, tie, lambda s: Q(pk__gt=0)))
    for tie in rows.PLANS:
        yield Mutant(f"rows.PLANS: {tie.name} ties nobody", "first", entry(rows.PLANS, tie, lambda s: Q(pk__in=[])))
        yield Mutant(f"rows.PLANS: {tie.name} ties all", "first", entry(rows.PLANS, tie, lambda s: Q(pk__gt=0)))
    for field in scope.Scope.__dataclass_fields__:
        if field in ("people", "units"):
            yield Mutant(f"scope.{field} are none", "first", _scoped(**{field: frozenset()}))
    yield Mutant("rows._council: any council", "first", attribute(rows, "_council", lambda s: Q()))
    yield Mutant("rows._open_to: nothing is closed", "first", attribute(rows, "_open_to", lambda s: Q()))
    yield Mutant("rows._by: no tie is asked for", "first", attribute(rows, "_by", lambda t, s: Q()))
    yield Mutant("rows._tied: no tie is asked for", "first", attribute(rows, "_tied", lambda t, s: Q()))
    yield Mutant("rows._let: everybody named or let in", "first", attribute(rows, "_let", lambda t, n, o: n | o))
    yield Mutant("rows._let: nobody let in", "first", attribute(rows, "_let", lambda t, n, o: frozenset()))
    yield Mutant("Doors.children: by whatever tie", "first", attribute(scope.Doors, "children", _by_any_door))
    yield Mutant("Doors.children: nobody", "first", attribute(scope.Doors, "children", lambda d, t: []))
    yield Mutant("rows.owes: whoever it is", "first", attribute(rows, "owes", lambda p: Q(pk__gt=0)))
    yield Mutant("rows.told: whoever it is", "first", attribute(rows, "told", lambda p: Q(pk__gt=0)))
    yield Mutant("rows.OF_RESOLUTIONS: none", "first", attribute(rows, "lifting", lambda r: frozenset()))
    yield Mutant("rows.visible_to: all", "first", instead(rows.visible_to, lambda *a, **k: Resolution.objects.all()))
    yield Mutant("rows.row_by_row: all", "first", instead(rows.row_by_row, lambda *a, **k: Resolution.objects.all()))
    yield Mutant("rows.children_visible_to: all", "first",
                 instead(rows.children_visible_to, lambda *a, **k: Child.objects.all()))  # fmt: skip
    yield Mutant("rows.children_seen: all", "first", instead(rows.children_seen, lambda *a, **k: Child.objects.all()))
    yield Mutant("rows.cases_seen: all", "first", instead(rows.cases_seen, lambda *a, **k: Resolution.objects.all()))
    real = rows._reached
    for tie in (Tie.CHAIR, Tie.ALLOCATED, Tie.UNIT, Tie.OWES, Tie.TOLD, Tie.NAMED, Tie.GLASS):
        yield Mutant(f"rows._reached: {tie.name} not gathered", "first",
                     attribute(rows, "_reached", lambda s, a, tie=tie: real(_without(s, tie), a)))  # fmt: skip
    yield Mutant("rows._reached: all", "first", attribute(rows, "_reached", _everything_reached))


def _by_any_door(of: scope.Doors, ties: frozenset[Tie]) -> list[frozenset[int]]:
    every = (of.named_children, of.opened_children, of.chaired_children, of.invited_children)
    return [one for one in every if one]


def _everything_reached(of: scope.Scope, action: Action) -> list[int]:
    return list(Resolution.objects.values_list("pk", flat=True))


class _Without:
    """A scope that does not know one tie."""

    def __init__(self, of: scope.Scope, tie: Tie) -> None:
        self._of, self._tie = of, tie

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)

    def ties(self, action: Action) -> frozenset[Tie]:
        return self._of.ties(action) - {self._tie}


def _without(of: scope.Scope, tie: Tie) -> scope.Scope:
    return cast(scope.Scope, _Without(of, tie))


def _scoped(**changed: Any) -> Callable[[], AbstractContextManager[Any]]:
    real = scope.scope_in

    @contextmanager
    def change() -> Iterator[None]:
        with patch.object(scope, "scope_in", lambda *a: replace(real(*a), **changed)):
            yield

    return change


def forgetting(field: str) -> Callable[[tuple[list[int], ...]], scope.Doors]:
    real = scope.doors_in
    return lambda row: replace(real(row), **{field: frozenset()})


def of_scope() -> Iterator[Mutant]:
    for field in scope.Doors.__dataclass_fields__:
        yield Mutant(f"doors.{field} are forgotten", "first", attribute(scope, "doors_in", forgetting(field)))
    for name in second_lock.SETTINGS:
        if name != "reach":
            yield Mutant(f"undrift.{name} is not set", "second", _unset(name))
    yield Mutant("lifting: every tie lifts a restriction", "both",
                 _in_both("lifting", lambda roles: matrix().restricted))  # fmt: skip
    yield Mutant("lifting: no tie lifts a restriction", "both", _in_both("lifting", lambda roles: frozenset()))
    yield Mutant("roles_in: a partner is inside", "both",
                 attribute(scope, "PARTNERS_OWN", frozenset({"", "childrens-social-care", "health"})))  # fmt: skip
    yield Mutant("roles_in: everybody directs", "both", _in_both("roles_in", lambda seat: frozenset({"director"})))
    yield Mutant("roles_in: nobody has a role", "both", _in_both("roles_in", lambda seat: frozenset()))
    yield Mutant("second_lock.enter: as the service", "second", entering("service"))
    yield Mutant("second_lock.enter: as the council", "second", entering("council"))
    for action in scope.TO_READ:
        less = tuple(each for each in scope.TO_READ if each is not action)
        yield Mutant(f"scope.TO_READ: without {action}", "both", attribute(scope, "TO_READ", less))


def _in_both(name: str, by: Callable[..., Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: replaced(getattr(scope, name), by)


def _unset(name: str) -> Callable[[], AbstractContextManager[Any]]:
    real = second_lock.enter

    def enter(*asked: Any) -> scope.Doors:
        found = real(*asked)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, '', true)", [f"undrift.{name}"])
        return found

    return attribute(second_lock, "enter", enter)


def entering(reach: str) -> Callable[[], AbstractContextManager[Any]]:
    real = second_lock.enter

    def enter(*asked: Any) -> scope.Doors:
        found = real(*asked)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('undrift.reach', %s, true)", [reach])
        return found

    return attribute(second_lock, "enter", enter)


def of_doors_that_fetch() -> Iterator[Mutant]:
    yield Mutant("doors._refused: no trace", "trace", attribute(doors, "_refused", lambda *a: None))
    yield Mutant("doors._opened: no trace", "trace", attribute(doors, "_opened", lambda *a: None))
    quiet = re.sub(r"trace AS \(.*?\n\)\n", "trace AS (SELECT 1)\n", doors.CHILDREN, flags=re.S)
    yield Mutant("doors.CHILDREN: no trace", "trace", attribute(doors, "CHILDREN", quiet))
    yield Mutant(
        "doors._nearest: always the chair", "trace", attribute(doors, "_nearest", lambda near, ties: Tie.CHAIR)
    )
    yield Mutant("doors._nearest: whatever holds", "trace", attribute(doors, "_nearest", _whatever_holds))


def _whatever_holds(near: dict[Tie, bool], ties: frozenset[Tie]) -> Tie:
    return next((tie for tie, holds in near.items() if holds), Tie.WHOLE)


# The matrix ---------------------------------------------------------------------------------------------------------


def of_matrix() -> Iterator[Mutant]:
    ways: dict[str, Callable[..., bool]] = {
        "excluded is as usual": lambda self, role, action, tie, condition=Condition.USUAL: (
            tie in self.ties([role], action) and (condition is not Condition.RESTRICTED or tie in self.restricted)
        ),
        "restricted is as usual": lambda self, role, action, tie, condition=Condition.USUAL: (
            tie in self.ties([role], action) and condition is not Condition.EXCLUDED
        ),
    }
    for name, way in ways.items():
        yield Mutant(f"matrix.opens: {name}", "matrix", attribute(Matrix, "opens", way))
    real = Matrix.ties
    for tie in Tie:
        if len(tie) == 1:
            yield Mutant(f"matrix.ties: everybody has {tie.name}", "matrix",
                         attribute(Matrix, "ties", lambda s, r, a, tie=tie: real(s, r, a) | {tie}))  # fmt: skip
            yield Mutant(f"matrix.ties: nobody has {tie.name}", "matrix",
                         attribute(Matrix, "ties", lambda s, r, a, tie=tie: real(s, r, a) - {tie}))  # fmt: skip


def all_mutants() -> list[Mutant]:
    """Each under a name of its own."""
    makers = (
        of_policies,
        of_functions,
        of_doors,
        of_reach,
        of_off_plan,
        of_rows,
        of_scope,
        of_doors_that_fetch,
        of_matrix,
    )
    known: Counter[str] = Counter()
    found = []
    for mutant in (mutant for make in makers for mutant in make()):
        known[mutant.name] += 1
        found.append(
            replace(mutant, name=f"{mutant.name} ({known[mutant.name]})" if known[mutant.name] > 1 else mutant.name)
        )
    return found
