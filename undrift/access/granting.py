"""Cover, posts and hand-overs: what gives somebody records to see is asked by one keeper and confirmed by another.

Nobody gives anything to themselves, and nothing begins before today. One's own cover is one's own to give, and stands
at once, among those who hold such a post or one above it. Whoever it is about is told, and so is who keeps need to
know. Rows are ended, never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from undrift.access.alerts import COVER_ENDED, COVER_SET, RIGHT_ASKED, RIGHT_GIVEN, tell
from undrift.access.matrix import Action, matrix
from undrift.access.restricting import LONGEST_WHY, in_charge
from undrift.access.scope import PARTNERS_OWN
from undrift.children.facts import Because
from undrift.children.months import add_months
from undrift.engine.dates.horizons import no_first_day, no_last_day
from undrift.engine.dates.moments import in_words, london_date
from undrift.library.numbers import LONGEST_COVER
from undrift.people import clock
from undrift.people.composed import NUMBER, composed
from undrift.people.kept_rosters import roster_of
from undrift.people.leaving import A_DAY, Left, close_account, first_day_without, leave, name_of, posts_to_hand_over
from undrift.people.models import Authority, Cover, Grant, Holding, Person, Post
from undrift.people.models.grant import GrantKind, Outcome
from undrift.people.models.tenure import HoldingKind
from undrift.people.peers import could_cover
from undrift.people.seats import seat_of
from undrift.people.standing_in import stood_in_for
from undrift.people.vacancies import note_vacancies
from undrift.record.children_given import ByPlan, Split, give_children, heirs_in, why_of
from undrift.record.handing_on import HandedOn, ask_who_does_it, follow_the_children, hand_on_all, hand_on_of

Heirs = Mapping[ByPlan, Sequence[Person]]
# The question of the page that asks who has the leaver's children, by what the leaver is to them.
HEIRS_ASKED: Mapping[ByPlan, str] = {"chair": "children", "social_worker": "worked"}
AS = {HoldingKind.HOLDER: "takes up", HoldingKind.ACTING: "acts in", HoldingKind.DEPUTY: "is deputy in"}
NOT_ONESELF = "You cannot give this to yourself. Ask another keeper of the organisation"
NOT_IN_ONES_PLACE = "You stand in for {}, so this would give it to you. Ask another keeper of the organisation"
NOT_ALONE = "Nobody closes their own account. Ask another keeper of the organisation"
NOT_BEFORE_TODAY = "It cannot begin before today: nothing is given for days that have passed"


# Of two keepers of a council who ask at once, the second sees what the first asked.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('grants of a council'), %s)"


class NotGiven(ValueError):
    """Why it may not be given: a sentence, and the question it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


@dataclass(frozen=True)
class Given:
    """What came of a grant that was confirmed: the sentence it was asked by, and what has changed hands."""

    said: str
    handed: HandedOn
    left: Left | None = None
    heirs: tuple[Person, ...] = ()
    children: int = 0  # how many of the leaver's children the heirs have now


# Asking ---------------------------------------------------------------------------------------------------------------


def cover_oneself(
    by: Person, covering: Person, starts: date, ends: date, post: Post | None, why: str
) -> tuple[Cover, HandedOn] | Grant:
    """Say when one is away, and who covers.

    It stands at once where whoever covers holds such a post already, or one above; anybody else would see what their
    own work does not open, and waits for a second person.
    """
    _refuse_days(starts, ends)
    if covering == by:
        raise NotGiven("Choose somebody else to cover for you", "covering")
    if not is_peer_of(by, covering, post):
        return ask_cover(_councils_of(by)[0], by, by, covering, starts, ends, post, why)
    with transaction.atomic():
        made = _cover(by, covering, starts, ends, post, why, by=by, seconded_by=None)
        for council in _councils_of(by):
            _tell_of(council, COVER_SET, made.pk, [covering, by], but=by)
    return made, hand_on_of(by, clock.now()) if starts <= clock.today() else HandedOn()


