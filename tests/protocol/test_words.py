"""A protocol in plain words, as a drawing and as a schema, and the pages made of them."""

from __future__ import annotations

import json
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.protocol.written import SOUND, changed
from undrift.cli import generated
from undrift.library.protocols import SHIPPED, load, text_of
from undrift.protocol.diagram import diagram, in_words
from undrift.protocol.model import Protocol
from undrift.protocol.reader import ProtocolError, read
from undrift.protocol.schema import schema
from undrift.protocol.words import WIDTH, explain, explain_markdown, sections, stage_rows

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = Path(__file__).resolve().parents[2] / "docs/guides/examples/heathmoor.toml"


def sound(*changes: tuple[str, str]) -> Protocol:
    return read(changed(*changes), "heathmoor.toml")


def test_the_stage_table_says_who_answers_who_approves_and_in_what_time() -> None:
    rows = {row.stage: row for row in stage_rows(load("walsall"))}
    assert [(row.answers, row.approves, row.time) for row in rows.values()] == [
        ("Team Manager", "", "a date agreed in the conversation"),
        ("Team Manager", "Group Manager", "7 days"),
        ("Group Manager", "Head of Service", "4 days"),
        ("Head of Service", "Assistant Director", "3 days"),
        ("Assistant Director", "", "3 days"),
        ("Director of Children's Services", "", "3 days"),
    ]


TIMES = [
    ("6 working days", "6 working days"),
    ("agreed", "a date agreed between them"),
    ("agreed, at most 5 working days", "agreed, at most 5 working days"),
    ("to suit the child", "a time that suits the child"),
    ("none", "no time set"),
    ("immediately", "immediately"),
    ("same working day", "the same working day"),
]


@pytest.mark.parametrize(("clock", "said"), TIMES)
def test_a_time_is_said_in_a_table_as_people_say_it(clock: str, said: str) -> None:
    silent = ('"ended", when = ["not answered", "not accepted"]', '"ended", when = ["not accepted"]')
    assert stage_rows(sound(("6 working days", clock), silent))[-1].time == said


def test_parts_that_a_policy_leaves_out_are_left_out_of_its_explanation() -> None:
    before, _, beside = SOUND.partition("[[route]]")
    bare = explain(read(before + beside[beside.index("[[ground]]") :], "heathmoor.toml"))
    parts = ("Beside the ladder", "In the plan cycle")
    assert [part in explain(sound()) for part in parts] == [True, True]
    assert [part in bare for part in parts] == [False, False]


def test_a_stage_that_goes_to_nobody_and_a_policy_without_grounds_say_neither() -> None:
    before, _, _ = SOUND.partition("[[ground]]")
    bare = " ".join(explain(read(before.replace('to = ["director"]\n', ""), "heathmoor.toml")).split())
    assert "What a concern may be about" not in bare
    assert "It goes to the Director." not in bare
    assert "The Director answers within 6 working days." in bare


def test_a_duty_that_only_one_outcome_brings_says_which() -> None:
    duty = 'duty = [{ who = "director", must = "respond", within = "6 working days" }'
    after = duty + ', { who = "director", must = "sheet", within = "2 working days", when = ["not accepted"] }'
    assert "The Director has sent the decision sheet within 2 working days, " in explain(sound((duty, after)))


def test_the_words_say_how_a_concern_moves_and_what_stands_beside() -> None:
    words = " ".join(explain(load("pan-lancashire")).split())
    assert "To 4. Starred recommendation when it is not answered in time" in words
    assert "Ends (disagreement recorded)" in words
    assert "Urgent: Act now to protect a child." in words
    assert "Within 21 days from the conference." in words
    assert "The policy holds that 24 hours is the same as 1 working day." in words


def test_the_words_say_who_hears_of_it_what_has_to_be_written_and_what_binds() -> None:
    asks = 'consider = [{ id = "wider", who = "director", question = "Will you?"%s }]\n'
    answer = 'duty = [{ who = "director", must'
    beside = ("urgent = true\n", 'urgent = true\ntells = ["head", "manager"]\nasks = "Enter what was tried"\n')
    said = explain(sound((answer, asks % ', tells = ["head"]' + "directs = true\n" + answer), beside))
    words = " ".join(said.split())
    assert "The Director considers: Will you? Of a yes the Head of Service is told." in words
    assert "The answer directs: the actions it names bind, whether or not the chair is content." in words
    assert "To write: what was tried. The Head of Service and the Team Manager are told." in words
    assert "Of a yes" not in explain(sound((answer, asks % "" + answer)))


@pytest.mark.parametrize(
    ("within", "words"),
    [
        ("agreed", "by a date agreed between them"),
        ("none", "; no time is set"),
        ("immediately", "immediately"),
        ("same working day", "on the same working day"),
        ("to suit the child", "in a time that suits the child"),
    ],
)
def test_the_words_say_the_time_that_a_duty_has(within: str, words: str) -> None:
    timed = sound(('must = "settle", within = "5 working days"', f'must = "settle", within = "{within}"'),
                  ('when = ["not answered", "not accepted", "not done"] },\n]\n\n[[stage]]\nid = "formal"',
                   'when = ["not accepted", "not done"] },\n]\n\n[[stage]]\nid = "formal"'))  # fmt: skip
    assert words in " ".join(explain(timed).split())


def test_a_stage_is_named_with_its_number_where_its_title_does_not_say_it() -> None:
    walsall, lancashire = load("walsall"), load("pan-lancashire")
    assert walsall.stage("stage-2").named == "Stage 2"
    assert walsall.stage("informal").named == "Informal resolution"
    assert lancashire.stage("starred").named == "Starred recommendation (stage 4)"
    assert (walsall.stage("informal").short, walsall.stage("stage-2").short) == ("informal resolution", "stage 2")


