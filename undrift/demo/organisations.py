"""The two invented organisations: who works where. Only inserts; every date is passed in.

All people, councils and agencies here are invented; telephone numbers come from the range kept for drama.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from django.utils.text import slugify

from undrift.children.models import Child, CoreGroupMember, Family, Plan
from undrift.people.models import Agency, Authority, Holding, Partnership, Person, Post, Unit

# Everybody took up their post this long before the day the organisation is built for.
IN_POST_FOR = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Seat:
    """One post in the tables below, and the person in it. Without a unit the post stands beside the tree."""

    person: str
    title: str
    unit: str = ""
    heads: bool = False
    slug: str = ""


@dataclass(frozen=True)
class Branch:
    """One unit in the tables below."""

    name: str
    parent: str = ""


@dataclass(frozen=True)
class Staff:
    """One agency of the tables below: what it is, its units from the top down, its seats."""

    name: str
    kind: str
    domain: str
    seats: Sequence[Seat]
    units: Sequence[Branch] = ()


@dataclass
class Organisation:
    """What was built: `people["Priya Nairn"]`, `units["North"]`, `posts[("team-manager", "North")]`."""

    partnership: Partnership
    authority: Authority
    authorities: dict[str, Authority] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def build_westmarch(
    today: date, *, protocol: str = "walsall", version: str = "2018.1", guards: bool = True
) -> Organisation:
    """Westmarch Council: one council under a five-stage policy, with the partner agencies around it.

    `guards`: with information governance and the emergency duty team.
    """
    partnership = Partnership.objects.create(name="Westmarch Safeguarding Children Partnership")
    authority = Authority.objects.create(
        code="westmarch",
        name="Westmarch Council",
        partnership=partnership,
        protocol_id=protocol,
        protocol_version=version,
        front_door_phone="01632 960100",
        out_of_hours_phone="01632 960101",
        mailbox="cp-resolutions@westmarch.example",
        mailbox_phone="01632 960142",
    )
    built = Organisation(partnership, authority, {authority.code: authority})
    phones = Phones(200)
    _staff(built, WESTMARCH_CSC, authority, phones, today)
    for staff in WESTMARCH_PARTNERS:
        _staff(built, staff, partnership, phones, today)
    if guards:
        _seats(built, WESTMARCH_CSC, WESTMARCH_GUARDS, {"authority": authority}, Phones(290), today)
    return built


def build_northmoor(
    today: date, *, protocol: str = "pan-lancashire", version: str = "12.3.5", guards: bool = True
) -> Organisation:
    """Three councils under one six-stage policy, and the agencies they share. `guards` as for Westmarch."""
    partnership = Partnership.objects.create(name="Northmoor Safeguarding Partnership")
    councils = {
        code: Authority.objects.create(
            code=code,
            name=name,
            partnership=partnership,
            protocol_id=protocol,
            protocol_version=version,
            area=NORTHMOOR_AREAS[code] if protocol == "pan-lancashire" else "",
            front_door_phone=f"01632 9605{place}0",
            out_of_hours_phone=f"01632 9605{place}1",
            mailbox=f"conferences@{code}.example",
            mailbox_phone=f"01632 9605{place}2",
        )
        for place, (code, name) in enumerate(NORTHMOOR_COUNCILS.items())
    }
    built = Organisation(partnership, councils["northmoor"], councils)
    phones = Phones(600)
    for code, authority in councils.items():
        _staff(built, NORTHMOOR_CSC[code], authority, phones, today)
    for staff in NORTHMOOR_SHARED:
        _staff(built, staff, partnership, phones, today)
    if guards:
        _seats(built, NORTHMOOR_CSC["northmoor"], NORTHMOOR_GUARDS, {"authority": built.authority}, Phones(690), today)
    return built


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """One child of an invented family, on a plan from a day on."""

    first_name: str
    born: date | None
    sex: str = "U"
    expected: date | None = None
    category: str = "NEG"
    previous_plans: int = 0
    reviews_held: int = 0
    restricted: bool = False


def settle_family(
    built: Organisation,
    name: str,
    children: Sequence[ChildFacts],
    *,
    plan_starts: date,
    chair: str,
    social_worker: str,
    team: str,
    authority: str = "",
    core_group: Sequence[str] = (),
    number: int = 0,
) -> Family:
    """A family whose children are all on a plan; `number` begins the case system's numbers."""
    council = built.authorities[authority] if authority else built.authority
    family = Family.objects.create(authority=council, name=name)
    for place, facts in enumerate(children):
        child = Child.objects.create(
            authority=council,
            family=family,
            external_id=str(number + place) if number else "",
            first_name=facts.first_name,
            last_name=name,
            date_of_birth=facts.born,
            expected_birth=facts.expected,
            sex=facts.sex,
            restricted=facts.restricted,
        )
        Plan.objects.create(
            authority=council,
            child=child,
            starts=plan_starts,
            initial_category=facts.category,
            latest_category=facts.category,
            chair=built.people[chair],
            social_worker=built.people[social_worker],
            team=built.units[team],
            previous_plans=facts.previous_plans,
            reviews_held=facts.reviews_held,
        )
    CoreGroupMember.objects.bulk_create(
        CoreGroupMember(
            authority=council,
            family=family,
            person=built.people[member],
            agency=built.people[member].agency,
            starts=plan_starts,
        )
        for member in core_group
    )
    return family


