"""Pages that only say something: help, the words, the policy, accessibility, privacy."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift.desks.help.glossary import WORDS
from undrift.people.models import Authority

HEADINGS = {"help": "Help", "accessibility": "Accessibility", "privacy": "Privacy"}


@login_not_required
@require_safe
def plain(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, f"help/{page}.html", {"heading": HEADINGS[page]})


@login_not_required
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    return render(request, "help/words.html", {"heading": "Words we use", "words": WORDS})


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    own = getattr(request.user, "authority_id", None)
    councils = Authority.objects.order_by("name")
    return render(
        request,
        "help/policy.html",
        {
            "heading": "The policy",
            "councils": councils.filter(pk=own) if own else councils,
        },
    )
