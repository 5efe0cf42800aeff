"""What became of a fact, in words: which fact, what it was, what it is, and who says so or which file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from undrift.children.facts import ON_FILE, as_text
from undrift.children.models import Entity, FactChange
from undrift.children.models.conference import ConferenceKind
from undrift.children.models.family import Sex
from undrift.children.models.plan import Category, SeenAlone
from undrift.engine.dates.words import full_day

NOTHING = "nothing"
GONE_SINCE = "one no longer on file"
SOMEBODY = "somebody who is no longer on file"

# Which fields hold a number, and of what.
NUMBERED: Mapping[str, str] = {
    "chair": "person",
    "social_worker": "person",
    "person": "person",
    "team": "unit",
    "agency": "agency",
    "family": "family",
    "other_record": "child",
    "iro": "person",
    "also_in": "family",
    "participants": "person",  # several, with commas between
}
CALLED: Mapping[str, str] = {
    "family": "family",
    "family_name": "family's name",
    "external_id": "number in the case system",
    "first_name": "first name",
    "last_name": "last name",
    "date_of_birth": "date of birth",
    "expected_birth": "expected birth",
    "sex": "sex",
    "restricted": "restriction",
    "died_on": "day of death",
    "moved_on": "day of the move to another council",
    "moved_to": "council that the child moved to",
    "starts": "start",
    "ends": "end",
    "initial_category": "first category",
    "latest_category": "latest category",
    "chair": "chair",
    "social_worker": "social worker",
    "team": "team",
    "last_visit": "last visit",
    "seen_alone": "seen alone",
    "latest_review": "latest review",
    "reviews_held": "reviews held",
    "previous_plans": "number of previous plans",
    "team_text": "team as the file has it",
    "worker_text": "worker as the file has it",
    "kind": "kind",
    "planned_for": "planned day",
    "held_on": "day it was held",
    "cancelled_at": "day it was cancelled",
    "next_review": "next review",
    "participants": "those invited",
    "person": "member",
    "name": "member",
    "agency": "agency",
    "role": "role",
    "child": "child",
    "also_in": "second family",
    "iro": "independent reviewing officer",
    "iro_name": "independent reviewing officer",
    "other_record": "other record of the same child",
}
# Of these the value may be a name, or lead to one.
MAY_NAME = frozenset(NUMBERED) | {
    "family_name",
    "first_name",
    "last_name",
    "name",
    "role",
    "team_text",
    "worker_text",
    "iro_name",
}
NEW: Mapping[str, str] = {
    Entity.CHILD: "The child is on file",
    Entity.PLAN: "A plan is on file",
    Entity.CONFERENCE: "A conference is on file",
    Entity.CORE_GROUP: "Somebody is in the core group",
    Entity.LOOKED_AFTER: "The child is looked after",
}
GONE: Mapping[str, str] = {
    Entity.CHILD: "The child was taken off file again",
    Entity.PLAN: "A plan was taken off file again",
    Entity.CONFERENCE: "A conference was taken off file again",
    Entity.CORE_GROUP: "Somebody was taken out of the core group again",
    Entity.LOOKED_AFTER: "That the child is looked after was taken off file again",
}
OF: Mapping[str, str] = {
    Entity.CHILD: "",
    Entity.PLAN: "the plan",
    Entity.CONFERENCE: "a conference",
    Entity.CORE_GROUP: "the core group",
    Entity.LOOKED_AFTER: "being looked after",
}
IN_WORDS: Mapping[str, Mapping[str, str]] = {
    "initial_category": dict(Category.choices),
    "latest_category": dict(Category.choices),
    "sex": dict(Sex.choices),
    "seen_alone": dict(SeenAlone.choices),
    "kind": dict(ConferenceKind.choices),
}


DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")  # a moment begins with one
AS_WRITTEN = MAY_NAME | {"external_id", "moved_to"}


@dataclass(frozen=True)
class Named:
    """What the numbers are called, where that may be said."""

    people: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    agencies: Mapping[int, str] = field(default_factory=dict)
    families: Mapping[int, str] = field(default_factory=dict)
    children: Mapping[int, str] = field(default_factory=dict)

    def of(self, kind: str, number: str) -> str:
        known = {
            "person": self.people,
            "unit": self.units,
            "agency": self.agencies,
            "family": self.families,
            "child": self.children,
        }[kind]
        usual = {"family": "another family", "person": SOMEBODY, "child": "another record"}.get(kind, GONE_SINCE)
        return known.get(int(number), usual) if number.isdigit() else number


def title(change: FactChange) -> str:
    """ "Chair of the plan", "A plan is on file"."""
    if not change.field:
        return (NEW if change.now else GONE)[change.entity]
    called, of = called_so(change.field), OF[change.entity]
    called = called[:1].upper() + called[1:]
    return f"{called} ({of})" if of else called


def called_so(field_name: str) -> str:
    """ "latest category", within a sentence."""
    return CALLED.get(field_name, field_name.replace("_", " "))


def became(change: FactChange, named: Named) -> str:
    """ "Was Grace Ollerton, is Imran Dastgir." and why, where somebody said it."""
    said = []
    if change.field:
        was, now = (_value(change.field, value, named) for value in (change.was, change.now))
        said.append(f"Was {was}, became {now}.")
    elif ON_FILE not in (change.was, change.now):
        said.append(f"{change.now or change.was}.")
    if change.why:
        said.append(f"Why: {change.why.rstrip('.')}.")
    return " ".join(said)


NO_FORMATS: Mapping[str, str] = {}


def said_by(change: FactChange, formats: Mapping[str, str] = NO_FORMATS) -> str:
    """Who, or which file: a file is named by its format and its day, for its name might name somebody.

    `formats` are what people call them; without them it is a file of that day.
    """
    run = change.import_run
    if run is not None:
        called = f" ({formats.get(run.source_system, run.source_system)})" if formats else ""
        file = f"a file{called} as at {full_day(run.as_at, short=True)}"
        return f"{file}, brought in by {change.by.name}" if change.by else file
    return change.by.name if change.by else "the service"


def as_said(column: str, value: object) -> str:
    """A fact that names nobody by a number, as a page says it."""
    return _value(column, as_text(value), Named())


def _value(field_name: str, value: str, named: Named) -> str:
    if not value:
        return NOTHING
    if field_name in NUMBERED:
        return ", ".join(named.of(NUMBERED[field_name], number) for number in value.split(","))
    if field_name == "child":
        return "one child alone"
    if field_name in IN_WORDS:
        return IN_WORDS[field_name].get(value, value)
    if DAY.match(value) and field_name not in AS_WRITTEN:
        return full_day(date.fromisoformat(value[:10]), short=True)
    return value
