"""What the list of resolutions is narrowed to: at most six questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from undrift.desks.frame.narrowing import Narrowing
from undrift.desks.worklist.choices import AGENCY, TEAM, Choices
from undrift.engine.ladder.standing import CLOSED, RESOLVED, TAGS
from undrift.resolutions.queries import Filters

ENDED = (RESOLVED, CLOSED)
DUE = (("late", "Late"), ("week", "In the next 7 days"))
_DUE: Mapping[str, Literal["", "late", "this week"]] = {"late": "late", "week": "this week"}


class FilterForm(Narrowing):
    def __init__(self, data: Mapping[str, str], choices: Choices) -> None:
        super().__init__(
            data,
            (
                ("due", "Due", DUE),
                ("stage", "Stage", choices.stages),
                ("status", "Status", [(tag, tag) for tag in TAGS]),
                ("chair", "Chair", choices.chairs),
                ("team", "Team or agency", choices.teams),
                ("reason", "Reason", choices.reasons),
            ),
        )

    def filters(self) -> Filters:
        asked = self.query()
        status, team = asked.get("status", ""), asked.get("team", "")
        return Filters(
            stage=asked.get("stage", ""),
            tag=status,
            due=_DUE.get(asked.get("due", ""), ""),
            chair=_number(asked.get("chair", "")),
            team=_number(team, TEAM),
            agency=_number(team, AGENCY),
            ground=asked.get("reason", ""),
            ended=status in ENDED,
        )


def _number(value: str, letter: str = "") -> int | None:
    return int(value.removeprefix(letter)) if value and value.startswith(letter) else None
