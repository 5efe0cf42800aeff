"""The answers to check before a concern moves to another stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from undrift.desks.concern.fields import impact_name
from undrift.desks.concern.who_and_when import also_copied, conversation, made_safe, reasons_chosen, risk_said
from undrift.desks.frame.components import Fact
from undrift.desks.frame.days import short_day
from undrift.desks.next_stage.moving import Moving


def next_stage_to_check(
    moving: Moving, cleaned: Mapping[str, Any], change: str
) -> tuple[list[Fact], list[dict[str, str]]]:
    """What was answered on the way to the next stage, and one card a child; `change` leads back to the questions."""
    risk = "Yes" if cleaned.get("risk") == "yes" else "No"
    rows = [
        ("Moves to", moving.stage.title),
        ("Why not the stage before", cleaned.get("why", "")),
        ("What is different now", cleaned.get("different", "")),
        ("More reasons", reasons_chosen(moving, cleaned)),
        ("What you want to happen", cleaned.get("ask", "")),
        ("Immediate risk", risk_said(moving) if "risk" in cleaned else ""),
        ("Made safe", made_safe(cleaned) if risk == "Yes" else ""),
        ("Conversation", conversation(cleaned)),
        ("Answer asked for by", short_day(cleaned.get("date") or cleaned.get("asked_by"))),
        ("Completed by", short_day(cleaned.get("completion"))),
        ("Also copied in", also_copied(moving, cleaned)),
    ]
    cards = [
        {
            "title": f"How it affects {child.called}",
            "text": cleaned.get(impact_name(child), ""),
            "href": change,
        }
        for child in moving.chosen
        if impact_name(child) in cleaned
    ]
    return [Fact(key, value, href=change) for key, value in rows if value], cards
