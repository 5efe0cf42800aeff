"""Each of the twelve families stands where its journey starts, whatever day of the year today is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from undrift.access.fetching import NotFound, fetch_child
from undrift.access.rows import children_visible_to
from undrift.children.ages import age_text
from undrift.children.models import Conference, KeyAction, MidpointCheck, Plan
from undrift.demo import stories
from undrift.demo.days import moment
from undrift.demo.stories import Demonstration
from undrift.engine.duties import Duty, days_late, days_left
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.standing import WAITING_FOR_CHAIR, WAITING_FOR_RESPONSE, standing
from undrift.engine.ladder.state import State
from undrift.engine.next_step import NextStep
from undrift.engine.rules import Rules
from undrift.record.adopted import rules_of
from undrift.record.history import state_of
from undrift.record.models import Notice
from undrift.record.sweep import sweep
from undrift.record.verify import verify
from undrift.record.who_plays import context_for
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

DAYS = {
    "a Wednesday": date(2026, 5, 6),
    "a Saturday": date(2026, 5, 9),
    "a Sunday after Christmas": date(2026, 12, 27),
    "a Saturday after New Year": date(2027, 1, 2),
    "Good Friday": date(2026, 4, 3),
    "a Monday in autumn, as the clocks have changed": date(2026, 10, 26),
}


@dataclass(frozen=True)
class Seen:
    """A family's resolution at nine in the morning."""

    resolution: Resolution
    rules: Rules
    state: State
    now: datetime

    @property
    def step(self) -> NextStep:
        return standing(self.rules, self.state, self.now)

    def late(self, key: str) -> int:
        """How many working days a duty is late."""
        return days_late(self._duty(key), self.now, self.rules)

    def left(self, key: str) -> int | None:
        return days_left(self._duty(key), self.now, self.rules)

    def _duty(self, key: str) -> Duty:
        return next(d for d in agenda(self.rules, self.state, self.now) if d.key == key)


def look(demo: Demonstration, family: str) -> Seen:
    resolution = demo.case(family)
    return Seen(resolution, rules_of(resolution), state_of(resolution), moment(demo.days.today, "09:00"))


def heron(seen: Seen) -> None:
    assert seen.state.here.stage == "informal"
    assert (seen.step.tag, seen.step.must) == (WAITING_FOR_CHAIR, "decide what next")
    assert seen.late("1:settle:team-manager") == 1
    assert [a.status for a in seen.state.actions.values()] == ["agreed", "agreed"]


def wren_ash(seen: Seen) -> None:
    assert seen.state.here.stage == "stage-1"
    assert (seen.step.tag, seen.step.who) == (WAITING_FOR_RESPONSE, "team-manager")
    assert seen.left("1:respond:team-manager") == 1


def linnet(seen: Seen) -> None:
    assert seen.state.here.stage == "stage-1"
    assert seen.step.tag == WAITING_FOR_CHAIR
    answer = seen.state.here.answer
    assert answer is not None
    assert answer.obstacles == ("capacity",)
    assert answer.agree == "agree in part"
    assert [bool(action.get("by")) for action in answer.actions] == [True]
    assert answer.approved_by is not None
    assert answer.approved_by.name == "Denise Harkaway"
    assert len(seen.state.children) == 2


def rowan(seen: Seen) -> None:
    assert seen.state.here.stage == "stage-1"
    assert (seen.step.tag, seen.step.must) == (WAITING_FOR_CHAIR, "decide what next")
    assert seen.late("1:respond:team-manager") == 2
    assert next(iter(seen.state.lapses)) == "1:respond:team-manager"
    assert len(seen.state.children) == 4


def plover(seen: Seen) -> None:
    assert seen.state.here.stage == "informal"
    assert (seen.step.tag, seen.step.who) == (WAITING_FOR_CHAIR, "chair")
    assert seen.late("1:settle:front-line-manager") == 2
    assert seen.resolution.responsible_agency is not None
    assert seen.resolution.responsible_agency.name == "Moorland Health Trust"


def bramble(seen: Seen) -> None:
    assert (seen.step.tag, seen.step.who) == (WAITING_FOR_CHAIR, "chair"), "an action is late: her turn"
    statuses = [a.status for a in seen.state.actions.values()]
    assert statuses == ["complete", "complete", "complete", "in progress", "in progress"]
    assert seen.late("action:a4") == 2
    assert seen.left("action:a5") == 1


