"""What the database's superuser does to anything that only grows, and to the file of seals, is found and named.

Each tampering is done past every trigger, in a transaction that is then taken back; `verify` is asked meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.cast import Cast
from tests.house.database import connected_as
from tests.resolutions import reached
from undrift.access.emergency import open_glass
from undrift.access.granting import ask_cover, cover_oneself
from undrift.access.models import Look, Restriction
from undrift.access.restricting import exclude, name, restrict
from undrift.children.models import AllocationPart
from undrift.config import embedded
from undrift.people.accounts import ask_for_new_password
from undrift.people.models import Holding
from undrift.record.allocating import allocate
from undrift.record.models import Seal
from undrift.record.sealed_rows import TABLES
from undrift.record.seals import seal, seal_file
from undrift.record.verify import verify

# Of each table, one column that never changes, and what somebody would make of it.
CHANGED = {
    "access_look": "refused = NOT refused",
    "people_accountact": "at = at - interval '1 day'",
    "people_letter": "created_at = created_at - interval '1 day'",
    "access_opening": "reason = 'The chair asked me to.'",
    "access_restriction": "reason = 'By mistake.'",
    "access_listing": "why = 'Her work.'",
    "access_exclusion": "why = 'asked to be'",
    "access_alert": "kind = 'nothing'",
    "record_notice": "kind = 'nothing'",
    "people_holding": "starts = '2015-01-01'",
    "people_cover": "starts = '2015-01-01'",
    "people_grant": "asked_by_id = asked_by_id + 1",
    "children_factchange": "was = 'EMO'",
    "children_allocation": "from_day = '2015-01-01'",
}
OF_TABLES = [
    (f"{table}: {how}", statement.format(table=table, changed=CHANGED[table], called=said.called), said.called)
    for table, said in TABLES.items()
    for how, statement in (
        ("one deleted", "DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table})"),
        ("all deleted", "DELETE FROM {table}"),
        ("one changed", "UPDATE {table} SET {changed} WHERE id = (SELECT max(id) FROM {table})"),
    )
]
ONE = "(SELECT min(case_id) FROM record_event)"
OF_HISTORY = [
    ("an entry changed", f"UPDATE record_event SET by_name = 'No' WHERE case_id = {ONE} AND seq = 2", "was changed"),
    ("an entry taken out", f"DELETE FROM record_event WHERE case_id = {ONE} AND seq = 2", "is missing"),
    ("the end cut off", f"DELETE FROM record_event WHERE case_id = {ONE} AND seq > 2", "cut off"),
    ("two renumbered", f"UPDATE record_event SET seq = 9 - seq WHERE case_id = {ONE} AND seq IN (2, 3)", "missing"),
    ("a history taken out", f"DELETE FROM record_event WHERE case_id = {ONE}", "no history at all"),
    ("a case taken out", f"DELETE FROM record_case WHERE id = {ONE}", "belongs to no case"),
    ("an entry of no case", "INSERT INTO record_event SELECT * FROM orphan()", "belongs to no case"),
    ("a forged entry of before the last seal", "SELECT forge()", "is dated before seal"),
    ("a forged look of before the last seal",
     "INSERT INTO access_look (authority_id, person, name, at, page, children, tried, how, refused) SELECT"
     " authority_id, person, name, at - interval '9 days', page, children, tried, how, refused"
     " FROM access_look LIMIT 1",
     "is dated before the last seal"),
]  # fmt: skip
OF_SEALS = [
    ("all deleted", "DELETE FROM record_seal", "is missing in the database"),
    ("the first deleted", "DELETE FROM record_seal WHERE batch = 1", "is missing in the database"),
    ("the last deleted", "DELETE FROM record_seal WHERE batch = 3", "is missing in the database"),
    ("one renumbered", "UPDATE record_seal SET batch = 9 WHERE batch = 3", "another’s number"),
    ("one of another moment", "UPDATE record_seal SET made_at = made_at - interval '9 days' WHERE batch = 2", "moment"),
    ("one that counts fewer", "UPDATE record_seal SET count = 0 WHERE batch = 1", "was changed"),
    ("one without its heads", "UPDATE record_seal SET heads = '[]' WHERE batch = 1", "was changed"),
    ("one without its rows", "UPDATE record_seal SET rows = '[]' WHERE batch = 1", "was changed"),
    ("one of another root", "UPDATE record_seal SET root = repeat('0', 64) WHERE batch = 2", "was changed"),
]


def swapped(lines: list[str], one: int, other: int) -> list[str]:
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def rewritten(line: str, **values: Any) -> str:
    return json.dumps(json.loads(line) | values, separators=(",", ":"))


OF_THE_FILE: list[tuple[str, Callable[[list[str]], list[str] | None], str]] = [
    ("emptied", lambda lines: [], "is empty or gone"),
    ("removed", lambda lines: None, "is empty or gone"),
    ("its first line taken out", lambda lines: lines[1:], "is not among those kept outside"),
    ("its last line taken out", lambda lines: lines[:-1], "is not among those kept outside"),
    ("its middle line taken out", lambda lines: [lines[0], lines[2]], "is not among those kept outside"),
    ("put in another order", lambda lines: swapped(lines, 0, 1), "stands in another order"),
    ("a line twice", lambda lines: [*lines, lines[0]], "more than once"),
    ("a line spoilt", lambda lines: [lines[0], lines[1][:-9] + "@", lines[2]], "cannot be read: line 2"),
    ("a line of something else", lambda lines: [*lines, '{"batch": "one"}'], "cannot be read: line 4"),
    ("a line of no letters", lambda lines: ["\x00\x00", *lines], "cannot be read: line 1"),
    ("a line of other heads", lambda lines: [rewritten(lines[0], heads=[]), *lines[1:]], "was changed"),
    ("a line of other rows", lambda lines: [rewritten(lines[0], rows=[]), *lines[1:]], "was changed"),
    ("a line of another moment", lambda lines: [rewritten(lines[0], made_at="2015-01-01"), *lines[1:]], "moment"),
]  # fmt: skip

FORGERIES = """
CREATE FUNCTION pg_temp.forge() RETURNS void LANGUAGE plpgsql AS $$
DECLARE last record_event;
BEGIN
    SELECT * INTO last FROM record_event WHERE case_id = (SELECT min(case_id) FROM record_event)
    ORDER BY seq DESC LIMIT 1;
    last.id := last.id + 100000;
    last.seq := last.seq + 1;
    last.previous_hash := last.hash;
    last.hash := repeat('f', 64);
    last.recorded_at := last.recorded_at - interval '9 days';
    INSERT INTO record_event SELECT last.*;
    UPDATE record_case SET last_seq = last.seq, last_hash = last.hash WHERE id = last.case_id;
