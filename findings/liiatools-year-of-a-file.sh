#!/usr/bin/env bash
# A return whose file name ends in an ISO date is filed under the year that the day of the month makes.
#
# Tried: liiatools 0.2.0 (January 2024), which works out from a file's name to which year of the return it belongs, on
#   names as exports have them.
# Best guess, before the run: 2026 for each; 2026-03-27 is the plainest way to say it.
# What happened: from 2026-03-27 it makes 2027 (20 and the day), from 2026-03-31 it makes 2031, from 2026-04-01 it
#   makes 2001, from 20260331 it makes "0331". 27-03-2026 and 2025-26 are read right.
# Matters to: whoever sends or collects these returns: the year picks the schema that the file is read by, stands in
#   each row of the output, and decides how long it is kept.
# Source: check_year in liiatools/datasets/shared_functions/common.py in the installed version; the forms that it
#   lists as expected have no ISO date, and what it does with others is not said. No report of it found. Tried with
#   Python 3.11.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps liiatools==0.2.0 sfdata-stream-parser==0.4.1 \
  more-itertools==8.14.0

env/bin/python -W ignore - >seen <<'PY'
from liiatools.datasets.shared_functions.common import check_year

for name in ("CIN 2025-26", "CIN 27-03-2026", "CIN 2026-03-27", "CIN 2026-03-31", "CIN 2026-04-01", "CIN 20260331"):
    print(f"{name}: {check_year(name)}")
PY

cat >expected <<'TEXT'
CIN 2025-26: 2026
CIN 27-03-2026: 2026
CIN 2026-03-27: 2027
CIN 2026-03-31: 2031
CIN 2026-04-01: 2001
CIN 20260331: 0331
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
