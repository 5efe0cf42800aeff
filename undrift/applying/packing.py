"""A folder of tables, packed as one file: what a command is given, and what is kept until it is applied."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

# Of no moment, so that the same tables are the same file whenever they were saved.
SAVED = (1980, 1, 1, 0, 0, 0)


def packed(folder: Path) -> bytes:
    """Its CSV files as a zip. Folders within it are left alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() == ".csv":
                archive.writestr(zipfile.ZipInfo(path.name, SAVED), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
