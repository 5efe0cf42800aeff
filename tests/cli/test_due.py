"""`undrift due` as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from undrift.cli.main import COMMANDS, main


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "undrift.cli.main", *arguments], capture_output=True, text=True, check=False
    )


def test_prints_the_date_and_every_day_counted() -> None:
    ran = run("due", "7 working days", "--from", "2026-04-30")
    assert ran.returncode == 0
    assert ran.stdout.startswith('"7 working days", starting Thursday 30 April 2026: due by the end of Tuesday 12 May')
    assert "    -  Monday 4 May 2026  (Early May bank holiday)" in ran.stdout
    assert ran.stdout.endswith("    7  Tuesday 12 May 2026\n")
    assert ran.stderr == ""


def test_json_holds_the_date_the_moment_and_the_proof(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "7 days", "--from", "2026-04-30", "--bare-days", "working", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["due"] == "2026-05-12"
    assert answer["at"] == "2026-05-12T22:59:59.999999+00:00"
    assert "this authority counts working days" in answer["counts"]
    assert answer["proof"]["days"][4] == {"date": "2026-05-04", "number": None, "why": "Early May bank holiday"}


ASKED = [
    (["1 working day", "--from", "2026-11-27", "--nation", "scotland"], "2026-12-01"),
    (["3 working days", "--from", "2026-12-23", "--closure", "2026-12-29"], "2026-12-31"),
    (
        ["1 working day", "--from", "2026-12-30", "--closure", "2026-12-31=Closed", "--closure", "2027-01-04"],
        "2027-01-05",
    ),
    (["7 days", "--from", "2026-04-30", "--bare-days", "calendar"], "2026-05-07"),
    (["agreed, at most 5 working days", "--from", "2026-04-30", "--agreed", "2026-05-05"], "2026-05-05"),
    (["24 hours", "--from", "2026-03-28T12:00"], "2026-03-29"),
    (["immediately", "--from", "2026-04-30"], None),
]


@pytest.mark.parametrize(("asked", "expected"), ASKED)
def test_options_settle_what_the_policy_leaves_open(
    asked: list[str], expected: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["due", *asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == expected


REFUSED = [
    (["7 days", "--from", "2026-04-30"], "Add --bare-days working or --bare-days calendar."),
    (["soon", "--from", "2026-04-30"], '"soon" is not a clock.'),
    (["7 working days", "--from", "30/04/2026"], '"30/04/2026" is not a day.'),
    (["7 working days", "--from", "2026-02-30"], '"2026-02-30" is not a day.'),
    (["48 hours", "--from", "2026-04-30Tnoon"], '"2026-04-30Tnoon" is not a moment.'),
    (["48 hours", "--from", "2026-04-30"], "counts from a time of day"),
    (["48 hours", "--from", "2026-03-29T01:30"], "does not exist"),
    (["48 hours", "--from", "2026-10-25T01:30"], "comes twice in London"),
    (["7 working days", "--from", "2028-12-28"], "are known from 2012 to 2028"),
    (["7 working days", "--from", "2026-04-30", "--closure", "christmas"], '"christmas" is not a day.'),
    (["agreed", "--from", "2026-04-30", "--agreed", "2026-04-01"], "lies before Thursday 30 April 2026"),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_refusal_is_a_sentence_on_standard_error_and_exit_2(
    asked: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["due", *asked]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_hour_that_comes_twice_is_taken_with_its_offset(capsys: pytest.CaptureFixture[str]) -> None:
    moments = []
    for offset in ("+01:00", "+00:00"):
        assert main(["due", "1 hour", "--from", f"2026-10-25T01:30{offset}", "--json"]) == 0
        moments.append(json.loads(capsys.readouterr().out)["at"])
    assert moments == ["2026-10-25T01:30:00+00:00", "2026-10-25T02:30:00+00:00"]


def test_wrong_command_or_option_is_exit_2_and_no_trace() -> None:
    for arguments in (["undo"], ["due"], ["due", "7 days", "--from", "2026-04-30", "--nation", "france"]):
        ran = run(*arguments)
        assert ran.returncode == 2
        assert "usage: undrift" in ran.stderr
        assert "Traceback" not in ran.stderr


def test_without_a_command_every_command_is_listed() -> None:
    ran = run()
    assert ran.returncode == 0
    assert all(name in ran.stdout and command.summary in ran.stdout for name, command in COMMANDS.items())


def test_due_loads_neither_numpy_nor_django_nor_the_reader_of_policies() -> None:
    asked = "import sys; from undrift.cli.main import main; main(['due', '7 working days', '--from', '2026-04-30']); "
    loaded = "print(sorted({'numpy', 'django', 'pydantic'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", asked + loaded], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
