"""Somebody whom an act names. Whether they may be named is asked by whoever holds the record."""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """Somebody by number and name, or whoever plays a `role`; and the field of the act that names them."""

    about: str
    person: str = ""
    name: str = ""
    role: str = ""
