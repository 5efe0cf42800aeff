"""A resolution in a line: whose it is, why it was raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from undrift.children.models import Child
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.state import ENDINGS, State
from undrift.protocol.model import Protocol

if TYPE_CHECKING:
    from undrift.resolutions.models import Resolution

ENDED = "ended"  # for one child, while it goes on for another
DIED = "died"
CALLED_AT_MOST = 3  # children by name; a larger family is called by its name and number


def worth_deciding(protocol: Protocol, stage: str) -> bool:
    """Whether this stage is left by the chair's judgement, rather than by steps of the plan cycle."""
    return protocol.stage(stage).is_raised


def short_concern(protocol: Protocol, grounds: Sequence[str]) -> str:
    titles = [short_ground(protocol, code) for code in grounds]
    if not titles:
        return "No reason given"
    return titles[0] if len(titles) == 1 else f"{titles[0]}, and {len(titles) - 1} more"


def short_ground(protocol: Protocol, code: str) -> str:
    """A reason's title without what explains it."""
    ground = protocol.ground(code)
    return ground.title.partition(":")[0].partition(" (")[0] if ground else code


def stands_for(state: State, child: Child) -> str:
    """What it has come to for one child: agreed is not done, and so not resolved. A part of one who died is held."""
    part = state.children.get(str(child.pk))
    if part is None:
        return "Not about this child"
    if part.ended is not None:
        how = ENDINGS.get(part.ended.ending, part.ended.ending)
        return f"Ended on {full_day(london_date(part.ended.at), short=True)}: {how[:1].lower()}{how[1:]}"
    if state.ended is not None:
        return "Resolved" if state.ended.kind == "resolved" else "Agreed" if part.settled else "Not agreed"
    if child.died_on is not None:
        return "Held"
    return "Agreed" if part.settled else "Still asked about"


def over_for(state: State, on_plan: Collection[str] = ()) -> Mapping[str, str]:
    """Of an open concern, each child by id for whom it does not go on as for the others, in a word.

    Settled for all of them is no child's own: the concern says so. Of those who are `on_plan` again no plan has ended.
    """
    if state.ended is not None:
        return {}
    settled = {c.id: "settled" for c in state.taking_part if c.settled} if state.unsettled else {}
    off_plan = {c.id: "plan ended" for c in state.plans_ended if c.id not in on_plan}
    return {**settled, **off_plan, **{c.id: ENDED for c in state.children.values() if c.ended is not None}}


def over_on(resolution: Resolution) -> Mapping[str, str]:
    """The same of a row of a list, as far as its children's rows say it."""
    if resolution.ended_at is not None:
        return {}
    about = list(resolution.about.all())
    asked = not all(one.settled for one in about)
    words = {one.child_id: ENDED if one.last_part == "child_ended" else "settled" for one in about if one.settled}
    said = {str(child): word for child, word in words.items() if asked or word == ENDED}
    return said | {str(one.child_id): DIED for one in about if one.child.died_on is not None}


def marked(name: str, word: str | None) -> str:
    return f"{name} ({word})" if word else name


def title_of(children: Iterable[Child], family: str, over: Mapping[str, str] = MappingProxyType({})) -> str:
    """ "Amara and Zion Linnet", "Amara (ended) and Zion Linnet", "Rowan family (4 children, 1 ended)".

    `over` says of children by id that it does not go on for them, in a word.
    """
    shown = list(children)
    names = [marked(child.called, over.get(str(child.pk))) for child in shown]
    if len(names) > CALLED_AT_MOST and family:
        counted = Counter(over[str(child.pk)] for child in shown if str(child.pk) in over)
        words = ", ".join((f"{len(names)} children", *(f"{count} {word}" for word, count in counted.items())))
        return f"{family} family ({words})"
    return f"{listed(names)} {family}".strip() or "No child on file"


def risk_words(at_risk: Sequence[str], children: int) -> str:
    """ "Immediate risk", and of whom where it is not of every child; "" where no child is at risk."""
    some = f": {listed(at_risk)}" if len(at_risk) < children else ""
    return f"Immediate risk{some}" if at_risk else ""


def listed(names: Sequence[str]) -> str:
    """ "Ella", "Ella and Sam", "Ella, Sam and Poppy"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
