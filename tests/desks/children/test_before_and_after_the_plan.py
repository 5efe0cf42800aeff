"""Who finds, sees and may raise about a child before there is a plan, during it, and after it: a row for each tie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.cast import NOW, TODAY, Cast, westmarch
from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair
from tests.desks.raising.test_informal import told
from tests.resolutions import reached
from undrift.children.models import Child, Conference, Family, Plan
from undrift.engine.ladder import acts
from undrift.library.numbers import FOLLOWED_FOR
from undrift.people.models import Cover
from undrift.record.history import state_of
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
LAST_DAY = FOLLOWED_FOR.days
NOTHING, SEES, CHAIRS = "-", "finds sees", "finds sees raises"


@pytest.fixture
def west() -> Cast:
    """With a family of whom nothing is on file but a child."""
    cast = westmarch()
    aspen = Family.objects.create(authority=cast.authority, name="Aspen")
    Child.objects.create(
        authority=cast.authority, family=aspen, first_name="Nia", last_name="Aspen", date_of_birth=date(2022, 11, 1)
    )
    return Cast(cast.built, {**cast.families, "Aspen": aspen})


@pytest.fixture
def nia(west: Cast) -> Child:
    return west.child("Nia")


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def conference(
    child: Child, west: Cast, days: int, chair: str = "Grace", *invited: str, kind: str = "initial"
) -> Conference:
    at = NOW + timedelta(days=days)
    found = Conference.objects.create(
        authority=west.authority, family=child.family, reference=f"C-{kind}-{days}", kind=kind,
        planned_for=at if days > 0 else None, held_on=at if days <= 0 else None, chair=west.person(chair),
    )  # fmt: skip
    found.participants.set(west.person(name) for name in invited)
    return found


def plan(child: Child, west: Cast, starts: int, ends: int | None = None, chair: str = "Grace") -> Plan:
    return Plan.objects.create(
        authority=west.authority, child=child, starts=TODAY + timedelta(days=starts),
        ends=TODAY + timedelta(days=ends) if ends is not None else None, chair=west.person(chair),
        social_worker=west.person("Hannah"), team=west.unit("North"),
    )  # fmt: skip


def may(client: Client, child: Child) -> str:
    """What the pages themselves let this person do."""
    page = f"/children/{child.public_id}"
    listed = page in client.get("/children").text
    searched = page in client.post("/search", {"q": "Nia Aspen"}, follow=True).text
    record, begins = client.get(page), client.get(f"{page}/raise")
    sees, raises = record.status_code == 200, begins.status_code == 200
    assert listed == searched == sees, (listed, searched, sees)
    assert raises == (f'href="{page}/raise"' in record.text), raises
    return " ".join(word for word, holds in (("finds sees", sees), ("raises", raises)) if holds) or NOTHING


def signed_in(west: Cast, name: str) -> Client:
    client = Client()
    client.force_login(west.person(name))
    return client


Set = Callable[[Child, Cast], object]


def both(*steps: Set) -> Set:
    return lambda child, west: [step(child, west) for step in steps]


def ahead(days: int, chair: str = "Grace", *invited: str, kind: str = "initial") -> Set:
    return lambda child, west: conference(child, west, days, chair, *invited, kind=kind)


def on_plan(starts: int, ends: int | None = None, chair: str = "Grace") -> Set:
    return lambda child, west: plan(child, west, starts, ends, chair)


def cancelled(child: Child, west: Cast) -> None:
    Conference.objects.filter(family=child.family).update(cancelled_at=NOW)


def restricted(child: Child, west: Cast) -> None:
    Child.objects.filter(pk=child.pk).update(restricted=True)


def raised(days: int, by: str = "Grace") -> Set:
    """A concern of that chair's, raised so many days from today, while they chaired."""

    def act(child: Child, west: Cast) -> Resolution:
        at = NOW + timedelta(days=days)
        with time_machine.travel(at, tick=False):
            return reached.stage_one(west, "Nia", at=at, by=by).resolution

    return act


