"""Every role of the two policies that come with the service is played by somebody in the invented organisations."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from tests.cast import NOW, Cast, northmoor, westmarch
from undrift.people.finders import CaseContext, resolve_roles

# A conference's participants are known only once it is held.
KNOWN_LATER = {"conference participants"}


def shipped(protocol: str) -> dict[str, Any]:
    return tomllib.loads(files("undrift.library").joinpath(protocol, "protocol.toml").read_text())


def sentences(protocol: str) -> dict[str, str]:
    """Role id to the words that find its holder, with the substitute's."""
    roles = shipped(protocol)["role"]
    return {
        name: f"{role['held_by']}, else {role['else']}" if "else" in role else role["held_by"]
        for name, role in roles.items()
        if role["held_by"] not in KNOWN_LATER
    }


def nobody(protocol: str, case: CaseContext) -> dict[str, str]:
    found = resolve_roles(sentences(protocol), case, NOW)
    assert len(found) > 5
    return {role: one.how for role, one in found.items() if one.vacant}


@pytest.mark.django_db
def test_every_role_of_walsalls_policy_is_somebody_in_westmarch() -> None:
    cast = westmarch()
    assert nobody("walsall", cast.case("Maya")) == {}
    assert nobody("walsall", cast.case("Ella")) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "agency",
    [
        "Moorland Health Trust",
        "Northmoor Police",
        "Northmoor Schools and Colleges",
        "Northmoor Housing Alliance",
        "Northmoor Children's Social Care",
    ],
)
def test_every_role_of_pan_lancashires_policy_is_somebody_in_northmoor(agency: str) -> None:
    cast: Cast = northmoor()
    assert nobody("pan-lancashire", cast.case("Aisha", responsible=agency)) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("build", [westmarch, northmoor])
def test_the_invented_councils_have_adopted_the_versions_that_are_shipped(build: Callable[[], Cast]) -> None:
    for authority in build().built.authorities.values():
        assert shipped(authority.protocol_id)["protocol"]["version"] == authority.protocol_version
