"""Each thing that somebody says of a child, a page each: asked, refused at its field, written with what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.access.bringing import Bringer, Placed
from undrift.applying import by_hand
from undrift.applying import looked_after as care
from undrift.desks.facts.forms import (
    BornForm,
    CategoryForm,
    DiedForm,
    LookedAfterEndsForm,
    LookedAfterForm,
    MovesForm,
    NewForm,
    PlanBeginsForm,
    PlanEndsForm,
)
from undrift.desks.frame.bringers import FIELDS, NO_SUCH, bringer_of, child_in, done
from undrift.desks.frame.narrowing import Choice
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.record.families import NotChanged

Said = Mapping[str, Any]


def new(request: SignedRequest) -> HttpResponse:
    """A child begins. A twin is asked for with the family and the day of the other one."""
    bringer = bringer_of(request)
    form = NewForm(request.POST if request.method == "POST" else None, today=bringer.today)
    begun: list[str] = []

    def begin() -> str:
        said = form.cleaned_data
        child = by_hand.begin(
            bringer.authority, _new_child(bringer, said), by=request.user, at=bringer.now, why=said["why"]
        )
        begun.append(child.public_id)
        return "The child is on file. Say next whether a plan has begun, and who has the child."

    errors = done(request, form, begin)
    if errors is None:
        return redirect("allocation-child", begun[0])
    return render_question(
        request, form, heading="A child begins", button="Put the child on file", back=reverse("allocation"),
        intro=["For a child that no file has brought yet. A file that names the same number later meets this record."],
        errors=errors,
    )  # fmt: skip


def _new_child(bringer: Bringer, said: Said) -> by_hand.NewChild:
    sibling = bringer.numbered(said["sibling"].strip()) if said["family"] == "join" else None
    if said["family"] == "join" and sibling is None:
        raise NotChanged(NO_SUCH, "sibling")
    return by_hand.NewChild(
        number=said["number"],
        first_name=said["first_name"],
        last_name=said["last_name"],
        sex=said["sex"] or "U",
        born=said["born"] if said["stands"] == "born" else None,
        expected=said["expected"] if said["stands"] == "unborn" else None,
        sibling=sibling,
    )


# Of a child on file ---------------------------------------------------------------------------------------------------


def born(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        by_hand.born(one.child, said["on"], by=bringer.person, at=bringer.now, first_name=said["first_name"],
                     sex=said["sex"] or "U", why=said["why"])  # fmt: skip
        return f"Born on {full_day(said['on'])}. The day that was expected stays in the history."

    return _tell(
        request, public_id, BornForm, do, heading="The child is born", button="Put the birth on file",
        fields={"born": "on"},
        intro=["The record stays the same. Of twins each has a record: say the birth of each."],
    )  # fmt: skip


def plan_begins(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        chosen = _with(bringer, one, said)
        by_hand.begin_plan(chosen, starts=said["on"], category=said["category"], by=bringer.person, at=bringer.now,
                           why=said["why"])  # fmt: skip
        return f"{_plans(chosen)} began on {full_day(said['on'])}. See below who has the child now."

    return _tell(
        request, public_id, PlanBeginsForm, do, heading="A plan begins", button="Put the plan on file",
        fields={"starts": "on"}, siblings=lambda other: other.plan is None,
        intro=["Whoever chaired for the child, worked with it and had it in their team so far has it on the plan."],
    )  # fmt: skip


def plan_ends(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        chosen = _with(bringer, one, said)
        by_hand.end_plan(chosen, last_day=said["on"], by=bringer.person, at=bringer.now, why=said["why"])
        return f"{_plans(chosen)} ended on {full_day(said['on'])}. {_asked(said['on'], bringer.today)}"

    return _tell(
        request, public_id, PlanEndsForm, do, heading="The plan ends", button="End the plan",
        fields={"last_day": "on"}, siblings=lambda other: other.plan is not None,
        intro=["Where a concern is open about the child, its chair is asked whether it goes on. It is not closed."],
    )  # fmt: skip


def _plans(chosen: Sequence[object]) -> str:
    return "The plan" if len(chosen) == 1 else f"{len(chosen)} plans"


def _asked(last_day: date, today: date) -> str:
    when = "now" if last_day < today else "tomorrow, once the day is over"
    return f"The chair of an open concern is asked {when} whether it goes on."


def category(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        by_hand.change_category(one.child, said["category"], by=bringer.person, at=bringer.now, why=said["why"])
        return "The plan has another category now. The first one stays on file."

    return _tell(request, public_id, CategoryForm, do, heading="Another category", button="Change the category")


def moves(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        by_hand.move_away(one.child, on=said["on"], to=said["to"], by=bringer.person, at=bringer.now, why=said["why"])
        return f"Moved on {full_day(said['on'])}. {_asked(said['on'], bringer.today)}"

    return _tell(
        request, public_id, MovesForm, do, heading="The child moves to another council", button="Put the move on file",
        intro=[
            "The plan here ends that day. The record stays here, and none goes to the other council by this.",
            "To another team of this council a child goes by saying who has it.",
        ],
    )  # fmt: skip


def looked_after(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        iro = next((person for person in bringer.people() if str(person.pk) == said["iro"]), None)
        care.begin(one.child, starts=said["on"], iro=iro, iro_name=said["iro_name"], by=bringer.person, at=bringer.now,
                   why=said["why"])  # fmt: skip
        return f"Looked after since {full_day(said['on'])}."

    return _tell(
        request, public_id, LookedAfterForm, do, heading="The child is looked after", button="Put it on file",
        fields={"starts": "on"}, asks=lambda bringer: {"people": _people(bringer)},
        intro=["The independent reviewing officer is named beside the chair. The plan goes on until it is ended."],
    )  # fmt: skip


def looked_after_ends(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        care.end(one.child, last_day=said["on"], by=bringer.person, at=bringer.now, why=said["why"])
        return f"Looked after until {full_day(said['on'])}. It stays on file."

    return _tell(
        request, public_id, LookedAfterEndsForm, do, heading="The child is looked after no longer", button="End it",
        fields={"last_day": "on"},
    )  # fmt: skip


def _people(bringer: Bringer) -> list[Choice]:
    return [(str(one.pk), f"{one.name}, {one.agency.name}" if one.agency else one.name) for one in bringer.people()]


def died(request: SignedRequest, public_id: str) -> HttpResponse:
    def do(bringer: Bringer, one: Placed, said: Said) -> str:
        by_hand.died(one.child, on=said["on"], by=bringer.person, at=bringer.now, why=said["why"])
        return (
            "The record is held as it is, and restricted from now on. Nobody is reminded of anything about the child."
            " Safeguarding and Review say who may see the record."
        )

    return _tell(
        request, public_id, DiedForm, do, heading="The child has died", button="Hold the record", warning=True,
        then="allocation",
        intro=[
            "The record is restricted at once: only the child’s chair and worker, and those named for it, see it then.",
            "What is open about this child alone is held: no date of it passes, nobody is reminded, nothing is sent.",
        ],
    )  # fmt: skip


# Workings -------------------------------------------------------------------------------------------------------------


def _tell(
    request: SignedRequest,
    public_id: str,
    kind: type[forms.Form],
    do: Callable[[Bringer, Placed, Said], str],
    *,
    fields: Mapping[str, str] = FIELDS,
    siblings: Callable[[Placed], bool] | None = None,
    asks: Callable[[Bringer], dict[str, Any]] = lambda _: {},
    then: str = "allocation-child",
    **page: Any,
) -> HttpResponse:
    """`do` writes it and says what was done; `fields` are the form's names for the fields of a refusal.

    `siblings` are those of whom the same may be said; `asks` is what the form needs besides.
    """
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    asked = asks(bringer) | ({"today": bringer.today} if "on" in kind.base_fields else {})
    if siblings is not None:
        asked["siblings"] = _choices(other for other in bringer.siblings(one.child) if siblings(other))
    form = kind(request.POST if request.method == "POST" else None, **asked)
    errors = done(request, form, lambda: do(bringer, one, form.cleaned_data), fields)
    if errors is None:
        return redirect(then, *([public_id] if then == "allocation-child" else []))
    return render_question(
        request, form, caption=one.called, back=reverse("allocation-child", args=[public_id]), errors=errors, **page
    )


def _choices(others: Any) -> list[Choice]:
    return [(other.child.public_id, other.called) for other in others]


def _with(bringer: Bringer, one: Placed, said: Said) -> list[Any]:
    """The child, and those of its brothers and sisters who were ticked."""
    return [one.child, *(other.child for other in bringer.chosen(said.get("also") or ()))]
