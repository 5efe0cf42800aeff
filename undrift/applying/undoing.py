"""The last import undone as a whole: facts as before, new things taken away again, the history longer by both.

Only while nothing was built upon it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models

from undrift.access.models import Exclusion, Listing, Restriction
from undrift.applying.known import among
from undrift.applying.refusing import NOT_UNDONE, NotApplied
from undrift.children import facts, in_bulk
from undrift.children.facts import Because
from undrift.children.models import (
    Allocation,
    AlsoInFamily,
    Child,
    Conference,
    CoreGroupMember,
    Entity,
    FactChange,
    Family,
    ImportRun,
    ImportTold,
    KeyAction,
    Plan,
    SameChild,
)
from undrift.engine.dates.moments import in_words, london_date
from undrift.people.models import Person
from undrift.record.models import Event
from undrift.resolutions.models import Resolution

WHY = "The import was undone"
CHANGED_MEANWHILE = (
    "Somebody has just changed what this import had changed, and nothing was undone. Look at what it is about, and put"
    " that back first."
)
BUILT_OF_CLOSED = (
    "Something has come since about a child whose record is closed to you. Ask those who guard it: they are told what."
)
AT_ONCE = in_bulk.AT_ONCE

Given = TypeVar("Given")
_Column = tuple[int, str, str, str]  # a thing, one of its columns, what stood there before the run, and after it
Built = tuple[frozenset[int], str]  # what was built upon a run, in a sentence, and about which children

KIND: Mapping[str, type[models.Model]] = {entity.value: kind for kind, entity in facts.ENTITY.items()}
# What stands for others is taken away after them.
LAST_TO_GO = (Entity.LOOKED_AFTER, Entity.CORE_GROUP, Entity.CONFERENCE, Entity.PLAN, Entity.CHILD)
CALLED = {
    Entity.CHILD: "A fact about child {child}",
    Entity.PLAN: "A plan of child {child}",
    Entity.CONFERENCE: "A conference about child {child}",
    Entity.CORE_GROUP: "The core group of child {child}",
    Entity.LOOKED_AFTER: "That child {child} is looked after",
}

# What leads to a thing and is not in the way of taking it away: the history is kept beyond it, and who was invited
# goes with the conference.
GOES_ON = {FactChange, ImportTold, Conference.participants.through}
SAID_SINCE: Mapping[type[models.Model], str] = {
    AlsoInFamily: "word of a second family",
    SameChild: "word of two records of one child",
    KeyAction.children.through: "key action",
}
# Where any of these is left, a family stays.
NOBODY: Mapping[str, Any] = dict.fromkeys(
    ("children", "also_here", "conferences", "core_group", "cases", "key_actions")
)

# What the run told is forgotten, and of what it told first nothing is remembered.
FORGET = [
    "DELETE FROM children_importedrow WHERE authority_id = %(authority)s AND import_run_id = %(run)s"
    " AND first_seen = %(started)s AND jsonb_array_length(told) <= 1",
    """
    UPDATE children_importedrow i SET told = v.told,
        import_run_id = coalesce((v.told -> 0 ->> 'run')::bigint, i.import_run_id),
        last_seen = coalesce((SELECT r.started FROM children_importrun r WHERE r.id = (v.told -> 0 ->> 'run')::bigint),
                             i.last_seen)
    FROM (
        SELECT id, coalesce((SELECT jsonb_agg(e ORDER BY place) FROM jsonb_array_elements(told)
                             WITH ORDINALITY AS t(e, place) WHERE (e ->> 'run')::bigint <> %(run)s), '[]') AS told
        FROM children_importedrow
        WHERE authority_id = %(authority)s AND told @> jsonb_build_array(jsonb_build_object('run', %(run)s::bigint))
    ) v
    WHERE i.id = v.id
    """,
]


@dataclass
class _Touched:
    """What a run changed, by number alone: a large council's is many changes, and none of them is held whole."""

    number: int = 0
    last: int = 0
    children: set[int] = dataclass_field(default_factory=set)
    ended: set[int] = dataclass_field(default_factory=set)
    things: dict[str, set[int]] = dataclass_field(default_factory=lambda: defaultdict(set))
    removed: dict[str, set[int]] = dataclass_field(default_factory=lambda: defaultdict(set))


