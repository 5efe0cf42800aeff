"""Pages opened one after another, lists and files among them: what could not be shown, and how many were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from tests.canaries.driving import FOR_EVERYBODY, NO_PAGES, _within, route
from tests.canaries.pages import Reader
from tests.desks.typed.sendings import signed_in
from undrift.access.emergency import hand_up_unreviewed
from undrift.children.models import Child
from undrift.messages.post import OUTBOXES
from undrift.people.models import Person
from undrift.record.sweep import sweep
from undrift.resolutions.models import Resolution

LISTS = ("/", "/resolutions", "/lists/resolutions", "/children", "/lists/children", "/allocation", "/lists/allocation")
# How many pages of one kind one person opens: the pages next to what was done come first.
OF_A_KIND = 2


@dataclass
class Walk:
    """What was opened, by kind of page, and what went wrong on the way."""

    opened: Counter[str] = field(default_factory=Counter)
    amiss: list[str] = field(default_factory=list)

    def near(self, person: Person, addresses: Iterable[str]) -> None:
        """Those pages alone."""
        client = signed_in(person)
        for address in addresses:
            self._open(client, address)

    def far(self, person: Person, addresses: Iterable[str]) -> None:
        """Those pages, and whatever they and the lists lead to."""
        client, kinds, known = signed_in(person), Counter[str](), set[str]()
        waiting = [*addresses, *LISTS]
        while waiting:
            address = waiting.pop(0)
            kind = route(address)
            if not kind or address in known or kinds[kind] >= OF_A_KIND or kind in NO_PAGES | FOR_EVERYBODY:
                continue
            known.add(address)
            kinds[kind] += 1
            waiting += self._open(client, address)

    def _open(self, client: Any, address: str) -> list[str]:
        self.opened[route(address)] += 1
        try:
            answer = client.get(address)
        except Exception as problem:  # as a page of 500 is answered with
            self.amiss.append(f"{address} at {timezone.now():%Y}: {type(problem).__name__} {problem}")
            return []
        if answer.status_code >= 500:
            self.amiss.append(f"{address} at {timezone.now():%Y} answered {answer.status_code}")
        if "html" not in answer.headers.get("Content-Type", ""):
            return [answer.headers["Location"]] if "Location" in answer.headers else []
        return [link for each in Reader(answer.text).addresses if (link := _within(each, address))]

    def told(self) -> None:
        """Every message that there is, written out."""
        for outbox in OUTBOXES:
            for message in outbox.model._default_manager.select_related(*outbox.read_with):
                try:
                    text = outbox.write(message)
                    assert text.subject
                    assert text.body
                except Exception as problem:  # counted: whatever a letter breaks on, the others are written
                    self.amiss.append(f"{outbox.model.__name__} {message.pk}: {type(problem).__name__} {problem}")

    def swept(self, now: datetime) -> None:
        """What the worker does at that moment."""
        try:
            sweep(now)
            hand_up_unreviewed(now)
        except Exception as problem:  # counted: the pages are walked all the same
            self.amiss.append(f"the sweep at {now}: {type(problem).__name__} {problem}")
        self.told()


def around(child: Child) -> Iterator[str]:
    """The pages about a child, and about what is on record of it."""
    yield from (f"/children/{child.public_id}{page}" for page in ("", "/history", "/facts", "/resolutions", "/cycle"))
    yield f"/allocation/children/{child.public_id}"
    for resolution in Resolution.objects.filter(about__child=child):
        yield f"/resolutions/{resolution.reference}"
        yield f"/resolutions/{resolution.reference}/copy/{child.public_id}"
