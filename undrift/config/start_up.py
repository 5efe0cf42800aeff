"""Bad configuration is refused at start-up, by two tables: `bad_settings` (what the environment says) and
`bad_databases` (what the server says). `undrift.config.checks` refuses the first for every command as well.
"""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.db import connection

from undrift.config import bad_databases, bad_settings
from undrift.config.refusals import Refused, Rule, Setup


def broken_settings(setup: Setup) -> list[Rule]:
    return [rule for rule in bad_settings.RULES if (setup.in_production or rule.also_at_home) and rule.wrong(setup)]


def broken_database() -> list[Rule]:
    """Asked over the connection that will serve, as its role. One that does not answer is refused too."""
    found = bad_databases.facts(connection)
    connection.close()
    return [rule for rule in bad_databases.RULES if rule.wrong(found)]


def undeclared_addresses() -> list[Rule]:
    """An address without a rule would be open to whoever finds it, so nothing is served at all."""
    rules = import_module("undrift.desks.frame.addresses")  # not before the applications are loaded
    return [
        Rule("undrift.E200", "rules", sentence, "See docs/reference/access.md.", lambda found: True)
        for sentence in rules.undeclared()
    ]


def refuse_bad_configuration() -> None:
    """Called before anything is served or worked on: return, or raise Refused. The database is asked in production."""
    setup = Setup(settings, os.environ)
    broken = broken_settings(setup)
    broken += undeclared_addresses()
    if setup.in_production:
        broken += broken_database()
    if broken:
        raise Refused(broken)
