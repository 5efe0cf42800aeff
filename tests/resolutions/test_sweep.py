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
    assert (told["Grace Ollerton"], told["Priya Nairn"]) == ("decide", "respond")
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
