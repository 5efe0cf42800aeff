"""The last import is undone as a whole, and not once something was built upon it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

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
from undrift.access.restricting import ask_to_lift, lift
from undrift.applying import undoing
from undrift.applying.from_file import NotApplied, last_run, undo, why_not_undone
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import (
    Allocation,
    AllocationPart,
    AlsoInFamily,
    Child,
    Conference,
    FactChange,
    Family,
    ImportedRow,
    ImportRun,
    KeyAction,
    Plan,
    SameChild,
    Voice,
)
from undrift.engine.dates.moments import noon
from undrift.intake.extract import Meeting
from undrift.people.models import Person

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


def test_what_was_put_right_stands_after_one_import_after_another_was_undone(cast: Cast) -> None:
    """The file goes on saying what it has always said: that is not news, however many files between were undone."""
    told = [a_file(plan(MAYA, latest_category="NEG"), as_at=LATER + timedelta(days=n)) for n in range(5)]
    brought_in(a_file(plan(MAYA, latest_category="NEG")), cast.authority)
    known = Plan.objects.get(child__external_id=MAYA)
    facts.change(known, {"latest_category": "EMO"}, Because(at=FIRST + timedelta(hours=1)))
    runs = [brought_in(file, cast.authority, at=SECOND + timedelta(hours=n)) for n, file in enumerate(told[:-1])]
    for run in reversed(runs):
        undo(run, at=THIRD, by=None)
    brought_in(told[-1], cast.authority, at=THIRD + timedelta(days=1))
    known.refresh_from_db()
    assert known.latest_category == "EMO"


def test_what_was_undone_is_not_undone_again(cast: Cast) -> None:
    run = everything(cast)
    undo(run, at=SECOND, by=None)
    with pytest.raises(NotApplied, match="was undone on Wednesday 13 May 2026 already") as refused:
        undo(run, at=THIRD, by=None)
    assert refused.value.code == "not-undone"


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


def _a_key_action_of_the_family(cast: Cast) -> None:
    """Of the child who was there, and of the new one's besides."""
    action = KeyAction.objects.create(
        authority=cast.authority, family=cast.child("Kai").family, wording="Seen.", feedback_due=date(2026, 6, 1)
    )
    action.children.set([_new()])


def _two_records_of_one(cast: Cast) -> None:
    said = {"authority": cast.authority, "by": cast.person("Nadia"), "at": SECOND, "why": "Same birth"}
    SameChild.objects.create(kept=cast.child("Kai"), other=_new(), **said)


def _also_in_the_new_family(cast: Cast) -> None:
    said = {"authority": cast.authority, "by": cast.person("Nadia"), "at": SECOND}
    AlsoInFamily.objects.create(child=cast.child("Kai"), family=_new().family, **said)


def _in_a_second_family(cast: Cast) -> None:
    said = {"authority": cast.authority, "by": cast.person("Nadia"), "at": SECOND}
    AlsoInFamily.objects.create(child=_new(), family=cast.child("Kai").family, **said)


def _a_later_import(cast: Cast) -> None:
    brought_in(a_file(plan("4111", latest_category="NEG", starts=date(2026, 1, 20)), as_at=LATER), cast.authority)


def _new() -> Child:
    return Child.objects.get(external_id="90001")


BUILT: Sequence[tuple[Callable[[Cast], None], str]] = [
    (_a_concern, "was raised since about a child of this import"),
    (_a_fact_by_hand, f"A plan of child {MAYA} was changed since, on Wednesday 13 May 2026. Put that back first."),
    (_a_fact_about_the_new_child, "A fact about child 90001 was changed since"),
    (_a_conference_held, "The conference about child 90001 was held since"),
    (_an_allocation, "Child 90001 was allocated since"),
    (_what_the_child_said, "Since then there is a voice of child 90001"),
    (_a_key_action, "Since then there is a key action. What it rests on stays."),
    (_a_key_action_of_the_family, "Since then there is a key action of child 90001."),
    (_two_records_of_one, "Since then there is a word of two records of one child of child 90001."),
    (_also_in_the_new_family, "was said to belong to a family of this import, too. Take that back first."),
    (_in_a_second_family, "Since then there is a word of a second family of child 90001."),
    (_a_later_import, "was imported after it. Undo that import first."),
]


@pytest.mark.parametrize(("built", "said"), BUILT)
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


LEADS: Mapping[str, set[str]] = {
    "child": {
        "allocation.child", "alsoinfamily.child", "casechild.child", "coregroupmember.child", "exclusion.child",
        "keyaction_children.child", "listing.child", "lookedafter.child", "opening.child", "plan.child",
        "restriction.child", "samechild.kept", "samechild.other", "voice.child",
    },
    "plan": {"midpointcheck.plan"},
    "conference": {"keyaction.conference"},
    "core-group": set(),
    "looked-after": set(),
}  # fmt: skip
# Never in the way: the history stays, and who was invited goes with the conference.
GOES_ON = {"factchange.child", "importtold.child", "conference_participants.conference"}
# A family is nothing that a run took down: it stays while any of these leads to it.
OF_A_FAMILY = {
    "child.family", "alsoinfamily.family", "conference.family", "coregroupmember.family", "case.family",
    "keyaction.family",
}  # fmt: skip


