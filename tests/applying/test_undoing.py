"""The last import is undone as a whole, and not once something was built upon it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.applying.by_hand import (
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
)
from tests.cast import Cast, westmarch
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.access.models import Exclusion, Listing
from undrift.applying import undoing
from undrift.applying.from_file import NotApplied, last_run, undo, why_not_undone
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import (
    Allocation,
    AllocationPart,
    Child,
    Conference,
    FactChange,
    ImportedRow,
    ImportRun,
    KeyAction,
    Plan,
    Voice,
)
from undrift.engine.dates.moments import noon
from undrift.intake.extract import Meeting
from undrift.people.models import Person
from undrift.record import families

pytestmark = pytest.mark.django_db

MAYA = "4101"


@pytest.fixture(autouse=True, params=[2, undoing.AT_ONCE])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many of a run's changes are taken at once, it comes to the same."""
    monkeypatch.setattr(undoing, "AT_ONCE", request.param)


@pytest.fixture
def cast() -> Cast:
    return under_shipped_versions(westmarch())


def everything(cast: Cast) -> ImportRun:
    """A file with something of each kind, about children who are on file and one who is not."""
    return brought_in(
        a_file(
            child(MAYA, first_name="Maia", family="Alder-Finch", family_key="F1"),
            plan(MAYA, latest_category="EMO", chair="imran.dastgir@westmarch.example"),
            meeting(MAYA, invited=("hannah.quill@westmarch.example",)),
            member(MAYA, name="A Visitor"),
            child("90001", row=3, first_name="Wren", family="Ashdown", family_key="F2"),
            plan("90001", row=3),
            meeting("90001", row=3, kind=Meeting.INITIAL, day=date(2025, 12, 4)),
            member("90001", row=3, email="joel.askew@westmarch.example"),
        ),
        cast.authority,
    )


def test_however_many_were_invited_all_are_again(cast: Cast) -> None:
    brought_in(a_file(plan(MAYA), meeting(MAYA)), cast.authority)
    conference = Conference.objects.get(family=cast.child("Maya").family, held_on__date=date(2026, 2, 26))
    agency = cast.person("Grace").agency
    many = [Person.objects.create_user(f"{n}@westmarch.example", None, name="N", agency=agency) for n in range(90)]
    conference.participants.set(many)
    more = meeting(MAYA, invited=("hannah.quill@westmarch.example",))
    run = brought_in(a_file(plan(MAYA), more), cast.authority, at=SECOND)
    assert conference.participants.count() == 91
    undo(run, at=SECOND, by=None)
    assert set(conference.participants.all()) == set(many)


def test_every_fact_is_as_before_and_the_history_is_longer_by_both(cast: Cast) -> None:
    before = all_facts(cast.authority)
    run = everything(cast)
    there = list(run.changes.values_list("child", "entity", "object_id", "field", "was", "now"))
    by = cast.person("Grace")
    assert undo(run, at=SECOND, by=by) == len(there) == 9
    assert all_facts(cast.authority) == before
    back = FactChange.objects.filter(why="The import was undone").order_by("-pk")
    assert [(one.child_id, one.entity, one.object_id, one.field, one.now, one.was) for one in back] == there
    assert {(one.by, one.at) for one in back} == {(by, SECOND)}
    run.refresh_from_db()
    assert (run.undone_at, run.undone_by, last_run(cast.authority)) == (SECOND, by, None)
    assert not ImportedRow.objects.exists()


def test_what_was_undone_can_be_brought_in_again(cast: Cast) -> None:
    run = everything(cast)
    counts = run.counts
    undo(run, at=SECOND, by=None)
    assert everything(cast).counts == counts


def test_what_an_undone_file_told_makes_no_other_older(cast: Cast) -> None:
    brought_in(a_file(plan(latest_category="NEG")), cast.authority)
    run = brought_in(a_file(plan(latest_category="EMO"), as_at=LATER), cast.authority, at=SECOND)
    undo(run, at=THIRD, by=None)
    between = a_file(plan(latest_category="PHY"), as_at=LATER - timedelta(days=2))
    assert brought_in(between, cast.authority, at=THIRD).counts["plan_updated"] == 1


def test_one_import_after_another_is_undone(cast: Cast) -> None:
    start = all_facts(cast.authority)
    one = brought_in(a_file(plan(latest_category="NEG")), cast.authority)
    between = all_facts(cast.authority)
    two = brought_in(a_file(plan(latest_category="EMO"), as_at=LATER), cast.authority, at=SECOND)
    assert "The file of Wednesday 13 May 2026 was imported after it" in why_not_undone(one)
    undo(two, at=THIRD, by=None)
    assert (all_facts(cast.authority), last_run(cast.authority)) == (between, one)
    undo(one, at=THIRD, by=None)
    assert all_facts(cast.authority) == start


def test_what_was_undone_is_not_undone_again(cast: Cast) -> None:
    run = everything(cast)
    undo(run, at=SECOND, by=None)
    with pytest.raises(NotApplied, match="was undone on Wednesday 13 May 2026 already") as refused:
        undo(run, at=THIRD, by=None)
    assert refused.value.code == "not-undone"


def test_a_family_in_which_another_child_was_said_to_stand_too_stays(cast: Cast) -> None:
    run = brought_in(a_file(child(), plan()), cast.authority)
    new = Child.objects.get(external_id="90001")
    families.also_in(cast.child("Maya"), new, by=cast.person("Imran"), at=SECOND)
    undo(run, at=THIRD, by=None)
    assert not Child.objects.filter(external_id="90001").exists()
    assert new.family.also_here.get().child == cast.child("Maya")