END $$;
CREATE FUNCTION pg_temp.orphan() RETURNS SETOF record_event LANGUAGE plpgsql AS $$
DECLARE one record_event;
BEGIN
    SELECT * INTO one FROM record_event WHERE seq = 1 LIMIT 1;
    one.id := one.id + 100000;
    one.case_id := 999999;
    RETURN NEXT one;
END $$
"""


@pytest.fixture
def sealed(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    """A record with a row in every table, under three seals."""
    from tests.cast import westmarch
    from tests.resolutions.conftest import under_shipped_versions

    settings.SEAL_FILE = tmp_path / "elsewhere" / "seals.jsonl"
    cast = under_shipped_versions(westmarch())
    now, today = timezone.now(), timezone.localdate()
    judith, marcus, priya = (cast.person(who) for who in ("Judith", "Marcus", "Priya"))
    first = reached.stage_one(cast).resolution
    reached.stage_one(cast, "Tyler")
    maya = cast.child("Maya")
    restrict(maya, judith, "A relative works here.", now)
    name(maya, cast.person("Callum"), "Her team", today, judith, now)
    exclude(maya, cast.person("Dev"), "is a relative", judith, now)
    open_glass(cast.child("Tyler"), marcus, "immediate-risk", "The police rang: found alone on Canal Street.", now)
    week = today + timedelta(days=7)
    worker = AllocationPart.SOCIAL_WORKER
    for from_day, who in ((today, "Kofi"), (week, "Hannah")):
        allocate([cast.child("Jude")], worker, cast.person(who), from_day=from_day, by=judith, at=now, why="Her team")
    cover_oneself(priya, cast.person("Yasmin"), today, week, None, "Leave")
    ask_cover(cast.authority, judith, cast.person("Denise"), cast.person("Owen"), today, week, None, "Off sick")
    for person in (priya, judith):
        person.set_password("a long walk beside the canal")
        person.save()
        ask_for_new_password(person.email, now)
        Look.objects.create(authority=cast.authority, person=person.pk, name=person.name, at=now, children=[maya.pk])
    seal()
    Look.objects.create(authority=cast.authority, person=priya.pk, name=priya.name, at=now, children=[maya.pk])
    seal()
    reached.answered(cast, first, now)
    seal()
    assert Seal.objects.count() == len(seal_file().read_text().splitlines()) == 3
    assert verify() == []
    return cast


@pytest.fixture
def superuser(sealed: Cast) -> Iterator[Any]:
    with connected_as(embedded.SUPERUSER):
        yield connection


def found(statement: str) -> str:
    """What verify says while this is done; then it is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FORGERIES)
        cursor.execute(statement.replace("forge()", "pg_temp.forge()").replace("orphan()", "pg_temp.orphan()"))
        said = "\n".join(map(str, verify()))
        transaction.set_rollback(True)
    return said


