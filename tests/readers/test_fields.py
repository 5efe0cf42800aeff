"""No field is left out: each has a row, each row its cells, and one that nobody thought of is found."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from tests.readers import page
from tests.readers.fields import every_field
from tests.readers.places import HISTORY, says_more, so
from tests.readers.reasons import MUST, NOT_SAID, REASONS
from tests.readers.table import cells, looked_for, missing, table, wrong
from undrift.engine.ladder import acts


def test_every_field_has_a_row_and_every_row_its_cells() -> None:
    assert list(missing(table())) == []


@pytest.mark.parametrize("forgotten", ["Note.text", "Raise.spoke.note", "RecordUrgentAction.children"])
def test_a_field_without_a_row_is_found(forgotten: str) -> None:
    rows = {name: row for name, row in table().items() if name != forgotten}
    assert list(missing(rows)) == [f"{forgotten} has no row"]


def test_a_new_field_is_asked_for_a_row_also_where_it_is_inside_another() -> None:
    @dataclasses.dataclass(frozen=True)
    class Seen(acts.Act):
        text: str
        talks: tuple[acts.Conversation, ...] = ()

    new = every_field([Seen])
    assert new[:2] == ("Seen.text", "Seen.talks.how")
    assert f"{new[0]} has no row" in list(missing(table(), (*every_field(), *new)))


@pytest.mark.parametrize(
    "row", ["", "yes", "yes yes yes", "yes yes yes yes yes yes nonsense", "letter", "nonsense"], ids=repr
)
def test_a_row_that_leaves_a_cell_open_is_found(row: str) -> None:
    assert [line.partition(" says ")[0] for line in missing({**table(), "Note.text": row})] == ["Note.text"]


def test_every_reason_is_given_somewhere() -> None:
    said = {word for found in looked_for(table()).values() for word in found.values()}
    assert said - {MUST} == REASONS.keys()
    assert {row for row in table().values() if not cells(row)} == NOT_SAID.keys()


def test_the_page_of_the_documents_is_what_the_table_says() -> None:
    assert page.FILE.read_text("utf-8") == page.text(), f"Run `{page.AGAIN}` and read what changed."


def test_what_stood_there_before_does_not_count() -> None:
    day = date(2026, 5, 6)
    assert not says_more("Zion waits.", "Zion waits.", ["Zion"])
    assert says_more("Zion waits.", "Zion waits. Zion is safe.", ["Zion"])
    assert not says_more("By 6 May 2026.", "By Wednesday 6 May.", [day])
    assert says_more("Agreed: a visit. Not started.", "Agreed: a visit. Done.", so("a visit", "Done"))
    assert not says_more("Agreed: a visit. Done.", "Agreed: a visit. Done.", so("a visit", "Done"))


@pytest.mark.parametrize("said", [MUST, "letter"])
def test_what_one_side_alone_reads_is_found(said: str) -> None:
    assert len(list(wrong("Note.text", {HISTORY: said}, {HISTORY: (True, False)}))) == 1
