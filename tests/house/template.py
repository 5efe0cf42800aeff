"""The migrated database, made once: migrations are replayed when the code changed, and otherwise it is copied.

Of several processes that share the tests out one replays them and writes down what came of it; the others read that
into servers of their own. In each server it stays as a template, of which every run copies its own database.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg

from undrift.config import databases, embedded

PREFIX = "migrated_"


def copy_of_template(server: embedded.Cluster, database: str, migrate: Callable[[], str]) -> None:
    """Make the database, with all tables and nothing in them. `migrate` makes one the long way and says its name."""
    template = name()
    with psycopg.connect(server.url(embedded.SUPERUSER, "postgres"), autocommit=True) as superuser:
        # Of two runs on this server the second waits here, and finds the template made.
        superuser.execute("SELECT pg_advisory_lock(hashtext('template'))")
        if template not in (found := templates(superuser)):
            for outdated in found:
                superuser.execute(f"DROP DATABASE IF EXISTS {outdated} WITH (FORCE)".encode())
            make_template(server, superuser, template, migrate)
        superuser.execute(f"CREATE DATABASE {database} TEMPLATE {template} OWNER {databases.OWNER}".encode())


def written() -> Path:
    return databases.data_folder() / f"{name()}.sql"


@cache
def name() -> str:
    """Named for everything that the tables may come from: our own code, and the packages that bring their own."""
    made_from = [databases.CHECKOUT / "requirements/dev.lock", Path(__file__)]
    made_from += (path for path in (databases.CHECKOUT / "undrift").rglob("*") if path.suffix in (".py", ".sql"))
    found = hashlib.sha256()
    for path in sorted(made_from):
        found.update(str(path).encode() + path.read_bytes())
    return PREFIX + found.hexdigest()[:16]


def templates(superuser: psycopg.Connection) -> set[str]:
    names = superuser.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]).fetchall()
    return {name for (name,) in names}


def make_template(
    server: embedded.Cluster, superuser: psycopg.Connection, template: str, migrate: Callable[[], str]
) -> None:
    with locked(databases.data_folder() / "template.lock"):
        if not written().exists():
            for outdated in databases.data_folder().glob(f"{PREFIX}*.sql"):
                outdated.unlink()
            made = migrate()
            written().write_text(written_down(server, made))
            superuser.execute(f"DROP DATABASE {made}".encode())
    made = f"{template}_in_the_making"
    superuser.execute(f"CREATE DATABASE {made} OWNER {databases.OWNER}".encode())
    with psycopg.connect(server.url(embedded.SUPERUSER, made)) as apart:
        apart.execute(written().read_text().encode())
    superuser.execute(f"ALTER DATABASE {made} RENAME TO {template}".encode())


def written_down(server: embedded.Cluster, database: str) -> str:
    """The database as statements. What begins with a backslash is meant for another program than ours."""
    dump = str(embedded.binaries(server) / "pg_dump")
    command = [dump, "--inserts", server.url(embedded.SUPERUSER, database)]
    dumped = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return "\n".join(line for line in dumped.splitlines() if not line.startswith("\\"))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
