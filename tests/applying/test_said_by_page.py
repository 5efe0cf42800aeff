"""What somebody says of a child by page: written beside what was, with what follows; refused at its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.plan_cycle.test_perform import fixed
from tests.resolutions import reached
from undrift.applying import by_hand, looked_after
from undrift.applying.by_hand import NewChild
from undrift.applying.putting_right import OF_CHILD, OF_LOOKED_AFTER, OF_PLAN, put_right
from undrift.children.models import Child, Conference, FactChange, Plan
from undrift.children.models.conference import ConferenceKind
from undrift.engine.ladder import acts as ladder_acts
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts
from undrift.messages.texts import write
from undrift.plan_cycle.actions import perform
from undrift.record.allocating import allocate
from undrift.record.allocations import AllocationPart
from undrift.record.families import NotChanged
from undrift.record.handing_on import new_day
from undrift.record.history import rows_of
from undrift.record.models import Duty, Notice
from undrift.record.sweep import sweep
from undrift.resolutions.actions import perform as perform_concern
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import record_plans_ended

DAY = timedelta(days=1)


def by(cast: Cast) -> dict[str, Any]:
    return {"by": cast.person("Pauline"), "at": NOW}


def kinds(resolution: Resolution) -> list[str]:
    return [row.type for row in rows_of(resolution.pk)]


def said(child: Child) -> list[tuple[str, str, str]]:
    return list(FactChange.objects.filter(child=child).values_list("field", "was", "now"))


def initial(cast: Cast, child: Child, **about: Any) -> Conference:
    return Conference.objects.create(
        authority=cast.authority, family=child.family, reference="C-2026-9001", kind=ConferenceKind.INITIAL, **about
    )


def a_child(cast: Cast, **said: Any) -> Child:
    facts: dict[str, Any] = {"number": "8001", "first_name": "Robin", "last_name": "Teal", "born": date(2024, 1, 8)}
    return by_hand.begin(cast.authority, NewChild(**(facts | said)), why="Told by the team", **by(cast))


# A child begins -------------------------------------------------------------------------------------------------------


def test_a_child_begins_in_a_family_of_its_own_and_its_history_says_by_whom_and_why(west: Cast) -> None:
    robin = a_child(west)
    assert (str(robin), str(robin.family), robin.external_id) == ("Robin Teal", "Teal family", "8001")
    change = FactChange.objects.get(child=robin)
    assert (change.entity, change.now, change.by, change.why) == (
        "child", "on file", west.person("Pauline"), "Told by the team",
    )  # fmt: skip


def test_a_child_begins_with_its_brothers_and_sisters(west: Cast) -> None:
    assert a_child(west, sibling=west.child("Kai")).family == west.family("Sorrel")


def test_twins_are_two_records_of_one_family(west: Cast) -> None:
    expected = TODAY + 60 * DAY
    first = a_child(west, number="8001", first_name="", born=None, expected=expected)
    second = a_child(west, number="8002", first_name="", born=None, expected=expected, sibling=first)
    assert first.family == second.family
    assert (first.pk, first.expected_birth) != (second.pk, second.expected_birth)
    by_hand.born(first, TODAY, **by(west), first_name="Ash")
    second.refresh_from_db()
    assert (second.first_name, second.date_of_birth) == ("", None)


@pytest.mark.parametrize("number", ["4141", "04141", " 4141", "4141.0"])
def test_a_number_that_another_child_has_is_refused_however_it_is_written(west: Cast, number: str) -> None:
    Child.objects.filter(pk=west.child("Kai").pk).update(external_id="4141")
    with pytest.raises(NotChanged, match="Another child of the council has this number") as refusal:
        a_child(west, number=number)
    assert refusal.value.field == "number"


# As case systems write them: the number on file, and how somebody writes it again.
WRITTEN_AGAIN = [
    ("LCS 41 41", "LCS 41 41"), ("LCS 41 41", "lcs4141"), ("LCS4141", "LCS 41 41"), ("41 41.0", "4141"),
    ("Mö 41\u00a041", "Mö 41\u00a041"), ("(41) *41", "(41) *41"), ("0 041", "41"), ("Straße 41", "Straße 41"),
]  # fmt: skip


@pytest.mark.parametrize(("on_file", "again"), WRITTEN_AGAIN)
@pytest.mark.parametrize("how", ["begins", "put right"])
def test_a_number_of_several_parts_is_another_childs_too(west: Cast, on_file: str, again: str, how: str) -> None:
    Child.objects.filter(pk=west.child("Kai").pk).update(external_id=on_file)
    with pytest.raises(NotChanged, match="Another child"):
        a_child(west, number=again) if how == "begins" else is_put_right(west, "Maya", "external_id", again)
    Child.objects.filter(pk=west.child("Kai").pk).update(external_id=f"{on_file} 7")
    a_child(west, number=again)


def test_a_file_that_names_the_number_later_meets_the_same_child(west: Cast) -> None:
    from tests.applying.by_hand import LATER, SECOND, a_file, brought_in, plan

    robin = a_child(west)
    brought_in(a_file(plan("8001", starts=date(2026, 5, 8)), as_at=LATER), west.authority, at=SECOND)
    assert Plan.objects.get(starts=date(2026, 5, 8)).child == robin


# Refused at its field, with what to do -------------------------------------------------------------------------------


def an_unborn(cast: Cast) -> Child:
    return a_child(cast, born=None, expected=TODAY + 60 * DAY)


def begun(cast: Cast, child: Child, starts: date, category: str = "NEG") -> None:
    by_hand.begin_plan([child], starts=starts, category=category, **by(cast))


REFUSED: list[tuple[str, Callable[[Cast], object], str, str]] = [
    ("neither born nor expected", lambda w: a_child(w, born=None), "born", "or the expected one"),
    ("without number and name", lambda w: a_child(w, number="", first_name="", last_name=""), "number", "or a name"),
    ("born tomorrow", lambda w: a_child(w, born=TODAY + DAY), "born", "today or earlier"),
    ("expected a season ago", lambda w: a_child(w, born=None, expected=TODAY - 90 * DAY), "expected",
     "Enter the date of birth"),
    ("a birth to come", lambda w: by_hand.born(an_unborn(w), TODAY + DAY, **by(w)), "born", "today or earlier"),
    ("a birth a year too early", lambda w: by_hand.born(an_unborn(w), TODAY - 300 * DAY, **by(w)), "born",
     "put the expected day right first"),
    ("born already", lambda w: by_hand.born(w.child("Kai"), TODAY, **by(w)), "born", "put it right instead"),
    ("a second plan beside the first", lambda w: begun(w, w.child("Kai"), TODAY), "starts", "when that plan ended"),
    ("a plan to come", lambda w: begun(w, a_child(w), TODAY + DAY), "starts", "today or earlier"),
    ("a plan before the pregnancy", lambda w: begun(w, a_child(w), date(2023, 1, 1)), "starts", "pregnancy"),
    ("an end without a plan", lambda w: by_hand.end_plan([a_child(w)], last_day=TODAY, **by(w)), "", "If one began"),
    ("an end before the start", lambda w: by_hand.end_plan([w.child("Kai")], last_day=date(2026, 2, 16), **by(w)),
     "last_day", "cannot have ended before"),
    ("an end to come", lambda w: by_hand.end_plan([w.child("Kai")], last_day=TODAY + DAY, **by(w)), "last_day",
     "today or earlier"),
    ("the same category", lambda w: by_hand.change_category(w.child("Kai"), "NEG", **by(w)), "category",
     "Select another"),
    ("a category of no plan", lambda w: by_hand.change_category(a_child(w), "NEG", **by(w)), "category", "no plan"),
    ("a move to nowhere", lambda w: by_hand.move_away(w.child("Kai"), on=TODAY, to=" ", **by(w)), "to", "council"),
    ("a move before the plan", lambda w: by_hand.move_away(w.child("Kai"), on=date(2026, 1, 1), to="North", **by(w)),
     "on", "cannot have ended before"),
    ("a death to come", lambda w: by_hand.died(w.child("Kai"), on=TODAY + DAY, **by(w)), "on", "today or earlier"),
    ("a death before the birth", lambda w: by_hand.died(w.child("Kai"), on=date(2020, 1, 1), **by(w)), "on", "born on"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "field", "next_step"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_refusal_names_the_field_and_the_next_step(
    west: Cast, act: Callable[[Cast], object], field: str, next_step: str
) -> None:
    before = FactChange.objects.exclude(field="").count(), Plan.objects.count()
    with pytest.raises(NotChanged, match=next_step) as refusal:
        act(west)
    assert refusal.value.field == field
    assert (FactChange.objects.exclude(field="").count(), Plan.objects.count()) == before


# Born -----------------------------------------------------------------------------------------------------------------


def test_the_date_of_birth_counts_and_the_expected_one_stays_on_file(west: Cast) -> None:
    robin = an_unborn(west)
    by_hand.born(robin, TODAY - DAY, first_name="Ash", sex="F", **by(west))
    robin.refresh_from_db()
    assert (robin.date_of_birth, robin.expected_birth) == (TODAY - DAY, TODAY + 60 * DAY)
    assert (robin.first_name, robin.sex) == ("Ash", "F")
    assert ("date_of_birth", "", (TODAY - DAY).isoformat()) in said(robin)
    assert ("first_name", "Robin", "Ash") in said(robin)


# Plans ----------------------------------------------------------------------------------------------------------------


def test_whoever_chaired_before_the_plan_chairs_on_it(west: Cast) -> None:
    robin, imran, hannah = a_child(west), west.person("Imran"), west.person("Hannah")
    initial(west, robin, held_on=NOW - DAY, chair=imran).participants.add(hannah)
    begun(west, robin, TODAY - DAY)
    plan = Plan.objects.get(child=robin)
    assert (plan.chair, plan.social_worker, plan.team) == (imran, hannah, west.unit("North"))
    assert (plan.initial_category, plan.latest_category, plan.previous_plans) == ("NEG", "NEG", 0)


def test_a_later_plan_counts_those_before_it_and_keeps_the_first(west: Cast) -> None:
    kai = west.child("Kai")
    by_hand.end_plan([kai], last_day=TODAY - 10 * DAY, **by(west))
    with pytest.raises(NotChanged, match="The next one begins later"):
        begun(west, kai, TODAY - 10 * DAY)
    begun(west, kai, TODAY - DAY, "EMO")
    first, second = Plan.objects.filter(child=kai).order_by("starts")
    assert (first.ends, second.ends, second.previous_plans) == (TODAY - 10 * DAY, None, 1)
    assert second.chair == west.person("Grace")


def test_brothers_and_sisters_begin_and_end_together_or_not_at_all(west: Cast) -> None:
    maya, jude, robin = west.child("Maya"), west.child("Jude"), a_child(west)
    with pytest.raises(NotChanged, match="on no plan"):
        by_hand.end_plan([maya, jude, robin], last_day=TODAY, **by(west))
    assert Plan.objects.filter(child__in=[maya, jude], ends=None).count() == 2
    by_hand.end_plan([maya, jude], last_day=TODAY, **by(west))
    assert not Plan.objects.filter(child__in=[maya, jude], ends=None).exists()


def test_the_latest_category_changes_and_the_first_stays(west: Cast) -> None:
    by_hand.change_category(west.child("Kai"), "EMO", **by(west))
    plan = west.plan("Kai")
    assert (plan.initial_category, plan.latest_category) == ("NEG", "EMO")


@pytest.mark.parametrize(("last_day", "at_once"), [(TODAY - DAY, True), (TODAY, False)])
def test_of_a_plan_that_ended_the_chair_is_asked_at_once_or_once_the_day_is_over(
    west: Cast, last_day: date, at_once: bool
) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 2 * DAY).resolution
    by_hand.end_plan([west.child("Maya")], last_day=last_day, **by(west))
    assert ("plan_ended" in kinds(resolution)) is at_once
    record_plans_ended(NOW + DAY)
    assert kinds(resolution).count("plan_ended") == 1


def test_of_a_plan_that_had_ended_before_the_concern_the_chair_is_asked_once_somebody_says_so(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - DAY).resolution
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - 5 * DAY, **by(west))
    assert kinds(resolution).count("plan_ended") == 1
    assert Notice.objects.get(case=resolution.pk, kind="plan_ended").to_person == west.person("Grace")
    is_put_right(west, "Maya", "ends", TODAY - 4 * DAY)
    record_plans_ended(NOW + DAY)
    assert kinds(resolution).count("plan_ended") == 1


def test_of_a_plan_that_everybody_knew_to_have_ended_before_the_concern_nobody_is_asked(west: Cast) -> None:
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - 5 * DAY, **(by(west) | {"at": NOW - 2 * DAY}))
    resolution = reached.stage_one(west, "Maya", at=NOW - DAY).resolution
    is_put_right(west, "Maya", "ends", TODAY - 4 * DAY)
    record_plans_ended(NOW + DAY)
    assert "plan_ended" not in kinds(resolution)


def test_a_child_who_moves_away_has_no_plan_here_and_the_chair_is_asked(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 2 * DAY).resolution
    maya = west.child("Maya")
    by_hand.move_away(maya, on=TODAY - DAY, to="Northmoor", why="Accepted there", **by(west))
    assert "plan_ended" in kinds(resolution)
    maya.refresh_from_db()
    assert (maya.moved_on, maya.moved_to) == (TODAY - DAY, "Northmoor")
    begun(west, maya, TODAY)
    maya.refresh_from_db()
    assert (maya.moved_on, maya.moved_to) == (None, "")
    assert said(maya)[-2:] == [("moved_on", (TODAY - DAY).isoformat(), ""), ("moved_to", "Northmoor", "")]


def test_an_end_that_is_taken_back_is_on_the_record_and_the_chair_who_was_asked_hears_it(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 2 * DAY).resolution
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - DAY, **by(west))
    decide = Duty.objects.get(case=resolution.pk, must="decide whether it goes on")
    is_put_right(west, "Maya", "ends", None)
    assert kinds(resolution)[-1] == "plan_end_taken_back"
    decide.refresh_from_db()
    assert decide.gone_at == NOW
    notice = Notice.objects.get(case=resolution.pk, kind="plan_end_taken_back")
    assert notice.to_person == west.person("Grace")
    assert write(notice).subject == f"A plan goes on: {resolution.reference}"
    assert "Said by Pauline" in rows_of(resolution.pk)[-1].payload["source"]
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - DAY, **by(west))
    assert kinds(resolution)[-1] == "plan_ended", "an end that is right after all is asked about again"
    assert Duty.objects.filter(case=resolution.pk, must="decide whether it goes on", gone_at=None).count() == 1


def test_an_end_that_the_chair_has_decided_about_is_taken_back_without_a_word(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 2 * DAY).resolution
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - DAY, **by(west))
    goes_on = ladder_acts.CarryOn((str(west.child("Maya").pk),), "What was promised is owed.")
    perform_concern(goes_on, resolution=resolution, by=west.person("Grace"), at=NOW)
    is_put_right(west, "Maya", "ends", None)
    assert kinds(resolution)[-1] == "carried_on"


def test_a_plan_cycle_goes_on_where_the_end_that_its_chair_recorded_is_taken_back(west: Cast) -> None:
    maya = west.child("Maya")
    case = fixed(west).case
    perform(acts.EndPlan(str(maya.pk), TODAY, "other"), case=case, by=west.person("Grace"), at=NOW)
    told = Notice.objects.filter(case=case, kind="plan_ended").values_list("to_person", flat=True)
    assert told
    hold = Duty.objects.filter(case=case, must=CycleMust.HOLD, key__endswith=":c1", gone_at=None)
    assert not hold.exists()
    by_hand.end_plan([maya], last_day=TODAY, **by(west))
    is_put_right(west, "Maya", "ends", None)
    assert [row.type for row in rows_of(case.pk)][-1] == "plan_end_taken_back"
    again = Notice.objects.filter(case=case, kind="plan_end_taken_back")
    assert set(again.values_list("to_person", flat=True)) == set(told) | {west.person("Grace").pk}
    assert write(again[0]).subject == f"For information: The plan goes on ({case.reference})"
    assert hold.exists(), "what passed with the plan is owed once more"


def test_an_end_that_is_put_off_to_a_day_that_is_not_over_is_taken_back_and_asked_about_once_it_comes(
    west: Cast,
) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 2 * DAY).resolution
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - 2 * DAY, **by(west))
    is_put_right(west, "Maya", "ends", TODAY - DAY)
    assert kinds(resolution)[-1] == "plan_ended", "it is over all the same"
    is_put_right(west, "Maya", "ends", TODAY)
    assert kinds(resolution)[-1] == "plan_end_taken_back"
    assert "Said by Pauline" in rows_of(resolution.pk)[-1].payload["source"]
    record_plans_ended(NOW + DAY)
    assert kinds(resolution)[-1] == "plan_ended"


def test_a_plan_cycle_goes_on_where_the_end_that_its_chair_recorded_is_put_off(west: Cast) -> None:
    maya = west.child("Maya")
    case = fixed(west).case
    ended = acts.EndPlan(str(maya.pk), TODAY - DAY, "other")
    perform(ended, case=case, by=west.person("Grace"), at=NOW)
    by_hand.end_plan([maya], last_day=TODAY - DAY, **by(west))
    is_put_right(west, "Maya", "ends", TODAY)
    assert [row.type for row in rows_of(case.pk)][-1] == "plan_end_taken_back"


def test_a_plan_whose_end_a_file_never_had_is_not_taken_back_by_it(west: Cast) -> None:
    """The chair knows of the end before the file does."""
    maya = west.child("Maya")
    case = fixed(west).case
    perform(acts.EndPlan(str(maya.pk), TODAY, "other"), case=case, by=west.person("Grace"), at=NOW)
    is_put_right(west, "Maya", "latest_category", "EMO")
    assert [row.type for row in rows_of(case.pk)][-1] == "plan_ended"


# Death ----------------------------------------------------------------------------------------------------------------


def test_a_record_of_a_child_who_died_is_restricted_at_once_and_held(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    maya, before = west.child("Maya"), len(kinds(resolution))
    unsent = Notice.objects.filter(case=resolution.pk, sent_at=None, dropped_at=None)
    assert unsent.exists()
    due = Duty.objects.filter(case=resolution.pk, met_at=None).latest("due_at").due_at
    assert due is not None
    by_hand.died(maya, on=TODAY, **by(west))
    maya.refresh_from_db()
    assert (maya.died_on, maya.restricted) == (TODAY, True)
    assert not unsent.exists()
    assert sweep(due + DAY) == 0
    assert len(kinds(resolution)) == before
    assert resolution.ended_at is None


def test_while_a_brother_or_sister_lives_dates_pass_as_they_do(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    by_hand.died(west.child("Maya"), on=TODAY, **by(west))
    assert Notice.objects.filter(case=resolution.pk, sent_at=None, dropped_at=None).exists()
    assert sweep(NOW + 30 * DAY) > 0


@pytest.mark.parametrize("dead", [False, True])
def test_nobody_is_thanked_over_a_child_who_died(west: Cast, dead: bool) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    if dead:
        by_hand.died(west.child("Maya"), on=TODAY, **by(west))
    notice = Notice.objects.filter(case=resolution.pk).latest("pk")
    notice.kind, notice.ask = "resolved", ""
    text = write(notice)
    assert text.subject.startswith("Resolved: ")
    assert ("Thank you" in text.subject + text.body) is not dead


def test_of_a_child_who_died_nothing_more_is_said(west: Cast) -> None:
    kai = west.child("Kai")
    by_hand.died(kai, on=TODAY, **by(west))
    acts: tuple[Callable[[], object], ...] = (
        lambda: by_hand.end_plan([kai], last_day=TODAY, **by(west)),
        lambda: by_hand.change_category(kai, "EMO", **by(west)),
        lambda: by_hand.move_away(kai, on=TODAY, to="Northmoor", **by(west)),
        lambda: by_hand.died(kai, on=TODAY, **by(west)),
    )
    for act in acts:
        with pytest.raises(NotChanged, match="put the day of death right first"):
            act()


# Put right ------------------------------------------------------------------------------------------------------------

FACTS = {fact.column: fact for fact in (*OF_CHILD, *OF_PLAN)}


def is_put_right(cast: Cast, who: str, column: str, value: object, why: str = "Mistyped") -> None:
    thing = (
        cast.child(who) if FACTS[column] in OF_CHILD else Plan.objects.filter(child=cast.child(who)).latest("starts")
    )
    put_right(thing, FACTS[column], value, why=why, **by(cast))


PUT_RIGHT = [
    ("external_id", "8009"), ("first_name", "Kay"), ("last_name", "Sorrell"), ("sex", "F"),
    ("date_of_birth", date(2024, 1, 9)), ("starts", date(2026, 2, 18)), ("initial_category", "EMO"),
    ("latest_category", "EMO"), ("previous_plans", 1), ("ends", TODAY),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), PUT_RIGHT)
def test_what_was_mistyped_is_put_right_and_what_stood_there_is_kept_with_why(
    west: Cast, column: str, value: object
) -> None:
    kai = west.child("Kai")
    is_put_right(west, "Kai", column, value)
    change = FactChange.objects.get(child=kai)
    assert (change.field, change.why, change.by) == (column, "Mistyped", west.person("Pauline"))
    assert change.was != change.now


NOT_PUT_RIGHT = [
    ("external_id", "4101", "Another child"), ("external_id", "", "Enter number"),
    ("date_of_birth", date(2027, 1, 1), "today or earlier"), ("date_of_birth", None, "expected one first"),
    ("date_of_birth", date(2026, 12, 24), "today or earlier"), ("starts", date(2022, 1, 1), "pregnancy"),
    ("ends", date(2026, 2, 1), "before it begins"), ("previous_plans", None, "Enter number of previous"),
    ("moved_on", TODAY, "has not moved away"), ("latest_category", "NEG", "there already"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "sentence"), NOT_PUT_RIGHT)
def test_what_cannot_be_is_refused_at_the_field(west: Cast, column: str, value: object, sentence: str) -> None:
    Child.objects.filter(pk=west.child("Kai").pk).update(external_id="4141")
    Child.objects.filter(pk=west.child("Maya").pk).update(external_id="4101")
    with pytest.raises(NotChanged, match=sentence) as refusal:
        is_put_right(west, "Kai", column, value)
    assert refusal.value.field == "value"


def test_a_birth_lies_near_the_day_on_which_it_was_expected(west: Cast) -> None:
    kai = west.child("Kai")
    expected, birth = OF_CHILD[5], kai.date_of_birth
    assert (expected.column, birth) == ("expected_birth", date(2024, 1, 8))
    with pytest.raises(NotChanged, match="one of the two is mistyped") as refused:
        put_right(kai, expected, date(2016, 5, 6), why="Typed", **by(west))
    assert refused.value.field == "value"
    put_right(kai, expected, date(2024, 1, 20), why="Typed", **by(west))
    kai.refresh_from_db()
    assert kai.expected_birth == date(2024, 1, 20)


def test_nothing_happened_to_a_child_before_its_birth(west: Cast) -> None:
    kai = west.child("Kai")
    before = date(2024, 1, 7)
    kai.plans.update(ends=TODAY - DAY)
    for act in (
        lambda: by_hand.move_away(kai, on=before, to="Northmoor", **by(west)),
        lambda: by_hand.died(kai, on=before, **by(west)),
        lambda: looked_after.begin(kai, starts=before, **by(west)),
    ):
        with pytest.raises(NotChanged, match="The child was born on Monday 8 January 2024"):
            act()


def test_nothing_is_put_right_to_a_day_before_the_birth_nor_the_birth_to_a_day_after_it(west: Cast) -> None:
    kai, born = west.child("Kai"), date(2024, 1, 8)
    care = looked_after.begin(kai, starts=born, **by(west))
    kai.plans.update(ends=TODAY - DAY)
    by_hand.move_away(kai, on=TODAY - DAY, to="Northmoor", **by(west))
    kai.refresh_from_db()
    for thing, fact, day, sentence in (
        (care, OF_LOOKED_AFTER[0], born - DAY, "The child was born on Monday 8 January 2024"),
        (kai, FACTS["moved_on"], born - DAY, "The child was born on Monday 8 January 2024"),
        (kai, FACTS["date_of_birth"], born + DAY, "came to be looked after on Monday 8 January 2024"),
        (kai, FACTS["date_of_birth"], TODAY, "moved away on Tuesday 5 May 2026"),
    ):
        with pytest.raises(NotChanged, match=sentence) as refused:
            put_right(thing, fact, day, why="Typed", **by(west))
        assert refused.value.field == "value"


def test_why_it_was_wrong_has_to_be_said(west: Cast) -> None:
    with pytest.raises(NotChanged, match="Say what was wrong") as refusal:
        is_put_right(west, "Kai", "last_name", "Sorrell", why=" ")
    assert refusal.value.field == "why"


def test_two_plans_never_overlap_by_being_put_right(west: Cast) -> None:
    kai = west.child("Kai")
    by_hand.end_plan([kai], last_day=TODAY - 10 * DAY, **by(west))
    begun(west, kai, TODAY - 5 * DAY)
    with pytest.raises(NotChanged, match="would overlap"):
        is_put_right(west, "Kai", "starts", TODAY - 12 * DAY)
    first = Plan.objects.filter(child=kai).earliest("starts")
    with pytest.raises(NotChanged, match="would overlap"):
        put_right(first, FACTS["ends"], None, why="It runs", **by(west))


def test_a_plan_that_never_ended_runs_again_and_the_chair_is_asked_anew_when_it_ends(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", at=NOW - 5 * DAY).resolution
    by_hand.end_plan([west.child("Maya")], last_day=TODAY - 2 * DAY, **by(west))
    is_put_right(west, "Maya", "ends", None, "It was another child's plan")
    assert west.plan("Maya").ends is None
    assert kinds(resolution).count("plan_ended") == 1


def test_a_death_that_was_a_mistake_is_taken_back_and_two_people_lift_the_restriction(west: Cast) -> None:
    by_hand.died(west.child("Kai"), on=TODAY, **by(west))
    is_put_right(west, "Kai", "died_on", None, "It was another child")
    kai = west.child("Kai")
    assert (kai.died_on, kai.restricted) == (None, True)


def test_what_was_said_of_a_day_to_come_is_not_done_once_the_plan_has_ended(west: Cast) -> None:
    kai = west.child("Kai")
    allocate([kai], AllocationPart.CHAIR, west.person("Imran"), from_day=TODAY + 5 * DAY, **by(west))
    by_hand.end_plan([kai], last_day=TODAY, **by(west))
    new_day(NOW + 5 * DAY)
    assert Plan.objects.get(child=kai).chair == west.person("Grace")
