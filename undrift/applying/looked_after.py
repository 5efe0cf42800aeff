"""A child becomes looked after, and is so no longer: said by page, beside what was before."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from undrift.applying.by_hand import before_birth, changing
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, LookedAfter
from undrift.engine.dates.horizons import no_day_of_the_past
from undrift.engine.dates.moments import in_words, london_date
from undrift.people.models import Person
from undrift.record.families import NotChanged
from undrift.record.sight import as_service
from undrift.record.who_plays import kept_out_of_children


@as_service()
def begin(
    child: Child,
    *,
    starts: date,
    by: Person,
    at: datetime,
    iro: Person | None = None,
    iro_name: str = "",
    why: str = "",
) -> LookedAfter:
    """From that day the child is looked after, with whoever reviews it where that is known. Refuses (`NotChanged`)."""
    if wrong := no_day_of_the_past(starts, london_date(at)):
        raise NotChanged(wrong, "starts")
    with changing([child]) as (child,):
        if wrong := before_birth(child, starts):
            raise NotChanged(wrong, "starts")
        last = _times(child).first()
        if last is not None and last.ends is None:
            raise NotChanged(f"The child has been looked after since {in_words(last.starts)}. End that first", "starts")
        if last is not None and last.ends is not None and starts <= last.ends:
            raise NotChanged(
                f"The child was looked after until {in_words(last.ends)}. The next time begins later", "starts"
            )
        if iro is not None and iro.pk in kept_out_of_children([child.pk]):
            raise NotChanged(f"{iro.name} cannot have this child. Choose somebody else", "iro")
        found = LookedAfter(authority_id=child.authority_id, child=child)
        values = {"starts": starts, "iro_id": iro.pk if iro else None, "iro_name": "" if iro else iro_name.strip()}
        facts.change(found, values, Because(at=at, by=by, why=why))
        return found


@as_service()
def end(child: Child, *, last_day: date, by: Person, at: datetime, why: str = "") -> None:
    """That was the last day. Refuses (`NotChanged`) a day to come, and one before the first."""
    if wrong := no_day_of_the_past(last_day, london_date(at)):
        raise NotChanged(wrong, "last_day")
    with changing([child]) as (child,):
        running = _times(child).filter(ends=None).first()
        if running is None:
            raise NotChanged("The child is not looked after. If that is wrong, say first since when it is", "last_day")
        if last_day < running.starts:
            raise NotChanged(f"It began on {in_words(running.starts)}. It cannot have ended before", "last_day")
        facts.change(running, {"ends": last_day}, Because(at=at, by=by, why=why))


def _times(child: Child) -> QuerySet[LookedAfter]:
    """The latest first."""
    return LookedAfter.objects.filter(child=child).order_by("-starts").select_for_update()
