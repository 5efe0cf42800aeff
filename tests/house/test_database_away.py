"""A real service whose real PostgreSQL is stopped: every page says so in time, and gives back what was typed."""

from __future__ import annotations

import html
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.desks.page_lint import findings
from tests.house.test_run import CHECKOUT, Service, free_port, service, until
from tests.house.thorough import THOROUGH
from undrift.config import databases
from undrift.desks.frame.addresses import RULES
from undrift.desks.frame.answers import AWAY_SECONDS, NEVER_SHOWN

__all__ = ["service"]

WITHIN = 5.0
TEXT = "The core group met on Friday.\n\nNobody from health came; <Maya>’s plan & its dates are as they were. " * 20
STARTS_IT = r"undrift\.config\.run|manage\.py"
# Said in words, so that no address is left out: what stands for a number or a reference in an address.
PARTS = {"int": "7", "str": "R-2026-0007", "slug": "note", "path": "a", "uuid": "0"}


@dataclass(frozen=True)
class Answer:
    status: int
    page: str
    seconds: float


def ask(service: Service, path: str, typed: dict[str, str] | None = None) -> Answer:
    asked = urllib.request.Request(f"http://127.0.0.1:{service.port}{path}")
    # Somebody who is signed in, and a browser that was here: what is in a session nobody can read now.
    asked.add_header("Cookie", "sessionid=abcdefghijklmnopqrstuvwxyz012345; csrftoken=abcdefghijklmnopqrstuvwxyz012345")
    data = urllib.parse.urlencode(typed).encode() if typed is not None else None
    began = time.monotonic()
    try:
        with urllib.request.urlopen(asked, data, timeout=30) as answer:
            status, page = answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        status, page = answer.code, answer.read().decode()
    return Answer(status, page, time.monotonic() - began)


@contextmanager
def for_a_developer(service: Service) -> Iterator[Service]:
    """The same pages on the same database, with DEBUG, in a process of their own."""
    beside = Service(service.data, free_port())
    web = ("undrift.config.wsgi", "--bind", f"127.0.0.1:{beside.port}", "--threads", "4", "--no-control-socket")
    command = [sys.executable, "-m", "gunicorn", "--log-level", "warning", *web]
    environ = beside.environ | {"DEBUG": "1"}
    with (service.data / "out").open("ab") as out:
        beside.process = subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=out, stderr=out)
    try:
        until(beside.serves, or_show=service.said)
        yield beside
    finally:
        beside.stop()


@contextmanager
def away(service: Service) -> Iterator[None]:
    """Its database stopped, and nobody there to start it again meanwhile: each command starts what is not there."""
    until(lambda: "Ctrl-C stops it" in service.said(), or_show=service.said)
    commands = [number for number, command in service.processes().items() if re.search(STARTS_IT, command)]
    for number in commands:
        os.kill(number, signal.SIGSTOP)
    try:
        service.cluster.stop()
        yield
    finally:  # whoever supervises it finds it gone, and starts it
        for number in commands:
            os.kill(number, signal.SIGCONT)


def at_once(service: Service, paths: list[str], typed: dict[str, str] | None) -> list[Answer]:
    """As many at a time as the service has threads: whoever comes beyond them waits their turn."""
    with ThreadPoolExecutor(8) as crowd:
        return list(crowd.map(lambda path: ask(service, path, typed), paths))


def addresses() -> list[str]:
    from django.urls import get_resolver

    from undrift.desks.frame.addresses import _addresses

    named = [(route, name) for route, name, _ in _addresses(get_resolver().url_patterns)]
    assert {name for _, name in named} == set(RULES)
    paths = (re.sub(r"<(?:(\w+):)?\w+>", lambda part: PARTS[part[1] or "str"], route) for route, _ in named)
    return sorted({re.sub(r"\^|\$|\\\\Z|\(\?P<\w+>[^)]+\)", "a", path) for path in paths})


