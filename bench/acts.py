"""Acts a second, beside what they could cost at least and what they cost before; and the whole record made again.

`python -m bench.acts` has a PostgreSQL of its own, and clients that are asked in turns, so that a busy moment of the
machine troubles all alike. The build before is taken out of git into a folder that is thrown away (`--before`). Every
figure that counts is a ratio of two from this run. Exits with 1 when one falls short.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import serving
from bench.acting import PROCESSOR
from bench.row import Row
from undrift.config import databases, embedded

BEFORE = "ea9e195"  # the last build that read everybody for each act
CLIENT = Path(__file__).with_name("acting.py")
# Rounds, and records for the whole record; whole and quick.
ROUNDS, QUICK_ROUNDS = 30, 8
RECORDS, QUICK_RECORDS = 100_000, 2_000
RECORDS_BEFORE = 300  # of the build before, which takes the same time for each
WARM_UP = 8  # families, after which PostgreSQL has settled on its plans
FAMILIES, SMALL, LARGE = 12, 31, 500
CLIENTS = 4
DECIDING = ("respond", "approve", "judge")

OF_BARE, OF_BARE_AIM = 0.15, 0.25
IN_REACH = 0.8
MORE_CLIENTS = 1.6
TIMES_BEFORE = 12
MORE_POSTS = 1.2
REBUILT, VERIFIED = 12, 4

Seen = Mapping[str, list[float]]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.acts", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and records")
    parser.add_argument("--records", type=int, help=f"to rebuild and verify: {RECORDS:,} unless said")
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help='the build to compare with; "" for none')
    asked = parser.parse_args(argv)
    rounds = QUICK_ROUNDS if asked.quick else ROUNDS
    records = asked.records or (QUICK_RECORDS if asked.quick else RECORDS)
    with serving.postgres() as cluster, _build(asked.before) as before:
        rows: list[Row] = []
        for row in itertools.chain(_acts(cluster, before, rounds), _whole(cluster, before, records)):
            verdict = "PASS" if row.holds else "SHORT"
            print(f"{verdict:5} {row.ratio:8.3f} ({row.bound_in_words})  {row.what}: {row.seen}", flush=True)
            rows.append(row)
    print(
        json.dumps({"bench": "acts", "sizes": [rounds, records], "ratios": {r.what: round(r.ratio, 3) for r in rows}})
    )
    return 0 if all(row.holds for row in rows) else 1


@contextlib.contextmanager
def _build(commit: str) -> Iterator[Path | None]:
    """That build's files in a folder of their own; none where there is no such commit here."""
    here = databases.CHECKOUT
    if not commit or subprocess.run(["git", "cat-file", "-e", commit], cwd=here, capture_output=True).returncode:
        print(f"The build before ({commit or 'none asked for'}) is not here: nothing is compared with it.")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", place, commit], cwd=here, check=True)
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=here, check=True)


# Databases and clients ----------------------------------------------------------------------------------------------


