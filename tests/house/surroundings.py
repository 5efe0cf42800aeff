"""What the settings find in the environment when tests run. Starts nothing: a test of pure rules needs no database."""

import os
from pathlib import Path

from undrift.config import databases, embedded

# Each run has its own database in the one server for tests, so several runs may go on at once.
DATABASE = f"undrift_{os.getpid()}"


def cluster() -> embedded.Cluster:
    """The server for tests: apart from the working copy's, and quick rather than safe in a power cut.

    Of several processes that share the tests out each has its own: roles belong to a whole server, and some
    tests give one of them more than it should have.
    """
    kind = Path(os.environ["PG_BIN"]).parent.name if "PG_BIN" in os.environ else "embedded"
    process = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw0"; set before anything of ours is read
    return embedded.Cluster(databases.data_folder() / "-".join(filter(None, ("tests", kind, process))), durable=False)


def set_surroundings() -> None:
    urls = databases.cluster_urls(cluster(), DATABASE)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "undrift.config.settings",
        "DATABASE_URL": urls.application,
        "DATABASE_OWNER_URL": urls.owner,
        "SECRET_KEY": "only for tests",
        "UNDRIFT_DEMO": "1",
        "DATABASE_POOL": "0",
        # A test that seals says where; one that does not must not meet the seals of the working copy's own records.
        "SEAL_FILE": str(cluster().folder / f"{DATABASE}-seals.jsonl"),
        # Playwright keeps an event loop on the thread of the tests, and Django would refuse the database beside it.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    # Processes that tests start keep what they compile, or each would take three seconds longer to begin.
    for name in ("DEBUG", databases.AS_OWNER, "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
