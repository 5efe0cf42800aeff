"""The table of checks: each has a stable code, says how grave it is, and holds what its page in the docs says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from undrift.protocol.clocks import Immediately, NoClock, ToSuitTheChild
from undrift.protocol.model import Duty, Protocol, Stage
from undrift.protocol.places import shown

Severity = Literal["error", "warning", "information"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")
Holders = frozenset[str] | None


@dataclass(frozen=True)
class Found:
    """One thing found: the sentence, the place as the reader writes it (`stage[2].duty[1]`), the clause beside it."""

    sentence: str
    place: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Check:
    """A check and its page: why it matters, a text that brings it up, and how to mend it."""

    code: str
    severity: Severity
    title: str
    why: str
    wrong: str
    mend: str
    find: Callable[[Protocol, Holders], Iterator[Found]]

    @property
    def family(self) -> str:
        return self.code[2]


CHECKS: dict[str, Check] = {}

OfText = Callable[[Protocol], Iterator[Found]]
OfHolders = Callable[[Protocol, Holders], Iterator[Found]]


def check(code: str, severity: Severity, title: str, *, wrong: str, mend: str) -> Callable[[OfText], OfText]:
    """Enters a function in the table of checks; its docstring is why the finding matters."""

    def entered(find: OfText) -> OfText:
        def without_holders(protocol: Protocol, holders: Holders) -> Iterator[Found]:
            return find(protocol)

        enter(Check(code, severity, title, _prose(find.__doc__), wrong.strip("\n"), mend, without_holders))
        return find

    return entered


def check_holders(
    code: str, severity: Severity, title: str, *, wrong: str, mend: str
) -> Callable[[OfHolders], OfHolders]:
    """The same for a check that asks which roles somebody holds in the authority (None: nobody asks)."""

    def entered(find: OfHolders) -> OfHolders:
        enter(Check(code, severity, title, _prose(find.__doc__), wrong.strip("\n"), mend, find))
        return find

    return entered


def enter(entry: Check) -> None:
    if entry.code in CHECKS:
        raise ValueError(f"{entry.code} is in the table twice.")
    CHECKS[entry.code] = entry


def _prose(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def stage_place(number: int, *more: str | int) -> str:
    """The place of a stage, or of something in it."""
    return shown(("stage", number, *more))


def duties(protocol: Protocol) -> Iterator[tuple[Stage, Duty, str]]:
    """Each duty of each stage, with its place."""
    for number, stage in enumerate(protocol.stages):
        for which, duty in enumerate(stage.duties):
            yield stage, duty, stage_place(number, "duty", which)


def asks(stage: Stage) -> bool:
    """Whether a stage asks somebody for an answer, rather than waiting for a step of the plan cycle."""
    return stage.kind != "milestone"


def undated(protocol: Protocol, stage: Stage) -> bool:
    """Whether no date comes of the answer's clock, not even one that people set, nor of a cap."""
    if any(stage.id in cap.over for cap in protocol.caps):
        return False
    match stage.answer.within if stage.answer else None:
        case NoClock() | Immediately():
            return True
        case ToSuitTheChild():
            return not stage.chair_sets_date
        case _:
            return False
