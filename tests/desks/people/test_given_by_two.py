"""What opens records to somebody: asked by one keeper, confirmed by another, never to oneself, never back-dated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, Q
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.access.crowd import OF_CHILDREN, OF_COUNCILS
from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.desks.people.test_accounts import SECRET
from tests.desks.people.test_people_pages import at, be, cover_by, on
from tests.desks.typed.test_each_form_counts_once import effects
from tests.house.thorough import THOROUGH
from tests.resolutions import reached
from undrift.access import granting, restricting, second_lock
from undrift.access.granting import HEIRS_ASKED
from undrift.access.matrix import Action
from undrift.access.models import Alert, Listing
from undrift.access.rows import children_visible_to, visible_to
from undrift.access.scope import scope_of
from undrift.children.models import Child, Plan, Voice
from undrift.desks.frame import factor
from undrift.desks.frame.addresses import RULES
from undrift.messages import alert_texts
from undrift.people import accounts
from undrift.people.models import AccountAct, Cover, Grant, Holding, Person
from undrift.people.models.account import What
from undrift.people.models.tenure import HoldingKind
from undrift.people.seats import seat_of
from undrift.record.children_given import ByPlan, children_of
from undrift.record.models import Event
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW, LONG_AGO = TODAY - timedelta(days=1), TODAY + timedelta(days=1), date(2015, 1, 1)
LATER = (0, 1, 40, 400) if THOROUGH else (0, 40)
DAYS = (LONG_AGO, YESTERDAY, TODAY, TOMORROW, TODAY + timedelta(days=90))
# Why a page refuses what one asks for oneself: who may follow or cover works with whom one follows or covers.
REASONS = (granting.NOT_ONESELF, "Choose who", "must be today or later")
KEEPERS = ("Jo Talbot", "Judith", "Marcus", "Nadia")
ASKED = KEEPERS if THOROUGH else KEEPERS[::2]


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


Opened = frozenset[tuple[object, object]]  # an action of the matrix, or a table, each with a record
# Each table of which the second lock shows rows, with the record that a row is of.
TABLES: Mapping[type[Model], str] = {Resolution: "pk", Event: "case", Child: "pk", Plan: "child", Voice: "child"}


def open_to(person: Person) -> Opened:
    """What is open to this person now: by the first lock every action of the matrix, each with each record; by the
    second what it shows of each table to a query without any filter of ours.
    """
    fresh = Person.objects.get(pk=person.pk)
    return by_the_first_lock(fresh) | by_the_second_lock(fresh)


def by_the_second_lock(person: Person) -> Opened:
    now = timezone.now()
    with transaction.atomic():
        second_lock.enter(person, seat_of(person, now.date()), now)
        seen = {of: of._default_manager.values_list(column, flat=True) for of, column in TABLES.items()}
        found = frozenset((of, number) for of, numbers in seen.items() for number in numbers)
        transaction.set_rollback(True)
    return found


def by_the_first_lock(fresh: Person) -> Opened:
    scope, found, kept = scope_of(fresh), set[tuple[object, object]](), dict[object, list[object]]()
    for action in Action:
        found |= {(action, tie) for tie in scope.ties(action)}
        if action in OF_COUNCILS or not scope.has(action):
            continue
        asked = action in OF_CHILDREN, scope.ties(action)
        if asked not in kept:
            if action in OF_CHILDREN:
                kept[asked] = list(children_visible_to(fresh, None, scope, action).values_list("pk", flat=True))
            else:
                kept[asked] = list(visible_to(Resolution, fresh, None, scope, action).values_list("pk", flat=True))
        found |= {(action, pk) for pk in kept[asked]}
    return frozenset(found)


def whole_matrix(cast: Cast) -> Mapping[tuple[int, str], Opened]:
    """What is open to everybody of the council, today and on days ahead, by each of the two locks."""
    found = {}
    for days in LATER:
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            for person in Person.objects.filter(authority=cast.authority, is_active=True):
                found[days, person.name] = open_to(person)
    shown = {kind for opened in found.values() for kind, _ in opened}
    assert shown >= {Action.READ, Action.CHILD, *TABLES}, "a lock that shows nobody anything opens nothing more"
    return found


def nothing_opened(before: Mapping[tuple[int, str], Opened], cast: Cast) -> None:
    after = whole_matrix(cast)
    assert {who: opened for who in after if (opened := after[who] - before.get(who, frozenset()))} == {}


def with_records(cast: Cast) -> None:
    """Something of each kind to open: a concern, a child's own words, a family closed to most."""
    reached.stage_one(cast)
    Voice.objects.create(authority=cast.authority, child=cast.child("Tyler"), text="He is quiet.", heard_on=TODAY)
    restricting.restrict(cast.child("Maya"), cast.person("Judith"), "A relative works here.", NOW)


