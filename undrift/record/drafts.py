"""Text that its writer keeps on purpose, to finish it later. Whatever else is typed: `typed_texts`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.db.models.functions import Now

from undrift.people.composed import Place
from undrift.people.models import Authority, Person
from undrift.record.models import Case, Draft


def keep(
    person: Person,
    kind: str,
    content: Mapping[str, Any],
    *,
    authority: Authority,
    case: Case | None = None,
    draft: Draft | None = None,
) -> Draft:
    """Keep this text; over `draft`, where it is the same form saved again."""
    kept = draft or Draft(person=person, authority=authority, case=case, kind=kind)
    kept.content = _plain(content)
    kept.saved_at = Now()
    kept.save()
    kept.refresh_from_db(fields=["saved_at"])
    return kept


def drafts_of(person: Person | Place, case: Case | None = None) -> QuerySet[Draft]:
    """What this person has kept, the latest first; of one case, where it is given."""
    mine = Draft.objects.filter(person=person).select_related("case").order_by("-saved_at")
    return mine if case is None else mine.filter(case=case)


def own_draft(person: Person, number: int, kinds: Collection[str]) -> Draft | None:
    """The draft of that number, where it is this person's and of one of these kinds."""
    mine = Draft.objects.select_related("authority", "person", "case").filter(person=person.pk, kind__in=kinds)
    return mine.filter(pk=number).first()


def unsent(person: Person, case: Case, kind: str) -> Draft:
    """What this person has typed about a case and not sent; an empty draft, not kept yet, where there is none."""
    # What was sent is a reference, and has no "typed".
    mine = Draft.objects.filter(person=person, case=case, kind=kind, content__has_key="typed")
    found = mine.select_related("person", "authority", "case").order_by("-saved_at").first()
    return found or Draft(person=person, case=case, authority=case.authority, kind=kind, content={})


def was_sent(person: Person, number: int, kind: str) -> bool:
    """Whether this person's draft of that number has become part of the record."""
    return Draft.objects.filter(person=person.pk, kind=kind, content__has_key="sent", pk=number).exists()


def locked_draft(number: int) -> Draft:
    """The draft of that number, which nobody else can send until the transaction ends."""
    return Draft.objects.select_for_update().get(pk=number)


def _plain(content: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))
