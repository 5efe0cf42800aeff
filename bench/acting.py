"""One client of `bench.acts`: told on its standard input what to do, it answers with the seconds that each took.

`python bench/acting.py` runs in this build and in the one before it, whose modules have other names; what is measured
is what that build has. It is started with the build's own folder as the current one.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import psycopg

STAGE_ONE, STAGE_TWO = "stage-1", "stage-2"
PROCESSOR = "processor"  # among the kinds of act: what one of them took of it
Seconds = list[tuple[str, float]]


def module(*names: str) -> Any:
    """The first of these that the build has."""
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name is None or not name.startswith(missing.name):
                raise
    raise SystemExit(f"This build has none of {', '.join(names)}.")


def acts() -> Any:
    return module("undrift.engine.ladder.acts", "undrift.engine.acts")


def main(argv: Sequence[str]) -> int:
    sys.path[0] = ""  # the build in whose folder this was started, not the one that this file is of
    django.setup()
    do: Mapping[str, Callable[..., Any]] = {
        "furnish": furnish, "act": Client(reach="").go, "reach": Client(reach="person").go, "view": view, "bare": bare,
        "rebuild": rebuild, "verify": verify, "read": read,
    }  # fmt: skip
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        print(json.dumps(do[what](*arguments)), flush=True)
    return 0


# What there is ------------------------------------------------------------------------------------------------------


def furnish(families: int, posts: int) -> int:
    """An invented council with so many families, and as many more posts, each held, as make that number."""
    from django.utils import timezone

    from bench import patterns
    from undrift.demo.organisations import build_westmarch
    from undrift.library import load
    from undrift.people.models import Agency, Holding, Person, Post, Unit

    today = timezone.localdate()
    built = build_westmarch(today, version=load("walsall").head.version)
    for number in range(families):
        name, chair, worker, team = patterns.FAMILIES[0]
        patterns._family(built, today, f"{name}-{number}", chair, worker, team)
    owner = {"authority": built.authority}
    agency = Agency.objects.get(authority=built.authority, kind="childrens-social-care")
    top = Unit.objects.filter(agency=agency, parent=None).first()
    for number in range(posts - Post.objects.count()):
        unit = Unit.objects.create(**owner, agency=agency, parent=top, name=f"Team {number}")
        post = Post.objects.create(
            **owner, agency=agency, unit=unit, slug="team-manager", title="Team Manager", heads_unit=True
        )
        person = Person(email=f"post{number}@westmarch.example", name=f"Holder {number}", agency=agency, **owner)
        person.save()
        Holding.objects.create(**owner, post=post, person=person, starts=today)
    return Post.objects.count()


# Acts ---------------------------------------------------------------------------------------------------------------


class Client:
    """Takes the council's families in turn, and does with each what people do: from raising to a second decision."""

    def __init__(self, *, reach: str) -> None:
        self.reach = reach
        self.people: dict[int, Any] = {}
        self.spent = 0.0

    def go(self, first: int, often: int) -> Seconds:
        """With so many families, beginning with one of them; and last, what an act took of the processors."""
        self.spent = 0.0
        acts = [took for number in range(first, first + often) for took in self._one(number)]
        return [*acts, (PROCESSOR, self.spent / len(acts))]

    def _one(self, number: int) -> Iterator[tuple[str, float]]:
        from undrift.children.models import Child, Family

        act, spoke = acts(), module("bench.patterns").SPOKEN
        families = list(Family.objects.order_by("pk").values_list("pk", flat=True))
        children = list(Child.objects.filter(family=families[number % len(families)]).order_by("pk"))
        cases = module("undrift.record.who_plays", "undrift.resolutions.cases")
        context = cases.context_for(children, module("django.utils.timezone").now())
        settled = {str(child.pk): place > 0 for place, child in enumerate(children)}
        took, done = self._timed(module("bench.patterns")._raise(children), context.chair, context=context)
        yield "raise", took
        chair, resolution = context.chair, done.resolution
        # The build before asked again about every child; now what is settled is not asked again.
        asked = [c for c, done_already in settled.items() if not done_already or not hasattr(act, "ReopenChild")]
        on = act.MoveOn(
            to=STAGE_TWO, because="not accepted", different="A date is not a plan.", ask="Dates.", spoke=spoke
        )
        for what, one, by in (
            ("respond", module("bench.patterns").answer("Core groups move to Thursdays."), None),
            ("approve", act.Approve(), None),
            ("judge", act.Judge(settled, "The core groups have dates; the visits have none."), chair),
            ("move on", on, chair),
            ("respond", module("bench.patterns").answer("Visits are booked every ten days."), None),
            ("approve", act.Approve(), None),
            ("judge", act.Judge(dict.fromkeys(asked, True)), chair),
        ):
            took, done = self._timed(one, by or self._person(done.resolution.next_person_id), resolution=resolution)
            yield what, took

    def _person(self, number: int) -> Any:
        from undrift.people.models import Person

        return self.people.get(number) or self.people.setdefault(number, Person.objects.get(pk=number))

    def _timed(self, act: Any, by: Any, **about: Any) -> tuple[float, Any]:
        """From `perform` to the end of its transaction. A page has entered its reader's reach before."""
        from django.db import transaction

        from undrift.resolutions.actions import perform

        if not self.reach:
            spent, began = _spent(), time.perf_counter()
            done = perform(act, by=by, **about)
        else:
            with transaction.atomic():
                self._enter(by)
                spent, began = _spent(), time.perf_counter()
                done = perform(act, by=by, **about)
        took = time.perf_counter() - began
        self.spent += _spent() - spent
        return took, done

    def _enter(self, person: Any) -> None:
        """As `WithinReach` does, each time."""
        from django.utils import timezone

        from undrift.people.seats import seat_of

        lock = module("undrift.access.second_lock", "undrift.resolutions.access.second_lock")
        now = timezone.now()
        lock.enter(person, seat_of(person, timezone.localdate(now)), now)


