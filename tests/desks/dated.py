"""Every page on which a date is typed and sent: how it is reached, and what is said with each of its dates.

A page that `tests/desks/typed/sendings.py` sends is reached as it is there. What a page asks only in another state, or
below an answer of its own, stands here: a date that nobody placed fails (`tests/desks/test_what_a_date_gets.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.cast import Cast, northmoor, westmarch
from tests.desks.importing.files import list_7
from tests.desks.importing.files import said as of_a_file
from tests.desks.raising.chairs import Chair, Questions, next_weekday
from tests.desks.raising.test_formal import at_risk, to_the_check
from tests.desks.raising.test_informal import told as informally
from tests.desks.raising.test_next_stage import raised
from tests.desks.typed.sendings import (
    LONG,
    SCENES,
    Said,
    Sending,
    asked_of_an_agency,
    at,
    on,
    said_of,
    signed_in,
    today,
)
from tests.resolutions.conftest import under_shipped_versions
from tests.resolutions.guarded import REASON
from tests.resolutions.reached import informal, stage_one
from undrift.access.restricting import restrict
from undrift.children.models import Child, LookedAfter, Plan
from undrift.engine.ladder import acts
from undrift.people.models import Person
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Then = Callable[[Client, Any], Any]


@dataclass(frozen=True)
class Reached:
    """A page with dates on it, whom its child is, and how what is sent there is brought to its end."""

    sending: Sending
    child: Child
    then: Then | None = None
    at: str = ""  # where it is looked at, when it is sent somewhere else


@dataclass(frozen=True)
class Place:
    reached: Callable[[], Reached]
    # Each box with what is said beside it: a box that is uncovered by an answer needs the answer.
    boxes: Mapping[str, Said] = field(default_factory=lambda: {"on": {}})


def west() -> Cast:
    return under_shipped_versions(westmarch())


def north() -> Cast:
    return under_shipped_versions(northmoor())


PLACES: dict[str, Place] = {}


def of_scene(name: str, child: str = "Maya", then: Then | None = None) -> Callable[[], Reached]:
    def reached() -> Reached:
        cast = west()
        return Reached(SCENES[name](cast, 0), cast.child(child), then)

    return reached


def place(name: str, *boxes: str, **with_it: Said) -> Callable[[Callable[[], Reached]], Callable[[], Reached]]:
    """Boxes that count as they are, and others by what is said with them."""

    def noted(reached: Callable[[], Reached]) -> Callable[[], Reached]:
        PLACES[name] = Place(reached, {**{box: {} for box in boxes}, **with_it})
        return reached

    return noted


def pressed(said: Said) -> Then:
    """The page that it leads to is sent as well."""
    return lambda client, answer: client.post(answer.headers["Location"], dict(said))


# Pages that are reached, and filled in, as they are sent elsewhere ----------------------------------------------------

OF_SCENES: Mapping[str, tuple[str, ...]] = {
    "Maya": ("ask-again", "more-time", "new-action", "record-urgent", "route", "rung", "spoke", "appoint", "own-cover",
             "person-cover", "person-leaves", "raise-informal", "respond"),
    "Kai": (
        "child-born", "child-died", "child-looked-after", "child-looked-after-ends", "child-moves", "child-new",
        "core-group-end", "core-group-member", "plan-begins", "plan-ends", "cycle-begin", "cycle-change", "cycle-check",
        "cycle-core-group", "cycle-discussion", "cycle-event", "cycle-feedback", "cycle-fix", "cycle-held",
        "cycle-held-unfixed", "cycle-key-action", "cycle-plan-ends", "cycle-report", "cycle-route", "cycle-sent",
    ),
}  # fmt: skip
ROW = {"actions-TOTAL_FORMS": "1", "actions-0-what": "Visit", "actions-0-who": "Hannah Quill"}
BOXES: Mapping[str, Mapping[str, Said]] = {
    **{name: {"until": {}} for name in ("ask-again", "more-time")},
    **{name: {"by": {}} for name in ("new-action", "cycle-key-action")},
    **{name: {"starts": {}, "ends": {}} for name in ("own-cover", "person-cover")},
    **{name: {"on": {}, "next_review": {}} for name in ("cycle-held", "cycle-held-unfixed")},
    "appoint": {"starts": {}},
    "child-new": {"born": {}, "expected": {"stands": "unborn"}},
    "core-group-end": {"last_day": {}},
    "core-group-member": {"starts": {}},
    "cycle-change": {"on": {"what": "move"}},
    "raise-informal": {"spoke_on": {}, "agreed-0-by": {}, "date": {}},
    "respond": {"actions-0-by": ROW},
}
PLACES |= {
    name: Place(of_scene(name, child), BOXES.get(name, {"on": {}})) for child, names in OF_SCENES.items()
    for name in names
}  # fmt: skip


# A concern ------------------------------------------------------------------------------------------------------------


@place("action", on={}, by={"status": "date", "why": LONG})
def action() -> Reached:
    return of_scene("action")()


@place("key-action", "on")
def key_action() -> Reached:
    cast = north()
    return Reached(asked_of_an_agency(cast), cast.child("Aisha"))


@place("action-by-chair", on={"what": "done", "helped": LONG}, by={"what": "date", "why_date": LONG})
def action_by_chair() -> Reached:
    cast = west()
    r = informal(cast, at=timezone.now()).resolution
    plan = acts.ActionAsked("Write them up", "Hannah Quill", next_weekday(9), str(cast.person("Hannah").pk))
    perform(acts.AgreeAction(plan), resolution=r, by=cast.person("Grace"))
    return Reached(Sending(cast.person("Grace"), at(r, "actions/a1"), {}), cast.child("Maya"))


AFTER_THE_DATE = timedelta(days=13)  # Stage 1 waits seven working days, and two more for the approval.


@place("decide-unanswered", "spoke_on")
def unanswered() -> Reached:
    cast = west()
    r = stage_one(cast, at=timezone.now() - AFTER_THE_DATE).resolution
    said = {"spoke_with": "team-manager", "spoke": LONG, "next": "hand-over"}
    return Reached(Sending(cast.person("Grace"), at(r, "decide"), said), cast.child("Maya"))


@place("hand-over-late", "until")
def handed_over_late() -> Reached:
    cast = west()
    r = stage_one(cast, at=timezone.now() - AFTER_THE_DATE).resolution
    said = {"part": "team-manager", "person": str(cast.person("Callum").pk), "why": LONG}
    return Reached(Sending(cast.person("Grace"), at(r, "hand-over"), said), cast.child("Maya"))


@place("more-time-informal", "until")
def more_time_informally() -> Reached:
    cast = west()
    r = informal(cast, at=timezone.now()).resolution
    return Reached(Sending(cast.person("Grace"), at(r, "more-time"), {"why": LONG}), cast.child("Maya"))


@place("rung-after-the-end", "on")
def rung_after_the_end() -> Reached:
    cast = west()
    asked = SCENES["rung"](cast, 0)
    r = Resolution.objects.get()
    perform(acts.Close("in-error", LONG), resolution=r, by=cast.person("Grace"))
    return Reached(Sending(asked.who, asked.path, {**asked.said, "made": "yes"}), cast.child("Maya"))


# On the way to one ----------------------------------------------------------------------------------------------------


def sent_from(asked: Questions, *answers: tuple[str, Said]) -> Then:
    """The questions that are left, then the check."""

    def then(client: Client, answer: Any) -> Any:
        for page, said in answers:
            answer = client.post(asked.address(page), dict(said))
            if answer.status_code != 302:
                return answer
        return client.post(asked.address("check"), {})

    return then


def in_a_question(cast: Cast, asked: Questions, page: str, said: Said, child: str, then: Then) -> Reached:
    return Reached(Sending(asked.chair.person, asked.address(page), said), cast.child(child), then)


SPOKEN = {"spoken": "yes", "spoke_name": "Priya Nairn", "how": "in person"}


@place("raise-spoken", "spoke_on")
def spoken() -> Reached:
    cast = west()
    asked = to_the_check(Chair(cast, "Grace"))
    return in_a_question(cast, asked, "spoken", SPOKEN, "Tyler", sent_from(asked))


@place("raise-people", "asked_by")
def people() -> Reached:
    cast = west()
    asked = to_the_check(Chair(cast, "Grace"))
    return in_a_question(cast, asked, "people", {"copied": ["head-of-safeguarding"]}, "Tyler", sent_from(asked))


@place("raise-made-safe", "acted_on")
def made_safe() -> Reached:
    cast = west()
    asked = at_risk(Chair(cast, "Grace"))
    rest: tuple[tuple[str, Said], ...] = (
        ("tried", {"tried": ""}), ("stage", {"stage": "stage-2", "why": "Immediate risk"}), ("ask", {"ask": LONG}),
        ("people", {}), ("check", {"rung": "yes", f"safe_{asked.chair.id('Kai')}": "yes"}),
    )  # fmt: skip
    said = {"acted": LONG, "acted_by": "Priya Nairn"}
    return in_a_question(cast, asked, "made-safe", said, "Kai", sent_from(asked, *rest))


def starred(onto: str) -> tuple[Cast, Questions]:
    """A starred recommendation on its way, up to that page and filled in beyond it."""
    cast = north()
    chair = Chair(cast, "Rosalind Amery")
    asked = chair.begins_formal("Plover")
    aisha = chair.id("Aisha")
    asked.says("children", "source", children=[aisha])
    asked.says("source", "concern", occasion="key-action")
    asked.says("concern", "impact", grounds=["SPECIALIST"])
    asked.says("impact", "risk", **{f"impact_{aisha}": LONG})
    asked.says("risk", "tried", risk="no")
    asked.says("tried", "stage", tried=LONG)
    asked.says("stage", "ask", stage="starred")
    if onto == "people":
        asked.says("ask", "agency", **WORDING, **on("completion", next_weekday(20)))
        asked.says("agency", "people", agency=str(cast.agency("Moorland Health Trust").pk))
    return cast, asked


WORDING = {"recommendation": LONG, "ask": LONG}


@place("raise-ask-starred", "completion")
def completed() -> Reached:
    cast, asked = starred("ask")
    agency = {"agency": str(cast.agency("Moorland Health Trust").pk)}
    then = sent_from(asked, ("agency", agency), ("people", on("date", next_weekday(2))))
    return in_a_question(cast, asked, "ask", WORDING, "Aisha", then)


@place("raise-people-starred", "date")
def answered_by() -> Reached:
    cast, asked = starred("people")
    return in_a_question(cast, asked, "people", {}, "Aisha", sent_from(asked))


@place("raise-informal-partnership", "spoke_on", "agreed-0-by", "date")
def informal_in_a_partnership() -> Reached:
    cast = north()
    chair = Chair(cast, "Rosalind Amery")
    aisha = chair.id("Aisha")
    said = informally(chair) | {
        "children": [aisha], f"impact_{aisha}": LONG, "occasion": "midpoint", "grounds": ["NOT-IMPLEMENTED"],
        "agency": str(cast.agency("Moorland Health Trust").pk), "spoke_name": "", "agreed-0-who": "Elias Thornby",
    }  # fmt: skip
    return Reached(Sending(chair.person, chair.begins_informal("Plover"), said), cast.child("Aisha"))


TO_THE_NEXT = ("Ella", "Sam", "Poppy", "Finn")
AT_RISK = {"risk": "yes", "acted": LONG, "acted_by": "Priya Nairn"}


def moved_on(client: Client, answer: Any) -> Any:
    """The check of a move, sent with what it asks of a risk."""
    check = answer.headers["Location"].replace("/pause", "/check")
    page = client.get(check).text
    safe = {name: "yes" for name in _names(page) if name.startswith("safe_")}
    number = page.partition('name="draft" value="')[2].partition('"')[0]
    return client.post(check, {"draft": number, "rung": "yes", **safe})


def _names(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="')[1:]]


def on_the_way_up(cast: Cast, chair: str, r: Resolution, *children: str, **said: object) -> Reached:
    person = Chair(cast, chair)
    telling = {"seen": str(r.last_seq), "different": LONG, "ask": LONG, "risk": "no", **said}
    telling |= {f"impact_{person.id(child)}": LONG for child in children}
    return Reached(Sending(person.person, at(r, "next-stage"), telling), cast.child(children[0]), moved_on)


@place("next-stage", acted_on=AT_RISK, asked_by={})
def next_stage() -> Reached:
    cast = west()
    reached = on_the_way_up(cast, "Grace", raised(cast, *TO_THE_NEXT, stage="stage-1"), *TO_THE_NEXT, to="stage-2")
    return _at_risk_is_the_first(reached, cast)


def _at_risk_is_the_first(reached: Reached, cast: Cast) -> Reached:
    """Whose risk it is counts where there is one."""
    said = {**reached.sending.said, "at_risk": [cast.child(TO_THE_NEXT[0]).public_id]}
    return Reached(Sending(reached.sending.who, reached.sending.path, said), reached.child, reached.then)


@place("next-stage-from-informal", acted_on=AT_RISK, spoke_on={}, asked_by={})
def next_stage_from_informal() -> Reached:
    cast = west()
    r = raised(cast, "Ella", stage="informal", date=next_weekday(-5))
    return on_the_way_up(cast, "Grace", r, "Ella", to="stage-1", **SPOKEN)


@place("next-stage-to-starred", "completion", "date", acted_on=AT_RISK)
def next_stage_to_starred() -> Reached:
    cast = north()
    trust = str(cast.agency("Moorland Health Trust").pk)
    r = raised(cast, "Aisha", stage="informal", agency=trust, date=next_weekday(-25))
    said = {"to": "starred", "agency": trust, **on("completion", next_weekday(20)), **on("date", next_weekday(2))}
    return on_the_way_up(cast, "Rosalind Amery", r, "Aisha", **said)


@place("next-stage-starred", "date", acted_on=AT_RISK)
def next_stage_starred() -> Reached:
    cast = north()
    trust = str(cast.agency("Moorland Health Trust").pk)
    r = raised(cast, "Aisha", stage="starred", agency=trust, completion=next_weekday(20))
    said = {"to": "formal-escalation", **on("date", next_weekday(2))}
    return on_the_way_up(cast, "Rosalind Amery", r, "Aisha", **said)


# Who may see ----------------------------------------------------------------------------------------------------------


@place("child-guard-name", "until")
def named_by_the_chair() -> Reached:
    cast = west()
    maya, grace = cast.child("Maya"), cast.person("Grace")
    restrict(maya, grace, LONG)
    return named(cast, grace, f"/children/{maya.public_id}/who-may-see/name")


@place("restricted-name", "until")
def named_by_who_guards() -> Reached:
    cast = west()
    restrict(cast.child("Maya"), cast.person("Grace"), LONG)
    return named(cast, cast.person("Judith"), f"/guarding/restricted/{cast.child('Maya').public_id}/name")


def named(cast: Cast, who: Person, path: str) -> Reached:
    said = {"person": str(cast.person("Callum").pk), "why": "Her area"}
    return Reached(Sending(who, path, said), cast.child("Maya"))


@place("glass", "born")
def glass() -> Reached:
    cast = west()
    tyler = cast.child("Tyler")
    said = {"by": "name", "first_name": tyler.first_name, "last_name": tyler.last_name, "reason": REASON,
            "purpose": "immediate-risk"}  # fmt: skip
    return Reached(Sending(cast.person("Marcus"), "/search/emergency", said), tyler)


@place("audit", "since", "until")
def audit() -> Reached:
    cast = looked_at()
    return Reached(Sending(cast.person("Judith"), "/guarding/audit", {}), cast.child("Maya"))


@place("audit-export", "since", "until")
def audit_export() -> Reached:
    cast = looked_at()
    sending = Sending(cast.person("Judith"), "/guarding/audit/export", {})
    return Reached(sending, cast.child("Maya"), at="/guarding/audit")


def looked_at() -> Cast:
    cast = west()
    signed_in(cast.person("Grace")).get(f"/children/{cast.child('Maya').public_id}")
    return cast


# Files, and who has a child -------------------------------------------------------------------------------------------


@place("import", "as_at")
def a_file() -> Reached:
    cast = west()
    said = of_a_file(list_7({"child_id": "70000"}), today())
    return Reached(Sending(cast.person("Jo Talbot"), "/import", said), cast.child("Maya"), pressed({}))


@place("allocation-give", "from_day")
def given() -> Reached:
    cast = west()
    path = f"/allocation/give?c={cast.child('Kai').public_id}"
    said = {"part": "chair", "chair": str(cast.person("Imran").pk)}
    return Reached(Sending(cast.person("Judith"), path, said), cast.child("Kai"), pressed({"why": LONG}))


# What is put right of a child -----------------------------------------------------------------------------------------


def put_right(fact: Callable[[Child], str]) -> Callable[[], Reached]:
    def reached() -> Reached:
        cast = west()
        return Reached(said_of(cast, "Kai", f"right/{fact(cast.child('Kai'))}", {}), cast.child("Kai"))

    return reached


def _of_plan(column: str) -> Callable[[Child], str]:
    return lambda child: f"{column}-{Plan.objects.get(child=child).pk}"


def _of_child(column: str) -> Callable[[Child], str]:
    return lambda child: column


for _column in ("date_of_birth", "expected_birth", "died_on", "moved_on"):
    PLACES[f"right-{_column}"] = Place(put_right(_of_child(_column)), {"value": {}})
for _column in ("starts", "ends"):
    PLACES[f"right-plan-{_column}"] = Place(put_right(_of_plan(_column)), {"value": {}})


def looked_after_before(column: str) -> Callable[[], Reached]:
    def reached() -> Reached:
        cast = west()
        asked = SCENES["child-looked-after-ends"](cast, 0)
        if column == "ends":
            signed_in(asked.who).post(asked.path, dict(asked.said))
        care = LookedAfter.objects.get(child=cast.child("Kai"))
        return Reached(said_of(cast, "Kai", f"right/{column}-care-{care.pk}", {}), cast.child("Kai"))

    return reached


for _column in ("starts", "ends"):
    PLACES[f"right-care-{_column}"] = Place(looked_after_before(_column), {"value": {}})
