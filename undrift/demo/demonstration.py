"""The whole demonstration: the stories, what else is prepared, and the year around them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from django.db import transaction

from undrift.demo.cycle_year import live_year
from undrift.demo.extras import add_extras, finish_extras
from undrift.demo.good_practice import publish_last_quarter
from undrift.demo.partnership_year import add_partnership_year
from undrift.demo.stories import Demonstration, finish, set_the_stage
from undrift.demo.year import add_year
from undrift.people.models import Authority

SEED = 2018


def is_there() -> bool:
    return Authority.objects.filter(code="westmarch").exists()


def load(
    today: date, *, seed: int = SEED, small: bool = False, tell: Callable[[str], object] = lambda said: None
) -> Demonstration:
    """Everything, wholly or not at all. The same seed and the same day give the same data.

    `small` leaves out the year around the stories; `tell` hears what is being made. Only inserts: give it a database
    without the demonstration.
    """
    with transaction.atomic():
        tell("The councils, their people and the families of the stories ...")
        demonstration = set_the_stage(today)
        add_extras(demonstration)
        if not small:
            tell("A year of Westmarch Council: this is the longest part ...")
            west = add_year(demonstration, Random(f"{seed} year"))
            tell("A year of the three councils of Northmoor ...")
            north = add_partnership_year(demonstration, Random(f"{seed} partnership"))
            live_year(demonstration, west, north, Random(f"{seed} cycles"))
        tell("What the stories end with ...")
        finish(demonstration)
        finish_extras(demonstration)
        publish_last_quarter(demonstration)
    return demonstration
