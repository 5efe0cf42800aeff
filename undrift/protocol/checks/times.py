"""Checks of the clocks: whether they start, can be met, and how long they add up to."""

from __future__ import annotations

from collections.abc import Iterator

from undrift.protocol.checks.table import Found, asks, check, duties, stage_place
from undrift.protocol.clocks import Agreed, Clock, Counted, ShorterOf, Unit
from undrift.protocol.lengths import Length, longest_way, working_days_of
from undrift.protocol.model import Protocol, Stage, StageEvent
from undrift.protocol.places import shown

_APART = ' It says "working days" of other times: if "days" alone are every day to it, write bare_days = "calendar".'
CUSTOM_CAP = 20  # working days over the whole formal process: the custom that the IRO Handbook set


@check(
    "UD301",
    "error",
    "A clock that never starts",
    wrong="""
duty = [
  { who = "manager", must = "respond", within = "5 working days" }, # and no approved_by
  { who = "chair", must = "speak", to = "manager", within = "2 working days", of = "approved" },
]
""",
    mend='Count from something that happens at this stage: of = "entered" is when it begins.',
)
def _never_starts(protocol: Protocol) -> Iterator[Found]:
    """The clock counts from an event that nothing in this stage brings about, so nobody is ever due."""
    for stage, duty, place in duties(protocol):
        if not _can_happen(duty.of, stage):
            yield Found(
                f'At "{stage.title}" a clock counts from "{duty.of}", and nothing there brings that about.',
                f"{place}.of",
                duty.clause,
            )


def _can_happen(event: StageEvent, stage: Stage) -> bool:
    match event:
        case "raised" | "entered":
            return True
        case "spoke":
            return stage.speak_first is not None or any(d.must == "speak" for d in stage.duties)
        case "approved":
            return any(d.approved_by for d in stage.duties)
        case "not accepted":  # pragma: no branch - there is no other, as mypy sees
            return stage.answer is not None


@check(
    "UD302",
    "error",
    "A clock that nobody can meet",
    wrong='duty = [{ who = "manager", must = "respond", within = "3 days before", of = "entered" }]',
    mend="Take away before: a duty of a stage is due after the stage has begun.",
)
def _over_before_it_starts(protocol: Protocol) -> Iterator[Found]:
    """A clock that counts back from the event that starts it is over before anybody knows of it."""
    for stage, duty, place in duties(protocol):
        if isinstance(duty.within, Counted) and duty.within.before:
            yield Found(f'At "{stage.title}" a duty is due before it begins: {duty.within}.', place, duty.clause)


@check(
    "UD303",
    "error",
    "A duty that nothing meets",
    wrong="""
duty = [{ who = "chair", must = "speak", within = "2 working days" }]
# with whom?
""",
    mend="Say with whom one speaks (to), who does the milestone (who), or what a milestone stage waits for (duty).",
)
def _nothing_meets(protocol: Protocol) -> Iterator[Found]:
    """The duty stands in the list and no act of anybody's fulfils it."""
    for stage, duty, place in duties(protocol):
        if duty.must == "speak" and duty.to is None:
            yield Found(
                f'At "{stage.title}" somebody must speak, and the policy does not say with whom.', place, duty.clause
            )
    for number, stage in enumerate(protocol.stages):
        if stage.kind == "milestone" and not stage.duties:
            yield Found(
                f'"{stage.title}" is a step of the plan cycle, and nothing completes it.',
                stage_place(number),
                stage.clause,
            )
    done_by_a_stage = {duty.must for _, duty, _ in duties(protocol)}
    for number, milestone in enumerate(protocol.milestones):
        if milestone.who is None and milestone.within is not None and milestone.id not in done_by_a_stage:
            yield Found(
                f'"{milestone.title}" has a time and nobody who does it.',
                shown(("milestone", number)),
                milestone.clause,
            )


@check(
    "UD304",
    "error",
    "A cap that the ladder passes",
    wrong="""
# three stages of 10 working days each, and
[[cap]]
over = ["one", "two", "three"]
within = "20 working days"
""",
    mend="Shorten the stages, lengthen the cap, or leave stages out of it.",
)
def _passes_its_cap(protocol: Protocol) -> Iterator[Found]:
    """Everybody answers on the last day allowed, and the policy's own limit is broken all the same."""
    for number, cap in enumerate(protocol.caps):
        limit = working_days_of(cap.within)
        way = longest_way(protocol, [s for s in protocol.stages if s.id in cap.over])
        if limit is not None and way.days > limit:
            yield Found(
                f"The stages under this cap can take {way.days} working days, and the cap is {cap.within}.",
                shown(("cap", number)),
                cap.clause,
            )


