"""`python -m tests.readers --write` writes docs/reference/readers.md from the table; `--check` says whether it is out
of date, and what the table lacks.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import django

from tests.house.surroundings import set_surroundings


def main(argv: Sequence[str]) -> int:
    set_surroundings()
    django.setup()
    from tests.readers import page
    from tests.readers.table import missing, table

    lacks = list(missing(table()))
    for line in lacks:
        print(f"tests/readers/table.toml: {line}", file=sys.stderr)
    if lacks:
        return 1
    if "--write" in argv:
        page.FILE.write_text(page.text(), "utf-8")
    elif not page.FILE.is_file() or page.FILE.read_text("utf-8") != page.text():
        print(f"{page.FILE.name} is out of date. Run `{page.AGAIN}` and read what changed.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
