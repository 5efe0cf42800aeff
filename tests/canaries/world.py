"""Both organisations of the demonstration with all their stories, every text, name and date in it a token.

The stories are told by the same acts, with the same people; only the words differ. Beside them stand a few things of
long ago, so that the dates of a resolution are tokens too, and one row of whatever the stories do not need.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from tests.canaries import tokens
from tests.canaries.fields import TYPED, Field, acted, our_models, seeded
from undrift.access.models import Alert, Exclusion, Listing, Look, Opening, Restriction
from undrift.children.models import (
    Allocation,
    AlsoInFamily,
    Child,
    Conference,
    CoreGroupMember,
    FactChange,
    ImportCheck,
    ImportedRow,
    ImportRun,
    ImportTold,
    KeyAction,
    LookedAfter,
    MidpointCheck,
    Plan,
    SameChild,
    Voice,
)
from undrift.demo import organisations, staff
from undrift.demo.extras import add_extras
from undrift.demo.households import plovers_key_action
from undrift.demo.stories import Demonstration, set_the_stage
from undrift.engine.ladder import acts
from undrift.intake.findings import Place, warn
from undrift.people.models import AccountAct, ClosureDay, Cover, Grant, Holding, Letter, Person, Post, Vacancy
from undrift.record import drafts
from undrift.record.models import Notice
from undrift.record.sweep import sweep
from undrift.record.typed_texts import Where, keep
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import Done, perform
from undrift.resolutions.models import Resolution

# Dates that every row may have in 2013: the stories do not turn on them.
DRESSED_DATES = frozenset(
    [
        "children.Child.date_of_birth",
        "children.CoreGroupMember.starts",
        "children.Voice.heard_on",
        "children.Plan.starts",
        "children.Plan.last_visit",
        "children.Plan.latest_review",
    ]
)
A_YEAR_BEFORE = tokens.FIRST_DAY - timedelta(days=120)  # a child has one plan from one day
# A member of a core group who has an account is known by it.
LEFT_EMPTY = frozenset({"children.CoreGroupMember.name"})


@dataclass(frozen=True)
class World:
    """`people` of both organisations by the name that the demonstration gave them."""

    demo: Demonstration
    people: Mapping[str, Person]
    long_ago: tuple[str, ...] = ()  # references of the resolutions that hold every kind of text and date


def build(today: date) -> World:
    """Fill the empty tables. Everything is committed when it returns."""
    with transaction.atomic():
        # In their posts since a day of the tokens: what is given is never rewritten afterwards.
        since = today - day("people.Holding.starts")
        with patch.object(organisations, "IN_POST_FOR", since), patch.object(staff, "IN_POST_FOR", since):
            demo = set_the_stage(today)
        add_extras(demo)
        demo.homes.diary.write()
        plovers_key_action(demo.homes)
        add_what_the_stories_do_not_need(demo)
        dress()
        people = dict(demo.people)
        for person in people.values():
            person.refresh_from_db()
        retell(demo, people)
        demo.script.play()
        tell_what_was_long_ago(demo, people)
        keep_drafts(demo, people)
        Notice.objects.filter(pk=Notice.objects.order_by("pk")[0].pk).update(
            attempts=1, last_error=word("record.Notice.last_error")
        )
        sweep()
        never_answered(long_ago(demo, people, "Fern"), "Imran Dastgir", "Yasmin Okell")  # not swept yet
        waits_for_somebody_outside(Telling(people, demo.homes["Hazel"].children, timezone.now() - timedelta(days=1)))
        old = Resolution.objects.filter(raised_at__year=tokens.FIRST_ACT.year).order_by("pk")
        closed = demo.case("Larch").reference  # by another chair, for those who see the whole of the authority
        return World(demo, people, (closed, *old.values_list("reference", flat=True)))


# --- words and days -----------------------------------------------------------------------------------


_rows = count(1)


def word(label: str, row: int | None = None) -> str:
    """The word of a field; of a part of an act, another one each time."""
    return tokens.word(seeded()[label].number, next(_rows) if row is None else row)


def day(label: str) -> date:
    return tokens.day(seeded()[label].number)


def moment(label: str) -> datetime:
    return tokens.moment(day(label))


def dated(label: str, *names: str) -> dict[str, Any]:
    """These fields of a model with their days: `dated("people.Cover", "starts", "ends")`."""
    fields = {name: seeded()[f"{label}.{name}"] for name in names}
    return {name: day(field.label) if field.kind == "date" else moment(field.label) for name, field in fields.items()}


def dress() -> None:
    """Every text of every row that is there, and the dates that may be changed."""
    for model in our_models():
        fields = [field for field in seeded().values() if field.model is model]
        fields = [f for f in fields if f.label not in LEFT_EMPTY and (f.kind == "text" or f.label in DRESSED_DATES)]
        if not fields or model._meta.app_label in ("record", "resolutions") or model in (Look, Alert):
            continue  # the record is reached by acts, and looks and alerts by looking
        if model._meta.db_table in (*settings.INSERT_AND_END_TABLES, "children_factchange"):
            continue  # what is given is ended, and never rewritten: its words were written with it
        rows = list(model._default_manager.order_by("pk"))
        for number, row in enumerate(rows):
            for field in fields:
                before = getattr(row, field.name)
                # Whoever is thirteen today was born in a year of the tokens, and on no day that is one.
                own = field.kind != "text" and before is not None and before.year in tokens.YEARS
                if field.kind == "text" or (before is not None and (not own or field.name == "date_of_birth")):
                    setattr(row, field.name, _dressed(field, row, number))
        model._default_manager.bulk_update(rows, [field.name for field in fields])


def _dressed(field: Field, row: models.Model, number: int) -> object:
    if field.kind == "date":
        return tokens.day(field.number)
    text = tokens.word(field.number, number)
    match row._meta.get_field(field.name):
        case models.EmailField():
            return f"{text.lower()}@mail.example"
        case models.JSONField():
            assert isinstance(row, ImportTold), "nothing else keeps what somebody wrote in parts"
            return _told(row.kind, text)
        case models.TextField():
            return f"{text} is what somebody wrote here."
    return f"!{text}" if field.name == "password" else text


def _told(kind: str, text: str) -> dict[str, Any]:
    """What an import tells: what would change, or what was found."""
    if kind == "change":
        return {"child": text, "entity": "child", "what": text}
    return warn(Place(sheet=text, child=text), text, did=text).as_json()


# --- acts ---------------------------------------------------------------------------------------------

WRITTEN = frozenset(acted())


def retell(demo: Demonstration, people: Mapping[str, Person]) -> None:
    """The same stories by the same people, in words of ours."""
    named = {person.name: person for person in people.values()}
    demo.script.people = named
    demo.script.lines[:] = [
        replace(line, by=people[line.by].name, act=in_our_words(line.act)) for line in demo.script.lines
    ]


def in_our_words(act: Any) -> Any:
    """The act with a word of ours in every part that somebody writes, and that says something in it."""
    changed = {}
    for part in dataclasses.fields(act):
        value, label = getattr(act, part.name), f"acts.{type(act).__name__}.{part.name}"
        if label in WRITTEN:
            changed[part.name] = (
                {key: word(label) for key in value} if isinstance(value, Mapping) else value and word(label)
            )
        elif dataclasses.is_dataclass(value):
            changed[part.name] = in_our_words(value)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changed[part.name] = tuple(in_our_words(each) for each in value)
    return replace(act, **changed)


@dataclass
class Telling:
    """What happened to one family long ago: each act an hour after the one before, or on a later day."""

    people: Mapping[str, Person]
    children: tuple[Child, ...]
    now: datetime
    resolution: Resolution | None = None
    done: Done | None = None

    def days_later(self, number: int) -> date:
        self.now += timedelta(days=number)
        return self.now.date()

    def ahead(self, number: int) -> date:
        return self.now.date() + timedelta(days=number)

    def does(self, by: str, act: acts.Act) -> None:
        self.now += timedelta(hours=1)
        context = None if self.resolution else context_for(self.children, self.now)
        self.done = perform(
            in_our_words(act), resolution=self.resolution, by=self.people.get(by), at=self.now, context=context
        )
        self.resolution = self.done.resolution

    def each(self, value: Any) -> dict[str, Any]:
        return {str(child.pk): value for child in self.children}

    def concerns(self) -> tuple[acts.ChildConcern, ...]:
        return tuple(acts.ChildConcern(str(child.pk), "written", "written") for child in self.children)


X = "written"  # in_our_words puts a word of ours in its place
GRACE, PRIYA, DENISE, OWEN, FARAH = "Grace Ollerton", "Priya Nairn", "Denise Harkaway", "Owen Tarrant", "Farah Lindley"
ROSALIND, ELIAS = "Rosalind Amery", "Elias Thornby"
SERVICE = ""  # what the service records itself


def tell_what_was_long_ago(demo: Demonstration, people: Mapping[str, Person]) -> None:
    """Resolutions whose every date lies in 2013: one that ended, some that were never answered."""
    resolved_long_ago(long_ago(demo, people, "Alder"))
    never_answered(long_ago(demo, people, "Sorrel"))
    agreed_and_forgotten(long_ago(demo, people, "Hazel"))
    withdrawn(long_ago(demo, people, "Bramble"))
    from_the_conference_on(long_ago(demo, people, "Plover"))


def long_ago(demo: Demonstration, people: Mapping[str, Person], family: str) -> Telling:
    return Telling(people, demo.homes[family].children, tokens.moment(tokens.FIRST_ACT))


def spoke(to: str, on: date) -> acts.Conversation:
    return acts.Conversation("in person", on, to, X, X)


def raised_at_stage_1(told: Telling) -> acts.Raise:
    return acts.Raise(
        stage="stage-1", children=told.concerns(), grounds=("FATHERS",), concern=X, occasion="other",
        risk=acts.Risk(X), spoke=spoke("team-manager", told.ahead(-1)), ask=X, tried=X, why_this_stage=X,
        actions=(acts.ActionAsked(X, X, told.ahead(3)),), asked_by=told.ahead(4), completion=told.ahead(20),
    )  # fmt: skip


def resolved_long_ago(told: Telling) -> None:
    """Every act that Westmarch's policy knows, one after another, to the end."""
    told.does(GRACE, raised_at_stage_1(told))
    told.does(GRACE, acts.Note(X))
    told.does(GRACE, acts.Speak(spoke("team-manager", told.ahead(0))))
    told.does(GRACE, acts.Share("head-of-safeguarding", X))
    told.does(GRACE, acts.TakeRoute("share-with-head-of-safeguarding", X, told.ahead(0), who=X))
    told.does(GRACE, acts.RecordUrgentAction(X, X, told.ahead(0)))
    assert told.done is not None
    told.does(GRACE, acts.RingBack(told.done.state.urgent[-1].seq, X, told.ahead(0), X))
    told.days_later(1)
    told.does(PRIYA, acts.SayNotMine(X, X))
    told.does(GRACE, acts.SayItStays(X))
    told.does(PRIYA, acts.Respond("agree", X, (acts.ActionAsked(X, X, told.ahead(9)),), ("capacity",)))
    told.does(DENISE, acts.SendBack(X))
    told.does(PRIYA, acts.Respond("agree", X, (acts.ActionAsked(X, X, told.ahead(9)),)))
    told.does(DENISE, acts.Approve(X))
    told.does(GRACE, acts.AskAgain(told.ahead(5), X))
    told.does(PRIYA, acts.Respond("agree", X, (acts.ActionAsked(X, X, told.ahead(9)),)))
    told.does(DENISE, acts.Approve(X))
    told.does(GRACE, acts.Judge(told.each(False), X))
    told.days_later(1)
    told.does(
        GRACE,
        acts.MoveOn(
            "stage-2", "not accepted", impacts=told.each(X), different=X, ask=X, why_this_stage=X,
            spoke=spoke("group-manager", told.ahead(0)), asked_by=told.ahead(2), risk=acts.Risk(X),
        ),
    )  # fmt: skip
    told.does(GRACE, acts.GiveMoreTime(told.ahead(9), X))
    told.does(GRACE, acts.HandOver("group-manager", str(told.people[OWEN].pk), X, X))
    told.days_later(1)
    told.does(OWEN, acts.Respond("agree", X, (acts.ActionAsked(X, X, told.ahead(9)),) * 2))
    told.does(FARAH, acts.Approve(X))
    told.does(GRACE, acts.Judge(told.each(True), X))
    told.does(GRACE, acts.AgreeAction(acts.ActionAsked(X, X, told.ahead(8))))
    assert told.done is not None
    *others, action = told.done.state.actions
    told.does(GRACE, acts.GiveAction(action, X, X))
    told.does(GRACE, acts.StartAction(action, X))
    told.does(PRIYA, acts.AskForActionDate(action, told.ahead(14), X))
    told.does(GRACE, acts.DeclineActionDate(action, X))
    told.does(GRACE, acts.ChangeActionDate(action, told.ahead(12), X))
    told.does(GRACE, acts.FinishAction(action, told.ahead(0), X))
    told.does(GRACE, acts.ReturnAction(action, X))
    told.does(GRACE, acts.FinishAction(action, told.ahead(0), X))
    told.does(GRACE, acts.ConfirmAction(action, X))
    for each in others:
        told.does(GRACE, acts.DropAction(each, X))
    told.does(GRACE, acts.Resolve(told.each(X), X))
    told.does(GRACE, acts.GiveUpRing(1, X))
    told.does(GRACE, acts.File(str(told.children[0].pk), "the case system"))
    told.does(GRACE, acts.Correct(2, X))


