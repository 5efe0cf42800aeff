"""A CIN census return as an extract: children with a plan or an initial conference, every review, no names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from undrift.intake import cells
from undrift.intake.child_rules import one_each, settle
from undrift.intake.cin_census import rules
from undrift.intake.cin_census.child import SHEET, Child, Plan, child_of
from undrift.intake.cin_census.stream import AGAIN, Node, elements
from undrift.intake.conference_rules import in_the_year, on_a_weekend
from undrift.intake.dfe_rules import LOOK, broken
from undrift.intake.extract import ChildRow, Extract, Meeting, MeetingRow, PlanRow
from undrift.intake.findings import Finding, Place, Said, StopError, stop, warn
from undrift.intake.plan_rules import judge, review_outside, several, uk, without_repeats

SOURCE = "cin-census"
LARGEST_FILE = 100 * 1024 * 1024

TITLES = {
    "starts": "CPPstartDate",
    "ends": "CPPendDate",
    "latest_review": "CPPreviewDate",
    "died": "PersonDeathDate",
}


def read(name: str, content: bytes, as_at: date) -> Extract:
    """The whole return and what there is to say of it.

    The file's own day is the reference date in its header; `as_at` where it has none, or one that is still to come.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return _read(name, content, sha256, as_at)
    except StopError as refusal:
        return Extract(source=SOURCE, file_name=name, sha256=sha256, as_at=as_at, findings=[refusal.finding])


def _read(name: str, content: bytes, sha256: str, as_at: date) -> Extract:
    if len(content) > LARGEST_FILE:
        raise StopError(stop(f"{name} is larger than {LARGEST_FILE // 1024 // 1024} MB", wanted=AGAIN))
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise StopError(stop(f"{name} is no XML file", wanted="A CIN census return ends in .xml. " + AGAIN))
    found = elements(content, "Header", "Child")
    _root(next(found, None))
    return _Census(name, sha256, as_at).read(found)


def _root(root: Node | None) -> None:
    if root is None or root.name != "Message":
        called = re.sub(r"\W", "", root.name)[:60] if root else "missing"
        raise StopError(
            stop(f"The root is {called}; a census return starts with <Message>", wanted=AGAIN),
        )


