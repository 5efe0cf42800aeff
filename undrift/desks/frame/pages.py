"""The kinds of page that most views end in: a question, a pause before something grave, an act that may not happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import permission_denied

from undrift.desks.frame.components import Link


def render_question(
    request: HttpRequest,
    form: forms.BaseForm | None,
    *,
    heading: str,
    button: str,
    back: str = "",
    caption: str = "",
    intro: Sequence[str] = (),
    save_later: bool = False,
    cancel: str = "",
    template: str = "question.html",
    **context: Any,
) -> HttpResponse:
    """A page with one heading, one form and one main button; POSTs to its own address.

    When the label of one of the form's fields is the heading itself, that label becomes the page's h1.
    `rows` adds a Rows formset below the form; `errors` adds sentences (the engine's refusals) to the summary.
    """
    if form is not None:
        vars(form)["heading"] = heading  # read by forms.Question.is_heading
    in_form = form is not None and any(field.label == heading for field in form)
    page = {
        "form": form,
        "heading": heading,
        "heading_in_form": in_form,
        "button": button,
        "back": back,
        "caption": caption,
        "intro": intro,
        "save_later": save_later,
        "cancel": cancel,
    }
    return render(request, template, page | context)


def render_pause(
    request: HttpRequest, *, heading: str, intro: Sequence[str], onward: Link, aside: Link | None = None
) -> HttpResponse:
    """A full-width pause with one way on. Only for immediate risk and for director level."""
    return render(request, "interruption.html", {"heading": heading, "intro": intro, "onward": onward, "aside": aside})


class NotNow(PermissionDenied):
    """An act that may not happen, on something that the reader sees. `back` leads there."""

    def __init__(self, sentence: str, back: Link) -> None:
        super().__init__(sentence)
        self.back = back


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what may not be done or seen: of what the reader sees, with the way back to it."""
    if not isinstance(exception, NotNow):
        return permission_denied(request, exception)
    page = {"heading": "You cannot do this now", "sentence": str(exception), "back": exception.back}
    return render(request, "not_now.html", page, status=403)
