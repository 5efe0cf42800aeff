"""What happened, put into words: the blanks of an event's sentence, and its entry on the timeline.

An event alone says little: an action is a number, a decision a yes or a no. An entry is read in the state in which the
event happened, and so can say which action, whose answer, at which stage, by which day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from undrift.engine.dates.moments import in_words, london_date
from undrift.engine.duties import Duty
from undrift.engine.events import Event
from undrift.engine.ladder.agenda import agenda, answer_due, waits_until
from undrift.engine.ladder.entering import NOT_REACHED
from undrift.engine.ladder.state import ENDINGS, Action, State, Visit
from undrift.engine.musts import Must
from undrift.engine.rules import Rules
from undrift.protocol.model import Protocol


def filled(template: str, protocol: Protocol, entry: Event) -> str:
    """A sentence with its blanks filled from what the event keeps."""
    said = template
    for blank, found in _BLANKS.items():
        if blank in template:
            said = said.replace(blank, found(protocol, entry))
    return said


def _stage(protocol: Protocol, entry: Event) -> str:
    return protocol.stage(entry.payload["stage"]).named


def _milestone(protocol: Protocol, entry: Event) -> str:
    milestone = protocol.milestone(entry.payload["milestone"])
    return milestone.done if milestone else str(entry.payload["milestone"])


def spoken_with(protocol: Protocol, entry: Event) -> str:
    name, role = entry.payload.get("with_name", ""), entry.payload.get("with", "")
    return str(name or (f"the {protocol.title_of(role)}" if role else ""))


def is_unreached(entry: Event) -> bool:
    """Whether it tells of a conversation in which nobody was reached."""
    return entry.type == "spoke" and entry.payload["how"] == NOT_REACHED


def talk(protocol: Protocol, entry: Event) -> str:
    """A conversation, or that nobody was reached, after the actor's name."""
    to = spoken_with(protocol, entry)
    if is_unreached(entry):
        return f"could not reach {to or 'anybody'}"
    return f"spoke with {to}" if to else "held a conversation"


def _route(protocol: Protocol, entry: Event) -> str:
    return next((r.title for r in protocol.routes if r.id == entry.payload["route"]), str(entry.payload["route"]))


_BLANKS: Mapping[str, Callable[[Protocol, Event], str]] = {
    "{stage}": _stage,
    "{milestone}": _milestone,
    "{with}": spoken_with,
    "{route}": _route,
    "{role}": lambda protocol, entry: f"the {protocol.title_of(entry.payload['role'])}",
    "{ending}": lambda protocol, entry: ENDINGS.get(entry.payload["ending"], str(entry.payload["ending"])).lower(),
    "{until}": lambda protocol, entry: in_words(date.fromisoformat(entry.payload["until"])),
}


# One entry of the timeline -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """An event, the state it fell into (for the first event, the state it made) and the state after it."""

    rules: Rules
    state: State
    after: State
    event: Event
    names: Mapping[str, str]
    told: Sequence[tuple[Event, str]]  # so far, each with its heading
    about: Mapping[int, Sequence[str]]  # so far, the children whom each entry is about, by its number
    said: str  # the event's own sentence

    @property
    def here(self) -> Visit:
        return self.state.here

    @property
    def stage(self) -> str:
        return self.rules.protocol.stage(self.here.stage).named

    @property
    def action(self) -> Action:
        return self.state.actions[self.event.payload["id"]]

    def written(self, key: str) -> str:
        """What somebody wrote, with a full stop; "" where nothing was."""
        return _stopped(str(self.event.payload.get(key) or ""))

    def and_why(self, said: str, *keys: str) -> str:
        """What happened, then what was written about it."""
        return " ".join(filter(None, (_stopped(said), *map(self.written, keys))))

    def named(self, children: Iterable[str]) -> str:
        """ "Maya, Jude and Noor", as far as they may be named."""
        called = [self.names[child] for child in children if child in self.names]
        return called[0] if len(called) == 1 else f"{', '.join(called[:-1])} and {called[-1]}" if called else ""

    def for_children(self, children: Iterable[str]) -> str:
        called = self.named(children)
        return f" for {called}" if called else ""


NOBODY_REACHED = "Not reached"
Said = tuple[str, str]  # the heading ("" for the event's own), and the text


