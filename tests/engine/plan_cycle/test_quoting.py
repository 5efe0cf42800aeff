"""What of a letter may stand in the good practice report: its sentences, what is found in one, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from undrift.engine.plan_cycle.quoting import Known, found_in, refused, sentences, shown_by_team, suggested

KNOWN = Known(
    children=frozenset({"Ruby", "Alder", "Mary-Jane", "Zoë", "Do", "Will"}),
    workers=frozenset({"Ruth Pemberly", "Grace Ollerton"}),
    numbers=frozenset({"88401", "P-2026-0012"}),
    born=frozenset({date(2015, 3, 4)}),
)


def said(text: str) -> list[tuple[str, str]]:
    return [(found.words, found.what) for found in found_in(text, KNOWN)]


def sentence_of(text: str, was: str = "", *, sure: bool = True) -> str:
    """What refuses the text for a sentence; "" where it may stand."""
    found = refused(text, was or text, KNOWN, sure=sure)
    return found.sentence if found is not None else ""


def test_a_letter_falls_into_its_sentences() -> None:
    letter = "She came when Dr. Amin rang. “You said no.” Did you know?\n\nNow you sleep well!  You sang (in May)."
    assert sentences(letter) == (
        "She came when Dr. Amin rang.", "“You said no.”", "Did you know?", "Now you sleep well!", "You sang (in May).",
    )  # fmt: skip


@pytest.mark.parametrize("empty", ["", "  \n\n ", "\u200b"])
def test_a_letter_in_which_nobody_sees_anything_has_none(empty: str) -> None:
    assert sentences(empty) == ()


A_NAME = "a name of the child or the family"


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ("You were brave, Ruby.", "Ruby", A_NAME),
        ("ruby's room is dry now.", "ruby", A_NAME),
        ("RUBY’S room is dry now.", "RUBY", A_NAME),
        ("The Alder house is warm.", "Alder", A_NAME),
        ("Jane slept well.", "Jane", A_NAME),
        ("You and Mary-Jane slept well.", "Mary-Jane", A_NAME),
        ("Zoe slept well.", "Zoe", A_NAME),
        ("Do slept well.", "Do", A_NAME),
        ("You will sleep well.", "will", A_NAME),
        ("Your worker Ruth came.", "Ruth", "a worker’s name"),
        ("Ruth Pemberly came.", "Ruth Pemberly", "a worker’s name"),
        ("Your number is 88401 here.", "88401", "a number of the record"),
        ("It stands in p-2026-0012 now.", "P-2026-0012", "a number of the record"),
        ("It stands in R-2026-0147 now.", "R-2026-0147", "a long number"),
        ("Ring 01632960111 at night.", "01632960111", "a long number"),
        ("You were born on 4 March 2015.", "4 March 2015", "the day on which a child was born"),
        ("You were born on 04/03/15.", "04/03/15", "the day on which a child was born"),
        ("You were born on 2015-03-04.", "2015-03-04", "the day on which a child was born"),
        ("Since the 5th of May you sleep.", "5th of May", "a date"),
        ("Since March 5 2020 you sleep.", "March 5 2020", "a date"),
        ("On 31/02/2020 you slept.", "31/02/2020", "a date"),
        ("You sang at Saint Anne’s Primary School.", "Saint Anne’s Primary School", "what may be a school"),
        ("You moved to Blackpool, and slept.", "Blackpool", "what may be a name"),
    ],
)
def test_what_would_tell_who_the_child_is_is_found(text: str, words: str, what: str) -> None:
    assert (words, what) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Now you sleep better, and you know whom to ring.",
        "What you do on Sundays with Mum and Dad is yours, and I’m glad.",  # “do” is no name without its capital
        "She wrote it down in your own words. Willing people helped.",
        "You are rubyred with joy.",
    ],
)
def test_a_plain_sentence_holds_nothing(text: str) -> None:
    assert said(text) == []


def test_each_is_told_once_and_what_is_refused_comes_first() -> None:
    assert said("Your worker Ruth Pemberly told Ruby, and Ruby told Ruth.") == [
        ("Ruby", A_NAME), ("Ruth Pemberly", "a worker’s name"),
    ]  # fmt: skip


def test_names_are_taken_out_of_what_is_suggested() -> None:
    told = suggested("Ruby, Ruth Pemberly wrote to Blackpool with you.", KNOWN)
    assert told == "[the child], [the worker] wrote to Blackpool with you."


def test_a_sentence_without_a_name_may_stand_and_may_be_shortened() -> None:
    was = "She wrote it down in your own words, and you read it with her."
    assert sentence_of(was) == ""
    assert sentence_of("She wrote it down in your own words.", was) == ""


def test_a_sentence_with_its_names_taken_out_may_stand_though_it_is_longer() -> None:
    was = "Ruby, you sang."
    assert sentence_of(suggested(was, KNOWN), was) == ""


@pytest.mark.parametrize("name", ["Ruby", "ruby", "Alder", "Zoé", "mary-jane"])
def test_nothing_is_published_with_a_name_of_the_child_or_the_family_however_sure_somebody_is(name: str) -> None:
    told = sentence_of(f"You were brave, {name}.")
    assert told == f"Take out “{name}”: nothing is published with a name of a child or a family in it"


def test_a_workers_name_may_stand_where_somebody_is_sure() -> None:
    assert sentence_of("Ruth came every week.") == ""


def test_nobody_adds_what_the_letter_does_not_say() -> None:
    was = "She came every week and asked how you were, also when it rained."
    assert sentence_of("Ruth came every week.", was) == "Take out “Ruth”: the letter does not say it"
    assert sentence_of(f"{was} She is the best.", was).startswith("Shorten it")


def test_each_sentence_is_confirmed() -> None:
    assert sentence_of("You sleep well.", sure=False).startswith("Confirm that no child can be recognised")


@pytest.mark.parametrize("empty", ["", "  ", "\u200b"])
def test_a_sentence_is_left_out_and_never_empty(empty: str) -> None:
    assert sentence_of(empty, "You sleep well.").startswith("Enter what stands in the report")


# How many -------------------------------------------------------------------------------------------------------------


def test_what_is_under_five_of_a_team_is_not_shown_and_nobody_works_it_out_from_the_whole() -> None:
    assert shown_by_team({"North": 12, "South": 3, "Central": 7}) == ({"North": 12, "South": None, "Central": None}, 22)


def test_two_that_are_hidden_hide_each_other() -> None:
    assert shown_by_team({"North": 12, "South": 3, "Central": 1}) == ({"North": 12, "South": None, "Central": None}, 16)


def test_none_is_shown_as_none_and_five_as_five() -> None:
    assert shown_by_team({"North": 5, "South": 0}) == ({"North": 5, "South": 0}, 5)


def test_where_all_are_few_the_whole_is_not_shown_either() -> None:
    assert shown_by_team({"North": 3, "South": 0}) == ({"North": None, "South": 0}, None)
    assert shown_by_team({}) == ({}, 0)
