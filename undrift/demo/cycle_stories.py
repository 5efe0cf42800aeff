"""Three of the twelve families have a plan cycle from the beginning: Aspen, Hazel and Bramble.

With those the others begin by what somebody does on a page. See docs/start/demo.md.
"""

from __future__ import annotations

from datetime import date, time

from undrift.demo.cycle_words import WHOLE
from undrift.demo.cycles import Told
from undrift.demo.days import moment
from undrift.demo.households import GRACE, Households
from undrift.engine.plan_cycle import acts

ROOM = "Town Hall, room 3"


def live_stories(homes: Households, cycles: list[Told]) -> None:
    """Into the cycles that are to be performed, once the conferences are written."""
    cycles += [aspen(homes), hazel(homes), bramble(homes)]


def aspen(homes: Households) -> Told:
    """The initial conference of Nia and Isaac is fixed; its report and its discussion are still to come."""
    days, told = homes.days, Told("Aspen", homes["Aspen"].children)
    invited = ("Hannah Quill", "Siobhan Darrow", "Joel Askew", "Health visitor")
    told.then(
        days.at(-3, "10:20"), GRACE,
        acts.FixConference("initial", days.next_week, told.ids, time(9, 30), ROOM, invited),
    )  # fmt: skip
    return told


def hazel(homes: Households) -> Told:
    """The review was held six working days ago: Ruby's plan goes on, and her father takes part in it."""
    days, told = homes.days, Told("Hazel", homes["Hazel"].children)
    came = ("Ruby", "Ruby's father", "Ruby's advocate", "Ruth Pemberly", "Siobhan Darrow")
    (ruby,) = told.ids
    held = acts.HoldConference(
        "", days.day(-6), {ruby: acts.Decision(True, "NEG", father=True)}, time=time(11, 15), came=came,
        next_review=_next(homes, "Hazel"), kind="review", children=told.ids,
    )  # fmt: skip
    told.then(days.at(-6, "13:30"), GRACE, held)
    told.then(days.at(-6, "13:40"), "Ruth Pemberly", acts.ShareReport("c1", days.day(-11), "social-worker"))
    told.then(days.at(-6, "15:00"), GRACE, acts.WriteOutline("c1", ruby, (WHOLE.format(name="Ruby"),)))
    told.then(days.at(-5, "10:00"), GRACE, acts.SendSheet("c1", days.day(-5), came[1:], time(9, 50)))
    told.then(
        days.at(-2, "16:30"), "Ruth Pemberly",
        acts.HoldCoreGroup(told.ids, days.day(-2), ("Ruby's father", "Ruth Pemberly", "Siobhan Darrow")),
    )  # fmt: skip
    return told


def bramble(homes: Households) -> Told:
    """The review of Leo and Ada lies ahead: Dev's report and Grace's discussion are due before it."""
    days, told = homes.days, Told("Bramble", homes["Bramble"].children)
    fixed = acts.FixConference(
        "review", _next(homes, "Bramble"), told.ids, time(9, 30), ROOM, ("Dev Marchetti", "Siobhan Darrow", "Gran")
    )  # fmt: skip
    told.then(days.at(-12, "09:40"), GRACE, fixed)
    return told


def _next(homes: Households, name: str) -> date:
    """The day for which the family's next conference is planned."""
    family = homes[name].family
    planned = max(row.planned_for for row in homes.diary.rows if row.family_id == family.pk and row.planned_for)
    return planned.astimezone(moment(homes.days.today).tzinfo).date()
