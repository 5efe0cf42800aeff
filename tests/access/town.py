"""Both casts with records of every kind, each written in words of its own; and who may read which of those words.

What is expected is worked out here from the plain facts of the rows, the posts and the declared matrix: never by
asking the code that is under test.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

from django.utils import timezone

from tests import cast
from tests.cast import Cast
from undrift import library
from undrift.access.matrix import PARTNER, Action, Condition, Tie, matrix
from undrift.access.models import Exclusion, Listing, Opening, Restriction
from undrift.children.models import Child, Conference, Family, Plan, Voice
from undrift.engine.ladder import acts
from undrift.people.models import Agency, Holding, Person, Post, Unit
from undrift.record import drafts
from undrift.record.models import Draft, Duty, Notice
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

ACTS = frozenset({Action.RAISE, Action.ANSWER, Action.APPROVE, Action.DECIDE, Action.TRACK, Action.PLAN})
CARE = frozenset({"", "childrens-social-care"})
NEAREST = (Tie.CHAIR, Tie.ALLOCATED, Tie.OWES, Tie.UNIT, Tie.INVITED, Tie.NAMED, Tie.GLASS, Tie.TOLD, Tie.WHOLE)

# Of these roles neither cast has anybody: one person each, in Westmarch.
ADDED = {
    "auditor": "internal-auditor",
    "information-governance": "caldicott-guardian",
    "out-of-hours": "emergency-duty-team",
    "colleague": "participation-worker",
}


@dataclass(frozen=True)
class Reader:
    """Somebody who asks. `person` None is nobody: a session in which nobody has signed in."""

    name: str
    person: Person | None
    roles: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()

    def knows(self, action: Action) -> bool:
        """Whether any tie at all would open it."""
        return bool(matrix().ties(self.roles, action))


@dataclass(frozen=True)
class Words:
    """`whose`: the reader whose draft it is, or the child or the resolution of which the word tells."""

    kind: str
    whose: int


@dataclass
class Town:
    now: datetime
    west: Cast
    north: Cast
    readers: tuple[Reader, ...] = ()
    words: dict[str, Words] = field(default_factory=dict)
    drafts: dict[int, Draft] = field(default_factory=dict)

    # The facts, read once as the service ---------------------------------------------------------------------------

    @cached_property
    def children(self) -> Mapping[int, Child]:
        return {c.pk: c for c in Child.objects.select_related("family")}

    @cached_property
    def resolutions(self) -> Mapping[int, Resolution]:
        return {r.pk: r for r in Resolution.objects.all()}

    @cached_property
    def about(self) -> Mapping[int, frozenset[int]]:
        return {r.pk: frozenset(r.about.values_list("child", flat=True)) for r in self.resolutions.values()}

    @cached_property
    def plans(self) -> Mapping[int, Plan]:
        return {p.child_id: p for p in Plan.objects.filter(ends=None)}

    def chairs_off_plan(self, child: Child) -> set[int | None]:
        """The chair of the conference that lies ahead, of the plan that has just ended, of what is open."""
        chairs = {chair for family, chair in self.initial if family == child.family_id}
        chairs |= {plan.chair_id for plan in self.ended if plan.child_id == child.pk}
        return chairs | {
            r.chair_id
            for number, r in self.resolutions.items()
            if r.ended_at is None and child.pk in self.about[number]
        }

    @cached_property
    def initial(self) -> frozenset[tuple[int, int | None]]:
        """Families whose initial conference lies ahead, and who chairs it."""
        ahead = Conference.objects.filter(kind="initial", planned_for__gt=self.now, cancelled_at=None)
        return frozenset(ahead.values_list("family", "chair"))

    @cached_property
    def invited(self) -> frozenset[tuple[int, int]]:
        ahead = Conference.objects.filter(kind="initial", planned_for__gt=self.now, cancelled_at=None)
        return frozenset(ahead.exclude(participants=None).values_list("participants", "family"))

    @cached_property
    def ended(self) -> tuple[Plan, ...]:
        """Within the last three weeks."""
        return tuple(Plan.objects.filter(ends__gt=self.now.date() - timedelta(days=20)))

    @cached_property
    def owed(self) -> Mapping[int, set[int]]:
        found: defaultdict[int, set[int]] = defaultdict(set)
        for resolution, person in Duty.objects.exclude(person=None).values_list("case", "person"):
            found[resolution].add(person)
        for r in self.resolutions.values():
            found[r.pk] |= {number for number in (r.next_person_id, r.then_person_id) if number}
        return found

    @cached_property
    def owed_now(self) -> frozenset[tuple[int, int]]:
        """Whose turn it is or becomes, and who still has something to do, by resolution."""
        duties = Duty.objects.filter(met_at=None, gone_at=None).exclude(person=None).values_list("case", "person")
        turns = ((r.pk, number) for r in self.resolutions.values() for number in (r.next_person_id, r.then_person_id))
        return frozenset([*duties, *((pk, number) for pk, number in turns if number)])

    @cached_property
    def were_told(self) -> Mapping[int, set[int]]:
        found: defaultdict[int, set[int]] = defaultdict(set)
        for resolution, person in Notice.objects.values_list("case", "to_person"):
            found[resolution].add(person)
        return found

    @cached_property
    def named(self) -> frozenset[tuple[int, int]]:
        return frozenset(Listing.objects.values_list("person", "child"))

    @cached_property
    def broke_glass(self) -> frozenset[tuple[int, int]]:
        return frozenset(Opening.objects.values_list("person", "child"))

    @cached_property
    def kept_out(self) -> frozenset[tuple[int, int]]:
        return frozenset(Exclusion.objects.filter(lifted_at=None).values_list("person", "child"))

    @cached_property
    def councils(self) -> Mapping[int | None, set[int]]:
        """The councils of each partnership."""
        found: defaultdict[int | None, set[int]] = defaultdict(set)
        for built in (self.west.built, self.north.built):
            for authority in built.authorities.values():
                found[authority.partnership_id].add(authority.pk)
        return found

    # What ties, and what the matrix says of it ---------------------------------------------------------------------

    def is_near(self, reader: Reader, authority: int) -> bool:
        person = reader.person
        if person is None:
            return False
        return authority in ({person.authority_id} if person.authority_id else self.councils[person.partnership_id])

    def ties_to_child(self, reader: Reader, child: Child) -> frozenset[Tie]:
        person = reader.person
        # A child's page is opened by people of the one council, not by those of agencies that several share.
        if person is None or person.authority_id != child.authority_id or (person.pk, child.pk) in self.kept_out:
            return frozenset()
        plan = self.plans.get(child.pk)
        holds = {
            Tie.WHOLE: True,
            Tie.CHAIR: person.pk in ({plan.chair_id} if plan is not None else self.chairs_off_plan(child)),
            Tie.INVITED: plan is None and (person.pk, child.family_id) in self.invited,
            Tie.ALLOCATED: plan is not None and plan.social_worker_id == person.pk,
            Tie.UNIT: plan is not None and plan.team_id in reader.units,
            Tie.NAMED: (person.pk, child.pk) in self.named,
            Tie.GLASS: (person.pk, child.pk) in self.broke_glass,
        }
        return frozenset(tie for tie, held in holds.items() if held)

    def ties_to(self, reader: Reader, resolution: Resolution) -> frozenset[Tie]:
        person, about = reader.person, self.about[resolution.pk]
        if person is None or not self.is_near(reader, resolution.authority_id):
            return frozenset()
        if any((person.pk, child) in self.kept_out for child in about):
            return frozenset()
        holds = {
            Tie.WHOLE: True,
            Tie.CHAIR: resolution.chair_id == person.pk,
            Tie.ALLOCATED: resolution.social_worker_id == person.pk,
            Tie.UNIT: resolution.team_id in reader.units,
            Tie.OWES: person.pk in self.owed[resolution.pk],
            Tie.TOLD: person.pk in self.were_told[resolution.pk],
            Tie.NAMED: any((person.pk, child) in self.named for child in about),
            Tie.GLASS: any((person.pk, child) in self.broke_glass for child in about),
        }
        return frozenset(tie for tie, held in holds.items() if held)

    def opening(self, reader: Reader, action: Action, of: Child | Resolution) -> frozenset[Tie]:
        """The ties by which the matrix opens it to this reader; none where it is hidden."""
        if isinstance(of, Child):
            ties, restricted = self.ties_to_child(reader, of), of.restricted
        else:
            ties = self.ties_to(reader, of)
            restricted = any(self.children[child].restricted for child in self.about[of.pk])
            if restricted and reader.person is not None and (of.pk, reader.person.pk) not in self.owed_now:
                ties -= {Tie.OWES}
        condition = Condition.RESTRICTED if restricted else Condition.USUAL
        return frozenset(t for t in ties for role in reader.roles if matrix().opens(role, action, t, condition))

    def opens(self, reader: Reader, action: Action, of: Child | Resolution) -> bool:
        return bool(self.opening(reader, action, of))

    def opening_an_address(self, reader: Reader, action: Action, of: Child | Resolution) -> frozenset[Tie]:
        """The ties by which an address of this action opens to this reader, whose work knows the action.

        Acts on a resolution open by whatever it is read by, but for an emergency opening; then the engine decides.
        """
        if action not in ACTS:
            return self.opening(reader, action, of)
        to_read = Action.CHILD if isinstance(of, Child) else Action.READ
        return self.opening(reader, to_read, of) - {Tie.GLASS} if reader.knows(action) else frozenset()

    def tie_named(self, reader: Reader, action: Action, *of: Child | Resolution) -> str:
        """The tie that the trace should name."""
        return self.nearest(reader, action, frozenset().union(*(self.opening(reader, action, each) for each in of)))

    def nearest(self, reader: Reader, action: Action, held: frozenset[Tie]) -> str:
        # Whoever reaches the whole council is not asked which teams are theirs.
        if Tie.WHOLE in matrix().ties(reader.roles, Action.LIST):
            held -= {Tie.UNIT}
        return next(tie.name.lower() for tie in NEAREST if tie in held)

    def knows_child(self, reader: Reader, child: Child) -> bool:
        """Whether the child's name may be read: on the child's own page, or in a resolution about the child."""
        return self.opens(reader, Action.CHILD, child) or any(
            child.pk in about and self.opens(reader, Action.LIST, self.resolutions[number])
            for number, about in self.about.items()
        )

    def keeps_watch(self, reader: Reader, child: Child) -> bool:
        """Whether the child's number, and who is kept out why, may be read: by whoever guards the whole council."""
        guards = [matrix().ties(reader.roles, action) for action in (Action.GUARD, Action.AUDIT)]
        near = reader.person if reader.person and reader.person.authority_id == child.authority_id else None
        watches = near is not None and any(Tie.WHOLE in ties for ties in guards)
        return near is not None and watches and (near.pk, child.pk) not in self.kept_out

    def knows_family(self, reader: Reader, family: int) -> bool:
        return any(self.knows_child(reader, child) for child in self.children.values() if child.family_id == family)

    def may_read(self, reader: Reader, words: Words) -> bool:
        match words.kind:
            case "name":
                return self.knows_child(reader, self.children[words.whose])
            case "number":
                child = self.children[words.whose]
                brings = self.opens(reader, Action.BRING, child)  # by number, as the case system has it
                return brings or self.keeps_watch(reader, child) or self.knows_child(reader, child)
            case "child":
                return self.opens(reader, Action.CHILD, self.children[words.whose])
            case "family":
                return self.knows_family(reader, words.whose)
            case "resolution":
                resolution = self.resolutions[words.whose]
                return self.opens(reader, Action.LIST, resolution) or self.opens(reader, Action.READ, resolution)
            case "guarded":
                return self.keeps_watch(reader, self.children[words.whose]) or self.opens(
                    reader, Action.GUARD, self.children[words.whose]
                )
        assert words.kind == "draft"
        return reader.person is not None and reader.person.pk == words.whose

    @cached_property
    def hidden(self) -> Mapping[str, frozenset[bytes]]:
        """The words that each reader may not read, by the reader's name."""
        return {
            reader.name: frozenset(w.encode() for w, what in self.words.items() if not self.may_read(reader, what))
            for reader in self.readers
        }


