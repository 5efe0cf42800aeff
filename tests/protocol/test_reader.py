"""A text that is no protocol yet: every fault at once, with its line and how to mend it, in our words."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.written import SOUND, changed
from undrift.library.protocols import SHIPPED, text_of
from undrift.protocol.places import lines_of
from undrift.protocol.reader import Fault, ProtocolError, read


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        read(text, "heathmoor.toml")
    except ProtocolError as refusal:
        return refusal.faults
    return ()


def said(text: str) -> list[str]:
    with pytest.raises(ProtocolError) as refusal:
        read(text, "heathmoor.toml")
    return [str(fault) for fault in refusal.value.faults]


def test_a_sound_text_is_a_protocol() -> None:
    assert read(SOUND, "heathmoor.toml").stage("top").title == "Top"


FAULTS = {
    "a clock misspelt": (
        changed(("8 working days", "8 worknig days")),
        'heathmoor.toml line 46, stage[2].duty[1].within: "8 worknig days" is not a clock. '
        "Write for example 8 working days.",
    ),
    "a clock that says nothing": (
        changed(("8 working days", "soon")),
        'heathmoor.toml line 46, stage[2].duty[1].within: "soon" is not a clock. Write a number and a unit',
    ),
    "a clock misspelt that could be none": (
        changed(("8 working days", "0 worknig days")),
        '"worknig days" is not a unit we count. Write a number and a unit',
    ),
    "a word misspelt": (
        changed(('to = ["director"]', 'too = ["director"]')),
        'line 57, stage[3].too: "too" is not a word of the protocol language here. Did you mean "to"?',
    ),
    "a word nobody knows": (
        changed(("urgent = true", "blue = true")),
        '"blue" is not a word of the protocol language here. The words known here are id, title, may, tells, asks, to,',
    ),
    "a word missing": (
        changed(('title = "Top"\n', "")),
        'heathmoor.toml line 52, stage[3].title: "title" is missing. Add a line title = … here.',
    ),
    "a role misspelt": (
        changed(('who = "director"', 'who = "directer"')),
        'stage[3].duty[1].who: There is no role "directer". Did you mean "director"?',
    ),
    "a role nobody declared": (
        changed(('who = "director"', 'who = "mayor"')),
        'There is no role "mayor". Declare it as [role.mayor].',
    ),
    "a stage nobody declared": (
        changed(('{ to = "top"', '{ to = "summit"')),
        'stage[2].exits[2].to: There is no stage "summit". Write the id of a [[stage]], resolved or ended.',
    ),
    "an act nobody knows": (
        changed(('"director", must = "respond"', '"director", must = "answer"')),
        'There is no thing to do "answer". Write respond, settle, speak or the id of a [[milestone]].',
    ),
    "two of one id": (changed(('id = "top"', 'id = "talk"')), 'stage[3].id: "talk" is declared twice.'),
    "two of one code": (changed(('"RISK-NOW"', '"DRIFT"')), 'ground[2].code: "DRIFT" is declared twice.'),
    "two answers": (
        changed(('"6 working days" }]', '"6 working days" }, { who = "head", must = "settle", within = "none" }]')),
        "stage[3].duty: This stage has two answers.",
    ),
    "a choice misspelt": (
        changed(('"child protection plan"]', '"child protection plan"]\nbare_days = "worked"')),
        'protocol.bare_days: "worked" is not one of the words that can stand here. Did you mean "working"?',
    ),
    "one where a list is meant": (changed(('to = ["director"]', 'to = "director"')), 'Write to = ["director"].'),
    "neither one nor several": (changed(('to = ["director"]', "to = 5")), '"5" is not a list. Write to = ["..."'),
    "text where a table is meant": (
        changed(('{ title = "Concerns policy" }', '"Concerns policy"')),
        "Write { word = value, ... } with the words title, publisher, dated or note.",
    ),
    "yes or no where text is meant": (changed(('title = "Top"', "title = true")), "true is not text."),
    "a list where text is meant": (changed(('title = "Top"', 'title = ["Top"]')), "This list is not text."),
    "a table where text is meant": (changed(('title = "Top"', "title = { a = 1 }")), "This table is not text."),
    "a number where text is meant": (
        changed(('"2026.1"', "2026.1")),
        'Write it in quotation marks: version = "2026.1".',
    ),
    "yes or no in quotation marks": (
        changed(("urgent = true", 'urgent = "perhaps"')),
        "Write urgent = true or urgent = false",
    ),
    "no date": (
        changed(('{ title = "Concerns policy" }', '{ title = "x", dated = "soon" }')),
        "Write dated = 2026-04-30",
    ),
    "an id with capitals": (changed(('id = "urgent"', 'id = "Urgent"')), '"Urgent" is not an id. Write small letters'),
    "a code in small letters": (changed(('"DRIFT"', '"drift"')), '"drift" is not a code. Write capitals'),
    "one bracket too few": (changed(("[[cap]]", "[cap]")), "Write [[cap]] with two brackets."),
    "one bracket too many": (changed(("[protocol]", "[[protocol]]")), "Write [protocol] with one bracket."),
    "an inner name of the model": (changed(("[[cap]]", "[[caps]]")), 'Did you mean "cap"?'),
    "no rung on the ladder": (
        "stage = []\n" + SOUND.partition("[[stage]]")[0],
        "stage is empty. Write a [[stage]] table for each rung of the ladder",
    ),
    "a fault in every rung": (
        SOUND.replace("formality =", "formalty ="),
        'stage[1].formality: "formality" is missing.',
    ),
    "nothing at all": ("", "Begin the file with a [protocol] table"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_the_place_and_the_mend(case: str) -> None:
    text, sentence = FAULTS[case]
    assert any(sentence in each for each in said(text)), said(text)


@pytest.mark.parametrize("case", FAULTS)
def test_no_fault_speaks_as_the_machinery_does(case: str) -> None:
    text, _ = FAULTS[case]
    assert not [each for each in said(text) if "Input should" in each or "validation" in each or "pydantic" in each]


def test_a_ladder_whose_every_rung_is_at_fault_is_not_called_empty() -> None:
    text, _ = FAULTS["a fault in every rung"]
    assert not [each for each in said(text) if "is empty" in each]


def test_one_fault_is_said_once() -> None:
    assert len(said(changed(("8 working days", "8 worknig days")))) == 1


def test_every_fault_is_said_at_once_in_the_order_of_the_text() -> None:
    faults = said(
        changed(
            ('version = "2026.1"\n', ""),
            ("8 working days", "8 worknig days"),
            ('who = "director"', 'who = "directer"'),
            ("urgent = true", "urgnt = true"),
        )
    )
    assert len(faults) == 4
    assert ["version" in faults[0], "worknig" in faults[1], "directer" in faults[2], "urgnt" in faults[3]] == [True] * 4


NOT_TOML = {
    'title = "x\n': ("line 1", "no closing quotation mark"),
    "a = 1\ntitle\n": ("line 2", "a word stands here without a value"),
    "title = x\n": ("line 1", "put text in quotation marks"),
    "a = [1,\n2": ("line 2", "a list is not closed"),
    "a = 1\na = 2\n": ("line 2", "given twice"),
    "[a]\n[a]\n": ("line 2", "declared twice"),
}


@pytest.mark.parametrize("text", NOT_TOML)
def test_a_text_that_is_not_toml_is_told_where(text: str) -> None:
    line, sentence = NOT_TOML[text]
    [fault] = said(text)
    assert f"heathmoor.toml {line}: " in fault
    assert sentence in fault.lower()


def test_lines_are_found_in_tables_lists_and_texts_over_several_lines() -> None:
    text = (
        '# a note = "x"\n[a."b.c"]\nd.e = """\nf = 1 # not a line of its own\n"""\nwhen = 2026-01-02 03:04:05\n'
        "list = [ # a note ]\n  { x = 1, y = [\n    2 ] },\n  {},\n]\n"
        "[[s]]\n[[s.t]]\nu = 'it'\n[[s.t]]\n[[s]]\nv = -1.5\n"
    )
    tomllib.loads(text)
    found = lines_of(text)
    assert {k: found[k] for k in ("a.b.c.d.e", "a.b.c.when", "a.b.c.list[1].y[1]", "a.b.c.list[2]")} == {
        "a.b.c.d.e": 3,
        "a.b.c.when": 6,
        "a.b.c.list[1].y[1]": 9,
        "a.b.c.list[2]": 10,
    }
    assert (found["s[1].t[1].u"], found["s[1].t[2]"], found["s[2]"], found["s[2].v"]) == (14, 15, 16, 17)


