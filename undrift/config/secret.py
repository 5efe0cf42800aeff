"""The key that signs sessions."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(environ: Mapping[str, str], data_folder: Path, *, made_here: bool) -> str:
    """SECRET_KEY; where `made_here`, a key made once and kept in the data folder. Refuses to run without one."""
    if key := environ.get("SECRET_KEY"):
        return key
    if not made_here:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to 50 or more random characters, and keep it the same on every machine."
        )
    kept = data_folder / "secret-key"
    data_folder.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # made earlier, or this moment by a process beside this one
    return kept.read_text()
