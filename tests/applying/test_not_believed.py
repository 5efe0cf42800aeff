"""What a file says beside what is on file, and beside its own other rows: days that cannot be, and another child.

Each is undone, and all is as it was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tests.applying.by_hand import (
    ANOTHER,
    LATER,
    SECOND,
    THIRD,
    a_file,
    all_facts,
    brought_in,
    care,
    checked,
    child,
    meeting,
    member,
    plan,
    sentences,
)
from tests.cast import Cast, westmarch
from undrift.applying.from_file import NotApplied, apply_check, undo
from undrift.children.models import Child, Conference, CoreGroupMember, ImportTold, LookedAfter, Plan
from undrift.intake.extract import Meeting

pytestmark = pytest.mark.django_db

GRACE, IMRAN = "grace.ollerton@westmarch.example", "imran.dastgir@westmarch.example"
BORN = date(2016, 9, 3)
BEGAN = date(2025, 12, 4)
WREN: dict[str, Any] = {"born": BORN, "first_name": "Wren", "last_name": "Ashdown", "sex": "F"}


@dataclass(frozen=True)
class Pair:
    """What the second file says; what is on file after it, by kind; what is said, and how often it asks."""

    called: str
    first: Sequence[Any]
    then: Sequence[Any]
    facts: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    said: str = ""
    asked: int = 0
    whole: bool = True


ANOTHER_CHILD = "is another child's than those on file under this number"
BESIDE = "a plan that began 02/03/2026 would run beside the one that began 04/12/2025"
TWICE = "say otherwise than an earlier row about the same"

PAIRS = [
    # A plan's days
    Pair("start and end both put right, past the end on file",
         [plan(source_key="A", starts=date(2024, 1, 1), ends=date(2024, 9, 1))],
         [plan(source_key="A", starts=date(2025, 1, 1), ends=date(2025, 6, 1))],
         {"plans": [(date(2025, 1, 1), date(2025, 6, 1))]}),
    Pair("start and end both put right, before the start on file",
         [plan(source_key="A", starts=date(2025, 1, 1), ends=date(2025, 6, 1))],
         [plan(source_key="A", starts=date(2024, 1, 1), ends=date(2024, 9, 1))],
         {"plans": [(date(2024, 1, 1), date(2024, 9, 1))]}),
    Pair("a start past the end that stays",
         [plan(source_key="A", starts=date(2024, 1, 1), ends=date(2024, 9, 1))],
         [plan(source_key="A", starts=date(2025, 1, 1))], {"plans": [(date(2024, 1, 1), date(2024, 9, 1))]},
         "the plan would begin on 01/01/2025 and end on 01/09/2024", asked=2),
    Pair("a plan long before the birth on file", [child(born=BORN), plan()],
         [plan(), plan(row=3, starts=date(2014, 1, 1), ends=date(2014, 9, 1))], {},
         "the plan that began 01/01/2014 starts 976 days before the date of birth"),
    Pair("a birth long after a plan that only is on file", [child(born=BORN), plan(starts=date(2020, 1, 1))],
         [child(born=date(2024, 5, 1))], {"born": [date(2024, 5, 1)]}, "starts 1582 days before the date of birth"),
    Pair("a plan after the death on file", [child(died=date(2026, 4, 1)), plan(ends=date(2026, 4, 1))],
         [plan(ends=date(2026, 4, 1)), plan(row=3, starts=date(2026, 5, 1))], {},
         "plan starts 01/05/2026, after the child's date of death 01/04/2026 (DfE 8915)"),
    # Two plans of a child do not run at once
    Pair("a plan beside one that only is on file", [plan()], [plan(starts=date(2026, 3, 2))],
         {"plans": [(BEGAN, None)]}, BESIDE, asked=1, whole=False),
    Pair("an earlier plan beside one that only is on file", [plan()], [plan(starts=date(2025, 3, 2))],
         {"plans": [(BEGAN, None)]}, "a plan that began 02/03/2025 would run beside the one that began 04/12/2025",
         asked=1),
    Pair("a plan beside one that the file has, and has not ended", [plan()],
         [plan(starts=date(2026, 3, 2)), plan(row=3)], {"plans": [(BEGAN, None)]}, BESIDE, asked=1),
    Pair("a plan after one that the file ends, in whatever order", [plan()],
         [plan(starts=date(2026, 3, 2)), plan(row=3, ends=date(2026, 2, 20))],
         {"plans": [(BEGAN, date(2026, 2, 20)), (date(2026, 3, 2), None)]}),
    Pair("a plan that has ended while another runs", [plan()],
         [plan(), plan(row=3, starts=date(2026, 1, 5), ends=date(2026, 2, 20))],
         {"plans": [(BEGAN, None), (date(2026, 1, 5), date(2026, 2, 20))]}),
    Pair("of two that run in the file the later one begins", [child()], [plan(starts=date(2026, 3, 2), row=3), plan()],
         {"plans": [(date(2026, 3, 2), None)]}, "a plan that began 04/12/2025 would run beside the one that began"
         " 02/03/2026", asked=1),
    Pair("two of one start are one still", [plan("90002")], [plan(), plan("090001", row=3)],
         {"plans": [(BEGAN, None)]}, "written differently"),
    # Births and deaths
    Pair("not yet born, and on file as born", [child(born=date(2026, 5, 1)), plan()],
         [child(expected=date(2026, 6, 1)), plan()], {"expected": [None], "born": [date(2026, 5, 1)]},
         "on file as born"),
    Pair("born on a day to come, and on file as born", [child(born=date(2026, 5, 1)), plan()],
         [child(born=date(2026, 6, 1)), plan()], {"expected": [None], "born": [date(2026, 5, 1)]}, "on file as born"),
    Pair("a death before the birth on file", [child(born=BORN), plan()], [child(died=date(2010, 1, 1)), plan()],
         {"died": [None]}, "date of death 01/01/2010 is before the date of birth 03/09/2016 (DfE 8535Q)"),
    Pair("a birth after the death on file", [child(died=date(2026, 4, 1)), plan()],
         [child(born=date(2026, 4, 9)), plan()],
         {"born": [None]}, "date of death 01/04/2026 is before the date of birth 09/04/2026 (DfE 8535Q)"),
    # Another child under the number
    Pair("birth and both names of another child", [child(**WREN), plan()],
         [child(born=date(2009, 1, 1), first_name="Tom", last_name="Bell", sex="M"), plan(latest_category="NEG")],
         {"born": [BORN], "first names": ["Wren"], "categories": [""]}, ANOTHER_CHILD),
    Pair("birth and sex of another child, without names", [child(born=BORN, sex="F"), plan()],
         [child(born=date(2009, 1, 1), sex="M"), plan()], {"born": [BORN]}, ANOTHER_CHILD),
    Pair("another birth alone is put right", [child(**WREN), plan()],
         [child(**WREN | {"born": date(2016, 3, 9)}), plan()], {"born": [date(2016, 3, 9)]}),
    Pair("another birth and one name, as after an adoption in the family", [child(**WREN), plan()],
         [child(**WREN | {"born": date(2016, 3, 9), "last_name": "Bell"}), plan()], {"born": [date(2016, 3, 9)]}),
    # Rows that contradict each other
    Pair("one plan under two ways of writing the number", [plan()],
         [plan(latest_category="NEG"), plan("090001", row=3, latest_category="EMO")], {"categories": ["NEG"]}, TWICE),
    Pair("one child under two ways of writing the number", [plan()],
         [child(first_name="Wren"), child("090001", row=3, first_name="Lark"), plan()], {"first names": ["Wren"]},
         TWICE),
    Pair("two chairs of one conference", [plan()], [plan(), meeting(chair=GRACE), meeting(row=3, chair=IMRAN)],
         {"chairs": [GRACE]}, TWICE),
    Pair("two days of one meeting", [plan()],
         [plan(), meeting(meeting_key="M1", day=date(2026, 2, 2)),
          meeting(row=3, meeting_key="M1", day=date(2026, 3, 2))],
         {"held": ["2026-02-02"], "reviews": [(date(2026, 2, 2), 1)]}, TWICE),
    Pair("two of a time looked after", [plan()], [plan(), care(iro=GRACE), care("090001", row=3, iro=IMRAN)],
         {"care": [(date(2026, 1, 5), None)]}, TWICE),
    # Conferences
    Pair("a conference that was held, planned under its key", [plan(), meeting(source_key="R1")],
         [plan(), meeting(source_key="R1", day=date(2026, 5, 20), held=False)],
         {"held": ["2026-02-26"], "planned": [None]},
         "planned for 20/05/2026 in the file, and was held on 26/02/2026 here", asked=1),
    Pair("the day of a review put right is one review still", [plan(), meeting(source_key="R1")],
         [plan(), meeting(source_key="R1", day=date(2026, 2, 27))],
         {"held": ["2026-02-27"], "reviews": [(date(2026, 2, 27), 1)]}),
    Pair("the day of a review put right without a number is one review still", [plan(), meeting()],
         [plan(), meeting(day=date(2026, 2, 27))],
         {"held": ["2026-02-27"], "reviews": [(date(2026, 2, 27), 1)]},
         "the review conference of 26/02/2026 is of 27/02/2026 in the file, which has the other day no more"),
    Pair("the day of an initial conference too, earlier", [plan(), meeting(kind=Meeting.INITIAL)],
         [plan(), meeting(kind=Meeting.INITIAL, day=date(2026, 2, 24))], {"held": ["2026-02-24"]},
         "the initial conference of 26/02/2026 is of 24/02/2026 in the file"),
    Pair("one that was planned is moved", [plan(), meeting(day=date(2026, 5, 20), held=False)],
         [plan(), meeting(day=date(2026, 5, 27), held=False)], {"planned": ["2026-05-27"]},
         "the review conference of 20/05/2026 is of 27/05/2026 in the file"),
    Pair("another review beside it in the file is another", [plan(), meeting()],
         [plan(), meeting(), meeting(row=3, day=date(2026, 3, 5))], {"held": ["2026-02-26", "2026-03-05"]}),
    Pair("a number of the source's own is another", [plan(), meeting(source_key="R1")],
         [plan(), meeting(source_key="R2", day=date(2026, 3, 5))], {"held": ["2026-02-26", "2026-03-05"]}),
    Pair("a review half a year on is another", [plan(), meeting(day=date(2025, 12, 20))],
         [plan(), meeting(day=date(2026, 5, 8))], {"held": ["2025-12-20", "2026-05-08"]}),
    Pair("the number of a meeting under a brother's or sister's, and its day put right",
         [child(family_key="F"), plan(), meeting(meeting_key="M1")],
         [child(family_key="F"), plan(), meeting(meeting_key="M1", day=date(2026, 2, 27)),
          child("80001", row=3, family_key="F"), meeting("80001", row=3, meeting_key="M1", day=date(2026, 2, 27))],
         {"held": ["2026-02-27"]}),
    # The team and the worker beside a conference
    Pair("the team of a conference's row, where no row of the plan tells it", [plan()],
         [meeting(kind=Meeting.INITIAL, team="North", worker="Hannah Quill")],
         {"team": [("North", "North", "Hannah Quill")]}),
    Pair("a team nobody knows is text, and said", [plan()], [meeting(kind=Meeting.INITIAL, team="Elsewhere")],
         {"team": [(None, "Elsewhere", "")]}, "the team in row 2 is no unit of Westmarch"),
    Pair("the plan's own row is believed before it", [plan()],
         [plan(team="North", worker="Dev Marchetti"),
          meeting(kind=Meeting.INITIAL, team="South", worker="Hannah Quill")],
         {"team": [("North", "North", "Dev Marchetti")]}),
    Pair("of a plan that has ended nothing is told by it", [plan(ends=date(2026, 5, 1))],
         [meeting(kind=Meeting.INITIAL, team="North", worker="Hannah Quill")], {"team": [(None, "", "")]},
         "the child in row 2 has no plan that runs, with which a team and a worker are kept"),
    # Core groups
    Pair("an address and somebody else's name", [plan()], [plan(), member(email=GRACE, name="Imran Dastgir")],
         {"members": []}, "Core group row 2, child 90001, Email: the address is of somebody with another name"),
    Pair("an address and the name written otherwise", [plan()], [plan(), member(email=GRACE, name="Ms OLLERTON, G.")],
         {"members": [(date(2025, 12, 4), None)]}),
    Pair("an address and another agency", [plan()],
         [plan(), member(email=GRACE, agency="Westmarch Community Health", starts=date(2026, 1, 5))],
         {"members": [(date(2026, 1, 5), None)]}, "the agency in row 2 is another than the one of whoever signs in"),
    Pair("an earlier time in the core group ends no later one", [plan(), member(name="V", starts=date(2026, 1, 5))],
         [plan(), member(name="V", starts=date(2024, 1, 1), ends=date(2024, 6, 1))],
         {"members": [(date(2024, 1, 1), date(2024, 6, 1)), (date(2026, 1, 5), None)]}),
    Pair("in the core group twice at once is in it once", [plan()],
         [plan(), member(name="V", starts=date(2026, 1, 5)), member(name="V", row=3, starts=date(2026, 2, 2))],
         {"members": [(date(2026, 1, 5), None)]}),
    Pair("out and in again on one day", [plan()],
         [plan(), member(name="V", starts=date(2026, 1, 5), ends=date(2026, 2, 2)),
          member(name="V", row=3, starts=date(2026, 2, 2))],
         {"members": [(date(2026, 1, 5), date(2026, 2, 2)), (date(2026, 2, 2), None)]}),
    # Looked after
    Pair("an address and the name of another reviewing officer", [plan()],
         [plan(), care(iro=GRACE, iro_name="Imran Dastgir")], {"care": [(date(2026, 1, 5), None)], "iro": [(None, "")]},
         "Imported without them"),
    Pair("looked after twice at once in one file", [plan()], [plan(), care(), care(row=3, starts=date(2026, 2, 2))],
         {"care": [(date(2026, 1, 5), None)]}, "looked after from 02/02/2026 in the file", asked=1),
    Pair("an end that would reach into the next time",
         [plan(), care(ends=date(2026, 2, 1)), care(row=3, starts=date(2026, 3, 1))],
         [plan(), care(ends=date(2026, 4, 1))],
         {"care": [(date(2026, 1, 5), date(2026, 2, 1)), (date(2026, 3, 1), None)]},
         "from 05/01/2026 in the file, and from 01/03/2026 here", asked=1),
]  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return westmarch()


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair.called) for pair in PAIRS])
def test_what_is_taken_what_is_said_and_that_it_is_undone_and_said_again(pair: Pair, cast: Cast) -> None:
    brought_in(a_file(*pair.first), cast.authority)
    before = all_facts(cast.authority)
    file = a_file(*pair.then, as_at=LATER, whole=pair.whole)
    run = brought_in(file, cast.authority, at=SECOND)
    assert {name: on_file(name) for name in pair.facts} == dict(pair.facts)
    assert pair.said in " ".join(sentences(run))
    assert run.counts["asked"] == pair.asked
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == before
    again = brought_in(file, cast.authority, at=THIRD)
    after = all_facts(cast.authority)
    assert again.counts == run.counts
    brought_in(file, cast.authority, at=THIRD)
    assert all_facts(cast.authority) == after


def many(number: int, **said: Any) -> list[Any]:
    return [plan(str(91000 + n), row=2 + n, **said) for n in range(number)]


def test_a_list_in_which_every_child_has_another_plan_is_not_believed_at_once(cast: Cast) -> None:
    brought_in(a_file(*many(20)), cast.authority)
    check = checked(a_file(*many(20, starts=date(2026, 4, 12)), as_at=LATER), cast.authority, at=SECOND)
    assert (check.counts["missing"], check.counts["brake"]) == (20, 1)
    with pytest.raises(NotApplied, match="20 are missing from the file"):
        apply_check(check, at=SECOND, by=None)
    assert Plan.objects.filter(child__external_id__startswith="91").count() == 20


def test_another_format_that_has_a_conference_on_another_day_is_asked_about(cast: Cast) -> None:
    brought_in(a_file(plan(), meeting()), cast.authority)
    before = all_facts(cast.authority)["Conference"]
    file = a_file(plan(), meeting(day=date(2026, 2, 27)), as_at=LATER, source=ANOTHER)
    run = brought_in(file, cast.authority, at=SECOND)
    assert run.counts["asked"] == 1
    assert "is of 27/02/2026 in the file, and one was held on 26/02/2026 here" in " ".join(sentences(run))
    assert all_facts(cast.authority)["Conference"] == before
    both = a_file(plan(), meeting(), meeting(row=3, day=date(2026, 2, 27)), as_at=LATER, source=ANOTHER)
    assert brought_in(both, cast.authority, at=THIRD).counts["conference_new"] == 1
    assert brought_in(file, cast.authority, at=THIRD).counts["asked"] == 0


def test_a_plan_for_a_conference_that_an_older_file_has_is_none_of_another_one(cast: Cast) -> None:
    held = meeting(day=date(2026, 5, 12))
    brought_in(a_file(plan(), held, as_at=LATER), cast.authority)
    before = all_facts(cast.authority)["Conference"]
    older = a_file(plan(), meeting(day=date(2026, 5, 8), held=False))
    run = brought_in(older, cast.authority, at=SECOND)
    assert "what row 2 says is older than what is known" in " ".join(sentences(run))
    assert all_facts(cast.authority)["Conference"] == before


KNOWN_AS = [child(born=BORN), plan()]
OF_ANOTHER = [
    ("had before, of one birth", [child("70001", former_ids=("90001",), born=BORN), plan("70001")], "before"),
    ("had before", [child("70001", former_ids=("90001",)), plan("70001")], "before"),
    ("who is missing", [child("70001", born=BORN), plan("70001")], "new"),
    ("written otherwise", [child("090001"), plan("090001")], "written differently"),
]


@pytest.mark.parametrize(("then", "word"), [one[1:] for one in OF_ANOTHER], ids=[one[0] for one in OF_ANOTHER])
def test_what_a_row_tells_of_a_child_on_file_is_kept_with_that_child(
    then: Sequence[Any], word: str, cast: Cast
) -> None:
    """Else it would be told to those to whom that child is closed."""
    brought_in(a_file(*KNOWN_AS), cast.authority)
    run = brought_in(a_file(*then, as_at=LATER), cast.authority, at=SECOND)
    told = [one for one in ImportTold.objects.filter(run=run) if word in one.said["found"]]
    assert told
    for one in told:
        assert one.child == Child.objects.get(external_id="90001")
        assert one.in_file is False


def test_a_plan_said_by_page_is_missing_from_the_list_that_has_another(cast: Cast) -> None:
    brought_in(a_file(*many(20)), cast.authority)
    on_file = Plan.objects.filter(child__authority=cast.authority).exclude(child__external_id__startswith="91")
    by_page = [plan.child.external_id for plan in on_file.exclude(child__external_id="").select_related("child")]
    others = [plan(number, row=50 + n, starts=date(2026, 4, 12)) for n, number in enumerate(by_page)]
    check = checked(a_file(*many(20), *others, as_at=LATER), cast.authority, at=SECOND)
    guarded = Child.objects.filter(external_id__in=by_page, restricted=True).count()
    assert (check.counts["asked"], check.counts["missing"]) == (len(by_page), len(by_page) - guarded)


def on_file(name: str) -> list[Any]:
    """Of child 90001, each kind in the order of its days."""
    of_child: dict[str, Any] = {"child__external_id": "90001"}
    of_family: dict[str, Any] = {"family__children__external_id": "90001"}
    children = Child.objects.filter(external_id="90001")
    plans = Plan.objects.filter(**of_child).order_by("starts")
    conferences = Conference.objects.filter(**of_family).order_by("held_on")
    match name:
        case "plans":
            return list(plans.values_list("starts", "ends"))
        case "categories":
            return list(plans.values_list("latest_category", flat=True))
        case "reviews":
            return list(plans.values_list("latest_review", "reviews_held"))
        case "held":
            return [f"{one.held_on:%Y-%m-%d}" for one in conferences]
        case "planned":
            return [one.planned_for and f"{one.planned_for:%Y-%m-%d}" for one in conferences]
        case "team":
            return list(plans.values_list("team__name", "team_text", "worker_text"))
        case "iro":
            return list(LookedAfter.objects.filter(**of_child).values_list("iro", "iro_name"))
        case "chairs":
            return list(conferences.values_list("chair__email", flat=True))
        case "members":
            times = CoreGroupMember.objects.filter(**of_child).order_by("starts")
            return list(times.values_list("starts", "ends"))
        case "care":
            return list(LookedAfter.objects.filter(**of_child).order_by("starts").values_list("starts", "ends"))
    columns = {"born": "date_of_birth", "expected": "expected_birth", "died": "died_on", "first names": "first_name"}
    return list(children.values_list(columns[name], flat=True))
