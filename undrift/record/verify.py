"""`undrift verify`: is the record what it was when it was written?

What only ever grows is sealed: histories, looks, what was done with accounts, openings, notices and the rest of
`sealed_rows`. Between two seals lies a minute; what came in it is vouched for by the chains alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from undrift.people.models import Authority
from undrift.record.history import COLUMNS
from undrift.record.models import Case, Event, Seal
from undrift.record.sealed_rows import Known, broken, ended_otherwise, unsealed
from undrift.record.seals import Head, lines_outside, root_of


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written. `seq` is 0 where the fault is of no single entry."""

    reference: str
    seq: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.reference}, entry {self.seq}" if self.seq else self.reference
        return f"{place}: {self.sentence}"


def verify(authority: Authority | None = None) -> list[Fault]:
    """Every fault found: in the chains, between the chains and the summary, and between the chains and the seals.

    With an authority, the histories of that authority alone; the seals are then left to a check of all.
    """
    resolutions = Case.objects.all()
    if authority is not None:
        resolutions = resolutions.filter(authority=authority)
    names = {pk: (reference, seq, head) for pk, reference, seq, head in
             resolutions.values_list("pk", "reference", "last_seq", "last_hash")}  # fmt: skip
    with transaction.atomic():
        faults = [*_chains(authority, names), *_without_history(resolutions), *_whose(authority, names)]
        if authority is None:
            faults += _seals(names)
    return faults


Names = dict[int, tuple[str, int, str]]


# What was hashed of each event, and then its hash: see `history.hashed_text`.
READ = "SELECT {columns} FROM record_event {where} ORDER BY case_id, seq".format
OF_ONE = "WHERE case_id IN (SELECT id FROM record_case WHERE authority_id = {})"
AS_IT_WAS_HASHED = "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true)"
HASH_ENDS = -1  # a line ends with a tab, the hash and the end of the line
HASH_BEGINS = HASH_ENDS - 64
TEXT_ENDS = HASH_BEGINS - 1


def _chains(authority: Authority | None, names: Names) -> Iterator[Fault]:
    """Each line is hashed as PostgreSQL gives it: nothing of it is read but its numbers and its hashes."""
    case, seq, previous = -1, 0, b""
    for line in _lines(authority):
        of, at, before, _ = line.split(b"\t", 3)
        if int(of) not in names:
            yield Fault(f"Case number {int(of)}", int(at), "belongs to no case: it was left behind, or put in.")
            continue
        if int(of) != case:
            if case >= 0:
                yield from _ended(names[case], seq, previous)
            case, seq, previous = int(of), 0, b""
        reference, number, stored = names[case][0], int(at), line[HASH_BEGINS:HASH_ENDS]
        if number != seq + 1:
            yield Fault(reference, number, f"comes after entry {seq}: what stood between them is missing.")
        if before != previous:
            yield Fault(reference, number, "does not follow from the entry before it: one of the two was changed.")
        if sha256(line[:TEXT_ENDS]).hexdigest().encode() != stored:
            yield Fault(reference, number, "was changed after it was written: its hash is another.")
        seq, previous = number, stored
    if case >= 0:
        yield from _ended(names[case], seq, previous)


