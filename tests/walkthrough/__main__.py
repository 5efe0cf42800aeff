"""`python -m tests.walkthrough --write`: walks through both policies and writes what was met.

`--write -k WORDS` walks some scenes and leaves what is kept of the others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def main(argv: Sequence[str]) -> int:
    if list(argv[:1]) != ["--write"]:
        print(
            "Say --write. Whether the walks are as they are kept: `make test ARGS=tests/walkthrough`.", file=sys.stderr
        )
        return 2
    os.environ["WALKTHROUGH"] = "write"
    scenes = [str(HERE / f"test_{name}.py") for name in ("walsall", "pan_lancashire")]
    return int(pytest.main(["-q", "-p", "no:cacheprovider", *argv[1:], *scenes]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