# --- building --------------------------------------------------------------------------------------


class Phones:
    """Invented numbers in a row, each given once."""

    def __init__(self, first: int) -> None:
        self._next = first

    def another(self) -> str:
        number, self._next = self._next, self._next + 1
        return f"01632 960{number:03d}"


def _staff(built: Organisation, staff: Staff, owner: Authority | Partnership, phones: Phones, today: date) -> None:
    belongs = {"authority": owner} if isinstance(owner, Authority) else {"partnership": owner}
    agency = Agency.objects.create(name=staff.name, kind=staff.kind, **belongs)
    built.agencies[staff.name] = agency
    for branch in staff.units:
        built.units[branch.name] = Unit.objects.create(
            agency=agency, name=branch.name, parent=built.units.get(branch.parent), **belongs
        )
    _seats(built, staff, staff.seats, belongs, phones, today)


def _seats(
    built: Organisation,
    staff: Staff,
    seats: Sequence[Seat],
    belongs: Mapping[str, Authority | Partnership],
    phones: Phones,
    today: date,
) -> None:
    """Posts of an agency that is there, with their holders."""
    agency = built.agencies[staff.name]
    for seat in seats:
        post = _post(built, seat, agency, belongs)
        person = built.people.get(seat.person) or _person(seat.person, staff.domain, agency, belongs, phones)
        built.people[seat.person] = person
        Holding.objects.create(post=post, person=person, starts=today - IN_POST_FOR, **belongs)


def _post(built: Organisation, seat: Seat, agency: Agency, belongs: Mapping[str, Authority | Partnership]) -> Post:
    slug = seat.slug or slugify(seat.title)
    key = (slug, seat.unit or agency.name)
    if key not in built.posts:
        built.posts[key] = Post.objects.create(
            agency=agency,
            unit=built.units[seat.unit] if seat.unit else None,
            slug=slug,
            title=seat.title,
            heads_unit=seat.heads,
            **belongs,
        )
    return built.posts[key]


def _person(
    name: str, domain: str, agency: Agency, belongs: Mapping[str, Authority | Partnership], phones: Phones
) -> Person:
    person = Person(
        name=name,
        email=f"{slugify(name.removeprefix('Dr ')).replace('-', '.')}@{domain}",
        phone=phones.another(),
        agency=agency,
        **belongs,
    )
    person.set_unusable_password()
    person.save()
    return person


# --- Westmarch -------------------------------------------------------------------------------------

# "North and Central" and "South" are the two Group Managers' areas; the teams sit below them.
WESTMARCH_CSC = Staff(
    "Westmarch Children's Social Care",
    "childrens-social-care",
    "westmarch.example",
    units=(
        Branch("Children's Services Directorate"),
        Branch("Children's Social Care Division", "Children's Services Directorate"),
        Branch("Family Safeguarding Service", "Children's Social Care Division"),
        Branch("North and Central Area", "Family Safeguarding Service"),
        Branch("South Area", "Family Safeguarding Service"),
        Branch("North", "North and Central Area"),
        Branch("Central", "North and Central Area"),
        Branch("South", "South Area"),
        Branch("Safeguarding", "Children's Social Care Division"),
        Branch("Safeguarding and Review", "Safeguarding"),
    ),
    seats=(
        Seat(
            "Angela Mirfield",
            "Director of Children's Services",
            "Children's Services Directorate",
            True,
            "director",
        ),
        Seat("Stephen Ropley", "Assistant Director", "Children's Social Care Division", True),
        Seat("Farah Lindley", "Head of Service", "Family Safeguarding Service", True),
        Seat("Denise Harkaway", "Group Manager", "North and Central Area", True),
        Seat("Owen Tarrant", "Group Manager", "South Area", True),
        Seat("Priya Nairn", "Team Manager", "North", True),
        Seat("Callum Stroud", "Team Manager", "South", True),
        Seat("Yasmin Okell", "Team Manager", "Central", True),
        Seat("Hannah Quill", "Social Worker", "North"),
        Seat("Kofi Ansell", "Social Worker", "South"),
        Seat("Ruth Pemberly", "Social Worker", "Central"),
        Seat("Dev Marchetti", "Social Worker", "North"),
        Seat("Nadia Brookfield", "Head of Service for Safeguarding", "Safeguarding", True),
        Seat("Judith Calloway", "Group Manager for Safeguarding and Review", "Safeguarding and Review", True),
        Seat("Marcus Penhale", "Principal IRO", "Safeguarding and Review"),
        Seat("Grace Ollerton", "CP Coordinator", "Safeguarding and Review"),
        Seat("Imran Dastgir", "CP Coordinator", "Safeguarding and Review"),
        Seat("Bethan Pryce-Marlow", "CP Coordinator", "Safeguarding and Review"),
        Seat("Tomasz Wrenfield", "CP Coordinator", "Safeguarding and Review"),
        Seat("Pauline Greaves", "Business Support Officer", "Safeguarding and Review"),
        Seat("Jo Talbot", "Administrator"),
    ),
)

