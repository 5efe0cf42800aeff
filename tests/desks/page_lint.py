"""The design reviewer who never tires: reads any page a test fetched and says what to mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from undrift import library
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.plan_cycle.kinds import EVENTS as CYCLE_EVENTS

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_FILLED_IN = frozenset(("hidden", "submit", "button"))


class Element:
    def __init__(self, tag: str, attrs: dict[str, str], parent: Element | None) -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Element | str] = []

    @cached_property
    def below(self) -> list[Element]:
        """All elements in it, in their order. Gathered once: a test fills boxes in, and adds no element."""
        found: list[Element] = []
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if not isinstance(child, str):
                found.append(child)
                waiting += child.children[::-1]
        return found

    def all(self, *tags: str) -> Iterator[Element]:
        return (each for each in self.below if not tags or each.tag in tags)

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join("".join(parts).split())

    def __str__(self) -> str:
        attrs = "".join(f' {name}="{value}"' for name, value in self.attrs.items() if name in ("id", "name", "href"))
        return f"<{self.tag}{attrs}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("document", {}, None)
        self.unclosed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag:
            self.unclosed.append(f"</{tag}> closes <{self.here.tag}>")
        while self.here.parent is not None and self.here.tag != tag:
            self.here = self.here.parent
        if self.here.parent is not None:
            self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def one_h1(page: Element) -> Iterator[str]:
    if (count := len(list(page.all("h1")))) != 1:
        yield f"{count} h1 headings: a page has exactly one. Pass `heading`, or fill the block h1 once"


def title_begins_with_h1(page: Element) -> Iterator[str]:
    heading = next((h1.text for h1 in page.all("h1")), "")
    title = next((title.text for title in page.all("title")), "")
    wrong = any("govuk-error-summary" in element.attrs.get("class", "").split() for element in page.all("div"))
    expected = f"Error: {heading}" if wrong else heading
    if not title.startswith(expected):
        yield f"the title is {title!r}: it begins with {expected!r}"


def headings_in_order(page: Element) -> Iterator[str]:
    before = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(heading.tag[1])
        # Before the h1 there may be the error summary's own h2.
        if before and level > before + 1:
            yield f"<h{level}> {heading.text!r} follows <h{before}>: a level is left out"
        if not heading.text:
            yield f"an empty <h{level}>"
        before = level


def every_field_labelled(page: Element) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in page.all("label") if label.text}
    for field in page.all("input", "select", "textarea"):
        if field.attrs.get("type") in NOT_FILLED_IN or field.attrs.get("id") in labelled:
            continue
        yield f"{field} has no label: give its form field a `label`"


def groups_have_legends(page: Element) -> Iterator[str]:
    for fieldset in page.all("fieldset"):
        if not any(legend.text for legend in fieldset.all("legend")):
            yield f"{fieldset} has no legend"


def posts_carry_a_token(page: Element) -> Iterator[str]:
    for form in page.all("form"):
        if form.attrs.get("method", "get").lower() == "post" and not any(
            field.attrs.get("name") == "csrfmiddlewaretoken" for field in form.all("input")
        ):
            yield f"{form} posts without {{% csrf_token %}}"


def nothing_inline(page: Element) -> Iterator[str]:
    for element in page.all():
        if "style" in element.attrs or element.tag == "style":
            yield f"{element} has a style of its own: use a class of undrift.css"
        if element.tag == "script" and "src" not in element.attrs:
            yield "an inline script: the browser refuses it; put it in undrift.js"
        if handlers := [name for name in element.attrs if name.startswith("on")]:
            yield f"{element} has {', '.join(handlers)}: the browser refuses it"


def links_and_buttons_say_something(page: Element) -> Iterator[str]:
    for element in page.all("a", "button"):
        if not element.text:
            yield f"{element} has no text"
        if element.tag == "a" and not element.attrs.get("href"):
            yield f"the link {element.text!r} leads nowhere: it has no address"
        if element.text.lower() in ("click here", "here", "more", "read more", "link"):
            yield f"{element} says {element.text!r}: say what it leads to"


def ids_are_unique(page: Element) -> Iterator[str]:
    seen: set[str] = set()
    for element in page.all():
        if (name := element.attrs.get("id")) in seen:
            yield f"the id {name!r} is used twice"
        if name:
            seen.add(name)


def references_exist(page: Element) -> Iterator[str]:
    ids = {element.attrs["id"] for element in page.all() if "id" in element.attrs}
    for element in page.all():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for wanted in element.attrs.get(name, "").split():
                if wanted not in ids:
                    yield f"{element} {name}={wanted!r}: nothing on the page has that id"
        href = element.attrs.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"{element}: nothing on the page has that id"


def each_problem_leads_to_its_box(page: Element) -> Iterator[str]:
    boxes = (box for main in page.all("main") for box in main.all("input", "select", "textarea"))
    if all(box.attrs.get("type") in NOT_FILLED_IN for box in boxes):
        return
    for list_ in page.all("ul"):
        if "govuk-error-summary__list" in list_.attrs.get("class", "").split():
            yield from (f"{line.text!r} leads to no box" for line in list_.all("li") if not any(line.all("a")))


def cells_are_named_for_phones(page: Element) -> Iterator[str]:
    for table in page.all("table"):
        if not any(caption.text for caption in table.all("caption")):
            yield "a table without a caption"
        if "undrift-rows" in table.attrs.get("class", "").split():
            for body in table.all("tbody"):
                yield from (
                    f"a cell {cell.text!r} without data-label"
                    for cell in body.all("td", "th")
                    if not cell.attrs.get("data-label")
                )


WORDS_WE_DO_NOT_USE = {
    "This field is required.": "give the field error_messages={'required': ...}",
    "Enter a valid": "give the field its own error_messages",
    "Select a valid choice": "give the field error_messages={'invalid_choice': ...}",
    "successfully": "say what happened and what comes next",
    "Oops": "say what happened and what comes next",
    "breach": "say how late it is and what the policy allows",
    "non-compliant": "say what is missing",
    "please": "leave it out",
}


def words_are_ours(page: Element) -> Iterator[str]:
    text = next((body.text for body in page.all("body")), "").lower()
    for word, instead in WORDS_WE_DO_NOT_USE.items():
        if word.lower() in text:
            yield f"the page says {word!r}: {instead}"


def _names_of_the_program() -> re.Pattern[str]:
    """What events, acts, roles, stages, steps and ways are called in code and in a policy's text, and nowhere else."""
    names = {*EVENTS, *CYCLE_EVENTS}
    for protocol in map(library.load, library.shipped()):
        parts = (protocol.stages, protocol.milestones, protocol.routes, protocol.good_practice)
        names |= {*protocol.roles, *(part.id for every in parts for part in every)}
    told = sorted(name for name in names if not name.isalpha())
    return re.compile(rf"(?<![\w/.@-])({'|'.join(map(re.escape, told))})(?![\w/@-])")


