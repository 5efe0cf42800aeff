"""A seeded resolution is what `perform` would have made."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from bench import patterns
from bench.seeding import seed
from undrift.children.models import Child
from undrift.record.history import rows_of
from undrift.record.models import Duty, Notice
from undrift.record.verify import verify
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

pytestmark = pytest.mark.django_db

COPIES = 13  # of each pattern


@pytest.fixture
def made() -> patterns.Patterns:
    return patterns.make(of_each=1, families=patterns.FAMILIES[:1])


@pytest.fixture
def seeded(made: patterns.Patterns) -> dict[Resolution, list[Resolution]]:
    """The copies of each pattern."""
    all_of_them = (*made.shared, *made.steady)
    assert seed({r.pk: COPIES for r in all_of_them}) == COPIES * len(all_of_them) > 50
    copies = list(Resolution.objects.exclude(pk__in=[r.pk for r in all_of_them]).order_by("pk"))
    found: dict[Resolution, list[Resolution]] = {r: [] for r in all_of_them}
    for place, copy in enumerate(copies):
        found[all_of_them[place % len(all_of_them)]].append(copy)
    return found


Seeded = dict[Resolution, list[Resolution]]


def test_a_copy_is_what_perform_made_but_for_its_numbers(seeded: Seeded) -> None:
    for pattern, copies in seeded.items():
        for copy in copies:
            assert told(copy) == told(pattern)
            assert {r.hash for r in rows_of(copy.pk)}.isdisjoint(r.hash for r in rows_of(pattern.pk))
            for model in (Resolution, Duty, Notice):
                assert rows(model, copy) == rows(model, pattern)
    everything = Resolution.objects.all()
    assert set(everything.values_list("last_seq", "ended_at")) == {(patterns.EVENTS, None)}
    assert len(set(everything.values_list("tag", flat=True))) == 4


def test_rebuild_finds_no_difference_and_verify_no_fault_until_a_copy_is_touched(seeded: Seeded) -> None:
    assert rebuild(write=False) == []
    assert verify() == []
    copy = next(iter(seeded.values()))[0]
    Resolution.objects.filter(pk=copy.pk).update(tag="Resolved", last_hash="0" * 64)
    assert {d.place for d in rebuild(write=False)} == {"tag", "last_hash"}
    assert len(verify()) == 1


def test_each_copy_has_a_family_of_its_own(seeded: Seeded) -> None:
    copies = [copy for those in seeded.values() for copy in those]
    assert len({copy.family_id for copy in copies}) == len(copies)
    children = Child.objects.filter(family__in=[copy.family_id for copy in copies])
    assert children.count() == 2 * len(copies)
    assert all(about.child.family_id == copy.family_id for copy in copies for about in copy.about.all())


def rows(model: type[Any], resolution: Resolution) -> Counter[str]:
    """A resolution's rows of a table, without their numbers."""
    link = "id" if model is Resolution else "case_id"
    own = {"id", "case_id", "reference", "family_id", "last_hash"}
    fields = [f.attname for f in model._meta.concrete_fields if f.attname not in own]
    found = Counter(map(str, model.objects.filter(**{link: resolution.pk}).values_list(*fields)))
    assert found
    return found


def told(resolution: Resolution) -> list[Any]:
    """The history, with the children's numbers as places; the number of a child found elsewhere would differ."""
    children = sorted(resolution.about.values_list("child_id", flat=True))
    places = {str(child): f"child {place}" for place, child in enumerate(children)}

    def placed(value: Any) -> Any:
        if isinstance(value, dict):
            return {places.get(key, key): placed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [placed(each) for each in value]
        return places.get(value, value) if isinstance(value, str) else value

    own = {"case_id": 0, "previous_hash": "", "hash": ""}
    return [placed(row._asdict() | own) for row in rows_of(resolution.pk)]
