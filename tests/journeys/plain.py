"""Somebody without a browser: requests, and the HTML that came back. It knows what every browser does with it.

A link is followed to its address; a form is sent with what its boxes hold; what is hidden or folded is not there to be
seen or pressed. It knows no style and runs no script, so it cannot tell whether a page fits or can be read: where a
journey is told this way at a width, each page of a kind not seen before is shown to a browser of that width as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desks.page_lint import Element, findings, read
from tests.house.browser import name_of as name_of_page
from tests.journeys.telling import Somebody, begins

NEVER_SEEN = frozenset(("script", "style", "template", "head"))
UNSEEN = NEVER_SEEN | {"textarea"}  # what is typed is no word of the page
IN_A_LINE = frozenset(("a", "abbr", "b", "code", "em", "i", "kbd", "mark", "s", "small", "span", "strong", "time"))
PRINTED = "undrift-printed"  # only on paper
TICKED = ("checkbox", "radio")
PRESSED = ("a", "button", "input")


@dataclass
class ByRequests(Somebody):
    """A person whose pages are read as they were sent."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    address: str = "/"
    html: str = ""
    attached: dict[str, SimpleUploadedFile] = field(default_factory=dict)  # until the next form is sent
    page: Element = field(default_factory=lambda: Element("document", {}, None))

    # Going about --------------------------------------------------------------------------------------------------

    def signed_in(self) -> None:
        self.client.force_login(self.person)

    def opens(self, address: str) -> None:
        self._arrive(self._get(address))

    def where(self) -> str:
        return self.address

    def clicks(self, words: str, about: str = "") -> None:
        end = f".*{re.escape(about)}" if about else r"($|: )"
        named = re.compile(f"^{re.escape(words)}{end}")
        found = [each for each in self._pressable(self.page) if named.search(name_of(each))]
        self._press(only(found, f"{words!r} {about!r} to press", self.address))

    def asks_for_urgent_help(self) -> None:
        (banner,) = self.page.all("header")
        found = [each for each in self._pressable(banner) if "urgent help" in name_of(each).lower()]
        self._press(only(found, "urgent help", self.address))

    def misses_everything(self, button: str, *errors: str) -> None:
        (main,) = self.page.all("main")
        found = [each for each in self._pressable(main) if each.tag != "a" and name_of(each) == button]
        self._press(only(found, f"the button {button!r}", self.address), "error")
        self._reads_what_is_missing(*errors)

    def unfolds(self, words: str) -> None:
        folded = [each for each in self.page.all("summary") if words.lower() in each.text.lower()]
        parent = only(folded, f"{words!r} to unfold", self.address).parent
        assert parent is not None
        parent.attrs["open"] = ""

    # Answering ----------------------------------------------------------------------------------------------------

    def types(self, text: str, into: str, within: str = "", *inside: str) -> None:
        fill(self._labelled(into, within, *inside), text)

    def attaches(self, name: str, content: bytes, into: str) -> None:
        self.attached[self._labelled(into).attrs["name"]] = SimpleUploadedFile(name, content)

    def chooses(self, answer: str, to: str, within: str = "") -> None:
        chosen = self._ticked("radio", re.compile(f"^{re.escape(answer)}$"), within, to)
        for other in self.page.all("input"):
            if other.attrs.get("type") == "radio" and other.attrs.get("name") == chosen.attrs["name"]:
                other.attrs.pop("checked", None)
        chosen.attrs["checked"] = ""

    def ticks(self, *answers: str, to: str = "") -> None:
        for answer in answers:
            self._ticked("checkbox", begins(answer), to).attrs["checked"] = ""

    # Seeing -------------------------------------------------------------------------------------------------------

    def holds(self, into: str, within: str = "", *inside: str) -> str:
        return value_of(self._labelled(into, within, *inside))

    def is_ticked(self, answer: str, to: str = "") -> bool:
        return "checked" in self._ticked("checkbox", begins(answer), to).attrs

    def is_chosen(self, answer: str, to: str) -> bool:
        return "checked" in self._ticked("radio", re.compile(f"^{re.escape(answer)}$"), to).attrs

    def struck(self) -> list[str]:
        return [each.text for each in self.page.all("s")]

    def row(self, words: str) -> str:
        rows = [said for row in self.page.all("tr") if words in (said := seen(row))]
        assert rows, f"no row of {self.address} says {words!r}"
        return rows[0]

    def first_thing(self) -> str:
        (main,) = self.page.all("main")
        insets = [seen(each) for each in main.all() if "govuk-inset-text" in each.attrs.get("class", "").split()]
        assert insets, f"nothing stands out on {self.address}"
        return insets[0]

    def text(self) -> str:
        (body,) = self.page.all("body")
        return seen(body)

    def summary(self) -> str:
        found = [each for each in self.page.all() if each.attrs.get("role") == "alert" and is_seen(each)]
        return only([each for each in found if "There is a problem" in each.text], "an error", self.address).text

    # Workings -----------------------------------------------------------------------------------------------------

    def _get(self, address: str) -> Any:
        return self.client.get(address, follow=True)

    def _press(self, pressed: Element, state: str = "empty") -> None:
        if pressed.tag == "a":
            self._arrive(self._get(joined(self.address, pressed.attrs["href"])), state)
            return
        form = form_of(pressed, self.page)
        sent: dict[str, list[str]] = {}
        for name, value in answers(form, self.page, pressed):
            sent.setdefault(name, []).append(value)
        to = joined(self.address, pressed.attrs.get("formaction") or form.attrs.get("action", ""))
        if form.attrs.get("method", "get").lower() == "post":
            files, self.attached = self.attached, {}
            self._arrive(self.client.post(to, {**sent, **files}, follow=True), state)
        else:
            self._arrive(self.client.get(urlsplit(to).path, sent, follow=True), state)

    def _arrive(self, response: Any, state: str = "empty") -> None:
        request = response.request
        self.address = request["PATH_INFO"] + (f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else "")
        self.html = response.content.decode()
        self.page = read(self.html)
        assert response.status_code < 500, f"{self.address} answered {response.status_code}"
        if not any(True for main in self.page.all("main") for _ in main.all("form")):
            state = "read"
        self._look(response, state)

    def _look(self, response: Any, state: str) -> None:
        telling, way = self.telling, self.telling.way
        if not telling.looked.first_time(way, name_of_page(self.address), state, self.html):
            return
        wrong = findings(self.html)
        if way.javascript and telling.looked.sent.is_new(way.width, self.address, self.html):
            wrong += telling.shown(self.address, self.html, dict(response.headers))
        assert not wrong, "\n".join([f"{self.address}, {state}, {way}:", *wrong])

    def _pressable(self, within: Element) -> Iterator[Element]:
        for each in within.all("a", "button", "input"):
            kind = each.attrs.get("type", "")
            button = each.tag == "button" or (each.tag == "input" and kind == "submit")
            if (button or (each.tag == "a" and "href" in each.attrs)) and is_seen(each):
                yield each

    def _group(self, *names: str) -> Element:
        """A group of questions by its legend, each inside the one before; the page where none is named."""
        here = self.page
        for name in filter(None, names):
            found = [
                group for group in here.all("fieldset") if next((each.text for each in group.all("legend")), "") == name
            ]
            here = only(found, f"the group {name!r}", self.address)
        return here

    def _labelled(self, into: str, *groups: str) -> Element:
        names = {label.attrs.get("for") for label in self.page.all("label") if label.text == into}
        found = [
            each
            for each in self._group(*groups).all("input", "textarea", "select")
            if each.attrs.get("id") in names or each.attrs.get("aria-label") == into
        ]
        return only(found, f"the box {into!r} of {groups}", self.address)

    def _ticked(self, kind: str, named: re.Pattern[str], *groups: str) -> Element:
        names = {label.attrs.get("for") for label in self.page.all("label") if named.search(label.text)}
        found = [
            each
            for each in self._group(*groups).all("input")
            if each.attrs.get("type") == kind and each.attrs.get("id") in names and is_seen(each)
        ]
        return only(found, f"{named.pattern} {groups} to tick", self.address)


