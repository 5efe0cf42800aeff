"""Which tests begin first, so that all processes that share the tests out end together.

A process is given a stretch of the list at the start, and takes from the end of another's when it has none left. So
each stretch begins with its part of what takes long. What stands together in `LONGEST` shares a world that is made
once in a process, and stays together. `python -m pytest --durations=40` tells when the list is out of date.
"""

from __future__ import annotations

import pytest

LONGEST = (
    "tests/canaries/",
    "tests/journeys/test_nobody_wrongly_refused",
    "tests/access/test_sweep",
    "tests/access/test_each_lock_alone",
    "tests/access/test_matrix",
    "tests/access/test_mutants_of_pages",
    "tests/access/test_mutants",
    "tests/journeys/test_j6_immediate_risk",
    "tests/journeys/test_j8_actions",
    "tests/access/test_enumeration",
    "tests/access/test_action_of_each_address",
    "tests/desks/raising/test_raising_browser",
    "tests/journeys/test_j3_response",
    "tests/journeys/test_j7_starred",
    "tests/journeys/test_j5_no_response",
    "tests/journeys/",
    "tests/desks/home/test_home_browser",
    "tests/desks/account/test_getting_in_browser",
    "tests/desks/guarding/test_guarding_browser",
    "tests/desks/test_frame_browser",
    "tests/engine/test_histories",
    "tests/house/test_run",
    "tests/demo/",
)


def longest_first(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """The same tests, each process's stretch beginning with the longest that are left."""
    together: dict[str, list[pytest.Item]] = {place: [] for place in LONGEST}
    usual: list[pytest.Item] = []
    for item in items:
        place = next(filter(item.nodeid.startswith, LONGEST), None)
        (usual if place is None else together[place]).append(item)
    stretches: list[list[pytest.Item]] = [[] for _ in range(processes)]
    for number, long in enumerate(filter(None, together.values())):
        stretches[number % processes] += long
    # The usual ones fill each stretch up to its share of the whole.
    for number, stretch in enumerate(stretches):
        left = processes - number
        share = (sum(map(len, stretches[number:])) + len(usual)) // left
        taken = max(0, share - len(stretch))
        stretch += usual[:taken]
        del usual[:taken]
    stretches[-1] += usual
    return [item for stretch in stretches for item in stretch]
