"""First this file, then that one, as real files of each format: older, empty, open again after the end, renumbered.

Each is checked and applied by the door that the page and the command use. `test_pairs.py` has the same kinds as values,
cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tests.applying.by_hand import FIRST, SECOND, THIRD, all_facts, sentences
from tests.applying.test_pairs_of_files import Sent, brought, workbook
from tests.cast import westmarch
from tests.intake import test_cin_census as xml
from tests.intake.csv_tables import as_csv, zipped
from tests.intake.test_ssd import PERSON, PLAN, REVIEW, VISIT
from undrift.applying.from_file import undo
from undrift.children.models import Child, FactChange, Plan
from undrift.people.models import Authority

pytestmark = pytest.mark.django_db

EARLIER, MAY, LATER = date(2026, 4, 29), date(2026, 5, 6), date(2026, 5, 13)
MARCH = "2026-03-31"
OVER = date(2026, 5, 1)
NUMBER, GRACE = "90001", "grace.ollerton@westmarch.example"


def annex_a(day: date = LATER, **row: Any) -> Sent:
    return Sent("annex-a", workbook(row).content, day)


def dataset(day: date = LATER, *, person: Mapping[str, str] = {}, visit: bool = True, **plan: str) -> Sent:
    """The dataset's tables in a zip, about child 90001; columns of a plan without their beginning."""
    whose = {**PERSON, "pers_person_id": NUMBER, "pers_legacy_id": "NULL", **person}
    number = whose["pers_person_id"]
    its_plan = {**PLAN, "cppl_person_id": number, **{f"cppl_cp_plan_{name}": value for name, value in plan.items()}}
    seen = {**VISIT, "cppv_person_id": number, **({} if visit else {"cppv_cp_visit_date": "NULL"})}
    tables = {
        "ssd_person": [whose],
        "ssd_cp_plans": [its_plan],
        "ssd_cp_reviews": [{**REVIEW, "cppr_person_id": number}],
        "ssd_cp_visits": [seen],
    }
    return Sent("ssd", zipped({f"{name}.csv": as_csv(rows) for name, rows in tables.items()}), day)


def census(day: str = MARCH, *, number: str = NUMBER, **plan: Any) -> Sent:
    """One child of ours; a census says itself of which day it is."""
    return Sent("cin-census", xml.census(xml.child(xml.enquiry(), xml.plan(**plan), number=number), day=day))


def own(heads: str, row: str, day: date = LATER) -> Sent:
    """Our own CSV of one child and a plan, in a zip."""
    whose = f"child_id,born,sex\n{row.partition(',')[0]},2016-09-03,female\n"
    files = {"children.csv": whose, "plans.csv": f"{heads}\n{row}\n"}
    return Sent("children", zipped({name: text.encode() for name, text in files.items()}), day)


@dataclass(frozen=True)
class Pair:
    """What the plan is after the second file, what is said and asked of it, and how many children there are.

    In our own CSV an empty cell says nothing: it is no word that a plan runs, nor that it has no chair.
    """

    called: str
    first: Sent
    then: Sent
    said: str
    plan: Mapping[str, Any] = field(default_factory=dict)
    asked: int = 0
    children: int = 1


