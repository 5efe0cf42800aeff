"""One protocol in several areas: an overlay swaps a role or a word, and the ladder is the same for all."""

import pytest
from pydantic import ValidationError

from undrift import library
from undrift.protocol.areas import UnknownArea, in_area
from undrift.protocol.model import Protocol
from undrift.protocol.reader import read

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
    text = library.text_of("pan-lancashire")
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
    for overlay in library.load(protocol_id).overlays:
        assert library.load(protocol_id, area=overlay.area).stages == library.load(protocol_id).stages


def test_the_same_area_is_the_same_protocol_each_time() -> None:
    assert library.load("pan-lancashire", area="blackpool") is library.load("pan-lancashire", area="blackpool")
