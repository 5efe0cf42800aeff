"""What a stage asks of whoever brings a concern to it, by raising it there or by moving it on."""

from __future__ import annotations

from datetime import date, datetime

from undrift.engine.dates.due import due, working_days_between
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import Draft, iso
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Agreed, Clock, Counted, say
from undrift.protocol.model import Stage


def spoken_of(talk: acts.Conversation | None, today: date) -> tuple[Draft, ...]:
    if talk is None:
        return ()
    payload = {
        "with": talk.to,
        "with_name": talk.name,
        "how": talk.how,
        "on": iso(talk.on or today),
        "note": talk.note,
    }
    return (("spoke", payload),)


def conversation_refused(
    rules: Rules, stage: Stage, talk: acts.Conversation | None, excused: bool, today: date
) -> Refusal | None:
    first = stage.speak_first
    if talk is not None:
        if not talk.how.strip():
            return Refusal("how-spoken", "Select how you spoke", about="spoke")
        if talk.on is not None and talk.on > today:
            return Refusal("spoken-later", "The date of the conversation must be today or earlier", about="spoke")
        return None
    if first is None or not first.required or excused:
        return None  # an immediate risk never waits for a conversation
    who = rules.protocol.title_of(first.to)
    return Refusal("speak-first", f"Contact the {who} first, and say how", first.clause or stage.clause, "spoke")


def happened_refused(rules: Rules, happened: date | None, today: date) -> Refusal | None:
    if happened is None or happened == today:
        return None
    if happened > today:
        return Refusal("happened-later", "The date must be today or earlier", about="happened")
    if working_days_between(happened, today, rules.calendar) > rules.backdate_at_most:
        back = rules.backdate_at_most
        return Refusal("happened-long-ago", f"The date must be within the last {back} working days", about="happened")
    return None


def asked_by_refused(asked: date | None, today: date) -> Refusal | None:
    if asked is not None and asked < today:
        return Refusal("asked-past", "The date you ask for must be today or later", about="asked_by")
    return None


def date_refused(rules: Rules, stage: Stage, day: date | None, at: datetime) -> Refusal | None:
    """The agreed date where the clock is agreed; the chair's own date where the policy lets the chair set it."""
    asked, today = stage.answer, london_date(at)
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
    if day <= today:
        return Refusal("date-past", "The date must be after today", asked.clause or stage.clause, "date")
    if isinstance(clock, Counted):
        last = due(clock, at, rules.calendar, bare_days=rules.bare_days)
        if last.date is not None and day > last.date:
            longest = f"{last.date.day} {last.date:%B %Y}"
            return Refusal(
                "date-too-late",
                f"The policy allows at most {say(clock)}: {longest} at the latest",
                asked.clause or stage.clause,
                "date",
            )
    return None


def not_set_out(stage: Stage, ask: str, completion: date | None, at_risk: bool, today: date) -> Refusal | None:
    """What the policy wants the sender to write. An immediate risk never waits for it."""
    if completion is not None and completion < today:
        return Refusal("completion-past", "The date of completion must be today or later", stage.clause, "completion")
    if at_risk:
        return None
    if "ask" in stage.sets_out and not ask.strip():
        return Refusal("no-ask", "Enter what action is required", stage.clause, "ask")
    if "completion" in stage.sets_out and completion is None:
        return Refusal("no-completion", "Enter the date by which it has to be completed", stage.clause, "completion")
    return None
