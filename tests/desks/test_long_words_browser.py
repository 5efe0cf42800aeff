"""A word without an end stays within its page: every page that somebody can open, on a phone and at 400% zoom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.access.asking import Place, places
from tests.cast import Cast, westmarch
from tests.house.browser import AxeRun, Opened
from tests.house.thorough import THOROUGH
from tests.resolutions.conftest import under_shipped_versions
from undrift.children.models import Child, Family
from undrift.desks.concern.typed_so_far import FORMAL, begin
from undrift.engine.ladder import acts
from undrift.people.models import Agency, Person, Unit
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG, NAME = "w" * 400, "N" * 90
NO_PAGE = {  # answers that are no page to look at
    "health", "audit-export", "session-left", "session-stay", "session-end", "sign-out", "openid_connect_login",
    "openid_connect_callback", "sign-in-with-passkey", "resolutions-csv", "children-csv", "allocation-csv",
}  # fmt: skip
READERS = ("Grace", "Priya", "Denise", "Judith", "Jo", "Hester")
STEPS = ("children", "source", "concern", "impact", "risk", "tried", "stage", "ask", "spoken", "people",
         "earlier")  # fmt: skip


def told(cast: Cast) -> Resolution:
    """Every text that an act takes is one word of 400 letters."""
    at, grace = timezone.now() - timedelta(days=3), cast.person("Grace")
    children = [cast.child("Maya"), cast.child("Jude")]
    plan = acts.ActionAsked(LONG, NAME, (timezone.now() + timedelta(days=9)).date())
    act = acts.Raise(
        stage="stage-1", grounds=("NO-PROGRESS",), concern=LONG, ask=LONG, tried=LONG, why_this_stage=LONG,
        children=tuple(acts.ChildConcern(str(child.pk), LONG, child.called) for child in children),
        spoke=acts.Conversation(how="phone", to="team-manager", name=NAME, note=LONG),
    )  # fmt: skip
    r = perform(act, by=grace, at=at, context=context_for(children, at)).resolution
    answer = acts.Respond("agree", LONG, (plan,), ("capacity",))
    perform(answer, resolution=r, by=cast.person("Priya"), at=at + timedelta(hours=1))
    perform(acts.Approve(LONG), resolution=r, by=cast.person("Denise"), at=at + timedelta(hours=2))
    judged = acts.Judge({str(child.pk): False for child in children}, LONG)
    perform(judged, resolution=r, by=grace, at=at + timedelta(hours=3))
    perform(acts.AgreeAction(plan), resolution=r, by=grace, at=at + timedelta(hours=4))
    perform(acts.Note(LONG), resolution=r, by=grace, at=at + timedelta(hours=5))
    return r


@pytest.fixture
def cast() -> Cast:
    made = under_shipped_versions(westmarch())
    Family.objects.update(name=NAME)
    Unit.objects.filter(name="North").update(name=NAME)
    Agency.objects.filter(kind="health").update(name=NAME)
    Person.objects.filter(name="Priya Nairn").update(name=NAME)
    return made


def parts(cast: Cast, r: Resolution, draft: str) -> Mapping[str, str]:
    child = r.about.select_related("child__family").first()
    assert child is not None
    person = Person.objects.get(name=NAME)
    return {
        "reference": r.reference, "public_id": child.child.public_id, "child": child.child.public_id,
        "family": child.child.family.reference, "draft": draft, "council": cast.authority.code, "action": "a1",
        "number": str(person.pk), "pk": str(person.pk), "act": "name",
    }  # fmt: skip


def addresses(known: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
    for place in places():
        if place.name in NO_PAGE or "provider_id" in place.parts or "<key" in place.route:
            continue
        if place.name == "raise-question":
            yield from ((place, place.path({**known, "page": step})) for step in STEPS)
        elif place.name == "family":
            yield place, place.path({"reference": known["family"]})
        elif set(place.parts) <= known.keys():
            yield place, place.path(known)


def test_no_page_is_wider_than_its_window(live_server: LiveServer, open_page: Opened, axe: AxeRun, cast: Cast) -> None:
    """In the thorough run axe looks at each of them besides, at the narrowest."""
    typed = {"stage": ["stage-1"], "grounds": ["FGC"], "risk": ["no"]}
    typed |= {"occasion": ["midway"], "spoken": ["tried"]}
    typed |= {box: [LONG] for box in ("concern", "tried", "ask", "why", "how_tried")}
    readers = {person: Person.objects.get(pk=cast.person(person).pk) for person in READERS if person in _there(cast)}
    r = told(cast)
    Child.objects.update(first_name=NAME, last_name=NAME)
    child = r.about.select_related("child__family", "child__authority").first()
    assert child is not None
    typed |= {"children": [child.child.public_id], f"impact_{child.child.public_id}": [LONG]}
    content = {"family": child.child.family.reference, "typed": typed, "pages": list(STEPS)}
    draft = begin(readers["Grace"], FORMAL, child.child.authority, content).id
    # A page that fails is another test's to find: here it is one that nobody could look at.
    clients = {name: Client(raise_request_exception=False) for name in readers}
    for name, client in clients.items():
        client.force_login(readers[name], backend="undrift.people.seats.SignedIn")
    page, seen, wide, wrong = open_page(375), set(), [], []
    for place, path in addresses(parts(cast, r, draft)):
        reader = next((name for name, client in clients.items() if client.get(path).status_code == 200), None)
        if reader is None:
            continue
        seen.add(place.name)
        _as(page, clients[reader], live_server)
        page.goto(f"{live_server.url}{path}")
        for width in (375, 320) if THOROUGH else (320,):
            page.set_viewport_size({"width": width, "height": 800})
            needs = page.evaluate("document.documentElement.scrollWidth")
            if needs > width:
                wide.append((path, reader, width, needs, widest(page)))
        if THOROUGH:
            wrong += [f"{path} as {reader}: {found}" for found in axe(page)]
    assert {"home", "resolution", "child", "family", "resolutions", "raise-check", "policy"} <= seen
    assert len(seen) > 50
    assert wide == [], "\n".join(map(str, wide))
    assert wrong == [], "\n".join(wrong)


def _there(cast: Cast) -> set[str]:
    return {name.split()[0] for name in cast.built.people}


def _as(page: Page, client: Client, server: LiveServer) -> None:
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.url}])


def widest(page: Page) -> str:
    """What sticks out the furthest, for whoever has to mend it."""
    return str(
        page.evaluate("""() => {
        let found = null, furthest = window.innerWidth;
        for (const each of document.querySelectorAll("body *")) {
            const right = each.getBoundingClientRect().right;
            if (right > furthest + 1) { furthest = right; found = each; }
        }
        return found ? `${found.tagName}.${found.className} in ${found.parentElement.className}` : "";
    }""")
    )
