"""The whole demonstration: the stories, what else is prepared, and the year around them."""

from __future__ import annotations

from datetime import date
from random import Random

from django.db import transaction

from undrift.demo.extras import add_extras, finish_extras
from undrift.demo.partnership_year import add_partnership_year
from undrift.demo.stories import Demonstration, finish, set_the_stage
from undrift.demo.year import add_year
from undrift.people.models import Authority

SEED = 2018


def is_there() -> bool:
    return Authority.objects.filter(code="westmarch").exists()


def load(today: date, *, seed: int = SEED, small: bool = False) -> Demonstration:
    """Everything, wholly or not at all. The same seed and the same day give the same data.

    `small` leaves out the year around the stories. Only inserts: give it a database without the demonstration.
    """
    with transaction.atomic():
        demonstration = set_the_stage(today)
        add_extras(demonstration)
        if not small:
            add_year(demonstration, Random(f"{seed} year"))
            add_partnership_year(demonstration, Random(f"{seed} partnership"))
        finish(demonstration)
        finish_extras(demonstration)
    return demonstration
