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
    says,
    text_of,
    texts_of,
)
from tests.walkthrough.walking import Walk, Walker

Found = dict[str, dict[str, bool]]  # by field, by place
# A number of a word: a field that a scene forgot would have the same in every place.
_ROW = 1


@dataclass
class Scene:
    walk: Walk
    found: Found = field(default_factory=dict)
    waiting: dict[str, tuple[Value, ...]] = field(default_factory=dict)  # put in, and not looked for yet
    letters: int = 0  # how many had come when it was looked last
    forms: list[tuple[frozenset[str], str]] = field(default_factory=list)  # each with what was put in before it

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

    def choice(self, name: str, answer: str, *reads: str) -> str:
        """An answer for it, and how it reads afterwards, where that is not the answer itself."""
        self._put(name, reads or (answer,))
        return answer

    def _put(self, name: str, ways: tuple[Value, ...]) -> None:
        assert name in every_field(), f"no act has a field {name}"
        assert name not in self.waiting, f"{name} goes in twice"
        assert name not in self.found, f"{name} goes in twice"
        self.waiting[name] = ways

    # Where it is looked for -----------------------------------------------------------------------------------------

    def meets(self, name: str, page: str) -> None:
        """The form that somebody has to act on with all that was put in since the last look: it is read now."""
        read = Reader(self.walk.demo.people[name]).reads(f"{self.walk.record}/{page}")
        self.forms.append((frozenset(self.waiting), read))

    def looks(self, chair: str, other: str, *, child: str = "", next: tuple[str, str] | None = None) -> None:
        """In all seven places, as it stands now, for what was put in since the last look.

        `child`: whose file and page are read; the first of the record's children where it is not said.
        """
        if next is not None:
            self.meets(*next)
        self.walk.works()
        chairs, others = (Reader(self.walk.demo.people[name]) for name in (chair, other))
        above, happened = chairs.reads_the_record(self.walk.record)
        others_above, others_happened = others.reads_the_record(self.walk.record)
        copied, page = self._of_the_child(chairs, child)
        homes = [reader.reads("/") for reader in (chairs, others)]
        texts = {
            CHAIR: [above],
            OTHER: [others_above],
            HISTORY: [happened, others_happened],
            LETTERS: [texts_of(self.walk.box, self.letters)],
            COPY: [copied],
            LISTS: [" ".join([*homes, chairs.reads("/resolutions"), page])],
        }
        for name, ways in self.waiting.items():
            forms = [text for before, text in self.forms if name in before] or [""]
            found = {**texts, NEXT: forms}
            self.found[name] = {place: all(says(text, ways) for text in said) for place, said in found.items()}
        self.waiting, self.forms, self.letters = {}, [], len(self.walk.box.letters)

    def _of_the_child(self, reader: Reader, child: str) -> tuple[str, str]:
        """The text for the file alone, without the page around it, and the child's page."""
        children = [c for home in self.walk.demo.homes.found.values() for c in home.children]
        html = reader.html(self.walk.record)
        about = [c for c in children if f"/copy/{c.public_id}" in html and child in ("", c.called)]
        assert about, f"there is no text to copy for {child or 'a child'}"
        copied = reader.html(f"{self.walk.record}/copy/{about[0].public_id}")
        text = copied.partition('aria-label="Text to copy">')[2].partition("</pre>")[0]
        return text_of(text), reader.reads(f"/children/{about[0].public_id}")


SCENES: dict[str, Callable[[Scene], None]] = {}


def scene(play: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """One that is played by its name."""
    assert play.__name__ not in SCENES, f"there are two scenes {play.__name__}"
    SCENES[play.__name__] = play
    return play
