"""The protocol language as a JSON Schema, so that an editor completes and checks a text while it is written."""

from __future__ import annotations

from typing import Any

from undrift.protocol.model import Protocol

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of a protocol's text, by the words that stand in the text."""
    made = Protocol.model_json_schema(by_alias=True, mode="validation")
    made.pop("description", None)
    return {
        "$schema": DIALECT,
        "title": "Undrift protocol",
        "description": "One published policy: roles, stages, clocks, grounds, words.",
        **{key: value for key, value in made.items() if key != "title"},
    }
