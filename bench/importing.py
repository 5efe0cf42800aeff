"""A council's files brought in, beside a bare read of them and a bare COPY of the same rows.

A List 7 of the Annex A workbook, our own CSV of children who are all called otherwise, and six years of the Standard
Safeguarding Dataset. `python -m bench.importing` has a
PostgreSQL of its own. Every figure that counts is a ratio of two from this run. Exits with 1 when one falls short.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from bench import serving
from bench.row import Row
from undrift.config import embedded

FIRST = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NAME = "undrift_bench_importing"
# The last of each are as many as the largest authority sends.
LISTS, NAMES, EXTRACTS = (1_900, 19_000, 30_000), (5_000, 50_000), (1_100, 11_000)
QUICK = 1

# Read, checked and applied: a list beside both the bare read and the bare COPY, a dataset beside the COPY alone.
LIST_AT_MOST, EXTRACT_AT_MOST = 4.0, 8.0
SECONDS, MEGABYTES = 180, 500
BYTES_A_ROW = 600
# Each thing that a file becomes, whatever became of it, and which row of the source it was.
TABLES = (
    *("children_importrun", "children_family", "children_child", "children_plan", "children_conference"),
    *("children_importedrow", "children_factchange"),
)

Given = TypeVar("Given")


@dataclass(frozen=True)
class Cost:
    """By the clock, and by the processor: of this process and of the server's that works for it."""

    wall: float
    processor: float

    def __add__(self, more: Cost) -> Cost:
        return Cost(self.wall + more.wall, self.processor + more.processor)

    def beside(self, bare: Cost, what: str) -> str:
        return (
            f"{self.wall:.2f} s, beside {bare.wall:.2f} s for {what}; "
            f"by the processor {self.processor:.2f} and {bare.processor:.2f} s"
        )


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--council", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--make", nargs=3, metavar=("FORMAT", "NUMBER", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=3, metavar=("FORMAT", "NUMBER", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.council or asked.make or asked.measure:
        import_module("django").setup()
    if asked.council:
        return _council()
    if asked.make:
        return _make(*asked.make)
    if asked.measure:
        print(json.dumps(_measured(*asked.measure)))
        return 0
    rows = list(_rows(asked.quick))
    for row in rows:
        print(f"{'PASS' if row.holds else 'SHORT':5} {row.ratio:8.2f} ({row.bound_in_words})  {row.what}: {row.seen}")
    sizes = ["quick"] if asked.quick else []
    print(json.dumps({"bench": "importing", "sizes": sizes, "ratios": {r.what: round(r.ratio, 3) for r in rows}}))
    return 0 if all(row.holds for row in rows) else 1


def _council() -> int:
    import_module("undrift.demo.organisations").build_westmarch(FIRST.date(), guards=False)
    return 0


def _make(format: str, number: str, file: str) -> int:
    extract = import_module("bench.extract")
    made = {"annex-a": extract.list_7, "children": extract.children, "ssd": extract.dataset}[format](int(number))
    Path(file).write_bytes(made)
    return 0


def _rows(quick: bool) -> Iterator[Row]:
    with serving.postgres() as cluster, tempfile.TemporaryDirectory() as folder:
        serving.fill(cluster, 0, name=NAME, by=("bench.importing", "--council"))
        lists, names, extracts = (some[:QUICK] if quick else some for some in (LISTS, NAMES, EXTRACTS))
        measured = [_in_a_process(cluster, Path(folder), "annex-a", number) for number in lists]
        for number, of_it in zip(lists, measured, strict=True):
            yield from _compared(f"List 7 of {number:,}", of_it, LIST_AT_MOST)
        if len(measured) > 1:
            grown = [(of_it["peak"], number) for of_it, number in zip(measured, lists, strict=True)]
            a_row = (grown[-1][0] - grown[0][0]) / (grown[-1][1] - grown[0][1])
            yield Row("memory for each further row", a_row, f"bytes, from {lists[0]:,} to {lists[-1]:,} rows",
                      at_most=BYTES_A_ROW)  # fmt: skip
        for number in names:
            of_it = _in_a_process(cluster, Path(folder), "children", number)
            yield from _compared(f"{number:,} children's names", of_it, LIST_AT_MOST)
        for number in extracts:
            of_it = _in_a_process(cluster, Path(folder), "ssd", number)
            yield from _compared(f"dataset of {number:,} plans", of_it, EXTRACT_AT_MOST, reading=False)
            peak = of_it["peak"] / 1_000_000
            yield Row("its memory beside what it may take", peak / MEGABYTES, f"{peak:.0f} MB", at_most=1.0)
            wall = Cost(**of_it["new"]).wall
            yield Row("its time beside what it may take", wall / SECONDS, f"{wall:.1f} s", at_most=1.0)
        serving.drop(cluster, NAME)


def _compared(called: str, of_it: Mapping[str, Any], at_most: float, *, reading: bool = True) -> Iterator[Row]:
    """Beside the bare COPY of the rows; and beside the bare `reading` of the file with it, unless told otherwise."""
    copied = Cost(**of_it["copied"])
    bare, what = (Cost(**of_it["read"]) + copied, "a bare read and COPY") if reading else (copied, "a bare COPY")
    for name, words in (("new", "checked and applied"), ("same", "the same file again")):
        cost = Cost(**of_it[name])
        seen = cost.beside(bare, what)
        yield Row(f"{called}, {words}", cost.wall / bare.wall, seen, at_most=at_most)
        yield Row(f"{called}, {words}, by the processor", cost.processor / bare.processor, seen, at_most=at_most)
    undone = Cost(**of_it["undone"])
    yield Row(f"{called}, undone", undone.wall / bare.wall, undone.beside(bare, what), at_most=at_most)


def _in_a_process(cluster: embedded.Cluster, folder: Path, format: str, number: int) -> dict[str, Any]:
    """Measured by itself, for its memory, in an empty council; the bare COPY goes into another."""
    copy, bare = (serving.copied(cluster, NAME, name) for name in (f"{NAME}_one", f"{NAME}_bare"))
    file = folder / f"{format}-{number}"
    environ = serving.environ(cluster, copy) | {
        "BENCH_FILLED": cluster.url(embedded.SUPERUSER, copy), "BENCH_BARE": cluster.url(embedded.SUPERUSER, bare),
    }  # fmt: skip
    said = [sys.executable, "-m", "bench.importing"]
    subprocess.run([*said, "--make", format, str(number), str(file)], env=environ, check=True)
    ended = subprocess.run(
        [*said, "--measure", format, str(number), str(file)], env=environ, check=True, stdout=subprocess.PIPE
    )
    for name in (copy, bare):
        serving.drop(cluster, name)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _measured(format: str, number: str, file: str) -> dict[str, Any]:
    from_file = import_module("undrift.applying.from_file")
    import_module("undrift.applying.following")
    authority = from_file.authority_of("westmarch")
    server = import_module("django.db").connection
    server.ensure_connection()
    content = Path(file).read_bytes()

    def brought(at: datetime) -> Any:
        check = from_file.check_file(authority, format, Path(file).name, content, as_at=at.date(), at=at, by=None)
        return from_file.apply_check(check, at=at, by=None)

    def told(cost: Cost) -> dict[str, float]:
        return {"wall": cost.wall, "processor": cost.processor}

    new, first = _costs(lambda: brought(FIRST), server.connection)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    each = "child" if format == "children" else "plan"
    # What would run beside a plan of the child is asked about, and not begun.
    begun, asked = first.counts[f"{each}_new"], first.counts["asked"]
    assert begun + asked == int(number), first.counts
    read, rows = _costs(lambda: _read(format, content), server.connection)
    copied = _copied(rows if format == "ssd" else {})
    same, run = _costs(lambda: brought(FIRST + WEEK), server.connection)
    assert run.counts[f"{each}_unchanged"] == begun, run.counts
    from_file.undo(run, at=FIRST + WEEK, by=None)
    undone, facts = _costs(lambda: from_file.undo(first, at=FIRST + WEEK, by=None), server.connection)
    assert facts >= int(number), facts
    return {
        "peak": peak, "new": told(new), "same": told(same), "undone": told(undone), "read": told(read),
        "copied": told(copied),
    }  # fmt: skip


def _costs(what: Callable[[], Given], server: psycopg.Connection[Any]) -> tuple[Cost, Given]:
    began, worked, served = time.perf_counter(), _processor(), _of_server(server)
    given = what()
    return Cost(time.perf_counter() - began, _processor() - worked + _of_server(server) - served), given


def _processor() -> float:
    spent = os.times()
    return spent.user + spent.system


def _of_server(server: psycopg.Connection[Any]) -> float:
    """The processor's time in the server's process for this connection; 0 where the system does not tell."""
    told = Path(f"/proc/{server.info.backend_pid}/stat")
    if not told.exists():
        return 0.0
    user, system = told.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


# Bare -----------------------------------------------------------------------------------------------------------------


def _read(format: str, content: bytes) -> dict[str, list[Any]]:
    """By the quickest reader there is, and nothing made of it."""
    if format == "annex-a":
        book = import_module("python_calamine").CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {"List 7": book.get_sheet_by_name("List 7").to_python()}
    if format == "children":
        return {"children": list(csv.reader(content.decode().splitlines()))}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.reader(archive.read(name).decode().splitlines()))
            for name in archive.namelist()
        }


