"""A scene: what its people put in through the pages, field by field, and where each of it was found afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tests.canaries import tokens
from tests.readers.fields import every_field
from tests.readers.places import (
    CHAIR,
    COPY,
    HISTORY,
    LETTERS,
    LISTS,
    NEXT,
    OTHER,
    Reader,
    Value,
    says_more,
    text_of,
    texts_of,
)
from tests.walkthrough.walking import Walk, Walker

Found = dict[str, dict[str, tuple[bool, ...]]]  # by field, by place: of each text of the place, whether it says it anew
Texts = dict[str, list[str]]  # by place
Form = tuple[str, str]  # who has to act on it, and its page of the record
# A number of a word: a field that a scene forgot would have the same in every place.
_ROW = 1


@dataclass(frozen=True)
class Watched:
    """By whom, of which child and on which form it is looked, and all that they read there before anything went in."""

    chair: str
    other: str
    child: str
    next: Form | None
    texts: Texts
    form: str


@dataclass
class Scene:
    walk: Walk
    found: Found = field(default_factory=dict)
    waiting: dict[str, tuple[Value, ...]] = field(default_factory=dict)  # put in, and not looked for yet
    letters: int = 0  # how many had come before what is looked at
    forms: list[tuple[frozenset[str], str, str]] = field(default_factory=list)  # what was put in before it; then; now
    watched: Watched | None = None

    def be(self, name: str) -> Walker:
        return self.walk.be(name)

    def day(self, number: int) -> date:
        return self.walk.day(number)

    # What goes in -------------------------------------------------------------------------------------------------

    def word(self, name: str) -> str:
        """A text for this field, which occurs nowhere else."""
        said = tokens.word(every_field().index(name), _ROW)
        self._put(name, (said,))
        return said

    def on(self, name: str, number: int) -> date:
        """A day for it: the working day so many from the first."""
        self._put(name, (self.day(number),))
        return self.day(number)

    def reads(self, name: str, *ways: Value) -> None:
        """How it reads afterwards, where what went in is known from before."""
        self.waiting[name] = ways

    def choice(self, name: str, answer: str, *reads: Value) -> str:
        """An answer for it, and how it reads afterwards, where that is not the answer itself."""
        self._put(name, reads or (answer,))
        return answer

    def _put(self, name: str, ways: tuple[Value, ...]) -> None:
        assert name in every_field(), f"no act has a field {name}"
        assert name not in self.waiting, f"{name} goes in twice"
        assert name not in self.found, f"{name} goes in twice"
        self.waiting[name] = ways

    # Where it is looked for -----------------------------------------------------------------------------------------

    def watch(self, chair: str, other: str, *, child: str = "", next: Form | None = None) -> None:
        """All seven places as they are read before something goes in: a place says it only where it then says more.

        `child`: whose file and page are read; the first of the record's children where it is not said.
        """
        self.walk.works()
        self.letters = len(self.walk.box.letters)
        form = self._form(*next, if_any=True) if next is not None else ""
        self.watched = Watched(chair, other, child, next, self._texts(chair, other, child, if_any=True), form)

    def meets(self, name: str, page: str) -> None:
        """The form that somebody has to act on with all that was put in since it was watched: it is read now."""
        before = self.watched.form if self.watched is not None and self.watched.next == (name, page) else ""
        self.forms.append((frozenset(self.waiting), before, self._form(name, page)))

    def looks(self) -> None:
        """In all seven places, as it stands now, for what was put in since they were watched."""
        watched = self.watched
        assert watched is not None, "nobody looked before it went in"
        if watched.next is not None:
            self.meets(*watched.next)
        self.walk.works()
        now = self._texts(watched.chair, watched.other, watched.child)
        for name, ways in self.waiting.items():
            pairs = {place: list(zip(watched.texts[place], texts, strict=True)) for place, texts in now.items()}
            pairs[NEXT] = [(before, text) for then, before, text in self.forms if name in then] or [("", "")]
            self.found[name] = {place: tuple(says_more(*pair, ways) for pair in pairs[place]) for place in pairs}
        self.waiting, self.forms, self.watched = {}, [], None

    def _texts(self, chair: str, other: str, child: str, *, if_any: bool = False) -> Texts:
        """`if_any`: whoever is given it only by what goes in has no such page before."""
        chairs, others = (Reader(self.walk.demo.people[name], if_any=if_any) for name in (chair, other))
        above, happened, others_above, others_happened = "", "", "", ""
        if self.walk.record:
            above, happened = chairs.reads_the_record(self.walk.record)
            others_above, others_happened = others.reads_the_record(self.walk.record)
        copied, page = self._of_the_child(chairs, child)
        homes = [reader.reads("/") for reader in (chairs, others)]
        return {
            CHAIR: [above],
            OTHER: [others_above],
            HISTORY: [happened, others_happened],
            LETTERS: [texts_of(self.walk.box, self.letters)],
            COPY: [copied],
            LISTS: [" ".join([*homes, chairs.reads("/resolutions"), page])],
        }

    def _form(self, name: str, page: str, *, if_any: bool = False) -> str:
        reader = Reader(self.walk.demo.people[name], if_any=if_any)
        return reader.reads(f"{self.walk.record}/{page}") if self.walk.record else ""

    def _of_the_child(self, reader: Reader, child: str) -> tuple[str, str]:
        """The text for the file alone, without the page around it, and the child's page."""
        children = [c for home in self.walk.demo.homes.found.values() for c in home.children]
        html = reader.html(self.walk.record) if self.walk.record else ""
        about = [c for c in children if f"/copy/{c.public_id}" in html and child in ("", c.called)]
        if not html:  # nothing is raised yet
            about = [c for c in children if c.called == child]
        assert about, f"there is no text to copy for {child or 'a child'}"
        copied = reader.html(f"{self.walk.record}/copy/{about[0].public_id}") if html else ""
        text = copied.partition('aria-label="Text to copy">')[2].partition("</pre>")[0]
        return text_of(text), reader.reads(f"/children/{about[0].public_id}")


SCENES: dict[str, Callable[[Scene], None]] = {}


def scene(play: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """One that is played by its name."""
    assert play.__name__ not in SCENES, f"there are two scenes {play.__name__}"
    SCENES[play.__name__] = play
    return play
