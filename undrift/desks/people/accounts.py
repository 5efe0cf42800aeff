"""Who may get in: adding somebody, inviting them, opening an unused account, and a second factor that was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from undrift.desks.frame import factor
from undrift.desks.frame.factor import ask_again
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.people.account_forms import INVITE, AddPersonForm
from undrift.desks.people.account_shown import comes_by_work_account
from undrift.desks.people.keepers import kept_by, person_in
from undrift.library.numbers import CONFIRMED_WITHIN
from undrift.people import accounts, clock
from undrift.people.accounts import NotDone
from undrift.people.models import Person
from undrift.record.handing_on import hand_on_all

Act = Callable[[Person, Person, datetime], None]


@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: SignedRequest) -> HttpResponse:
    authority, now = kept_by(request.user), clock.now()
    form = AddPersonForm(
        request.POST if request.method == "POST" else None,
        authority=authority,
        by_work_account=comes_by_work_account(authority),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            added = accounts.add_person(said["name"], said["email"], said["phone"], said["agency"], request.user, now)
        except NotDone as refusal:
            form.add_error("email", str(refusal))
        else:
            if said["how"] == INVITE:
                accounts.invite(added, request.user, now)
            sent = " We are sending them an invitation." if said["how"] == INVITE else ""
            messages.success(request, f"{added.name} is added.{sent}")
            return redirect("person", added.pk)
    return render_question(request, form, heading="Add a person", button="Add this person", back=reverse("people"))


@require_POST
def invite(request: SignedRequest, number: int) -> HttpResponse:
    one = person_in(kept_by(request.user), number)
    return _done(request, one, accounts.invite, "We are sending {name} an invitation. Any earlier one works no more.")


@require_POST
def open_account(request: SignedRequest, number: int) -> HttpResponse:
    """What fell to others while it was closed is theirs again."""
    authority = kept_by(request.user)
    one = person_in(authority, number)
    answer = _done(request, one, accounts.open_again, "{name} can sign in again.")
    hand_on_all(authority, clock.now())
    return answer


# What may be pressed, what it does, and what is said when it is done.
STEPS: Mapping[str, tuple[Act, str]] = {
    "ask": (accounts.ask_removal, "Asked. A second administrator confirms it within 24 hours. {name} has been told."),
    "confirm": (accounts.confirm_removal, "The second factor of {name} is removed, and they are told. They are signed "
                                          "out, and set up a new one when they sign in."),
    "take-back": (accounts.take_back_removal, "Taken back. The second factor of {name} stays as it is."),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def lost_factor(request: SignedRequest, number: int) -> HttpResponse:
    """One administrator asks, a second confirms; each has just shown again that it is they."""
    authority, now = kept_by(request.user), clock.now()
    one = person_in(authority, number)
    here = reverse("lost-factor", args=[one.pk])
    if not factor.is_fresh(request):
        return ask_again(request, here)
    if request.method == "POST" and request.POST.get("do", "") in STEPS:
        return _done(request, one, *STEPS[request.POST["do"]])
    asked = accounts.removal_asked(one, authority, now)
    return render(request, "people/lost_factor.html", {
        "heading": "A lost second factor",
        "back": reverse("person", args=[one.pk]),
        "person": one,
        "oneself": one == request.user,
        "has_one": factor.has_one(one),
        "asked": asked,
        "until": asked.at + CONFIRMED_WITHIN if asked is not None else None,
        "own": asked is not None and asked.by == request.user,
        "why_not": accounts.why_not_removed_by(request.user, asked, now) if asked is not None else None,
    })  # fmt: skip


def _done(request: SignedRequest, one: Person, act: Act, said: str) -> HttpResponse:
    try:
        act(one, request.user, clock.now())
    except NotDone as refusal:
        messages.warning(request, f"{refusal}.")
    else:
        messages.success(request, said.format(name=one.name))
    return redirect("person", one.pk)
