"""`make run` serves, keeps everything up, and leaves nothing behind when it is stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from undrift.config import databases, embedded

CHECKOUT = Path(__file__).resolve().parents[2]
SETTLED_SECONDS = 60
NOT_TAKEN_OVER = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "UNDRIFT_DEMO", "DATABASE_POOL", "SEAL_FILE", "SITE_URL",
)  # fmt: skip


@dataclass
class Service:
    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> embedded.Cluster:
        return embedded.Cluster(self.data / "postgres")

    @property
    def environ(self) -> dict[str, str]:
        environ = {name: value for name, value in os.environ.items() if name not in NOT_TAKEN_OVER}
        return environ | {"UNDRIFT_DATA": str(self.data), "PORT": str(self.port)}

    def start(self) -> None:
        with (self.data / "out").open("ab") as out:
            command = [sys.executable, "-m", "undrift.config.run"]
            self.process = subprocess.Popen(command, cwd=CHECKOUT, env=self.environ, stdout=out, stderr=out)
        until(self.serves, or_show=self.said)

    def serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=SETTLED_SECONDS)

    def said(self) -> str:
        return (self.data / "out").read_text()

    def sent(self) -> str:
        """What was sent by email, which goes into files here."""
        return "\n".join(path.read_text() for path in (self.data / "mail").glob("*"))

    def processes(self) -> dict[int, str]:
        """The service's own processes, by their environment: number and command."""
        mark, found = f"UNDRIFT_DATA={self.data}".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes():
                    found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def web_server(self) -> int:
        return min(number for number, command in self.processes().items() if "gunicorn" in command)


def until(happened: Callable[[], bool], or_show: Callable[[], str]) -> None:
    give_up = time.monotonic() + SETTLED_SECONDS
    while not happened():
        assert time.monotonic() < give_up, or_show()
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def service() -> Iterator[Service]:
    databases.data_folder().mkdir(parents=True, exist_ok=True)
    data = Path(tempfile.mkdtemp(prefix="tests-run-", dir=databases.data_folder()))
    data.chmod(0o711)
    (data / "demo-loaded").touch()  # this is about the service, not about its people
    running = Service(data, free_port())
    yield running
    if running.process is not None and running.process.poll() is None:
        running.stop()
    shutil.rmtree(data)


# Owed to somebody: a link, which leads to where this copy is served.
A_LETTER = """
WITH somewhere AS (
    INSERT INTO people_partnership (name) VALUES ('Northmoor Safeguarding Partnership') RETURNING id
), somebody AS (
    INSERT INTO people_person (email, name, phone, password, is_active, partnership_id)
    SELECT 'ada@undrift.example', 'Ada', '', '', true, id FROM somewhere
    RETURNING id
), act AS (
    INSERT INTO people_accountact (person_id, what, by_role, at)
    SELECT id, 'password-changed', '', now() FROM somebody RETURNING id
)
INSERT INTO people_letter (act_id, created_at, next_attempt_at, attempts, last_error)
SELECT id, now(), now(), 0, '' FROM act
"""


def test_it_serves_survives_kills_and_leaves_nothing_behind(service: Service) -> None:
    service.start()
    until(lambda: f"http://localhost:{service.port}/" in service.said(), or_show=service.said)

    first = service.web_server()
    os.kill(first, signal.SIGKILL)
    until(lambda: service.serves() and service.web_server() != first, or_show=service.said)

    def connect(role: str) -> psycopg.Connection:
        return psycopg.connect(service.cluster.url(role, "undrift"), autocommit=True)

    with connect("undrift_app") as application:
        application.execute("INSERT INTO django_session VALUES ('kept', 'through a kill', now())")
        application.execute(A_LETTER)
    os.kill(int((service.cluster.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    until(lambda: "The database ended" in service.said() and service.serves(), or_show=service.said)
    with connect("undrift_app") as application:
        assert application.execute("SELECT session_data FROM django_session").fetchone() == ("through a kill",)
    until(lambda: f"http://localhost:{service.port}/" in service.sent(), or_show=service.sent)

    assert service.stop() == 0, service.said()
    assert service.processes() == {}
    assert not service.cluster.listens()


def started_again(service: Service) -> float:
    """Seconds until it serves."""
    service.stop()
    begun = time.monotonic()
    service.start()
    return time.monotonic() - begun


def test_a_second_run_keeps_the_data_and_serves_within_ten_seconds(service: Service) -> None:
    service.start()
    with psycopg.connect(service.cluster.url("undrift_app", "undrift"), autocommit=True) as application:
        application.execute("INSERT INTO django_session VALUES ('kept', 'till next time', now())")
    # The other tests keep the machine busy: it is enough that one of a few starts is as quick.
    assert any(started_again(service) < 10 for _ in range(3))
    with psycopg.connect(service.cluster.url("undrift_app", "undrift"), autocommit=True) as application:
        assert application.execute("SELECT session_data FROM django_session").fetchone() == ("till next time",)


def test_a_page_comes_with_hashed_styles_and_a_strict_policy(service: Service) -> None:
    service.start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/", timeout=30) as answer:
            headers, page = answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        headers, page = answer.headers, answer.read().decode()
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert 'href="/static/vendor/govuk.' in page
    assert 'href="/static/vendor/govuk.css"' not in page


def test_a_taken_port_is_said_and_nothing_is_started(service: Service) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", service.port))
        taken.listen()
        environ = {**os.environ, "UNDRIFT_DATA": str(service.data), "PORT": str(service.port)}
        command = [sys.executable, "-m", "undrift.config.run"]
        ended = subprocess.run(command, cwd=CHECKOUT, env=environ, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"Port {service.port} is in use" in ended.stderr
    assert not service.cluster.data.exists()