def never_answered(told: Telling, chair: str = GRACE, manager: str = PRIYA) -> None:
    """Raised at stage 1, and nothing came."""
    told.does(chair, raised_at_stage_1(told))
    told.does(manager, acts.AgreeAction(acts.ActionAsked(X, X, told.ahead(30))))


def withdrawn(told: Telling) -> None:
    told.does(GRACE, raised_at_stage_1(told))
    first = str(told.children[0].pk)
    told.does(GRACE, acts.EndForChild(first, "moved", X, X))
    told.does(GRACE, acts.ReopenChild(first, X))
    told.does(SERVICE, acts.RecordPlanEnd(first, told.ahead(0), source=X))
    told.does(SERVICE, acts.RecordEndTakenBack(first, source=X))
    told.does(SERVICE, acts.RecordPlanEnd(first, told.ahead(0), source=X))
    told.does(SERVICE, acts.RecordWentOver("chair", X, X, X))
    told.does(GRACE, acts.CarryOn((first,), X))
    told.does(GRACE, acts.Withdraw(X))


def agreed_and_forgotten(told: Telling) -> None:
    """Agreed informally and settled, with an action that nobody did."""
    told.does(
        GRACE,
        acts.Raise(
            stage="informal", children=told.concerns(), grounds=("REPORT-LATE",), concern=X, tried=X,
            spoke=spoke("team-manager", told.ahead(0)), date=told.ahead(18), happened=told.ahead(0),
        ),
    )  # fmt: skip
    told.does(GRACE, acts.AgreeAction(acts.ActionAsked(X, X, told.ahead(18))))
    told.does(GRACE, acts.Judge(told.each(True), X))