def test_an_area_is_told_its_own_notes_and_no_others() -> None:
    lancashire = load("pan-lancashire")
    for area, told in (("lancashire", True), ("blackpool", False)):
        headings = [section.heading for section in sections(lancashire, area)]
        assert ("In Lancashire" in headings) is told


def test_the_words_say_that_nothing_is_raised_at_a_step_of_the_plan_cycle() -> None:
    words = " ".join(explain(load("pan-lancashire")).split())
    assert words.count("A step of the plan cycle: nothing is raised at it.") == 2


@pytest.mark.parametrize(("said", "words"), [
    ("working", "counts working days"),
    ("unstated", "chooses working days"),
    ("calendar", 'says "working days" where it means them'),
])  # fmt: skip
def test_the_words_say_what_days_are(said: str, words: str) -> None:
    plan = 'applies_to = ["child protection plan"]'
    assert words in " ".join(explain(sound((plan, f'{plan}\nbare_days = "{said}"'))).split())


@pytest.mark.parametrize("protocol_id", SHIPPED)
def test_no_line_runs_off_the_page(protocol_id: str) -> None:
    assert max(map(len, explain(load(protocol_id)).splitlines())) <= WIDTH


@pytest.mark.parametrize("protocol_id", SHIPPED)
def test_markdown_has_one_heading_at_the_top_and_a_whole_table(protocol_id: str) -> None:
    lines = explain_markdown(load(protocol_id)).splitlines()
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + len(load(protocol_id).stages)
    assert len({line.count("|") for line in table}) == 1


def test_a_ladder_that_says_no_end_is_drawn_with_its_top() -> None:
    ending = '  { to = "ended", when = ["not answered", "not accepted"], ending = "disagreement-recorded" },\n'
    assert ">The top of the ladder<" in diagram(sound((ending, "")))
    assert ">Ended: disagreement recorded<" in diagram(sound())
    assert ">Ended<" in diagram(sound((', ending = "disagreement-recorded"', "")))


@pytest.mark.parametrize("protocol_id", SHIPPED)
def test_the_drawing_is_named_described_and_has_nothing_that_runs(protocol_id: str) -> None:
    protocol = load(protocol_id)
    root = ET.fromstring(diagram(protocol))
    assert root.get("role") == "img"
    named = {
        element.get("id", ""): element.text
        for element in (root.find(f"{SVG}title"), root.find(f"{SVG}desc"))
        if element is not None
    }
    assert sorted(named) == sorted((root.get("aria-labelledby") or "").split())
    assert all(stage.title in (named["ladder-words"] or "") for stage in protocol.stages)
    assert not [
        e
        for e in root.iter()
        if e.tag == f"{SVG}script" or any(name.startswith("on") or "href" in name for name in e.attrib)
    ]


@pytest.mark.parametrize("protocol_id", SHIPPED)
def test_the_drawing_shows_every_stage_and_every_route(protocol_id: str) -> None:
    protocol = load(protocol_id)
    shown = " ".join("".join(text.itertext()) for text in ET.fromstring(diagram(protocol)).iter(f"{SVG}text"))
    for title in (*(stage.title for stage in protocol.stages), *(route.title for route in protocol.routes)):
        assert title in shown


def test_the_drawing_holds_any_words_safely() -> None:
    root = ET.fromstring(diagram(sound(('title = "Top"', 'title = "<b>Top</b> & more"'))))
    assert "<b>Top</b> & more" in "".join(root.itertext())


def test_a_way_to_another_stage_than_the_next_is_said() -> None:
    protocol = sound(
        (
            '{ to = "formal", when = ["not answered", "not accepted", "not done"] }',
            '{ to = "top", when = ["not answered", "not accepted", "not done"] }',
        )
    )
    assert "Not answered, not accepted or not done: to Top" in diagram(protocol)
    assert "Not answered, not accepted or not done: to Top." in in_words(protocol)


def plain(value: Any) -> Any:
    """A text's values as JSON has them: dates as text."""
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize(
    "text", [*map(text_of, SHIPPED), SOUND, EXAMPLE.read_text("utf-8")], ids=[*SHIPPED, "sound", "manual"]
)
def test_the_schema_takes_what_the_reader_takes(text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(plain(tomllib.loads(text)), schema(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "change",
    [('to = ["director"]', 'too = ["director"]'), ('code = "DRIFT"', 'code = "drift"'), ('title = "Top"\n', "")],
)
def test_the_schema_refuses_what_the_reader_refuses(change: tuple[str, str]) -> None:
    with pytest.raises(ProtocolError):
        sound(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(tomllib.loads(changed(change))), schema(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize("path", generated.files())
def test_the_written_files_are_current(path: str) -> None:
    assert path not in generated.stale(), f"run `{generated.AGAIN}` and read what changed"


def test_the_manual_shows_lines_of_its_example() -> None:
    manual = (EXAMPLE.parents[1] / "protocol-language.md").read_text("utf-8")
    example = EXAMPLE.read_text("utf-8").splitlines()
    blocks = [block.split("```")[0] for block in manual.split("```toml\n")[1:]]
    assert len(blocks) >= 5
    assert [line for block in blocks for line in block.splitlines() if line and line not in example] == []


@pytest.mark.parametrize("name", ["walsall", "pan-lancashire"])
def test_each_step_of_the_plan_cycle_says_who_what_it_contains_and_where_the_policy_says_so(name: str) -> None:
    protocol = load(name)
    (told,) = (section.items for section in sections(protocol) if section.heading == "In the plan cycle")
    for milestone, said in zip(protocol.milestones, told, strict=True):
        assert said.startswith(milestone.title)
        assert protocol.title_of(milestone.who or "") in said
        assert [one for one in (*milestone.contains, milestone.clause) if one not in said] == []
