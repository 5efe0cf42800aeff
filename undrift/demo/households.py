"""The children of the thirteen families that tell a story, their plans and their conferences. See docs/start/demo.md.

What happens to them is in `stories`. Ages and dates are told from today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from undrift.children.models import Child, Conference, Family, KeyAction, MidpointCheck, Plan, Voice
from undrift.children.models.family import opaque_id
from undrift.children.plan_words import midpoint
from undrift.demo.days import Days, moment
from undrift.demo.diary import Diary
from undrift.demo.organisations import ChildFacts, Organisation, settle_family

# Core groups of Westmarch are made up of these, beside the social worker.
PARTNERS = ("Siobhan Darrow", "Joel Askew")


@dataclass
class Household:
    """A family as the stories ask for it: `child["Maya"]`, its plan, its next and its last conference."""

    family: Family
    children: tuple[Child, ...]
    chair: str
    social_worker: str
    last_conference: Conference | None = None

    @property
    def child(self) -> dict[str, Child]:
        return {child.first_name: child for child in self.children}


@dataclass
class Households:
    """The families of the stories by name, and where their conferences are kept until they are written."""

    west: Organisation
    north: Organisation
    days: Days
    diary: Diary = field(default_factory=Diary)
    found: dict[str, Household] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Household:
        return self.found[name]

    def settle(
        self,
        name: str,
        children: Sequence[ChildFacts],
        *,
        plan_starts: date,
        reviews: Sequence[date] = (),
        next_review: date,
        chair: str,
        social_worker: str,
        team: str,
        seen: date,
        alone: str = "yes",
        core_group: Sequence[str] = PARTNERS,
        number: int = 0,
        built: Organisation | None = None,
        midpoint_due: date | None = None,
        last_at: str = "09:30",
    ) -> Household:
        """A family on a plan, with the conferences that its plan has had, the next one, and the midway checks."""
        built = built or self.west
        facts = [_with_reviews(child, len(reviews)) for child in children]
        family = settle_family(
            built, name, facts, plan_starts=plan_starts, chair=chair, social_worker=social_worker,
            team=team, core_group=core_group, number=number,
        )  # fmt: skip
        latest = reviews[-1] if reviews else None
        Plan.objects.filter(child__family=family).update(last_visit=seen, seen_alone=alone, latest_review=latest)
        home = self._kept(family, chair, social_worker)
        chairing, people = built.people[chair], [built.people[p] for p in (social_worker, *core_group)]
        held = [plan_starts, *reviews]
        for place, day in enumerate(held):
            home.last_conference = self.diary.held(
                family, "review" if place else "initial", day, chairing, people=people,
                next_review=held[place + 1] if place + 1 < len(held) else next_review,
                at=last_at if place + 1 == len(held) else "09:30",
            )  # fmt: skip
        self.diary.planned(family, "review", next_review, chairing, people=people)
        self._midway(home, [*held, next_review], midpoint_due)
        return home

    def await_initial(
        self,
        name: str,
        children: Sequence[ChildFacts],
        day: date,
        *,
        chair: str,
        social_worker: str,
        invited: Sequence[str] = PARTNERS,
        built: Organisation | None = None,
    ) -> Household:
        """A family whose initial conference lies ahead: the children are not on a plan."""
        built = built or self.west
        people = [built.people[p] for p in (social_worker, *invited)]
        family = Family.objects.create(authority=built.authority, name=name, reference=opaque_id())
        for child in children:
            Child.objects.create(
                authority=built.authority, family=family, first_name=child.first_name, last_name=name,
                date_of_birth=child.born, sex=child.sex,
            )  # fmt: skip
        self.diary.planned(family, "initial", day, built.people[chair], people=people)
        return self._kept(family, chair, social_worker)

    def said(self, name: str, child: str, text: str, on: date) -> None:
        """What a child said, and to the social worker."""
        home = self[name]
        worker = (self.west.people | self.north.people)[home.social_worker]
        Voice.objects.create(
            authority_id=home.family.authority_id, child=home.child[child], text=text, heard_on=on, heard_by=worker
        )

    def _kept(self, family: Family, chair: str, social_worker: str) -> Household:
        children = tuple(family.children.order_by("pk"))
        self.found[family.name] = Household(family, children, chair, social_worker)
        return self.found[family.name]

    def _midway(self, home: Household, conferences: Sequence[date], due: date | None) -> None:
        """A check halfway between each two conferences; those that lie behind were done."""
        people = self.west.people | self.north.people
        checks = []
        for before, after in pairwise(conferences):
            last = after == conferences[-1]
            day = due if last and due else self.days.or_next_working_day(midpoint(before, after))
            done = day < self.days.today
            checks += [
                MidpointCheck(
                    authority_id=home.family.authority_id, plan=plan, due=day,
                    done_at=moment(day, "15:00") if done else None,
                    done_by=people[home.chair] if done else None,
                    view="On the way: some steps are done and the next ones have dates." if done else "",
                    next_step="Talk with the Team Manager" if done else "",
                )
                for plan in Plan.objects.filter(child__family=home.family)
            ]  # fmt: skip
        MidpointCheck.objects.bulk_create(checks)


def _with_reviews(child: ChildFacts, reviews: int) -> ChildFacts:
    return ChildFacts(
        first_name=child.first_name, born=child.born, sex=child.sex, expected=child.expected,
        category=child.category, previous_plans=child.previous_plans, reviews_held=reviews,
        restricted=child.restricted,
    )  # fmt: skip


GRACE = "Grace Ollerton"


def settle_twelve(homes: Households) -> None:
    """The twelve families and the one that is restricted, in the order of the table in docs/start/demo.md."""
    for settle in (alder, heron, wren_ash, linnet, rowan, sorrel, plover, bramble, hazel, aspen, teal, curlew, fern):
        settle(homes)


def alder(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Alder",
        [
            ChildFacts(first_name="Maya", born=days.born(years=9, months=4), sex="F"),
            ChildFacts(first_name="Jude", born=days.born(years=6, months=7), sex="M"),
            ChildFacts(first_name="Noor", born=days.born(years=3, months=2), sex="F"),
        ],
        plan_starts=days.months_ago(5, 3),
        # The review was held this morning, so that a concern may be raised just after it.
        reviews=[days.months_ago(2, 10), days.day(0)],
        last_at="08:30",
        next_review=days.or_last_working_day(days.today + timedelta(days=170)),
        chair=GRACE, social_worker="Hannah Quill", team="North", seen=days.day(-9), number=4101,
    )  # fmt: skip
    homes.said("Alder", "Maya", "I want to know about the meeting before everyone else does.", days.day(-9))
    homes.said("Alder", "Jude", "I like it when Hannah draws with me.", days.day(-9))


def heron(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Heron",
        [ChildFacts(first_name="Tyler", born=days.born(years=13, months=10), sex="M", category="EMO")],
        plan_starts=days.months_ago(3, 12), reviews=[days.months_ago(0, 24)],
        next_review=days.or_last_working_day(days.today + timedelta(days=140)),
        chair=GRACE, social_worker="Hannah Quill", team="North", seen=days.day(-6), number=4111,
    )  # fmt: skip
    homes.said("Heron", "Tyler", "Nobody has asked my dad. I would like him to know.", days.day(-6))


def wren_ash(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Wren-Ash",
        [ChildFacts(first_name="Lily", born=days.born(years=7, months=1), sex="F")],
        plan_starts=days.months_ago(7, 6), reviews=[days.months_ago(4, 12)],
        next_review=days.or_last_working_day(days.today + timedelta(days=35)),
        chair=GRACE, social_worker="Hannah Quill", team="North", seen=days.day(-8), number=4121,
    )  # fmt: skip
    homes.said("Wren-Ash", "Lily", "It is better at home when people come when they said.", days.day(-8))


def linnet(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Linnet",
        [
            ChildFacts(first_name="Amara", born=days.born(years=4, months=2), sex="F", category="PHY"),
            ChildFacts(first_name="Zion", born=days.born(months=2, days=6), sex="M", category="PHY"),
        ],
        plan_starts=days.months_ago(1, 20),
        next_review=days.or_last_working_day(days.today + timedelta(days=38)),
        chair=GRACE, social_worker="Dev Marchetti", team="North", seen=days.day(-3), number=4131,
    )  # fmt: skip
    homes.said("Linnet", "Amara", "I want to show you where I sleep.", days.day(-3))


def rowan(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Rowan",
        [
            ChildFacts(first_name="Ella", born=days.born(years=11, months=3), sex="F", previous_plans=1),
            ChildFacts(first_name="Sam", born=days.born(years=8, months=1), sex="M", previous_plans=1),
            ChildFacts(first_name="Poppy", born=days.born(years=5, months=2), sex="F", previous_plans=1),
            # Born after the family's first plan had ended.
            ChildFacts(first_name="Finn", born=days.born(years=1, months=6), sex="M"),
        ],
        plan_starts=days.months_ago(16, 4),
        reviews=[days.months_ago(13, 10), days.months_ago(7, 20), days.months_ago(2, 0)],
        next_review=days.or_last_working_day(days.today + timedelta(days=115)),
        chair=GRACE, social_worker="Kofi Ansell", team="South", seen=days.day(-12), alone="no", number=4141,
    )  # fmt: skip
    homes.said("Rowan", "Ella", "We have the same meeting every time.", days.months_ago(2, 3))
    homes.said("Rowan", "Sam", "I help with the little ones. I am tired at school.", days.months_ago(2, 3))


def sorrel(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Sorrel",
        [ChildFacts(first_name="Kai", born=days.born(years=2, months=4), sex="M")],
        plan_starts=days.months_ago(2, 15),
        next_review=days.or_last_working_day(days.today + timedelta(days=12)),
        chair=GRACE, social_worker="Hannah Quill", team="North", seen=days.day(-1), number=4151,
    )  # fmt: skip


def plover(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Plover",
        [ChildFacts(first_name="Aisha", born=days.born(years=15, months=6), sex="F", category="EMO")],
        plan_starts=days.day(-50),
        next_review=days.day(9),
        midpoint_due=days.day(-17),
        chair="Rosalind Amery", social_worker="Nell Harcastle", team="Northmoor Assessment Team",
        seen=days.day(-7), core_group=["Elias Thornby", "Gethin Aldersey"], number=7101, built=homes.north,
    )  # fmt: skip
    homes.said("Plover", "Aisha", "I said yes to talking to someone. Nobody has rung.", days.day(-7))
    MidpointCheck.objects.filter(plan__child__family=homes["Plover"].family, due=days.day(-17)).update(
        view="The offer that was agreed for Aisha has not been made.",
        next_step="Talk with the manager of the service",
    )


def plovers_key_action(homes: Households) -> None:
    """Feedback was asked for by a day that has passed. Once the conferences are written."""
    home = homes["Plover"]
    action = KeyAction.objects.create(
        authority=home.family.authority, family=home.family, conference=home.last_conference,
        wording="CAMHS to offer Aisha a first appointment",
        agency=homes.north.agencies["Moorland Health Trust"], who=homes.north.people["Elias Thornby"],
        feedback_due=homes.days.day(-19),
    )  # fmt: skip
    action.children.set(home.children)


def bramble(homes: Households) -> None:
    days = homes.days
    born = days.born(years=7, months=5)
    homes.settle(
        "Bramble",
        [ChildFacts(first_name="Leo", born=born, sex="M"), ChildFacts(first_name="Ada", born=born, sex="F")],
        plan_starts=days.months_ago(8, 10), reviews=[days.months_ago(5, 18)],
        next_review=days.or_last_working_day(days.today + timedelta(days=9)),
        chair=GRACE, social_worker="Dev Marchetti", team="North", seen=days.day(-4), number=4161,
    )  # fmt: skip
    homes.said("Bramble", "Ada", "Breakfast club is good. I have toast.", days.day(-4))


def hazel(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Hazel",
        [ChildFacts(first_name="Ruby", born=days.born(years=10, months=2), sex="F")],
        plan_starts=days.months_ago(8, 25), reviews=[days.months_ago(6, 2), days.day(-6)],
        next_review=days.or_last_working_day(days.today + timedelta(days=150)),
        chair=GRACE, social_worker="Ruth Pemberly", team="Central", seen=days.day(-5), number=4171,
    )  # fmt: skip
    homes.said("Hazel", "Ruby", "I told the meeting myself. My advocate sat next to me.", days.day(-6))


def aspen(homes: Households) -> None:
    days = homes.days
    homes.await_initial(
        "Aspen",
        [
            ChildFacts(first_name="Nia", born=days.born(years=3, months=6), sex="F"),
            ChildFacts(first_name="Isaac", born=days.born(days=58), sex="M"),
        ],
        days.next_week, chair=GRACE, social_worker="Hannah Quill",
    )  # fmt: skip


def teal(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Teal",
        [
            ChildFacts(first_name="Jacob", born=days.born(years=12, months=8), sex="M"),
            ChildFacts(first_name="Miriam", born=days.born(years=10, months=5), sex="F"),
        ],
        plan_starts=days.months_ago(7, 8), reviews=[days.months_ago(4, 16)],
        next_review=days.or_last_working_day(days.today + timedelta(days=40)),
        # Due today; on a day nobody works, on the next working day, as the policy counts it.
        midpoint_due=days.or_next_working_day(days.today),
        chair="Imran Dastgir", social_worker="Kofi Ansell", team="South", seen=days.day(-14), number=4181,
    )  # fmt: skip
    homes.said("Teal", "Miriam", "I want Jacob to come to swimming again.", days.day(-14))


def curlew(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Curlew",
        [ChildFacts(first_name="Dylan", born=days.born(years=16, months=3), sex="M", category="EMO")],
        plan_starts=days.months_ago(4, 20), reviews=[days.months_ago(2, 4)],
        next_review=days.or_last_working_day(days.today + timedelta(days=100)),
        chair=GRACE, social_worker="Ruth Pemberly", team="Central", seen=days.day(-2),
        core_group=["Tara Winfield", "Siobhan Darrow"], number=4191,
    )  # fmt: skip
    homes.said("Curlew", "Dylan", "I am well enough to leave. I need somewhere to go to.", days.day(-2))


def fern(homes: Households) -> None:
    days = homes.days
    homes.settle(
        "Fern",
        [ChildFacts(first_name="Robin", born=days.born(years=8, months=9), restricted=True)],
        plan_starts=days.months_ago(3, 1), reviews=[days.months_ago(0, 14)],
        next_review=days.or_last_working_day(days.today + timedelta(days=150)),
        chair="Imran Dastgir", social_worker="Ruth Pemberly", team="Central", seen=days.day(-6), number=4201,
    )  # fmt: skip
