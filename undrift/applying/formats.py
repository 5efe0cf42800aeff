"""The formats in which a council's children come in, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from undrift.intake.annex_a import reading as annex_a
from undrift.intake.extract import Extract


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
}