def _copied(tables: Mapping[str, list[Any]]) -> Cost:
    """What the file became, row by row, into the same tables of an equal council; and tables of the file's own."""
    filled, bare = os.environ["BENCH_FILLED"], os.environ["BENCH_BARE"]
    with psycopg.connect(filled) as source, psycopg.connect(bare) as target:
        held = {}
        for table in TABLES:
            with source.cursor().copy(f"COPY {table} TO STDOUT".encode()) as out:
                held[table] = b"".join(out)
        own = {name: _as_copy(rows) for name, rows in tables.items()}

        def copy() -> None:
            for name, (columns, text) in own.items():
                target.execute(f"CREATE TABLE bare_{name} ({', '.join(f'{one} text' for one in columns)})".encode())
                _into(target, f"bare_{name}", text)
            for table, text in held.items():
                _into(target, table, text)
            target.commit()

        cost, _ = _costs(copy, target)
        return cost


def _as_copy(rows: list[list[str]]) -> tuple[list[str], bytes]:
    heads, *lines = rows
    return heads, "".join("\t".join(line) + "\n" for line in lines).encode()


def _into(target: psycopg.Connection[Any], table: str, text: bytes) -> None:
    with target.cursor().copy(f"COPY {table} FROM STDIN".encode()) as into:
        into.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