def is_peer_of(away: Person, covering: Person, post: Post | None) -> bool:
    """Whether all that is covered is within a post of the same kind, or above, that whoever covers holds already."""
    posts = [post] if post is not None else posts_to_hand_over(away, clock.today() - A_DAY)
    rosters = [(one, roster_of(one.authority or _councils_of(away)[0], (), clock.now())) for one in posts]
    return bool(posts) and all(covering in {p.person for p in could_cover(one, roster)} for one, roster in rosters)


def ask_cover(
    council: Authority,
    by: Person,
    away: Person,
    covering: Person,
    starts: date,
    ends: date,
    post: Post | None,
    why: str,
) -> Grant:
    """Ask that somebody cover for another who is away. Nothing changes until a second person confirms."""
    _refuse_days(starts, ends)
    if covering == by:
        raise NotGiven(NOT_ONESELF, "covering")
    _refuse_overlap(away, starts, ends, post)
    what = f" as {name_of(post)}" if post is not None else ""
    said = f"{covering.name} covers for {away.name}{what} from {in_words(starts)} to {in_words(ends)}"
    terms = {"covering": covering.pk, "starts": str(starts), "ends": str(ends), "post": post.pk if post else None}
    return _ask(council, GrantKind.COVER, by, away, [covering.pk], terms, said, why)


def ask_post(council: Authority, by: Person, post: Post, person: Person, starts: date, kind: str, why: str) -> Grant:
    """Ask that somebody take up a post, act in it or be its deputy."""
    if wrong := no_first_day(starts, clock.today()):
        raise NotGiven(wrong, "starts")
    if person == by:
        raise NotGiven(NOT_ONESELF, "person")
    _refuse_standing_in(by, [person], {person.pk: "person"})
    said = f"{person.name} {AS[HoldingKind(kind)]} {name_of(post)} from {in_words(starts)}"
    terms = {"post": post.pk, "starts": str(starts), "kind": kind}
    return _ask(council, GrantKind.POST, by, person, [person.pk], terms, said, why)


def ask_leaving(
    council: Authority,
    by: Person,
    leaver: Person,
    on: date,
    successors: Mapping[Post, Person | None],
    heirs: Heirs,
    at_once: bool,
    why: str,
) -> Grant | Given:
    """Somebody leaves. Where nobody is named to follow, at once; else a second person confirms who follows.

    What is taken away waits for nobody: an account that closes at once is closed already while this waits, and what
    they owe is with others. A last day that was said already stands until they stay after all, and the account may
    close before it.
    """
    if leaver == by:
        raise NotGiven(NOT_ALONE)
    if wrong := no_last_day(on, clock.today()):
        raise NotGiven(wrong, "on")
    if at_once and leaver.leaves_on is not None:
        close_account(leaver)
        stands = f"{leaver.name} leaves on {in_words(leaver.leaves_on)}, and who follows stays as it was"
        said = f"{stands}. Their account is closed now, and they are signed out"
        return Given(said, hand_on_of(leaver, clock.now()))
    _refuse_leaving_twice(leaver)
    heirs_named = list(dict.fromkeys(one for people in heirs.values() for one in people))
    named = [*(person for person in successors.values() if person is not None), *heirs_named]
    if not named:
        with transaction.atomic():
            _refuse_beside(council, GrantKind.LEAVING, leaver, {})
            return _leave(council, leaver, on, successors, {}, at_once, by=by, seconded_by=None, why=why)
    asked_at = {one.pk: HEIRS_ASKED[part] for part, people in heirs.items() for one in people}
    asked_at |= {one.pk: f"post-{post.pk}" for post, one in successors.items() if one is not None}
    if by in named:
        raise NotGiven(NOT_ONESELF, asked_at[by.pk])
    _refuse_standing_in(by, named, asked_at)
    told = [f"{one.name} follows as {name_of(post)}" for post, one in successors.items() if one is not None]
    when = "" if at_once else f" from {in_words(on + A_DAY)}"
    has = "has" if len(heirs_named) == 1 else "have"
    told += [f"{' and '.join(one.name for one in heirs_named)} {has} their children{when}"] if heirs_named else []
    terms = {
        "on": str(on),
        "at_once": at_once,
        "heirs": {part: [one.pk for one in people] for part, people in heirs.items()},
        "successors": {str(post.pk): one.pk if one else None for post, one in successors.items()},
    }
    with transaction.atomic():
        said = f"{leaver.name} leaves on {in_words(on)}. {'. '.join(told)}"
        asked = _ask(council, GrantKind.LEAVING, by, leaver, [one.pk for one in named], terms, said, why)
        if at_once:
            close_account(leaver)
    if at_once:
        hand_on_of(leaver, clock.now())
    return asked


