"""`make bench`: every measurement, each as a ratio of two figures taken in the same run.

`make bench ARGS="due"` runs one part; `ARGS=--quick` all of them on a tenth of the numbers. Each ratio is told with the
one of the run that was kept; `ARGS=--keep` keeps those of this one. Exits with 1 when any falls short.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence

from bench.kept_ratios import Run, beside, commit, keep, kept, told

# Each part's module and arguments, whole and quick.
PARTS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "due": (("bench.due",), ("bench.due",)),
    "oracle": (("bench.due", "--oracle", "1000000"), ("bench.due", "--oracle", "100000")),
    "acts": (("bench.acts",), ("bench.acts", "--quick")),
    "pages": (("bench.pages",), ("bench.pages", "--quick")),
    "growth": (("bench.growth",), ("bench.growth", "--quick")),
    "importing": (("bench.importing",), ("bench.importing", "--quick")),
}


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all, when none is named")
    parser.add_argument("--quick", action="store_true", help="a tenth of the numbers")
    parser.add_argument("--keep", action="store_true", help="keep the ratios, to be told beside the next run's")
    asked = parser.parse_args(argv)
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"There is no {', '.join(sorted(unknown))}: say {', '.join(PARTS)}.")
    before, runs, short = kept(), dict[str, Run](), []
    for name in asked.parts or PARTS:
        holds, found = _measured(PARTS[name][asked.quick])
        short += [] if holds else [name]
        for part, run in found.items():
            print("\n".join(beside(run, before.get(part))))
        runs |= found
    if asked.keep:
        keep(runs)
    print(f"\nShort: {', '.join(short)}." if short else "\nEverything holds.")
    return 1 if short else 0


def _measured(arguments: Sequence[str]) -> tuple[bool, Mapping[str, Run]]:
    """Whether the part holds, and its ratios; what it prints is seen as it comes."""
    print(f"\n{' '.join(arguments)}", flush=True)
    lines: list[str] = []
    command = [sys.executable, "-u", "-m", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as part:
        assert part.stdout is not None, "asked for above"
        for line in part.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return part.returncode == 0, dict(told(lines, commit()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
