"""The organisation: who works where, who is away, who leaves, and what nobody holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from undrift.access import granting
from undrift.access.granting import HEIRS_ASKED, NotGiven
from undrift.desks.frame import factor
from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Fact, Link, Table
from undrift.desks.frame.listing import FILE, Above, as_csv, in_words, listed, table_as_csv, wants_file
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.people.account_shown import acts_of, acts_shown, standing_of
from undrift.desks.people.forms import AppointForm, CoverForm, LeaveForm
from undrift.desks.people.granted import handed_in_words, left_in_words, put, say_it_waits
from undrift.desks.people.keepers import colleagues, kept_by, people_of, person_in, post_in
from undrift.desks.people.shown import (
    AS,
    POSTS,
    POSTS_IN_WORDS,
    agencies_shown,
    covers_of,
    dates,
    link_to,
    places,
    posts_as_rows,
)
from undrift.engine.dates.words import full_day
from undrift.people import clock
from undrift.people.accounts import removal_asked
from undrift.people.kept_rosters import roster_of
from undrift.people.leaving import CannotLeave, name_of, posts_to_hand_over, would_fall_to
from undrift.people.models import Authority, Cover, Grant, Holding, Person, Post
from undrift.people.models.tenure import HoldingKind
from undrift.people.peers import Peer, could_chair, of_the_same_kind
from undrift.people.vacancies import note_vacancies, people_without_a_manager, posts_without_a_holder
from undrift.record.children_given import ByPlan, children_of


@require_safe
def people(request: SignedRequest) -> HttpResponse:
    authority = kept_by(request.user)
    agencies = agencies_shown(authority, clock.now())
    rows = posts_as_rows(agencies)
    if wants_file(request):
        return as_csv("units-and-posts", POSTS, rows)
    return render(request, "people/people.html", {
        "heading": "People",
        "places": places("people"),
        "agencies": agencies,
        "listing": Above(in_words(len(rows), POSTS_IN_WORDS), csv=with_query(request.path, {"as": FILE})),
    })  # fmt: skip


@require_safe
def gaps(request: SignedRequest) -> HttpResponse:
    authority, now = kept_by(request.user), clock.now()
    note_vacancies(authority, now)
    empty = posts_without_a_holder(authority, now)
    unmanaged = people_without_a_manager(authority, now)
    posts = [
        (
            Link(name_of(one.post), reverse("appoint", args=[one.post.pk])),
            full_day(one.since, short=True),
            one.found.person.name if one.found.person is not None else "Nobody",
            one.found.how,
        )
        for one in sorted(empty, key=lambda one: (one.since, name_of(one.post)))
    ]
    table, above = listed(
        request, Table("Posts without a holder", ("Post", "Since", "Falls to", "How"), posts), POSTS_IN_WORDS, (0, 2),
        usual="Longest empty first",
    )  # fmt: skip
    people = [(link_to(one.person), one.why) for one in unmanaged]
    managers = Table("People without a manager", ("Person", "Why"), people)
    if wants_file(request):
        return table_as_csv("posts-without-a-holder", table)
    if request.GET.get("as") == UNMANAGED:
        return table_as_csv("people-without-a-manager", managers)
    return render(request, "people/gaps.html", {
        "heading": "Without a holder or a manager",
        "places": places("people-gaps"),
        "posts": table if posts else None,
        "of_posts": above,
        "unmanaged": managers if people else None,
        "of_people": Above(in_words(len(people), ("person", "people")),
                           csv=with_query(request.path, {"as": UNMANAGED})),
    })  # fmt: skip


UNMANAGED = "people"  # what `as` asks for, where the second table is wanted as a file


@require_safe
def person(request: SignedRequest, number: int) -> HttpResponse:
    authority = kept_by(request.user)
    one = person_in(authority, number)
    today = clock.today()
    held = Holding.objects.filter(Q(ends=None) | Q(ends__gte=today), person=one).select_related(
        "post__unit", "post__agency"
    )
    posts = [
        (name_of(h.post), AS[HoldingKind(h.kind)].capitalize() or "Holder", dates(h.starts, h.ends))
        for h in held.order_by("starts", "pk")
    ]
    now, acts = clock.now(), acts_of(one)
    waits = list(granting.waiting(authority).filter(about=one))
    standing = standing_of(one, acts, now)
    asked = removal_asked(one, authority, now)
    second_factor = "Set up" if factor.has_one(one) else "None set up"
    if asked is not None:
        second_factor += ". Said to be lost: a second administrator has to confirm"
    facts = [
        Fact("Agency", one.agency.name if one.agency is not None else ""),
        Fact("Email", one.email),
        Fact("Phone", one.phone),
        Fact("Account", standing.state),
        Fact("Signing in", standing.signing_in),
        Fact("Second factor", second_factor),
        *([Fact("Last day", full_day(one.leaves_on))] if one.leaves_on else []),
    ]
    return render(request, "people/person.html", {
        "heading": one.name,
        "back": reverse("people"),
        "facts": facts,
        "posts": Table("Posts", ("Post", "As", "When"), posts) if posts else None,
        "covers": covers_shown(one, reverse("person-cover-end", args=[one.pk, 0])),
        "waiting": [grant.said for grant in waits],
        "may_leave": one.serves_on(today) and one != request.user,
        "may_stay": one.leaves_on is not None
        and one.serves_on(today)
        and one != request.user
        and not any("stays" in grant.terms for grant in waits),
        "children": _children_of(request, one),
        "standing": standing,
        "number": one.pk,
        "may_lose_factor": one != request.user and factor.has_one(one),
        "acts": acts_shown(one, acts),
        "cover_href": reverse("person-cover", args=[one.pk]),
        "stay_href": reverse("person-stays", args=[one.pk]),
        "leave_href": reverse("person-leaves", args=[one.pk]),
    })  # fmt: skip


HAS: Mapping[ByPlan, str] = {"chair": "Chairs for", "social_worker": "Works with"}


def _children_of(request: SignedRequest, one: Person) -> list[Link]:
    """How many children they have, each count leading to the list, for whoever may give these to somebody else."""
    if not is_known(request.user, "allocation"):
        return []
    counted = {part: children_of(one, part) for part in HAS}
    return [
        Link(
            f"{HAS[part]} {in_words(number, ('child', 'children'))}",
            with_query(reverse("allocation"), {part: str(one.pk)}),
        )
        for part, number in counted.items()
        if number
    ]


def covers_shown(away: Person, end_href: str) -> list[dict[str, object]]:
    """Cover that runs or is to come, each with the address that ends it."""
    return [
        {
            "covering": cover.covering.name,
            "what": name_of(cover.post) if cover.post is not None else "Everything",
            "when": dates(cover.starts, cover.ends),
            "end": end_href.replace("/0/", f"/{cover.pk}/"),
        }
        for cover in covers_of(away, clock.today())
    ]


def person_cover(request: SignedRequest, number: int) -> HttpResponse:
    one = person_in(kept_by(request.user), number)
    return _set_cover(request, one, heading=f"When is {one.name} away?", back=reverse("person", args=[one.pk]))


def own_cover(request: SignedRequest) -> HttpResponse:
    return _set_cover(
        request,
        request.user,
        heading="When are you away?",
        back=reverse("home"),
        covers=covers_shown(request.user, reverse("own-cover-end", args=[0])),
    )


def _set_cover(request: SignedRequest, away: Person, *, heading: str, back: str, **context: Any) -> HttpResponse:
    today, own = clock.today(), away == request.user
    form = CoverForm(
        request.POST if request.method == "POST" else None,
        away=away,
        people=colleagues(away),
        posts=posts_to_hand_over(away, today - timedelta(days=1)),
        today=today,
        own=own,
        initial={"starts": today},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if own:
                given = granting.cover_oneself(
                    away, said["covering"], said["starts"], said["ends"], form.post, "Said by themselves"
                )
                if isinstance(given, Grant):
                    say_it_waits(request, given)
                    return redirect(request.path)
                cover, done = given
                days = f"from {full_day(cover.starts)} to {full_day(said['ends'])}"
                messages.success(request, f"{cover.covering.name} covers {days}. {handed_in_words(done)}".strip())
                return redirect(request.path)
            council = kept_by(request.user)
            asked = granting.ask_cover(
                council, request.user, away, said["covering"], said["starts"], said["ends"], form.post, said["why"]
            )
        except NotGiven as refusal:
            put(refusal, form)
        else:
            say_it_waits(request, asked)
            return redirect(back)
    return render_question(
        request,
        form,
        heading=heading,
        button="Set cover",
        back=back,
        template="people/cover.html",
        intro=["Whoever covers answers for them on those days, and the record says on whose behalf.", *_when(own)],
        **context,
    )


def _when(own: bool) -> list[str]:
    if not own:
        return []
    return ["Somebody who holds such a post, or one above, covers at once. A second person confirms anybody else."]


@require_POST
def person_cover_end(request: SignedRequest, number: int, cover: int) -> HttpResponse:
    one = person_in(kept_by(request.user), number)
    _end_cover(request, one, cover)
    return redirect("person", one.pk)


@require_POST
def own_cover_end(request: SignedRequest, cover: int) -> HttpResponse:
    _end_cover(request, request.user, cover)
    return redirect("own-cover")


def _end_cover(request: SignedRequest, away: Person, number: int) -> None:
    """Back today. The row stays on file."""
    runs = Q(ends=None) | Q(ends__gte=clock.today())  # what has run out is over already
    cover = Cover.objects.filter(runs, pk=number, away=away, ended_at=None).select_related("covering", "away").first()
    if cover is None:
        raise Http404
    done = granting.end_cover(cover, request.user)
    messages.success(request, f"{cover.covering.name} no longer covers. {handed_in_words(done)}".strip())


def appoint(request: SignedRequest, number: int) -> HttpResponse:
    authority = kept_by(request.user)
    post, today = post_in(authority, number), clock.today()
    form = AppointForm(
        request.POST if request.method == "POST" else None,
        people=people_of(authority).filter(agency=post.agency_id, is_active=True, leaves_on=None),
        today=today,
        initial={"starts": today},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            asked = granting.ask_post(
                authority, request.user, post, said["person"], said["starts"], said["as"], said["why"]
            )
        except NotGiven as refusal:
            put(refusal, form)
        else:
            say_it_waits(request, asked)
            return redirect("people-gaps")
    return render_question(
        request, form, heading=f"Who takes up {name_of(post)}?", button="Appoint", back=reverse("people-gaps")
    )


def person_leaves(request: SignedRequest, number: int) -> HttpResponse:
    authority = kept_by(request.user)
    one, today = person_in(authority, number), clock.today()
    if not one.serves_on(today):
        raise Http404
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        people=colleagues(one),
        falls={post: _falls(post, one) for post in posts_to_hand_over(one, today)},
        children={part: children_of(one, part) for part in HEIRS_ASKED},
        heirs=_heirs(authority, one),
        today=today,
        initial={"on": today},
    )
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _leave(request, authority, one, form)
        except NotGiven as refusal:
            put(refusal, form)
        except CannotLeave as refusal:
            errors = [(str(refusal), f"#id_post-{refusal.post.pk}" if refusal.post is not None else "#id_on_day")]
    return render_question(
        request,
        form,
        heading=f"{one.name} leaves",
        button="Hand over and close",
        back=reverse("person", args=[one.pk]),
        errors=errors,
        intro=[
            "All their posts are handed over at once. No clock starts again: whoever takes a post over has its dates."
        ],
    )


def _heirs(authority: Authority, leaver: Person) -> dict[ByPlan, list[Peer]]:
    """Who could have their children: chairs for a chair's, people of the same kind of post for a worker's."""
    roster = roster_of(authority, (), clock.now())
    own = [post for post in roster.posts if any(h.person_id == leaver.pk for h in roster.holdings.get(post.pk, ()))]
    found: dict[ByPlan, list[Peer]] = {
        "chair": could_chair(roster, authority),
        "social_worker": of_the_same_kind(own, roster),
    }
    return {
        part: [peer for peer in peers if peer.person != leaver and peer.person.leaves_on is None]
        for part, peers in found.items()
    }


def _falls(post: Post, leaver: Person) -> str:
    found = would_fall_to(post, leaver, clock.today())
    return f"it falls to {found.person.name}" if found.person is not None else "nobody would answer for it"


def _leave(request: SignedRequest, authority: Authority, one: Person, form: LeaveForm) -> HttpResponse:
    said = form.cleaned_data
    done = granting.ask_leaving(
        authority, request.user, one, said["on"], form.successors(), form.new_heirs(), said["closes"] == "now",
        said["why"],
    )  # fmt: skip
    if isinstance(done, Grant):
        closed = "Their account is closed and they are signed out." if said["closes"] == "now" else ""
        say_it_waits(request, done, closed)
    else:
        messages.success(request, left_in_words(done))
    return redirect("person", one.pk)
