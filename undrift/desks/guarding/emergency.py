"""Opening the record of a child one is not named for, in an emergency. The second factor is asked for again."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from undrift.access.emergency import close, open_found, running
from undrift.access.restricting import NotDone
from undrift.desks.frame import factor
from undrift.desks.frame.days import clock_time
from undrift.desks.frame.factor import ask_again
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.guarding.forms import GlassForm
from undrift.library.numbers import OPEN_FOR, OPENING_FRESH_SECONDS
from undrift.people import clock

INTRO = (
    f"One child’s record opens to you, to read, for {OPEN_FOR // timedelta(minutes=1)} minutes.",
    "The child’s chair, Safeguarding and Review and information governance are told at once. One of them reviews it.",
)


@sensitive_post_parameters("first_name", "last_name", "number", "reason", "born_day", "born_month", "born_year")
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: SignedRequest) -> HttpResponse:
    """Found or not, the answer to who may not see it is the same page."""
    if not _is_fresh(request):
        return ask_again(request, reverse("glass"))
    form = GlassForm(request.POST if request.method == "POST" else None, today=clock.today())
    errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            opening = open_found(form.sought, request.user, said["purpose"], said["reason"], page=page_of(request))
        except NotDone as refusal:
            errors = [refusal.sentence]
        else:
            if opening is None:
                return render(request, "guarding/not_opened.html", {"heading": "The record could not be opened"})
            request.session.cycle_key()
            messages.success(request, f"The record is open to you until {clock_time(opening.until)}.")
            return redirect("child", opening.child.public_id)
    now_open = running(request.user, clock.now())
    return render_question(
        request,
        form,
        heading="Open a record in an emergency",
        button="Open this record",
        back=reverse("search"),
        template="guarding/emergency.html",
        intro=INTRO,
        errors=errors,
        warning=True,
        running=now_open,
        running_href=reverse("child", args=[now_open.child.public_id]) if now_open is not None else "",
    )


def _is_fresh(request: SignedRequest) -> bool:
    """In the demonstration there is nothing to protect, and nobody has a second factor to give again."""
    return settings.DEMO or not settings.SECOND_FACTOR_REQUIRED or factor.is_fresh(request, OPENING_FRESH_SECONDS)


@require_POST
def end(request: SignedRequest) -> HttpResponse:
    """Close what is open before its hour is over."""
    if close(request.user, clock.now()):
        messages.success(request, "The record is closed to you again. Its review goes on as before.")
    return redirect("home")
