"""Allocation by page: the lists, the choice, what is shown before it is done; who may, and what they may not see."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.models import Look
from undrift.access.restricting import exclude, name, restrict
from undrift.applying.one_child import say_same
from undrift.children.facts import Because, change
from undrift.children.models import Allocation, Child, Conference, CoreGroupMember, FactChange, Family, Plan
from undrift.people.models import Holding
from undrift.record.handing_on import new_day

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WHO_MAY = ("Judith", "Marcus", "Nadia", "Pauline", "Jo Talbot")
WHO_MAY_NOT = ("Grace", "Hannah", "Priya", "Owen", "Angela", "Siobhan")


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def be(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.person(who), backend="undrift.people.seats.SignedIn")
    return client


def on(box: str, day: date) -> dict[str, str]:
    return {f"{box}_day": str(day.day), f"{box}_month": str(day.month), f"{box}_year": str(day.year)}


def nobody_has(cast: Cast, *children: str, **nobody: None) -> None:
    """As a file would bring them: without a chair, a worker, a team."""
    for child in children:
        change(cast.plan(child), nobody or {"chair_id": None}, Because(at=NOW))


def ticked(cast: Cast, *children: str) -> str:
    return "&".join(f"c={cast.child(child).public_id}" for child in children)


def asks(client: Client, query: str, part: str, to: object, day: date = TODAY) -> Any:
    """The choice as it is sent: it leads to the check."""
    said = {"part": part, part: str(to), **on("from_day", day)}
    return client.post(f"/allocation/give?{query}", said)


# The lists ------------------------------------------------------------------------------------------------------------


def test_children_without_a_chair_are_listed_and_counted(west: Cast) -> None:
    nobody_has(west, "Maya", "Kai")
    page = lint(be(west, "Judith").get("/allocation?lacks=chair")).text
    assert "No chair (2)" in page
    assert "No team (0)" in page
    assert "<strong>2 children</strong>" in page
    assert "Maya Alder" in page
    assert "Kai Sorrel" in page
    assert "Jude Alder" not in page


@pytest.mark.parametrize(("part", "lacks"), [("chair", "chair"), ("social_worker", "social_worker"), ("team", "team")])
def test_each_list_holds_those_who_lack_it(west: Cast, part: str, lacks: str) -> None:
    nobody_has(west, "Kai", **{f"{part}_id": None})
    client = be(west, "Judith")
    for asked in ("chair", "social_worker", "team"):
        assert ("Kai Sorrel" in client.get(f"/allocation?lacks={asked}").text) is (asked == lacks)


def test_the_list_is_narrowed_sorted_and_taken_away(west: Cast) -> None:
    client = be(west, "Judith")
    imran = west.person("Imran")
    change(west.plan("Kai"), {"chair_id": imran.pk}, Because(at=NOW))
    page = client.get(f"/allocation?chair={imran.pk}").text
    assert "Kai Sorrel" in page
    assert "Maya Alder" not in page
    assert "Poppy Rowan" in client.get(f"/allocation?team={west.unit('South').pk}").text
    assert "Maya Alder" not in client.get(f"/allocation?team={west.unit('South').pk}").text
    family = client.get(f"/allocation?family={west.family('Alder').reference}").text
    assert "<strong>3 children</strong>" in family
    oldest = client.get("/allocation?sort=longest").text
    assert oldest.index("Ella Rowan") < oldest.index("Maya Alder") < oldest.index("Amara Linnet")
    rows = list(csv.reader(io.StringIO(client.get(f"/lists/allocation?chair={imran.pk}").content.decode("utf-8-sig"))))
    assert rows[0] == ["Number", "Child", "On the plan since", "Chair", "Social worker", "Team", "To come"]
    assert ["Kai Sorrel", "2026-02-17", "Imran Dastgir", "Hannah Quill", "North"] in [row[1:6] for row in rows]
    assert west.child("Kai").pk in Look.objects.order_by("-pk")[0].children


def test_a_child_before_the_plan_is_there_with_the_chair_of_the_conference(west: Cast) -> None:
    Plan.objects.filter(child=west.child("Kai")).update(ends=TODAY - DAY)
    client = be(west, "Judith")
    assert "Kai Sorrel" not in client.get("/allocation").text
    Conference.objects.create(
        authority=west.authority, family=west.family("Sorrel"), reference="C-2026-9001", kind="initial",
        planned_for=NOW + 5 * DAY,
    )  # fmt: skip
    for lacks, there in (("chair", True), ("social_worker", True), ("team", False)):
        assert ("Kai Sorrel" in client.get(f"/allocation?lacks={lacks}").text) is there, lacks
    assert "Before a plan" in client.get("/allocation").text


def test_of_several_workers_invited_before_the_plan_it_is_said_who_is_left_out(west: Cast) -> None:
    child, kofi = west.child("Kai"), west.person("Kofi")
    Plan.objects.filter(child=child).update(ends=TODAY - DAY)
    conference = Conference.objects.create(
        authority=west.authority, family=west.family("Sorrel"), reference="C-2026-9001", kind="initial",
        planned_for=NOW + 5 * DAY,
    )  # fmt: skip
    conference.participants.add(west.person("Hannah"), kofi)
    client = be(west, "Judith")
    address = f"/allocation/check?c={child.public_id}&part=social_worker&to={kofi.pk}&day={TODAY}"
    page = " ".join(client.get(address).text.split())
    assert "Hannah Quill and Kofi" in page
    assert f"{kofi.name}. Hannah Quill is no longer invited" in page
    client.post(address, {"why": ""})
    assert list(conference.participants.all()) == [kofi]
    record = " ".join(be(west, "Nadia").get(f"/children/{child.public_id}/facts").text.split())
    assert "Those invited (a conference)" in record
    assert f"Was Hannah Quill, {kofi.name}, became {kofi.name}." in record


# Who may, and what they see -------------------------------------------------------------------------------------------


def addresses(cast: Cast) -> list[str]:
    child, to = cast.child("Maya").public_id, cast.person("Imran").pk
    return [
        "/allocation", "/lists/allocation", f"/allocation/give?c={child}",
        f"/allocation/check?c={child}&part=chair&to={to}&day={TODAY}", f"/allocation/children/{child}",
        f"/allocation/children/{child}/family", f"/allocation/children/{child}/core-group",
    ]  # fmt: skip


@pytest.mark.parametrize("who", WHO_MAY)
def test_whoever_brings_children_in_opens_them(west: Cast, who: str) -> None:
    for path in addresses(west):
        page = be(west, who).get(path)
        assert page.status_code == 200, path
        if not path.startswith("/lists"):
            lint(page)


@pytest.mark.parametrize("who", WHO_MAY_NOT)
def test_nobody_else_does(west: Cast, who: str) -> None:
    for path in addresses(west):
        answer = be(west, who).get(path)
        assert answer.status_code == 403, path
        assert "bring children in. Ask one of them" in answer.text


def test_an_administrator_sees_numbers_and_never_a_name(west: Cast) -> None:
    nobody_has(west, "Maya")
    names = {name for child in Child.objects.all() for name in (child.first_name, child.last_name) if name}
    number = west.child("Maya").external_id
    client = be(west, "Jo Talbot")
    for path in (*addresses(west), "/allocation?lacks=chair"):
        page = re.sub(r"<head>.*?</head>", "", client.get(path).content.decode(), flags=re.DOTALL)
        assert not {name for name in names if re.search(rf"\b{name}\b", page)}, path
        assert number in page or path.endswith("core-group") or path.startswith("/allocation/give"), path
    assert client.get(f"/children/{west.child('Maya').public_id}").status_code == 404


@pytest.mark.parametrize("who", ["Judith", "Pauline", "Jo Talbot"])
def test_restricted_and_closed_children_are_counted_and_not_named(west: Cast, who: str) -> None:
    nobody_has(west, "Maya", "Kai", "Tyler")
    restrict(west.child("Kai"), west.person("Marcus"), "A relative works here.", NOW)
    exclude(west.child("Tyler"), west.person(who), "is a relative", west.person("Marcus"), NOW)
    client = be(west, who)
    page = client.get("/allocation?lacks=chair").text
    assert "2 children are restricted or closed to you" in page
    assert "No chair (1)" in page
    for child in ("Kai", "Tyler"):
        assert west.child(child).public_id not in page
        assert west.child(child).external_id not in page
        assert client.get(f"/allocation/children/{west.child(child).public_id}").status_code == 404
        answer = client.get(f"/allocation/give?{ticked(west, child)}", follow=True)
        assert "Tick at least one child" in answer.text


def test_a_try_at_a_closed_child_and_a_look_at_an_open_one_leave_a_trace(west: Cast) -> None:
    restrict(west.child("Kai"), west.person("Marcus"), "A relative works here.", NOW)
    client = be(west, "Jo Talbot")
    client.get(f"/allocation/children/{west.child('Kai').public_id}")
    tried = Look.objects.order_by("-pk")[0]
    assert (tried.refused, tried.tried) == (True, west.child("Kai").public_id)
    client.get(f"/allocation/children/{west.child('Maya').public_id}")
    assert Look.objects.order_by("-pk")[0].children == [west.child("Maya").pk]


def test_whoever_is_named_for_a_restricted_child_allocates_it_to_somebody_who_is_named(west: Cast) -> None:
    kai, marcus = west.child("Kai"), west.person("Marcus")
    restrict(kai, marcus, "A relative works here.", NOW)
    name(kai, west.person("Judith"), "Allocates", TODAY + 30 * DAY, marcus, NOW)
    client, imran = be(west, "Judith"), west.person("Imran")
    check = asks(client, ticked(west, "Kai"), "chair", imran.pk).headers["Location"]
    assert "is not named for it" in lint(client.get(check)).text
    client.post(check, {"why": ""})
    assert west.plan("Kai").chair == west.person("Grace")
    name(kai, imran, "Takes over", TODAY + 30 * DAY, marcus, NOW)
    assert client.post(check, {"why": ""}).status_code == 302
    assert west.plan("Kai").chair == imran


def test_children_of_another_council_are_nobodys_to_allocate(west: Cast, north: Cast) -> None:
    theirs = Child.objects.filter(authority=north.authority)[0]
    client = be(west, "Judith")
    assert client.get(f"/allocation/children/{theirs.public_id}").status_code == 404
    assert "Tick at least one child" in client.get(f"/allocation/give?c={theirs.public_id}", follow=True).text


# Given ----------------------------------------------------------------------------------------------------------------


def test_several_are_given_at_once_shown_first_and_said_after(west: Cast) -> None:
    nobody_has(west, "Maya", "Kai")
    resolution = reached.stage_one(west, "Jude").resolution
    client, imran = be(west, "Pauline"), west.person("Imran")
    query = ticked(west, "Maya", "Kai", "Jude")
    lint(client.get(f"/allocation/give?{query}"))
    check = asks(client, query, "chair", imran.pk)
    assert check.status_code == 303
    page = lint(client.get(check.headers["Location"])).text
    assert page.index("Nobody") < page.index("Allocate 3 children")
    assert "From today, at once" in page
    assert west.plan("Maya").chair is None
    done = lint(client.post(check.headers["Location"], {"why": "Transferred"}, follow=True)).text
    assert "3 children now have Imran Dastgir as chair. 1 resolution has changed hands" in done
    assert {west.plan(child).chair for child in ("Maya", "Kai", "Jude")} == {imran}
    resolution.refresh_from_db()
    assert resolution.chair == imran
    told = FactChange.objects.filter(child=west.child("Kai")).order_by("-pk")[0]
    assert (told.field, told.was, told.now, told.by, told.why) == (
        "chair", "", str(imran.pk), west.person("Pauline"), "Transferred",
    )  # fmt: skip


def test_nothing_that_could_name_somebody_stands_in_an_address_or_a_title(west: Cast) -> None:
    client = be(west, "Judith")
    check = asks(client, ticked(west, "Maya"), "chair", west.person("Imran").pk).headers["Location"]
    for path in (check, *addresses(west)):
        assert not re.search("maya|alder|imran|dastgir", path.lower())
        title = re.search("<title>(.*?)</title>", client.get(path).text, re.DOTALL)
        assert title is None or not re.search("maya|alder", title[1].lower()), path


def test_from_a_later_day_it_waits_is_shown_and_can_be_taken_back(west: Cast) -> None:
    client, kai = be(west, "Judith"), west.child("Kai").public_id
    later = TODAY + 26 * DAY
    check = asks(client, ticked(west, "Kai"), "social_worker", west.person("Kofi").pk, later).headers["Location"]
    assert "From Monday 1 June 2026, by itself" in client.get(check).text
    done = lint(client.post(check, {"why": ""}, follow=True)).text
    assert "1 child will have Kofi Ansell as social worker from Monday 1 June 2026" in done
    assert "To come" in done
    assert "Social worker: Kofi Ansell from 1 June 2026" in lint(client.get("/allocation")).text
    assert west.plan("Kai").social_worker == west.person("Hannah")
    end = f"/allocation/children/{kai}/ahead/{Allocation.objects.get().pk}/end"
    assert end in done
    assert "Taken back: social worker Kofi Ansell" in client.post(end, follow=True).text
    assert "It was taken back before" in client.post(end, follow=True).text
    new_day(NOW + 30 * DAY)
    assert west.plan("Kai").social_worker == west.person("Hannah")


def test_what_could_not_be_done_on_its_day_is_shown(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    check = asks(client, ticked(west, "Kai"), "chair", west.person("Imran").pk, TODAY + DAY).headers["Location"]
    client.post(check, {"why": ""})
    exclude(west.child("Kai"), west.person("Imran"), "is a relative", west.person("Marcus"), NOW)
    new_day(NOW + DAY)
    page = lint(client.get("/allocation")).text
    assert "Could not be done on its day" in page
    assert f"Child {west.child('Kai').external_id}" in page
    assert "relative" not in page
    assert "1 allocation that could not be done on the day" in lint(client.get("/")).text


WRONG = [
    ({}, "Select what changes"),
    ({"part": "chair"}, "Choose who chairs for them"),
    ({"part": "chair", "chair": "999999"}, "Choose who chairs for them"),
    ({"part": "team", "team": ""}, "Choose which team has them"),
    ({"part": "chair", **on("from_day", TODAY - DAY)}, "today or later"),
    ({"part": "chair", **on("from_day", TODAY + 400 * DAY)}, "within 6 months"),
]


@pytest.mark.parametrize(("said", "wrong"), WRONG)
def test_what_is_wrong_is_said_at_its_field(west: Cast, said: dict[str, str], wrong: str) -> None:
    page = lint(be(west, "Judith").post(f"/allocation/give?{ticked(west, 'Maya')}", on("from_day", TODAY) | said))
    assert wrong in page.text
    assert "There is a problem" in page.text


def test_nobody_is_offered_to_themselves(west: Cast) -> None:
    post = west.post("cp-coordinator", "Safeguarding and Review")
    Holding.objects.create(authority=west.authority, post=post, person=west.person("Judith"), starts=TODAY)
    judith = f'value="{west.person("Judith").pk}"'
    assert judith not in be(west, "Judith").get(f"/allocation/give?{ticked(west, 'Maya')}").text
    assert judith in be(west, "Pauline").get(f"/allocation/give?{ticked(west, 'Maya')}").text


def test_one_who_is_kept_out_is_left_out_and_the_others_go_on(west: Cast) -> None:
    exclude(west.child("Maya"), west.person("Imran"), "is a relative", west.person("Marcus"), NOW)
    client = be(west, "Judith")
    check = asks(client, ticked(west, "Maya", "Jude"), "chair", west.person("Imran").pk).headers["Location"]
    page = lint(client.get(check)).text
    assert "1 of the 2 children cannot be allocated so" in page
    assert "relative" not in page
    onward = re.search(r'href="(/allocation/give[^"]*)"[^>]*>Go on', page)
    assert onward is not None
    assert west.child("Jude").public_id in onward[1]
    assert west.child("Maya").public_id not in onward[1]


@pytest.mark.parametrize("query", ["", "part=chair", "part=cook&to=1&day=2026-05-06", "part=chair&to=²&day=2026-05-06",
                                   "part=chair&to=1&day=never", "part=chair&to=999999999&day=2026-05-06"])  # fmt: skip
def test_a_made_up_address_leads_back_to_the_list(west: Cast, query: str) -> None:
    answer = be(west, "Judith").get(f"/allocation/check?{ticked(west, 'Maya')}&{query}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/allocation")


def test_ticking_all_ticks_all_on_the_page(west: Cast) -> None:
    client = be(west, "Judith")
    assert " checked" not in client.get("/allocation").text
    page = client.get("/allocation?tick=all").text
    assert page.count(" checked") == page.count('name="c"') > 5


# Together -------------------------------------------------------------------------------------------------------------


def test_a_child_is_put_with_a_brother_or_sister_by_number(west: Cast) -> None:
    client, kai = be(west, "Jo Talbot"), west.child("Kai").public_id
    path = f"/allocation/children/{kai}/family"
    for said, wrong in (
        ({}, "Select which family"),
        ({"where": "join"}, "Enter the number of the brother or sister"),
        ({"where": "join", "number": "nothing"}, "No child that you may change has this number"),
    ):
        assert wrong in lint(client.post(path, said)).text
    done = client.post(path, {"where": "join", "number": west.child("Tyler").external_id, "why": ""}, follow=True)
    assert "in the family of the brother or sister now" in lint(done).text
    assert west.child("Kai").family == west.child("Tyler").family
    assert "A family of their own" in client.get(path).text
    client.post(path, {"where": "own", "why": ""})
    assert Child.objects.get(public_id=kai).family != west.child("Tyler").family


def test_an_open_concern_about_both_is_said_before_and_refused_after(west: Cast) -> None:
    reached.stage_one(west, "Maya", "Jude")
    client, path = be(west, "Judith"), f"/allocation/children/{west.child('Maya').public_id}/family"
    assert "An open concern is about this child together" in client.get(path).text
    page = lint(client.post(path, {"where": "own", "why": ""})).text
    assert "There is a problem" in page
    assert west.child("Maya").family == west.family("Alder")


def test_a_restricted_sibling_is_no_ones_to_be_found_by_number(west: Cast) -> None:
    restrict(west.child("Tyler"), west.person("Marcus"), "A relative works here.", NOW)
    path = f"/allocation/children/{west.child('Kai').public_id}/family"
    said = {"where": "join", "number": west.child("Tyler").external_id, "why": ""}
    assert "No child that you may change has this number" in be(west, "Jo Talbot").post(path, said).text


def test_somebody_is_added_to_the_core_group_and_ended(west: Cast) -> None:
    client, kai = be(west, "Pauline"), west.child("Kai").public_id
    path = f"/allocation/children/{kai}/core-group"
    said = {"how": "account", "person": str(west.person("Siobhan").pk), "role": "Health visitor", **on("starts", TODAY)}
    page = lint(client.post(path, said, follow=True)).text
    assert "Siobhan Darrow" in page
    assert "Health visitor" in page
    member = CoreGroupMember.objects.get(family=west.family("Sorrel"), person=west.person("Siobhan"))
    end = f"{path}/{member.pk}/end"
    lint(client.get(end))
    page = client.post(end, {**on("last_day", TODAY + DAY), "why": ""}, follow=True).text
    assert "Their last day in the core group is Thursday 7 May 2026" in page
    assert client.get(end).status_code == 404


@pytest.mark.parametrize(
    ("said", "wrong"),
    [({}, "Select who"), ({"how": "account"}, "Choose a person"), ({"how": "name"}, "Enter their name"),
     ({"how": "name", "name": "Ms Vane", **on("starts", TODAY + 400 * DAY)}, "within 6 months")],
)  # fmt: skip
def test_what_is_wrong_with_a_member_is_said_at_its_field(west: Cast, said: dict[str, str], wrong: str) -> None:
    path = f"/allocation/children/{west.child('Kai').public_id}/core-group"
    assert wrong in lint(be(west, "Judith").post(path, {**on("starts", TODAY), **said})).text
    assert not CoreGroupMember.objects.filter(name="Ms Vane").exists()


# Cost -----------------------------------------------------------------------------------------------------------------


def conference_ahead(cast: Cast, number: int) -> None:
    """A family whose child is before its first conference, with a worker who is invited."""
    family = Family.objects.create(authority=cast.authority, name=f"Wren {number}")
    Child.objects.create(authority=cast.authority, family=family, external_id=f"51{number}", first_name="Ivy")
    conference = Conference.objects.create(
        authority=cast.authority, family=family, reference=f"C-2026-8{number:03}", kind="initial",
        planned_for=NOW + 5 * DAY, chair=cast.person("Grace"),
    )  # fmt: skip
    conference.participants.add(cast.person("Hannah"))


@pytest.mark.parametrize("path", ["/allocation", "/lists/allocation"])
def test_the_list_takes_the_same_queries_however_long_it_is(west: Cast, path: str) -> None:
    client = be(west, "Judith")
    client.get("/")
    counted = []
    for number in range(2):
        conference_ahead(west, number)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path)
        counted.append(len(queries))
        for more in range(5):
            conference_ahead(west, 10 * number + more + 10)
    assert "Hannah Quill" in page.content.decode()
    assert counted[0] == counted[1] <= 40


def test_the_check_takes_the_same_queries_however_many_are_before_their_conference(west: Cast) -> None:
    client, to = be(west, "Judith"), west.person("Kofi").pk
    client.get("/")
    counted = []
    for number in range(2):
        conference_ahead(west, number)
        chosen = Child.objects.filter(family__name__startswith="Wren").values_list("public_id", flat=True)
        asked = "&".join(f"c={one}" for one in chosen)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/allocation/check?{asked}&part=social_worker&to={to}&day={TODAY}")
        assert page.content.decode().count("Hannah Quill") == len(chosen) == 1 + 6 * number
        counted.append(len(queries))
        for more in range(5):
            conference_ahead(west, 10 * number + more + 10)
    assert counted[0] == counted[1]


@pytest.mark.parametrize(("who", "led"), [("Grace", "Chairs for"), ("Hannah", "Works with"), ("Priya", "")])
def test_a_persons_page_leads_to_all_the_children_they_have(west: Cast, who: str, led: str) -> None:
    page = lint(be(west, "Jo Talbot").get(f"/people/{west.person(who).pk}")).text
    found = re.search(r'href="(/allocation\?[^"]+)">(Chairs for|Works with) (\d+) children', page)
    assert (found[2] if found else "") == led
    if found:
        assert f"<strong>{found[3]} children</strong>" in be(west, "Judith").get(found[1]).text.replace("&amp;", "&")


def test_whoever_guards_records_is_led_from_the_closed_ones_to_them(west: Cast) -> None:
    nobody_has(west, "Kai")
    restrict(west.child("Kai"), west.person("Marcus"), "A relative works here.", NOW)
    for who, led in (("Judith", True), ("Pauline", False), ("Jo Talbot", False)):
        assert ('href="/guarding/restricted"' in be(west, who).get("/allocation?lacks=chair").text) is led, who


# Several records of one child -----------------------------------------------------------------------------------------


def test_of_two_records_of_one_child_the_one_that_goes_on_is_given_and_raised_of(west: Cast) -> None:
    kai = west.child("Kai")
    again = Child.objects.create(
        authority=west.authority, family=west.family("Heron"), external_id="9003", first_name="Kai",
        last_name="Sorrel", date_of_birth=kai.date_of_birth,
    )  # fmt: skip
    Plan.objects.create(authority=west.authority, child=again, starts=TODAY - 9 * DAY, chair=west.person("Imran"))
    say_same(kai, again, by=west.person("Judith"), at=NOW, why="It was renumbered")
    judith = be(west, "Judith")
    for listed in ("/allocation", "/allocation?lacks=social_worker", "/allocation?lacks=team", "/lists/allocation"):
        assert again.public_id not in judith.get(listed).text
        assert "9003" not in judith.get(listed).text
    assert "No social worker (0)" in " ".join(lint(judith.get("/allocation")).text.split())
    page = lint(judith.get(f"/allocation/children/{again.public_id}")).text
    assert "Another record of this child goes on" in page
    assert f"/allocation/children/{kai.public_id}" in page
    assert "allocation/give" not in page
    hannah = west.person("Hannah").pk
    asked = f"/allocation/check?c={again.public_id}&part=social_worker&to={hannah}&day={TODAY.isoformat()}"
    judith.post(asked, {"why": "She is back."})
    assert "Another record of this child goes on" in judith.get(asked).text
    assert Plan.objects.get(child=again).social_worker is None
    grace, imran = be(west, "Grace"), be(west, "Imran")
    raised = f"/children/{kai.public_id}/raise"
    assert raised in lint(grace.get(f"/children/{kai.public_id}")).text
    assert grace.get(raised).status_code == 200
    for client in (grace, imran):
        page = lint(client.get(f"/children/{again.public_id}")).text
        assert "/raise" not in page
        assert f"/children/{kai.public_id}" in page
        assert "/raise" not in lint(client.get(f"/children/{again.public_id}/resolutions")).text
        assert client.get(f"/children/{again.public_id}/raise").status_code == 403
    assert "/raise" not in lint(imran.get(f"/children/{kai.public_id}")).text
    assert imran.get(raised).status_code == 403
    for one, may in ((grace, True), (imran, False)):
        assert ("/raise" in lint(one.get(f"/families/{kai.family.reference}")).text) is may
