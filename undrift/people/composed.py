"""Queries that the ORM composes once in a process, and that are asked with the values of each occasion.

To compose a query and to write it as SQL takes the ORM longer than PostgreSQL takes to answer. What is asked on every
page is composed once for each of its shapes, with a `Place` where each value belongs.

A composed query can hold on to nothing of the occasion on which it was composed: it is built by a function of a module,
which is given places instead of values; whatever else it is given is part of the shape. A day or a moment that stands
in it all the same is refused. `plain` is the same query with its values in it, as the ORM composes it anew.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, NoReturn, Protocol, TypeVar, cast, runtime_checkable

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression, F, Field, Func, Q, QuerySet

NUMBER, TEXT, MOMENT, DAY = models.BigIntegerField, models.TextField, models.DateTimeField, models.DateField


def numbers() -> Field[Any, Any]:
    return ArrayField(models.BigIntegerField())


def texts() -> Field[Any, Any]:
    return ArrayField(models.TextField())


Row = TypeVar("Row")
AnyModel = TypeVar("AnyModel", bound=models.Model)
Values = Mapping[str, Any]
WRITTEN_FROM = ("query", "where", "having", "qualify")  # what a compiler needs no more once its SQL is written
SEVERAL = 2
SHAPES_KEPT = 32  # of one query; beyond them the one composed first goes


@dataclass(frozen=True)
class Mark:
    """Stands among the parameters of a composed query for the value of that name; `only`: for its one number."""

    name: str
    only: bool = False


class Place(Expression):
    """Where a value will stand."""

    def __init__(self, name: str, output_field: Field[Any, Any], only: bool = False) -> None:
        super().__init__(output_field=output_field)
        self.mark = Mark(name, only)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return f"%s::{self.output_field.db_type(connection)}", (self.mark,)


@runtime_checkable
class Placed(Protocol):
    """An argument that is made of several values: its shape, itself with places for them, and the values."""

    def placed(self) -> tuple[Hashable, Any, Values]: ...


class Known(QuerySet[AnyModel]):
    """Rows that were read already, where a queryset is expected: no other can be made of it."""

    @classmethod
    def of(cls, model: type[AnyModel], rows: Sequence[AnyModel]) -> Known[AnyModel]:
        made = cls(model)
        vars(made).update(_result_cache=list(rows), _prefetch_done=True)
        return made

    def _chain(self) -> NoReturn:
        raise TypeError("These rows were read already: others are asked for anew.")


@dataclass(frozen=True)
class _Ready:
    """A query as SQL, None where no row can fit, and what makes rows of what it gives.

    The tree it was written from is let go: with it each would be held in several times the memory.
    """

    made_as: type[QuerySet[Any, Any]]
    held: Mapping[str, Any]
    compiler: Any
    sql: str | None
    parameters: tuple[Any, ...]
    database: str

    def ask(self, values: Values) -> list[Any]:
        if self.sql is None:
            return []
        asked = cast(Any, self.made_as.__new__(self.made_as))
        asked.__dict__.update(self.held)
        asked._query = _Query(self, values)
        return list(asked)

    def compiler_with(self, values: Values) -> Any:
        told = [_written(values[one.name], one.only) if isinstance(one, Mark) else one for one in self.parameters]
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.database]
        compiler.as_sql = lambda: (self.sql, told)
        return compiler


class _Query:
    """What a queryset asks of its query when it is read."""

    def __init__(self, ready: _Ready, values: Values) -> None:
        self._ready, self._values = ready, values

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        return self._ready.compiler_with(self._values)


ALL: list[Composed[Any]] = []


class Composed(Generic[Row]):
    """A query by the function that builds it. Called with its shape and its values it gives the rows."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], places: Mapping[str, Callable[[], Field[Any, Any]]]):
        if build.__closure__ is not None:
            raise TypeError(f"{build.__qualname__} holds on to something from around it: let it be given that.")
        self.build, self.places = build, dict(places)
        self.kept: dict[Hashable, _Ready] = {}
        ALL.append(self)

    def __call__(self, *shape: Any, **values: Any) -> list[Row]:
        key: list[Hashable] = []
        for one in shape:
            if isinstance(one, Placed):
                its_key, _, its_values = one.placed()
                key.append(its_key)
                values = {**values, **its_values}
            else:
                key.append(one)
        ready = self.kept.get(tuple(key))
        if ready is None:
            ready = self.kept[tuple(key)] = self._ready(shape)
            if len(self.kept) > SHAPES_KEPT:
                self.kept.pop(next(iter(self.kept)), None)
        return ready.ask(values)

    def plain(self, *shape: Any, **values: Any) -> QuerySet[Any, Row]:
        """The same rows, composed anew with these values in it."""
        return self.build(*shape, **values)

    def _ready(self, shape: Sequence[Any]) -> _Ready:
        given = [one.placed()[1] if isinstance(one, Placed) else one for one in shape]
        rows = self.build(*given, **{name: Place(name, field()) for name, field in self.places.items()})
        compiler = cast(Any, rows.query.get_compiler(rows.db))
        sql: str | None
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            sql, parameters = None, ()
        for one in parameters:
            if isinstance(one, date | timedelta):
                raise TypeError(f"{self.build.__qualname__} is composed once, and {one!r} is of one occasion.")
        for name in WRITTEN_FROM:
            setattr(compiler, name, None)
        held = {name: value for name, value in vars(rows).items() if name != "_query"}
        return _Ready(type(rows), held, compiler, sql, tuple(parameters), rows.db)


def forget() -> None:
    """Compose everything anew: for tests, which change what the functions do."""
    for one in ALL:
        one.kept.clear()


def first(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None


Build = Callable[..., QuerySet[Any, Row]]


def composed(**places: Callable[[], Field[Any, Any]]) -> Callable[[Build[Row]], Composed[Row]]:
    """Over a function that builds a queryset of these values, by name; its other arguments are its shape."""

    def of(build: Build[Row]) -> Composed[Row]:
        return Composed(build, places)

    return of


def placed(name: str, these: Collection[int]) -> Any:
    """A place for these numbers. Nothing where there are none, and one number where it is one: what is asked of the
    database is as short, and an index answers to one number in its own order.
    """
    if not these:
        return frozenset()
    return Place(name, NUMBER(), only=True) if len(these) == 1 else Place(name, numbers())


class Among(Func):
    """One of an array, which is made once: the planner may not mix the gathering with the order a list asks for."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def one_of(name: str, these: Any) -> Q:
    """Whether a column is one of these numbers, or of those that will stand in a place."""
    if not isinstance(these, Place):
        return Q(**{f"{name}__in": these})
    return Q(**{name: these}) if these.mark.only else Q(Among(F(name), these))


@dataclass(frozen=True)
class Those:
    """Numbers as part of a shape: none, one and several are asked for in different words."""

    numbers: Any

    def placed(self) -> tuple[Hashable, Those, Values]:
        size = min(len(self.numbers), SEVERAL)
        return size, Those(placed("those", self.numbers)), {"those": self.numbers}


def _written(value: Any, only: bool) -> Any:
    if only:
        (value,) = value
    return sorted(value) if isinstance(value, frozenset | set) else value
