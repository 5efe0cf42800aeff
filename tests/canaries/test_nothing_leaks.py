"""What the service says of children it says on its pages, and nowhere else."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings

from tests.canaries import failing, tokens
from tests.canaries.driven import Driven, wrong_in, wrong_in_alert
from tests.canaries.driving import Round, look
from tests.canaries.pages import Reader
from tests.canaries.watching import Caught, listening
from tests.canaries.world import World
from undrift.people.models import Holding, Person

CHANNELS = ("address", "referer", "title", "header", "cookie", "log", "calendar")


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_token_stands_in(channel: str, driven: Driven) -> None:
    leaks = driven.leaks(channel)
    assert not leaks, "\n".join(leaks)


def test_every_answer_is_kept_by_nobody_and_runs_nothing_strange(driven: Driven) -> None:
    assert driven.caught.amiss == []


def test_no_address_answers_with_a_calendar(driven: Driven) -> None:
    assert driven.caught.texts["calendar"] == {}


def test_messages_say_reference_date_and_link_and_nothing_else(driven: Driven) -> None:
    assert len(driven.caught.mails) > 100
    wrong = []
    for letter in driven.caught.mails:
        notice = driven.notices.get(letter["Message-ID"])
        found = wrong_in(letter, notice) if notice else wrong_in_alert(letter, driven.days)
        wrong += [f"{letter['Subject']}: {each}" for each in found]
    assert not wrong, "\n".join(wrong)


def test_a_mail_server_that_repeats_an_address_is_not_repeated_in_the_log(driven: Driven) -> None:
    assert any("was not sent" in line for line in driven.caught.texts["log"])
    assert not any("mail.example" in line for line in driven.caught.texts["log"])


def test_every_role_of_both_policies_went_round(world: World, driven: Driven) -> None:
    held = Holding.objects.filter(ends=None, person__is_active=True).values_list("post__slug", flat=True)
    went = {post for role in driven.caught.roles for post in role.partition(": ")[2].split(" and ")}
    assert went == set(held)
    assert {"home", "resolution", "child", "family", "respond", "decide", "raise-question", "people"} <= set(
        driven.caught.pages
    )


# --- errors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", failing.FAILING)
def test_an_error_tells_nothing_of_what_it_was_about(name: str, world: World) -> None:
    caught = Caught()
    with override_settings(ROOT_URLCONF="tests.canaries.failing"), listening(caught), transaction.atomic():
        answer = Client(raise_request_exception=False).get(f"/failing/{name}", {"from": "Zyx"})
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert tokens.tokens_in(answer.content.decode()) == set()
    (line,) = [text for text in caught.texts["log"] if "Internal Server Error" in text]
    assert name.replace("-", "_") in line, f"The line does not say where it happened:\n{line}"
    assert tokens.tokens_in(line) == set(), line


def test_nobody_is_sent_an_error_by_mail() -> None:
    """Django's own report holds every variable and all that was posted: see the next test."""
    assert settings.ADMINS == []


# --- these tests can fail -----------------------------------------------------------------------------


def test_an_error_sent_by_mail_would_be_found(world: World) -> None:
    away = {"ROOT_URLCONF": "tests.canaries.failing", "ADMINS": [("Jo", "jo@mail.example")]}
    with override_settings(**away, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        Client(raise_request_exception=False).get("/failing/said-by-an-error")
    assert tokens.tokens_in(str(mail.outbox[0].body))


@pytest.mark.parametrize("channel", ["title", "header", "cookie", "address", "log", "calendar"])
def test_what_is_planted_is_found(channel: str, world: World, driven: Driven) -> None:
    caught = Caught()
    with override_settings(ROOT_URLCONF="tests.canaries.failing"), listening(caught):
        going = Round(Person.objects.order_by("pk")[0], caught)
        list(going.read(going.client.get(f"/telling/{channel}"), f"/telling/{channel}", ""))
    assert len(Driven(caught, driven.days).leaks(channel)) >= 1
    assert sum(bool(Driven(caught, driven.days).leaks(other)) for other in CHANNELS) == 1


def test_an_answer_that_may_be_kept_is_found(world: World) -> None:
    caught = Caught()
    with override_settings(ROOT_URLCONF="tests.canaries.failing"):
        going = Round(Person.objects.order_by("pk")[0], caught)
        list(going.read(going.client.get("/telling/kept"), "/telling/kept", ""))
    assert any("may be kept" in each for each in caught.amiss)


def test_a_message_that_says_too_much_is_found(driven: Driven) -> None:
    letter = next(letter for letter in driven.caught.mails if letter["Message-ID"] in driven.notices)
    notice = driven.notices[letter["Message-ID"]]
    assert list(wrong_in(letter, notice)) == []
    reader = notice.to_person.name
    letter.replace_header("Subject", f"{letter['Subject']} for {reader}")
    try:
        assert list(wrong_in(letter, notice))
    finally:
        letter.replace_header("Subject", str(letter["Subject"]).removesuffix(f" for {reader}"))


def test_a_line_is_caught_as_it_is_written() -> None:
    caught = Caught()
    with listening(caught):
        logging.getLogger("undrift.planted").debug("Somebody looked at %s", "Zyxquobadefoga")
    assert any("Zyxquobadefoga" in line for line in caught.texts["log"])


def test_a_title_is_told_from_the_page() -> None:
    caught = Caught()
    look(
        caught,
        Reader("<title>A &amp; B</title><body><h1>Zyxquobadefoga</h1><svg><title>Zyxquobadefoga</title></svg>"),
        "/",
    )
    assert list(caught.texts["title"]) == ["A & B"]
