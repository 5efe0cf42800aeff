"""What is written of a family in common stands in each child's own copy, and so names no child."""

from __future__ import annotations

import pytest

from undrift.demo import words

FOR_ONE_CHILD = {"impact", "changed"}


@pytest.mark.parametrize("kind", words.THEMES)
def test_what_every_child_of_a_family_shares_names_none_of_them(kind: str) -> None:
    shared = {name: texts for name, texts in vars(words.THEMES[kind]).items() if name not in FOR_ONE_CHILD}
    named = {name: text for name, texts in shared.items() for text in texts if "{name}" in text}
    assert not named


@pytest.mark.parametrize("texts", ["NOT_DONE", "NOT_YET", "NOT_ENOUGH", "DIFFERENT", "RISK", "RISK_ACTED"])
def test_what_is_written_about_a_decision_or_a_risk_names_no_child(texts: str) -> None:
    assert not [text for text in getattr(words, texts) if "{name}" in text]


def test_a_childs_own_text_says_the_childs_name() -> None:
    for theme in words.THEMES.values():
        assert any("{name}" in text for text in (*theme.impact, *theme.changed))