def withdrawn(child: Child, west: Cast) -> None:
    for found in Resolution.objects.all():
        perform(acts.Withdraw("It was raised for the wrong child."), resolution=found, by=west.person("Grace"), at=NOW)


def as_long_ago(ends: int) -> Set:
    """A plan that ended so many days ago, under which a concern was raised."""

    def act(child: Child, west: Cast) -> None:
        whole = plan(child, west, -200)
        raised(-100)(child, west)
        Plan.objects.filter(pk=whole.pk).update(ends=TODAY + timedelta(days=ends))

    return act


def as_held_long_ago(child: Child, west: Cast) -> None:
    """A conference that made no plan, before which a concern was raised."""
    found = conference(child, west, 9)
    raised(0)(child, west)
    long_ago = NOW - timedelta(days=LAST_DAY + 1)
    Conference.objects.filter(pk=found.pk).update(planned_for=long_ago, held_on=long_ago)


INVITED = ("Hannah", "Siobhan")  # a social worker of the council; somebody of a partner agency
Row = tuple[str, Set, str, str]
BEFORE: tuple[Row, ...] = (
    ("nothing on file", both(), "Grace", NOTHING),
    ("the conference is planned", ahead(9), "Grace", CHAIRS),
    ("... for somebody else", ahead(9), "Imran", NOTHING),
    ("... far ahead", ahead(200), "Grace", CHAIRS),
    ("... and was cancelled", both(ahead(9), cancelled), "Grace", NOTHING),
    ("... and was cancelled, with a concern open", both(ahead(9), raised(0), cancelled), "Grace", CHAIRS),
    ("... as a review, with no plan", ahead(9, kind="review"), "Grace", NOTHING),
    ("... and a later one by another", both(ahead(9), ahead(20, "Imran")), "Grace", NOTHING),
    ("... and a later one by another, who", both(ahead(9), ahead(20, "Imran")), "Imran", CHAIRS),
    ("... and a later one by another, cancelled", both(ahead(20, "Imran"), cancelled, ahead(9)), "Grace", CHAIRS),
    ("... and a later review by another", both(ahead(9), ahead(20, "Imran", kind="review")), "Grace", CHAIRS),
    ("... and the child is restricted", both(ahead(9), restricted), "Grace", CHAIRS),
    ("it was held today", ahead(0), "Grace", CHAIRS),
    ("held today, and goes on by another", both(ahead(0), ahead(9, "Imran")), "Grace", NOTHING),
    (
        "held, and goes on by another, with a concern open",
        both(ahead(0), raised(0), ahead(9, "Imran")),
        "Imran",
        CHAIRS,
    ),
    ("day 21 after it, no plan", ahead(-LAST_DAY), "Grace", CHAIRS),
    ("day 22", ahead(-LAST_DAY - 1), "Grace", NOTHING),
    ("day 22 with a concern open", as_held_long_ago, "Grace", CHAIRS),
    ("another chairs the plan", both(ahead(-3), on_plan(-3, chair="Imran")), "Grace", NOTHING),
    ("another chairs the plan, who", both(ahead(-3), on_plan(-3, chair="Imran")), "Imran", CHAIRS),
    ("another chaired it, and it is over", both(ahead(-9), on_plan(-9, -2, "Imran")), "Grace", NOTHING),
    ("an old plan, and a new conference", both(on_plan(-400, -90, "Imran"), ahead(9)), "Grace", CHAIRS),
    ("an old plan, and a new conference: the old chair", both(on_plan(-400, -90), ahead(9, "Imran")), "Grace", NOTHING),
)
WHO_IS_INVITED: tuple[Row, ...] = (
    ("invited", ahead(9, "Grace", *INVITED), "Hannah", SEES),
    ("invited, of a partner agency", ahead(9, "Grace", *INVITED), "Siobhan", NOTHING),
    ("not invited", ahead(9, "Grace", "Hannah"), "Kofi", NOTHING),
    ("invited, cancelled", both(ahead(9, "Grace", "Hannah"), cancelled), "Hannah", NOTHING),
    ("invited, restricted", both(ahead(9, "Grace", "Hannah"), restricted), "Hannah", NOTHING),
    ("invited, held today", ahead(0, "Grace", "Hannah"), "Hannah", SEES),
    ("invited, held yesterday", ahead(-1, "Grace", "Hannah"), "Hannah", NOTHING),
    ("invited, held yesterday, with a concern open", both(on_plan(-400, -90), as_held_long_ago), "Kofi", NOTHING),
    ("invited, and a plan", both(ahead(9, "Grace", "Kofi"), on_plan(0)), "Kofi", NOTHING),
)
DURING_AND_AFTER: tuple[Row, ...] = (
    ("on a plan", on_plan(-30), "Grace", CHAIRS),
    ("on a plan, its worker", on_plan(-30), "Hannah", SEES),
    ("on a plan, the team's manager", on_plan(-30), "Priya", SEES),
    ("on a plan, another chair", on_plan(-30), "Imran", NOTHING),
    ("it ended today", on_plan(-200, 0), "Grace", CHAIRS),
    ("day 21 after its end", on_plan(-200, -LAST_DAY), "Grace", CHAIRS),
    ("day 22", on_plan(-200, -LAST_DAY - 1), "Grace", NOTHING),
    ("day 22 with a concern open", as_long_ago(-LAST_DAY - 1), "Grace", CHAIRS),
    ("day 22 with a concern that is over", both(as_long_ago(-LAST_DAY - 1), withdrawn), "Grace", NOTHING),
    ("day 22 with a concern open: another chair", as_long_ago(-LAST_DAY - 1), "Imran", NOTHING),
    ("day 21, restricted", both(on_plan(-200, -LAST_DAY), restricted), "Grace", CHAIRS),
    ("day 22, restricted", both(on_plan(-200, -LAST_DAY - 1), restricted), "Grace", NOTHING),
    ("day 1, its worker", on_plan(-200, -1), "Hannah", NOTHING),
    ("day 1, the team's manager", on_plan(-200, -1), "Priya", NOTHING),
    ("day 1, and another plan", both(on_plan(-200, -2), on_plan(-1, chair="Imran")), "Grace", NOTHING),
    ("ended at a conference: its chair", both(on_plan(-200, -5), ahead(-5, "Imran", kind="review")), "Imran", CHAIRS),
    ("ended at a conference: the plan's", both(on_plan(-200, -5), ahead(-5, "Imran", kind="review")), "Grace", CHAIRS),
    ("a later conference of the family", both(on_plan(-200, -9), ahead(-2, "Imran", kind="review")), "Imran", NOTHING),
)