# What is built upon it ------------------------------------------------------------------------------------------------


def _a_concern(cast: Cast) -> None:
    reached.stage_one(cast, "Maia", at=SECOND, by="Imran")


def _a_fact_by_hand(cast: Cast) -> None:
    facts.change(Plan.objects.get(child__external_id=MAYA), {"latest_category": "PHY"}, Because(at=SECOND))


def _a_fact_about_the_new_child(cast: Cast) -> None:
    facts.change(Child.objects.get(external_id="90001"), {"first_name": "Lark"}, Because(at=SECOND))


def _a_conference_held(cast: Cast) -> None:
    conference = Conference.objects.get(family__children__external_id="90001")
    facts.change(conference, {"held_on": noon(date(2026, 5, 12))}, Because(at=SECOND), of=[_new()])


def _an_allocation(cast: Cast) -> None:
    Allocation.objects.create(
        authority=cast.authority, child=_new(), part=AllocationPart.CHAIR, person=cast.person("Grace"),
        from_day=date(2026, 6, 1), by=cast.person("Imran"), at=SECOND,
    )  # fmt: skip


def _what_the_child_said(cast: Cast) -> None:
    Voice.objects.create(authority=cast.authority, child=_new(), text="I like my room.", heard_on=date(2026, 5, 12))


def _a_key_action(cast: Cast) -> None:
    conference = Conference.objects.get(family__children__external_id="90001")
    KeyAction.objects.create(
        authority=cast.authority, family=conference.family, conference=conference, wording="Seen each week.",
        feedback_due=date(2026, 6, 1),
    )  # fmt: skip


def _a_later_import(cast: Cast) -> None:
    brought_in(a_file(plan("4111", latest_category="NEG", starts=date(2026, 1, 20)), as_at=LATER), cast.authority)


def _new() -> Child:
    return Child.objects.get(external_id="90001")


@pytest.mark.parametrize(
    ("built", "said"),
    [
        (_a_concern, "was raised since about a child of this import"),
        (_a_fact_by_hand, f"A plan of child {MAYA} was changed since, on Wednesday 13 May 2026. Put that back first."),
        (_a_fact_about_the_new_child, "A fact about child 90001 was changed since"),
        (_a_conference_held, "The conference about child 90001 was held since"),
        (_an_allocation, "Child 90001 was allocated since"),
        (_what_the_child_said, "Since then there is a voice of child 90001"),
        (_a_key_action, "Since then there is a key action. What it rests on stays."),
        (_a_later_import, "was imported after it. Undo that import first."),
    ],
)
def test_it_is_not_undone_once_something_was_built_upon_it(
    cast: Cast, built: Callable[[Cast], None], said: str
) -> None:
    run = everything(cast)
    assert why_not_undone(run) == ""
    built(cast)
    before = all_facts(cast.authority)
    assert said in why_not_undone(run)
    with pytest.raises(NotApplied) as refused:
        undo(run, at=THIRD, by=None)
    assert (refused.value.code, refused.value.sentence) == ("not-undone", why_not_undone(run))
    assert all_facts(cast.authority) == before


def test_an_end_that_a_chair_was_asked_about_is_not_taken_back(cast: Cast) -> None:
    reached.stage_one(cast, "Maya", at=FIRST)
    run = brought_in(a_file(plan(MAYA, ends=date(2026, 5, 11)), as_at=LATER), cast.authority, at=SECOND)
    assert "says that a plan has ended, and its chair is asked" in why_not_undone(run)


def test_an_end_that_no_chair_was_asked_about_is_taken_back(cast: Cast) -> None:
    """Everybody knew of the end before the concern was raised, and the file says another day."""
    brought_in(a_file(plan(MAYA, ends=date(2026, 5, 4))), cast.authority, at=FIRST - timedelta(hours=1))
    reached.stage_one(cast, "Maya", at=FIRST)
    start = all_facts(cast.authority)
    run = brought_in(a_file(plan(MAYA, ends=date(2026, 5, 5)), as_at=LATER), cast.authority, at=SECOND)
    assert why_not_undone(run) == ""
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == start


def test_a_record_that_somebody_guards_since_is_not_opened_by_undoing(cast: Cast) -> None:
    brought_in(a_file(child(), plan()), cast.authority)
    run = brought_in(a_file(child(restricted=True), plan(), as_at=LATER), cast.authority, at=SECOND)
    assert why_not_undone(run) == ""
    of_it = {"authority": cast.authority, "child": Child.objects.get(external_id="90001"), "by": cast.person("Nadia")}
    Listing.objects.create(person=cast.person("Imran"), why="Chairs", starts=LATER, **of_it)
    assert why_not_undone(run) == "Somebody was named for the record of child 90001 since. What it rests on stays."
    with pytest.raises(NotApplied, match="named for the record"):
        undo(run, at=THIRD, by=None)
    assert Child.objects.get(external_id="90001").restricted


def test_a_record_that_somebody_is_kept_out_of_since_is_not_opened_by_undoing(cast: Cast) -> None:
    run = brought_in(a_file(child(), plan()), cast.authority)
    Exclusion.objects.create(
        authority=cast.authority, child=Child.objects.get(external_id="90001"), by=cast.person("Nadia"),
        person=cast.person("Imran"), why="Asked", since=THIRD,
    )  # fmt: skip
    assert why_not_undone(run) == "Somebody was kept out of the record of child 90001 since. What it rests on stays."
