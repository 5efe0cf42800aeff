"""Files as large councils send them, all of it invented.

A List 7 of so many children; so many children by name, no two of them called alike; or six years of the Standard
Safeguarding Dataset with so many plans, and for each of them four reviews, twenty-seven visits, the conference before
it and who works with the child.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from openpyxl import Workbook

from undrift.intake.annex_a.list_7 import LIST_7
from undrift.intake.ssd import tables
from undrift.intake.ssd.tables import Table

AS_AT = date(2026, 5, 6)
# Of each eleven plans there are forty reviews and three hundred visits.
REVIEWS, VISITS = 40 / 11, 300 / 11
SIX_YEARS = 6 * 365
CATEGORIES = ("Neglect", "Physical abuse", "Sexual abuse", "Emotional abuse", "NEG", "EMO", "Multiple")
STAFF, TEAMS = 400, 30
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa")

Cells = Sequence[object]


# List 7 ---------------------------------------------------------------------------------------------------------------


def list_7(number: int) -> bytes:
    """A workbook with one sheet, and so many children on a plan."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List 7")
    sheet.append([column.title for column in LIST_7.columns])
    for line in map(_line, range(number)):
        sheet.append([line.get(column.name) for column in LIST_7.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(place: int) -> dict[str, Any]:
    first, latest = CATEGORIES[place % 7], CATEGORIES[place // 7 % 7]
    return {
        "child_id": 100_000 + place,
        "sex": ("a) Male", "b) Female")[place % 2],
        "born": date(2012, 1, 1) + timedelta(days=place % 3_000),
        "starts": date(2025, 11, 3) + timedelta(days=place % 120),
        "initial_category": first,
        "latest_category": latest,
        "last_visit": date(2026, 4, 20) - timedelta(days=place % 11),
        "seen_alone": ("a) Yes", "b) No")[place // 3 % 2],
        "latest_review": date(2026, 4, 2) - timedelta(days=place % 17),
        "previous_plans": place // 5 % 3,
        "team": f"Team {place % TEAMS}",
        "worker": f"Worker {place % STAFF}",
    }


# Our own CSV ----------------------------------------------------------------------------------------------------------


def children(number: int) -> bytes:
    """One file of children, each with a first and a last name that nobody else has."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("child_id", "first_name", "last_name", "sex", "born"))
    for place in range(number):
        first, last = _name(place).capitalize(), f"{_name(place * 7_919)}n".capitalize()
        writer.writerow((800_000 + place, first, last, "female", date(2012, 1, 1) + timedelta(days=place % 3_000)))
    return out.getvalue().encode()


def _name(place: int) -> str:
    """Four syllables, others for each of 65,536 places that follow one another."""
    return "".join(SYLLABLES[place // len(SYLLABLES) ** nth % len(SYLLABLES)] for nth in range(4))


# Six years of the dataset ---------------------------------------------------------------------------------------------


def dataset(plans: int) -> bytes:
    """The tables in one zip, the same for the same number."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in _Council(plans).tables():
            archive.writestr(f"{table.name}.csv", _as_csv(table, rows))
    return out.getvalue()


def _as_csv(table: Table, rows: Iterator[Cells]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows(rows)
    return out.getvalue()


class _Council:
    """One child in six has had a second plan, and children come in families of one to four."""

    def __init__(self, plans: int) -> None:
        self.random = Random(plans)
        self.children = 0
        self.families: list[tuple[range, date, date | None]] = []
        count = 0
        while count < plans:
            size = min(self.random.choice((1, 1, 2, 2, 3, 4)), plans - count)
            if self.families and self.random.random() < 1 / 6:
                again, _, ended = self.random.choice(self.families)
                span = self._span(ended + timedelta(days=60)) if ended is not None else None
                if span is not None and len(again) <= size:
                    self.families.append((again, *span))
                    count += len(again)
                    continue
            members = range(self.children, self.children + size)
            self.children += size
            span = self._span(AS_AT - timedelta(days=SIX_YEARS))
            assert span is not None
            self.families.append((members, *span))
            count += size
        self.plans = [
            (child, starts, ends, meeting)
            for meeting, (members, starts, ends) in enumerate(self.families)
            for child in members
        ]

    def _span(self, earliest: date) -> tuple[date, date | None] | None:
        days = (AS_AT - earliest).days - 30
        if days <= 0:
            return None
        starts = earliest + timedelta(days=self.random.randrange(days))
        ends = starts + timedelta(days=self.random.randrange(90, 700))
        return starts, ends if ends < AS_AT else None

    def tables(self) -> Iterator[tuple[Table, Iterator[Cells]]]:
        yield tables.PERSON, self._people()
        yield tables.PLANS, self._plans()
        yield tables.CONFERENCES, self._conferences()
        yield tables.ENQUIRIES, ((f"E{m}", starts - timedelta(days=20)) for m, (_, starts, _) in self._meetings())
        yield tables.REVIEWS, self._within(REVIEWS, self._review)
        yield tables.VISITS, self._within(VISITS, self._visit)
        yield tables.PROFESSIONALS, ((f"W{n}", f"S{n}", f"Worker {n}") for n in range(STAFF))
        yield tables.DEPARTMENTS, ((f"T{n}", f"Team {n}") for n in range(TEAMS))
        yield tables.INVOLVEMENTS, self._involvements()

    def _meetings(self) -> Iterator[tuple[int, tuple[range, date, date | None]]]:
        return enumerate(self.families)

    def _people(self) -> Iterator[Cells]:
        for child in range(self.children):
            born = date(2010, 1, 1) + timedelta(days=self.random.randrange(3_300))
            sex = self.random.choice("MF")
            yield 500_000 + child, "", f"First{child % 900}", f"Last{child % 7_000}", sex, born, "", ""

    def _plans(self) -> Iterator[Cells]:
        for number, (child, starts, ends, _) in enumerate(self.plans):
            first, latest = self.random.choice(CATEGORIES), self.random.choice(CATEGORIES)
            yield 500_000 + child, f"P{number}", f"{starts} 00:00:00", ends or "", first, latest, "N"

    def _conferences(self) -> Iterator[Cells]:
        for number, (child, starts, _, meeting) in enumerate(self.plans):
            yield 500_000 + child, f"I{number}", f"M{meeting}", starts, f"E{meeting}"

    def _within(self, each: float, row: Any) -> Iterator[Cells]:
        """So many rows for each plan on the average, at even spaces between start and end, the same for siblings."""
        given = 0
        for number, (child, starts, ends, meeting) in enumerate(self.plans):
            members = self.families[meeting][0]
            if child == members.start:
                due = max(0, round(((number + len(members)) * each - given) / len(members)))
                given += due * len(members)
            days = ((ends or AS_AT) - starts).days
            for place in range(1, due + 1):
                yield row(number, child, meeting, place, starts + timedelta(days=max(1, days * place // (due + 1))))

    def _review(self, number: int, child: int, meeting: int, place: int, day: date) -> Cells:
        return 500_000 + child, f"P{number}", f"R{number}-{place}", day, f"M{meeting}-{place}"

    def _visit(self, number: int, child: int, meeting: int, place: int, day: date) -> Cells:
        return 500_000 + child, f"P{number}", f"{day} 00:00:00", "Y", self.random.choice("YYYN")

    def _involvements(self) -> Iterator[Cells]:
        for child, starts, ends, _ in self.plans:
            worker, team = self.random.randrange(STAFF), self.random.randrange(TEAMS)
            yield 500_000 + child, f"W{worker}", "CW", f"T{team}", starts, ends or ""
