"""First this file, then that one: what comes of each pair, and that undoing the second leaves what the first had left.

The first is of 6 May 2026 and the second of 13 May, unless a pair says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from tests.applying.by_hand import (
    ANOTHER,
    AS_AT,
    LATER,
    SECOND,
    THIRD,
    a_file,
    all_facts,
    brought_in,
    child,
    meeting,
    member,
    plan,
    sentences,
)
from tests.cast import Cast, westmarch
from undrift.applying.from_file import undo
from undrift.children.models import Child, FactChange, Plan

pytestmark = pytest.mark.django_db

BEGAN = date(2025, 12, 4)
EARLIER = date(2026, 4, 29)
GRACE, IMRAN = "grace.ollerton@westmarch.example", "imran.dastgir@westmarch.example"
BORN = date(2016, 9, 3)


@dataclass(frozen=True)
class Pair:
    """What the second file says, what the facts are after it, and what is said and asked of it.

    A fact is named by its thing and field: "plan ends", "child sex", "plan team__name". Where nothing is to be said of
    the second, nothing is.
    """

    called: str
    first: Sequence[Any]
    then: Sequence[Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""
    asked: int = 0
    changed: Mapping[str, int] = field(default_factory=dict)
    first_day: date = AS_AT
    day: date = LATER
    source: str = "by-hand"
    children: int = 1


OLDER = [
    Pair("category", [plan(latest_category="NEG")], [plan(latest_category="EMO")], {"plan latest_category": "NEG"},
         "what row 2 says is older than what is known", day=EARLIER),
    Pair("chair", [plan(chair=GRACE)], [plan(chair=IMRAN)], {"plan chair__email": GRACE}, "older", day=EARLIER),
    Pair("team", [plan(team="North")], [plan(team="South")], {"plan team__name": "North"}, "older", day=EARLIER),
    Pair("end", [plan(ends=date(2026, 4, 20))], [plan()], {"plan ends": date(2026, 4, 20)}, "older", day=EARLIER),
    Pair("an end after the older file's day", [plan(ends=date(2026, 5, 1))], [plan()],
         {"plan ends": date(2026, 5, 1)}, "one of 06/05/2026 has been imported already", day=EARLIER),
    Pair("another end", [plan(ends=date(2026, 4, 20))], [plan(ends=date(2026, 4, 21))],
         {"plan ends": date(2026, 4, 20)}, "older", day=EARLIER),
    Pair("an end that the younger file does not have", [plan()], [plan(ends=date(2026, 4, 20))],
         {"plan ends": None}, "older", day=EARLIER),
    Pair("birth", [child(born=BORN), plan()], [child(born=date(2016, 9, 4)), plan()],
         {"child date_of_birth": BORN}, "older", day=EARLIER),
    Pair("by another format", [plan(latest_category="NEG")], [plan(latest_category="EMO")],
         {"plan latest_category": "NEG"}, "older", day=EARLIER, source=ANOTHER),
    Pair("what the younger file has no column for is taken", [plan()], [plan(latest_category="EMO")],
         {"plan latest_category": "EMO"}, "one of 06/05/2026 has been imported already", day=EARLIER,
         changed={"plan_updated": 1}),
    Pair("a plan that runs and that the younger file did not have", [plan()], [plan(), plan("90002", row=3)], {},
         "runs in this file, and a younger file did not have it", asked=1, day=EARLIER, children=2,
         changed={"child_new": 1}),
    Pair("a plan that is over comes in", [plan()], [plan(starts=date(2024, 1, 8), ends=date(2024, 9, 2)), plan(row=3)],
         {"plan ends": None}, "one of 06/05/2026 has been imported already", day=EARLIER, changed={"plan_new": 1}),
]  # fmt: skip

BLANK = [
    Pair("visit", [plan(last_visit=date(2026, 4, 20))], [plan(last_visit=None)],
         {"plan last_visit": date(2026, 4, 20)}, "1 cell is empty where something is known: row 2"),
    Pair("category", [plan(latest_category="NEG")], [plan(latest_category="")], {"plan latest_category": "NEG"},
         "1 cell is empty"),
    Pair("review", [plan(latest_review=date(2026, 2, 26))], [plan(latest_review=None)],
         {"plan latest_review": date(2026, 2, 26)}, "1 cell is empty"),
    Pair("team", [plan(team="North")], [plan(team="")], {"plan team__name": "North", "plan team_text": "North"},
         "1 cell is empty"),
    Pair("chair", [plan(chair=GRACE)], [plan(chair="")], {"plan chair__email": GRACE}, "1 cell is empty"),
    Pair("worker", [plan(worker="As written")], [plan(worker="")], {"plan worker_text": "As written"},
         "1 cell is empty"),
    Pair("birth", [child(born=BORN), plan()], [child(born=None), plan()], {"child date_of_birth": BORN},
         "1 cell is empty"),
    Pair("names", [child(first_name="Wren", last_name="Ashdown"), plan()], [child(first_name="", last_name=""), plan()],
         {"child first_name": "Wren", "child last_name": "Ashdown"}, "1 cell is empty"),
    Pair("sex, which is often left out", [child(sex="F"), plan()], [child(sex="U"), plan()], {"child sex": "F"}),
    Pair("the number of plans before", [plan(previous_plans=2)], [plan(previous_plans=0)], {"plan previous_plans": 2}),
    Pair("death", [child(died=date(2026, 5, 1)), plan()], [child(died=None), plan()],
         {"child died_on": date(2026, 5, 1)}, "1 cell is empty"),
    Pair("whether seen alone belongs to the visit", [plan(last_visit=date(2026, 4, 20), seen_alone="yes")],
         [plan(last_visit=date(2026, 5, 8), seen_alone="unknown")],
         {"plan last_visit": date(2026, 5, 8), "plan seen_alone": "unknown"}, changed={"plan_updated": 1}),
]  # fmt: skip

OVER = plan(ends=date(2026, 5, 1))
REOPENED = [
    Pair("by the next file", [OVER], [plan()], {"plan ends": date(2026, 5, 1)},
         "the plan that began 04/12/2025 ended on 01/05/2026 here, and the file says that it runs", asked=1),
    Pair("by another format", [OVER], [plan()], {"plan ends": date(2026, 5, 1)}, "says that it runs", asked=1,
         source=ANOTHER),
    Pair("by a file of the same day", [OVER], [plan()], {"plan ends": date(2026, 5, 1)}, "says that it runs", asked=1,
         day=AS_AT),
    Pair("with other facts, which are taken", [OVER], [plan(latest_category="PHY")],
         {"plan ends": date(2026, 5, 1), "plan latest_category": "PHY"}, "says that it runs", asked=1,
         changed={"plan_updated": 1}),
    Pair("another end is an end put right", [OVER], [plan(ends=date(2026, 5, 4))], {"plan ends": date(2026, 5, 4)},
         changed={"plan_updated": 1}),
    Pair("a second plan is a plan of its own", [OVER], [OVER, plan(row=3, starts=date(2026, 5, 7))],
         {"plan ends": date(2026, 5, 1)}, changed={"plan_new": 1}),
    Pair("two of two", [OVER, plan("90002", row=3, ends=date(2026, 5, 1))], [plan(), plan("90002", row=3)],
         {"plan ends": date(2026, 5, 1)}, "says that it runs", asked=2, children=2),
    Pair("no column for it", [OVER], [replace(plan(latest_category="PHY"), given=frozenset({"latest_category"}))],
         {"plan ends": date(2026, 5, 1), "plan latest_category": "PHY"}, changed={"plan_updated": 1}),
]  # fmt: skip


def known_as(number: str, **said: Any) -> list[Any]:
    return [child(number, **said), plan(number)]


WRITTEN = [
    Pair("noughts", known_as("0090001"), known_as("90001"), {}, "the child's number in row 2 is written differently"),
    Pair("noughts that come", known_as("90001"), known_as("00090001"), {}, "written differently"),
    Pair("a number with a point", known_as("90001"), known_as("90001.0"), {}, "written differently"),
    Pair("capitals", known_as("CH90001"), known_as("ch90001"), {}, "written differently"),
    Pair("spaces", known_as("CH 90001"), known_as("CH90001"), {}, "written differently"),
    Pair("with a birth that is the same", known_as("090001", born=BORN), known_as("90001", born=BORN), {},
         "Met with the child on file"),
    Pair("with a birth that is another", known_as("090001", born=BORN), known_as("90001", born=date(2010, 1, 1)), {},
         "differs from that of another child only in the way it is written"),
    Pair("another letter is another child", known_as("CH1"), known_as("CX1"), {}, "is now missing", children=2,
         changed={"child_new": 1, "plan_new": 1}),
    Pair("twice in one file", known_as("90009"), [*known_as("90009"), child("90001"), plan("090001", row=4)], {},
         "written differently", children=2, changed={"child_new": 1, "plan_new": 1}),
]  # fmt: skip

NEW_NUMBER = [
    Pair("with the same birth and start", known_as("90001", born=BORN), known_as("70001", born=BORN), {},
         "who is new, has the same birth and start of the plan", asked=1, children=2,
         changed={"child_new": 1, "plan_new": 1}),
    Pair("with the same names too", known_as("90001", born=BORN, first_name="Wren"),
         known_as("70001", born=BORN, first_name="WREN"), {}, "who is new, has the same birth", asked=1, children=2,
         changed={"child_new": 1, "plan_new": 1}),
    Pair("with another name is another child", known_as("90001", born=BORN, first_name="Wren"),
         known_as("70001", born=BORN, first_name="Lark"), {}, "is now missing from the list", children=2,
         changed={"child_new": 1, "plan_new": 1}),
    Pair("with another birth is another child", known_as("90001", born=BORN), known_as("70001", born=date(2012, 1, 1)),
         {}, "is now missing from the list", children=2, changed={"child_new": 1, "plan_new": 1}),
    Pair("with another start is another child", known_as("90001", born=BORN),
         [child("70001", born=BORN), plan("70001", starts=date(2026, 3, 2))], {}, "is now missing", children=2,
         changed={"child_new": 1, "plan_new": 1}),
    Pair("beside the old one is another child: twins", known_as("90001", born=BORN),
         [*known_as("90001", born=BORN), *known_as("70001", born=BORN)], {},
         children=2, changed={"child_new": 1, "plan_new": 1}),
    Pair("that the source says was another, with the same birth, is the child on file", known_as("90001", born=BORN),
         [child("70001", former_ids=("90001",), born=BORN), plan("70001", latest_category="NEG")],
         {"plan latest_category": "NEG"}, "under a number that the file says they had before",
         changed={"plan_updated": 1}),
    Pair("that the source says was another", known_as("90001"), [child("70001", former_ids=("90001",)), plan("70001")],
         {}, "had this number before, and this child is on file. If they are one child, say so on the"
         " child's page under Allocation", asked=1, children=2,
         changed={"child_new": 1, "plan_new": 1}),
]  # fmt: skip

TWO_FORMATS = [
    Pair("the same start is the same plan", [plan()], [plan(latest_category="NEG")], {"plan latest_category": "NEG"},
         source=ANOTHER, changed={"plan_updated": 1}),
    Pair("the same under a key of its own", [plan(source_key="A1")], [plan(source_key="B7", latest_category="NEG")],
         {"plan latest_category": "NEG"}, source=ANOTHER, changed={"plan_updated": 1}),
    Pair("a start three days later is asked", [plan()], [plan(starts=date(2025, 12, 7))], {"plan starts": BEGAN},
         "the plan begins on 07/12/2025 in the file, and on 04/12/2025 here", asked=1, source=ANOTHER),
    Pair("a start three days sooner is asked", [plan()], [plan(starts=date(2025, 12, 1))], {"plan starts": BEGAN},
         "the plan begins on 01/12/2025", asked=1, source=ANOTHER),
    Pair("by the same format too", [plan()], [plan(starts=date(2025, 12, 5))], {"plan starts": BEGAN}, "begins on",
         asked=1),
    Pair("the source's own key tells that the start was put right", [plan(source_key="A1")],
         [plan(source_key="A1", starts=date(2025, 12, 5))], {"plan starts": date(2025, 12, 5)},
         changed={"plan_updated": 1}),
    Pair("after the end it is another plan", [plan(ends=date(2025, 12, 5))],
         [plan(ends=date(2025, 12, 5)), plan(row=3, starts=date(2025, 12, 8))], {"plan ends": date(2025, 12, 5)},
         source=ANOTHER, changed={"plan_new": 1}),
    Pair("a month apart, beside one that runs, is asked", [plan()], [plan(starts=date(2026, 1, 5))],
         {"plan starts": BEGAN, "plan ends": None},
         "a plan that began 05/01/2026 would run beside the one that began 04/12/2025", asked=1, source=ANOTHER),
    Pair("one that has ended, in place of one that runs, is told", [plan()],
         [plan(starts=date(2024, 1, 8), ends=date(2024, 9, 2))], {"plan ends": None}, "the list now gives another plan",
         source=ANOTHER, changed={"plan_new": 1}),
    Pair("what one of them says still, and the other has changed, is kept",
         [plan(latest_category="NEG")], [plan(latest_category="NEG")], {"plan latest_category": "NEG"}, source=ANOTHER),
]  # fmt: skip

NOT_YET = [
    Pair("a start", [plan()], [plan(), plan("90002", row=3, starts=date(2026, 6, 1))], {},
         "row 3 tells of a day after the one that this file describes", children=2, changed={"child_new": 1}),
    Pair("an end", [plan()], [plan(ends=date(2026, 6, 1))], {"plan ends": None}, "it has not happened yet"),
    Pair("a visit", [plan(last_visit=date(2026, 4, 20))], [plan(last_visit=date(2026, 6, 1))],
         {"plan last_visit": date(2026, 4, 20)}, "it has not happened yet"),
    Pair("a review", [plan()], [plan(latest_review=date(2026, 6, 1))],
         {"plan latest_review": None, "plan reviews_held": 0}, "it has not happened yet"),
    Pair("a death", [child(), plan()], [child(died=date(2026, 6, 1)), plan()],
         {"child died_on": None, "child restricted": False}, "it has not happened yet"),
    Pair("a birth is expected", [child(), plan()], [child(born=date(2026, 6, 1)), plan()],
         {"child date_of_birth": None, "child expected_birth": date(2026, 6, 1)}, changed={"child_updated": 1}),
    Pair("a review conference is planned", [plan()], [plan(), meeting(day=date(2026, 6, 1))],
         {"plan latest_review": None, "plan reviews_held": 0}, changed={"conference_new": 1}),
    Pair("once the day has come it has happened", [child(born=date(2026, 5, 9)), plan()],
         [child(born=date(2026, 5, 10)), plan()],
         {"child date_of_birth": date(2026, 5, 10), "child expected_birth": date(2026, 5, 9)},
         changed={"child_updated": 1}),
]  # fmt: skip

DEATH = [
    Pair("is held, and the record restricted at once", [child(), plan()], [child(died=date(2026, 5, 10)), plan()],
         {"child died_on": date(2026, 5, 10), "child restricted": True}, "the child died on 10/05/2026",
         changed={"child_updated": 1}),
    Pair("of a child who comes in", [plan("90002")], [plan("90002"), child(died=date(2026, 5, 10)), plan(row=3)],
         {"child died_on": date(2026, 5, 10), "child restricted": True}, "restricted at once", children=2,
         changed={"child_new": 1, "plan_new": 1}),
    Pair("of a child whose record is restricted", [child(restricted=True), plan()],
         [child(died=date(2026, 5, 10)), plan()], {"child restricted": True}, "still restricted",
         changed={"child_updated": 1}),
    Pair("on another day", [child(died=date(2026, 5, 1)), plan()], [child(died=date(2026, 5, 2)), plan()],
         {"child died_on": date(2026, 5, 2)}, "died on 02/05/2026", changed={"child_updated": 1}),
    Pair("said again is nothing new", [child(died=date(2026, 5, 1)), plan()], [child(died=date(2026, 5, 1)), plan()],
         {"child died_on": date(2026, 5, 1)}),
    Pair("in an older file", [child(died=date(2026, 5, 1)), plan()], [child(died=date(2026, 4, 1)), plan()],
         {"child died_on": date(2026, 5, 1)}, "older", day=EARLIER),
]  # fmt: skip

RESTRICTED = [
    Pair("at once", [child(), plan()], [child(restricted=True), plan()], {"child restricted": True},
         changed={"child_updated": 1}),
    Pair("never lifted by a file", [child(restricted=True), plan()], [child(restricted=False), plan()],
         {"child restricted": True}, "the record is restricted here, and the file says that it is not", asked=1),
    Pair("not said", [child(restricted=True), plan()], [child(restricted=None), plan()], {"child restricted": True}),
    Pair("no column for it", [child(restricted=True), plan()], [plan()], {"child restricted": True}),
    Pair("in an older file too", [child(), plan()], [child(restricted=True), plan()], {"child restricted": True},
         "one of 06/05/2026 has been imported already", day=EARLIER, changed={"child_updated": 1}),
    Pair("of a child who comes in", [plan("90002")], [plan("90002"), child(restricted=True), plan(row=3)],
         {"child restricted": True}, children=2, changed={"child_new": 1, "plan_new": 1}),
]  # fmt: skip

TAKEN = [
    Pair("the same again", [plan(latest_category="NEG", team="North")], [plan(latest_category="NEG", team="North")]),
    Pair("an end", [plan()], [OVER], {"plan ends": date(2026, 5, 1)}, changed={"plan_updated": 1}),
    Pair("a category", [plan(latest_category="NEG")], [plan(latest_category="EMO")], {"plan latest_category": "EMO"},
         changed={"plan_updated": 1}),
    Pair("a move to another team", [plan(team="North")], [plan(team="South")],
         {"plan team__name": "South", "plan team_text": "South"}, changed={"plan_updated": 1}),
    Pair("a team that is no unit", [plan(team="North")], [plan(team="Locality 9")],
         {"plan team": None, "plan team_text": "Locality 9"}, "is no unit of Westmarch Council",
         changed={"plan_updated": 1}),
    Pair("a new chair", [plan(chair=GRACE)], [plan(chair=IMRAN.upper())], {"plan chair__email": IMRAN},
         changed={"plan_updated": 1}),
    Pair("a chair who is nobody here", [plan(chair=GRACE)], [plan(chair="nobody@elsewhere.example")],
         {"plan chair__email": GRACE}, "the email address in row 2 is nobody's who signs in to Westmarch Council"),
    Pair("a visit taken back by the source that told it", [plan(last_visit=date(2026, 5, 1))],
         [plan(last_visit=date(2026, 4, 1))], {"plan last_visit": date(2026, 4, 1)}, changed={"plan_updated": 1}),
    Pair("a visit before the one that another format told", [plan(last_visit=date(2026, 5, 1))],
         [plan(last_visit=date(2026, 4, 1))], {"plan last_visit": date(2026, 5, 1)}, "older", source=ANOTHER),
    Pair("a plan of a child who is nowhere", [plan()], [plan(), meeting("55555", row=9)], {},
         "no child with this number is on file"),
    Pair("reviews held are counted upwards alone", [plan(reviews_held=3)], [plan(reviews_held=1)],
         {"plan reviews_held": 3}),
    Pair("somebody in the core group", [plan()], [plan(), member(name="A Visitor", role="Health visitor")], {},
         changed={"core_group_new": 1}),
]  # fmt: skip

KINDS = {
    "older": OLDER, "blank": BLANK, "reopened": REOPENED, "written": WRITTEN, "new number": NEW_NUMBER,
    "two formats": TWO_FORMATS, "not yet": NOT_YET, "death": DEATH, "restricted": RESTRICTED, "taken": TAKEN,
}  # fmt: skip
PAIRS = [pytest.param(pair, id=f"{kind}: {pair.called}") for kind, pairs in KINDS.items() for pair in pairs]

CHANGED = [f"{thing}_{what}" for thing in ("child", "plan", "conference", "core_group") for what in ("new", "updated")]


@pytest.fixture
def cast() -> Cast:
    return westmarch()


@pytest.mark.parametrize("pair", PAIRS)
def test_what_comes_of_it_and_what_is_left_when_it_is_undone(pair: Pair, cast: Cast) -> None:
    children = Child.objects.count()
    brought_in(a_file(*pair.first, as_at=pair.first_day), cast.authority)
    before = all_facts(cast.authority)
    run = brought_in(a_file(*pair.then, as_at=pair.day, source=pair.source), cast.authority, at=SECOND)
    assert {name: run.counts[name] for name in CHANGED if run.counts[name]} == dict(pair.changed)
    assert {name: of(name) for name in pair.facts} == dict(pair.facts)
    assert pair.said in " ".join(sentences(run))
    assert pair.said or sentences(run) == []
    assert run.counts["asked"] == pair.asked
    assert Child.objects.count() - children == pair.children
    forwards = run.changes.count()
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == before
    assert run.changes.count() == 2 * forwards


@pytest.mark.parametrize("pair", PAIRS)
def test_the_second_file_once_more_changes_nothing(pair: Pair, cast: Cast) -> None:
    brought_in(a_file(*pair.first, as_at=pair.first_day), cast.authority)
    brought_in(a_file(*pair.then, as_at=pair.day, source=pair.source), cast.authority, at=SECOND)
    before, history = all_facts(cast.authority), FactChange.objects.count()
    run = brought_in(a_file(*pair.then, as_at=pair.day, source=pair.source), cast.authority, at=THIRD)
    assert {name: run.counts[name] for name in CHANGED if run.counts[name]} == {}
    assert (all_facts(cast.authority), FactChange.objects.count()) == (before, history)


def test_there_are_enough_pairs_of_each_kind() -> None:
    assert len(PAIRS) >= 60
    assert {kind: len(pairs) for kind, pairs in KINDS.items() if len(pairs) < 6} == {}


def of(name: str) -> Any:
    """A fact of child 90001, or of the plan that began on 4 December."""
    thing, _, path = name.partition(" ")
    if thing == "child":
        return Child.objects.values_list(path, flat=True).get(external_id="90001")
    plans = Plan.objects.filter(child__external_id="90001")
    found = plans.filter(starts=BEGAN) if plans.filter(starts=BEGAN).exists() else plans
    return found.values_list(path, flat=True).get()
