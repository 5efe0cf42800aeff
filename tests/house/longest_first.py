"""How the tests are shared out: a file goes whole to one process, and the files that take longest begin first.

So a world that a file's tests share is made once in a run, and what is left for the end is short, whichever process
comes to it: none stands idle while another is long at work. `make test ARGS="-n 2 --durations=60"` tells when the list
is out of date.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

# By what a whole file takes. A place that is not named comes after all that are.
LONGEST = (
    "tests/journeys/test_nobody_wrongly_refused",
    "tests/canaries/",
    "tests/access/test_mutants",
    "tests/walkthrough/test_walsall",
    "tests/readers/test_readers",
    "tests/walkthrough/test_mutants",
    "tests/walkthrough/test_pan_lancashire",
    "tests/desks/test_what_a_date_gets",
    "tests/house/test_run",
    "tests/access/test_sweep",
    "tests/access/test_matrix",
    "tests/access/test_each_lock_alone",
    "tests/journeys/test_j6_immediate_risk",
    "tests/journeys/test_j8_actions",
    "tests/access/test_enumeration",
    "tests/access/test_action_of_each_address",
    "tests/desks/typed/test_the_webs_clock",
    "tests/desks/raising/test_raising_browser",
    "tests/journeys/test_j3_response",
    "tests/journeys/test_j7_starred",
    "tests/journeys/test_j5_no_response",
    "tests/journeys/",
    "tests/desks/home/test_home_browser",
    "tests/desks/account/test_getting_in_browser",
    "tests/desks/guarding/test_guarding_browser",
    "tests/desks/test_frame_browser",
    "tests/desks/test_every_page_browser",
    "tests/engine/test_histories",
    "tests/access/test_lists_by_index",
    "tests/demo/",
)
# Folders whose files share one world, and go together.
ONE_WORLD = ("tests/canaries/",)


def longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """The same tests, those of the longest files first; otherwise as they were."""
    return sorted(items, key=lambda item: _place(item.nodeid))


def _place(name: str) -> int:
    return next((place for place, begins in enumerate(LONGEST) if name.startswith(begins)), len(LONGEST))


class WholeFiles(LoadScopeScheduling):
    """Gives the next file to whichever process has none left."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, ONE_WORLD), nodeid.partition("::")[0])