def waits_for_somebody_outside(told: Telling) -> None:
    """Now, for what is late is the chair's: the next turn is somebody's who has no account, known by a name alone."""
    told.does(
        GRACE,
        acts.Raise(
            stage="informal", children=told.concerns(), grounds=("VISITS-RECORD",), concern=X,
            spoke=spoke("team-manager", told.ahead(0)), actions=(acts.ActionAsked(X, X, told.ahead(9)),),
            date=told.ahead(9), happened=told.ahead(0),
        ),
    )  # fmt: skip
    told.does(GRACE, acts.Judge(told.each(True), X))


def from_the_conference_on(told: Telling) -> None:
    """Northmoor: a recommendation that was not accepted, the talk with the agency's manager, an answer asked again."""
    told.does(
        ROSALIND,
        acts.Raise(
            stage="informal", children=told.concerns(), grounds=("NOT-ACCEPTED",), concern=X, recommendation=X,
            occasion="core-group", spoke=acts.Conversation("could not reach", None, "front-line-manager", X, X),
            linked=X,
        ),
    )  # fmt: skip


# --- what the stories do not need ---------------------------------------------------------------------


def add_what_the_stories_do_not_need(demo: Demonstration) -> None:
    """A row for every field that is empty in them; `dress` then writes the texts."""
    west, north = demo.west, demo.north
    _people(demo)
    alder, plover = demo.homes["Alder"].family, demo.homes["Plover"].family
    for built in (west, north):
        for authority in built.authorities.values():
            ClosureDay.objects.create(authority=authority, reason=X, **dated("people.ClosureDay", "date"))
    Child.objects.create(
        authority=west.authority, family=alder, first_name=X, last_name=X, sex="U",
        **dated("children.Child", "expected_birth", "died_on"),
    )  # fmt: skip
    former = Child.objects.get(family=plover)
    Child.objects.filter(pk=former.pk).update(moved_to=X, **dated("children.Child", "moved_on"))
    Plan.objects.create(authority=north.authority, child=former, starts=A_YEAR_BEFORE, **dated("children.Plan", "ends"))
    for family, built in ((alder, west), (plover, north)):
        CoreGroupMember.objects.create(
            authority=family.authority, family=family, name=word("children.CoreGroupMember.name"), role=X,
            starts=demo.days.day(-100),
        )  # fmt: skip
        CoreGroupMember.objects.create(
            authority=family.authority, family=family, name=word("children.CoreGroupMember.name"), role=X,
            **dated("children.CoreGroupMember", "starts", "ends"),
        )  # fmt: skip
        Voice.objects.create(
            authority=family.authority, child=family.children.order_by("pk")[0], text=X, heard_on=demo.days.day(-300)
        )
        _conferences(family, built)
    action = KeyAction.objects.get(family=plover)
    action.feedback_due = day("children.KeyAction.feedback_due")
    action.save()
    KeyAction.objects.create(
        authority=plover.authority, family=plover, wording=X, feedback=X, status="done",
        **dated("children.KeyAction", "feedback_due", "feedback_on"),
    )  # fmt: skip
    for family in (alder, plover):
        for plan in Plan.objects.filter(child__family=family, ends=None):
            MidpointCheck.objects.create(
                authority=family.authority, plan=plan, view=X, next_step=X,
                **dated("children.MidpointCheck", "due", "done_at"),
            )  # fmt: skip
    _import(demo, former)
    _of_a_child(alder.children.order_by("pk")[0], demo.west.people["Judith Calloway"])
    _need_to_know(demo, alder.children.order_by("pk")[0])