def everybody_else(cast: Cast, keeper: str) -> list[Person]:
    keeping = cast.person(keeper)
    return list(Person.objects.filter(authority=cast.authority, is_active=True).exclude(pk=keeping.pk).order_by("pk"))


def asked_for_oneself(cast: Cast, keeper: Person, day: date) -> Iterator[Callable[[], object]]:
    """Each act of keeping people, on everybody and every post, with what would give this keeper something from then."""
    council, ends = cast.authority, max(day, TODAY) + timedelta(days=30)
    for other in everybody_else(cast, keeper.name):
        yield partial(granting.ask_cover, council, keeper, other, keeper, day, ends, None, "They are away")
        live = Holding.objects.filter(Q(ends=None) | Q(ends__gt=day), person=other).select_related("post")
        follows = {held.post: keeper for held in live}
        heirs: dict[ByPlan, list[Person]] = {part: [keeper] for part in HEIRS_ASKED if children_of(other, part)}
        for at_once in (False, True):
            if follows or heirs:
                yield partial(granting.ask_leaving, council, keeper, other, day, follows, heirs, at_once, "They leave")
    for held in Holding.objects.filter(authority=council).order_by("post").distinct("post").select_related("post"):
        for kind in HoldingKind:
            yield partial(granting.ask_post, council, keeper, held.post, keeper, day, kind, "It is empty")


@pytest.mark.parametrize("name", ASKED)
def test_no_keeper_opens_anything_to_himself_on_any_day(west: Cast, name: str) -> None:
    with_records(west)
    keeper, tried = west.person(name), 0
    before = whole_matrix(west)
    for day in DAYS:
        for ask in asked_for_oneself(west, keeper, day):
            with pytest.raises(granting.NotGiven) as refused:
                ask()
            assert day < TODAY or refused.value.sentence == granting.NOT_ONESELF, f"{ask} from {day}"
            tried += 1
    assert tried > 400
    nothing_given()
    nothing_opened(before, west)


# Each act of keeping people by its address, about the keeper; `{me}` is their number, and a date stands in each box.
ABOUT_ONESELF: Mapping[str, tuple[str, Mapping[str, str], tuple[str, ...]]] = {
    "appoint": ("/people/posts/{post}/appoint", {"person": "{me}", "as": "holder", "why": "It is empty"}, ("starts",)),
    "person-cover": ("/people/{me}/cover", {"covering": "{other}", "why": "I am away"}, ("starts", "ends")),
    "own-cover": ("/account/cover", {"covering": "{me}"}, ("starts", "ends")),
    "person-cover-end": ("/people/{me}/cover/{cover}/end", {}, ()),
    "own-cover-end": ("/account/cover/{cover}/end", {}, ()),
    "person-leaves": ("/people/{me}/leaves", {"closes": "after", "why": "I go"}, ("on",)),
    "person-stays": ("/people/{me}/stays", {"why": "I stay"}, ()),
    "add-person": ("/people/add", {"name": "{name}", "email": "{email}", "agency": "{agency}", "how": "invite"}, ()),
    "not-signed-in": ("/people/not-signed-in", {"people": "{me}"}, ()),
    "invite-person": ("/people/{me}/invite", {}, ()),
    "open-account": ("/people/{me}/open", {}, ()),
    "lost-factor": ("/people/{me}/second-factor", {"do": "ask"}, ()),
    "lost-factor, which another keeper asked for": ("/people/{me}/second-factor", {"do": "confirm"}, ()),
    "settle-grant": ("/people/waiting/{asked}", {"do": "confirm"}, ()),
}
SHOWN_ONLY = {"people", "people-gaps", "person", "people-waiting"}


