"""Three councils under one protocol: each in its own area, with the agencies they share."""

from functools import partial

import pytest

from tests.cast import NOW, Cast
from undrift import library
from undrift.people.finders import resolve_roles
from undrift.people.models import Authority
from undrift.protocol.areas import in_area
from undrift.protocol.model import Protocol, Role
from undrift.record.adopted import rules_for
from undrift.record.who_plays import sentences

HARROWDALE = {"director-targeted-assessment": Role(title="Chief Executive", held_by="the authority's Chief Executive")}


def overlaid(shipped: Protocol) -> Protocol:
    """The shipped protocol, where one area calls for another post to be told at stage 6."""
    first, *others = shipped.overlays
    return shipped.model_copy(update={"overlays": (first.model_copy(update={"role": HARROWDALE}), *others)})


def load(shipped: Protocol, protocol_id: str, version: str | None = None, area: str = "") -> Protocol:
    return in_area(shipped, area)


def test_each_council_works_the_protocol_as_its_area_has_it(north: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = overlaid(library.load("pan-lancashire"))
    monkeypatch.setattr(library, "load", partial(load, shipped))
    areas = dict(zip(("harrowdale", "northmoor", "saltmere"), (o.area for o in shipped.overlays), strict=True))
    found = {}
    for code, area in areas.items():
        Authority.objects.filter(code=code).update(area=area)
        council = Authority.objects.get(code=code)
        case = north.case("Elin" if code == "harrowdale" else "Aisha", responsible="Northmoor Police")
        if case.authority == council:
            found[code] = resolve_roles(sentences(rules_for(council).protocol), case, NOW)
    told = {code: roles["director-targeted-assessment"].person for code, roles in found.items()}
    assert told == {"harrowdale": north.person("Vivienne"), "northmoor": north.person("Oluchi")}
    # The shared agency answers to both through the same people.
    assert {roles["chief-officer"].person for roles in found.values()} == {north.person("Moira")}


def test_a_council_without_an_area_works_the_protocol_itself(north: Cast) -> None:
    assert rules_for(north.authority).protocol is library.load("pan-lancashire", north.authority.protocol_version)
