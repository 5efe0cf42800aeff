"""Clocks as a policy writes them: what can be read, what is said back, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from undrift.protocol.clocks import (
    Agreed,
    Clock,
    ClockError,
    Counted,
    Immediately,
    NoClock,
    SameWorkingDay,
    ShorterOf,
    ToSuitTheChild,
    Unit,
    parse,
    say,
)

WORDS = [
    ("7 days", Counted(7, Unit.DAYS)),  # the kind is not stated, and parsing does not guess it
    ("1 day", Counted(1, Unit.DAYS)),
    ("5 working days", Counted(5, Unit.WORKING_DAYS)),
    ("1 working day", Counted(1, Unit.WORKING_DAYS)),
    ("10 calendar days", Counted(10, Unit.CALENDAR_DAYS)),
    ("48 hours", Counted(48, Unit.HOURS)),
    ("2 working weeks", Counted(2, Unit.WORKING_WEEKS)),
    ("3 weeks", Counted(3, Unit.WEEKS)),
    ("3 months", Counted(3, Unit.MONTHS)),
    ("about 5 working days", Counted(5, Unit.WORKING_DAYS, indicative=True)),
    ("3 days before", Counted(3, Unit.DAYS, before=True)),
    ("about 2 weeks before", Counted(2, Unit.WEEKS, before=True, indicative=True)),
    ("same working day", SameWorkingDay()),
    ("immediately", Immediately()),
    ("agreed", Agreed()),
    ("agreed, at most 5 working days", Agreed(Counted(5, Unit.WORKING_DAYS))),
    ("to suit the child", ToSuitTheChild()),
    ("none", NoClock()),
    ("the shorter of 3 days and to suit the child", ShorterOf((Counted(3, Unit.DAYS), ToSuitTheChild()))),
    (
        "the shorter of 48 hours, 2 working days and agreed",
        ShorterOf((Counted(48, Unit.HOURS), Counted(2, Unit.WORKING_DAYS), Agreed())),
    ),
]

OTHER_SPELLINGS = [
    ("  7  Working   Days. ", "7 working days"),
    ("7 working day", "7 working days"),
    ("2 calendar weeks", "2 weeks"),
    ("6 calendar months", "6 months"),
    ("The shorter of 3 days, 48 hours, and agreed", "the shorter of 3 days, 48 hours and agreed"),
]

REFUSED = [
    ("", "is not a clock"),
    ("soon", '"soon" is not a clock'),
    ("seven days", '"seven days" is not a clock'),
    ("5 business days", '"business days" is not a unit'),
    ("-3 days", "is not a clock"),
    ("1.5 days", "is not a clock"),
    ("٣ days", "is not a clock"),  # digits of another script look like a slip, and are treated as one
    ("0 days", 'write "same working day"'),
    ("1001 days", "from 1 to 1,000"),
    ("agreed, at most 3 days before", "the longest is a plain number"),
    ("agreed, at most about 5 days", "the longest is a plain number"),
    ("agreed, at most soon", '"agreed, at most soon" is not a clock'),
    ("the shorter of 3 days", "needs two clocks"),
    ("the shorter of 3 days and none", 'cannot hold "none"'),
    ("the shorter of 3 days and immediately", 'cannot hold "immediately"'),
    ("the shorter of 3 days and 2 days before", 'cannot hold "2 days before"'),
]


@pytest.mark.parametrize(("words", "clock"), WORDS)
def test_words_become_the_clock_and_the_clock_says_them_back(words: str, clock: Clock) -> None:
    assert parse(words) == clock
    assert say(clock) == str(clock) == words


@pytest.mark.parametrize(("written", "said"), OTHER_SPELLINGS)
def test_spacing_capitals_and_plurals_do_not_matter(written: str, said: str) -> None:
    assert say(parse(written)) == said


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_refusal_names_the_words_and_what_is_wrong(words: str, sentence: str) -> None:
    with pytest.raises(ClockError, match=r"is not a clock|the shorter of") as refusal:
        parse(words)
    assert sentence in str(refusal.value)


def test_every_kind_of_clock_the_refusal_offers_can_be_parsed() -> None:
    with pytest.raises(ClockError) as refusal:
        parse("soon")
    offered = [quoted for quoted in str(refusal.value).split('"')[3::2] if quoted not in ("about", "before")]
    assert len(offered) > 10
    assert [say(parse(words)) for words in offered] == offered


counted = st.builds(Counted, st.integers(1, 1000), st.sampled_from(Unit), st.booleans(), st.booleans())
plain = st.builds(Counted, st.integers(1, 1000), st.sampled_from(Unit))
fixed = st.sampled_from([SameWorkingDay(), Immediately(), ToSuitTheChild(), NoClock(), Agreed()])
compared = st.one_of(plain, st.sampled_from([SameWorkingDay(), ToSuitTheChild(), Agreed()]))
shorter = st.lists(compared, min_size=2, max_size=4).map(lambda clocks: ShorterOf(tuple(clocks)))


@pytest.mark.drawn
@given(st.one_of(counted, fixed, st.builds(Agreed, plain), shorter))
def test_any_clock_survives_being_said_and_parsed(clock: Clock) -> None:
    assert parse(say(clock)) == clock


@pytest.mark.drawn
@given(st.text(max_size=40))
def test_any_text_is_a_clock_or_refused_and_never_anything_else(text: str) -> None:
    try:
        said = say(parse(text))
    except ClockError:
        return
    assert say(parse(said)) == said


class Rule(BaseModel):
    within: Clock


def test_clock_is_a_field_of_a_checked_model() -> None:
    rule = Rule.model_validate({"within": "5 working days"})
    assert rule.within == Counted(5, Unit.WORKING_DAYS)
    assert Rule(within=rule.within) == rule
    assert rule.model_dump_json() == '{"within":"5 working days"}'
    assert Rule.model_json_schema()["properties"]["within"]["type"] == "string"


@pytest.mark.parametrize("value", ["soon", 5, None])
def test_checked_model_refuses_what_is_no_clock_in_the_same_words(value: object) -> None:
    with pytest.raises(ValidationError, match="is not a clock"):
        Rule.model_validate({"within": value})
