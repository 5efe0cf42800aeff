"""The set-up script: says plainly what a machine lacks, and does nothing twice."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import undrift

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path: Path) -> ModuleType:
    """The script, as it lies in an empty copy."""
    shutil.copy(CHECKOUT / "house.py", tmp_path)
    shutil.copytree(CHECKOUT / "requirements", tmp_path / "requirements")
    spec = spec_from_file_location("house_in_an_empty_copy", tmp_path / "house.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_python() -> None:
    body = ast.parse((CHECKOUT / "house.py").read_text()).body
    imported = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in body if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_an_old_python_is_told_what_to_do(house: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(house.Stop, match=r"needs Python 3\.11 or newer.*PYTHON=python3\.11"):
        house.check_machine()


def test_a_python_that_cannot_make_environments_is_told_what_to_install(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "uv", lambda: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(house.Stop, match="apt install python3-venv"):
        house.make_venv()


def test_an_environment_that_another_python_left_broken_is_made_anew(house: ModuleType) -> None:
    (house.VENV / "bin").mkdir(parents=True)
    house.PYTHON.symlink_to("/nowhere/python")
    house.make_venv()
    assert subprocess.run([house.PYTHON, "-c", "import sys; print(sys.prefix)"], check=True).returncode == 0


def test_a_step_is_done_again_only_when_what_it_is_made_from_changes(house: ModuleType, tmp_path: Path) -> None:
    house.STAMPS.mkdir(parents=True)
    lock, made = tmp_path / "a.lock", tmp_path / "made"
    lock.write_text("one")
    made.touch()
    house.Step("packages", [lock], [made]).done()
    assert house.Step("packages", [lock], [made]).is_done()
    made.unlink()
    assert not house.Step("packages", [lock], [made]).is_done()
    made.touch()
    lock.write_text("two")
    assert not house.Step("packages", [lock], [made]).is_done()


def test_a_failed_command_is_named(house: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(house.Stop, match=r"`sh -c echo the reason; exit 3` failed"):
        house.run("sh", "-c", "echo the reason; exit 3", quiet=True)
    assert "the reason" in capfd.readouterr().err


def test_a_command_nobody_knows_is_answered_with_those_there_are() -> None:
    ended = subprocess.run([sys.executable, CHECKOUT / "house.py", "dance"], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "Say one of: setup, run, test, test-all, check, cover, docs, bench, demo-reset." in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "cores", "processes"),
    [
        ([], 2, 2),
        ([], 16, 2),
        ([], 1, 1),
        (["-q", "--durations=10"], 2, 2),
        (["tests/engine"], 2, 1),
        (["-q", "-k", "chair"], 2, 1),
        (["--pdb"], 2, 1),
        (["-n4"], 2, 1),  # not by us: pytest is told so itself
    ],
)
def test_the_whole_suite_is_shared_out_and_a_few_named_tests_are_not(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], cores: int, processes: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    asked = house.shared_out(arguments)
    assert asked[:2] == (("-n", str(processes)) if processes > 1 else ())


def test_everything_is_asked_by_the_same_command_and_one_word_more(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[object, object]] = []
    monkeypatch.setattr(house, "set_up", lambda with_tests: None)
    monkeypatch.setattr(house, "find_browser", lambda: None)
    monkeypatch.setattr(house, "become", lambda *command, **environ: ran.append((command[1:], environ)))
    house.COMMANDS["test"](["tests/engine"])
    house.COMMANDS["test-all"](["tests/engine"])
    asked = ("-m", "pytest", "tests/engine")
    assert ran == [(asked, {}), (asked, {"THOROUGH": "1"})]


def test_make_help_names_every_command() -> None:
    listed = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for command in ("run", "test", "check", "cover", "bench", "setup", "lock", "help"):
        assert f"make {command} " in listed


def test_continuous_integration_runs_what_anyone_runs() -> None:
    lines = (CHECKOUT / ".ci/run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]
    assert "set -euo pipefail" in lines


def test_the_version_is_the_newest_of_the_changes() -> None:
    newest = re.search(r"^## (\S+) ", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert undrift.__version__ == newest[1]
