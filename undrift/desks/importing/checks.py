"""A file that was checked: what it holds, what is wrong with it, what it would change; and applying it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from undrift.applying import in_words
from undrift.applying.from_file import apply_check, check_file
from undrift.applying.on_file import Shut, check_of, counted_beside, how_it_stands, shut
from undrift.applying.refusing import BRAKE, CHANGED_SINCE, CONFIRM, NotApplied
from undrift.applying.wants import AT_MOST
from undrift.desks.frame.components import Fact
from undrift.desks.frame.keeping import untaken
from undrift.desks.frame.leafing import leaf, page_asked
from undrift.desks.frame.listing import as_csv
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import wrong_before
from undrift.desks.importing.bringers import brought_by, closed_to
from undrift.desks.importing.forms import ApplyForm
from undrift.desks.importing.shown import (
    A_PAGE,
    CHANGE_HEADS,
    CHANGES,
    Listed,
    about,
    change_row,
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
from undrift.intake.findings import Severity
from undrift.people import clock

if TYPE_CHECKING:
    from undrift.children.models import ImportCheck

CHECKED_AGAIN = (
    "Nothing was applied: what is on file has changed since this file was checked. It has been checked again. Look at"
    " what it would change now, then apply it."
)

WORKING = "The file is being applied. Stay on this page: nothing has changed until it is done, and then all of it has."
WHOLE = (
    "All of it is written down at once, or nothing is. Rows that were left out stay out: put them right in your case"
    " system, and bring in the next file. Who chairs a concern that is open is asked where a plan has ended or a child"
    " has moved."
)
MANY_END = (
    "More than a tenth of the open plans end by this file, or are not in it. A report that left out half of the"
    " children looks the same."
)

ASKED_AT = {CONFIRM: "whole", BRAKE: "agreed"}


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedRequest, reference: str) -> HttpResponse:
    """Show it; by POST, apply it."""
    authority = brought_by(request.user)
    one = check_of(authority, reference)
    if one is None:
        raise Http404
    closed = shut(closed_to(request.user))
    match request.GET.get("as"):
        case "findings":
            return findings_file(request, one, closed)
        case "changes":
            return as_csv("changes", CHANGE_HEADS, map(change_row, _open(one.changes, closed)))
    if not one.digest:
        return _stopped(request, one)
    counts = counts_for(request.user, one, closed)
    form, errors = ApplyForm(request.POST if request.method == "POST" else None, label=_agreeing(one)), []
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            run = apply_check(one, at=clock.now(), by=request.user, agreed=said["agreed"], confirmed=said["whole"])
        except NotApplied as refusal:
            if refusal.code == CHANGED_SINCE:
                return _check_again(request, one)
            if refusal.code in ASKED_AT:
                form.add_error(ASKED_AT[refusal.code], refusal.sentence)
            else:
                errors = [refusal.sentence]
        else:
            messages.success(request, "Applied. What it changed is on this page, and on each child’s history.")
            return redirect("import-run", run.pk)
    for name, asked in (("whole", one.counts.get("confirm", 0)), ("agreed", _braked(one))):
        if not (asked or name in form.errors or wrong_before(name)):
            del form.fields[name]
    return render(request, "importing/check.html", {
        "heading": "Check before you apply",
        "back": reverse("import"),
        "button": "Apply",
        "working": WORKING,
        "warnings": [*_to_confirm(one), *([MANY_END] if "agreed" in form.fields else [])],
        "whole": WHOLE,
        "form": form,
        "errors": errors,
        "facts": [*about(one), when_and_who("Checked", one.at, one.by), *_stands(one), *counted(counts)],
        "differing": differing(counts, "What it would change"),
        "nothing_found": nothing(counts, "Nothing is wrong with the file."),
        "nothing_changes": nothing(counts, "Nothing would change: all of it is on file."),
        "findings": findings_of(request, one, closed),
        "changes": _changes(request, one, closed),
    })  # fmt: skip


def _to_confirm(one: ImportCheck) -> list[str]:
    """What only somebody who looks at the file can tell: where it is, and no more of it."""
    found = [finding for finding in in_words.findings_of(one) if finding.severity is Severity.CONFIRM]
    return [f"{finding.place}: {finding.found}. {finding.wanted}" for finding in found]


def _stands(one: ImportCheck) -> list[Fact]:
    stands = how_it_stands(one, clock.now())
    return [Fact("How it stands", stands)] if stands else []


def _stopped(request: SignedRequest, one: ImportCheck) -> HttpResponse:
    """Why, what to do next, and nothing else."""
    return render(request, "importing/stopped.html", {
        "heading": "This file cannot be used",
        "back": reverse("import"),
        "sentences": [str(finding) for finding in in_words.findings_of(one) if finding.severity is Severity.STOP],
    })  # fmt: skip


def _open(kept: Sequence[Mapping[str, Any]], closed: Shut) -> list[Mapping[str, Any]]:
    """Whoever brought it in is not told either what was on file before."""
    return [change for change in kept if str(change["child"]) not in closed]


def _changes(request: SignedRequest, one: ImportCheck, closed: Shut) -> Listed:
    found, page = _open(one.changes, closed), page_asked(request, CHANGES)
    kept, beside = one.counts.get("changes", len(found)), counted_beside(closed.children, one)
    shown, more = leaf(found, page, A_PAGE)
    count = in_words_of(len(found), ("change", "changes"))
    if kept >= AT_MOST:
        count = f"The first {AT_MOST:,} changes. The counts above are of all of them"
    count += left_out(beside)
    return changes_listed(request, "What would change, child by child", list(map(change_row, shown)), page, more, count)


def _check_again(request: SignedRequest, one: ImportCheck) -> HttpResponse:
    again = check_file(
        one.authority, one.source_system, one.file_name, bytes(one.content),
        as_at=one.as_at, at=clock.now(), by=request.user,
    )  # fmt: skip
    messages.warning(request, CHECKED_AGAIN)
    return untaken(redirect("import-check", again.reference))


def _braked(one: ImportCheck) -> bool:
    """Whether more open plans end by it, or are missing from it, than is believed at once."""
    return bool(one.counts.get("brake", 0))


def _agreeing(one: ImportCheck) -> str:
    ends, missing = one.counts.get("ends", 0), one.counts.get("missing", 0)
    said = f"Yes, {in_words_of(ends, ('plan has', 'plans have'))} ended"
    return f"{said}, and {missing:,} are rightly not in the file" if missing else said