def _of_a_child(child: Child, by: Person) -> None:
    """Looked after, in a second family once, and once taken for another child: what was taken back opens nothing."""
    of, said = {"authority": child.authority}, {"by": by, "at": timezone.now()}
    LookedAfter.objects.create(
        child=child, iro_name=word("children.LookedAfter.iro_name"), starts=A_YEAR_BEFORE, **of,
        **dated("children.LookedAfter", "ends"),
    )  # fmt: skip
    LookedAfter.objects.create(
        child=child, iro_name=word("children.LookedAfter.iro_name"), **of, **dated("children.LookedAfter", "starts")
    )
    SameChild.objects.create(
        kept=child, other=child, why=word("children.SameChild.why"), undone_why=word("children.SameChild.undone_why"),
        undone_at=timezone.now(), undone_by=by, **of, **said,
    )  # fmt: skip
    AlsoInFamily.objects.create(
        child=child, family=child.family, why=word("children.AlsoInFamily.why"), ended_at=timezone.now(), ended_by=by,
        **of, **said,
    )  # fmt: skip


def _need_to_know(demo: Demonstration, child: Child) -> None:
    """Once restricted, once named, once kept out, once opened in an emergency; and who looked."""
    of = {"authority": child.authority, "child": child}
    grace, marcus, judith = (demo.west.people[n] for n in ("Grace Ollerton", "Marcus Penhale", "Judith Calloway"))
    Restriction.objects.create(
        reason=word("access.Restriction.reason"), set_by=grace, lift_asked_by=marcus, lifted_by=judith, **of,
        **dated("access.Restriction", "set_at", "lift_asked_at", "lifted_at"),
    )  # fmt: skip
    Listing.objects.create(
        person=judith, why=word("access.Listing.why"), by=grace, **of, **dated("access.Listing", "starts", "ends")
    )
    Exclusion.objects.create(
        person=demo.west.people["Owen Tarrant"], why=word("access.Exclusion.why"), by=marcus, lifted_by=judith, **of,
        **dated("access.Exclusion", "since", "lifted_at"),
    )  # fmt: skip
    Opening.objects.create(
        person=marcus, purpose="emergency", reason=word("access.Opening.reason"), finding="justified",
        remark=word("access.Opening.remark"), reviewed_by=judith, **of,
        **dated("access.Opening", "opened_at", "until", "review_due", "reviewed_at"),
    )  # fmt: skip
    looked = {"authority": child.authority, "person": marcus.pk, "children": [child.pk], "page": "child"}
    Look.objects.create(name=word("access.Look.name"), how="whole", **looked, **dated("access.Look", "at"))
    Look.objects.create(
        name=word("access.Look.name"), tried=word("access.Look.tried"), refused=True, **looked,
        **dated("access.Look", "at"),
    )  # fmt: skip
    Alert.objects.create(
        authority=child.authority, to_person=judith, kind="opened_widely", about=marcus.pk,
        created_at=timezone.now(), last_error=word("access.Alert.last_error"), attempts=1,
        **dated("access.Alert", "day"),
    )  # fmt: skip


