"""What every page asks before anything else is asked by index: it takes no longer in a larger council."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests.access.connected import analyzed, wide_connection
from tests.access.crowd import Crowd, build, furnish
from undrift.access import second_lock
from undrift.children.models import Child, Family
from undrift.people.seats import seat_of

MANY = 3000
READ = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"


@pytest.fixture
def furnished(db: None) -> Iterator[Crowd]:
    with wide_connection():
        crowd = build(["chair", "business-support"])
        furnish(crowd)
        yield crowd


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return int(cursor.fetchone()[0])


def read_on_entering(crowd: Crowd) -> list[int]:
    """For each person, the rows of all tables that their first statement reads, once the planner knows the tables."""
    analyzed()
    found = []
    for one in crowd.people:
        seat = seat_of(one.person, crowd.now.date())
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")  # in tables as small as these it would be chosen
            before = rows_read()
            second_lock.enter(one.person, seat, crowd.now)
            found.append(rows_read() - before)
            transaction.set_rollback(True)
    return found


def more_children(crowd: Crowd) -> None:
    council = next(spot.child for spot in crowd.spots if spot.here).authority
    family = Family.objects.create(authority=council, name="Dabney")
    born = crowd.now.date()
    Child.objects.bulk_create(
        [Child(authority=council, family=family, first_name="Ash", date_of_birth=born) for _ in range(MANY)]
    )


def test_more_children_in_the_council_are_no_more_to_read(furnished: Crowd) -> None:
    more_children(furnished)  # in a table that is small the planner rightly reads every row
    few = read_on_entering(furnished)
    more_children(furnished)
    more = max(after - before for before, after in zip(few, read_on_entering(furnished), strict=True))
    assert more < MANY / 10, f"{more} rows more were read for {MANY} children more."
    assert all(few), "nothing was read, so nothing was measured"
