"""`undrift check`, `explain`, `simulate` and `replay`, as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.protocol.written import SOUND, changed
from undrift.cli.main import main
from undrift.library.protocols import SHIPPED, examples_of


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "heathmoor.toml"
    path.write_text(SOUND, "utf-8")
    return path


def spoken(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_the_pure_commands_need_no_framework_and_no_database() -> None:
    asked = (
        "import sys; from undrift.cli.main import main; main(['check']); "
        "sys.exit(bool({'django', 'psycopg'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False).returncode == 0


def test_check_finds_no_fault_in_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    out, err = spoken(capsys)
    assert out.endswith("2 protocols, 0 errors, 0 warnings, 7 for information\n")
    assert err == ""


def test_check_ends_with_1_on_an_error_and_names_the_line(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy.write_text(changed(('approved_by = "head"', 'approved_by = "manager"')), "utf-8")
    assert main(["check", str(policy)]) == 1
    out, _ = spoken(capsys)
    assert "  line 46  UD102  error " in out
    assert out.endswith("1 protocol, 1 error, 0 warnings, 2 for information\n")


def test_check_says_every_fault_of_a_text_that_cannot_be_read(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy.write_text(changed(("8 working days", "8 worknig days"), ("urgent = true", "urgnt = true")), "utf-8")
    assert main(["check", str(policy), "--json"]) == 1
    [checked] = json.loads(spoken(capsys)[0])
    assert [fault["line"] for fault in checked["faults"]] == [46, 71]


@pytest.mark.parametrize("command", [["check"], ["explain"], ["simulate", "--raised", "2026-01-05"], ["replay"]])
def test_a_file_that_is_not_there_is_said(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "nowhere.toml"]) == 2
    out, err = spoken(capsys)
    assert (out, err) == (
        "",
        'There is no file "nowhere.toml". These protocols ship with Undrift: walsall, pan-lancashire.\n',
    )


@pytest.mark.parametrize("command", [["explain"], ["simulate", "--raised", "2026-01-05"], ["replay"]])
def test_a_text_that_is_no_protocol_ends_with_1(
    command: list[str], policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.write_text(changed(("8 working days", "8 worknig days")), "utf-8")
    assert main([*command, str(policy)]) == 1
    assert "Write for example 8 working days." in spoken(capsys)[1]


def test_explain_in_words_in_markdown_and_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "walsall"]) == 0
    assert spoken(capsys)[0].startswith("Resolution Policy for Children on CP plans\n---")
    assert main(["explain", "walsall", "--markdown"]) == 0
    assert spoken(capsys)[0].startswith("# Resolution Policy for Children on CP plans\n")
    assert main(["explain", "walsall", "--json"]) == 0
    said = json.loads(spoken(capsys)[0])
    assert said["stages"][1] == {
        "id": "stage-1", "stage": "Stage 1", "answers": "Team Manager", "approves": "Group Manager",
        "time": "7 days",
        "told": "Group Manager for Safeguarding and Review (always copied in); Principal IRO (always copied in)",
    }  # fmt: skip
    assert "Principles" in [part["heading"] for part in said["sections"]]


def test_explain_draws_the_ladder_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ladder.svg"
    assert main(["explain", "walsall", "--svg", str(path)]) == 0
    assert path.read_text("utf-8").startswith("<svg ")
    assert spoken(capsys)[0] == f"The ladder is drawn in {path}.\n"
    assert main(["explain", "walsall", "--svg", str(tmp_path / "no" / "ladder.svg")]) == 2
    assert "cannot be written" in spoken(capsys)[1]


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        (["walsall", "--stage", "stage-1", "--bare-days", "working"], "Mon  2 Feb 2026"),
        (["pan-lancashire", "--stage", "conference"], "Tue  3 Mar 2026"),
        (["pan-lancashire"], "Tue  3 Mar 2026"),
        (["walsall", "--stage", "stage-1", "--bare-days", "calendar"], "Sun 25 Jan 2026"),
        (["pan-lancashire", "--closure", "2026-03-02=Staff day"], "Wed  4 Mar 2026"),
    ],
)
def test_simulate_prints_the_whole_ladder(asked: list[str], last: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *asked, "--raised", "2026-01-05", "--never-answered"]) == 0
    table = spoken(capsys)[0].split("\n\n")[1].splitlines()
    assert table[-1].endswith(last)


def test_simulate_in_json_holds_dates_and_proofs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "pan-lancashire", "--raised", "2026-01-05", "--json"]) == 0
    rungs = json.loads(spoken(capsys)[0])["rungs"]
    assert [rung["due"] for rung in rungs] == [
        "2026-01-06", "2026-01-20", "2026-02-10", "2026-02-17", "2026-02-24", "2026-03-03"
    ]  # fmt: skip
    assert rungs[1]["proof"]["days"][-1]["number"] == 10


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            ["walsall", "--stage", "stage-1", "--raised", "2026-01-05"],
            'The policy says "7 days" and does not say which days. The authority that adopts it chooses',
        ),
        (["walsall", "--raised", "soon"], '"soon" is not a day. Write year, month and day'),
        (["walsall", "--raised", "2026-03-29T01:30"], "does not exist: the clocks in London skip it"),
        (
            ["walsall", "--stage", "stage-9", "--raised", "2026-01-05"],
            'There is no stage "stage-9". The stages are informal,',
        ),
        (["walsall", "--raised", "2026-01-05", "--agreed-in", "5 worknig days"], '"5 worknig days" is not a clock'),
        (["pan-lancashire", "--raised", "2099-01-05"], "Bank holidays of England and Wales are known from"),
    ],
)
def test_simulate_refuses_in_a_sentence(asked: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *asked]) == 2
    out, err = spoken(capsys)
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1


def test_simulate_puts_the_plan_cycle_on_a_calendar_with_the_authoritys_own_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["simulate", "walsall", "--conference", "2026-04-01", "--bare-days", "working"]
    assert main([*asked, "--own", "core-group=4 weeks"]) == 0
    out, _ = spoken(capsys)
    assert "An initial conference on Wednesday 1 April 2026." in out
    assert (
        "Core group                                  Social Worker   4 weeks                       Wed 29 Apr 2026"
        in out
    )
    assert "Pre-conference discussion                   CP Coordinator  set by the authority, before  no date" in out
    assert out.endswith("The policy leaves the number to the authority, and this authority has not set one.\n")
    assert main(["simulate", "pan-lancashire", "--conference", "2026-04-01", "--review", "2026-06-01", "--json"]) == 0
    steps = {step["step"]: step["due"] for step in json.loads(spoken(capsys)[0])["steps"]}
    assert steps["midpoint-check"] == "2026-05-01"
    assert main([*asked, "--own", "core-group"]) == 2
    assert "Write --own core-group" in spoken(capsys)[1]
    assert main(["simulate", "walsall", "--conference", "2026-04-01"]) == 2
    assert "Add --bare-days" in spoken(capsys)[1]


def test_simulate_does_not_choose_days_against_the_policy(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = 'applies_to = ["child protection plan"]'
    policy.write_text(changed((plan, plan + '\nbare_days = "working"'), ("6 working days", "6 days")), "utf-8")
    assert main(["simulate", str(policy), "--raised", "2026-01-05", "--bare-days", "calendar"]) == 2
    assert "The policy says that its days are working days." in spoken(capsys)[1]
    assert main(["simulate", str(policy), "--raised", "2026-01-05"]) == 0
    assert "does not say which" not in spoken(capsys)[0]


def test_replay_lists_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "walsall"]) == 0
    assert len(spoken(capsys)[0].splitlines()) == len(examples_of("walsall"))


def test_replay_prints_steps_states_duties_proofs_and_refusals(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "walsall", "06-stage-1"]) == 0
    out = spoken(capsys)[0]
    assert "1. Thursday 30 April 2026, 10:15. CP Coordinator: raise\n" in out
    assert "Stage 1. Waiting for response: Team Manager, to respond, by Tuesday 12 May 2026." in out
    assert "-  Monday 4 May 2026  (Early May bank holiday)" in out
    assert out.endswith("Everything is as the example says it should be.\n")
    assert main(["replay", "walsall", "9"]) == 0
    assert "Refused: You cannot approve your own response." in " ".join(spoken(capsys)[0].split())


@pytest.mark.parametrize(("protocol_id", "name"), [(each, name) for each in SHIPPED for name in examples_of(each)])
def test_replay_prints_every_shipped_example(protocol_id: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", protocol_id, name]) == 0
    assert spoken(capsys)[0].endswith("Everything is as the example says it should be.\n")
    assert main(["replay", protocol_id, name, "--json"]) == 0
    assert json.loads(spoken(capsys)[0])["mismatches"] == []


def test_replay_ends_with_1_where_an_example_does_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(examples_of("walsall")["06-stage-1"].replace("due = 2026-05-12", "due = 2026-05-13", 1), "utf-8")
    assert main(["replay", "walsall", str(path)]) == 1
    assert "wrong, step 1 (raise): the due date should be 2026-05-13, and is 2026-05-12." in spoken(capsys)[0]


def test_replay_says_where_the_examples_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "walsall", "no-such"]) == 2
    assert spoken(capsys)[1] == 'There is no file "no-such". `undrift replay walsall` lists the examples that ship.\n'
