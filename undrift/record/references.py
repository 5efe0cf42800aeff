"""References such as R-2026-0147, without gaps or doubles, counted within an authority or its partnership.

The number is given by the database, as the case is written: `record_add` in `migrations/taking_and_keeping.sql`.
"""

from undrift.people.models import Authority
from undrift.record.writing import Counter


def counter(authority: Authority, letters: str, year: int) -> Counter:
    """What that year's references are counted in. Councils of one partnership count together: each is one's own."""
    shared = authority.partnership_id
    return Counter(f"partnership {shared}" if shared else f"authority {authority.pk}", letters, year)
