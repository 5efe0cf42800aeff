"""What an import has to say about a file: where, what was found, what is wanted, what was done.

A finding never holds a person's name: a cell that may hold one is described, not quoted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Severity(StrEnum):
    STOP = "stop"
    """The file as a whole cannot be used; nothing of it is imported."""

    CONFIRM = "confirm"
    """Whether the file is whole is not to be told from it; nothing is imported until somebody says that it is."""

    REJECT = "reject"
    """One row cannot be used; the others are."""

    WARN = "warn"
    """Imported, and somebody should look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the file. Rows are numbered as a spreadsheet shows them."""

    sheet: str = ""
    row: int | None = None
    child: str = ""
    column: str = ""

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        parts = [f"{self.sheet} {row}".strip(), f"child {self.child}" if self.child else "", self.column]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One sentence or two for whoever can put the file right. `code` is the census rule, where there is one.

    `on_file`: it tells what is on file of the child, and not only what stands in the row. `many`: what is said of many
    rows at once to whoever may know it of them all; kept row by row, each with its child. `also`: the number of a
    second child whom it tells of; it is for whoever may see both.
    """

    severity: Severity
    place: Place
    found: str
    wanted: str = ""
    did: str
    code: str = ""
    on_file: bool = False
    many: str = ""
    also: str = ""

    def __str__(self) -> str:
        place = str(self.place)
        where = f"{place}: " if place else ""
        rule = f" (DfE {self.code})" if self.code else ""
        wanted = f" {self.wanted}" if self.wanted else ""
        return f"{where}{self.found}{rule}.{wanted} {self.did}"

    def as_json(self) -> dict[str, object]:
        place = self.place
        return {
            "severity": self.severity,
            "place": {"sheet": place.sheet, "row": place.row, "child": place.child, "column": place.column},
            "found": self.found,
            "wanted": self.wanted,
            "did": self.did,
            "code": self.code,
            "on_file": self.on_file,
            "many": self.many,
            "also": self.also,
            "sentence": str(self),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Finding":
        """The finding that `as_json` wrote."""
        rest = {name: kept[name] for name in ("found", "wanted", "did", "code")}
        place = Place(**kept["place"])
        rest |= {name: kept[name] for name in ("on_file", "many", "also") if name in kept}
        return cls(severity=Severity(kept["severity"]), place=place, **rest)


def stop(found: str, *, wanted: str = "", sheet: str = "") -> Finding:
    return Finding(
        severity=Severity.STOP,
        place=Place(sheet=sheet),
        found=found,
        wanted=wanted,
        did="Nothing was imported.",
    )


def confirm(place: Place, found: str, *, wanted: str) -> Finding:
    """The file may be cut short, and only somebody who looks can tell."""
    return Finding(
        severity=Severity.CONFIRM,
        place=place,
        found=found,
        wanted=wanted,
        did="Nothing is imported until somebody says that it is.",
    )


def reject(place: Place, found: str, *, wanted: str = "", code: str = "") -> Finding:
    return Finding(
        severity=Severity.REJECT, place=place, found=found, wanted=wanted, code=code, did="Row not imported."
    )


def warn(place: Place, found: str, *, did: str, wanted: str = "", code: str = "") -> Finding:
    return Finding(severity=Severity.WARN, place=place, found=found, wanted=wanted, did=did, code=code)


MOST_SAID = 20_000


class Said(list[Finding]):
    """What there is to say of a file, while it is read. StopError beyond what anybody could look through.

    A file of which so much is wrong is another file than it was taken for, or made to fill the memory.
    """

    def append(self, finding: Finding) -> None:
        self += (finding,)

    def __iadd__(self, findings: Iterable[Finding]) -> Self:  # type: ignore[override, misc]  # a list would take anything that can be gone through
        self.extend(findings)
        if len(self) > MOST_SAID:
            one = str(self[-1]).rstrip(".")
            raise StopError(
                stop(
                    f"More than {MOST_SAID:,} cells and rows of this file are wrong, such as: {one}",
                    wanted="See whether it is the file that was meant.",
                )
            )
        return self


class StopError(Exception):
    """The file cannot be used; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding
