"""What a text can say and the engine cannot do. The reader refuses it: what is accepted is done.

`tests/protocol/test_accepted_means_done.py` has a history for each word that is accepted, and each refusal of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, get_args

from undrift.protocol.checks import cycle as cycle  # its checks are of this family
from undrift.protocol.checks.table import CHECKS, Check, Found, check, duties, enter, stage_place, undated
from undrift.protocol.clocks import Clock, Counted
from undrift.protocol.lengths import working_days_of
from undrift.protocol.model import ConferenceEvent, CycleEvent, Exit, Protocol, Stage, StageEvent
from undrift.protocol.names import OUTSIDE_LADDER
from undrift.protocol.places import Place, shown

FAMILY = "5"

# Words that the language has elsewhere ------------------------------------------------------------------------------


class Undone(NamedTuple):
    """Why a word cannot stand in one place of the text."""

    code: str
    sentence: str
    mend: str


WORDS: dict[tuple[tuple[str, ...], str], Undone] = {}


def _words(
    code: str, title: str, place: str, words: tuple[str, ...], *, why: str, says: str, wrong: str, mend: str
) -> None:
    """Enters words that the reader refuses in these places. A protocol that is read never holds them."""
    enter(Check(code, "error", title, why, wrong, mend, lambda protocol, holders: iter(())))
    for each in place.split(", "):
        WORDS.update({(tuple(each.split()), word): Undone(code, says.format(word=word), mend) for word in words})


def undone_word(place: Place, word: object) -> Undone | None:
    """Why this word cannot stand at this place; None where it is simply no word of the language there."""
    return WORDS.get((tuple(step for step in place if isinstance(step, str)), str(word)))


_words(
    "UD501",
    "A stage whose clock starts with the plan cycle",
    "stage duty of",
    get_args(CycleEvent),
    why="What happens at a stage is counted from what the resolution itself knows. It does not know when a conference "
    "was held, and a date counted from the wrong day is worse than none.",
    says='A clock of a stage cannot start with "{word}" yet.',
    wrong='duty = [{ who = "manager", must = "respond", within = "5 working days", of = "review conference" }]',
    mend='Count from something within the resolution, as in of = "entered" (when the stage began).',
)  # fmt: skip
_words(
    "UD502",
    "A meeting as a stage",
    "stage kind",
    ("meeting",),
    why="A meeting would have to be called, held and recorded; nothing here does that yet.",
    says="A {word} is not a kind of stage that can be run yet.",
    wrong='kind = "meeting"',
    mend='Leave kind out and let the one who calls it respond; or write kind = "milestone" with a [[milestone]].',
)
_words(
    "UD503",
    "A duty that depends on another outcome",
    "stage duty when",
    ("done", "not answered", "not done", "accepted", "immediate risk"),
    why="A duty can depend on an answer that does not resolve it. Other outcomes end the stage or move it on, and "
    "nobody would be asked for the duty any more.",
    says='A duty cannot depend on "{word}" yet.',
    wrong='duty = [{ who = "manager", must = "speak", to = "head", within = "2 days", when = ["accepted"] }]',
    mend='Write when = ["not accepted"], or leave when out.',
)
_words(
    "UD504",
    "A cap whose clock starts within a stage",
    "cap of",
    ("spoke", "not accepted", "approved", *get_args(CycleEvent)),
    why="A cap runs over several stages, so it starts with the concern or with the first of its stages.",
    says='A cap cannot start with "{word}" yet.',
    wrong='[[cap]]\nover = ["one", "two"]\nwithin = "20 working days"\nof = "conference"',
    mend='Write of = "raised", or of = "entered": when the first of its stages began.',
)  # fmt: skip

_words(
    "UD505",
    "A clock of the plan cycle that starts with a concern",
    "milestone of, route of",
    get_args(StageEvent),
    why="A step of the plan cycle, and a way beside it, is counted from what happens in the cycle: a conference, a "
    "core group. Whether a concern is raised meanwhile changes nothing of it.",
    says='A clock of the plan cycle cannot start with "{word}".',
    wrong='[[milestone]]\nid = "sheet"\nwithin = "1 working day"\nof = "raised"',
    mend='Count from a conference, a core group or half-way, as in of = "conference".',
)

_words(
    "UD506",
    "A way that is open from something else than a conference",
    "route of",
    tuple(event for event in get_args(CycleEvent) if event not in get_args(ConferenceEvent)),
    why="What may be done against a decision is counted from the conference that took it.",
    says='How long a way is open cannot start with "{word}".',
    wrong='[[route]]\nid = "appeal"\nwithin = "21 days"\nof = "core group"',
    mend='Write of = "conference", or of = "initial conference" or "review conference".',
)

# What stands where nothing acts on it -------------------------------------------------------------------------------


@check(
    "UD510",
    "error",
    "A word that nothing acts on here",
    wrong="""
