#!/usr/bin/env bash
# One library's calendar "country:GB" works on Easter Monday; its other calendars of the same country do not.
#
# Tried: better-calendar 2.0.1, which brings 477 calendars of days worked, frozen from four other libraries, on the
#   bank holidays of England and Wales from GOV.UK's list (govuk-bank-holidays 0.19), 2019 to 2028.
# Best guess, before the run: the calendar of the country has the bank holidays that most of the country has, and one
#   package agrees with itself.
# What happened: country:GB, and country:UK, which is the same, lack Easter Monday and the summer bank holiday in
#   every year: 20 days that nobody in England, Wales and Northern Ireland works. wk:GB lacks the coronation alone.
#   The settlement and exchange calendars have every day. No calendar of England can be asked for.
# Why: country:GB is frozen from python-holidays without a subdivision, which gives the days common to all four
#   nations (said in its threads to be as designed, vacanza/holidays 2491); there one would ask for England, but only
#   one subdivision in the world, of another country, is frozen here.
# Matters to: deadlines in working days: 5 working days over Easter come out a day early.
# Source: better_calendar/calendars/providers/python_holidays_.py in the installed version. No report of it found
#   here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check better-calendar==2.0.1 govuk-bank-holidays==0.19 numpy==2.4.6

env/bin/python - >seen <<'PY'
import json
from datetime import date
from importlib.resources import files

import better_calendar

packed = json.loads((files("govuk_bank_holidays") / "bank-holidays.json").read_text("utf-8"))
official = [event["date"] for event in packed["england-and-wales"]["events"] if event["date"] >= "2019"]
for name in ("country:GB", "country:UK", "wk:GB", "ql:UnitedKingdom.Settlement", "XLON"):
    worked = [day for day in official if better_calendar.is_bday(date.fromisoformat(day), cal=name)]
    fifth = better_calendar.offset(date(2026, 4, 1), 5, cal=name)
    in_2026 = [day for day in worked if day.startswith("2026")]
    print(f"{name}: works on {len(worked)} of {len(official)}, in 2026 {in_2026}; 5 days after 1 April 2026: {fifth}")
british = [name for name in better_calendar.list_calendars() if name.startswith(("country:GB", "country:UK"))]
print(british)
PY

cat >expected <<'TEXT'
country:GB: works on 20 of 83, in 2026 ['2026-04-06', '2026-08-31']; 5 days after 1 April 2026: 2026-04-09
country:UK: works on 20 of 83, in 2026 ['2026-04-06', '2026-08-31']; 5 days after 1 April 2026: 2026-04-09
wk:GB: works on 1 of 83, in 2026 []; 5 days after 1 April 2026: 2026-04-10
ql:UnitedKingdom.Settlement: works on 0 of 83, in 2026 []; 5 days after 1 April 2026: 2026-04-10
XLON: works on 0 of 83, in 2026 []; 5 days after 1 April 2026: 2026-04-10
['country:GB', 'country:UK']
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