NAMES_OF_THE_PROGRAM = _names_of_the_program()


def names_of_the_program(html: str) -> Iterator[str]:
    """Those that a page shows. Not of every page that a test opens: what a test typed may be one."""
    page = read(html)
    # Piece by piece: where two elements meet, the words of one would run into those of the other.
    seen = (one for one in page.below if one.tag not in ("script", "style", "title"))
    pieces = (piece for one in seen for piece in one.children if isinstance(piece, str))
    yield from dict.fromkeys(NAMES_OF_THE_PROGRAM.findall("\n".join(pieces)))


RULES: tuple[Callable[[Element], Iterator[str]], ...] = (
    one_h1, title_begins_with_h1, headings_in_order, every_field_labelled, groups_have_legends, posts_carry_a_token,
    nothing_inline, links_and_buttons_say_something, ids_are_unique, references_exist, each_problem_leads_to_its_box,
    cells_are_named_for_phones, words_are_ours,
)  # fmt: skip


def read(html: str) -> Element:
    """The page as a tree."""
    reader = _Reader()
    reader.feed(html)
    return reader.root


def findings(html: str) -> list[str]:
    """Everything wrong with a page, one sentence each."""
    reader = _Reader()
    reader.feed(html)
    return [*reader.unclosed, *(finding for rule in RULES for finding in rule(reader.root))]


def lint(response: Any) -> Any:
    """The response itself, when its page is in order; otherwise the test fails with what to mend."""
    wrong = findings(response.content.decode())
    assert not wrong, "\n".join([f"{response.request['PATH_INFO']}:", *wrong])
    return response
