"""Somebody in an agency is asked about a key action: told by letter and on Home, and says how it stands on one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import NOW, TODAY, Cast
from tests.desks.allocating.test_allocation import be, on
from tests.desks.page_lint import lint
from tests.messages.letterbox import Letterbox, letterbox, link_in
from undrift.access.models import Look
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import State
from undrift.messages.post import send_due
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.queries import picture_of
from undrift.record.models import Case
from undrift.record.who_plays import context_for

__all__ = ["letterbox"]
pytestmark = pytest.mark.django_db
WORDING, OTHER = "Offer Aisha a first appointment", "Aisha’s father is asked"
BY = TODAY + timedelta(days=9)


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def asked(north: Cast, who: str = "Elias Thornby") -> Case:
    """By the chair, on the cycle's own page; beside a key action of somebody else."""
    aisha, chair = north.child("Aisha"), north.person("Rosalind Amery")
    held = acts.HoldConference("", TODAY, {str(aisha.pk): acts.Decision(True)}, kind="review")
    case = perform(held, context=context_for([aisha], NOW), by=chair, at=NOW).case
    page = f"/children/{aisha.public_id}/cycle/c1/key-action"
    for wording, name in ((WORDING, who), (OTHER, "Nell Harcastle")):
        said: dict[str, Any] = {"wording": wording, "who": name, **on("by", BY)}
        assert "It is on the record" in lint(be(north, "Rosalind Amery").post(page, said, follow=True)).text
    return case


def state(north: Cast) -> State:
    return picture_of(north.child("Aisha"), north.person("Rosalind Amery"), NOW).state


def test_whoever_was_asked_says_how_it_stands_and_reads_no_more_of_the_plan(north: Cast, letterbox: Letterbox) -> None:
    case, elias = asked(north), be(north, "Elias Thornby")
    send_due()
    (letter,) = [
        one for one in letterbox.to(north.person("Elias Thornby").email) if "key action" in str(one["Subject"])
    ]
    page = f"/key-actions/{case.reference}/k1"
    assert link_in(letter).endswith(page)
    home = lint(elias.get("/"))
    assert "Key actions of conferences" in home.text
    assert f'href="{page}"' in elias.get("/").text
    shown = lint(elias.get(page)).text
    for said in (WORDING, "A. P.", "Review conference, 6 May 2026", "Rosalind Amery asks to hear by"):
        assert said in shown
    for hidden in ("Plover", OTHER, "Nell Harcastle"):
        assert hidden not in shown
    assert elias.get(f"/children/{north.child('Aisha').public_id}/cycle").status_code == 404
    assert "Enter how it stands" in lint(elias.post(page, {"done": "no", **on("on", TODAY)})).text
    late = lint(elias.post(page, {"done": "no", "text": "No.", **on("on", TODAY + timedelta(days=1))})).text
    assert "The date must be today or earlier" in late
    told = elias.post(page, {"done": "no", "text": "The letter went astray.", **on("on", TODAY)}, follow=True)
    assert "The chair is told." in told.text
    fed_back = state(north).key_actions["k1"].fed_back
    assert fed_back is not None
    assert (fed_back.done, fed_back.text) == (False, "The letter went astray.")
    assert "Key actions of conferences" not in lint(elias.get("/")).text
    assert elias.get(page).status_code == 404, "it is told once"
    chair = lint(be(north, "Rosalind Amery").get(f"/children/{north.child('Aisha').public_id}/cycle")).text
    assert "A key action is not done. The policy offers" in chair


def test_nobody_else_learns_that_there_is_one_and_each_try_leaves_a_look(north: Cast) -> None:
    case = asked(north)
    for who in ("Gethin Aldersey", "Dr Meena Kessler", "Jerome Tattersby", "Rosalind Amery"):
        assert be(north, who).get(f"/key-actions/{case.reference}/k1").status_code == 404
    for path in (f"{case.reference}/k2", f"{case.reference}/k9", "P-2026-0999/k1"):
        assert be(north, "Elias Thornby").get(f"/key-actions/{path}").status_code == 404
    assert be(north, "Elias Thornby").get(f"/key-actions/{case.reference}/k1").status_code == 200
    looks = Look.objects.filter(person=north.person("Elias Thornby").pk, page="key-action")
    assert looks.filter(case=case.pk, how="owes", refused=False).exists()
    assert looks.filter(tried="P-2026-0999", refused=True).exists()


def test_sent_twice_it_is_told_once(north: Cast) -> None:
    case, elias = asked(north), be(north, "Elias Thornby")
    said: dict[str, Any] = {"done": "yes", "text": "She came.", **on("on", TODAY)}
    page = f"/key-actions/{case.reference}/k1"
    assert elias.post(page, said).status_code == 302
    assert elias.post(page, said).status_code in (302, 404)
    assert sum(entry.type == "key_action_fed_back" for entry in picture_of(
        north.child("Aisha"), north.person("Rosalind Amery"), NOW).history) == 1  # fmt: skip
