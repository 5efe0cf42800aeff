"""Who is told of what happened, and what each is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.test_kinds import TELLS_NOBODY
from tests.engine.test_refused import PASSED, begun, in_the_plan_cycle
from tests.engine.test_telling import GRACE, Story
from undrift.engine.events import SYSTEM
from undrift.engine.ladder import acts
from undrift.engine.ladder.told import told

HANDED = acts.HandOver("team-manager", "7", "Owen Tarrant", "Callum is off sick.")
UNANSWERED = acts.RecordLapse("1:respond:team-manager")
UNDECIDED = acts.RecordLapse("1:decide:chair")

TOLD: list[tuple[Callable[[], Story], dict[str, str]]] = [
    (lambda: begun().says(GRACE, HANDED), {"team-manager": "respond"}),
    (lambda: begun().says(SYSTEM, UNANSWERED, days=PASSED),
     {"chair": "decide", "team-manager": "respond", "group-manager": ""}),
    (lambda: begun().says(SYSTEM, UNDECIDED, days=20), {"chair": "decide"}),
    (lambda: in_the_plan_cycle().says(SYSTEM, acts.RecordLapse("1:core-group-meeting:core-group"), days=20),
     {"chair": "decide"}),
    (lambda: begun().says(GRACE, acts.Share("director", "She asked.")), {"director": ""}),
    (lambda: begun().says(GRACE, acts.Note("He rang.")), {}),
]  # fmt: skip


@pytest.mark.parametrize(("story", "asked"), TOLD)
def test_whoever_has_a_part_in_it_is_told_and_asked(story: Callable[[], Story], asked: dict[str, str]) -> None:
    happened = story()
    assert happened.state is not None
    found = {each.role: each.ask for each in told(happened.rules, happened.state, happened.history[-1])}
    copied = {} if happened.history[-1].type in TELLS_NOBODY else happened.rules.protocol.always_copied
    assert found == dict.fromkeys(copied, "") | asked
