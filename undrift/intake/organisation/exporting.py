"""The organisation as it stands, in the same six files that an import reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from undrift.intake.organisation.columns import BY_NAME, harmless
from undrift.people.models import Agency, Authority, Cover, Holding, Person, Post, Unit
from undrift.people.roster import in_reach

Rows = Iterable[Sequence[str]]


def export(authority: Authority) -> Mapping[str, str]:
    """File name to text, for the authority and the agencies that its partnership shares.

    Accounts that are closed are left out, and so is what they held.
    """
    here = in_reach(authority)
    units = Unit.objects.filter(here).select_related("agency", "parent").order_by("agency__name", "name")
    posts = Post.objects.filter(here).select_related("agency", "unit")
    people = Person.objects.filter(here, is_active=True, agency__isnull=False).select_related("agency")
    holdings = Holding.objects.filter(here, person__is_active=True)
    covers = Cover.objects.filter(here, away__is_active=True, covering__is_active=True)
    by = ("agency__name", "unit__name", "slug")
    rows: Mapping[str, Rows] = {
        "council": [_council(authority)],
        "units": [*_agencies(authority), *(_unit(unit) for unit in units)],
        "posts": [_post(post) for post in posts.order_by(*by)],
        "staff": [(p.email, p.name, p.phone, _name(p.agency)) for p in people.order_by("email")],
        "holdings": [
            (*_seat(one.post), one.person.email, one.kind, _day(one.starts), _day(one.ends))
            for one in holdings.select_related("post__agency", "post__unit", "person").order_by(
                *(f"post__{name}" for name in by), "person__email", "kind", "starts"
            )
        ],
        "covers": [
            (one.away.email, one.covering.email, *_seat(one.post), _day(one.starts), _day(one.ends), one.reason)
            for one in covers.select_related("away", "covering", "post__agency", "post__unit").order_by(
                "away__email", "starts", "covering__email", "pk"
            )
        ],
    }
    return {f"{name}.csv": _text(BY_NAME[name].heads, lines) for name, lines in rows.items()}


def _council(one: Authority) -> Sequence[str]:
    partnership = one.partnership.name if one.partnership is not None else ""
    phones = (one.front_door_phone, one.out_of_hours_phone, one.mailbox, one.mailbox_phone)
    return (one.code, one.name, one.protocol_id, one.area, one.lea, partnership, *phones)


def _agencies(authority: Authority) -> Rows:
    found = Agency.objects.filter(in_reach(authority)).order_by("name")
    return [(one.name, one.kind, _yes(one.partnership_id is not None), "", "") for one in found]


def _unit(unit: Unit) -> Sequence[str]:
    above = unit.parent.name if unit.parent is not None else ""
    return (unit.agency.name, unit.agency.kind, _yes(unit.agency.partnership_id is not None), unit.name, above)


def _post(post: Post) -> Sequence[str]:
    return (*_seat(post), post.title, _yes(post.heads_unit))


def _seat(post: Post | None) -> Sequence[str]:
    if post is None:
        return ("", "", "")
    return (post.agency.name, post.unit.name if post.unit is not None else "", post.slug)


def _name(agency: Agency | None) -> str:
    return agency.name if agency is not None else ""


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _text(heads: Sequence[str], rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
