"""`make bench`: every measurement, each as a ratio of two figures taken in the same run.

`make bench ARGS="due"` runs one part; `ARGS=--quick` all of them on a tenth of the numbers. Exits with 1 when any
falls short.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence

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
    asked = parser.parse_args(argv)
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"There is no {', '.join(sorted(unknown))}: say {', '.join(PARTS)}.")
    short = [name for name in asked.parts or PARTS if not _holds(PARTS[name][asked.quick])]
    print(f"\nShort: {', '.join(short)}." if short else "\nEverything holds.")
    return 1 if short else 0


def _holds(arguments: Sequence[str]) -> bool:
    print(f"\n{' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", *arguments]).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
