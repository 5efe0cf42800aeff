"""Who may see one child's record: restricted or not, the list, who is kept out; and the acts that change it.

Two ways lead here: from the child's own pages (door "child"), and, for a restricted child, from the council's register
(door "register"), where those who guard the council's records act without opening one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from undrift.access import restricting as guarding
from undrift.access.by_number import restricted_children
from undrift.access.listed import leave_trace
from undrift.access.matrix import Action, Tie
from undrift.access.models import Exclusion, Listing
from undrift.access.restricting import NotDone
from undrift.access.scope import scope_of
from undrift.desks.frame.components import Fact, Table
from undrift.desks.frame.components import Link as Linked
from undrift.desks.frame.listing import listed, table_as_csv, wants_file
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.guarding.forms import ExcludeForm, NameForm, NothingMore, RestrictForm
from undrift.desks.guarding.shown import around, council_places, guarding_pages
from undrift.desks.guarding.ways_in import (
    BY_POST,
    Guarded,
    child_for,
    guarded_by,
    number_of,
    restricted_for,
)
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.library.numbers import NAMED_FOR_AT_FIRST
from undrift.people import clock
from undrift.people.models import Person
from undrift.people.roster import in_reach
from undrift.record.handing_on import HandedOn
from undrift.record.sight import as_service

if TYPE_CHECKING:
    from datetime import datetime

    from undrift.children.models import Child

REGISTER = "register"
CHAIR_OR_WORKER = "its chair or worker"


@require_safe
def guard(request: SignedRequest, public_id: str, door: str) -> HttpResponse:
    guarded, now = _through(request, public_id, door), clock.now()
    child = guarded.child
    with as_service():
        restriction = guarding.restriction_of(child)
        names, kept_out = list(guarding.names_of(child, now)), list(guarding.exclusions_of(child))
    facts: list[Fact] = []
    if restriction is not None:
        facts = [
            Fact("Restricted since", full_day(london_date(restriction.set_at))),
            Fact("By", restriction.set_by.name),
            Fact("Why", restriction.reason),
        ]
        if restriction.lift_asked_by is not None and restriction.lift_asked_at is not None:
            asked = f"{restriction.lift_asked_by.name}, {full_day(london_date(restriction.lift_asked_at))}"
            facts.append(Fact("Lifting asked for by", asked))
    asker = restriction.lift_asked_by if restriction is not None else None
    return render(request, "guarding/guard.html", {
        "heading": "Who may see",
        **around(request, guarded, _name("guard", door), now),
        "restricted": child.restricted,
        "facts_of_it": facts,
        "asked": asker is not None,
        "may_lift": asker is not None and asker != request.user,
        "names": [(one, _address("unname", door, public_id, number=one.pk)) for one in names],
        "kept_out": [(one, _address("readmit", door, public_id, number=one.pk)) for one in kept_out],
        "acts": {name.replace("-", "_"): _address("act", door, public_id, act=name) for name in ACTS},
    })  # fmt: skip


@require_safe
def pages(request: SignedRequest) -> HttpResponse:
    """Where those who guard records go on from."""
    found = guarding_pages(request, clock.now())
    if not found:
        raise PermissionDenied(BY_POST)
    return render(request, "guarding/pages.html", {"heading": "Need to know", "pages": found})


@require_safe
def register(request: SignedRequest) -> HttpResponse:
    authority, now = guarded_by(request), clock.now()
    with as_service():
        children = list(restricted_children(authority, request.user))
        rows = [_row(child, now) for child in children]
    table, above = listed(
        request,
        Table("Only those named see these", ("Record", "Since", "By", "Lifting", "Can open it"), rows),
        ("record", "records"),
        (0, 2, 3, 4),
        usual="As they came",
    )
    if rows and wants_file(request):
        about = [(child.authority_id, child.pk) for child in children]
        leave_trace(request.user, about, page=page_of(request), now=now)
        return table_as_csv("restricted", table)
    return render(request, "guarding/restricted.html", {
        "heading": "Restricted records",
        "places": council_places(request, "restricted", now),
        "table": table if rows else None,
        "listing": above if rows else None,
    })  # fmt: skip


def _row(child: Child, now: datetime) -> tuple[object, ...]:
    link = Linked(number_of(child), reverse("restricted-child", args=[child.public_id]))
    found = guarding.restriction_of(child)
    named, by_work = guarding.opens_to(child, now), guarding.opens_by_work(child, now)
    open_to = (
        ", ".join(filter(None, (f"{named} named" if named else "", CHAIR_OR_WORKER if by_work else ""))) or "Nobody"
    )
    if found is None:
        return link, guarding.CAME_SO.capitalize(), "", "Not asked for", open_to
    asked = f"Asked for by {found.lift_asked_by.name}" if found.lift_asked_by is not None else "Not asked for"
    return link, full_day(london_date(found.set_at), short=True), found.set_by.name, asked, open_to


# The acts -------------------------------------------------------------------------------------------------------------

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """One question and what its answer brings about: a sentence that says so."""

    heading: str
    button: str
    form: type[forms.Form]
    do: Callable[[Child, Person, Said], str]
    intro: str
    people: Callable[[Person], QuerySet[Person]] | None = None
    warning: bool = False


def _restrict(child: Child, by: Person, said: Said) -> str:
    guarding.restrict(child, by, said["reason"])
    names = [one.person.name for one in guarding.names_of(child, clock.now())]
    return f"From now on only those named see this record. On the list: {', '.join(names) or 'nobody yet'}."


def _ask(child: Child, by: Person, said: Said) -> str:
    guarding.ask_to_lift(child, by)
    return "Your wish is on record. The record stays restricted until a second person lifts it."


def _lift(child: Child, by: Person, said: Said) -> str:
    guarding.lift(child, by)
    return "The restriction is lifted. All whose work it is see the record again."


def _name_person(child: Child, by: Person, said: Said) -> str:
    made = guarding.name(child, said["person"], said["why"], said["until"], by)
    return f"{made.person.name} is on the list until {full_day(said['until'])}."


def _exclude(child: Child, by: Person, said: Said) -> str:
    done = guarding.exclude(child, said["person"], said["why"], by)
    return f"{said['person'].name} is kept out from now on. {_handed(done)}".strip()


def _handed(done: HandedOn) -> str:
    if not done.resolutions:
        return ""
    what = "1 resolution has" if done.resolutions == 1 else f"{done.resolutions} resolutions have"
    return f"{what} changed hands, and whoever has it now has been told. No date has changed."


def _of_council(viewer: Person) -> QuerySet[Person]:
    people = Person.objects.filter(authority=viewer.authority_id, is_active=True, leaves_on=None)
    return people.exclude(pk=viewer.pk).order_by("name", "pk")


def _of_council_and_partners(viewer: Person) -> QuerySet[Person]:
    assert viewer.authority is not None  # who guards a record works for its council
    people = Person.objects.filter(in_reach(viewer.authority), is_active=True)
    return people.exclude(pk=viewer.pk).order_by("name", "pk")


ACTS: Mapping[str, Act] = {
    "restrict": Act(
        "Restrict this record", "Restrict this record", RestrictForm, _restrict,
        "It takes effect at once. The child’s chair and social worker are put on the list with it.", warning=True,
    ),
    "ask-to-lift": Act(
        "Ask to lift the restriction", "Ask to lift it", NothingMore, _ask,
        "It takes two people to lift a restriction. You are the first; nothing changes until a second one agrees.",
    ),
    "lift": Act(
        "Lift the restriction", "Lift the restriction", NothingMore, _lift,
        "All whose work it is will see the record again. You cannot lift what you asked for yourself.", warning=True,
    ),
    "name": Act(
        "Put somebody on the list", "Put on the list", NameForm, _name_person,
        "They see this record up to the last day, even while it is restricted.", _of_council,
    ),
    "exclude": Act(
        "Keep somebody out", "Keep out", ExcludeForm, _exclude,
        "They see nothing of this record from now on, whatever their post. What they have to do about this child goes"
        " to the next person.", _of_council_and_partners, warning=True,
    ),
}  # fmt: skip


def act(request: SignedRequest, public_id: str, act: str, door: str) -> HttpResponse:
    guarded = _through(request, public_id, door)  # first, so that a try leaves its trace whatever was asked for
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    more: dict[str, Any] = {"people": chosen.people(request.user)} if chosen.people is not None else {}
    if chosen.form is NameForm:
        more["initial"] = {"until": london_date(clock.now()) + NAMED_FOR_AT_FIRST}
    form = chosen.form(request.POST if request.method == "POST" else None, **more)
    errors: list[object] = []
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, chosen.do(guarded.child, request.user, form.cleaned_data))
            return redirect(_afterwards(request, guarded.child))
        except NotDone as refusal:
            if refusal.field in form.fields:
                form.add_error(refusal.field, refusal.sentence)
            else:
                errors = [refusal.sentence]
    return render_question(
        request,
        form,
        heading=chosen.heading,
        caption=guarded.title,
        button=chosen.button,
        back=_address("guard", door, public_id),
        intro=[chosen.intro],
        errors=errors,
        warning=chosen.warning,
    )


@require_POST
def unname(request: SignedRequest, public_id: str, number: int, door: str) -> HttpResponse:
    guarded = _through(request, public_id, door)
    with as_service():
        found = Listing.objects.filter(child=guarded.child, pk=number).select_related("person", "child").first()
    if found is None:
        raise Http404
    return _done(
        request, guarded.child, lambda: guarding.unname(found, request.user), f"{found.person.name} is off the list."
    )


@require_POST
def readmit(request: SignedRequest, public_id: str, number: int, door: str) -> HttpResponse:
    guarded = _through(request, public_id, door)
    with as_service():
        found = Exclusion.objects.filter(child=guarded.child, pk=number).select_related("person", "child").first()
    if found is None:
        raise Http404
    said = f"{found.person.name} is no longer kept out."
    return _done(request, guarded.child, lambda: guarding.lift_exclusion(found, request.user), said)


def _done(request: SignedRequest, child: Child, do: Callable[[], object], said: str) -> HttpResponse:
    try:
        do()
    except NotDone as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said)
    return redirect(_afterwards(request, child))


# Ways -----------------------------------------------------------------------------------------------------------------

NAMES = {
    "child": {"guard": "child-guard", "act": "child-guard-act", "unname": "child-unname", "readmit": "child-readmit"},
    REGISTER: {
        "guard": "restricted-child",
        "act": "restricted-act",
        "unname": "restricted-unname",
        "readmit": "restricted-readmit",
    },
}


def _name(what: str, door: str) -> str:
    return NAMES[door][what]


def _address(what: str, door: str, public_id: str, **parts: Any) -> str:
    return reverse(_name(what, door), kwargs={"public_id": public_id, **parts})


def _through(request: SignedRequest, public_id: str, door: str) -> Guarded:
    if door == REGISTER:
        return restricted_for(request, public_id)
    return child_for(request, public_id)


def _afterwards(request: SignedRequest, child: Child) -> str:
    """Whoever guards the council keeps the page after restricting a record that is now shut to them."""
    whole = Tie.WHOLE in scope_of(request.user).ties(Action.GUARD)
    return _address("guard", REGISTER if child.restricted and whole else "child", child.public_id)
