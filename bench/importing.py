"""A council's List 7 brought in, beside a bare read of the workbook and a bare COPY of the rows that it becomes.

`python -m bench.importing` has a PostgreSQL of its own. Every figure that counts is a ratio of two from this run. Exits
with 1 when one falls short.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any, TypeVar

from bench import serving
from bench.row import Row

CHILDREN, QUICK = 19_000, 1_900
FIRST = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
# Read, checked and applied, beside both: children, plans, the conferences of their latest reviews, families.
AT_MOST = 4.0

Given = TypeVar("Given")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} children")
    parser.add_argument("--council", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.council or asked.measure:
        import_module("django").setup()
        return _council() if asked.council else _measure(asked.measure)
    name = "undrift_bench_importing"
    with serving.postgres() as cluster:
        serving.fill(cluster, 0, name=name, by=("bench.importing", "--council"))
        number = str(QUICK if asked.quick else CHILDREN)
        said = [sys.executable, "-m", "bench.importing", "--measure", number]
        code = subprocess.run(said, env=serving.environ(cluster, name)).returncode
        serving.drop(cluster, name)
    return code


def _council() -> int:
    import_module("undrift.demo.organisations").build_westmarch(FIRST.date(), guards=False)
    return 0


def _measure(number: int) -> int:
    rows = list(_rows(number))
    for row in rows:
        print(f"{'PASS' if row.holds else 'SHORT':5} {row.ratio:8.2f} ({row.bound_in_words})  {row.what}: {row.seen}")
    print(json.dumps({"bench": "importing", "ratios": {row.what: round(row.ratio, 3) for row in rows}}))
    return 0 if all(row.holds for row in rows) else 1


def _rows(number: int) -> Iterator[Row]:
    from_file = import_module("undrift.applying.from_file")
    authority = from_file.authority_of("westmarch")
    content = _workbook(number)
    bare, _ = _timed(lambda: _bare(content, number))

    def brought(at: datetime) -> Any:
        check = from_file.check_file(authority, "annex-a", "list-7.xlsx", content, as_at=at.date(), at=at, by=None)
        return from_file.apply_check(check, at=at, by=None)

    new, run = _timed(lambda: brought(FIRST))
    assert run.counts["plan_new"] == number, run.counts
    same, run = _timed(lambda: brought(FIRST + WEEK))
    assert run.counts["plan_unchanged"] == number, run.counts
    undone, _ = _timed(lambda: from_file.undo(run, at=FIRST + WEEK, by=None))
    seen = f"{{:.2f}} s for {number:,} children, and {bare:.2f} s for a bare read and COPY"
    yield Row("a first file, checked and applied", new / bare, seen.format(new), at_most=AT_MOST)
    yield Row("the same file again", same / bare, seen.format(same), at_most=AT_MOST)
    yield Row("undone", undone / bare, seen.format(undone))


def _timed(what: Callable[[], Given]) -> tuple[float, Given]:
    began = time.perf_counter()
    given = what()
    return time.perf_counter() - began, given


def _line(place: int) -> dict[str, Any]:
    return {
        "child_id": 100_000 + place,
        "sex": "b) Female",
        "born": date(2012, 1, 1) + timedelta(days=place % 3_000),
        "starts": date(2025, 11, 3) + timedelta(days=place % 120),
        "initial_category": "a) Neglect",
        "latest_category": "a) Neglect",
        "last_visit": date(2026, 4, 20),
        "seen_alone": "a) Yes",
        "latest_review": date(2026, 4, 2),
        "previous_plans": 0,
        "team": "North",
        "worker": "Somebody",
    }


def _workbook(number: int) -> bytes:
    book = import_module("openpyxl").Workbook()
    sheet = book.active
    sheet.title = "List 7"
    list_7 = import_module("undrift.intake.annex_a.list_7").LIST_7
    sheet.append([column.title for column in list_7.columns])
    for line in map(_line, range(number)):
        sheet.append([line.get(column.name) for column in list_7.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bare(content: bytes, number: int) -> None:
    _read(content)
    _copied(number)


def _read(content: bytes) -> None:
    """By the quickest reader of workbooks, and nothing made of it."""
    book = import_module("python_calamine").CalamineWorkbook.from_filelike(io.BytesIO(content))
    book.get_sheet_by_name("List 7").to_python()


def _copied(number: int) -> None:
    """As many rows, as wide, into tables with the same columns and indexes."""
    connection = import_module("django.db").connection
    columns = {
        "children_family": "id, authority_id, name, reference",
        "children_child": "id, authority_id, family_id, external_id, first_name, last_name, sex, public_id, restricted",
        "children_plan": "id, authority_id, child_id, starts, initial_category, latest_category, seen_alone, "
        "reviews_held, previous_plans, team_text, worker_text",
        "children_conference": "id, authority_id, family_id, reference, kind, held_on",
    }
    values = {
        "children_family": "{0}\t1\t\tr{0}",
        "children_child": "{0}\t1\t{0}\t{0}\t\t\tF\tp{0}\tf",
        "children_plan": "{0}\t1\t{0}\t2025-12-04\tNEG\tNEG\tyes\t1\t0\tNorth\tSomebody",
        "children_conference": "{0}\t1\t{0}\tC-2026-{0}\treview\t2026-04-02 12:00+00",
    }
    with connection.cursor() as cursor:
        for table, named in columns.items():
            cursor.execute(f"CREATE TEMPORARY TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            text = "\n".join(values[table].format(place) for place in range(1, number + 1))
            with cursor.copy(f"COPY bare_{table} ({named}) FROM STDIN") as copy:
                copy.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
