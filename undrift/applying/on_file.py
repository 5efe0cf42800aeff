"""The imports that a council has on file: files that were read and wait, those that were applied, what each changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from undrift.applying.numbers import plain
from undrift.applying.wants import GUARDED, ROWS
from undrift.children.fact_words import MAY_NAME, called_so
from undrift.children.facts import ENTITY
from undrift.children.models import Child, Entity, FactChange, ImportCheck, ImportRun
from undrift.library.numbers import LONGEST_RUN
from undrift.people.composed import NUMBER, composed
from undrift.people.models import Authority
from undrift.record.sight import as_bringer, as_service


def checks_of(authority: Authority) -> list[ImportCheck]:
    """Those that wait, the latest first; without the files themselves."""
    return _checks(authority=authority.pk)


@composed(authority=NUMBER)
def _checks(authority: Any) -> QuerySet[ImportCheck]:
    return ImportCheck.objects.filter(authority=authority).select_related("by").defer("content").order_by("-at", "-pk")


def check_of(authority: Authority, reference: str) -> ImportCheck | None:
    """The check of that name; None where it was applied, where another took its place, or where there was none.

    Without the file itself, which is read when it is asked for.
    """
    found = ImportCheck.objects.filter(authority=authority, reference=reference).defer("content")
    return found.select_related("authority", "by").first()


def runs_of(authority: Authority) -> QuerySet[ImportRun]:
    """Those that were applied, the latest first."""
    return ImportRun.objects.filter(authority=authority).select_related("by", "undone_by")


def run_of(authority: Authority, number: int) -> ImportRun | None:
    found = ImportRun.objects.filter(authority=authority, pk=number)
    return found.select_related("authority", "by", "undone_by").first()


def how_it_stands(check: ImportCheck, now: datetime) -> str:
    """ "" where it waits to be applied, or is being applied; else why it came to nothing, in words."""
    if not check.digest:
        return "Cannot be used"
    if check.failed_at is not None:
        return f"Not applied. {check.failed_why}"
    if check.begun_at is not None and check.begun_at < now - LONGEST_RUN:
        return "Interrupted while it was applied: nothing of it was brought in. Apply it again"
    return ""


def failed_of(authority: Authority, now: datetime) -> list[tuple[ImportCheck, str]]:
    """The files that came to nothing, each with why; until one of the kind takes its place."""
    return [(one, why) for one in checks_of(authority) if (why := how_it_stands(one, now))]


CLOSED_ROWS = "closed_rows"


def counted_beside(children: Collection[int], of: ImportCheck | ImportRun) -> dict[str, int]:
    """What the file holds and changes, but of these children: of them only how many rows are about them.

    Those are counted one way, whether they agree with what is on file or not.
    """
    found = Counter({name: number for name, number in of.counts.items() if name != GUARDED})
    for whose, what, number in of.counts.get(GUARDED, ()):
        if not children or not set(whose).intersection(children):
            continue
        if what == ROWS:
            found[CLOSED_ROWS] += number
        else:
            found[what] -= number
    return found


@dataclass(frozen=True)
class Changed:
    """One fact that an import changed, without anything that could name a child."""

    child: str
    of: str
    what: str


GONE = "No longer on file"


@dataclass(frozen=True)
class Shut:
    """The children whose record is closed to a reader; the numbers that files have for them, however written; and how
    many facts about them an import changed.
    """

    children: frozenset[int] = frozenset()
    numbers: frozenset[str] = frozenset()
    facts: int = 0

    def __contains__(self, number: str) -> bool:
        return bool(number) and plain(number) in self.numbers


def shut(children: Collection[int], run: ImportRun | None = None) -> Shut:
    """Of these children, and of this import; no query where there are none."""
    if not children:
        return Shut()
    with as_service():
        found = Child.objects.filter(pk__in=children).exclude(external_id="").values_list("external_id", flat=True)
        facts = run.changes.filter(child__in=children).count() if run is not None else 0
        return Shut(frozenset(children), frozenset(map(plain, found)), facts)


def changed_by(run: ImportRun, closed: Shut, first: int = 0, most: int | None = None) -> tuple[list[Changed], int]:
    """What the import changed, in order, `first` of them left out and at most `most`; and how many there are in all.

    Without what is about children whose record is closed to the reader.
    """
    with as_bringer():
        open_ones = run.changes.exclude(child__in=closed.children)
        number = open_ones.count()
        found = list(open_ones[first : None if most is None else first + most])
        numbers = dict(Child.objects.filter(pk__in={one.child_id for one in found}).values_list("pk", "external_id"))
    shown = [Changed(numbers.get(one.child_id, GONE), one.get_entity_display(), in_words(one)) for one in found]
    return shown, number


def in_words(one: FactChange) -> str:
    """ "end becomes 06/05/2026, and was empty"; of what may hold a name only that it changes."""
    if not one.field:
        return "taken away again" if one.was and not one.now else "new"
    words = called_so(one.field)
    if one.field in MAY_NAME:
        return f"{words} changes"
    return f"{words} becomes {_value(one, one.now)}, and was {_value(one, one.was)}"


def _value(one: FactChange, kept: str) -> str:
    """As people write it: a day as 06/05/2026, a code by its word."""
    if not kept:
        return "empty"
    try:
        return f"{date.fromisoformat(kept[:10]):%d/%m/%Y}"
    except ValueError:
        kinds = {entity: kind for kind, entity in ENTITY.items()}
        field = kinds[Entity(one.entity)]._meta.get_field(one.field)
        return str(dict(getattr(field, "flatchoices", ())).get(kept, kept))
