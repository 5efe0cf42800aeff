"""Whatever is sent, a page answers in words and gives the text back: never a bare 400, never a 500."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.cast import Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.desks.frame.addresses import _addresses
from undrift.desks.frame.typed import as_number

pytestmark = pytest.mark.django_db

# Digits of other scripts, raised digits, a number without end: each is a number to somebody, and none of ours.
ODD_NUMBERS = ("²", "٣", "-1", "9" * 5000, "1e3", "")
NONE = "\x00"
LONG = "The core group has not met. " * 110_000  # three megabytes
READERS = ("Grace", "Priya", "Judith", "Jo Talbot", "Siobhan")
PAGES_EACH = 30


@dataclass(frozen=True)
class Form:
    action: str
    hidden: dict[str, str]
    written: dict[str, str]
    other: dict[str, str]

    @property
    def said(self) -> dict[str, str]:
        return {**self.hidden, **self.written, **self.other}


class Reading(HTMLParser):
    """The forms of a page that are posted, and its links."""

    def __init__(self, path: str, page: str) -> None:
        super().__init__()
        self.path, self.links, self.forms, self.within = path, list[str](), list[Form](), False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(html.unescape(said["href"]).partition("#")[0])
        if tag == "form" and said.get("method", "").lower() == "post":
            self.forms.append(Form(said.get("action") or self.path, {}, {}, {}))
            self.within = True
        if not self.within or not said.get("name") or said["name"] == "csrfmiddlewaretoken":
            return
        form, kind = self.forms[-1], said.get("type", "text")
        if tag == "textarea" or (tag == "input" and kind in ("text", "email", "search", "tel")):
            form.written[said["name"]] = said.get("value", "") or "something"
        elif tag == "input" and kind == "hidden":
            form.hidden[said["name"]] = said.get("value", "")
        elif tag in ("input", "button", "select"):
            form.other.setdefault(said["name"], said.get("value", "1"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.within = False


def signed_in(cast: Cast, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.person(name), backend="undrift.people.seats.SignedIn")
    return client


def walked(client: Client, begin: list[str]) -> Iterator[Reading]:
    """Pages from here on, along their links, each kind of page once."""
    todo, seen = list(begin), set[str]()
    while todo and len(seen) < PAGES_EACH:
        path = todo.pop(0)
        kind = re.sub(r"[A-Z0-9-]*[0-9][A-Za-z0-9-]*", "n", path.partition("?")[0])
        if kind in seen or "sign-out" in path or "/static/" in path or path.endswith("export"):
            continue
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        seen.add(kind)
        page = Reading(path, answer.content.decode())
        todo += page.links
        yield page


def odd(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    for name in form.hidden:
        for number in ODD_NUMBERS:
            yield f"{name} is {number[:9]!r}", {**form.said, name: number}
        yield f"{name} has a zero byte", {**form.said, name: f"1{NONE}"}
    for name in form.written:
        yield f"{name} has a zero byte", {**form.said, name: f"some{NONE}thing"}
        yield f"{name} is a number without end", {**form.said, name: "9" * 5000}


def wrong(answer: Any) -> str:
    page = answer.content.decode()
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    if answer.status_code >= 400 and answer.status_code != 405 and "<h1" not in page:
        return f"answers a bare {answer.status_code}"
    return ""


def test_every_form_of_every_desk_answers_odd_values_in_words(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    routes = [route for route, _, _ in _addresses(get_resolver().url_patterns) if "<" not in route]
    people = f"/people/{west.person('Callum').pk}"
    begin = [f"/resolutions/{resolution.reference}", f"/children/{west.child('Maya').public_id}", people, *routes]
    faults, tried, names = list[str](), 0, set[tuple[str, ...]]()
    for reader in READERS:
        client = signed_in(west, reader)
        for page in list(walked(client, begin)):
            for form in page.forms:
                kind = (re.sub(r"[A-Z0-9-]*[0-9][A-Za-z0-9-]*", "n", form.action), *sorted(form.said))
                if kind in names or "sign-out" in form.action or "session" in form.action:
                    continue
                names.add(kind)
                for what, said in odd(form):
                    tried += 1
                    # In a browser of its own: a form may sign somebody else in.
                    if fault := wrong(signed_in(west, reader).post(form.action, said)):
                        faults.append(f"{reader}: {form.action}: {what}: {fault}")
    assert not faults, "\n".join(faults[:30])
    assert len(names) >= 12
    assert tried >= 60


def test_every_address_with_a_zero_byte_is_answered_by_a_page(west: Cast) -> None:
    client, faults = signed_in(west, "Judith"), []
    for route, _, _ in _addresses(get_resolver().url_patterns):
        path = re.sub(r"<int:\w+>", "7", re.sub(r"<(?:str:|slug:)?\w+>", "R-2026-0007", route))
        for odd_one in (f"{path}%00", path.replace("R-2026-0007", "R%00"), f"{path}?q=%00&page=%00", f"{path}?page=²"):
            if fault := wrong(client.get(odd_one)):
                faults.append(f"{odd_one}: {fault}")
        for number in (path.replace("7", "9" * 40), path.replace("7", quote("٣"))):
            if fault := wrong(client.get(number)):
                faults.append(f"{number}: {fault}")
    assert not faults, "\n".join(faults)


def test_a_paste_of_three_megabytes_is_said_to_be_too_long_and_given_back(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    client = signed_in(west, "Grace")
    answer = client.post(f"/resolutions/{resolution.reference}/note", {"text": LONG})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "error-summary" in page
    assert LONG.strip()[:5000] in html.unescape(page)
    assert len(page) > 3_000_000


def test_what_is_too_much_to_be_read_is_said_in_words(west: Cast) -> None:
    client = signed_in(west, "Grace")
    answer = lint(client.post("/account/cover", {"text": "x" * (17 * 2**20)}))
    assert answer.status_code == 413
    assert "All answers together must be 16 megabytes or fewer" in answer.content.decode()
    many = lint(client.post("/account/cover", {f"field-{number}": "1" for number in range(1100)}))
    assert many.status_code == 413


def test_a_text_with_a_zero_byte_comes_back_without_it(west: Cast) -> None:
    answer = lint(
        signed_in(west, "Grace").post(
            "/account/cover", {"why": f"Leave{NONE} in <May>\nand June", "csrfmiddlewaretoken": "a" * 64}
        )
    )
    assert answer.status_code == 400
    assert "Leave in &lt;May&gt;" in answer.content.decode()
    assert "Send it again" in answer.content.decode()


@pytest.mark.parametrize(("said", "number"), [("7", 7), ("007", 7), *((odd, None) for odd in ODD_NUMBERS)])
def test_a_number_is_what_a_page_would_have_put_there(said: str, number: int | None) -> None:
    assert as_number(said) == number
