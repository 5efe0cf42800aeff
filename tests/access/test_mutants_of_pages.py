"""What only the pages can tell: the rule of an address and the reach of a page, taken away in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import chain, islice

import pytest

from tests.access.asking import Ask, May, Sweeper, Swept
from tests.access.locks import first_lock_off
from tests.access.mutants import attribute, entering
from tests.access.test_each_lock_alone import of_records
from tests.access.test_sweep import asks
from tests.access.town import Town
from undrift.access import fetching as doors
from undrift.desks.frame import addresses as rules
from undrift.desks.frame import one_reader as reach

A_FEW = 60
AT_MOST = 400  # requests for one mutant; it is done with at the first answer that is wrong

Change = Callable[[], AbstractContextManager[object]]
# What is changed, whether the first lock is left aside, and how it is noticed.
MUTANTS: tuple[tuple[str, Change, bool, str], ...] = (
    ("RuleFirst asks nothing", attribute(rules.RuleFirst, "process_view", lambda *a: None), False, "unexpected"),
    ("everybody’s work knows every action", attribute(rules, "knows", lambda *a: True), False, "unexpected"),
    ("nobody’s work knows any action", attribute(rules, "knows", lambda *a: False), False, "unexpected"),
    ("a page sees as the service", attribute(reach.WithinReach, "_enter", lambda *a: None), True, "leaks"),
    ("a page sees all of its council", entering("council"), True, "leaks"),
    ("who is turned away leaves no trace", attribute(rules, "turned_away", lambda *a, **k: None), False, "unlooked"),
    ("what is refused leaves no trace", attribute(doors, "_refused", lambda *a: None), False, "unlooked"),
    ("what is opened leaves no trace", attribute(doors, "_opened", lambda *a: None), False, "unlooked"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "alone", "noticed"), [mutant[1:] for mutant in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_what_guards_the_pages_is_missed_when_it_is_gone(
    town: Town, seed: int, change: Change, alone: bool, noticed: str
) -> None:
    assert killed(town, seed, change, alone, noticed)


def of_councils(town: Town, seed: int) -> Iterator[Ask]:
    """Some that the rule of an address alone turns away: a record's door asks for the action, too."""
    turned_away = (ask for ask in asks(town, seed) if ask.may is May.TURNED_AWAY and ask.method == "GET")
    return islice(turned_away, A_FEW)


def killed(town: Town, seed: int, change: Change, alone: bool, noticed: str) -> bool:
    sweeper, found = Sweeper(town), Swept()
    with sweeper.quiet(), ExitStack() as changed:
        if alone:
            changed.enter_context(first_lock_off())
        changed.enter_context(change())
        for ask in chain(of_councils(town, seed + 4), islice(of_records(town, seed + 4), AT_MOST)):
            sweeper.ask(ask, found, looks=noticed == "unlooked")
            if vars(found)[noticed]:
                return True
    return False
