"""Who lets people in: adding, inviting, opening again, and two administrators for a lost second factor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.messages.letterbox import Letterbox, letterbox, link_in, subject, words
from undrift.desks.frame import factor
from undrift.messages.post import send_due
from undrift.people import accounts
from undrift.people.models import AccountAct, Agency, Cover, Person
from undrift.people.models.account import What
from undrift.people.sessions import open_sessions
from undrift.people.sign_on import Provider

__all__ = ["letterbox"]

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHOSEN = {"new_password": "four herons on a cold weir", "new_password_again": "four herons on a cold weir"}
KEEPERS = ("Jo Talbot", "Judith", "Marcus", "Nadia")
Be = Callable[[str], Client]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as travelled:
        cache.clear()
        yield travelled


@pytest.fixture
def be(west: Cast) -> Be:
    """Somebody of Westmarch who has just given their second factor."""

    def signed_in(name: str, cast: Cast = west) -> Client:
        client, person = Client(), cast.person(name)
        client.force_login(person, backend="undrift.people.seats.SignedIn")
        session = client.session
        factor.give(session, person, by="test")
        session.save()
        return client

    return signed_in


def new(cast: Cast, **changed: str) -> dict[str, str]:
    agency = cast.person("Grace").agency
    assert agency is not None
    said = {"name": "Ines Farrow", "email": "Ines.Farrow@westmarch.example", "phone": "01632 960177",
            "agency": str(agency.pk), "how": "invite"}  # fmt: skip
    return said | changed


def at(person: Person, page: str = "") -> str:
    return f"/people/{person.pk}{page}"


def ines() -> Person:
    return Person.objects.get(email="ines.farrow@westmarch.example")


# Adding and inviting -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEEPERS)
def test_whoever_keeps_the_organisation_adds_people(west: Cast, be: Be, name: str) -> None:
    client = be(name)
    assert "/people/add" in lint(client.get("/people")).text
    lint(client.get("/people/add"))
    answer = lint(client.post("/people/add", new(west), follow=True)).text
    assert "Ines Farrow is added. We are sending them an invitation." in answer
    assert ines().authority == west.authority
    assert not ines().has_usable_password()


@pytest.mark.parametrize("name", ["Grace", "Priya", "Hannah", "Angela", "Siobhan", "Pauline"])
def test_nobody_else_does(west: Cast, be: Be, name: str) -> None:
    client, priya = be(name), west.person("Priya")
    for path in (
        "/people/add",
        "/people/not-signed-in",
        *(at(priya, page) for page in ("/invite", "/open", "/second-factor")),
    ):
        assert client.post(path, new(west)).status_code == 403, path
    assert not AccountAct.objects.exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"name": ""}, "Enter their name"), ({"email": "ines"}, "Enter an email address, for example"),
     ({"email": "grace.ollerton@westmarch.example"}, "Somebody with this email address is in the service already"),
     ({"email": "GRACE.ollerton@westmarch.example"}, "Somebody with this email address is in the service already"),
     ({"agency": ""}, "Choose where they work"), ({"how": ""}, "Select how they will sign in")],
)  # fmt: skip
def test_what_is_missing_or_taken_is_said(west: Cast, be: Be, changed: dict[str, str], says: str) -> None:
    before = Person.objects.count()
    assert says in lint(be("Jo Talbot").post("/people/add", new(west) | changed)).text
    assert Person.objects.count() == before


def test_nobody_is_put_into_an_agency_of_another_council(west: Cast, north: Cast, be: Be) -> None:
    elsewhere = Agency.objects.filter(authority=north.authority).first()
    assert elsewhere is not None
    page = lint(be("Jo Talbot").post("/people/add", new(west, agency=str(elsewhere.pk)))).text
    assert "Choose where they work" in page
    assert elsewhere.name not in page


def test_somebody_of_a_shared_agency_belongs_to_the_partnership(west: Cast, be: Be) -> None:
    shared = Agency.objects.filter(partnership=west.authority.partnership_id, authority=None).first()
    assert shared is not None
    be("Jo Talbot").post("/people/add", new(west, agency=str(shared.pk), how="later"))
    assert (ines().authority, ines().partnership) == (None, shared.partnership)


def test_an_invitation_leads_to_a_password_and_the_person_s_page_says_how_far_they_are(
    west: Cast, be: Be, letterbox: Letterbox, clock: Any
) -> None:
    keeper = be("Jo Talbot")
    keeper.post("/people/add", new(west))
    person = ines()
    page = lint(keeper.get(at(person))).text
    assert "Invited on 6 May 2026, 9:30am. The link works until 9 May 2026, 9:30am. Not signed in yet" in page
    assert send_due() == 1
    (letter,) = letterbox.letters
    assert letter["To"] == "ines.farrow@westmarch.example"
    assert subject(letter) == "Choose your password by Saturday 9 May 2026, 09:30"
    assert words(letter).startswith("The Administrator has added you to Undrift.")
    for secret in ("Ines", "Farrow", "Jo Talbot", "Talbot", "child", "protection"):
        assert secret not in subject(letter) + words(letter)

    client = Client()
    shown = client.get(link_in(letter), follow=True)
    assert "Choose a password" in lint(shown).text
    answer = client.post(shown.request["PATH_INFO"], CHOSEN, follow=True)
    assert "Your password is set." in lint(answer).text
    assert SESSION_KEY not in client.session
    assert "They have chosen a password. Not signed in yet" in lint(keeper.get(at(person))).text
    assert "does not work any more" in lint(Client().get(link_in(letter))).text

    client.post("/sign-in", {"email": person.email, "password": CHOSEN["new_password"]})
    assert SESSION_KEY in client.session
    page = lint(keeper.get(at(person))).text
    assert "Last signed in on Wednesday 6 May 2026" in page
    assert "Invite" not in page.partition("What was done with this account")[0]


def test_who_is_invited_again_gets_a_link_that_works_in_place_of_the_first(
    west: Cast, be: Be, letterbox: Letterbox, clock: Any
) -> None:
    keeper = be("Jo Talbot")
    keeper.post("/people/add", new(west))
    send_due()
    clock.shift(timedelta(days=4))
    keeper = be("Jo Talbot")
    assert "The link has run out" in lint(keeper.get(at(ines()))).text
    answer = lint(keeper.post(at(ines(), "/invite"), follow=True)).text
    assert "We are sending Ines Farrow an invitation. Any earlier one works no more." in answer
    send_due()
    first, second = map(link_in, letterbox.letters)
    assert "does not work any more" in Client().get(first).text
    assert "Set password" in Client().get(second, follow=True).text


def test_who_comes_by_a_work_account_needs_none(west: Cast, be: Be, settings: Any) -> None:
    assert "work account" not in be("Jo Talbot").get("/people/add").text
    settings.SINGLE_SIGN_ON = (
        Provider("westmarch", "Westmarch Council", "https://x.example", "id", "s", frozenset({"westmarch"})),
    )
    keeper = be("Jo Talbot")
    lint(keeper.get("/people/add"))
    answer = lint(keeper.post("/people/add", new(west, how="work-account"), follow=True)).text
    assert "Ines Farrow is added.</div>" in answer
    assert "With their work account they need no invitation" in answer
    assert [act.what for act in AccountAct.objects.all()] == [What.ADDED]


@pytest.mark.parametrize(
    ("change", "says"),
    [({"last_login": NOW}, "has signed in already"), ({"is_active": False}, "is closed. Open it before")],
)
def test_no_invitation_goes_to_who(west: Cast, be: Be, change: dict[str, Any], says: str) -> None:
    priya = west.person("Priya")
    Person.objects.filter(pk=priya.pk).update(**change)
    keeper = be("Jo Talbot")
    assert "Invite them" not in lint(keeper.get(at(priya))).text
    assert says in lint(keeper.post(at(priya, "/invite"), follow=True)).text
    assert not AccountAct.objects.exists()


def test_an_account_that_nobody_used_is_opened_again(west: Cast, be: Be) -> None:
    priya = west.person("Priya")
    Person.objects.filter(pk=priya.pk).update(last_login=NOW - timedelta(days=61))
    keeper = be("Jo Talbot")
    assert "Closed: not used for 60 days" in lint(keeper.get(at(priya))).text
    assert "Priya Nairn can sign in again." in lint(keeper.post(at(priya, "/open"), follow=True)).text
    priya.refresh_from_db()
    assert accounts.may_sign_in(priya, NOW)
    assert AccountAct.objects.get().what == What.OPENED


def test_several_who_never_signed_in_are_invited_at_once(
    west: Cast, north: Cast, be: Be, letterbox: Letterbox, clock: Any
) -> None:
    dev, owen = west.person("Dev"), west.person("Owen")
    keeper, path = be("Jo Talbot"), "/people/not-signed-in"
    page = lint(keeper.get(path)).text
    assert "Dev Marchetti, Westmarch" in page
    assert "Not invited yet" in page
    assert not [name for name in ("Jo Talbot, ", "Rosalind Amery") if name in page]
    answer = lint(keeper.post(path, {"people": [dev.pk, owen.pk]}, follow=True)).text
    assert "2 invitations are on the way. Each link works once, for 3 days." in answer
    assert "Invited on 6 May 2026, 9:30am. The link works until 9 May 2026, 9:30am" in answer
    assert send_due() == 2
    assert {letter["To"] for letter in letterbox.letters} == {dev.email, owen.email}
    for wrong in ({}, {"people": [north.person("Rosalind").pk]}, {"people": [west.person("Jo Talbot").pk]}):
        assert "Select whom to invite" in lint(keeper.post(path, wrong)).text
    Person.objects.update(last_login=NOW)
    assert "Everybody has signed in." in lint(be("Jo Talbot").get(path)).text


def test_the_list_of_them_takes_as_many_queries_however_long_it_is(west: Cast, be: Be) -> None:
    client = be("Jo Talbot")
    client.get("/people/not-signed-in")  # the first page of a session writes it
    counted = []
    for left in (2, 100):
        Person.objects.exclude(name="Jo Talbot").update(last_login=NOW)
        few = Person.objects.exclude(name="Jo Talbot").order_by("pk").values("pk")[:left]
        Person.objects.filter(pk__in=few).update(last_login=None)
        with CaptureQueriesContext(connection) as asked:
            client.get("/people/not-signed-in")
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 6


def test_people_of_another_council_are_not_there(west: Cast, north: Cast, be: Be) -> None:
    rosalind = north.person("Rosalind")
    for page in ("/invite", "/open", "/second-factor"):
        assert be("Jo Talbot").post(at(rosalind, page)).status_code == 404


# A lost second factor ------------------------------------------------------------------------------------------------


@pytest.fixture
def priya(west: Cast) -> Person:
    """With an app and recovery codes."""
    person = west.person("Priya")
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(person, SECRET)
        RecoveryCodes.activate(person)
    return person


def press(client: Client, person: Person, what: str) -> str:
    return str(lint(client.post(at(person, "/second-factor"), {"do": what}, follow=True)).text)


def has_factors(person: Person) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def test_one_asks_a_second_confirms_and_all_of_it_stays_on_the_record(
    west: Cast, be: Be, priya: Person, letterbox: Letterbox, clock: Any
) -> None:
    jo, judith = be("Jo Talbot"), be("Judith")
    assert "They have lost their second factor" in lint(jo.get(at(priya))).text
    lint(jo.get(at(priya, "/second-factor")))
    assert "Asked. A second administrator confirms it within 24 hours." in press(jo, priya, "ask")
    assert has_factors(priya)
    assert "Said to be lost: a second administrator has to confirm" in lint(judith.get(at(priya))).text
    page = lint(judith.get(at(priya, "/second-factor"))).text
    assert "Jo Talbot, Administrator, asked for this on 6 May 2026, 9:30am" in page
    clock.shift(timedelta(hours=3))
    judith = be("Judith")
    Client().force_login(priya)
    assert "The second factor of Priya Nairn is removed" in press(judith, priya, "confirm")
    assert not has_factors(priya)
    assert open_sessions(priya) == []
    found = AccountAct.objects.order_by("pk").values_list("what", "by__name", "by_role", "at")
    assert list(found) == [
        (What.FACTOR_ASKED, "Jo Talbot", "Administrator", NOW),
        (What.FACTOR_REMOVED, "Judith Calloway", "Group Manager for Safeguarding and Review", NOW + timedelta(hours=3)),
    ]
    page = lint(judith.get(at(priya))).text
    assert "Judith Calloway, Group Manager for Safeguarding and Review" in page
    assert "None set up" in page
    send_due()
    asked, removed = letterbox.to(priya.email)
    assert subject(asked) == "Your second factor: removal asked for"
    assert subject(removed) == "Set up a new second factor"
    assert not any(name in words(asked) + words(removed) for name in ("Jo Talbot", "Judith", "Priya"))


def test_nobody_confirms_what_they_asked_for_themselves(be: Be, priya: Person) -> None:
    jo = be("Jo Talbot")
    press(jo, priya, "ask")
    assert "Remove their second factor" not in lint(jo.get(at(priya, "/second-factor"))).text
    assert "You asked for this yourself. Another administrator" in press(jo, priya, "confirm")
    assert "This has been asked for already" in press(jo, priya, "ask")
    assert has_factors(priya)


def test_whoever_stands_in_for_the_one_who_asked_is_no_second_administrator(west: Cast, be: Be, priya: Person) -> None:
    press(be("Jo Talbot"), priya, "ask")
    Cover.objects.create(
        authority=west.authority, away=west.person("Jo Talbot"), covering=west.person("Judith"), starts=NOW.date()
    )
    shown = be("Judith").get(f"/people/{priya.pk}/second-factor").text
    assert "You stand in for Jo Talbot, who asked. Another administrator confirms it." in shown
    assert 'value="confirm"' not in shown
    assert "You stand in for Jo Talbot, who asked. Another administrator confirms it" in press(
        be("Judith"), priya, "confirm"
    )
    assert has_factors(priya)
    assert "is removed" in press(be("Marcus"), priya, "confirm")


@pytest.mark.parametrize("step", ["ask", "confirm"])
def test_nobody_does_it_for_themselves(west: Cast, be: Be, step: str) -> None:
    marcus = west.person("Marcus")
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(marcus, SECRET)
    if step == "confirm":
        press(be("Jo Talbot"), marcus, "ask")
    own = be("Marcus")
    assert "lost their second factor" not in lint(own.get(at(marcus))).text
    assert "This is your own account" in lint(own.get(at(marcus, "/second-factor"))).text
    assert "Two other administrators of your council do this for you" in press(own, marcus, step)
    assert has_factors(marcus)


def test_it_is_confirmed_within_a_day_or_asked_for_anew(be: Be, priya: Person, clock: Any) -> None:
    press(be("Jo Talbot"), priya, "ask")
    clock.shift(timedelta(hours=24))
    judith = be("Judith")
    assert "Nobody in your council has asked for this in the last 24 hours" in press(judith, priya, "confirm")
    assert has_factors(priya)
    press(judith, priya, "ask")
    press(be("Marcus"), priya, "confirm")
    assert not has_factors(priya)


def test_what_was_taken_back_cannot_be_confirmed(be: Be, priya: Person) -> None:
    press(be("Jo Talbot"), priya, "ask")
    assert "stays as it is" in press(be("Judith"), priya, "take-back")
    assert "Nobody in your council has asked" in press(be("Marcus"), priya, "confirm")
    assert has_factors(priya)


def test_one_confirmation_is_for_one_asking(be: Be, priya: Person) -> None:
    press(be("Jo Talbot"), priya, "ask")
    press(be("Judith"), priya, "confirm")
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(priya, SECRET)
    assert "Nobody in your council has asked" in press(be("Marcus"), priya, "confirm")
    assert has_factors(priya)


def test_whoever_asked_must_still_be_here_when_it_is_confirmed(west: Cast, be: Be, priya: Person) -> None:
    press(be("Jo Talbot"), priya, "ask")
    Person.objects.filter(name="Jo Talbot").update(is_active=False)
    assert "can no longer sign in" in press(be("Judith"), priya, "confirm")
    assert has_factors(priya)


def test_each_of_the_two_shows_again_that_it_is_they(west: Cast, be: Be, priya: Person, clock: Any) -> None:
    jo = be("Jo Talbot")
    clock.shift(timedelta(minutes=11))
    for answer in (jo.get(at(priya, "/second-factor")), jo.post(at(priya, "/second-factor"), {"do": "ask"})):
        assert answer["Location"].startswith("/account/prove?next=")
    assert not AccountAct.objects.exists()


def test_two_of_different_councils_are_not_two_of_one(north: Cast, be: Be) -> None:
    """For somebody of an agency that several councils share, as for anybody."""
    elias, keepers = north.person("Elias"), _keepers_of_two_councils(north)
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(elias, SECRET)
    accounts.ask_removal(elias, keepers[0], NOW)
    with pytest.raises(accounts.NotDone, match="Nobody in your council has asked"):
        accounts.confirm_removal(elias, keepers[1], NOW)
    assert has_factors(elias)


def test_somebody_of_a_shared_agency_who_forgot_their_password_is_sent_a_link(
    north: Cast, letterbox: Letterbox
) -> None:
    elias = north.person("Elias")
    assert elias.authority is None
    elias.set_password(CHOSEN["new_password"])
    elias.save()
    Client().post("/forgotten-password", {"email": elias.email})
    assert send_due() == 1
    (letter,) = letterbox.letters
    assert letter["Reply-To"] is None
    assert "Set password" in Client().get(link_in(letter), follow=True).text


def _keepers_of_two_councils(north: Cast) -> tuple[Person, Person]:
    harrowdale = north.built.authorities["harrowdale"]
    made = (
        Person.objects.create_user(f"keeper-{one.code}@northmoor.example", name="Keeper", authority=one)
        for one in (north.authority, harrowdale)
    )
    return next(made), next(made)


# The record ----------------------------------------------------------------------------------------------------------

STATEMENTS = (
    "UPDATE people_accountact SET by_id = NULL",
    "DELETE FROM people_accountact",
    "TRUNCATE people_accountact CASCADE",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_application_cannot_change_what_was_done(be: Be, priya: Person, statement: str) -> None:
    press(be("Jo Talbot"), priya, "ask")
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_owner_of_the_tables_cannot_either(
    be: Be, priya: Person, owner_cursor: psycopg.Cursor, statement: str
) -> None:
    press(be("Jo Talbot"), priya, "ask")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to"):
        owner_cursor.execute(statement.encode())
