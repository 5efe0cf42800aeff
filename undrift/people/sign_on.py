"""The single sign-on providers of the councils, read from one TOML file named by SINGLE_SIGN_ON.

[[provider]]
id = "westmarch"                      # stands in the address that the provider sends people back to
name = "Westmarch Council"
server_url = "https://sign-in.example/tenant/v2.0"
client_id = "..."
secret_file = "/run/secrets/westmarch"
authorities = ["westmarch"]           # whose people it may vouch for
second_factor = { amr = ["mfa"] }     # claims that say it asked for one; without them we ask ourselves
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "name", "server_url", "client_id", "secret_file", "authorities")


@dataclass(frozen=True, slots=True)
class Provider:
    """`addresses_managed`: it sets people's email addresses itself, so they are theirs without `email_verified`."""

    id: str
    name: str
    server_url: str
    client_id: str
    secret: str = field(repr=False)
    authorities: frozenset[str]
    amr: frozenset[str] = frozenset()
    acr: frozenset[str] = frozenset()
    addresses_managed: bool = False

    def vouches_for_second_factor(self, claims: Mapping[str, Any]) -> bool:
        said = claims.get("amr")
        return bool(isinstance(said, list) and self.amr & set(map(str, said))) or claims.get("acr") in self.acr


def providers(path: str) -> tuple[Provider, ...]:
    """The providers in the file; none where no file is named. Refuses a file it cannot read, and says why."""
    if not path:
        return ()
    try:
        said = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON names {path}, which cannot be read as TOML: {problem}.") from None
    return tuple(_provider(table, path) for table in said.get("provider", []))


def _provider(table: Mapping[str, Any], path: str) -> Provider:
    if missing := [name for name in NEEDED if not table.get(name)]:
        raise ImproperlyConfigured(f"{path}: a [[provider]] lacks {', '.join(missing)}. Add it and start again.")
    try:
        secret = Path(table["secret_file"]).read_text("utf-8").strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"{path}: the secret_file of {table['id']} cannot be read: {problem}.") from None
    factor = table.get("second_factor", {})
    return Provider(
        id=table["id"],
        name=table["name"],
        server_url=table["server_url"],
        client_id=table["client_id"],
        secret=secret,
        authorities=frozenset(table["authorities"]),
        amr=frozenset(factor.get("amr", ())),
        acr=frozenset(factor.get("acr", ())),
        addresses_managed=table.get("addresses_managed", False),
    )