def test_each_act_of_keeping_people_stands_in_the_table() -> None:
    keeping = {name for name, rule in RULES.items() if rule.action is Action.KEEP} | {"own-cover", "own-cover-end"}
    assert keeping == {act.partition(",")[0] for act in ABOUT_ONESELF} | SHOWN_ONLY


@pytest.mark.parametrize("name", ASKED)
def test_each_act_of_keeping_people_about_oneself_is_refused_or_told_and_opens_nothing(west: Cast, name: str) -> None:
    with_records(west)
    me, client = west.person(name), with_a_factor(west, name)
    accounts.ask_removal(me, west.person(next(other for other in KEEPERS if other != name)), NOW)
    cover = Cover.objects.create(authority=west.authority, away=me, covering=west.person("Dev"), starts=TODAY)
    client.post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"))
    known = {
        "me": me.pk, "name": me.name, "email": me.email, "agency": me.agency_id, "other": west.person("Dev").pk,
        "post": west.post("team-manager", "North").pk, "cover": cover.pk, "asked": Grant.objects.get().pk,
    }  # fmt: skip
    before, came = whole_matrix(west), dict[str, set[str]]()
    for page, (path, said, dates) in ABOUT_ONESELF.items():
        for day in DAYS if dates else (TODAY,):
            typed = {box: part for each in dates for box, part in on(each, day).items()}
            filled = {box: words.format(**known) for box, words in said.items()}
            came.setdefault(page, set()).add(outcome(client, me, path.format(**known), filled | typed))
    nothing_opened(before, west)
    assert Authenticator.objects.filter(user=me).exists()
    assert {page for page, found in came.items() if found - {"refused", "told"}} == set(), came
    assert {page for page, found in came.items() if "told" in found} <= TAKES_FROM_ONESELF, came


def with_a_factor(cast: Cast, name: str) -> Client:
    """A keeper who has a second factor, and has given it just now."""
    client, person = be(cast, name), cast.person(name)
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(person, SECRET)
    session = client.session
    factor.give(session, person, by="test")
    session.save()
    return client


def test_nobody_takes_part_in_removing_their_own_second_factor(west: Cast) -> None:
    """Neither of the two who do it is oneself: with nothing else wrong, and beside the two who may."""
    me, jo, judith = west.person("Jo Talbot"), with_a_factor(west, "Jo Talbot"), with_a_factor(west, "Judith")
    own, two_others = (
        at(west, "Jo Talbot", "/second-factor"),
        "Two other administrators of your council do this for you",
    )
    assert two_others in jo.post(own, {"do": "ask"}, follow=True).text
    assert not AccountAct.objects.exists()
    assert "Asked." in judith.post(own, {"do": "ask"}, follow=True).text
    assert two_others in jo.post(own, {"do": "confirm"}, follow=True).text
    assert list(AccountAct.objects.values_list("what", flat=True)) == [What.FACTOR_ASKED]
    assert Authenticator.objects.filter(user=me).exists()
    with_a_factor(west, "Marcus").post(own, {"do": "confirm"})
    assert not Authenticator.objects.filter(user=me).exists()


def test_what_is_filled_in_as_it_should_be_is_refused_because_it_is_oneself(west: Cast) -> None:
    """The table above stops at whatever is wrong first: here nothing else is wrong."""
    jo = be(west, "Jo Talbot")
    boxes = re.findall(r'name="(post-\d+|children|worked)"', jo.get(at(west, "Jo Talbot", "/leaves")).text)
    for day in (TODAY, TOMORROW, DAYS[-1]):
        leaves = {**on("on", day), "closes": "after", "why": "I go", **dict.fromkeys(boxes, "nobody")}
        assert "Nobody closes their own account" in jo.post(at(west, "Jo Talbot", "/leaves"), leaves).text
    Person.objects.filter(pk=west.person("Jo Talbot").pk).update(leaves_on=TOMORROW)
    assert granting.NOT_ONESELF in jo.post(at(west, "Jo Talbot", "/stays"), {"why": "I stay"}).text
    nothing_given()
    own = {**on("starts", TODAY), **on("ends", TOMORROW), "covering": str(west.person("Dev").pk), "why": "I am away"}
    Person.objects.filter(pk=west.person("Jo Talbot").pk).update(leaves_on=None)
    jo.post(at(west, "Jo Talbot", "/cover"), own)
    assert Grant.objects.get().asked_by == west.person("Jo Talbot")  # a second keeper decides who covers for one
    assert not Cover.objects.exists()
    assert set(Alert.objects.filter(kind="right_asked").values_list("to_person__name", flat=True))


