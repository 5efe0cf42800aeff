"""One act, one transaction: what it writes, and that a refused one writes nothing."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.people.models import Cover
from undrift.record.history import history_of, state_of
from undrift.record.models import Duty, Event, Notice
from undrift.record.outcomes import DecidedMeanwhile, Refused
from undrift.record.who_plays import ChildrenApart, context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

LATER = NOW + timedelta(days=1)


def counted() -> tuple[int, int, int, int]:
    return (
        Event.objects.count(),
        Duty.objects.count(),
        Notice.objects.count(),
        sum(Resolution.objects.values_list("last_seq", flat=True)),
    )


def told(resolution: Resolution, kind: str) -> dict[str, str]:
    return {n.to_person.name: n.ask for n in resolution.notices.filter(kind=kind).select_related("to_person")}


def test_raising_gives_the_resolution_its_reference_place_and_date(west: Cast) -> None:
    done = reached.stage_one(west)
    stored = Resolution.objects.get()
    assert stored.reference == "R-2026-0001"
    assert (stored.stage, stored.tag, stored.next_must) == ("stage-1", "Waiting for response", "respond")
    assert stored.next_person == west.person("Priya")
    assert stored.due == date(2026, 5, 15)
    assert [event.type for event in done.events] == ["raised", "spoke"]
    assert sorted(stored.children.values_list("first_name", flat=True)) == ["Jude", "Maya"]


def test_references_are_counted_by_year_without_gaps(west: Cast) -> None:
    years = (NOW, NOW, NOW - timedelta(days=140), NOW)
    references = [reached.stage_one(west, at=at).resolution.reference for at in years]
    assert references == ["R-2026-0001", "R-2026-0002", "R-2025-0001", "R-2026-0003"]


def test_councils_of_a_partnership_count_together_so_a_reference_names_one_resolution(north: Cast) -> None:
    found = []
    for name, chair in (("Aisha", "Rosalind"), ("Elin", "Jerome")):
        child = north.child(name)
        act = acts.Raise(
            stage="starred",
            children=(acts.ChildConcern(str(child.pk), "Nothing has been offered.", name),),
            concern="The service agreed at the conference has not begun.",
            why_this_stage="It cannot wait.",
            recommendation="Offer a first appointment.",
            ask="Offer a first appointment.",
            completion=date(2026, 5, 29),
            agency=str(north.agency("Moorland Health Trust").pk),
        )
        found.append(perform(act, by=north.person(chair), at=NOW, context=context_for([child], NOW)).resolution)
    assert [r.reference for r in found] == ["SR-2026-0001", "SR-2026-0002"]
    assert {r.next_person for r in found} == {north.person("Elias")}


def test_the_history_folds_to_the_state_that_the_act_returned(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    done = reached.answered(west, resolution, LATER)
    assert state_of(resolution) == done.state
    assert [event.seq for event in history_of(resolution)] == [1, 2, 3, 4]


def test_an_approved_answer_hands_the_turn_to_the_chair_and_meets_the_duty(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.drafted(west, resolution, NOW + timedelta(hours=2))
    resolution.refresh_from_db()
    assert (resolution.tag, resolution.next_person) == ("Waiting for approval", west.person("Denise"))
    assert Duty.objects.get(key="1:respond:team-manager").met_at is None
    perform(acts.Approve(), resolution=resolution, by=west.person("Denise"), at=LATER)
    resolution.refresh_from_db()
    assert (resolution.tag, resolution.next_person) == ("Waiting for chair", west.person("Grace"))
    assert Duty.objects.get(key="1:respond:team-manager").met_at == LATER


def test_a_refused_act_says_why_and_changes_nothing(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    before = counted()
    for act, by, code in (
        (reached.ANSWER, "Callum", "not-yours"),
        (acts.Approve(), "Denise", "nothing-to-approve"),
        (acts.Respond("agree", " "), "Priya", "no-text"),
        (acts.Resolve({}), "Grace", "not-agreed"),
    ):
        with pytest.raises(Refused) as refused:
            perform(act, resolution=resolution, by=west.person(by), at=LATER)
        assert refused.value.refusal.code == code
    assert counted() == before


def test_a_refused_raise_uses_up_no_reference(west: Cast) -> None:
    context = context_for([west.child("Maya")], NOW)
    act = acts.Raise(stage="stage-1", children=())
    with pytest.raises(Refused):
        perform(act, by=west.person("Grace"), at=NOW, context=context)
    assert reached.stage_one(west).resolution.reference == "R-2026-0001"


def test_a_concern_about_two_families_is_not_one_resolution(west: Cast) -> None:
    with pytest.raises(ChildrenApart):
        context_for([west.child("Maya"), west.child("Tyler")], NOW)


def test_everyone_the_policy_names_is_told_and_the_actor_is_not(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    assert told(resolution, "raised") == {
        "Priya Nairn": "respond",
        "Denise Harkaway": "approve",
        "Judith Calloway": "",
        "Marcus Penhale": "",
    }
    reached.drafted(west, resolution, LATER)
    assert told(resolution, "answer_drafted") == {"Denise Harkaway": "approve"}


def test_cover_acts_on_behalf_of_the_one_who_is_away(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.drafted(west, resolution, NOW + timedelta(hours=1))
    Cover.objects.create(
        authority=west.authority,
        away=west.person("Denise"),
        covering=west.person("Owen"),
        starts=LATER.date(),
    )
    done = perform(acts.Approve(), resolution=resolution, by=west.person("Owen"), at=LATER)
    (event,) = done.events
    assert (event.by.name, event.by.role, event.by.on_behalf_of) == (
        "Owen Tarrant", "group-manager", "Denise Harkaway",
    )  # fmt: skip
    stored = Event.objects.get(seq=event.seq)
    assert (stored.on_behalf_of, stored.on_behalf_of_name) == (west.person("Denise").pk, "Denise Harkaway")


def test_a_part_handed_over_is_played_by_the_new_person(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    yasmin = west.person("Yasmin")
    act = acts.HandOver("team-manager", str(yasmin.pk), yasmin.name, "Priya is on leave.")
    perform(act, resolution=resolution, by=west.person("Grace"), at=LATER)
    resolution.refresh_from_db()
    assert resolution.next_person == yasmin
    assert perform(reached.ANSWER, resolution=resolution, by=yasmin, at=LATER).events[0].by.role == "team-manager"


def test_whose_turn_it_is_changes_by_itself_when_the_date_passes(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    resolution.refresh_from_db()
    on_the_day = datetime.fromisoformat("2026-05-15T22:00:00+00:00")
    after = on_the_day + timedelta(hours=3)
    assert resolution.turn(on_the_day).person == west.person("Priya")
    assert (resolution.turn(after).tag, resolution.turn(after).person) == (
        "Waiting for chair", west.person("Grace"),
    )  # fmt: skip
    assert resolution.turn(after).due == date(2026, 5, 19)


def test_who_decides_second_is_told_who_did(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.answered(west, resolution, LATER)
    seen = 4
    at = datetime.fromisoformat("2026-05-08T09:42:00+00:00")
    reached.judged(west, resolution, at)
    act = acts.Judge(dict.fromkeys(state_of(resolution).children, False), "There are no dates in it.")
    with pytest.raises(DecidedMeanwhile) as lost:
        perform(act, resolution=resolution, by=west.person("Grace"), at=at + timedelta(minutes=5), seen=seen)
    assert lost.value.sentence == "Grace Ollerton decided this at 10:42am. Read the decision."


def test_an_answer_that_came_in_while_the_chair_moved_on_is_a_conflict(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    late = NOW + timedelta(days=12)
    reached.answered(west, resolution, late)
    with pytest.raises(DecidedMeanwhile, match=r"^Denise Harkaway approved the answer at"):
        perform(
            acts.MoveOn("stage-2", "not answered"),
            resolution=resolution,
            by=west.person("Grace"),
            at=late + timedelta(minutes=1),
            seen=2,
        )


def test_a_note_never_conflicts(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    reached.answered(west, resolution, LATER)
    done = perform(acts.Note("Spoke again."), resolution=resolution, by=west.person("Grace"), at=LATER, seen=1)
    assert done.events[0].seq == 5


def test_acts_on_two_actions_do_not_conflict_and_on_one_they_do(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    for what in ("Book the meeting", "Write to the school"):
        asked = acts.ActionAsked(what, "Hannah Quill", date(2026, 5, 20), str(west.person("Hannah").pk))
        seen = perform(acts.AgreeAction(asked), resolution=resolution, by=west.person("Grace"), at=NOW).state.seq
    hannah = west.person("Hannah")
    finish = acts.FinishAction("a1", LATER.date())
    perform(finish, resolution=resolution, by=hannah, at=LATER, seen=seen)
    perform(acts.FinishAction("a2", LATER.date()), resolution=resolution, by=hannah, at=LATER, seen=seen)
    with pytest.raises(DecidedMeanwhile):
        perform(finish, resolution=resolution, by=hannah, at=LATER, seen=seen)


def test_an_act_takes_few_statements(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    with CaptureQueriesContext(
        connection,
    ) as asked:
        perform(acts.Note("Spoke again."), resolution=resolution, by=west.person("Grace"), at=LATER)
    assert len(asked) <= 12, [q["sql"][:90] for q in asked]


def test_more_time_is_the_date_of_every_list_until_it_has_passed_too(west: Cast) -> None:
    stored = reached.stage_one(west).resolution
    given = acts.GiveMoreTime(date(2026, 5, 20), "The school reopens on the 18th.")
    perform(given, resolution=stored, by=west.person("Grace"), at=LATER)
    stored.refresh_from_db()
    assert stored.due == date(2026, 5, 20)
    past_the_first, past_both = NOW + timedelta(days=12), NOW + timedelta(days=15)
    assert date(2026, 5, 15) < past_the_first.date() < stored.due < past_both.date()
    assert not stored.late(past_the_first)
    assert stored.turn(past_the_first).person == west.person("Priya")
    assert stored.turn(past_both).person == west.person("Grace")
