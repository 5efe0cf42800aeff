"""Where a refusal is shown: the page and the box that the engine's sentence is about."""

from __future__ import annotations

from dataclasses import dataclass

from undrift.engine.refusal import Refusal

# By code first, for one field of an act may be asked for in several boxes; then by the act's field.
BOXES: dict[str, tuple[str, str]] = {
    "how-spoken": ("spoken", "how"),
    "spoken-later": ("spoken", "spoke_on"),
    "spoken-long-ago": ("spoken", "spoke_on"),
    "not-reached": ("spoken", "how_tried"),
    "speak-first": ("spoken", "spoken"),
    "risk-denied": ("risk", "risk"),
    "acted-later": ("made-safe", "acted_on"),
    "acted-long-ago": ("made-safe", "acted_on"),
    "risk": ("made-safe", "acted"),
    "children": ("children", "children"),
    "impact": ("impact", ""),
    "concern": ("concern", "concern"),
    "grounds": ("concern", "grounds"),
    "stage": ("stage", "stage"),
    "to": ("stage", "to"),
    "because": ("stage", "to"),
    "why_this_stage": ("stage", "why"),
    "ask": ("ask", "ask"),
    "recommendation": ("ask", "recommendation"),
    "completion": ("ask", "completion"),
    "agency": ("agency", "agency"),
    "date": ("people", "date"),
    "asked_by": ("people", "asked_by"),
    "happened": ("spoken", "spoke_on"),
    "actions": ("agreed", ""),
}


@dataclass(frozen=True)
class Place:
    """The page of the formal questions, and the box, that a refusal is about; both empty for the whole."""

    page: str = ""
    box: str = ""


def place_of(refusal: Refusal, impact_names: dict[str, str]) -> Place:
    """`impact_names` gives the box of each child's impact by the child's id in the act."""
    page, box = BOXES.get(refusal.code) or BOXES.get(refusal.about) or ("", "")
    if refusal.about == "impact":
        return Place(page, impact_names.get(refusal.child, next(iter(impact_names.values()), "")))
    return Place(page, box)