def given_up(person: Person) -> QuerySet[Holding]:
    """What the person holds until a last day that was said, and would keep if they stay."""
    ended = Holding.objects.filter(person=person, ends=person.leaves_on).exclude(ended_at=None)
    return ended.select_related("post__unit", "post__agency").order_by("pk")


def ask_staying(council: Authority, by: Person, person: Person, why: str) -> Grant:
    """Ask that a leaving be taken back before it comes. Nothing changes until a second person confirms."""
    if person == by:
        raise NotGiven(NOT_ONESELF)
    if person.leaves_on is None or not person.serves_on(clock.today()):
        raise NotGiven(f"{person.name} has no last day that is still to come")
    held = list(given_up(person))
    posts = f", as {' and '.join(name_of(one.post) for one in held)}" if held else ""
    said = f"{person.name} stays{posts}. Their last day is no longer {in_words(person.leaves_on)}"
    terms = {"stays": str(person.leaves_on), "holdings": [one.pk for one in held]}
    return _ask(council, GrantKind.LEAVING, by, person, [person.pk], terms, said, why)


def _ask(
    council: Authority,
    kind: GrantKind,
    by: Person,
    about: Person,
    to: list[int],
    terms: Mapping[str, Any],
    said: str,
    why: str,
) -> Grant:
    why = " ".join(why.split())
    if not why:
        raise NotGiven("Say why", "why")
    if len(why) > LONGEST_WHY:
        raise NotGiven(f"The reason must be {LONGEST_WHY} characters or fewer", "why")
    now = clock.now()
    with transaction.atomic():
        _refuse_beside(council, kind, about, terms, said)
        asked = Grant.objects.create(
            authority=council, kind=kind, about=about, to=sorted(set(to)), terms=terms, said=said, why=why,
            asked_by=by, asked_at=now,
        )  # fmt: skip
        tell(seconds_to(asked), council, RIGHT_ASKED, asked.pk, clock.today(), now)
    return asked


# Confirming -----------------------------------------------------------------------------------------------------------


def waiting(council: Authority) -> QuerySet[Grant]:
    """What waits for a second person, the longest waiting first."""
    return _waiting.plain(council=council.pk)


@composed(council=NUMBER)
def _waiting(council: Any) -> QuerySet[Grant]:
    unsettled = Grant.objects.filter(authority=council, settled_at=None)
    return unsettled.select_related("about", "asked_by", "authority").order_by("pk")


@dataclass(frozen=True)
class Keepers:
    """Who keeps a council's organisation today, who of them by a post of their own, and who stands in for whom."""

    people: tuple[Person, ...]
    by_own_post: frozenset[int]
    standing_in: frozenset[tuple[int, int]]  # who covers, for whom


