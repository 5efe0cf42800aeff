"""What "days" are: what the policy says, else what the authority chose; and the truth told about both."""

from __future__ import annotations

from datetime import date

import pytest

from undrift import library
from undrift.engine.dates.due import due
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.library.protocols import text_of
from undrift.protocol.clocks import parse
from undrift.protocol.model import Protocol
from undrift.protocol.reader import read

ENGLAND = calendars.load("england-and-wales")
SEVEN_DAYS = parse("7 days")
UNSTATED = library.load("walsall")


def stating(kind: str) -> Protocol:
    """Walsall's policy, if it said which days it means."""
    return read(text_of("walsall").replace('bare_days = "unstated"', f'bare_days = "{kind}"'), "stated")


def test_what_the_policy_says_of_its_days_stands_against_a_choice() -> None:
    assert Rules(stating("calendar"), ENGLAND, "working").bare_days == "calendar"
    assert Rules(stating("working"), ENGLAND).bare_days == "working"


def test_where_the_policy_says_nothing_the_choice_of_the_authority_stands() -> None:
    assert Rules(UNSTATED, ENGLAND, "calendar").bare_days == "calendar"
    assert Rules(UNSTATED, ENGLAND).bare_days is None


def test_a_clock_says_which_council_counts_which_days() -> None:
    rules = Rules(UNSTATED, ENGLAND, "working")
    said = rules.in_words(SEVEN_DAYS, "Westmarch Council")
    assert said == "7 days, which Westmarch Council counts as working days"
    assert rules.in_words(parse("1 day"), "Westmarch Council").endswith("counts as a working day")


def test_a_clock_says_that_the_policy_itself_means_working_days() -> None:
    said = Rules(stating("working"), ENGLAND).in_words(SEVEN_DAYS, "Westmarch Council")
    assert said == "7 days, which the policy counts as working days"


@pytest.mark.parametrize("words", ["5 working days", "48 hours", "agreed", "10 calendar days"])
def test_a_clock_that_leaves_no_doubt_is_said_as_it_is(words: str) -> None:
    assert Rules(UNSTATED, ENGLAND, "working").in_words(parse(words), "Westmarch Council") == words


def test_a_longest_time_in_days_says_which_days_too() -> None:
    said = Rules(UNSTATED, ENGLAND, "working").in_words(parse("agreed, at most 7 days"), "Westmarch Council")
    assert said == "agreed, at most 7 days (Westmarch Council counts working days)"


def test_a_proof_does_not_blame_a_policy_that_says_which_days() -> None:
    rules = Rules(stating("calendar"), ENGLAND)
    when = due(SEVEN_DAYS, date(2026, 4, 30), ENGLAND, bare_days=rules.bare_days)
    assert when.date == date(2026, 5, 7)
    told = rules.proof(when, "Westmarch Council").as_text()
    assert 'The policy says "7 days", and that its days are calendar days.' in told
    assert "does not say which" not in told


def test_a_policy_that_says_working_days_elsewhere_counts_every_day_where_it_says_days() -> None:
    rules = Rules(library.load("pan-lancashire"), ENGLAND, "working")
    when = due(parse("21 days"), date(2026, 5, 8), ENGLAND, bare_days=rules.bare_days)
    assert when.date == date(2026, 5, 29)
    said = 'The policy says "21 days" here and "working days" elsewhere: every day is counted.'
    assert said in rules.proof(when, "Northmoor Council").sentences
    assert rules.counts(when, "Northmoor Council") == said


def test_a_proof_names_the_council_that_chose() -> None:
    rules = Rules(UNSTATED, ENGLAND, "working")
    when = due(SEVEN_DAYS, date(2026, 4, 30), ENGLAND, bare_days=rules.bare_days)
    chosen = 'The policy says "7 days" and does not say which; Westmarch Council counts working days.'
    assert chosen in rules.proof(when, "Westmarch Council").sentences
    assert rules.counts(when, "Westmarch Council") == chosen
