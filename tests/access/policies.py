"""What PostgreSQL itself asks: the conditions as they were made."""

from __future__ import annotations

from importlib import import_module

first = import_module("undrift.access.migrations.0002_row_level_security")

SEEN: dict[str, str] = first.SEEN
FUNCTIONS: dict[str, str] = first.FUNCTIONS
LINKS, WITHOUT_COUNCIL, COUNCIL, DOORS = first.LINKS, first.WITHOUT_COUNCIL, first.COUNCIL, first.DOORS
REACH: str = first.REACH
said = first.said
