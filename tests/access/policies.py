"""What PostgreSQL itself asks: the conditions as they were made."""

from __future__ import annotations

from importlib import import_module

first = import_module("undrift.access.migrations.0002_row_level_security")

MINE = f"person_id = ANY {first.numbers('my_number')}"
SEEN: dict[str, str] = {**first.SEEN, "record_typedtext": MINE, "record_submission": MINE}
FUNCTIONS: dict[str, str] = first.FUNCTIONS
LINKS, COUNCIL = first.LINKS, first.COUNCIL
DOORS: str = import_module("undrift.access.migrations.0004_done_duties_open_nothing_restricted").DOORS
WITHOUT_COUNCIL = first.WITHOUT_COUNCIL | {"record_typedtext", "record_submission"}
REACH: str = first.REACH
said = first.said
