"""A file beside what people have done here: what they changed, whom they keep out, and how far they see themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from tests.applying.by_hand import (
    AS_AT,
    FIRST,
    LATER,
    SECOND,
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
from undrift.access import second_lock
from undrift.access.models import Exclusion, Listing
from undrift.applying.from_file import NotApplied, apply_check, check_file, undo
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, Conference, CoreGroupMember, ImportRun, Plan
from undrift.intake.extract import Meeting
from undrift.people.models import Cover, Person
from undrift.people.seats import seat_of

pytestmark = pytest.mark.django_db

NUMBER = "90001"


@pytest.fixture
def cast() -> Cast:
    return westmarch()


def by_hand(thing: Any, **values: Any) -> None:
    assert facts.change(thing, values, Because(at=FIRST))


def the_plan() -> Plan:
    return Plan.objects.get(child__external_id=NUMBER)


def then(cast: Cast, *rows: Any, **about: Any) -> ImportRun:
    return brought_in(a_file(*rows, **{"as_at": LATER, **about}), cast.authority, at=SECOND)


# What somebody changed here -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "here", "name"),
    [
        pytest.param({"latest_category": "NEG"}, {"latest_category": "PHY"}, "latest_category", id="category"),
        pytest.param({"initial_category": "NEG"}, {"initial_category": "SAB"}, "initial_category", id="first category"),
        pytest.param({"chair": "grace.ollerton@westmarch.example"}, {"chair_id": None}, "chair_id", id="no chair"),
        pytest.param({"worker": "As written"}, {"worker_text": ""}, "worker_text", id="worker"),
        pytest.param({"previous_plans": 2}, {"previous_plans": 1}, "previous_plans", id="plans before"),
    ],
)  # fmt: skip
def test_what_was_changed_here_stays_while_the_file_says_what_it_said(
    cast: Cast, told: dict[str, Any], here: dict[str, Any], name: str
) -> None:
    brought_in(a_file(plan(**told)), cast.authority)
    by_hand(the_plan(), **here)
    run = then(cast, plan(**told))
    assert getattr(the_plan(), name) == here[name]
    assert "row 2 says what this format said before, and it has become something else here since" in sentences(run)[0]
    again = then(cast, plan(**told))
    assert (getattr(the_plan(), name), again.counts["plan_updated"]) == (here[name], 0)


def test_what_was_changed_here_becomes_what_the_file_says_once_it_says_something_else(cast: Cast) -> None:
    brought_in(a_file(plan(latest_category="NEG")), cast.authority)
    by_hand(the_plan(), latest_category="PHY")
    then(cast, plan(latest_category="EMO"))
    assert the_plan().latest_category == "EMO"


def test_what_was_changed_here_after_the_file_s_day_is_younger_than_the_file(cast: Cast) -> None:
    brought_in(a_file(plan(latest_category="NEG"), as_at=date(2026, 4, 29)), cast.authority)
    by_hand(the_plan(), latest_category="PHY")  # on 6 May
    run = then(cast, plan(latest_category="EMO"), as_at=date(2026, 5, 5))
    assert "what row 2 says is older" in " ".join(sentences(run))
    assert the_plan().latest_category == "PHY"
    then(cast, plan(latest_category="EMO"), as_at=AS_AT)
    assert the_plan().latest_category == "EMO"


def test_a_plan_that_was_ended_here_is_not_opened_by_a_file_that_does_not_know_it(cast: Cast) -> None:
    brought_in(a_file(plan()), cast.authority)
    by_hand(the_plan(), ends=date(2026, 5, 5))
    run = then(cast, plan())
    assert (the_plan().ends, run.counts["asked"]) == (date(2026, 5, 5), 1)


def test_a_team_that_was_chosen_here_stays_until_the_file_names_another(cast: Cast) -> None:
    brought_in(a_file(plan(team="Locality 9")), cast.authority)
    by_hand(the_plan(), team_id=cast.unit("South").pk)
    then(cast, plan(team="Locality 9"))
    assert the_plan().team == cast.unit("South")
    then(cast, plan(team="Central"))
    assert the_plan().team == cast.unit("Central")


# Whom somebody keeps out ----------------------------------------------------------------------------------------------


def test_whoever_is_kept_out_of_a_child_s_record_gets_no_part_in_it_by_a_file(cast: Cast) -> None:
    imran = cast.person("Imran Dastgir")
    Exclusion.objects.create(
        authority=cast.authority, child=cast.child("Jude"), person=imran, why="is a relative of the family.",
        by=cast.person("Grace Ollerton"), since=FIRST,
    )  # fmt: skip
    rows = [
        plan("4101", chair=imran.email),
        meeting("4101", row=3, chair=imran.email, invited=(imran.email,)),
        member("4101", row=4, email=imran.email, name="Imran Dastgir"),
    ]
    before = cast.plan("Maya").chair
    run = brought_in(a_file(*rows), cast.authority)
    assert cast.plan("Maya").chair == before != imran
    conference = Conference.objects.get()
    assert (conference.chair, conference.participants.count()) == (None, 0)
    assert not CoreGroupMember.objects.filter(child=cast.child("Maya")).exists()
    assert sum("kept out of the record" in sentence for sentence in sentences(run)) == 4
    other = brought_in(a_file(plan("4111", starts=date(2026, 1, 20), chair=imran.email), as_at=LATER), cast.authority)
    assert (cast.plan("Tyler").chair, other.counts["plan_updated"]) == (imran, 1)


# How far somebody sees ------------------------------------------------------------------------------------------------


def reach() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('undrift.reach', true)")
        return str(cursor.fetchone()[0])


def test_a_file_is_compared_with_all_that_is_known_however_little_its_bringer_sees(cast: Cast) -> None:
    """And whoever brought it sees no more afterwards, whether it was applied or refused."""
    import pickle

    by = cast.person("Kofi Ansell")
    file = a_file(plan("4151", starts=date(2026, 2, 3), latest_category="EMO"))
    with transaction.atomic():
        second_lock.enter(by, seat_of(by, AS_AT), FIRST)
        assert not Child.objects.filter(external_id="4151").exists(), "a restricted child"
        check = check_file(
            cast.authority, file.source, file.file_name, pickle.dumps(file), as_at=AS_AT, at=FIRST, by=by
        )
        assert (check.counts["child_new"], check.counts["plan_updated"]) == (0, 1)
        assert reach() == "person"
        run = apply_check(check, at=FIRST, by=by)
        assert reach() == "person"
        with pytest.raises(NotApplied):
            apply_check(check, at=FIRST, by=by)
        assert reach() == "person"
        undo(run, at=SECOND, by=by)
        with pytest.raises(NotApplied):
            undo(run, at=SECOND, by=by)
        assert reach() == "person"
        transaction.set_rollback(True)


def test_a_refused_file_leaves_everything_as_it_was(cast: Cast) -> None:
    before = all_facts(cast.authority)
    with pytest.raises(NotApplied):
        brought_in(a_file(plan(), council="Northmoor"), cast.authority)
    assert all_facts(cast.authority) == before


# Whom a file gives a part ---------------------------------------------------------------------------------------------


def chaired(cast: Cast, email: str, by: Person | None, *rows: Any) -> ImportRun:
    file = a_file(*rows, plan(NUMBER, chair=email))
    return brought_in(file, cast.authority, at=FIRST, by=by)


def test_a_chair_of_a_file_holds_such_a_post(cast: Cast) -> None:
    run = chaired(cast, cast.person("Priya").email, None)
    assert the_plan().chair is None
    assert any("holds no such post" in sentence for sentence in sentences(run))


def test_nobody_gives_children_to_themselves_or_to_whom_they_stand_in_for(cast: Cast) -> None:
    grace = cast.person("Grace")
    run = chaired(cast, grace.email, grace)
    assert the_plan().chair is None
    assert any("whoever brings the file in" in sentence for sentence in sentences(run))
    Cover.objects.create(authority=cast.authority, away=grace, covering=cast.person("Jo"), starts=AS_AT)
    assert chaired(cast, grace.email, cast.person("Jo")).changes.count() == 0


def test_a_restricted_child_goes_to_nobody_who_is_not_named(cast: Cast) -> None:
    grace = cast.person("Grace")
    run = chaired(cast, grace.email, None, child(NUMBER, restricted=True))
    assert the_plan().chair is None
    assert any("is restricted, and the person is not named" in sentence for sentence in sentences(run))
    Listing.objects.create(
        authority=cast.authority,
        child=the_plan().child,
        person=grace,
        why="Chairs for her",
        starts=AS_AT,
        by=cast.person("Judith"),
    )
    assert then(cast, plan(NUMBER, chair=grace.email)).changes.get().field == "chair"


def test_nobody_invites_themselves_by_a_file(cast: Cast) -> None:
    jo = cast.person("Jo")
    invited = meeting(NUMBER, kind=Meeting.INITIAL, day=LATER, held=False, invited=(jo.email, "ash@westmarch.example"))
    run = brought_in(a_file(plan(NUMBER), invited), cast.authority, at=FIRST, by=jo)
    assert Conference.objects.get(family=the_plan().child.family).participants.count() == 0
    assert any("whoever brings the file in" in sentence for sentence in sentences(run))


def test_nobody_puts_themselves_in_a_core_group_by_a_file(cast: Cast) -> None:
    jo = cast.person("Jo")
    rows = plan(NUMBER), member(NUMBER, email=jo.email, starts=AS_AT)
    run = brought_in(a_file(*rows), cast.authority, at=FIRST, by=jo)
    assert not CoreGroupMember.objects.filter(person=jo).exists()
    assert any("whoever brings the file in" in sentence for sentence in sentences(run))


@pytest.mark.parametrize(
    ("on_file", "in_file", "then_until"),
    [
        pytest.param(date(2026, 1, 31), date(2030, 1, 1), date(2026, 1, 31), id="for longer"),
        pytest.param(date(2026, 1, 31), None, date(2026, 1, 31), id="without an end"),
        pytest.param(date(2026, 6, 30), date(2026, 5, 31), date(2026, 5, 31), id="for a shorter time"),
        pytest.param(None, date(2026, 5, 31), date(2026, 5, 31), id="with an end"),
    ],
)
@pytest.mark.parametrize("whole_family", [False, True])
def test_nobody_stays_longer_in_a_core_group_by_a_file_of_their_own(
    cast: Cast, on_file: date | None, in_file: date | None, then_until: date, whole_family: bool
) -> None:
    jo, kai = cast.person("Jo"), cast.child("Kai")
    CoreGroupMember.objects.create(
        authority=cast.authority, family=kai.family, child=None if whole_family else kai, person=jo,
        starts=date(2025, 12, 4), ends=on_file,
    )  # fmt: skip
    row = member(kai.external_id, email=jo.email, ends=in_file)
    run = brought_in(a_file(row), cast.authority, at=FIRST, by=jo)
    assert CoreGroupMember.objects.get(person=jo).ends == then_until
    refused = any("whoever brings the file in" in sentence for sentence in sentences(run))
    assert refused == (in_file == date(2030, 1, 1))
    brought_in(a_file(row), cast.authority, at=FIRST, by=cast.person("Judith"))
    assert CoreGroupMember.objects.get(person=jo).ends == (in_file or then_until)
