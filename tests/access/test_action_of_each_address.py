"""What each page fetches it fetches by the action that its address declares: by no lesser one, and with a look."""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from tests.access.asking import Asking, May, Place, Sweeper, places
from tests.access.conftest import Told
from tests.access.town import Reader, Town
from undrift.access import fetching
from undrift.access.matrix import Action
from undrift.desks.frame.addresses import RULES, Of

FETCHES = ("fetch", "fetch_with_children", "fetch_child", "fetch_family", "fetch_family_of")
FETCHED = (Of.CHILD, Of.FAMILY, Of.RESOLUTION, Of.DRAFT)
TRIES = 20_000  # draws of a record for one address: each has to be opened by somebody, however rare the record


@contextmanager
def asked_for() -> Iterator[list[Action | None]]:
    """The actions by which records were opened, as they come; None where a page did not say."""
    found: list[Action | None] = []

    def listening(fetch: Callable[..., Any]) -> Callable[..., Any]:
        def listened(*args: Any, **kwargs: Any) -> Any:
            fetched = fetch(*args, **kwargs)
            found.append(kwargs.get("action"))
            return fetched

        return listened

    with ExitStack() as patched:
        for name in FETCHES:
            real = getattr(fetching, name)
            for module in [m for m in sys.modules.values() if m is not fetching and vars(m).get(name) is real]:
                patched.enter_context(patch.object(module, name, listening(real)))
        yield found


def somebody_opens(asking: Asking, sweeper: Sweeper, readers: list[Reader], place: Place) -> list[Action | None]:
    """What was asked for when somebody of these opened the address; what is below the record may still be absent."""
    for _ in range(TRIES):
        ask = asking.one(asking.chance.choice(readers), place, asking.chance.choice(("GET", "POST")))
        if ask.may not in (May.OPEN, May.PERHAPS):
            continue
        with asked_for() as actions:
            sweeper.fetched(ask.reader, ask.method, ask.path, ask.query, ask.body)
        if actions:
            return actions
    return []


def test_every_page_fetches_by_the_action_of_its_address(town: Town, seed: int, told: Told) -> None:
    sweeper, asking = Sweeper(town), Asking(town, random.Random(seed + 5))
    readers = [reader for reader in town.readers if reader.person is not None]
    wrong: defaultdict[str, list[object]] = defaultdict(list)
    walked = [place for place in places() if RULES[place.name].of in FETCHED]
    with sweeper.quiet():
        for place in walked:
            rule = RULES[place.name]
            actions = somebody_opens(
                asking, sweeper, [r for r in readers if rule.action and r.knows(rule.action)], place
            )
            if not actions:
                wrong[place.name].append("nobody opened it")
            wrong[place.name] += [action for action in actions if action is not rule.action]
    said = [f"{name} ({RULES[name].action}): {wrong[name]}" for name in wrong if wrong[name]]
    assert not said, "\n".join(said)
    told(f"{len(walked)} addresses of records, each fetched by the action that it declares")
