"""What a text can say of the plan cycle and the engine cannot do. The reader refuses it, as the rest of the family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from undrift.protocol.checks.table import Found, check, duties
from undrift.protocol.clocks import Agreed, Clock, Counted, SetByTheAuthority, ShorterOf, counts_back
from undrift.protocol.model import ConferenceEvent, CycleEvent, Follows, MetBy, Milestone, Protocol
from undrift.protocol.places import shown

CONFERENCES: tuple[CycleEvent, ...] = get_args(ConferenceEvent)
STARTS: dict[MetBy, tuple[CycleEvent, ...]] = {
    "report shared": CONFERENCES,
    "discussion held": CONFERENCES,
    "conference held": (),
    "sheet sent": CONFERENCES,
    "key action fed back": CONFERENCES,
    "core group held": (*CONFERENCES, "last conference", "core group"),
    "check done": ("halfway to the next review",),
}
AHEAD: tuple[MetBy, ...] = ("report shared", "discussion held")
FINDS: tuple[MetBy, ...] = ("discussion held", "check done")  # a concern


def _steps(protocol: Protocol) -> Iterator[tuple[Milestone, int]]:
    yield from ((milestone, number) for number, milestone in enumerate(protocol.milestones))


def _place(number: int, word: str) -> str:
    return shown(("milestone", number, word))


@check(
    "UD540",
    "error",
    "A step that starts with what has nothing to do with it",
    wrong='[[milestone]]\nid = "check"\nmet_by = "check done"\nwithin = "5 working days"\nof = "core group"',
    mend="Start a report, a discussion, a sheet or a key action with a conference, a core group with a conference or "
    "the core group before it, a check halfway. When a conference has to be held is settled by the law, and not here.",
)
def _starts_elsewhere(protocol: Protocol) -> Iterator[Found]:
    """What meets a step says what it belongs to. Counted from anything else, it would be owed where none can do it."""
    for milestone, number in _steps(protocol):
        if milestone.met_by and milestone.of and milestone.of not in STARTS[milestone.met_by]:
            sentence = f'"{milestone.title}" is met by "{milestone.met_by}" and cannot start with "{milestone.of}".'
            yield Found(sentence, _place(number, "of"), milestone.clause)


@check(
    "UD541",
    "error",
    "A time of the plan cycle that cannot be counted",
    wrong='[[milestone]]\nid = "minutes"\nwithin = "3 days before"\nof = "core group"',
    mend='Say what it starts with (of). Count back from a conference alone, for it is planned; write "agreed" for the '
    "feedback on a key action alone, and a number after every.",
)
def _cannot_be_counted(protocol: Protocol) -> Iterator[Found]:
    """A date needs a start that is known: what is planned may be counted back from, what is agreed is written down."""
    for milestone, number in _steps(protocol):
        if milestone.clock and milestone.of is None:
            yield Found(f'"{milestone.title}" has a time, and nothing that starts it.', _place(number, "id"))
        if milestone.within and (why := _why_not(milestone, milestone.within)):
            yield Found(f'"{milestone.title}": {why}.', _place(number, "within"), milestone.clause)
        if milestone.every and (counts_back(milestone.every) or not _is_a_number(milestone.every)):
            sentence = f'"{milestone.title}" cannot come again every "{milestone.every}".'
            yield Found(sentence, _place(number, "every"), milestone.clause)
    for number, route in enumerate(protocol.routes):
        if route.within and counts_back(route.within):
            sentence = f'"{route.title}" is open after a conference, and not before it.'
            yield Found(sentence, shown(("route", number, "within")), route.clause)


def _why_not(milestone: Milestone, clock: Clock) -> str:
    if counts_back(clock) and (milestone.of not in CONFERENCES or milestone.met_by not in (*AHEAD, None)):
        return "it is counted back from what nobody knows ahead"
    if milestone.met_by in AHEAD and not counts_back(clock) and _is_a_number(clock):
        return "it is done before the conference, and its time runs after it"
    if counts_back(clock) and milestone.every:
        return "what is counted back from a conference is owed with each, and does not come again between two"
    if _is_agreed(clock) != (milestone.met_by == "key action fed back"):
        return "a date that is agreed is that of the feedback on a key action, which is always agreed"
    return ""


def _is_a_number(clock: Clock) -> bool:
    return isinstance(clock, Counted | SetByTheAuthority)


def _is_agreed(clock: Clock) -> bool:
    parts = clock.clocks if isinstance(clock, ShorterOf) else (clock,)
    return any(isinstance(part, Agreed) for part in parts)


@check(
    "UD542",
    "error",
    "A step that comes again where it cannot",
    wrong='[[milestone]]\nid = "sheet"\nmet_by = "sheet sent"\nof = "conference"\nevery = "1 month"',
    mend='Write every for core groups (met_by = "core group held"), or for a step of the policy\'s own.',
)
def _does_not_come_again(protocol: Protocol) -> Iterator[Found]:
    """What belongs to one conference, or to the time between two, is owed anew with the next one."""
    for milestone, number in _steps(protocol):
        once = milestone.of in ("strategy discussion", "halfway to the next review")
        if milestone.every and (once or milestone.met_by not in ("core group held", None)):
            sentence = f'"{milestone.title}" does not come again by itself.'
            yield Found(sentence, _place(number, "every"), milestone.clause)


@check(
    "UD543",
    "error",
    "A word of the plan cycle that nothing acts on here",
    wrong='[[milestone]]\nid = "sheet"\nmet_by = "sheet sent"\ncancelled = { offers = "formal" }',
    mend="Take the word out, or say what meets the step: a conference is cancelled, a recommendation is not accepted "
    "at a core group, a checklist is gone through in a discussion or a check, where a concern is found, what is not "
    "done has a time.",
)
def _nothing_acts_on_it(protocol: Protocol) -> Iterator[Found]:
    """The word reads as if something followed from it. At this step nothing does, and nobody would notice."""
    for milestone, number in _steps(protocol):
        written = {
            "checklist": milestone.checklist is not None and milestone.met_by not in FINDS,
            "occasion": milestone.occasion is not None and milestone.met_by not in FINDS,
            "not_done": milestone.not_done is not None and milestone.clock is None,
            "not_accepted": milestone.not_accepted is not None and milestone.met_by != "core group held",
            "cancelled": milestone.cancelled is not None and milestone.met_by != "conference held",
        }
        for word, idle in written.items():
            if idle:
                yield Found(f'Nothing acts on "{word}" in "{milestone.title}".', _place(number, word), milestone.clause)
    for number, route in enumerate(protocol.routes):
        if route.reconvenes and not route.decided_by:
            sentence = f'Nobody decides on "{route.title}", so that nothing is reconvened.'
            yield Found(sentence, shown(("route", number, "reconvenes")), route.clause)


@check(
    "UD544",
    "error",
    "A stage is offered at which nothing can start",
    wrong='[[milestone]]\nnot_done = { offers = "director" } # and there may_start_here = false',
    mend="Offer a stage at which a concern may start.",
)
def _offers_no_start(protocol: Protocol) -> Iterator[Found]:
    """Whoever takes the offer would be refused: a concern cannot start there."""
    for milestone, number in _steps(protocol):
        for word, follows in offers_of(milestone):
            stage = protocol.stage(follows.offers)
            if not stage.is_raised or not stage.may_start_here:
                sentence = f'"{milestone.title}" offers "{stage.title}", where a concern cannot start.'
                yield Found(sentence, _place(number, word), follows.clause)


def offers_of(milestone: Milestone) -> Iterator[tuple[str, Follows]]:
    """What may follow of a step, each with its word."""
    for word in ("not_done", "not_accepted", "cancelled"):
        follows: Follows | None = getattr(milestone, word)
        if follows is not None:
            yield word, follows


@check(
    "UD545",
    "error",
    "A number that no authority sets here",
    wrong='duty = [{ who = "manager", must = "respond", within = "set by the authority" }]',
    mend="Write it at a step of the plan cycle, once, or give the number that the policy gives.",
)
def _no_number_here(protocol: Protocol) -> Iterator[Found]:
    """An authority sets one number for a step of the plan cycle. Elsewhere nobody is asked for one."""
    for stage, duty, place in duties(protocol):
        if isinstance(duty.within, SetByTheAuthority):
            yield Found(f'At "{stage.title}" no authority sets the time.', f"{place}.within", duty.clause)
    for number, cap in enumerate(protocol.caps):
        if isinstance(cap.within, SetByTheAuthority):
            yield Found("No authority sets a cap.", shown(("cap", number, "within")), cap.clause)
    for number, route in enumerate(protocol.routes):
        if isinstance(route.within, SetByTheAuthority):
            sentence = f'No authority sets how long "{route.title}" is open.'
            yield Found(sentence, shown(("route", number, "within")), route.clause)
    for milestone, number in _steps(protocol):
        if isinstance(milestone.within, SetByTheAuthority) and isinstance(milestone.every, SetByTheAuthority):
            sentence = f'"{milestone.title}" leaves two numbers to the authority, which sets one for a step.'
            yield Found(sentence, _place(number, "every"), milestone.clause)
