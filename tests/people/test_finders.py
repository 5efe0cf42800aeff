"""A protocol's words find the right living person, and say how; a vacancy is never silent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast, northmoor, westmarch
from undrift.people.assigning import Parts
from undrift.people.finders import (
    CaseContext,
    FinderError,
    find,
    resolve_roles,
    roles_of,
    understood,
)
from undrift.people.found import Found
from undrift.people.models import Agency, Cover, Holding, Person, Post

pytestmark = pytest.mark.django_db

WESTMARCH_ROLES = {
    "chair": "chair of the child's conference",
    "social-worker": "social worker of the child",
    "team-manager": "manager of the child's team",
    "group-manager": "manager one unit above the child's team",
    "head-of-service": "manager two units above the child's team",
    "assistant-director": "manager three units above the child's team",
    "director": "the authority's Director of Children's Services",
    "safeguarding-review": "the authority's Group Manager for Safeguarding and Review",
    "principal-iro": "the authority's Principal IRO",
    "safeguarding-head": "the authority's Head of Service for Safeguarding",
    "business-manager": "the partnership's Partnership Business Manager",
    "core-group": "core group of the child",
}

NORTHMOOR_ROLES = {
    "chair": "chair of the child's conference",
    "front-line-manager": "the responsible agency's front-line manager",
    "safeguarding-lead": "the responsible agency's Safeguarding Lead, else the manager above",
    "chief-officer": "the responsible agency's chief officer",
    "csc-team-manager": "manager of the child's team",
    "quality-manager": "the authority's CSC Quality & Review Manager",
    "senior-manager": "manager one unit above the child's team",
    "directorate-safeguarding": "the authority's Directorate Safeguarding Manager",
    "head-of-csc": "the authority's head-of-csc",
    "inspection-head": "the authority's Head of Safeguarding, Inspection & Audit",
    "director": "the authority's Director of Targeted & Assessment Services",
    "raising-lead": "Safeguarding Lead of the raising agency",
    "core-group": "core group of the child",
}


@pytest.fixture
def west() -> Cast:
    return westmarch()


@pytest.fixture
def north() -> Cast:
    return northmoor()


def away(cast: Cast, name: str, by: str, starts: date = TODAY, ends: date | None = None) -> Cover:
    return Cover.objects.create(
        authority=cast.authority, away=cast.person(name), covering=cast.person(by), starts=starts, ends=ends
    )


def vacate(post: Post) -> None:
    Holding.objects.filter(post=post).update(ends=TODAY - timedelta(days=1))


def name(person: Person | None) -> str:
    assert person is not None
    return person.name


def named(found: Mapping[str, Found]) -> dict[str, str]:
    return {role: name(one.person) for role, one in found.items()}


def who(held_by: str, case: CaseContext, at: datetime) -> str:
    return name(find(held_by, case, at).person)


def test_every_role_of_the_five_stage_policy_is_somebody(west: Cast) -> None:
    expected = {
        "chair": "Grace Ollerton",
        "social-worker": "Hannah Quill",
        "team-manager": "Priya Nairn",
        "group-manager": "Denise Harkaway",
        "head-of-service": "Farah Lindley",
        "assistant-director": "Stephen Ropley",
        "director": "Angela Mirfield",
        "safeguarding-review": "Judith Calloway",
        "principal-iro": "Marcus Penhale",
        "safeguarding-head": "Nadia Brookfield",
        "business-manager": "Simon Eddery",
        "core-group": "Siobhan Darrow",
    }
    assert named(resolve_roles(WESTMARCH_ROLES, west.case("Maya"), NOW)) == expected
    # Ella's team is in the other Group Manager's area; from the Head of Service up the line is one.
    other = named(
        resolve_roles(WESTMARCH_ROLES | {"core-group": "chair of the child's conference"}, west.case("Ella"), NOW)
    )
    assert (other["social-worker"], other["team-manager"], other["group-manager"], other["head-of-service"]) == (
        "Kofi Ansell",
        "Callum Stroud",
        "Owen Tarrant",
        "Farah Lindley",
    )


def test_every_role_of_the_six_stage_policy_is_somebody(north: Cast) -> None:
    case = north.case("Aisha", responsible="Moorland Health Trust", raising="Northmoor Children's Social Care")
    assert named(resolve_roles(NORTHMOOR_ROLES, case, NOW)) == {
        "chair": "Rosalind Amery",
        "front-line-manager": "Elias Thornby",
        "safeguarding-lead": "Dr Meena Kessler",
        "chief-officer": "Paul Trevanion",
        "csc-team-manager": "Leonie Cartmel",
        "quality-manager": "Desmond Farrelly",
        "senior-manager": "Bashir Holloway",
        "directorate-safeguarding": "Ines Calderbank",
        "head-of-csc": "Margit Ashworthy",
        "inspection-head": "Gwilym Stanhope",
        "director": "Oluchi Branwell",
        "raising-lead": "Ines Calderbank",
        "core-group": "Elias Thornby",
    }


@pytest.mark.parametrize(
    ("agency", "manager", "lead", "chief"),
    [
        ("Moorland Health Trust", "Elias Thornby", "Dr Meena Kessler", "Paul Trevanion"),
        ("Northmoor Police", "Caitlin Eversholt", "Hassan Winterbourne", "Moira Stainforth"),
        ("Northmoor Schools and Colleges", "Gethin Aldersey", "Sunita Bracewell", "Laurence Popplewick"),
        ("Northmoor Housing Alliance", "Zofia Redmayne", "Clive Osgathorpe", "Beatriz Hartsop"),
        ("Harrowdale Children's Social Care", "Petra Sallowfield", "Tobias Kearsley", "Vivienne Oxcroft"),
    ],
)
def test_each_agency_answers_on_three_rungs_to_another_council_too(
    north: Cast, agency: str, manager: str, lead: str, chief: str
) -> None:
    found = named(
        resolve_roles(
            {role: NORTHMOOR_ROLES[role] for role in ("front-line-manager", "safeguarding-lead", "chief-officer")},
            north.case("Elin", responsible=agency),
            NOW,
        )
    )
    assert list(found.values()) == [manager, lead, chief]


def test_one_councils_posts_are_not_found_for_another_council(north: Cast) -> None:
    director = "the authority's director"
    assert who(director, north.case("Aisha"), NOW) == "Oluchi Branwell"
    assert who(director, north.case("Elin"), NOW) == "Hugh Castellane"


def test_all_roles_of_a_case_take_one_query_and_one_more_where_the_roster_is_new(west: Cast, north: Cast) -> None:
    cases = (
        (WESTMARCH_ROLES, west.case("Maya")),
        (NORTHMOOR_ROLES, north.case("Aisha", responsible="Moorland Health Trust")),
    )
    for roles, case in cases:
        for asked in (2, 1):
            with CaptureQueriesContext(connection) as queries:
                found = resolve_roles(roles, case, NOW)
                assert all(one.how for one in found.values())
            assert len(queries) == asked


def test_core_group_and_participants_are_several_people(west: Cast) -> None:
    case = west.case("Maya")
    people = find("core group of the child", case, NOW).everyone
    assert [person.name for person in people] == ["Siobhan Darrow", "Joel Askew"]
    nobody = find("conference participants", case, NOW)
    assert nobody.vacant
    assert nobody.how == "Nobody with an account and a post is recorded for the conference: tell an administrator."


@pytest.mark.parametrize(
    "sentence", [*WESTMARCH_ROLES.values(), *NORTHMOOR_ROLES.values(), "The Chair of the child’s conference"]
)
def test_every_sentence_of_both_policies_is_understood(sentence: str) -> None:
    assert understood(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["", "somebody", "manager of the team", "the authority's", "chair of the child's conference, else whoever"],
)
def test_words_no_finder_knows_are_refused_with_the_words_it_knows(west: Cast, sentence: str) -> None:
    assert not understood(sentence)
    with pytest.raises(FinderError, match="chair of the child's conference"):
        find(sentence, west.case("Maya"), NOW)


def test_somebody_away_is_answered_for_by_their_cover(west: Cast) -> None:
    away(west, "Denise Harkaway", "Owen Tarrant", ends=TODAY + timedelta(days=7))
    found = find("manager one unit above the child's team", west.case("Maya"), NOW)
    assert (found.person, found.on_behalf_of) == (west.person("Owen Tarrant"), west.person("Denise Harkaway"))
    assert found.post == west.post("group-manager", "North and Central Area")
    assert found.how == ("Owen Tarrant, covering for Denise Harkaway (Group Manager, North and Central Area).")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 5, 6, 22, 59, tzinfo=UTC), "Denise Harkaway"),
        (datetime(2026, 5, 6, 23, 0, tzinfo=UTC), "Owen Tarrant"),  # midnight in London, in summer time
        (datetime(2026, 5, 8, 22, 59, tzinfo=UTC), "Owen Tarrant"),
        (datetime(2026, 5, 8, 23, 0, tzinfo=UTC), "Denise Harkaway"),
    ],
)
def test_cover_runs_by_the_day_in_london_and_both_days_count(west: Cast, at: datetime, expected: str) -> None:
    away(west, "Denise Harkaway", "Owen Tarrant", starts=date(2026, 5, 7), ends=date(2026, 5, 8))
    assert who("manager one unit above the child's team", west.case("Maya"), at) == expected


def test_cover_of_the_cover_is_followed(west: Cast) -> None:
    away(west, "Denise Harkaway", "Owen Tarrant")
    away(west, "Owen Tarrant", "Farah Lindley")
    found = find("manager one unit above the child's team", west.case("Maya"), NOW)
    assert (name(found.person), name(found.on_behalf_of)) == ("Farah Lindley", "Denise Harkaway")


def test_two_who_cover_for_each_other_leave_it_to_the_one_above(west: Cast) -> None:
    away(west, "Denise Harkaway", "Owen Tarrant")
    away(west, "Owen Tarrant", "Denise Harkaway")
    found = find("manager one unit above the child's team", west.case("Maya"), NOW)
    assert name(found.person) == "Farah Lindley"
    assert "because nobody is in the post below it" in found.how


def test_a_chair_who_is_away_is_covered_too(west: Cast) -> None:
    away(west, "Grace Ollerton", "Imran Dastgir")
    found = find("chair of the child's conference", west.case("Maya"), NOW)
    assert found.how == "Imran Dastgir, covering for Grace Ollerton (the child's conference chair)."


def test_a_case_without_a_chair_says_so(west: Cast) -> None:
    found = find("chair of the child's conference", CaseContext(authority=west.authority), NOW)
    assert found.vacant
    assert found.how == "No conference chair is recorded for the child: tell an administrator."


@pytest.mark.parametrize(("kind", "words"), [("acting", "Hannah Quill, acting"), ("deputy", "Hannah Quill, as deputy")])
def test_a_vacant_post_falls_to_who_acts_or_deputises(west: Cast, kind: str, words: str) -> None:
    post = west.post("team-manager", "North")
    vacate(post)
    Holding.objects.create(
        authority=west.authority, post=post, person=west.person("Hannah Quill"), starts=TODAY, kind=kind
    )
    found = find("manager of the child's team", west.case("Maya"), NOW)
    assert found.how == f"{words} (Team Manager, North)."


def test_a_deputy_stands_in_only_while_the_holder_is_away_without_cover(west: Cast) -> None:
    post = west.post("team-manager", "North")
    Holding.objects.create(
        authority=west.authority, post=post, person=west.person("Hannah Quill"), starts=TODAY, kind="deputy"
    )
    manager = "manager of the child's team"
    assert who(manager, west.case("Maya"), NOW) == "Priya Nairn"
    away(west, "Priya Nairn", "Callum Stroud")
    assert who(manager, west.case("Maya"), NOW) == "Callum Stroud"
    away(west, "Callum Stroud", "Priya Nairn")
    found = find(manager, west.case("Maya"), NOW)
    assert (name(found.person), name(found.on_behalf_of)) == ("Hannah Quill", "Priya Nairn")


def test_a_vacant_post_without_a_stand_in_falls_to_the_unit_above_and_says_so(west: Cast) -> None:
    vacate(west.post("team-manager", "North"))
    found = find("manager of the child's team", west.case("Maya"), NOW)
    assert found.post == west.post("team-manager", "North")
    assert found.how == (
        "Denise Harkaway, Group Manager, because nobody is in the post below it "
        "(Team Manager, North): tell an administrator."
    )


def test_somebody_whose_account_is_closed_holds_nothing(west: Cast) -> None:
    Person.objects.filter(name="Priya Nairn").update(is_active=False)
    assert who("manager of the child's team", west.case("Maya"), NOW) == "Denise Harkaway"


def test_the_latest_of_two_holders_is_taken(west: Cast) -> None:
    Holding.objects.create(
        authority=west.authority,
        post=west.post("team-manager", "North"),
        person=west.person("Dev Marchetti"),
        starts=TODAY,
    )
    assert who("manager of the child's team", west.case("Maya"), NOW) == "Dev Marchetti"
    yesterday = NOW - timedelta(days=1)
    assert who("manager of the child's team", west.case("Maya"), yesterday) == "Priya Nairn"


def test_when_everybody_above_is_gone_it_is_said_and_nobody_is_invented(west: Cast) -> None:
    Holding.objects.filter(authority=west.authority).update(ends=TODAY - timedelta(days=1))
    found = find("manager of the child's team", west.case("Maya"), NOW)
    assert found.vacant
    assert found.how == "Nobody holds Team Manager, North: tell an administrator."


def test_a_substitute_is_taken_when_the_first_cannot_be_found_and_says_why(west: Cast, north: Cast) -> None:
    found = find("the authority's Safeguarding Lead, else the authority's Principal IRO", west.case("Maya"), NOW)
    assert found.how == (
        "There is no post Safeguarding Lead of Westmarch Council; "
        "so Marcus Penhale (Principal IRO of Westmarch Council)."
    )


def test_the_manager_above_stands_in_for_a_lead_nobody_can_fill(north: Cast) -> None:
    Post.objects.filter(slug="safeguarding-lead").update(unit=None, heads_unit=False)
    lead = north.post("safeguarding-lead", "Moorland Health Trust Safeguarding Team")
    Post.objects.filter(pk=lead.pk).update(unit=north.unit("CAMHS"))
    vacate(lead)
    case = north.case("Aisha", responsible="Moorland Health Trust")
    found = find(NORTHMOOR_ROLES["safeguarding-lead"], case, NOW)
    assert name(found.person) == "Elias Thornby"


def test_in_an_agency_without_such_a_post_its_leader_is_the_manager_above(north: Cast) -> None:
    # As if there had never been one: no holder of a post is ever deleted.
    Post.objects.filter(slug="safeguarding-lead").update(slug="named-nurse", title="Named Nurse")
    case = north.case("Aisha", responsible="Moorland Health Trust")
    found = find(NORTHMOOR_ROLES["safeguarding-lead"], case, NOW)
    assert found.how == (
        "There is no post Safeguarding Lead of Moorland Health Trust; "
        "so Paul Trevanion (Chief Executive, the post above the one that is missing)."
    )


def test_without_a_responsible_agency_the_sentence_asks_which(north: Cast) -> None:
    found = find(NORTHMOOR_ROLES["chief-officer"], north.case("Aisha"), NOW)
    assert found.vacant
    assert found.how == "No responsible agency is recorded, so it has no chief officer: say which it is."


LINE = ("team-manager", "group-manager", "head-of-service", "assistant-director", "director")
LINE_POSTS = {
    "team-manager": "North",
    "group-manager": "North and Central Area",
    "head-of-service": "Family Safeguarding Service",
    "assistant-director": "Children's Social Care Division",
}


def test_whichever_posts_are_vacant_every_rung_below_a_filled_one_has_somebody(west: Cast) -> None:
    """All 16 ways in which the four posts below the director may be vacant: 64 rungs, each with a person."""
    case = west.case("Maya")
    roles = {role: WESTMARCH_ROLES[role] for role in LINE}
    rungs = 0
    for empty in chain.from_iterable(combinations(LINE_POSTS, size) for size in range(5)):
        Holding.objects.update(ends=None)
        for slug in empty:
            vacate(west.post(slug, LINE_POSTS[slug]))
        found = resolve_roles(roles, case, NOW)
        people = [name(found[role].person) for role in LINE]
        holders = {role: one for role, one in zip(LINE, people, strict=True) if role not in empty}
        for place, role in enumerate(LINE):
            above = next(holders[higher] for higher in LINE[place:] if higher in holders)
            assert name(found[role].person) == above, (empty, role)
            rungs += role in LINE_POSTS
    assert rungs == 64


def test_a_person_may_act_in_their_own_roles_and_for_whom_they_cover(west: Cast) -> None:
    away(west, "Denise Harkaway", "Owen Tarrant")
    found = resolve_roles(WESTMARCH_ROLES, west.case("Maya"), NOW)
    assert roles_of(west.person("Priya Nairn"), found) == {"team-manager"}
    assert roles_of(west.person("Owen Tarrant"), found) == {"group-manager"}
    assert roles_of(west.person("Denise Harkaway"), found) == {"group-manager"}
    assert roles_of(west.person("Joel Askew"), found) == {"core-group"}
    assert roles_of(west.person("Callum Stroud"), found) == frozenset()


def test_one_person_may_hold_several_posts(west: Cast) -> None:
    post = west.post("group-manager", "North and Central Area")
    vacate(post)
    Holding.objects.create(authority=west.authority, post=post, person=west.person("Farah Lindley"), starts=TODAY)
    found = resolve_roles(WESTMARCH_ROLES, west.case("Maya"), NOW)
    assert roles_of(west.person("Farah Lindley"), found) == {"group-manager", "head-of-service"}


# Another body's part --------------------------------------------------------------------------------------------------

PARTNERS = ("Moorland Health Trust", "Northmoor Police", "Northmoor Schools and Colleges", "Northmoor Housing Alliance")
AGENCYS = {
    "front-line-manager": "the responsible agency's Front-line Manager, else manager of the child's team",
    "safeguarding-lead": "the responsible agency's Safeguarding Lead, else the authority's Safeguarding Lead",
    "chief-officer": "the responsible agency's Chief Officer, else the authority's Chief Officer",
}


@pytest.mark.parametrize("agency", PARTNERS)
@pytest.mark.parametrize("parts", [None, Parts(answers="front-line-manager", approves="chief-officer")])
def test_a_part_of_another_body_never_falls_to_the_councils_own_people(
    north: Cast, agency: str, parts: Parts | None
) -> None:
    here = north.agency(agency)
    case = north.case("Aisha", responsible=agency)
    Holding.objects.filter(post__agency=here).update(ends=TODAY - timedelta(days=1))
    found = resolve_roles(AGENCYS, case, NOW, parts=parts)
    for role, one in found.items():
        assert one.vacant, (role, one.how)
        assert one.body == here.pk
        assert agency in one.how


@pytest.mark.parametrize("agency", ["Northmoor Children's Social Care", ""])
def test_the_councils_own_people_answer_where_social_care_itself_or_no_agency_is_responsible(
    north: Cast, agency: str
) -> None:
    found = resolve_roles(AGENCYS, north.case("Aisha", responsible=agency), NOW)
    assert not any(one.vacant for one in found.values())


def test_an_agency_without_such_a_post_at_all_is_another_body_too(north: Cast) -> None:
    charity = Agency.objects.create(name="Moor Street Charity", kind="voluntary", partnership=north.built.partnership)
    found = resolve_roles(AGENCYS, replace(north.case("Aisha"), responsible_agency_id=charity.pk), NOW)
    assert {one.person for one in found.values()} == {None}


def test_a_vacant_rung_of_an_agency_still_rises_within_the_agency(north: Cast) -> None:
    case = north.case("Aisha", responsible="Moorland Health Trust")
    lead = resolve_roles(AGENCYS, case, NOW)["safeguarding-lead"]
    assert lead.post is not None
    Holding.objects.filter(post=lead.post).update(ends=TODAY - timedelta(days=1))
    after = resolve_roles(AGENCYS, case, NOW)["safeguarding-lead"]
    assert after.person is None or after.person.agency_id == case.responsible_agency_id
