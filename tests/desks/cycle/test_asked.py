"""Somebody in an agency is asked about a key action: told by letter and on Home, and says how it stands on one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.desks.allocating.test_allocation import be, on
from tests.desks.page_lint import lint
from tests.messages.letterbox import Letterbox, letterbox, link_in
from undrift.access.models import Look
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import State
from undrift.messages.post import send_due
from undrift.messages.texts import write
from undrift.people.models import Cover, Person
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.key_actions import asked_now
from undrift.plan_cycle.queries import picture_of
from undrift.record.models import Case, Notice
from undrift.record.outcomes import Refused
from undrift.record.sight import as_service
from undrift.record.sweep import sweep
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
    again = elias.get(page)
    assert again.status_code == 403, "it is told once"
    assert "You told the chair how it stands on Wednesday 6 May 2026 at 09:30. Nothing more" in again.content.decode()
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
    assert elias.post(page, said).status_code in (302, 303)
    assert sum(entry.type == "key_action_fed_back" for entry in picture_of(
        north.child("Aisha"), north.person("Rosalind Amery"), NOW).history) == 1  # fmt: skip


def test_of_two_people_of_one_name_the_one_who_was_chosen_is_asked(north: Cast) -> None:
    case, elias = asked(north), north.person("Elias Thornby")
    twin = Person.objects.get(pk=north.person("Gethin Aldersey").pk)
    Person.objects.filter(pk=twin.pk).update(name=elias.name)
    chair, page = be(north, "Rosalind Amery"), f"/children/{north.child('Aisha').public_id}/cycle/c1/key-action"
    shown = lint(chair.get(page)).text
    for one in (elias, twin):
        assert f"Elias Thornby, Core Group, {one.email}" in shown
    assert "Nell Harcastle, Social Worker, Core Group<" in shown, "nobody else has that name"
    said: dict[str, Any] = {"wording": "Tell his class", **on("by", BY)}
    assert "choose a person, or somebody outside" in lint(chair.post(page, {**said, "who": elias.name})).text
    lint(chair.post(page, {**said, "who": f"Elias Thornby ({twin.pk})"}, follow=True))
    chosen = state(north).key_actions["k3"]
    assert (chosen.who, chosen.person) == ("Elias Thornby", str(twin.pk))
    assert be(north, "Elias Thornby").get(f"/key-actions/{case.reference}/k3").status_code == 404
    assert be(north, "Gethin Aldersey").get(f"/key-actions/{case.reference}/k3").status_code == 200
    outside = {**said, "who": "somebody-outside", "outside": elias.name}
    lint(chair.post(page, outside, follow=True))
    assert state(north).key_actions["k4"].person == "", "somebody outside is told by nobody, whatever their name"


def covers(north: Cast, who: str = "Gethin Aldersey", away: str = "Elias Thornby") -> None:
    Cover.objects.create(authority=north.authority, away=north.person(away), covering=north.person(who), starts=TODAY)


def test_whoever_covers_for_them_tells_the_chair_and_it_is_said_for_whom(north: Cast) -> None:
    case = asked(north)
    covers(north, "Dr Meena Kessler")
    meena, page = be(north, "Dr Meena Kessler"), f"/key-actions/{case.reference}/k1"
    assert f'href="{page}"' in lint(meena.get("/")).text
    told = meena.post(page, {"done": "yes", "text": "She came.", **on("on", TODAY)}, follow=True)
    assert "The chair is told." in lint(told).text
    last = picture_of(north.child("Aisha"), north.person("Rosalind Amery"), NOW).history[-1]
    assert (last.type, last.by.name, last.by.on_behalf_of) == (
        "key_action_fed_back",
        "Dr Meena Kessler",
        "Elias Thornby",
    )
    other = meena.post(f"/key-actions/{case.reference}/k2", {"done": "yes", "text": "No.", **on("on", TODAY)})
    assert other.status_code == 404, "they cover for nobody who was asked that"


def test_whoever_covers_for_nobody_who_was_asked_is_refused_it(north: Cast) -> None:
    case = asked(north)
    with pytest.raises(Refused, match="You have no part"):
        perform(acts.FeedBack("k1", TODAY, True, "She came."), case=case, by=north.person("Dr Meena Kessler"), at=NOW)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("Dr Meena Kessler", "Dr Meena Kessler told the chair how it stands on"),
        ("Rosalind Amery", "Rosalind Amery, who chairs, recorded how it stands on"),
    ],
)
def test_what_was_typed_is_kept_where_somebody_told_the_chair_first(north: Cast, who: str, said: str) -> None:
    case = asked(north)
    covers(north, "Dr Meena Kessler")
    elias, page = be(north, "Elias Thornby"), f"/key-actions/{case.reference}/k1"
    assert elias.get(page).status_code == 200
    with as_service():
        perform(acts.FeedBack("k1", TODAY, True, "She came."), case=case, by=north.person(who), at=NOW)
    typed: dict[str, Any] = {"done": "no", "text": "The letter went astray.", **on("on", TODAY)}
    kept = lint(elias.post(page, typed, follow=True))
    assert said in kept.text
    assert "The letter went astray." in kept.text
    assert "How does it stand, and what is different for the child?" in kept.text
    assert f"/resolutions/{case.reference}" not in kept.text, "it is no resolution"
    again = elias.get(page)
    assert again.status_code == 403, "the form opens no more, and says why"
    assert said in again.content.decode()
    assert be(north, "Gethin Aldersey").post(page, typed).status_code == 404, "nobody else learns that it was told"


def test_of_many_key_actions_none_is_missing_and_they_are_read_at_once(north: Cast) -> None:
    case, elias, chair = asked(north), north.person("Elias Thornby"), north.person("Rosalind Amery")
    covers(north, "Elias Thornby", "Rosalind Amery")  # who owes much else, and sooner

    def read_by_elias() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert asked_now(elias, NOW, 1), "what else they owe comes before it"
            assert asked_now(elias, NOW, 20)
        return len(queries)

    for_one = read_by_elias()
    assert "The first 10 are shown" not in lint(be(north, "Elias Thornby").get("/")).text
    key = str(north.child("Aisha").pk)
    for number in range(11):
        asks = acts.SetKeyAction("c1", (key,), f"Visit {number}", BY, elias.name, str(elias.pk))
        perform(asks, case=case, by=chair, at=NOW)
    assert read_by_elias() == for_one
    assert len(asked_now(elias, NOW, 20)) == 12
    home = lint(be(north, "Elias Thornby").get("/")).text
    assert "The first 10 are shown. The others come up as you tell the chair of these." in home


def test_a_letter_that_it_is_late_leads_to_the_page_that_takes_it(north: Cast) -> None:
    case = asked(north)
    sweep(NOW + timedelta(days=20))
    late = Notice.objects.filter(case=case, kind="date_lapsed", to_person=north.person("Elias Thornby")).exclude(ask="")
    (body,) = [write(notice).body for notice in late]
    assert f"/key-actions/{case.reference}/k1" in body
    others = Notice.objects.filter(case=case, kind="date_lapsed").exclude(to_person=north.person("Elias Thornby"))
    assert all("/key-actions/" not in write(notice).body for notice in others if notice.ask == "")
