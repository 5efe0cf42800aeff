"""What happened in a plan cycle, put into words: an entry of the timeline is read by itself.

Nothing that is written about a child stands in an entry that is of another child too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from undrift.engine.dates.moments import in_words
from undrift.engine.duties import Duty
from undrift.engine.events import Event
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.plan_cycle.state import CATEGORIES, KINDS, NEXT_STEPS, PLAN_ENDINGS, VIEWS, Conference, State
from undrift.engine.rules import Rules


@dataclass(frozen=True)
class Scene:
    """An event, the state after it, and the first names of those children who may be named."""

    rules: Rules
    after: State
    event: Event
    names: Mapping[str, str]

    def conference(self, key: str = "conference") -> Conference:
        return self.after.conferences[self.event.payload[key]]

    def written(self, key: str) -> str:
        """What somebody wrote, with a full stop; "" where nothing was."""
        text = str(self.event.payload.get(key) or "").strip()
        return text if not text or text.endswith((".", "?", "!")) else f"{text}."

    def day(self, key: str = "on") -> str:
        return in_words(date.fromisoformat(self.event.payload[key]))

    def and_(self, said: str, *keys: str) -> str:
        return " ".join(filter(None, (f"{said}.", *map(self.written, keys))))

    def for_whom(self, children: Sequence[str]) -> str:
        named = [self.names[child] for child in children if child in self.names]
        return f" for {', '.join(named[:-1])}{' and ' if named[:-1] else ''}{named[-1]}" if named else ""


Entry = Callable[[Scene], str]


def cycle_begun(s: Scene) -> str:
    strategy = s.event.payload.get("strategy")
    return f"Began with the strategy discussion of {s.day('strategy')}." if strategy else "Began."


def child_joined(s: Scene) -> str:
    return s.and_("A child joined", "why")


def conference_fixed(s: Scene) -> str:
    time = s.event.payload.get("time")
    place = f", {s.event.payload['place']}" if s.event.payload.get("place") else ""
    return f"{KINDS[s.conference('id').kind]} fixed for {s.day()}{f' at {time}' if time else ''}{place}."


def conference_moved(s: Scene) -> str:
    return s.and_(f"{KINDS[s.conference('id').kind]} moved to {s.day()}", "why")


def conference_postponed(s: Scene) -> str:
    return s.and_(f"{KINDS[s.conference('id').kind]} postponed, without a new date yet", "why")


def conference_cancelled(s: Scene) -> str:
    return s.and_(f"{KINDS[s.conference('id').kind]} cancelled", "why")


def conference_held(s: Scene) -> str:
    quorate = "" if s.event.payload["quorate"] else f", not quorate: {', '.join(s.event.payload['missing'])} missing"
    return f"{KINDS[s.conference('id').kind]} held on {s.day()}{quorate}."


def decided(s: Scene) -> str:
    category = str(s.event.payload.get("category") or "")
    said = (
        f"A plan{f', {CATEGORIES.get(category, category)}' if category else ''}"
        if s.event.payload["plan"]
        else "No plan"
    )
    ours = "The chair decided it otherwise than the conference" if s.event.payload.get("overruled") else ""
    return " ".join(filter(None, (f"{said}.", s.and_(ours, "overruled") if ours else "")))


def dissent_noted(s: Scene) -> str:
    return s.and_(f"{s.event.payload['who']} dissents", "why", "advice")


def report_shared(s: Scene) -> str:
    whose = str(s.event.payload.get("whose") or "")
    return f"The report{f' of {s.rules.protocol.title_of(whose)}' if whose else ''} was shared on {s.day()}."


def discussion_held(s: Scene) -> str:
    how = f", {s.event.payload['how']}" if s.event.payload.get("how") else ""
    return s.and_(f"The discussion before the conference was held on {s.day()}{how}", "notes")


def outline_written(s: Scene) -> str:
    return "The outline plan was written."


def sheet_sent(s: Scene) -> str:
    return f"The decision sheet was sent on {s.day()} to {', '.join(s.event.payload['to'])}."


def key_action_set(s: Scene) -> str:
    return s.and_(f"{s.event.payload['who']} tells the chair by {s.day('by')} how it stands", "wording")


def key_action_fed_back(s: Scene) -> str:
    return s.and_("Done" if s.event.payload["done"] else "Not done", "text")


def core_group_held(s: Scene) -> str:
    updated = "and the plan was updated" if s.event.payload["updated"] else "and the plan was not updated"
    came = ", ".join(s.event.payload.get("came", ()))
    return f"The core group met on {s.day()}, {updated}.{f' Who came: {came}.' if came else ''}"


def core_group_missed(s: Scene) -> str:
    return s.and_(f"The core group of {s.day()} was not held", "why")


def recommendation_not_accepted(s: Scene) -> str:
    return s.and_(f"{s.event.payload['agency']} does not accept a recommendation", "recommendation", "why")


def event_recorded(s: Scene) -> str:
    return s.and_(f"On {s.day()}: {s.event.payload['what'].rstrip('.')}", "response")


def check_done(s: Scene) -> str:
    view, following = VIEWS[s.event.payload["view"]], NEXT_STEPS[s.event.payload["next_step"]]
    said = f"{s.written('experience')} {view}. Next step: {following[:1].lower()}{following[1:]}."
    actions = "; ".join(f"{what} ({stands})" for what, stands in s.event.payload.get("actions", {}).items())
    facts = "; ".join(
        f"{name[:1].lower()}{name[1:]} {fact['value']}, as at {in_words(date.fromisoformat(fact['as_at']))}"
        for name, fact in s.event.payload.get("facts", {}).items()
    )
    more = (f"Of the plan: {actions}." if actions else "", f"On file then: {facts}." if facts else "")
    return " ".join(filter(None, (said, *more, s.written("notes"))))


def step_done(s: Scene) -> str:
    step = s.rules.protocol.milestone(s.event.payload["milestone"])
    done = step.done if step is not None else s.event.payload["milestone"]
    return f"{done[:1].upper()}{done[1:]} on {s.day()}."


def good_practice_noted(s: Scene) -> str:
    worker = s.event.payload.get("worker")
    about = f", about the work of {worker}" if worker else ""
    return f"A good practice note was written{s.for_whom([s.event.payload['child']])}{about}."


def route_taken(s: Scene) -> str:
    route = s.rules.protocol.route(s.event.payload["route"])
    title = route.title if route is not None else s.event.payload["route"]
    late = ", after the last day" if s.event.payload["late"] else ""
    return s.and_(f"{title}: {s.event.payload['who']}, on {s.day()}{late}", "text")


def route_decided(s: Scene) -> str:
    return s.and_("Upheld" if s.event.payload["upheld"] else "Not upheld", "why")


def concern_begun(s: Scene) -> str:
    return f"A concern was raised of it: {s.event.payload['reference']}."


def offer_declined(s: Scene) -> str:
    return s.and_("No concern is raised of it", "why")


def date_lapsed(s: Scene) -> str:
    key = s.event.payload["duty"]
    duty = next((d for d in agenda(s.rules, s.after) if d.key == key), None)
    must = duty.must if duty is not None else _parts(key)[0]
    step = s.rules.protocol.milestone(must)
    what = step.title if step is not None else str(must).capitalize() or "A date"
    return f"Not done by {s.day('due')}: {what[:1].lower()}{what[1:]}."


def _parts(key: str) -> tuple[str, str]:
    """What was owed, and of what, by the key of a duty that there is no more, or that a file alone brings."""
    _, must, subject, *_ = (*key.split(":"), "", "", "")
    return must, subject


def plan_ended(s: Scene) -> str:
    return f"The plan ended on {s.day()}. {PLAN_ENDINGS[s.event.payload['ending']]}."


def plan_end_taken_back(s: Scene) -> str:
    return s.and_("The end of the plan is taken back: the plan goes on", "source")


def cycle_ended(s: Scene) -> str:
    return s.and_("The plan cycle ended", "why")


def corrected(s: Scene) -> str:
    return s.and_(f"Entry {s.event.payload['seq']} was made in error", "why")


# Of which children an event is ---------------------------------------------------------------------------------------

About = Callable[[Scene], Sequence[str]]


def every_child(s: Scene) -> Sequence[str]:
    return tuple(s.after.children)


def the_child(s: Scene) -> Sequence[str]:
    return (s.event.payload["child"],)


def the_children(s: Scene) -> Sequence[str]:
    return tuple(s.event.payload["children"])


def those_of_the_conference(s: Scene) -> Sequence[str]:
    """All whom the conference is about; one, where the entry names one."""
    if s.event.payload.get("child"):
        return (s.event.payload["child"],)
    conference = s.event.payload.get("conference") or s.event.payload.get("id", "")
    known = s.after.conferences.get(conference)
    return known.children if known is not None else tuple(s.after.children)


def those_of_the_action(s: Scene) -> Sequence[str]:
    return s.after.key_actions[s.event.payload["id"]].children


def those_of_the_route(s: Scene) -> Sequence[str]:
    return s.after.routes[s.event.payload["id"]].children


def those_of_the_offer(s: Scene) -> Sequence[str]:
    """Whom the step was about of which a concern was offered."""
    kind, _, of = str(s.event.payload["offer"]).partition(":")
    match kind:
        case "cancelled" | "discussion":
            return s.after.conferences[of].children
        case "not done":
            return s.after.key_actions[of].children
        case "not accepted":
            return next(one.children for one in s.after.not_accepted if one.id == of)
        case "check":
            return [c.id for c in s.after.children.values() if any(check.id == of for check in c.checks)]
        case _:
            return _of_the_duty(s, of)


def those_of_the_date(s: Scene) -> Sequence[str]:
    return _of_the_duty(s, s.event.payload["duty"])


def _of_the_duty(s: Scene, key: str) -> Sequence[str]:
    """By what is owed, and not by the subject alone: a check may have the number of a child."""
    duty = next((d for d in agenda(s.rules, s.after) if d.key == key), None)
    if duty is not None:
        return whom_it_is_about(s.after, duty)
    must, subject = _parts(key)
    is_of_a_child = s.rules.protocol.milestone(must) is not None and subject in s.after.children
    return (subject,) if is_of_a_child else tuple(s.after.children)


def whom_it_is_about(state: State, duty: Duty) -> Sequence[str]:
    """The children for whom something is owed."""
    every = tuple(state.children)
    match duty.must:
        case CycleMust.DO_WHAT_FOLLOWS:
            return [c.id for c in state.children.values() if any(check.id == duty.subject for check in c.checks)]
        case CycleMust.TAKE_UP:
            return [child for one in state.not_accepted if one.id == duty.subject for child in one.children]
        case CycleMust.DECIDE_ON_IT | CycleMust.RECONVENE:
            return state.routes[duty.subject].children
        case CycleMust.END:
            return every
        case _ if duty.subject in state.key_actions:
            return state.key_actions[duty.subject].children
        case _ if duty.subject in state.conferences:
            return state.conferences[duty.subject].children
        case _:
            return (duty.subject,) if duty.subject in state.children else every
