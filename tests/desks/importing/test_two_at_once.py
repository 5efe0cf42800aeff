"""One import at a time into a council: the second is told so, and nothing of it is written."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import westmarch
from tests.desks.importing.files import be, list_7, said
from tests.desks.page_lint import lint
from tests.resolutions.conftest import under_shipped_versions
from undrift.applying import from_file
from undrift.children.models import ImportRun
from undrift.people.models import Authority

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_of_two_imports_at_once_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_file, "LONGEST_WAIT", "100ms")
    west = under_shipped_versions(westmarch())
    client = be(west, "Jo Talbot")
    path = client.post("/import", said(list_7({"child_id": "70001"}), timezone.localdate())).headers["Location"]
    first = connection.copy()
    try:
        with first.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"SELECT id FROM {Authority._meta.db_table} WHERE id = %s FOR UPDATE", [west.authority.pk])
            page = lint(client.post(path, {})).text
            cursor.execute("ROLLBACK")
    finally:
        first.close()
    assert "Another import into Westmarch Council is being written. Try again in a minute." in page
    assert not ImportRun.objects.exists()
    assert client.post(path, {}).status_code == 302
    assert ImportRun.objects.count() == 1
