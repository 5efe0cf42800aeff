"""A working day in both organisations, each state reached by acts of the cast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.children.models import Conference, KeyAction, MidpointCheck, Voice
from undrift.engine.ladder import acts
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import Done, perform
from undrift.resolutions.models import Resolution

THURSDAY = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)  # seven working days before 12 May, past a bank holiday
LONG_AGO = datetime(2026, 4, 22, 9, 0, tzinfo=UTC)  # what is asked then is due on 1 May
A_DAY = timedelta(days=1)


def unanswered(cast: Cast) -> Resolution:
    """The Rowans at stage 1: nobody has answered by Friday 1 May."""
    return reached.stage_one(cast, "Ella", "Sam", "Poppy", "Finn", at=LONG_AGO).resolution


def response_in(cast: Cast) -> Resolution:
    """The Linnets at stage 1: answered and approved on 5 May."""
    found = reached.stage_one(cast, "Amara", "Zion", at=THURSDAY).resolution
    reached.answered(cast, found, NOW - A_DAY)
    return found


def informal_date_passed(cast: Cast) -> Resolution:
    """Tyler Heron: settled informally by 5 May, and the day has passed."""
    return reached.informal(cast, "Tyler", at=THURSDAY, agreed=date(2026, 5, 5)).resolution


def sent_back(cast: Cast, at: datetime = THURSDAY) -> Resolution:
    """The Alders: the draft came back to Priya Nairn."""
    found = reached.stage_one(cast, at=at).resolution
    reached.drafted(cast, found, at + A_DAY)
    perform(acts.SendBack("Give a date for the core group."), resolution=found, by=cast.person("Denise"), at=at + A_DAY)
    return found


def to_approve(cast: Cast) -> Resolution:
    found = reached.stage_one(cast, "Noor", at=THURSDAY).resolution
    reached.drafted(cast, found, THURSDAY + A_DAY)
    return found


def at_risk(cast: Cast, at: datetime = NOW) -> Done:
    """Kai Sorrel at stage 2: an immediate risk, acted on."""
    act = acts.Raise(
        stage="stage-2",
        children=tuple(reached.children_of(cast, "Kai")),
        grounds=("RISK-NOW", "SAFETY-PLAN"),
        concern="There is an adult in the home whom the plan does not know.",
        ask="A safety plan today.",
        why_this_stage="Immediate risk.",
        risk=acts.Risk("Strategy discussion held with Priya Nairn; Kai is at his grandmother's tonight."),
    )
    return perform(act, by=cast.person("Grace"), at=at, context=context_for([cast.child("Kai")], at))


def with_actions(cast: Cast) -> Resolution:
    """Agreed, with an action of Dev Marchetti's that is late and one of Hannah Quill's that is done."""
    at = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
    found = reached.stage_one(cast, "Maya", "Jude", at=at).resolution
    dev, hannah = cast.person("Dev"), cast.person("Hannah")
    answer = acts.Respond(
        agree="agree",
        text="Two actions and their days.",
        actions=(
            acts.ActionAsked("Write up the two visits", "Dev Marchetti", date(2026, 5, 1), person=str(dev.pk)),
            acts.ActionAsked("Share the report three days before", "Hannah Quill", date(2026, 5, 20), str(hannah.pk)),
        ),
    )
    perform(answer, resolution=found, by=cast.person("Priya"), at=at + A_DAY)
    perform(acts.Approve(), resolution=found, by=cast.person("Denise"), at=at + A_DAY)
    reached.judged(cast, found, at + 2 * A_DAY)
    perform(acts.FinishAction("a2", date(2026, 5, 5), "It came on time."), resolution=found, by=hannah, at=NOW - A_DAY)
    return found


def starred(cast: Cast, at: datetime = THURSDAY, completion: date = date(2026, 5, 29)) -> Resolution:
    """Aisha Plover, Northmoor: a starred recommendation to Moorland Health."""
    act = acts.Raise(
        stage="starred",
        children=tuple(reached.children_of(cast, "Aisha")),
        grounds=("SPECIALIST",),
        concern="The first appointment agreed at the conference has not been offered.",
        ask="Offer the first appointment.",
        agency=str(cast.agency("Moorland Health Trust").pk),
        recommendation="CAMHS to offer a first appointment.",
        completion=completion,
    )
    return perform(act, by=cast.person("Rosalind"), at=at, context=context_for([cast.child("Aisha")], at)).resolution


def key_action_overdue(cast: Cast) -> KeyAction:
    family = cast.family("Plover")
    found = KeyAction.objects.create(
        authority=family.authority, family=family, wording="CAMHS to offer a first appointment",
        agency=cast.agency("Moorland Health Trust"), who=cast.person("Elias"), feedback_due=date(2026, 4, 24),
    )  # fmt: skip
    found.children.add(cast.child("Aisha"))
    return found


def plan_cycle(cast: Cast) -> None:
    """A conference this Friday, a midway check due today, and what Maya said."""
    family = cast.family("Alder")
    Conference.objects.create(
        authority=family.authority, family=family, reference="C-2026-0210", kind="review",
        planned_for=datetime(2026, 5, 8, 9, 30, tzinfo=UTC), chair=cast.person("Grace"),
    )  # fmt: skip
    MidpointCheck.objects.create(authority=family.authority, plan=cast.plan("Tyler"), due=NOW.date())
    Voice.objects.create(
        authority=family.authority, child=cast.child("Maya"),
        heard_on=date(2026, 4, 14), heard_by=cast.person("Hannah"),
        text="She says that evenings are quieter now. She would like to know who comes to the meetings.",
    )  # fmt: skip


def busy_day(cast: Cast) -> None:
    for make in (unanswered, response_in, informal_date_passed, sent_back, to_approve, with_actions):
        make(cast)
    at_risk(cast)
    plan_cycle(cast)
