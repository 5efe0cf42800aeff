"""Whatever keeps a child's part of a plan cycle from that of a brother or sister is taken away in turn, and noticed."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pytest
import time_machine

from tests.cast import NOW, Cast
from tests.plan_cycle import tokens_of
from tests.plan_cycle.test_each_childs_own import pages
from tests.plan_cycle.tokens_of import Written
from undrift.desks.cycle import beside, sheet, views
from undrift.plan_cycle import queries
from undrift.plan_cycle.picture import Picture

pytestmark = pytest.mark.django_db
# Where it stands, what is taken away, and what is put there.
MUTANTS: tuple[tuple[Any, str, str, str], ...] = (
    (Picture, "entries", "if self.id in entry.children", ""),
    (Picture, "duties", "if self.id in whom_it_is_about(self.seen, duty)", ""),
    (Picture, "key_actions", "if self.id in a.children", ""),
    (Picture, "offers", "if self.id in o.children", ""),
    (Picture, "conferences", "if self.id in c.children", ""),
    (Picture, "conference", "and self.id in found.children", ""),
    (views, "_beside", "note.child == picture.id", "True"),
    (views, "_beside", "picture.id not in taken.children", "False"),
    (beside, "letter", "and each.child == picture.id", ""),
    (sheet, "_facts", 'if d.get("child") in (None, "", picture.id)', ""),
    (queries, "happened_to", "if str(child.pk) in each.children", ""),
)


def function_of(owner: Any, name: str) -> Callable[..., Any]:
    found: Any = inspect.getattr_static(owner, name)
    found = found.func if isinstance(found, cached_property) else found.fget if isinstance(found, property) else found
    function: Callable[..., Any] = inspect.unwrap(found)
    return function


@contextmanager
def without(owner: Any, name: str, old: str, new: str) -> Iterator[None]:
    function = function_of(owner, name)
    lines = textwrap.dedent(inspect.getsource(function))
    source = "from __future__ import annotations\n" + lines[lines.index("def ") :]
    assert source.count(old) == 1, f"{name} does not say {old!r}"
    made: dict[str, Any] = {}
    exec(source.replace(old, new), function.__globals__, made)
    before = function.__code__
    function.__code__ = made[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = before


def foreign(west: Cast, said: Written, child: str) -> set[str]:
    """Of the first page that shows something of a brother or sister, what it is."""
    number = str(west.child(child).pk)
    told = (said.foreign(text, number) for _, text in pages(west, said, "Grace", child))
    return next(filter(None, told), set())


@pytest.mark.slow
def test_what_keeps_each_childs_part_is_missed_when_it_is_gone(west: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        said = tokens_of.lived(west)
        assert foreign(west, said, "Maya") == set()
        alive = []
        for owner, name, old, new in MUTANTS:
            with without(owner, name, old, new):
                if not foreign(west, said, "Maya"):
                    alive.append(f"{name}: {old}")
    assert alive == []