# Who guards the records beside Safeguarding and Review, and who opens one at night.
WESTMARCH_GUARDS = (
    Seat("Hester Quayle", "Information Governance Officer"),
    Seat("Ronan Hesketh", "Emergency Duty Team"),
)

WESTMARCH_PARTNERS = (
    Staff(
        "Westmarch Community Health",
        "health",
        "westmarch-health.example",
        units=(Branch("Westmarch Health Visiting"),),
        seats=(
            Seat(
                "Siobhan Darrow",
                "Health Visiting Manager",
                "Westmarch Health Visiting",
                True,
                "front-line-manager",
            ),
        ),
    ),
    Staff(
        "Westmarch Police",
        "police",
        "westmarch-police.example",
        units=(Branch("Westmarch Police Protection Unit"),),
        seats=(
            Seat(
                "Karen Rudge",
                "Detective Sergeant",
                "Westmarch Police Protection Unit",
                True,
                "front-line-manager",
            ),
        ),
    ),
    Staff(
        "Westmarch Schools",
        "education",
        "westmarch-schools.example",
        seats=(Seat("Joel Askew", "Designated Safeguarding Lead", slug="safeguarding-lead"),),
    ),
    Staff(
        "Westmarch Homes",
        "housing",
        "westmarch-homes.example",
        units=(Branch("Westmarch Homes Tenancy Support"),),
        seats=(
            Seat(
                "Tara Winfield",
                "Tenancy Manager",
                "Westmarch Homes Tenancy Support",
                True,
                "front-line-manager",
            ),
        ),
    ),
    Staff(
        "Westmarch Partnership Office",
        "other",
        "westmarch-partnership.example",
        seats=(Seat("Simon Eddery", "Partnership Business Manager"),),
    ),
)


# --- Northmoor -------------------------------------------------------------------------------------

NORTHMOOR_COUNCILS: Mapping[str, str] = MappingProxyType(
    {
        "northmoor": "Northmoor Council",
        "harrowdale": "Harrowdale Borough Council",
        "saltmere": "Saltmere Council",
    }
)

# Each works its own area of the protocol they share.
NORTHMOOR_AREAS: Mapping[str, str] = MappingProxyType(
    {"northmoor": "lancashire", "harrowdale": "blackburn-with-darwen", "saltmere": "blackpool"}
)


@dataclass(frozen=True)
class Council:
    """Who sits in the posts that each of the three councils has."""

    team_manager: str
    senior_manager: str
    head: str
    quality_manager: str
    safeguarding_manager: str
    inspection_head: str
    director: str
    chief_executive: str
    chairs: Sequence[str]
    social_workers: Sequence[str]
    administrator: str


def _director_of(code: str) -> str:
    """One area of the policy has a director of its own name."""
    lancashire = NORTHMOOR_AREAS[code] == "lancashire"
    return "Director of Targeted & Assessment Services" if lancashire else "Director of Children's Services"


def _council_care(code: str, who: Council) -> Staff:
    name = NORTHMOOR_COUNCILS[code].split()[0]
    directorate, care = f"{name} Targeted and Assessment Services", f"{name} Children's Social Care Service"
    district, team = f"{name} Assessment District", f"{name} Assessment Team"
    safeguarding, review = f"{name} Safeguarding, Inspection and Audit", f"{name} Quality and Review"
    return Staff(
        f"{name} Children's Social Care",
        "childrens-social-care",
        f"{code}.example",
        units=(
            Branch(directorate),
            Branch(care, directorate),
            Branch(district, care),
            Branch(team, district),
            Branch(safeguarding, directorate),
            Branch(review, safeguarding),
        ),
        seats=(
            # The council's own posts answer a starred recommendation under the names that every agency uses.
            Seat(who.chief_executive, "Chief Executive", slug="chief-officer"),
            Seat(who.director, _director_of(code), directorate, True, "director"),
            Seat(who.head, "Head of Children's Social Care", care, True, "head-of-csc"),
            Seat(who.senior_manager, "CSC Senior Manager", district, True),
            Seat(who.team_manager, "CSC Team Manager", team, True, "front-line-manager"),
            *(Seat(worker, "Social Worker", team) for worker in who.social_workers),
            Seat(who.inspection_head, "Head of Safeguarding, Inspection & Audit", safeguarding, True),
            Seat(who.safeguarding_manager, "Directorate Safeguarding Manager", safeguarding),
            Seat(who.safeguarding_manager, "Safeguarding Lead", safeguarding),
            Seat(who.quality_manager, "CSC Quality & Review Manager", review, True),
            *(Seat(chair, "Conference Chair", review) for chair in who.chairs),
            Seat(who.administrator, "Administrator"),
        ),
    )