OLDER = "is older than what is known"
KINDS: Mapping[str, Sequence[Pair]] = {
    "older": (
        Pair("a workbook after a younger one", annex_a(MAY, latest="NEG"), annex_a(EARLIER, latest="EMO"), OLDER,
             {"latest_category": "NEG"}),
        Pair("a workbook that does not know the end", annex_a(MAY, ends=date(2026, 4, 20), review=None, visit=None),
             annex_a(EARLIER, review=None, visit=None), OLDER, {"ends": date(2026, 4, 20)}),
        Pair("a dataset after a younger one", dataset(MAY), dataset(EARLIER, latest_category="Emotional"), OLDER,
             {"latest_category": "NEG"}),
        Pair("a dataset after a workbook", annex_a(MAY, latest="NEG"), dataset(EARLIER, latest_category="Emotional"),
             OLDER, {"latest_category": "NEG"}),
        Pair("a census after a workbook", annex_a(MAY, latest="NEG"), census(latest="PHY"), OLDER,
             {"latest_category": "NEG"}),
        Pair("our own CSV after a younger one", own("child_id,starts,team", "90001,2025-12-04,North", day=MAY),
             own("child_id,starts,team", "90001,2025-12-04,South", day=EARLIER), OLDER, {"team__name": "North"}),
    ),
    "empty": (
        Pair("a visit in a workbook", annex_a(MAY, visit=date(2026, 4, 20)), annex_a(visit=None),
             "1 cell is empty where something is known: row 2", {"last_visit": date(2026, 4, 20)}),
        Pair("a category in a workbook", annex_a(MAY, latest="NEG"), annex_a(latest=None), "1 cell is empty",
             {"latest_category": "NEG"}),
        Pair("a team that a formula did not find", annex_a(MAY, team="North"), annex_a(team="#N/A"),
             'Excel\'s "#N/A" cannot be read', {"team__name": "North"}),
        Pair("NULL in a dataset", dataset(MAY), dataset(latest_category="NULL"), "1 cell is empty",
             {"latest_category": "NEG"}),
        Pair("a visit without a day in a dataset", dataset(MAY), dataset(visit=False), "1 cell is empty",
             {"last_visit": date(2026, 4, 20)}),
        Pair("a chair in our own CSV", own("child_id,starts,chair", f"90001,2025-12-04,{GRACE}", day=MAY),
             own("child_id,starts,chair", "90001,2025-12-04,"), "", {"chair__name": "Grace Ollerton"}),
    ),
    "open again": (
        Pair("in a workbook", annex_a(MAY, ends=OVER, review=None, visit=None), annex_a(review=None, visit=None),
             "ended on 01/05/2026 here, and the file says that it runs", {"ends": OVER}, asked=1),
        Pair("in a dataset", dataset(MAY, end_date="2026-05-01"), dataset(), "says that it runs", {"ends": OVER},
             asked=1),
        Pair("in a census", census(ends="2026-03-02"), census(), "says that it runs", {"ends": date(2026, 3, 2)},
             asked=1),
        Pair("in our own CSV", own("child_id,starts,ends,team", "90001,2025-12-04,2026-05-01,North", day=MAY),
             own("child_id,starts,ends,team", "90001,2025-12-04,,North"), "", {"ends": OVER}),
        Pair("in a workbook after our own CSV",
             own("child_id,starts,ends,team", "90001,2025-12-04,2026-05-01,North", day=MAY),
             annex_a(review=None, visit=None), "says that it runs", {"ends": OVER}, asked=1),
        Pair("in a dataset after a workbook", annex_a(MAY, ends=OVER, review=None, visit=None), dataset(),
             "says that it runs", {"ends": OVER}, asked=1),
    ),
    "renumbered": (
        Pair("in a workbook", annex_a(MAY), annex_a(child_id=70001), "who is new, has the same birth and start of the"
             " plan", asked=1, children=2),
        Pair("in a dataset, with the number it was", dataset(MAY),
             dataset(person={"pers_person_id": "70001", "pers_legacy_id": NUMBER}),
             "under a number that the file says they had before"),
        Pair("in a dataset, without", dataset(MAY), dataset(person={"pers_person_id": "70001"}),
             "who is new, has the same birth", asked=1, children=2),
        Pair("in a census", census(), census(number="70001"), "who is new, has the same birth", asked=1, children=2),
        Pair("written with noughts in our own CSV", own("child_id,starts,worker", "90001,2025-12-04,", day=MAY),
             own("child_id,starts,team", "0090001,2025-12-04,North"), "is written differently",
             {"team__name": "North"}),
        Pair("written with a point in a workbook", annex_a(MAY, child_id="0090001", team="North"),
             annex_a(child_id=90001.0, team="North"), "is written differently"),
    ),
}  # fmt: skip
PAIRS = [pytest.param(pair, id=f"{kind}: {pair.called}") for kind, pairs in KINDS.items() for pair in pairs]


@pytest.fixture
def council() -> Authority:
    authority = westmarch().authority
    Authority.objects.filter(pk=authority.pk).update(lea="335")
    authority.refresh_from_db()
    return authority


@pytest.mark.parametrize("pair", PAIRS)
def test_what_comes_of_two_files_and_what_is_left_when_the_second_is_undone(pair: Pair, council: Authority) -> None:
    children = Child.objects.count()
    brought(pair.first, council, at=FIRST, agreed=True)
    before = all_facts(council), FactChange.objects.count()
    run = brought(pair.then, council, at=SECOND, agreed=True)
    assert pair.said in " ".join(sentences(run))
    assert pair.said or sentences(run) == []
    assert run.counts["asked"] == pair.asked
    assert Child.objects.count() - children == pair.children
    kept = Plan.objects.filter(child__external_id__in=(NUMBER, f"00{NUMBER}"))
    assert {name: kept.values_list(name, flat=True).get() for name in pair.plan} == dict(pair.plan)
    forwards = run.changes.count()
    undo(run, at=THIRD, by=None)
    assert all_facts(council) == before[0]
    assert FactChange.objects.count() == before[1] + 2 * forwards


def test_there_are_six_of_each_kind_and_each_goes_through_three_readers() -> None:
    assert {kind: len(pairs) for kind, pairs in KINDS.items() if len(pairs) < 6} == {}
    readers = {kind: {pair.then.format for pair in pairs} for kind, pairs in KINDS.items()}
    assert {kind: found for kind, found in readers.items() if len(found) < 3} == {}
