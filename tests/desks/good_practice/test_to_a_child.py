"""What we say in a letter to a child, and to whoever writes one, is read at twelve and holds no word of the trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from tests.cast import NOW, Cast
from tests.desks.allocating.test_allocation import be
from tests.desks.page_lint import read
from tests.house.reading_age import reading_age, syllables
from undrift.demo.cycle_words import LETTER, LETTERS
from undrift.desks.cycle.beside import TO_THE_CHILD
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.actions import perform
from undrift.record.who_plays import context_for

pytestmark = pytest.mark.django_db
AGE = 12
GLOSSARY = Path(__file__).resolve().parents[3] / "docs/start/glossary.md"
# Words of the glossary that a child uses, too.
EVERYDAY = {
    "act",
    "action",
    "answer",
    "part",
    "step",
    "turn",
    "visit",
    "look",
    "seat",
    "cover",
    "role",
    "matter",
    "rules",
}
WRITTEN = "You told us what you needed. Hannah came each week, and now you sleep in your own bed."


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def jargon() -> set[str]:
    """The words for which staff need a list."""
    rows = re.findall(r"^\| (\*\*.+?) \|", GLOSSARY.read_text("utf-8"), re.M)
    return {word for row in rows for word in re.findall(r"\*\*(.+?)\*\*", row)} - EVERYDAY


def letter(west: Cast) -> str:
    """As it is printed: what stands on paper, without the frame of the page."""
    maya, grace = west.child("Maya"), west.person("Grace")
    note = acts.WriteNote(str(maya.pk), "good", WRITTEN, "Hannah Quill")
    case = perform(note, by=grace, at=timezone.now(), context=context_for([maya], timezone.now())).case
    page = read(be(west, "Grace").get(f"/children/{maya.public_id}/cycle/letters/{case.last_seq}").text)
    (main,) = page.all("main")
    return "\n".join(
        each.text for each in main.all("p") if "undrift-no-print" not in each.attrs.get("class", "").split()
    )


def found_in(text: str) -> set[str]:
    return {word for word in jargon() if re.search(rf"\b{re.escape(word)}s?\b", text, re.I)}


def test_the_letter_is_the_day_the_child_the_words_and_the_name_and_nothing_of_ours(west: Cast) -> None:
    said = letter(west)
    assert said.splitlines() == ["Wednesday 6 May 2026", "Dear Maya,", WRITTEN, "Grace Ollerton"]
    assert reading_age(said) <= AGE
    assert found_in(said) == set()


def test_what_helps_to_write_it_is_read_at_twelve_without_a_word_of_the_trade(west: Cast) -> None:
    page = read(be(west, "Grace").get(f"/children/{west.child('Maya').public_id}/cycle/letters/new").text)
    hints = [each.text for each in page.all("div") if "govuk-hint" in each.attrs.get("class", "").split()]
    ours = "\n".join([*TO_THE_CHILD, *(hint for hint in hints if not hint.startswith("Shared with"))])
    assert len(hints) > 2
    assert all(part in page.text for part in TO_THE_CHILD)
    assert reading_age(ours) <= AGE, reading_age(ours)
    assert found_in(ours) == set()


@pytest.mark.parametrize("text", [LETTER, *(text for _, text in LETTERS)], ids=lambda text: text[:20])
def test_the_letters_of_the_demonstration_are_read_at_twelve(text: str) -> None:
    assert reading_age(text) <= AGE, reading_age(text)
    assert found_in(text) == set()


def test_the_measure_tells_a_letter_from_a_policy() -> None:
    assert reading_age(WRITTEN) < 10
    policy = (
        "The multidisciplinary professional network subsequently identified considerable safeguarding vulnerabilities."
    )
    assert reading_age(policy) > 16
    assert [syllables(word) for word in ("bed", "needed", "came", "little", "safeguarding")] == [1, 2, 1, 2, 4]
    assert {"resolution", "plan cycle", "proof"} <= jargon()
    assert found_in("Your plan cycle has a resolution.") == {"plan cycle", "resolution"}
