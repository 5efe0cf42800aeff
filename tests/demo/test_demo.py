"""The whole demonstration: what else is prepared, the shape of the year, and that it is the same each time."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import StringIO
from statistics import median
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.cast import TODAY
from undrift import library
from undrift.children.models import Child, Family, KeyAction, MidpointCheck, Plan, Voice
from undrift.children.plan_words import months_on_plan
from undrift.demo import names, staff
from undrift.demo.days import moment
from undrift.demo.demonstration import load
from undrift.demo.stories import Demonstration
from undrift.desks.cycle.ways import of_duty
from undrift.engine.dates.due import working_days_between
from undrift.engine.dates.moments import london_date
from undrift.engine.musts import CycleMust
from undrift.people.models import Agency, Cover, Person
from undrift.plan_cycle.good_practice import Making
from undrift.plan_cycle.periods import periods
from undrift.plan_cycle.queries import picture_of
from undrift.record.history import state_of
from undrift.record.models import Case, Duty, Event, GoodPracticeReport, Kind, Notice
from undrift.record.verify import verify
from undrift.resolutions.models import Resolution

# --- what else is prepared ------------------------------------------------------------------------------


@pytest.fixture
def small(db: None) -> Demonstration:
    return load(TODAY, small=True)


def test_one_answer_was_sent_back(small: Demonstration) -> None:
    case = small.case("Lapwing")
    answer = state_of(case).here.answer
    assert answer is not None
    assert "by when" in answer.sent_back
    assert case.next_person == small.people["Yasmin Okell"]


def test_one_email_has_failed_and_is_not_tried_again_today(small: Demonstration) -> None:
    (failed,) = Notice.objects.filter(sent_at=None)
    assert failed.case == small.case("Lapwing").case
    assert failed.attempts == 6
    assert "mailbox is full" in failed.last_error
    assert failed.next_attempt_at > moment(date(2027, 5, 5))


def test_one_is_twenty_two_working_days_old(small: Demonstration) -> None:
    case = small.case("Fieldfare")
    assert case.ended_at is None
    assert working_days_between(london_date(case.raised_at), TODAY, small.days.calendar) == 22


def test_one_was_withdrawn_and_one_closed_because_the_child_entered_care(small: Demonstration) -> None:
    assert small.case("Nuthatch").ending == "withdrawn"
    assert small.case("Larch").ending == "looked-after"
    assert not Plan.objects.filter(child__family__name="Larch", ends=None).exists()


def test_before_a_stage_somebody_is_reached_in_a_way_that_the_policy_names(small: Demonstration) -> None:
    """Walsall, stage one: preferably in person, but if not by email."""
    asked = {stage.id: stage.speak_first for stage in library.load("walsall").stages}
    seen = Counter[str]()
    for case in Resolution.objects.filter(protocol_id="walsall"):
        stage = case.first_stage
        for event in Event.objects.filter(case=case.pk, type__in=("spoke", "moved_on")).order_by("seq"):
            stage = event.payload.get("stage", stage)
            first = asked[stage]
            if event.type == "spoke" and first is not None and event.payload.get("with") == first.to:
                assert event.payload["how"] in first.prefer, (case.reference, stage)
                seen[stage] += 1
    assert seen.keys() == {"informal", "stage-1"}


def test_one_entry_is_struck_through(small: Demonstration) -> None:
    assert state_of(small.case("Dunnock")).corrected == {3}


def test_one_was_raised_on_the_thursday_before_a_bank_holiday(small: Demonstration) -> None:
    case = small.case("Sycamore")
    raised = london_date(case.raised_at)
    due = Duty.objects.get(case=case, key="1:respond:team-manager").due
    assert raised.strftime("%A") == "Thursday"
    assert due is not None
    # Seven working days over two weekends are 11 days; the Monday makes 12, and Good Friday at Easter 13.
    assert (due - raised).days in (12, 13)


def test_one_was_approved_by_who_covered_and_denise_is_at_work_today(small: Demonstration) -> None:
    approved = Event.objects.get(case=small.case("Redstart"), type="approved")
    assert (approved.by_name, approved.on_behalf_of_name) == ("Owen Tarrant", "Denise Harkaway")
    away = Cover.objects.filter(away__name="Denise Harkaway")
    assert not away.filter(starts__lte=TODAY, ends__gte=TODAY).exists()
    assert away.filter(starts__gt=TODAY).exists()


# --- the same each time ------------------------------------------------------------------------------


def contents() -> str:
    """A digest of every event with numbers of rows replaced by what they stand for."""
    named = {str(c.pk): f"{c.first_name} {c.last_name}" for c in Child.objects.all()}
    people = {str(p.pk): p.name for p in Person.objects.all()}

    def plain(value: Any, key: str = "") -> Any:
        match value:
            case dict():
                return {named.get(k, k): plain(v, k) for k, v in value.items()}
            case list():
                return [named.get(v, v) if isinstance(v, str) else plain(v) for v in value]
            case str() if key == "person":
                return people.get(value, value)
            case str() if key == "child":
                return named[value]
            case _:
                return "" if key == "agency" else value

    rows = [
        (e.case.reference, e.seq, e.type, e.happened_at.isoformat(), e.by_name, plain(e.payload))
        for e in Event.objects.select_related("case").order_by("case__reference", "seq")
    ]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def loaded_and_undone(**asked: Any) -> str:
    point = transaction.savepoint()
    load(TODAY, **asked)
    found = contents()
    transaction.savepoint_rollback(point)
    return found


def test_the_same_day_gives_the_same_stories(db: None) -> None:
    assert loaded_and_undone(small=True) == loaded_and_undone(small=True)


def test_a_second_load_does_nothing_and_says_so(small: Demonstration, settings: LazySettings) -> None:
    settings.DEMO = True
    before, out = Event.objects.count(), StringIO()
    call_command("load_demo", stdout=out)
    assert "loaded already" in out.getvalue()
    assert Event.objects.count() == before


def test_it_is_not_loaded_where_no_demonstration_is_meant(db: None, settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="UNDRIFT_DEMO=1"):
        call_command("load_demo")
    assert not Person.objects.exists()


def test_the_command_loads_it_and_says_how_to_sign_in(db: None, settings: LazySettings) -> None:
    settings.DEMO, out = True, StringIO()
    call_command("load_demo", "--small", "--today", "2026-05-06", stdout=out)
    assert "demo-only-password" in out.getvalue()
    assert Family.objects.filter(name="Rowan").exists()


# --- the year ------------------------------------------------------------------------------------------


def shares(found: Iterable[Any]) -> dict[Any, float]:
    counted = Counter(found)
    return {kind: 100 * count / counted.total() for kind, count in counted.items()}


def close(found: dict[Any, float], wanted: dict[Any, float], within: float) -> None:
    assert found.keys() == wanted.keys()
    for kind, share in wanted.items():
        assert abs(found[kind] - share) <= within, f"{kind}: {found[kind]:.1f} per cent, not {share}"


@pytest.mark.slow
def test_the_year_has_its_shape_and_nobody_in_it_is_real(db: None) -> None:
    """One load for all these claims: it is what takes long."""
    demo = load(TODAY)
    children_in_englands_proportions(demo)
    resolutions_in_the_usual_ones(demo)
    partnership(demo)
    plan_cycles(demo)
    good_practice(demo)
    nobody_is_real()
    only_the_failed_message_is_unsent()
    assert verify() == []


def children_in_englands_proportions(demo: Demonstration) -> None:
    plans = list(Plan.objects.filter(authority=demo.west.authority, ends=None).select_related("child"))
    assert len(plans) == 257  # and two of the Aspens, whose conference is next week
    families = {plan.child.family_id for plan in plans}
    assert len(families) == 136
    close(shares(p.latest_category for p in plans), {"NEG": 48, "EMO": 35, "PHY": 8, "MUL": 5, "SAB": 4}, 4)
    close(shares(map(age_band, plans)), {"unborn": 2, 0: 9, 1: 26, 5: 29, 10: 29, 16: 4}, 4)
    close(shares(map(months_band, plans)), {0: 31, 3: 26, 6: 26, 12: 14, 24: 2}, 4)
    second = sum(p.previous_plans > 0 for p in plans)
    assert 20 <= 100 * second / len(plans) <= 28


def age_band(plan: Plan) -> Any:
    born = plan.child.date_of_birth
    if born is None:
        return "unborn"
    return max(low for low in (0, 1, 5, 10, 16) if months_on_plan(born, None, TODAY) >= 12 * low)


def months_band(plan: Plan) -> int:
    return max(low for low in (0, 3, 6, 12, 24) if months_on_plan(plan.starts, None, TODAY) >= low)


def resolutions_in_the_usual_ones(demo: Demonstration) -> None:
    found = Resolution.objects.filter(authority=demo.west.authority)
    highest = Counter(found.values_list("highest_stage", flat=True))
    assert highest == {"informal": 124, "stage-1": 28, "stage-2": 9, "stage-3": 3, "stage-5": 1}
    assert Event.objects.filter(case__in=found, type="raised", payload__risk__isnull=False).count() == 7
    assert not Duty.objects.filter(must="ring", met_at=None, gone_at=None, due__lt=TODAY).exists()
    for stage, (least, most) in {"stage-1": (70, 86), "stage-2": (75, 95)}.items():
        answers = Duty.objects.filter(case__in=found, stage=stage, must="respond", met_at__isnull=False)
        in_time = [d.due_at is not None and d.met_at is not None and d.met_at <= d.due_at for d in answers]
        assert least <= 100 * sum(in_time) / len(in_time) <= most
    assert 8 <= median(days_until_agreed(demo)) <= 11
    done = [days_between(demo, r.raised_at, r.ended_at) for r in found.filter(ending="resolved")]
    assert 21 <= median(done) <= 28
    assert 15 <= repeats(found.order_by("raised_at", "pk")) <= 27
    grounds = shares(r.grounds[0] for r in found)
    assert grounds["DRIFT"] == max(grounds.values())
    assert 10 <= found.filter(ended_at=None).count() <= 40
    assert min(Counter(found.filter(ended_at=None).values_list("tag", flat=True)).values()) >= 1


def days_between(demo: Demonstration, start: Any, end: Any) -> int:
    return working_days_between(london_date(start), london_date(end), demo.days.calendar)


def days_until_agreed(demo: Demonstration) -> Iterator[int]:
    judged = Event.objects.filter(authority=demo.west.authority, type="judged").select_related("case__resolution")
    return (
        days_between(demo, e.case.resolution.raised_at, e.happened_at)
        for e in judged
        if all(e.payload["children"].values())
    )


def repeats(found: Iterable[Resolution]) -> int:
    """How many are about what was raised for the same family before."""
    before: set[tuple[int | None, str]] = set()
    again = 0
    for resolution in found:
        now = {(resolution.family_id, ground) for ground in resolution.grounds}
        again += bool(now & before)
        before |= now
    return again


def partnership(demo: Demonstration) -> None:
    councils = demo.north.authorities.values()
    found = Resolution.objects.filter(authority__in=councils)
    starred = found.exclude(highest_stage="informal")
    assert starred.count() >= 25
    assert len(set(starred.values_list("responsible_agency", flat=True))) >= 4
    assert 50 <= Plan.objects.filter(authority__in=councils, ends=None).count() <= 70
    assert KeyAction.objects.filter(status="done").exists()


def good_practice(demo: Demonstration) -> None:
    """One report was published, and there are notes to make the next one of."""
    report = GoodPracticeReport.objects.get()
    assert len(report.sentences) >= 3
    year, marcus = periods(TODAY)[-1], demo.people["Marcus Penhale"]
    assert len(Making(marcus, moment(TODAY), year.first, year.last).offered) >= 3


# A capital letter begins a sentence, or one of these.
NOT_NAMES = {
    "Baby", "CAMHS", "Dad", "Mum", "Gran", "Friday", "Fridays", "Monday", "Director", "Housing", "Health", "Police",
    "School", "Team", "Manager", "I", "IRO", "Westmarch", "Northmoor", "Mornings", "Hall",
}  # fmt: skip


def nobody_is_real() -> None:
    invented = {p.name for p in Person.objects.all()}
    known = {word for name in invented for word in name.split()} | NOT_NAMES
    known |= {n for of in names.FIRST.values() for n in of} | set(Child.objects.values_list("first_name", flat=True))
    known |= set(Family.objects.values_list("name", flat=True))
    known |= {word for name in Agency.objects.values_list("name", flat=True) for word in name.split()}
    for text in written():
        inside = re.findall(r"(?<![.:?!] )(?<!\n)(?<!^)\b[A-Z][\w-]*", text)
        strange = {word for word in inside if word not in known}
        assert not strange, f"{strange} in: {text}"
    assert {p.name for p in Person.objects.filter(name__in=[n for of in staff.MORE.values() for n in of])}
    from_stories = {"Alder", "Heron", "Wren-Ash", "Linnet", "Rowan", "Sorrel", "Plover", "Bramble", "Hazel", "Aspen",
                    "Teal", "Curlew", "Fern", "Lapwing", "Fieldfare", "Nuthatch", "Larch", "Dunnock", "Sycamore",
                    "Redstart"}  # fmt: skip
    birds_and_trees = {*names.BIRDS, *names.TREES, *from_stories}
    for family in Family.objects.values_list("name", flat=True):
        assert family in from_stories or set(family.split("-")) <= birds_and_trees, family
    for phone, email in Person.objects.values_list("phone", "email"):
        assert re.fullmatch(r"01632 960\d{3}", phone), phone
        assert email.endswith(".example"), email


def written() -> Iterator[str]:
    """Everything that somebody wrote."""
    yield from Voice.objects.values_list("text", flat=True)
    yield from MidpointCheck.objects.values_list("view", flat=True)
    yield from KeyAction.objects.values_list("wording", flat=True)
    for payload in Event.objects.values_list("payload", flat=True):
        yield from texts(payload)


def texts(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case dict():
            for k, v in value.items():
                yield from texts(v, k)
        case list():
            for v in value:
                yield from texts(v, key)
        case str() if key not in {"grounds", "who", "person", "with_name", "reference"}:
            yield value


def plan_cycles(demo: Demonstration) -> None:
    """One of each thing that is owed in one, and each of them can be done by whoever is asked."""
    cases = Case.objects.filter(kind=Kind.PLAN)
    assert Counter(cases.values_list("authority__code", flat=True))["westmarch"] == 12
    assert cases.count() == 17
    owed = Duty.objects.filter(case__in=cases, met_at=None, gone_at=None, person__authority__isnull=False)
    assert owed.filter(due__lt=TODAY - timedelta(days=30)).count() == 0
    now, found, done = moment(TODAY, "09:00"), set(), set()
    for duty in owed.select_related("person", "case"):
        assert duty.person is not None
        for child in duty.case.children.select_related("family", "authority"):
            picture = picture_of(child, duty.person, now)
            for due in picture.owed:
                if due.key == duty.key and not (due.must == CycleMust.HOLD and due.day and due.day > TODAY):
                    found.add((duty.pk, duty.must))
                    done |= {duty.pk} if of_duty(picture, due) is not None else set()
    assert {pk for pk, _ in found} == done, [must for pk, must in found if pk not in done]
    assert {must for _, must in found} >= {
        CycleMust.DO_WHAT_FOLLOWS, CycleMust.TAKE_UP, CycleMust.DECIDE_ON_IT, CycleMust.RECONVENE, CycleMust.END,
        CycleMust.FEED_BACK, "pre-conference-discussion", "report-initial", "report-review", "midway-check",
        "midpoint-check", "core-group",
    }  # fmt: skip


def only_the_failed_message_is_unsent() -> None:
    assert Notice.objects.filter(sent_at=None).count() == 1
