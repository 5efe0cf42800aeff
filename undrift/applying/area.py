"""Which area of its policy a council is: a policy of several areas may name roles and words for one of them only."""

from __future__ import annotations

from undrift import library
from undrift.people.models import Authority


def say_area(authority: Authority, area: str, *, only_check: bool = False) -> str:
    """Writes down the area; with `only_check` nothing. Refuses, in the sentence it returns, one the policy lacks."""
    areas = library.areas_of(authority.protocol_id)
    if not areas:
        return f"The policy of {authority.name}, {authority.protocol_id}, is the same everywhere: leave --area out."
    if area not in areas:
        return f'"{authority.protocol_id}" has no area "{area}". Its areas: {", ".join(areas)}.'
    if not only_check:
        authority.area = area
        authority.save(update_fields=["area"])
    return ""


def area_wanted(authority: Authority) -> str:
    """What is said after an import while a policy of several areas does not know which this council is; else ""."""
    areas = library.areas_of(authority.protocol_id)
    if not areas or authority.area in areas:
        return ""
    return f"Which area {authority.name} is has not been said: import again with --area and one of {', '.join(areas)}."
