"""Who has never signed in: how far each has come, and inviting several of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import messages
from django.db.models import Exists, F, Max, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from undrift.desks.frame.forms import Option
from undrift.desks.frame.listing import FILE, Above, as_csv, in_words, wants_file
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.people.account_shown import invited_in_words
from undrift.desks.people.keepers import kept_by, people_of
from undrift.desks.people.shown import places
from undrift.people import accounts, clock
from undrift.people.models import Authority, Person
from undrift.people.models.account import What

MOST_AT_ONCE = 200


class InviteForm(forms.Form):
    """Which of these people are invited now."""

    def __init__(self, *args: Any, people: Sequence[Person], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        missing = "Select whom to invite"
        self.fields["people"] = forms.MultipleChoiceField(
            label="Whom do you invite now?",
            choices=[(number, Option(_name(one), _so_far(one, now))) for number, one in self.people.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": missing, "invalid_choice": missing},
        )

    def chosen(self) -> list[Person]:
        return [self.people[number] for number in self.cleaned_data["people"]]


def _name(one: Person) -> str:
    return f"{one.name}, {one.agency.name}" if one.agency is not None else one.name


def _so_far(one: Person, now: datetime) -> str:
    invited: datetime | None = vars(one)["invited_at"]
    return invited_in_words(invited, now) if invited is not None else "Not invited yet"


def never_signed_in(authority: Authority, now: datetime) -> list[Person]:
    """Whose accounts are open and who have no work account that was used, those not invited yet first. One query."""
    today = timezone.localdate(now)
    found = (
        people_of(authority)
        .filter(Q(leaves_on=None) | Q(leaves_on__gte=today), is_active=True, last_login=None)
        .exclude(Exists(SocialAccount.objects.filter(user=OuterRef("pk"))))
        .annotate(invited_at=Max("account_acts__at", filter=Q(account_acts__what=What.INVITED)))
        .select_related("agency")
    )
    return list(found.order_by(F("invited_at").desc(nulls_first=True), "name", "pk")[:MOST_AT_ONCE])


@require_http_methods(["GET", "HEAD", "POST"])
def not_signed_in(request: SignedRequest) -> HttpResponse:
    authority, now = kept_by(request.user), clock.now()
    people = never_signed_in(authority, now)
    if wants_file(request):
        rows = [(one.name, one.agency.name if one.agency else "", _so_far(one, now)) for one in people]
        return as_csv("not-signed-in", ("Person", "Agency", "Invitation"), rows)
    form = InviteForm(request.POST if request.method == "POST" else None, people=people, now=now)
    if request.method == "POST" and form.is_valid():
        _invite(request, form.chosen(), now)
        return redirect("not-signed-in")
    return render_question(
        request,
        form if people else None,
        heading="Not signed in yet",
        button="Invite those chosen",
        template="people/not_signed_in.html",
        places=places("not-signed-in"),
        listing=Above(_count(len(people)), csv=with_query(request.path, {"as": FILE})),
        back=reverse("people"),
    )


def _count(found: int) -> str:
    words = in_words(found, ("person", "people"))
    return f"The first {words}, those not invited yet on top" if found == MOST_AT_ONCE else words


def _invite(request: SignedRequest, chosen: Sequence[Person], now: datetime) -> None:
    sent = 0
    for one in chosen:
        try:
            accounts.invite(one, request.user, now)
        except accounts.NotDone as refusal:  # somebody signed in while the page stood open
            messages.warning(request, f"{refusal}.")
        else:
            sent += 1
    invitations = "1 invitation is" if sent == 1 else f"{sent} invitations are"
    messages.success(request, f"{invitations} on the way. Each link works once, for 3 days.")
