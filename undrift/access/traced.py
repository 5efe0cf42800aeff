"""One trace for one piece of work: a concern is raised over a dozen pages, and that is one look, not thirty.

What was traced is kept with the session, on the server; a look that is not found there is always traced.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from undrift.library.numbers import ONE_LOOK

KEPT = "traced"


@dataclass(frozen=True)
class Traced:
    """The looks that one session has left. `session` is the request's."""

    session: MutableMapping[str, Any]

    def already(self, children: Sequence[int], how: str, page: str, now: datetime) -> bool:
        """Whether the same look has left its trace within the hour; if not, from now on it has."""
        key = f"{page} {how} {','.join(map(str, sorted(children)))}"
        kept = {name: at for name, at in self.session.get(KEPT, {}).items() if self._is_fresh(at, now)}
        found = key in kept
        if not found:
            self.session[KEPT] = {**kept, key: now.isoformat()}
        return found

    @staticmethod
    def _is_fresh(at: str, now: datetime) -> bool:
        return now - ONE_LOOK <= datetime.fromisoformat(at) <= now
