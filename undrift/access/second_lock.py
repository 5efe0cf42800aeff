"""The second lock: PostgreSQL itself shows a page no row that its reader may not see.

Why there are two: docs/why/decisions/0009-two-locks-one-matrix.md.

The policies on the tables (migrations 0002_row_level_security of access and of resolutions) read a few settings, which
live as long as a transaction. A connection that serves pages begins with none of them set, and sees nothing. The
setting `undrift.reach` says how far one sees:

  person     what one person may see, by the settings beside it
  bringer    on the pages of whoever brings children in, all of their council but those closed to them
  council    all of one council, while an act that was allowed is written down
  service    everything: the worker and the commands, which show nobody anything
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from undrift.access.matrix import Action, Tie
from undrift.access.scope import TO_READ, Doors, Scope, asked_of, doors_in, scope_in
from undrift.people import clock
from undrift.people.models import Person
from undrift.people.seats import Seat
from undrift.record.sight import as_array

# One statement: what stands open and closed is worked out, set, and given back.
ENTER = """
SELECT d.*,
    set_config('undrift.reach', 'person', true),
    set_config('undrift.my_number', %s, true),
    set_config('undrift.people', %s, true),
    set_config('undrift.chairs', m.chairs::text, true),
    set_config('undrift.works', m.works::text, true),
    set_config('undrift.units', m.units::text, true),
    set_config('undrift.councils', d.councils::text, true),
    set_config('undrift.lists_all', %s, true),
    set_config('undrift.opens_all', m.opens_all, true),
    set_config('undrift.reads_all', %s, true),
    set_config('undrift.logs', %s, true),
    set_config('undrift.brings', %s, true),
    set_config('undrift.guards', %s, true),
    set_config('undrift.closed_children', d.closed_children::text, true),
    set_config('undrift.closed', d.closed::text, true),
    set_config('undrift.children', CASE WHEN m.opens_all = 'yes' THEN '{}' ELSE undrift_reach(m.chairs, m.works,
        m.units, d.councils, d.named_children || d.opened_children || d.chaired_children || d.invited_children,
        d.closed_children)::text END, true),
    set_config('undrift.chaired', d.chaired_children::text, true),
    set_config('undrift.let', (d.named || d.opened)::text, true)
FROM undrift_doors(%s, %s, %s, %s, %s, %s, %s, %s) d, (
    SELECT %s::bigint[] AS chairs, %s::bigint[] AS works, %s::bigint[] AS units, %s AS opens_all
) m
"""
# Which ties make each of the lists of people: what they owe or were told of, what they chair, what they work on.
TIED = ({Tie.OWES, Tie.TOLD}, {Tie.CHAIR}, {Tie.ALLOCATED})
LOGS = (Action.LOG, Action.AUDIT)
HOW_MANY = len(Doors.__dataclass_fields__)
NOBODY = "SELECT set_config('undrift.reach', '', true), people_clock()"


def enter(person: Person, seat: Seat, moment: datetime) -> Doors:
    """From here to the end of the transaction, see what this person may see. One query; gives what it worked out."""
    scope = scope_in(person, seat, Doors())
    ties = {action: scope.ties(action) for action in TO_READ}
    known = frozenset().union(*ties.values())
    # Each tie as far as the person's work knows it: where it knows no child, they are nobody here.
    told, chairs, works = (as_array(scope.people if known & by else frozenset()) for by in TIED)
    lists, opens, reads = (_yes(Tie.WHOLE in ties[action]) for action in TO_READ)
    with connection.cursor() as cursor:
        cursor.execute(
            ENTER,
            [as_array({person.pk}), told, lists, reads, _yes(any(map(scope.has, LOGS))), _yes(scope.has(Action.BRING)),
             _guards(scope), *asked_of(person, seat, moment), chairs, works, as_array(scope.units), opens],
        )  # fmt: skip
        return doors_in(cursor.fetchone()[:HOW_MANY])


def enter_nobody() -> None:
    """From here to the end of the transaction, see nothing about any child."""
    with connection.cursor() as cursor:
        cursor.execute(NOBODY)
        clock.set_by(cursor.fetchone()[1])


SETTINGS = ("reach", "my_number", "people", "chairs", "works", "units", "councils", "lists_all", "opens_all",
            "reads_all", "logs", "brings", "guards", "closed_children", "closed", "children", "chaired",
            "let")  # fmt: skip


def kept() -> tuple[str, ...]:
    """The settings as they are, for `put_back`. Past the count of a page's queries: only tests ask."""
    asked = ", ".join(f"coalesce(current_setting('undrift.{name}', true), '')" for name in SETTINGS)
    found: tuple[str, ...] = connection.connection.execute(f"SELECT {asked}").fetchone()
    return found


def put_back(before: tuple[str, ...]) -> None:
    """The settings as they were."""
    asked = ", ".join(f"set_config('undrift.{name}', %s, true)" for name in SETTINGS)
    connection.connection.execute(f"SELECT {asked}", before)


def _guards(scope: Scope) -> str:
    """Whose restrictions, lists and exclusions the person's work is: of the whole council, or where they chair."""
    ties = scope.ties(Action.GUARD)
    return "all" if Tie.WHOLE in ties else "chaired" if Tie.CHAIR in ties else ""


def _yes(said: bool) -> str:
    return "yes" if said else ""
