"""Who sees which resolution and which child. What is out of scope is as absent as what does not exist."""

import contextlib
from datetime import date, timedelta

import pytest

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.access.fetching import NotFound, fetch, fetch_child
from undrift.access.rows import children_visible_to, visible_to
from undrift.engine.ladder import acts
from undrift.people.models import Cover
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

# Who may see a stage 1 resolution about the Alders, of the North team, chaired by Grace.
ALDER_AT_STAGE_1 = {
    "Grace Ollerton": True,  # the chair
    "Imran Dastgir": False,  # a chair, but not theirs
    "Hannah Quill": True,  # their social worker
    "Kofi Ansell": False,  # works in the other area
    "Priya Nairn": True,  # has to answer
    "Callum Stroud": False,  # manages the other team
    "Denise Harkaway": True,  # approves, and manages the area
    "Owen Tarrant": False,  # manages the other area
    "Farah Lindley": True,  # the team is in her service
    "Stephen Ropley": True,
    "Angela Mirfield": True,
    "Judith Calloway": True,
    "Marcus Penhale": True,
    "Pauline Greaves": False,  # puts in conferences, and reads no concern
    "Jo Talbot": False,  # an administrator sets the service up and reads no case
    "Siobhan Darrow": False,  # in the core group, and not asked for anything
    "Karen Rudge": False,
}


def sees(cast: Cast, name: str, resolution: Resolution) -> bool:
    try:
        return fetch(Resolution, resolution.reference, cast.person(name), NOW) == resolution
    except NotFound:
        return False


def test_a_resolution_is_seen_by_those_who_have_a_part_or_a_post_for_it(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    assert {name: sees(west, name, resolution) for name in ALDER_AT_STAGE_1} == ALDER_AT_STAGE_1


def test_out_of_scope_and_not_there_are_told_apart_by_nobody(west: Cast) -> None:
    reference = reached.stage_one(west).resolution.reference
    for asked in (reference, "R-2026-9999"):
        with pytest.raises(NotFound) as refused:
            fetch(Resolution, asked, west.person("Kofi"), NOW)
        assert str(refused.value) == asked


def test_a_restricted_child_is_seen_only_by_those_named(west: Cast) -> None:
    child = west.child("Robin")
    act = acts.Raise(
        stage="informal",
        children=tuple(reached.children_of(west, "Robin")),
        concern="The visits are not written up.",
        spoke=reached.SPOKE,
        date=date(2026, 5, 20),
    )
    resolution = perform(act, by=west.person("Imran"), at=NOW, context=context_for([child], NOW)).resolution
    expected = {
        "Imran Dastgir": True,
        "Ruth Pemberly": True,
        "Yasmin Okell": True,  # has to answer
        "Grace Ollerton": False,
        "Marcus Penhale": False,  # sees the whole authority, but not this
        "Angela Mirfield": False,
        "Denise Harkaway": False,
    }
    assert {name: sees(west, name, resolution) for name in expected} == expected
    may_open = {
        name: children_visible_to(west.person(name), NOW).filter(pk=child.pk).exists()
        for name in ("Imran Dastgir", "Ruth Pemberly", "Yasmin Okell", "Marcus Penhale")
    }
    assert may_open == {"Imran Dastgir": True, "Ruth Pemberly": True, "Yasmin Okell": False, "Marcus Penhale": False}


def test_cover_sees_what_the_one_who_is_away_sees_and_not_a_day_longer(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    imran = west.person("Imran")
    Cover.objects.create(
        authority=west.authority,
        away=west.person("Grace"),
        covering=imran,
        starts=NOW.date(),
        ends=NOW.date() + timedelta(days=3),
    )
    assert visible_to(Resolution, imran, NOW).contains(resolution)
    assert not visible_to(Resolution, imran, NOW - timedelta(days=1)).contains(resolution)
    assert not visible_to(Resolution, imran, NOW + timedelta(days=4)).contains(resolution)


def test_an_agency_sees_what_is_asked_of_it_and_nothing_else(north: Cast) -> None:
    child = north.child("Aisha")
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
    resolution = perform(act, by=north.person("Rosalind"), at=NOW, context=context_for([child], NOW)).resolution
    expected = {
        "Elias Thornby": True,  # the manager it is addressed to
        "Caitlin Eversholt": False,  # the same post in another agency
        "Paul Trevanion": False,  # the chief officer: not yet at that stage
        "Jerome Tattersby": False,  # a chair of the neighbouring council
        "Catrin Holmewood": False,
        "Desmond Farrelly": True,  # Quality & Review Manager of this council
        "Fenella Dymock": False,  # and of the neighbouring one
    }
    assert {name: sees(north, name, resolution) for name in expected} == expected
    assert not children_visible_to(north.person("Elias"), NOW).exists()


def test_a_childs_page_opens_for_chair_worker_and_managers(west: Cast) -> None:
    child = west.child("Maya")
    may = {}
    for name in ("Grace", "Hannah", "Priya", "Denise", "Marcus", "Imran", "Kofi", "Callum", "Siobhan", "Jo"):
        try:
            may[name] = fetch_child(child.public_id, west.person(name), NOW) == child
        except NotFound:
            may[name] = False
    assert {name for name, allowed in may.items() if allowed} == {"Grace", "Hannah", "Priya", "Denise", "Marcus"}


def test_a_list_and_a_single_page_agree_on_what_may_be_seen(west: Cast) -> None:
    """Lists gather what somebody reaches, a page asks of one row: the same rule, written twice for speed."""
    for names in (("Maya", "Jude"), ("Tyler",), ("Ella",), ("Robin",)):
        chair = west.plan(names[0]).chair
        assert chair is not None
        reached.stage_one(west, *names, by=chair.given_name)
    references = set(Resolution.objects.values_list("reference", flat=True))
    assert len(references) == 4
    seen_by: dict[str, set[str]] = {}
    for name, person in west.built.people.items():
        listed = set(visible_to(Resolution, person, NOW).values_list("reference", flat=True))
        opened = set()
        for reference in references:
            with contextlib.suppress(NotFound):
                opened.add(fetch(Resolution, reference, person, NOW).reference)
        assert listed == opened, name
        seen_by[name] = listed
    assert len({frozenset(seen) for seen in seen_by.values()}) > 4