NORTHMOOR_CSC: Mapping[str, Staff] = MappingProxyType(
    {
        "northmoor": _council_care(
            "northmoor",
            Council(
                team_manager="Leonie Cartmel",
                senior_manager="Bashir Holloway",
                head="Margit Ashworthy",
                quality_manager="Desmond Farrelly",
                safeguarding_manager="Ines Calderbank",
                inspection_head="Gwilym Stanhope",
                director="Oluchi Branwell",
                chief_executive="Rupert Lindqvist",
                chairs=("Rosalind Amery", "Kwame Thistleton"),
                social_workers=("Nell Harcastle", "Arjun Sedley"),
                administrator="Lorna Pickersgill",
            ),
        ),
        "harrowdale": _council_care(
            "harrowdale",
            Council(
                team_manager="Petra Sallowfield",
                senior_manager="Conor Whitbeck",
                head="Anjali Roxborough",
                quality_manager="Fenella Dymock",
                safeguarding_manager="Tobias Kearsley",
                inspection_head="Marwa Penrose",
                director="Hugh Castellane",
                chief_executive="Vivienne Oxcroft",
                chairs=("Jerome Tattersby",),
                social_workers=("Aoife Lanchester",),
                administrator="Mungo Sefton",
            ),
        ),
        "saltmere": _council_care(
            "saltmere",
            Council(
                team_manager="Rafiq Ormerby",
                senior_manager="Delphine Wardlow",
                head="Stuart Anglezark",
                quality_manager="Chiara Bexfield",
                safeguarding_manager="Winston Garstead",
                inspection_head="Ursula Merridew",
                director="Adebayo Thornley",
                chief_executive="Judy Skelmere",
                chairs=("Catrin Holmewood",),
                social_workers=("Emeka Rawcliffe",),
                administrator="Frances Tolland",
            ),
        ),
    }
)


NORTHMOOR_GUARDS = (Seat("Thora Copeland", "Emergency Duty Team"),)


def _shared(
    name: str,
    kind: str,
    domain: str,
    *,
    service: str,
    manager: tuple[str, str],
    lead: str,
    chief: tuple[str, str],
) -> Staff:
    """An agency of three rungs: the manager of the service, the Safeguarding Lead, the chief officer."""
    top, safeguarding = f"{name} Executive", f"{name} Safeguarding Team"
    return Staff(
        name,
        kind,
        domain,
        units=(Branch(top), Branch(safeguarding, top), Branch(service, top)),
        seats=(
            Seat(chief[0], chief[1], top, True, "chief-officer"),
            Seat(lead, "Safeguarding Lead", safeguarding, True),
            Seat(manager[0], manager[1], service, True, "front-line-manager"),
        ),
    )


NORTHMOOR_SHARED = (
    _shared(
        "Moorland Health Trust",
        "health",
        "moorland-health.example",
        service="CAMHS",
        manager=("Elias Thornby", "CAMHS Service Manager"),
        lead="Dr Meena Kessler",
        chief=("Paul Trevanion", "Chief Executive"),
    ),
    _shared(
        "Northmoor Police",
        "police",
        "northmoor-police.example",
        service="Northmoor Police Protecting Vulnerable People",
        manager=("Caitlin Eversholt", "Detective Inspector"),
        lead="Hassan Winterbourne",
        chief=("Moira Stainforth", "Chief Constable"),
    ),
    _shared(
        "Northmoor Schools and Colleges",
        "education",
        "northmoor-schools.example",
        service="Northmoor School Safeguarding Leads",
        manager=("Gethin Aldersey", "Head Teacher"),
        lead="Sunita Bracewell",
        chief=("Laurence Popplewick", "Director of Education"),
    ),
    _shared(
        "Northmoor Housing Alliance",
        "housing",
        "northmoor-housing.example",
        service="Northmoor Housing Options",
        manager=("Zofia Redmayne", "Housing Options Manager"),
        lead="Clive Osgathorpe",
        chief=("Beatriz Hartsop", "Chief Executive"),
    ),
    Staff(
        "Northmoor Partnership Office",
        "other",
        "northmoor-partnership.example",
        seats=(Seat("Alasdair Quenby", "Partnership Business Manager"),),
    ),
)
