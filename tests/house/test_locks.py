"""What we install is pinned by hash, each part has its reason, and no file says where it came from."""

import json
import re
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = sorted((CHECKOUT / "requirements").glob("*.lock"))
PROJECT = (CHECKOUT / "pyproject.toml").read_text()


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_a_hash_and_no_address(lock: Path) -> None:
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
    assert "://" not in lock.read_text()


def test_the_front_end_lock_has_hashes_and_no_address() -> None:
    packages = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or "integrity" in package, name


def test_tests_run_on_the_packages_that_the_service_runs_on() -> None:
    run, dev = pinned(CHECKOUT / "requirements/run.lock"), pinned(CHECKOUT / "requirements/dev.lock")
    assert run.items() <= dev.items()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads(PROJECT)
    for lock, wanted in (("run", project["project"]["dependencies"]), ("dev", project["dependency-groups"]["dev"])):
        names = {re.split(r"[\[<>=]", line)[0] for line in wanted}
        assert names <= pinned(CHECKOUT / f"requirements/{lock}.lock").keys(), "run `make lock`"


def test_every_dependency_has_its_reason_beside_it() -> None:
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", PROJECT, re.MULTILINE | re.DOTALL)
    assert len(lists) == 2
    for line in "".join(lists).splitlines():
        assert re.search(r'",\s*# \w+', line), line
