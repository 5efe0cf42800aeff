"""Which database, and as whom.

Two roles, never one: the owner makes and changes tables, and the application may only use them. So the
application cannot rewrite history even if it is made to try.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import conninfo

from undrift.config import embedded
from undrift.config.in_time import InTime

CHECKOUT = Path(__file__).resolve().parents[2]
OWNER = "undrift_owner"
APPLICATION = "undrift_app"
DATABASE = "undrift"
AS_OWNER = "UNDRIFT_AS_OWNER"
SERVES_PAGES = "UNDRIFT_SERVES_PAGES"
SERVING_COMMANDS = frozenset({"work"})
OWNER_COMMANDS = frozenset({"migrate", "createcachetable", "grant_app_role", "make_ready"})

# Where the database is away a page says so within five seconds: all that waits for it waits for less.
POOL_SECONDS = 3
# Seconds; but milliseconds until what was sent has to be acknowledged. By network, a server that is gone without a word
# is found by asking it, for TCP itself would ask after two hours.
WAITS: dict[str, object] = {
    "connect_timeout": "3", "tcp_user_timeout": "4000",
    "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "2",
}  # fmt: skip
PAGE_STATEMENT_SECONDS = 30  # far beyond any page's; what takes longer is given up, and the page says so

DJANGO_NAMES = (("NAME", "dbname"), ("USER", "user"), ("PASSWORD", "password"), ("HOST", "host"), ("PORT", "port"))

Environ = MutableMapping[str, str]


@dataclass(frozen=True)
class DatabaseUrls:
    """Where the application connects, and where migrations do. `external` is one we do not start."""

    application: str
    owner: str
    external: bool

    @property
    def owner_is_apart(self) -> bool:
        return self.application != self.owner


def data_folder(checkout: Path = CHECKOUT) -> Path:
    """Where a working copy keeps its database, its secret key and its mail: `.data` inside it.

    Run by root from a folder that others may not enter (root's home), the database's user could not
    reach it there, so it is kept under /var/lib.
    """
    if named := os.environ.get("UNDRIFT_DATA"):
        return Path(named).resolve()
    if os.geteuid() != 0 or embedded.others_may_enter(checkout):
        return checkout / ".data"
    return Path("/var/lib/undrift") / str(checkout).strip("/").replace("/", "-")


def working_cluster() -> embedded.Cluster:
    """The working copy's own PostgreSQL: the one that `make run` serves from."""
    return embedded.Cluster(data_folder() / "postgres")


def cluster_urls(cluster: embedded.Cluster, database: str = DATABASE) -> DatabaseUrls:
    return DatabaseUrls(cluster.url(APPLICATION, database), cluster.url(OWNER, database), external=False)


def database_urls(environ: Environ) -> DatabaseUrls:
    """DATABASE_URL and DATABASE_OWNER_URL, or the embedded PostgreSQL where none is named.

    Refuses the embedded one in production, where nobody would back it up.
    """
    if application := environ.get("DATABASE_URL"):
        return DatabaseUrls(application, environ.get("DATABASE_OWNER_URL") or application, external=True)
    if environ.get("DEBUG") != "1" and environ.get("ALLOW_EMBEDDED_DB") != "1":
        raise ImproperlyConfigured(
            "DATABASE_URL is not set. Set it to the application's role on a PostgreSQL 15 or newer, and "
            "DATABASE_OWNER_URL to the role that owns the tables. For a demonstration on this machine use "
            "`make run`; for development set DEBUG=1."
        )
    return cluster_urls(working_cluster())


def parts(url: str) -> dict[str, object]:
    """The driver's own reading of an address: sockets, several hosts and all."""
    try:
        return dict(conninfo.conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not the address of a PostgreSQL: write it as postgresql://role:password@host/database. "
            "Undrift runs on PostgreSQL 15 or newer only."
        ) from error


def django_database(environ: Environ) -> dict[str, object]:
    """Django's settings for the connection that this process should have."""
    urls = database_urls(environ)
    chosen = urls.owner if environ.get(AS_OWNER) == "1" else urls.application
    said = parts(chosen)
    plain = {django: str(said.pop(driver, "")) for django, driver in DJANGO_NAMES}
    options: dict[str, object] = {**WAITS, **said}
    if environ.get(SERVES_PAGES) != "1":
        # The worker and the commands see everything. What serves pages sees nothing until a page says for whom.
        options["options"] = f"{options.get('options', '')} -c undrift.reach=service".strip()
    else:
        options["options"] = f"{options.get('options', '')} -c statement_timeout={PAGE_STATEMENT_SECONDS}s".strip()
    if environ.get("DATABASE_POOL") == "1":
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": POOL_SECONDS, "connection_class": InTime}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **plain,
        "OPTIONS": options,
        # Without it every pooled connection fails once after the database restarts.
        "CONN_HEALTH_CHECKS": True,
    }


def prepare_for_command(argv: Sequence[str], environ: Environ = os.environ) -> None:
    """Set what a management command needs: the owner's role to change tables; DEBUG where nothing is set up."""
    if argv[1:2] and argv[1] in OWNER_COMMANDS:
        environ.setdefault(AS_OWNER, "1")
    if "DATABASE_URL" not in environ and "SECRET_KEY" not in environ and "ALLOW_EMBEDDED_DB" not in environ:
        environ.setdefault("DEBUG", "1")


@contextlib.contextmanager
def served(environ: Environ = os.environ) -> Iterator[None]:
    """Have the embedded PostgreSQL serve for the length of the block, where no DATABASE_URL is set."""
    if database_urls(environ).external:
        yield
        return
    with embedded.serving(working_cluster()) as cluster:
        make_roles_and_database(cluster)
        yield


def make_roles_and_database(cluster: embedded.Cluster, database: str = DATABASE) -> None:
    """Make the two roles and the database in an embedded cluster, where they are not there yet."""
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres"), autocommit=True) as superuser:
        # Two processes may arrive together: the second waits here and finds all made.
        superuser.execute("SELECT pg_advisory_lock(hashtext('undrift set-up'))")
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (APPLICATION, "LOGIN")):
            if not superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                superuser.execute(f"CREATE ROLE {role} {rights}".encode())
        if not superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            superuser.execute(f"CREATE DATABASE {database} OWNER {OWNER}".encode())
