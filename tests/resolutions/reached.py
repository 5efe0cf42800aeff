"""Resolutions in the states that tests start from, each reached by acts of the cast."""

from datetime import date, datetime, timedelta

from tests.cast import NOW, Cast
from undrift.engine.ladder import acts
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import Done, perform
from undrift.resolutions.models import Resolution

IMPACT = "has waited for months."
CONCERN = "Nothing has moved since the last conference."
ASK = "Say what will change, and by when."
WHY_THIS_STAGE = "It was spoken about twice already."
REASON = "Nothing has a date."
SPOKE = acts.Conversation(how="phone", to="team-manager", name="Priya Nairn")
ANSWER = acts.Respond(agree="agree", text="The report goes out five days before each conference.")


def children_of(cast: Cast, *names: str) -> list[acts.ChildConcern]:
    return [acts.ChildConcern(str(cast.child(name).pk), f"{name} {IMPACT}", name) for name in names]


def stage_one(cast: Cast, *names: str, at: datetime = NOW, by: str = "Grace", risk: acts.Risk | None = None) -> Done:
    """Raised at stage 1 by the chair; the Team Manager has to respond."""
    names = names or ("Maya", "Jude")
    act = acts.Raise(
        stage="stage-1",
        children=tuple(children_of(cast, *names)),
        grounds=("NO-PROGRESS",),
        concern=CONCERN,
        ask=ASK,
        why_this_stage=WHY_THIS_STAGE,
        spoke=SPOKE,
        risk=risk,
    )
    context = context_for([cast.child(name) for name in names], at)
    return perform(act, by=cast.person(by), at=at, context=context)


def informal(cast: Cast, *names: str, at: datetime = NOW, agreed: date | None = None) -> Done:
    """Agreed with the Team Manager in a conversation."""
    names = names or ("Maya",)
    act = acts.Raise(
        stage="informal",
        children=tuple(children_of(cast, *names)),
        grounds=("REPORT-LATE",),
        concern="The report came on the morning.",
        spoke=SPOKE,
        date=agreed or (at + timedelta(days=9)).date(),
    )
    return perform(act, by=cast.person("Grace"), at=at, context=context_for([cast.child(n) for n in names], at))


def drafted(cast: Cast, resolution: Resolution, at: datetime) -> Done:
    return perform(ANSWER, resolution=resolution, by=cast.person("Priya"), at=at)


def answered(cast: Cast, resolution: Resolution, at: datetime) -> Done:
    """Answered by the Team Manager and approved by the Group Manager."""
    drafted(cast, resolution, at)
    return perform(acts.Approve(), resolution=resolution, by=cast.person("Denise"), at=at)


def judged(cast: Cast, resolution: Resolution, at: datetime, settled: bool = True) -> Done:
    children = resolution.about.values_list("child_id", flat=True)
    act = acts.Judge({str(child): settled for child in children}, "" if settled else REASON)
    return perform(act, resolution=resolution, by=cast.person("Grace"), at=at)
