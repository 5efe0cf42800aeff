"""What the database's superuser does to anything that only grows, and to the file of seals, is found and named.

Each tampering is done past every trigger, in a transaction that is then taken back; `verify` is asked meanwhile.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tests.cast import Cast
from tests.house.database import connected_as
from tests.house.thorough import THOROUGH
from tests.resolutions import reached
from undrift.access.emergency import open_glass
from undrift.access.granting import ask_cover, cover_oneself
from undrift.access.models import Look
from undrift.access.restricting import exclude, name, restrict
from undrift.applying.one_child import say_two
from undrift.children.models import AllocationPart
from undrift.config import embedded
from undrift.people.accounts import ask_for_new_password
from undrift.record import sealed_rows
from undrift.record.allocating import allocate
from undrift.record.families import also_in
from undrift.record.models import GoodPracticeReport, Notice, Seal
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
    "children_samechild": "same = NOT same",
    "children_alsoinfamily": "family_id = family_id + 1",
    "record_goodpracticereport": "sentences = '[]'",
    "record_case": "protocol_version = '2001.1'",
    "record_ending": "said = ''",
}
OF_TABLES = [
    (f"{table}: {how}", statement.format(table=table, changed=CHANGED[table], gap=f"gap('{table}')"), said.called)
    for table, said in TABLES.items()
    for how, statement in (
        ("one deleted", "DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table})"),
        ("all deleted", "DELETE FROM {table}"),
        ("one changed", "UPDATE {table} SET {changed} WHERE id = (SELECT max(id) FROM {table})"),
        ("one under a number below all", "SELECT put('{table}', -1, '0')"),
        ("one in a gap of long ago", "SELECT put('{table}', {gap}, '0')"),
        ("one in a gap, dated back", "SELECT put('{table}', {gap}, '400 days')"),
    )
]
# Of those that say when they were written: put in at the end, and dated before the last seal.
OF_THEIR_END = [
    (f"{table}: one at the end, dated back", f"SELECT put('{table}', last('{table}') + 1, '9 days')",
     f"{said.called}, number ")
    for table, said in TABLES.items() if said.moment
]  # fmt: skip
# Each column that ends something, reopens it or says what came of it; by its name, what somebody would make of it.
OTHERWISE = {
    "undone_why": "'No.'",
    "ends": "'2099-01-01'",
    "finding": "'justified'",
    "remark": "'Quite right.'",
    "outcome": "'confirmed'",
}
OF_ENDS = [
    (
        f"{table}: {column} changed",
        f"SELECT loosen('{table}'); UPDATE {table} SET {column} = {made_of} WHERE id = (SELECT min(id) FROM {table})",
        f"{said.called}, number ",
    )
    for table, said in TABLES.items()
    for column in said.ends
    for made_of in [OTHERWISE.get(column) or (
        f"coalesce({column}, 0) + 1" if column.endswith("_id") else f"coalesce({column}, now()) + interval '1 year'"
    )]
]  # fmt: skip
# What seals came to know later than the rest of their table.
OF_LATER = [
    (
        f"{table}: {column} changed",
        f"SELECT loosen('{table}'); UPDATE {table} SET {column} = {made_of} WHERE id = (SELECT max(id) FROM {table})",
        TABLES[table].called,
    )
    for table, column, made_of in (
        ("people_cover", "reason", "'She asked for it.'"),
        ("people_cover", "authority_id", "coalesce(authority_id, 0) + 1"),
        ("people_cover", "partnership_id", "coalesce(partnership_id, 0) + 1"),
        ("people_holding", "authority_id", "coalesce(authority_id, 0) + 1"),
        ("people_holding", "partnership_id", "coalesce(partnership_id, 0) + 1"),
    )
]
# What may change of a case: the summary that its history gives.
SUMMARY = {
    "chair_id", "due", "due_at", "ended_at", "family_id", "last_at", "last_hash", "last_seq", "next_must",
    "next_name", "next_person_id", "next_role", "people_at", "raising_agency_id", "responsible_agency_id",
    "sealed_seq", "social_worker_id", "summary_version", "tag", "team_id", "then_due", "then_due_at", "then_must",
    "then_name", "then_person_id", "then_role", "then_tag", "turns_at",
}  # fmt: skip
ANOTHER = "(SELECT max(id) + 1 FROM people_authority)"
OF_CASES = [
    (
        "a case given to another council",
        f"UPDATE record_case SET authority_id = {ANOTHER}",
        "belongs to another council",
    ),
    ("a case under another reference", "UPDATE record_case SET reference = 'R-1999-1' WHERE id = {one}", "A case was"),
    ("a case under another protocol", "UPDATE record_case SET protocol_id = 'x' WHERE id = {one}", "A case was"),
    ("a child taken off a case", "DELETE FROM record_casechild WHERE case_id = {one}", "is about other children"),
    ("another child put on a case", "UPDATE record_casechild SET child_id = child_id + 99", "is about other children"),
    ("a child of another council", f"UPDATE record_casechild SET authority_id = {ANOTHER}", "is about other children"),
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
-- What somebody would do first who means to write what the tables refuse.
CREATE FUNCTION pg_temp.loosen(named text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one text;
BEGIN
    FOR one IN SELECT conname FROM pg_constraint WHERE conrelid = named::regclass AND contype IN ('u', 'c') LOOP
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', named, one);
    END LOOP;
    FOR one IN SELECT indexrelid::regclass::text FROM pg_index
        WHERE indrelid = named::regclass AND indisunique AND NOT indisprimary LOOP
        EXECUTE 'DROP INDEX ' || one;
    END LOOP;
END $$;
-- A copy of a row under that number, of so long before.
CREATE FUNCTION pg_temp.put(named text, number bigint, ago interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE moment text := (SELECT m.moment FROM (VALUES MOMENTS) AS m (named, moment) WHERE m.named = put.named);
BEGIN
    PERFORM pg_temp.loosen(named);
    EXECUTE format(
        'INSERT INTO %1$I SELECT (jsonb_populate_record(
            NULL::%1$I, to_jsonb(r) || jsonb_build_object(''id'', $1, ''%2$s'', now() - $2))).*
         FROM (SELECT * FROM %1$I ORDER BY id DESC LIMIT 1) r', named, coalesce(nullif(moment, ''), 'no moment'))
    USING number, ago;
END $$;
CREATE FUNCTION pg_temp.gap(named text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    EXECUTE format('SELECT min(id) - 1 FROM %I', named) INTO found;
    RETURN found;
END $$;
CREATE FUNCTION pg_temp.last(named text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    EXECUTE format('SELECT max(id) FROM %I', named) INTO found;
    RETURN found;
END $$;
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
""".replace("MOMENTS", ", ".join(f"('{table}', '{said.moment}')" for table, said in TABLES.items()))
OURS = re.compile(r"\b(forge|orphan|put|gap|last|loosen)\(")


