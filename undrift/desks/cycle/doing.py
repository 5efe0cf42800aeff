"""A child's plan cycle opened for a person, an act asked for and done, and what came of it.

One more act is: a form in `forms`, a view of a few lines that calls `opened` and `asked`, its address in `urls` with a
rule in `frame/addresses.py`, and a row in `ways`, by which it is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from undrift.access.fetching import NotFound, fetch_child
from undrift.access.rows import children_visible_to
from undrift.access.scope import scope_anew
from undrift.desks.frame.addresses import action_of
from undrift.desks.frame.components import Fact, Link
from undrift.desks.frame.forms import Rows, as_typed
from undrift.desks.frame.keeping import not_taken
from undrift.desks.frame.pages import NotNow, render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.frame.typed import as_number
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import Conference
from undrift.engine.refusal import Refusal
from undrift.people import clock
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.picture import Picture
from undrift.plan_cycle.queries import context_of, picture_of
from undrift.protocol.model import Checklist, ChecklistItem, MetBy
from undrift.record.outcomes import DecidedMeanwhile, Refused

Asks = Callable[[dict[str, Any]], acts.Act]


def cycle_of(request: SignedRequest, public_id: str) -> Picture:
    """The cycle of a child as this person may see it; 404 for one out of sight, as for one that is absent."""
    now = clock.now()
    try:
        child = fetch_child(public_id, request.user, now, action=action_of(request), page=page_of(request))
    except NotFound:
        raise Http404 from None
    return picture_of(child, request.user, now)


def opened(request: SignedRequest, public_id: str, act: str) -> Picture:
    """The same, where the act may happen now; else the page that says why not, in the words of its button."""
    picture = cycle_of(request, public_id)
    refusal = picture.moves[act].refusal
    if refusal is not None:
        raise NotNow(_said(refusal), Link("Go back to it", address_of(picture)))
    return picture


def conference_in(picture: Picture, key: str) -> Conference:
    """A conference about this child that the record knows; 404 for any other."""
    found = picture.conference(key)
    if found is None:
        raise Http404
    return found


def _said(refusal: Refusal) -> str:
    sentence = refusal.sentence if refusal.sentence.endswith((".", "?")) else f"{refusal.sentence}."
    return f"{sentence} (The policy: {refusal.clause})" if refusal.clause else sentence


def checklists_of(picture: Picture, met_by: MetBy) -> list[Checklist]:
    """What the policy goes through with the steps that this meets."""
    protocol = picture.rules.protocol
    found = (protocol.checklist(step.checklist or "") for step in protocol.met_by(met_by))
    return [checklist for checklist in found if checklist is not None]


def asked_in(picture: Picture, met_by: MetBy) -> list[ChecklistItem]:
    """The questions of the policy's checklists for it, in their order."""
    return [item for checklist in checklists_of(picture, met_by) for item in checklist.items]


def open_names(picture: Picture) -> Mapping[str, str]:
    """The children of the cycle whom the viewer may see and who may be asked about, this one first."""
    known = picture.state.children
    return {key: name for key, name in picture.names.items() if key in known and (key == picture.id or known[key].open)}


def address_of(picture: Picture) -> str:
    return reverse("child-cycle", args=[picture.child.public_id])


def posted(request: SignedRequest) -> Any:
    """What was sent, for a form; None where the page is only read."""
    return request.POST if request.method == "POST" else None


def asked(
    request: SignedRequest,
    picture: Picture,
    form: forms.Form,
    *,
    act: Asks,
    heading: str,
    button: str,
    done: str,
    fields: Mapping[str, str] | None = None,
    rows: Rows | None = None,
    onward: str = "",
    joined_by: Callable[[dict[str, Any]], Iterable[str]] | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of an act: asks, does it, and leads to the cycle or `onward`; what is refused stands at its field.

    `act` is made of what the form holds; `fields` says which field of the form a refusal's `about` belongs to, and
    `rows` are answers that may be given several times. `joined_by` are those with whom a cycle begins besides.
    """
    again = rows.shown_again() if rows is not None and request.method == "POST" else None
    if again is not None:
        _unjudged(form)
    if request.method == "POST" and again is None and form.is_valid() & (rows is None or rows.is_valid()):
        others = tuple(joined_by(form.cleaned_data)) if joined_by is not None else ()
        answer = _attempt(request, picture, act(form.cleaned_data), form, fields or {}, done, onward, others)
        if answer is not None:
            return answer
    return render_question(
        request,
        form,
        heading=heading,
        button=button,
        back=address_of(picture),
        caption="Plan cycle",
        **{
            "template": "cycle/ask.html",
            "picture": picture,
            "identity": identity(picture),
            "rows": again or rows,
            "cancel": address_of(picture),
            **context,
        },
    )


def _unjudged(form: forms.Form) -> None:
    """With what was typed so far and nothing said of it: a row was asked for, and nothing was sent yet."""
    form.initial = as_typed(form)
    form.is_bound = False


def _attempt(
    request: SignedRequest,
    picture: Picture,
    act: acts.Act,
    form: forms.Form,
    fields: Mapping[str, str],
    done: str,
    onward: str,
    others: Sequence[str],
) -> HttpResponse | None:
    """Do it and go on; or put the refusal at its field and return None, so that the form is shown again."""
    given = as_number(request.POST.get("seen", ""))
    how: dict[str, Any] = {"context": context_of(picture, others)}
    if picture.begun:
        how = {"case": picture.case, "seen": given if given is not None else picture.state.seq}
    try:
        perform(act, by=request.user, **how)
    except Refused as refused:
        _put(form, refused.refusal, fields)
        return None
    except DecidedMeanwhile as meanwhile:
        labels = {field.html_name: str(field.label) for field in form}
        if (kept := not_taken(request, meanwhile.sentence, labels)) is not None:
            return kept
        page = {"heading": "Somebody decided first", "sentence": meanwhile.sentence, "back": address_of(picture)}
        return render(request, "cycle/meanwhile.html", page, status=409)
    messages.success(request, done)
    seen = children_visible_to(request.user, picture.now, scope_anew(request.user, picture.now))
    if not seen.filter(pk=picture.child.pk).exists():
        return redirect("home")  # it was the last that was theirs to do
    return redirect(onward or address_of(picture))


def _put(form: forms.Form, refusal: Refusal, fields: Mapping[str, str]) -> None:
    """The engine's refusal at the field it is about, in the same words."""
    about = fields.get(refusal.about, refusal.about)
    of_child, of_row = f"{about}-{refusal.child}", f"{about}-{refusal.row}"
    name = next((name for name in (of_child, of_row, about) if name in form.fields), None)
    form.add_error(name, refusal.sentence)


def identity(picture: Picture) -> tuple[Fact, ...]:
    """What stands beside the child's name on every page of an act."""
    found = picture.found.get(picture.rules.protocol.chair)
    chair = found.person.name if found is not None and found.person is not None else "Nobody yet"
    facts = (Fact(picture.rules.protocol.words.chair, chair),)
    return (*facts, Fact("Reference", picture.case.reference)) if picture.begun else facts
