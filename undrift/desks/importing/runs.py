"""An import that was applied: what was in the file, what it changed; and undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from undrift.applying.from_file import last_run, why_not_undone
from undrift.applying.from_file import undo as put_back
from undrift.applying.on_file import Shut, changed_by, counted_beside, run_of, shut
from undrift.applying.refusing import NotApplied
from undrift.desks.frame.leafing import page_asked
from undrift.desks.frame.listing import as_csv
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.importing.bringers import brought_by, closed_to
from undrift.desks.importing.forms import UndoForm
from undrift.desks.importing.shown import (
    A_PAGE,
    CHANGE_HEADS,
    CHANGES,
    Listed,
    about,
    changes_listed,
    counted,
    counts_for,
    differing,
    findings_file,
    findings_of,
    in_words_of,
    left_out,
    nothing,
    when_and_who,
)
from undrift.people import clock
from undrift.record.sight import council

if TYPE_CHECKING:
    from undrift.children.models import ImportRun

MOST_EXPORTED = 50_000
UNDONE = "This import was undone. What it changed was put back, and both are on each child’s history."
WORKING = "The import is being undone. Stay on this page."


@require_safe
def run(request: SignedRequest, number: int) -> HttpResponse:
    one = _mine(request, number)
    closed = shut(closed_to(request.user), one)
    match request.GET.get("as"):
        case "findings":
            return findings_file(request, one, closed)
        case "changes":
            return _changes_file(one, closed)
    counts = counts_for(request.user, one, closed)
    undone = [when_and_who("Undone", one.undone_at, one.undone_by)] if one.undone_at else []
    return render(request, "importing/run.html", {
        "heading": "An import",
        "back": reverse("import"),
        "facts": [*about(one), when_and_who("Applied", one.started, one.by), *undone, *counted(counts)],
        "differing": differing(counts, "What it changed"),
        "nothing_found": nothing(counts, "Nothing was wrong with the file."),
        "nothing_changes": nothing(counts, "Nothing changed: all of it was on file."),
        "findings": findings_of(request, one, closed),
        "changes": _changes(request, one, closed),
        "undone": UNDONE if one.undone_at else "",
        "why_not": _why_not_offered(one, closed.children),
        "undo": reverse("import-undo", args=[one.pk]),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedRequest, number: int) -> HttpResponse:
    """What will be put back, or why it cannot be; by POST, put it back."""
    one = _mine(request, number)
    form, closed = UndoForm(request.POST if request.method == "POST" else None), shut(closed_to(request.user), one)
    if request.method == "POST" and form.is_valid():
        try:
            facts = put_back(one, at=clock.now(), by=request.user, closed=closed.children) - closed.facts
        except NotApplied as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Undone: {in_words_of(facts, ('fact was', 'facts were'))} put back.")
            return redirect("import-run", one.pk)
    _, changed = changed_by(one, closed, most=0)
    counts = counts_for(request.user, one, closed)
    return render(request, "importing/undo.html", {
        "heading": "Undo this import?",
        "back": reverse("import-run", args=[one.pk]),
        "button": "Undo the import",
        "working": WORKING,
        "form": form,
        "facts": [*about(one), when_and_who("Applied", one.started, one.by)],
        "differing": differing(counts, "What it changed, and what is put back"),
        "changed": in_words_of(changed, ("fact", "facts")),
        "left_out": left_out(counts).removeprefix("; "),
        "why_not": "It was undone already." if one.undone_at else _why_not(one, closed.children),
    })  # fmt: skip


def _mine(request: SignedRequest, number: int) -> ImportRun:
    """404 for an import of another council, as for none."""
    found = run_of(brought_by(request.user), number)
    if found is None:
        raise Http404
    return found


def _why_not_offered(one: ImportRun, closed: frozenset[int]) -> str:
    """Of the last one it is asked on the page that undoes it: it takes looking at every fact."""
    return "" if one.undone_at or one == last_run(one.authority) else _why_not(one, closed)


def _why_not(one: ImportRun, closed: frozenset[int]) -> str:
    with council(one.authority_id):
        return why_not_undone(one, closed)


def _changes(request: SignedRequest, one: ImportRun, closed: Shut) -> Listed:
    page = page_asked(request, CHANGES)
    found, number = changed_by(one, closed, (page - 1) * A_PAGE, A_PAGE)
    rows = [(change.child, f"{change.of}: {change.what}") for change in found]
    count = in_words_of(number, ("fact changed", "facts changed")) + left_out(counted_beside(closed.children, one))
    return changes_listed(request, "What it changed, child by child", rows, page, number > page * A_PAGE, count)


def _changes_file(one: ImportRun, closed: Shut) -> HttpResponse:
    found, _ = changed_by(one, closed, most=MOST_EXPORTED)
    return as_csv("changes", CHANGE_HEADS, ((change.child, f"{change.of}: {change.what}") for change in found))
