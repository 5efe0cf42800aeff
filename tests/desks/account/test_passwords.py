"""A forgotten password, another password, and where one is signed in: who gets in, who learns nothing, what ends."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desks.account.conftest import PASSWORD
from tests.desks.account.test_second_factor import code, with_app
from tests.desks.page_lint import lint
from tests.messages.letterbox import Letterbox, letterbox, link_in, subject, words
from undrift.desks.account import browsers
from undrift.desks.frame import factor
from undrift.engine.dates.moments import LONDON
from undrift.library.numbers import FREE_TRIES
from undrift.messages.post import send_due
from undrift.people.accounts import ask_for_new_password, invite
from undrift.people.links import INVITATION, NEW_PASSWORD
from undrift.people.models import AccountAct, Authority, Letter, Person
from undrift.people.models.account import What
from undrift.record.models import TypedText

__all__ = ["letterbox", "with_app"]

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]
NINE = datetime(2026, 5, 6, 9, tzinfo=UTC)
ANOTHER = "four herons on a cold weir"
CHOSEN = {"new_password": ANOTHER, "new_password_again": ANOTHER}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NINE, tick=False) as travelled:
        yield travelled


def ask(email: str) -> Any:
    return Client().post("/forgotten-password", {"email": email})


def link_for(person: Person) -> str:
    return "/new-password/{uidb64}/{token}".format(**NEW_PASSWORD.parts_for(person))


def choose(link: str, client: Client | None = None, **changed: str) -> Any:
    client = client or Client()
    shown = client.get(link, follow=True)
    return client.post(shown.request["PATH_INFO"], CHOSEN | changed)


def lets_in(email: str, password: str) -> bool:
    client = Client()
    client.post("/sign-in", {"email": email, "password": password})
    return SESSION_KEY in client.session or client.get("/sign-in/code").status_code == 200


# Forgotten -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(grace: Person, westmarch: Authority) -> dict[str, str]:
    """One of each kind: only the first may get a link."""

    def person(name: str, **fields: Any) -> str:
        email = f"{name}@westmarch.example"
        Person.objects.create_user(email, **{"password": PASSWORD, "name": name, "authority": westmarch, **fields})
        return email

    return {
        "known": grace.email,
        "unknown": "nobody@westmarch.example",
        "closed": person("closed", is_active=False),
        "left": person("left", leaves_on=timezone.localdate() - timedelta(days=1)),
        "unused": person("unused", last_login=timezone.now() - timedelta(days=61)),
        "without a password": person("by-work-account", password=None),
    }


def test_the_answer_is_the_same_whoever_is_asked_about(addresses: dict[str, str]) -> None:
    lint(Client().get("/forgotten-password"))
    said = {}
    for kind, email in addresses.items():
        with CaptureQueriesContext(connection) as asked:
            answer = ask(email)
        statements = [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in asked]
        said[kind] = (answer.status_code, answer.content, sorted(answer.headers.items()), answer.cookies, statements)
    for kind in addresses:
        assert said[kind] == said["known"], kind
    assert lint(Client().get("/forgotten-password/sent")).status_code == 200


def test_only_who_can_sign_in_with_a_password_is_sent_a_link(addresses: dict[str, str], letterbox: Letterbox) -> None:
    for email in addresses.values():
        ask(email.upper())
    assert send_due() == 1
    (letter,) = letterbox.letters
    assert letter["To"] == addresses["known"]


def test_asking_often_makes_the_next_wait_longer_for_anybody_alike(addresses: dict[str, str], clock: Any) -> None:
    pages = {}
    for kind in ("known", "unknown"):
        for _ in range(FREE_TRIES):
            assert ask(addresses[kind]).status_code == 302
        pages[kind] = re.sub(r'value="[^"]*"', "", lint(ask(addresses[kind])).content.decode())
        assert "Too many tries. Wait 2 seconds" in pages[kind]
    assert pages["known"] == pages["unknown"]
    clock.shift(3)
    assert ask(addresses["known"]).status_code == 302


def test_what_is_no_address_is_said(grace: Person) -> None:
    assert "Enter an email address, for example" in lint(ask("grace")).content.decode()
    assert "Enter your email address" in lint(ask("")).content.decode()


def test_a_link_by_email_leads_to_a_new_password_and_the_second_factor_is_still_asked(
    client: Client, with_app: Person, letterbox: Letterbox, clock: Any
) -> None:
    ask(with_app.email)
    send_due()
    (letter,) = letterbox.letters
    assert subject(letter) == "Choose a new password by Wednesday 6 May 2026, 11:00"
    link = link_in(letter)
    shown = client.get(link, follow=True)
    path = shown.request["PATH_INFO"]
    assert "15 characters or more" in lint(shown).content.decode()
    token = link.rpartition("/")[2]
    assert token not in path
    assert token not in shown.content.decode()
    answer = client.post(path, CHOSEN, follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in"
    assert "Your password is set. Sign in with it." in lint(answer).content.decode()
    assert SESSION_KEY not in client.session
    assert not lets_in(with_app.email, PASSWORD)
    led = client.post("/sign-in", {"email": with_app.email, "password": ANOTHER, "next": "/help"})
    assert led["Location"] == "/sign-in/code"
    client.post("/sign-in/code", {"code": code()})
    assert client.get("/").status_code == 200
    send_due()
    told = letterbox.letters[-1]
    assert subject(told) == "Your password was changed"
    assert "Wednesday 6 May 2026, 10:00" in words(told)


def test_the_letters_say_no_name_and_nothing_of_a_child(grace: Person, letterbox: Letterbox) -> None:
    ask(grace.email)
    send_due()
    choose(link_in(letterbox.letters[0]))
    send_due()
    assert len(letterbox.letters) == 2
    for letter in letterbox.letters:
        assert not letter.is_multipart()
        for secret in ("Grace", "Ollerton", "child", "protection", "Westmarch Council"):
            assert secret not in subject(letter) + words(letter)


def test_no_link_is_stored(grace: Person, letterbox: Letterbox) -> None:
    ask(grace.email)
    send_due()
    token = link_in(letterbox.letters[0]).rpartition("/")[2]
    assert token not in str(list(Letter.objects.values()) + list(AccountAct.objects.values()))


def test_a_letter_that_failed_is_kept_and_sent_later_with_a_link_that_works(
    grace: Person, letterbox: Letterbox
) -> None:
    letterbox.closed = True
    ask(grace.email)
    assert send_due() == 0
    waiting = Letter.objects.get()
    assert (waiting.attempts, "451" in waiting.last_error) == (1, True)
    letterbox.closed = False
    Letter.objects.update(next_attempt_at=waiting.created_at)
    assert send_due() == 1
    assert choose(link_in(letterbox.letters[0])).url == "/sign-in"


def test_a_link_works_once(grace: Person) -> None:
    first, second = link_for(grace), link_for(grace)
    assert choose(first).url == "/sign-in"
    for link in (first, second):
        page = lint(Client().get(link)).content.decode()
        assert "This link does not work any more" in page
        assert "new_password" not in page


def test_a_link_lasts_an_hour_and_no_longer(grace: Person, clock: Any) -> None:
    link = link_for(grace)
    clock.shift(timedelta(minutes=60))
    assert "Set password" in Client().get(link, follow=True).content.decode()
    clock.shift(timedelta(seconds=1))
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_a_page_left_open_past_the_hour_sets_nothing(client: Client, grace: Person, clock: Any) -> None:
    path = client.get(link_for(grace), follow=True).request["PATH_INFO"]
    clock.shift(timedelta(hours=2))
    assert "does not work any more" in client.post(path, CHOSEN).content.decode()
    assert lets_in(grace.email, PASSWORD)


@pytest.mark.parametrize(
    "change", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)]
)
def test_an_hour_is_an_hour_when_the_clocks_change(grace: Person, change: datetime) -> None:
    with time_machine.travel(change.astimezone(LONDON), tick=False) as clock:  # and the machine's own zone is London
        token = NEW_PASSWORD.make_token(grace)
        clock.shift(timedelta(minutes=59))
        assert NEW_PASSWORD.check_token(grace, token)
        clock.shift(timedelta(minutes=2))
        assert not NEW_PASSWORD.check_token(grace, token)


def test_one_kind_of_link_is_not_taken_for_the_other(grace: Person) -> None:
    parts = NEW_PASSWORD.parts_for(grace)
    assert "does not work any more" in Client().get("/invitation/{uidb64}/{token}".format(**parts)).content.decode()
    parts = INVITATION.parts_for(grace)
    assert "does not work any more" in Client().get("/new-password/{uidb64}/{token}".format(**parts)).content.decode()


@pytest.mark.parametrize("link", ["/new-password/MQ/set-password", "/new-password/x/y-z", "/invitation/%FF/1-2",
                                  "/new-password/OTk5OTk5OTk5OTk5OTk5OTk5OTk5/1-2"])  # fmt: skip
def test_a_made_up_link_leads_nowhere(grace: Person, link: str) -> None:
    for answer in (Client().get(link), Client().post(link, CHOSEN)):
        assert "does not work any more" in lint(answer).content.decode()


def test_a_link_is_for_the_person_whom_it_was_sent_to(grace: Person, westmarch: Authority) -> None:
    other = Person.objects.create_user("hannah.birch@westmarch.example", PASSWORD, name="Hannah", authority=westmarch)
    client = Client()
    client.get(link_for(grace))
    theirs = NEW_PASSWORD.parts_for(other)["uidb64"]
    assert "does not work any more" in client.post(f"/new-password/{theirs}/set-password", CHOSEN).content.decode()
    assert lets_in(other.email, PASSWORD)


def test_a_link_of_an_account_that_was_closed_meanwhile_does_nothing(grace: Person) -> None:
    link = link_for(grace)
    Person.objects.update(is_active=False)
    assert "does not work any more" in Client().get(link).content.decode()


def test_a_new_password_ends_every_session_also_that_of_this_browser(grace: Person) -> None:
    elsewhere, here = Client(), Client()
    elsewhere.force_login(grace)
    here.force_login(grace)
    assert choose(link_for(grace), here).url == "/sign-in"
    assert not [row for row in Session.objects.all() if SESSION_KEY in row.get_decoded()]
    assert SESSION_KEY not in here.session


def test_a_new_password_ends_the_wait_for_wrong_ones(grace: Person, clock: Any) -> None:
    for _ in range(FREE_TRIES + 1):
        Client().post("/sign-in", {"email": grace.email, "password": "wrong"})
    assert not lets_in(grace.email, PASSWORD)
    choose(link_for(grace))
    assert lets_in(grace.email, ANOTHER)


WEAK = [
    ("short", "Enter 15 characters or more"),
    ("Grace Ollerton!", "too like your name"),
    ("grace.ollerton@w", "too like your name or your email address"),
    *((password, "on the lists of those that are tried first") for password in (
        "1q2w3e4r5t6y7u8i9o0p", "passwordpassword", "Password-12345678", "1234567890123456", "xxxxxxxxxxxxxxxx",
        "Welcome2026welcome", "-----------------",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("password", "says"), WEAK)
def test_a_weak_password_is_refused_in_words(grace: Person, password: str, says: str) -> None:
    answer = choose(link_for(grace), new_password=password, new_password_again=password)
    page = lint(answer).content.decode()
    assert says in page
    assert password not in page


LONG = "heron weir canal " * 12


@pytest.mark.parametrize(
    "password",
    ["dragon monkey shadow master", "ünïcödé wörds 🦆 too", LONG, "  spaces at the ends  "],
)
def test_any_characters_will_do_and_are_taken_as_typed(grace: Person, password: str) -> None:
    assert choose(link_for(grace), new_password=password, new_password_again=password).url == "/sign-in"
    assert lets_in(grace.email, password)


def test_two_that_differ_are_refused(grace: Person) -> None:
    page = lint(choose(link_for(grace), new_password_again="another one altogether")).content.decode()
    assert "These two differ" in page


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_is_told_that_it_is_used(grace: Person) -> None:
    link, both = link_for(grace), threading.Barrier(2)
    answers: list[int] = []

    def use(password: str) -> None:
        client = Client()
        path = client.get(link, follow=True).request["PATH_INFO"]
        both.wait()
        answer = client.post(path, {"new_password": password, "new_password_again": password})
        answers.append(answer.status_code)
        connection.close()

    users = [threading.Thread(target=use, args=(f"{word} herons on a cold weir",)) for word in ("four", "five")]
    for each in users:
        each.start()
    for each in users:
        each.join()
    assert sorted(answers) == [200, 302]
    assert AccountAct.objects.filter(what=What.PASSWORD_CHANGED).count() == 1


# Another password ----------------------------------------------------------------------------------------------------


def signed_in(person: Person) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"})
    client.post("/sign-in", {"email": person.email, "password": PASSWORD})
    client.post("/sign-in/code", {"code": code()})
    assert client.get("/").status_code == 200
    return client


@pytest.fixture
def here(with_app: Person, clock: Any) -> Client:
    return signed_in(with_app)


CHANGE = {"password": PASSWORD, **CHOSEN}


def test_another_password_ends_the_other_sessions_and_not_this_one(
    here: Client, with_app: Person, letterbox: Letterbox
) -> None:
    elsewhere = Client()
    elsewhere.force_login(with_app)
    lint(here.get("/account/password"))
    answer = here.post("/account/password", CHANGE, follow=True)
    assert "You are signed out of every other browser." in lint(answer).content.decode()
    assert here.get("/").status_code == 200
    assert elsewhere.get("/account/sessions")["Location"].startswith("/sign-in")
    assert lets_in(with_app.email, ANOTHER)
    assert not lets_in(with_app.email, PASSWORD)
    send_due()
    assert [subject(letter) for letter in letterbox.letters] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"password": "wrong"}, "That is not your password"), ({"password": ""}, "Enter your password"),
     ({"new_password": "short", "new_password_again": "short"}, "Enter 15 characters or more"),
     ({"new_password_again": ""}, "Enter the new password again")],
)  # fmt: skip
def test_another_password_is_not_taken_when(here: Client, with_app: Person, changed: dict[str, str], says: str) -> None:
    assert says in lint(here.post("/account/password", CHANGE | changed)).content.decode()
    assert lets_in(with_app.email, PASSWORD)


def test_another_password_needs_a_second_factor_of_the_last_ten_minutes(here: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=11))
    assert here.get("/account/password")["Location"] == "/account/prove?next=%2Faccount%2Fpassword"
    assert here.post("/account/password", CHANGE)["Location"].startswith("/account/prove")
    assert not AccountAct.objects.exists()


def test_wrong_passwords_typed_here_count_as_tries(here: Client, with_app: Person) -> None:
    for _ in range(FREE_TRIES):
        here.post("/account/password", CHANGE | {"password": "wrong"})
    assert "Too many tries" in here.post("/account/password", CHANGE).content.decode()


def test_who_has_no_password_here_is_not_offered_another(client: Client, grace: Person) -> None:
    grace.set_unusable_password()
    grace.save()
    client.force_login(grace)
    session = client.session
    factor.give(session, grace, by="single sign-on: westmarch")
    session.save()
    assert "/account/password" not in lint(client.get("/account/second-factor")).content.decode()
    assert client.get("/account/password").status_code == 404


def test_no_password_is_kept_when_a_session_has_ended(here: Client, with_app: Person) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    here.post("/account/password", CHANGE | {"remark": "keep me"})
    kept = TypedText.objects.get()
    assert kept.person == with_app
    assert kept.content == {"remark": ["keep me"]}


# Where one is signed in ----------------------------------------------------------------------------------------------


def test_each_browser_is_listed_with_since_when_and_last_used_and_never_by_its_key(
    here: Client, with_app: Person, clock: Any
) -> None:
    clock.shift(timedelta(minutes=12))
    there = signed_in(with_app)
    page = lint(there.get("/account/sessions")).content.decode()
    assert page.count("Edge on Windows") >= 2
    assert "6 May 2026, 10am" in page
    assert "6 May 2026, 10:12am" in page
    assert "This one" in page
    for session in Session.objects.all():
        assert session.pk not in page


def test_one_of_them_can_be_ended(here: Client, with_app: Person, clock: Any) -> None:
    clock.shift(60)
    there = signed_in(with_app)
    (path,) = re.findall(r'action="(/account/sessions/\w{32}/end)"', there.get("/account/sessions").content.decode())
    assert there.get(path).status_code == 405
    assert "That browser is signed out." in lint(there.post(path, follow=True)).content.decode()
    assert here.get("/account/sessions")["Location"].startswith("/sign-in")
    assert there.post(path).status_code == 404
    assert AccountAct.objects.get().what == What.SESSIONS_ENDED


def test_all_others_can_be_ended_at_once(here: Client, with_app: Person, clock: Any) -> None:
    clock.shift(60)
    there, third = signed_in(with_app), Client()
    third.force_login(with_app)
    answer = lint(there.post("/account/sessions/others/end", follow=True)).content.decode()
    assert "2 other browsers are signed out." in answer
    assert here.get("/account/sessions")["Location"].startswith("/sign-in")
    assert there.get("/account/sessions").status_code == 200


def test_nobody_ends_somebody_elses(here: Client, with_app: Person, westmarch: Authority, clock: Any) -> None:
    other = Person.objects.create_user("hannah.birch@westmarch.example", name="Hannah Birch", authority=westmarch)
    theirs = Client()
    theirs.force_login(other)
    session = theirs.session
    factor.give(session, other, by="test")
    session.save()
    clock.shift(60)
    there = signed_in(with_app)
    (path,) = re.findall(r'action="(/account/sessions/\w{32}/end)"', there.get("/account/sessions").content.decode())
    assert theirs.post(path).status_code == 404
    theirs.post("/account/sessions/others/end")
    assert here.get("/account/sessions").status_code == 200


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
         "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
        ("Something else on Windows", "A browser on Windows"),
        ("<script>", browsers.UNKNOWN),
        ("", browsers.UNKNOWN),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_plain_words(description: str, words: str) -> None:
    assert browsers.in_words(description) == words


# The record ----------------------------------------------------------------------------------------------------------


def test_a_newer_invitation_makes_the_earlier_one_worth_nothing(grace: Person, clock: Any) -> None:
    keeper = Person.objects.create_user("jo.talbot@westmarch.example", name="Jo", authority=grace.authority)
    invite(grace, keeper, timezone.now())
    first = INVITATION.make_token(grace)
    assert INVITATION.check_token(grace, first)
    invite(grace, keeper, timezone.now())
    assert not INVITATION.check_token(grace, first)
    second = INVITATION.make_token(grace)
    clock.shift(timedelta(days=3))
    assert INVITATION.check_token(grace, second)
    clock.shift(1)
    assert not INVITATION.check_token(grace, second)


def test_what_was_done_is_written_down(grace: Person) -> None:
    ask_for_new_password(grace.email, timezone.now())
    choose(link_for(grace))
    found = AccountAct.objects.order_by("pk").values_list("what", "by", "authority")
    assert list(found) == [
        (What.PASSWORD_ASKED, None, grace.authority_id),
        (What.PASSWORD_CHANGED, grace.pk, grace.authority_id),
    ]
    assert not Authenticator.objects.exists()
