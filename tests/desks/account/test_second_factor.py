"""No case opens without a second factor; no code works twice; a session ends when it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.desks.account.conftest import PASSWORD
from tests.desks.page_lint import lint
from undrift.desks.account.guard import may_open_without
from undrift.desks.frame import factor
from undrift.library.numbers import FREE_TRIES
from undrift.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NINE = datetime(2026, 5, 6, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NINE, tick=False) as travelled:
        yield travelled


@pytest.fixture
def with_app(grace: Person) -> Person:
    from allauth.core import context
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(grace, SECRET)
        RecoveryCodes.activate(grace)
    return grace


def code(at: float | None = None) -> str:
    return format_hotp_value(hotp_value(SECRET, int(at or time.time()) // 30))


def give_password(client: Client, onward: str = "/help") -> Any:
    sent = {"email": "grace.ollerton@westmarch.example", "password": PASSWORD, "next": onward}
    return client.post("/sign-in", sent)


def signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


# What stands open: every other page of the service, also one that is added tomorrow, is closed.
OPEN = {
    "health", "sign-in", "account_login", "mfa_authenticate", "sign-in-with-passkey", "openid_connect_login",
    "openid_connect_callback", "sign-on-failed", "socialaccount_login_cancelled", "not-known-here", "account-closed",
    "sign-out", "signed-out", "session-ended", "session-left", "session-stay", "session-end", "second-factor",
    "add-app", "add-passkey", "new-codes", "remove-factor", "prove", "demo", "urgent", "help", "words", "policy",
    "council-policy", "accessibility", "privacy", "components", "forgotten", "forgotten-sent",
    "first-password", "new-password",
}  # fmt: skip


def addresses(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        else:
            yield pattern


def test_only_the_named_pages_open_without_a_second_factor() -> None:
    found = {pattern.name for pattern in addresses(get_resolver()) if may_open_without(pattern.callback)}
    assert found - OPEN == set()
    closed = [pattern for pattern in addresses(get_resolver()) if not may_open_without(pattern.callback)]
    assert len(closed) > 20


def test_every_other_page_leads_to_setting_one_up(client: Client, grace: Person) -> None:
    client.force_login(grace)
    tried = 0
    for pattern in addresses(get_resolver()):
        if may_open_without(pattern.callback):
            continue
        parts = {name: 1 if "int" in type(kind).__name__.lower() else "R-2026-0001"
                 for name, kind in pattern.pattern.converters.items()}  # fmt: skip
        path = f"/{pattern.pattern}"
        for name, value in parts.items():
            path = __import__("re").sub(rf"<[^<>]*\b{name}>", str(value), path)
        for method in (client.get, client.post):
            answer = method(path)
            assert answer.status_code in (302, 404), path
            assert answer.status_code == 404 or answer["Location"] == "/account/second-factor", path
            tried += answer.status_code == 302
    assert tried > 40


def test_the_service_opens_once_it_is_given(client: Client, with_app: Person, clock: Any) -> None:
    assert give_password(client).url == "/sign-in/code"
    assert not signed_in(client)
    assert lint(client.get("/sign-in/code")).status_code == 200
    before = client.session.session_key
    assert client.post("/sign-in/code", {"code": code()})["Location"] == "/help"
    assert signed_in(client)
    assert client.session.session_key != before
    assert client.get("/").status_code == 200


def test_a_code_works_once(client: Client, with_app: Person, clock: Any) -> None:
    give_password(client)
    client.post("/sign-in/code", {"code": code()})
    second = Client()
    give_password(second)
    assert "used before" in lint(second.post("/sign-in/code", {"code": code()})).content.decode()
    assert not signed_in(second)


@pytest.mark.parametrize("seconds", [-60, -30, 30, 60])
def test_a_code_of_another_half_minute_is_refused(client: Client, with_app: Person, clock: Any, seconds: int) -> None:
    give_password(client)
    client.post("/sign-in/code", {"code": code(time.time() + seconds)})
    assert not signed_in(client)


def test_each_recovery_code_works_once(client: Client, with_app: Person) -> None:
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().generate_codes()
    assert len(set(codes)) == 10
    for each in codes[:2]:
        once, twice = Client(), Client()
        give_password(once)
        once.post("/sign-in/code", {"code": f"{each[:4]} {each[4:]}"})
        assert signed_in(once)
        give_password(twice)
        twice.post("/sign-in/code", {"code": each})
        assert not signed_in(twice)


def test_what_is_stored_gives_nobody_a_code(with_app: Person) -> None:
    assert SECRET not in str([row.data for row in Authenticator.objects.all()])


def test_a_new_key_still_opens_what_the_old_one_closed(
    client: Client, with_app: Person, clock: Any, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, of more than fifty characters, made when the first was old"
    give_password(client)
    client.post("/sign-in/code", {"code": code()})
    assert signed_in(client)


def test_wrong_codes_make_the_next_wait_longer_and_lock_nobody_out(
    client: Client, with_app: Person, clock: Any
) -> None:
    give_password(client)
    for _ in range(FREE_TRIES):
        client.post("/sign-in/code", {"code": "000000"})
    page = lint(client.post("/sign-in/code", {"code": code()})).content.decode()
    assert "Too many tries. Wait 2 seconds" in page
    clock.shift(3)
    client.post("/sign-in/code", {"code": code()})
    assert signed_in(client)


def test_the_first_step_is_forgotten_after_a_while(client: Client, with_app: Person, clock: Any) -> None:
    give_password(client)
    clock.shift(timedelta(minutes=20))
    client.post("/sign-in/code", {"code": code()})
    assert not signed_in(client)


def test_changing_how_one_signs_in_asks_again_after_ten_minutes(client: Client, with_app: Person, clock: Any) -> None:
    give_password(client)
    client.post("/sign-in/code", {"code": code()})
    assert lint(client.get("/account/second-factor/passkey")).status_code == 200
    clock.shift(timedelta(minutes=11))
    led = client.get("/account/second-factor/passkey")
    assert led["Location"] == "/account/prove?next=%2Faccount%2Fsecond-factor%2Fpasskey"
    lint(client.get(led["Location"]))
    client.post("/account/prove", {"code": "000000"})
    assert client.get("/account/second-factor/passkey").status_code == 302
    given = client.post("/account/prove", {"code": code(), "next": "/account/second-factor/passkey"})
    assert given["Location"] == "/account/second-factor/passkey"
    assert client.get(given["Location"]).status_code == 200


def test_a_password_alone_changes_nothing_for_somebody_who_has_a_second_factor(
    client: Client, with_app: Person
) -> None:
    client.force_login(with_app)
    for path in ("app", "passkey", "codes"):
        assert client.post(f"/account/second-factor/{path}")["Location"].startswith("/account/prove"), path


def test_the_last_way_to_sign_in_cannot_be_removed(client: Client, with_app: Person, clock: Any) -> None:
    give_password(client)
    client.post("/sign-in/code", {"code": code()})
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    page = lint(client.post(f"/account/second-factor/{app.pk}/remove")).content.decode()
    assert "Add another way to sign in before you remove this one" in page
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_a_second_app_is_never_added(client: Client, with_app: Person, clock: Any) -> None:
    give_password(client)
    client.post("/sign-in/code", {"code": code()})
    for answer in (
        client.get("/account/second-factor/app"),
        client.post("/account/second-factor/app", {"code": code()}),
    ):
        assert answer["Location"] == "/account/second-factor"
    assert Authenticator.objects.filter(user=with_app, type=Authenticator.Type.TOTP).count() == 1


def test_what_is_removed_is_a_404_the_second_time(client: Client, with_app: Person, clock: Any) -> None:
    give_password(client)
    client.post("/sign-in/code", {"code": code()})
    app = Authenticator.objects.get(user=with_app, type=Authenticator.Type.TOTP)
    kept = Authenticator.objects.create(user=with_app, type=Authenticator.Type.WEBAUTHN, data={})
    path = f"/account/second-factor/{app.pk}/remove"
    assert client.post(path)["Location"] == "/account/second-factor"
    assert client.post(path).status_code == 404
    assert Authenticator.objects.filter(pk=kept.pk).exists()


def test_nobody_removes_somebody_elses(client: Client, with_app: Person, westmarch: Any) -> None:
    other = Person.objects.create_user("hannah.birch@westmarch.example", name="Hannah Birch", authority=westmarch)
    client.force_login(other)
    session = client.session
    factor.give(session, other, by="test")
    session.save()
    app = Authenticator.objects.get(user=with_app, type=Authenticator.Type.TOTP)
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    assert client.post(f"/account/second-factor/{app.pk}/remove").status_code == 404


def test_a_second_factor_given_by_one_person_is_worth_nothing_to_another(
    client: Client, grace: Person, westmarch: Any
) -> None:
    other = Person.objects.create_user("hannah.birch@westmarch.example", name="Hannah Birch", authority=westmarch)
    client.force_login(grace)
    session = client.session
    factor.give(session, other, by="test")
    session.save()
    assert client.get("/")["Location"] == "/account/second-factor"


def test_an_account_unused_for_sixty_days_is_closed_and_can_be_opened(
    client: Client, grace: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    for days, onward in ((59, "/help"), (61, "/sign-in/closed")):
        Person.objects.update(last_login=timezone.now() - timedelta(days=days))
        assert give_password(Client()).url == onward
    call_command("dormant_accounts")
    call_command("dormant_accounts", open=grace.email)
    assert grace.email in capsys.readouterr().out
    assert give_password(client).url == "/help"


def test_a_wrong_password_does_not_say_that_an_account_is_closed(client: Client, grace: Person) -> None:
    Person.objects.update(last_login=timezone.now() - timedelta(days=61))
    page = client.post("/sign-in", {"email": grace.email, "password": "wrong"}).content.decode()
    assert "closed" not in page


def test_a_session_lasts_ten_hours_at_most_however_busy(client: Client, grace: Person, clock: Any) -> None:
    client.force_login(grace)
    client.get("/help")
    for _ in range(29):
        clock.shift(timedelta(minutes=20))
        client.get("/help")
        assert signed_in(client)
    clock.shift(timedelta(minutes=21))
    client.get("/help")
    assert not signed_in(client)


def test_asking_how_long_is_left_makes_it_no_longer(client: Client, grace: Person, clock: Any) -> None:
    client.force_login(grace)
    client.get("/help")
    for minutes, left in ((10, 20 * 60), (10, 10 * 60)):
        clock.shift(timedelta(minutes=minutes))
        assert client.get("/session/left").json() == {"seconds": left}
    assert client.post("/session/stay").json() == {"seconds": 30 * 60}
    assert Client().get("/session/left").json() == {"seconds": 0}


def test_the_pages_of_the_library_underneath_are_not_there(client: Client, grace: Person) -> None:
    for path in ("accounts/login/", "accounts/signup/", "accounts/", "signup/", "password/reset/", "email/",
                 "social/connections/", "2fa/", "login/code/"):  # fmt: skip
        assert client.get(f"/{path}").status_code in (302, 404)
        client.force_login(grace)
        assert client.get(f"/{path}").status_code == 404, path
