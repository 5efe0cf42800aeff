"""The chair of the child's plan today plays the chair's part in what is open; what has ended keeps its chair."""

from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.fetching import NotFound, fetch
from undrift.access.granting import NotGiven, ask_leaving, confirm
from undrift.children.facts import Because
from undrift.children.models import Conference, FactChange, Plan
from undrift.engine.dates.moments import LONDON
from undrift.engine.ladder import acts
from undrift.people import clock
from undrift.people.models import Grant, Person
from undrift.record.children_given import give_children
from undrift.record.handing_on import follow_the_children, new_day
from undrift.record.models import Notice
from undrift.record.outcomes import Refused
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=2)
WITHDRAW = acts.Withdraw("It was raised for the wrong child.")


def gets_another_chair(cast: Cast, child: str, name: str, starts: timedelta = timedelta()) -> None:
    """From a day on: the plan that runs ends the day before, and another begins, as a file would bring it."""
    plan = cast.plan(child)
    if not starts:
        Plan.objects.filter(pk=plan.pk).update(chair=cast.person(name))
        return
    Plan.objects.filter(pk=plan.pk).update(ends=TODAY + starts - DAY)
    plan.pk, plan.starts, plan.chair = None, TODAY + starts, cast.person(name)
    plan.save()


def test_a_childs_new_chair_takes_the_open_concern_and_is_told_and_may_act(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    imran, grace = west.person("Imran"), west.person("Grace")
    gets_another_chair(west, "Maya", "Imran")
    assert (new_day(LATER).resolutions, new_day(LATER).resolutions) == (1, 0)
    resolution.refresh_from_db()
    assert resolution.chair == imran
    assert Notice.objects.filter(to_person=imran, kind="handed_on").count() == 1
    assert rebuild(west.authority, write=False) == []
    with pytest.raises(Refused):
        perform(WITHDRAW, resolution=resolution, by=grace, at=LATER)
    perform(WITHDRAW, resolution=resolution, by=imran, at=LATER)


# Days from the change: who has the chair's part.
WHEN = ((-1, "Grace"), (0, "Imran"), (1, "Imran"))


@pytest.mark.parametrize(("days", "chair"), WHEN)
def test_it_goes_over_on_the_day_on_which_the_child_does(west: Cast, days: int, chair: str) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    gets_another_chair(west, "Maya", "Imran", 10 * DAY)
    new_day(LATER + (10 + days) * DAY)
    resolution.refresh_from_db()
    assert resolution.chair == west.person(chair)


def test_what_has_ended_keeps_the_chair_of_then(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    perform(WITHDRAW, resolution=resolution, by=west.person("Grace"), at=NOW)
    gets_another_chair(west, "Maya", "Imran")
    assert follow_the_children(LATER).resolutions == 0
    resolution.refresh_from_db()
    assert resolution.chair == west.person("Grace")


def test_who_chairs_for_another_child_of_it_keeps_it(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    gets_another_chair(west, "Maya", "Imran")
    follow_the_children(LATER)
    resolution.refresh_from_db()
    assert resolution.chair == west.person("Grace")
    gets_another_chair(west, "Jude", "Imran")
    follow_the_children(LATER)
    resolution.refresh_from_db()
    assert resolution.chair == west.person("Imran")


def test_what_was_handed_to_somebody_by_an_act_stays_theirs(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    imran = west.person("Imran")
    act = acts.HandOver("chair", str(imran.pk), imran.name, "I know the family.")
    perform(act, resolution=resolution, by=west.person("Grace"), at=NOW)
    follow_the_children(LATER)
    resolution.refresh_from_db()
    assert resolution.chair == imran


# Leaving -------------------------------------------------------------------------------------------------------------


def leaves_in_five_weeks(west: Cast, *heirs: Person) -> None:
    """Asked by one keeper, confirmed by another; today is the cast's."""
    grace, post = west.person("Grace"), west.post("cp-coordinator", "Safeguarding and Review")
    asked = ask_leaving(
        west.authority, west.person("Judith"), grace, clock.today() + 35 * DAY, {post: None},
        {"chair": list(heirs)}, False, "She retires",
    )  # fmt: skip
    assert isinstance(asked, Grant)
    confirm(asked, west.person("Marcus"))


def planned(west: Cast, family: str, days: int) -> Conference:
    moment = datetime.combine(clock.today() + timedelta(days=days), time(10), tzinfo=LONDON)
    return Conference.objects.create(
        authority=west.authority, family=west.family(family), reference=f"C-{family}-{days}", kind="review",
        planned_for=moment, chair=west.person("Grace"),
    )  # fmt: skip


@pytest.fixture
def heirs(west: Cast) -> list[Person]:
    second = Person.objects.create_user(email="b@west.example", name="Bea Hollis", agency=west.person("Grace").agency)
    return [west.person("Imran"), second]


def of_grace() -> int:
    return Plan.objects.filter(chair__name="Grace Ollerton", ends=None).count()


def test_a_chair_who_leaves_in_five_weeks_keeps_her_children_until_that_day(west: Cast, heirs: list[Person]) -> None:
    hers, before, after = of_grace(), planned(west, "Alder", 30), planned(west, "Alder", 40)
    resolution = reached.stage_one(west, "Maya").resolution
    leaves_in_five_weeks(west, *heirs)
    last = clock.now() + 35 * DAY
    for moment in (clock.now(), last):
        new_day(moment)
        assert of_grace() == hers
    new_day(last + DAY)
    assert of_grace() == 0
    for one in (before, after, resolution):
        one.refresh_from_db()
    assert before.chair == west.person("Grace")
    assert after.chair == west.plan("Maya").chair == resolution.chair
    assert resolution.chair in heirs


def test_an_heir_who_has_left_meanwhile_has_nobodys_children(west: Cast, heirs: list[Person]) -> None:
    resolution, (imran, bea) = reached.stage_one(west, "Maya").resolution, heirs
    leaves_in_five_weeks(west, imran, bea)
    Person.objects.filter(pk=imran.pk).update(leaves_on=TODAY + 10 * DAY)
    new_day(clock.now() + 36 * DAY)
    assert {west.plan(child).chair for child in ("Maya", "Tyler", "Kai", "Ella")} == {bea}
    resolution.refresh_from_db()
    assert resolution.chair == bea


def test_where_every_heir_has_left_the_child_has_no_chair_and_those_who_keep_the_posts_are_told(
    west: Cast, heirs: list[Person]
) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    reached.answered(west, resolution, NOW)
    leaves_in_five_weeks(west, *heirs)
    Person.objects.filter(pk__in=[heir.pk for heir in heirs]).update(is_active=False)
    new_day(clock.now() + 36 * DAY)
    assert west.plan("Maya").chair is None
    resolution.refresh_from_db()
    assert resolution.next_person == west.person("Judith"), "as for a post that nobody holds"
    told = set(Notice.objects.filter(case=resolution.pk, kind="post_vacant").values_list("to_person", flat=True))
    assert told == {west.person("Judith").pk, west.person("Marcus").pk}


def test_an_heir_who_has_left_before_it_is_confirmed_is_refused(west: Cast, heirs: list[Person]) -> None:
    Person.objects.filter(pk=heirs[0].pk).update(is_active=False)
    with pytest.raises(NotGiven, match="Imran Dastgir will not be here"):
        leaves_in_five_weeks(west, *heirs)


# The team ------------------------------------------------------------------------------------------------------------


def test_a_childs_new_team_has_the_open_concern_and_its_manager_is_asked_and_told(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    due = resolution.due_at
    Plan.objects.filter(child=west.child("Maya")).update(team=west.unit("Central"))
    assert (new_day(LATER).resolutions, new_day(LATER).resolutions) == (1, 0)
    resolution.refresh_from_db()
    assert resolution.team == west.unit("Central")
    yasmin = west.person("Yasmin")
    assert (resolution.next_person, resolution.due_at) == (yasmin, due)
    assert Notice.objects.get(to_person=yasmin, kind="handed_on").ask == "respond"
    assert rebuild(west.authority, write=False) == []
    perform(reached.ANSWER, resolution=resolution, by=yasmin, at=LATER)


def test_children_are_split_and_a_family_stays_together(west: Cast, heirs: list[Person]) -> None:
    give_children(west.person("Grace"), {"chair": heirs}, TODAY, Because(at=NOW))
    has = [set(Plan.objects.filter(chair=heir, ends=None).values_list("child__family", flat=True)) for heir in heirs]
    assert all(not one & other for one, other in pairwise(has))
    counts = [Plan.objects.filter(chair=heir, ends=None).count() for heir in heirs]
    assert max(counts) - min(counts) <= 3, counts
    assert all(counts)


def test_the_chair_who_has_gone_sees_it_no_more(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    for child in ("Maya", "Jude", "Noor"):
        gets_another_chair(west, child, "Imran")
    follow_the_children(LATER)
    assert fetch(Resolution, resolution.reference, west.person("Imran"), LATER)
    with pytest.raises(NotFound):
        fetch(Resolution, resolution.reference, west.person("Grace"), LATER)


def test_what_became_of_a_leavers_children_stands_in_their_history(west: Cast) -> None:
    grace, imran = west.person("Grace"), west.person("Imran")
    leaves_in_five_weeks(west, imran)
    new_day(clock.now() + 37 * DAY)
    change = FactChange.objects.get(child=west.child("Maya"), field="chair")
    assert (change.was, change.now) == (str(grace.pk), str(imran.pk))
    assert (change.by, change.why) == (west.person("Judith"), "Grace Ollerton left")


def test_where_nobody_is_left_of_those_agreed_on_the_history_says_so(west: Cast) -> None:
    imran = west.person("Imran")
    leaves_in_five_weeks(west, imran)
    Person.objects.filter(pk=imran.pk).update(is_active=False)
    new_day(clock.now() + 37 * DAY)
    change = FactChange.objects.get(child=west.child("Maya"), field="chair")
    assert (change.was, change.now) == (str(west.person("Grace").pk), "")