def curlew(seen: Seen) -> None:
    assert [visit.stage for visit in seen.state.visits] == ["stage-2", "stage-3", "stage-4", "stage-5"]
    answer = seen.state.here.answer
    assert answer is not None
    assert answer.by.name == "Angela Mirfield"
    assert answer.consider == {"wider-partnership": True}
    assert seen.step.tag == WAITING_FOR_CHAIR


STATES: dict[str, Callable[[Seen], None]] = {
    "Heron": heron,
    "Wren-Ash": wren_ash,
    "Linnet": linnet,
    "Rowan": rowan,
    "Plover": plover,
    "Bramble": bramble,
    "Curlew": curlew,
}


@pytest.mark.parametrize("today", DAYS.values(), ids=DAYS.keys())
def test_each_family_stands_where_its_journey_starts(db: None, today: date) -> None:
    demo = stories.load(today)
    for family, stands in STATES.items():
        stands(look(demo, family))
    about_conferences(demo)


def about_conferences(demo: Demonstration) -> None:
    """What the families with nothing raised have on file."""
    homes, today = demo.homes, demo.days.today
    for family in ("Alder", "Sorrel", "Hazel", "Aspen", "Teal", "Fern"):
        assert not Resolution.objects.filter(family=homes[family].family).exists()
    alder = Conference.objects.filter(family=homes["Alder"].family, held_on__isnull=False).order_by("held_on").last()
    assert alder is not None
    assert alder.held_on == moment(demo.days.day(0), "08:30")
    (aspen,) = Conference.objects.filter(family=homes["Aspen"].family)
    assert (aspen.kind, aspen.held_on) == ("initial", None)
    assert aspen.planned_for is not None
    assert aspen.planned_for.date() >= today + timedelta(days=7 - today.weekday())
    assert not Plan.objects.filter(child__in=homes["Aspen"].children).exists()
    chair, invited = demo.people["Grace Ollerton"], demo.people["Hannah Quill"]
    now = moment(demo.days.today, "10:00")
    context = context_for(homes["Aspen"].children, now)
    assert (context.chair, context.social_worker) == (chair, invited)
    assert context.team is not None
    for person in (chair, invited):
        assert set(homes["Aspen"].children) <= set(children_visible_to(person, now))
    teal = MidpointCheck.objects.filter(plan__child__in=homes["Teal"].children, done_at=None)
    assert {check.due for check in teal} == {demo.days.or_next_working_day(today)}
    (action,) = KeyAction.objects.filter(family=homes["Plover"].family)
    assert (action.status, action.who) == ("waiting", demo.people["Elias Thornby"])
    assert action.feedback_due < today


def test_the_children_are_as_old_as_their_stories_say(twelve: Demonstration) -> None:
    ages = {
        child.first_name: age_text(child.date_of_birth, None, twelve.days.today)
        for home in twelve.homes.found.values()
        for child in home.children
    }
    assert ages == {
        "Maya": "9", "Jude": "6", "Noor": "3", "Tyler": "13", "Lily": "7", "Amara": "4", "Zion": "2 months",
        "Ella": "11", "Sam": "8", "Poppy": "5", "Finn": "1", "Kai": "2", "Aisha": "15", "Leo": "7", "Ada": "7",
        "Ruby": "10", "Nia": "3", "Isaac": "8 weeks", "Jacob": "12", "Miriam": "10", "Dylan": "16", "Robin": "8",
    }  # fmt: skip


def test_nobody_but_those_named_sees_the_fern_child(twelve: Demonstration) -> None:
    robin = twelve.homes["Fern"].child["Robin"]
    assert fetch_child(robin.public_id, twelve.people["Imran Dastgir"]) == robin
    with pytest.raises(NotFound):
        fetch_child(robin.public_id, twelve.people["Grace Ollerton"])
    with pytest.raises(NotFound):
        fetch_child(robin.public_id, twelve.people["Farah Lindley"])


def test_a_worker_that_starts_has_nothing_to_send_and_nothing_to_record(twelve: Demonstration) -> None:
    assert not Notice.objects.filter(sent_at=None).exists()
    assert sweep(moment(twelve.days.today, "09:00")) == 0


def test_the_record_is_whole(twelve: Demonstration) -> None:
    assert verify() == []
    assert rebuild(write=False) == []


def test_everybody_signs_in_with_the_one_password(twelve: Demonstration) -> None:
    assert twelve.people["Grace Ollerton"].__class__.objects.get(name="Grace Ollerton").check_password(stories.PASSWORD)
