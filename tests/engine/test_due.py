"""Due dates and their reasons, as tables of what is asked and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import accumulate

import numpy as np
import pytest

from undrift.engine.dates.calendars import Calendar, OutsideCalendar
from undrift.engine.dates.counting import LONDON, DayKind
from undrift.engine.dates.due import (
    AgreedBeforeStart,
    Due,
    UnclearStart,
    UnstatedDays,
    about_working_days_from,
    due,
    due_many,
    working_days_between,
)
from undrift.engine.dates.reasons import prove
from undrift.library.calendars import NATIONS, UnknownNation, load
from undrift.library.calendars.make import HERE, texts, whole_years, with_those
from undrift.protocol.clocks import ClockError, parse

ENGLAND = load("england-and-wales")


def ask(
    words: str,
    start: date | datetime,
    calendar: Calendar = ENGLAND,
    bare_days: DayKind | None = None,
    agreed: date | None = None,
) -> Due:
    return due(parse(words), start, calendar, bare_days=bare_days, agreed=agreed)


def day(text: str) -> date:
    return date.fromisoformat(text)


RAISED = [
    # raised, days, due in working days, due in calendar days
    ("2026-04-30", 7, "2026-05-12", "2026-05-07"),  # 4 May is a bank holiday
    ("2026-04-02", 4, "2026-04-10", "2026-04-06"),  # Good Friday and Easter Monday
    ("2026-05-21", 5, "2026-05-29", "2026-05-26"),
    ("2026-05-22", 15, "2026-06-15", "2026-06-06"),
    ("2026-08-28", 10, "2026-09-14", "2026-09-07"),
    ("2026-09-05", 7, "2026-09-15", "2026-09-12"),  # raised on a Saturday
    ("2026-12-23", 3, "2026-12-30", "2026-12-26"),  # 25 and 28 December
]


@pytest.mark.parametrize(("raised", "number", "working", "calendar"), RAISED)
def test_bare_days_count_as_the_authority_chose(raised: str, number: int, working: str, calendar: str) -> None:
    assert ask(f"{number} days", day(raised), bare_days="working").date == day(working)
    assert ask(f"{number} days", day(raised), bare_days="calendar").date == day(calendar)
    assert ask(f"{number} working days", day(raised)).date == day(working)
    assert ask(f"{number} calendar days", day(raised)).date == day(calendar)


LADDERS = [
    ("Walsall", (7, 4, 3, 3, 3), ["2026-01-14", "2026-01-20", "2026-01-23", "2026-01-28", "2026-02-02"]),
    (
        "Pan-Lancashire",
        (1, 10, 15, 5, 5, 5),
        ["2026-01-06", "2026-01-20", "2026-02-10", "2026-02-17", "2026-02-24", "2026-03-03"],
    ),
]


@pytest.mark.parametrize(("policy", "numbers", "expected"), LADDERS)
def test_ladder_never_answered_counts_each_stage_from_the_last_due_date(
    policy: str, numbers: tuple[int, ...], expected: list[str]
) -> None:
    dates = accumulate(
        numbers, lambda start, n: ask(f"{n} working days", start).date or start, initial=day("2026-01-05")
    )
    assert [each.isoformat() for each in dates][1:] == expected, policy


COUNTED = [
    ("2 working weeks", "2026-04-30", "2026-05-15"),  # ten working days, one bank holiday
    ("2 weeks", "2026-04-30", "2026-05-14"),
    ("1 month", "2026-01-31", "2026-02-28"),
    ("1 month", "2028-01-31", "2028-02-29"),
    ("3 months", "2026-11-30", "2027-02-28"),
    ("1 month before", "2026-03-31", "2026-02-28"),
    ("same working day", "2026-04-30", "2026-04-30"),
    ("same working day", "2026-05-02", "2026-05-05"),  # Saturday before a bank holiday Monday
    ("3 working days before", "2026-05-05", "2026-04-29"),
    ("3 working days before", "2026-05-04", "2026-04-29"),  # from a bank holiday: day 1 is the Friday before
    ("3 calendar days before", "2026-05-05", "2026-05-02"),
    ("about 5 working days", "2026-04-30", "2026-05-08"),
]


@pytest.mark.parametrize(("words", "start", "expected"), COUNTED)
def test_each_unit_ends_where_it_should(words: str, start: str, expected: str) -> None:
    assert ask(words, day(start)).date == day(expected)


NATIONAL = [
    # nation, start, due after 1 working day
    ("england-and-wales", "2026-11-27", "2026-11-30"),
    ("scotland", "2026-11-27", "2026-12-01"),  # St Andrew's Day
    ("northern-ireland", "2026-07-10", "2026-07-14"),  # 13 July, for the Battle of the Boyne
    ("england-and-wales", "2026-07-10", "2026-07-13"),
    ("scotland", "2026-04-02", "2026-04-06"),  # Easter Monday is worked in Scotland
    ("scotland", "2026-06-12", "2026-06-16"),  # the World Cup's day, which govuk-bank-holidays 0.19 does not pack
    ("england-and-wales", "2026-06-12", "2026-06-15"),
]


@pytest.mark.parametrize(("nation", "start", "expected"), NATIONAL)
def test_each_nation_keeps_its_own_bank_holidays(nation: str, start: str, expected: str) -> None:
    assert ask("1 working day", day(start), load(nation)).date == day(expected)


def test_closure_day_moves_the_date_and_is_named_in_the_proof() -> None:
    start = day("2026-12-23")
    closed = load("england-and-wales", {day("2026-12-29"): "Winter closure"})
    assert ask("3 working days", start).date == day("2026-12-30")
    answer = ask("3 working days", start, closed)
    assert answer.date == day("2026-12-31")
    assert "Tuesday 29 December 2026 (Winter closure, closure day)" in prove(answer).as_text()
    assert any("29 December 2026 (Winter closure, closure day)" in line for line in prove(answer).lines)


def test_bank_holiday_announced_late_moves_the_date_and_leaves_the_shipped_calendar_alone() -> None:
    announced = replace(ENGLAND, holidays={**ENGLAND.holidays, day("2026-09-14"): "State funeral"})
    assert ask("10 working days", day("2026-08-28"), announced).date == day("2026-09-15")
    assert ask("10 working days", day("2026-08-28")).date == day("2026-09-14")


def test_date_runs_to_the_end_of_its_day_in_london_summer_and_winter() -> None:
    assert ask("1 calendar day", day("2026-06-30")).at == datetime(2026, 7, 1, 22, 59, 59, 999999, UTC)
    assert ask("1 calendar day", day("2026-11-30")).at == datetime(2026, 12, 1, 23, 59, 59, 999999, UTC)


HOURS = [
    # the 24 hours across the change end an hour later by the clock in spring, an hour earlier in autumn
    ("24 hours", datetime(2026, 3, 28, 12, tzinfo=LONDON), datetime(2026, 3, 29, 13, tzinfo=LONDON)),
    ("24 hours", datetime(2026, 10, 24, 12, tzinfo=LONDON), datetime(2026, 10, 25, 11, tzinfo=LONDON)),
    # the hour that comes twice: from its first passing and from its second
    ("1 hour", datetime(2026, 10, 25, 1, 30, tzinfo=LONDON), datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)),
    ("1 hour", datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
    # bank holidays and weekends do not stop hours
    ("48 hours", datetime(2026, 4, 3, 9, tzinfo=LONDON), datetime(2026, 4, 5, 9, tzinfo=LONDON)),
    ("48 hours before", datetime(2026, 3, 30, 9, tzinfo=LONDON), datetime(2026, 3, 28, 8, tzinfo=LONDON)),
]


@pytest.mark.parametrize(("words", "start", "expected"), HOURS)
def test_hours_are_elapsed_hours_across_both_clock_changes(words: str, start: datetime, expected: datetime) -> None:
    answer = ask(words, start)
    assert answer.at == answer.instant == expected.astimezone(UTC)
    assert answer.date == expected.astimezone(LONDON).date()


def test_proof_of_hours_shows_the_short_and_the_long_day() -> None:
    spring = prove(ask("48 hours", datetime(2026, 3, 28, 12, tzinfo=LONDON)))
    autumn = prove(ask("48 hours", datetime(2026, 10, 24, 12, tzinfo=LONDON)))
    assert [each.why for each in spring.counted] == ["12 hours", "23 hours", "13 hours"]
    assert [each.why for each in autumn.counted] == ["12 hours", "25 hours", "11 hours"]
    assert "due at 13:00 BST on Monday 30 March 2026" in spring.sentences[0]


def test_moment_counts_days_from_its_london_date() -> None:
    late_in_london = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # already 2 June there
    assert ask("1 working day", late_in_london).date == day("2026-06-03")
    from_far_east = datetime(2026, 1, 6, 3, tzinfo=timezone(timedelta(hours=9)))  # still 5 January in London
    assert ask("1 calendar day", from_far_east).date == day("2026-01-06")


NO_DATE = [
    ("immediately", "gives no number"),
    ("agreed", "none has been agreed yet"),
    ("to suit the child", "no date has been set"),
    ("none", "sets no time"),
    ("the shorter of agreed and to suit the child", "no date has been set"),
]


@pytest.mark.parametrize(("words", "because"), NO_DATE)
def test_clock_without_a_number_has_no_date_and_says_why(words: str, because: str) -> None:
    answer = ask(words, day("2026-04-30"))
    assert (answer.date, answer.at) == (None, None)
    assert because in (answer.none_because or "")
    assert prove(answer).sentences == (answer.none_because,)
    assert prove(answer).counted == ()


SET_BY_PEOPLE = [
    # clock, date set, date that stands, said
    ("agreed", "2026-05-20", "2026-05-20", "The date set for it is Wednesday 20 May 2026."),
    ("to suit the child", "2026-05-01", "2026-05-01", "The date set for it is Friday 1 May 2026."),
    ("agreed, at most 5 working days", "2026-05-06", "2026-05-06", "The date set for it is"),
    ("agreed, at most 5 working days", "2026-05-20", "2026-05-08", "later than the policy allows"),
    ("agreed, at most 5 working days", None, "2026-05-08", "the longest the policy allows"),
    (
        "10 working days",
        "2026-05-06",
        "2026-05-06",
        "due by the end of Friday 15 May 2026. The chair set an earlier date",
    ),
    ("10 working days", "2026-06-30", "2026-05-15", "later than the policy allows"),
    ("the shorter of 3 working days and to suit the child", None, "2026-05-06", "no date of its own"),
    (
        "the shorter of 3 working days and to suit the child",
        "2026-05-01",
        "2026-05-01",
        "The chair set an earlier date",
    ),
    ("the shorter of 2 working days and 4 calendar days", None, "2026-05-04", "The earliest of these stands"),
]


@pytest.mark.parametrize(("words", "agreed", "stands", "said"), SET_BY_PEOPLE)
def test_date_set_by_people_stands_within_the_clocks_own_limit(
    words: str, agreed: str | None, stands: str, said: str
) -> None:
    answer = ask(words, day("2026-04-30"), agreed=day(agreed) if agreed else None)
    assert answer.date == day(stands)
    assert said in " ".join(prove(answer).sentences)


def test_date_set_before_the_start_is_refused_but_not_for_a_clock_that_counts_back() -> None:
    with pytest.raises(AgreedBeforeStart, match="29 April 2026, lies before Thursday 30 April 2026"):
        ask("agreed", day("2026-04-30"), agreed=day("2026-04-29"))
    assert ask("3 calendar days before", day("2026-04-30"), agreed=day("2026-04-20")).date == day("2026-04-20")


def test_date_set_on_the_day_the_hours_end_does_not_stretch_them_to_midnight() -> None:
    morning = datetime(2026, 4, 28, 9, tzinfo=LONDON)
    answer = ask("48 hours", morning, agreed=day("2026-04-30"))
    assert answer.at == morning.astimezone(UTC) + timedelta(hours=48)


def test_shorter_of_hours_and_days_is_decided_by_the_moment() -> None:
    morning = datetime(2026, 4, 28, 9, tzinfo=LONDON)
    assert ask("the shorter of 48 hours and 2 working days", morning).instant is not None
    assert ask("the shorter of 72 hours and 2 working days", morning).instant is None


UNSTATED = ["7 days", "3 days before", "agreed, at most 3 days", "the shorter of 3 days and to suit the child"]


@pytest.mark.parametrize("words", UNSTATED)
def test_bare_days_are_never_guessed(words: str) -> None:
    with pytest.raises(UnstatedDays, match="does not say which days"):
        ask(words, day("2026-04-30"))
    answer = ask(words, day("2026-04-30"), bare_days="calendar")
    assert "this authority counts calendar days" in (answer.counts or "")
    assert answer.counts in prove(answer).sentences


def test_stated_days_claim_no_choice_of_the_authority() -> None:
    assert ask("7 working days", day("2026-04-30"), bare_days="calendar").counts is None


BEYOND = [
    ("1 working day", "2028-12-29"),  # the last working day of the data
    ("1 working day", "2029-02-01"),
    ("same working day", "2028-12-30"),
    ("2 working weeks", "2028-12-20"),
]


@pytest.mark.parametrize(("words", "start"), BEYOND)
def test_beyond_the_bank_holidays_known_the_answer_is_a_sentence(words: str, start: str) -> None:
    with pytest.raises(OutsideCalendar) as refusal:
        ask(words, day(start))
    sentence = str(refusal.value)
    assert "England and Wales are known from 2012 to 2028" in sentence
    assert "2029" in sentence
    assert "A newer version of the service brings the bank holidays announced since" in sentence


def test_before_the_bank_holidays_known_is_refused_too() -> None:
    with pytest.raises(OutsideCalendar, match="Friday 30 December 2011"):
        ask("1 working day", day("2011-12-30"))
    with pytest.raises(OutsideCalendar, match="Saturday 31 December 2011"):
        ask("1 working day before", day("2012-01-03"))


def test_nobody_can_say_whether_people_work_on_a_day_whose_holidays_are_not_known() -> None:
    with pytest.raises(OutsideCalendar, match="A newer version of the service brings the bank holidays"):
        ENGLAND.is_working_day(day("2040-01-02"))


def test_holidays_added_for_the_next_year_let_the_count_go_on() -> None:
    longer = replace(
        ENGLAND, holidays={**ENGLAND.holidays, day("2029-01-01"): "New Year's Day"}, last=day("2029-12-31")
    )
    assert ask("1 working day", day("2028-12-29"), longer).date == day("2029-01-02")


def test_calendar_days_need_no_bank_holidays() -> None:
    assert ask("21 calendar days", day("2031-01-01")).date == day("2031-01-22")


@pytest.mark.parametrize("words", ["1000 months", "1000 weeks", "1000 calendar days"])
def test_count_past_the_year_9999_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(OutsideCalendar, match="outside the years 1 to 9999"):
        ask(words, day("9999-06-01"))


def test_start_that_says_too_little_is_refused() -> None:
    with pytest.raises(UnclearStart, match="counts from a time of day, and 2026-04-30 has none"):
        ask("48 hours", day("2026-04-30"))
    without_offset = datetime.fromisoformat("2026-04-30T10:00:00")
    for words in ("48 hours", "2 working days", "2 calendar days"):
        with pytest.raises(UnclearStart, match="does not say its offset"):
            ask(words, without_offset)


def test_proof_reads_the_same_as_text_and_as_values() -> None:
    proof = prove(ask("7 days", day("2026-04-30"), bare_days="working"))
    assert proof.as_json()["due"] == "2026-05-12"
    assert [each.number for each in proof.counted] == [0, 1, None, None, None, 2, 3, 4, 5, None, None, 6, 7]
    assert proof.as_text().splitlines() == [
        '"7 days", starting Thursday 30 April 2026: due by the end of Tuesday 12 May 2026.',
        'The policy says "7 days" and does not say which; this authority counts working days.',
        "Not counted, besides weekends: Monday 4 May 2026 (Early May bank holiday).",
        "Bank holidays of England and Wales: GOV.UK bank holidays, as packed in govuk-bank-holidays 0.19, "
        "25 February 2026.",
        "",
        "    0  Thursday 30 April 2026  (the clock starts)",
        "    1  Friday 1 May 2026",
        "    -  Saturday 2 May 2026  (Saturday)",
        "    -  Sunday 3 May 2026  (Sunday)",
        "    -  Monday 4 May 2026  (Early May bank holiday)",
        "    2  Tuesday 5 May 2026",
        "    3  Wednesday 6 May 2026",
        "    4  Thursday 7 May 2026",
        "    5  Friday 8 May 2026",
        "    -  Saturday 9 May 2026  (Saturday)",
        "    -  Sunday 10 May 2026  (Sunday)",
        "    6  Monday 11 May 2026",
        "    7  Tuesday 12 May 2026",
    ]


def test_proof_of_months_shows_where_each_month_ends_forward_and_back() -> None:
    counted = prove(ask("2 months", day("2026-12-31"))).counted
    assert [(each.date, each.why) for each in counted] == [
        (day("2026-12-31"), "the clock starts"), (day("2027-01-31"), "month 1"), (day("2027-02-28"), "month 2"),
    ]  # fmt: skip
    back = prove(ask("2 months before", day("2026-12-31"))).counted
    assert [each.date for each in back] == [day("2026-12-31"), day("2026-11-30"), day("2026-10-31")]


def test_proof_of_no_date_is_its_sentences_alone() -> None:
    proof = prove(ask("agreed", day("2026-04-30")))
    assert proof.as_text().splitlines() == list(proof.sentences)


@pytest.mark.parametrize(
    ("words", "start", "said"),
    [
        (
            "7 calendar days",
            "2026-05-18",
            "Monday 25 May 2026 is not a working day (Spring bank holiday).",
        ),
        ("2 weeks", "2026-05-16", "Saturday 30 May 2026 is not a working day (Saturday). Every day is counted"),
        ("7 calendar days", "2026-05-19", ""),
        ("7 calendar days", "2051-05-18", ""),  # of that day nobody knows
        ("7 working days", "2026-05-18", ""),
    ],
)
def test_proof_says_that_counted_days_end_on_one_when_nobody_works(words: str, start: str, said: str) -> None:
    told = prove(ask(words, day(start))).as_text()
    assert said in told
    assert ("is not a working day" in told) is bool(said)


def test_proof_says_that_a_start_off_work_waits_for_the_next_working_day() -> None:
    saturday = prove(ask("7 working days", day("2026-09-05"))).sentences
    assert any("counting begins with the next one" in sentence for sentence in saturday)
    back = prove(ask("3 working days before", day("2026-05-04"))).sentences
    assert any("counting begins with the last one before it" in sentence for sentence in back)


def test_guide_says_that_it_is_never_overdue() -> None:
    assert any("never shown as overdue" in each for each in prove(ask("about 2 weeks", day("2026-05-01"))).sentences)


BETWEEN = [
    ("2026-04-30", "2026-05-12", 7),
    ("2026-05-12", "2026-04-30", -7),
    ("2026-04-30", "2026-04-30", 0),
    ("2026-05-01", "2026-05-04", 0),  # a weekend and a bank holiday
    ("2026-05-01", "2026-05-05", 1),
]


@pytest.mark.parametrize(("a", "b", "expected"), BETWEEN)
def test_working_days_between_counts_after_the_first_and_with_the_second(a: str, b: str, expected: int) -> None:
    assert working_days_between(day(a), day(b), ENGLAND) == expected


def test_working_days_between_refuses_outside_the_calendar() -> None:
    with pytest.raises(OutsideCalendar, match="1 January 2030"):
        working_days_between(day("2028-01-01"), day("2030-01-01"), ENGLAND)


BAD_BULK = [
    (["2026-04-30", "2011-01-01"], 5, OutsideCalendar, "1 January 2011"),
    (["2026-04-30", "2031-01-01"], 5, OutsideCalendar, "1 January 2031"),
    (["2028-12-28"], 5, OutsideCalendar, "1 January 2029"),
    (["2026-04-30", "NaT"], 5, OutsideCalendar, "holds no date"),
    (["2026-04-30"], 0, ClockError, "1 or more"),
]


@pytest.mark.parametrize(("starts", "number", "error", "sentence"), BAD_BULK)
def test_bulk_refuses_whole_when_one_start_cannot_be_answered(
    starts: list[str], number: int, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        due_many(np.array(starts, dtype="datetime64[D]"), number, ENGLAND)


def test_bulk_counts_each_start_for_itself() -> None:
    starts = np.array(["2026-04-30", "2026-05-01"], dtype="datetime64[D]")
    assert due_many(starts, 7, ENGLAND).tolist() == [day("2026-05-12"), day("2026-05-13")]


def test_bulk_of_nothing_is_nothing() -> None:
    assert due_many(np.array([], dtype="datetime64[D]"), 5, ENGLAND).size == 0


def test_due_date_and_calendar_cannot_be_changed() -> None:
    for value, name in ((ask("1 calendar day", day("2026-04-30")), "date"), (ENGLAND, "last")):
        with pytest.raises(AttributeError):
            setattr(value, name, day("2035-12-31"))


def test_unknown_nation_is_refused_with_those_we_have() -> None:
    with pytest.raises(UnknownNation, match=r'no calendar for "france"\. Choose one of: england-and-wales'):
        load("france")


@pytest.mark.parametrize("nation", NATIONS)
def test_shipped_calendar_carries_its_source_and_date(nation: str) -> None:
    calendar = load(nation)
    assert "GOV.UK" in calendar.source
    assert calendar.as_of >= date(2026, 1, 1)
    assert (calendar.first, calendar.last) == (date(2012, 1, 1), date(2028, 12, 31))


def test_shipped_files_are_what_the_packed_data_makes() -> None:
    assert {nation: (HERE / f"{nation}.toml").read_text("utf-8") for nation in NATIONS} == texts()


def test_day_proclaimed_and_not_packed_is_said_in_the_source_and_stands_once() -> None:
    scotland = load("scotland")
    assert scotland.why_not(day("2026-06-15")) == "World Cup bank holiday"
    assert scotland.source.endswith("govuk-bank-holidays 0.19, with the World Cup bank holiday of 2026")
    added = [{"date": "2026-06-15", "title": "World Cup bank holiday"}]
    packed = [{"date": "2026-05-25", "title": "Spring bank holiday"}, {"date": "2026-08-03", "title": "Summer"}]
    assert [event["date"] for event in with_those(added, packed)] == ["2026-05-25", "2026-06-15", "2026-08-03"]
    with pytest.raises(ValueError, match="2026-06-15 is packed by now: take it out"):
        with_those(added, [*packed, *added])


def test_year_that_is_only_begun_does_not_count_as_covered() -> None:
    days = {"New Year’s Day": "2028-01-03", "Christmas Day": "2028-12-25", "Boxing Day": "2028-12-26"}
    whole = [{"title": title, "date": date} for title, date in days.items()]
    begun = [{"title": "New Year’s Day", "date": "2029-01-01"}]
    assert whole_years(whole + begun) == [2028]


def test_a_threshold_of_ours_is_about_five_days_a_week_where_no_bank_holiday_is_known() -> None:
    england = load("england-and-wales")
    assert about_working_days_from(date(2026, 4, 30), 2, england) == date(2026, 5, 5)
    assert about_working_days_from(date(2029, 6, 4), 10, england) == date(2029, 6, 18)
    assert about_working_days_from(date(2029, 6, 4), -10, england) == date(2029, 5, 21)
