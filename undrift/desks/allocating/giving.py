"""The ticked children are given to somebody: which part, to whom, from which day; shown before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from undrift.access.bringing import Bringer, Placed
from undrift.desks.allocating.forms import GiveForm, WhyForm
from undrift.desks.allocating.shown import NOBODY, ahead_in_words
from undrift.desks.frame.bringers import bringer_of
from undrift.desks.frame.components import Link, Table
from undrift.desks.frame.keeping import see_other, untaken
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import as_number
from undrift.engine.dates.words import full_day
from undrift.people.models import Person
from undrift.record.allocating import Allocated, NotAllocated, allocate, why_not
from undrift.record.allocations import AllocationPart, Taker, invited_workers, taker
from undrift.record.handing_on import HandedOn
from undrift.resolutions.in_a_line import listed

TICK = "Tick at least one child"
AT_MOST = 100


def give(request: SignedRequest) -> HttpResponse:
    bringer = bringer_of(request)
    chosen = _chosen(request, bringer)
    if not chosen:
        return _back_to_the_list(request)
    takers = {part: bringer.takers(part) for part in AllocationPart}
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        takers=takers,
        today=bringer.today,
        initial={"from_day": bringer.today},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        part = AllocationPart(said["part"])
        return see_other(_address("allocation-check", chosen, part=part.value, to=said[part.value],
                                  day=said["from_day"].isoformat()))  # fmt: skip
    return render_question(
        request,
        form,
        heading="Who has them?",
        caption=chosen[0].called if len(chosen) == 1 else _counted(len(chosen)),
        button="Check",
        back=_back(chosen),
        intro=_intro(chosen),
    )


SHOWN = 10


def _intro(chosen: list[Placed]) -> list[str]:
    """Who they are, where they are several; and who is offered."""
    more = f" and {len(chosen) - SHOWN} more" if len(chosen) > SHOWN else ""
    names = [f"{', '.join(one.called for one in chosen[:SHOWN])}{more}"] if len(chosen) > 1 else []
    return [*names, "Only people who hold such a post are offered, and nobody gives children to themselves."]


@dataclass(frozen=True)
class Asked:
    part: AllocationPart
    to: Taker
    day: date


def check(request: SignedRequest) -> HttpResponse:
    """What would change, child by child; then it is done."""
    bringer = bringer_of(request)
    chosen = _chosen(request, bringer)
    asked = _asked(request.GET, bringer)
    if not chosen or asked is None:
        return _back_to_the_list(request)
    children = [one.child for one in chosen]
    form = WhyForm(request.POST if request.method == "POST" else None)
    by, now = request.user, bringer.now
    refusal = why_not(children, asked.part, asked.to, from_day=asked.day, by=by, at=now)
    if request.method == "POST" and form.is_valid() and refusal is None:
        try:
            done = allocate(
                children, asked.part, asked.to, from_day=asked.day, by=by, at=now, why=form.cleaned_data["why"]
            )
        except NotAllocated as changed_since:
            refusal = changed_since
        else:
            messages.success(request, said_after(done, asked))
            return redirect(_back(chosen))
    heading, back, table = "Check who has them", _address("allocation-give", chosen), _table(chosen, asked, refusal)
    if refusal is not None:
        left = _not_refused(chosen, refusal)
        others = _address("allocation-give", left) if left and left != chosen else ""
        return render(request, "allocating/refused.html", {
            "heading": heading, "caption": _counted(len(chosen)), "back": back, "table": table,
            "errors": [refusal.sentence], "others": others,
        })  # fmt: skip
    return render_question(
        request, form, heading=heading, caption=_counted(len(chosen)), back=back, table=table,
        button=f"Allocate {_counted(len(chosen))}", template="allocating/check.html",
        when=_when(asked.day, bringer.today),
    )  # fmt: skip


def _table(chosen: list[Placed], asked: Asked, refusal: NotAllocated | None) -> Table:
    refused = {one.child.pk: one.sentence for one in refusal.refused} if refusal is not None else {}
    rows = [
        (
            one.called,
            listed([person.name for person in invited]) if len(invited) > 1 else _name(one.has(asked.part)),
            refused.get(one.child.pk) or _will_be(one, asked, invited),
            ahead_in_words(one, asked.part),
        )
        for one, invited in _with_invited(chosen, asked)
    ]
    if not any(row[3] for row in rows):
        return Table(asked.part.label, ("Child", "Now", "Then"), [row[:3] for row in rows])
    return Table(asked.part.label, ("Child", "Now", "Then", "To come as said before"), rows)


def _with_invited(chosen: list[Placed], asked: Asked) -> list[tuple[Placed, list[Person]]]:
    """Each with the social workers invited to the conference before the plan: there may be several, and one stays."""
    before = {}
    if asked.part is AllocationPart.SOCIAL_WORKER:
        before = {one.child.pk: one.initial for one in chosen if one.plan is None and one.initial is not None}
    invited = invited_workers(before.values(), asked.day)
    return [(one, invited.get(before[one.child.pk].pk, []) if one.child.pk in before else []) for one in chosen]


def _will_be(one: Placed, asked: Asked, invited: list[Person]) -> str:
    if len(invited) > 1:
        out = [person.name for person in invited if person != asked.to]
        return f"{asked.to.name}. {listed(out)} {'is' if len(out) == 1 else 'are'} no longer invited"
    return f"{asked.to.name}, as now" if one.has(asked.part) == asked.to else asked.to.name


def _name(taker: Taker | None) -> str:
    return taker.name if taker is not None else NOBODY


def _not_refused(chosen: list[Placed], refusal: NotAllocated) -> list[Placed]:
    refused = {one.child.pk for one in refusal.refused}
    return [one for one in chosen if one.child.pk not in refused]


def _when(day: date, today: date) -> str:
    if day == today:
        return "From today, at once. What is open about them goes with them, and whoever has it then is told."
    return f"From {full_day(day)}, by itself. Until then you can take it back."


def said_after(done: Allocated, asked: Asked) -> str:
    """What was done, without naming a child."""
    if done.waiting:
        return f"{_counted(done.waiting)} will have {_as(asked)} from {full_day(asked.day)}."
    has = "has" if done.changed == 1 else "have"
    said = [f"{_counted(done.changed)} now {has} {_as(asked)}."]
    if done.as_before:
        said.append(f"{_counted(done.as_before)} had so before.")
    return " ".join([*said, *_handed(done.handed_on)])


def _as(asked: Asked) -> str:
    what = {"chair": "as chair", "social_worker": "as social worker", "team": "as their team"}[asked.part.value]
    return f"{asked.to.name} {what}"


def _handed(done: HandedOn) -> list[str]:
    if not done.resolutions:
        return []
    what = "1 resolution has" if done.resolutions == 1 else f"{done.resolutions} resolutions have"
    return [f"{what} changed hands, and whoever has it now has been told. No date has changed."]


# What the address says ------------------------------------------------------------------------------------------------


def _chosen(request: SignedRequest, bringer: Bringer) -> list[Placed]:
    return bringer.chosen(request.GET.getlist("c")[:AT_MOST])


def _asked(query: QueryDict, bringer: Bringer) -> Asked | None:
    """None where somebody made the address up, or whoever was chosen is not offered any more."""
    said, number = query.get("part", ""), as_number(query.get("to", ""))
    if said not in AllocationPart.values or number is None:
        return None
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        return None
    part = AllocationPart(said)
    to = taker(bringer.authority, part, number, bringer.today)
    return Asked(part, to, day) if to is not None else None


def _address(name: str, chosen: list[Placed], **said: str) -> str:
    """By opaque names of children, and numbers of people: no name of anybody stands in an address."""
    query = QueryDict(mutable=True)
    query.setlist("c", [one.child.public_id for one in chosen])
    query.update(said)
    return f"{reverse(name)}?{query.urlencode()}" if chosen else reverse("allocation")


def _back(chosen: list[Placed]) -> str:
    if len(chosen) == 1:
        return reverse("allocation-child", args=[chosen[0].child.public_id])
    return reverse("allocation")


def _back_to_the_list(request: SignedRequest) -> HttpResponse:
    messages.error(request, TICK)
    return untaken(redirect("allocation"))


def _counted(number: int) -> str:
    return "1 child" if number == 1 else f"{number} children"


def give_link(text: str, public_ids: list[str]) -> Link:
    query = QueryDict(mutable=True)
    query.setlist("c", public_ids)
    return Link(text, f"{reverse('allocation-give')}?{query.urlencode()}")
