"""The manual in docs/ is what the examples say today."""

from __future__ import annotations

import pytest

from undrift import library
from undrift.engine.trying.examples import read_example
from undrift.library import manual


def test_the_manuals_are_current() -> None:
    assert manual.main(["--check"]) == 0, "run python -m undrift.library.manual"


@pytest.mark.parametrize("protocol_id", library.shipped())
def test_a_manual_holds_every_example(protocol_id: str) -> None:
    text = manual.manual(protocol_id)
    for name, source in library.examples_of(protocol_id).items():
        assert f"## {read_example(source, name).title}\n" in text


def test_a_manual_that_is_not_current_is_named(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert manual.main(["--check"]) == 1
    assert "walsall.md is not current" in capsys.readouterr().err
    assert manual.main([]) == 0
    assert manual.main(["--check"]) == 0
