"""The resolutions that the seeding copies: an invented council's, each reached by performing acts, 15 events long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from undrift.children.models import Child, Family
from undrift.demo.organisations import ChildFacts, Organisation, build_westmarch, settle_family
from undrift.engine.ladder import acts
from undrift.library import load
from undrift.people.models import Person
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

EVENTS = 15
WEEKS = 5  # how long ago the oldest was raised, so that due dates lie on both sides of now

# Family, chair, social worker, team.
FAMILIES = (
    ("Alder", "Grace Ollerton", "Hannah Quill", "North"),
    ("Rowan", "Bethan Pryce-Marlow", "Kofi Ansell", "South"),
    ("Linnet", "Tomasz Wrenfield", "Ruth Pemberly", "Central"),
)
# Somebody whose own list stays as long as it is, however much there is beside it.
STEADY = ("Heron", "Imran Dastgir", "Dev Marchetti", "North")
SPOKEN = acts.Conversation(how="phone", to="team-manager", note="The report is still not written.")


@dataclass(frozen=True)
class Patterns:
    """What was made: `shared` to be copied as often as wished, `steady` a fixed number of times."""

    built: Organisation
    shared: tuple[Resolution, ...]
    steady: tuple[Resolution, ...]


def make(
    now: datetime | None = None, *, of_each: int = WEEKS, families: Sequence[tuple[str, str, str, str]] = FAMILIES
) -> Patterns:
    """An empty database's council with its patterns: each state, for each family, raised `of_each` weeks running."""
    now = now or timezone.now()
    built = build_westmarch(now.date(), version=load("walsall").head.version)
    settled = [_family(built, now.date(), *facts) for facts in families]
    moments = [now - timedelta(weeks=WEEKS - week, minutes=7 * week) for week in range(of_each)]
    return Patterns(
        built,
        tuple(reach(family, at) for family in settled for at in moments for reach in REACHED),
        tuple(reach(_family(built, now.date(), *STEADY), moments[-1]) for reach in REACHED),
    )


def _family(built: Organisation, today: date, name: str, chair: str, social_worker: str, team: str) -> Family:
    return settle_family(
        built,
        name,
        [
            ChildFacts(first_name="Maya", born=date(today.year - 9, 9, 3), sex="F", reviews_held=1),
            ChildFacts(first_name="Jude", born=date(today.year - 6, 11, 20), sex="M", reviews_held=1),
        ],
        plan_starts=today - timedelta(weeks=30),
        chair=chair,
        social_worker=social_worker,
        team=team,
    )


class Story:
    """One resolution while its acts are performed, a few hours apart, each by whose turn it is."""

    def __init__(self, family: Family, at: datetime) -> None:
        self.at = at
        self.children = list(Child.objects.filter(family=family).order_by("pk"))
        context = context_for(self.children, at)
        assert context.chair is not None
        self.chair: Person = context.chair
        self.resolution = perform(_raise(self.children), by=self.chair, at=at, context=context).resolution

    def act(self, act: acts.Act, by: Person | None = None) -> Story:
        self.at += timedelta(hours=3)
        by = by or Resolution.objects.select_related("next_person").get(pk=self.resolution.pk).next_person
        perform(act, resolution=self.resolution, by=by, at=self.at)
        return self

    def to_the_end(self) -> Resolution:
        """Notes until the history is as long as every other."""
        self.resolution.refresh_from_db()
        for number in range(EVENTS - self.resolution.last_seq):
            self.act(acts.Note(f"Rang the team about point {number + 1}. They will look at it this week."), self.chair)
        self.resolution.refresh_from_db()
        assert self.resolution.last_seq == EVENTS, f"{self.resolution} has {self.resolution.last_seq} events."
        return self.resolution


def _raise(children: Sequence[Child]) -> acts.Raise:
    return acts.Raise(
        stage="stage-1",
        children=tuple(_impacts(children)),
        grounds=("NO-PROGRESS",),
        concern="Nothing has moved since the last conference. Two core groups were not held, and no visit is on file.",
        ask="Say what will change for each child, and by when.",
        why_this_stage="It was spoken about twice already.",
        spoke=SPOKEN,
    )


def _impacts(children: Sequence[Child]) -> list[acts.ChildConcern]:
    return [
        acts.ChildConcern(str(c.pk), f"{c.called} has waited for months and says nobody comes.", c.called)
        for c in children
    ]


def answer(text: str, at: datetime | None = None) -> acts.Respond:
    """With an action that is to be done two weeks after it is written."""
    by = (at or timezone.now()).date() + timedelta(days=14)
    action = acts.ActionAsked("Hold the two core groups that were missed", "Team Manager", by)
    return acts.Respond(agree="agree", text=text, actions=(action,))


def at_stage_two(family: Family, at: datetime) -> Story:
    """Answered at stage 1 once sent back, not agreed for one child, and moved on."""
    story = Story(family, at)
    story.act(answer("Core groups move to Thursdays.", at)).act(acts.SendBack("Say by when."))
    responder = Resolution.objects.select_related("next_person").get(pk=story.resolution.pk).next_person
    story.act(answer("Core groups move to Thursdays from next week.", at), responder).act(acts.Approve())
    one, *others = story.children
    verdict = {str(one.pk): False, **{str(c.pk): True for c in others}}
    story.act(acts.Judge(verdict, "The core groups have dates; the visits have none."), story.chair)
    different = "A date for the core groups is not a date for the visits."
    on = acts.MoveOn(to="stage-2", because="not accepted", different=different, ask="Dates for visits.", spoke=SPOKEN)
    return story.act(on, story.chair)


def waiting_for_response(family: Family, at: datetime) -> Resolution:
    return at_stage_two(family, at).to_the_end()


def waiting_for_approval(family: Family, at: datetime) -> Resolution:
    return at_stage_two(family, at).act(answer("Visits are booked every ten days.", at)).to_the_end()


def waiting_for_chair(family: Family, at: datetime) -> Resolution:
    story = at_stage_two(family, at).act(answer("Visits are booked every ten days.", at))
    return story.act(acts.Approve()).to_the_end()


def actions_in_progress(family: Family, at: datetime) -> Resolution:
    story = at_stage_two(family, at).act(answer("Visits are booked every ten days.", at)).act(acts.Approve())
    # Of the others it is settled since stage 1: what is settled is not asked again.
    return story.act(acts.Judge({str(story.children[0].pk): True}), story.chair).to_the_end()


REACHED = (waiting_for_response, waiting_for_approval, waiting_for_chair, actions_in_progress)
