"""Every event type of the plan cycle that was ever stored is kept here as a sample, and can be read for ever.

A new type, or a new version of one, gets a sample with it: `python -m tests.engine.plan_cycle.test_samples` writes
those that are missing and never touches one that is there.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.plan_cycle.lived import rules_of
from tests.engine.plan_cycle.stories import stories
from tests.engine.test_samples import differences, happened, plain, stored
from undrift.engine.events import SYSTEM, BrokenHistory, Event
from undrift.engine.plan_cycle import telling
from undrift.engine.plan_cycle.fold import advance, fold
from undrift.engine.plan_cycle.kinds import EVENTS

SAMPLES = Path(__file__).parent / "samples"
EVER_STORED = sorted(SAMPLES.glob("*.json"))
NAMES = {"maya": "Maya", "jude": "Jude", "noor": "Noor"}


@pytest.mark.parametrize("path", EVER_STORED, ids=lambda path: path.stem)
def test_what_was_ever_stored_can_be_read_and_means_the_same(path: Path) -> None:
    sample = json.loads(path.read_text("utf-8"))
    history = [happened(each) for each in sample["history"]]
    assert path.stem == f"{history[-1].type}.{history[-1].version}"
    assert list(differences(sample["state"], plain(fold(history)))) == []
    *_, last = telling.entries(rules_of(sample["protocol"]), history, NAMES)
    assert [last.title, last.text, list(last.children)] == sample["told"]


def test_every_type_and_version_of_an_event_has_its_sample() -> None:
    wanted = {f"{kind.name}.{version}" for kind in EVENTS.values() for version in range(1, kind.type.version + 1)}
    kept = {path.stem for path in EVER_STORED}
    assert wanted - kept == set(), "run python -m tests.engine.plan_cycle.test_samples, and commit what it writes"
    assert kept - wanted == set(), "a type that was ever stored stays in the table"


def test_a_history_that_begins_otherwise_or_skips_a_number_is_refused() -> None:
    begun, joined, *_ = (happened(each) for each in json.loads(EVER_STORED[0].read_text("utf-8"))["history"])
    with pytest.raises(BrokenHistory, match="begins with event 1, cycle_begun"):
        fold([joined])
    with pytest.raises(BrokenHistory, match="begins with 2, cycle_begun"):
        fold([replace(begun, seq=2)])
    with pytest.raises(BrokenHistory, match="After event 1 comes 2, not 5"):
        fold([begun, replace(joined, seq=5)])
    with pytest.raises(BrokenHistory, match='of the type "praised"'):
        fold([Event(1, "praised", {}, SYSTEM, begun.at)])
    assert fold([]) is None
    assert advance(fold([begun]), replace(begun, seq=2)).seq == 2


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    for cycle in stories():
        history = [replace(event, by=replace(event.by, roles=frozenset())) for event in cycle.history]
        told = list(telling.entries(cycle.rules, history, NAMES))
        for number, entry in enumerate(told, start=1):
            path = SAMPLES / f"{entry.event.type}.{entry.event.version}.json"
            if not path.exists():
                sample = {
                    "protocol": cycle.rules.protocol.head.id,
                    "history": [stored(event) for event in history[:number]],
                    "state": plain(fold(history[:number])),
                    "told": [entry.title, entry.text, list(entry.children)],
                }
                path.write_text(json.dumps(sample, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
