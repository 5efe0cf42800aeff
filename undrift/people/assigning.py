"""The parts of one stage, given to people who may play them together.

Nobody answers a concern that they raised or will judge, and nobody approves their own answer. Pure: who else could
play a part is asked of `but`, which finds a role's person when some people are left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from undrift.people.found import Found

# A role found again without these people, each with the reason why not.
FoundBut = Callable[[str, Mapping[int, str]], Found]

RAISED = "raised this concern, and nobody answers what they raised"
JUDGES = "decides on the answer, and nobody decides on their own"
ANSWERS = "answers this, and nobody approves their own answer"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Which roles judge, answer and approve at one stage, and who is already known to have a part in it.

    `raised_by` and `answered_by` are the people who did so. `barred` may take no part at all, each with the reason
    as the end of a sentence ("is a relative of the family").
    """

    judges: tuple[str, ...] = ()
    answers: str = ""
    approves: str = ""
    raised_by: int | None = None
    answered_by: int | None = None
    barred: Mapping[int, str] = field(default_factory=dict)


def assign(found: Mapping[str, Found], parts: Parts, but: FoundBut) -> dict[str, Found]:
    """The same roles, with those of the stage told apart: judge, then answer, then approval.

    A role whose person may not play it, or that nobody plays, is found again without those who may not. Whoever was
    rightly found stays. Where nobody else is left, the role stays empty and says so: nobody approves themselves.
    """
    assigned = dict(found)
    for role in parts.judges:
        _settle(assigned, role, parts.barred, but)
    kept_out = dict(parts.barred)
    if parts.answers not in parts.judges:
        kept_out |= {pk: JUDGES for role in parts.judges for pk in _who(assigned.get(role))}
    if parts.raised_by is not None:
        kept_out[parts.raised_by] = RAISED
    _settle(assigned, parts.answers, kept_out, but)
    answering = _who(assigned.get(parts.answers))
    if parts.answered_by is not None:
        answering |= {parts.answered_by}
    _settle(assigned, parts.approves, kept_out | dict.fromkeys(answering, ANSWERS), but)
    return assigned


def _settle(assigned: dict[str, Found], role: str, kept_out: Mapping[int, str], but: FoundBut) -> None:
    before = assigned.get(role)
    if before is None or len(before.everyone) > 1:
        return
    if before.vacant or _who(before) & kept_out.keys():
        assigned[role] = _still_for(before, but(role, kept_out), kept_out)


def _still_for(before: Found, after: Found, kept_out: Mapping[int, str]) -> Found:
    """Somebody who is away keeps their part beside whoever took it up, unless it is they who may not play it."""
    absent = before.on_behalf_of
    if absent is None or absent.pk in kept_out or after.vacant or after.on_behalf_of is not None:
        return after
    return replace(after, on_behalf_of=absent)


def _who(found: Found | None) -> frozenset[int]:
    """Everybody who may act in the role: its person, and the holder for whom that person stands in."""
    if found is None:
        return frozenset()
    people = (*found.everyone, found.person, found.on_behalf_of)
    return frozenset(person.pk for person in people if person is not None)
