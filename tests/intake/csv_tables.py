"""CSV files and zips of them, made here for the tests; all rows are invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

Rows = Sequence[Mapping[str, object]]


def as_csv(rows: Rows, heads: Iterable[str] = ()) -> bytes:
    """One file: the headings are the keys of the first row where they are not given."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(heads) or list(rows[0]), restval="NULL", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