@check(
    "UD305",
    "information",
    "How long the ladder can take",
    wrong="# any ladder: this is counted, not judged",
    mend="Nothing has to be mended. Beyond 20 working days, consider whether a child can wait so long.",
)
def _how_long(protocol: Protocol) -> Iterator[Found]:
    """The longest way to the top, when everybody answers on the last day.

    The custom is 20 working days for the formal part.
    """
    formal = longest_way(protocol, [s for s in protocol.stages if s.formality == "formal" and asks(s)])
    if formal.stages:
        compared = "more than" if formal.days > CUSTOM_CAP else "within"
        yield Found(
            f"The formal stages can take {formal.days} working days, {compared} the customary {CUSTOM_CAP}"
            f"{_left_open(formal)}.",
            "stage",
        )
    whole = longest_way(protocol, protocol.stages)
    if whole.stages != formal.stages:
        yield Found(f"The whole ladder can take {whole.days} working days{_left_open(whole)}.", "stage")


def _left_open(way: Length) -> str:
    if not way.open_ended:
        return ""
    stages = ", ".join(f'"{stage}"' for stage in way.open_ended)
    return f", besides {stages}, where people agree the time"


@check(
    "UD306",
    "information",
    "Days that do not say which",
    wrong="""
[protocol]
bare_days = "unstated"
# and a clock of "7 days"
""",
    mend='Nothing has to be mended. Where the policy does say, write bare_days = "working" or "calendar". One '
    'that writes "working days" of other times means every day by "days": "calendar".',
)
def _unstated_days(protocol: Protocol) -> Iterator[Found]:
    """The policy says "days" and no more. Nobody guesses: the authority chooses, and each date says so."""
    bare = [str(clock) for clock in protocol.clocks if _counts_bare_days(clock)]
    if protocol.head.bare_days == "unstated" and bare:
        said = ", ".join(f'"{clock}"' for clock in dict.fromkeys(bare))
        apart = _APART if protocol.says_working_days else ""
        yield Found(
            f"The policy says {said} and not which days: the authority chooses working or calendar days.{apart}",
            "protocol.bare_days",
        )


def _counts_bare_days(clock: Clock) -> bool:
    match clock:
        case Counted(unit=unit):
            return unit is Unit.DAYS
        case Agreed(Counted() as longest):
            return _counts_bare_days(longest)
        case ShorterOf(clocks):
            return any(map(_counts_bare_days, clocks))
        case _:
            return False


@check(
    "UD307",
    "warning",
    "The chair sets a date where there is no limit to set it in",
    wrong="""
chair_sets_date = true
duty = [{ who = "manager", must = "respond", within = "agreed" }]
""",
    mend="Leave chair_sets_date out where the date is agreed anyway, or give the clock a number.",
)
def _date_without_limit(protocol: Protocol) -> Iterator[Found]:
    """The chair's own date lies within the longest time that the policy allows; here the policy allows no time."""
    for number, stage in enumerate(protocol.stages):
        if stage.chair_sets_date and (stage.answer is None or working_days_of(stage.answer.within) is None):
            yield Found(
                f'At "{stage.title}" the chair may set a date, and the policy gives no longest time.',
                stage_place(number, "chair_sets_date"),
                stage.clause,
            )


@check(
    "UD308",
    "information",
    "Numbers that the policy leaves to the authority",
    wrong="""
[[milestone]]
id = "core-group"
every = "set by the authority"
""",
    mend="Nothing has to be mended. The authority sets them when it adopts the policy; until then there is no date.",
)
def _left_to_the_authority(protocol: Protocol) -> Iterator[Found]:
    """The policy asks for a time and gives no number. Nobody guesses: the authority sets one, and each date says so."""
    left = ", ".join(f'"{step.title}"' for step in protocol.left_to_the_authority)
    if left:
        yield Found(f"The authority sets the number for {left}.", "milestone")
