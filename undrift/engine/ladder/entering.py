"""What a stage asks of whoever brings a concern to it, by raising it there or by moving it on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from undrift.engine.dates.due import due, due_if_counted, working_days_if_counted
from undrift.engine.dates.horizons import too_far_ahead, too_long_ago
from undrift.engine.drafts import Draft, iso
from undrift.engine.ladder import acts
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.written import written
from undrift.protocol.clocks import Agreed, Clock, Counted, say
from undrift.protocol.model import Stage

NOT_REACHED = "could not reach"  # how a conversation went that was tried and not held


def spoken_of(
    talk: acts.Conversation | None, today: date, entry: int = 0, at_risk: Iterable[str] = ()
) -> tuple[Draft, ...]:
    """`entry` is the number of the risk after which it was asked whether the children, those `at_risk`, are safe."""
    if talk is None:
        return ()
    left = [] if talk.safe is None else [child for child in at_risk if child not in talk.safe]
    payload: dict[str, Any] = {
        "with": talk.to,
        "with_name": talk.name,
        "how": talk.how,
        "on": iso(talk.on or today),
        "note": talk.note,
        **({"entry": entry} if entry else {}),
        **({"not_safe": left} if left else {}),
    }
    return (("spoke", payload),)


def talk_refused(talk: acts.Conversation, today: date) -> Refusal | None:
    """What a conversation has to say for itself: how, when, and why somebody could not be reached."""
    if not written(talk.how):
        return Refusal("how-spoken", "Select how you spoke", about="spoke")
    if talk.on is not None and talk.on > today:
        return Refusal("spoken-later", "The date of the conversation must be today or earlier", about="spoke")
    if too_long := too_long_ago(talk.on, today):
        return Refusal("spoken-long-ago", too_long, about="spoke")
    if talk.how == NOT_REACHED and not written(talk.note):
        return Refusal("not-reached", "Enter how you tried, and why they could not be reached", about="spoke")
    return None


def began(talk: acts.Conversation | None, happened: date | None, today: date) -> date:
    """The day from which a stage that begins with a talk counts: of the talk, not of the typing."""
    return min(filter(None, (talk.on if talk and talk.how != NOT_REACHED else None, happened, today)))


def conversation_refused(
    rules: Rules, stage: Stage, talk: acts.Conversation | None, excused: bool, today: date
) -> Refusal | None:
    first = stage.speak_first
    if talk is not None:
        return talk_refused(talk, today) or starts_too_early(rules, stage, talk, today)
    if first is None or not first.required or excused:
        return None  # an immediate risk never waits for a conversation
    who = rules.protocol.title_of(first.to)
    return Refusal("speak-first", f"Contact the {who} first, and say how", first.clause or stage.clause, "spoke")


def happened_refused(rules: Rules, stage: Stage, happened: date | None, today: date) -> Refusal | None:
    """Only an informal talk is recorded afterwards: what is sent at a formal stage begins when it is sent."""
    if happened is None or happened == today:
        return None
    if happened > today:
        return Refusal("happened-later", "The date must be today or earlier", about="happened")
    if stage.formality == "formal":
        sentence = f"{stage.title} begins today, when it is sent. The date must be today"
        return Refusal("happened-formal", sentence, stage.clause, "happened")
    return _backdated_too_far(rules, happened, today, "happened-long-ago", "happened")


def starts_too_early(rules: Rules, stage: Stage, talk: acts.Conversation | None, today: date) -> Refusal | None:
    """A talk from which the time at a stage counts is recorded soon, as what happened is."""
    starts = stage.answer is not None and stage.answer.of == "spoke"
    if not starts or talk is None or talk.on is None or talk.how == NOT_REACHED:
        return None
    return _backdated_too_far(rules, talk.on, today, "spoken-long-ago", "spoke")


def _backdated_too_far(rules: Rules, day: date, today: date, code: str, about: str) -> Refusal | None:
    ago = working_days_if_counted(day, today, rules.calendar)
    if ago is None:
        ago = (today - day).days
    if ago <= rules.backdate_at_most:
        return None
    return Refusal(code, f"The date must be within the last {rules.backdate_at_most} working days", about=about)


def asked_by_refused(
    rules: Rules, stage: Stage, asked: date | None, date_set: date | None, began: date, today: date
) -> Refusal | None:
    """A courtesy lies before the date that counts."""
    if asked is not None and asked < today:
        return Refusal("asked-past", "The date you ask for must be today or later", about="asked_by")
    if asked is None or stage.answer is None:
        return None
    clock = rules.counted(stage.answer.within)
    start = began if stage.answer.of == "spoke" else today
    last = due_if_counted(clock, start, rules.calendar, bare_days=rules.bare_days, agreed=date_set).date
    if last is not None and asked > last:
        by = f"{last.day} {last:%B %Y}"
        return Refusal("asked-late", f"The date you ask for must be {by}, when it is due, or earlier", about="asked_by")
    if too_far := too_far_ahead(asked, today):
        return Refusal("asked-far", too_far, about="asked_by")
    return None


def date_refused(rules: Rules, stage: Stage, day: date | None, began: date, today: date) -> Refusal | None:
    """The agreed date where the clock is agreed; the chair's own date where the policy lets the chair set it.

    What was agreed in a talk is counted from the talk, and may be past by the time it is typed.
    """
    asked = stage.answer
    if asked is None:
        return None
    clock: Clock | None = rules.counted(asked.within)
    if isinstance(clock, Agreed):
        if day is None:
            return Refusal("no-date", "Enter a date by which this will be done", asked.clause or stage.clause, "date")
        clock = clock.longest
    elif day is None:
        return None
    elif not stage.chair_sets_date:
        return Refusal(
            "date-not-yours",
            f"The policy sets the time here: {say(asked.within)}",
            asked.clause or stage.clause,
            "date",
        )
    first = began if asked.of == "spoke" else today
    if day < first:
        which = "today or later" if first == today else f"on or after the day you spoke, {first.day} {first:%B %Y}"
        return Refusal("date-past", f"The date must be {which}", asked.clause or stage.clause, "date")
    if too_far := too_far_ahead(day, today):
        return Refusal("date-far", too_far, asked.clause or stage.clause, "date")
    if isinstance(clock, Counted):
        last = due(clock, first, rules.calendar, bare_days=rules.bare_days)
        if last.date is not None and day > last.date:
            longest = f"{last.date.day} {last.date:%B %Y}"
            return Refusal(
                "date-too-late",
                f"The policy allows at most {say(clock)}: {longest} at the latest",
                asked.clause or stage.clause,
                "date",
            )
    return None


def risk_denied(rules: Rules, grounds: Iterable[str], at_risk: bool) -> Refusal | None:
    """A reason that says that a child is at immediate risk, and the answer that none is: one of them is wrong."""
    said = (g for code in grounds if rules.protocol.tells_of_risk(code) and (g := rules.protocol.ground(code)))
    ground = None if at_risk else next(said, None)
    if ground is None:
        return None
    sentence = f"You chose the reason “{ground.title}”, and that no child is at immediate risk now. Choose yes here, "
    return Refusal("risk-denied", f"{sentence}or take the reason away", ground.clause, "risk")


def not_set_out(stage: Stage, ask: str, completion: date | None, at_risk: bool, today: date) -> Refusal | None:
    """What the policy wants the sender to write. An immediate risk never waits for it."""
    if completion is not None and completion < today:
        return Refusal("completion-past", "The date of completion must be today or later", stage.clause, "completion")
    if too_far := too_far_ahead(completion, today):
        return Refusal("completion-far", too_far, stage.clause, "completion")
    if at_risk:
        return None
    if "ask" in stage.sets_out and not written(ask):
        return Refusal("no-ask", "Enter what action is required", stage.clause, "ask")
    if "completion" in stage.sets_out and completion is None:
        return Refusal("no-completion", "Enter the date by which it has to be completed", stage.clause, "completion")
    return None
