"""The frame of every page: whose service it is, which policy is in force, where this person may want to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from undrift import library
from undrift.access.emergency import running
from undrift.access.fetching import shown_by_glass
from undrift.access.matrix import matrix
from undrift.desks.frame import factor
from undrift.desks.frame.components import Place
from undrift.people import clock, finders
from undrift.people.models import Person
from undrift.people.seats import Seat, seat_of

MOST_LINKS = 8

# Text and the name of the address. A page that is not installed is left out.
HOME = ("Home", "home")
POLICY = ("Policy", "policy")
GOOD_PRACTICE = ("Good practice", "good-practice")
CHAIR = (
    HOME,
    ("Children", "children"),
    ("Conferences", "conferences"),
    ("Resolutions", "resolutions"),
    POLICY,
    GOOD_PRACTICE,
    ("Reports", "reports"),
)
NEED_TO_KNOW = ("Need to know", "need-to-know")
SAFEGUARDING_AND_REVIEW = (
    HOME,
    ("Children", "children"),
    ("Resolutions", "resolutions"),
    ("People", "people"),
    NEED_TO_KNOW,
    ("Import", "import"),
    POLICY,
    GOOD_PRACTICE,
)
INFORMATION_GOVERNANCE = (HOME, NEED_TO_KNOW, ("Children", "children"), ("Resolutions", "resolutions"), POLICY)
OUT_OF_HOURS = (HOME, ("Open a record in an emergency", "glass"), POLICY)
MANAGER = (
    HOME,
    ("Children", "children"),
    ("Conferences", "conferences"),
    ("Resolutions", "resolutions"),
    POLICY,
    ("Actions", "actions"),
    GOOD_PRACTICE,
    ("Reports", "reports"),
)
SOCIAL_WORKER = (HOME, ("My children", "children"), POLICY, ("Actions", "actions"), GOOD_PRACTICE)
ALLOCATION = ("Allocation", "allocation")
BUSINESS_SUPPORT = (
    HOME,
    ("Conferences", "conferences"),
    ("Children", "children"),
    ALLOCATION,
    POLICY,
    ("Import", "import"),
)
ADMINISTRATOR = (
    HOME,
    ("People", "people"),
    ALLOCATION,
    POLICY,
    ("Working days", "working-days"),
    ("Import", "import"),
)
PARTNER = (HOME, POLICY)

# By the kind of post (Post.slug), the first that fits. Other posts inside children's social care see what managers see.
BY_POST = {
    **dict.fromkeys(finders.SAFEGUARDING_AND_REVIEW, SAFEGUARDING_AND_REVIEW),
    "chair": CHAIR,
    "conference-chair": CHAIR,
    "cp-coordinator": CHAIR,
    "social-worker": SOCIAL_WORKER,
    **dict.fromkeys(sorted(matrix().roles["business-support"].posts), BUSINESS_SUPPORT),
    "administrator": ADMINISTRATOR,
    **dict.fromkeys(sorted(matrix().roles["information-governance"].posts), INFORMATION_GOVERNANCE),
    **dict.fromkeys(sorted(matrix().roles["out-of-hours"].posts), OUT_OF_HOURS),
}


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor. No query: the person who signed in comes with where they sit; one beneath a red frame."""
    frame: dict[str, object] = {"DEMO": settings.DEMO, "version": running_version()}
    # Absent on pages made before anybody was recognised, such as a refused form.
    person = getattr(request, "user", None)
    if person is not None and person.is_authenticated:
        frame |= _frame_of(person, request)
    return frame


@dataclass(frozen=True)
class Emergency:
    """A page shows a record that an emergency opening alone opens to the reader."""

    until: datetime
    now: datetime

    @property
    def minutes_left(self) -> str:
        minutes = -(-(self.until - self.now) // timedelta(minutes=1))
        return "1 minute left." if minutes == 1 else f"{minutes} minutes left."


def _emergency(person: Person) -> Emergency | None:
    """One query, and only where such a record was fetched for this page."""
    now = clock.now()
    opening = running(person, now) if shown_by_glass(person) else None
    return Emergency(opening.until, now) if opening is not None else None


def _frame_of(person: Person, request: HttpRequest) -> dict[str, object]:
    seat = seat_of(person, clock.today())
    return {
        "authority_name": seat.council or seat.shared_by,
        "policy_in_force": " ".join(filter(None, (seat.protocol, seat.protocol_version))),
        # Nothing there opens before the second factor is given, so nothing is offered.
        "emergency": _emergency(person),
        "navigation": places(_offered(seat), request.path) if factor.is_given(request) else [],
    }


def _desk(posts: frozenset[str], works_in: str) -> Iterable[tuple[str, str]]:
    if works_in not in ("", "childrens-social-care"):
        return PARTNER
    return next((BY_POST[post] for post in BY_POST if post in posts), MANAGER)


def _offered(seat: Seat) -> Iterable[tuple[str, str]]:
    """The desk; but no report of good practice where the policy in force knows no such notes."""
    desk = _desk(seat.posts, seat.works_in)
    known = seat.protocol in library.shipped() and library.load(seat.protocol).good_practice
    return desk if known else [place for place in desk if place != GOOD_PRACTICE]


def places(desk: Iterable[tuple[str, str]], path: str) -> list[Place]:
    """The desk's links that exist, eight at most, the one we are in marked."""
    found = [(text, href) for text, name in desk if (href := address(name))][:MOST_LINKS]
    return [
        Place(text, href, current=path == href or (href != "/" and path.startswith(f"{href}/")), here=path == href)
        for text, href in found
    ]


@cache
def address(name: str) -> str:
    """The address of a page by its name, or "" where it is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@cache
def running_version() -> str:
    try:
        return version("undrift")
    except PackageNotFoundError:
        return ""
