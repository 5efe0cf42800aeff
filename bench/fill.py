"""`python -m bench.fill NUMBER`: fill an empty database with so many open resolutions, as its superuser."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import django

STEADY = 200  # on the list of the chair whose list does not grow
MANAGER, CHAIR = "Judith Calloway", "Imran Dastgir"


def main(argv: Sequence[str]) -> int:
    django.setup()
    from bench import patterns, seeding

    number = int(argv[0])
    began = time.perf_counter()
    made = patterns.make()
    steady = shared_out(STEADY - len(made.steady), len(made.steady))
    shared = shared_out(number - STEADY - len(made.shared), len(made.shared))
    reached = time.perf_counter()
    wanted = {r.pk: times for r, times in zip((*made.steady, *made.shared), (*steady, *shared), strict=True)}
    trust_the_keys()
    copies = seeding.seed(wanted)
    patterns_s, copies_s = reached - began, time.perf_counter() - reached
    print(f"{len(wanted)} resolutions reached by acts in {patterns_s:.1f} s, {copies:,} copied in {copies_s:.1f} s")
    return 0


def trust_the_keys() -> None:
    """Leave out the check of each foreign key, most of the time: tests/bench checks them all on fewer copies."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


def shared_out(number: int, parts: int) -> list[int]:
    return [number // parts + (place < number % parts) for place in range(parts)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