def only(found: list[Element], what: str, where: str) -> Element:
    assert len(found) == 1, f"there are {len(found)} of {what} on {where}"
    return found[0]


def joined(address: str, href: str) -> str:
    """Where a link leads to; a form without an action goes to its own page."""
    path = urlsplit(address)
    if not href:
        return address
    if href.startswith("?"):
        return f"{path.path}{href}"
    to = urlsplit(href)
    return f"{to.path or path.path}{'?' + to.query if to.query else ''}"


def is_seen(element: Element) -> bool:
    """Neither hidden nor in something folded."""
    here: Element | None = element
    while here is not None:
        if hides(here) or (here.attrs.get("aria-hidden") == "true" and element.tag in PRESSED):
            return False
        here = here.parent
    return True


def hides(element: Element) -> bool:
    """Whether what is in it is not there to be seen."""
    attrs, parent = element.attrs, element.parent
    if "hidden" in attrs or element.tag in NEVER_SEEN or PRINTED in attrs.get("class", "").split():
        return True
    return parent is not None and parent.tag == "details" and "open" not in parent.attrs and element.tag != "summary"


def seen(element: Element) -> str:
    """The words of it that can be seen, in one line."""
    words: list[str] = []
    _gather(element, words, is_seen(element))
    return " ".join("".join(words).split())


