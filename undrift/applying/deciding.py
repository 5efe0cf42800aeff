"""One fact of a file beside what is known: taken, kept as it is, or left because something younger has told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from undrift.applying.keys import hashed
from undrift.applying.known import Known
from undrift.applying.said import Many, Said
from undrift.applying.wants import Want
from undrift.children.facts import as_text
from undrift.children.models.family import Sex
from undrift.children.models.plan import SeenAlone
from undrift.intake.extract import InFile

# Nothing is said where these are empty: it is usual, or it is history.
QUIETLY_EMPTY = {"expected_birth", "sex", "seen_alone", "previous_plans"}
# They go forwards, unless the source takes back what it said itself.
ONLY_FORWARDS = {"last_visit", "latest_review"}


@dataclass(frozen=True)
class Deciding:
    """Each fact is decided by itself: one that is left does not keep the others from being taken."""

    known: Known
    said: Said

    def fact(self, want: Want, row: InFile, column: str, name: str, value: Any) -> bool:
        """Whether the column `name` is, or becomes, what the file says."""
        field = name.removesuffix("_id")
        held = want.values[name] if name in want.values else getattr(want.thing, name)
        now, was = as_text(value), as_text(held)
        if want.said.get(field, now) != now and not is_empty(field, value):
            self.said.of_many(Many.TWICE, row, column)
            return False
        if now == was:
            want.said[field] = now
            return True
        if is_empty(field, value):
            if was and not want.new and field not in QUIETLY_EMPTY:
                self.said.of_many(Many.BLANK, row, column)
            return False
        if not want.new and not self._believed(want, row, column, field, was, now):
            return False
        want.take(name, value)
        want.said[field] = now
        return True

    def is_newer(self, want: Want, field: str) -> bool:
        return not want.new and self.known.is_newer(want.entity, want.thing.pk, field)

    def _believed(self, want: Want, row: InFile, column: str, field: str, was: str, now: str) -> bool:
        before = want.told(field)
        if self.is_newer(want, field) or (field in ONLY_FORWARDS and now < was and before != hashed(was)):
            self.said.of_many(Many.OLDER, row, column)
            return False
        if before == hashed(now):
            # The source has not changed its mind; somebody here has.
            self.said.of_many(Many.KEPT, row, column)
            want.said[field] = now
            return False
        return True


def is_empty(field: str, value: Any) -> bool:
    """Whether a cell says nothing of the fact."""
    return value in (None, "", Sex.NOT_STATED, SeenAlone.UNKNOWN) or (field == "previous_plans" and value == 0)
