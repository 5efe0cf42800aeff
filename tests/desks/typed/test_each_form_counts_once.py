"""Whatever form is sent twice in a row, or six times at once, has one effect: every address that takes one, walked."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import westmarch
from tests.desks.typed.sendings import SCENES, Sending, signed_in
from tests.house.test_traceability import missing
from tests.house.thorough import THOROUGH
from tests.resolutions.conftest import under_shipped_versions
from undrift.desks.frame import sending
from undrift.desks.frame.addresses import RULES, Of
from undrift.desks.frame.keeping import REPEATED, is_kept

# What is written by looking, by typing, by sending itself, and by signing in.
BESIDE = ("access_look", "record_typedtext", "record_submission", "django_session", "cache", "people_rosterversion")
AT_ONCE = 6
A_THIRD = 1 / 3

# Who has not signed in is nobody yet, and has no page of their own to send twice.
OPEN: Mapping[str, str] = {
    "sign-in": "begins a session for the browser that waits for it; a second one replaces it there",
    "account_login": "sign-in by another name",
    "mfa_authenticate": "a code is good once",
    "sign-in-with-passkey": "a challenge is answered once",
    "sign-out": "there is nothing left to sign out",
    "demo": "begins a session, as sign-in does; in the demonstration only",
    "forgotten": "the last link alone works, and the first tells the same person; `passwords` lets few be asked for",
    "first-password": "the link works once",
    "new-password": "the link works once",
    "components": "changes nothing: every part of a page, to look at",
    "openid_connect_login": "changes nothing here: it leads to the provider",
    "openid_connect_callback": "a provider's answer is good once",
}
# Counted by the same middleware as all others; what they need to begin with stands in the tests named.
COUNTED_THERE: Mapping[str, str] = {
    "key-action": "tests/desks/cycle/test_asked.py::test_sent_twice_it_is_told_once",
    "add-app": "tests/desks/account/test_second_factor.py::test_a_second_app_is_never_added",
    "add-passkey": "tests/desks/account/test_signing_in_browser.py"
    "::test_a_passkey_is_made_then_opens_the_service_by_itself_or_after_the_password",  # what it answers is asked once
    "remove-factor": "tests/desks/account/test_second_factor.py::test_what_is_removed_is_a_404_the_second_time",
    "cycle-decide": "tests/desks/cycle/test_between_pages.py"
    "::test_an_appeal_is_dated_recorded_late_and_decided_once",  # under a policy that has one
    "change-password": "tests/desks/account/test_passwords.py"
    "::test_another_password_ends_the_other_sessions_and_not_this_one",  # the old one opens nothing any more
}
DONE = {200, 302, 303}
# What they change is not counted here: it is one of `BESIDE`.
BESIDE_ONLY = {"clear-kept-text", "end-session", "end-other-sessions"}
PAUSES = {"raise-pause", "raise-act-first", "raise-not-yet-safe", "next-stage-pause"}


def takes_a_form(name: str, view: object) -> bool:
    """Whether an address answers a POST at all: those that only show refuse it before they look at anything."""
    shown = getattr(view, "__wrapped__", None)
    closed = getattr(view, "__closure__", None) or ()
    methods = [cell.cell_contents for cell in closed if isinstance(cell.cell_contents, list)]
    return shown is None or not any("GET" in found and "POST" not in found for found in methods)


def addresses() -> dict[str, object]:
    found: dict[str, object] = {}

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            else:
                found.setdefault(pattern.name or "", pattern.callback)

    walk(get_resolver().url_patterns)
    return found


def test_no_address_that_takes_a_form_is_left_out() -> None:
    taking = {name for name, view in addresses().items() if name in RULES and takes_a_form(name, view)}
    known = {*SCENES, *OPEN, *COUNTED_THERE, *PAUSES, *REPEATED}
    # Shown to anybody by any method, and change nothing.
    shown = {name for name in taking - known if RULES[name].of is Of.ANYONE}
    left_out = taking - known - shown
    assert not left_out, f"Say in sendings.py how {sorted(left_out)} is sent."
    assert {name for name in SCENES if not is_kept(name)} == set()
    assert set(COUNTED_THERE) & REPEATED == set()
    assert all(is_kept(name) for name in COUNTED_THERE)
    assert {name: why for name, test in COUNTED_THERE.items() if (why := missing(test, set()))} == {}


def effects() -> dict[str, tuple[int, str]]:
    """Of every table: how many rows, and a hash of all that they say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in BESIDE]
        counted = "SELECT '{0}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {0} t"
        cursor.execute(" UNION ALL ".join(counted.format(table) for table in tables))
        return {table: (rows, said) for table, rows, said in cursor.fetchall()}


def more(before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]) -> dict[str, int]:
    return {table: after[table][0] - before[table][0] for table in after if after[table] != before[table]}


def posted(client: Client, sent: Sending, number: str) -> int:
    said = {**sent.said, sending.FIELD: sending.signed(sent.who.pk, number)}
    answer = client.post(sent.path, said)
    return answer.status_code


def with_the_cookies_of(browser: Client) -> Client:
    client = Client()
    client.cookies = browser.cookies
    return client


def at_once(sent: Sending) -> list[int]:
    """One browser sends the same page six times in the same moment."""
    browser = signed_in(sent.who)
    browser.get("/")  # a session notes once a minute that it is used
    clients = [with_the_cookies_of(browser) for _ in range(AT_ONCE)]
    statuses: list[int] = []
    together = threading.Barrier(AT_ONCE)

    def press(client: Client) -> None:
        try:
            together.wait()
            statuses.append(posted(client, sent, "six"))
        finally:
            connection.close()

    pressed = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in pressed:
        thread.start()
    for thread in pressed:
        thread.join()
    return statuses


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(SCENES))
def test_sent_twice_and_six_times_at_once_it_has_one_effect(name: str, chance: random.Random) -> None:
    """Each twice; as a rule a third of them, drawn, six times at once."""
    cast = under_shipped_versions(westmarch())
    sent = SCENES[name](cast, 0)
    client = signed_in(sent.who)
    before = effects()
    first = posted(client, sent, "twice")
    once = effects()
    assert first in DONE, first
    assert more(before, once) or name in BESIDE_ONLY, f"{name}: nothing was done at all"
    assert posted(client, sent, "twice") in DONE
    assert same(name, once, effects()), f"the second sending did {more(once, effects())}"
    if not THOROUGH and chance.random() > A_THIRD:
        return
    again = SCENES[name](cast, 1)
    began = effects()
    statuses = at_once(again)
    assert len(statuses) == AT_ONCE
    assert set(statuses) <= DONE, statuses
    assert rows_of(more(began, effects())) == rows_of(more(before, once))


def same(name: str, once: Mapping[str, tuple[int, str]], twice: Mapping[str, tuple[int, str]]) -> bool:
    """Of what may be done again, as often as one likes, only the moment of the last time differs."""
    return not rows_of(more(once, twice)) if name in REPEATED else once == twice


def rows_of(done: Mapping[str, int]) -> dict[str, int]:
    """How many rows more. The counter of a year's references gets its row with the first, and only counts on then."""
    return {table: count for table, count in done.items() if count and table != "record_referencecounter"}
