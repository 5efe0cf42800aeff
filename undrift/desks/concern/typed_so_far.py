"""What has been typed so far, page by page, kept as a draft until it is sent.

A draft keeps what was typed and not what it means: the forms read it again when it is needed, so a page may be left
half done and shown again exactly as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from undrift.desks.concern.suggestion import starts
from undrift.desks.frame.forms import PARTS, DateField
from undrift.desks.frame.keeping import is_empty, place_at
from undrift.desks.frame.signed import SignedRequest
from undrift.people.models import Authority, Person
from undrift.record import drafts
from undrift.record.adopted import protocol_of, rules_for
from undrift.record.typed_texts import unsent
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

    @property
    def is_empty(self) -> bool:
        """Whether nobody has typed or chosen anything: what a page was drawn with is nobody's words."""
        return holds_nothing(self.content)

    def keep(self, page: str, data: QueryDict, form: forms.Form, *groups: str) -> None:
        """Keep what this page said, in place of what it said before. `groups` are the rows below the form."""
        names, typed = names_of(form, *groups), self.typed.lists_of()
        for name in [known for known in typed if belongs(known, names)]:
            del typed[name]
        typed |= {
            name: [str(v) for v in data.getlist(name)]
            for name in data
            if name not in NOT_TYPED and belongs(name, names)
        }
        pages = list(dict.fromkeys([*self.content.get("pages", ()), page]))
        given = {**self.content.get("given", {}), **given_by(form)}
        self._save({**self.content, "typed": typed, "pages": pages, "given": given})

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


def belongs(name: str, names: Iterable[str]) -> bool:
    """Whether a box is one of these, or one of a group of rows whose name ends in "-"."""
    return any(name == known or (known.endswith("-") and name.startswith(known)) for known in names)


def given_by(form: forms.Form) -> dict[str, list[str]]:
    """What the boxes of a form say when it is drawn, before anybody has typed."""
    given: dict[str, list[str]] = {}
    for field in form:
        value = field.initial
        if isinstance(field.field, DateField):
            parts = field.field.prepare_value(value)
            if isinstance(parts, list | tuple):
                given |= {name: [str(part)] for name, part in zip(_boxes(field), parts, strict=False)}
        elif isinstance(value, list | tuple):
            given[field.html_name] = [str(one) for one in value]
        elif value not in (None, ""):
            given[field.html_name] = [str(value)]
    return given


def holds_nothing(content: Mapping[str, Any]) -> bool:
    """Whether a draft holds no more than its pages said before anybody typed."""
    return is_empty(_own_words(content))


def _plain(values: Sequence[str]) -> list[str]:
    """As they were drawn: a browser ends the lines of a text in its own way."""
    return [value.replace("\r\n", "\n").strip() for value in values]


