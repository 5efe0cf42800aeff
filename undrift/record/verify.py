"""`undrift verify`: is the record what it was when it was written?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from undrift.people.models import Authority
from undrift.record.history import COLUMNS
from undrift.record.models import Case, Event, Seal
from undrift.record.seals import Head, kept_outside, root_of


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
    faults = [*_chains(authority, names), *_without_history(resolutions)]
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


def _seals(names: Names) -> Iterator[Fault]:
    seen: dict[int, str] = {}
    previous = ""
    for made in Seal.objects.order_by("batch").iterator(chunk_size=50):
        label = f"Seal {made.batch}"
        if made.previous_root != previous or root_of(made.previous_root, made.heads) != made.root:
            yield Fault(label, 0, "was changed, or one before it was taken out.")
        previous, seen[made.batch] = made.root, made.root
        yield from _heads(made.heads, label, names)
    outside: set[str] = set()
    for line in kept_outside():
        label = f"Seal {line['batch']} kept outside the database"
        if root_of(line["previous_root"], line["heads"]) != line["root"]:
            yield Fault(label, 0, "was changed.")
        outside.add(line["root"])
        yield from _heads(line["heads"], label, names)
    if outside:
        for batch, root in seen.items():
            if root not in outside:
                yield Fault(f"Seal {batch}", 0, "is not among those kept outside the database.")


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