def _people(demo: Demonstration) -> None:
    west, manager = demo.west, demo.west.posts[("team-manager", "North")]
    left = Person.objects.create_user(
        "left@westmarch.example", name=X, authority=west.authority, **dated("people.Person", "leaves_on")
    )
    owned = {"authority": west.authority}
    changed = AccountAct.objects.create(person=left, what="password-changed", by=left, at=timezone.now(), **owned)
    Letter.objects.create(
        act=changed, created_at=timezone.now(), last_error=word("people.Letter.last_error"), attempts=1
    )
    Holding.objects.create(
        post=manager, person=left, why=word("people.Holding.why"), **owned,
        **dated("people.Holding", "starts", "ends"),
    )  # fmt: skip
    Grant.objects.create(
        authority=west.authority, kind="cover", about=west.people["Owen Tarrant"], to=[], said="Cover",
        terms={
            "covering": west.people["Denise Harkaway"].pk, "starts": str(timezone.localdate()),
            "ends": str(timezone.localdate() + timedelta(days=5)), "post": None,
        },
        why=word("people.Grant.why"), asked_by=west.people["Judith Calloway"], asked_at=timezone.now(),
    )  # fmt: skip
    Cover.objects.create(
        away=west.people["Owen Tarrant"], covering=west.people["Denise Harkaway"],
        reason=word("people.Cover.reason"), **owned,
        **dated("people.Cover", "starts", "ends"),
    )  # fmt: skip
    Cover.objects.create(
        away=west.people["Imran Dastgir"], covering=west.people["Tomasz Wrenfield"],
        reason=word("people.Cover.reason"), **owned,
        starts=demo.days.today,
    )  # fmt: skip
    vacant = Post.objects.create(
        agency=manager.agency, unit=west.units["South"], slug="deputy-team-manager", title=X, **owned
    )
    Vacancy.objects.create(post=vacant, how=X, **owned, **dated("people.Vacancy", "since", "noticed_at"))
    Vacancy.objects.create(post=manager, how=X, **owned, **dated("people.Vacancy", "since", "noticed_at", "ended"))