# Building -----------------------------------------------------------------------------------------------------------

_numbers = count(1)
LETTERS = "bcdfghjklmnprstvw"


def another_word() -> str:
    """A word like those of the town, near to none of them in its spelling."""
    return "Zq" + "".join(random.Random(next(_numbers)).choices(LETTERS, k=8)) + "x"


def a_word(town: Town, kind: str, whose: int) -> str:
    """A word that nothing else contains, and what it tells of."""
    word = another_word()
    town.words[word] = Words(kind, whose)
    return word


def build() -> Town:
    """Both organisations, with every record in words of its own."""
    town = Town(timezone.now(), cast.westmarch(), cast.northmoor())
    for each in (town.west, town.north):
        for authority in each.built.authorities.values():
            authority.protocol_version = library.load(authority.protocol_id).head.version
            authority.save(update_fields=["protocol_version"])
    _off_plan(town)
    _in_our_words(town)
    _raise(town)
    _shut_and_open(town)
    _draft(town)
    town.readers = tuple(_readers(town))
    for resolution in Resolution.objects.all():
        town.words[resolution.reference] = Words("resolution", resolution.pk)
    return town


def _off_plan(town: Town) -> None:
    """A family whose initial conference lies ahead, one whose plan has ended, and of each another who is restricted."""
    west, day = town.west, town.now.date()
    for shut in (False, True):
        ahead, after = (Family.objects.create(authority=west.authority, name="Off a plan") for _ in range(2))
        for family in (ahead, after):
            Child.objects.create(authority=west.authority, family=family, first_name="Ash", restricted=shut)
        planned = Conference.objects.create(
            authority=west.authority, family=ahead, reference=f"C-AHEAD-{shut}", kind="initial",
            planned_for=town.now + timedelta(days=9), chair=west.person("Grace"),
        )  # fmt: skip
        planned.participants.set([west.person("Kofi"), west.person("Siobhan")])
        Plan.objects.create(
            authority=west.authority, child=after.children.get(), starts=day - timedelta(days=200),
            ends=day - timedelta(days=9), chair=west.person("Imran"), social_worker=west.person("Hannah"),
        )  # fmt: skip