def keepers_of(council: Authority, *others: Person) -> Keepers:
    """Read once for any number of grants; `others` are people of whom it is asked beside the keepers."""
    today = clock.today()
    live = Q(ends=None) | Q(ends__gte=today), Q(starts__lte=today)
    people = in_charge(council, Action.KEEP, clock.now())
    numbers = [person.pk for person in (*people, *others)]
    seats: dict[tuple[int, str], list[str]] = {}
    held = Holding.objects.filter(*live, person__in=numbers)
    for number, works_in, slug in held.values_list("person", "person__agency__kind", "post__slug"):
        seats.setdefault((number, works_in or ""), []).append(slug)
    by_own_post = frozenset(
        number
        for (number, works_in), slugs in seats.items()
        if matrix().ties(matrix().roles_of(slugs, partner=works_in not in PARTNERS_OWN), Action.KEEP)
    )
    standing_in = Cover.objects.filter(*live, covering__in=numbers).values_list("covering", "away")
    return Keepers(people, by_own_post, frozenset(standing_in))


def seconds_to(grant: Grant, keepers: Keepers | None = None) -> list[Person]:
    """Who may confirm it: keepers of the council by a post of their own. Where nobody is, the page says what then."""
    known = keepers or keepers_of(grant.authority)
    return [one for one in known.people if why_not_confirmed_by(one, grant, known) is None]


def why_not_confirmed_by(person: Person, grant: Grant, keepers: Keepers | None = None) -> str | None:
    """The sentence that refuses; None where this person may confirm it."""
    if grant.settled_at is not None:
        return "This is settled already"
    if person == grant.asked_by:
        return "You asked for this. Another keeper of the organisation confirms it"
    if person.pk in grant.to:
        return "It gives you something, so somebody else confirms it"
    known = keepers or keepers_of(grant.authority, person)
    if (person.pk, grant.asked_by_id) in known.standing_in:
        return f"You stand in for {grant.asked_by.name}, who asked. Somebody else confirms it"
    if _shared_by_cover(grant) and any((person.pk, gains) in known.standing_in for gains in grant.to):
        return "You stand in for somebody to whom it gives something, so somebody else confirms it"
    if person.pk not in known.by_own_post:
        return "You keep the organisation in somebody’s place. Whoever confirms this has such a post of their own"
    return None


def _shared_by_cover(grant: Grant) -> bool:
    """Whether whoever covers for those who get it has it, too: posts and children, but not cover, nor a leaving taken
    back, for their cover ends with the last day that was said.
    """
    return grant.kind != GrantKind.COVER and "stays" not in grant.terms


def needed_by(grant: Grant) -> date:
    """The day from which it was asked for; of a leaving, the last day."""
    return date.fromisoformat(next(grant.terms[name] for name in ("starts", "on", "stays") if name in grant.terms))


def put_to(person: Person, council: Authority, stands_in: Iterable[int]) -> list[Grant]:
    """What waits and this person may confirm, the soonest first. One query, and none for whoever keeps nothing.

    `stands_in` are the numbers of those for whom the person covers today.
    """
    seat = seat_of(person, clock.today())
    if not matrix().ties(matrix().roles_of(seat.posts, partner=seat.works_in not in PARTNERS_OWN), Action.KEEP):
        return []
    known = Keepers((), frozenset({person.pk}), frozenset((person.pk, away) for away in stands_in))
    found = _waiting(council=council.pk)
    return sorted((one for one in found if not why_not_confirmed_by(person, one, known)), key=needed_by)


def say_again(now: datetime) -> int:
    """Tell those who may confirm what waits still once its day has come; once each."""
    today = london_date(now)
    told = 0
    for one in Grant.objects.filter(settled_at=None).select_related("asked_by", "authority").order_by("pk"):
        if (day := needed_by(one)) <= today:
            told += tell(seconds_to(one), one.authority, RIGHT_ASKED, one.pk, day, now)
    return told