[[stage]]
duty = [{ who = "manager", must = "settle", within = "agreed", approved_by = "head" }]
""",
    mend="Take the word out, or let the stage ask for a response.",
)
def _nothing_acts_on_it(protocol: Protocol) -> Iterator[Found]:
    """The word reads as if something followed from it. At this place nothing does, and nobody would notice."""
    for stage, duty, place in duties(protocol):
        written = {
            "approved_by": duty.approved_by is not None and duty.must != "respond",
            "sets_out": bool(duty.sets_out) and duty.must != "respond",
            "to": duty.to is not None and duty.must != "speak",
            "when": bool(duty.when) and duty.is_answer,
        }
        yield from _idle(f'a duty to {duty.must} at "{stage.title}"', place, written, duty.clause)
    for number, stage in enumerate(protocol.stages):
        written = {
            "chair_sets_date": stage.chair_sets_date and stage.answer is None,
            "consider": bool(stage.consider) and not _all_considered(stage),
            "directs": stage.directs and not _binds(stage),
            "speak_first": stage.speak_first is not None and not stage.is_raised,
            "sets_out": bool(stage.sets_out) and not stage.is_raised,
            "only_on_plan": stage.only_on_plan and not stage.is_raised,
        }
        yield from _idle(f'"{stage.title}"', stage_place(number), written, stage.clause)
        for which, way in enumerate(stage.exits):
            ends_nothing = {"ending": bool(way.ending) and way.to != "ended"}
            yield from _idle(f'a way to "{way.to}"', stage_place(number, "exits", which), ends_nothing, way.clause)


def _idle(where: str, place: str, written: Mapping[str, bool], clause: str) -> Iterator[Found]:
    for word, idle in written.items():
        if idle:
            yield Found(f'Nothing acts on "{word}" in {where}.', f"{place}.{word}", clause)


def _binds(stage: Stage) -> bool:
    """What is directed binds as soon as it is said: by an answer, and one that waits for nobody's approval."""
    return stage.asks_for_response and stage.answer is not None and stage.answer.approved_by is None


def _all_considered(stage: Stage) -> bool:
    """A question is put to the one who responds, with the response."""
    asked = stage.answer if stage.asks_for_response else None
    return asked is not None and all(question.who == asked.who for question in stage.consider)


@check(
    "UD511",
    "error",
    "Two duties that are one",
    wrong="""
duty = [
  { who = "chair", must = "speak", to = "manager", within = "1 working day" },
  { who = "chair", must = "speak", to = "manager", within = "5 working days", when = ["not accepted"] },
]
""",
    mend="Join them, or let somebody else do the second.",
)
def _one_and_the_same(protocol: Protocol) -> Iterator[Found]:
    """One act meets both, and the record could not tell which of the two dates has passed."""
    seen: set[tuple[str, str, str]] = set()
    for stage, duty, place in duties(protocol):
        one = (stage.id, duty.must, duty.to or duty.who)
        if one in seen:
            yield Found(f'"{stage.title}" asks for the same twice: {duty.must}.', place, duty.clause)
        seen.add(one)


@check(
    "UD512",
    "error",
    "A step called by a word of the service",
    wrong='[[milestone]]\nid = "decide"\ntitle = "Decision"\ndone = "decided"',
    mend="Give the milestone another id, such as panel-decision.",
)
def _taken_word(protocol: Protocol) -> Iterator[Found]:
    """The service uses the word for something of its own, and would take the one for the other."""
    for number, milestone in enumerate(protocol.milestones):
        if milestone.id in TAKEN:
            yield Found(f'A milestone cannot be called "{milestone.id}".', shown(("milestone", number, "id")))


TAKEN = frozenset({"respond", "settle", "speak", "draft", "approve", "decide", "resolve"})


# Who judges and who sends -------------------------------------------------------------------------------------------


@check(
    "UD520",
    "error",
    "Several who judge",
    wrong='judged_by = ["chair", "head"]',
    mend="Name the one who decides.",
)
def _several_judges(protocol: Protocol) -> Iterator[Found]:
    """The text does not say whether any of them or all of them decide, and the turn would always be the first one's."""
    for number, stage in enumerate(protocol.stages):
        if len(stage.judged_by) > 1:
            yield Found(f'At "{stage.title}" several judge.', stage_place(number, "judged_by"), stage.clause)


@check(
    "UD521",
    "error",
    "A stage sent by somebody whose turn it never is",
    wrong="""
[[stage]]
id = "one"
exits = [{ to = "two", when = ["not accepted"] }] # judged by the chair

[[stage]]
id = "two"
sent_by = ["quality-manager"]
""",
    mend="Add whoever judges the stage below to sent_by.",
)
def _nobody_sends_it_up(protocol: Protocol) -> Iterator[Found]:
    """Whoever decides that it moves on sends it on. Somebody else would have to be asked, and is not yet."""
    for number, stage in enumerate(protocol.stages):
        below = [s for s in protocol.stages if any(way.to == stage.id for way in s.exits)]
        for lower in below:
            if lower.judged_by and lower.judged_by[0] not in stage.sent_by:
                judge = protocol.title_of(lower.judged_by[0])
                sentence = f'"{stage.title}" comes after "{lower.title}", where the {judge} decides and cannot send it.'
                yield Found(sentence, stage_place(number, "sent_by"), stage.clause)