def _conferences(family: Any, built: Any) -> None:
    chair = Plan.objects.filter(child__family=family, ends=None)[0].chair
    held = dated("children.Conference", "planned_for", "held_on", "decision_sheet_sent_at", "next_review")
    Conference.objects.create(
        authority=family.authority, family=family, reference=f"C-1-{family.pk}", kind="review", chair=chair,
        quorate=True, **held,
    )  # fmt: skip
    Conference.objects.create(
        authority=family.authority, family=family, reference=f"C-2-{family.pk}", kind="review", chair=chair,
        **dated("children.Conference", "planned_for", "cancelled_at"),
    )  # fmt: skip


def _import(demo: Demonstration, child: Child) -> None:
    run = ImportRun.objects.create(
        authority=child.authority, source_system="annex-a", file_name=X, sha256="0" * 64,
        **dated("children.ImportRun", "as_at", "started"),
    )  # fmt: skip
    ImportedRow.objects.create(
        authority=child.authority, source_system="annex-a", entity="child", source_key=X, object_id=child.pk,
        row_hash="0" * 64, import_run=run, **dated("children.ImportedRow", "first_seen", "last_seen", "last_changed"),
    )  # fmt: skip
    FactChange.objects.create(
        authority=child.authority, child=child, entity="child", object_id=child.pk, field="first_name",
        was=word("children.FactChange.was"), now=word("children.FactChange.now"), at=timezone.now(), import_run=run,
        why=word("children.FactChange.why"),
    )  # fmt: skip
    check = ImportCheck.objects.create(
        authority=child.authority, source_system="annex-a", reference="k7rw", file_name=X, sha256="0" * 64, content=b"",
        at=timezone.now(), digest="0" * 64, **dated("children.ImportCheck", "as_at"),
    )  # fmt: skip
    told: list[tuple[dict[str, Any], str]] = [({"run": run}, "finding"), ({"check_of": check}, "finding")]
    for of, kind in (*told, ({"check_of": check}, "change")):
        ImportTold.objects.create(authority=child.authority, kind=kind, place=1, child=child, said=_told(kind, X), **of)
    Allocation.objects.create(
        authority=child.authority, child=child, part="chair", person=demo.west.people["Denise Harkaway"],
        why=word("children.Allocation.why"), at=timezone.now(), **dated("children.Allocation", "from_day"),
    )  # fmt: skip


