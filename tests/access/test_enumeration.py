"""Hidden and absent are the same to whoever asks: the same bytes, the same headers, as many queries."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.asking import Asking, May, Sweeper, bare, places
from tests.access.conftest import Told
from tests.access.town import Reader, Town, another_word
from tests.house.thorough import THOROUGH
from undrift.access.matrix import Action
from undrift.desks.frame.addresses import RULES, Of

PAIRS = 500 if THOROUGH else 200
SEARCHED = PAIRS // 4  # of them
OF_RECORDS = (Of.CHILD, Of.FAMILY, Of.RESOLUTION, Of.DRAFT)


@dataclass(frozen=True)
class Pair:
    """The same request of something hidden and of something that is not there."""

    reader: Reader
    method: str
    name: str
    hidden: str
    absent: str
    why: str
    words: tuple[dict[str, str], dict[str, str]] = field(default=({}, {}))


def of_pages(town: Town, chance: random.Random) -> Iterator[Pair]:
    asking = Asking(town, chance)
    of_records = [place for place in places() if RULES[place.name].of in OF_RECORDS]
    readers = [reader for reader in town.readers if reader.person is not None]
    counted: Counter[str] = Counter()
    while True:
        ask = asking.one(chance.choice(readers), chance.choice(of_records), chance.choice(("GET", "GET", "POST")))
        own = ask.relation == "own" and RULES[ask.place.name].of is Of.DRAFT  # whoever wrote a draft knows of it
        if ask.may is May.HIDDEN and ask.path != ask.absent and not own:
            # Of what is excluded or restricted there is little: that first, and of other councils less.
            if ask.relation in ("other council", "other agency", "another’s") and counted[ask.relation] > PAIRS // 6:
                continue
            counted[ask.relation] += 1
            yield Pair(ask.reader, ask.method, ask.place.name, ask.path, ask.absent, ask.relation)


def of_searches(town: Town, chance: random.Random) -> Iterator[Pair]:
    """By a name, a number, a reference: of a child whom the reader may not know, and of nobody."""
    readers = [reader for reader in town.readers if reader.person is not None and reader.knows(Action.LIST)]
    while True:
        reader, child = chance.choice(readers), chance.choice(list(town.children.values()))
        if town.knows_child(reader, child) or town.knows_family(reader, child.family_id):
            continue
        hidden = chance.choice((child.first_name, child.last_name, child.external_id, child.family.name))
        yield Pair(reader, "POST", "search", "/search", "/search", "searched", ({"q": hidden}, {"q": another_word()}))


@pytest.mark.slow
def test_hidden_and_absent_are_told_apart_by_no_byte_and_by_no_query(town: Town, seed: int, told: Told) -> None:
    chance, sweeper = random.Random(seed + 3), Sweeper(town)
    pages, searches = of_pages(town, chance), of_searches(town, chance)
    pairs = [next(searches) for _ in range(SEARCHED)] + [next(pages) for _ in range(PAIRS - SEARCHED)]
    differ, queries = [], []
    with sweeper.quiet():
        for pair in pairs:
            sweeper.client(pair.reader)  # signing in is not counted
            hidden, asked = answered(sweeper, pair, pair.hidden, pair.words[0])
            absent, asked_of_absent = answered(sweeper, pair, pair.absent, pair.words[1])
            said = f"{pair.method} {pair.hidden} by {pair.reader.name} ({pair.name}, {pair.why}) {pair.words}"
            differ += [said] if hidden != absent else []
            queries += [f"{said}: {asked} and {asked_of_absent}"] if asked != asked_of_absent else []
    by = ", ".join(f"{number} {why}" for why, number in Counter(pair.why for pair in pairs).most_common())
    told(
        f"hidden and absent: {len(pairs)} pairs, {len(differ)} differ in a byte, {len(queries)} in their queries ({by})"
    )
    assert not differ, "\n".join(differ[:20])
    assert not queries, "\n".join(queries[:20])


def answered(sweeper: Sweeper, pair: Pair, path: str, words: dict[str, str]) -> tuple[tuple[object, ...], int]:
    with CaptureQueriesContext(connection) as asked:
        response, _ = sweeper.fetched(pair.reader, pair.method, path, {}, words)
    status, body = bare(response, path)
    for word in words.values():
        body = body.replace(word.encode(), b"@")
    headers = tuple(sorted((k, v) for k, v in response.headers.items() if k != "Content-Length"))
    return (status, body, headers), len(asked)
