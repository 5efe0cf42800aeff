"""How the tests are put in order and shared out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from xdist.remote import Producer

from tests.house.longest_first import LONGEST, ONE_WORLD, WholeFiles, longest_first

ROOT = Path(__file__).resolve().parents[2]
USUAL = [f"tests/x.py::{n}" for n in range(5)] + [f"tests/y.py::{n}" for n in range(3)]
WORLD = [f"{ONE_WORLD[0]}test_{part}.py::{n}" for part in "ab" for n in range(3)]


def ordered(*names: str) -> list[str]:
    items = cast(list[pytest.Item], [SimpleNamespace(nodeid=name) for name in names])
    return [item.nodeid for item in longest_first(items)]


class Process:
    """As the scheduler knows one: it is sent numbers of tests."""

    gateway = SimpleNamespace(id="a process")

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.asked: list[int] = []
        self.shutting_down = False

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.waiting += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def shared_out(names: list[str], seconds: dict[str, int]) -> list[list[str]]:
    """What each of two processes is asked, where a test of a file takes so many seconds; one where none is said."""
    config: Any = SimpleNamespace(
        getvalue=lambda _: ["2*popen"],
        option=SimpleNamespace(loadscopereorder=False),
    )
    scheduler, processes = WholeFiles(config, Producer("", enabled=False)), [Process(), Process()]
    for process in cast(Any, processes):
        scheduler.add_node(process)
        scheduler.add_node_collection(process, names)
    scheduler.schedule()
    clocks = [0, 0]
    while any(process.waiting for process in processes):
        number = min((n for n in (0, 1) if processes[n].waiting), key=clocks.__getitem__)
        test = processes[number].waiting.pop(0)
        processes[number].asked.append(test)
        clocks[number] += seconds.get(names[test].partition("::")[0], 1)
        scheduler.mark_test_complete(cast(Any, processes[number]), test)
    return [[names[number] for number in process.asked] for process in processes]


def test_no_test_is_lost_and_what_takes_longest_begins() -> None:
    given = [*USUAL, f"{LONGEST[1]}.py::a", f"{LONGEST[0]}b.py::b"]
    assert ordered(*given) == [f"{LONGEST[0]}b.py::b", f"{LONGEST[1]}.py::a", *USUAL]


def test_each_test_is_asked_once_and_a_file_goes_whole_to_one_process() -> None:
    asked = shared_out(USUAL, {"tests/x.py": 3})
    assert sorted(asked) == [USUAL[:5], USUAL[5:]]


def test_a_folder_with_one_world_goes_whole_to_one_process() -> None:
    asked = shared_out([*WORLD, *USUAL], {})
    assert any(one[: len(WORLD)] == WORLD for one in asked)
    assert sorted(asked[0] + asked[1]) == sorted([*WORLD, *USUAL])


def test_while_one_is_long_at_work_the_other_takes_the_rest() -> None:
    rest = [f"tests/short_{n}.py::{m}" for n in range(20) for m in range(3)]
    one, other = shared_out([*(f"tests/long.py::{n}" for n in range(4)), *rest], {"tests/long.py": 16})
    # A process is told of one file more, shortly before it has none left.
    assert len(one) <= 4 + 3
    assert len(one) + len(other) == 64


@pytest.mark.parametrize("place", LONGEST)
def test_what_is_named_as_long_is_there(place: str) -> None:
    folder, _, name = place.rpartition("/")
    assert any((ROOT / folder).glob(f"{name}*.py"))
