"""The list of children, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from undrift.desks.frame.narrowing import Narrowing
from undrift.library.numbers import LONG_ON_PLAN
from undrift.resolutions.children_narrowed import ChildFilters

REVIEWS = (("third", "Third review or later"),)
LENGTHS = (("long", f"Over {LONG_ON_PLAN} months"),)
PLANS = (("again", "Second plan or later"),)
CONCERNS = (("with", "With an open resolution"), ("without", "Without one"))
_CONCERN: Mapping[str, Literal["", "with", "without"]] = {"with": "with", "without": "without"}


class ChildrenForm(Narrowing):
    def __init__(self, data: Mapping[str, str], *, resolutions: bool) -> None:
        """`resolutions`: whether the reader is shown any; of whoever is not, nothing is asked about them."""
        super().__init__(
            data,
            (
                ("review", "Review", REVIEWS),
                ("length", "Time on the plan", LENGTHS),
                ("plan", "Plan", PLANS),
                ("concern", "Resolutions", CONCERNS if resolutions else ()),
            ),
        )

    def filters(self) -> ChildFilters:
        asked = self.query()
        return ChildFilters(
            late_review="review" in asked,
            long_on_plan="length" in asked,
            again="plan" in asked,
            concern=_CONCERN.get(asked.get("concern", ""), ""),
        )
