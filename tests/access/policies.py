"""What PostgreSQL itself asks, the conditions as they were first made, and those that were narrowed since."""

from __future__ import annotations

from importlib import import_module

first = import_module("undrift.resolutions.migrations.0005_row_level_security")
narrower = import_module("undrift.resolutions.migrations.0008_narrower")

SEEN: dict[str, str] = {**first.SEEN, **narrower.SEEN}
FUNCTIONS: dict[str, str] = {**first.FUNCTIONS, **narrower.FUNCTIONS}
LINKS, WITHOUT_COUNCIL, COUNCIL, DOORS = first.LINKS, first.WITHOUT_COUNCIL, first.COUNCIL, first.DOORS
said = first.said
