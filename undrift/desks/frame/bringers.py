"""Who these pages are for, and the children that they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404

from undrift.access.bringing import Bringer, Placed
from undrift.access.fetching import NotFound
from undrift.access.matrix import Action, Tie
from undrift.desks.frame.addresses import REFUSALS
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.people import clock
from undrift.record.families import NotChanged

FIELDS: Mapping[str, str] = MappingProxyType({})
NO_SUCH = "No child that you may change has this number. Check it in the case system"


def bringer_of(request: SignedRequest) -> Bringer:
    """Whoever brings in all of their council's children. Refuses everybody else with a sentence."""
    person = request.user
    if person.authority is not None:
        found = Bringer(person, person.authority, clock.now())
        if Tie.WHOLE in found.scope.ties(Action.BRING):
            return found
    raise PermissionDenied(REFUSALS[Action.BRING])


def child_in(request: SignedRequest, bringer: Bringer, public_id: str) -> Placed:
    """404 for a child that is closed to them, or of another council, as for none. Each try leaves a trace."""
    try:
        return bringer.one(public_id, page_of(request))
    except NotFound:
        raise Http404 from None


def done(
    request: SignedRequest, form: forms.Form, act: Callable[[], str], fields: Mapping[str, str] = FIELDS
) -> list[object] | None:
    """None once the act is done, and what it gives is said; else what is wrong and stands at no field of the form.

    `fields` are the form's names for the fields of a refusal.
    """
    if request.method != "POST" or not form.is_valid():
        return []
    try:
        messages.success(request, act())
    except NotChanged as refusal:
        return _put(form, refusal, fields)
    return None


def _put(form: forms.Form, refusal: NotChanged, fields: Mapping[str, str]) -> list[object]:
    """At its field where the form has it; else above the form."""
    field = fields.get(refusal.field, refusal.field)
    if field in form.fields:
        form.add_error(field, refusal.sentence)
        return []
    return [refusal.sentence]
