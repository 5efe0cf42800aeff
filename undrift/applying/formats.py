"""The formats in which a council's children come in, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from undrift.intake.annex_a import reading as annex_a
from undrift.intake.children_csv import reading as children_csv
from undrift.intake.cin_census import reading as cin_census
from undrift.intake.extract import Extract
from undrift.intake.ssd import reading as ssd


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of file: what people call it, what it is in a sentence, how its files end, and its reader."""

    title: str
    says: str
    accept: tuple[str, ...]
    read: Callable[[str, bytes, date], Extract]


FORMATS: dict[str, Format] = {
    annex_a.SOURCE: Format(
        title="Annex A, Lists 5 and 7",
        says="The workbook made for Ofsted: initial conferences from List 5, children on a plan from List 7.",
        accept=(".xlsx",),
        read=annex_a.read,
    ),
    ssd.SOURCE: Format(
        title="Standard safeguarding dataset",
        says="Its tables as CSV files in one zip: children, plans, conferences, reviews, visits, who works with whom.",
        accept=(".zip",),
        read=ssd.read,
    ),
    cin_census.SOURCE: Format(
        title="Children in need census",
        says="The XML file of the yearly return: every child who had a plan in that year, and the reviews held.",
        accept=(".xml",),
        read=cin_census.read,
    ),
    children_csv.SOURCE: Format(
        title="Our own CSV",
        says="What no file of the sector says: who chairs each plan, names, families, core groups, who is restricted.",
        accept=(".csv", ".zip"),
        read=children_csv.read,
    ),
}
