"""Whoever has a part may do it: every person with a tie, at every stage and state of both policies; with cover, after
the child moved to another team, and at night. Each opens what waits and the record, and every page that it offers.

In `make test` one of the states that a stage has is drawn; in `make test-all` it is all of them.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tests.cast import NOW, Cast, northmoor, westmarch
from tests.house.thorough import THOROUGH
from tests.resolutions.conftest import under_shipped_versions
from tests.resolutions.reached import ANSWER, SPOKE
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.people.models import Cover, Person
from undrift.record.adopted import protocol_of
from undrift.record.handing_on import hand_on_all
from undrift.record.models import Notice
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

WALKED: list[str] = []
REFUSED = (401, 403, 404, 500)


@dataclass(frozen=True)
class Policy:
    name: str
    cast: Callable[[], Cast]
    child: str
    chair: str
    covers: str  # another chair
    agency: str
    stages: tuple[str, ...]
    elsewhere: str  # another team, and who manages it
    manager: str


WALSALL = Policy(
    "walsall", westmarch, "Maya", "Grace Ollerton", "Imran Dastgir", "",
    ("informal", "stage-1", "stage-2", "stage-3", "stage-4", "stage-5"), "South", "Callum Stroud",
)  # fmt: skip
LANCASHIRE = Policy(
    "pan-lancashire", northmoor, "Aisha", "Rosalind Amery", "", "Moorland Health Trust",
    ("informal", "starred", "formal-escalation", "chief-officer"), "", "",
)  # fmt: skip
SPOKE_THERE = acts.Conversation(how="phone", to="front-line-manager", name="Elias Thornby")
TOLD = 3  # of those who were told, at each stage and state
CLIMBED = ("formal-escalation", "chief-officer")
STATES = (
    "raised", "answered", "approved", "not accepted", "what was kept is done", "agreed", "done", "complete", "late",
    "ended",
)  # fmt: skip
DRAWN = len(STATES) if THOROUGH else 1
LEAST = dict.fromkeys(("informal", "starred"), 3)  # journeys in a state; there is nobody yet who answers


def raised(policy: Policy, cast: Cast, stage: str) -> Resolution:
    child = cast.child(policy.child)
    act = acts.Raise(
        stage=stage,
        children=(acts.ChildConcern(str(child.pk), "She has waited for months.", child.first_name),),
        grounds=("NO-PROGRESS",) if policy is WALSALL else ("NOT-IMPLEMENTED",),
        concern="Nothing has moved since the last conference.",
        ask="Say what will change, and by when.",
        why_this_stage="It was spoken about twice already.",
        tried="Two conversations.",
        recommendation="Offer a first appointment.",
        completion=(NOW + timedelta(days=20)).date(),
        spoke=SPOKE if policy is WALSALL else SPOKE_THERE,
        date=(NOW + timedelta(days=5)).date() if stage == "informal" else None,
        agency=str(cast.agency(policy.agency).pk) if policy.agency else "",
    )
    context = context_for([child], NOW)
    return perform(act, by=cast.person(policy.chair), at=NOW, context=context).resolution


def brought_onto(stage: str, policy: Policy, cast: Cast) -> tuple[Resolution, datetime]:
    """Raised there; or, where nothing can start there, moved on from stage to stage because nobody answered."""
    if stage in CLIMBED:
        below = policy.stages[policy.stages.index(stage) - 1]
        resolution, at = brought_onto(below, policy, cast)
        at += timedelta(days=10)
        onward = acts.MoveOn(stage, "not answered", ask="Say what will change.", different="Two weeks have gone by.")
        perform(onward, resolution=resolution, by=cast.person(policy.chair), at=at)
        return resolution, at
    return raised(policy, cast, stage), NOW


def next_person(resolution: Resolution) -> Person:
    assert resolution.next_person is not None
    return resolution.next_person


def whole_answer(at: datetime) -> acts.Respond:
    """An answer as the stage that asks most wants it: with an action, its date, and every question answered."""
    action = acts.ActionAsked("Book the first appointment", "Somebody outside", (at + timedelta(days=10)).date())
    return replace(ANSWER, actions=(action,), consider={"wider-partnership": False})


def brought_to(state: str, resolution: Resolution, since: datetime, policy: Policy, cast: Cast) -> datetime | None:
    """The moment at which the state was reached; None where this stage has no such state."""
    at = since + timedelta(hours=1)
    resolution.refresh_from_db()
    chair = cast.person(policy.chair)

    def do(act: acts.Act, by: Person) -> None:
        perform(act, resolution=resolution, by=by, at=at)
        resolution.refresh_from_db()

    if state == "late":
        return since + timedelta(days=40)
    if state == "raised":
        return at
    if state == "ended":
        do(acts.Close("in-error", "It was about another family."), chair)
        return at
    stage = protocol_of(resolution).stage(resolution.stage)
    if stage.asks_for_response:
        do(whole_answer(at), next_person(resolution))
        if state == "answered":
            return at
        if resolution.next_must == "approve":
            do(acts.Approve(), next_person(resolution))
        elif state == "approved":
            return None
        if state == "approved":
            return at + timedelta(hours=2)
    elif state in ("answered", "approved"):
        return None
    settled = state in ("agreed", "done", "complete")
    keep = ("a1",) if state == "what was kept is done" and stage.asks_for_response and not stage.directs else ()
    at += timedelta(hours=1)
    verdict = acts.Judge({str(cast.child(policy.child).pk): settled}, "" if settled else "Nothing has a date.", keep)
    do(verdict, chair)
    if stage.asks_for_response and state in ("done", "complete", "what was kept is done"):
        do(acts.FinishAction("a1", at.date(), "She was seen."), chair)
    if stage.asks_for_response and state in ("complete", "what was kept is done"):
        do(acts.ConfirmAction("a1"), chair)
    return at + timedelta(hours=2)


def with_a_tie(resolution: Resolution) -> dict[str, Person]:
    """Everybody whom the record itself names, found without asking what may be seen."""
    resolution.refresh_from_db()
    found = {
        "chairs": resolution.chair, "works with the child": resolution.social_worker,
        "has the turn": resolution.next_person, "has it next": resolution.then_person,
    }  # fmt: skip
    ties = {how: person for how, person in found.items() if person is not None}
    for number in sorted(set(Notice.objects.filter(case=resolution).values_list("to_person", flat=True)))[:TOLD]:
        ties[f"was told, {number}"] = Person.objects.get(pk=number)
    unit = resolution.team
    while unit is not None:
        for post in unit.posts.filter(heads_unit=True):
            for holding in post.holdings.filter(ends=None):
                ties[f"manages {unit.name}"] = holding.person
        unit = unit.parent
    return ties


def walk(person: Person, resolution: Resolution, at: datetime, story: str) -> None:
    """Home, the list, the record, every page that it offers; and urgent help one click from each."""
    client = Client()
    with time_machine.travel(at, tick=False):
        client.force_login(person)
        own = f"/resolutions/{resolution.reference}"
        every = "/resolutions" if resolution.ended_at is None else "/resolutions?status=Closed"
        pages = {address: client.get(address) for address in ("/", every, own)}
        shown = pages[own].content.decode()
        main = shown.partition("<main")[2].partition("</main>")[0]
        for address in list(dict.fromkeys(re.findall(rf'href="({own}/[^"#?]+)', main))):
            pages[address] = client.get(address)
        pages["/urgent"] = client.get("/urgent")
    refused = [f"{a}: {r.status_code}" for a, r in pages.items() if r.status_code in REFUSED]
    assert not refused, f"{story}, {person.name}: {refused}"
    assert resolution.reference in pages[every].content.decode(), f"{story}, {person.name}: not on the list"
    for address, page in pages.items():
        if page.status_code == 200 and address != "/urgent":
            assert 'href="/urgent"' in page.content.decode(), f"{story}: no way to urgent help from {address}"
    WALKED.append(f"{story}: {person.name}")


def stories(policy: Policy, cast: Cast, stage: str, state: str) -> Iterator[None]:
    """One resolution in this state, and everybody who has a part in it; then covered for, moved, at night."""
    resolution, since = brought_onto(stage, policy, cast)
    at = brought_to(state, resolution, since, policy, cast)
    if at is None:
        return
    cache.clear()
    here = f"{policy.name}, {stage}, {state}"
    ties = with_a_tie(resolution)
    for how, person in ties.items():
        walk(person, resolution, at, f"{here}, {how}")
        yield
    night = (at + timedelta(days=(5 - at.weekday()) % 7)).replace(hour=2)
    walk(ties["chairs"], resolution, night, f"{here}, on a Saturday at night")
    yield
    yield from covered(policy, cast, resolution, at, here)
    yield from moved(policy, cast, resolution, at, here)


def covered(policy: Policy, cast: Cast, resolution: Resolution, at: datetime, here: str) -> Iterator[None]:
    holder = resolution.next_person
    if holder is None:
        return
    colleagues = Person.objects.filter(agency=holder.agency, holdings__post__heads_unit=True).exclude(pk=holder.pk)
    colleague = colleagues.order_by("pk").last()
    assert colleague is not None
    owner = {"authority": holder.authority} if holder.authority else {"partnership": holder.partnership}
    days = {"starts": at.date(), "ends": at.date() + timedelta(days=2)}
    cover = Cover.objects.create(away=holder, covering=colleague, **days, **owner)
    walk(colleague, resolution, at, f"{here}, covers for {holder.name}")
    Cover.objects.filter(pk=cover.pk).update(ends=cover.starts - timedelta(days=1), ended_at=at, ended_by=colleague)
    yield


def moved(policy: Policy, cast: Cast, resolution: Resolution, at: datetime, here: str) -> Iterator[None]:
    """The child goes to another team: its manager sees the record from that moment."""
    if not policy.elsewhere:
        return
    team = cast.unit(policy.elsewhere)
    Plan.objects.filter(child__in=resolution.children.all(), ends=None).update(team=team)
    Resolution.objects.filter(pk=resolution.pk).update(team=team)
    hand_on_all(cast.authority, at)
    walk(cast.person(policy.manager), resolution, at, f"{here}, the child moved to {policy.elsewhere}")
    yield


# Every second one, as a rule: the lowest of each policy, and one that asks for approval.
STAGES = [(policy, stage) for policy in (WALSALL, LANCASHIRE) for stage in policy.stages[:: 1 if THOROUGH else 2]]


@pytest.mark.django_db
@pytest.mark.parametrize(("policy", "stage"), STAGES, ids=[f"{policy.name}-{stage}" for policy, stage in STAGES])
def test_nobody_with_a_part_is_refused(policy: Policy, stage: str, chance: random.Random) -> None:
    """Each stage in a town of its own: what is open at the others would only make every list longer."""
    cast = under_shipped_versions(policy.cast())
    before = len(WALKED)
    reached = (sum(1 for _ in stories(policy, cast, stage, state)) for state in chance.sample(STATES, len(STATES)))
    journeys = list(islice(filter(None, reached), DRAWN))
    walked = WALKED[before:]
    sys.stdout.write(f"{policy.name}, {stage}: {len(walked)} journeys, none refused\n")
    assert min(journeys) >= LEAST.get(stage, 5)


@pytest.mark.django_db
@pytest.mark.parametrize("policy", [WALSALL, LANCASHIRE], ids=lambda policy: policy.name)
def test_at_the_highest_stage_every_way_on_opens_in_every_state(policy: Policy) -> None:
    """Whoever has the turn, and the chair: nobody stands before a button that leads nowhere."""
    cast = under_shipped_versions(policy.cast())
    for state in STATES:
        resolution, since = brought_onto(policy.stages[-1], policy, cast)
        at = brought_to(state, resolution, since, policy, cast)
        if at is not None:
            for person in filter(None, {cast.person(policy.chair), resolution.next_person}):
                walk(person, resolution, at, f"{policy.name}, highest stage, {state}")
