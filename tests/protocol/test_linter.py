"""Each check of the linter finds what it is there for, and nothing in a policy that is sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocol.written import SOUND, changed
from undrift.library.protocols import SHIPPED, load, text_of
from undrift.protocol.checks.table import check
from undrift.protocol.linter import Finding, checks, lint, page
from undrift.protocol.places import lines_of
from undrift.protocol.reader import read

ANSWER = 'duty = [{ who = "manager", must = "respond", within = "8 working days", approved_by = "head" }]'
TOP_ANSWER = 'duty = [{ who = "director", must = "respond", within = "6 working days" }]'
SPEAKS_ONCE_APPROVED = ', { who = "chair", must = "speak", to = "director", within = "2 days", of = "approved" }]'
TO_TOP = '  { to = "top", when = ["not answered", "not accepted", "not done"] },\n'
ENDING = '  { to = "ended", when = ["not answered", "not accepted"], ending = "disagreement-recorded" },\n'
TOP_TO = 'to = ["director"]\n'
FORMAL_TO = 'to = ["manager", "head"]\n'

# What is wrong, and a part of what is said of it. UD109 needs the holders and has a test of its own.
AGREED = 'duty = [{ who = "director", must = "respond", within = "agreed" }]\nchair_sets_date = true'
TO_NOWHERE = TO_TOP.replace('"top"', '"ended"').replace(', "not done"', "")
WRONG = {
    "UD101": (changed((TOP_ANSWER + "\n", "")), "Nobody has to respond at"),
    "UD102": (changed((ANSWER, ANSWER.replace('"head"', '"manager"'))), "approves the same answer"),
    "UD103": (changed((FORMAL_TO, FORMAL_TO + "judged_by = []\n")), "Nobody judges"),
    "UD104": (
        changed((FORMAL_TO, FORMAL_TO + 'judged_by = ["head"]\n'), (TOP_TO, TOP_TO + 'sent_by = ["head"]\n')),
        "judges an answer of their own",
    ),
    "UD105": (changed((FORMAL_TO, 'to = ["head"]\n')), "answered by the Team Manager"),
    "UD106": (changed(('to = ["director"]\n', "")), "addressed to nobody"),
    "UD107": (changed(('{ to = "manager" }', '{ to = "head" }')), "one speaks with the Head of Service"),
    "UD108": (
        changed(("[role.head]", '[role.deputy]\ntitle = "Deputy"\nheld_by = "the authority\'s Deputy"\n\n[role.head]')),
        "The Deputy is declared",
    ),
    "UD201": (changed((TO_TOP, TO_NOWHERE), (TOP_ANSWER, TOP_ANSWER + "\nmay_start_here = false")), "Top"),
    "UD202": (changed(('  { to = "resolved", when = ["accepted"] },\n' + ENDING, "")), "no way leads to an end"),
    "UD203": (changed((TO_TOP, TO_TOP.replace('"not answered", ', ""))), "is not answered"),
    "UD204": (changed((TO_TOP, TO_TOP.replace(', "not accepted"', ""))), "is not accepted"),
    "UD205": (changed((ENDING, "")), "no ending but agreement"),
    "UD206": (changed((TO_TOP, TO_TOP + '  { to = "formal", when = ["immediate risk"] },\n')), "leads to itself"),
    "UD207": (changed(("urgent = true\n", "")), "no urgent route"),
    "UD208": (changed((TO_TOP, TO_TOP.replace(', "not done"', ""))), 'agreed at "Formal" is not done in time'),
    "UD301": (changed((TOP_ANSWER, TOP_ANSWER[:-1] + SPEAKS_ONCE_APPROVED)), 'counts from "approved"'),
    "UD302": (changed(("6 working days", "6 working days before")), "due before it begins"),
    "UD303": (changed(('who = "chair"\nwithin', "within")), "a time and nobody who does it"),
    "UD304": (changed(("14 working days", "13 working days")), "can take 14 working days"),
    "UD305": (SOUND, "The formal stages can take 14 working days, within the customary 20"),
    "UD306": (changed(("6 working days", "6 days")), 'It says "working days" of other times'),
    "UD307": (changed((TOP_ANSWER, AGREED)), "no longest time"),
    "UD308": (
        changed(('of = "conference"\n', 'of = "conference"\nevery = "set by the authority"\n')),
        'The authority sets the number for "Decision sheet"',
    ),
    "UD401": (changed(('title = "A child is at risk now"', 'title = "Drift and delay"')), "DRIFT and RISK-NOW"),
    "UD402": (changed(('usually_starts = "formal"', 'usually_starts = "talk"')), "hinted to start informally"),
    "UD403": (changed(('clause = "3"\n', "")), "does not say where"),
}


# The same faults, come about in other ways.
MILESTONE = '[[stage]]\nid = "cycle"\ntitle = "The plan"\nformality = "informal"\nkind = "milestone"\n'
CYCLE_EXITS = 'exits = [{ to = "formal", when = ["done"] }, { to = "ended", when = ["not accepted"] }]\n\n'
SPEAKS = 'duty = [{ who = "director", must = "speak", to = "manager", within = "6 working days" }]'
IN_OTHER_WAYS = [
    (
        # What only a step of the plan cycle leads to: nothing stands there that could come to it.
        "UD201",
        changed(
            ("[[cap]]", MILESTONE + CYCLE_EXITS + "[[cap]]"),
            (
                '{ to = "formal", when = ["not answered", "not accepted", "not done"] }',
                '{ to = "top", when = ["not answered", "not accepted", "not done"] }',
            ),
        ),
        'come to "Formal"',
    ),
    ("UD301", changed(('"6 working days" }', '"6 working days", of = "spoke" }')), 'counts from "spoke"'),
    ("UD301", changed((TOP_ANSWER, SPEAKS.replace("}", ', of = "not accepted" }'))), 'counts from "not accepted"'),
    ("UD303", changed(("[[cap]]", MILESTONE + CYCLE_EXITS + "[[cap]]")), "nothing completes it"),
    ("UD306", changed(("6 working days", "the shorter of 6 days and to suit the child")), "the shorter of 6 days"),
]


def found(text: str, holders: set[str] | None = None) -> tuple[Finding, ...]:
    return lint(read(text, "heathmoor.toml"), holders)


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_found_and_what_is_mended_is_not(code: str) -> None:
    text, said = WRONG[code]
    assert any(each.code == code and said in each.sentence for each in found(text))
    if code != "UD305":  # the length of a ladder is always said
        assert code not in {each.code for each in found(SOUND)}


@pytest.mark.parametrize(("code", "text", "said"), IN_OTHER_WAYS)
def test_what_comes_about_in_another_way_is_found_too(code: str, text: str, said: str) -> None:
    assert any(each.code == code and said in each.sentence for each in found(text))


def test_a_clock_may_count_from_a_conversation_that_is_asked_for() -> None:
    first = changed(
        (TOP_ANSWER, 'speak_first = { to = "head" }\n' + TOP_ANSWER.replace('days" }', 'days", of = "spoke" }'))
    )
    owed = changed((TOP_ANSWER, TOP_ANSWER.replace('days" }]', f'days", of = "spoke" }}, {SPEAKS[8:]}')))
    assert not [each for text in (first, owed) for each in found(text) if each.code == "UD301"]


def test_a_check_has_a_code_of_its_own() -> None:
    again = check("UD101", "error", "The same again", wrong="", mend="")
    with pytest.raises(ValueError, match="UD101 is in the table twice"):
        again(lambda protocol: iter(()))


def test_a_ladder_is_measured_as_a_whole_where_the_formal_part_is_not_the_whole() -> None:
    informal = SOUND.replace('formality = "formal"', 'formality = "informal"')
    formal = SOUND.replace('formality = "informal"', 'formality = "formal"')
    lengths = [[each.sentence for each in found(text) if each.code == "UD305"] for text in (SOUND, informal, formal)]
    assert lengths == [
        [
            "The formal stages can take 14 working days, within the customary 20.",
            "The whole ladder can take 19 working days.",
        ],
        ["The whole ladder can take 19 working days."],
        ["The formal stages can take 19 working days, within the customary 20."],
    ]


def test_every_check_is_tried_here() -> None:
    # What the engine cannot do is refused by the reader: `test_accepted_means_done.py`.
    assert {each.code for each in checks() if each.family != "5"} == {*WRONG, "UD109"}


def test_a_sound_policy_brings_only_information() -> None:
    assert {each.severity for each in found(SOUND)} == {"information"}


def test_a_role_that_nobody_holds_is_found_only_when_holders_are_named() -> None:
    everybody = {"chair", "manager", "head", "director"}
    assert not [each for each in found(SOUND, everybody) if each.code == "UD109"]
    vacant = [each for each in found(SOUND, everybody - {"head"}) if each.code == "UD109"]
    assert [each.sentence for each in vacant] == ["Nobody here holds the part of Head of Service."]


def test_a_ladder_longer_than_the_custom_says_so() -> None:
    said = [
        each.sentence for each in found(changed(("8 working days", "18 working days"), ("14 working", "24 working")))
    ]
    assert any("24 working days, more than the customary 20" in sentence for sentence in said)


def test_a_speech_with_nobody_is_a_duty_that_nothing_meets() -> None:
    text = changed((TOP_ANSWER, TOP_ANSWER[:-1] + ', { who = "chair", must = "speak", within = "1 working day" }]'))
    assert [each.place for each in found(text) if each.code == "UD303"] == ["stage[3].duty[2]"]


@pytest.mark.parametrize("code", [code for code in WRONG if code not in ("UD207",)])
def test_each_finding_points_at_a_place_of_the_text(code: str) -> None:
    text, _ = WRONG[code]
    lines = lines_of(text)
    places = [each.place for each in found(text) if each.code == code]
    assert places
    assert all(place in lines or place.rpartition(".")[0] in lines for place in places)


def test_the_gravest_comes_first() -> None:
    text = changed((ANSWER, ANSWER.replace('"head"', '"manager"')), ("urgent = true\n", ""))
    assert [each.severity for each in found(text)] == sorted(
        (each.severity for each in found(text)), key=["error", "warning", "information"].index
    )


@pytest.mark.parametrize("protocol_id", SHIPPED)
def test_the_shipped_protocols_bring_no_error_and_no_warning(protocol_id: str) -> None:
    assert text_of(protocol_id)
    assert [each for each in lint(load(protocol_id)) if each.severity != "information"] == []


def test_the_page_tells_of_every_check() -> None:
    written = page()
    assert all(f"## {each.code} {each.title}" in written and each.why in written for each in checks())
    assert all(each.why and each.wrong and each.mend for each in checks())


def test_the_invented_policy_of_the_manual_is_clean() -> None:
    path = Path(__file__).resolve().parents[2] / "docs/guides/examples/heathmoor.toml"
    protocol = read(path.read_text("utf-8"), path.name)
    assert {each.severity for each in lint(protocol)} == {"information"}
