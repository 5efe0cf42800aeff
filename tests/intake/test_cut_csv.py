"""A CSV that was cut: at each of its bytes it is refused, or asked about, or is the whole file of its first rows.

Never is a part of a row taken for the whole of it, and nothing is left out without a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

import pytest

from tests.house.thorough import THOROUGH
from tests.intake.csv_tables import as_csv, zipped
from tests.intake.test_ssd import WHOLE
from undrift.intake.children_csv import reading as children_csv
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity
from undrift.intake.ssd import reading as ssd

AS_AT = date(2026, 5, 6)
RUTH, DEV = "ruth.okafor@westmarch.example", "dev.marchetti@westmarch.example"

# Each ends with a cell of which a part can be read as well: that part must never be taken for the whole.
OWN: Mapping[str, str] = {
    "children": "child_id,first_name,born,restricted\n7,Zoë,2016-09-03,no\n8,Leo,2018-01-02,yes\n",
    "plans": f"child_id,starts,chair,team\n7,2025-12-04,{RUTH},North\n8,2025-12-05,{DEV},South\n",
    "core_groups": f"child_id,email,starts,role\n7,{DEV},2025-12-10,School nurse\n8,{DEV},2025-12-10,Teacher\n",
    "conferences": f'child_id,kind,held_on,invited\n7,review,2026-02-26,"{DEV}; {RUTH}"\n8,review,2026-02-26,{RUTH}\n',
    "looked_after": 'child_id,looked_after_from,iro,iro_name\n7,2026-01-05,,"Vane, ""Jo"""\n8,2026-01-05,,Ms Ash\n',
}


def alone(content: bytes) -> Extract:
    return children_csv.read("list.csv", content, AS_AT)


def among_the_tables(name: str) -> Callable[[bytes], Extract]:
    def read(content: bytes) -> Extract:
        files = {f"{table}.csv": as_csv(rows) for table, rows in WHOLE.items()}
        return ssd.read("ssd.zip", zipped(files | {f"{name}.csv": content}), AS_AT)

    return read


FILES: Mapping[str, tuple[bytes, Callable[[bytes], Extract]]] = {
    **{name: (text.encode(), alone) for name, text in OWN.items()},
    **{f"{name}, of Excel": (text.replace("\n", "\r\n").encode("utf-8-sig"), alone) for name, text in OWN.items()},
    **{name: (as_csv([*rows, *rows]), among_the_tables(name)) for name, rows in WHOLE.items()},
}

REFUSED, ASKED, FEWER, WHOLE_FILE = "refused", "asked", "a whole file of fewer rows", "the whole file"
# Where the file is cut, and what may become of it.
OUTCOMES: Mapping[str, set[str]] = {
    "within the headings": {REFUSED},
    "behind the headings": {REFUSED, FEWER},  # of a table that the dataset can do without, one of no rows
    "within a row": {REFUSED},
    "within the last cell of a row": {REFUSED, ASKED},  # refused within a quotation, or a letter of two bytes
    "behind a row": {FEWER},
    "nowhere": {WHOLE_FILE},
}


def where(content: bytes, length: int) -> str:
    if length == len(content):
        return "nowhere"
    rows = content[:length].count(b"\n")
    if rows == 0:
        return "within the headings"
    if content[length - 1 : length] == b"\n":
        return "behind the headings" if rows == 1 else "behind a row"
    begun = content[:length].split(b"\n")[-1]
    columns = content.split(b"\n")[0].count(b",")
    return "within the last cell of a row" if begun.count(b",") >= columns else "within a row"


def outcome(found: Extract, content: bytes, length: int) -> str:
    if found.stopped:
        assert not any(found.rows)
        return REFUSED
    asked = [one for one in found.findings if one.severity is Severity.CONFIRM]
    if asked:
        (one,) = asked
        assert one.place.row == content[:length].count(b"\n") + 1
        assert str(one).endswith(
            ": The last row has no line end, as in a file that was cut short. Look whether its last cell is whole; if"
            " not, export it again. Nothing is imported until somebody says that it is."
        )
        return ASKED
    return WHOLE_FILE if length == len(content) else FEWER


def lengths(content: bytes, *, few: bool) -> list[int]:
    """All of them; of a table, whose whole dataset is read each time, some and those near the end of a row."""
    ends = [place for place in range(len(content)) if content[place : place + 1] == b"\n"]
    near = {place + beside for place in ends for beside in range(-8, 3)}
    step = 11 if few and not THOROUGH else 1
    return sorted(length for length in near | set(range(1, len(content) + 1, step)) if length <= len(content))


@pytest.mark.parametrize("name", FILES)
def test_a_csv_cut_at_any_byte_is_refused_or_asked_about_or_whole(name: str) -> None:
    content, read = FILES[name]
    became: dict[str, set[str]] = defaultdict(set)
    for length in lengths(content, few=name in WHOLE):
        became[where(content, length)].add(outcome(read(content[:length]), content, length))
    assert became.keys() == OUTCOMES.keys()
    for place, outcomes in became.items():
        assert outcomes <= OUTCOMES[place], place
    assert ASKED in became["within the last cell of a row"]


def test_a_table_of_no_byte_at_all_is_refused() -> None:
    for name in WHOLE:
        found = among_the_tables(name)(b"")
        assert [str(one) for one in found.findings] == [
            f"{name}.csv: It is empty. Export it again, or leave the file out. Nothing was imported."
        ]
    assert alone(b"").stopped


def test_what_was_asked_about_is_read_as_it_stands() -> None:
    """Many programs write no line end behind the last row: said to be whole, it is one like the others."""
    text = OWN["plans"]
    cut, whole = alone(text.removesuffix("\n").encode()), alone(text.encode())
    assert list(cut.rows) == list(whole.rows)
