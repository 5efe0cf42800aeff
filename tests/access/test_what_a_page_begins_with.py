"""What every page asks before anything else is asked by index: it takes no longer in a larger council."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.access.crowd import Crowd, build, furnish
from undrift.access import second_lock
from undrift.children.models import Child, Family
from undrift.people.seats import seat_of

MANY = 300
READ = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"


@pytest.fixture
def furnished(db: None) -> Crowd:
    crowd = build(["chair", "business-support"])
    furnish(crowd)
    return crowd


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return int(cursor.fetchone()[0])


def read_on_entering(crowd: Crowd) -> list[int]:
    """For each person, the rows of all tables that their first statement reads."""
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


def test_more_children_in_the_council_are_no_more_to_read(furnished: Crowd) -> None:
    read_on_entering(furnished)  # a function's first five runs are planned each by itself, and may read otherwise
    few = read_on_entering(furnished)
    council = next(spot.child for spot in furnished.spots if spot.here).authority
    family = Family.objects.create(authority=council, name="Dabney")
    born = furnished.now.date()
    Child.objects.bulk_create(
        [Child(authority=council, family=family, first_name="Ash", date_of_birth=born) for _ in range(MANY)]
    )
    more = max(after - before for before, after in zip(few, read_on_entering(furnished), strict=True))
    assert more < MANY / 10, f"{more} rows more were read for {MANY} children more."
    assert all(few), "nothing was read, so nothing was measured"