def hold(run: ImportRun) -> None:
    """Nobody else changes from now on what the run changed, nor builds upon what it brought in.

    Whoever is writing one of them just now is waited for: what they wrote is seen by `why_not`.
    """
    touched = _touched(run)
    touched.things[Entity.CHILD] |= touched.children
    for entity in reversed(LAST_TO_GO):  # as everybody takes hold of them: the child first, and then what is its own
        removed = touched.removed[entity]
        for pks, only_changed in ((removed, False), (touched.things[entity] - removed, True)):
            found = KIND[entity]._default_manager.filter(among("pk", pks)).order_by("pk")
            for _ in found.select_for_update(no_key=only_changed).values_list("pk").iterator(AT_ONCE):
                pass


def why_not(run: ImportRun, closed: Collection[int] = ()) -> str:
    """Why the run cannot be undone: what was built upon it, by name. "" where it can be.

    What is about one of the children who are `closed` to the reader is told without saying what.
    """
    if run.undone_at is not None:
        return f"This import was undone on {in_words(london_date(run.undone_at))} already."
    later = ImportRun.objects.filter(authority=run.authority, undone_at=None).first()
    if later != run and later is not None:
        return f"The file of {in_words(later.as_at)} was imported after it. Undo that import first."
    children, sentence = next(_built_upon(run, _touched(run)), (frozenset(), ""))
    return sentence if children.isdisjoint(closed) else BUILT_OF_CLOSED