def test_sixty_tamperings_are_each_named(superuser: Any) -> None:
    unnamed, tried = [], 0
    for what, statement, named in (*OF_TABLES, *OF_HISTORY, *OF_SEALS):
        said = found(statement)
        tried += 1
        if named not in said:
            unnamed.append(f"{what}: not {named!r} in {said or 'nothing'!r}")
    path, whole = seal_file(), seal_file().read_bytes()
    for what, tamper, named in OF_THE_FILE:
        lines = tamper(whole.decode().splitlines())
        path.unlink() if lines is None else path.write_text("".join(f"{line}\n" for line in lines))
        said = "\n".join(map(str, verify()))
        path.write_bytes(whole)
        tried += 1
        if named not in said:
            unnamed.append(f"the file {what}: not {named!r} in {said or 'nothing'!r}")
    assert not unnamed, "\n".join(unnamed)
    assert tried >= 60
    assert verify() == []


def test_what_is_ended_or_sent_is_no_tampering(sealed: Cast) -> None:
    now = timezone.now()
    Restriction.objects.update(lift_asked_by=sealed.person("Marcus"), lift_asked_at=now)
    Holding.objects.filter(person=sealed.person("Callum")).update(ends=timezone.localdate(), ended_at=now)
    assert verify() == []


def test_half_a_line_that_a_crash_left_is_passed_over(sealed: Cast) -> None:
    path = seal_file()
    whole = path.read_bytes()
    path.write_bytes(whole[: -len(whole.splitlines()[-1]) // 2])
    reached.stage_one(sealed, "Amara")
    seal()
    assert verify() == []


def test_a_number_that_came_late_is_sealed_and_kept_like_the_others(sealed: Cast) -> None:
    last = Look.objects.latest("pk")
    said = {"authority": sealed.authority, "person": 1, "name": "Late", "at": timezone.now()}
    Look.objects.create(pk=last.pk + 3, **said)
    seal()
    Look.objects.create(pk=last.pk + 2, **said)
    assert verify() == []
    seal()
    assert verify() == []
    with connected_as(embedded.SUPERUSER):
        assert "A look was" in found(f"UPDATE access_look SET name = 'Early' WHERE id = {last.pk + 2}")
