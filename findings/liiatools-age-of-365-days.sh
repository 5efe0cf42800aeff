#!/usr/bin/env bash
# A tool that London's councils share makes a child of 17 an adult: it counts ages in years of 365 days.
#
# Tried: liiatools 0.2.0 (January 2024), which cleans and joins the children in need census of several councils, and
#   its own functions for the age at referral, on three referrals of made-up children.
# Best guess, before the run: the age in whole years, which changes on the birthday.
# What happened: the age is the days between, divided by 365 and rounded down. By 17 a child has lived through four
#   leap days, so from four days before the birthday the age is a year too high: 18 for a child who is 17, 16 for one
#   who is 15. On and after the birthday it is right.
# Matters to: whoever counts children by age from its output, where 18 ends most duties and 16 changes many. The tool
#   itself keeps only the month of a birth and puts its first day, so the last days of a month are where it shows.
# Source: liiatools/datasets/cin_census/lds_cin_pan_agg/process.py in the installed version; the same is in
#   lds_cin_la_agg. No report of it found. Tried with Python 3.11; faust-cchardet stands in for cchardet 2.1.7, which
#   no longer builds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps liiatools==0.2.0 sfdata-stream-parser==0.4.1 \
  more-itertools==8.14.0 pandas==1.5.3 numpy==1.26.4 python-dateutil==2.9.0.post0 six==1.17.0 pytz==2026.6 \
  PyYAML==6.0.4 faust-cchardet==3.2.0 python-decouple==3.8

env/bin/python -W ignore - >seen <<'PY'
import pandas as pd
from liiatools.datasets.cin_census.lds_cin_pan_agg import process

WHEN = {"A": ("2008-03-01", "2026-02-26"), "B": ("2010-03-01", "2026-02-25"), "C": ("2008-03-01", "2026-03-01")}
rows = []
for child, (born, referred) in WHEN.items():
    about = {"LAchildID": child, "Date": referred, "PersonBirthDate": born, "CINreferralDate": referred}
    rows.append(about | {"Type": "CINreferralDate"})
    rows.append(about | {"Type": "AssessmentActualStartDate", "AssessmentActualStartDate": referred})
    rows.append(about | {"Type": "S47ActualStartDate", "S47ActualStartDate": referred})
table = pd.DataFrame(rows)
dates = [name for name in table if "Date" in name]
table[dates] = table[dates].apply(pd.to_datetime)

referrals, assessments, enquiries = process.referral_inputs(table)
outcomes = process.ref_outcomes(
    referrals, process.merge_ref_s17(referrals, assessments, 30), process.merge_ref_s47(referrals, enquiries, 30)
)
for child, age in zip(outcomes["LAchildID"], outcomes["Age at referral"]):
    born, referred = WHEN[child]
    print(f"born {born}, referred {referred}: {age}")
PY

cat >expected <<'TEXT'
born 2008-03-01, referred 2026-02-26: 18
born 2010-03-01, referred 2026-02-25: 16
born 2008-03-01, referred 2026-03-01: 18
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
