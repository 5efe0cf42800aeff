"""Which child a number means: one number is written with noughts before it, as 1001.0, in capitals, with spaces."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from undrift.children.models import Child
from undrift.people.models import Authority

SPACES = r"\s*"
_SPACES = re.compile(r"\s+")
_NOTHING_BEHIND_THE_POINT = re.compile(r"(?<=\d)\.0+$")


def plain(number: str) -> str:
    """What is left of a number when the ways of writing it are taken away: " 001001.0" is 1001."""
    if number.isdigit():
        return number.lstrip("0") or number
    bare = _NOTHING_BEHIND_THE_POINT.sub("", _SPACES.sub("", number).casefold())
    return bare.lstrip("0") or bare


def by_plain_number(children: Iterable[Child]) -> Mapping[str, list[Child]]:
    """The children whose numbers differ in the way they are written alone, together."""
    found: dict[str, list[Child]] = defaultdict(list)
    for child in children:
        found[plain(child.external_id)].append(child)
    return found


def of_that_number(council: Authority, number: str) -> QuerySet[Child]:
    """The children of the council whom a number means, however it is written."""
    # Spaces may stand anywhere, as `plain` takes them out anywhere; what is written alike is found whatever it says.
    written = rf"^[\s0]*{SPACES.join(map(re.escape, plain(number)))}(\s*\.[\s0]+)?\s*$"
    same = Q(external_id__iregex=written) | Q(external_id__in=(number, number.strip()))
    return Child.objects.filter(same, authority=council).exclude(external_id="").order_by("pk")
