"""Every form, sent by a web process whose clock is more than a day out: not one moment or day that it writes differs.

Each is sent three times from the same state, and the moments and days in all that is written are held side by side:
columns, and what stands in the texts of events, drafts and messages.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

import undrift.desks
from tests.cast import westmarch
from tests.desks.typed.sendings import SCENES, Sending, signed_in
from tests.house.moved_clock import apart
from tests.house.thorough import THOROUGH
from tests.resolutions.conftest import under_shipped_versions
from undrift.engine.dates.moments import LONDON
from undrift.engine.dates.words import full_day

pytestmark = pytest.mark.django_db
OUT = (timedelta(hours=-26), timedelta(hours=26))
HOUR = timedelta(hours=1)
NEAR = timedelta(minutes=10)
DESKS = Path(undrift.desks.__file__).parent
ASKS_ITSELF = re.compile(
    r"timezone\.now\(|localdate\(\)|localtime\(\)|date\.today\(|datetime\.now\(|utcnow\(|time\.time\(|{% now"
)
# They ask how long ago something was, and keep both moments in the browser's session: nobody else reads them.
IN_A_SESSION = {"frame/factor.py": "the steps to sign in", "account/single_sign_on.py": "a question to a provider"}
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d(:?\d\d)?|Z)?")
# Moments of the process, which say nothing of what happened.
ITS_OWN: Mapping[str, str] = {
    "django_session.expire_date": "how long a browser stays signed in; whether it may go on is asked of the database",
}
# What they take away leaves nothing behind.
WRITES_NONE = {"clear-kept-draft", "clear-kept-text"}
Moments = Mapping[str, list[date | datetime]]


def rows() -> Counter[tuple[str, str]]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1"
        )
        parts = [f"SELECT '{name}', to_jsonb(t)::text FROM \"{name}\" t" for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(parts))
        return Counter(cursor.fetchall())


def found_in(where: str, said: Any) -> Iterator[tuple[str, date | datetime]]:
    """Each day and moment, and where it stands."""
    match said:
        case dict():
            for key, value in said.items():
                yield from found_in(f"{where}.{key}", value)
        case list():
            for value in said:
                yield from found_in(where, value)
        case str() if A_MOMENT.fullmatch(said):
            moment = datetime.fromisoformat(said)
            yield where, moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case str() if A_DAY.fullmatch(said):
            yield where, date.fromisoformat(said)
        case str():
            for each in A_DAY.findall(said):
                yield where, date.fromisoformat(each)


def moments(written: Counter[tuple[str, str]]) -> Moments:
    found: defaultdict[str, list[date | datetime]] = defaultdict(list)
    for (table, row), times in written.items():
        for where, when in found_in(table, json.loads(row)):
            if where not in ITS_OWN:
                found[where] += [when] * times
    return found


def sent(sending: Sending, out: timedelta) -> tuple[int, Moments]:
    """What came of it, taken back afterwards."""
    with transaction.atomic():
        with apart(), time_machine.travel(datetime.now(UTC) + out):
            client = signed_in(sending.who)
            before = rows()
            answer = client.post(sending.path, dict(sending.said))
            written = rows() - before
        transaction.set_rollback(True)
    return answer.status_code, moments(written)


def differ(one: date | datetime | None, other: date | datetime | None) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) >= NEAR
    return one != other


def apart_by_the_clock(right: Moments, wrong: Moments) -> list[str]:
    return [
        f"{where}: {one} by the right clock, {other} by the wrong one"
        for where in sorted({*right, *wrong})
        for one, other in zip_longest(sorted(right.get(where, []), key=str), sorted(wrong.get(where, []), key=str))
        if differ(one, other)
    ]


@pytest.mark.parametrize("out", OUT, ids=lambda out: f"{out / HOUR:+.0f} hours")
def test_no_moment_that_a_form_writes_is_the_web_processs(out: timedelta, chance: random.Random) -> None:
    """A third of the forms, drawn, and all of them where everything is asked."""
    names = sorted(SCENES)
    for name in names if THOROUGH else sorted(chance.sample(names, len(names) // 3)):
        with transaction.atomic():
            sending = SCENES[name](under_shipped_versions(westmarch()), 0)
            status, right = sent(sending, timedelta())
            answered, wrong = sent(sending, out)
            assert status in (200, 302, 303), name
            assert answered == status, name
            assert not apart_by_the_clock(right, wrong), name
            assert right or name in WRITES_NONE, f"{name} writes no moment at all"
            transaction.set_rollback(True)


def test_what_is_held_side_by_side_tells_a_day_from_another() -> None:
    right: Moments = {"a.at": [datetime(2026, 5, 6, 9, tzinfo=UTC)], "a.payload.on": [date(2026, 5, 6)]}
    assert not apart_by_the_clock(right, {**right, "a.at": [datetime(2026, 5, 6, 9, 2, tzinfo=UTC)]})
    assert apart_by_the_clock(right, {**right, "a.at": [datetime(2026, 5, 7, 11, tzinfo=UTC)]})
    assert apart_by_the_clock(right, {**right, "a.payload.on": [date(2026, 5, 7)]})
    assert apart_by_the_clock(right, {"a.at": right["a.at"]})


@pytest.mark.parametrize("out", OUT, ids=lambda out: f"{out / HOUR:+.0f} hours")
def test_a_page_is_printed_on_the_databases_day(out: timedelta) -> None:
    cast = under_shipped_versions(westmarch())
    with apart(), time_machine.travel(datetime.now(UTC) + out):
        page = signed_in(cast.person("Grace")).get("/").text
    today = datetime.now(UTC).astimezone(LONDON).date()
    assert f"Printed by Grace Ollerton {full_day(today, short=True)}" in page


def test_no_page_asks_its_own_process_for_the_time() -> None:
    asking = [
        f"{path.relative_to(DESKS)}:{number}"
        for path in (*DESKS.rglob("*.py"), *DESKS.rglob("*.html"))
        if str(path.relative_to(DESKS)) not in IN_A_SESSION
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if ASKS_ITSELF.search(line)
    ]
    assert not asking, f"undrift.people.clock has the time, by the database: {asking}"
