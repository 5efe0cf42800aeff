"""`make bench`: every measurement of this folder, each as a ratio of two figures taken in the same run.

A measurement is a module here whose name begins with `measure_`, with a function `measure()` that returns its
rows. `make bench ARGS="due"` runs those whose name holds a word.
"""

import sys
from importlib import import_module
from pathlib import Path

from bench.row import Row


def modules(words: list[str]) -> list[str]:
    names = sorted(path.stem for path in Path(__file__).parent.glob("measure_*.py"))
    return [name for name in names if not words or any(word in name for word in words)]


def line(row: Row) -> str:
    verdict = "ok" if row.holds else "MISSED"
    return f"{verdict:6}  {row.what}: {row.ratio:.3g} ({row.bound_in_words}); {row.seen}"


def main(words: list[str]) -> int:
    chosen = modules(words)
    if not chosen:
        sys.stderr.write("No measurement has that name; the files bench/measure_*.py are all there are.\n")
        return 2
    missed = 0
    for name in chosen:
        for row in import_module(f"bench.{name}").measure():
            sys.stdout.write(f"{line(row)}\n")
            sys.stdout.flush()
            missed += not row.holds
    sys.stdout.write(f"{missed} missed.\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
