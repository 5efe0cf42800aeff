"""What is refused of the database, asked of the server itself as the role that serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import Error

from undrift import library
from undrift.config.refusals import Rule

OLDEST = 150000
SAID = ("version", "fsync", "full_page_writes", "synchronous_commit", "only_reads", "encoding", "superuser",
        "bypasses_row_security", "makes_roles", "owns_tables", "makes_tables", "encrypted", "logs_values")  # fmt: skip
GUARDS = ("rows", "whole")  # the triggers on each table of history, by the end of their names

ASK = """
SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('full_page_writes'),
       current_setting('synchronous_commit'), pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on',
       current_setting('server_encoding'),
       rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb,
       EXISTS (SELECT FROM pg_class JOIN pg_namespace spaces ON spaces.oid = relnamespace
               WHERE nspname = 'public' AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER')),
       has_schema_privilege('public', 'CREATE'),
       inet_server_addr() IS NULL OR COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
       current_setting('log_statement') <> 'none' OR current_setting('log_min_duration_statement') <> '-1'
           OR current_setting('log_min_duration_sample') <> '-1'
           OR current_setting('log_transaction_sample_rate') <> '0'
           OR current_setting('log_min_error_statement') NOT IN ('fatal', 'panic')
           OR current_setting('log_error_verbosity') <> 'terse'
FROM pg_roles WHERE rolname = current_user
"""
MAY_CHANGE = """
SELECT COALESCE(bool_or(has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')
                        OR has_table_privilege(oid, 'TRUNCATE')), false), count(*)
FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'
"""
TRIGGERS = """
SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relname = ANY(%s) AND tgname = ANY(%s) AND tgenabled IN ('O', 'A')
"""


@dataclass(frozen=True, slots=True)
class Facts:
    answers: bool = False
    version: int = 0
    fsync: str = "on"
    full_page_writes: str = "on"
    synchronous_commit: str = "on"
    only_reads: bool = False
    encoding: str = "UTF8"
    superuser: bool = False
    bypasses_row_security: bool = False
    makes_roles: bool = False
    owns_tables: bool = False
    makes_tables: bool = False
    encrypted: bool = True
    logs_values: bool = False
    changes_history: bool = False
    has_tables: bool = True
    guarded: bool = True
    protocols: tuple[str, ...] = ()
    areas: tuple[tuple[str, str], ...] = ()  # of each policy that is gone by


def facts(connection: Any) -> Facts:
    """What the server says about itself, this role and the tables. A server that is silent has said nothing."""
    tables = list(settings.APPEND_ONLY_TABLES)
    guards = [f"{table}_{end}" for table in tables for end in GUARDS]
    try:
        with connection.cursor() as cursor:
            cursor.execute(ASK)
            said = cursor.fetchone()
            cursor.execute(MAY_CHANGE, [tables])
            changes, found = cursor.fetchone()
            cursor.execute(TRIGGERS, [tables, guards])
            (triggers,) = cursor.fetchone()
            adopted: tuple[str, ...] = ()
            areas: tuple[tuple[str, str], ...] = ()
            if found:
                cursor.execute("SELECT DISTINCT protocol_id, area FROM people_authority ORDER BY 1, 2")
                areas = tuple(cursor.fetchall())
                adopted = tuple(dict.fromkeys(protocol for protocol, _ in areas))
    except Error:
        return Facts()
    return Facts(
        answers=True,
        **dict(zip(SAID, said, strict=True)),
        changes_history=changes,
        has_tables=found == len(tables),
        guarded=triggers == len(guards),
        protocols=adopted,
        areas=areas,
    )


def rule(identifier: str, set_by: str, sentence: str, remedy: str, wrong: Any) -> Rule:
    """A rule about a server that answers."""
    return Rule(identifier, set_by, sentence, remedy, lambda found: found.answers and wrong(found))


RULES: tuple[Rule, ...] = (
    Rule("undrift.E101", "DATABASE_URL", "The database did not answer, so nothing about it could be checked.",
         "Start it, or set DATABASE_URL to where it is; the role must be able to sign in.",
         lambda found: not found.answers),
    rule("undrift.E102", "DATABASE_URL", "The server is older than PostgreSQL 15.",
         "Set DATABASE_URL to a PostgreSQL 15 or newer.", lambda found: found.version < OLDEST),
    rule("undrift.E103", "fsync", "fsync is off: a power cut would destroy the record.",
         "Set fsync = on in postgresql.conf and restart the server.", lambda found: found.fsync != "on"),
    rule("undrift.E104", "full_page_writes", "full_page_writes is off: a power cut would leave torn pages.",
         "Set full_page_writes = on in postgresql.conf.", lambda found: found.full_page_writes != "on"),
    rule("undrift.E105", "synchronous_commit", "synchronous_commit is off: a response that was accepted could be lost.",
         "Set synchronous_commit = on in postgresql.conf and for the application's role.",
         lambda found: found.synchronous_commit == "off"),
    rule("undrift.E106", "DATABASE_URL", "DATABASE_URL leads to a replica, or to a server that only reads.",
         "Set DATABASE_URL to the primary server, or add target_session_attrs=read-write.",
         lambda found: found.only_reads),
    rule("undrift.E107", "server_encoding", "The database is not in UTF-8, so names could not be written as they are.",
         "Set up the database anew with ENCODING 'UTF8'.", lambda found: found.encoding != "UTF8"),
    rule("undrift.E108", "DATABASE_URL", "The application's role is a superuser.",
         "Set DATABASE_URL to a role made with NOSUPERUSER.", lambda found: found.superuser),
    rule("undrift.E109", "DATABASE_URL", "The application's role goes round row-level security.",
         "Set the role to NOBYPASSRLS, as superuser: ALTER ROLE ... NOBYPASSRLS.",
         lambda found: found.bypasses_row_security),
    rule("undrift.E110", "DATABASE_URL", "The application's role may make roles or databases.",
         "Set the role to NOCREATEROLE NOCREATEDB.", lambda found: found.makes_roles),
    rule("undrift.E111", "DATABASE_URL", "The application's role owns tables, or is a member of the role that does.",
         "Set DATABASE_URL to a role that owns nothing; run `manage.py make_ready` with DATABASE_OWNER_URL set.",
         lambda found: found.owns_tables),
    rule("undrift.E112", "DATABASE_URL", "The application's role may make tables.",
         "Set it right as owner: REVOKE CREATE ON SCHEMA public FROM PUBLIC, and from the role.",
         lambda found: found.makes_tables),
    rule("undrift.E113", "DATABASE_URL", "The application's role could change or remove history.",
         "Run `manage.py grant_app_role` with DATABASE_OWNER_URL set.", lambda found: found.changes_history),
    rule("undrift.E114", "DATABASE_URL", "The tables are not there, or not all of them.",
         "Run `manage.py make_ready` with DATABASE_OWNER_URL set.", lambda found: not found.has_tables),
    rule("undrift.E115", "DATABASE_URL", "A trigger that guards history is missing or switched off.",
         "Set it on as owner: ALTER TABLE ... ENABLE TRIGGER ALL; then find out who switched it off.",
         lambda found: found.has_tables and not found.guarded),
    rule("undrift.E116", "DATABASE_URL", "The connection to the database is not encrypted.",
         "Set ssl = on at the server and sslmode=verify-full in DATABASE_URL.", lambda found: not found.encrypted),
    rule("undrift.E117", "protocol", "An authority goes by a policy that this version does not know.",
         f"Set the authority's protocol_id to {' or '.join(library.shipped())}, or set up the version that has it.",
         lambda found: not set(found.protocols) <= set(library.shipped())),
    rule("undrift.E118", "area", "An authority goes by an area that its policy does not have.",
         "Set it with `undrift import organisation --area`, which names those the policy has; or leave it empty.",
         lambda found: any(area and area not in library.areas_of(protocol) for protocol, area in found.areas)),
    rule("undrift.E119", "log_min_error_statement", "The database’s own log would hold what people write of children.",
         "Set for the role, as superuser: ALTER ROLE ... SET log_min_error_statement = 'panic', and each of"
         " log_error_verbosity = 'terse', log_statement = 'none', log_min_duration_statement = -1,"
         " log_min_duration_sample = -1, log_transaction_sample_rate = 0.",
         lambda found: found.logs_values),
)  # fmt: skip
