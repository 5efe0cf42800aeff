"""Whom an act names: somebody to do what was agreed, to take a part, or to be told. Whether they may is asked above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from undrift.engine.ladder import acts
from undrift.engine.named import Named

Names = Callable[[Any], Iterator[Named]]


def nobody(act: acts.Act) -> Iterator[Named]:
    return iter(())


def the_person(act: acts.HandOver) -> Iterator[Named]:
    yield Named("person", act.person, act.name)


def the_role(act: acts.Share) -> Iterator[Named]:
    yield Named("role", role=act.role)


def of_actions(act: acts.Respond | acts.Raise) -> Iterator[Named]:
    return (Named("who", action.person, action.who) for action in act.actions)


def who_does_it(act: acts.GiveAction) -> Iterator[Named]:
    yield Named("who", act.person, act.who)


def of_one_action(act: acts.AgreeAction) -> Iterator[Named]:
    yield Named("who", act.action.person, act.action.who)
