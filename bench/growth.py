"""Pages that grow: every list, search, log, home and child's page, as the children and the looks of a council grow.

`python -m bench.growth` fills a database for each size and asks them in turns, so that a busy moment of the machine
troubles all alike. Every figure that counts is a ratio. Exits with 1 when one falls short.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import statistics
import subprocess
import sys
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, cast

import psycopg

from bench import serving
from bench.fill import CHAIR, MANAGER
from bench.growing import ONE, TEAM, TEAM_MANAGER
from bench.row import Row
from undrift.config import databases, embedded

SIZES = {2_000: 10_000, 20_000: 100_000, 200_000: 1_000_000}  # children, and looks
QUICK_SIZES = {2_000: 10_000, 20_000: 100_000}
ROUNDS, QUICK_ROUNDS = 40, 12
WARM_UP = 2
GROWTH, BESIDE_BARE, ALARM = 1.3, 3.0, 0.050
CYCLE, BESIDE_BARE_OF_CYCLE, STATEMENTS_OF_CYCLE = "plan cycle", 2.5, 10
HOMES = 1.5  # of Safeguarding and Review, with all the children, beside the chair's with seventy
READERS = {"chair": CHAIR, "manager": TEAM_MANAGER, "review": MANAGER}
BARE = "bare"
ALARMS = ("refused_often", "opened_widely", "tie_ended")


@dataclass(frozen=True)
class Page:
    """One page as one person asks for it. `bare`: which bare view reads the same rows, and what that is told."""

    name: str
    path: str
    data: Mapping[str, str] | None = None
    bare: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Seen:
    times: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.times)


Key = tuple[str, str, int]  # page, reader, children


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="2,000 and 20,000 children, fewer rounds")
    parser.add_argument("--keep", action="store_true", help="use the databases of the run before, and keep them")
    parser.add_argument("--rounds", type=int, default=0)
    asked = parser.parse_args(argv)
    sizes = QUICK_SIZES if asked.quick else SIZES
    seen = measured(sizes, asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS), keep=asked.keep)
    rows = list(judged(seen, sizes))
    for row in rows:
        print(f"{'PASS' if row.holds else 'SHORT':5} {row.ratio:8.2f} ({row.bound_in_words})  {row.what}: {row.seen}")
    print(json.dumps({"bench": "growth", "sizes": list(sizes), "ratios": {r.what: round(r.ratio, 3) for r in rows}}))
    return 0 if all(row.holds for row in rows) else 1


class Answering:
    """A process of its own that answers the pages of one database."""

    def __init__(self, cluster: embedded.Cluster, name: str) -> None:
        environ = serving.environ(cluster, name) | {databases.SERVES_PAGES: "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.asked"], cwd=databases.CHECKOUT, env=environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        into, out = cast(IO[str], self.process.stdin), cast(IO[str], self.process.stdout)
        into.write(json.dumps(asked) + "\n")
        into.flush()
        if not (line := out.readline()):
            raise SystemExit("Nothing was answered: the words above say why.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Answering:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def measured(sizes: Mapping[int, int], rounds: int, *, keep: bool) -> dict[Key, Seen]:
    seen: dict[Key, Seen] = defaultdict(Seen)
    with serving.postgres() as cluster, contextlib.ExitStack() as open_ones:
        asks: list[tuple[Key, Answering, dict[str, Any]]] = []
        for size, looks in sizes.items():
            by = ("bench.growing", str(size), str(looks))
            name = serving.fill(cluster, size, keep=keep, name=f"undrift_grown_{size}", by=by)
            answering = open_ones.enter_context(Answering(cluster, name))
            asks += [((key, who, size), answering, asked) for key, who, asked in _all_asked(cluster, name)]
        for turn in range(WARM_UP + rounds):
            random.shuffle(asks)
            for key, answering, asked in asks:
                found = answering(asked)
                if turn >= WARM_UP:
                    seen[key].times.append(found["took"])
                    seen[key].statements.append(found["statements"])
    if not keep:
        with serving.postgres() as cluster:
            for size in sizes:
                serving.drop(cluster, f"undrift_grown_{size}")
    return dict(seen)


def _all_asked(cluster: embedded.Cluster, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    cookies = serving.signed_in(cluster, name, list(READERS.values()))
    with psycopg.connect(cluster.url(embedded.SUPERUSER, name)) as database:
        for who, cookie in zip(READERS, cookies, strict=True):
            for page in pages(database, who):
                asked: dict[str, Any] = {"cookie": cookie, "path": page.path}
                yield (
                    page.name,
                    who,
                    asked
                    | ({"data": dict(page.data), "leads_on": page.path == "/search"} if page.data is not None else {}),
                )
                if page.bare:
                    told = urllib.parse.quote(json.dumps({**page.told, "who": who}))
                    yield f"{page.name} {BARE}", who, {"cookie": cookie, "path": f"/bare/lists/{page.bare}?told={told}"}
    for kind in ALARMS:
        yield f"alarm {kind}", "worker", {"alarm": kind}


def pages(database: psycopg.Connection, who: str) -> Iterator[Page]:
    """The pages of one reader, with what is on them by number."""

    def numbers(sql: str, *values: object) -> list[Any]:
        return [row[0] for row in database.execute(cast(Any, sql), values).fetchall()]

    (unit,) = numbers("SELECT id FROM people_unit WHERE name = %s", TEAM)
    (many,) = numbers("SELECT child_id FROM record_casechild GROUP BY child_id ORDER BY count(*) DESC LIMIT 1")
    (one,) = numbers(ONE, TEAM)
    first, last, number, public = database.execute(
        "SELECT first_name, last_name, external_id, public_id FROM children_child WHERE id = %s", [one]
    ).fetchone() or ("", "", "", "")
    (public_of_many,) = numbers("SELECT public_id FROM children_child WHERE id = %s", many)
    theirs = {
        "chair": "r.chair_id = (SELECT id FROM people_person WHERE name = 'Imran Dastgir')",
        "manager": f"r.team_id = {unit}",
        "review": "true",
    }[who]
    on_list = _listed(database, who, unit)
    of_list = numbers("SELECT DISTINCT case_id FROM record_casechild WHERE child_id = ANY (%s)", on_list)
    yield Page("children", "/children", bare="children", told={"unit": unit, "cases": of_list})
    yield Page("children, third review", "/children?review=third")
    yield Page("children, with a resolution", "/children?concern=with")
    for title, child, address in (("child", one, public), ("child with 40", many, public_of_many)):
        cases = numbers("SELECT case_id FROM record_casechild WHERE child_id = %s ORDER BY case_id DESC", child)
        looks = numbers(
            "SELECT id FROM access_look WHERE children @> ARRAY[%s::bigint] ORDER BY at DESC LIMIT 26", child
        )
        family = numbers(
            "SELECT s.id FROM children_child c JOIN children_child s USING (family_id) WHERE c.id = %s", child
        )
        told = {"child": child, "children": family, "cases": cases, "looks": looks}
        yield Page(title, f"/children/{address}", bare="child", told=told)
        yield Page(f"{title}: history", f"/children/{address}/history", bare="history", told=told)
        listed = told | {"cases": cases[:26]}
        yield Page(f"{title}: resolutions", f"/children/{address}/resolutions", bare="resolutions", told=listed)
        yield Page(f"{title}: looks", f"/children/{address}/looks", bare="looks", told=told)
    cycles = numbers("SELECT case_id FROM record_casechild a JOIN record_case r ON r.id = case_id"
                     " WHERE r.kind = 'plan' AND child_id = %s", one)  # fmt: skip
    family = numbers("SELECT s.id FROM children_child c JOIN children_child s USING (family_id) WHERE c.id = %s", one)
    told = {"child": one, "children": family, "cases": cycles}
    yield Page(CYCLE, f"/children/{public}/cycle", bare="cycle", told=told)
    yield Page(f"{CYCLE}: decision sheet", f"/children/{public}/cycle/c2/sheet", bare="cycle", told=told)
    if who == "chair":
        yield Page(f"{CYCLE}: midway check", f"/children/{public}/cycle/check", bare="cycle", told=told)
    for title, words, fits in (
        ("exact", f"{first} {last}", "c.last_name = %(last)s AND c.first_name = %(first)s"),
        ("first name", first, "c.first_name = %(first)s"),
        ("number", number, "c.id = %(one)s"),
        ("misspelt", _misspelt(last), "c.last_name = %(last)s"),
    ):
        found = _found(database, who, unit, fits, {"first": first, "last": last, "one": one})
        cases = numbers(
            "SELECT DISTINCT a.case_id FROM record_casechild a JOIN record_case r ON r.id = a.case_id"
            f" WHERE a.child_id = ANY (%s) AND {theirs} LIMIT 26", found
        )  # fmt: skip
        told = {"children": found, "cases": cases}
        yield Page(f"search, {title}", "/search", {"q": words}, bare="search", told=told)
    waiting = numbers(
        "SELECT id FROM record_case r WHERE (next_person_id = p OR then_person_id = p)"
        .replace("= p", "= (SELECT id FROM people_person WHERE name = %s)") + " ORDER BY due_at LIMIT 50",
        READERS[who], READERS[who],
    )  # fmt: skip
    yield Page("home", "/", bare="home", told={"cases": waiting, "unit": unit})
    if who == "review":
        yield from _of_log(database, number)


def _of_log(database: psycopg.Connection, number: str) -> Iterator[Page]:
    def latest(condition: str) -> dict[str, Any]:
        sql = f"SELECT id FROM access_look l WHERE {condition} ORDER BY at DESC LIMIT 51"
        return {"looks": [row[0] for row in database.execute(cast(Any, sql)).fetchall()]}

    of = "children @> ARRAY[(SELECT id FROM children_child WHERE external_id = '" + number + "')]"
    for title, data, condition in (
        ("all", {}, "true"),
        ("by somebody", {"who": "Holt"}, "name ILIKE '%Holt%'"),
        ("by somebody unknown", {"who": "Nobody at all"}, "false"),
        ("of a child", {"child": number}, of),
        ("refused", {"which": "refused"}, "refused"),
        ("by emergency", {"which": "glass"}, "how = 'glass'"),
    ):
        yield Page(f"log, {title}", LOG, data, bare="log", told=latest(condition))


LOG = "/guarding/audit"


def _listed(database: psycopg.Connection, who: str, unit: int) -> list[int]:
    theirs = {"chair": f"p.chair_id = (SELECT id FROM people_person WHERE name = '{CHAIR}')",
              "manager": f"p.team_id = {unit}", "review": "true"}[who]  # fmt: skip
    sql = (
        "SELECT c.id FROM children_child c JOIN children_plan p ON p.child_id = c.id AND p.ends IS NULL "
        f"WHERE {theirs} ORDER BY c.last_name, c.first_name, c.id LIMIT 51"
    )
    return [row[0] for row in database.execute(cast(Any, sql)).fetchall()]


def _found(database: psycopg.Connection, who: str, unit: int, fits: str, values: Mapping[str, Any]) -> list[int]:
    theirs = {"chair": f"p.chair_id = (SELECT id FROM people_person WHERE name = '{CHAIR}')",
              "manager": f"p.team_id = {unit}", "review": "true"}[who]  # fmt: skip
    sql = (
        "SELECT c.id FROM children_child c JOIN children_plan p ON p.child_id = c.id AND p.ends IS NULL "
        f"WHERE {theirs} AND {fits} ORDER BY c.last_name, c.first_name, c.id LIMIT 26"
    )
    return [row[0] for row in database.execute(cast(Any, sql), values).fetchall()]


def _misspelt(name: str) -> str:
    """One letter left out of the middle."""
    return name[:2] + name[3:]


def judged(seen: Mapping[Key, Seen], sizes: Mapping[int, int]) -> Iterator[Row]:
    small, large = min(sizes), max(sizes)
    for page, who in sorted({(page, who) for page, who, _ in seen if not page.endswith(BARE)}):
        of = {size: seen[page, who, size] for size in sizes}
        if page.startswith("alarm"):
            took = of[large].p50
            yield Row(f"{page}: seconds at {sizes[large]:,} looks", took, _ms(took), at_most=ALARM)
            continue
        times = ", ".join(f"{_ms(found.p50)} at {size:,}" for size, found in of.items())
        yield Row(f"{page}, {who}: {large:,} beside {small:,} children", of[large].p50 / of[small].p50, times,
                  at_most=GROWTH)  # fmt: skip
        counts = {size: statistics.mode(found.statements) for size, found in of.items()}
        grown = max(counts.values()) - min(counts.values())
        yield Row(f"{page}, {who}: statements more", grown, str(counts), at_most=0)
        for size in sizes:
            if bare := seen.get((f"{page} {BARE}", who, size)):
                both = f"{_ms(of[size].p50)} beside {_ms(bare.p50)}"
                yield Row(f"{page}, {who}: beside a bare view, {size:,}", of[size].p50 / bare.p50, both,
                          at_most=BESIDE_BARE_OF_CYCLE if page.startswith(CYCLE) else BESIDE_BARE)  # fmt: skip
        if page.startswith(CYCLE):
            yield Row(f"{page}, {who}: statements", max(counts.values()), str(counts), at_most=STATEMENTS_OF_CYCLE)
    every, chairs = seen["home", "review", small], seen["home", "chair", small]
    yield Row(f"home: of all {small:,} children beside the chair's", every.p50 / chairs.p50,
              f"{_ms(every.p50)} beside {_ms(chairs.p50)}", at_most=HOMES)  # fmt: skip
    for who in READERS:
        for part in ("", ": history", ": resolutions"):
            one, many = (statistics.mode(seen[f"{t}{part}", who, large].statements) for t in ("child", "child with 40"))
            yield Row(f"child{part}, {who}: statements more with 40 resolutions", many - one, f"{many} and {one}",
                      at_most=0)  # fmt: skip


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