def confirm(grant: Grant, by: Person) -> Given:
    """The second person agrees: it is done now, from today at the earliest, and those it is about are told."""
    with transaction.atomic():
        held = Grant.objects.select_for_update(of=("self",)).select_related("authority", "about", "asked_by")
        asked = held.get(pk=grant.pk)
        if (why_not := why_not_confirmed_by(by, asked)) is not None:
            raise NotGiven(why_not)
        if not asked.asked_by.serves_on(clock.today()):
            raise NotGiven("Whoever asked for this is no longer here. Ask for it anew")
        Grant.objects.filter(pk=asked.pk).update(settled_by=by, settled_at=clock.now(), outcome=Outcome.CONFIRMED)
        given = DOES[GrantKind(asked.kind)](asked, by)
        people = Person.objects.filter(Q(pk__in=asked.to) | Q(pk=asked.about_id))
        _tell_of(asked.authority, RIGHT_GIVEN, asked.pk, people, but=by)
    return given


def take_back(grant: Grant, by: Person) -> None:
    """It is not given. Whoever keeps the organisation may say so."""
    done = Grant.objects.filter(pk=grant.pk, settled_at=None)
    if not done.update(settled_by=by, settled_at=clock.now(), outcome=Outcome.TAKEN_BACK):
        raise NotGiven("This is settled already")


def _do_cover(asked: Grant, by: Person) -> Given:
    terms, today = asked.terms, clock.today()
    starts, ends = max(date.fromisoformat(terms["starts"]), today), date.fromisoformat(terms["ends"])
    if ends < starts:
        raise NotGiven("Its last day has passed. Ask for it anew")
    covering = _still_here(terms["covering"], starts)
    _still_here(asked.about_id, starts)
    post = Post.objects.get(pk=terms["post"]) if terms["post"] else None
    _cover(asked.about, covering, starts, ends, post, asked.why, by=asked.asked_by, seconded_by=by)
    return Given(asked.said, hand_on_of(asked.about, clock.now()) if starts <= today else HandedOn())


def _do_post(asked: Grant, by: Person) -> Given:
    terms, today = asked.terms, clock.today()
    starts, post = max(date.fromisoformat(terms["starts"]), today), Post.objects.get(pk=terms["post"])
    person = _still_here(asked.about_id, starts)
    if (first := first_day_without(post, person, starts, terms["kind"])) is not None:
        Holding.objects.create(
            authority_id=post.authority_id, partnership_id=post.partnership_id, post=post, person=person, starts=first,
            kind=terms["kind"], why=asked.why, by=asked.asked_by, seconded_by=by, at=clock.now(),
        )  # fmt: skip
    note_vacancies(asked.authority, clock.now())
    return Given(asked.said, hand_on_all(asked.authority, clock.now()) if starts <= today else HandedOn())


def _do_leaving(asked: Grant, by: Person) -> Given:
    if "stays" in asked.terms:
        return _do_staying(asked, by)
    terms, today = asked.terms, clock.today()
    first = max(date.fromisoformat(terms["on"]) + A_DAY, today)
    heirs = heirs_in(asked)
    for heir in dict.fromkeys(one for people in heirs.values() for one in people):
        _still_here(heir.pk, first)
    people = Person.objects.in_bulk([pk for pk in terms["successors"].values() if pk])
    posts = Post.objects.select_related("unit", "agency", "authority").in_bulk([int(pk) for pk in terms["successors"]])
    successors = {posts[int(post)]: people.get(pk) for post, pk in terms["successors"].items()}
    return _leave(
        asked.authority, asked.about, date.fromisoformat(terms["on"]), successors, heirs,
        terms["at_once"], by=asked.asked_by, seconded_by=by, why=asked.why,
    )  # fmt: skip


