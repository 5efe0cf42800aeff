"""One stage in plain words: to whom it goes, what is asked by when, how it moves, and the examples the policy gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from undrift.protocol.clocks import (
    Agreed,
    Clock,
    Immediately,
    NoClock,
    SameWorkingDay,
    ToSuitTheChild,
)
from undrift.protocol.model import Duty, Exit, Protocol, Role, SpeakFirst, Stage

Time = Callable[[Clock], str]

OUTCOMES = {
    "done": "when it is done",
    "not answered": "when it is not answered in time",
    "not done": "when what was agreed is not done in time",
    "not accepted": "when the answer does not resolve it",
    "accepted": "when the answer resolves it",
    "immediate risk": "at once when a child is at immediate risk",
}
IN_THE_PLAN_CYCLE = {**OUTCOMES, "not accepted": "when an agency does not accept a recommendation"}
STARTS = {
    "raised": "from when it was raised",
    "entered": "",
    "spoke": "from the conversation",
    "not accepted": "from when the answer was found not to resolve it",
    "approved": "from when the answer was approved",
    "strategy discussion": "from the strategy discussion",
    "conference": "from the conference",
    "initial conference": "from the initial conference",
    "review conference": "from the review conference",
    "core group": "from the core group",
    "last conference": "from the last conference",
    "halfway to the next review": "from half-way to the next review",
}
TRAITS = {
    "directs": "The answer directs: the actions it names bind, whether or not the chair is content.",
    "chair_sets_date": "The chair may set an earlier date within the longest time.",
    "only_on_plan": "Only while the child is on a child protection plan.",
}
SETS_OUT = {
    "ask": "what is asked for",
    "completion": "the timescale for completion",
    "actions": "the action being taken",
    "dates": "the date of each action",
}


def stage_title(stage: Stage) -> str:
    """A stage as people call it, with its number where its title does not say it."""
    return f"{stage.number}. {stage.title}" if stage.number and stage.number not in stage.title else stage.title


def time_of(clock: Clock) -> str:
    """The time that a clock gives, as it stands in a table."""
    match clock:
        case Agreed(None):
            return "a date agreed between them"
        case ToSuitTheChild():
            return "a time that suits the child"
        case NoClock():
            return "no time set"
        case Immediately():
            return "immediately"
        case SameWorkingDay():
            return "the same working day"
        case _:
            return str(clock)


def said_of(protocol: Protocol, stage: Stage, time: Time = time_of) -> Iterator[str]:
    """What the policy says of a stage, a sentence each. `time` words a clock, with what an authority has chosen."""
    if stage.raised_how:
        yield stage.raised_how
    if stage.to:
        yield f"It goes to the {and_(titles(protocol, stage.to), 'and the')}."
    if told := told_by(protocol, stage):
        yield f"Told besides: the {and_(told, 'and the')}."
    if stage.speak_first:
        yield _speak_first(protocol, stage.speak_first)
    if stage.log:
        yield f"All that comes to it stands in the {stage.log}."
    if stage.sets_out:
        yield f"Whoever raises it sets out {and_([SETS_OUT[each] for each in stage.sets_out])}."
    yield from (_duty(protocol, stage, duty, time) for duty in stage.duties)
    yield from (said for trait, said in TRAITS.items() if getattr(stage, trait))
    yield from (_way(protocol, stage, way) for way in stage.exits)
    if not stage.is_raised:
        yield "A step of the plan cycle: nothing is raised at it."
    elif not stage.may_start_here:
        yield "A concern cannot start here."
    for each in stage.consider:
        yes = (
            f" Of a yes the {and_(titles(protocol, each.tells), 'and the')} {is_(each.tells)} told."
            if each.tells
            else ""
        )
        yield with_clause(f"The {protocol.title_of(each.who)} considers: {each.question}{yes}", each.clause)
    if stage.note:
        yield stage.note


def told_by(protocol: Protocol, stage: Stage) -> list[str]:
    """Who is told at a stage, besides those it goes to: at its start, at its end, and whoever is always copied in.

    With the areas of a role that exists in some of them only.
    """
    tells, copied = stage.tells, protocol.always_copied
    at_once = titles(protocol, [role for role in (*tells.start, *tells.move) if role not in copied])
    at_the_end = titles(protocol, [role for role in tells.resolved if role not in copied])
    always = [f"{title} (always copied in)" for title in titles(protocol, copied)]
    return [*at_once, *(f"{title} (once resolved)" for title in at_the_end), *always]


def examples_of(stage: Stage) -> list[str]:
    """The entry examples, in the policy's order, each once."""
    return list(dict.fromkeys(example.text for example in stage.examples))