def undo(run: ImportRun, *, at: datetime, by: Person | None) -> tuple[int, set[int]]:
    """Put back all that the run changed, without asking whether it may be: how many facts, and of which children.

    Refuses (`NotApplied`) where something else stands there than the run wrote: somebody changes it at the same moment.
    """
    touched = _touched(run)
    because = Because(at=at, by=by, run=run, why=WHY)
    facts.keep_back(because)
    for entity in sorted(touched.things):
        for some in _at_once(_by_thing(run, entity)):
            if not _put_back(entity, some):
                raise NotApplied(CHANGED_MEANWHILE, NOT_UNDONE)
    removed = touched.removed
    families = _families_of_its_own(run, removed[Entity.CHILD])
    for entity in LAST_TO_GO:
        in_bulk.take_away(KIND[entity], sorted(removed[entity]))
    empty = Family.objects.filter(among("pk", families), **NOBODY)
    in_bulk.take_away(Family, sorted(empty.values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        for statement in FORGET:
            cursor.execute(statement, {"authority": run.authority_id, "run": run.pk, "started": run.started})
    run.undone_at, run.undone_by = at, by
    run.save(update_fields=["undone_at", "undone_by"])
    return touched.number, touched.children - removed[Entity.CHILD]


def _families_of_its_own(run: ImportRun, new: set[int]) -> set[int]:
    """The families of these children, but those that another change has led a child out of, or into.

    They were there before: whatever undoes that change puts the child back.
    """
    families = set(Child.objects.filter(pk__in=new).values_list("family_id", flat=True))
    moved = FactChange.objects.filter(authority=run.authority_id, field__in=("family", "family_id"))
    others = moved.exclude(import_run=run).exclude(import_run__undone_at__isnull=False)
    led = {number for pair in others.values_list("was", "now").iterator(AT_ONCE) for number in pair}
    return {pk for pk in families if str(pk) not in led}


def _changes(run: ImportRun) -> models.QuerySet[FactChange]:
    return FactChange.objects.filter(import_run=run).exclude(why=WHY).order_by("pk")


def _touched(run: ImportRun) -> _Touched:
    touched = _Touched()
    for pk, child, entity, thing, name in (
        _changes(run).values_list("pk", "child_id", "entity", "object_id", "field").iterator(AT_ONCE)
    ):
        touched.number += 1
        touched.last = pk
        touched.children.add(child)
        touched.things[entity].add(thing)
        if not name:
            touched.removed[entity].add(thing)
        if (entity, name) == (Entity.PLAN, "ends"):
            touched.ended.add(child)
    return touched


def _at_once(many: Iterable[Given]) -> Iterator[list[Given]]:
    rest = iter(many)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _by_thing(run: ImportRun, entity: str) -> Iterator[list[_Column]]:
    """Of each thing, column by column, what stood there before the first of the run's changes and after the last."""
    changes = _changes(run).filter(entity=entity).exclude(field="").order_by("object_id", "field", "pk")
    rows = changes.values_list("object_id", "field", "was", "now").iterator(AT_ONCE)
    for _, of_thing in groupby(rows, key=itemgetter(0)):
        columns = [list(of_column) for _, of_column in groupby(of_thing, key=itemgetter(1))]
        yield [(thing, name, was, of_column[-1][3]) for of_column in columns for thing, name, was, _ in of_column[:1]]


def _put_back(entity: str, things: Iterable[Iterable[_Column]]) -> bool:
    """Whether all of it was as the run had left it: what is not stays as it is."""
    by_column: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for columns in things:
        for thing, name, was, now in columns:
            by_column[name].append((thing, was, now))
    named, invited = by_column.pop("family_name", []), by_column.pop("participants", [])
    kind = KIND[entity]
    if restricted := by_column.pop("restricted", []):
        # Lifted since by two people it is as it was already; and nobody restricts it who finds it restricted.
        in_bulk.update(kind, "restricted", [(pk, _value(kind, "restricted", was)) for pk, was, _ in restricted])
    typed = {
        name: [(pk, _value(kind, name, was), _value(kind, name, now)) for pk, was, now in rows]
        for name, rows in by_column.items()
    }
    return _named_again(named) and _invited_again(invited) and in_bulk.update_columns(kind, typed)


def _value(kind: type[models.Model], name: str, text: str) -> Any:
    field = kind._meta.get_field(name)
    assert isinstance(field, models.Field)
    if text == "" and field.null:
        return None
    return {"yes": True, "no": False}[text] if isinstance(field, models.BooleanField) else text


def _named_again(rows: Iterable[tuple[int, str, str]]) -> bool:
    rows = list(rows)
    families = dict(Child.objects.filter(among("pk", [pk for pk, *_ in rows])).values_list("pk", "family_id"))
    names = [(families[pk], was, now) for pk, was, now in rows]
    return not names or in_bulk.update_from(Family, "name", names)


def _invited_again(rows: Iterable[tuple[int, str, str]]) -> bool:
    people = {pk: (_numbers(was), _numbers(now)) for pk, was, now in rows}
    for conference in Conference.objects.filter(pk__in=people).select_for_update():
        was, now = people[conference.pk]
        if set(conference.participants.values_list("pk", flat=True)) != now:
            return False
        conference.participants.set(was)
    return True


def _numbers(text: str) -> set[int]:
    return {int(number) for number in text.split(",") if number}


# What was built upon it -----------------------------------------------------------------------------------------------


def _built_upon(run: ImportRun, touched: _Touched) -> Iterator[Built]:
    numbers = dict(Child.objects.filter(among("pk", touched.children)).values_list("pk", "external_id"))
    yield from _concerns(run, touched)
    allocated = Allocation.objects.filter(among("child", touched.children), at__gte=run.started).first()
    if allocated is not None:
        number = numbers[allocated.child_id]
        of = frozenset({allocated.child_id})
        yield of, f"Child {number} was allocated since, from a day to come. Take that back first."
    yield from _guarded(run, touched, numbers)
    yield from _changed_since(touched, numbers)
    yield from _written_about(touched.removed, numbers)
    yield from _also_there(run, touched.removed[Entity.CHILD])


def _guarded(run: ImportRun, touched: _Touched, numbers: Mapping[int, str]) -> Iterator[Built]:
    """A record that the run restricted is not opened again by undoing it, once somebody guards it."""
    restricted = _changes(run).filter(entity=Entity.CHILD, field="restricted").values("child_id")
    named = Listing.objects.filter(child__in=restricted, starts__gte=london_date(run.started))
    shut = Exclusion.objects.filter(among("child", touched.children), since__gte=run.started, lifted_at=None)
    about_it = Restriction.objects.filter(child__in=restricted, set_at__gte=run.started, lifted_at=None)
    for child in about_it.values_list("child_id", flat=True)[:1]:
        said = f"Somebody has dealt since with the restriction of the record of child {numbers[child]}. It stays so."
        yield frozenset({child}), said
    for what, children in (
        ("named for", named.values_list("child_id", flat=True)),
        ("kept out of", shut.values_list("child_id", flat=True)),
    ):
        for child in children[:1]:
            said = f"Somebody was {what} the record of child {numbers[child]} since. What it rests on stays."
            yield frozenset({child}), said


def _concerns(run: ImportRun, touched: _Touched) -> Iterator[Built]:
    about = Resolution.objects.filter(among("about__child", touched.children), raised_at__gte=run.started)
    raised = about.order_by("pk").first()
    if raised is not None:
        yield _of(raised), f"{raised.reference} was raised since about a child of this import. What it rests on stays."
    about_ended = Resolution.objects.filter(among("about__child", touched.ended), ended_at=None)
    said = Event.objects.filter(case__in=about_ended.values("pk"), type="plan_ended", happened_at__gte=run.started)
    of = {int(child): case for case, child in said.order_by("-case").values_list("case", "payload__child")}
    asked = Resolution.objects.filter(pk__in=[of[child] for child in touched.ended & of.keys()]).order_by("pk").first()
    if asked is not None:
        why = f"The record of {asked.reference} says that a plan has ended, and its chair is asked. Correct the plan."
        yield _of(asked), why


def _of(concern: Resolution) -> frozenset[int]:
    return frozenset(concern.about.values_list("child_id", flat=True))


def _changed_since(touched: _Touched, numbers: Mapping[int, str]) -> Iterator[Built]:
    """Of what the run changed or brought in, something has become something else since; conferences held come first."""
    for entity in LAST_TO_GO:
        since = FactChange.objects.filter(
            among("object_id", touched.things[entity]), entity=entity, pk__gt=touched.last
        )
        other = since.exclude(import_run__undone_at__isnull=False).order_by("pk").first()
        if other is not None and other.field == "held_on":
            said = f"The conference about child {numbers.get(other.child_id, '')} was held since. It stays on file."
            yield frozenset({other.child_id}), said
        elif other is not None:
            what = CALLED[entity].format(child=numbers.get(other.child_id, ""))
            said = f"{what} was changed since, on {in_words(london_date(other.at))}. Put that back first."
            yield frozenset({other.child_id}), said


def _written_about(removed: Mapping[str, set[int]], numbers: Mapping[int, str]) -> Iterator[Built]:
    """Rows of other tables that lead to what would be taken away."""
    going = {KIND[entity]: pks for entity, pks in removed.items()}
    for kind, pks in going.items():
        for relation in leading_to(kind):
            name, model = relation.field.name, relation.related_model
            held = model._default_manager.filter(among(name, pks), ~among("pk", going.get(model, ())))
            if not (row := held.first()):
                continue
            child = _child_of(kind, getattr(row, f"{name}_id"))
            number = numbers.get(child, "")
            of_child = f" of child {number}" if number else ""
            called = SAID_SINCE.get(model, str(model._meta.verbose_name))
            a = "an" if called[0] in "aeiou" else "a"
            yield frozenset({child}), f"Since then there is {a} {called}{of_child}. What it rests on stays."


def leading_to(kind: type[models.Model]) -> list[models.ManyToOneRel]:
    """Each table and column that leads to such a thing, those that it has no name for too, and is in the way."""
    relations = kind._meta.get_fields(include_hidden=True)
    ones = [one for one in relations if isinstance(one, models.ManyToOneRel)]
    return [one for one in ones if one.related_model not in GOES_ON]


def _also_there(run: ImportRun, new: set[int]) -> Iterator[Built]:
    """A child of another family who belongs to that of a child of the run, too."""
    also = AlsoInFamily.objects.filter(family__children__in=new, at__gte=run.started, ended_at=None)
    others = Child.objects.filter(family__in=also.values("family")).exclude(pk__in=new)
    left = also.exclude(family__in=others.values("family")).order_by("pk").first()
    if left is not None:
        who = left.child.external_id
        called = f"Child {who}" if who else "A child without a number"
        said = f"{called} was said to belong to a family of this import, too. Take that back first."
        there = Child.objects.filter(family=left.family_id).values_list("pk", flat=True)
        yield frozenset({left.child_id, *there}), said


def _child_of(kind: type[models.Model], pk: int) -> int:
    """The number of the row's child; 0 where it is about more than one."""
    match kind._default_manager.filter(pk=pk).first():
        case Child() as child:
            return child.pk
        case Plan() | CoreGroupMember() as thing if thing.child_id is not None:
            return thing.child_id
    return 0