@pytest.mark.parametrize("rows", [BEFORE, WHO_IS_INVITED, DURING_AND_AFTER], ids=["before", "invited", "after"])
def test_who_finds_sees_and_raises(west: Cast, nia: Child, rows: tuple[Row, ...]) -> None:
    clients = {name: signed_in(west, name) for name in {name for _, _, name, _ in rows}}
    wrong = []
    for when, is_set, name, expected in rows:
        with transaction.atomic():
            is_set(nia, west)
            found = may(clients[name], nia)
            transaction.set_rollback(True)
        wrong += [f"{name}, {when}: {found}, not {expected}"] if found != expected else []
    assert not wrong, "\n".join(wrong)


def test_the_family_and_the_history_open_with_the_child(west: Cast, nia: Child) -> None:
    conference(nia, west, 9, "Grace", "Hannah")
    paths = (f"/families/{nia.family.reference}", f"/children/{nia.public_id}/history")
    for name, status in (("Grace", 200), ("Hannah", 200), ("Imran", 404), ("Siobhan", 404)):
        assert [signed_in(west, name).get(path).status_code for path in paths] == [status, status], name


def test_a_brother_on_a_plan_follows_his_own_plan(west: Cast, nia: Child) -> None:
    brother = Child.objects.create(authority=west.authority, family=nia.family, first_name="Isaac", last_name="Aspen")
    plan(brother, west, -90, chair="Imran")
    conference(nia, west, 9)
    page = signed_in(west, "Grace").get(f"/families/{nia.family.reference}").text
    assert "Nia Aspen" in page
    assert "Isaac" not in page


