"""A box filled to its last letter is taken, or told at its box: what it allows, its column holds."""

from __future__ import annotations

import random
import re

import pytest
from django.db import transaction

from tests.cast import westmarch
from tests.desks.typed.sendings import SCENES, signed_in
from tests.house.thorough import THOROUGH
from tests.resolutions.conftest import under_shipped_versions

pytestmark = pytest.mark.django_db

BOX = re.compile(r"<(?:input|textarea)\b[^>]*\bmaxlength=[^>]*>")


def boxes(page: str) -> dict[str, int]:
    """The text boxes that say how much they hold."""
    found = {}
    for tag in BOX.findall(page):
        name, most = re.search(r'name="([^"]+)"', tag), re.search(r'maxlength="(\d+)"', tag)
        if name and most and not name[1].endswith(("_day", "_month", "_year")):
            found[name[1]] = int(most[1])
    return found


def test_every_box_may_be_filled(chance: random.Random) -> None:
    """A third of the forms, drawn, those about a child among them, and all where everything is asked."""
    names, filled, wrong = sorted(SCENES), 0, []
    always = [name for name in names if name.startswith("child-")]
    for name in names if THOROUGH else sorted({*always, *chance.sample(names, len(names) // 3)}):
        with transaction.atomic():
            sending = SCENES[name](under_shipped_versions(westmarch()), 0)
            client = signed_in(sending.who)
            client.raise_request_exception = False
            for box, most in boxes(client.get(sending.path).text).items():
                with transaction.atomic():
                    answer = client.post(sending.path, {**sending.said, box: "n" * most})
                    filled += 1
                    wrong += [f"{name}.{box} with {most} letters"] if answer.status_code >= 500 else []
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    assert filled
    assert not wrong
