"""What to do when a child is at risk now. For everybody, signed in or not; without the database as well."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift.desks.frame import numbers


@login_not_required
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    own = getattr(request.user, "authority_id", None)
    councils = numbers.read_and_keep()
    return render(
        request,
        "urgent/urgent.html",
        {
            "heading": "Urgent help",
            "councils": [one for one in councils if own in (None, one.pk)],
        },
    )
