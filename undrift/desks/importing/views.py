"""What may be brought in, the file, what waits to be applied, and all that was applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from undrift.applying.formats import FORMATS
from undrift.applying.from_file import check_file, last_run
from undrift.applying.on_file import checks_of, counted_beside, how_it_stands, runs_of
from undrift.desks.frame.components import Fact, Link, Table
from undrift.desks.frame.days import day_and_time, short_day
from undrift.desks.frame.leafing import beside, leaf, page_asked
from undrift.desks.frame.listing import Above
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.importing.bringers import brought_by, closed_to
from undrift.desks.importing.forms import FileForm
from undrift.desks.importing.own_csv import empty_file, own_files
from undrift.desks.importing.shown import about, in_words_of, title_of, when_and_who, who
from undrift.people import clock
from undrift.people.models import Authority

if TYPE_CHECKING:
    from undrift.children.models import ImportRun

A_PAGE = 20
Closed = frozenset[int]  # the children whose record is closed to the reader
# Where a council has each kind of file; of one that is not here its own sentence is all.
FROM_WHERE = {
    "annex-a": "Your performance team makes it from the case system for an inspection, and can at any time.",
    "ssd": "Your data team has its tables where the council takes part; send the folder as one zip.",
    "cin-census": "Your data team returns it to the Department for Education once a year.",
    "children": "You fill it in yourself: its files are below, each with its columns and an empty one to begin with.",
}
INTRO = (
    "A file is read and checked first: you see what is wrong with it and what it would change, and nothing has changed"
    " yet. Then you apply it, as a whole. The last import can be undone while nothing was built upon it.",
)

WORKING = "The file is being read and compared with what is on file. Stay on this page."


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: SignedRequest) -> HttpResponse:
    """The form for a file; what waits; what was applied. A file that was read leads to its check."""
    authority, today = brought_by(request.user), clock.today()
    if (empty := empty_file(request.GET.get("as", ""))) is not None:
        return empty
    posted = request.method == "POST"
    form = FileForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        formats=FORMATS,
        today=today,
        initial={"as_at": today, "format": next(iter(FORMATS)) if len(FORMATS) == 1 else None},
    )
    if posted and form.is_valid():
        said = form.cleaned_data
        file = said["file"]
        check = check_file(
            authority, said["format"], file.name, file.read(), as_at=said["as_at"], at=clock.now(), by=request.user
        )
        return redirect("import-check", check.reference)
    closed = closed_to(request.user)
    return render_question(
        request,
        form,
        heading="Import",
        button="Check the file",
        intro=INTRO,
        template="importing/import.html",
        working=WORKING,
        kinds=[(one.title, f"{one.says} {FROM_WHERE.get(key, '')}".strip()) for key, one in FORMATS.items()],
        own=own_files(request.path),
        waiting=_waiting(authority),
        last=_last(authority, closed),
        **_runs(request, authority, closed),
    )


def _last(authority: Authority, closed: Closed) -> dict[str, object]:
    """The latest that was not undone, and where it is undone."""
    one = last_run(authority)
    if one is None:
        return {}
    changed = in_a_line(counted_beside(closed, one))
    facts = [*about(one), when_and_who("Applied", one.started, one.by), Fact("What it changed", changed)]
    return {"facts": facts, "href": reverse("import-run", args=[one.pk]), "undo": reverse("import-undo", args=[one.pk])}


def _waiting(authority: Authority) -> Table | None:
    now = clock.now()
    rows = [
        (
            Link(title_of(one.source_system), reverse("import-check", args=[one.reference])),
            one.file_name,
            short_day(one.as_at),
            f"{day_and_time(one.at)}, {who(one.by)}",
            how_it_stands(one, now) or "Ready to apply",
        )
        for one in checks_of(authority)
    ]
    heads = ("Kind", "File", "Describes", "Checked", "How it stands")
    return Table("Checked, and not applied", heads, rows) if rows else None


def _runs(request: SignedRequest, authority: Authority, closed: Closed) -> dict[str, Any]:
    found, page = runs_of(authority), page_asked(request)
    shown, more = leaf(found, page, A_PAGE)
    heads = ("Applied", "By", "Kind", "File", "Describes", "What it changed", "How it stands")
    table = Table("Imports, the latest first", heads, [_row(one, closed) for one in shown])
    return {
        "runs": table if shown else None,
        "listing": Above(in_words_of(found.count(), ("import", "imports"))),
        **beside(request.path, page, more),
    }


def _row(one: ImportRun, closed: Closed) -> tuple[object, ...]:
    return (
        Link(day_and_time(one.started), reverse("import-run", args=[one.pk])),
        who(one.by),
        title_of(one.source_system),
        one.file_name,
        short_day(one.as_at),
        in_a_line(counted_beside(closed, one)),
        f"Undone {short_day(clock.of_day(one.undone_at))}" if one.undone_at else "Applied",
    )


def in_a_line(counts: Mapping[str, int]) -> str:
    """ "3 children and 4 plans new; 1 child and 0 plans changed"."""
    return "; ".join(
        f"{in_words_of(counts.get(f'child_{state}', 0), ('child', 'children'))} and"
        f" {in_words_of(counts.get(f'plan_{state}', 0), ('plan', 'plans'))} {words}"
        for state, words in (("new", "new"), ("updated", "changed"))
    )
