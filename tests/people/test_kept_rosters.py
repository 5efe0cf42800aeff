"""A roster is kept only while the database vouches for it: nobody is ever found who is no longer there."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast, northmoor, westmarch
from tests.house.database import superuser_url
from undrift.people import kept_rosters
from undrift.people.finders import CaseContext, resolve_roles
from undrift.people.models import Agency, Cover, Holding, Person, Unit
from undrift.people.roster import Roster, load_roster

MANAGER = {"manager": "manager of the child's team"}


@pytest.fixture
def west(db: None) -> Cast:
    return westmarch()


def manager(case: CaseContext, at: datetime = NOW) -> str:
    person = resolve_roles(MANAGER, case, at)["manager"].person
    return person.name if person is not None else ""


def away(cast: Cast, name: str, covering: str, **dates: object) -> Cover:
    return Cover.objects.create(
        authority=cast.authority, away=cast.person(name), covering=cast.person(covering), **{"starts": TODAY} | dates
    )


def statements(case: CaseContext, at: datetime = NOW) -> int:
    with CaptureQueriesContext(connection) as asked:
        resolve_roles(MANAGER, case, at)
    return len(asked)


def test_a_roster_is_read_once_and_then_vouched_for_on_any_day(west: Cast) -> None:
    case = west.case("Maya")
    assert statements(case) == 2
    assert [statements(case, NOW + timedelta(days=days)) for days in (0, 1, 30, -30)] == [1] * 4


def another_holder(west: Cast) -> None:
    the_post_is_vacated(west)
    post = west.post("team-manager", "North")
    Holding.objects.create(authority=west.authority, post=post, person=west.person("Yasmin"), starts=TODAY)


def cover_begins(west: Cast) -> None:
    away(west, "Priya", "Yasmin")


def the_account_is_closed(west: Cast) -> None:
    Person.objects.filter(pk=west.person("Priya").pk).update(is_active=False)


def the_post_is_vacated(west: Cast) -> None:
    Holding.objects.filter(post=west.post("team-manager", "North")).update(ends=TODAY - timedelta(days=1))


def the_name_changes(west: Cast) -> None:
    Person.objects.filter(pk=west.person("Priya").pk).update(name="Priya Nairn-Cole")


def another_heads_the_unit(west: Cast) -> None:
    old = west.post("team-manager", "North")
    old.heads_unit = False
    old.save(update_fields=["heads_unit"])


CHANGES = (another_holder, cover_begins, the_account_is_closed, the_post_is_vacated, the_name_changes,
           another_heads_the_unit)  # fmt: skip
change = pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)


@change
def test_a_change_in_ones_own_transaction_is_seen_at_once_and_what_is_rolled_back_never_was(
    west: Cast, change: Callable[[Cast], None]
) -> None:
    case = west.case("Maya")
    assert manager(case) == "Priya Nairn"
    with transaction.atomic():
        change(west)
        changed = manager(case)
        assert changed != "Priya Nairn"
        transaction.set_rollback(True)
    assert manager(case) == "Priya Nairn"
    change(west)
    assert manager(case) == changed


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_changed_is_seen_once_it_is_committed_and_not_before() -> None:
    west = westmarch()
    case, post, yasmin = west.case("Maya"), west.post("team-manager", "North").pk, west.person("Yasmin").pk
    assert manager(case) == "Priya Nairn"
    with psycopg.connect(superuser_url()) as other:
        other.execute("SELECT set_config('undrift.reach', 'service', false)")
        other.commit()
        for ends, seen in ((other.rollback, "Priya Nairn"), (other.commit, "Yasmin Okoro")):
            other.execute("UPDATE people_holding SET person_id = %s WHERE post_id = %s", [yasmin, post])
            assert manager(case) == "Priya Nairn"
            ends()
            assert manager(case) == (seen if ends == other.rollback else west.person("Yasmin").name)


def test_cover_begins_and_ends_at_midnight_in_london(west: Cast) -> None:
    case = west.case("Maya")
    away(west, "Priya", "Yasmin", ends=TODAY)
    # In summer the day begins an hour before it does in Greenwich.
    midnight = datetime.fromisoformat("2026-05-05T23:00:00+00:00")
    moments = (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=24, seconds=-1),
               midnight + timedelta(hours=24))  # fmt: skip
    stands_in = west.person("Yasmin").name
    assert [manager(case, at) for at in moments] == ["Priya Nairn", stands_in, stands_in, "Priya Nairn"]


def test_signing_in_changes_no_roster(west: Cast) -> None:
    case = west.case("Maya")
    manager(case)
    priya = west.person("Priya")
    priya.last_login = NOW
    priya.set_password("another long password for Priya")
    priya.save()
    assert statements(case) == 1
    priya.phone = "01632 960999"
    priya.save()
    assert statements(case) == 2


def test_a_partnerships_posts_and_whoever_holds_them_are_in_each_councils_roster(db: None) -> None:
    north = northmoor()
    case = north.case("Aisha", responsible="Moorland Health Trust")
    lead = {"lead": "the responsible agency's Safeguarding Lead"}
    before = resolve_roles(lead, case, NOW)["lead"]
    assert before.person is not None
    assert before.post is not None
    Person.objects.filter(pk=before.person.pk).update(name="Dr Meena Aldous")
    assert resolve_roles(lead, case, NOW)["lead"].person == before.person
    assert "Dr Meena Aldous" in resolve_roles(lead, case, NOW)["lead"].how
    # Lent by another council of the partnership: what happens to that person happens to this roster, too.
    other = north.case("Elin").authority
    lent = Person.objects.filter(authority=other).first()
    assert lent is not None
    Holding.objects.filter(post=before.post).update(ends=TODAY - timedelta(days=1))
    Holding.objects.create(partnership=before.post.partnership, post=before.post, person=lent, starts=TODAY)
    assert resolve_roles(lead, case, NOW)["lead"].person == lent
    Person.objects.filter(pk=lent.pk).update(is_active=False)
    assert resolve_roles(lead, case, NOW)["lead"].person != lent
    Agency.objects.filter(name="Moorland Health Trust").update(name="Moor Health")
    assert "Moor Health" in resolve_roles(lead, case, NOW)["lead"].how


def test_one_councils_roster_is_never_anothers(db: None) -> None:
    west, north = westmarch(), northmoor()
    for cast, name in ((west, "Maya"), (north, "Aisha"), (west, "Maya"), (north, "Aisha")):
        case = cast.case(name)
        found = resolve_roles(MANAGER, case, NOW)["manager"].person
        assert found is None or found.authority_id == case.authority.pk
    kept = [key for key in kept_rosters._KEPT if key[1] in {west.authority.pk, north.authority.pk}]
    assert len(kept) == 2


def test_what_is_found_is_the_callers_to_change_and_what_is_kept_is_not(west: Cast) -> None:
    case = west.case("Maya")
    first = resolve_roles(MANAGER, case, NOW)["manager"]
    assert first.person is not None
    assert first.post is not None
    first.person.name, first.post.title, first.post.agency.name = "Nobody", "Nothing", "Nowhere"
    again = resolve_roles(MANAGER, case, NOW)["manager"]
    assert again.person is not None
    assert again.post is not None
    assert (again.person.name, again.post.title) == ("Priya Nairn", "Team Manager")
    assert again.post.agency.name != "Nowhere"


def test_a_kept_roster_says_what_one_read_anew_says(west: Cast) -> None:
    away(west, "Denise", "Owen", ends=TODAY)
    away(west, "Priya", "Yasmin", post=west.post("team-manager", "North"))
    Holding.objects.filter(person=west.person("Judith")).update(ends=TODAY)
    for at in (NOW, NOW + timedelta(days=1), NOW - timedelta(days=4000)):
        kept, anew = kept_rosters.roster_of(west.authority, (), at), load_roster(west.authority, (), at)
        assert said(kept) == said(anew)


def said(roster: Roster) -> object:
    return (
        [(post.pk, roster.in_post(post), [up.pk for up in roster.upwards(post)]) for post in roster.posts],
        {post: [h.pk for h in held] for post, held in roster.holdings.items()},
        roster.covers, roster.post_covers, roster.places.tops, roster.places.leaders,
    )  # fmt: skip


def test_somebody_of_another_council_who_is_named_is_found_and_not_kept(db: None) -> None:
    west, north = westmarch(), northmoor()
    stranger = Person.objects.filter(authority=north.authority).first()
    assert stranger is not None
    case = deepcopy(west.case("Maya"))
    lent = CaseContext(authority=case.authority, team_unit_id=case.team_unit_id, chair_id=stranger.pk)
    assert resolve_roles({"chair": "chair of the child's conference"}, lent, NOW)["chair"].person == stranger
    stranger.is_active = False
    stranger.save()
    assert resolve_roles({"chair": "chair of the child's conference"}, lent, NOW)["chair"].person is None


def test_another_unit_above_is_another_roster(west: Cast) -> None:
    case = west.case("Maya")
    above = {"above": "manager one unit above the child's team"}
    before = resolve_roles(above, case, NOW)["above"].person
    north = west.unit("North")
    parent = Unit.objects.exclude(pk__in=[north.pk, north.parent_id]).filter(parent=None).first()
    Unit.objects.filter(pk=north.pk).update(parent=parent)
    assert resolve_roles(above, case, NOW)["above"].person != before
