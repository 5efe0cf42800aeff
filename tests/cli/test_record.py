"""`undrift rebuild` and `undrift verify`."""

import json
from collections.abc import Callable

import pytest
from django.db import connection

from tests.cast import westmarch
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.cli.record import run_rebuild, run_verify
from undrift.resolutions.models import Resolution


@pytest.fixture
def reference(db: None) -> str:
    return reached.stage_one(under_shipped_versions(westmarch())).resolution.reference


def test_verify_says_that_the_record_is_whole(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verify([]) == 0
    assert capsys.readouterr().out == "The record is whole: 0 faults.\n"


def test_verify_names_what_is_not(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    Resolution.objects.update(last_seq=9)
    assert run_verify(["--json", "--authority", "westmarch"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)
    assert fault["reference"] == reference


def test_rebuild_says_what_differed_and_puts_it_right(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    Resolution.objects.update(stage="stage-4")
    assert run_rebuild(["--dry-run"]) == 1
    assert run_rebuild([]) == 1
    assert "1 difference, left as it was: `undrift rebuild --write` puts it right" in capsys.readouterr().out
    assert run_rebuild(["--write"]) == 1
    assert f"{reference}: stage was 'stage-4'; history gives 'stage-1'." in capsys.readouterr().out
    assert run_rebuild([]) == 0


def test_an_authority_that_is_not_there_is_answered_with_those_that_are(reference: str) -> None:
    with pytest.raises(SystemExit, match=r'no authority "elsewhere"\. There are: westmarch'):
        run_verify(["--authority", "elsewhere"])


@pytest.mark.parametrize("command", [run_verify, run_rebuild])
def test_a_database_without_a_record_is_said_to_have_none(reference: str, command: Callable[[list[str]], int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = of_nobody")
    with pytest.raises(SystemExit, match="There is no record in this database yet"):
        command([])
