"""The list of children by whom they have, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from undrift.access.bringing import Bringer, Which
from undrift.desks.frame.narrowing import Choice, Narrowing
from undrift.record.allocations import AllocationPart

LACKS = {
    AllocationPart.CHAIR: "No chair",
    AllocationPart.SOCIAL_WORKER: "No social worker",
    AllocationPart.TEAM: "No team",
}
FAMILY = "family"
ELSEWHERE = "plan"


class AllocationForm(Narrowing):
    def __init__(self, data: Mapping[str, str], bringer: Bringer) -> None:
        # A family comes with the address alone: all of them would be too many to choose from.
        family: Sequence[Choice] = ((data[FAMILY], "One family"),) if data.get(FAMILY) else ()
        super().__init__(
            data,
            (
                ("lacks", "Without", [(part.value, words) for part, words in LACKS.items()]),
                *((part.value, part.label, held) for part, held in bringer.having().items()),
                (ELSEWHERE, "Plan", [("none", "On no plan, and before none")]),
                (FAMILY, "Family", family),
            ),
        )

    def which(self) -> Which:
        asked = self.query()
        return Which(
            lacks=AllocationPart(asked["lacks"]) if "lacks" in asked else None,
            has={part: int(asked[part.value]) for part in AllocationPart if part.value in asked},
            family=asked.get(FAMILY, ""),
            elsewhere=ELSEWHERE in asked,
        )