@pytest.fixture
def sealed(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    """A record with a row in every table, under three seals."""
    from tests.cast import westmarch
    from tests.resolutions.conftest import under_shipped_versions

    settings.SEAL_FILE = tmp_path / "elsewhere" / "seals.jsonl"
    with connection.cursor() as cursor:
        for table in TABLES:  # a number that was given and not used
            if table != "record_ending":
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
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
    say_two(cast.child("Tyler"), cast.child("Jude"), by=judith, at=now, why="Born on another day.")
    also_in(cast.child("Jude"), cast.child("Tyler"), by=judith, at=now, why="He stays with both.")
    cover_oneself(priya, cast.person("Yasmin"), today, week, None, "Leave")
    ask_cover(cast.authority, judith, cast.person("Denise"), cast.person("Owen"), today, week, None, "Off sick")
    GoodPracticeReport.objects.create(
        authority=cast.authority, first=today, last=today, sentences=["You sleep well."], numbers={}, by=marcus,
        by_name=marcus.name, at=now,
    )  # fmt: skip
    for person in (priya, judith):
        person.set_password("a long walk beside the canal")
        person.save()
        ask_for_new_password(person.email, now)
        Look.objects.create(authority=cast.authority, person=person.pk, name=person.name, at=now, children=[maya.pk])
    # As if the seals before the last had been made a while ago: whatever was under way then is over.
    seal(now - timedelta(hours=3))
    Look.objects.create(authority=cast.authority, person=priya.pk, name=priya.name, at=now, children=[maya.pk])
    seal(now - timedelta(hours=1))
    reached.answered(cast, first, now)
    seal()
    assert Seal.objects.count() == len(seal_file().read_text().splitlines()) == 3
    assert verify() == []
    return cast


@pytest.fixture
def superuser(sealed: Cast) -> Iterator[Any]:
    with connected_as(embedded.SUPERUSER):
        yield connection


def found(statement: str, then: Callable[[], object] | None = None) -> str:
    """What verify says while this is done, and something else after it; then it is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FORGERIES)
        cursor.execute(OURS.sub(r"pg_temp.\1(", statement))
        if then is not None:
            then()
        said = "\n".join(map(str, verify()))
        transaction.set_rollback(True)
    return said


def test_a_hundred_and_seventy_tamperings_are_each_named(superuser: Any, chance: random.Random) -> None:
    """Each once in `make test-all`; as a rule a third of those in the database, and each of the file."""
    unnamed, tried = [], 0
    cases = [(what, statement.replace("{one}", ONE), named) for what, statement, named in OF_CASES]
    every = [*OF_TABLES, *OF_LATER, *OF_THEIR_END, *OF_ENDS, *cases, *OF_HISTORY, *OF_SEALS]
    assert len(every) + len(OF_THE_FILE) >= 170
    asked = every if THOROUGH else chance.sample(every, len(every) // 3)
    for what, statement, named in asked:
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
    assert tried == len(asked) + len(OF_THE_FILE) >= (170 if THOROUGH else 60)
    assert verify() == []


def test_no_seal_vouches_for_what_was_put_in(superuser: Any) -> None:
    for table, kept in TABLES.items():
        dated_back = [(f"last('{table}') + 1", "9 days")] if kept.moment else []
        for number, ago in [("-1", "0"), (f"gap('{table}')", "0"), *dated_back]:
            said = found(f"SELECT put('{table}', {number}, '{ago}')", then=seal)
            assert kept.called in said, f"{table}, {number}: {said}"


ENDED: dict[str, dict[str, str]] = {
    "access_opening": {"until": "opened_at + interval '1 minute'", "reviewed_by_id": "{other}", "reviewed_at": "now()",
                       "finding": "'justified'", "remark": "'Rightly.'"},
    "access_restriction": {"lift_asked_by_id": "{other}", "lift_asked_at": "now()", "lifted_at": "now()"},
    "access_listing": {"ends": "starts", "ended_by_id": "{other}", "ended_at": "now()"},
    "access_exclusion": {"lifted_by_id": "{other}", "lifted_at": "now()"},
    "record_notice": {"dropped_at": "now()"},
    "people_holding": {"ends": "starts", "ended_by_id": "{other}", "ended_at": "now()"},
    "people_cover": {"ends": "starts", "ended_by_id": "{other}", "ended_at": "now()"},
    "children_allocation": {"done_at": "now()", "ended_by_id": "{other}"},
    "children_samechild": {"undone_by_id": "{other}", "undone_at": "now()", "undone_why": "'By mistake.'"},
    "children_alsoinfamily": {"ended_by_id": "{other}", "ended_at": "now()"},
    "people_grant": {"settled_by_id": "{other}", "settled_at": "now()", "outcome": "'taken-back'"},
}  # fmt: skip


def end_everything(sealed: Cast) -> None:
    """As the application does: in its role, within a reach."""
    other = str(sealed.person("Owen").pk)
    with connection.cursor() as cursor:
        for table, columns in ENDED.items():
            made = ", ".join(f"{column} = {value.format(other=other)}" for column, value in columns.items())
            cursor.execute(f"UPDATE {table} SET {made}")
            assert cursor.rowcount, table


def test_what_is_ended_or_sent_is_no_tampering(sealed: Cast) -> None:
    end_everything(sealed)
    Notice.objects.update(sent_at=timezone.now(), attempts=1)
    assert verify() == []
    seal()
    assert verify() == []
    with connected_as(embedded.SUPERUSER):
        for table, columns in ENDED.items():
            for column in columns.keys() - {"until", "finding", "remark", "outcome", "undone_why"}:
                said = found(f"SELECT loosen('{table}'); UPDATE {table} SET {column} = NULL")
                assert f"{TABLES[table].called}, number " in said, f"{table} without its {column}: {said}"


def test_what_is_ended_by_hand_past_the_application_is_named(superuser: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('undrift.reach', '', true)")
        cursor.execute("UPDATE access_exclusion SET lifted_at = now()")
        said = "\n".join(map(str, verify()))
        transaction.set_rollback(True)
    assert "Somebody kept out, number " in said


def test_each_column_that_may_change_is_kept_or_is_of_sending() -> None:
    sending = {"next_attempt_at", "sent_at", "attempts", "last_error"}
    for table, columns in settings.INSERT_AND_END_TABLES.items():
        assert set(columns) - sending == set(TABLES[table].ends), table


def test_each_other_column_is_sealed_or_is_the_summary_of_a_case() -> None:
    sending = {"next_attempt_at", "sent_at", "attempts", "last_error"}
    models = {model._meta.db_table: model for model in apps.get_models()}
    for table, said in TABLES.items():
        columns = {field.column for field in models[table]._meta.concrete_fields}
        sealed = {column.strip('"') for column in said.columns.split(", ")}
        left = columns - sealed - set(said.ends) - sending
        assert left == (SUMMARY if table == "record_case" else set()), table


def test_what_had_ended_before_ends_were_kept_is_as_it_was(sealed: Cast) -> None:
    kept = import_module("undrift.record.migrations.0008_endings")
    columns_of = kept.COLUMNS | import_module("undrift.record.migrations.0010_endings_of_links").COLUMNS
    assert {table: said.ends for table, said in TABLES.items() if said.ends} == columns_of
    end_everything(sealed)
    with connected_as(embedded.SUPERUSER), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM record_ending")
        cursor.execute("SET timezone = 'UTC'")
        for table, columns in columns_of.items():
            cursor.execute(kept.kept(table, columns)[-1])
    assert not [fault for fault in verify() if "otherwise than was kept" in fault.sentence]


def test_the_seals_of_a_version_that_knew_fewer_tables_hold(sealed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected_as(embedded.SUPERUSER), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM record_seal")
    seal_file().unlink()
    known = {table: said for table, said in TABLES.items() if table not in ("record_case", "record_ending")}
    with monkeypatch.context() as before:
        before.setattr(sealed_rows, "TABLES", known)
        before.setattr(sealed_rows, "NEAR", 0)
        seal(timezone.now() - timedelta(hours=3))
    assert verify() == []
    reached.stage_one(sealed, "Amara")
    seal()
    assert {"record_case", "record_ending"} <= {row[0] for row in Seal.objects.latest("batch").rows}
    assert verify() == []


def test_the_seals_of_a_version_that_knew_fewer_columns_hold(sealed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected_as(embedded.SUPERUSER), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM record_seal")
    seal_file().unlink()
    made = sealed_rows._next

    def as_before(table: str, before: sealed_rows.Known) -> sealed_rows.Sealed | None:
        row = made(table, before)
        return row and row[:6]

    fewer = {table: replace(said, columns=said.hashed(None), first=None) for table, said in TABLES.items()}
    with monkeypatch.context() as then:
        then.setattr(sealed_rows, "TABLES", fewer)
        then.setattr(sealed_rows, "_next", as_before)
        seal()
    assert verify() == []
    later = "SELECT loosen('people_cover'); UPDATE people_cover SET {} WHERE id = (SELECT min(id) FROM people_cover)"
    with connected_as(embedded.SUPERUSER):
        assert "Cover was" in found(later.format("starts = '2015-01-01'"))
        assert not found(later.format("reason = 'She asked.'")), "what no seal knew then, none can name"


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


def test_a_row_is_waited_for_until_a_seal_is_made_half_an_hour_after_the_one_that_missed_it(sealed: Cast) -> None:
    now, last = timezone.now(), Look.objects.latest("pk")
    said = {"authority": sealed.authority, "person": 1, "name": "Late", "at": now}
    Look.objects.create(pk=last.pk + 4, **said)
    seal()
    Look.objects.create(pk=last.pk + 2, **said)
    seal(now + timedelta(hours=3))  # the worker was away meanwhile
    assert verify() == []
    Look.objects.create(pk=last.pk + 3, **said)
    for hours in (4, 5):
        (fault,) = verify()
        assert fault.sentence.startswith(f"A look, number {last.pk + 3}, was put in under a number")
        seal(now + timedelta(hours=hours))