@pytest.mark.parametrize("protocol_id", SHIPPED)
def test_every_word_of_the_shipped_texts_has_its_line(protocol_id: str) -> None:
    text = text_of(protocol_id)
    lines, found = text.splitlines(), lines_of(text)
    for place in _places(tomllib.loads(text)):
        assert place in found, place
        word = place.rsplit(".", 1)[-1]
        if "[" not in word:
            assert word in lines[found[place] - 1]


def _places(value: Any, place: str = "") -> list[str]:
    if isinstance(value, dict):
        inner = [(f"{place}.{key}".removeprefix("."), each) for key, each in value.items()]
    elif isinstance(value, list):
        inner = [(f"{place}[{number}]", each) for number, each in enumerate(value, start=1)]
    else:
        inner = []
    return [found for where, each in inner for found in (where, *_places(each, where))]


@pytest.mark.drawn
@given(st.data())
def test_a_text_with_any_line_missing_is_read_or_refused_in_sentences(data: st.DataObject) -> None:
    lines = SOUND.splitlines(keepends=True)
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1, max_size=4))
    text = "".join(line for number, line in enumerate(lines) if number not in gone)
    for fault in faults_of(text):
        assert fault.sentence.endswith(".")
        assert fault.line is None or 1 <= fault.line <= len(lines)
