"""Give the application's role what it needs on the tables, and no more. Run as the owner, after `migrate`."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg import conninfo, sql

from undrift.config import databases


class Command(BaseCommand):
    help = "Let the application's database role use the tables; on history it may only read and add."

    def handle(self, *args: object, **options: object) -> None:
        urls = databases.database_urls(os.environ)
        if not urls.owner_is_apart:
            self.stdout.write("One role owns and uses the tables (DATABASE_OWNER_URL is not set): nothing to grant.")
            return
        role = conninfo.conninfo_to_dict(urls.application)["user"]
        with connection.cursor() as cursor:
            for statement in grants(str(role), connection.introspection.table_names(cursor)):
                cursor.execute(statement)


def grants(role: str, tables: list[str]) -> list[sql.Composed]:
    """The statements. Tables made later are granted by default; what must not change is named in the settings."""
    who = sql.Identifier(role)
    use = "GRANT SELECT, INSERT, UPDATE, DELETE ON"
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who),
        sql.SQL(use + " ALL TABLES IN SCHEMA public TO {}").format(who),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public " + use + " TABLES TO {}").format(who),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(who),
    ]
    take = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
    for table in settings.APPEND_ONLY_TABLES:
        if table in tables:
            statements.append(take.format(sql.Identifier(table), who))
    for table, columns in settings.INSERT_AND_END_TABLES.items():
        if table in tables:
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            statements.append(take.format(sql.Identifier(table), who))
            statements.append(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(names, sql.Identifier(table), who))
    for table in settings.READ_ONLY_TABLES:
        if table in tables:
            keep = sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}")
            statements.append(keep.format(sql.Identifier(table), who))
    return statements