# These give a keeper nothing: somebody else is asked to stand in, for whom a second keeper decides; cover ends.
TAKES_FROM_ONESELF = {"person-cover", "person-cover-end", "own-cover-end"}


def outcome(client: Client, me: Person, path: str, said: Mapping[str, str]) -> str:
    """Refused: nothing at all has changed. Told: somebody else was told of what has."""
    before, alerts = effects(), Alert.objects.count()
    client.post(path, said)
    if effects() == before:
        return "refused"
    new = Alert.objects.order_by("-pk")[: Alert.objects.count() - alerts]
    return "told" if any(alert.to_person_id not in (None, me.pk) for alert in new) else "done, and nobody told"


@pytest.mark.parametrize("name", ASKED)
def test_no_page_takes_what_a_keeper_asks_for_himself(west: Cast, name: str) -> None:
    client, me = be(west, name), str(west.person(name).pk)
    post = west.post("team-manager", "North").pk
    for day in (YESTERDAY, TODAY):
        until = on("ends", max(day, TODAY) + timedelta(days=30))
        leaves = {**on("on", day), "closes": "after", "why": "They leave"}
        chairs = west.post("cp-coordinator", "Safeguarding and Review").pk
        works = west.post("social-worker", "North").pk
        asked = [
            (at(west, "Priya", "/cover"), {**on("starts", day), **until, "covering": me, "why": "They are away"}),
            (at(west, "Priya", "/leaves"), {**leaves, f"post-{post}": me}),
            (at(west, "Grace", "/leaves"), {**leaves, f"post-{chairs}": "nobody", "children": me}),
            (at(west, "Hannah", "/leaves"), {**leaves, f"post-{works}": "nobody", "worked": me}),
            *(
                (f"/people/posts/{post}/appoint", {"person": me, "as": kind, "why": "It is empty", **on("starts", day)})
                for kind in HoldingKind
            ),
        ]
        for path, said in asked:
            answer = client.post(path, said)
            assert answer.status_code == 200, f"{path} from {day}: a page that refuses"
            assert any(why in answer.text for why in REASONS), f"{path} from {day}: refused for another reason"
    nothing_given()


def nothing_given() -> None:
    assert not Grant.objects.exists()
    assert not Cover.objects.exists()
    assert not Holding.objects.exclude(by=None).exists()
    assert not Person.objects.filter(is_active=False).exists()


def test_nothing_is_back_dated_into_a_right(west: Cast) -> None:
    client, priya = be(west, "Jo Talbot"), west.person("Priya")
    post = west.post("team-manager", "North")
    for day in (LONG_AGO, YESTERDAY):
        cover = cover_by(west, "Callum", day, TOMORROW, why="Off sick")
        said = lint(client.post(at(west, "Priya", "/cover"), cover)).content.decode()
        assert "The first day away must be today or later" in said
        own = be(west, "Priya").post("/account/cover", cover_by(west, "Callum", day, TOMORROW))
        assert "The first day away must be today or later" in lint(own).content.decode()
        asked = {"person": str(west.person("Dev").pk), "as": "deputy", "why": "To help", **on("starts", day)}
        said = lint(client.post(f"/people/posts/{post.pk}/appoint", asked)).content.decode()
        assert "The first day must be today or later" in said
    assert not Grant.objects.exists()
    assert not Cover.objects.filter(away=priya).exists()