def keep_drafts(demo: Demonstration, people: Mapping[str, Person]) -> None:
    """Answers that were begun and not sent, and a note that was not taken."""
    for family, by in (("Wren-Ash", PRIYA), ("Rowan", "Callum Stroud")):
        text = in_our_words(acts.Respond("agree", X)).text
        said = {"agree": "agree", "text": text, "actions": [{"what": text}]}
        case = demo.case(family)
        drafts.keep(people[by], "respond", said, authority=case.authority, case=case)
        where = Where(people[by].pk, f"/resolutions/{case.reference}/note", "note", "a-drawing")
        keep(
            where,
            {"text": [word("record.TypedText.content")]},
            why="not taken",
            wrong={"labels": {"text": word("record.TypedText.wrong")}},
            sentence=word("record.TypedText.sentence"),
        )


# --- what holds a token -------------------------------------------------------------------------------


def without_a_token() -> list[str]:
    """The fields in which no row holds one, and the parts of acts that no history holds."""
    held: set[str] = set()
    kept: set[int] = set()
    for model in our_models():
        fields = [field for field in seeded().values() if field.model is model]
        for values in model._default_manager.values(*(field.name for field in fields)) if fields else ():
            for field in fields:
                if tokens.tokens_in(_as_text(values[field.name])):
                    held.add(field.label)
                if field.label == "record.Event.payload":
                    kept.update(number for number, _ in tokens.words_in(_as_text(values[field.name])))
    missing = [f for f in seeded().values() if not (f.label in held if f.model else f.number in kept)]
    return [field.label for field in missing if field.label != TYPED]


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def words_held() -> Mapping[str, set[int]]:
    """Of each text in the record, whose words stand in it: an act brings them there from where they were written."""
    held: dict[str, set[int]] = {}
    for model in our_models():
        fields = [field for field in seeded().values() if field.model is model and field.kind == "text"]
        for values in model._default_manager.values(*(field.name for field in fields)) if fields else ():
            for field in fields:
                numbers = {number for number, _ in tokens.words_in(_as_text(values[field.name]))}
                held.setdefault(field.label, set()).update(numbers)
    return held


def days_held() -> Mapping[date, set[str]]:
    """Which fields hold each day: one that came about by an act stands in several."""
    held: dict[date, set[str]] = {}
    for model in our_models():
        fields = [field for field in seeded().values() if field.model is model and field.kind != "text"]
        for values in model._default_manager.values(*(field.name for field in fields)) if fields else ():
            for field in fields:
                for found in tokens.days_in(_as_text(values[field.name])):
                    held.setdefault(found, set()).add(field.label)
    return held


def one_holder_a_post(world: World) -> Iterator[tuple[str, bool, Person]]:
    """Post, whether it is Westmarch's, and somebody who holds it; several posts of one person are named together."""
    met: set[tuple[bool, str]] = set()
    for name, person in world.people.items():
        west = name in world.demo.west.people
        posts = {(west, slug) for slug in person.holdings.filter(ends=None).values_list("post__slug", flat=True)}
        if posts - met:
            met |= posts
            yield " and ".join(sorted(slug for _, slug in posts)), west, person