def _lines(authority: Authority | None) -> Iterator[bytes]:
    of = "" if authority is None else OF_ONE.format(authority.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(AS_IT_WAS_HASHED)
        with cursor.copy(f"COPY ({READ(columns=', '.join(COLUMNS), where=of)}) TO STDOUT") as lines:
            yield from map(bytes, lines)


def _ended(name: tuple[str, int, str], seq: int, last: bytes) -> Iterator[Fault]:
    reference, last_seq, last_hash = name
    if seq < last_seq:
        yield Fault(reference, 0, f"ends at entry {seq}, and entry {last_seq} was written: the end was cut off.")
    elif (seq, last.decode()) != (last_seq, last_hash):
        yield Fault(reference, 0, f"ends at entry {seq}, but its summary says {last_seq}. Run undrift rebuild.")


def _without_history(resolutions: QuerySet[Case]) -> Iterator[Fault]:
    missing = resolutions.filter(~Exists(Event.objects.filter(case=OuterRef("pk"))))
    for reference in missing.values_list("reference", flat=True):
        yield Fault(reference, 0, "has no history at all: it was cut off.")


# Whose a case is and whom it is about, beside what its history began with.
WHOSE = """
WITH about AS (
    SELECT a.case_id, array_agg(a.child_id::text COLLATE "C" ORDER BY a.child_id::text COLLATE "C") AS children
    FROM record_casechild a JOIN record_case c ON c.id = a.case_id AND c.authority_id = a.authority_id GROUP BY 1
)
SELECT c.id, c.authority_id IS DISTINCT FROM e.authority_id FROM record_case c
JOIN record_event e ON e.case_id = c.id AND e.seq = 1
LEFT JOIN about ON about.case_id = c.id
WHERE c.authority_id <> e.authority_id OR e.type = 'raised' AND about.children IS DISTINCT FROM (
    SELECT array_agg(child COLLATE "C" ORDER BY child COLLATE "C") FROM jsonb_object_keys(e.payload->'children') child)
    OR e.type = 'cycle_begun' AND about.children IS DISTINCT FROM (
    SELECT array_agg(child COLLATE "C" ORDER BY child COLLATE "C") FROM (
        SELECT jsonb_array_elements_text(e.payload->'children') AS child
        UNION SELECT j.payload->>'child' FROM record_event j WHERE j.case_id = c.id AND j.type = 'child_joined'
    ) children)
ORDER BY 1
"""


def _whose(authority: Authority | None, names: Names) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(WHOSE)
        for case, moved in cursor.fetchall():
            if case in names:
                what = "belongs to another council" if moved else "is about other children"
                yield Fault(names[case][0], 0, f"{what} than its history says.")


# How much later than its own moment something may be seen by a seal: an act takes that long at the most.
LATE = timedelta(minutes=5)
FILE = "The file of seals"


def _seals(names: Names) -> Iterator[Fault]:
    inside = list(Seal.objects.order_by("batch").iterator(chunk_size=50))
    previous, number, known = "", 0, Known()
    for made in inside:
        label = f"Seal {made.batch}"
        if made.previous_root != previous or root_of(made.previous_root, made.heads, made.rows) != made.root:
            yield Fault(label, 0, "was changed, or one before it was taken out.")
        elif made.batch != number + 1 or made.count != len(made.heads):
            yield Fault(label, 0, "was changed, or has another’s number.")
        previous, number = made.root, made.batch
        yield from _heads(made.heads, label, names)
        yield from (Fault(label, 0, said) for said in broken(made.rows, known))
        known.take(made.made_at, made.rows)
    yield from _outside(inside, names)
    if inside:
        yield from _back_dated(inside, names)
        yield from (Fault("The record", 0, said) for said in unsealed(known))
    yield from (Fault("The record", 0, said) for said in ended_otherwise())


def _outside(inside: list[Seal], names: Names) -> Iterator[Fault]:
    """What is kept outside beside what is kept inside. Either may have been tampered with; the other then says so."""
    lines = list(lines_outside())
    readable = [line.seal for line in lines if line.seal is not None]
    if inside and not lines:
        yield Fault(FILE, 0, f"is empty or gone: {len(inside)} seals should be in it. Bring it back from its copy.")
        return
    yield from (
        Fault(FILE, 0, f"has a line that cannot be read: line {line.number}.") for line in lines if line.seal is None
    )
    known = {made.root: made for made in inside}
    twins = {made.batch for made in inside}
    previous = ""
    for kept in readable:
        label = f"Seal {kept['batch']} kept outside the database"
        if root_of(kept["previous_root"], kept["heads"], kept["rows"]) != kept["root"]:
            yield Fault(label, 0, "was changed.")
        elif kept["root"] in known and (twin := known[kept["root"]]) is not None:
            if kept["previous_root"] != previous:
                yield Fault(label, 0, "stands in another order, or one before it was taken out.")
            if (kept["batch"], kept["made_at"]) != (twin.batch, twin.made_at.isoformat()):
                yield Fault(label, 0, "has another number or moment than in the database.")
            previous = kept["root"]
        # Before version 0003 a crash could leave a line whose seal was then made anew, under the same number.
        elif kept["batch"] not in twins:
            yield Fault(label, 0, "is missing in the database: it was deleted there.")
        yield from _heads(kept["heads"], label, names)
        yield from (Fault(label, 0, said) for said in broken(kept["rows"]) if kept["root"] not in known)
    roots = [kept["root"] for kept in readable]
    for made in inside:
        if made.root not in roots:
            yield Fault(f"Seal {made.batch}", 0, "is not among those kept outside the database.")
        elif roots.count(made.root) > 1:
            yield Fault(f"Seal {made.batch} kept outside the database", 0, "is there more than once.")


# Each entry, and the seal before the one that first names it: that seal was made when the entry was not there.
BACK_DATED = """
WITH head AS (
    SELECT s.batch, (h->>0)::bigint AS case_id, (h->>1)::int AS seq
    FROM record_seal s CROSS JOIN LATERAL jsonb_array_elements(s.heads) h
),
span AS (
    SELECT batch, case_id, coalesce(lag(seq) OVER (PARTITION BY case_id ORDER BY batch), 0) AS after, seq AS upto
    FROM head
    UNION ALL
    SELECT (SELECT max(batch) + 1 FROM record_seal), c.id,
        coalesce((SELECT max(seq) FROM head WHERE head.case_id = c.id), 0), 2147483647
    FROM record_case c
)
SELECT e.case_id, e.seq, s.batch FROM span
JOIN record_seal s ON s.batch = span.batch - 1
JOIN record_event e ON e.case_id = span.case_id AND e.seq > span.after AND e.seq <= span.upto
WHERE e.recorded_at < s.made_at - %s
ORDER BY 1, 2
"""


def _back_dated(inside: list[Seal], names: Names) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        late: list[Any] = [LATE]
        cursor.execute(BACK_DATED, late)
        for case, seq, batch in cursor.fetchall():
            reference = names[case][0] if case in names else f"Case number {case}"
            yield Fault(reference, seq, f"is dated before seal {batch}, which does not know it: it was put in later.")


def _heads(heads: list[Head], label: str, names: Names) -> Iterator[Fault]:
    ids = [head[0] for head in heads]
    stored = {
        (case, seq): found
        for case, seq, found in Event.objects.filter(case__in=ids, seq__in={head[1] for head in heads})
        .values_list("case_id", "seq", "hash")
    }  # fmt: skip
    for case, seq, head in heads:
        if stored.get((case, seq)) == head:
            continue
        reference = names[case][0] if case in names else f"Case number {case}"
        what = "is missing: the end was cut off" if (case, seq) not in stored else "is another"
        yield Fault(reference, seq, f"{what}. {label} names it.")