def test_the_database_refuses_too(west: Cast) -> None:
    """Whatever a page would write: as the application's role, on a connection that serves pages."""
    jo, judith, priya, callum = (west.person(name) for name in ("Jo Talbot", "Judith", "Priya", "Callum"))
    post, given = west.post("team-manager", "North"), {"by": jo, "seconded_by": judith}
    cover = {"authority": west.authority, "away": priya, "covering": callum, "starts": TODAY}
    seat = {"authority": west.authority, "post": post, "person": callum, "starts": TODAY}
    wrong: list[tuple[type[Cover] | type[Holding], Mapping[str, object]]] = [
        (Cover, cover),
        (Holding, seat),
        (Cover, {**cover, "by": jo}),
        (Holding, {**seat, "by": jo}),
        (Cover, {**cover, "by": jo, "seconded_by": jo}),
        (Cover, {**cover, **given, "covering": jo}),
        (Cover, {**cover, **given, "covering": judith}),
        (Holding, {**seat, **given, "person": jo}),
        (Holding, {**seat, **given, "person": judith}),
        (Cover, {**cover, **given, "starts": YESTERDAY}),
        (Cover, {**cover, "by": priya, "starts": LONG_AGO}),
        (Holding, {**seat, **given, "starts": LONG_AGO}),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('undrift.reach', 'person', true)")
    for model, row in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.create(**row)
    for model, row in ((Cover, {**cover, **given}), (Holding, {**seat, **given})):
        made = model._default_manager.create(**row)
        for change in ({"starts": LONG_AGO}, {"ends": None, "starts": TODAY}, {"by": judith}):
            with pytest.raises(DatabaseError), transaction.atomic():
                model._default_manager.filter(pk=made.pk).update(**change)


def test_what_is_given_says_by_whom_when_and_why(west: Cast) -> None:
    be(west, "Jo Talbot").post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"))
    asked = Grant.objects.get()
    be(west, "Judith").post(f"/people/waiting/{asked.pk}", {"do": "confirm"})
    cover = Cover.objects.get()
    assert (cover.by, cover.seconded_by, cover.at, cover.reason) == (
        west.person("Jo Talbot"), west.person("Judith"), NOW, "Off sick",
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.outcome, asked.settled_by, asked.settled_at) == ("confirmed", west.person("Judith"), NOW)


def test_the_one_covered_and_the_keepers_of_need_to_know_are_told(west: Cast) -> None:
    be(west, "Jo Talbot").post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"))
    told = set(Alert.objects.filter(kind="right_asked").values_list("to_person__name", flat=True))
    assert told == {west.person(name).name for name in KEEPERS if name != "Jo Talbot"}
    be(west, "Judith").post(f"/people/waiting/{Grant.objects.get().pk}", {"do": "confirm"})
    told = set(Alert.objects.filter(kind="right_given").values_list("to_person__name", flat=True))
    assert told >= {west.person(name).name for name in ("Priya", "Callum", "Marcus")}
    be(west, "Grace").post("/account/cover", cover_by(west, "Imran"))
    told = set(Alert.objects.filter(kind="cover_set").values_list("to_person__name", flat=True))
    assert told >= {west.person(name).name for name in ("Imran", "Marcus", "Judith")}
    text = alert_texts.write(Alert.objects.get(kind="right_given", to_person=west.person("Priya"))).body
    assert "Jo Talbot asked, and a second person has confirmed: Callum Stroud covers for Priya Nairn" in text


def test_what_waits_stands_on_the_home_of_those_alone_who_may_confirm_it(west: Cast) -> None:
    jo, marcus = be(west, "Jo Talbot"), west.person("Marcus")
    helper = next(p for p in everybody_else(west, "Jo Talbot") if p.agency == west.person("Jo Talbot").agency)
    jo.post("/account/cover", {**on("starts", TODAY), **on("ends", TOMORROW), "covering": str(helper.pk)})
    be(west, "Judith").post(f"/people/waiting/{Grant.objects.get().pk}", {"do": "confirm"})
    days = {**on("starts", TOMORROW), **on("ends", TOMORROW + timedelta(days=9))}
    jo.post(at(west, "Priya", "/cover"), {**cover_by(west, marcus.name, why="Off sick"), **days})
    asked = Grant.objects.select_related("asked_by", "authority").get(settled_at=None)
    shown = set()
    for name in (*KEEPERS, "Grace", helper.name):
        page = lint(be(west, name).get("/")).content.decode()
        if asked.said in page:
            shown.add(west.person(name))
            assert "7 May" in page
            assert "Nothing is waiting for you" not in page
    assert shown == set(granting.seconds_to(asked))
    assert shown
    assert not shown & {west.person(name) for name in ("Jo Talbot", "Marcus", "Grace", helper.name)}


def test_what_waits_still_once_its_day_has_come_is_said_again_once(west: Cast) -> None:
    hannah, grace = west.person("Hannah"), west.person("Grace")
    post = west.post("social-worker", "North")
    asked = granting.ask_leaving(
        west.authority, west.person("Jo Talbot"), hannah, TOMORROW, {post: west.person("Dev")}, {}, False, "She leaves"
    )
    assert isinstance(asked, Grant)
    seconds, day = len(granting.seconds_to(asked)), timedelta(days=1)
    assert [granting.say_again(when) for when in (NOW, NOW + day, NOW + day, NOW + 2 * day)] == [0, seconds, 0, 0]
    assert set(Alert.objects.filter(day=TOMORROW).values_list("kind", "about")) == {("right_asked", asked.pk)}
    given = granting.ask_post(
        west.authority, west.person("Jo Talbot"), post, grace, TOMORROW, HoldingKind.ACTING, "Gap"
    )
    granting.confirm(given, west.person("Judith"))
    assert granting.say_again(NOW + day) == 0


def test_two_who_follow_have_the_children(west: Cast) -> None:
    heirs = [west.person("Imran"), west.person("Denise")]
    asked = granting.ask_leaving(
        west.authority, west.person("Jo Talbot"), west.person("Grace"), TODAY, {}, {"chair": heirs}, True, "She leaves"
    )
    assert f"{heirs[0].name} and {heirs[1].name} have their children" in str(asked)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("Jo Talbot", "You asked for this. Another keeper of the organisation confirms it"),
        ("Judith", "It gives you something, so somebody else confirms it"),
    ],
)
def test_neither_who_asked_nor_who_gains_confirms(west: Cast, second: str, why: str) -> None:
    be(west, "Jo Talbot").post(at(west, "Marcus", "/cover"), cover_by(west, "Judith", why="Off sick"))
    client = be(west, second)
    assert why in lint(client.get("/people/waiting")).content.decode()
    address = f"/people/waiting/{Grant.objects.get().pk}"
    assert why in lint(client.post(address, {"do": "confirm"}, follow=True)).content.decode()
    assert not Cover.objects.exists()


