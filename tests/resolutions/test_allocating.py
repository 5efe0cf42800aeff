"""Who has a child is said by somebody: at once or from a day, with what is open, and never in place of what was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.restricting import exclude, name, restrict
from undrift.access.rows import children_visible_to
from undrift.access.scope import scope_of
from undrift.children.facts import Because
from undrift.children.models import Allocation, AllocationPart, Child, Conference, FactChange, Family, Plan
from undrift.children.models.conference import ConferenceKind
from undrift.people.models import Cover, Holding, Person
from undrift.record.allocating import Allocated, NotAllocated, allocate, take_back
from undrift.record.allocations import takers
from undrift.record.children_given import give_children
from undrift.record.handing_on import new_day

DAY = timedelta(days=1)
CHAIR, WORKER, TEAM = AllocationPart.CHAIR, AllocationPart.SOCIAL_WORKER, AllocationPart.TEAM


def said(child: Child) -> list[tuple[str, str, str]]:
    return list(FactChange.objects.filter(child=child).values_list("field", "was", "now"))


def give(cast: Cast, who: str, part: AllocationPart, to: object, day: int = 0, by: str = "Judith") -> Allocated:
    to = cast.person(to) if isinstance(to, str) and part is not TEAM else cast.unit(str(to))
    return allocate(
        [cast.child(who)], part, to, from_day=TODAY + day * DAY, by=cast.person(by), at=NOW, why="She is away"
    )


def test_from_today_the_plan_says_so_at_once_and_the_history_says_what_it_was(west: Cast) -> None:
    maya, grace, imran = west.child("Maya"), west.person("Grace"), west.person("Imran")
    done = give(west, "Maya", CHAIR, "Imran")
    assert (done.changed, done.as_before) == (1, 0)
    assert west.plan("Maya").chair == imran
    assert said(maya) == [("chair", str(grace.pk), str(imran.pk))]
    change = FactChange.objects.get(child=maya)
    assert (change.by, change.at, change.why) == (west.person("Judith"), NOW, "She is away")
    assert west.plan("Jude").chair == grace
    assert not Allocation.objects.exists()


def test_said_twice_it_is_so_once(west: Cast) -> None:
    give(west, "Maya", WORKER, "Kofi")
    again = give(west, "Maya", WORKER, "Kofi")
    assert (again.changed, again.as_before) == (0, 1)
    assert len(said(west.child("Maya"))) == 1


def test_what_is_open_follows_at_once(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    done = give(west, "Maya", CHAIR, "Imran")
    resolution.refresh_from_db()
    assert resolution.chair == west.person("Imran")
    assert done.handed_on.resolutions == 1
    give(west, "Maya", TEAM, "Central")
    resolution.refresh_from_db()
    assert resolution.team == west.unit("Central")


@pytest.mark.parametrize(("days", "chair"), [(9, "Grace"), (10, "Imran"), (11, "Imran")])
def test_from_a_later_day_it_is_so_on_that_day_and_not_before(west: Cast, days: int, chair: str) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    give(west, "Maya", CHAIR, "Imran", day=10)
    assert said(west.child("Maya")) == []
    new_day(NOW + days * DAY)
    resolution.refresh_from_db()
    assert (west.plan("Maya").chair, resolution.chair) == (west.person(chair), west.person(chair))
    assert (Allocation.objects.get().done_at is not None) is (chair == "Imran")


def test_the_daily_round_may_run_twice(west: Cast) -> None:
    give(west, "Maya", CHAIR, "Imran", day=1)
    new_day(NOW + DAY)
    new_day(NOW + DAY)
    assert len(said(west.child("Maya"))) == 1


def test_it_can_be_taken_back_before_its_day(west: Cast) -> None:
    give(west, "Maya", CHAIR, "Imran", day=10)
    one = Allocation.objects.get()
    assert take_back(one, by=west.person("Marcus"), at=NOW)
    assert not take_back(one, by=west.person("Marcus"), at=NOW)
    new_day(NOW + 10 * DAY)
    assert west.plan("Maya").chair == west.person("Grace")
    assert Allocation.objects.get().ended_by == west.person("Marcus")


def test_what_is_said_last_of_a_day_to_come_counts(west: Cast) -> None:
    give(west, "Maya", CHAIR, "Imran", day=10)
    give(west, "Maya", CHAIR, "Bethan", day=20)
    give(west, "Maya", WORKER, "Kofi", day=20)
    new_day(NOW + 10 * DAY)
    assert west.plan("Maya").chair == west.person("Grace")
    new_day(NOW + 20 * DAY)
    assert (west.plan("Maya").chair, west.plan("Maya").social_worker) == (west.person("Bethan"), west.person("Kofi"))


def test_who_has_left_by_the_day_has_no_children_by_it(west: Cast) -> None:
    give(west, "Maya", CHAIR, "Imran", day=10)
    Person.objects.filter(pk=west.person("Imran").pk).update(leaves_on=TODAY + 5 * DAY)
    new_day(NOW + 10 * DAY)
    one = Allocation.objects.get()
    assert west.plan("Maya").chair == west.person("Grace")
    assert (one.done_at, one.ended_by) == (None, None)
    assert one.ended_at is not None


# Who may have it ------------------------------------------------------------------------------------------------------

NOT_OFFERED = [
    ("Imran", CHAIR, True), ("Hannah", CHAIR, False), ("Priya", CHAIR, False),
    ("Kofi", WORKER, True), ("Imran", WORKER, False), ("Priya", WORKER, False), ("Judith", WORKER, False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "part", "may"), NOT_OFFERED)
def test_only_who_holds_such_a_post_is_offered_and_taken(west: Cast, who: str, part: AllocationPart, may: bool) -> None:
    assert takers(west.authority, part, TODAY).filter(pk=west.person(who).pk).exists() is may
    if may:
        give(west, "Maya", part, who, by="Marcus")
    else:
        with pytest.raises(NotAllocated, match="post"):
            give(west, "Maya", part, who, by="Marcus")


def test_the_teams_are_those_of_the_council_that_have_children(west: Cast, north: Cast) -> None:
    names = {unit.name for unit in takers(west.authority, TEAM, TODAY)}
    assert {"North", "South", "Central"} <= names
    assert "Safeguarding and Review" not in names
    assert not names & {unit.name for unit in takers(north.authority, TEAM, TODAY)}


def test_nobody_gives_children_to_themselves_or_to_whom_they_stand_in_for(west: Cast) -> None:
    judith, grace = west.person("Judith"), west.person("Grace")
    post = west.post("cp-coordinator", "Safeguarding and Review")
    Holding.objects.create(authority=west.authority, post=post, person=judith, starts=TODAY)
    with pytest.raises(NotAllocated, match="to themselves"):
        allocate([west.child("Kai")], CHAIR, judith, from_day=TODAY, by=judith, at=NOW)
    Cover.objects.create(authority=west.authority, away=west.person("Imran"), covering=judith, starts=TODAY)
    with pytest.raises(NotAllocated, match="to themselves"):
        allocate([west.child("Kai")], CHAIR, west.person("Imran"), from_day=TODAY, by=judith, at=NOW)
    assert west.plan("Kai").chair == grace


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (184, True), (185, False)])
def test_a_day_is_today_or_within_six_months(west: Cast, days: int, may: bool) -> None:
    if may:
        give(west, "Maya", CHAIR, "Imran", day=days)
    else:
        with pytest.raises(NotAllocated) as refusal:
            give(west, "Maya", CHAIR, "Imran", day=days)
        assert refusal.value.field == "from_day"


def test_whoever_is_kept_out_of_a_record_has_no_part_in_it(west: Cast) -> None:
    exclude(west.child("Maya"), west.person("Imran"), "is a relative", west.person("Judith"), NOW)
    with pytest.raises(NotAllocated) as refusal:
        give(west, "Maya", CHAIR, "Imran")
    assert "Maya" not in refusal.value.sentence
    assert "relative" not in refusal.value.sentence
    give(west, "Kai", CHAIR, "Imran")


def test_of_several_children_all_or_none_are_allocated(west: Cast) -> None:
    exclude(west.child("Maya"), west.person("Imran"), "is a relative", west.person("Judith"), NOW)
    both = [west.child("Maya"), west.child("Jude")]
    with pytest.raises(NotAllocated, match="1 of the 2") as refusal:
        allocate(both, CHAIR, west.person("Imran"), from_day=TODAY, by=west.person("Judith"), at=NOW)
    assert [one.child for one in refusal.value.refused] == [west.child("Maya")]
    assert west.plan("Jude").chair == west.person("Grace")


def test_a_restricted_record_is_opened_by_its_guards_and_not_by_allocating(west: Cast) -> None:
    kai, judith = west.child("Kai"), west.person("Judith")
    restrict(kai, judith, "A relative works here.", NOW)
    with pytest.raises(NotAllocated, match="not named"):
        give(west, "Kai", CHAIR, "Imran")
    give(west, "Kai", TEAM, "Central")  # a team opens nothing that is restricted
    name(kai, west.person("Imran"), "Takes over", TODAY + 30 * DAY, judith, NOW)
    give(west, "Kai", CHAIR, "Imran")
    assert west.plan("Kai").chair == west.person("Imran")


def test_a_leavers_restricted_children_have_nobody_until_the_guards_name_one(west: Cast) -> None:
    restrict(west.child("Kai"), west.person("Judith"), "A relative works here.", NOW)
    because = Because(at=NOW, by=west.person("Judith"), why="Grace Ollerton left")
    give_children(west.person("Grace"), {"chair": [west.person("Imran")]}, TODAY, because)
    assert west.plan("Kai").chair is None
    assert west.plan("Maya").chair == west.person("Imran")
    assert said(west.child("Maya")) == [("chair", str(west.person("Grace").pk), str(west.person("Imran").pk))]
    assert said(west.child("Kai")) == [("chair", str(west.person("Grace").pk), "")]


# Conferences, and before there is a plan -----------------------------------------------------------------------------


def planned(cast: Cast, family: str, kind: str, days: int = 20, **of: object) -> Conference:
    return Conference.objects.create(
        authority=cast.authority, family=cast.family(family), reference=f"C-2026-9{days:03}", kind=kind,
        planned_for=NOW + days * DAY, chair=cast.person("Grace"), **of,
    )  # fmt: skip


def test_the_familys_planned_conference_goes_with_the_last_of_its_children(west: Cast) -> None:
    conference = planned(west, "Alder", ConferenceKind.REVIEW)
    for child, chair in (("Maya", "Grace"), ("Jude", "Grace"), ("Noor", "Imran")):
        give(west, child, CHAIR, "Imran")
        conference.refresh_from_db()
        assert conference.chair == west.person(chair), child
    assert FactChange.objects.filter(entity="conference", child=west.child("Jude"), field="chair").count() == 1


def unborn(cast: Cast) -> Child:
    """A brother or sister of Kai who is not born, with an initial conference ahead."""
    planned(cast, "Sorrel", ConferenceKind.INITIAL)
    return Child.objects.create(
        authority=cast.authority, family=cast.family("Sorrel"), external_id="4149", expected_birth=TODAY + 60 * DAY
    )


def test_before_the_plan_it_is_the_chair_and_the_worker_of_the_initial_conference(west: Cast) -> None:
    child = unborn(west)
    conference = Conference.objects.get()
    conference.participants.add(west.person("Hannah"), west.person("Siobhan"))
    judith = west.person("Judith")
    allocate([child], CHAIR, west.person("Imran"), from_day=TODAY, by=judith, at=NOW)
    allocate([child], WORKER, west.person("Kofi"), from_day=TODAY, by=judith, at=NOW)
    conference.refresh_from_db()
    assert conference.chair == west.person("Imran")
    assert set(conference.participants.all()) == {west.person("Kofi"), west.person("Siobhan")}
    assert [field for field, _, _ in said(child)] == ["chair", "social_worker"]
    assert said(west.child("Kai")) == []
    with pytest.raises(NotAllocated, match="Before there is a plan"):
        allocate([child], TEAM, west.unit("Central"), from_day=TODAY, by=judith, at=NOW)


def test_of_several_workers_invited_before_the_plan_whoever_is_left_out_stands_on_the_history(west: Cast) -> None:
    child = unborn(west)
    conference = Conference.objects.get()
    hannah, siobhan, kofi = (west.person(name) for name in ("Hannah", "Siobhan", "Kofi"))
    conference.participants.add(hannah, kofi, siobhan)
    allocate([child], WORKER, kofi, from_day=TODAY, by=west.person("Judith"), at=NOW)
    assert set(conference.participants.all()) == {kofi, siobhan}
    before, after = (
        ",".join(map(str, sorted(one.pk for one in some))) for some in ((hannah, kofi, siobhan), (kofi, siobhan))
    )
    assert said(child) == [("social_worker", "", str(kofi.pk)), ("participants", before, after)]


def test_a_child_on_no_plan_and_without_a_conference_ahead_has_nothing_to_allocate(west: Cast) -> None:
    Plan.objects.filter(child=west.child("Kai")).update(ends=TODAY - DAY)
    with pytest.raises(NotAllocated, match="on no plan"):
        give(west, "Kai", CHAIR, "Imran")


# What a brother or sister would open ----------------------------------------------------------------------------------


def two_of_a_family(cast: Cast, *, planned: bool) -> tuple[Child, Child]:
    """One to be allocated, on a plan or not, and another whose record is restricted: a conference ahead of Grace's."""
    family = Family.objects.create(authority=cast.authority, name="Aspen")
    one = Child.objects.create(authority=cast.authority, family=family, first_name="Nia")
    other = Child.objects.create(authority=cast.authority, family=family, first_name="Bo", restricted=True)
    Conference.objects.create(
        authority=cast.authority, family=family, kind=ConferenceKind.INITIAL, reference="C-2026-9002",
        planned_for=NOW + 9 * DAY, chair=cast.person("Grace"),
    )  # fmt: skip
    if planned:
        Plan.objects.create(authority=cast.authority, child=one, starts=TODAY, chair=cast.person("Grace"))
    return one, other


