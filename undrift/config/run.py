"""`make run`: the database, the pages and the worker, started in order, kept up, and stopped in reverse order."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured

from undrift.config import databases, embedded

MANAGE = (sys.executable, str(databases.CHECKOUT / "manage.py"))
HOST = "127.0.0.1"
NAME = "localhost"  # as people open it: browsers give no passkey to an address of digits
LOOK_SECONDS = 0.5
FIRST_PAGE_SECONDS = 60
STOP_SECONDS = 20
LONGEST_PAUSE_SECONDS = 30


class CannotRun(Exception):
    """The service cannot start; the message says why and what to do."""


@dataclass
class Child:
    """A process that should always be there: it is started again after every end, whatever it said.

    A worker ends with success when its database goes away, so the exit code tells nothing.
    """

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0

    def keep_up(self) -> None:
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            if self.started + LONGEST_PAUSE_SECONDS < now:
                self.failures = 0  # it had been well for a while
            pause = min(2**self.failures - 1, LONGEST_PAUSE_SECONDS)
            if self.started + pause > now:
                return
            self.failures += 1
            say(f"The {self.name} ended (code {self.process.returncode}); starting it again.")
        # A session of its own, so that Ctrl-C reaches the supervisor alone and it keeps the order.
        self.process = subprocess.Popen(self.command, start_new_session=True, cwd=databases.CHECKOUT)
        self.started = now

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"The {self.name} did not end within {STOP_SECONDS} seconds; ending it now.")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    cluster: embedded.Cluster | None
    children: list[Child]
    ending: threading.Event = field(default_factory=threading.Event)

    def run(self, port: int) -> None:
        """Serve until a signal says to end."""
        announced, give_up = False, time.monotonic() + FIRST_PAGE_SECONDS
        try:
            while not self.ending.is_set():
                if self.cluster is not None and not self.cluster.listens():
                    say("The database ended; starting it again.")
                    self.cluster.start()
                for child in self.children:
                    child.keep_up()
                if not announced and serves(port):
                    announced = True
                    greet(port)
                elif not announced and time.monotonic() > give_up:
                    announced = True
                    say(f"No page after {FIRST_PAGE_SECONDS} seconds: the lines above should say why. Still trying.")
                self.ending.wait(LOOK_SECONDS if announced else 0.1)
        finally:
            for child in reversed(self.children):
                child.stop()


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    external = "DATABASE_URL" in os.environ
    if not external:
        for name in ("ALLOW_EMBEDDED_DB", "UNDRIFT_DEMO"):
            os.environ.setdefault(name, "1")
    try:
        refuse_a_taken_port(port)
        say(f"Starting the database{'' if external else ' of this copy (the first time it is made)'} ...")
        with ended_by_signal() as ending, databases.served(os.environ):
            prepare()
            cluster = None if external else databases.working_cluster()
            say("Starting the pages ...")
            Supervisor(cluster, children(port), ending).run(port)
    except (CannotRun, embedded.CannotServe, ImproperlyConfigured) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    say("All stopped.")
    return 0


def prepare() -> None:
    say("Making its tables ready ...")
    manage("make_ready", "--verbosity", "0", doing="The tables could not be made ready", as_owner=True)
    loaded = databases.data_folder() / "demo-loaded"
    if os.environ.get("UNDRIFT_DEMO") != "1" or loaded.exists():
        return
    if not has_command("load_demo"):
        say("This copy has no demonstration to load; the database is empty.")
        return
    say("Loading the demonstration: two invented organisations and their year. Once only; it takes some minutes.")
    manage("load_demo", doing="The demonstration could not be loaded")
    loaded.touch()


def manage(*arguments: str, doing: str, as_owner: bool = False) -> None:
    environ = os.environ | ({databases.AS_OWNER: "1"} if as_owner else {})
    ended = subprocess.run([*MANAGE, *arguments], cwd=databases.CHECKOUT, env=environ)
    if ended.returncode != 0:
        raise CannotRun(f"{doing}: the lines above say why. Nothing was started.")


def has_command(name: str) -> bool:
    return any((databases.CHECKOUT / "undrift").glob(f"*/management/commands/{name}.py"))


def children(port: int) -> list[Child]:
    web = (
        *(sys.executable, "-m", "gunicorn", "undrift.config.wsgi", "--bind", f"{HOST}:{port}"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
        # Its control socket has one path for all copies that a user runs.
        *("--no-control-socket", "--log-level", "warning"),
    )
    kept_up = [Child("web server", web)]
    if has_command("work"):
        kept_up.append(Child("worker", (*MANAGE, "work")))
    return kept_up


def greet(port: int) -> None:
    say(f"Undrift is at http://{NAME}:{port}/")
    if os.environ.get("UNDRIFT_DEMO") == "1":
        say("All its people are invented. You can be any of them:")
        subprocess.run([*MANAGE, "say_who_one_can_be"], cwd=databases.CHECKOUT, check=False)
    say("\nCtrl-C stops it. What you enter is kept.")


def serves(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500  # up, and only fussy about the address it was called by
    except OSError:
        return False


def refuse_a_taken_port(port: int) -> None:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} is in use, perhaps by another `make run`. "
                f"Stop that one, or run `make run PORT={port + 1}`."
            ) from error


@contextlib.contextmanager
def ended_by_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C, a closed terminal or a polite kill sets."""
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    yield ending


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