def test_whoever_stands_in_for_the_one_who_asked_is_no_second_person(west: Cast) -> None:
    """Two accounts and one hand: cover given to a helper would else confirm what was asked."""
    client = be(west, "Jo Talbot")
    helper = next(p for p in everybody_else(west, "Jo Talbot") if p.agency == west.person("Jo Talbot").agency)
    client.post("/account/cover", {**on("starts", TODAY), **on("ends", TOMORROW), "covering": str(helper.pk)})
    be(west, "Judith").post(f"/people/waiting/{Grant.objects.get().pk}", {"do": "confirm"})
    assert Cover.objects.get().covering == helper
    client.post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"))
    asked = Grant.objects.get(settled_at=None)
    answer = be(west, helper.name).post(f"/people/waiting/{asked.pk}", {"do": "confirm"}, follow=True)
    assert "You stand in for Jo Talbot, who asked" in lint(answer).content.decode()
    assert Cover.objects.count() == 1


def asked_for(cast: Cast, keeper: Person, one: Person) -> Mapping[str, Callable[[], object]]:
    """Each act that gives `one` posts or children, asked by the keeper."""
    council, grace, hannah = cast.authority, cast.person("Grace"), cast.person("Hannah")
    chairs, works = cast.post("cp-coordinator", "Safeguarding and Review"), cast.post("social-worker", "North")
    ends, leave = TODAY + timedelta(days=30), partial(granting.ask_leaving, council, keeper)
    return {
        "a post": partial(granting.ask_post, council, keeper, works, one, TODAY, HoldingKind.HOLDER, "It is empty"),
        "a leaver's post": partial(leave, hannah, TODAY, {works: one}, {}, False, "She leaves"),
        "a leaver's children": partial(leave, grace, TODAY, {chairs: None}, {"chair": [one]}, False, "She leaves"),
        "cover": partial(granting.ask_cover, council, keeper, hannah, one, TODAY, ends, None, "She is away"),
    }


