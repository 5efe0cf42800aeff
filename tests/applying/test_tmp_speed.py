import time
from contextlib import contextmanager
from datetime import date, timedelta
import pytest
from tests.applying.by_hand import *
from tests.cast import westmarch
from undrift.applying.from_file import undo


@contextmanager
def timed(what):
    a, b = time.time(), time.process_time()
    yield
    print(f"{what}: wall {time.time() - a:.1f} cpu {time.process_time() - b:.1f}", flush=True)


@pytest.mark.django_db
def test_speed():
    a = westmarch().authority
    N = 19000

    def f(as_at, visit):
        rows = []
        for i in range(N):
            n = str(100000 + i)
            rows.append(child(n, row=i + 2, sex="F", born=date(2016, 1, 1) + timedelta(days=i % 3000)))
            rows.append(
                plan(
                    n,
                    row=i + 2,
                    starts=date(2025, 6, 1) + timedelta(days=i % 200),
                    ends=None if i % 2 else date(2026, 4, 1),
                    latest_category="NEG",
                    initial_category="NEG",
                    last_visit=visit,
                    seen_alone="yes",
                    team="North",
                    worker="x",
                )
            )
            rows.append(meeting(n, row=i + 2, day=date(2026, 2, 1)))
        return a_file(*rows, as_at=as_at)

    x = f(AS_AT, date(2026, 3, 1))
    with timed("check new"):
        c = checked(x, a)
    from django.db import connection

    def w(execute, sql, params, many, context):
        t = time.time()
        r = execute(sql, params, many, context)
        if time.time() - t > 0.2:
            print(f"{time.time() - t:.2f}", " ".join(str(sql).split())[:110], flush=True)
        return r

    with connection.execute_wrapper(w), timed("apply new"):
        apply_check(c, at=FIRST, by=None, agreed=True)
    return
    x = f(LATER, date(2026, 3, 1))
    with timed("check same"):
        c = checked(x, a, at=SECOND)
    with timed("apply same"):
        apply_check(c, at=SECOND, by=None, agreed=True)
    x = f(date(2026, 5, 20), date(2026, 3, 2))
    with timed("check changed"):
        c = checked(x, a, at=THIRD)
    with timed("apply changed"):
        r = apply_check(c, at=THIRD, by=None, agreed=True)
    with timed("undo changed"):
        undo(r, at=THIRD, by=None)
