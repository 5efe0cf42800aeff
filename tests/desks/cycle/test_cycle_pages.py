"""A child's plan cycle by its pages: each act asked, refused at its field, kept as typed, shown; and who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.applying import conftest as of_files
from tests.applying.by_hand import a_file, brought_in, plan
from tests.cast import NOW, TODAY, Cast
from tests.desks.allocating.test_allocation import be, on
from tests.desks.page_lint import lint
from undrift.applying.by_hand import end_plan
from undrift.applying.putting_right import OF_PLAN, put_right
from undrift.children.models import Child, Conference, ImportedRow, ImportRun, Plan
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle.state import State
from undrift.plan_cycle.queries import picture_of
from undrift.record.models import Case, Duty, Notice

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
formats_by_hand = of_files.formats_by_hand
TYPED = "The lock on the back door is broken.\n\n  It was promised in March; nobody came."


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def at(cast: Cast, page: str = "", child: str = "Maya") -> str:
    return f"/children/{cast.child(child).public_id}/cycle" + (f"/{page}" if page else "")


def says(cast: Cast, page: str, signed: str = "Grace", **said: Any) -> str:
    """The page that the sending leads to, as text."""
    found: str = lint(be(cast, signed).post(at(cast, page), said, follow=True)).text
    return found


def read(cast: Cast, page: str = "", who: str = "Grace", child: str = "Maya") -> str:
    found: str = lint(be(cast, who).get(at(cast, page, child))).text
    return found


def state(cast: Cast) -> State:
    return picture_of(cast.child("Maya"), cast.person("Grace"), NOW).state


def fixed(cast: Cast, day: date = TODAY) -> None:
    said: dict[str, Any] = {
        "kind": "review",
        **on("on", day),
        "time": "10.30",
        "place": "Town Hall, room 3",
        "invited": "Sam Alder\nGP",
        "children": [str(cast.child("Maya").pk)],
    }
    assert "The conference is fixed." in says(cast, "fix", **said)


def held(cast: Cast, **more: Any) -> None:
    maya = str(cast.child("Maya").pk)
    said: dict[str, Any] = {
        **on("on", TODAY), "time": "12:15", "came": "Sam Alder", "quorate": "yes", f"decisions-{maya}": "plan",
        f"category-{maya}": "NEG", f"father-{maya}": "yes", "dissents-TOTAL_FORMS": "1", "dissents-INITIAL_FORMS": "0",
        **on("next_review", TODAY + 120 * DAY), **more,
    }  # fmt: skip
    assert "What was decided is on the record." in says(cast, "c1/held", **said)


def test_before_anything_is_done_the_page_says_what_is_due_and_why(west: Cast) -> None:
    text = read(west)
    assert "Fix the next conference" in text
    assert "Initial conference" in text  # the plan that is on file began with one
    assert "Nothing has been recorded here yet" in text
    assert not Case.objects.exists()  # reading begins nothing


def test_a_cycle_begins_with_the_strategy_discussion_from_which_the_conference_counts(west: Cast) -> None:
    for child in west.family("Alder").children.all():
        child.plans.update(ends=TODAY - 9 * DAY)
    assert "Record the strategy discussion" in read(west)
    maya: dict[str, Any] = {"children": [str(west.child("Maya").pk)]}
    assert "The date must be today or earlier" in says(west, "strategy-discussion", **on("on", TODAY + DAY), **maya)
    assert not Case.objects.exists()
    text = says(west, "strategy-discussion", **on("on", TODAY), **maya)
    assert "Began with the strategy discussion of" in text
    assert "Fix the next conference" in text
    assert "28 May 2026" in text  # 15 working days from 6 May, over a bank holiday
    assert "Record the strategy discussion" not in text
    assert "The last day for it is Thursday 28 May 2026." in read(west, "fix")
    again = be(west, "Grace").get(at(west, "strategy-discussion"))
    assert again.status_code == 403
    assert "recorded before anything else" in again.text


def test_of_a_child_who_has_a_plan_no_strategy_discussion_is_asked_for(west: Cast) -> None:
    assert "Record the strategy discussion" not in read(west)
    assert be(west, "Grace").get(at(west, "strategy-discussion")).status_code == 403


def test_a_conference_is_fixed_and_shown(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    text = read(west)
    assert "Hold the conference: Review conference" in text
    assert "10:30, Town Hall, room 3" in text
    assert "Sam Alder, GP" in text


def test_the_day_that_a_file_plans_stands_in_the_form(west: Cast) -> None:
    family = west.family("Alder")
    planned = datetime(2026, 5, 21, 13, 30, tzinfo=UTC)
    Conference.objects.create(
        authority=west.authority, family=family, reference="C-2026-0001", kind="review", planned_for=planned
    )  # fmt: skip
    page = be(west, "Grace").get(at(west, "fix")).text
    assert re.search(r'name="on_day"[^>]*value="21"', page)
    assert re.search(r'name="time"[^>]*value="14:30"', page)


def test_the_day_that_a_file_plans_is_shown_until_one_is_fixed_here(west: Cast) -> None:
    family = west.family("Alder")
    planned = datetime(2026, 5, 21, 13, 30, tzinfo=UTC)
    row = Conference.objects.create(
        authority=west.authority, family=family, reference="C-2026-0001", kind="review", planned_for=planned
    )  # fmt: skip
    row.participants.add(west.person("Hannah"))
    text = read(west)
    assert text.count("Planned in the case system, and not fixed here yet") == 1
    assert "Still to be held" not in text
    assert "Fix it here" in text
    assert "Hannah Quill</textarea>" in be(west, "Grace").get(at(west, "fix")).text
    fixed(west, date(2026, 5, 21))
    assert "not fixed here yet" not in read(west)


def test_brothers_and_sisters_without_a_plan_are_asked_about_at_the_first_conference(west: Cast) -> None:
    """Nobody has to be added one by one to a cycle that begins with an initial conference of them all."""
    family = west.family("Alder")
    for child in family.children.all():
        child.plans.update(ends=TODAY - 9 * DAY)
    maya, jude, noor = (str(west.child(name).pk) for name in ("Maya", "Jude", "Noor"))
    said: dict[str, Any] = {"kind": "initial", **on("on", TODAY + 9 * DAY), "children": [maya, jude]}
    assert "The conference is fixed." in says(west, "fix", **said)
    assert state(west).children.keys() == {maya, jude}
    assert noor not in state(west).conferences["c1"].children


def test_what_is_missing_is_asked_for_at_its_field(west: Cast) -> None:
    maya: dict[str, Any] = {"children": [str(west.child("Maya").pk)]}
    text = says(west, "fix", **{"kind": "review", **on("on", TODAY - DAY), **maya})
    assert "The date must be today or later" in text
    text = says(west, "fix", **on("on", TODAY))
    assert "Select which conference it is" in text
    text = says(west, "fix", **{"kind": "review", **on("on", TODAY), "time": "half ten"})
    assert "Enter a time, for example 14:30" in text
    assert not Case.objects.exists()


def test_a_conference_is_moved_postponed_and_cancelled_each_with_why(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    assert "Enter why" in says(west, "c1/change", what="postpone")
    assert "Enter the new day" in says(west, "c1/change", what="move", why="The school is closed.")
    says(west, "c1/change", what="move", why="The school is closed.", **on("on", TODAY + 20 * DAY))
    says(west, "c1/change", what="postpone", why="The father is in hospital.")
    text = read(west)
    assert "Postponed" in text
    assert "The father is in hospital." in text
    says(west, "c1/change", what="cancel", why="The family has moved.")
    text = read(west)
    assert "Cancelled" in text
    assert "Move, postpone or cancel it" not in text


def test_what_was_decided_stands_for_the_child_with_who_came_and_the_next_review(west: Cast) -> None:
    fixed(west)
    held(west)
    text = read(west)
    assert "A child protection plan, neglect" in text
    assert re.search(r"Quorate</dt>\s*<dd[^>]*>Yes", text)
    assert [c.id for c in state(west).conferences.values()] == ["c1", "c2"]


def test_each_child_is_decided_of_and_who_was_missing_is_asked_for(west: Cast) -> None:
    fixed(west)
    said: dict[str, Any] = {
        **on("on", TODAY),
        "quorate": "yes",
        "dissents-TOTAL_FORMS": "1",
        "dissents-INITIAL_FORMS": "0",
    }
    assert "Enter what was decided for each child" in says(west, "c1/held", **said)
    assert "Enter who was missing" in says(west, "c1/held", **{**said, "quorate": "no"})


def test_dissent_is_noted_with_the_advice(west: Cast) -> None:
    fixed(west)
    said: dict[str, Any] = {
        "dissents-0-who": "Police",
        "dissents-0-why": TYPED,
        "dissents-0-advice": "Ring the named nurse.",
    }
    held(west, **said)
    text = read(west, "c1/sheet")
    assert "Police does not agree" in text
    assert "Advice sought: Ring the named nurse." in text


def test_a_conference_that_nobody_had_fixed_here_is_recorded(west: Cast) -> None:
    maya = str(west.child("Maya").pk)
    said: dict[str, Any] = {
        "kind": "review", **on("on", TODAY - DAY), "quorate": "yes", f"decisions-{maya}": "none",
        "dissents-TOTAL_FORMS": "1", "dissents-INITIAL_FORMS": "0",
    }  # fmt: skip
    others = [str(child.pk) for child in west.family("Alder").children.exclude(first_name="Maya")]
    said |= {f"decisions-{child}": "plan" for child in others} | {"children": [maya, *others]}
    assert "What was decided is on the record." in says(west, "held", **said)
    assert "No plan" in read(west)


def test_the_outline_plan_is_kept_as_typed_and_printed_with_the_sheet(west: Cast) -> None:
    fixed(west)
    held(west)
    parts = picture_of(west.child("Maya"), west.person("Grace"), NOW).rules.protocol.met_by("sheet sent")
    number = max(1, len(next((step.contains for step in parts), ())))
    said: dict[str, Any] = {f"parts-{n}": f"{n}. {TYPED}" for n in range(1, number + 1)}
    says(west, "c1/outline", **said)
    assert state(west).conferences["c1"].outlines[str(west.child("Maya").pk)][0] == f"1. {TYPED}".strip()
    text = read(west, "c1/sheet")
    assert "It was promised in March; nobody came." in text
    assert "cannot order an agency" in text


def test_the_sheet_is_sent_to_people_with_and_without_an_account(west: Cast) -> None:
    fixed(west)
    held(west)
    parts = picture_of(west.child("Maya"), west.person("Grace"), NOW).rules.protocol.met_by("sheet sent")
    number = max(1, len(next((step.contains for step in parts), ())))
    says(west, "c1/outline", **{f"parts-{n}": "Text." for n in range(1, number + 1)})
    assert "Enter to whom it was sent" in says(west, "c1/sent", **on("on", TODAY))
    says(west, "c1/sent", **on("on", TODAY), time="16:00", to="Sam Alder\nHealth visitor, by post")
    assert state(west).conferences["c1"].sheet is not None
    assert "to Sam Alder, Health visitor, by post" in read(west, "c1/sheet")


def test_whoever_reaches_the_child_reads_and_the_chair_alone_acts(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    worker = west.plan("Maya").social_worker
    assert worker is not None
    assert be(west, worker.name).get(at(west)).status_code == 200
    assert be(west, worker.name).get(at(west, "c1/change")).status_code == 403
    assert "Move, postpone or cancel it" not in read(west, who=worker.name)


def test_nobody_else_learns_that_there_is_one(west: Cast) -> None:
    fixed(west, TODAY + 14 * DAY)
    for page in ("", "fix", "c1/held", "c1/sheet"):
        assert be(west, "Imran").get(at(west, page)).status_code == 404
    assert be(west, "Grace").get(at(west, "c7/held")).status_code == 404


def test_the_page_takes_the_same_statements_however_much_has_happened(west: Cast) -> None:
    fixed(west)
    client, counted = be(west, "Grace"), []
    for more in (held, None):
        client.get(at(west))
        with CaptureQueriesContext(connection) as asked:
            client.get(at(west))
        counted.append([each["sql"][:90] for each in asked.captured_queries])
        if more is not None:
            more(west)
    assert len(counted[0]) == len(counted[1]), counted


# A conference that only a file knows ---------------------------------------------------------------------------------


def test_a_conference_of_a_file_is_put_on_record_before_its_sheet_is_sent(north: Cast) -> None:
    """The sheet is owed: from the page that says so a way leads to where it is recorded."""
    chair, aisha = be(north, "Rosalind Amery"), north.child("Aisha")
    began = aisha.plans.get().starts
    Conference.objects.filter(family=aisha.family).delete()
    Conference.objects.create(
        authority=aisha.authority, family=aisha.family, reference="C-2026-0702", kind="initial",
        held_on=datetime(began.year, began.month, began.day, 10, tzinfo=UTC),
    )  # fmt: skip
    page = f"/children/{aisha.public_id}/cycle"
    shown = chair.get(page).text
    assert "Known from" in shown
    assert "Not recorded here: no file says when it was sent. Record what it decided, and then" in shown
    assert "Conference Decision Sheet" not in shown, "nobody owes what no file tells of, and nobody is late with it"
    family = lint(chair.get(f"/families/{aisha.family.reference}")).text
    assert "Not recorded here" in family.partition("Conference Decision Sheet")[2].partition("</tr>")[0]
    assert "late" not in family.partition("Conference Decision Sheet")[2].partition("</tr>")[0]
    assert re.search(r"\w+, [\w ,]+, Core Group", lint(chair.get(page)).text)  # all of it, and not the first alone
    found = re.search(r'href="([^"]*/cycle/held\?of=[^"]+)"', shown)
    assert found is not None
    form = chair.get(found[1]).text
    assert re.search(rf'name="on_day"[^>]*value="{began.day}"', form)
    assert re.search(r'value="initial"[^>]*checked', form)
    said = {
        "kind": "initial", **on("on", began), "came": "Elias Thornby", "quorate": "yes",
        f"decisions-{aisha.pk}": "plan", f"father-{aisha.pk}": "", "dissents-TOTAL_FORMS": "1",
        "dissents-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert "What was decided is on the record." in chair.post(found[1], said, follow=True).text
    assert "Say that the decision sheet was sent" in chair.get(page).text
    assert "?of=" not in chair.get(page).text
    chair.post(f"{page}/c1/outline", {f"parts-{n}": "Text." for n in range(1, 7)})
    assert "working days late" in chair.get(page).text, "on the record, it is owed"
    chair.post(f"{page}/c1/sent", {**on("on", TODAY), "to": "All of the core group"})
    sent = full_day(TODAY, short=True)
    shown = chair.get(page).text
    assert "Not recorded here" not in shown
    assert sent in shown.partition("Decision sheet sent")[2][:400]
    family = lint(chair.get(f"/families/{aisha.family.reference}")).text
    assert "Not recorded here" not in family.partition("Conference Decision Sheet")[2].partition("</tr>")[0]
    assert sent in family.partition("Conference Decision Sheet")[2].partition("</tr>")[0]


def test_what_came_before_a_conference_of_a_file_is_called_late_by_nobody(west: Cast) -> None:
    """No file says when a report was shared: that it came late is not known, and no concern is offered of it."""
    text = read(west)
    assert "Initial conference" in text
    assert "Report shared" not in text


def test_a_conference_that_a_file_plans_is_fixed_for_what_is_due_and_dates_the_midway_check(west: Cast) -> None:
    assert "Fix the next conference" in read(west)
    assert "Midway" not in read(west).partition("What is due")[2].partition("</table>")[0]
    planned_by_a_file(west, TODAY + 60 * DAY)
    due = read(west).partition("What is due")[2].partition("</table>")[0]
    day = full_day(TODAY + 60 * DAY, short=True)
    assert "Fix the next conference" not in due
    assert f"Hold the conference: Review conference, {day} (from a file)" in due
    assert "Midway" in due
    run = ImportRun.objects.create(
        authority=west.authority, source_system="annex-a", file_name="a.csv", sha256="0" * 64, as_at=TODAY - DAY,
        started=NOW,
    )  # fmt: skip
    ImportedRow.objects.create(
        authority=west.authority, source_system="annex-a", entity="conference", source_key="1",
        object_id=Conference.objects.get(reference="C-2026-0701").pk, row_hash="0" * 64, import_run=run,
        first_seen=NOW, last_seen=NOW, last_changed=NOW,
    )  # fmt: skip
    told = read(west).partition("Hold the conference: ")[2][:200]
    assert f"{day} (from the file of {full_day(TODAY - DAY, short=True)})" in told, told


def test_what_the_chair_fixes_here_goes_before_what_a_file_plans(west: Cast) -> None:
    planned_by_a_file(west, TODAY + 60 * DAY)
    fixed(west, TODAY + 30 * DAY)
    text = read(west)
    assert "from a file" not in text
    assert text.count("Hold the conference: Review conference") == 1
    says(west, "c1/change", what="postpone", why="The worker is ill.")
    assert "from a file" not in read(west), "a postponed conference has no date here, whatever a file says"


def test_a_conference_that_a_file_planned_is_never_late(west: Cast) -> None:
    planned_by_a_file(west, TODAY - 3 * DAY)
    cycle = picture_of(west.child("Maya"), west.person("Grace"), NOW)
    assert [duty for duty in cycle.owed if duty.must == "hold" and duty.late(NOW)] == []


def planned_by_a_file(cast: Cast, day: date) -> None:
    """Under a number that is no plan's."""
    Conference.objects.create(
        pk=70_001,
        authority=cast.authority, family=cast.family("Alder"), reference="C-2026-0701", kind="review",
        planned_for=datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("by_file", [False, True])
def test_a_plan_that_ended_by_page_or_by_file_has_ended_in_the_cycle(west: Cast, by_file: bool) -> None:
    fixed(west)
    held(west)
    case, children = Case.objects.get(), list(west.family("Alder").children.order_by("pk"))
    before = list(Notice.objects.values_list("pk", flat=True))
    later = NOW + 3 * DAY
    if by_file:
        rows = []
        for number, child in enumerate(children, start=4101):
            Child.objects.filter(pk=child.pk).update(external_id=str(number))
            rows.append(plan(str(number), starts=Plan.objects.get(child=child).starts, ends=TODAY + DAY))
        brought_in(a_file(*rows, as_at=TODAY + 2 * DAY), west.authority, at=later)
    else:
        end_plan(children, last_day=TODAY + DAY, by=west.person("Jo Talbot"), at=later)
    owed = Duty.objects.filter(case=case, met_at=None, gone_at=None)
    after_the_first_conference = {duty.must for duty in owed if not duty.key.startswith("1:")}
    assert after_the_first_conference == {"end the plan cycle"}
    assert {notice.ask for notice in Notice.objects.exclude(pk__in=before)} == {"end the plan cycle"}
    with time_machine.travel(later, tick=False):
        text = " ".join(read(west).split())
        assert "On a plan" not in text
        assert "The plan ended on Thursday 7 May 2026. Said by" in text
        assert ("a file (" in text) is by_file
        assert ("Said by Jo Talbot, " in text) is not by_file
        assert "End the plan cycle" in text


def test_an_end_that_is_put_right_is_taken_back_in_the_cycle(west: Cast) -> None:
    fixed(west)
    held(west)
    by: dict[str, Any] = {"by": west.person("Jo Talbot"), "at": NOW + 3 * DAY}
    end_plan([west.child("Maya")], last_day=TODAY + DAY, **by)
    (ends,) = (fact for fact in OF_PLAN if fact.column == "ends")
    put_right(Plan.objects.get(child=west.child("Maya")), ends, None, why="Another child", **by)
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        assert "On a plan" in read(west)
    owed = Duty.objects.filter(met_at=None, gone_at=None)
    assert "end the plan cycle" not in {duty.must for duty in owed}