def sent_again(page: str) -> dict[str, str]:
    """What the button of the page would send."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    written = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in [*hidden, *written]}


def test_without_its_database_every_page_answers_in_time_and_loses_nothing(
    service: Service, chance: random.Random
) -> None:
    """Every page is asked for. As a rule a third of them, drawn, are sent to, and seen as a developer sees them."""
    service.start()
    with psycopg.connect(service.cluster.url("undrift_app", databases.DATABASE), autocommit=True) as application:
        application.execute("SELECT set_config('undrift.reach', 'service', false)")
        application.execute(
            "INSERT INTO people_authority (code, name, nation, protocol_id, protocol_version, area, choices,"
            " lea, front_door_phone, out_of_hours_phone, mailbox, mailbox_phone) VALUES"
            " ('westmarch', 'Westmarch Council', 'england', 'walsall', '2026.1', '', '{}', '', '01632 960100',"
            " '01632 960101', '', '')"
        )
    assert "01632 960101" in ask(service, "/urgent").page
    pages = [path for path in addresses() if path != "/urgent"]
    some = pages if THOROUGH else chance.sample(pages, len(pages) // 3)
    typed = {"csrfmiddlewaretoken": "a" * 64, "text": TEXT, "when": "2026-05-06", "password": "not shown again"}
    with for_a_developer(service) as beside, away(service):
        for path, answer in zip(some, at_once(beside, some, None), strict=True):
            assert (answer.status, "Traceback" in answer.page) == (503, False), f"{path}, with DEBUG: {answer.status}"
        assert "01632 960101" in ask(beside, "/urgent").page
        answers = at_once(service, pages, None)
        for path, answer in zip(pages, answers, strict=True):
            assert answer.status == 503, f"{path}: {answer.status}, {re.findall('<h1.*?</h1>', answer.page, re.DOTALL)}"
        slowest = max(answer.seconds for answer in answers)
        time.sleep(AWAY_SECONDS + 0.5)  # past the moment in which nobody asks the database again
        answers = at_once(service, some, typed)
        for path, answer in zip(some, answers, strict=True):
            assert answer.status == 503, f"{path}: {answer.status}"
            kept = sent_again(answer.page)
            assert kept == {name: typed[name] for name in ("csrfmiddlewaretoken", "text", "when")}, path
            assert "not shown again" not in answer.page
        slowest = max(slowest, *(answer.seconds for answer in answers))
        assert slowest < WITHIN
        assert not findings(answers[0].page)
        assert "01632 960100" in answers[0].page
        urgent = ask(service, "/urgent")
        assert (urgent.status, "tel:999" in urgent.page, "01632 960101" in urgent.page) == (200, True, True)
        assert urgent.seconds < WITHIN
        assert not findings(urgent.page)
    until(lambda: ask(service, "/sign-in").status == 200, or_show=service.said)
    assert json.loads((service.data / "numbers-to-ring.json").read_text())[0]["name"] == "Westmarch Council"


@contextmanager
def hanging(service: Service) -> Iterator[None]:
    """Its database there, and answering nothing: as on a machine that is paused, or a disk that is stuck."""
    until(lambda: "Ctrl-C stops it" in service.said(), or_show=service.said)
    commands = [number for number, command in service.processes().items() if re.search(STARTS_IT, command)]
    server = int((service.cluster.data / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    stopped = [*commands, server, *map(int, children)]
    for number in stopped:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in stopped:
            os.kill(number, signal.SIGCONT)


@pytest.mark.skipif(sys.platform != "linux", reason="the children of a process are read from /proc")
def test_with_a_database_that_hangs_every_page_answers_in_time(service: Service) -> None:
    service.start()
    pages = ["/sign-in", "/", "/resolutions", "/health"]
    typed = {"csrfmiddlewaretoken": "a" * 64, "text": TEXT}
    with hanging(service):
        for path, answer in zip(pages, at_once(service, pages, typed), strict=True):
            assert (answer.status, answer.seconds < WITHIN) == (503, True), f"{path}: {answer.seconds}"
            assert sent_again(answer.page)["text"] == TEXT
        time.sleep(AWAY_SECONDS + 0.5)
        urgent = ask(service, "/urgent")
        assert (urgent.status, urgent.seconds < WITHIN) == (200, True), urgent.seconds
    until(lambda: ask(service, "/sign-in").status == 200, or_show=service.said)


@pytest.mark.parametrize("name", NEVER_SHOWN)
def test_what_is_secret_is_never_given_back(name: str) -> None:
    from django.test import RequestFactory

    from undrift.desks.frame.answers import typed_in

    assert [one.name for one in typed_in(RequestFactory().post("/", {name: "x" * 99, "text": "a"}))] == ["text"]
