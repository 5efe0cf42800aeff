"""Whoever has a part in an open concern and is shut out of it hears so, whatever has restricted the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.applying.by_hand import a_file, brought_in
from tests.applying.by_hand import child as in_file
from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.models import Alert
from undrift.access.restricting import exclude, restrict
from undrift.access.rows import visible_to
from undrift.applying import by_hand
from undrift.applying.one_child import say_same
from undrift.applying.putting_right import OF_CHILD, put_right
from undrift.children.models import Child
from undrift.resolutions.models import Resolution

LATER = NOW + timedelta(minutes=1)


def another_record(west: Cast, of: str) -> Child:
    child = west.child(of)
    return Child.objects.create(
        authority=west.authority, family=west.family("Heron"), external_id="9001", first_name="M.",
        last_name=child.last_name, date_of_birth=child.date_of_birth,
    )  # fmt: skip


def told_that_it_is_shut() -> set[str]:
    return {alert.to_person.given_name for alert in Alert.objects.filter(kind="shut").select_related("to_person")}


def shut_by(west: Cast, act: Callable[[], object]) -> set[str]:
    """Of those who answered the concern and chair it, whoever sees it no more after the act; they are told, if any."""
    here = reached.stage_one(west, "Maya", "Jude").resolution
    reached.answered(west, here, NOW)

    def seen(*who: str) -> set[str]:
        return {name for name in who if visible_to(Resolution, west.person(name), LATER).filter(pk=here.pk).exists()}

    before = seen("Grace", "Priya", "Denise")
    assert before == {"Grace", "Priya", "Denise"}
    act()
    assert not seen(*told_that_it_is_shut())
    return before - seen(*before)


def test_by_a_restriction_of_another_record_of_the_child(west: Cast) -> None:
    again = another_record(west, "Maya")
    say_same(west.child("Maya"), again, by=west.person("Judith"), at=NOW, why="It was renumbered")
    shut = shut_by(west, lambda: restrict(again, west.person("Marcus"), "A relative works here.", NOW))
    assert shut == {"Priya", "Denise"} <= told_that_it_is_shut()


def test_by_another_record_that_is_restricted(west: Cast) -> None:
    again = another_record(west, "Maya")
    restrict(again, west.person("Marcus"), "A relative works here.", NOW)
    maya, judith = west.child("Maya"), west.person("Judith")
    exclude(again, west.person("Denise"), "is a relative", west.person("Marcus"), NOW)
    shut = shut_by(west, lambda: say_same(maya, again, by=judith, at=NOW, why="It was renumbered"))
    assert shut == {"Priya", "Denise"}
    assert "Priya" in told_that_it_is_shut()
    assert "Denise" not in told_that_it_is_shut(), "whoever is kept out hears nothing"


def test_by_the_death_of_a_brother_or_sister(west: Cast) -> None:
    jude, pauline = west.child("Jude"), west.person("Pauline")
    shut = shut_by(west, lambda: by_hand.died(jude, on=TODAY, by=pauline, at=NOW))
    assert shut == {"Priya", "Denise"} <= told_that_it_is_shut()


def test_by_a_death_that_is_put_right(west: Cast) -> None:
    died = next(fact for fact in OF_CHILD if fact.column == "died_on")
    jude, pauline = west.child("Jude"), west.person("Pauline")
    shut = shut_by(west, lambda: put_right(jude, died, TODAY, why="Told late", by=pauline, at=NOW))
    assert shut == {"Priya", "Denise"} <= told_that_it_is_shut()


@pytest.mark.parametrize("said", [{"restricted": True}, {"died": TODAY}], ids=["restricted", "died"])
def test_by_a_file(west: Cast, said: dict[str, Any]) -> None:
    file = a_file(in_file(west.child("Jude").external_id, **said))
    shut = shut_by(west, lambda: brought_in(file, west.authority, at=NOW))
    assert shut == {"Priya", "Denise"} <= told_that_it_is_shut()
