"""The cast of the tests: two invented organisations and a few families in them. Everyone knows who is who.

Grace Ollerton chairs for the Alders and the Rowans; Imran Dastgir is next door; Kofi Ansell works in the other
area and should see nothing of the Alders; nobody but those named should see the Fern child.

Each is made once in a process, and put back for every test that asks for it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.house.made_once import made_once
from undrift.children.models import Child, Family, Plan
from undrift.demo.organisations import (
    ChildFacts,
    Organisation,
    build_northmoor,
    build_westmarch,
    settle_family,
)
from undrift.people.finders import CaseContext
from undrift.people.models import Agency, Authority, Person, Post, Unit

# A Wednesday after a bank holiday Monday, as in the worked journeys.
TODAY = date(2026, 5, 6)
NOW = datetime(2026, 5, 6, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """An organisation with families, asked by name."""

    built: Organisation
    families: dict[str, Family]

    @property
    def authority(self) -> Authority:
        return self.built.authority

    def person(self, name: str) -> Person:
        """By full name, or by the first name where only one person has it."""
        if name in self.built.people:
            return self.built.people[name]
        (found,) = (person for person in self.built.people.values() if person.given_name == name)
        return found

    def unit(self, name: str) -> Unit:
        return self.built.units[name]

    def post(self, slug: str, where: str) -> Post:
        """By kind of post and the name of its unit; of its agency, where it has no unit."""
        return self.built.posts[(slug, where)]

    def agency(self, name: str) -> Agency:
        return self.built.agencies[name]

    def family(self, name: str) -> Family:
        return self.families[name]

    def child(self, first_name: str) -> Child:
        return Child.objects.get(family__in=self.families.values(), first_name=first_name)

    def plan(self, first_name: str) -> Plan:
        return Plan.objects.get(child=self.child(first_name), ends=None)

    def case(self, first_name: str, *, responsible: str = "", raising: str = "") -> CaseContext:
        """The finder's view of one child's case."""
        plan = self.plan(first_name)
        members = plan.child.family.core_group.exclude(person=None).order_by("pk")
        return CaseContext(
            authority=plan.authority,
            team_unit_id=plan.team_id,
            chair_id=plan.chair_id,
            social_worker_id=plan.social_worker_id,
            responsible_agency_id=self.agency(responsible).pk if responsible else None,
            raising_agency_id=self.agency(raising).pk if raising else None,
            core_group=tuple(members.values_list("person_id", flat=True)),
        )


@made_once(at=NOW)
def westmarch() -> Cast:
    """Westmarch under the five-stage policy: the Alders, Linnets, Rowans, Sorrels, Herons and Ferns."""
    built = build_westmarch(TODAY, guards=False)
    grace = {"chair": "Grace Ollerton"}
    north = {"social_worker": "Hannah Quill", "team": "North"}
    south = {"social_worker": "Kofi Ansell", "team": "South"}
    families = {
        "Alder": settle_family(
            built,
            "Alder",
            [
                ChildFacts(first_name="Maya", born=date(2016, 9, 3), sex="F", reviews_held=1),
                ChildFacts(first_name="Jude", born=date(2019, 11, 20), sex="M", reviews_held=1),
                ChildFacts(first_name="Noor", born=date(2023, 2, 14), sex="F", reviews_held=1),
            ],
            plan_starts=date(2025, 12, 4),
            core_group=["Siobhan Darrow", "Joel Askew"],
            number=4101,
            **grace,
            **north,
        ),
        "Heron": settle_family(
            built,
            "Heron",
            [ChildFacts(first_name="Tyler", born=date(2012, 7, 1), sex="M", category="EMO")],
            plan_starts=date(2026, 1, 20),
            number=4111,
            **grace,
            **north,
        ),
        "Linnet": settle_family(
            built,
            "Linnet",
            [
                ChildFacts(first_name="Amara", born=date(2022, 3, 9), sex="F", category="PHY"),
                ChildFacts(first_name="Zion", born=date(2026, 3, 2), sex="M", category="PHY"),
            ],
            plan_starts=date(2026, 3, 10),
            number=4121,
            **grace,
            **north,
        ),
        "Rowan": settle_family(
            built,
            "Rowan",
            [
                ChildFacts(first_name=first_name, born=born, sex=sex, previous_plans=1, reviews_held=3)
                for first_name, born, sex in (
                    ("Ella", date(2015, 1, 30), "F"),
                    ("Sam", date(2018, 4, 11), "M"),
                    ("Poppy", date(2021, 2, 25), "F"),
                    ("Finn", date(2025, 4, 2), "M"),
                )
            ],
            plan_starts=date(2025, 1, 3),
            number=4131,
            **grace,
            **south,
        ),
        "Sorrel": settle_family(
            built,
            "Sorrel",
            [ChildFacts(first_name="Kai", born=date(2024, 1, 8), sex="M")],
            plan_starts=date(2026, 2, 17),
            number=4141,
            **grace,
            **north,
        ),
        "Fern": settle_family(
            built,
            "Fern",
            [ChildFacts(first_name="Robin", born=date(2017, 6, 6), restricted=True)],
            plan_starts=date(2026, 2, 3),
            chair="Imran Dastgir",
            social_worker="Ruth Pemberly",
            team="Central",
            number=4151,
        ),
    }
    return Cast(built, families)


@made_once(at=NOW)
def northmoor() -> Cast:
    """Northmoor's partnership under the six-stage policy: the Plovers, and another council's Avocets."""
    built = build_northmoor(TODAY, guards=False)
    families = {
        "Plover": settle_family(
            built,
            "Plover",
            [ChildFacts(first_name="Aisha", born=date(2010, 10, 17), sex="F", category="EMO")],
            plan_starts=date(2026, 2, 24),
            chair="Rosalind Amery",
            social_worker="Nell Harcastle",
            team="Northmoor Assessment Team",
            core_group=["Elias Thornby", "Gethin Aldersey"],
            number=7101,
        ),
        "Avocet": settle_family(
            built,
            "Avocet",
            [ChildFacts(first_name="Elin", born=date(2014, 8, 22), sex="F")],
            plan_starts=date(2026, 3, 18),
            chair="Jerome Tattersby",
            social_worker="Aoife Lanchester",
            team="Harrowdale Assessment Team",
            authority="harrowdale",
            number=8101,
        ),
    }
    return Cast(built, families)
