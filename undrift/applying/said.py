"""What there is to say of a file beside what is known. The same of many rows is said once, with its rows.

It is kept row by row, each with its child: of a row about a child whose record is closed to a reader, the sentence they
are shown says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from undrift.intake.extract import InFile
from undrift.intake.findings import Finding, Place, Severity, warn

SHOWN = 10
ONE_CHILD = "If they are one child, say so on the child's page under Allocation: a file merges no records."


class Many(StrEnum):
    """What is said of many rows at once."""

    BLANK = "blank"
    OLDER = "older"
    KEPT = "kept"
    NOT_YET = "not yet"
    WRITTEN = "written"
    BEFORE = "before"
    TEAM = "team"
    NO_PLAN = "no plan"
    PERSON = "person"
    KEPT_OUT = "kept out"
    ONESELF = "oneself"
    NO_SUCH_POST = "no such post"
    NOT_NAMED = "not named"
    NOT_ALONE = "not alone"
    AGENCY = "agency"
    OTHER_AGENCY = "other agency"
    FAMILY_NAME = "family name"
    BY_NAME = "by name"
    TWICE = "twice"
    UNBORN = "unborn"


@dataclass(frozen=True)
class Words:
    """What is found, with {rows} in place of the rows; what was done; what is wanted. One row says, several say."""

    found: str
    did: str
    wanted: str = ""


WORDS: Mapping[Many, Words] = {
    Many.BLANK: Words("{cells} empty where something is known: {rows}", "What is known was kept."),
    Many.OLDER: Words(
        "what {rows} {say} is older than what is known",
        "What is known was kept.",
        "Something younger than this file has told it since.",
    ),
    Many.KEPT: Words(
        "{rows} {say} what this format said before, and it has become something else here since",
        "What is here was kept.",
        "Put it right in the case system.",
    ),
    Many.NOT_YET: Words(
        "{rows} {tell} of a day after the one that this file describes", "Left out: it has not happened yet."
    ),
    Many.WRITTEN: Words(
        "the child's number in {rows} is written differently from the one on file", "Met with the child on file."
    ),
    Many.BEFORE: Words(
        "the child in {rows} is on file under a number that the file says they had before",
        "Met with the child on file, who keeps the number of the record.",
        "Look whether the births and the plans are one child's.",
    ),
    Many.TEAM: Words(
        "the team in {rows} is no unit of {council}", "Imported as text.", "Add the unit, or choose the child's team."
    ),
    Many.NO_PLAN: Words(
        "the child in {rows} has no plan that runs, with which a team and a worker are kept",
        "Imported without them.",
        "Invite the social worker to the conference, if they have to see the child before there is a plan.",
    ),
    Many.PERSON: Words(
        "the email address in {rows} is nobody's who signs in to {council}",
        "Imported without it.",
        "Bring the person in with the organisation's files, or choose them on the child's page.",
    ),
    Many.KEPT_OUT: Words(
        "the person in {rows} is kept out of the record of a child of the family",
        "Imported without them.",
        "Choose somebody else in the case system.",
    ),
    Many.ONESELF: Words(
        "the person in {rows} is whoever brings the file in, or somebody they stand in for",
        "Imported without them.",
        "Somebody else brings the file in, or gives them the child under Allocation.",
    ),
    Many.NO_SUCH_POST: Words(
        "the person in {rows} holds no such post in {council} today",
        "Imported without them.",
        "Bring their post in with the organisation's files, or choose somebody who holds one.",
    ),
    Many.NOT_NAMED: Words(
        "the record in {rows} is restricted, and the person is not named for it",
        "Imported without them.",
        "Ask Safeguarding and Review to name them first.",
    ),
    Many.NOT_ALONE: Words(
        "the conference in {rows} is not about this child alone, and the person is not given it by a file",
        "Imported without them.",
        "Ask Safeguarding and Review, or choose somebody else.",
    ),
    Many.AGENCY: Words(
        "the agency in {rows} is none that {council} knows",
        "Imported without it.",
        "Bring the agency in with the organisation's files.",
    ),
    Many.OTHER_AGENCY: Words(
        "the agency in {rows} is another than the one of whoever signs in with the address",
        "Imported with the agency that they have here.",
        "Look whether the address is of whoever is meant.",
    ),
    Many.TWICE: Words(
        "{rows} say otherwise than an earlier row about the same",
        "Imported as in the earlier row.",
        "One row for each, or the same in all of them.",
    ),
    Many.UNBORN: Words(
        "the child in {rows} is on file as born, and the file says that the birth is still to come",
        "What is known was kept.",
        "Put it right in the case system, or here on the child's page.",
    ),
    Many.FAMILY_NAME: Words(
        "the family in {rows} has another name on file",
        "The name on file was kept.",
        "Put it right in the case system.",
    ),
    Many.BY_NAME: Words(
        "{rows} {say} no number of the family, and another row of the file has the same family's name",
        "They were taken for one family.",
        "Where two families have one name, give family_number before you bring it in.",
    ),
}


# They tell something of the child that does not stand in the file.
ON_FILE = {
    *(Many.BLANK, Many.OLDER, Many.KEPT, Many.WRITTEN, Many.BEFORE, Many.NO_PLAN),
    *(Many.KEPT_OUT, Many.NOT_NAMED, Many.NOT_ALONE, Many.UNBORN, Many.FAMILY_NAME),
}


@dataclass
class Said:
    """Findings as they come; `asked` are the children of those that are questions: nothing is done until somebody
    answers.
    """

    council: str
    findings: list[Finding] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _many: list[tuple[Many, Place]] = field(default_factory=list)

    def one(self, finding: Finding) -> None:
        self.findings.append(finding)

    def beside(self, finding: Finding) -> None:
        """It tells what is on file as well: not for whom the record is closed to, even where they bring the file in."""
        self.findings.append(replace(finding, on_file=True))

    def ask(self, place: Place, found: str, *, wanted: str, also: str = "") -> None:
        """Something that a file does not do by itself: what to do, for whoever decides."""
        self.asked.append(place.child)
        self.beside(replace(warn(place, found, wanted=wanted, did="Nothing was changed."), also=also))

    def of_many(self, kind: Many, row: InFile, column: str, child: str = "") -> None:
        """`child` is the number on file, where the row has another."""
        place = Place(sheet=row.sheet, row=row.row, child=child or row.child_id, column=column)
        self._many.append((kind, place))

    def whole(self) -> list[Finding]:
        """All of it; what is said of many rows comes last."""
        many = (_worded(kind, place, [place.row or 0], self.council) for kind, place in self._many)
        return [*self.findings, *many]


def together(findings: Iterable[Finding], council: str) -> list[Finding]:
    """What is said of many rows as one; it comes last."""
    single: list[Finding] = []
    many: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in findings:
        if one.many and one.place.row is not None:
            many[one.many, one.place.sheet, one.place.column].append(one.place.row)
        else:
            single.append(one)
    return [
        *single,
        *(
            _worded(Many(kind), Place(sheet=sheet, column=column), numbers, council)
            for (kind, sheet, column), numbers in many.items()
        ),
    ]


def _worded(kind: Many, place: Place, numbers: Sequence[int], council: str) -> Finding:
    words = WORDS[kind]
    one = len(numbers) == 1
    found = words.found.format(
        rows=rows(numbers), council=council, cells="1 cell is" if one else f"{len(numbers)} cells are",
        say="says" if one else "say", tell="tells" if one else "tell",
    )  # fmt: skip
    return Finding(
        severity=Severity.WARN, place=place, found=found, wanted=words.wanted, did=words.did, on_file=kind in ON_FILE,
        many=kind.value,
    )  # fmt: skip


def rows(numbers: Sequence[int]) -> str:
    """ "row 4", "rows 4, 7 and 30 more"."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    return f"rows {', '.join(map(str, numbers[:SHOWN]))}{more}"
