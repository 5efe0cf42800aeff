"""An XML file read child by child: one child at a time is held, and nothing in the file can make it grow.

There are no document types and no entities in a statutory return: a file that declares one is refused unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from undrift.intake.findings import StopError, stop

CHUNK = 256 * 1024
DEEPEST = 20
LONGEST_TEXT = 2_000
LONGEST_TAG = 1024 * 1024
MOST_IN_A_CHILD = 50_000
AGAIN = "Export it again from the statutory return screen."


@dataclass
class Node:
    """An element: its text, what is in it, and the line of the file in which it begins."""

    name: str
    line: int
    text: str = ""
    within: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        return (node for node in self.within if node.name == name)

    def first(self, *path: str) -> Node | None:
        """The first element at that path, or None."""
        node: Node | None = self
        for name in path:
            node = next(node.all(name), None) if node is not None else None
        return node

    def said(self, *path: str) -> str:
        """The text of the first element at that path; "" where there is none."""
        node = self.first(*path)
        return node.text.strip() if node is not None else ""


def elements(content: bytes, *names: str) -> Iterator[Node]:
    """The root without what is in it, and then each element of one of the names, in the order of the file.

    StopError where the file is no XML, or not all of it.
    """
    return _Stream(frozenset(names)).read(content)


class _Stream:
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.open: list[Node] = []
        self.wanted: list[Node] = []  # the one that is being read, and those around it are not kept
        self.done: list[Node] = []
        self.held = 0
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begins
        self.parser.EndElementHandler = self._ends
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _refused
        self.parser.EntityDeclHandler = _refused

    def read(self, content: bytes) -> Iterator[Node]:
        try:
            for begins in range(0, len(content), CHUNK):
                self.parser.Parse(content[begins : begins + CHUNK], False)
                self._no_longer(begins + CHUNK - self.parser.CurrentByteIndex)
                yield from self._taken()
            self.parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as fault:
            line = getattr(fault, "lineno", self.parser.CurrentLineNumber)
            raise StopError(
                stop(f"This is no whole XML file: it breaks off or is wrong in line {line}", wanted=AGAIN)
            ) from fault
        yield from self._taken()

    def _no_longer(self, waiting: int) -> None:
        """A tag that does not end is looked through from its beginning with every piece that comes."""
        if waiting > LONGEST_TAG:
            line = self.parser.CurrentLineNumber
            raise StopError(stop(f"A tag in line {line} is longer than any of a census return", wanted=AGAIN))

    def _taken(self) -> list[Node]:
        taken, self.done = self.done, []
        return taken

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name.rpartition(":")[2], self.parser.CurrentLineNumber)
        self.depth += 1
        self.held += 1
        if self.depth > DEEPEST or self.held > MOST_IN_A_CHILD:
            raise StopError(stop(f"What stands in line {node.line} is no part of a census return", wanted=AGAIN))
        if self.depth == 1:
            self.done.append(node)
        elif self.open:
            self.open[-1].within.append(node)
            self.open.append(node)
        elif node.name in self.names:
            self.open.append(node)

    def _ends(self, name: str) -> None:
        self.depth -= 1
        if not self.open:
            self.held = 0
        elif len(self.open) == 1:
            self.done.append(self.open.pop())
            self.held = 0
        else:
            self.open.pop()

    def _text(self, text: str) -> None:
        if not self.open:
            return
        node = self.open[-1]
        node.text += text
        if len(node.text) > LONGEST_TEXT:
            raise StopError(stop(f"The text in line {node.line} is longer than any of a census return", wanted=AGAIN))


def _refused(*declared: Any) -> None:
    raise StopError(stop("This file declares a document type or entities, which no census return does", wanted=AGAIN))
