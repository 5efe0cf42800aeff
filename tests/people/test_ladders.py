"""Every way in which the posts of both ladders may be vacant, with a conflict of interest on each post in turn.

What is counted: steps without an accountable active person, people who would approve their own answer, people who
would answer what they raised. All three are 0, and the numbers of steps looked at are printed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from types import MappingProxyType
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, TODAY, Cast, northmoor, westmarch
from undrift import library
from undrift.people.finders import CaseContext, resolve_roles, roles_on
from undrift.people.found import Found
from undrift.people.models import Holding, Person, Post
from undrift.people.roster import load_roster
from undrift.protocol.model import Protocol, Stage
from undrift.record.who_plays import parts_of, sentences

pytestmark = pytest.mark.django_db

CONFLICT = "has an interest in this family"

# The five rungs of one council, and the post that is accountable when all of them are empty.
WESTMARCH_POSTS = {
    "team-manager": "North",
    "group-manager": "North and Central Area",
    "head-of-service": "Family Safeguarding Service",
    "assistant-director": "Children's Social Care Division",
    "director": "Children's Services Directorate",
    "group-manager-for-safeguarding-and-review": "Safeguarding and Review",
}
NORTHMOOR_AGENCIES = (
    "Moorland Health Trust",
    "Northmoor Police",
    "Northmoor Schools and Colleges",
    "Northmoor Housing Alliance",
)
RUNGS = ("front-line-manager", "safeguarding-lead", "chief-officer")


@dataclass(frozen=True)
class Ladder:
    """A protocol, a case, and the posts that may be vacant or in conflict."""

    protocol: Protocol
    case: CaseContext
    posts: Sequence[Post]

    def stages(self) -> Iterator[Stage]:
        return (stage for stage in self.protocol.stages if stage.answer is not None)


def subsets(posts: Sequence[Post]) -> Iterator[tuple[Post, ...]]:
    return chain.from_iterable(combinations(posts, size) for size in range(len(posts) + 1))


def vacant(posts: Sequence[Post]) -> None:
    Holding.objects.update(ends=None)
    Holding.objects.filter(post__in=posts).update(ends=TODAY.replace(day=1))


def holder(post: Post) -> Person:
    return Holding.objects.filter(post=post, kind="holder").latest("starts").person


def faults(stage: Stage, found: Mapping[str, Found], raised_by: int, barred: Mapping[int, str]) -> Counter[str]:
    """What is wrong at one stage; an empty count when all is well.

    A part that belongs to another body and that nobody there can play is nobody's, and says so: it is counted apart.
    """
    asked, said = stage.answer, Counter[str]()
    assert asked is not None
    parts = [asked.who, *stage.judged_by, *([asked.approved_by] if asked.approved_by else [])]
    said["steps"] = len(parts)
    for role in parts:
        person = found[role].person
        if person is None and found[role].body is not None and found[role].how:
            said["nobody in the agency"] += 1
        elif person is None or not person.serves_on(TODAY) or not found[role].how:
            said["without a person"] += 1
        elif person.pk in barred:
            said["in conflict"] += 1
    answering = {found[asked.who].person, found[asked.who].on_behalf_of} - {None}
    said["who raised it answers"] += raised_by in {person.pk for person in answering if person}
    if asked.approved_by:
        approving = {found[asked.approved_by].person, found[asked.approved_by].on_behalf_of} - {None}
        said["approves themselves"] += bool(answering & approving)
    said["fell"] += any(found[role].fell for role in parts)
    return said


def walk(ladder: Ladder, raised_by: int) -> Counter[str]:
    """Every subset of vacancies, with nobody and then each holder in conflict, at every stage."""
    counted = Counter[str]()
    conflicts = [None, *(holder(post).pk for post in ladder.posts)]
    for empty in subsets(ladder.posts):
        vacant(empty)
        roster = load_roster(ladder.case.authority, ladder.case.people(), NOW)
        for person in conflicts:
            barred = {person: CONFLICT} if person is not None else {}
            for stage in ladder.stages():
                parts = parts_of(ladder.protocol, stage.id, raised_by)
                assert parts is not None
                parts = replace(parts, barred=MappingProxyType(barred))
                found = roles_on(roster, sentences(ladder.protocol), ladder.case, parts=parts)
                counted += faults(stage, found, raised_by, barred)
                counted["stages"] += 1
        counted["subsets"] += 1
    return counted


def told(name: str, counted: Counter[str]) -> str:
    return (
        f"{name}: {counted['subsets']} vacancy subsets, {counted['stages']} stages, {counted['steps']} steps, "
        f"{counted['fell']} of them fell further: {counted['without a person']} without a person, "
        f"{counted['approves themselves']} approve themselves, {counted['who raised it answers']} raised it, "
        f"{counted['in conflict']} in conflict"
    )


FAULTS = ("without a person", "approves themselves", "who raised it answers", "in conflict")


@pytest.mark.parametrize("raiser", ["chair", "manager"])
def test_five_stages_with_any_posts_vacant_and_anybody_in_conflict(
    raiser: str, capsys: pytest.CaptureFixture[str]
) -> None:
    west = westmarch()
    case = west.case("Maya")
    ladder = Ladder(library.load("walsall"), case, [west.post(slug, where) for slug, where in WESTMARCH_POSTS.items()])
    raised_by = west.person("Grace").pk if raiser == "chair" else west.person("Priya").pk
    counted = walk(ladder, raised_by)
    with capsys.disabled():
        print("\n" + told(f"Five stages, raised by the {raiser}", counted))
    assert (counted["subsets"], counted["stages"]) == (64, 64 * 7 * 6)
    assert {fault: counted[fault] for fault in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert counted["fell"] > 1000


def test_six_stages_with_any_posts_of_any_agency_vacant_and_anybody_in_conflict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    north, counted = northmoor(), Counter[str]()
    for agency in NORTHMOOR_AGENCIES:
        case = north.case("Aisha", responsible=agency, raising="Northmoor Children's Social Care")
        posts = list(Post.objects.filter(agency__name=agency, slug__in=RUNGS))
        before = counted["nobody in the agency"]
        assert len(posts) == 3
        counted += walk(Ladder(library.load("pan-lancashire"), case, posts), north.person("Rosalind").pk)
        assert counted["nobody in the agency"] > before
    with capsys.disabled():
        print("\n" + told("Six stages, four agencies", counted))
    assert (counted["subsets"], counted["stages"]) == (32, 32 * 4 * 4)
    assert {fault: counted[fault] for fault in FAULTS} == dict.fromkeys(FAULTS, 0)


def west_roles(cast: Cast, stage: str, **also: Any) -> dict[str, Found]:
    protocol = library.load("walsall")
    parts = parts_of(protocol, stage, cast.person("Grace").pk)
    assert parts is not None
    return resolve_roles(sentences(protocol), cast.case("Maya"), NOW, parts=replace(parts, **also))


def test_without_vacancies_the_parts_are_those_that_the_finders_find() -> None:
    west = westmarch()
    plain = resolve_roles(sentences(library.load("walsall")), west.case("Maya"), NOW)
    for stage in library.load("walsall").stages:
        assert west_roles(west, stage.id) == plain


def test_the_sentence_says_why_the_approval_went_up() -> None:
    west = westmarch()
    vacant([west.post("team-manager", "North")])
    found = west_roles(west, "stage-1")
    assert found["team-manager"].how == (
        "Denise Harkaway, Group Manager, because nobody is in the post below it (Team Manager, North): "
        "tell an administrator."
    )
    assert found["group-manager"].how == (
        "Farah Lindley, Head of Service, because Denise Harkaway answers this, and nobody approves their own answer "
        "(Group Manager, North and Central Area)."
    )


def test_an_empty_ladder_ends_at_safeguarding_and_review_or_at_the_post_that_the_council_named() -> None:
    west = westmarch()
    vacant([west.post(slug, where) for slug, where in list(WESTMARCH_POSTS.items())[:5]])
    last = west_roles(west, "stage-5")["director"]
    assert last.how == (
        "Nobody holds Director of Children's Services of Westmarch Council; so Judith Calloway, Group Manager for "
        "Safeguarding and Review, who is accountable at last: tell an administrator."
    )
    west.authority.accountable_at_last = west.post("head-of-service-for-safeguarding", "Safeguarding")
    west.authority.save(update_fields=["accountable_at_last"])
    assert west_roles(west, "stage-5")["director"].person == west.person("Nadia")


def test_a_chair_who_has_left_is_stood_in_for_by_safeguarding_and_review() -> None:
    west = westmarch()
    Person.objects.filter(name="Grace Ollerton").update(is_active=False)
    found = west_roles(west, "stage-1")["chair"]
    assert (found.person, found.fell) == (west.person("Judith"), True)


def test_telling_the_parts_apart_takes_no_further_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    west = westmarch()
    vacant([west.post("team-manager", "North")])
    protocol, case = library.load("walsall"), west.case("Maya")
    with django_assert_num_queries(2):
        resolve_roles(sentences(protocol), case, NOW, parts=parts_of(protocol, "stage-1", west.person("Grace").pk))


def test_a_deputy_does_not_act_for_a_holder_who_is_barred() -> None:
    west = westmarch()
    post = west.post("group-manager", "North and Central Area")
    Holding.objects.create(
        authority=west.authority, post=post, person=west.person("Hannah"), starts=TODAY, kind="deputy"
    )
    barred = {west.person("Denise").pk: CONFLICT}
    assert load_roster(west.authority, (), NOW).but(barred).in_post(post) is None
    assert west_roles(west, "stage-1", barred=barred)["group-manager"].person == west.person("Farah")