def said_of(content: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    """What a draft holds, by the name of the box: typed page by page, or as one form kept it, with rows below it."""
    if "typed" in content:
        yield from content["typed"].items()
        return
    for name, value in content.items():
        if name == "labels":
            continue
        if isinstance(value, list) and any(isinstance(row, dict) for row in value):
            for number, row in enumerate(value):
                yield from ((f"{name}-{number}-{box}", [_in_a_line(said)]) for box, said in row.items())
        elif value:
            yield name, [_in_a_line(value)]


def _in_a_line(value: Any) -> str:
    """A date stands in three parts, ticks in a list."""
    return " ".join(str(part) for part in value if part) if isinstance(value, list | tuple) else str(value or "")


FIRST_WORDS = 60  # characters
NO_WORDS = ("name", "who", "labels")  # what ends the name of a box that holds no words of one's own


def first_words(said: Mapping[str, Sequence[str]]) -> str:
    """The beginning of what was written, by which its writer knows it again: of the longest text; "" where none is."""
    texts = [
        " ".join(value.split()) for name, values in said.items() if not name.endswith(NO_WORDS) for value in values
    ]
    longest = max((text for text in texts if " " in text), key=len, default="")
    if len(longest) <= FIRST_WORDS:
        return longest
    return f"{longest[:FIRST_WORDS].rpartition(' ')[0]} …"


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
    """A new draft; the same one where this person began one about this family and has typed nothing into it yet.

    A draft stays with its family: a page of it may be open elsewhere.
    """
    empty = _empty(person, kind, content["family"])
    return Answers(drafts.keep(person, kind, content, authority=authority, case=resolution, draft=empty))


def _empty(person: Person, kind: str, family: str) -> Draft | None:
    """None in which anything was typed: on a page that was sent, or on one that is open and kept by its script."""
    begun = drafts.drafts_of(person).filter(kind=kind, case=None, content__has_key="typed", content__family=family)
    places = (place_at(row.address) for row in unsent(person.pk))
    open_now = {place.kwargs.get("draft") for place in places if place is not None}
    return next((one for one in begun if holds_nothing(one.content) and one.pk not in open_now), None)


def opened(request: SignedRequest, draft_id: int, *kinds: str) -> Answers:
    """The person's own draft; 404 for anybody else's, and for one that no longer exists."""
    draft = drafts.own_draft(request.user, draft_id, kinds)
    if draft is None:
        raise Http404("No such draft, or not one of yours.")
    return Answers(draft)


@dataclass(frozen=True)
class Unfinished:
    """A draft on the list of things to finish, for whoever wrote it.

    It names no child but in its writer's own first words. `family` is the reference, and `called` the name.
    """

    title: str
    href: str
    saved_at: datetime
    family: str = ""
    stage: str = ""
    risk: bool = False
    draft: int = 0
    called: str = ""
    words: str = ""

    @property
    def about(self) -> str:
        """The family and the stage, as far as they are known."""
        return ", ".join(filter(None, (self.called, self.stage)))


def drafts_of(person: Person) -> list[Unfinished]:
    """What this person has begun to raise or to move on and has not sent; an immediate risk first, then the latest.

    One in which nothing was typed is none, nor one that would move what has ended. One query.
    """
    mine = drafts.drafts_of(person).filter(kind__in=OURS).exclude(content__has_key="sent")
    mine = mine.exclude(kind=MOVE, case__ended_at__isnull=False)
    mine = mine.select_related("case__resolution", "case__family", "case__authority", "authority")
    return in_order(unfinished(draft) for draft in mine if not holds_nothing(draft.content))


def in_order(found: Iterable[Unfinished]) -> list[Unfinished]:
    """An immediate risk stands first; then what was saved last."""
    return sorted(found, key=lambda one: (one.risk, one.saved_at), reverse=True)


def unfinished(draft: Draft) -> Unfinished:
    family, stage, risk = _about(draft)
    words = first_words(_own_words(draft.content))
    return Unfinished(_title(draft), _href(draft), draft.saved_at, family, stage, risk, draft.pk, words=words)


def _own_words(content: Mapping[str, Any]) -> dict[str, list[str]]:
    given = content.get("given", {})
    return {name: values for name, values in content.get("typed", {}).items() if _plain(values) != given.get(name)}


def _about(draft: Draft) -> tuple[str, str, bool]:
    """Of what family, at which stage, and whether a child is at immediate risk."""
    typed = Typed(draft.content.get("typed", {}))
    risk = typed.get("risk") == "yes"
    if draft.case is not None:
        return about_resolution(draft.case.resolution, risk=risk)
    protocol = rules_for(draft.authority, ()).protocol
    stages = starts(protocol, informal=True)[:1] if draft.kind == INFORMAL else starts(protocol, informal=False)
    chosen = [s for s in stages if draft.kind == INFORMAL or s.id == typed.get("stage")]
    return str(draft.content.get("family", "")), chosen[0].title if chosen else "no stage chosen yet", risk


def about_resolution(resolution: Resolution, *, risk: bool = False) -> tuple[str, str, bool]:
    family = resolution.family.reference if resolution.family is not None else ""
    return family, protocol_of(resolution).stage(resolution.stage).title, risk or resolution.risk


def _title(draft: Draft) -> str:
    if draft.kind == MOVE and draft.case is not None:
        return f"Draft: move {draft.case.reference} to the next stage"
    return "Draft: informal record" if draft.kind == INFORMAL else "Draft: concern not sent yet"


def _href(draft: Draft) -> str:
    if draft.kind == MOVE and draft.case is not None:
        return reverse("next-stage", args=[draft.case.reference])
    return reverse("raise-informal" if draft.kind == INFORMAL else "raise-check", args=[draft.pk])