def titles(protocol: Protocol, roles: Sequence[str]) -> list[str]:
    return [title_with_areas(protocol, role) for role in roles]


def title_with_areas(protocol: Protocol, role_id: str) -> str:
    role = protocol.roles.get(role_id)
    return role.title + in_which_areas(protocol, role) if role else role_id


def in_which_areas(protocol: Protocol, role: Role) -> str:
    """ " (in Lancashire only)", or "" for a role of every area."""
    names = [one.name if (one := protocol.overlay(area)) else area for area in role.areas]
    return f" (in {and_(names)} only)" if names else ""


def with_clause(text: str, clause: str) -> str:
    return f"{text} ({clause})" if clause else text


def and_(words: Sequence[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def is_(some: Sequence[str]) -> str:
    return "is" if len(some) == 1 else "are"


def has_(some: Sequence[str]) -> str:
    return "has" if len(some) == 1 else "have"


def _duty(protocol: Protocol, stage: Stage, duty: Duty, time: Time) -> str:
    who, within = protocol.title_of(duty.who), _within(duty, time)
    if duty.must == "speak" and duty.to:
        said = f"The {who} speaks with the {protocol.title_of(duty.to)}{within}"
    elif milestone := protocol.milestone(duty.must):
        said = f"The {who} has {milestone.done}{within}"
    else:
        does = "does what was agreed" if duty.must == "settle" else "answers"
        approved = f", with the approval of the {protocol.title_of(duty.approved_by)}" if duty.approved_by else ""
        sets_out = f", setting out {and_([SETS_OUT[each] for each in duty.sets_out])}" if duty.sets_out else ""
        said = f"The {who} {does}{within}{approved}{sets_out}"
    if duty.when:
        said += f", {and_([OUTCOMES[outcome] for outcome in duty.when], 'or')}"
    return with_clause(f"{said}.", duty.clause if duty.clause != stage.clause else "")


def _within(duty: Duty, time: Time) -> str:
    start = f" {STARTS[duty.of]}".rstrip()
    match duty.within:
        case Agreed(None):
            return " by a date agreed between them"
        case NoClock():
            return "; no time is set"
        case Immediately():
            return " immediately"
        case SameWorkingDay():
            return f" on the same working day{start}"
        case ToSuitTheChild():
            return " in a time that suits the child"
        case clock:
            return f" within {time(clock)}{start}"


def _speak_first(protocol: Protocol, first: SpeakFirst) -> str:
    how = f": {and_(first.prefer, 'or')}" if first.prefer else ""
    return f"First speak with the {protocol.title_of(first.to)}{how}."


def _way(protocol: Protocol, stage: Stage, way: Exit) -> str:
    words = IN_THE_PLAN_CYCLE if stage.kind == "milestone" else OUTCOMES
    when = and_(tuple(words[outcome] for outcome in way.when), "or")
    match way.to:
        case "resolved":
            return f"Resolved {when}."
        case "ended":
            kind = f" ({way.ending.replace('-', ' ')})" if way.ending else ""
            return f"Ends{kind} {when}."
        case higher:
            return f"To {stage_title(protocol.stage(higher))} {when}."
