"""No page promises what is not so: each sentence about keeping what one writes is listed here with what proves it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest

UNDRIFT = Path(__file__).resolve().parents[3] / "undrift"
TEMPLATES = UNDRIFT / "desks/templates"
TESTS = Path(__file__).resolve().parents[1]
ABOUT = re.compile(
    r"\b(kept|keeps?|saved?|lost|still there|in the same place|not sent|was not taken|cleared?|typed|wrote)\b", re.I
)
# Of the page for a lost database, whose text is shown by that page itself: `answers.KeepNoCopy` and its own tests.
ELSEWHERE = {"503.html"}

TWELVE, KEPT = "typed/test_twelve_ways_browser.py", "typed/test_kept_text.py"
TABS = "typed/test_two_tabs.py"
SESSIONS = "account/test_sessions_browser.py"
# A sentence, or how it begins; and the test that would fail were it not so.
AWAY = "test_without_its_database_every_page_answers_in_time_and_loses_nothing"
PROVED: Mapping[str, tuple[str, str]] = {
    "What you wrote is kept for you": (TWELVE, "test_4_the_service_fails"),
    "If you just sent something, it was not taken": (TWELVE, "test_4_the_service_fails"),
    "Everything before it is kept": (TWELVE, "test_4_the_service_fails"),
    "Nothing you saved is lost": (TWELVE, "test_4_the_service_fails"),
    "The page was older than your signing in, so what you sent was not taken": (
        TWELVE, "test_11_the_token_is_not_known_any_more"),
    "What was typed in it is kept for them": (KEPT, "test_a_page_of_somebody_elses_is_kept_for_them"),
    "Your session had ended before this was sent": (TWELVE, "test_3_the_session_has_expired"),
    "This was not sent": (TWELVE, "test_8_the_window_is_closed"),
    "What you typed is below": (TWELVE, "test_8_the_window_is_closed"),
    "It was kept on": (KEPT, "test_what_the_script_keeps_is_offered_on_the_same_page_and_to_nobody_else"),
    "We clear it when you send it": (KEPT, "test_it_is_forgotten_after_the_time_that_the_page_states"),
    "Clear what I wrote": (KEPT, "test_what_the_script_keeps_is_offered_on_the_same_page_and_to_nobody_else"),
    "Open the form again, with what you wrote in it": (TWELVE, "test_4_the_service_fails"),
    "What you had typed is cleared": (
        KEPT, "test_what_the_script_keeps_is_offered_on_the_same_page_and_to_nobody_else"),
    "What you have typed was kept at": (TWELVE, "test_8_the_window_is_closed"),
    "It is not sent yet": (TWELVE, "test_8_the_window_is_closed"),
    "What you have typed into a form will be kept for you": (
        SESSIONS, "test_at_the_end_the_screen_is_cleared_and_what_was_typed_comes_back"),
    "What you were typing is kept too": (
        SESSIONS, "test_at_the_end_the_screen_is_cleared_and_what_was_typed_comes_back"),
    "Sign in again and it will be in the same place": (
        SESSIONS, "test_at_the_end_the_screen_is_cleared_and_what_was_typed_comes_back"),
    "We have kept it for you": (TWELVE, "test_3_the_session_has_expired"),
    "What you saved is kept": (KEPT, "test_an_empty_response_is_not_kept"),
    "What you type into a form and do not send is kept for you": (TWELVE, "test_8_the_window_is_closed"),
    "It is cleared when you send it, when you clear it": (
        KEPT, "test_it_is_forgotten_after_the_time_that_the_page_states"),
    "Passwords and codes are never kept": (KEPT, "test_a_password_and_a_code_are_never_kept"),
    "You have begun before and not sent it": (
        KEPT, "test_pressing_raise_again_makes_no_second_empty_draft_and_an_empty_one_is_on_no_list"),
    "What you wrote is kept": (TWELVE, "test_9_two_people_answer"),
    "You have typed nothing yet, so no draft was kept": (
        "typed/test_kept_text.py",
        "test_a_draft_in_which_nothing_was_typed_is_on_no_list_and_nobody_is_told_that_it_was_kept"),
    "Your draft is saved": (
        "raising/test_informal.py", "test_a_draft_is_kept_half_done_and_shown_again_as_it_was"),
    "You keep what you have typed and answer a few more questions": (
        "raising/test_informal.py",
        "test_an_informal_record_with_a_risk_becomes_a_formal_concern_with_everything_typed"),
    "Your session ended before what you typed was sent": (TWELVE, "test_3_the_session_has_expired"),
    "What you wrote is here": ("../house/test_database_away.py", AWAY),
    "What you wrote {{ one.value }}": ("../house/test_database_away.py", AWAY),
    "so what you typed was not taken": (TABS, "test_what_was_typed_where_no_answer_was_in_is_kept_when_one_arrives"),
    "You had sent this already": (KEPT, "test_the_second_sending_shows_the_first_ones_outcome"),
}  # fmt: skip
# Sentences with such a word that are about something else.
ANOTHER_MATTER = re.compile(
    "|".join(
        (
            "passkey", "recovery codes", "kept out", "keeps?( this| it)? (for the council|the)", "keep (somebody|them)",
            "Keep out", "keep(s|ing)? (a|the) child", "made safe", "to keep a", "I have kept them", "Keep these",
            "What is kept", "record of a concern",
            r"saved \{\{", "keep this page", "Keep this review", "keep this( list|[.])",
            "was done to keep", "Save (and|note|record|decision|new)",
            "saved$", "mistake is put right", "Clear (it and|filters|all)", "lost (your|their) second factor",
            "second factor", "Lost", "no name is kept", "search", "typed the address", "only you typed",
        )
    )
)  # fmt: skip


def sentences() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.name not in ELSEWHERE:
            text = re.sub(r"{% comment %}.*?{% endcomment %}", " ", path.read_text(), flags=re.DOTALL)
            text = re.sub(r"{%.*?%}|<[^>]*>", " ", re.sub(r"</(p|li|h\d|button|div)>", ". ", text), flags=re.DOTALL)
            quoted = re.findall(r'{%[^%]*?="([^"]+)"', path.read_text())
            yield from ((path.name, one) for one in split(" ".join([unescape(text), *quoted])))
    for path in sorted((UNDRIFT / "desks").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call | ast.Assign):
                call = [*node.args, *(k.value for k in node.keywords)] if isinstance(node, ast.Call) else [node.value]
                for said in call:
                    if isinstance(said, ast.Constant) and isinstance(said.value, str) and " " in said.value:
                        yield from ((path.name, one) for one in split(said.value))
    for path in sorted((UNDRIFT / "desks/static/undrift").glob("*.js")):
        for said in re.findall(r"`([^`]*)`", path.read_text()):
            yield from ((path.name, one) for one in split(said))


def split(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<=[.:?!])\s+", " ".join(text.split())) if one.strip(" .")]


def about_keeping() -> list[tuple[str, str]]:
    words = re.compile(r"\b(you|your|it|this|them|draft|yours?)\b", re.I)
    return [
        (place, said)
        for place, said in sentences()
        if ABOUT.search(said) and words.search(said) and not ANOTHER_MATTER.search(said)
    ]


def test_each_promise_is_proved_by_a_test() -> None:
    unproved = [f"{place}: {said}" for place, said in about_keeping() if not any(p in said for p in PROVED)]
    assert not unproved, "\n".join(["Say in PROVED which test shows it, or say it as it is:", *unproved])


@pytest.mark.parametrize("promise", PROVED)
def test_what_proves_it_is_there_and_the_promise_is_still_made(promise: str) -> None:
    file, name = PROVED[promise]
    assert f"def {name}(" in (TESTS / file).read_text()
    assert any(promise in said for _, said in sentences()), "Nobody says so any more."


def test_nobody_is_sent_back_in_the_browser_to_find_what_they_wrote() -> None:
    """The browser fetches the page again and shows it empty."""
    sent_back = [f"{place}: {said}" for place, said in sentences() if re.search(r"[Gg]o back in your browser", said)]
    assert not sent_back