def _in_our_words(town: Town) -> None:
    for family in Family.objects.all():
        family.name = a_word(town, "family", family.pk)
        family.save()
    for child in Child.objects.select_related("family"):
        child.first_name, child.last_name = a_word(town, "name", child.pk), a_word(town, "name", child.pk)
        child.external_id = a_word(town, "number", child.pk)
        child.save()
        town.words[child.public_id] = Words("number", child.pk)
        Voice.objects.create(
            authority_id=child.authority_id, child=child, text=a_word(town, "child", child.pk), heard_on=town.now.date()
        )


def _raise(town: Town) -> None:
    """Resolutions in several states; their words are of the resolution that they become."""
    at = town.now - timedelta(days=3)
    children = {name: each.family(name).children.order_by("pk") for each, name in _families(town)}
    west, north = town.west, town.north
    stage_1 = {"stage": "stage-1", "grounds": ("NO-PROGRESS",)}
    one = _raised(town, west.person("Grace"), children["Alder"][:2], at, **stage_1)
    _raised(town, west.person("Grace"), children["Rowan"][:2], at, **stage_1)
    _raised(town, west.person("Imran"), children["Fern"], at, **stage_1)
    _raised(town, west.person("Grace"), children["Linnet"], at, stage="informal", grounds=("REPORT-LATE",))
    ended = _raised(town, west.person("Grace"), children["Heron"], at, **stage_1)
    perform(acts.Withdraw(_said(town, ended)), resolution=ended, by=west.person("Grace"), at=town.now)
    _raised(town, west.person("Grace"), children["Sorrel"], at, **stage_1)
    by_then = (town.now + timedelta(days=9)).date()
    asked = acts.ActionAsked(_said(town, one), _said(town, one), by_then)
    answer = acts.Respond("agree", _said(town, one), (asked,))
    perform(answer, resolution=one, by=west.person("Priya"), at=town.now)
    starred = {"stage": "starred", "recommendation": "r", "agency": str(north.agency("Moorland Health Trust").pk),
               "completion": (at + timedelta(days=9)).date(), "grounds": ()}  # fmt: skip
    _raised(town, north.person("Rosalind"), children["Plover"], at, **starred)
    _raised(town, north.person("Jerome"), children["Avocet"], at, **starred)


