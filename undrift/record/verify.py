"""`undrift verify`: is the record what it was when it was written?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from undrift.people.models import Authority
from undrift.record.history import COLUMNS, Row, hash_of
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


def _chains(authority: Authority | None, names: Names) -> Iterator[Fault]:
    events = Event.objects.order_by("case_id", "seq")
    if authority is not None:
        events = events.filter(case__authority=authority)
    rows = (Row(*values) for values in events.values_list(*COLUMNS).iterator(chunk_size=2000))
    for case_id, history in groupby(rows, key=lambda row: row.case_id):
        yield from _chain(names[case_id], history)


def _chain(name: tuple[str, int, str], history: Iterable[Row]) -> Iterator[Fault]:
    reference, last_seq, last_hash = name
    seq, previous = 0, ""
    for row in history:
        if row.seq != seq + 1:
            yield Fault(reference, row.seq, f"comes after entry {seq}: what stood between them is missing.")
        if row.previous_hash != previous:
            yield Fault(reference, row.seq, "does not follow from the entry before it: one of the two was changed.")
        if hash_of(row) != row.hash:
            yield Fault(reference, row.seq, "was changed after it was written: its hash is another.")
        seq, previous = row.seq, row.hash
    if seq < last_seq:
        yield Fault(reference, 0, f"ends at entry {seq}, and entry {last_seq} was written: the end was cut off.")
    elif (seq, previous) != (last_seq, last_hash):
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
