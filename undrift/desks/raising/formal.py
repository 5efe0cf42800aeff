"""The question pages of a formal concern, one thing a page, and the answers to check before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.desks.concern.asked_oneself import before_raising, examples
from undrift.desks.concern.drawn import (
    SELECT_ALL,
    all_on_plan,
    come_back_later,
    place,
    selects_all,
    show_refusal,
    typed_before,
)
from undrift.desks.concern.earlier import shown as earlier_shown
from undrift.desks.concern.fields import Question
from undrift.desks.concern.on_its_way import Raising, open_raising
from undrift.desks.concern.suggestion import grave_words, starts
from undrift.desks.concern.typed_so_far import FORMAL, INFORMAL
from undrift.desks.concern.who_and_when import answers_to_check, due_day, impacts_to_check, parts_of, unallocated_in
from undrift.desks.frame.components import Link
from undrift.desks.frame.keeping import shown_again, untaken
from undrift.desks.frame.pages import render_pause, render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import offered
from undrift.desks.raising import steps
from undrift.desks.raising.informal import save_kept as save_informal
from undrift.desks.raising.questions import Ring
from undrift.desks.raising.sending import SentBefore, formal_act, send, verdict
from undrift.desks.raising.sent import sent_before
from undrift.desks.raising.steps import EARLIER, MADE_SAFE, Step
from undrift.protocol.model import Stage
from undrift.record.outcomes import Refused


def question(request: SignedRequest, draft: int, page: str) -> HttpResponse:
    beside = {step.id: step for step in (MADE_SAFE, EARLIER)}  # an informal record asks these, too
    raising = open_raising(request, draft, *((FORMAL, INFORMAL) if page in beside else (FORMAL,)))
    if raising.answers.sent_as:
        return _sent_before(request, raising.answers.sent_as)
    step = MADE_SAFE if page == MADE_SAFE.id else steps.step_called(raising, page)
    if page == EARLIER.id and raising.informal:
        step = EARLIER if EARLIER.applies(raising) else None
    if step is None:
        return _elsewhere(raising, page)
    if request.method != "POST":
        return _page(request, raising, step, _as_left(raising, step, checked=_from_check(request)))
    form = step.form(request.POST, raising=raising)
    raising.answers.keep(step.id, request.POST, form)
    if request.POST.get("save"):
        return come_back_later(request, raising.answers)
    if request.POST.get("select") == SELECT_ALL:
        raising.answers.put("children", *all_on_plan(raising))
        return shown_again(request)
    if form.is_valid() and step is EARLIER and raising.informal:
        return save_informal(request, raising)
    if form.is_valid() and not _refused(raising, step, form):
        return redirect(_onward(request, raising, step))
    return _page(request, raising, step, form)


def _elsewhere(raising: Raising, page: str) -> HttpResponse:
    """A question that does not apply yet waits for the ones before it."""
    if raising.informal:
        return redirect("raise-informal", raising.answers.id)
    missing = steps.unanswered(raising)
    if page not in {step.id for step in steps.STEPS} or missing is None:
        raise Http404(f"There is no question called {page} here.")
    return untaken(redirect(steps.address(raising, missing)))


def _from_check(request: SignedRequest) -> bool:
    return request.GET.get("from") == "check"


def _as_left(raising: Raising, step: Step, *, checked: bool = False) -> Question:
    """The form with what was typed. Coming from the check, it also shows what the engine refuses about it."""
    bound = step.bound(raising)
    if checked and offered() is None and (not bound.is_valid() or _refused(raising, step, bound)):
        return bound
    return step.form(initial=typed_before(bound, raising.answers.typed), raising=raising)


def _refused(raising: Raising, step: Step, form: Question) -> bool:
    """Ask the engine, as soon as there is a stage to ask about, and show what it says of this page."""
    if raising.stage is None or step is MADE_SAFE or raising.informal:
        return False
    refusal = verdict(raising, formal_act(raising))
    if refusal is None or (at := place(raising, refusal)).page != step.id:
        return False
    show_refusal(form, refusal, at.box)
    return bool(form.errors)


def _onward(request: SignedRequest, raising: Raising, step: Step) -> str:
    if step.id == "risk" and raising.risk:
        return reverse("raise-act-first", args=[raising.answers.id])
    if step is MADE_SAFE:
        return after_safety(raising)
    if _from_check(request):
        missing = steps.unanswered(raising)
        return steps.address(raising, missing) if missing else _check_address(raising)
    return steps.after(raising, step.id)


def after_safety(raising: Raising) -> str:
    """Where one goes on once the immediate risk has been looked at."""
    if raising.informal:
        return reverse("raise-carry-on", args=[raising.answers.id])
    if steps.unanswered(raising) is None:
        return _check_address(raising)
    return steps.after(raising, "risk")


def _check_address(raising: Raising) -> str:
    return reverse("raise-check", args=[raising.answers.id])


def _page(request: SignedRequest, raising: Raising, step: Step, form: Question) -> HttpResponse:
    back = _check_address(raising) if _from_check(request) else steps.before(raising, step.id)
    if step is MADE_SAFE:
        back = reverse("raise-act-first", args=[raising.answers.id])
    elif raising.informal:
        back = reverse("raise-informal", args=[raising.answers.id])
    return render_question(
        request,
        form,
        heading=step.heading(raising),
        button="Continue",
        caption="Raise a concern",
        back=back,
        intro=step.intro,
        save_later=True,
        template=step.template,
        **_beside(raising, step),
    )


def _beside(raising: Raising, step: Step) -> dict[str, Any]:
    """What a page shows besides its question."""
    match step.id:
        case "children":
            return {"select_all": selects_all(raising)}
        case "stage":
            offered = starts(raising.protocol, informal=False)
            return {"ask_yourself": before_raising(raising.protocol), "stage_examples": examples(offered)}
        case "people":
            return _people(raising, _stage(raising))
        case "earlier":
            return earlier_shown(raising)
        case _:
            return {}


def _stage(raising: Raising) -> Stage:
    if raising.stage is None:
        raise Http404("No stage is chosen yet.")
    return raising.stage


def _people(raising: Raising, stage: Stage, chosen: date | None = None) -> dict[str, Any]:
    another = f"{reverse('raise-question', args=[raising.answers.id, 'agency'])}?from=check"
    return {
        "parts": parts_of(raising),
        "due": due_day(raising.case, stage, chosen),
        "stage": stage,
        "unallocated": unallocated_in(raising),
        "unheld": raising.post_asked,
        "another_agency": another if raising.asks_for_agency else "",
    }


def pause(request: SignedRequest, draft: int) -> HttpResponse:
    """Before a concern that goes straight to one of the highest levels."""
    raising = open_raising(request, draft, FORMAL)
    stage = _stage(raising)
    asked = stage.answer
    to = raising.protocol.title_of(asked.who) if asked else stage.named
    return render_pause(
        request,
        heading=f"This goes to the {to}",
        intro=grave_words(raising.receiver, stage),
        onward=Link("Check your answers", reverse("raise-check", args=[raising.answers.id])),
        aside=Link("Choose another stage", reverse("raise-question", args=[raising.answers.id, "stage"])),
    )


def check(request: SignedRequest, draft: int) -> HttpResponse:
    raising = open_raising(request, draft, FORMAL)
    if raising.answers.sent_as:
        return _sent_before(request, raising.answers.sent_as)
    if request.POST.get("save"):
        return come_back_later(request, raising.answers)
    if missing := steps.unanswered(raising):
        return untaken(redirect(steps.address(raising, missing)))
    form = Ring(request.POST if request.method == "POST" else None, raising=raising)
    if request.method != "POST" or not form.is_valid():
        return _checked(request, raising, form)
    try:
        instead = form.cleaned_data.get("instead", "")
        reference = send(raising, formal_act(raising, form.cleaned_data), instead)
    except SentBefore as before:
        return _sent_before(request, before.reference)
    except Refused as refused:
        page = place(raising, refused.refusal).page
        href = f"{reverse('raise-question', args=[raising.answers.id, page])}?from=check" if page else ""
        return _checked(request, raising, form, [(refused.refusal.sentence, href)])
    return redirect("raise-sent", reference)


def _sent_before(request: SignedRequest, reference: str) -> HttpResponse:
    return sent_before(request, reference, reverse("raise-sent", args=[reference]))


def _checked(
    request: SignedRequest, raising: Raising, form: Ring, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    cleaned = steps.cleaned(raising)
    return render_question(
        request,
        form,
        heading="Check your answers",
        button=f"Send to {raising.receiver}",
        caption="Raise a concern",
        back=steps.address(raising, steps.steps_of(raising)[-1]),
        save_later=True,
        template="raising/check.html",
        to_check=answers_to_check(raising, cleaned),
        impacts=impacts_to_check(raising, cleaned),
        errors=errors,
        risk=raising.risk,
        below_risk=raising.below_risk,
        another_stage=f"{reverse('raise-question', args=[raising.answers.id, 'stage'])}?from=check",
        stage_examples=examples([_stage(raising)]),
        **earlier_shown(raising),
        **_people(raising, _stage(raising), cleaned.get("date")),
    )