# Clocks and ways on -------------------------------------------------------------------------------------------------


@check(
    "UD530",
    "error",
    "Silence that nobody can notice",
    wrong="""
duty = [{ who = "manager", must = "respond", within = "immediately" }]
exits = [{ to = "higher", when = ["not answered"] }]
""",
    mend='Give the answer a time with a number, or take "not answered" out of the exits.',
)
def _silence_without_a_date(protocol: Protocol) -> Iterator[Found]:
    """Not answered means: not by the date. Where the clock gives no date, the way on never opens."""
    for number, stage in enumerate(protocol.stages):
        for which, way in enumerate(stage.exits):
            if "not answered" in way.when and stage.answer and undated(protocol, stage):
                sentence = f'"{stage.title}" leads on when it is not answered, and sets no date for the answer.'
                yield Found(sentence, stage_place(number, "exits", which), way.clause or stage.clause)


@check(
    "UD531",
    "error",
    "An answer counted from what comes after it",
    wrong='duty = [{ who = "manager", must = "respond", within = "5 days", of = "not accepted" }]',
    mend='Count the answer from "entered", "raised" or "spoke".',
)
def _counted_from_its_end(protocol: Protocol) -> Iterator[Found]:
    """The clock would start when the answer is there, and the answer could never be late."""
    for stage, duty, place in duties(protocol):
        if duty.is_answer and duty.of in ("approved", "not accepted"):
            sentence = f'At "{stage.title}" the answer is counted from "{duty.of}", which follows it.'
            yield Found(sentence, f"{place}.of", duty.clause)


@check(
    "UD532",
    "error",
    "A way on that is never taken",
    wrong='exits = [{ to = "higher", when = ["accepted"] }, { to = "resolved", when = ["not answered"] }]',
    mend='"accepted" leads to "resolved" and nothing else does; a step of the plan cycle is left when it is "done".',
)
def _never_taken(protocol: Protocol) -> Iterator[Found]:
    """Somebody decides each way on. What resolves a concern is an answer that is accepted, never silence."""
    for number, stage in enumerate(protocol.stages):
        for which, way in enumerate(stage.exits):
            for outcome in way.when:
                if not _leads(stage, way, outcome):
                    sentence = f'"{stage.title}" does not lead to "{way.to}" when it is "{outcome}".'
                    yield Found(sentence, stage_place(number, "exits", which), way.clause or stage.clause)


def _leads(stage: Stage, way: Exit, outcome: str) -> bool:
    asks = stage.kind == "request"
    on_or_ended = way.to != "resolved"
    return {
        "done": not asks and on_or_ended,
        "not answered": asks and on_or_ended,
        "not accepted": on_or_ended,
        "not done": asks and way.to not in OUTSIDE_LADDER,
        "accepted": asks and way.to == "resolved",
        "immediate risk": asks and way.to not in OUTSIDE_LADDER,
    }[outcome]


@check(
    "UD533",
    "error",
    "An answer in a step of the plan cycle",
    wrong='kind = "milestone"\nduty = [{ who = "manager", must = "respond", within = "5 days" }]',
    mend='Take kind = "milestone" out, or ask for the id of a [[milestone]].',
)
def _answer_in_a_step(protocol: Protocol) -> Iterator[Found]:
    """A step of the plan cycle is done or not; there is no answer in it that somebody could judge."""
    for number, stage in enumerate(protocol.stages):
        if stage.kind == "milestone" and stage.answer is not None:
            yield Found(f'"{stage.title}" is a step of the plan cycle and asks for an answer.', stage_place(number))


@check(
    "UD534",
    "error",
    "A cap that cuts nothing",
    wrong='[[cap]]\nover = ["formal"]\nwithin = "to suit the child"',
    mend="Give it a number of a unit, and let it run over stages that ask for an answer.",
)
def _cuts_nothing(protocol: Protocol) -> Iterator[Found]:
    """An answer is due by its own time or by the cap, whichever is earlier: both have to give a date."""
    for number, cap in enumerate(protocol.caps):
        if not _gives_a_date(cap.within):
            yield Found(f'A cap of "{cap.within}" gives no date.', shown(("cap", number, "within")), cap.clause)
        for stage in (protocol.stage(each) for each in cap.over):
            if stage.kind == "milestone":
                sentence = f'A cap runs over "{stage.title}", which asks for no answer.'
                yield Found(sentence, shown(("cap", number, "over")), cap.clause)


def _gives_a_date(clock: Clock) -> bool:
    if isinstance(clock, Counted) and (clock.before or clock.indicative):
        return False
    return working_days_of(clock) is not None


def undone(protocol: Protocol) -> Iterator[tuple[Check, Found]]:
    """All that this text says and the engine cannot do."""
    for one in CHECKS.values():
        if one.family == FAMILY:
            yield from ((one, found) for found in one.find(protocol, None))
