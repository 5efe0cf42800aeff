"""Everything between an empty database and a service that can start. Run as the owner; harmless to run again."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Make the tables, grant the application's role its rights, and collect the static files."

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        call_command("grant_app_role", verbosity=verbosity)
        if not settings.DEBUG:
            collect_static_files(Path(settings.STATIC_ROOT))


def collect_static_files(destination: Path) -> None:
    """Collect them, unless they are the ones collected last."""
    stamp, now = destination / ".collected", static_digest()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def static_digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(f"{path}\0".encode())
            digest.update(Path(storage.path(path)).read_bytes())
    return digest.hexdigest()
