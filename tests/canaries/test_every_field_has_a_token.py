"""A field that nobody thought of would go out unseen: every one holds a token, or says why it cannot."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.canaries import fields, tokens
from tests.canaries.driven import Driven
from tests.canaries.world import World, without_a_token

WHAT_TO_DO = "Let a row of tests/canaries/world.py hold its token, or say in WITHOUT of fields.py why it cannot."
# Fields that hold a token and whose token no page shows.
IMPORTED, NOT_LISTED = "kept for whoever looks into an import", "kept; the pages show what holds today"
IN_MESSAGES = "messages carry it"
SHOWN_NOWHERE: dict[str, str] = {
    "people.Person.password": "a hash, for the service alone",
    "people.Authority.mailbox": IN_MESSAGES,
    "people.Letter.last_error": "for whoever looks into a message that was not sent",
    "record.Notice.last_error": "for whoever looks into a message that was not sent",
    "children.Child.expected_birth": "only of a child not yet born who is on a plan",
    **dict.fromkeys(
        (f"children.Conference.{name}" for name in ("cancelled_at", "decision_sheet_sent_at", "next_review")),
        NOT_LISTED,
    ),
    "children.CoreGroupMember.ends": NOT_LISTED,
    "children.KeyAction.feedback_on": NOT_LISTED,
    **dict.fromkeys((f"children.MidpointCheck.{name}" for name in ("done_at", "due", "next_step")), NOT_LISTED),
    "children.Plan.latest_review": NOT_LISTED,
    **dict.fromkeys((f"people.Cover.{name}" for name in ("ends", "reason", "starts")), NOT_LISTED),
    **dict.fromkeys((f"people.Vacancy.{name}" for name in ("ended", "how", "noticed_at", "since")), NOT_LISTED),
    **dict.fromkeys((f"access.Exclusion.{name}" for name in ("lifted_at", "since", "why")), NOT_LISTED),
    **dict.fromkeys((f"access.Listing.{name}" for name in ("ends", "starts", "why")), NOT_LISTED),
    **dict.fromkeys(
        (f"access.Restriction.{name}" for name in ("lift_asked_at", "lifted_at", "reason", "set_at")), NOT_LISTED
    ),
    **dict.fromkeys((f"access.Opening.{name}" for name in ("review_due", "reviewed_at", "until")), NOT_LISTED),
    "access.Alert.day": "so that one alarm is told once a day",
    "access.Alert.last_error": "for whoever looks into a message that was not sent",
    "access.Look.tried": "kept for whoever looks into a refusal",
    "people.Holding.ends": NOT_LISTED,
    "people.Holding.why": NOT_LISTED,
    "people.Person.leaves_on": NOT_LISTED,
    **dict.fromkeys((f"children.Plan.{name}" for name in ("team_text", "worker_text")), IMPORTED),
    "children.Allocation.why": NOT_LISTED,
    "children.AlsoInFamily.why": "the child's history says it",
    **dict.fromkeys((f"children.SameChild.{name}" for name in ("why", "undone_why")), NOT_LISTED),
    **dict.fromkeys(
        (f"children.ImportedRow.{name}" for name in ("first_seen", "last_changed", "last_seen", "source_key")),
        IMPORTED,
    ),
}


def test_every_text_and_date_holds_a_token(world: World) -> None:
    missing = without_a_token()
    assert not missing, f"Without a token: {', '.join(missing)}. {WHAT_TO_DO}"


def test_what_is_said_not_to_hold_one_exists() -> None:
    assert fields.WITHOUT.keys() - {label for label, _, _ in fields.stored()} == set()


def test_every_app_with_tables_is_ours_or_explained() -> None:
    assert fields.apps_unexplained() == []


def test_a_new_field_without_a_token_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {label: why for label, why in fields.WITHOUT.items() if label != "record.Duty.basis"}
    monkeypatch.setattr(fields, "WITHOUT", fewer)
    fields.seeded.cache_clear()
    try:
        assert "record.Duty.basis" in without_a_token()
    finally:
        monkeypatch.undo()
        fields.seeded.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "Zyxquobadefoga", "zyxquobadefoga@mail.example", "/children?q=ZYXQUOBADEFOGA", "a%5AyxquobadefogaZ",
        "2013-02-14", "14 February 2013", "Thu 14 Feb 2013", "datetime.date(2013, 2, 14)", "DTSTART:20130214T100700Z",
        "14/02/2013", "/x?d=14+February+2013",
    ],
)  # fmt: skip
def test_a_token_is_found_however_it_is_written(text: str) -> None:
    assert tokens.tokens_in(text) in ({"Zyxquobadefoga"}, {"2013-02-14"})


@pytest.mark.parametrize("text", ["R-2013-0001", "Walsall 2018.1", "14 February 2026", "200 2013", "/resolutions/2"])
def test_what_is_no_token_is_left_alone(text: str) -> None:
    assert tokens.tokens_in(text) == set()


def test_pages_show_every_token(driven: Driven) -> None:
    """So nothing stayed out of the other channels only because no page was given it."""
    unseen = driven.unseen()
    missing, shown = sorted(unseen - SHOWN_NOWHERE.keys()), sorted(SHOWN_NOWHERE.keys() - unseen)
    assert not missing, f"No page shows {', '.join(missing)}. Let one be driven that does, or say why in SHOWN_NOWHERE."
    assert not shown, f"Pages show {', '.join(shown)}. Take them out of SHOWN_NOWHERE."


# Whoever raises and judges, and whoever answers, each with the posts of the demonstration that do.
SIDES: Mapping[str, frozenset[str]] = {
    "raises or judges": frozenset({"cp-coordinator", "conference-chair", "group-manager-for-safeguarding-and-review"}),
    "answers": frozenset({"team-manager", "group-manager", "assistant-director", "director", "front-line-manager"}),
}
NOT_READ_BY: Mapping[tuple[str, str], str] = {}


def test_what_an_act_says_is_read_on_both_sides(driven: Driven) -> None:
    """Whatever somebody writes is asked for so that somebody else reads it: whoever has a part does."""
    unread = set()
    for label in filter(lambda label: label.startswith("acts."), fields.seeded()):
        posts = {post.rpartition(": ")[2] for post in driven.readers(label)}
        there = {side for side, its in SIDES.items() if any(its & set(post.split(" and ")) for post in posts)}
        unread |= {(label, side) for side in SIDES.keys() - there}
    missing, read = sorted(unread - NOT_READ_BY.keys()), sorted(NOT_READ_BY.keys() - unread)
    assert not missing, f"Nobody who has that side reads {missing}. Let a page show it to them, or say why not."
    assert not read, f"It is read: {read}. Take it out of NOT_READ_BY."