def _families(town: Town) -> Iterator[tuple[Cast, str]]:
    for each in (town.west, town.north):
        yield from ((each, name) for name in each.families)


def _raised(town: Town, by: Person, children: Iterable[Child], at: datetime, **said: Any) -> Resolution:
    chosen = list(children)
    words = {name: a_word(town, "resolution", 0) for name in ("concern", "impact", "ask", "why", "spoke", "wish")}
    if "recommendation" in said:
        said["recommendation"] = words.setdefault("recommendation", a_word(town, "resolution", 0))
    informal = said["stage"] == "informal"
    act = acts.Raise(
        children=tuple(acts.ChildConcern(str(child.pk), words["impact"], words["wish"]) for child in chosen),
        concern=words["concern"], ask="" if informal else words["ask"], why_this_stage="" if informal else words["why"],
        spoke=acts.Conversation("phone", at.date(), "team-manager", "Somebody", words["spoke"]),
        date=(at + timedelta(days=9)).date() if informal else None, **said,
    )  # fmt: skip
    done = perform(act, by=by, at=at, context=context_for(chosen, at)).resolution
    for word in words.values():
        town.words[word] = Words("resolution", done.pk)
    return done


def _said(town: Town, resolution: Resolution) -> str:
    return a_word(town, "resolution", resolution.pk)