def is_seen(cast: Cast, child: Child, by: str) -> bool:
    person = cast.person(by)
    return children_visible_to(person, NOW, scope_of(person, NOW)).filter(pk=child.pk).exists()


@pytest.mark.parametrize("planned", [True, False])
def test_a_new_chair_of_a_conference_is_named_first_for_a_restricted_record_beside(west: Cast, planned: bool) -> None:
    one, other = two_of_a_family(west, planned=planned)
    judith, imran = west.person("Judith"), west.person("Imran")
    with pytest.raises(NotAllocated, match="The conference ahead is not about this child alone"):
        allocate([one], CHAIR, imran, from_day=TODAY, by=judith, at=NOW)
    assert not is_seen(west, other, "Imran")
    name(other, imran, "Chairs from today", TODAY + 30 * DAY, by=west.person("Nadia"), at=NOW)
    assert allocate([one], CHAIR, imran, from_day=TODAY, by=judith, at=NOW).changed == 1


def test_another_chair_of_the_plan_alone_opens_no_record_beside(west: Cast) -> None:
    """The conference of the other is another's, and stays so."""
    one, other = two_of_a_family(west, planned=True)
    Conference.objects.filter(family=one.family).update(chair=west.person("Judith"))
    allocate([one], CHAIR, west.person("Imran"), from_day=TODAY, by=west.person("Judith"), at=NOW)
    assert not is_seen(west, other, "Imran")