def test_every_table_that_leads_to_what_is_taken_away_is_looked_at_or_never_in_the_way() -> None:
    looked_at = {
        entity: {_named(one.field) for one in undoing.leading_to(kind)} for entity, kind in undoing.KIND.items()
    }
    assert looked_at == LEADS
    fields = [field for model in apps.get_models(include_auto_created=True) for field in model._meta.get_fields()]
    for kinds, known in (({*undoing.KIND.values()}, GOES_ON.union(*LEADS.values())), ({Family}, OF_A_FAMILY)):
        assert {
            _named(one) for one in fields if one.concrete and one.many_to_one and one.related_model in kinds
        } == known
    kept = {Family._meta.get_field(name).remote_field for name in undoing.NOBODY}
    assert {_named(one) for one in kept} == OF_A_FAMILY


def _named(field: Any) -> str:
    return f"{field.model._meta.model_name}.{field.name}"


def test_a_second_family_that_was_taken_back_is_not_in_the_way(cast: Cast) -> None:
    run = everything(cast)
    _also_in_the_new_family(cast)
    assert why_not_undone(run) != ""
    AlsoInFamily.objects.update(ended_at=SECOND, ended_by=cast.person("Nadia"))
    family = _new().family
    undo(run, at=THIRD, by=None)
    assert not Child.objects.filter(external_id="90001").exists()
    assert Family.objects.filter(pk=family.pk).exists()


def test_a_family_that_an_earlier_import_led_a_child_out_of_stays_until_that_is_undone(cast: Cast) -> None:
    start = all_facts(cast.authority)
    one = brought_in(a_file(child("90004", family_key="A")), cast.authority)
    two = brought_in(a_file(child("90001", family_key="B")), cast.authority)
    apart = all_facts(cast.authority)
    both = a_file(child("90004", family_key="B"), child("90001", row=3, family_key="B"))
    three = brought_in(both, cast.authority)
    assert three.counts["child_updated"] == 1
    there = all_facts(cast.authority)
    four = brought_in(a_file(child("90003", family_key="A")), cast.authority)
    assert Child.objects.get(external_id="90003").family_id not in Child.objects.exclude(
        external_id="90003"
    ).values_list("family_id", flat=True)
    for run, then in ((four, there), (three, apart), (two, None), (one, start)):
        undo(run, at=SECOND, by=None)
        connection.check_constraints()
        assert then in (None, all_facts(cast.authority))


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


def test_a_restriction_that_somebody_has_dealt_with_since_is_not_undone(cast: Cast) -> None:
    """Else the record would be open, and a restriction of it on file that nobody could lift or set again."""
    brought_in(a_file(child(), plan()), cast.authority)
    run = brought_in(a_file(child(restricted=True), plan(), as_at=LATER), cast.authority, at=SECOND)
    ask_to_lift(Child.objects.get(external_id="90001"), cast.person("Judith"), SECOND)
    assert "dealt since with the restriction of the record of child 90001" in why_not_undone(run)
    with pytest.raises(NotApplied):
        undo(run, at=THIRD, by=None)
    assert Child.objects.get(external_id="90001").restricted


def test_one_that_two_people_have_lifted_since_is_undone(cast: Cast) -> None:
    brought_in(a_file(child(), plan()), cast.authority)
    before = all_facts(cast.authority)
    run = brought_in(a_file(child(restricted=True), plan(), as_at=LATER), cast.authority, at=SECOND)
    of_it = Child.objects.get(external_id="90001")
    ask_to_lift(of_it, cast.person("Judith"), SECOND)
    lift(of_it, cast.person("Nadia"), SECOND)
    undo(run, at=THIRD, by=None)
    assert all_facts(cast.authority) == before


def test_a_record_that_somebody_is_kept_out_of_since_is_not_opened_by_undoing(cast: Cast) -> None:
    run = brought_in(a_file(child(), plan()), cast.authority)
    Exclusion.objects.create(
        authority=cast.authority, child=Child.objects.get(external_id="90001"), by=cast.person("Nadia"),
        person=cast.person("Imran"), why="Asked", since=THIRD,
    )  # fmt: skip
    assert why_not_undone(run) == "Somebody was kept out of the record of child 90001 since. What it rests on stays."
    assert why_not_undone(run, {_new().pk}) == undoing.BUILT_OF_CLOSED


def test_whoever_may_not_see_a_child_is_not_told_what_came_since_about_them(cast: Cast) -> None:
    for built, _ in BUILT:
        with transaction.atomic():
            run = everything(cast)
            built(cast)
            told = why_not_undone(run)
            closed = set(Child.objects.values_list("pk", flat=True))
            kept = why_not_undone(run, closed)
            if built in (_a_later_import, _a_key_action):  # these name no child
                assert kept == told
            else:
                assert kept == undoing.BUILT_OF_CLOSED, built
                with pytest.raises(NotApplied, match="closed to you"):
                    undo(run, at=THIRD, by=None, closed=closed)
            transaction.set_rollback(True)