def _stopped(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _on(value: object) -> str:
    return in_words(date.fromisoformat(str(value)))


def _short(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def raised(s: Scene) -> Said:
    told = s.event.payload.get("risk")
    risk = f"{_at_risk(s, told)}." if told else ""
    said = f"Raised a concern at {s.stage}{s.for_children(s.state.children)}."
    return "", " ".join(filter(None, (said, risk, _due(s))))


def _at_risk(s: Scene, risk: Mapping[str, Any], somebody: str = "A child") -> str:
    """Who was at immediate risk, where it is said of whom."""
    children = [c for c in risk.get("children", ()) if c in s.names]
    named = s.named(children) or somebody
    return f"{named} {'were' if len(children) > 1 else 'was'} at immediate risk"


def _due(s: Scene) -> str:
    """By when the stage that has just begun is to be answered; "" where no date is set."""
    asked = answer_due(s.rules, s.after, s.after.here)
    if asked is None or asked.date is None:
        return ""
    answers = s.rules.protocol.stage(s.after.here.stage).asks_for_response
    return f"{'Answer' if answers else 'What was agreed is'} due by {in_words(asked.date)}."


_HOW: Mapping[str, str] = {
    "in person": "in person",
    "phone": "by phone",
    "by phone": "by phone",
    "video call": "by video call",
    "on a video call": "by video call",
    "email": "by email",
    "by email": "by email",
}


def spoke(s: Scene) -> Said:
    said = f"{s.said[:1].upper()}{s.said[1:]}"
    day = s.event.payload.get("on")
    on = f"on {_on(day)}" if day and date.fromisoformat(day) != london_date(s.event.at) else ""
    if is_unreached(s.event):
        return NOBODY_REACHED, s.and_why(f"{said} {on}".strip(), "note")
    how = _HOW.get(str(s.event.payload["how"]), "")
    return "", s.and_why(" ".join(filter(None, (said, how, on))), "note")


def milestone_reached(s: Scene) -> Said:
    done = _milestone(s.rules.protocol, s.event)
    said = f"{done[:1].upper()}{done[1:]} on {_on(s.event.payload['on'])}"
    accepted = s.event.payload.get("accepted")
    if accepted is not None:
        said += ". The recommendation was accepted" if accepted else ". The recommendation was not accepted"
    return "", s.and_why(said, "note")


_VERDICT: Mapping[str, str] = {
    "agree": "agrees that there is a concern",
    "agree in part": "agrees in part",
    "do not agree": "does not agree",
}


def answer_drafted(s: Scene) -> Said:
    asked = s.rules.protocol.stage(s.here.stage).answer
    to = f" to the {s.rules.protocol.title_of(asked.approved_by)}" if asked and asked.approved_by else ""
    return "", f"Sent the answer at {s.stage}{to} for approval."


def answered(s: Scene) -> Said:
    return "", f"Answered at {s.stage}: {_VERDICT.get(s.event.payload['agree'], s.event.payload['agree'])}."


def _the_answer(s: Scene) -> str:
    answer = s.here.answer
    whose = f"{answer.by.name}’s answer" if answer and answer.by.name else "The answer"
    return f"{whose} at {s.stage}"


def approved(s: Scene) -> Said:
    answer = s.here.answer
    verdict = f": {_VERDICT.get(answer.agree, answer.agree)}" if answer else ""
    return "", s.and_why(f"{_the_answer(s)} is approved{verdict}", "comment")


def sent_back(s: Scene) -> Said:
    return "", s.and_why(f"{_the_answer(s)} went back for changes", "comment")


@dataclass(frozen=True)
class Verdict:
    """How a decision is said: settled, not settled, and the headings for all, for none and for some of the children."""

    yes: str
    no: str
    all: str
    none: str
    some: str


_ABOUT_AN_ANSWER = Verdict(
    "was accepted", "was not accepted", "Answer accepted", "Answer not accepted", "Answer accepted in part"
)
_WITHOUT_AN_ANSWER = Verdict("is resolved", "is not resolved yet", "Resolved", "Not resolved yet", "Resolved in part")
_ABOUT_WHAT_WAS_AGREED = Verdict("is done", "is not done yet", "Done as agreed", "Not done yet", "Done in part")


def judged(s: Scene) -> Said:
    """The verdict, about what, for whom, and why."""
    verdicts: Mapping[str, bool] = s.event.payload["children"]
    # Of children who may not be named, nothing is said unless there is nobody else to speak of.
    spoken = {c: settled for c, settled in verdicts.items() if c in s.names} or verdicts
    yes, no = ([c for c, settled in spoken.items() if settled is wanted] for wanted in (True, False))
    what, words = _decided_about(s)
    said = [f"{word}{s.for_children(of)}" for word, of in ((words.yes, yes), (words.no, no)) if of]
    heading = words.some if len(said) > 1 else words.all if yes else words.none
    return heading, s.and_why(f"{what} {', but '.join(said)}", "why")


def _decided_about(s: Scene) -> tuple[str, Verdict]:
    if s.here.answered:
        return _the_answer(s), _ABOUT_AN_ANSWER
    if s.rules.protocol.stage(s.here.stage).asks_for_response:
        return f"The concern at {s.stage}", _WITHOUT_AN_ANSWER
    return f"What was agreed at {s.stage}", _ABOUT_WHAT_WAS_AGREED


def moved_on(s: Scene) -> Said:
    to = s.rules.protocol.stage(s.event.payload["stage"]).named
    why = _BECAUSE[s.event.payload["because"]](s)
    told = s.and_why(f"Moved from {s.stage} to {to}: {why}", "different", "why_this_stage")
    risk = s.event.payload.get("risk")
    besides = f"{_at_risk(s, risk)}." if risk is not None and s.event.payload["because"] != "immediate risk" else ""
    return f"Moved to {to}", " ".join(filter(None, (told, besides, _due(s))))


def _unanswered(s: Scene) -> str:
    ends = waits_until(s.rules, s.state, s.here)
    by = f" by {_short(london_date(ends))}" if ends else ""
    asks = s.rules.protocol.stage(s.here.stage).asks_for_response
    return f"no answer{by}" if asks else f"what was agreed was not done{by}"


def _unaccepted(s: Scene) -> str:
    if s.here.refused:
        return "the recommendation was not accepted"
    answer = s.here.answer
    if answer is None or answer.approved_at is None:
        return "it is not resolved yet"
    return f"{answer.by.name}’s answer was not accepted"


_BECAUSE: Mapping[str, Callable[[Scene], str]] = {
    "not answered": _unanswered,
    "not accepted": _unaccepted,
    "not done": lambda s: "what was agreed was not done in time",
    "immediate risk": lambda s: _at_risk(s, s.event.payload.get("risk") or {}, "a child"),
    "done": lambda s: "this stage is done",
}


def more_time_given(s: Scene) -> Said:
    return "", s.and_why(f"Gave more time at {s.stage}, to {_on(s.event.payload['until'])}", "why")


def date_lapsed(s: Scene) -> Said:
    by = f" by {_short(date.fromisoformat(s.event.payload['due']))}"
    owed = next((d for d in agenda(s.rules, s.state, s.event.at) if d.key == s.event.payload["duty"]), None)
    return ("", f"Not yet done{by}, at {s.stage}.") if owed is None else _not_done(s, owed, by)


# Of an answer and of an action their own sentences say it.
NOT_YET: Mapping[Must, str] = {
    Must.SETTLE: "What was agreed was not recorded as done",
    Must.DECIDE: "No decision",
    Must.SPEAK: "No conversation recorded",
    Must.RESOLVE: "What changed was not written",
    Must.DECIDE_IF_IT_GOES_ON: "No decision whether it goes on",
    Must.DECIDE_WHOSE: "No decision whose it is to answer",
    Must.RING: "No call recorded",
    Must.DRAFT: "No draft sent for approval",
    Must.APPROVE: "No approval",
    Must.DO_WHAT_WAS_AGREED: "What was agreed was not recorded as done",
    Must.DECIDE_NEXT: "No decision",
}


def _not_done(s: Scene, owed: Duty, by: str) -> Said:
    """What was not there on the day, by what was owed."""
    protocol = s.rules.protocol
    at = protocol.stage(owed.stage).named
    if owed.action:
        return _action_not_done(s.state.actions[owed.action], owed, by)
    if owed.must == Must.RESPOND:
        return _no_answer(s, protocol.title_of(owed.who), at, by)
    said = NOT_YET[owed.must] if isinstance(owed.must, Must) else _no_step(protocol, owed.must)
    return f"{said}{by}", f"{said}{by} at {at}."


def _no_step(protocol: Protocol, step: str) -> str:
    milestone = protocol.milestone(step)
    return f"Not yet recorded: {milestone.title}" if milestone else "Not yet done"


def _action_not_done(action: Action, owed: Duty, by: str) -> Said:
    if owed.must == Must.DECIDE_ON_THE_ACTION:
        return f"No decision on an action{by}", f"No decision{by} on what was not done: {_quoted(action.what)}."
    if owed.must == Must.AGREE_THE_DATE:
        return f"New date not decided{by}", f"No decision{by} on a new date: {_quoted(action.what)}."
    if owed.must == Must.DECIDE_WHO_DOES_IT:
        return f"Nobody chosen for an action{by}", f"Nobody chosen{by} to do it: {_quoted(action.what)}."
    if owed.must == Must.CONFIRM_THE_ACTION:
        return f"Action not yet confirmed{by}", f"Not yet confirmed as complete{by}: {_quoted(action.what)}."
    return f"Action not yet done{by}", f"Not yet done{by}: {_quoted(action.what)} ({action.who})."


def _no_answer(s: Scene, who: str, at: str, by: str) -> Said:
    answer = s.here.answer
    if answer is not None and s.here.waits_for_approval:
        sent = f"{answer.by.name} has sent one for approval."
        return f"No approved answer{by}", f"No approved answer{by} at {at}. {sent}"
    return f"No answer{by}", f"No answer from the {who}{by} at {at}."


def _quoted(what: str) -> str:
    return f"“{what.strip().rstrip('.')}”"


def action_agreed(s: Scene) -> Said:
    p = s.event.payload
    by = f", by {_on(p['by'])}" if p.get("by") else ""
    heading, said = ("Action directed", "Directed") if p.get("directed") else ("", "Agreed")
    return heading, f"{said}: {_quoted(p['what'])} ({p['who']}{by})."


def of_the_action(said: str, *keys: str) -> Callable[[Scene], Said]:
    return lambda s: ("", s.and_why(f"{said}: {_quoted(s.action.what)}", *keys))


def action_done(s: Scene) -> Said:
    return "", s.and_why(f"Done on {_on(s.event.payload['on'])}: {_quoted(s.action.what)}", "helped")


def owner_left(s: Scene) -> Said:
    action = s.action
    return "", f"{action.who} is no longer here. The chair decides who does it: {_quoted(action.what)}."


def action_given(s: Scene) -> Said:
    said = f"{s.event.payload['who']} does it, instead of {s.action.who}: {_quoted(s.action.what)}"
    return "", s.and_why(said, "why")


def went_over(s: Scene) -> Said:
    p = s.event.payload
    until_then = f"; until then {p['before']}" if p.get("before") else ""
    said = f"{p['part'].capitalize()} from {in_words(london_date(s.event.at))}: {p['name']}{until_then}"
    return f"Another {p['part']}", s.and_why(said, "why")


def said_not_mine(s: Scene) -> Said:
    return "", s.and_why(f"Not theirs to answer at {s.stage}. It belongs to {s.event.payload['who']}", "why")


def said_to_stay(s: Scene) -> Said:
    asked = s.rules.protocol.stage(s.here.stage).answer
    who = s.rules.protocol.title_of(asked.who) if asked else "whoever was asked"
    return "", s.and_why(f"It stays with the {who}", "why")


def action_date_asked(s: Scene) -> Said:
    old = f", instead of {_short(s.action.by)}" if s.action.by else ""
    said = f"Asks for {_on(s.event.payload['by'])}{old}: {_quoted(s.action.what)}"
    return "", s.and_why(said, "why")


def asked_again(s: Scene) -> Said:
    children = s.event.payload.get("children", ())
    some = s.for_children(children) if len(children) < len(s.after.taking_part) else ""
    said = f"Asked for another answer at {s.stage}{some}, by {_on(s.event.payload['until'])}"
    return "", s.and_why(said, "why")


def child_ended(s: Scene) -> Said:
    ending = ENDINGS.get(s.event.payload["ending"], str(s.event.payload["ending"]))
    for_child = s.for_children([s.event.payload["child"]]) or " for one child"
    return f"Ended{for_child}", s.and_why(f"Ended{for_child}: {ending[:1].lower()}{ending[1:]}", "why", "changed")


def child_reopened(s: Scene) -> Said:
    p = s.event.payload
    for_child = s.for_children([p["child"]]) or " for one child"
    if ended := p.get("ended"):
        return f"Opened again{for_child}", s.and_why(f"It was {ended}, and is open again{for_child}", "why")
    return f"Re-opened{for_child}", s.and_why(f"Re-opened{for_child}", "why")


def plan_ended(s: Scene) -> Said:
    name = s.names.get(str(s.event.payload["child"]))
    whose = f"{name}’s plan" if name else "A child’s plan"
    asked = "The chair decides whether the concern goes on."
    said = s.and_why(f"{whose} ended on {_on(s.event.payload['on'])}", "source")
    return "", f"{said} {asked}"


def plan_end_taken_back(s: Scene) -> Said:
    name = s.names.get(str(s.event.payload["child"]))
    whose = f"{name}’s plan" if name else "a child’s plan"
    said = s.and_why(f"The end of {whose} is taken back: the plan goes on", "source")
    return "", f"{said} There is nothing to decide about it."


def carried_on(s: Scene) -> Said:
    return "", s.and_why(f"Goes on after the plan{s.for_children(s.event.payload['children'])}", "why")


def rung_back(s: Scene) -> Said:
    said = s.and_why(f"Rang {s.event.payload['to']} on {_on(s.event.payload['on'])}", "note")
    told = next((u for u in s.after.urgent if u.seq == s.event.payload["entry"]), None)
    if told is None or not told.at_risk:
        return "", said
    named = s.named(told.at_risk) or "A child"
    return "Call made, not safe yet", f"{said} {named} {'are' if len(told.at_risk) > 1 else 'is'} not safe yet."


def ring_given_up(s: Scene) -> Said:
    return "", s.and_why("A call to make sure that the child is safe was not made, and is no longer possible", "why")


def route_taken(s: Scene) -> Said:
    p = s.event.payload
    who = f" by {p['who']}" if p.get("who") else ""
    day = f" on {_on(p['on'])}" if p.get("on") and date.fromisoformat(p["on"]) != london_date(s.event.at) else ""
    return "", s.and_why(f"{s.said[:1].upper()}{s.said[1:]}{who}{day}", "note")


def action_date_changed(s: Scene) -> Said:
    old = f", instead of {_short(s.action.by)}" if s.action.by else ""
    said = f"New date {_on(s.event.payload['by'])}{old}: {_quoted(s.action.what)}"
    return "", s.and_why(said, "why")


def urgent_action_recorded(s: Scene) -> Said:
    p = s.event.payload
    by = ", ".join(filter(None, (str(p.get("who") or ""), _on(p["on"]) if p.get("on") else "")))
    whose = s.named(p.get("children", ()))
    return "", " ".join(filter(None, (f"For {whose}." if whose else "", _stopped(p["what"]), _stopped(by))))


def resolved(s: Scene) -> Said:
    said = f"Resolved at {s.stage}{s.for_children(s.event.payload['children'])}"
    talk = s.written("not_spoken")
    return "", " ".join(filter(None, (f"{said}.", talk and f"A talk that the policy asks for was not held: {talk}")))


def closed(s: Scene) -> Said:
    ending = ENDINGS.get(s.event.payload["ending"], str(s.event.payload["ending"]))
    left = len(s.event.payload.get("left_open", ()))
    open_still = f"{left} agreed action{' was' if left == 1 else 's were'} not complete." if left else ""
    said = s.and_why(f"Closed at {s.stage}: {ending[:1].lower()}{ending[1:]}", "why")
    return "", " ".join(filter(None, (said, open_still)))


def plain(*keys: str) -> Callable[[Scene], Said]:
    """The event's own sentence is enough."""

    def told(s: Scene) -> Said:
        return "", s.and_why(f"{s.said[:1].upper()}{s.said[1:]}", *keys)

    return told


def handed_over(s: Scene) -> Said:
    part = s.rules.protocol.title_of(s.event.payload["role"])
    return "", s.and_why(f"{s.event.payload['name']} takes the part of the {part} at {s.stage}", "why")


def corrected(s: Scene) -> Said:
    wrong = next((told for told in s.told if told[0].seq == s.event.payload["seq"]), None)
    what = f"“{wrong[1]}” of {_short(london_date(wrong[0].at))}" if wrong else "An earlier entry"
    return "", s.and_why(f"{what} was entered in error", "why")


def filed(s: Scene) -> Said:
    name = s.names.get(str(s.event.payload["child"]))
    return "", f"Filed on {name}’s record." if name else "Filed on the child’s record."


def withdrawn(s: Scene) -> Said:
    return "", s.and_why(f"Withdrawn at {s.stage}", "why")


def noted(s: Scene) -> Said:
    return "", s.written("text")
