"""The two pages that people open most, over HTTP: how they bear ten times the cases, and what the design costs.

`python -m bench.pages` fills two databases of its own, serves each with gunicorn and asks in turns, so that a busy
moment of the machine troubles all alike. Every figure that counts is a ratio. Exits with 1 when one falls short.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import psycopg

from bench import serving
from bench.counting import HEADER
from bench.fill import CHAIR, MANAGER
from bench.row import Row
from undrift.config import embedded

SIZES = (10_000, 100_000)
QUICK_SIZES = (1_000, 10_000)
ROUNDS, QUICK_ROUNDS = 300, 100
WARM_UP = 20  # rounds; both workers have then met every page
REFERENCES = 200  # different resolutions opened

# Page: most statements, most times the bare view.
BUDGET: Mapping[str, tuple[int, float]] = {"worklist": (8, 2.5), "resolution": (10, 3.0)}
GROWTH = 1.15  # p50 with ten times the resolutions
SECOND_LOCK = 1.25  # p50 beside the same pages on a copy of the database without row-level security
PAGE, BARE, ONE_LOCK = "", "bare", "one lock"
KINDS = {PAGE: "", BARE: "/bare"}  # and where each is served


@dataclass
class Seen:
    """What one page did, in seconds and statements."""

    times: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]

    @property
    def statements(self) -> int:
        """The usual number: once a minute a session is renewed with one more."""
        return statistics.mode(self.queries)


class Visitor:
    """Somebody signed in, on a connection that is kept open. Speaks as the proxy in front would."""

    def __init__(self, port: int, cookie: str) -> None:
        self.headers = {"X-Forwarded-Proto": "https", "Cookie": cookie}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str) -> tuple[float, int]:
        """The seconds it took and the statements it cost."""
        began = time.perf_counter()
        answer = self._send(path)
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: nothing can be measured.\n{text.decode()[:2000]}")
        return took, int(answer.headers[HEADER])

    def _send(self, path: str) -> http.client.HTTPResponse:
        for _ in range(2):
            try:
                self.connection.request("GET", path, headers=self.headers)
                return self.connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection.close()  # a worker closes what was idle; the next try opens it again
        raise SystemExit("The web server closed the connection twice: its words above say why.")


@dataclass(frozen=True)
class Asked:
    """One page as one person asks for it: as it is, without the design, or without the second lock; `paths` in turn."""

    page: str
    who: str
    kind: str
    visitor: Visitor
    paths: Sequence[str]


Key = tuple[str, str, str, int]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the resolutions, fewer rounds")
    parser.add_argument("--keep", action="store_true", help="use the databases of the run before, and keep them")
    asked = parser.parse_args(argv)
    sizes, rounds = (QUICK_SIZES, QUICK_ROUNDS) if asked.quick else (SIZES, ROUNDS)
    seen = measured(sizes, rounds, keep=asked.keep)
    rows = list(judged(seen, sizes))
    for key, found in seen.items():
        print(_figures(key, found))
    for row in rows:
        print(f"{'PASS' if row.holds else 'SHORT':5} {row.ratio:8.2f} ({row.bound_in_words})  {row.what}: {row.seen}")
    print(json.dumps({"bench": "pages", "sizes": sizes, "ratios": {row.what: round(row.ratio, 3) for row in rows}}))
    return 0 if all(row.holds for row in rows) else 1


def measured(sizes: Sequence[int], rounds: int, *, keep: bool) -> dict[Key, Seen]:
    with serving.postgres() as cluster, contextlib.ExitStack() as serves:
        names = {size: serving.fill(cluster, size, keep=keep) for size in sizes}
        largest = max(sizes)
        unlocked = serving.without_second_lock(cluster, names[largest])
        ports = {size: serves.enter_context(serving.web(cluster, name)) for size, name in names.items()}
        port = serves.enter_context(serving.web(cluster, unlocked))
        asked = [(each, size) for size in sizes for each in _all_asked(cluster, names[size], ports[size], KINDS)]
        asked += [(each, largest) for each in _all_asked(cluster, unlocked, port, {ONE_LOCK: ""})]
        seen: dict[Key, Seen] = defaultdict(Seen)
        for turn in range(WARM_UP + rounds):
            random.shuffle(asked)
            for each, size in asked:
                took, queries = each.visitor.ask(each.paths[turn % len(each.paths)])
                if turn >= WARM_UP:
                    found = seen[each.page, each.who, each.kind, size]
                    found.times.append(took)
                    found.queries.append(queries)
        serves.close()
        serving.drop(cluster, unlocked)
        if not keep:
            for name in names.values():
                serving.drop(cluster, name)
    return dict(sorted(seen.items()))


def _all_asked(cluster: embedded.Cluster, name: str, port: int, kinds: Mapping[str, str]) -> Iterator[Asked]:
    cookies = serving.signed_in(cluster, name, (MANAGER, CHAIR))
    for who, full_name, cookie in zip(("manager", "chair"), (MANAGER, CHAIR), cookies, strict=True):
        with psycopg.connect(cluster.url(embedded.SUPERUSER, name)) as database:
            references = _references(database, full_name if who == "chair" else "")
        for kind, before in kinds.items():
            visitor = Visitor(port, cookie)
            yield Asked("worklist", who, kind, visitor, [f"{before}/resolutions"])
            yield Asked("resolution", who, kind, visitor, [f"{before}/resolutions/{r}" for r in references])


def _references(database: psycopg.Connection, chair: str) -> list[str]:
    """Spread over the whole table, not a run of neighbours; the chair's own, where one is named."""
    rows = database.execute(
        "SELECT reference FROM record_case r LEFT JOIN people_person p ON p.id = r.chair_id "
        "WHERE %s IN ('', p.name) ORDER BY hashint8(r.id) LIMIT %s",
        [chair, REFERENCES],
    ).fetchall()
    return [reference for (reference,) in rows]


def judged(seen: Mapping[Key, Seen], sizes: Sequence[int]) -> Iterator[Row]:
    small, large = sizes
    for page, (most, times) in BUDGET.items():
        for who in ("manager", "chair"):
            less, more = seen[page, who, PAGE, small], seen[page, who, PAGE, large]
            yield _times(f"{page}, {who}: {large:,} beside {small:,} resolutions", more, less, GROWTH)
            for size, found in ((small, less), (large, more)):
                bare = seen[page, who, BARE, size]
                yield _times(f"{page}, {who}: beside a bare view, {size:,} resolutions", found, bare, times)
            one_lock = seen[page, who, ONE_LOCK, large]
            yield _times(f"{page}, {who}: with row-level security, {large:,} resolutions", more, one_lock, SECOND_LOCK)
            counts = f"{less.statements} at {small:,}, {more.statements} at {large:,}, at most {max(more.queries)}"
            yield Row(f"{page}, {who}: statements", max(less.statements, more.statements), counts, at_most=most)
            grown = more.statements - less.statements
            yield Row(f"{page}, {who}: statements more at {large:,}", grown, counts, at_least=0, at_most=0)


def _times(what: str, one: Seen, other: Seen, at_most: float) -> Row:
    return Row(what, one.p50 / other.p50, f"p50 {_ms(one.p50)} beside {_ms(other.p50)}", at_most=at_most)


def _figures(key: Key, seen: Seen) -> str:
    page, who, kind, size = key
    name = f"{page} ({kind})" if kind else page
    return (
        f"{name:22} {who:8} {size:>8,}: p50 {_ms(seen.p50)}, p95 {_ms(seen.p95)}, {seen.statements} statements, "
        f"{len(seen.times)} requests"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
