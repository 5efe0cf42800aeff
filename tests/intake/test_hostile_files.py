"""Files that are cut, spoilt or made to do harm: each is refused in a sentence, and costs little to refuse."""

from __future__ import annotations

import io
import os
import random
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.intake.csv_tables import as_csv, zipped
from tests.intake.test_cin_census import census, child, enquiry, plan
from tests.intake.test_ssd import REVIEW, WHOLE
from tests.intake.workbooks import HEADINGS, workbook
from undrift.intake.annex_a import reading as annex_a
from undrift.intake.annex_a import unpacking
from undrift.intake.children_csv import reading as children_csv
from undrift.intake.cin_census import reading as cin_census
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity
from undrift.intake.ssd import reading as ssd

Read = Callable[[str, bytes, date], Extract]

AS_AT = date(2026, 5, 6)
MEGABYTE = 1024 * 1024
SECONDS, MEGABYTES = 2, 256

READERS: Mapping[str, tuple[str, Read]] = {
    "annex-a": ("annex.xlsx", annex_a.read),
    "cin-census": ("census.xml", cin_census.read),
    "ssd": ("ssd.zip", ssd.read),
    "children": ("children.zip", children_csv.read),
    "children, one file": ("children.csv", children_csv.read),
}


# --- made by hand --------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER_ROW = "".join(f'<c t="inlineStr"><is><t>{heading}</t></is></c>' for heading in HEADINGS)
CELL_A1 = '<c r="A1"><v>1</v></c>'


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def parts(rows: bytes, shared: bytes = b"") -> dict[str, bytes]:
    """The parts of the smallest workbook there is, with one sheet."""
    return {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{KINDS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><sheets><sheet name="List 7" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{KINDS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{KINDS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'.encode(),
        "xl/sharedStrings.xml": shared or f'<sst xmlns="{MAIN}"></sst>'.encode(),
        "xl/worksheets/sheet1.xml": rows,
    }


def by_hand(rows: bytes, shared: bytes = b"", **more: bytes) -> bytes:
    return zipped({**parts(rows, shared), **more})


def counted(times: int) -> bytes:
    """Some 70 MB that do not pack so well that they are refused for it."""
    return b"".join(b"%020d" % (number * 7_919) for number in range(times))


def wrong_row(number: int) -> str:
    return f"<row>{''.join(f'<c><v>{number * cell}.5</v></c>' for cell in range(1, 10))}</row>"


def elsewhere(part: str) -> bytes:
    """A workbook whose list of sheets leads to another part of it."""
    files = parts(sheet(""))
    files["xl/_rels/workbook.xml.rels"] = files["xl/_rels/workbook.xml.rels"].replace(
        b"worksheets/sheet1.xml", part.encode()
    )
    far = f'<row r="1">{CELL_A1}</row><row r="9"><c r="XFD1048576"><v>1</v></c></row>'
    return zipped({**files, f"xl/{part}": sheet(far)})


def without(name: str) -> bytes:
    return zipped({part: content for part, content in parts(sheet("")).items() if part != name})


def stated_smaller(content: bytes, name: str, stated: int) -> bytes:
    """A zip that says of one of its parts that it is smaller than it is, with the checksum of what it states."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo(name)
        checksum = zlib.crc32(archive.read(name)[:stated])
    spoilt = bytearray(content)
    central = spoilt.rindex(b"PK\x01\x02", 0, spoilt.rindex(name.encode()))
    for begins in (info.header_offset + 14, central + 16):
        struct.pack_into("<L", spoilt, begins, checksum)
        struct.pack_into("<L", spoilt, begins + 8, stated)
    return bytes(spoilt)


def with_a_password(content: bytes) -> bytes:
    spoilt = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begins = spoilt.find(signature)
        while begins >= 0:
            spoilt[begins + flags] |= 1
            begins = spoilt.find(signature, begins + 4)
    return bytes(spoilt)


def repeated(times: int, name: str = "part{}.xml") -> bytes:
    return zipped({name.format(number): b"<a/>" for number in range(times)})


LAUGHS = b'<!DOCTYPE Message [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 10)
) + b"]>"  # fmt: skip
OUTSIDE = b'<!DOCTYPE Message [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HEADS = b"child_id,first_name,restricted\n"


def tables(**spoilt: bytes) -> bytes:
    files = {f"{name}.csv": as_csv(rows) for name, rows in WHOLE.items()}
    return zipped(files | {f"{name}.csv": content for name, content in spoilt.items()})


HOSTILE: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    # Excel
    "an empty workbook": ("annex-a", lambda: b""),
    "an old workbook, or a password": ("annex-a", lambda: unpacking.OLD_EXCEL + bytes(100_000)),
    "a text that is called a workbook": ("annex-a", lambda: b"child,plan\n1,2\n"),
    "a PDF that is called a workbook": ("annex-a", lambda: b"%PDF-1.7\n" + os.urandom(100_000)),
    "noise that begins like a zip": ("annex-a", lambda: b"PK\x03\x04" + os.urandom(MEGABYTE)),
    "a document that is no workbook": ("annex-a", lambda: zipped({"word/document.xml": b"<w/>"})),
    "a binary workbook": ("annex-a", lambda: zipped({"xl/workbook.bin": bytes(1_000)})),
    "a workbook without its list of sheets": ("annex-a", lambda: without("xl/_rels/workbook.xml.rels")),
    "a workbook without its sheet": ("annex-a", lambda: without("xl/worksheets/sheet1.xml")),
    "a sheet of noughts without end": ("annex-a", lambda: by_hand(bytes(100 * MEGABYTE))),
    "a sheet that is larger than it says": (
        "annex-a",
        lambda: stated_smaller(by_hand(sheet(" " * 50 * MEGABYTE)), "xl/worksheets/sheet1.xml", 500),
    ),
    "a sheet that says it is larger than the world": (
        "annex-a",
        lambda: stated_smaller(by_hand(sheet("")), "xl/worksheets/sheet1.xml", 2**31),
    ),
    "more parts than a workbook has": ("annex-a", lambda: repeated(unpacking.MOST_ENTRIES + 1)),
    "a part with a password": ("annex-a", lambda: with_a_password(by_hand(sheet("")))),
    "two cells at the ends of the sheet": (
        "annex-a",
        lambda: by_hand(
            sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD1048576"><v>1</v></c></row>')
        ),
    ),
    "a sheet in a part that is no sheet's": ("annex-a", lambda: elsewhere("drawing.xml")),
    "a sheet in the part of the shared texts": ("annex-a", lambda: elsewhere("sharedStrings.xml")),
    "a sheet in a folder within": ("annex-a", lambda: elsewhere("worksheets/within/sheet1.xml")),
    "two cells as far apart as is allowed each way": (
        "annex-a",
        lambda: by_hand(sheet(f'<row r="1">{CELL_A1}</row><row r="9"><c r="GR200000"><v>1</v></c></row>')),
    ),
    "a row beyond the last": ("annex-a", lambda: by_hand(sheet('<row><c r="A99999999999"><v>1</v></c></row>'))),
    "10,000 columns": ("annex-a", lambda: by_hand(sheet(f"<row>{'<c><v>1</v></c>' * 10_000}</row>"))),
    "a million cells in a row that say no place": (
        "annex-a",
        lambda: by_hand(sheet(f"<row>{''.join(f'<c><v>{number}</v></c>' for number in range(1_000_000))}</row>")),
    ),
    "more rows than a council has children": (
        "annex-a",
        lambda: by_hand(sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 250_000)))),
    ),
    "a workbook of laughs": ("annex-a", lambda: by_hand(LAUGHS + sheet(HEADER_ROW + "&a9;"))),
    "shared texts of laughs": ("annex-a", lambda: by_hand(sheet(""), LAUGHS + b"<sst><si><t>&a9;</t></si></sst>")),
    "shared texts without end": ("annex-a", lambda: by_hand(sheet(""), b"<sst>" + counted(3_500_000) + b"</sst>")),
    "a sheet as deep as a well": ("annex-a", lambda: by_hand(sheet("".join(f"<a{n}>" for n in range(300_000))))),
    "a sheet in UTF-16": ("annex-a", lambda: by_hand(sheet(f"<row>{CELL_A1}</row>").decode().encode("utf-16"))),
    "a sheet that is no XML": ("annex-a", lambda: by_hand(os.urandom(MEGABYTE))),
    "10,000 rows that are wrong": (
        "annex-a",
        lambda: by_hand(sheet(f'<row r="1">{HEADER_ROW}</row>' + "".join(map(wrong_row, range(10_000))))),
    ),
    # XML
    "an empty census": ("cin-census", lambda: b""),
    "a workbook that is called a census": ("cin-census", lambda: by_hand(sheet(""))),
    "a census of laughs": ("cin-census", lambda: LAUGHS + b"<Message>&a9;</Message>"),
    "a census that asks for a file": ("cin-census", lambda: OUTSIDE + b"<Message>&a;</Message>"),
    "a census that doubles one entity": (
        "cin-census",
        lambda: b'<!DOCTYPE a [<!ENTITY a "' + b"h" * MEGABYTE + b'">]><a>' + b"&a;" * 100_000 + b"</a>",
    ),
    "a census as deep as a well": ("cin-census", lambda: b"<Message>" + b"<a>" * 1_000_000),
    "a child that never ends": ("cin-census", lambda: census("<Child>" + "<a/>" * 1_000_000 + "</Child>")),
    "a text that never ends": ("cin-census", lambda: census(f"<Child>{'x' * 20 * MEGABYTE}</Child>")),
    "a tag that never ends": ("cin-census", lambda: b"<Message " + b"a" * 20 * MEGABYTE),
    "100,000 attributes": (
        "cin-census",
        lambda: b"<Message " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/>",
    ),
    "a root of another return": ("cin-census", lambda: b"<CINdetailsCollection/>"),
    "an encoding nobody knows": ("cin-census", lambda: b'<?xml version="1.0" encoding="klingon"?><Message/>'),
    "letters of another encoding": ("cin-census", lambda: census().replace(b"CIN", b"C\xe9N")),
    "a census of nobody": ("cin-census", census),
    # CSV
    "an empty zip": ("ssd", lambda: zipped({})),
    "a zip without a CSV": ("ssd", lambda: zipped({"a.txt": b"hello"})),
    "a zip with a password": ("ssd", lambda: with_a_password(tables())),
    "a zip of more files than there are tables": ("ssd", lambda: repeated(501, "{}.csv")),
    "a table of noughts without end": ("ssd", lambda: tables(ssd_cp_visits=bytes(100 * MEGABYTE))),
    "a table that is larger than it says": (
        "ssd",
        lambda: stated_smaller(tables(ssd_cp_visits=b"x,\n" * 10 * MEGABYTE), "ssd_cp_visits.csv", 600),
    ),
    "a zip in a zip": ("ssd", lambda: zipped({"inside.zip": tables()})),
    "a table in UTF-16": ("ssd", lambda: tables(ssd_cp_plans=as_csv(WHOLE["ssd_cp_plans"]).decode().encode("utf-16"))),
    "a name in another encoding": (
        "ssd",
        lambda: tables(ssd_person=as_csv(WHOLE["ssd_person"]).replace(b"Pemberly", b"Pemb\xe9rly")),
    ),
    "10,000 columns of CSV": ("children, one file", lambda: b",".join(b"c%d" % n for n in range(10_000)) + b"\n"),
    "a row that never ends": ("children, one file", lambda: HEADS + b"x" * 40 * MEGABYTE),
    "a quotation that never ends": ("children, one file", lambda: HEADS + b'"' + b"x\n" * 10 * MEGABYTE),
    "a cell of two megabytes": ("children, one file", lambda: HEADS + b"7," + b"x" * 2 * MEGABYTE + b",no\n"),
    "a million rows of another length": ("children, one file", lambda: HEADS + b"7\n" * 1_000_000),
    "a million children without a number": ("children, one file", lambda: HEADS + b"x,x,x\n" * 1_000_000),
    "50,001 children": (
        "children, one file",
        lambda: HEADS + b"".join(b"%d,,\n" % number for number in range(50_001)),
    ),
    "noise that is called a CSV": ("children, one file", lambda: os.urandom(MEGABYTE)),
    "columns of nobody": ("children, one file", lambda: b"a,b\n1,2\n"),
    "a file that is larger than any": ("children, one file", lambda: HEADS + b"7,Ava,no\n" * 6 * MEGABYTE),
}


def nothing_in(found: Extract) -> bool:
    return not any(found.rows)


def peak() -> int:
    """The most memory this process has held since it was last asked to forget, in kilobytes; 0 where nobody tells."""
    try:
        said = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0
    return int(said.split("VmHWM:")[1].split()[0])


def forget_the_peak() -> None:
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5", "ascii")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence_and_costs_little(name: str) -> None:
    source, make = HOSTILE[name]
    file, read = READERS[source]
    content = make()
    forget_the_peak()
    before, began = peak(), time.process_time()
    found = read(file, content, AS_AT)
    took, held = time.process_time() - began, (peak() - before) / 1024
    assert found.stopped
    (finding,) = found.findings
    assert finding.severity is Severity.STOP
    assert nothing_in(found)
    assert len(str(finding)) < 900
    assert str(finding).isprintable()
    assert took < SECONDS
    assert held < MEGABYTES


def test_a_workbook_made_by_hand_is_otherwise_a_good_one() -> None:
    """Else those above might be refused for how they are made, and not for what they do."""
    row = '<row r="2"><c r="A2"><v>7</v></c><c r="G2" t="inlineStr"><is><t>2025-12-04</t></is></c></row>'
    found = annex_a.read("annex.xlsx", by_hand(sheet(f'<row r="1">{HEADER_ROW}</row>{row}')), AS_AT)
    assert [(plan.child_id, plan.starts) for plan in found.plans] == [("7", date(2025, 12, 4))]


def test_there_are_at_least_forty_of_them() -> None:
    assert len(HOSTILE) >= 40


def test_a_large_dataset_is_read_row_by_row() -> None:
    """A tenth of six years in the largest council: 30,000 visits and 4,000 reviews. The visits are never held."""
    people = range(800)
    day = "2025-{:02}-{:02} 00:00:00.000".format
    visits = [
        {
            **WHOLE["ssd_cp_visits"][0],
            "cppv_person_id": number % 800,
            "cppv_cp_visit_date": day(1 + number // 800 % 12, 1),
        }
        for number in range(30_000)
    ]
    reviews = [
        {**REVIEW, "cppr_person_id": number % 800, "cppr_cp_review_date": day(2 + number // 800, 3)}
        for number in range(4_000)
    ]
    starts = {"cppl_cp_plan_start_date": "2025-01-06", "cppl_cp_plan_id": "NULL"}
    content = tables(
        ssd_person=as_csv([{**WHOLE["ssd_person"][0], "pers_person_id": number} for number in people]),
        ssd_cp_plans=as_csv([{**WHOLE["ssd_cp_plans"][0], "cppl_person_id": number, **starts} for number in people]),
        ssd_cp_visits=as_csv(visits),
        ssd_cp_reviews=as_csv(reviews),
    )
    del visits, reviews
    forget_the_peak()
    before, began = peak(), time.process_time()
    found = ssd.read("ssd.zip", content, AS_AT)
    took, held = time.process_time() - began, (peak() - before) / 1024
    assert {(plan.reviews_held, plan.last_visit) for plan in found.plans} == {(5, date(2025, 12, 1))}
    assert took < 2 * SECONDS
    assert held < MEGABYTES / 8


# --- good files, cut and spoilt ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    path = workbook(tmp_path_factory.mktemp("good") / "annex.xlsx", {}, {"child_id": 2}, list_5=[{}])
    return {
        "annex-a": path.read_bytes(),
        "cin-census": census(child(enquiry(), plan()), child(enquiry(), plan(), number="7")) + b"\n",
        "ssd": tables(),
        "children": zipped({"a.csv": HEADS + b"7,Ava,no\n", "b.csv": b"child_id,starts,team\n7,2025-12-04,North\n"}),
    }


def everything(found: Extract) -> Extract:
    return replace(found, sha256="")


@pytest.mark.parametrize("source", ["annex-a", "cin-census", "ssd", "children"])
def test_a_file_cut_anywhere_is_refused_or_read_whole_and_never_in_part(source: str, good: Mapping[str, bytes]) -> None:
    """A CSV that is sent alone is not among them: it has no end that could be missing (test_cut_csv.py)."""
    name, read = READERS[source]
    content = good[source]
    whole = read(name, content, AS_AT)
    assert whole.children
    assert not whole.stopped
    for length in range(len(content)):
        found = read(name, content[:length], AS_AT)
        assert found.stopped or everything(found) == everything(whole), length
        if found.stopped:
            assert nothing_in(found)
            assert len(found.findings) == 1


@pytest.mark.parametrize("source", ["annex-a", "ssd", "children"])
def test_a_zip_with_a_wrong_byte_is_refused_or_read_whole(source: str, good: Mapping[str, bytes]) -> None:
    name, read = READERS[source]
    content = good[source]
    whole = read(name, content, AS_AT)
    chance = random.Random(22)
    for _ in range(200):
        place = chance.randrange(len(content))
        spoilt = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        found = read(name, spoilt, AS_AT)
        assert found.stopped or everything(found) == everything(whole), place


def test_a_workbook_with_a_wrong_byte_never_panics(good: Mapping[str, bytes]) -> None:
    content = good["annex-a"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(23)
    for _ in range(300):
        part = chance.choice([name for name in inside if name.startswith("xl/") and name.endswith(".xml")])
        text = bytearray(inside[part])
        text[chance.randrange(len(text))] = chance.randrange(256)
        found = annex_a.read("annex.xlsx", zipped({**inside, part: bytes(text)}), AS_AT)
        assert found.stopped or found.rows_in_file
