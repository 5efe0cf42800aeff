"""What to do when a child is at risk now. For everybody, signed in or not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift.people.models import Authority


@login_not_required
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    own = getattr(request.user, "authority_id", None)
    councils = Authority.objects.order_by("name").only("name", "front_door_phone", "out_of_hours_phone")
    return render(
        request,
        "urgent/urgent.html",
        {
            "heading": "Urgent help",
            "councils": councils.filter(pk=own) if own else councils,
        },
    )