def _spent() -> float:
    """Processor time so far, of this process and of the one that serves it, where the system tells (Linux)."""
    from django.db import connection

    connection.ensure_connection()
    theirs = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    nanoseconds = int(theirs.read_text().split()[0]) if theirs.exists() else 0
    return time.process_time() + nanoseconds / 1e9


# What acts are measured beside --------------------------------------------------------------------------------------

INSERT = """
INSERT INTO record_event (authority_id, case_id, seq, type, version, payload, by_name, by_role, on_behalf_of_name,
                          happened_at, recorded_at, previous_hash, hash)
VALUES (%s, %s, %s, 'noted', 1, %s, 'Grace Ollerton', 'chair', '', now(), now(), %s, %s)
"""
UPDATE = "UPDATE record_case SET last_seq = %s, last_hash = %s, last_at = now() WHERE id = %s"
NOTE = {"text": "Rang the team. They will look at it this week."}
HASH = "0" * 64
COUNT = itertools.count(random.randrange(10**8, 10**9))  # far from any history, and from another client's


def _cases(often: int) -> list[tuple[int, int, int]]:
    from undrift.record.models import Case

    found = list(Case.objects.order_by("pk").values_list("pk", "authority_id"))
    return [(*found[turn % len(found)], next(COUNT)) for turn in range(often)]


def bare(url: str, often: int) -> Seconds:
    """One event inserted and one summary row updated in one transaction, in psycopg alone."""
    cases, seconds = _cases(often), []
    with psycopg.connect(url, autocommit=True) as connection:
        for case, authority, seq in cases:
            began = time.perf_counter()
            with connection.transaction():
                connection.execute(INSERT, [authority, case, seq, json.dumps(NOTE), HASH, HASH])
                connection.execute(UPDATE, [seq, HASH, case])
            seconds.append(("bare", time.perf_counter() - began))
    return seconds


def view(often: int) -> Seconds:
    """The least view that writes the rows of an act: no rules, no people, no reading but the row itself."""
    from django.db import transaction
    from django.http import HttpRequest, JsonResponse
    from django.test import RequestFactory
    from django.utils import timezone

    from undrift.record.models import Duty, Event, Notice
    from undrift.resolutions.models import Resolution

    def plain(request: HttpRequest, number: int) -> JsonResponse:
        now = timezone.now()
        with transaction.atomic():
            case = Resolution.objects.select_for_update(of=("self",)).get(pk=number)
            Event.objects.create(
                authority_id=case.authority_id, case_id=number, seq=next(COUNT), type="noted", payload=NOTE,
                by_name="Grace Ollerton", by_role="chair", happened_at=now, recorded_at=now,
                previous_hash=HASH, hash=HASH,
            )  # fmt: skip
            case.last_at, case.last_hash, case.next_must = now, HASH, "respond"
            case.save()
            Duty.objects.filter(case=number, must="respond").update(met_at=now, gone_at=None)
            Notice.objects.create(
                authority_id=case.authority_id, case_id=number, seq=next(COUNT), to_person_id=case.chair_id or 0,
                role="chair", kind="noted", stage=case.stage, created_at=now,
            )  # fmt: skip
        return JsonResponse({"reference": case.reference, "seq": case.last_seq})

    requests, seconds = RequestFactory(), []
    for case, _, _ in _cases(often):
        began = time.perf_counter()
        plain(requests.post(f"/{case}"), case)
        seconds.append(("view", time.perf_counter() - began))
    return seconds


# The whole record ---------------------------------------------------------------------------------------------------


def rebuild(write: bool) -> tuple[int, float, int]:
    """How many records, the seconds, and the differences that were found."""
    from undrift.resolutions.models import Resolution
    from undrift.resolutions.rebuild import rebuild as made_again

    records, began = Resolution.objects.count(), time.perf_counter()
    differences = len(made_again(write=write))
    return records, time.perf_counter() - began, differences


def verify() -> tuple[float, int]:
    """The seconds, and the faults that were found."""
    found = module("undrift.record.verify", "undrift.resolutions.verify").verify
    began = time.perf_counter()
    faults = len(found())
    return time.perf_counter() - began, faults


def read() -> tuple[float, int]:
    """The seconds in which the same bytes are read and hashed, with nothing looked at, and how many events."""
    from hashlib import sha256

    from django.db import connection, transaction

    from undrift.record import verify
    from undrift.record.history import COLUMNS

    began, events = time.perf_counter(), 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verify.AS_IT_WAS_HASHED)
        with cursor.copy(f"COPY ({verify.READ(columns=', '.join(COLUMNS), where='')}) TO STDOUT") as lines:
            for line in lines:
                sha256(line).hexdigest()
                events += 1
    return time.perf_counter() - began, events


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
