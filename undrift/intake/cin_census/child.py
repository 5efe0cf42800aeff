"""One child of a census return: what it says, with every date read, before any rule is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from undrift.intake import fields
from undrift.intake.cin_census.stream import Node
from undrift.intake.fields import Read, Reader, read_row
from undrift.intake.findings import Finding, Place

SHEET = "CIN census"

OF_A_CHILD = {
    "child_id": ("LAchildID", fields.CHILD_ID),
    "born": ("PersonBirthDate", fields.DATE),
    "expected": ("ExpectedPersonBirthDate", fields.DATE),
    "died": ("PersonDeathDate", fields.DATE),
}
OF_A_PLAN = {
    "starts": ("CPPstartDate", fields.START),
    "ends": ("CPPendDate", fields.END),
    "initial_category": ("InitialCategoryOfAbuse", fields.category("8905")),
    "latest_category": ("LatestCategoryOfAbuse", fields.category("8910")),
    "previous_plans": ("NumberOfPreviousCPP", fields.PREVIOUS_PLANS),
}
OF_AN_ENQUIRY = {
    "starts": ("S47ActualStartDate", fields.DATE),
    "target": ("InitialCPCtarget", fields.DATE),
    "conference": ("DateOfInitialCPC", fields.DATE),
    "not_required": ("ICPCnotRequired", fields.YES_OR_NO),
}
OF_AN_EPISODE = {
    "referral": ("CINreferralDate", fields.DATE),
    "conference": ("DateOfInitialCPC", fields.DATE),
    "closed": ("CINclosureDate", fields.DATE),
    "reason": ("ReasonForClosure", fields.TEXT),
    "no_action": ("ReferralNFA", fields.YES_OR_NO),
}
OF_A_NEED_PLAN = {
    "starts": ("CINPlanStartDate", fields.DATE),
    "ends": ("CINPlanEndDate", fields.DATE),
}
A_REVIEW = {"review": ("CPPreviewDate", fields.DATE)}

Columns = Mapping[str, tuple[str, Reader]]


@dataclass(frozen=True)
class Plan:
    """A plan as the census has it. `undated` are reviews without a day."""

    read: Read
    reviews: tuple[tuple[date, int], ...]
    undated: int


@dataclass(frozen=True)
class Episode:
    """One referral: its day, the enquiries and the plans that belong to it, those of a child in need too."""

    read: Read
    enquiries: tuple[Read, ...]
    plans: tuple[Plan, ...]
    need_plans: tuple[Read, ...]
    assessed: bool

    @property
    def conferences(self) -> list[tuple[date, Place]]:
        """Every initial conference of the episode, from wherever it is recorded."""
        return [(day, read.place) for read in (self.read, *self.enquiries) if (day := read.values.get("conference"))]


@dataclass(frozen=True)
class Child:
    """A child, and the referrals it is in the census for."""

    read: Read
    episodes: tuple[Episode, ...]
    findings: tuple[Finding, ...]

    @property
    def plans(self) -> list[Plan]:
        return [plan for episode in self.episodes for plan in episode.plans]


def child_of(node: Node) -> Child:
    """What the census says of a child. Its findings are about cells that cannot be read."""
    said: list[Finding] = []
    identifiers = node.first("ChildIdentifiers") or Node("ChildIdentifiers", node.line)
    # Gender until 2024, sex from 2025 on.
    sex = "Sex" if identifiers.first("Sex") else "GenderCurrent"
    read = _read(identifiers, {**OF_A_CHILD, "sex": (sex, fields.SEX)}, Place(sheet=SHEET), said)
    place = read.place
    episodes = tuple(_episode(each, place, said) for each in node.all("CINdetails"))
    return Child(read, episodes, tuple(said))


def _episode(node: Node, place: Place, said: list[Finding]) -> Episode:
    return Episode(
        _read(node, OF_AN_EPISODE, place, said),
        tuple(_read(each, OF_AN_ENQUIRY, place, said) for each in node.all("Section47")),
        tuple(_plan(each, place, said) for each in node.all("ChildProtectionPlans")),
        tuple(_read(each, OF_A_NEED_PLAN, place, said) for each in node.all("CINPlanDates")),
        node.first("Assessments") is not None,
    )


def _plan(node: Node, place: Place, said: list[Finding]) -> Plan:
    read = _read(node, OF_A_PLAN, place, said)
    reviews: list[tuple[date, int]] = []
    undated = 0
    for each in node.all("Reviews"):
        found = list(_reviews(each, place, said))
        reviews += [(day, line) for day, line in found if day is not None]
        undated += sum(day is None for day, _ in found) or each.first("CPPreviewDate") is None
    return Plan(read, tuple(reviews), undated)


def _reviews(node: Node, place: Place, said: list[Finding]) -> Iterator[tuple[date | None, int]]:
    """Each date in it: some systems write one element for all reviews, some one for each."""
    for each in node.all("CPPreviewDate"):
        alone = Node("Reviews", each.line, within=[each])
        unread = len(said)
        day: date | None = _read(alone, A_REVIEW, place, said).values.get("review")
        if day is not None or len(said) == unread:
            yield day, each.line


def _read(node: Node, columns: Columns, place: Place, said: list[Finding]) -> Read:
    row = _cells(node, columns)
    # Without a number nobody can be meant, and a plan without a start is none: asked for where they are absent.
    row |= {name: "" for name, (_, reader) in columns.items() if reader.needed and name not in row}
    readers = {name: reader for name, (_, reader) in columns.items()}
    titles = {name: title for name, (title, _) in columns.items()}
    read = read_row(row, readers, titles, replace(place, row=node.line))
    said += read.findings
    return read


def _cells(node: Node, columns: Columns) -> dict[str, Any]:
    """An element that is not there says nothing, except of a plan's end: a plan without one runs."""
    found = {name: node.said(title) for name, (title, _) in columns.items() if node.first(title)}
    if "ends" in columns:
        found.setdefault("ends", "")
    return found
