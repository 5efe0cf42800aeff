"""Whatever date is typed on any page: an error at its field, or it is taken. No page breaks on a mistyped year.

A date within an act is judged by the engine (`tests/engine/test_any_date.py`); its form only has to hand it over.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import time_machine
from django import forms

import undrift.desks
from tests.cast import NOW, TODAY, Cast
from tests.desks.people.test_people_pages import be, on
from tests.desks.typed.sendings import SCENES, signed_in
from tests.engine.test_any_date import TYPED
from tests.resolutions.guarded import REASON
from undrift.access import restricting
from undrift.applying.formats import FORMATS
from undrift.applying.putting_right import OF_PLAN
from undrift.desks.allocating.forms import GiveForm, MemberEndsForm, MemberForm
from undrift.desks.facts.forms import (
    BornForm,
    DiedForm,
    LookedAfterEndsForm,
    LookedAfterForm,
    MovesForm,
    NewForm,
    PlanBeginsForm,
    PlanEndsForm,
    RightForm,
)
from undrift.desks.frame.forms import DateField
from undrift.desks.guarding.forms import AuditForm, GlassForm
from undrift.desks.importing.forms import FileForm
from undrift.desks.people.forms import AppointForm, CoverForm, LeaveForm
from undrift.people.models import Person
from undrift.record.allocations import AllocationPart

pytestmark = pytest.mark.django_db
DESKS = Path(undrift.desks.__file__).parent
Said = Mapping[str, str]


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def cover(said: Said) -> forms.Form:
    return CoverForm(said, away=Person(), people=Person.objects.all(), posts=[], today=TODAY, own=True)


def leave(said: Said) -> forms.Form:
    return LeaveForm(said, people=[], falls={}, children={}, heirs={}, today=TODAY)


# The forms of pages that are no act, each bound as its page binds it, with the dates that it asks.
OF_PAGES: Mapping[str, tuple[Callable[[Said], forms.Form], tuple[str, ...]]] = {
    "CoverForm": (cover, ("starts", "ends")),
    "AppointForm": (lambda said: AppointForm(said, people=Person.objects.all(), today=TODAY), ("starts",)),
    "LeaveForm": (leave, ("on",)),
    "FileForm": (lambda said: FileForm(said, formats=FORMATS, today=TODAY), ("as_at",)),
    "GiveForm": (lambda said: GiveForm(said, takers=dict.fromkeys(AllocationPart, ()), today=TODAY), ("from_day",)),
    "MemberForm": (
        lambda said: MemberForm(said, people=[], agencies=[], siblings=True, today=TODAY),
        ("starts",),
    ),
    "MemberEndsForm": (lambda said: MemberEndsForm(said, today=TODAY), ("last_day",)),
    "NewForm": (lambda said: NewForm(said, today=TODAY), ("born", "expected")),
    "BornForm": (lambda said: BornForm(said, today=TODAY), ("on",)),
    "PlanBeginsForm": (lambda said: PlanBeginsForm(said, siblings=(), today=TODAY), ("on",)),
    "PlanEndsForm": (lambda said: PlanEndsForm(said, siblings=(), today=TODAY), ("on",)),
    "MovesForm": (lambda said: MovesForm(said, today=TODAY), ("on",)),
    "LookedAfterForm": (lambda said: LookedAfterForm(said, people=(), today=TODAY), ("on",)),
    "LookedAfterEndsForm": (lambda said: LookedAfterEndsForm(said, today=TODAY), ("on",)),
    "DiedForm": (lambda said: DiedForm(said, today=TODAY), ("on",)),
    "RightForm": (lambda said: RightForm(said, fact=OF_PLAN[0], today=TODAY), ("value",)),
    "GlassForm": (lambda said: GlassForm(said, today=TODAY), ("born",)),
    "AuditForm": (lambda said: AuditForm(said, today=TODAY), ("since", "until")),
}
# What this asks is refused by those who guard the record: its page is asked below.
BY_GUARDS = {"NameForm"}
# What these ask goes into an act.
OF_ACTS = {
    "ActionForm", "AgreedForm", "AskAgainForm", "HandOverForm", "InformalRecord", "MadeSafe", "MoreTimeForm",
    "NextStage", "NotDoneForm", "RouteForm", "RungForm", "SpokeForm", "Spoken", "UnansweredForm", "UpdateActionForm",
    "UrgentForm", "a_day", "add_answer_date", "completion_field",
}  # fmt: skip
SHOWN_ONLY = {"EverythingForm"}
FAR = ("1926", "in 3 years", "2062", "9999")
# Far off, and still nothing that could be wrong: all that was logged since then; a date that is not asked about.
TAKEN = {("since", "1926"), ("since", "ten years ago")}


def asking_for_a_date() -> set[str]:
    """The classes and functions of the desks in which a date is asked for."""
    found = set()
    for path in DESKS.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            made = any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "DateField" for n in ast.walk(node))
            if made and isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
    return found


def test_every_form_that_asks_for_a_date_stands_in_a_table() -> None:
    assert asking_for_a_date() == OF_PAGES.keys() | BY_GUARDS | OF_ACTS | SHOWN_ONLY


def test_a_date_is_refused_at_its_field_or_taken() -> None:
    for name, (bound, asked) in OF_PAGES.items():
        assert asked == tuple(n for n, f in bound({}).fields.items() if isinstance(f, DateField)), name
        for field in asked:
            sound = {key: part for other in asked for key, part in on(other, TODAY).items()}
            assert field not in bound(sound).errors, f"{name}.{field} today"
            for typed, day in TYPED.items():
                errors = bound(sound | on(field, day)).errors
                far = typed in FAR and not (field == "until" and typed == "1926") and (field, typed) not in TAKEN
                assert not far or field in errors, f"{name}.{field} takes {day}"


PAGES = [
    ("Priya", "/account/cover", "starts"),
    ("Priya", "/account/cover", "ends"),
    ("Jo Talbot", "/people/{priya}/leaves", "on"),
    ("Jo Talbot", "/people/{priya}/cover", "starts"),
    ("Jo Talbot", "/people/posts/{post}/appoint", "starts"),
    ("Pauline", "/allocation/give?c={kai}", "from_day"),
    ("Pauline", "/allocation/children/{kai}/core-group", "starts"),
    ("Pauline", "/allocation/new", "born"),
    ("Pauline", "/allocation/children/{kai}/plan/end", "on"),
    ("Pauline", "/allocation/children/{kai}/right/date_of_birth", "value"),
    ("Marcus", "/search/emergency", "born"),
    ("Judith", "/guarding/audit", "since"),
    ("Judith", "/guarding/audit", "until"),
    ("Judith", "/guarding/audit/export", "until"),
    ("Judith", "/guarding/restricted/{maya}/name", "until"),
]


def test_no_page_breaks_on_the_last_day_that_there_is(west: Cast) -> None:
    restricting.restrict(west.child("Maya"), west.person("Judith"), "A relative works here.", NOW)
    of = {
        "priya": west.person("Priya").pk,
        "post": west.post("team-manager", "North").pk,
        "maya": west.child("Maya").public_id,
        "kai": west.child("Kai").public_id,
    }
    said = {
        **on("starts", TODAY), **on("ends", TODAY), "covering": str(west.person("Callum").pk), "closes": "after",
        f"post-{of['post']}": "nobody", "person": str(west.person("Dev").pk), "as": "holder", "by": "name",
        "part": "chair", "stands": "born", "family": "own", "how": "name", "name": "Ms Vane",
        "first_name": "Maya", "last_name": "Alder", "purpose": "immediate-risk", "reason": REASON, "why": "To help",
    }  # fmt: skip
    for who, path, field in PAGES:
        answer = be(west, who).post(path.format(**of), said | on(field, TYPED["9999"]))
        assert answer.status_code == 200, f"{path}: {field}"
        assert "export" in path or "govuk-error-message" in answer.text, f"{path}: {field}"


IN_A_CYCLE = ["fix", "held", "held-unfixed", "sent", "discussion", "report", "key-action", "core-group", "check",
              "feedback", "route", "event", "plan-ends"]  # fmt: skip
OF_AN_ACT = ["more-time", "new-action", "spoke", "route", "action", "ask-again", "rung"]


@pytest.mark.parametrize("page", [*OF_AN_ACT, *(f"cycle-{page}" for page in IN_A_CYCLE)])
def test_no_page_of_an_act_breaks_on_the_last_day_that_there_is(west: Cast, page: str) -> None:
    sending = SCENES[page](west, 0)
    asked = {key.removesuffix("_year") for key in sending.said if key.endswith("_year")}
    assert asked
    typed = {key: part for field in asked for key, part in on(field, TYPED["9999"]).items()}
    answer = signed_in(sending.who).post(sending.path, {**sending.said, **typed})
    assert answer.status_code == 200
    assert "govuk-error-message" in answer.text
