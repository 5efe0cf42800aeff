"""A page as a browser takes it apart: its title, its addresses, its forms, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

ADDRESSES = ("href", "src", "action", "formaction", "poster", "data-left", "data-stay", "data-end", "data-ended",
             "data-keep")  # fmt: skip


@dataclass
class Box:
    """One thing to fill in or to choose from. `values` are those on offer."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    boxes: dict[str, Box] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> tuple[str, ...]:
        """What the form asks for, without the numbers of this page's children or rows."""
        return tuple(sorted({"".join(c for c in name if not c.isdigit()) for name in self.boxes}))

    def box(self, name: str, kind: str) -> Box:
        return self.boxes.setdefault(name, Box(name, kind))


class Reader(HTMLParser):
    """`title`, `addresses`, `forms` and `body`: every text and attribute but the title and the addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title, self.addresses, self.forms = "", [], []  # type: str, list[str], list[Form]
        self._said: list[str] = []
        self._in_title, self._pictures, self._select = False, 0, ""
        self.feed(html)
        self.close()

    @cached_property
    def body(self) -> str:
        return " ".join(self._said)

    @property
    def _form(self) -> Form | None:
        return self.forms[-1] if self.forms else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        for name, value in known.items():
            (self.addresses if name in ADDRESSES else self._said).append(value)
        self._pictures += tag == "svg"
        self._in_title = tag == "title" and not self._pictures
        if tag == "form":
            self.forms.append(Form(known.get("action", ""), known.get("method", "get").lower()))
        elif self._form is not None:
            self._take(tag, known, self._form)

    def handle_endtag(self, tag: str) -> None:
        self._pictures -= tag == "svg"
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        else:
            self._said.append(data)

    def _take(self, tag: str, known: dict[str, str], form: Form) -> None:
        name, kind, value = known.get("name", ""), known.get("type", tag), known.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif tag == "option":
            if self._select:
                form.box(self._select, "select").values.append(value)
        elif name and tag in ("input", "textarea", "select"):
            self._select = name if tag == "select" else ""
            box = form.box(name, "select" if tag == "select" else kind)
            if tag == "input":
                box.values.append(value)
