"""Dates that pass: each is recorded once, whoever sweeps, and however a sweep ends."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count

from tests.cast import NOW, Cast
from tests.house.surroundings import cluster
from tests.house.thorough import THOROUGH
from tests.resolutions import reached
from undrift.config import databases
from undrift.engine.ladder import acts
from undrift.record.models import Duty, Event
from undrift.record.sweep import sweep
from undrift.record.verify import verify
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import record_plans_ended
from undrift.resolutions.queries import Filters, waiting_for, worklist
from undrift.resolutions.rebuild import rebuild

DAY_AFTER = datetime(2026, 5, 16, 9, 0, tzinfo=UTC)


def test_a_date_that_passed_is_recorded_once_and_the_chair_is_told(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    assert sweep(datetime(2026, 5, 15, 22, 0, tzinfo=UTC)) == 0
    assert (sweep(DAY_AFTER), sweep(DAY_AFTER)) == (1, 0)
    (event,) = Event.objects.filter(type="date_lapsed")
    assert (event.by_name, event.by_person, event.payload["duty"]) == ("Undrift", None, "1:respond:team-manager")
    told = {n.to_person.name: n.ask for n in resolution.notices.filter(kind="date_lapsed")}
    assert (told["Grace Ollerton"], told["Priya Nairn"]) == ("decide what next", "respond")
    resolution.refresh_from_db()
    assert (resolution.tag, resolution.next_person, resolution.turns_at) == (
        "Waiting for chair", west.person("Grace"), None,
    )  # fmt: skip


def test_a_courtesy_and_a_met_duty_never_pass(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    after_the_draft_date = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
    assert sweep(after_the_draft_date) == 0
    reached.answered(west, resolution, after_the_draft_date)
    reached.judged(west, resolution, after_the_draft_date)
    perform(
        acts.Resolve({str(c): "Much better." for c in resolution.about.values_list("child_id", flat=True)}),
        resolution=resolution,
        by=west.person("Grace"),
        at=after_the_draft_date,
    )
    assert sweep(DAY_AFTER + timedelta(days=60)) == 0


def test_the_lists_are_right_though_no_sweep_has_run(west: Cast) -> None:
    reached.stage_one(west)
    grace, priya = west.person("Grace"), west.person("Priya")
    on_the_day = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
    assert (len(waiting_for(grace, now=on_the_day).rows), len(waiting_for(priya, now=on_the_day).rows)) == (0, 1)
    waiting = Filters(tag="Waiting for chair")
    assert worklist(grace, waiting, now=on_the_day).rows == ()
    # Not a row is written: the date has passed, and that is all.
    assert (len(waiting_for(grace, now=DAY_AFTER).rows), len(waiting_for(priya, now=DAY_AFTER).rows)) == (1, 1)
    assert len(worklist(grace, waiting, now=DAY_AFTER).rows) == 1
    # An unanswered date is late from the first moment, though the chair still has time to decide.
    assert worklist(grace, Filters(due="late"), now=on_the_day).rows == ()
    assert len(worklist(grace, Filters(due="late"), now=DAY_AFTER).rows) == 1
    chair_is_late = DAY_AFTER + timedelta(days=7)
    assert len(worklist(grace, Filters(due="late"), now=chair_is_late).rows) == 1


RAISED = 125 if THOROUGH else 40
DATES = RAISED * 8
SWEEP = """
import django
django.setup()
from datetime import datetime
from undrift.record.sweep import sweep
print("ready", flush=True)
sweep(datetime.fromisoformat("{now}"))
"""


def another_sweep(now: datetime) -> "subprocess.Popen[bytes]":
    url = cluster().url(databases.APPLICATION, connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", SWEEP.format(now=now.isoformat())],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
    )


def lapses() -> int:
    return Event.objects.filter(type="date_lapsed").count()


def with_eight_dates(cast: Cast) -> None:
    child = cast.child("Tyler")
    by = date(2026, 5, 14)
    act = acts.Raise(
        stage="informal",
        children=tuple(reached.children_of(cast, "Tyler")),
        concern="The father was not invited.",
        spoke=reached.SPOKE,
        date=by,
        actions=tuple(acts.ActionAsked(f"Step {n}", "Hannah Quill", by) for n in range(7)),
    )
    perform(act, by=cast.person("Grace"), at=NOW, context=context_for([child], NOW))


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_one_of_them_killed_record_each_date_once() -> None:
    """Of a thousand dates in `make test-all`, of 320 in `make test`."""
    from tests.cast import westmarch
    from tests.resolutions.conftest import under_shipped_versions

    cast = under_shipped_versions(westmarch())
    for _ in range(RAISED):
        with_eight_dates(cast)
    now = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
    assert Duty.objects.filter(due_at__lt=now, lapsed_at=None, never_late=False).count() == DATES

    with another_sweep(now) as victim:
        assert victim.stdout is not None
        victim.stdout.readline()
        deadline = time.monotonic() + 120
        while lapses() < DATES // 5 and time.monotonic() < deadline:
            time.sleep(0.002)
        beside = sweep(now, limit=DATES // 10)
        victim.send_signal(signal.SIGKILL)
    half_way = lapses()
    print(f"recorded by the one killed {half_way - beside}, beside it {beside}")
    assert beside > 0
    assert DATES // 5 <= half_way < DATES

    sweep(now)
    sweep(now)
    assert lapses() == DATES
    twice = Event.objects.filter(type="date_lapsed").values("case", "payload__duty").annotate(n=Count("id"))
    assert not twice.filter(n__gt=1).exists()
    assert not Duty.objects.filter(due_at__lt=now, lapsed_at=None, never_late=False).exists()
    assert set(Resolution.objects.values_list("last_seq", flat=True)) == {10}
    assert verify() == []
    assert rebuild() == []


# Each kind of date, swept every morning ------------------------------------------------------------------------------


def every_morning(days: range) -> list[tuple[int, str]]:
    """On which day after the start which duty was recorded as passed."""
    found: list[tuple[int, str]] = []
    for day in days:
        before = set(Event.objects.values_list("pk", flat=True))
        sweep(NOW + timedelta(days=day))
        lapsed = Event.objects.filter(type="date_lapsed").exclude(pk__in=before).order_by("seq")
        found += [(day, event.payload["duty"]) for event in lapsed]
    return found


def told_of(resolution: Resolution, seq: int) -> set[tuple[str, str, date | None]]:
    asked = resolution.notices.filter(seq=seq).exclude(ask="")
    return set(asked.values_list("to_person__name", "ask", "due"))


def does(cast: Cast, resolution: Resolution, name: str, act: acts.Act, day: int) -> None:
    perform(act, resolution=resolution, by=cast.person(name), at=NOW + timedelta(days=day))


FIRST, SECOND = "1:respond:team-manager", "1:respond:team-manager:2"


def test_the_day_of_another_answer_passes_and_both_are_told(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.answered(west, resolution, NOW + timedelta(days=3))
    does(west, resolution, "Grace", acts.AskAgain(date(2026, 5, 12), "By when?"), 4)
    assert resolution.duties.get(key=SECOND).due == date(2026, 5, 12)
    asked = resolution.notices.get(kind="asked_again", ask="respond")
    assert (asked.to_person.name, asked.due) == ("Priya Nairn", date(2026, 5, 12))
    passes = every_morning(range(4, 18))
    assert passes[0][1] == SECOND
    seq = Event.objects.filter(type="date_lapsed").order_by("seq")[0].seq
    told = told_of(resolution, seq)
    assert {(name, ask) for name, ask, _ in told} >= {
        ("Grace Ollerton", "decide what next"),
        ("Priya Nairn", "respond"),
    }
    assert rebuild(west.authority, write=False) == []


def test_with_more_time_nothing_is_told_before_the_day_that_was_given(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    does(west, resolution, "Grace", acts.GiveMoreTime(date(2026, 5, 20), "She is ill."), 2)
    passes = every_morning(range(2, 18))
    passed = {day: key for day, key in passes if "respond" in key}
    assert list(passed.values()) == [SECOND]
    assert (NOW + timedelta(days=next(iter(passed)))).date() == date(2026, 5, 21)
    event = Event.objects.filter(type="date_lapsed").order_by("seq")[0]
    assert told_of(resolution, event.seq) >= {("Priya Nairn", "respond", date(2026, 5, 20))}
    first = resolution.duties.get(key=FIRST)
    assert (first.basis, first.due, first.lapsed_at) == ("policy", date(2026, 5, 15), None)
    assert rebuild(west.authority, write=False) == []


def test_after_it_was_not_done_more_time_is_given_until_a_day_that_passes(west: Cast) -> None:
    resolution = reached.informal(west, agreed=date(2026, 5, 8)).resolution
    reached.judged(west, resolution, NOW + timedelta(days=1), settled=False)
    does(west, resolution, "Grace", acts.GiveMoreTime(date(2026, 5, 15), "Half term."), 1)
    resolution.refresh_from_db()
    assert (resolution.next_person, resolution.due) == (west.person("Priya"), date(2026, 5, 15))
    assert "1:settle:team-manager:2" in [key for _, key in every_morning(range(1, 14))]
    resolution.refresh_from_db()
    assert resolution.next_person == west.person("Grace")


def test_a_child_re_opened_has_a_date_for_the_chair_that_passes(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    reached.answered(west, resolution, NOW + timedelta(days=1))
    reached.judged(west, resolution, NOW + timedelta(days=2))
    does(west, resolution, "Grace", acts.ReopenChild(str(west.child("Maya").pk), "It stopped again."), 20)
    resolution.refresh_from_db()
    assert resolution.due is not None
    assert [key for day, key in every_morning(range(20, 30)) if day > 20] == ["1:decide:chair:2"]


def test_what_was_agreed_passes_while_another_child_waits_at_the_next_stage(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    maya, jude = (str(west.child(name).pk) for name in ("Maya", "Jude"))
    visits = acts.ActionAsked("Write up the visits", "Hannah Quill", date(2026, 5, 14), str(west.person("Hannah").pk))
    does(west, resolution, "Priya", acts.Respond("agree", "It is being written.", (visits,)), 1)
    does(west, resolution, "Denise", acts.Approve(), 1)
    does(west, resolution, "Grace", acts.Judge({maya: True, jude: False}, "No date for Jude."), 2)
    does(west, resolution, "Grace", acts.MoveOn("stage-2", "not accepted", ask="A date for Jude."), 5)
    keys = [key for _, key in every_morning(range(5, 10))]
    assert "action:a1" in keys
    resolution.refresh_from_db()
    assert (resolution.next_person, resolution.next_must) == (west.person("Grace"), "decide on the action")
    now = NOW + timedelta(days=9)
    assert resolution in waiting_for(west.person("Denise"), now=now).rows
    does(west, resolution, "Denise", acts.Respond("agree", "On the 20th."), 9)
    approver = resolution.duties.get(must="approve").person
    assert approver is not None
    assert resolution in waiting_for(approver, now=now).rows
    assert resolution not in waiting_for(west.person("Denise"), now=now).rows


def test_a_later_duty_of_the_same_kind_passes_by_itself(west: Cast) -> None:
    """The chair was late with the first answer, and is told again of the second."""
    resolution = reached.stage_one(west).resolution
    reached.answered(west, resolution, NOW + timedelta(days=1))
    assert every_morning(range(1, 9)) == [(6, "1:decide:chair")]
    does(west, resolution, "Grace", acts.AskAgain(date(2026, 5, 20), "By when?"), 9)
    reached.answered(west, resolution, NOW + timedelta(days=10))
    assert [key for _, key in every_morning(range(10, 20))] == ["1:decide:chair:2"]
    kept = resolution.duties.get(key="1:decide:chair")
    assert kept.met_at == NOW + timedelta(days=9)
    assert kept.lapsed_at is not None


def test_a_plans_end_is_asked_about_once_also_when_the_day_is_put_right(west: Cast) -> None:
    resolution, maya = reached.stage_one(west, "Maya").resolution, west.child("Maya")
    maya.plans.update(ends=date(2026, 5, 8))
    later = NOW + timedelta(days=10)
    assert (record_plans_ended(later), record_plans_ended(later)) == (1, 0)
    does(west, resolution, "Grace", acts.CarryOn((str(maya.pk),), "What was promised is owed to her."), 10)
    maya.plans.update(ends=date(2026, 5, 12))
    assert record_plans_ended(later) == 0
    plan = maya.plans.get()
    plan.pk, plan.starts, plan.ends = None, date(2026, 5, 13), date(2026, 5, 18)
    plan.save()
    assert record_plans_ended(NOW + timedelta(days=20)) == 1
    owed = resolution.duties.filter(must="decide whether it goes on").order_by("key")
    assert [(duty.key.rpartition(":")[2] == "2", duty.met_at is None) for duty in owed] == [
        (False, False),
        (True, True),
    ]
