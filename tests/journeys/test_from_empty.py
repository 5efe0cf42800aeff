"""From a service in which there is nobody and nothing to a concern that is raised and answered: by pages and commands.

Under each policy: a council is made by its own files, its administrator is let in by a command and invites the others,
brings the children in from an Annex A workbook and from our own CSV of who chairs; then the chair raises and the
manager answers. Everybody chooses a password by a letter and gives a second factor.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import transaction
from django.utils import timezone

from tests.desks.account.codes import code_of
from tests.desks.importing.files import list_7
from tests.intake.csv_tables import zipped
from tests.journeys.looked import WAYS, Looked
from tests.messages.letterbox import Letterbox, letterbox, link_in
from tests.walkthrough import steps
from tests.walkthrough.steps import Agreed, Concern, Starred
from tests.walkthrough.walking import Walk, Walker, classes
from undrift.children.models import Child, Plan
from undrift.cli.main import main
from undrift.demo.organisations import Organisation, build_northmoor, build_westmarch
from undrift.intake.organisation.exporting import export
from undrift.messages.management.commands.work import Worker
from undrift.people.models import Authority, Person

__all__ = ["letterbox"]

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]

CHILDREN = (
    "child_id,first_name,last_name,family",
    "90001,Wren,Calder,Calder",
    "90002,Linus,Calder,Calder",
)
PASSWORD = "nineteen quiet herons"
BEGAN = timedelta(days=90)


@dataclass(frozen=True)
class Council:
    """A council under one policy: its own row, who its people are, and what its chair raises."""

    row: Sequence[str]
    build: Callable[[date], Organisation]
    administrator: str
    chair: str
    worker: str
    manager: str
    team: str
    raises: Callable[[Walker, Walk], None]


def raises_at_stage_1(chair: Walker, walk: Walk) -> None:
    steps.raises_formally(chair, WREN, "Stage 1", shown=["Responds Priya Nairn"])


def makes_a_starred_recommendation(chair: Walker, walk: Walk) -> None:
    starred = Starred(
        agency="Northmoor Children's Social Care", recommendation="Wren is seen.", action="A visit each fortnight",
        completed=timezone.localdate() + timedelta(days=21),
    )  # fmt: skip
    steps.makes_a_starred_recommendation(chair, WREN_IN_NORTHMOOR, starred, shown=["Responds Leonie Cartmel"])


IMPACT = "She was asked about things she had not heard before and went quiet."
WREN = Concern(
    family="Calder", impacts={"Wren": IMPACT}, reason=("Report not shared in time",),
    words="The report reached Mum on the morning.", came_up="Immediately after the conference",
)  # fmt: skip
WREN_IN_NORTHMOOR = Concern(
    family="Calder", impacts={"Wren": IMPACT}, reason=("Actions of the plan are not done in time",),
    words="Two of four visits are not on the file.", came_up="At the mid-point check",
)  # fmt: skip

COUNCILS = {
    "walsall": Council(
        ("westmarch", "Westmarch Council", "walsall", "", "335", "Westmarch Safeguarding Children Partnership"),
        build_westmarch, "Jo Talbot", "Grace Ollerton", "Hannah Quill", "Priya Nairn", "North", raises_at_stage_1,
    ),
    "pan-lancashire": Council(
        ("northmoor", "Northmoor Council", "pan-lancashire", "lancashire", "888", "Northmoor Safeguarding Partnership"),
        build_northmoor, "Lorna Pickersgill", "Rosalind Amery", "Nell Harcastle", "Leonie Cartmel",
        "Northmoor Assessment Team", makes_a_starred_recommendation,
    ),
}  # fmt: skip
HEADS = ("code", "council", "policy", "area", "lea", "partnership")


class Beginning(Walk):
    """The same words as in a walk, in a service where nobody is yet."""

    def works(self) -> None:
        Worker().round()


class ByLetter(Walker):
    """Somebody who gets in as people do: by a letter, a password, and a second factor of their own."""

    def signed_in(self) -> None:
        """By hand: `comes_in`."""

    def comes_in(self) -> None:
        self.signed_in_on = timezone.localdate()
        self.opens(link_in(self.walk.box.to(self.person.email)[-1]))
        self.types(PASSWORD, into="New password")
        self.types(PASSWORD, into="New password again")
        self.clicks("Set password")
        self.types(self.person.email, into="Email address")
        self.types(PASSWORD, into="Password")
        self.presses("Sign in")
        self.clicks("Add an authenticator app")
        (secret,) = (each.text for each in self.page.all() if "undrift-key" in classes(each))
        self.types(code_of(secret.replace(" ", "")), into="Code from the app")
        self.clicks("Add this app")
        self.clicks("I have kept them: continue")


@pytest.fixture
def walk(letterbox: Letterbox, settings: Any, tmp_path: Path) -> Beginning:
    settings.SEAL_FILE = str(tmp_path / "seals")
    demo = cast(Any, SimpleNamespace(people={}))
    return Beginning(demo, WAYS[-1], ByLetter, Looked(), lambda *asked: [], cast(Any, None), letterbox)


def as_files(council: Council, folder: Path) -> list[str]:
    """What the council writes from its staff list. Invented people, and nothing of them is left in the service."""
    with transaction.atomic():
        files = dict(export(council.build(timezone.localdate()).authority))
        transaction.set_rollback(True)
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, council.row])
    files["council.csv"] = text.getvalue()
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [str(folder / name) for name in files]


def annex_a(today: date) -> bytes:
    of_each = {"starts": today - BEGAN, "born": today - timedelta(days=4_000), "visit": today, "review": None}
    rows = [{"child_id": number, **of_each, "team": "Somewhere"} for number in (90001, 90002)]
    return bytes(list_7(*rows).read())


def who_chairs(council: Council, people: dict[str, Person], today: date) -> bytes:
    """Our own CSV: names, the family, and for each plan its chair, its worker and its team."""
    emails = [people[name].email for name in (council.chair, council.worker)]
    plans = [f"{number},{today - BEGAN},{','.join(emails)},{council.team}" for number in (90001, 90002)]
    return zipped(
        {
            "children.csv": "\n".join([*CHILDREN, ""]).encode(),
            "plans.csv": "\n".join(["child_id,starts,chair,worker,team", *plans, ""]).encode(),
        }
    )


@pytest.mark.parametrize("policy", COUNCILS)
def test_from_an_empty_service_to_an_answer(policy: str, walk: Beginning, tmp_path: Path) -> None:
    council, today = COUNCILS[policy], timezone.localdate()
    code, began = council.row[0], time.monotonic()
    files = as_files(council, tmp_path)
    assert not any(kind.objects.exists() for kind in (Authority, Person, Child))

    walk.when("the council is made by its own files, and its administrator is let in")
    assert main(["import", "organisation", *files, "--authority", code]) == 0
    people = {person.name: person for person in Person.objects.all()}
    assert main(["invite", people[council.administrator].email, "--authority", code]) == 0
    walk.works()
    keeper = walk.somebody(walk, people[council.administrator])
    assert isinstance(keeper, ByLetter)
    keeper.comes_in()

    walk.when("she invites the chair and the manager")
    keeper.opens("/people/not-signed-in")
    for name in (council.chair, council.manager):
        keeper.ticks(name)
    keeper.presses_what_begins("Invite")
    keeper.sees("2 invitations are on the way.")

    walk.when("she brings the children in, and says who chairs")
    for kind, name, content in (
        ("Annex A, Lists 5 and 7", "annex.xlsx", annex_a(today)),
        ("Our own CSV", "chairs.zip", who_chairs(council, people, today)),
    ):
        keeper.opens("/import")
        keeper.chooses(kind, to="What kind of file is it?")
        keeper.attaches(name, content, into="Which file?")
        keeper.clicks("Check the file")
        keeper.sees("Check before you apply", "Rows left out 0")
        keeper.clicks("Apply")
        keeper.sees("Applied.")
    plans = Plan.objects.select_related("chair", "social_worker", "team")
    assert [(one.chair, one.social_worker, one.team and one.team.name) for one in plans] == [
        (people[council.chair], people[council.worker], council.team)
    ] * 2

    walk.when("the chair raises a concern, and the manager answers")
    walk.works()
    chair, manager = (walk.somebody(walk, people[name]) for name in (council.chair, council.manager))
    assert isinstance(chair, ByLetter)
    assert isinstance(manager, ByLetter)
    chair.comes_in()
    manager.comes_in()
    cast(Any, walk.demo).people = people
    council.raises(chair, walk)
    steps.answers(manager, "She is seen on Thursday.", Agreed("See her", council.worker, today + timedelta(days=14)))

    walk.then("the record says both")
    manager.opens(walk.record)
    manager.sees(IMPACT, "She is seen on Thursday.")
    print(f"{policy}: {time.monotonic() - began:.1f} seconds of pages and commands")