def _shut_and_open(town: Town) -> None:
    """One sibling restricted, a few people excluded, an auditor's sample, a glass broken."""
    west, now, day = town.west, town.now, timezone.localdate(town.now)
    judith = west.person("Judith")
    children = {name: list(west.family(name).children.order_by("pk")) for name in west.families}
    Restriction.objects.create(
        authority=west.authority,
        child=children["Fern"][0],
        reason=a_word(town, "guarded", children["Fern"][0].pk),
        set_by=judith,
        set_at=now,
    )
    sibling = children["Rowan"][2]  # brothers and sisters of a restricted child are not restricted by that
    Child.objects.filter(pk=sibling.pk).update(restricted=True)
    for name, child in (
        ("Denise", children["Sorrel"][0]), ("Grace", children["Sorrel"][0]), ("Marcus", children["Sorrel"][0]),
        ("Hannah", children["Alder"][1]), ("Angela", children["Alder"][1]), ("Pauline", children["Linnet"][0]),
    ):  # fmt: skip
        Exclusion.objects.create(
            authority=west.authority,
            child=child,
            person=west.person(name),
            why=a_word(town, "guarded", child.pk),
            by=judith,
            since=now,
        )
    people = {role: _added(town, role, slug) for role, slug in ADDED.items()}
    for role, name in (("auditor", "Heron"), ("information-governance", "Alder"), ("colleague", "Fern")):
        Listing.objects.create(
            authority=west.authority,
            child=children[name][0],
            person=people[role],
            why="their work",
            by=judith,
            starts=day,
        )
    Opening.objects.create(
        authority=west.authority, child=children["Alder"][0], person=people["out-of-hours"], purpose="safety",
        reason=a_word(town, "guarded", children["Alder"][0].pk), review_due=day,
        opened_at=now - timedelta(minutes=5), until=now + timedelta(minutes=55),
    )  # fmt: skip


def _added(town: Town, role: str, slug: str) -> Person:
    agency = town.west.agency("Westmarch Children's Social Care")
    person = Person.objects.create_user(f"{slug}@westmarch.example", name=f"Holder of {slug}", agency=agency)
    post = Post.objects.create(authority=town.west.authority, agency=agency, slug=slug, title=slug)
    Holding.objects.create(
        authority=town.west.authority, post=post, person=person, starts=town.now.date() - timedelta(days=9)
    )
    town.west.built.people[person.name] = person
    return person


def _draft(town: Town) -> None:
    """A formal and an informal concern that chairs have begun."""
    for each, name, family in (
        (town.west, "Grace", "Alder"), (town.west, "Imran", "Fern"), (town.west, "Grace", "Sorrel"),
        (town.north, "Rosalind", "Plover"), (town.north, "Jerome", "Avocet"),
    ):  # fmt: skip
        person, of = each.person(name), each.family(family)
        first = of.children.order_by("pk")[0]
        for kind in ("raise", "raise_informal"):
            typed = {"children": [first.public_id], "concern": [a_word(town, "draft", person.pk)], "risk": ["no"]}
            content = {"family": of.reference, "typed": typed, "pages": ["children", "source", "concern"]}
            kept = drafts.keep(person, kind, content, authority=of.authority)
            town.drafts[kept.pk] = kept


def _readers(town: Town) -> Iterator[Reader]:
    yield Reader("anybody", None)
    units = list(Unit.objects.values_list("pk", "parent"))
    kinds = dict(Agency.objects.values_list("pk", "kind"))
    for each in (town.west, town.north):
        for person in each.built.people.values():
            held = Holding.objects.filter(person=person).values_list("post__slug", "post__unit", "post__heads_unit")
            partner = kinds.get(person.agency_id or 0, "") not in CARE
            yield Reader(
                person.name,
                person,
                frozenset(_role(slug, partner) for slug, _, _ in held),
                _below({unit for _, unit, heads in held if heads}, units),
            )


def _role(slug: str, partner: bool) -> str:
    """By the declared matrix: the role of that place that names the post; else the one of everybody there."""
    here = [role for role in matrix().roles.values() if role.where == "either" or (role.where == PARTNER) == partner]
    named = [role.id for role in here if slug in role.posts]
    return (named or [role.id for role in here if role.otherwise])[0]


def _below(units: set[int], tree: list[tuple[int, int | None]]) -> frozenset[int]:
    more = units | {unit for unit, parent in tree if parent in units}
    return frozenset(units) if more == units else _below(more, tree)
