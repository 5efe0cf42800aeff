"""A draft whose form opens no more: read again, and discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from undrift.access.rows import visible_to
from undrift.access.scope import scope_of
from undrift.desks.concern.typed_so_far import said_of
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.home.drafts import KINDS, forms_of
from undrift.desks.home.kept import written
from undrift.library.numbers import TYPED_KEPT
from undrift.people import clock
from undrift.record.drafts import own_draft
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.record.models import Draft


@require_safe
def kept_draft(request: SignedRequest, number: int) -> HttpResponse:
    """404 for anybody but its writer."""
    draft, now = _own(request, number), clock.now()
    scope = scope_of(request.user, now)
    known = visible_to(Resolution, request.user, now, scope).filter(pk=draft.case_id).first() if draft.case_id else None
    return render(request, "home/kept_text.html", {
        "heading": "What you wrote",
        "kept": draft,
        "written": list(written(dict(said_of(draft.content)), draft.content.get("labels", {}))),
        "form_at": forms_of(request.user, [draft], scope, now).get(draft.pk, ""),
        "record": known.reference if known is not None else "",
        "days": TYPED_KEPT.days,
        "clear_at": reverse("clear-kept-draft", args=[draft.pk]),
    })  # fmt: skip


@require_POST
def clear(request: SignedRequest, number: int) -> HttpResponse:
    _own(request, number).delete()
    messages.success(request, "What you had typed is cleared.")
    return redirect("home")


def _own(request: SignedRequest, number: int) -> Draft:
    draft = own_draft(request.user, number, KINDS)
    if draft is None or "sent" in draft.content:
        raise Http404("No such draft, or not one of yours.")
    return draft
