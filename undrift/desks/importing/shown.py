"""What a file holds, what is wrong with it and what it changes, of a check and of a run the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from undrift.applying import in_words
from undrift.applying.formats import FORMATS
from undrift.applying.on_file import CLOSED_ROWS, Shut, counted_beside
from undrift.desks.frame.components import Fact, Table
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.leafing import beside, leaf, page_asked
from undrift.desks.frame.listing import Above
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.intake import report
from undrift.intake.findings import Finding, Severity
from undrift.people.models import Person

if TYPE_CHECKING:
    from undrift.children.models import ImportCheck, ImportRun

A_PAGE = 20
FINDINGS, CHANGES = "findings", "changes"  # what `as` asks for, and what each list's page is called in the address
BY_COMMAND = "By command"
GRAVE = {
    Severity.STOP: "Stopped",
    Severity.CONFIRM: "To confirm",
    Severity.REJECT: "Left out",
    Severity.WARN: "Look at this",
}
STATES = (("new", "New"), ("updated", "Changed"), ("unchanged", "Unchanged"))


def title_of(format: str) -> str:
    """What people call the format; its key where it is read no more."""
    return FORMATS[format].title if format in FORMATS else format


def who(person: Person | None) -> str:
    return person.name if person is not None else BY_COMMAND


def about(one: ImportCheck | ImportRun) -> list[Fact]:
    """Which file it is, and of which day."""
    return [
        Fact("File", one.file_name),
        Fact("Kind", title_of(one.source_system)),
        Fact("Describes", full_day(one.as_at)),
    ]


def when_and_who(verb: str, at: Any, by: Person | None) -> Fact:
    return Fact(verb, f"{day_and_time(at)}, {who(by)}")


def counted(counts: Mapping[str, int]) -> list[Fact]:
    """What the file holds and what came of its rows, zero too."""

    def number(name: str) -> str:
        return f"{counts.get(name, 0):,}"

    return [
        Fact("Rows in the file", number("rows")),
        Fact("Children", number("children")),
        Fact("Plans", f"{number('plans')}, of which {number('open')} open on that day"),
        Fact("Rows left out", number("rejected")),
        Fact("To look at", number("warnings")),
        Fact("To decide", number("asked")),
    ]


def differing(counts: Mapping[str, int], caption: str) -> Table:
    heads = ("Of", *(words for _, words in STATES))
    rows = [
        (many.capitalize(), *(f"{counts.get(f'{thing}_{state}', 0):,}" for state, _ in STATES))
        for thing, _, many in in_words.THINGS
    ]
    return Table(caption, heads, rows)


@dataclass(frozen=True)
class Listed:
    """One page of a long list: its table, what stands above it, and the pages beside."""

    table: Table | None
    above: Above
    pages: Mapping[str, str]


def seen_by(person: Person, of: ImportCheck | ImportRun, closed: Shut) -> list[Finding]:
    """The gravest first, without those about a child whose record is closed to this person.

    Whoever brought the file in has what stands in it, row by row; of what is on file beside it they are not told.
    """
    return in_words.findings_of(of, partial(_may_know, closed, of.by == person))


def _may_know(closed: Shut, mine: bool, one: Finding) -> bool:
    shut_off = one.place.child in closed or one.also in closed
    return not shut_off or bool(mine and one.place.row and not one.on_file)


def counts_for(person: Person, of: ImportCheck | ImportRun, closed: Shut) -> Mapping[str, int]:
    """As many as the person may know of."""
    if not closed.children:
        return counted_beside((), of)
    found = counted_beside(closed.children, of)
    known = filter(partial(_may_know, closed, of.by == person), map(Finding.from_json, of.findings))
    graves = Counter(one.severity for one in known)
    return {**found, "rejected": graves[Severity.REJECT], "warnings": graves[Severity.WARN]}


def findings_of(request: SignedRequest, of: ImportCheck | ImportRun, closed: Shut) -> Listed:
    """Twenty a page."""
    found = seen_by(request.user, of, closed)
    page = page_asked(request, FINDINGS)
    shown, more = leaf(found, page, A_PAGE)
    table = Table(
        "What was found in the file, the gravest first",
        ("How grave", "Where", "Child", "Column", "What was found", "What is wanted", "What we did"),
        [_as_row(one) for one in shown],
    )
    above = Above(
        in_words_of(len(found), ("finding", "findings")) + left_out(counted_beside(closed.children, of)),
        csv=with_query(request.path, {"as": FINDINGS}) if found else "",
    )
    return Listed(table if shown else None, above, _beside(request, page, more, FINDINGS))


def left_out(counts: Mapping[str, int]) -> str:
    """How many rows nothing is told of here, and why; "" where there are none. Said whatever they would change."""
    rows = in_words_of(counts.get(CLOSED_ROWS, 0), ("row", "rows"))
    where = "about children whose record is closed to you: told to those who guard it"
    return f"; {rows} {where}" if counts.get(CLOSED_ROWS) else ""


def nothing(counts: Mapping[str, int], all_of_it: str) -> str:
    """What stands in place of an empty list."""
    return "Nothing that can be told to you." if counts.get(CLOSED_ROWS) else all_of_it


def _as_row(one: Finding) -> tuple[str, ...]:
    place = one.place
    row = f"row {place.row}" if place.row else ""
    where = " ".join(filter(None, (place.sheet, row)))
    found = f"{one.found} (DfE {one.code})" if one.code else one.found
    return (
        GRAVE.get(one.severity, one.severity.value.capitalize()),
        where or "The file",
        place.child,
        place.column,
        found,
        one.wanted,
        one.did,
    )


def findings_file(request: SignedRequest, of: ImportCheck | ImportRun, closed: Shut) -> HttpResponse:
    """The same as a file for a spreadsheet, in which nothing is worked out."""
    found = seen_by(request.user, of, closed)
    return HttpResponse(
        report.as_csv(found, of.file_name).encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="findings.csv"', "X-Content-Type-Options": "nosniff"},
    )


def changes_listed(
    request: SignedRequest, caption: str, rows: Sequence[tuple[object, ...]], page: int, more: bool, count: str
) -> Listed:
    """Child by child, each by its number alone."""
    table = Table(caption, CHANGE_HEADS, rows)
    above = Above(count, csv=with_query(request.path, {"as": CHANGES}) if rows else "")
    return Listed(table if rows else None, above, _beside(request, page, more, CHANGES))


def _beside(request: SignedRequest, page: int, more: bool, name: str) -> dict[str, str]:
    """The pages beside lead to the list itself, and not to the top of the page; the other list begins anew."""
    return {to: f"{href}#{name}" if href else "" for to, href in beside(request.path, page, more, name=name).items()}


CHANGE_HEADS = ("Child", "What changes")


def change_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    what = str(one["what"])
    return str(one["child"]), what[:1].upper() + what[1:]


def in_words_of(found: int, things: tuple[str, str]) -> str:
    """As many as there are: a file's own are counted to the last, whatever the number."""
    return f"{found:,} {things[0] if found == 1 else things[1]}"
