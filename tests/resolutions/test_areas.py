"""Three councils under one protocol: each in its own area, with the agencies they share."""

import pytest

from tests.cast import NOW, Cast
from undrift import library
from undrift.people.finders import resolve_roles
from undrift.people.models import Authority
from undrift.record.adopted import rules_for
from undrift.record.who_plays import sentences

LOCAL = "director-targeted-assessment"


def told(north: Cast, code: str) -> dict[str, str]:
    """Who plays which part in one council, of those the shared policy names."""
    council = Authority.objects.get(code=code)
    case = north.case("Elin" if code == "harrowdale" else "Aisha", responsible="Northmoor Police")
    roles = resolve_roles(sentences(rules_for(council).protocol), case, NOW)
    return {name: found.person.name for name, found in roles.items() if found.person is not None}


def test_the_director_that_the_policy_names_for_one_area_is_told_there_and_is_nobody_elsewhere(north: Cast) -> None:
    areas = {council.code: council.area for council in north.built.authorities.values()}
    assert areas == {"northmoor": "lancashire", "harrowdale": "blackburn-with-darwen", "saltmere": "blackpool"}
    assert told(north, "northmoor")[LOCAL] == north.person("Oluchi").name
    assert LOCAL not in told(north, "harrowdale")
    # The shared agency answers to both through the same people.
    assert {told(north, code)["chief-officer"] for code in ("northmoor", "harrowdale")} == {north.person("Moira").name}


@pytest.mark.parametrize(("code", "are_told"), [("northmoor", (LOCAL,)), ("harrowdale", ()), ("saltmere", ())])
def test_stage_6_tells_by_the_area(north: Cast, code: str, are_told: tuple[str, ...]) -> None:
    stage = rules_for(Authority.objects.get(code=code)).protocol.stage("chief-officer")
    assert stage.tells.start == are_told


def test_a_council_that_has_not_said_its_area_works_the_protocol_itself(north: Cast) -> None:
    Authority.objects.filter(pk=north.authority.pk).update(area="")
    council = Authority.objects.get(pk=north.authority.pk)
    assert rules_for(council).protocol is library.load("pan-lancashire", council.protocol_version)
