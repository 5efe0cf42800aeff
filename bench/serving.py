"""The service as it runs in production, on a PostgreSQL of its own with so many resolutions in it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

import psycopg

from undrift.config import databases, embedded

WORKERS = 2
PATIENCE_SECONDS = 60


@contextlib.contextmanager
def postgres() -> Iterator[embedded.Cluster]:
    """A server apart from the working copy's and the tests', as safe in a power cut as production's."""
    with embedded.serving(embedded.Cluster(databases.data_folder() / "bench")) as cluster:
        yield cluster


def fill(cluster: embedded.Cluster, number: int, *, keep: bool = False, name: str = "", by: Sequence[str] = ()) -> str:
    """A database with so many open resolutions, made anew; its name. With `keep`, one made earlier will do.

    `by`: the module that fills it, and what it is told; else `bench.fill`.
    """
    name = name or f"undrift_bench_{number}"
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres"), autocommit=True) as superuser:
        there = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        kept = bool(there) and keep
        if not kept:
            superuser.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
    databases.make_roles_and_database(cluster, name)
    _run("manage.py", "make_ready", "--verbosity", "0", environ=environ(cluster, name) | {databases.AS_OWNER: "1"})
    if kept:
        return name
    superuser_url = {"DATABASE_URL": cluster.url(embedded.SUPERUSER, name)}
    _run("-m", *(by or ("bench.fill", str(number))), environ=environ(cluster, name) | superuser_url)
    with psycopg.connect(cluster.url(embedded.SUPERUSER, name), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
        superuser.execute("CHECKPOINT")
    return name


def without_second_lock(cluster: embedded.Cluster, name: str) -> str:
    """A copy of a filled database in which PostgreSQL shows every row to whoever asks; its name."""
    copy = copied(cluster, name, f"{name}_one_lock")
    with psycopg.connect(cluster.url(embedded.SUPERUSER, copy), autocommit=True) as superuser:
        tables = superuser.execute("SELECT relname FROM pg_class WHERE relrowsecurity").fetchall()
        for (table,) in tables:
            superuser.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())
        superuser.execute("VACUUM ANALYZE")
    return copy


def copied(cluster: embedded.Cluster, name: str, copy: str) -> str:
    """A copy of a filled database, made anew; its name."""
    drop(cluster, copy)
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres"), autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {copy} TEMPLATE {name} OWNER {databases.OWNER}".encode())
    return copy


def signed_in(cluster: embedded.Cluster, name: str, people: Sequence[str]) -> list[str]:
    """A cookie for each of these people."""
    cookies: list[str] = json.loads(_run("-m", "bench.signed_in", *people, environ=environ(cluster, name), read=True))
    return cookies


def drop(cluster: embedded.Cluster, name: str) -> None:
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres"), autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def environ(cluster: embedded.Cluster, name: str) -> dict[str, str]:
    """As production is configured, behind a proxy that ends TLS."""
    urls = databases.cluster_urls(cluster, name)
    unset = {"DEBUG", "UNDRIFT_DEMO", "DATABASE_POOL", databases.AS_OWNER}
    return {key: value for key, value in os.environ.items() if key not in unset} | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": urls.application,
        "DATABASE_OWNER_URL": urls.owner,
        "SECRET_KEY": "only for the measurements, on a database that is thrown away",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_PROXY": "1",
        "STATIC_ROOT": str(cluster.folder / "static"),
        "EMAIL_FROM": "Undrift <undrift@westmarch.example>",
        "LOG_LEVEL": "WARNING",
    }


@contextlib.contextmanager
def web(cluster: embedded.Cluster, name: str) -> Iterator[int]:
    """gunicorn with two workers, as `make run` starts it; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "undrift.config.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4"),
        *("--no-control-socket", "--log-level", "warning"),
    ]
    serving = subprocess.Popen(command, cwd=databases.CHECKOUT, env=environ(cluster, name))
    try:
        _await(port)
        yield port
    finally:
        serving.terminate()
        serving.wait(timeout=PATIENCE_SECONDS)


def _await(port: int) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"gunicorn did not answer within {PATIENCE_SECONDS} seconds: its words above say why.")


def _run(*arguments: str, environ: dict[str, str], read: bool = False) -> str:
    output = subprocess.PIPE if read else None
    ended = subprocess.run([sys.executable, *arguments], cwd=databases.CHECKOUT, env=environ, stdout=output, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"`{' '.join(arguments)}` failed: the lines above say why.")
    return ended.stdout or ""
