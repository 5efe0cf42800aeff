"""The ratios of an earlier run are kept as they were printed, and told beside the next run's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import kept_ratios
from bench.kept_ratios import Run, beside, keep, kept, main, told

PRINTED = """
PASS      2.00 (at least 1)  one beside another: 1 ms beside 2
{"bench": "pages", "sizes": [1000, 10000], "ratios": {"worklist: statements": 8, "worklist: grown": 1.021}}
{"bench": "due", "ratios": {"beside a table": 0.5}}
Everything holds.
"""
PAGES = Run("abc", {"worklist: statements": 8, "worklist: grown": 1.021})


def test_what_each_part_measured_is_read_from_what_it_prints() -> None:
    found = dict(told(PRINTED.splitlines(), "abc"))
    assert found == {"pages 1000 10000": PAGES, "due": Run("abc", {"beside a table": 0.5})}


def test_what_is_kept_of_one_part_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    assert kept(file) == {}
    keep({"pages 1000 10000": PAGES}, file)
    keep({"due": Run("def", {"beside a table": 0.6})}, file)
    assert kept(file) == {"pages 1000 10000": PAGES, "due": Run("def", {"beside a table": 0.6})}


def test_both_figures_are_told_and_what_one_run_did_not_measure() -> None:
    now = Run("def", {"worklist: statements": 9, "worklist: new": 3.0})
    assert list(beside(now, PAGES)) == [
        "Beside abc:",
        "         9.000 now,        8.000 then  worklist: statements",
        "  not measured now,        1.021 then  worklist: grown",
        "         3.000 now, not measured then  worklist: new",
    ]
    assert "Nothing of this part" in next(beside(now, None))


def test_the_output_of_a_build_without_this_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping: dict[str, Run] = {}
    monkeypatch.setattr(kept_ratios, "keep", keeping.update)
    (tmp_path / "printed").write_text(PRINTED)
    assert main([str(tmp_path / "printed"), "--commit", "abc"]) == 0
    assert keeping.keys() == {"pages 1000 10000", "due"}
    (tmp_path / "printed").write_text("Nothing was measured.")
    assert main([str(tmp_path / "printed"), "--commit", "abc"]) == 1


def test_a_run_tells_both_and_keeps_its_own_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, part = tmp_path / "kept.json", tmp_path / "a_part.py"
    part.write_text(f"print({json.dumps(PRINTED)})")
    monkeypatch.setattr(bench, "PARTS", {"pages": (("a_part",), ("a_part",))})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(bench, "kept", lambda: kept(file))
    monkeypatch.setattr(bench, "keep", lambda runs: keep(runs, file))
    assert bench.main(["pages", "--keep"]) == 0
    assert "Nothing of this part" in capsys.readouterr().out
    assert bench.main(["pages"]) == 0
    said = capsys.readouterr().out
    assert "8.000 now,        8.000 then  worklist: statements" in said
    assert kept(file).keys() == {"pages 1000 10000", "due"}
