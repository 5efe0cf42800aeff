"""What PostgreSQL itself asks: the conditions as they were made."""

from __future__ import annotations

from importlib import import_module

first = import_module("undrift.access.migrations.0002_row_level_security")
since = import_module("undrift.access.migrations.0004_before_and_after_the_plan")

MINE = f"person_id = ANY {first.numbers('my_number')}"
SEEN: dict[str, str] = {**first.SEEN, "record_typedtext": MINE, "record_submission": MINE}
FUNCTIONS: dict[str, str] = first.FUNCTIONS | since.CHAIRS_FOR
LINKS, COUNCIL = first.LINKS, first.COUNCIL
DOORS, OFF_PLAN = since.DOORS, since.OFF_PLAN
WITHOUT_COUNCIL = first.WITHOUT_COUNCIL | {"record_typedtext", "record_submission"}
REACH: str = first.REACH
said = first.said
