"""What only the pages can tell: the rule of an address and the reach of a page, taken away in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import islice

import pytest

from tests.access.asking import LOOKED_AT, Ask, May, Sweeper, Swept
from tests.access.locks import composed_anew, first_lock_off
from tests.access.mutants import attribute, entering
from tests.access.test_sweep import asks
from tests.access.town import Town
from undrift.access import fetching as doors
from undrift.desks.frame import addresses as rules
from undrift.desks.frame import one_reader as reach
from undrift.desks.frame.addresses import RULES

AT_MOST = 2_000  # requests for one mutant; it is done with at the first answer that is wrong

Change = Callable[[], AbstractContextManager[object]]
# What may come of the requests that notice a change: others are not asked.
AWAY, HIDDEN, OPEN = frozenset({May.TURNED_AWAY}), frozenset({May.HIDDEN}), frozenset({May.OPEN})
TRACE = "unlooked"
# What is changed, whether the first lock is left aside, of which requests it is noticed, and as what.
MUTANTS: tuple[tuple[str, Change, bool, frozenset[May], str], ...] = (
    ("RuleFirst asks nothing", attribute(rules.RuleFirst, "process_view", lambda *a: None), False, AWAY, "unexpected"),
    ("everybody’s work knows every action", attribute(rules, "knows", lambda *a: True), False, AWAY, "unexpected"),
    ("nobody’s work knows any action", attribute(rules, "knows", lambda *a: False), False, OPEN, "unexpected"),
    ("a page sees as the service", attribute(reach.WithinReach, "_enter", lambda *a: None), True, HIDDEN, "leaks"),
    ("a page sees all of its council", entering("council"), True, HIDDEN, "leaks"),
    ("who is turned away leaves no trace", attribute(rules, "turned_away", lambda *a, **k: None), False, HIDDEN, TRACE),
    ("what is refused leaves no trace", attribute(doors, "_refused", lambda *a: None), False, HIDDEN, TRACE),
    ("what is opened leaves no trace", attribute(doors, "_opened", lambda *a: None), False, OPEN, TRACE),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "alone", "of", "noticed"), [mutant[1:] for mutant in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_what_guards_the_pages_is_missed_when_it_is_gone(
    town: Town, seed: int, change: Change, alone: bool, of: frozenset[May], noticed: str
) -> None:
    assert killed(town, seed, change, alone, of, noticed)


def noticing(town: Town, seed: int, of: frozenset[May], noticed: str) -> Iterator[Ask]:
    """The requests that such a change would be noticed by."""
    looked = (ask for ask in asks(town, seed) if ask.may in of and ask.method in ("GET", "POST")
              and (noticed != TRACE or RULES[ask.place.name].of in LOOKED_AT))  # fmt: skip
    return islice(looked, AT_MOST)


def killed(town: Town, seed: int, change: Change, alone: bool, of: frozenset[May], noticed: str) -> bool:
    sweeper, found = Sweeper(town), Swept()
    with composed_anew(), sweeper.quiet(), ExitStack() as changed:
        if alone:
            changed.enter_context(first_lock_off())
        changed.enter_context(change())
        for ask in noticing(town, seed + 4, of, noticed):
            sweeper.ask(ask, found, looks=noticed == TRACE)
            if vars(found)[noticed]:
                return True
    return False