@dataclass
class _Census:
    name: str
    sha256: str
    as_at: date
    council: str = ""
    children: list[ChildRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)
    meetings: dict[tuple[str, Meeting, date], MeetingRow] = field(default_factory=dict)
    findings: Said = field(default_factory=Said)
    in_file: set[str] = field(default_factory=set)
    in_census: int = 0
    planned: bool = False
    begun: int = 0  # plans that start in the census year, and initial conferences in it
    conferred: int = 0

    def read(self, found: Iterable[Node]) -> Extract:
        headed = False
        for node in found:
            if node.name == "Header":
                self._header(node)
                headed = True
                continue
            if not headed:
                raise StopError(stop("A child stands before the header", wanted=AGAIN))
            self.in_census += 1
            self._child(child_of(node))
        if not self.planned:
            raise StopError(self._nobody())
        kept, doubled = without_repeats(self.plans)
        each, differing = one_each(self.children)
        return Extract(
            source=SOURCE,
            file_name=self.name,
            sha256=self.sha256,
            as_at=self.as_at,
            council=self.council,
            children=each,
            plans=kept,
            meetings=list(self.meetings.values()),
            findings=[
                *self.findings,
                *doubled,
                *several(kept),
                *on_a_weekend(self.meetings.values()),
                *rules.more_plans_than_conferences(self.begun, self.conferred, Place(sheet=SHEET)),
                *differing,
            ],
            rows_in_file=self.in_census,
            children_in_file=frozenset(self.in_file),
        )

    def _header(self, header: Node) -> None:
        collection = header.said("CollectionDetails", "Collection")
        if collection.upper() != "CIN":
            raise StopError(
                stop(
                    f"This is a return of another collection: {re.sub(r'[^A-Za-z0-9]', '', collection)[:20] or 'none'}",
                    wanted="The children in need census says CIN in its header.",
                )
            )
        self.council = cells.text(header.said("Source", "LEA"))[:10]
        try:
            day = cells.day(header.said("CollectionDetails", "ReferenceDate"))
        except cells.UnreadableError:
            day = None
        place = Place(sheet=SHEET, column="ReferenceDate")
        if day is None:
            self.findings.append(warn(place, "no date that can be read", did=f"Read as a file of {uk(self.as_at)}."))
        elif day > self.as_at:
            self.findings.append(warn(place, f"{uk(day)} is still to come", did=f"Read as a file of {uk(self.as_at)}."))
        else:
            self.as_at = day

    def _nobody(self) -> Finding:
        day = f"{self.as_at.day} {self.as_at:%B %Y}"
        children = f"{self.in_census:,} {'child' if self.in_census == 1 else 'children'}"
        return stop(
            f"This is a CIN census file for {day} with {children} but no child protection plans",
            wanted="A census with nobody on a plan is far likelier to be a return that was not finished.",
        )

    def _child(self, read: Child) -> None:
        """A child is in the census for many reasons: one without a plan and without a conference is passed over."""
        if not read.plans and not any(episode.conferences for episode in read.episodes):
            self.findings += [
                finding for episode in read.episodes for finding in rules.of_the_episode(episode, self.as_at)
            ]
            return
        self.findings += read.findings
        if read.plans:
            self.planned = True
            self.in_file |= {read.read.place.child} - {""}
        if read.read.rejected:
            return
        child, said = settle(_child_row(read), self.as_at, TITLES)
        self.findings += said
        self.children.append(child)
        for episode in read.episodes:
            self.findings += rules.of_the_episode(episode, self.as_at)
            self.begun += sum(in_the_year(plan.read.values.get("starts"), self.as_at) for plan in episode.plans)
            self.conferred += sum(in_the_year(day, self.as_at) for day, _ in episode.conferences)
            for day, place in episode.conferences:
                self._meeting(child, Meeting.INITIAL, day, place.row or 0)
            for plan in episode.plans:
                self._plan(child, plan)

    def _plan(self, child: ChildRow, read: Plan) -> None:
        if read.read.rejected:
            return
        judged = judge(_plan_row(child, read, self.as_at), child, self.as_at, TITLES)
        self.findings += judged.findings
        plan = judged.plan
        if plan is None:
            return
        self.findings += rules.of_the_plan(read)
        if plan.ends is not None and plan.ends < self.as_at and not in_the_year(plan.ends, self.as_at):
            place = replace(read.read.place, column=TITLES["ends"])
            self.findings.append(broken("8930", place, f"plan ended {uk(plan.ends)}, before the census year", did=LOOK))
        held = []
        for day, line in read.reviews:
            finding = review_outside(day, plan, line)
            if finding:
                self.findings.append(finding)
                continue
            self._meeting(child, Meeting.REVIEW, day, line)
            held += [day] if day <= self.as_at else []
        given = plan.given | {"reviews_held", "latest_review"}
        self.plans.append(
            replace(plan, given=given, reviews_held=len(set(held)), latest_review=max(held, default=None))
        )

    def _meeting(self, child: ChildRow, kind: Meeting, day: date, line: int) -> None:
        """Held, or planned where its day is after the file's own. Recorded twice, it is one."""
        self.meetings.setdefault(
            (child.child_id, kind, day),
            MeetingRow(
                sheet=SHEET,
                row=line,
                child_id=child.child_id,
                given=frozenset({"day", "held"}),
                kind=kind,
                day=day,
                held=day <= self.as_at,
            ),
        )


def _child_row(read: Child) -> ChildRow:
    values = {name: value for name, value in read.read.values.items() if name != "child_id"}
    place = read.read.place
    given = read.read.given - {"child_id"}
    return ChildRow(sheet=SHEET, row=place.row or 0, child_id=place.child, given=given, **values)


def _plan_row(child: ChildRow, read: Plan, as_at: date) -> PlanRow:
    values = dict(read.read.values)
    if values.get("previous_plans") is None:
        values.pop("previous_plans", None)  # an empty element does not say that there were none
    given = frozenset(values)
    return PlanRow(sheet=SHEET, row=read.read.place.row or 0, child_id=child.child_id, given=given, **values)
