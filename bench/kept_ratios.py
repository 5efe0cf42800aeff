"""The ratios of an earlier run, kept in a file beside the code, so that the next run tells both.

`make bench ARGS=--keep` writes them; nobody types them in. A build from before there was such a file is measured in its
own checkout, and what it printed is read: `python -m bench.kept_ratios PRINTED --commit COMMIT`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_name("kept_ratios.json")
BEGINS = '{"bench": '  # the line with which a part ends what it prints


@dataclass(frozen=True)
class Run:
    """What one part measured of which build: each ratio by what it is of."""

    commit: str
    ratios: Mapping[str, float]


Kept = Mapping[str, Run]  # by the part and how much it measured: a short run is not told beside a whole one


def told(printed: Iterable[str], commit: str) -> Iterator[tuple[str, Run]]:
    """The parts whose ratios stand among these lines, by name and size."""
    for line in printed:
        if line.startswith(BEGINS):
            found = json.loads(line)
            yield " ".join(map(str, (found["bench"], *found.get("sizes", ())))), Run(commit, found["ratios"])


def kept(file: Path = FILE) -> dict[str, Run]:
    """What was kept before; nothing where nothing was."""
    if not file.exists():
        return {}
    return {part: Run(**said) for part, said in json.loads(file.read_text()).items()}


def keep(runs: Kept, file: Path = FILE) -> None:
    """These beside what is kept of other parts."""
    both = {part: asdict(run) for part, run in sorted({**kept(file), **runs}.items())}
    file.write_text(json.dumps(both, indent=2, ensure_ascii=False) + "\n")


def beside(now: Run, before: Run | None) -> Iterator[str]:
    """Each ratio of this run with the one that was kept, a line each."""
    if before is None:
        yield "Nothing of this part and size was kept before: `make bench ARGS=--keep` keeps it."
        return
    yield f"Beside {before.commit}:"
    for what in dict.fromkeys((*before.ratios, *now.ratios)):
        then, is_now = before.ratios.get(what), now.ratios.get(what)
        yield f"  {_number(is_now)} now, {_number(then)} then  {what}"


def _number(ratio: float | None) -> str:
    return f"{'not measured':>12}" if ratio is None else f"{ratio:12.3f}"


def commit() -> str:
    """The commit that stands here, and whether files differ from it."""
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    found = subprocess.run(asked, cwd=FILE.parent, capture_output=True, text=True)
    return found.stdout.strip() or "no commit"


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.kept_ratios", description=__doc__)
    parser.add_argument("printed", type=Path, help="what a run of the benchmark printed")
    parser.add_argument("--commit", required=True, help="of the build that was measured")
    asked = parser.parse_args(argv)
    found = dict(told(asked.printed.read_text().splitlines(), asked.commit))
    keep(found)
    print(f"Kept of {asked.commit}: {', '.join(found) or 'nothing: no line begins as the last of a part does'}.")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