@dataclass
class Client:
    """A process that does as it is told, one thing at a time."""

    process: subprocess.Popen[str]

    def tell(self, *what: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("A client ended: its words above say why.")
        return json.loads(line)

    def do(self, *what: Any) -> Any:
        self.tell(*what)
        return self.answer()


@contextlib.contextmanager
def _client(cluster: embedded.Cluster, name: str, build: Path) -> Iterator[Client]:
    environ = _environ(cluster, name, build)
    with subprocess.Popen(
        [sys.executable, str(CLIENT)], cwd=build, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Client(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _environ(cluster: embedded.Cluster, name: str, build: Path) -> dict[str, str]:
    outside = cluster.folder / "seals.jsonl"
    return serving.environ(cluster, name) | {"PYTHONPATH": str(build), "SEAL_FILE": str(outside)}


def _empty(cluster: embedded.Cluster, name: str, build: Path) -> str:
    """A database of that name with the build's tables and nothing in them."""
    serving.drop(cluster, name)
    databases.make_roles_and_database(cluster, name)
    environ = _environ(cluster, name, build) | {databases.AS_OWNER: "1"}
    _run("manage.py", "make_ready", "--verbosity", "0", build=build, environ=environ)
    return name


def _run(*arguments: str, build: Path, environ: Mapping[str, str]) -> None:
    if subprocess.run([sys.executable, *arguments], cwd=build, env=environ).returncode != 0:
        raise SystemExit(f"`{' '.join(arguments)}` failed: the lines above say why.")


def _furnished(cluster: embedded.Cluster, name: str, build: Path, posts: int) -> str:
    """A council with so many posts, and families to act about."""
    _empty(cluster, name, build)
    with _client(cluster, name, build) as client:
        client.do("furnish", FAMILIES, posts)
    _tidy(cluster, name)
    return name


def _tidy(cluster: embedded.Cluster, name: str) -> None:
    with psycopg.connect(cluster.url(embedded.SUPERUSER, name), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
        superuser.execute("CHECKPOINT")


# Acts ---------------------------------------------------------------------------------------------------------------


def _acts(cluster: embedded.Cluster, before: Path | None, rounds: int) -> list[Row]:
    here = databases.CHECKOUT
    now = _furnished(cluster, "undrift_acts", here, SMALL)
    large = _furnished(cluster, "undrift_acts_large", here, LARGE)
    with contextlib.ExitStack() as open_until_the_end:

        def client(name: str, build: Path) -> Client:
            return open_until_the_end.enter_context(_client(cluster, name, build))

        each: dict[str, tuple[Client, str, list[Any]]] = {
            "acts": (client(now, here), "act", []),
            "in reach": (client(now, here), "reach", []),
            "500 posts": (client(large, here), "act", []),
            "view": (client(now, here), "view", [20]),
            "bare": (client(now, here), "bare", [cluster.url(embedded.SUPERUSER, now), 20]),
        }
        if before is not None:
            old = _furnished(cluster, "undrift_acts_before", before, SMALL)
            each["before"] = (client(old, before), "act", [])
            each["before, in reach"] = (client(old, before), "reach", [])
        seen = _in_turns(each, rounds)
        together = _together([client(now, here) for _ in range(CLIENTS)], rounds)
    for name in ("undrift_acts", "undrift_acts_large", "undrift_acts_before"):
        serving.drop(cluster, name)
    return [*_judged(seen), together]


def _in_turns(each: Mapping[str, tuple[Client, str, list[Any]]], rounds: int) -> dict[str, Seen]:
    seen: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in each}
    for turn in range(-1, rounds):
        for name, (client, what, arguments) in each.items():
            took = client.do(what, *(arguments or [turn + 1, WARM_UP if turn < 0 else 1]))
            for kind, seconds in took if turn >= 0 else ():
                seen[name][kind].append(seconds)
    return {name: dict(found) for name, found in seen.items()}


def _seconds(seen: Seen, *kinds: str) -> float:
    """What one act takes, of these kinds in equal parts: the middle of each, so that a busy moment does not count."""
    return statistics.fmean(statistics.median(seen[kind]) for kind in kinds)


def _judged(seen: Mapping[str, Seen]) -> Iterator[Row]:
    bare, view = _seconds(seen["bare"], "bare"), _seconds(seen["view"], "view")
    one = _seconds(seen["acts"], *DECIDING)
    kinds = [kind for kind in seen["acts"] if kind != PROCESSOR]
    told = ", ".join(f"{kind} {1 / _seconds(seen['acts'], kind):,.0f}/s" for kind in kinds)
    yield Row(f"acts beside the bare loop (aim {OF_BARE_AIM})", bare / one, _beside(one, bare), at_least=OF_BARE)
    yield Row("acts beside the least Django view", view / one, _beside(one, view), at_least=1)
    for kind in ("raise", "move on"):
        alone = _seconds(seen["acts"], kind)
        yield Row(f"{kind} beside the bare loop", bare / alone, _beside(alone, bare))
    reach = _seconds(seen["in reach"], *DECIDING)
    yield Row("acts in a person's reach beside without", one / reach, _beside(reach, one), at_least=IN_REACH)
    large = _seconds(seen["500 posts"], *DECIDING)
    yield Row(f"an act with {LARGE} posts beside {SMALL}", large / one, _beside(large, one), at_most=MORE_POSTS)
    if "before" in seen:
        for name, now in (("before", "acts"), ("before, in reach", "in reach")):
            ours, theirs = _seconds(seen[now], *DECIDING), _seconds(seen[name], *DECIDING)
            yield Row(f"{now} beside the build {name}", theirs / ours, _beside(ours, theirs), at_least=TIMES_BEFORE)
            spent, before = _seconds(seen[now], PROCESSOR), _seconds(seen[name], PROCESSOR)
            what = f"{now}: processor time beside the build {name}"
            yield Row(what, before / spent, f"{spent * 1e3:.1f} ms beside {before * 1e3:.1f}")
    print(f"one client: {told}")


def _together(clients: Sequence[Client], rounds: int) -> Row:
    """Several clients at once beside one of them alone, in turns."""
    alone: list[float] = []
    at_once: list[float] = []
    for client in clients:
        client.do("act", 0, WARM_UP)
    for turn in range(max(rounds // 4, 3)):
        for those, speeds in ((clients[:1], alone), (clients, at_once)):
            began = time.perf_counter()
            for number, client in enumerate(those):
                client.tell("act", turn + number, 4)
            acts = sum(len(client.answer()) - 1 for client in those)
            speeds.append(acts / (time.perf_counter() - began))
    one, all_of_them = statistics.median(alone), statistics.median(at_once)
    told = f"{all_of_them:,.0f} a second beside {one:,.0f}"
    return Row(f"{len(clients)} clients beside one", all_of_them / one, told, at_least=MORE_CLIENTS)


def _beside(ours: float, theirs: float) -> str:
    return f"{1 / ours:,.0f} a second beside {1 / theirs:,.0f}"


# The whole record ---------------------------------------------------------------------------------------------------


def _whole(cluster: embedded.Cluster, before: Path | None, records: int) -> Iterator[Row]:
    here = databases.CHECKOUT
    name = serving.fill(cluster, records)
    with _client(cluster, name, here) as client:
        speeds = {write: _a_record(client.do("rebuild", write)) for write in (False, True)}
        verified, faults = client.do("verify")
        read, events = client.do("read")
        verified = min(verified, client.do("verify")[0])
    serving.drop(cluster, name)
    yield Row("verify: faults", faults, f"{events:,} events", at_most=0)
    times = f"{verified:.1f} s beside {read:.1f} s for {events:,} events"
    yield Row("verify beside reading and hashing the same bytes", verified / read, times, at_most=VERIFIED)
    if before is None:
        return
    old = _empty(cluster, "undrift_rebuilt_before", before)
    environ = _environ(cluster, old, before) | {"DATABASE_URL": cluster.url(embedded.SUPERUSER, old)}
    _run("-m", "bench.fill", str(RECORDS_BEFORE), build=before, environ=environ)
    _tidy(cluster, old)
    with _client(cluster, old, before) as client:
        for write, ours in speeds.items():
            theirs = _a_record(client.do("rebuild", write))
            what = "rebuild" if write else "rebuild --dry-run"
            told = f"{ours * 1e3:.2f} ms a record of {records:,} beside {theirs * 1e3:.1f} of {RECORDS_BEFORE:,}"
            yield Row(f"{what} beside the build before", theirs / ours, told, at_least=REBUILT)
    serving.drop(cluster, old)


def _a_record(told: tuple[int, float, int]) -> float:
    records, seconds, differences = told
    if differences:
        raise SystemExit(f"{differences} differences: what was made again is not what was there.")
    return seconds / records


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
