"""Every text, name and date that the service stores, and every text that an act may carry: which holds a token.

A field holds one unless it stands in `WITHOUT`, with the reason. Whoever adds a field comes here: let a row of
`world.py` hold its token, or say below why it cannot hold one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from undrift.engine.ladder import acts
from undrift.engine.ladder.kinds import ACT_NAMES

TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)
DATES = (models.DateField,)  # a DateTimeField is one too

# Apps that are not ours: their tables are declared elsewhere, and no text about a child goes into them.
NOT_OURS: Mapping[str, str] = {
    "auth": "Django's own permissions, which nobody is given",
    "contenttypes": "names of models",
    "sessions": "signed values of a session; what is typed into a form that a session outlived is looked for by hand",
    "account": "django-allauth's copy of an email address; people.Person.email holds the token",
    "mfa": "secrets of second factors, made by the service",
    "socialaccount": "what a provider of single sign-on says of staff; nothing of it is shown",
}

CODE = "a word out of a fixed list of ours or the policy's: it takes no other text"
ADDRESS = "made by the service to stand in addresses and messages, and says nothing by itself"
HASH = "a hash or a number that the service works out"
CLOCK = "a moment that the service notes by its own clock; a log line carries the same"


def _each(label: str, names: str, why: str) -> dict[str, str]:
    return {f"{label}.{name}": why for name in names.split()}


WITHOUT: Mapping[str, str] = {
    **_each("people.Authority", "code nation protocol_id protocol_version area lea", CODE),
    **_each("people.Authority", "choices", "the authority's settings, each one of a few words"),
    **_each("people.Agency", "kind", CODE),
    **_each("people.Post", "slug", CODE),
    **_each("people.Post", "title", "the policy's name for a seat: holders are found by it, and a message may say it"),
    **_each("people.Person", "last_login closed_at", CLOCK),
    **_each("people.Holding", "kind", CODE),
    **_each("people.Holding", "at ended_at", CLOCK),
    **_each("people.Cover", "at ended_at", CLOCK),
    **_each("people.Grant", "kind outcome", CODE),
    **_each("people.Grant", "to terms", "numbers of rows, days and words of ours"),
    **_each("people.Grant", "said", "names of staff and posts and days, which people.Person.name holds"),
    **_each("people.Grant", "asked_at settled_at", CLOCK),
    **_each("people.WrongTry", "key", HASH),
    **_each("people.WrongTry", "last", CLOCK),
    **_each("people.UsedCode", "key", HASH),
    **_each("people.UsedCode", "until", CLOCK),
    **_each("people.RosterVersion", "scope", CODE),
    **_each("people.AccountAct", "what", CODE),
    **_each("people.AccountAct", "by_role", "the title of a post, as people.Post.title"),
    **_each("people.AccountAct", "at", CLOCK),
    **_each("people.Letter", "created_at next_attempt_at sent_at", CLOCK),
    **_each("children.Family", "reference", ADDRESS),
    **_each("children.Child", "public_id", ADDRESS),
    **_each("children.Child", "sex", CODE),
    **_each("children.Plan", "initial_category latest_category seen_alone", CODE),
    **_each("children.Conference", "reference", ADDRESS),
    **_each("children.Conference", "kind", CODE),
    **_each("children.KeyAction", "status", CODE),
    **_each("children.ImportRun", "source_system council", CODE),
    **_each("children.ImportRun", "sha256", HASH),
    **_each("children.ImportRun", "counts", "counts, each under a word of ours"),
    **_each("children.ImportedRow", "source_system entity", CODE),
    **_each("children.ImportedRow", "row_hash told", HASH),
    **_each("children.FactChange", "entity field", CODE),
    **_each("children.FactChange", "at", CLOCK),
    **_each("children.ImportCheck", "source_system", CODE),
    **_each("children.ImportCheck", "reference", ADDRESS),
    **_each("children.ImportCheck", "sha256 digest", HASH),
    **_each("children.ImportCheck", "counts", "counts, each under a word of ours"),
    **_each("children.ImportCheck", "at", CLOCK),
    **_each("children.ImportCheck", "begun_at failed_at", CLOCK),
    **_each("children.ImportCheck", "failed_why", "a sentence of ours, with counts and the council's name"),
    **_each("children.ImportTold", "kind", CODE),
    **_each("children.ImportRun", "undone_at", CLOCK),
    **_each("children.SameChild", "at undone_at", CLOCK),
    **_each("children.AlsoInFamily", "at ended_at", CLOCK),
    **_each("children.Allocation", "part", CODE),
    **_each("children.Allocation", "at done_at ended_at", CLOCK),
    **_each("record.ReferenceCounter", "scope letters", CODE),
    **_each("record.Case", "reference", ADDRESS),
    **_each("record.Case", "protocol_id protocol_version", CODE),
    **_each("record.Case", "kind tag then_tag", CODE),
    **_each("resolutions.Resolution", "first_stage stage highest_stage formality grounds ending", CODE),
    **_each("record.Case", "next_role next_must then_role then_must", CODE),
    **_each("record.Case", "then_name", "next_name for the turn after; there it is the chair, with an account"),
    **_each("record.Case", "people_at", CLOCK),
    **_each("record.Case", "last_hash", HASH),
    **_each("record.Duty", "key", ADDRESS),
    **_each("record.Duty", "stage who must action basis", CODE),
    **_each("record.Duty", "lapsed_at", CLOCK),
    **_each("record.Draft", "kind", CODE),
    **_each("record.Draft", "saved_at", CLOCK),
    **_each("record.TypedText", "address", ADDRESS),
    **_each("record.TypedText", "page number tab why", CODE),
    **_each("record.TypedText", "saved_at", CLOCK),
    **_each("record.Submission", "address onward", ADDRESS),
    **_each("record.Submission", "number tab", CODE),
    **_each("record.Submission", "said", HASH),
    **_each("record.Submission", "sent_at", CLOCK),
    **_each("record.Event", "type by_role", CODE),
    **_each("record.Event", "recorded_at", CLOCK),
    **_each("record.Event", "previous_hash hash", HASH),
    **_each("record.GoodPracticeReport", "at", CLOCK),
    **_each("record.GoodPracticeReport", "first last", "the days of a quarter or a year, out of a list of ours"),
    **_each("record.GoodPracticeReport", "team_name by_name", "as people.Unit.name and people.Person.name hold them"),
    **_each("record.GoodPracticeReport", "numbers", "titles of the policy's, names of teams, and numbers"),
    **_each("record.GoodPracticeReport", "sentences why", "published for all the staff to read, with no child's name"),
    **_each("record.Ending", "of_table", CODE),
    **_each("record.Ending", "said", HASH),
    **_each("record.Ending", "at", CLOCK),
    **_each("record.Seal", "made_at", CLOCK),
    **_each("record.Seal", "heads rows previous_root root", HASH),
    **_each("access.Opening", "purpose finding", CODE),
    **_each("access.Look", "page how", CODE),
    **_each("access.Look", "children", "numbers of rows"),
    **_each("access.Alert", "kind", CODE),
    **_each("access.Alert", "reference", ADDRESS),
    **_each("access.Alert", "created_at next_attempt_at sent_at", CLOCK),
    **_each("record.Notice", "role kind ask stage", CODE),
    **_each("record.Notice", "created_at next_attempt_at sent_at dropped_at", CLOCK),
    **_each("access.Listing", "ended_at", CLOCK),
}

# The parts of an act that are chosen and not written.
ACT_CODES: Mapping[str, str] = {
    **_each("acts.ChildConcern", "id", CODE),
    **_each("acts.ActionAsked", "person", CODE),
    **_each("acts.Conversation", "how to safe", CODE),
    **_each("acts.Risk", "children", CODE),
    **_each("acts.RecordUrgentAction", "children", CODE),
    **_each("acts.RingBack", "safe", CODE),
    **_each("acts.Raise", "stage occasion agency conference", CODE),
    **_each("acts.Respond", "agree", CODE),
    **_each("acts.MoveOn", "to because agency", CODE),
    **_each("acts.ReopenChild", "child", CODE),
    **_each("acts.EndForChild", "child ending", CODE),
    **_each("acts.RecordPlanEnd", "child", CODE),
    **_each("acts.RecordEndTakenBack", "child", CODE),
    **_each("acts.RecordLapse", "duty", CODE),
    **_each("acts.StartAction", "id", CODE),
    **_each("acts.FinishAction", "id", CODE),
    **_each("acts.ConfirmAction", "id", CODE),
    **_each("acts.ReturnAction", "id", CODE),
    **_each("acts.ChangeActionDate", "id", CODE),
    **_each("acts.AskForActionDate", "id", CODE),
    **_each("acts.DeclineActionDate", "id", CODE),
    **_each("acts.DropAction", "id", CODE),
    **_each("acts.GiveAction", "id person", CODE),
    **_each("acts.RecordOwnerLeft", "id", CODE),
    **_each("acts.RecordWentOver", "part", CODE),
    **_each("acts.Close", "ending", CODE),
    **_each("acts.Share", "role", CODE),
    **_each("acts.TakeRoute", "route", CODE),
    **_each("acts.HandOver", "role person", CODE),
    **_each("acts.File", "child system", CODE),
}  # and the name beside a child's id, which only the sentence of a refusal needs


@dataclass(frozen=True)
class Field:
    """One field. `label` is "children.Child.first_name", or "acts.Respond.text" for a part of an act."""

    label: str
    number: int
    kind: str  # "text", "date" or "moment"
    model: type[models.Model] | None = None

    @property
    def name(self) -> str:
        return self.label.rpartition(".")[2]


def our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if apps.get_app_config(model._meta.app_label).name.startswith("undrift."):
            yield model


def apps_unexplained() -> list[str]:
    """Apps with tables that are neither ours nor named in `NOT_OURS`."""
    ours = {model._meta.app_label for model in our_models()}
    return sorted({model._meta.app_label for model in apps.get_models()} - ours - NOT_OURS.keys())


def stored() -> Iterator[tuple[str, str, type[models.Model]]]:
    """Label, kind and model of every text and date that our models store."""
    for model in our_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TEXTS):
                yield f"{model._meta.label}.{field.name}", "text", model
            elif isinstance(field, DATES):
                kind = "moment" if isinstance(field, models.DateTimeField) else "date"
                yield f"{model._meta.label}.{field.name}", kind, model


TYPED = "typed"  # what is written into the forms of the pages

PARTS: tuple[type[Any], ...] = (acts.ChildConcern, acts.ActionAsked, acts.Conversation, acts.Risk)


# Parts of acts that no history of 2013 comes to, each with the reason; what is kept of them stands in a payload.
ACTS_WITHOUT: Mapping[str, str] = {
    "acts.Resolve.not_spoken": "asked after a formal escalation, which only a child on a plan at that time comes to",
}


def acted() -> Iterator[str]:
    """The parts of acts that somebody writes, as "acts.Respond.text"."""
    for kind in (*PARTS, *ACT_NAMES.values()):
        for part in dataclasses.fields(kind):
            named_only = kind is acts.ChildConcern and part.name == "name"
            label = f"acts.{kind.__name__}.{part.name}"
            if label in ACTS_WITHOUT or label in ACT_CODES or named_only:
                continue
            if str(part.type) in ("str", "Mapping[str, str]"):
                yield label


@cache
def seeded() -> Mapping[str, Field]:
    """Every field that holds a token, by its label. The numbers hold within one run."""
    found = [(label, kind, model) for label, kind, model in stored() if label not in WITHOUT]
    labels = [*found, *((label, "text", None) for label in acted()), (TYPED, "text", None)]
    ordered = sorted(labels, key=_dates_first)
    return {label: Field(label, number, kind, model) for number, (label, kind, model) in enumerate(ordered)}


# A plan cycle's page counts the days that follow, one by one: none of them may belong to another field.
COUNTED_FROM = "children.Plan.starts"


def _dates_first(found: tuple[str, str, object]) -> tuple[bool, bool, bool, str]:
    """There are fewer days than words; what ends does so later than it starts, and what is counted from is last."""
    label, kind, _ = found
    return (
        kind == "text",
        label == COUNTED_FROM,
        label.rpartition(".")[2] in ("ends", "ended", "until", "lifted_at"),
        label,
    )
