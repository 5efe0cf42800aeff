from datetime import date
from django.db import transaction
from tests.demo.test_demo import contents
from undrift.demo.demonstration import load
import pytest
@pytest.mark.parametrize("days", [[(2026,5,6),(2026,5,6)], [(2026,12,27)], [(2027,1,2)], [(2026,11,22)], [(2028,2,29)]])
def test_it(db, days):
    got = []
    for n, d in enumerate(days):
        p = transaction.savepoint(); load(date(*d)); got.append(contents()); transaction.savepoint_rollback(p)
    assert len(set(got)) == 1
    p = transaction.savepoint(); load(date(*days[0]), seed=7, small=False); assert contents() != got[0]
