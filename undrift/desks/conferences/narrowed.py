"""What the list of conferences is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from undrift.access.scope import Scope
from undrift.children.words import CONFERENCE_KINDS
from undrift.desks.frame.narrowing import Narrowing
from undrift.people.composed import one_of

STANDS: Mapping[str, tuple[str, Q]] = {
    "planned": ("Planned", Q(held_on=None, cancelled_at=None)),
    "held": ("Held", Q(held_on__isnull=False)),
    "cancelled": ("Cancelled", Q(cancelled_at__isnull=False)),
}
WHOSE = (("mine", "Those that I chair"),)


class ConferencesForm(Narrowing):
    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(
            data,
            (
                ("whose", "Chair", WHOSE),
                ("kind", "Kind", CONFERENCE_KINDS),
                ("stands", "Held or not", [(key, said) for key, (said, _) in STANDS.items()]),
            ),
        )

    def narrows_to(self, scope: Scope) -> Q:
        """`scope` is whose "mine" is: with cover, those of whoever is away too."""
        asked = self.query()
        found = Q(kind=asked["kind"]) if "kind" in asked else Q()
        if "stands" in asked:
            found &= STANDS[asked["stands"]][1]
        return found & one_of("chair", scope.people) if "whose" in asked else found
