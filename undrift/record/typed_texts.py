"""What somebody types, kept for them alone until they send it; and what they sent, so that it counts once.

Every row is one person's. The second lock shows it to nobody else, and each question here asks for the person besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from psycopg.types.json import Jsonb

from undrift.library.numbers import TYPED_KEPT
from undrift.people.composed import NUMBER, TEXT, Place, composed, first
from undrift.record.models import Draft, Submission, TypedText

TYPED = "typed"  # by the page's script, while somebody types
NOT_TAKEN = "not taken"  # somebody else decided first
SENT_BEFORE, ANOTHER_FORM = "sent before", "another form"
APART = (SENT_BEFORE, ANOTHER_FORM)  # its form is no more: it is read on a page of its own
Content = Mapping[str, Sequence[str]]

COUNT = """
INSERT INTO record_submission (person_id, address, number, tab, said, onward) VALUES (%s, %s, %s, %s, %s, '')
ON CONFLICT (person_id, address, number, said) DO NOTHING RETURNING id
"""

# What a page's script sends may arrive after its form, which has come back since in a page with a tab of its own, or
# after a later save: then it is too late. What a page went on with when it was drawn goes, since its own stands for it.
KEEP = """
WITH gone_on_with AS (
    DELETE FROM record_typedtext WHERE person_id = %(person)s AND address = %(address)s AND number = %(number)s
        AND tab <> %(tab)s AND saved_at <= %(since)s)
INSERT INTO record_typedtext AS kept
    (person_id, address, page, number, tab, count, content, why, wrong, sentence, saved_at)
VALUES (%(person)s, %(address)s, %(page)s, %(number)s, %(tab)s, %(count)s, %(content)s, %(why)s, %(wrong)s,
    %(sentence)s, statement_timestamp())
ON CONFLICT (person_id, address, number, tab) DO UPDATE SET content = excluded.content, why = excluded.why,
    wrong = excluded.wrong, sentence = excluded.sentence, saved_at = excluded.saved_at,
    count = GREATEST(excluded.count, kept.count)
WHERE excluded.why <> %(typed)s OR (kept.why = %(typed)s AND kept.count <= excluded.count)
RETURNING id
"""


@dataclass(frozen=True)
class Where:
    """One drawing of a form: whose, at which address, of what name, and its number.

    Several tabs may go on with what was typed in one: they have its number, each a `tab` of its own, and stand for what
    was kept of it until `since`.
    """

    person: int
    address: str
    page: str
    number: str
    tab: str = ""
    since: datetime | None = None


def keep(
    where: Where,
    content: Content,
    *,
    why: str = TYPED,
    wrong: Mapping[str, Any] | None = None,
    sentence: str = "",
    count: int = 0,
) -> int | None:
    """Keep this in place of what was kept of the same drawing; the row, or None where it came too late.

    What was sent from a tab comes back in another, and what the first one's script kept on its way changes it no more.
    `count` grows with each save of the script: an earlier one that arrives after a later one changes nothing.
    """
    said = {name: list(values) for name, values in content.items()}
    row = asdict(where) | {
        "typed": TYPED, "content": Jsonb(said), "why": why, "wrong": Jsonb(dict(wrong or {})), "sentence": sentence,
        "count": count,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(KEEP, row)
        kept = cursor.fetchone()
    return int(kept[0]) if kept is not None else None


def unsent(person: int | Place) -> QuerySet[TypedText]:
    """What this person has typed and not sent, the latest first. What reached us after it was sent is not among it."""
    same = {name: OuterRef(name) for name in ("address", "number", "tab")}
    sent = Submission.objects.filter(person=person, **same)
    late = Q(Exists(sent), why=TYPED)
    return TypedText.objects.filter(person=person).exclude(late).order_by("-saved_at", "-pk")


def last_typed(person: int, address: str) -> TypedText | None:
    """What is offered again where the form of that address is drawn."""
    return first(_offered(person=person, address=address))


def all_unsent(person: int) -> list[TypedText]:
    """All of `unsent`."""
    return _unsent(person=person)


@composed(person=NUMBER)
def _unsent(person: Any) -> QuerySet[TypedText]:
    return unsent(person)


@composed(person=NUMBER, address=TEXT)
def _offered(person: Any, address: Any) -> QuerySet[TypedText]:
    return unsent(person).filter(address=address).exclude(why__in=APART)[:1]


def clear(where: Where, upto: int | None = None) -> None:
    """Forget what was typed in this drawing, and what it went on with: it was sent, or taken out again.

    `upto` a count of the script's saves, if it is named: what was kept later, or sent, stays.
    """
    found = TypedText.objects.filter(person=where.person, address=where.address, number=where.number)
    here = Q(tab=where.tab)
    if upto is not None:
        here &= Q(why=TYPED, count__lte=upto)
    gone_on_with = Q(saved_at__lte=where.since) & ~Q(tab=where.tab) if where.since is not None else Q(pk=None)
    found.filter(here | gone_on_with).delete()


def clear_all(person: int, address: str) -> None:
    TypedText.objects.filter(person=person, address=address).delete()


def first_sent(where: Where, said: str) -> Submission | None:
    """Count this sending, in the transaction of the act; or the one that came before it, once that is finished.

    Of several that arrive at once PostgreSQL lets one pass, and the others wait here until it is decided.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [where.person, where.address, where.number, where.tab, said])
        if cursor.fetchone() is not None:
            return None
    return _of(where, said).get()


def sent(where: Where, said: str, onward: str) -> None:
    """It counted: a second sending is led to where the first one was."""
    _of(where, said).update(onward=onward)


def not_sent(where: Where, said: str) -> None:
    """It came to nothing, so that it may be sent again."""
    _of(where, said).delete()


def _of(where: Where, said: str) -> QuerySet[Submission]:
    return Submission.objects.filter(person=where.person, address=where.address, number=where.number, said=said)


def clear_old(now: datetime) -> int:
    """Forget what nobody came back to: typed text, drafts and sendings, `TYPED_KEPT` after the last change."""
    before = now - TYPED_KEPT
    gone, _ = TypedText.objects.filter(saved_at__lt=before).delete()
    drafts, _ = Draft.objects.filter(saved_at__lt=before).delete()
    Submission.objects.filter(sent_at__lt=before).delete()
    return gone + drafts
