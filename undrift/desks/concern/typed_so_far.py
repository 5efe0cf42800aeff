"""What has been typed so far, page by page, kept as a draft until it is sent.

A draft keeps what was typed and not what it means: the forms read it again when it is needed, so a page may be left
half done and shown again exactly as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from undrift.desks.frame.forms import PARTS, DateField
from undrift.desks.frame.signed import SignedRequest
from undrift.people.models import Authority, Person
from undrift.record import drafts
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.record.models import Draft

INFORMAL, FORMAL, MOVE = "raise_informal", "raise", "move_on"
OURS = (INFORMAL, FORMAL, MOVE)
NOT_TYPED = ("csrfmiddlewaretoken", "save", "add", "remove", "select")


class Typed(MultiValueDict[str, str]):
    """Answers as they were typed, by the name of the box."""

    def lists_of(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in self.lists()}


@dataclass
class Answers:
    """A draft of this person's, opened."""

    draft: Draft

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = self.draft.content
        return content

    @property
    def id(self) -> str:
        return str(self.draft.pk)

    @property
    def family(self) -> str:
        return str(self.content.get("family", ""))

    @property
    def typed(self) -> Typed:
        return Typed(self.content.get("typed", {}))

    @property
    def seen(self) -> int:
        """The last event of the resolution when this draft was begun."""
        return int(self.content.get("seen", 0))

    @property
    def sent_as(self) -> str:
        """The reference this draft became; empty while it is unsent."""
        return str(self.content.get("sent", ""))

    def answered(self, page: str) -> bool:
        return page in self.content.get("pages", ())

    def keep(self, page: str, data: QueryDict, names: Iterable[str]) -> None:
        """Keep what this page said, in place of what it said before."""
        typed = self.typed.lists_of()
        for name in [known for known in typed if _belongs(known, names)]:
            del typed[name]
        typed |= {
            name: [str(v) for v in data.getlist(name)]
            for name in data
            if name not in NOT_TYPED and _belongs(name, names)
        }
        pages = list(dict.fromkeys([*self.content.get("pages", ()), page]))
        self._save({**self.content, "typed": typed, "pages": pages})

    def put(self, name: str, *values: str) -> None:
        """Keep one answer that was given elsewhere."""
        typed = self.typed.lists_of() | {name: list(values)}
        self._save({**self.content, "typed": typed})

    def becomes(self, kind: str, pages: Iterable[str]) -> None:
        """The same answers on the way to another act; `pages` are the questions they answer there."""
        self.draft.kind = kind
        self._save({**self.content, "pages": list(pages)})

    def sent(self, reference: str) -> None:
        """It is part of the record now: the text goes, and a second press of the button finds the reference."""
        self._save({"sent": reference, "family": self.family})

    def _save(self, content: dict[str, Any]) -> None:
        self.draft = drafts.keep(
            self.draft.person, self.draft.kind, content, authority=self.draft.authority, draft=self.draft
        )


def _belongs(name: str, names: Iterable[str]) -> bool:
    """Whether a box is one of these, or one of a group of rows whose name ends in "-"."""
    return any(name == known or (known.endswith("-") and name.startswith(known)) for known in names)


def names_of(form: Iterable[forms.BoundField], *groups: str) -> list[str]:
    """The names of the boxes a form draws; `groups` are prefixes of rows that stand below it."""
    return [name for field in form for name in _boxes(field)] + [f"{group}-" for group in groups]


def _boxes(field: forms.BoundField) -> Iterator[str]:
    if isinstance(field.field, DateField):
        yield from (f"{field.html_name}_{part}" for part in PARTS)
    else:
        yield field.html_name


def begin(
    person: Person,
    kind: str,
    authority: Authority,
    content: dict[str, Any],
    resolution: Resolution | None = None,
) -> Answers:
    return Answers(drafts.keep(person, kind, content, authority=authority, case=resolution))


def opened(request: SignedRequest, draft_id: int, *kinds: str) -> Answers:
    """The person's own draft; 404 for anybody else's, and for one that no longer exists."""
    draft = drafts.own_draft(request.user, draft_id, kinds)
    if draft is None:
        raise Http404("No such draft, or not one of yours.")
    return Answers(draft)


@dataclass(frozen=True)
class Unfinished:
    """A draft on the list of things to finish. It names nobody."""

    title: str
    href: str
    saved_at: datetime
    family: str = ""


def drafts_of(person: Person) -> list[Unfinished]:
    """What this person has begun to raise or to move on and has not sent, the latest first. One query."""
    mine = drafts.drafts_of(person).filter(kind__in=OURS).exclude(content__has_key="sent")
    return [
        Unfinished(_title(draft), _href(draft), draft.saved_at, draft.content.get("family", ""))
        for draft in mine
        if "typed" in draft.content
    ]


def _title(draft: Draft) -> str:
    if draft.kind == MOVE and draft.case is not None:
        return f"Draft: move {draft.case.reference} to the next stage"
    return "Draft: informal record" if draft.kind == INFORMAL else "Draft: concern not sent yet"


def _href(draft: Draft) -> str:
    if draft.kind == MOVE and draft.case is not None:
        return reverse("next-stage", args=[draft.case.reference])
    return reverse("raise-informal" if draft.kind == INFORMAL else "raise-check", args=[draft.pk])
