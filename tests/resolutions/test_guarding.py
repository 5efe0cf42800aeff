"""Who may come near a child's record: set by one at once, lifted by two, and nobody for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.fetching import NotFound, fetch, fetch_child
from undrift.access.matrix import Action
from undrift.access.models import Alert, Exclusion
from undrift.access.restricting import (
    NotDone,
    ask_to_lift,
    exclude,
    exclusions_of,
    lift,
    lift_exclusion,
    may,
    name,
    names_of,
    restrict,
    restriction_of,
    unname,
)
from undrift.access.rows import visible_to
from undrift.children.models import Child, Conference
from undrift.engine.ladder import acts
from undrift.messages.alert_texts import write
from undrift.people.models import Cover
from undrift.record.models import Duty, Notice
from undrift.record.outcomes import Refused
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import search

LATER = NOW + timedelta(hours=1)
MONTH = TODAY + timedelta(days=30)
RELATIVE = "is a relative of the family"


def opens(cast: Cast, who: str, child: str = "Maya") -> bool:
    try:
        return fetch_child(cast.child(child).public_id, cast.person(who), LATER) is not None
    except NotFound:
        return False


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotDone) as found:
        act()
    return found.value.sentence


def test_a_restricted_record_is_seen_only_by_those_named(west: Cast) -> None:
    maya = west.child("Maya")
    before = {who: opens(west, who) for who in ("Grace", "Hannah", "Priya", "Marcus", "Judith")}
    restrict(maya, west.person("Marcus"), "A relative works here.", NOW)
    after = {who: opens(west, who) for who in before}
    assert all(before.values())
    assert after == {"Grace": True, "Hannah": True, "Priya": False, "Marcus": False, "Judith": False}
    assert [(one.person.name, one.ends) for one in names_of(maya, NOW)] == [
        ("Grace Ollerton", date(2026, 11, 6)), ("Hannah Quill", date(2026, 11, 6)),
    ]  # fmt: skip


def test_what_was_theirs_to_do_and_is_done_opens_a_restricted_childs_record_to_nobody(west: Cast) -> None:
    """Answered, approved, judged and moved on: by the page, the search and the copy, only whose turn it is now."""
    here = reached.stage_one(west, "Maya").resolution
    reached.answered(west, here, NOW)
    reached.judged(west, here, NOW, settled=False)
    perform(acts.MoveOn("stage-2", "not accepted", ask="Dates."), resolution=here, by=west.person("Grace"), at=NOW)

    def seen(action: Action) -> set[str]:
        return {
            one.given_name for one in west.built.people.values()
            if visible_to(Resolution, one, LATER, action=action).filter(pk=here.pk).exists()
        }  # fmt: skip

    assert {"Priya", "Denise", "Farah", "Marcus", "Judith"} <= seen(Action.READ)
    restrict(west.child("Maya"), west.person("Grace"), "A relative works here.", NOW)
    assert seen(Action.LIST) == seen(Action.READ) == seen(Action.COPY) == {"Grace", "Hannah", "Denise"}
    assert not search(west.person("Priya"), "Maya", now=LATER).rows
    perform(reached.ANSWER, resolution=here, by=west.person("Denise"), at=LATER)
    perform(acts.Approve(), resolution=here, by=west.person("Farah"), at=LATER)
    assert seen(Action.READ) == {"Grace", "Hannah"}, "the answer is in, and the turn is the chair’s"


def test_whoever_had_a_part_in_a_concern_and_is_shut_out_of_it_hears_so_without_any_detail(west: Cast) -> None:
    """One of two children is restricted: the concern about both is closed to those who have nothing to do there."""
    here = reached.stage_one(west, "Maya", "Jude").resolution
    reached.answered(west, here, NOW)

    def seen(who: str) -> bool:
        return visible_to(Resolution, west.person(who), LATER).filter(pk=here.pk).exists()

    before = {who for who in ("Grace", "Hannah", "Priya", "Denise", "Farah", "Nadia") if seen(who)}
    restrict(west.child("Jude"), west.person("Marcus"), "A relative works here.", NOW)
    shut = {who for who in before if not seen(who)}
    assert "Priya" in shut
    assert not {"Grace", "Hannah"} & shut, "they are named"
    alerts = Alert.objects.filter(kind="shut").select_related("authority", "to_person")
    assert "Priya" in {alert.to_person.given_name for alert in alerts}
    assert not [alert for alert in alerts if seen(alert.to_person.given_name)]
    text = write(alerts[0])
    assert "closed to you from now on" in text.subject
    assert "ring Safeguarding and Review" in text.body
    assert "http" not in text.body
    for detail in (here.reference, "Jude", "Maya", "Alder", "relative", "Marcus"):
        assert detail not in text.subject + text.body
    assert not Alert.objects.filter(kind="shut", to_person=west.person("Marcus")).exists(), "they did it"


def test_whoever_chairs_before_the_plan_is_named_and_guards_the_record(west: Cast) -> None:
    grace, imran, family = west.person("Grace"), west.person("Imran"), west.family("Alder")
    nia = Child.objects.create(authority=west.authority, family=family, first_name="Nia")
    Conference.objects.create(
        authority=west.authority, family=family, reference="C-1", kind="initial", planned_for=LATER, chair=imran
    )
    assert may(imran, Action.GUARD, nia, NOW)
    assert not may(grace, Action.GUARD, nia, NOW)
    restrict(nia, west.person("Marcus"), "A relative works here.", NOW)
    assert [one.person for one in names_of(nia, NOW)] == [imran]


def test_a_chair_who_restricts_is_not_named_by_themselves_and_still_sees_the_child(west: Cast) -> None:
    restrict(west.child("Maya"), west.person("Grace"), "A relative works here.", NOW)
    assert [one.person.name for one in names_of(west.child("Maya"), NOW)] == ["Hannah Quill"]
    assert opens(west, "Grace")


@pytest.mark.parametrize("who", ["Hannah", "Priya", "Denise", "Imran", "Angela", "Jo Talbot", "Pauline", "Siobhan"])
def test_only_the_chair_and_those_who_guard_the_council_restrict(west: Cast, who: str) -> None:
    said = refused(lambda: restrict(west.child("Maya"), west.person(who), "A relative works here.", NOW))
    assert said == "You cannot change who may see this record. Ask the child’s chair, or Safeguarding and Review."
    assert not west.child("Maya").restricted


def test_who_covers_for_the_chair_restricts_too(west: Cast) -> None:
    assert not may(west.person("Imran"), Action.GUARD, west.child("Maya"), NOW)
    Cover.objects.create(
        authority=west.authority, away=west.person("Grace"), covering=west.person("Imran"), starts=TODAY, ends=MONTH
    )
    assert (
        restrict(west.child("Maya"), west.person("Imran"), "A relative works here.", NOW).set_by.name == "Imran Dastgir"
    )


def test_nobody_guards_the_records_of_another_council(west: Cast, north: Cast) -> None:
    assert not may(north.person("Desmond"), Action.GUARD, west.child("Maya"), NOW)


def test_a_restriction_needs_its_reason_and_stands_once(west: Cast) -> None:
    maya, marcus = west.child("Maya"), west.person("Marcus")
    assert refused(lambda: restrict(maya, marcus, "  ", NOW)) == "Say why only those named may see this record"
    restrict(maya, marcus, "A relative works here.", NOW)
    assert refused(lambda: restrict(maya, marcus, "Again.", NOW)).startswith("This record is restricted already.")


def test_it_takes_two_to_lift(west: Cast) -> None:
    maya, grace, marcus = west.child("Maya"), west.person("Grace"), west.person("Marcus")
    restrict(maya, grace, "A relative works here.", NOW)
    assert refused(lambda: lift(maya, marcus, NOW)).startswith("Nobody has asked for this restriction to be lifted.")
    ask_to_lift(maya, grace, NOW)
    assert refused(lambda: lift(maya, grace, NOW)).startswith("You asked for this restriction to be lifted.")
    assert refused(lambda: ask_to_lift(maya, marcus, NOW)).startswith("Grace Ollerton has asked for this already.")
    assert not opens(west, "Priya")
    lift(maya, marcus, NOW)
    assert opens(west, "Priya")
    assert restriction_of(maya) is None


def test_a_record_that_came_restricted_is_lifted_by_two_as_well(west: Cast) -> None:
    robin = west.child("Robin")
    ask_to_lift(robin, west.person("Imran"), NOW)
    lift(robin, west.person("Judith"), NOW)
    assert not west.child("Robin").restricted


def test_what_is_not_restricted_cannot_be_lifted(west: Cast) -> None:
    assert (
        refused(lambda: ask_to_lift(west.child("Maya"), west.person("Grace"), NOW)) == "This record is not restricted."
    )


def test_somebody_named_sees_a_restricted_child_up_to_the_last_day_and_not_after(west: Cast) -> None:
    robin, imran = west.child("Robin"), west.person("Imran")
    assert not opens(west, "Callum", "Robin")
    listing = name(robin, west.person("Callum"), "Works with the older brother", TODAY, imran, NOW)
    assert opens(west, "Callum", "Robin")
    assert listing.ends == TODAY
    with pytest.raises(NotFound):
        fetch_child(robin.public_id, west.person("Callum"), NOW + timedelta(days=1))


@pytest.mark.parametrize("days_ago", [0, 3])
def test_a_name_is_taken_off_at_once(west: Cast, days_ago: int) -> None:
    robin, imran = west.child("Robin"), west.person("Imran")
    listing = name(robin, west.person("Callum"), "Covers", MONTH, imran, NOW - timedelta(days=days_ago))
    assert opens(west, "Callum", "Robin")
    unname(listing, imran, NOW)
    assert not opens(west, "Callum", "Robin")


@pytest.mark.parametrize(
    ("who", "until", "said"),
    [
        ("Imran", MONTH, "You cannot name yourself. Ask somebody else who guards this record."),
        ("Siobhan", MONTH, "Siobhan Darrow does not work for this council, and the list is for those who do."),
        ("Pauline", MONTH, "Pauline Greaves has no post that opens a child’s record, so naming them does nothing."),
        ("Jo Talbot", MONTH, "Jo Talbot has no post that opens a child’s record, so naming them does nothing."),
        ("Callum", TODAY - timedelta(days=1),
         "The last day must be from today to Friday 6 November 2026. Name them again after that."),
        ("Callum", date(2026, 11, 7),
         "The last day must be from today to Friday 6 November 2026. Name them again after that."),
        ("Callum", None, "The last day must be from today to Friday 6 November 2026. Name them again after that."),
    ],
)  # fmt: skip
def test_who_and_what_cannot_be_named(west: Cast, who: str, until: date | None, said: str) -> None:
    robin, imran = west.child("Robin"), west.person("Imran")
    assert refused(lambda: name(robin, west.person(who), "Covers", until, imran, NOW)) == said
    assert not names_of(robin, NOW).exists()


def test_naming_twice_and_naming_without_a_reason_are_refused(west: Cast) -> None:
    robin, imran, callum = west.child("Robin"), west.person("Imran"), west.person("Callum")
    assert refused(lambda: name(robin, callum, "", MONTH, imran, NOW)) == (
        "Say why Callum Stroud needs to see this record"
    )
    name(robin, callum, "Covers", MONTH, imran, NOW)
    assert refused(lambda: name(robin, callum, "Covers", MONTH, imran, NOW)) == "Callum Stroud is on the list already."


def test_whoever_is_kept_out_sees_nothing_whatever_their_post_and_is_let_in_by_another(west: Cast) -> None:
    maya, marcus, judith = west.child("Maya"), west.person("Marcus"), west.person("Judith")
    found = reached.stage_one(west).resolution
    exclude(maya, marcus, f"{RELATIVE}.", judith, NOW)
    assert exclusions_of(maya).get().why == RELATIVE
    assert not opens(west, "Marcus")
    with pytest.raises(NotFound):
        fetch(Resolution, found.reference, marcus, LATER)
    assert not may(marcus, Action.GUARD, maya, LATER)
    assert "cannot change" in refused(lambda: lift_exclusion(exclusions_of(maya).get(), marcus, LATER))
    assert refused(lambda: name(maya, marcus, "Covers", MONTH, judith, NOW)).startswith("Marcus Penhale is kept out")
    lift_exclusion(exclusions_of(maya).get(), judith, LATER)
    assert opens(west, "Marcus")


def test_nobody_keeps_themselves_out_and_nobody_twice(west: Cast) -> None:
    maya, marcus, priya = west.child("Maya"), west.person("Marcus"), west.person("Priya")
    assert refused(lambda: exclude(maya, marcus, RELATIVE, marcus, NOW)).startswith("You cannot keep yourself out.")
    exclude(maya, priya, RELATIVE, marcus, NOW)
    assert refused(lambda: exclude(maya, priya, RELATIVE, marcus, NOW)) == "Priya Nairn is kept out already."


def test_whoever_is_kept_out_loses_their_part_and_the_next_person_is_told(west: Cast) -> None:
    found = reached.stage_one(west).resolution
    dates = list(found.duties.order_by("key").values_list("key", "due_at"))
    done = exclude(west.child("Maya"), west.person("Priya"), RELATIVE, west.person("Marcus"), LATER)
    found.refresh_from_db()
    assert (done.resolutions, done.told) == (1, 3)
    assert found.next_person == west.person("Denise")
    assert set(Notice.objects.filter(kind="handed_on").values_list("to_person__name", "ask")) == {
        ("Denise Harkaway", "respond")
    }
    assert set(Notice.objects.filter(kind="post_vacant").values_list("to_person__name", flat=True)) == {
        "Judith Calloway", "Marcus Penhale",
    }  # fmt: skip
    assert list(found.duties.order_by("key").values_list("key", "due_at")) == dates
    assert not Duty.objects.filter(person=west.person("Priya"), met_at=None, gone_at=None).exists()
    with pytest.raises(Refused):
        perform(reached.ANSWER, resolution=found, by=west.person("Priya"), at=LATER)
    perform(reached.ANSWER, resolution=found, by=west.person("Denise"), at=LATER)
    with pytest.raises(Refused):
        perform(acts.Approve(), resolution=found, by=west.person("Denise"), at=LATER)
    perform(acts.Approve(), resolution=found, by=west.person("Farah"), at=LATER)


def test_let_in_again_the_part_comes_back(west: Cast) -> None:
    found = reached.stage_one(west).resolution
    exclude(west.child("Maya"), west.person("Priya"), RELATIVE, west.person("Marcus"), LATER)
    lift_exclusion(Exclusion.objects.get(), west.person("Judith"), LATER)
    found.refresh_from_db()
    assert found.next_person == west.person("Priya")


def test_another_childs_resolution_stays_with_them(west: Cast) -> None:
    other = reached.stage_one(west, "Tyler").resolution
    exclude(west.child("Maya"), west.person("Priya"), RELATIVE, west.person("Marcus"), LATER)
    other.refresh_from_db()
    assert other.next_person == west.person("Priya")


def test_a_concern_raised_afterwards_goes_past_them(west: Cast) -> None:
    exclude(west.child("Maya"), west.person("Priya"), RELATIVE, west.person("Marcus"), NOW)
    found = reached.stage_one(west, at=LATER).resolution
    assert found.next_person == west.person("Denise")
    assert not Notice.objects.filter(to_person=west.person("Priya")).exists()


def test_a_chair_who_is_kept_out_does_not_decide(west: Cast) -> None:
    found = reached.stage_one(west).resolution
    exclude(west.child("Maya"), west.person("Grace"), RELATIVE, west.person("Marcus"), NOW)
    reached.answered(west, found, LATER)
    found.refresh_from_db()
    assert found.next_person == west.person("Judith")
    assert not opens(west, "Grace")


def test_a_partners_person_who_is_kept_out_is_passed_over(north: Cast) -> None:
    child = north.child("Aisha")
    exclude(child, north.person("Elias"), RELATIVE, north.person("Desmond"), NOW)
    act = acts.Raise(
        stage="starred",
        children=(acts.ChildConcern(str(child.pk), "Nothing has been offered.", "Aisha"),),
        concern="The service agreed at the conference has not begun.",
        recommendation="Offer a first appointment.",
        ask="Offer a first appointment.",
        completion=date(2026, 5, 29),
        why_this_stage="It cannot wait.",
        agency=str(north.agency("Moorland Health Trust").pk),
    )
    found = perform(act, by=north.person("Rosalind"), at=NOW, context=context_for([child], NOW)).resolution
    assert found.next_person not in (None, north.person("Elias"))
    assert not Notice.objects.filter(to_person=north.person("Elias")).exists()


def test_a_refused_act_changes_nothing(west: Cast) -> None:
    before = Child.objects.filter(restricted=True).count(), Exclusion.objects.count(), Resolution.objects.count()
    for act in (
        lambda: restrict(west.child("Maya"), west.person("Priya"), "No.", NOW),
        lambda: exclude(west.child("Maya"), west.person("Hannah"), RELATIVE, west.person("Priya"), NOW),
        lambda: exclude(west.child("Maya"), west.person("Hannah"), "x" * 201, west.person("Marcus"), NOW),
    ):
        refused(act)
    after = Child.objects.filter(restricted=True).count(), Exclusion.objects.count(), Resolution.objects.count()
    assert after == before
