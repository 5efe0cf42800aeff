"""`make demo-reset`: take the demonstration away. The next `make run` makes it anew."""

from __future__ import annotations

import shutil
import sys

from undrift.config import databases


def main() -> int:
    """Returns 1 where the service is running: stop it first."""
    if databases.working_cluster().answers():
        sys.stderr.write("The service is running. Stop `make run` first, then run the same command again.\n")
        return 1
    folder = databases.data_folder()
    shutil.rmtree(folder / "postgres", ignore_errors=True)
    for name in ("demo-loaded", "seals.jsonl"):
        (folder / name).unlink(missing_ok=True)
    print("The demonstration is gone. `make run` makes it anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