def _do_staying(asked: Grant, by: Person) -> Given:
    """What the person held goes on the day after; whoever was to follow does not begin."""
    today, last = clock.today(), date.fromisoformat(asked.terms["stays"])
    person = Person.objects.select_for_update().get(pk=asked.about_id)
    if person.leaves_on != last or not person.serves_on(today):
        raise NotGiven(f"{person.name} has left, or has another last day. Take this back")
    given = {"by": asked.asked_by, "seconded_by": by, "why": asked.why, "at": clock.now()}
    for held in given_up(person).filter(pk__in=asked.terms["holdings"]):
        Holding.objects.create(
            authority_id=held.authority_id, partnership_id=held.partnership_id, post=held.post, person=person,
            kind=held.kind, starts=last + A_DAY, **given,
        )  # fmt: skip
    leaving = Grant.objects.filter(about=person, kind=GrantKind.LEAVING, outcome=Outcome.CONFIRMED, terms__on=str(last))
    for agreed in leaving:
        for post, follower in agreed.terms["successors"].items():
            Holding.objects.filter(
                post=post, person=follower, starts__gt=last, by=agreed.asked_by, seconded_by=agreed.settled_by,
                why=agreed.why, ended_at=None,
            ).update(ends=min(last, today - A_DAY), ended_by=by, ended_at=clock.now())  # fmt: skip
    person.leaves_on = None
    person.save(update_fields=["leaves_on"])
    note_vacancies(asked.authority, clock.now())
    return Given(asked.said, HandedOn())


DOES = {GrantKind.COVER: _do_cover, GrantKind.POST: _do_post, GrantKind.LEAVING: _do_leaving}


def _leave(
    council: Authority,
    leaver: Person,
    on: date,
    successors: Mapping[Post, Person | None],
    heirs: Heirs,
    at_once: bool,
    *,
    by: Person,
    seconded_by: Person | None,
    why: str,
) -> Given:
    now = clock.now()
    split = Split()
    with transaction.atomic():
        _refuse_leaving_twice(Person.objects.select_for_update().get(pk=leaver.pk))
        if at_once or on < clock.today():
            split = give_children(leaver, heirs, on, Because(at=now, by=by, why=why_of(leaver)))
        left = leave(leaver, on, successors, at=now, at_once=at_once, by=by, seconded_by=seconded_by, why=why)
    done = follow_the_children(now, also=split.cases)
    if left.closed:
        done += ask_who_does_it(now) + hand_on_of(leaver, now)
    named = tuple(dict.fromkeys(one for people in heirs.values() for one in people))
    for one in named if split.plans else ():
        done += hand_on_of(one, now)
    return Given("", done, left, named, split.plans)


# Ending ---------------------------------------------------------------------------------------------------------------


def end_cover(cover: Cover, by: Person) -> HandedOn:
    """Back today: what has run stays on file, and so does what was taken back before it began."""
    with transaction.atomic():
        Cover.objects.filter(pk=cover.pk, ended_at=None).update(
            ends=clock.today() - A_DAY, ended_by=by, ended_at=clock.now()
        )
        for council in _councils_of(cover.away):
            _tell_of(council, COVER_ENDED, cover.pk, [cover.covering, cover.away], but=by, keepers=False)
    return hand_on_of(cover.covering, clock.now())


# Workings -------------------------------------------------------------------------------------------------------------


def why_no_cover(starts: date, ends: date, today: date) -> tuple[str, str] | None:
    """The question and the sentence that refuses these days; None where somebody may be covered on them."""
    last = add_months(today, LONGEST_COVER)
    if starts < today:
        return "starts", NOT_BEFORE_TODAY
    if starts > last:
        return "starts", f"The first day must be {in_words(last)} or before. Set it nearer the time"
    if ends > last:
        return "ends", f"The last day must be {in_words(last)} or before. Set it again after that"
    return None


def _refuse_days(starts: date, ends: date) -> None:
    if wrong := why_no_cover(starts, ends, clock.today()):
        field, sentence = wrong
        raise NotGiven(sentence, field)


