"""A web process whose clock is a day out stores no moment of its own: what happened is dated by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.cast import Cast
from tests.house.moved_clock import apart
from tests.resolutions import reached
from tests.resolutions.guarded import REASON
from undrift.people.models import Cover, Grant

pytestmark = pytest.mark.django_db
NEAR = timedelta(minutes=30)
MOMENTS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' ORDER BY 1, 2
"""
# Moments of this process, which say nothing of what happened.
ITS_OWN = {
    ("django_session", "expire_date"): "how long a browser stays signed in",
    ("people_person", "last_login"): "written by these tests, which sign people in by hand; the page is asked below",
    ("record_case", "due_at"): "worked out from the history",
    ("record_duty", "due_at"): "worked out from the history",
}
Stored = Counter[tuple[str, str, datetime]]


def stored() -> Stored:
    """Every moment in every table."""
    found: Stored = Counter()
    with connection.cursor() as cursor:
        cursor.execute(MOMENTS)
        for table, column in cursor.fetchall():
            if (table, column) not in ITS_OWN:
                cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
                found.update((table, column, moment) for (moment,) in cursor.fetchall())
    return found


def be(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name), backend="undrift.people.seats.SignedIn")
    return client


def days(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def acts(west: Cast, reference: str, today: date) -> Iterator[tuple[str, int]]:
    """A day's work on the pages: what each answers."""
    maya, tyler, callum = west.child("Maya"), west.child("Tyler"), str(west.person("Callum").pk)
    until = today + timedelta(days=3)
    said = {
        "Grace": [(f"/resolutions/{reference}/note", {"text": "Spoke to the school."})],
        "Priya": [("/account/cover", {**days("starts", today), **days("ends", until), "covering": callum})],
        "Judith": [
            (f"/children/{maya.public_id}/who-may-see/restrict", {"reason": "A relative works here."}),
            (
                f"/guarding/restricted/{maya.public_id}/name",
                {"person": str(west.person("Denise").pk), "why": "Her area", **days("until", until)},
            ),
            (f"/guarding/restricted/{maya.public_id}/exclude", {"person": callum, "why": "is a relative"}),
            (
                f"/people/{west.person('Hannah').pk}/cover",
                {**days("starts", today), **days("ends", until), "covering": callum, "why": "Off sick"},
            ),
        ],
        "Marcus": [
            ("/search/emergency", {"by": "number", "number": tyler.external_id, "purpose": "immediate-risk",
                                   "reason": REASON}),
            ("/search/emergency/end", {}),
        ],
    }  # fmt: skip
    for name, typed in said.items():
        client = be(west, name)
        client.get(f"/children/{tyler.public_id}")
        for path, answers in typed:
            yield path, client.post(path, answers).status_code
    yield "confirm", be(west, "Marcus").post(f"/people/waiting/{Grant.objects.get().pk}", {"do": "confirm"}).status_code
    yield "end", be(west, "Priya").post(f"/account/cover/{Cover.objects.earliest('pk').pk}/end").status_code
    yield "forgotten", Client().post("/forgotten-password", {"email": west.person("Priya").email}).status_code
    yield "sign-in", Client().post("/sign-in", {"email": "nobody@else.example", "password": "x"}).status_code


@pytest.mark.parametrize("hours", [-26, 26])
def test_no_moment_of_what_happened_is_the_web_processs(west: Cast, hours: int) -> None:
    real = datetime.now(UTC)
    reference = reached.stage_one(west).resolution.reference
    before = stored()
    with apart(), time_machine.travel(real + timedelta(hours=hours)):
        answers = dict(acts(west, reference, real.date()))
    wrong = {path: status for path, status in answers.items() if status >= 400}
    assert not wrong
    new = stored() - before
    tables = {table for table, _, _ in new}
    assert tables >= {"record_event", "access_look", "access_restriction", "people_cover", "people_grant",
                      "people_wrongtry", "access_alert", "access_opening", "access_exclusion"}  # fmt: skip
    differ = [(table, column, str(moment)) for table, column, moment in new if abs(moment - real) >= NEAR]
    assert not differ, f"{len(differ)} moments differ by the web's clock: {differ[:12]}"


@pytest.mark.parametrize("hours", [-26, 26])
def test_when_somebody_was_here_last_is_the_databases_to_say(west: Cast, hours: int) -> None:
    real, grace = datetime.now(UTC), west.person("Grace")
    grace.set_password("a long walk beside the canal")
    grace.save()
    with apart(), time_machine.travel(real + timedelta(hours=hours)):
        Client().post("/sign-in", {"email": grace.email, "password": "a long walk beside the canal"})
    grace.refresh_from_db()
    assert grace.last_login is not None
    assert abs(grace.last_login - real) < NEAR
