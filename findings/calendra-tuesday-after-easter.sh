#!/usr/bin/env bash
# A library closes the United Kingdom on the Tuesday after Easter, and takes a bank holiday a week early.
#
# Tried: calendra 7.11.1 (May 2025), which counts working days for many countries, on every day of 2019 to 2028,
#   beside GOV.UK's bank holidays of England and Wales as govuk-bank-holidays 0.19 packs them.
# Best guess, before the run: the same days off as GOV.UK but for days proclaimed after its release, and the same as
#   workalendar 17.0.0, of which calendra is a fork.
# What happened: in each of the ten years the Tuesday after Easter is no working day. Easter Sunday is among the
#   holidays; as it lies at a weekend it is kept on the next weekday, Monday, and Easter Monday, which must come after
#   it, on Tuesday. The spring bank holiday is looked for backwards from 30 May, not 31: where 31 May is a Monday
#   (2021, 2027) it is given on 24 May, and the day itself is worked. workalendar lacks the coronation alone, which
#   came after its release.
# Matters to: every deadline in working days that crosses Easter: it comes out a day late; and those across May 2027.
# Source: calendra/europe/united_kingdom.py and the chain of observed days in calendra/core.py, in the installed
#   version. Days moved where they should not be were reported for other countries (jaraco/calendra 29, closed); not
#   these.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check calendra==7.11.1 workalendar==17.0.0 govuk-bank-holidays==0.19

env/bin/python -W ignore - >seen <<'PY'
import json
from datetime import date, timedelta
from importlib.resources import files

import calendra.europe
import workalendar.europe

packed = json.loads((files("govuk_bank_holidays") / "bank-holidays.json").read_text("utf-8"))
official = {event["date"] for event in packed["england-and-wales"]["events"]}
days = [date(2019, 1, 1) + timedelta(days=n) for n in range((date(2029, 1, 1) - date(2019, 1, 1)).days)]
for name, calendar in (
    ("calendra", calendra.europe.UnitedKingdom()),
    ("workalendar", workalendar.europe.UnitedKingdom()),
):
    weekdays = [day for day in days if day.weekday() < 5]
    worked = [str(day) for day in weekdays if calendar.is_working_day(day) and str(day) in official]
    off = [str(day) for day in weekdays if not calendar.is_working_day(day) and str(day) not in official]
    print(f"{name} works on the bank holidays {worked}")
    print(f"{name} is closed on {off}")
    print(f"{name}: the working day after 2 April 2026 is {calendar.add_working_days(date(2026, 4, 2), 1)}")
PY

cat >expected <<'TEXT'
calendra works on the bank holidays ['2021-05-31', '2027-05-31']
calendra is closed on ['2019-04-23', '2020-04-14', '2021-04-06', '2021-05-24', '2022-04-19', '2023-04-11', '2024-04-02', '2025-04-22', '2026-04-07', '2027-03-30', '2027-05-24', '2028-04-18']
calendra: the working day after 2 April 2026 is 2026-04-08
workalendar works on the bank holidays ['2023-05-08']
workalendar is closed on []
workalendar: the working day after 2 April 2026 is 2026-04-07
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
