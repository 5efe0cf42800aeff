"""The schedule of one concern, as a page and on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.desks.concern.opened import picture_of
from undrift.desks.frame.components import Table
from undrift.desks.frame.signed import SignedRequest
from undrift.resolutions.schedule import HEADS, schedule


@require_safe
def stages(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    called = picture.rules.protocol.words.schedule
    return render(request, "resolution/schedule.html", {
        "heading": f"{called}, {reference}",
        "picture": picture,
        "table": Table(called, HEADS, schedule(picture)),
        "back": reverse("resolution", args=[reference]),
    })  # fmt: skip
