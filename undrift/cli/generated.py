"""The files of docs/reference that are written from the language and the shipped policies.

`python -m undrift.cli.generated` writes them, and with `--check` says which are out of date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from undrift.library.protocols import SHIPPED, load
from undrift.protocol.diagram import diagram
from undrift.protocol.linter import page
from undrift.protocol.schema import schema
from undrift.protocol.words import explain_markdown

DOCS = Path(__file__).resolve().parents[2] / "docs/reference"
AGAIN = "python -m undrift.cli.generated"


def files() -> Mapping[str, str]:
    """Each file's path below docs/reference, and the text that it should hold."""
    return {
        "linter.md": page(),
        "protocol.schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
        **{f"protocols/{each}.md": _protocol_page(each) for each in SHIPPED},
        **{f"protocols/{each}.svg": diagram(load(each)) for each in SHIPPED},
    }


def stale() -> tuple[str, ...]:
    """The files that are missing, or do not hold what they should."""
    return tuple(path for path, text in files().items() if not _holds(DOCS / path, text))


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the files, or with --check says which are out of date. Returns 1 where some are."""
    if "--check" in (sys.argv[1:] if argv is None else argv):
        old = stale()
        for path in old:
            print(f"docs/reference/{path} is out of date. Run `{AGAIN}` and read what changed.", file=sys.stderr)
        return 1 if old else 0
    for path, text in files().items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, "utf-8")
    return 0


def _protocol_page(protocol_id: str) -> str:
    words = explain_markdown(load(protocol_id))
    note = f"<!-- Written by `{AGAIN}` from the protocol's own text. Change it there. -->"
    return f"{note}\n\n{words}\n![The ladder of stages]({protocol_id}.svg)\n"


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
