"""Families, conferences and core groups as files tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.applying.by_hand import (
    AS_AT,
    FIRST,
    LATER,
    SECOND,
    THIRD,
    a_file,
    all_facts,
    brought_in,
    child,
    meeting,
    member,
    plan,
    sentences,
)
from tests.cast import Cast, westmarch
from undrift.access.models import Listing
from undrift.applying.from_file import undo
from undrift.children.models import AlsoInFamily, Child, Conference, CoreGroupMember, Family, Plan
from undrift.engine.dates.moments import london_date, noon
from undrift.intake.extract import ChildRow, Meeting, by_name

pytestmark = pytest.mark.django_db

WREN, LARK = "90001", "90002"
REVIEW = date(2026, 2, 26)


@pytest.fixture
def cast() -> Cast:
    return westmarch()


def of(number: str) -> Child:
    return Child.objects.get(external_id=number)


# Families -------------------------------------------------------------------------------------------------------------


def test_children_with_one_key_are_one_family_and_the_others_stand_alone(cast: Cast) -> None:
    rows = [child(WREN, family_key="F", family="Ashdown"), child(LARK, row=3, family_key="F"), child("90003", row=4)]
    brought_in(a_file(*rows), cast.authority)
    assert of(WREN).family == of(LARK).family != of("90003").family
    assert of(WREN).family.name == "Ashdown"


def test_a_child_who_comes_later_joins_the_family_of_the_key(cast: Cast) -> None:
    brought_in(a_file(child(WREN, family_key="F")), cast.authority)
    brought_in(a_file(child(LARK, family_key="F"), as_at=LATER), cast.authority, at=SECOND)
    assert of(WREN).family == of(LARK).family


def test_a_name_alone_joins_nobody_of_another_file(cast: Cast) -> None:
    smith = by_name("Ashdown")
    brought_in(a_file(child(WREN, family_key=smith, family="Ashdown")), cast.authority)
    brought_in(a_file(child(LARK, family_key=smith, family="Ashdown"), as_at=LATER), cast.authority, at=SECOND)
    assert of(WREN).family != of(LARK).family


def test_whom_a_name_alone_makes_one_family_in_a_file_is_said(cast: Cast) -> None:
    smith = by_name("Ashdown")
    rows = [child(WREN, family_key=smith, family="Ashdown"), child(LARK, row=3, family_key=smith, family="Ashdown")]
    run = brought_in(a_file(*rows), cast.authority)
    assert of(WREN).family == of(LARK).family
    assert "They were taken for one family." in " ".join(sentences(run))
    again = brought_in(a_file(*rows, as_at=LATER), cast.authority, at=SECOND)
    assert "They were taken for one family." not in " ".join(sentences(again))


def test_children_who_came_in_alone_are_put_together_with_their_conferences(cast: Cast) -> None:
    """Annex A knows no families; our own CSV does."""
    rows = [plan(WREN), plan(LARK, row=3), meeting(WREN), meeting(LARK, row=3)]
    brought_in(a_file(*rows), cast.authority)
    before = all_facts(cast.authority)
    told = [child(WREN, family_key="F", family="Ashdown"), child(LARK, row=3, family_key="F", family="Ashdown")]
    run = brought_in(a_file(*told, as_at=LATER, source="by-another-hand", whole=False), cast.authority, at=SECOND)
    family = of(WREN).family
    assert (of(LARK).family, family.name, family.conferences.count()) == (family, "Ashdown", 1)
    assert run.counts["asked"] == 0
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == before


def test_a_child_who_moves_does_not_rename_the_family_that_it_moves_to(cast: Cast) -> None:
    brought_in(a_file(child(WREN, family_key="F", family="Ashdown"), child(LARK, row=3)), cast.authority)
    told = [child(WREN, family_key="F", family="Ashdown"), child(LARK, row=3, family_key="F", family="Other")]
    run = brought_in(a_file(*told, as_at=LATER), cast.authority, at=SECOND)
    assert (of(LARK).family, of(WREN).family.name) == (of(WREN).family, "Ashdown")
    assert any("has another name on file" in sentence for sentence in sentences(run))


def test_a_child_of_a_family_with_others_is_asked_about_and_not_moved(cast: Cast) -> None:
    run = brought_in(a_file(child("4111", family_key="F"), child("4101", row=3, family_key="F")), cast.authority)
    assert run.counts["asked"] == 1
    assert "puts the child into another family than the one on file" in sentences(run)[0]
    assert of("4101").family == cast.family("Alder")


def test_a_family_without_a_name_gets_the_file_s_and_another_name_is_said(cast: Cast) -> None:
    brought_in(a_file(child(WREN)), cast.authority)
    run = brought_in(a_file(child(WREN, family="Ashdown"), as_at=LATER), cast.authority, at=SECOND)
    assert of(WREN).family.name == "Ashdown"
    assert run.changes.values_list("field", "was", "now").get() == ("family_name", "", "Ashdown")
    again = brought_in(a_file(child(WREN, family="Finch"), as_at=LATER), cast.authority, at=SECOND)
    assert "the family in row 2 has another name on file" in sentences(again)[0]
    undo(again, at=THIRD, by=None)
    undo(run, at=THIRD, by=None)
    assert of(WREN).family.name == ""


# Conferences ----------------------------------------------------------------------------------------------------------


def test_rows_of_one_meeting_are_one_conference_of_the_family(cast: Cast) -> None:
    alike = [meeting("4101", meeting_key="M"), meeting("4102", row=3, meeting_key="M")]
    run = brought_in(a_file(*alike, meeting("4111", row=4, meeting_key="M")), cast.authority)
    conferences = Conference.objects.order_by("pk")
    assert [one.family for one in conferences] == [cast.family("Alder"), cast.family("Heron")]
    assert [one.reference for one in conferences] == ["C-2026-0001", "C-2026-0002"]
    assert run.changes.filter(entity="conference").count() == 3, "each of the children has it in their history"


def test_rows_without_a_key_are_one_conference_a_family_a_day_and_a_kind(cast: Cast) -> None:
    rows = [
        meeting("4101"),
        meeting("4102", row=3),
        meeting("4103", row=4, day=date(2026, 3, 2)),
        meeting("4101", row=5, kind=Meeting.INITIAL),
    ]
    assert brought_in(a_file(*rows), cast.authority).counts["conference_new"] == 3


def test_a_conference_by_two_formats_is_one(cast: Cast) -> None:
    brought_in(a_file(meeting("4101", meeting_key="M", source_key="1")), cast.authority)
    run = brought_in(a_file(meeting("4102", source_key="77"), source="by-another-hand"), cast.authority, at=SECOND)
    assert (run.counts["conference_new"], Conference.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("planned", "held", "conferences"),
    [(date(2026, 5, 10), date(2026, 5, 10), 1), (date(2026, 5, 10), date(2026, 5, 12), 1),
     (date(2026, 7, 1), date(2026, 5, 12), 2)],
)  # fmt: skip
def test_a_conference_that_was_planned_and_held_is_one(cast: Cast, planned: date, held: date, conferences: int) -> None:
    brought_in(a_file(meeting("4101", day=planned, held=False)), cast.authority)
    before = all_facts(cast.authority)
    run = brought_in(a_file(meeting("4101", day=held), as_at=LATER), cast.authority, at=SECOND)
    assert Conference.objects.count() == conferences
    found = Conference.objects.get(held_on__isnull=False)
    assert found.held_on is not None
    assert london_date(found.held_on) == held
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == before


def test_a_conference_keeps_the_hour_that_is_on_file(cast: Cast) -> None:
    ten = datetime(2026, 5, 10, 9, 0, tzinfo=UTC)
    Conference.objects.create(
        authority=cast.authority, family=cast.family("Alder"), reference="C-2026-0007", kind="review", planned_for=ten
    )
    brought_in(a_file(meeting("4101", day=date(2026, 5, 10)), as_at=LATER), cast.authority)
    assert Conference.objects.get().held_on == ten


def test_a_conference_of_a_day_to_come_is_planned(cast: Cast) -> None:
    brought_in(a_file(meeting("4101", day=date(2026, 6, 1), held=True)), cast.authority)
    found = Conference.objects.get()
    assert (found.held_on, found.planned_for) == (None, noon(date(2026, 6, 1)))


def test_reviews_that_were_held_are_counted_within_the_plan_and_the_latest_is_the_plan_s(cast: Cast) -> None:
    days = [date(2025, 12, 1), REVIEW, date(2026, 5, 1), date(2026, 5, 20)]
    brought_in(a_file(plan(WREN), *(meeting(WREN, row=row, day=day) for row, day in enumerate(days))), cast.authority)
    found = Plan.objects.get(child=of(WREN))
    assert (found.reviews_held, found.latest_review) == (2, date(2026, 5, 1))


def test_a_review_that_is_told_of_without_the_plan_counts_for_the_plan_on_file(cast: Cast) -> None:
    brought_in(a_file(plan(WREN)), cast.authority)
    run = brought_in(a_file(meeting(WREN), whole=False, as_at=LATER), cast.authority, at=SECOND)
    found = Plan.objects.get(child=of(WREN))
    assert (found.reviews_held, found.latest_review, run.counts["plan_updated"]) == (1, REVIEW, 1)


def test_who_chairs_and_who_is_invited_are_people_who_sign_in(cast: Cast) -> None:
    grace, hannah, joel = (cast.person(name) for name in ("Grace Ollerton", "Hannah Quill", "Joel Askew"))
    first = meeting("4101", chair=grace.email, invited=(hannah.email, "nobody@elsewhere.example"))
    run = brought_in(a_file(first), cast.authority)
    found = Conference.objects.get()
    assert (found.chair, set(found.participants.all())) == (grace, {hannah})
    assert "the email address in row 2 is nobody's" in sentences(run)[0]
    before = all_facts(cast.authority)
    run = brought_in(a_file(meeting("4101", invited=(joel.email,)), as_at=LATER), cast.authority, at=SECOND)
    assert set(found.participants.all()) == {hannah, joel}
    undo(run, at=THIRD, by=None)
    assert set(found.participants.all()) == {hannah}
    assert {**all_facts(cast.authority), "invited": []} == {**before, "invited": []}


# Core groups ----------------------------------------------------------------------------------------------------------


def test_a_member_is_a_person_who_signs_in_or_a_name_with_an_agency(cast: Cast) -> None:
    joel = cast.person("Joel Askew")
    agency = next(iter(cast.built.agencies.values()))
    rows = [
        member("4111", email=joel.email.upper(), role="Teacher"),
        member("4111", row=3, name="A Visitor", agency=agency.name, role="Health visitor"),
        member("4111", row=4, name="B Visitor", agency="Nowhere Trust"),
        member("4111", row=5, email="nobody@elsewhere.example"),
    ]
    run = brought_in(a_file(*rows), cast.authority)
    group = CoreGroupMember.objects.filter(child=of("4111")).order_by("pk")
    assert [(one.person, one.name, one.role) for one in group] == [
        (joel, "", "Teacher"),
        (None, "A Visitor", "Health visitor"),
        (None, "B Visitor", ""),
    ]
    assert (group[0].agency, group[1].agency, group[2].agency) == (joel.agency, agency, None)
    assert (run.counts["core_group_new"], run.counts["rejected"]) == (3, 1)


def test_a_member_for_the_whole_family_is_met_and_not_doubled(cast: Cast) -> None:
    joel = cast.person("Joel Askew")
    run = brought_in(a_file(member("4101", email=joel.email)), cast.authority)
    assert (run.counts["core_group_new"], run.counts["core_group_unchanged"]) == (0, 1)


def test_a_member_who_leaves_and_comes_back_is_in_twice(cast: Cast) -> None:
    gone = member("4111", name="A Visitor", ends=date(2026, 2, 1))
    brought_in(a_file(gone), cast.authority)
    run = brought_in(a_file(gone, member("4111", row=3, name="a  visitor", starts=AS_AT)), cast.authority, at=SECOND)
    assert (run.counts["core_group_new"], run.counts["core_group_unchanged"]) == (1, 1)


def test_an_end_in_the_core_group_is_taken_and_put_back(cast: Cast) -> None:
    brought_in(a_file(member("4111", name="A Visitor")), cast.authority)
    run = brought_in(a_file(member("4111", name="A Visitor", ends=date(2026, 6, 1)), as_at=LATER), cast.authority)
    assert CoreGroupMember.objects.get(child=of("4111")).ends == date(2026, 6, 1)
    undo(run, at=THIRD, by=None)
    assert CoreGroupMember.objects.get(child=of("4111")).ends is None


def test_families_that_were_left_behind_have_no_children_and_nothing_is_deleted(cast: Cast) -> None:
    brought_in(a_file(child(WREN), child(LARK, row=3)), cast.authority)
    families = Family.objects.count()
    brought_in(a_file(child(WREN, family_key="F"), child(LARK, row=3, family_key="F")), cast.authority, at=SECOND)
    assert Family.objects.count() == families


# Beside a record that is not the file's to open -----------------------------------------------------------------------


def two_alone(cast: Cast) -> list[ChildRow]:
    """Two are on file, each in a family of their own: rows that put them into one."""
    brought_in(a_file(child(WREN), child(LARK, row=3)), cast.authority)
    return [child(WREN, family_key="F"), child(LARK, row=3, family_key="F")]


def ahead(cast: Cast, number: str, chair: str) -> Conference:
    """An initial conference that is planned for the family of that child."""
    return Conference.objects.create(
        authority=cast.authority, family=of(number).family, reference="C-2026-9001", kind="initial",
        planned_for=noon(date(2026, 5, 20)), chair=cast.person(chair),
    )  # fmt: skip


def test_no_child_is_taken_from_a_brother_or_sister_whose_number_no_file_knows(cast: Cast) -> None:
    rows = two_alone(cast)
    unborn = Child.objects.create(authority=cast.authority, family=of(LARK).family, expected_birth=date(2026, 8, 1))
    conference = ahead(cast, LARK, "Grace")
    assert brought_in(a_file(*rows, as_at=LATER), cast.authority, at=SECOND).counts["asked"] == 1
    conference.refresh_from_db()
    assert of(LARK).family_id == unborn.family_id == conference.family_id != of(WREN).family_id


def test_no_child_is_taken_from_a_family_to_which_another_belongs_besides(cast: Cast) -> None:
    rows = two_alone(cast)
    AlsoInFamily.objects.create(
        authority=cast.authority, child=cast.child("Kai"), family=of(LARK).family, by=cast.person("Nadia"), at=FIRST
    )
    assert brought_in(a_file(*rows, as_at=LATER), cast.authority, at=SECOND).counts["asked"] == 1
    assert of(LARK).family_id != of(WREN).family_id


@pytest.mark.parametrize("restricted", [WREN, LARK])
def test_no_file_puts_a_restricted_child_into_a_family_or_another_beside_it(cast: Cast, restricted: str) -> None:
    rows = two_alone(cast)
    Child.objects.filter(external_id=restricted).update(restricted=True)
    assert brought_in(a_file(*rows, as_at=LATER), cast.authority, at=SECOND).counts["asked"] == 1
    assert of(LARK).family_id != of(WREN).family_id


@pytest.mark.parametrize(("by", "asked"), [("Imran", 1), ("Judith", 0)])
def test_nobody_gives_themselves_a_child_by_a_file_that_puts_it_into_their_family(
    cast: Cast, by: str, asked: int
) -> None:
    rows = two_alone(cast)
    ahead(cast, WREN, "Imran")
    run = brought_in(a_file(*rows, as_at=LATER), cast.authority, at=SECOND, by=cast.person(by))
    assert run.counts["asked"] == asked
    assert (of(LARK).family_id == of(WREN).family_id) is not bool(asked)


@pytest.mark.parametrize("named", [True, False])
def test_a_file_s_chair_of_a_conference_is_named_first_for_a_restricted_record_beside(cast: Cast, named: bool) -> None:
    brought_in(a_file(child(WREN, family_key="F"), child(LARK, row=3, family_key="F")), cast.authority)
    conference, imran = ahead(cast, WREN, "Grace"), cast.person("Imran")
    Child.objects.filter(external_id=LARK).update(restricted=True)
    if named:
        Listing.objects.create(
            authority=cast.authority, child=of(LARK), person=imran, why="Chairs", starts=AS_AT,
            by=cast.person("Nadia"),
        )  # fmt: skip
    of_wren = meeting(WREN, kind=Meeting.INITIAL, day=date(2026, 5, 20), held=False, chair=imran.email)
    run = brought_in(a_file(of_wren, as_at=LATER), cast.authority, at=SECOND)
    conference.refresh_from_db()
    assert conference.chair == (imran if named else cast.person("Grace"))
    assert ("the person is not given it by a file" in " ".join(sentences(run))) is not named
