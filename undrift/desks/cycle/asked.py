"""A key action, for whoever was asked about it and may open no record of the child: one page of it alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.access.fetching import NotFound
from undrift.desks.cycle.between_forms import FeedbackForm
from undrift.desks.cycle.doing import posted
from undrift.desks.frame.components import Link
from undrift.desks.frame.keeping import not_taken
from undrift.desks.frame.pages import NotNow, render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.people import clock
from undrift.plan_cycle.key_actions import Asked, ToldAlready, asked_of, tell, told_already
from undrift.record.outcomes import DecidedMeanwhile, Refused


def key_action(request: SignedRequest, reference: str, action: str) -> HttpResponse:
    """What was asked, and how it stands. 404 for whoever was not asked, as for one that is not there.

    Whoever was asked and comes second is told so, and what they typed is kept.
    """
    now = clock.now()
    try:
        found = asked_of(reference, action, request.user, now, page=page_of(request))
    except ToldAlready as told:
        if request.method == "POST" and (kept := _not_taken(request, FeedbackForm(), told.sentence)) is not None:
            return kept
        raise NotNow(told.sentence, Link("Go to Home", reverse("home"))) from None
    except NotFound:
        raise Http404 from None
    form = FeedbackForm(posted(request), initial={"on": london_date(now)})
    if request.method == "POST" and form.is_valid() and (answer := _told(request, found, form)) is not None:
        return answer
    return render_question(
        request, form, heading="How does a key action stand?", button="Tell the chair", back=reverse("home"),
        cancel=reverse("home"), caption=found.children,
        intro=[found.action.wording, f"{found.conference}. {found.chair} asks to hear by {full_day(found.action.by)}.",
               "Those who may open the child’s record read what you write."],
    )  # fmt: skip


def _told(request: SignedRequest, found: Asked, form: FeedbackForm) -> HttpResponse | None:
    """Tell the chair and go home; None where it is refused, with the words at their field."""
    said = form.cleaned_data
    act = acts.FeedBack(found.action.id, said["on"], said["done"] == "yes", said["text"])
    try:
        tell(found, act, request.user)
    except Refused as refused:
        about = refused.refusal.about
        form.add_error(about if about in form.fields else None, refused.refusal.sentence)
        return None
    except DecidedMeanwhile as meanwhile:
        sentence = told_already(found, request.user, clock.now()) or meanwhile.sentence
        form.add_error(None, sentence)
        return _not_taken(request, form, sentence)
    messages.success(request, "The chair is told.")
    return redirect("home")


def _not_taken(request: SignedRequest, form: FeedbackForm, sentence: str) -> HttpResponse | None:
    """The page on which they read what they typed; None where they typed nothing."""
    return not_taken(request, sentence, {field.html_name: str(field.label) for field in form})
