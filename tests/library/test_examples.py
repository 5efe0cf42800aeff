"""Each worked example of each shipped protocol holds: its dates, its states, its refusals, who is told."""

from __future__ import annotations

import pytest

from undrift import library
from undrift.engine.rules import Rules
from undrift.engine.trying.examples import Example, ExampleError, mismatches, read_example, rules_for
from undrift.library import calendars

LEAST = 20


def examples_of(protocol_id: str) -> list[Example]:
    return [read_example(text, f"{protocol_id}/{name}") for name, text in library.examples_of(protocol_id).items()]


def adopted(example: Example) -> Rules:
    protocol = library.load(example.name.partition("/")[0])
    return rules_for(example, protocol, calendars.load(protocol.head.calendar))


EVERY = [example for protocol_id in library.shipped() for example in examples_of(protocol_id)]


@pytest.mark.parametrize("example", [pytest.param(e, id=f"{e.name}: {e.title}") for e in EVERY])
def test_the_policy_does_what_the_example_says(example: Example) -> None:
    assert mismatches(example, adopted(example)) == ()


@pytest.mark.parametrize("protocol_id", library.shipped())
def test_each_protocol_has_at_least_twenty_examples(protocol_id: str) -> None:
    assert len(examples_of(protocol_id)) >= LEAST


@pytest.mark.parametrize("protocol_id", library.shipped())
def test_each_title_is_used_once(protocol_id: str) -> None:
    titles = [example.title for example in examples_of(protocol_id)]
    assert sorted(set(titles)) == sorted(titles)


@pytest.mark.parametrize("example", [pytest.param(e, id=e.name) for e in EVERY])
def test_each_example_names_clauses_that_the_protocol_has(example: Example) -> None:
    text = library.text_of(example.name.partition("/")[0])
    assert example.clauses
    assert [clause for clause in example.clauses if f'"{clause}"' not in text] == []


@pytest.mark.parametrize("example", [pytest.param(e, id=e.name) for e in EVERY])
def test_each_step_expects_something(example: Example) -> None:
    silent = [step.number for step in example.steps if step.expect == type(step.expect)()]
    assert silent == []


RAISED = """
title = "A concern"
[[step]]
at = 2026-01-05
by = "chair"
act = "raise"
[step.with]
stage = "informal"
children = { maya = "She waits." }
concern = "Late."
spoke = { how = "Phone" }
date = 2026-01-12
[step.expect]
"""


@pytest.mark.parametrize(
    ("expectation", "part"),
    [
        ("due = 2026-01-13", "the due date should be 2026-01-13, and is 2026-01-12"),
        ('tag = "Resolved"', 'the status should be "Resolved"'),
        ('next = "director"', 'the next person should be "director", and is "team-manager"'),
        ('refused = "no-date"', 'the refusal should be "no-date", and is ""'),
        ('told = ["director"]', "who is told should be [director]"),
        ('owes = ["chair decide 2026-01-14"]', "what is owed"),
        ('stage = "stage-1"', "the stage"),
        ('events = ["raised"]', "the events should be [raised], and is [raised, spoke]"),
        ('why = ["Good Friday"]', "the proof"),
        ("late = 1", "how late the answer is should be 1, and is 0"),
        ('settled = ["maya"]', "the children settled"),
        ('pointers = ["capacity"]', "how many pointers"),
        ('ended = "resolved"', "how it ended"),
        ('actions = { a1 = "complete" }', "action a1"),
    ],
)
def test_an_example_that_expects_something_else_fails_and_says_where(expectation: str, part: str) -> None:
    example = read_example(RAISED + expectation, "walsall/made-up")
    (line,) = mismatches(example, adopted(example))
    assert line.startswith("walsall/made-up, step 1 (raise): ")
    assert part in line


REFUSED = RAISED.replace("date = 2026-01-12\n", 'actions = [{ what = "", who = "Hannah" }]\ndate = 2026-01-12\n')


@pytest.mark.parametrize(
    ("expectation", "part"),
    [
        ('clause = "9"', 'the clause should be "9", and is ""'),
        ('about = "date"', 'what the refusal is about should be "date", and is "actions"'),
        ("due = 2026-01-13", 'the refusal should be "", and is "action-what: Enter what will be done (action 1)"'),
    ],
)
def test_an_example_of_another_refusal_fails_and_says_which(expectation: str, part: str) -> None:
    accepted = "" if "due" in expectation else 'refused = "action-what"\n'
    example = read_example(REFUSED + accepted + expectation, "walsall/made-up")
    (line,) = mismatches(example, adopted(example))
    assert part in line


DATED = 'title = "A"\n[[date]]\nmilestone = "report-review"\nfrom = 2026-05-12\n'


@pytest.mark.parametrize(
    ("dated", "part"),
    [
        (DATED + "due = 2026-05-08", "milestone report-review from 2026-05-12 should be due 2026-05-08"),
        (DATED.replace("report-review", "party") + "due = 2026-05-08", "due 2026-05-08, and is None"),
        (DATED + 'due = 2026-05-07\nwhy = ["Good Friday"]', 'should say "Good Friday", and says: '),
    ],
)
def test_a_date_that_differs_fails_and_says_where(dated: str, part: str) -> None:
    example = read_example(dated, "walsall/made-up")
    (line,) = mismatches(example, adopted(example))
    assert part in line


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("title = ", "not TOML"),
        ("clauses = []", "give the example a title"),
        ('title = "A"\nsteps = []', '"steps" is not known here'),
        ('title = "A"\n[[step]]\nact = "note"', "say when"),
        ('title = "A"\n[[step]]\nat = 2026-01-05\nact = "escalate"', 'there is no act "escalate"'),
        ('title = "A"\n[[step]]\nat = 2026-01-05\nact = "note"\nwith = { word = "x" }', '"word" is not known here'),
        ('title = "A"\n[[step]]\nat = 2026-01-05\nact = "send_back"', "missing 1 required"),
        ('title = "A"\n[[step]]\nat = 2026-01-05\nexpect = { dew = 1 }', '"dew" is not known here'),
        ('title = "A"\n[[date]]\nroute = "appeal"', "'from' is missing"),
        ('title = "A"\nbare_days = "some"', "bare_days"),
        ('title = "A"\ncase = "party"', 'case is "concern" or "plan cycle"'),
    ],
)
def test_an_example_that_cannot_be_read_says_why(text: str, part: str) -> None:
    with pytest.raises(ExampleError, match="made-up") as caught:
        read_example(text, "made-up")
    assert part in str(caught.value)
