#!/usr/bin/env bash
# Times below 24 hours are times, and longer ones text: what a reader makes of one column of an OpenDocument table.
#
# Tried: python-calamine 0.9.1 (November 2026), which reads Excel and OpenDocument by one interface, on a column of
#   lengths of time (09:30, 23:59, 24:00, 30:15), written by openpyxl 3.1.5 into .xlsx and as ODF 1.2 says them into
#   .ods.
# Best guess, before the run: what .xlsx gives, .ods gives; a timedelta, which the interface's types name.
# What happened: from .xlsx each is a timedelta. From .ods what is below 24 hours is a time, and from 24 hours on it
#   is the text of the file itself, "PT24H00M00S". From the same file odsslicer 1.0.1 gives a timedelta from 24 hours
#   on.
# Matters to: lists with hours in them (how long a child was missing, how long an answer took): just the long ones,
#   which matter, turn into words, so a sum or a comparison leaves them out or stops.
# Source: seen in the installed version; the stub lists the types of a cell and does not say that they differ by
#   format. No report of it found.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5 odsslicer==1.0.1

env/bin/python - >seen <<'PY'
import zipfile
from datetime import timedelta

from odsslicer import ODSReader
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

book = Workbook()
LENGTHS = ((9, 30), (23, 59), (24, 0), (30, 15))
book.active.append([timedelta(hours=hours, minutes=minutes) for hours, minutes in LENGTHS])
book.save("hours.xlsx")

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
cells = "".join(
    f'<table:table-cell office:value-type="time" office:time-value="PT{hours:02}H{minutes:02}M00S">'
    f"<text:p>{hours:02}:{minutes:02}</text:p></table:table-cell>"
    for hours, minutes in LENGTHS
)
content = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.2"><office:body>'
    f'<office:spreadsheet><table:table table:name="List"><table:table-row>{cells}</table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
spaces = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
entries = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    for path, kind in (("/", TYPE), ("content.xml", "text/xml"))
)
with zipfile.ZipFile("hours.ods", "w") as parts:
    parts.writestr("mimetype", TYPE)
    parts.writestr("content.xml", content)
    parts.writestr(
        "META-INF/manifest.xml",
        f'<?xml version="1.0"?><manifest:manifest {spaces} manifest:version="1.2">{entries}</manifest:manifest>',
    )

for name in ("hours.xlsx", "hours.ods"):
    for found in CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()[0]:
        print("calamine", name, repr(found))
sheet = ODSReader("hours.ods").sheet("List")
for place in ("A1", "B1", "C1", "D1"):
    print("odsslicer", "hours.ods", repr(sheet[place].value))
PY

cat >expected <<'TEXT'
calamine hours.xlsx datetime.timedelta(seconds=34200)
calamine hours.xlsx datetime.timedelta(seconds=86340)
calamine hours.xlsx datetime.timedelta(days=1)
calamine hours.xlsx datetime.timedelta(days=1, seconds=22500)
calamine hours.ods datetime.time(9, 30)
calamine hours.ods datetime.time(23, 59)
calamine hours.ods 'PT24H00M00S'
calamine hours.ods 'PT30H15M00S'
odsslicer hours.ods datetime.time(9, 30)
odsslicer hours.ods datetime.time(23, 59)
odsslicer hours.ods datetime.timedelta(days=1)
odsslicer hours.ods datetime.timedelta(days=1, seconds=22500)
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
