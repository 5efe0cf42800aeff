"""The PostgreSQL of a working copy: shared, closed to others, and never confused by a kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from undrift.config import databases, embedded

HOLD = """
import pathlib, sys
from undrift.config import embedded
with embedded.serving(embedded.Cluster(pathlib.Path(sys.argv[1]), durable=False)):
    print("serving", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    # Not in pytest's own folder: where root runs the tests, the server's user could not enter it.
    data = databases.data_folder()
    data.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="tests-", dir=data))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def used_before(place: Path) -> embedded.Cluster:
    cluster = embedded.Cluster(place / "used-before", durable=False)
    with embedded.serving(cluster):
        pass
    return cluster


@pytest.fixture
def empty(place: Path) -> Iterator[embedded.Cluster]:
    """A folder with nothing in it yet."""
    folder = Path(tempfile.mkdtemp(dir=place))
    yield embedded.Cluster(folder, durable=False)
    embedded.Cluster(folder).stop()


@pytest.fixture
def cluster(empty: embedded.Cluster, used_before: embedded.Cluster) -> embedded.Cluster:
    """One that was set up earlier and is not running."""
    subprocess.run(["cp", "-a", str(used_before.data), str(empty.data)], check=True)
    return empty


def ask(cluster: embedded.Cluster, statement: str) -> object:
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def holder(cluster: embedded.Cluster) -> subprocess.Popen[str]:
    """Another process that uses the cluster until it is told to leave."""
    command = [sys.executable, "-c", HOLD, str(cluster.folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "serving\n"
    return process


def postmaster(cluster: embedded.Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_it_starts_in_an_empty_folder_and_stops_with_its_last_user(empty: embedded.Cluster) -> None:
    with embedded.serving(empty):
        assert ask(empty, "SELECT 1") == 1
        other = holder(empty)
    assert empty.answers(), "another process still uses it"
    other.communicate("leave\n")
    assert not empty.answers()
    assert not (empty.data / "postmaster.pid").exists()


def test_it_keeps_what_was_written(cluster: embedded.Cluster) -> None:
    with embedded.serving(cluster):
        ask(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
    with embedded.serving(cluster):
        assert ask(cluster, "SELECT number FROM kept") == 7


def test_after_a_kill_it_starts_again_with_all_that_was_committed(cluster: embedded.Cluster) -> None:
    with embedded.serving(cluster):
        ask(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
        ask(cluster, "CHECKPOINT")
        # Our own child, whom nobody has collected: its number still looks alive.
        os.kill(postmaster(cluster), signal.SIGKILL)
        while cluster.listens():
            time.sleep(0.01)
        cluster.start()
        assert ask(cluster, "SELECT number FROM kept") == 7


def test_a_number_that_another_process_has_now_does_not_keep_it_from_starting(cluster: embedded.Cluster) -> None:
    lock = "\n".join([str(os.getpid()), str(cluster.data), "1", "5432", str(cluster.socket_folder), "", "1 1", ""])
    (cluster.data / "postmaster.pid").write_text(lock)
    with embedded.serving(cluster):
        assert ask(cluster, "SELECT 1") == 1


def test_a_user_who_was_killed_is_not_waited_for(cluster: embedded.Cluster) -> None:
    killed = holder(cluster)
    killed.kill()
    killed.communicate()
    assert cluster.answers(), "it outlives whoever started it"
    with embedded.serving(cluster):
        pass
    assert not cluster.answers()


def test_a_set_up_that_was_cut_short_is_done_anew(empty: embedded.Cluster) -> None:
    empty.data.mkdir()
    (empty.data / "base").mkdir()
    with embedded.serving(empty):
        assert ask(empty, "SELECT 1") == 1


def test_it_is_not_on_the_network_and_its_folder_is_closed(cluster: embedded.Cluster) -> None:
    with embedded.serving(cluster):
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert cluster.socket_folder.stat().st_mode & 0o077 == 0
        assert cluster.data.stat().st_mode & 0o077 == 0
        assert cluster.socket_folder.stat().st_uid == cluster.data.stat().st_uid != 0


def test_it_sorts_alike_everywhere_and_checks_its_pages(cluster: embedded.Cluster) -> None:
    with embedded.serving(cluster):
        assert ask(cluster, "SHOW data_checksums") == "on"
        assert (
            ask(cluster, "SELECT string_agg(n, '' ORDER BY n) FROM (VALUES ('b'), ('B'), ('a')) AS names(n)") == "Bab"
        )


def test_its_log_says_what_was_refused_and_not_of_whom(cluster: embedded.Cluster) -> None:
    with embedded.serving(cluster):
        with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres"), autocommit=True) as database:
            database.execute("CREATE TABLE numbered (number text UNIQUE)")
            database.execute("INSERT INTO numbered VALUES ('Quillfeather 41')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                database.execute("INSERT INTO numbered VALUES ('Quillfeather 41')")
            database.execute("DROP TABLE numbered")
        said = cluster.log.read_text()
    assert "duplicate key value violates unique constraint" in said
    assert "Quillfeather" not in said


def test_unless_told_otherwise_it_is_safe_in_a_power_cut(cluster: embedded.Cluster) -> None:
    with embedded.serving(embedded.Cluster(cluster.folder)):
        assert [ask(cluster, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]


def test_a_folder_too_deep_for_a_socket_gets_a_shorter_one(empty: embedded.Cluster) -> None:
    deep = embedded.Cluster(empty.folder / ("deep" * 25), durable=False)
    with embedded.serving(deep):
        assert ask(deep, "SELECT 1") == 1
    shutil.rmtree(deep.socket_folder)


def test_a_server_of_another_version_is_named_not_started(cluster: embedded.Cluster) -> None:
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.CannotServe, match=r"made by PostgreSQL 12[\s\S]*PG_BIN"), embedded.serving(cluster):
        pass


def test_what_stops_it_from_starting_is_said(cluster: embedded.Cluster) -> None:
    with (cluster.data / "postgresql.auto.conf").open("a") as settings:
        settings.write("max_connections = many\n")
    with pytest.raises(embedded.CannotServe, match="max_connections"), embedded.serving(cluster):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_root_is_told_where_the_server_could_not_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with (
        pytest.raises(embedded.CannotServe, match="UNDRIFT_DATA"),
        embedded.serving(embedded.Cluster(closed / "data" / "postgres")),
    ):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_of_another_user_is_named() -> None:
    with (
        pytest.raises(embedded.CannotServe, match="belongs to another user"),
        embedded.serving(embedded.Cluster(Path("/var/lib/postgres-of-root"))),
    ):
        pass


DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@pytest.mark.skipif(not DEBIAN, reason="no PostgreSQL of the system's own is installed here")
def test_the_systems_own_postgresql_serves_as_well(empty: embedded.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delenv("PG_BIN", raising=False)
    with embedded.serving(empty):
        databases.make_roles_and_database(empty)
        version = ask(empty, "SHOW server_version_num")
        assert str(version)[:2] in {path.parts[-3] for path in DEBIAN}


def test_where_there_is_no_postgresql_the_next_step_is_said(
    empty: embedded.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(embedded, "DEBIAN", Path("/nowhere"))
    monkeypatch.delenv("PG_BIN", raising=False)
    with pytest.raises(embedded.CannotServe, match="apt install postgresql"):
        empty.start()
