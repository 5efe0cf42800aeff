"""The two-minute record of an informal talk, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.desks.concern.asked_oneself import examples
from undrift.desks.concern.drawn import (
    SELECT_ALL,
    all_on_plan,
    come_back_later,
    place,
    selects_all,
    show_refusal,
    typed_before,
)
from undrift.desks.concern.drawn import record as record_of
from undrift.desks.concern.on_its_way import Raising, open_raising
from undrift.desks.concern.typed_so_far import INFORMAL
from undrift.desks.frame.doers import put_at
from undrift.desks.frame.forms import Rows, as_typed
from undrift.desks.frame.keeping import shown_again
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.raising.questions import AGREED, AgreedRows, InformalRecord
from undrift.desks.raising.sending import SentBefore, informal_act, send
from undrift.desks.raising.sent import sent_before
from undrift.desks.raising.steps import EARLIER, MADE_SAFE
from undrift.record.outcomes import Refused

HEADING = "Record what you agreed informally"


def record(request: SignedRequest, draft: int) -> HttpResponse:
    raising = open_raising(request, draft, INFORMAL)
    if raising.answers.sent_as:
        form = InformalRecord(request.POST, raising=raising)
        return sent_before(request, raising.answers.sent_as, record_of(raising.answers.sent_as), form)
    if request.method != "POST":
        return _page(request, raising, *forms_of(raising))
    form = InformalRecord(request.POST, raising=raising)
    rows = agreed_rows(raising, request.POST)
    raising.answers.keep("record", request.POST, form, AGREED)
    if request.POST.get("save"):
        return come_back_later(request, raising.answers)
    if request.POST.get("select") == SELECT_ALL:
        raising.answers.put("children", *all_on_plan(raising))
        return shown_again(request)
    if not all([form.is_valid(), rows.is_valid()]):
        return _page(request, raising, form, rows)
    if raising.risk:
        return redirect("raise-act-first", raising.answers.id)
    if EARLIER.applies(raising) and not EARLIER.answered(raising):
        return redirect("raise-question", raising.answers.id, EARLIER.id)
    return save(request, raising, form, rows)


def save_kept(request: SignedRequest, raising: Raising) -> HttpResponse:
    """Put on record what the page was told; back to the page where something of it is still wrong."""
    form, rows = bound_forms(raising)
    if not all([form.is_valid(), rows.is_bound and rows.is_valid()]):
        return redirect("raise-informal", raising.answers.id)
    return save(request, raising, form, rows)


def save(request: SignedRequest, raising: Raising, form: InformalRecord, rows: Rows) -> HttpResponse:
    """Put it on record; a refusal shows the page again with the sentence at its box."""
    cleaned = form.cleaned_data | made_safe(raising) | _linked(raising)
    try:
        reference = send(raising, informal_act(raising, cleaned, rows.answers))
    except SentBefore as before:
        return sent_before(request, before.reference, record_of(before.reference), form)
    except Refused as refused:
        if put_at(rows, refused.refusal):
            return _page(request, raising, form, rows)
        box = place(raising, refused.refusal).box
        return _page(request, raising, form, rows, show_refusal(form, refused.refusal, box))
    day = cleaned["date"]
    messages.success(request, f"Recorded. We will ask you on {day.day} {day:%B} if this is done.")
    return redirect(record_of(reference))


def made_safe(raising: Raising) -> dict[str, Any]:
    if not (raising.risk and raising.answers.answered(MADE_SAFE.id)):
        return {}
    form = MADE_SAFE.bound(raising)
    form.is_valid()
    return form.cleaned_data


def _linked(raising: Raising) -> dict[str, Any]:
    if not (EARLIER.applies(raising) and EARLIER.answered(raising)):
        return {}
    form = EARLIER.bound(raising)
    form.is_valid()
    return form.cleaned_data


def forms_of(raising: Raising) -> tuple[InformalRecord, Rows]:
    """The page as it was left, judging nothing."""
    form, rows = bound_forms(raising)
    shown = InformalRecord(initial=typed_before(form, raising.answers.typed), raising=raising)
    kept = [as_typed(row) for row in rows.forms] if rows.is_bound else None
    return shown, agreed_rows(raising, initial=kept)


def bound_forms(raising: Raising) -> tuple[InformalRecord, Rows]:
    typed = raising.answers.typed
    rows_typed = typed if f"{AGREED}-TOTAL_FORMS" in typed else None
    return InformalRecord(typed, raising=raising), agreed_rows(raising, rows_typed)


def agreed_rows(raising: Raising, typed: Any = None, initial: Any = None) -> Rows:
    """What was agreed, by people of the case or outside it."""
    rows = AgreedRows(typed, prefix=AGREED, initial=initial, form_kwargs={"people": raising.doers})
    assert isinstance(rows, Rows)
    return rows


def _page(
    request: SignedRequest, raising: Raising, form: InformalRecord, rows: Rows, errors: Sequence[str] = ()
) -> HttpResponse:
    return render_question(
        request,
        form,
        heading=HEADING,
        button="Save record",
        caption=raising.stage.named if raising.stage else "",
        back=reverse("raise-choice", kwargs={"family": raising.answers.family}),
        save_later=True,
        template="raising/informal.html",
        rows=rows,
        row_name="action",
        errors=errors,
        select_all=selects_all(raising),
        stage_examples=examples([raising.stage] if raising.stage else []),
    )