@pytest.mark.parametrize("what", ["a post", "a leaver's post", "a leaver's children", "cover"])
def test_a_keeper_neither_asks_nor_confirms_what_comes_to_him_by_standing_in(west: Cast, what: str) -> None:
    """Whoever covers for somebody has their posts and children; what they cover for others, he has not."""
    jo, judith, imran = west.person("Jo Talbot"), west.person("Judith"), west.person("Imran")
    Cover.objects.create(authority=west.authority, away=imran, covering=judith, starts=TODAY)
    if what == "cover":
        asked_for(west, judith, imran)[what]()
        before = open_to(judith)
        granting.confirm(Grant.objects.get(), jo)
        assert open_to(judith) == before
        return
    with pytest.raises(granting.NotGiven, match="You stand in for Imran Dastgir"):
        asked_for(west, judith, imran)[what]()
    assert not Grant.objects.exists()
    asked_for(west, jo, imran)[what]()
    asked = Grant.objects.get()
    assert judith not in granting.seconds_to(asked)
    with pytest.raises(granting.NotGiven, match="You stand in for somebody to whom it gives something"):
        granting.confirm(asked, judith)
    granting.confirm(asked, west.person("Marcus"))


def test_where_there_is_one_keeper_it_waits_and_the_page_says_what_to_do(west: Cast) -> None:
    others = [west.person(name) for name in KEEPERS if name != "Jo Talbot"]
    Holding.objects.filter(person__in=others).update(ends=YESTERDAY)
    said = be(west, "Jo Talbot").post(
        at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"), follow=True
    )
    assert "Ask whoever runs the service to bring in a second keeper" in lint(said).content.decode()
    assert not Cover.objects.exists()


def test_what_waits_can_be_taken_back_and_is_settled_once(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    client.post(at(west, "Priya", "/cover"), cover_by(west, "Callum", why="Off sick"))
    address = f"/people/waiting/{Grant.objects.get().pk}"
    assert "Taken back" in lint(client.post(address, {"do": "take-back"}, follow=True)).content.decode()
    assert be(west, "Judith").post(address, {"do": "confirm"}).status_code == 404
    assert "Nothing waits." in lint(client.get("/people/waiting")).content.decode()


def test_confirmed_late_it_begins_on_the_day_it_is_confirmed(west: Cast) -> None:
    be(west, "Jo Talbot").post(
        at(west, "Priya", "/cover"), cover_by(west, "Callum", TODAY, TODAY + timedelta(days=9), why="Off sick")
    )
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        be(west, "Judith").post(f"/people/waiting/{Grant.objects.get().pk}", {"do": "confirm"})
    assert Cover.objects.get().starts == TODAY + timedelta(days=3)


def test_cover_for_ever_is_refused(west: Cast) -> None:
    said = be(west, "Priya").post("/account/cover", cover_by(west, "Callum", TODAY, date(2099, 1, 1)))
    assert "The last day must be Thursday 6 May 2027 or before" in lint(said).content.decode()


def test_a_guard_names_nobody_for_whom_he_stands_in(west: Cast) -> None:
    maya, judith, priya = west.child("Maya"), west.person("Judith"), west.person("Priya")
    restricting.restrict(maya, west.person("Marcus"), "A relative works here.", NOW)
    Cover.objects.create(authority=west.authority, away=priya, covering=judith, starts=TODAY)
    with pytest.raises(restricting.NotDone, match="You stand in for Priya Nairn"):
        restricting.name(maya, priya, "Her team", TODAY, judith, NOW)
    made = restricting.name(maya, west.person("Callum"), "Her team", TODAY, judith, NOW)
    told = Alert.objects.filter(kind="named", about=made.pk).values_list("to_person__name", flat=True)
    assert {"Callum Stroud", west.person("Marcus").name} <= set(told)
    restricting.unname(made, judith, NOW)
    made.refresh_from_db()
    assert (made.ends, made.ended_by) == (YESTERDAY, judith)
    assert maya.pk not in Child.objects.filter(listings__in=Listing.objects.filter(ends__gte=TODAY)).values_list("pk")


def test_whoever_stands_in_for_one_who_asked_lifts_no_restriction(west: Cast) -> None:
    maya, judith, marcus = west.child("Maya"), west.person("Judith"), west.person("Marcus")
    restricting.restrict(maya, judith, "A relative works here.", NOW)
    restricting.ask_to_lift(maya, judith, NOW)
    Cover.objects.create(authority=west.authority, away=judith, covering=marcus, starts=TODAY)
    with pytest.raises(restricting.NotDone, match="You stand in for"):
        restricting.lift(maya, marcus, NOW)
