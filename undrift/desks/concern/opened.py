"""The concern at an address, as its reader may see it; and the page of an act that may not happen now."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.access.fetching import NotFound, fetch_with_children
from undrift.access.matrix import Action
from undrift.access.rows import visible_to
from undrift.access.scope import scope_anew
from undrift.desks.concern.pictured import Pictured
from undrift.desks.frame.addresses import action_of
from undrift.desks.frame.components import Link
from undrift.desks.frame.pages import NotNow
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.engine.ladder.state import with_the_dead
from undrift.engine.refusal import Refusal
from undrift.people import clock
from undrift.people.kept_rosters import their_own
from undrift.record.adopted import rules_of
from undrift.record.history import folded, history_of
from undrift.record.who_plays import known_of, who_played, who_plays
from undrift.resolutions.models import Resolution
from undrift.resolutions.picture import Picture


def picture_of(request: SignedRequest, reference: str) -> Pictured:
    """The resolution as this person may see it; 404 for one out of sight, as for one that is absent."""
    now = clock.now()
    try:
        fetched = fetch_with_children(
            Resolution, reference, request.user, action=action_of(request), page=page_of(request)
        )
    except NotFound:
        raise Http404 from None
    resolution = fetched.case
    rules = rules_of(resolution)
    history = history_of(resolution)
    dead = (str(child.pk) for child in fetched.children if child.died_on is not None)
    state = with_the_dead(folded(resolution, history), frozenset(dead))
    known = known_of(resolution, rules.protocol, state)
    return Pictured(
        resolution=resolution,
        rules=rules,
        history=history,
        state=state,
        children=fetched.children,
        pages=fetched.pages,
        found=their_own(who_plays(resolution, rules.protocol, state, now, known=known)),
        viewer=request.user,
        now=now,
        then=who_played(resolution, rules.protocol, state, known) if state.ended is not None else None,
    )


def gone_on(picture: Picture, onward: str) -> HttpResponse:
    """Where an act leads: to `onward`, a page of the record; home, where it ended the last right of whoever did it."""
    person, now = picture.viewer, picture.now
    seen = visible_to(Resolution, person, now, scope_anew(person, now), Action.READ)
    if not seen.filter(pk=picture.resolution.pk).exists():
        return redirect("home")
    return redirect(onward, picture.resolution.reference)


def may(picture: Pictured, act: str) -> None:
    """Refuse the page of an act that may not happen now, in the words that its button would show."""
    refusal = picture.moves[act].refusal
    if refusal is not None:
        raise not_now(picture, refusal)


def not_now(picture: Pictured, refusal: Refusal) -> NotNow:
    return NotNow(said(refusal), Link("Go back to it", reverse("resolution", args=[picture.resolution.reference])))


def said(refusal: Refusal) -> str:
    sentence = refusal.sentence if refusal.sentence.endswith((".", "?")) else f"{refusal.sentence}."
    return f"{sentence} (The policy: {refusal.clause})" if refusal.clause else sentence
