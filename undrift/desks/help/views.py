"""Pages that only say something: help, the words, accessibility, privacy."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift.desks.help.glossary import WORDS
from undrift.library.numbers import TYPED_KEPT

HEADINGS = {"help": "Help", "accessibility": "Accessibility", "privacy": "Privacy"}


@login_not_required
@require_safe
def plain(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, f"help/{page}.html", {"heading": HEADINGS[page], "typed_days": TYPED_KEPT.days})


@login_not_required
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    return render(request, "help/words.html", {"heading": "Words we use", "words": WORDS})