def _gather(element: Element, words: list[str], is_open: bool) -> None:
    """What it is in was asked about, so of what is in it only the next is. Of what is folded, its own words alone."""
    apart = "" if element.tag in IN_A_LINE else " "
    words.append(apart)
    for child in element.children:
        if isinstance(child, str):
            words.append(child)
        elif is_open and child.tag not in UNSEEN and not hides(child) and (child.tag not in PRESSED or is_seen(child)):
            _gather(child, words, is_open)
    words.append(apart)


def name_of(element: Element) -> str:
    """What it is called: by whoever cannot see it, too."""
    if label := element.attrs.get("aria-label"):
        return label
    return element.attrs.get("value", "") if element.tag == "input" else element.text


def form_of(button: Element, page: Element) -> Element:
    if name := button.attrs.get("form"):
        return next(form for form in page.all("form") if form.attrs.get("id") == name)
    here = button.parent
    while here is not None and here.tag != "form":
        here = here.parent
    assert here is not None, f"{button} is in no form"
    return here


def answers(form: Element, page: Element, pressed: Element) -> Iterator[tuple[str, str]]:
    """What a browser sends: each box that has a name, and the button that was pressed."""
    elsewhere = [each for each in page.all() if form.attrs.get("id") and each.attrs.get("form") == form.attrs.get("id")]
    for each in [*form.all("input", "textarea", "select", "button"), *elsewhere]:
        name, kind = each.attrs.get("name"), each.attrs.get("type", "")
        if not name or "disabled" in each.attrs or kind == "file":
            continue
        if each.tag == "button" or kind in ("submit", "button"):
            if each is pressed:
                yield name, each.attrs.get("value", "")
        elif kind not in TICKED or "checked" in each.attrs:
            yield name, value_of(each)


def value_of(box: Element) -> str:
    if box.tag == "textarea":
        return "".join(child for child in box.children if isinstance(child, str)).removeprefix("\n")
    if box.tag == "select":
        options = list(box.all("option"))
        chosen = next((each for each in options if "selected" in each.attrs), options[0])
        return chosen.attrs.get("value", chosen.text)
    return box.attrs.get("value", "on" if box.attrs.get("type") in TICKED else "")


def fill(box: Element, text: str) -> None:
    if box.tag == "textarea":
        box.children = [text]
    elif box.tag == "select":
        for option in box.all("option"):
            option.attrs.pop("selected", None)
            if option.attrs.get("value") == text:
                option.attrs["selected"] = ""
        assert value_of(box) == text, f"{box} does not offer {text}"
    else:
        assert box.tag == "input", f"{box} is not typed into"
        box.attrs["value"] = text
