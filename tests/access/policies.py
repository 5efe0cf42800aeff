"""What PostgreSQL itself asks: the conditions as they were made."""

from __future__ import annotations

from importlib import import_module

first = import_module("undrift.access.migrations.0002_row_level_security")
latest = import_module("undrift.access.migrations.0005_what_becomes_of_a_fact")
report = import_module("undrift.access.migrations.0013_good_practice_report")
told = import_module("undrift.access.migrations.0010_what_is_told_of_children")
since = import_module("undrift.access.migrations.0004_before_and_after_the_plan")
later = import_module("undrift.access.migrations.0006_a_later_conference")
second = import_module("undrift.access.migrations.0009_a_second_family")
care = import_module("undrift.access.migrations.0008_looked_after")
records = import_module("undrift.access.migrations.0007_two_records_of_one_child")

cycles = import_module("undrift.access.migrations.0011_plan_cycles")

MINE = f"person_id = ANY {first.numbers('my_number')}"
SEEN: dict[str, str] = {
    **first.SEEN,
    **latest.SEEN,
    **records.SEEN,
    **care.SEEN,
    **second.SEEN,
    **told.SEEN,
    **report.SEEN,
    "record_case": cycles.SEEN,
    "record_typedtext": MINE,
    "record_submission": MINE,
}
del SEEN["children_importedchange"]  # kept among what became of facts
FUNCTIONS: dict[str, str] = first.FUNCTIONS | since.CHAIRS_FOR | cycles.FUNCTIONS
LINKS, COUNCIL = first.LINKS, first.COUNCIL
DOORS, OFF_PLAN = cycles.DOORS, cycles.OFF_PLAN
WITHOUT_COUNCIL = first.WITHOUT_COUNCIL | {"record_typedtext", "record_submission"}
REACH: str = records.REACH
said = first.said