def _refuse_standing_in(by: Person, gaining: Iterable[Person], fields: Mapping[int, str]) -> None:
    """Whoever covers for somebody has what they have: what is asked for the one is asked for the other."""
    mine = stood_in_for(by, clock.today())
    for one in gaining:
        if one.pk in mine:
            raise NotGiven(NOT_IN_ONES_PLACE.format(one.name), fields.get(one.pk, ""))


def _refuse_overlap(away: Person, starts: date, ends: date, post: Post | None) -> None:
    """On one day one person covers one post: of two, neither could be told whose turn it is."""
    days = Q(ends=None) | Q(ends__gte=starts)
    found = Cover.objects.filter(days, away=away, ended_at=None, starts__lte=ends).select_related("covering")
    same = found if post is None else found.filter(Q(post=None) | Q(post=post))
    if (first := same.order_by("starts", "pk").first()) is not None:
        until = f"to {in_words(first.ends)}" if first.ends else "until it is ended"
        covers = f"{first.covering.name} covers already from {in_words(first.starts)} {until}"
        raise NotGiven(f"{covers}. End that first, or choose other days", "starts")


def _refuse_leaving_twice(leaver: Person) -> None:
    """Of two last days, whoever was to follow after the one would get nothing of the other."""
    if leaver.leaves_on is not None:
        day = in_words(leaver.leaves_on)
        raise NotGiven(
            f"{leaver.name} leaves on {day} already. Say first that they are staying after all, then ask anew", "on"
        )


def _refuse_beside(
    council: Authority, kind: GrantKind, about: Person, terms: Mapping[str, Any], said: str = ""
) -> None:
    """What waits is settled before another is asked about the same person and the same thing."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [council.pk])
    for first in Grant.objects.filter(authority=council, kind=kind, about=about, settled_at=None).order_by("pk"):
        if first.said == said:
            raise NotGiven("This has been asked for already, and waits for a second person")
        if _of_the_same(kind, terms, first.terms):
            raise NotGiven(f"Another waits for a second person: {first.said}. Take it back first, or have it confirmed")


def _of_the_same(kind: GrantKind, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """One leaving, one post; of cover, days that both have."""
    if kind == GrantKind.LEAVING or (kind == GrantKind.POST and one["post"] == other["post"]):
        return True
    same = one["post"] == other["post"] or not (one["post"] and other["post"])
    return kind == GrantKind.COVER and same and one["starts"] <= other["ends"] and other["starts"] <= one["ends"]


def _still_here(number: int, day: date) -> Person:
    person = Person.objects.get(pk=number)
    if not person.serves_on(day):
        raise NotGiven(f"{person.name} will not be here. Take this back, and ask for somebody else")
    return person


def _cover(
    away: Person,
    covering: Person,
    starts: date,
    ends: date,
    post: Post | None,
    why: str,
    *,
    by: Person,
    seconded_by: Person | None,
) -> Cover:
    away = Person.objects.select_for_update(of=("self",)).get(pk=away.pk)
    _refuse_overlap(away, starts, ends, post)
    owner: dict[str, Any] = {"authority_id": away.authority_id}
    if away.authority_id is None:
        owner["partnership_id"] = away.partnership_id
    return Cover.objects.create(
        away=away, covering=covering, starts=starts, ends=ends, post=post, reason=" ".join(why.split()), by=by,
        seconded_by=seconded_by, at=clock.now(), **owner,
    )  # fmt: skip


def _tell_of(
    council: Authority, kind: str, about: int, people: Iterable[Person], *, but: Person, keepers: bool = True
) -> None:
    guards = in_charge(council, Action.GUARD, clock.now()) if keepers else ()
    told = [one for one in dict.fromkeys([*people, *guards]) if one != but and one.is_active]
    tell(told, council, kind, about, clock.today(), clock.now())


def _councils_of(person: Person) -> list[Authority]:
    if person.authority is not None:
        return [person.authority]
    return list(Authority.objects.filter(partnership=person.partnership_id))
