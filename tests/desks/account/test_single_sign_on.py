"""What comes back from a provider is believed only when all of it holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.test import Client

from tests.desks.account.provider import SECRET, Rogue, Token, rsa_key, serving
from tests.desks.page_lint import lint
from undrift.desks.frame import factor
from undrift.people.models import Authority, Person

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]
FAILED, NOT_KNOWN = "/sign-in/failed", "/sign-in/not-known"


@pytest.fixture
def rogue(settings: Any) -> Iterator[Rogue]:
    with serving(Rogue(claims={"amr": ["pwd", "mfa"]})) as provider:
        settings.SINGLE_SIGN_ON = (provider.settings,)
        yield provider


def signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_a_known_person_is_linked_once_and_known_by_subject_from_then_on(
    client: Client, grace: Person, rogue: Rogue
) -> None:
    rogue.begin(client)
    assert rogue.back(client)["Location"] == "/help"
    assert client.session[SESSION_KEY] == str(grace.pk)
    assert rogue.knows_the_code()
    assert SocialAccount.objects.get().uid == "subject-1"
    assert "email" not in str(SocialAccount.objects.get().extra_data)
    again = Client()
    rogue.claims |= {"email": "another.address@westmarch.example"}
    rogue.begin(again)
    rogue.back(again)
    assert again.session[SESSION_KEY] == str(grace.pk)


def test_a_provider_that_vouches_for_a_second_factor_opens_the_service(
    client: Client, grace: Person, rogue: Rogue
) -> None:
    rogue.begin(client)
    rogue.back(client)
    assert client.get("/").status_code == 200


def test_without_that_word_we_ask_ourselves(client: Client, grace: Person, rogue: Rogue) -> None:
    rogue.claims = {"amr": ["pwd"]}
    rogue.begin(client)
    rogue.back(client)
    assert signed_in(client)
    assert client.get("/")["Location"] == "/account/second-factor"


def shown_again(client: Client, rogue: Rogue, onward: str = "/help") -> Any:
    """From the page that asks who this is to the provider and back."""
    page = lint(client.get("/account/prove", {"next": onward}))
    assert "Continue at Westmarch" in page.text
    rogue.begin(client, onward, again="yes")
    return rogue.back(client)


def test_whoever_signs_in_at_a_provider_shows_there_again_who_they_are(
    client: Client, grace: Person, rogue: Rogue
) -> None:
    with time_machine.travel(datetime.now(UTC)) as clock:
        rogue.begin(client)
        rogue.back(client)
        before = client.session.session_key
        clock.shift(timedelta(minutes=11))
        assert client.get("/account/second-factor/app")["Location"].startswith("/account/prove")
        rogue.claims |= {"auth_time": int(time.time())}
        assert shown_again(client, rogue, "/account/second-factor/app").url == "/account/second-factor/app"
        assert (rogue.asked["prompt"], rogue.asked["max_age"]) == ("login", "0")
        assert client.get("/account/second-factor/app").status_code == 200
        assert client.session[SESSION_KEY] == str(grace.pk)
        assert client.session.session_key != before
        given = client.session[factor.KEY]
        assert given["person"] == grace.pk
        assert given["at"] > time.time() - 60


@pytest.mark.parametrize(
    "claims",
    [{}, {"auth_time": 1}, {"auth_time": "now"}, {"sub": "subject-2"}],
    ids=["unsaid", "old", "no number", "another"],
)
def test_an_earlier_sign_in_or_somebody_elses_shows_nothing(
    client: Client, grace: Person, rogue: Rogue, claims: dict[str, Any]
) -> None:
    with time_machine.travel(datetime.now(UTC)) as clock:
        rogue.begin(client)
        rogue.back(client)
        clock.shift(timedelta(minutes=11))
        rogue.claims |= {"auth_time": int(time.time())} | claims if "sub" in claims else claims
        assert shown_again(client, rogue).url == FAILED
        assert client.get("/account/second-factor/app")["Location"].startswith("/account/prove")
        assert client.session[SESSION_KEY] == str(grace.pk)


def unsigned(rogue: Rogue, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "ours"})


def signed_with_our_secret(rogue: Rogue, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET, algorithm="HS256", headers={"kid": "ours"})


def signed_by_a_stranger(rogue: Rogue, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, rsa_key("a stranger"), algorithm="RS256", headers={"kid": "ours"})


def signed_by_a_key_it_brings(rogue: Rogue, claims: dict[str, Any]) -> str:
    headers = {"kid": "theirs", "jku": f"{rogue.url}/elsewhere"}
    return jwt.encode(claims, rsa_key("a stranger"), algorithm="RS256", headers=headers)


def nothing(rogue: Rogue, claims: dict[str, Any]) -> str:
    return ""


@pytest.mark.parametrize(
    "token", [unsigned, signed_with_our_secret, signed_by_a_stranger, signed_by_a_key_it_brings, nothing]
)
def test_a_token_not_signed_by_the_provider_is_refused(
    client: Client, grace: Person, rogue: Rogue, token: Token
) -> None:
    rogue.token = token
    rogue.begin(client)
    assert rogue.back(client)["Location"] == FAILED
    assert not signed_in(client)


# Fixed, for they are in the names of tests, which must be the same in every process.
IN_2023, IN_2096 = 1_700_000_000, 4_000_000_000


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"}, {"iss": None}, {"aud": "another-service"}, {"aud": None},
        {"aud": ["undrift-at-westmarch", "another"], "azp": "another"}, {"exp": IN_2023}, {"exp": None},
        {"iat": None}, {"nbf": IN_2096}, {"nonce": "an older one"}, {"nonce": ""}, {"sub": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_about_something_else_is_refused(
    client: Client, grace: Person, rogue: Rogue, claims: dict[str, Any]
) -> None:
    rogue.claims |= claims
    rogue.begin(client)
    assert rogue.back(client)["Location"] == FAILED
    assert not signed_in(client)


def test_an_answer_works_once(client: Client, grace: Person, rogue: Rogue) -> None:
    rogue.begin(client)
    assert rogue.back(client)["Location"] == "/help"
    client.post("/sign-out")
    assert rogue.back(client)["Location"] == FAILED
    assert not signed_in(client)


def test_an_answer_is_for_the_browser_that_asked(client: Client, grace: Person, rogue: Rogue) -> None:
    rogue.begin(client)
    victim = Client()
    assert rogue.back(victim)["Location"] == FAILED
    assert not signed_in(victim)


@pytest.mark.parametrize("changed", [{"state": "made-up"}, {"iss": "https://elsewhere.example"}, {"code": ""}])
def test_an_answer_that_was_changed_is_refused(
    client: Client, grace: Person, rogue: Rogue, changed: dict[str, str]
) -> None:
    rogue.begin(client)
    rogue.claims |= {"nonce": "another"} if changed == {"code": ""} else {}
    assert rogue.back(client, **changed)["Location"] == FAILED
    assert not signed_in(client)


def test_an_answer_meant_for_one_provider_is_not_taken_from_another(
    client: Client, grace: Person, rogue: Rogue, settings: Any
) -> None:
    with serving(Rogue(id="eastmarch")) as other:
        settings.SINGLE_SIGN_ON = (rogue.settings, other.settings)
        rogue.begin(client)
        other.asked = rogue.asked
        assert other.back(client)["Location"] == FAILED
    assert not signed_in(client)


def test_the_same_address_from_a_second_subject_is_somebody_else(client: Client, grace: Person, rogue: Rogue) -> None:
    rogue.begin(client)
    rogue.back(client)
    stranger = Client()
    rogue.claims |= {"sub": "subject-2"}
    rogue.begin(stranger)
    assert rogue.back(stranger)["Location"] == NOT_KNOWN
    assert not signed_in(stranger)


@pytest.mark.parametrize(
    "claims",
    [{"email": "nobody@westmarch.example"}, {"email_verified": False}, {"email_verified": None},
     {"email_verified": "true"}, {"email": ""}],
    ids=str,
)  # fmt: skip
def test_nobody_is_made_or_linked_who_is_not_known(
    client: Client, grace: Person, rogue: Rogue, claims: dict[str, Any]
) -> None:
    rogue.claims |= claims
    rogue.begin(client)
    assert rogue.back(client)["Location"] == NOT_KNOWN
    assert (Person.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert not signed_in(client)


def test_a_provider_speaks_for_its_own_council_alone(client: Client, grace: Person, rogue: Rogue) -> None:
    northmoor = Authority.objects.create(code="northmoor", name="Northmoor Council", protocol_id="pan-lancashire",
                                         protocol_version="2018.1")  # fmt: skip
    Person.objects.create_user("rosalind.amery@northmoor.example", name="Rosalind Amery", authority=northmoor)
    rogue.claims |= {"email": "rosalind.amery@northmoor.example"}
    rogue.begin(client)
    assert rogue.back(client)["Location"] == NOT_KNOWN


def test_somebody_who_left_is_refused_though_the_provider_still_knows_them(
    client: Client, grace: Person, rogue: Rogue
) -> None:
    rogue.begin(client)
    rogue.back(client)
    Person.objects.update(is_active=False)
    later = Client()
    rogue.begin(later)
    assert rogue.back(later)["Location"] == "/sign-in/closed"
    assert not signed_in(later)


def test_a_strangers_page_cannot_start_it(client: Client, rogue: Rogue) -> None:
    led = client.get("/sign-in/with/westmarch", headers={"Sec-Fetch-Site": "cross-site"})
    assert led["Location"] == "/sign-in"


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_it_never_leads_elsewhere(client: Client, grace: Person, rogue: Rogue, onward: str) -> None:
    rogue.begin(client, onward)
    assert rogue.back(client)["Location"] == "/"


def test_a_provider_nobody_named_is_not_there(client: Client) -> None:
    assert client.get("/sign-in/with/elsewhere").status_code == 404
    assert client.get("/sign-in/with/elsewhere/back").status_code == 404


def test_a_provider_that_does_not_answer_is_said(client: Client, rogue: Rogue, settings: Any) -> None:
    gone = rogue.settings
    settings.SINGLE_SIGN_ON = (type(gone)(**{name: getattr(gone, name) for name in gone.__slots__} | {
        "server_url": "http://127.0.0.1:9"}),)  # fmt: skip
    assert client.get("/sign-in/with/westmarch")["Location"] == FAILED


@pytest.mark.parametrize("path", [FAILED, NOT_KNOWN, "/sign-in/closed"])
def test_what_went_wrong_is_in_order(client: Client, path: str) -> None:
    assert lint(client.get(path)).status_code == 200
