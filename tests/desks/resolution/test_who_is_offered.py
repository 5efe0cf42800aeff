"""Who is offered a part: peers first, with their posts, then those above; nobody below.

Beside each list stands the act itself: what no page offers is refused, in the words that say nothing of why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import drafted, stage_one
from undrift.engine.ladder import acts
from undrift.people.models import Holding
from undrift.record.models import Notice
from undrift.record.outcomes import Refused
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Be = Callable[[str], Client]
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def be(west: Cast, client: Client) -> Be:
    def someone(name: str) -> Client:
        client.force_login(west.person(name), backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return someone


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def at(resolution: Resolution, page: str) -> str:
    return f"/resolutions/{resolution.reference}/{page}".rstrip("/")


def offered(page: str) -> list[str]:
    """The names on the page, in their order."""
    return re.findall(r'name="person" type="radio"[^>]*>\s*<label[^>]*>\s*([^<]+?)\s*</label>', page)


def slugs(name: str) -> set[str]:
    return set(Holding.objects.filter(person__name=name).values_list("post__slug", flat=True))


ABOVE = {"group-manager", "head-of-service", "assistant-director", "director"}


@pytest.fixture
def raised(west: Cast) -> Resolution:
    return stage_one(west).resolution


def test_for_a_team_manager_other_team_managers_come_first_and_then_those_above(raised: Resolution, be: Be) -> None:
    page = lint(be("Grace").get(at(raised, "hand-over"))).content.decode()
    names = offered(page)
    kinds = ["team-manager" in slugs(name) for name in names]
    assert kinds == sorted(kinds, reverse=True)
    assert any(kinds)
    above = [name for name, is_a_peer in zip(names, kinds, strict=True) if not is_a_peer]
    assert above
    assert all(slugs(name) & ABOVE for name in above)
    assert "Priya Nairn" not in names
    assert not any("social-worker" in slugs(name) or "cp-coordinator" in slugs(name) for name in names)
    assert re.search(r"Team Manager, (Central|South)", page)


def test_an_approval_is_offered_upwards_and_sideways_alone(raised: Resolution, west: Cast, be: Be) -> None:
    drafted(west, raised, NOW)
    names = offered(lint(be("Grace").get(at(raised, "hand-over"))).content.decode())
    assert names
    assert all(slugs(name) & ABOVE for name in names)


def test_the_chairs_part_is_offered_to_those_who_chair_and_goes_over(raised: Resolution, west: Cast, be: Be) -> None:
    page = lint(be("Grace").get(at(raised, "chair"))).content.decode()
    names = offered(page)
    assert "Imran Dastgir" in names
    assert all(slugs(name) & {"cp-coordinator", "conference-chair", "chair"} for name in names)
    imran = west.person("Imran")
    be("Grace").post(at(raised, "chair"), {"part": "chair", "person": str(imran.pk), "why": "I am away for long."})
    raised.refresh_from_db()
    assert raised.chair == imran
    assert Notice.objects.filter(to_person=imran, kind="handed_over", ask="decide").exists()


DOWNWARDS = (
    ("team-manager", "Hannah Quill"),  # the social worker
    ("team-manager", "Imran Dastgir"),  # a chair
    ("group-manager", "Priya Nairn"),
    ("group-manager", "Hannah Quill"),
    ("chair", "Priya Nairn"),
    ("chair", "Hannah Quill"),
)


@pytest.mark.parametrize(("role", "name"), DOWNWARDS)
def test_what_no_page_offers_is_refused(raised: Resolution, west: Cast, role: str, name: str) -> None:
    to = west.person(name)
    act = acts.HandOver(role, str(to.pk), to.name, "Away.")
    with pytest.raises(Refused, match=f"{name} cannot take this on here"):
        perform(act, resolution=raised, by=west.person("Grace"), at=LATER)


# Not mine -------------------------------------------------------------------------------------------------------------


BELONGS = {"who": "Callum Stroud", "why": "They moved to his team."}
SAYS = "Priya Nairn says that this is not theirs to answer. It belongs to Callum Stroud: They moved to his team."


def test_whoever_was_asked_says_whose_it_is_and_the_chair_decides(raised: Resolution, west: Cast, be: Be) -> None:
    assert "This is not mine to answer" in lint(be("Priya").get(at(raised, ""))).text
    missing = lint(be("Priya").post(at(raised, "not-mine"), {})).text
    assert "Enter who should be asked" in missing
    be("Priya").post(at(raised, "not-mine"), BELONGS)
    mine = lint(be("Priya").get(at(raised, ""))).text
    assert SAYS in mine
    assert "This is not mine to answer" not in mine
    told = Notice.objects.get(case=raised.pk, kind="said_not_mine")
    assert (told.to_person, told.ask) == (west.person("Grace"), "decide whose it is")
    home = lint(be("Grace").get("/")).text
    assert "Decide whose it is" in home
    assert f'href="{at(raised, "hand-over")}"' in home
    shown = lint(be("Grace").get(at(raised, ""))).text
    assert SAYS in shown
    assert "Grace Ollerton decides. Until then it stays with Priya Nairn." in shown
    raised.refresh_from_db()
    assert raised.next_person == west.person("Priya")


def test_the_chair_reads_whose_it_is_said_to_be_and_hands_it_over(raised: Resolution, west: Cast, be: Be) -> None:
    be("Priya").post(at(raised, "not-mine"), BELONGS)
    page = lint(be("Grace").get(at(raised, "hand-over"))).text
    assert SAYS in page
    callum = west.person("Callum")
    sent = {"part": "team-manager", "person": str(callum.pk), "why": "They moved to his team."}
    be("Grace").post(at(raised, "hand-over"), sent)
    raised.refresh_from_db()
    assert raised.next_person == callum
    assert "Decide whose it is" not in be("Grace").get("/").text
    assert SAYS not in be("Grace").get(at(raised, "")).text


def test_the_chair_says_that_it_stays(raised: Resolution, west: Cast, be: Be) -> None:
    assert "it stays with" not in be("Grace").get(at(raised, "hand-over")).text
    be("Priya").post(at(raised, "not-mine"), BELONGS)
    assert "Nobody else: it stays with Priya Nairn" in be("Grace").get(at(raised, "hand-over")).text
    sent = {"part": "team-manager", "person": "stays", "why": "They are hers until the transfer."}
    be("Grace").post(at(raised, "hand-over"), sent)
    assert Notice.objects.get(case=raised.pk, kind="said_to_stay").to_person == west.person("Priya")
    assert "Decide whose it is" not in be("Grace").get("/").text
    assert "This is not mine to answer" in be("Priya").get(at(raised, "")).text


@pytest.mark.parametrize("name", ["Grace", "Denise"])
def test_nobody_else_passes_it_on_so(raised: Resolution, be: Be, name: str) -> None:
    client = be(name)
    assert "This is not mine to answer" not in client.get(at(raised, "")).text
    client.post(at(raised, "not-mine"), BELONGS)
    assert not Notice.objects.filter(kind="said_not_mine").exists()


# The part that a page is about ---------------------------------------------------------------------------------------


def test_a_part_that_is_not_waited_for_any_more_is_not_given_away(west: Cast, be: Be, raised: Resolution) -> None:
    """Grace opened the page on the Team Manager's part; Priya answered; what Grace sends is about her alone."""
    grace, farah = be("Grace"), west.person("Farah")
    page = grace.get(at(raised, "hand-over")).content.decode()
    assert re.search(r'name="part" value="team-manager"', page)
    drafted(west, raised, NOW + timedelta(minutes=3))
    sent = {"part": "team-manager", "person": str(farah.pk), "why": "Priya is away.", "seen": "2"}
    refused = be("Grace").post(at(raised, "hand-over"), sent, follow=True).content.decode()
    assert "This is about the part of the Group Manager now." in refused
    assert not raised.events.filter(type="handed_over").exists()
    be("Grace").post(at(raised, "hand-over"), {**sent, "part": "group-manager"})
    assert raised.events.get(type="handed_over").payload["role"] == "group-manager"


def test_who_hands_the_chairs_part_on_is_led_to_a_page_that_opens(west: Cast, be: Be, raised: Resolution) -> None:
    imran = west.person("Imran")
    sent = {"part": "chair", "person": str(imran.pk), "why": "I am away.", "seen": str(raised.last_seq)}
    after = be("Grace").post(at(raised, "chair"), sent, follow=True)
    assert (after.status_code, after.redirect_chain) == (200, [("/", 302)])
    assert f"{imran.name} takes this on." in after.text
    assert be("Grace").get(at(raised, "")).status_code == 404
    assert be("Imran").get(at(raised, "")).status_code == 200
