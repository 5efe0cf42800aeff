"""References such as R-2026-0147, without gaps or doubles, counted within an authority or its partnership."""

from django.db import connection

from undrift.people.models import Authority

# The row stays locked until the resolution is committed, so a number is never given twice and never lost.
NEXT = """
INSERT INTO record_referencecounter (scope, letters, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, letters, year) DO UPDATE SET last = record_referencecounter.last + 1
RETURNING last
"""


def next_reference(authority: Authority, letters: str, year: int) -> str:
    """The next reference of that year. Councils of one partnership count together, so each reference is one's own."""
    shared = authority.partnership_id
    scope = f"partnership {shared}" if shared else f"authority {authority.pk}"
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [scope, letters, year])
        (number,) = cursor.fetchone()
    return f"{letters}-{year}-{number:04d}"
