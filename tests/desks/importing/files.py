"""Files as a page is sent them, and the pages that they lead to; all rows are invented."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import TODAY, Cast
from tests.intake.workbooks import workbook


def be(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name), backend="undrift.people.seats.SignedIn")
    return client


def list_7(*rows: Mapping[str, Any], name: str = "annex.xlsx", **layout: Any) -> SimpleUploadedFile:
    """A workbook of Annex A; each row gives what differs from an ordinary one."""
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "book.xlsx", *rows, **layout)
        return SimpleUploadedFile(name, path.read_bytes())


def said(file: SimpleUploadedFile | None, as_at: date = TODAY, format: str = "annex-a") -> dict[str, Any]:
    day = {"as_at_day": str(as_at.day), "as_at_month": str(as_at.month), "as_at_year": str(as_at.year)}
    return {"format": format, **day, **({"file": file} if file is not None else {})}


def checked(client: Client, *rows: Mapping[str, Any], **layout: Any) -> str:
    """The address of the check of a file with these rows."""
    answer = client.post("/import", said(list_7(*rows, **layout)))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def applied(client: Client, *rows: Mapping[str, Any], **layout: Any) -> str:
    """The address of the import of a file with these rows."""
    answer = client.post(checked(client, *rows, **layout), {})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])