def test_the_childs_page_says_who_chairs_and_when(west: Cast, nia: Child) -> None:
    conference(nia, west, 9, "Grace", "Hannah")
    page = lint(signed_in(west, "Hannah").get(f"/children/{nia.public_id}")).text
    assert "Grace Ollerton" in page
    assert "Initial conference on Friday 15 May 2026" in page
    assert "Raise a concern" not in page


def test_the_chairs_home_lists_the_initial_conferences_ahead(west: Cast, nia: Child) -> None:
    conference(nia, west, 9)
    family = f"/families/{nia.family.reference}"
    page = lint(signed_in(west, "Grace").get("/")).text
    assert "Initial conferences ahead" in page
    assert family in page
    assert family not in signed_in(west, "Imran").get("/").text


def test_what_comes_up_in_the_talk_before_the_conference_is_recorded_with_it(west: Cast, nia: Child) -> None:
    """Walsall: a key time at which a resolution may be triggered is the talk before the conference."""
    grace = Chair(west, "Grace")
    planned = conference(nia, west, 9, "Grace", *INVITED)
    talk = told(grace, "Maya") | {"children": [nia.public_id], "occasion": "pre-conference"}
    talk |= {f"impact_{nia.public_id}": "Nobody has told her what the meeting is."}
    response = grace.client.post(grace.begins_informal("Aspen"), talk)
    assert response.status_code == 302, response.content.decode()
    found = Resolution.objects.get()
    assert state_of(found).conference == planned.reference
    assert (found.chair, found.social_worker) == (west.person("Grace"), west.person("Hannah"))
    assert found.team == west.unit("North")
    assert may(grace.client, nia) == CHAIRS


def test_who_stands_in_for_the_chair_raises_in_their_place(west: Cast, nia: Child) -> None:
    conference(nia, west, 9)
    Cover.objects.create(
        authority=west.authority, away=west.person("Grace"), covering=west.person("Imran"), starts=TODAY
    )
    assert may(signed_in(west, "Imran"), nia) == CHAIRS


def whom(client: Client, child: Child) -> tuple[str, str]:
    """The search for the child, and its record, in words."""
    found = client.post("/search", {"q": "Nia Aspen"}, follow=True)
    return str(lint(found).text), str(lint(client.get(f"/children/{child.public_id}")).text)


def test_before_a_plan_every_page_names_who_has_the_child(west: Cast, nia: Child) -> None:
    conference(nia, west, 7, "Grace", "Hannah")
    found, record = whom(signed_in(west, "Judith"), nia)
    for page in (found, record):
        assert "Grace Ollerton" in page
        assert "Nobody on file" not in page
        assert "North" in page
    assert "Hannah Quill" in record
    assert "Hannah Quill" in lint(signed_in(west, "Grace").get("/children")).text


def test_after_the_plan_the_search_names_the_chair_whom_the_record_names(west: Cast, nia: Child) -> None:
    plan(nia, west, -200, -2)
    for page in whom(signed_in(west, "Judith"), nia):
        assert "Grace Ollerton" in page


def test_a_second_initial_conference_ahead_counts_before_the_last_plan(west: Cast, nia: Child) -> None:
    plan(nia, west, -400, -200, "Imran")
    conference(nia, west, 7, "Grace", "Hannah")
    for page in whom(signed_in(west, "Judith"), nia):
        assert "Grace Ollerton" in page
        assert "Imran" not in page
