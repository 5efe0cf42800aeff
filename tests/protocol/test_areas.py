"""One protocol in several areas: an overlay swaps a role or a word; a role may exist in some areas only."""

import pytest
from pydantic import ValidationError

from undrift import library
from undrift.protocol.areas import UnknownArea, in_area
from undrift.protocol.model import Protocol
from undrift.protocol.reader import ProtocolError, read

OVERLAYS = """
[[overlay]]
area = "upper-vale"
title = "Upper Vale"
role.chief-officer = { title = "Managing Director", held_by = "the responsible agency's Managing Director" }
words = { chair = "Independent Chair" }

[[overlay]]
area = "lower-vale"
"""


@pytest.fixture(scope="module")
def vale() -> Protocol:
    text = library.text_of("pan-lancashire").replace('areas = ["lancashire"]', "")
    return read(text[: text.index("# Areas --")] + OVERLAYS, "vale.toml")


def test_an_overlay_swaps_the_roles_and_words_that_it_names_and_no_others(vale: Protocol) -> None:
    upper = in_area(vale, "upper-vale")
    assert upper.roles["chief-officer"].held_by == "the responsible agency's Managing Director"
    assert (upper.words.chair, upper.words.reference) == ("Independent Chair", vale.words.reference)
    assert upper.title_of("chief-officer") == "Managing Director"
    others = {name: role for name, role in upper.roles.items() if name != "chief-officer"}
    assert others == {name: role for name, role in vale.roles.items() if name != "chief-officer"}
    assert upper.stages == vale.stages


def test_an_area_that_swaps_nothing_is_as_the_protocol_itself(vale: Protocol) -> None:
    assert (in_area(vale, ""), in_area(vale, "lower-vale")) == (vale, vale)


def test_an_area_that_the_protocol_lacks_is_refused_with_those_it_has(vale: Protocol) -> None:
    with pytest.raises(UnknownArea) as refused:
        in_area(vale, "mid-vale")
    assert str(refused.value) == '"pan-lancashire" has no area "mid-vale". Its areas: upper-vale, lower-vale.'
    with pytest.raises(UnknownArea, match='no area "upper-vale"'):
        library.load("walsall", area="upper-vale")


def test_a_word_that_the_language_does_not_have_is_refused() -> None:
    text = library.text_of("pan-lancashire") + '\n[[overlay]]\narea = "wrong"\nwords = { chairperson = "x" }\n'
    with pytest.raises(ValidationError):
        in_area(read(text, "wrong.toml"), "wrong")


@pytest.mark.parametrize("protocol_id", library.shipped())
def test_every_area_of_a_protocol_that_ships_can_be_worked(protocol_id: str) -> None:
    whole = library.load(protocol_id)
    for overlay in whole.overlays:
        here = library.load(protocol_id, area=overlay.area)
        assert [(s.id, s.to, s.duties, s.exits) for s in here.stages] == [
            (s.id, s.to, s.duties, s.exits) for s in whole.stages
        ]
        Protocol.model_validate(here.model_dump(by_alias=True))  # nothing names a role that is not there


@pytest.mark.parametrize(("area", "told"), [("lancashire", ("director-targeted-assessment",)), ("blackpool", ()),
                                            ("blackburn-with-darwen", ())])  # fmt: skip
def test_lancashires_own_director_is_told_in_lancashire_and_is_nobody_elsewhere(area: str, told: tuple[str]) -> None:
    here = library.load("pan-lancashire", area=area)
    assert here.stage("chief-officer").tells.start == told
    assert ("director-targeted-assessment" in here.roles) is bool(told)


LOCAL = """
[role.watcher]
title = "Watcher"
held_by = "the authority's Watcher"
areas = ["upper-vale"]
"""


@pytest.mark.parametrize(
    "asked",
    ['exits = []\nto = ["watcher"]', 'exits = []\nduty = [{ who = "watcher", must = "respond", within = "3 days" }]'],
)
def test_a_role_of_some_areas_is_told_and_never_asked(vale: Protocol, asked: str) -> None:
    text = library.text_of("pan-lancashire").replace('areas = ["lancashire"]', "")
    text = text[: text.index("# Areas --")] + OVERLAYS + LOCAL
    stage = f'\n[[stage]]\nid = "more"\ntitle = "More"\nformality = "formal"\n{asked}\n'
    with pytest.raises(ProtocolError, match="exists in some areas only"):
        read(text + stage, "vale.toml")
    told = '\n[[route]]\nid = "more"\ntitle = "More"\ntells = ["watcher"]\n'
    protocol = read(text + told, "vale.toml")
    assert in_area(protocol, "upper-vale").routes[-1].tells == ("watcher",)
    assert in_area(protocol, "lower-vale").routes[-1].tells == ()


def test_an_area_of_a_role_that_no_overlay_declares_is_refused() -> None:
    with pytest.raises(ProtocolError, match='no area "upper-vale"'):
        read(library.text_of("pan-lancashire") + LOCAL, "wrong.toml")


def test_the_same_area_is_the_same_protocol_each_time() -> None:
    assert library.load("pan-lancashire", area="blackpool") is library.load("pan-lancashire", area="blackpool")
