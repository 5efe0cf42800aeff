"""Getting into an account and back into it: added, invited, a password chosen, a lost second factor removed.

Each act is written down for good, and whoever it is about is told in a letter where they should know.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from undrift.engine.dates.moments import london_date
from undrift.library.numbers import CONFIRMED_WITHIN, UNUSED_DAYS
from undrift.people.dormant import is_dormant, reopen
from undrift.people.models import AccountAct, Agency, Authority, Grant, Holding, Letter, Person
from undrift.people.models.account import What
from undrift.people.models.grant import GrantKind
from undrift.people.sessions import end_sessions, open_sessions
from undrift.people.standing_in import is_second_to

# Whoever these are about is told of them by letter.
TOLD = frozenset({What.INVITED, What.PASSWORD_ASKED, What.PASSWORD_CHANGED, What.FACTOR_ASKED, What.FACTOR_REMOVED})
OF_A_LOST_FACTOR = (What.FACTOR_ASKED, What.FACTOR_KEPT, What.FACTOR_REMOVED)


class NotDone(ValueError):
    """Why an act on an account may not happen: a sentence for whoever tried."""


def may_sign_in(person: Person, now: datetime) -> bool:
    """Whether the account is open: not closed, not past its last day, not unused for too long."""
    return person.serves_on(london_date(now)) and not is_dormant(person, now)


# Coming in -----------------------------------------------------------------------------------------------------------


def add_person(name: str, email: str, phone: str, agency: Agency, by: Person, at: datetime) -> Person:
    """Somebody new, who cannot sign in yet. Refuses an address that somebody has already."""
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, name=name, phone=phone, agency=agency)
    except IntegrityError:
        raise NotDone("Somebody with this email address is in the service already") from None
    _write(person, What.ADDED, by, at)
    return person


def invite(person: Person, by: Person | None, at: datetime) -> None:
    """Owe the person a link by which to choose their first password; any earlier one is worth nothing from now on.

    `by` is None where whoever runs the service lets the first administrator in.
    """
    with transaction.atomic():
        person = _locked(person)
        if person.last_login is not None:
            raise NotDone(f"{person.name} has signed in already, and can ask for a new password on the sign-in page")
        if not may_sign_in(person, at):
            raise NotDone(f"The account of {person.name} is closed. Open it before you invite them")
        _write(person, What.INVITED, by, at)


def open_again(person: Person, by: Person, at: datetime) -> None:
    """An account that nobody used, or that closed for a leaving since taken back, is open for as long again."""
    with transaction.atomic():
        person = _locked(person)
        if (why_not := why_not_opened(person, at)) is not None:
            raise NotDone(why_not)
        if may_sign_in(person, at):
            return
        Person.objects.filter(pk=person.pk).update(is_active=True, closed_at=None)
        if is_dormant(person, at):
            reopen(person, at)
        _write(person, What.OPENED, by, at)


def why_not_opened(person: Person, at: datetime) -> str | None:
    """The sentence that refuses; None where a closed account may be opened again, or is open.

    An account that closed at once while the leaving waited has no last day: with the leaving taken back, nobody left.
    """
    if person.serves_on(london_date(at)):
        return None
    if person.leaves_on is not None:
        return f"{person.name} has left"
    if Grant.objects.filter(about=person, kind=GrantKind.LEAVING, settled_at=None).exists():
        return f"That {person.name} leaves waits for a second person. Take it back first"
    return None


# Passwords -----------------------------------------------------------------------------------------------------------

# One statement for everybody: whether somebody is known by an address shows neither in the answer nor in its queries.
ASK_FOR_A_NEW_PASSWORD = """
WITH known AS (
    SELECT id, authority_id FROM people_person
    WHERE email = %(email)s AND is_active AND password NOT LIKE '!%%' AND password <> ''
        AND (leaves_on IS NULL OR leaves_on >= %(today)s)
        AND (last_login IS NULL OR last_login > %(unused_since)s)
),
act AS (
    INSERT INTO people_accountact (authority_id, person_id, what, by_role, at)
    SELECT authority_id, id, %(what)s, '', %(now)s FROM known
    RETURNING id
)
INSERT INTO people_letter (act_id, created_at, next_attempt_at, attempts, last_error)
SELECT id, %(now)s, %(now)s, 0, '' FROM act
"""


def ask_for_new_password(email: str, at: datetime) -> None:
    """Owe a link to whoever signs in with this address and a password; nothing to anybody else, and nobody learns."""
    said: dict[str, str | date | datetime] = {
        "email": Person.objects.normalize_email(email),
        "today": london_date(at),
        "unused_since": at - timedelta(days=UNUSED_DAYS),
        "what": What.PASSWORD_ASKED.value,
        "now": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASK_FOR_A_NEW_PASSWORD, said)


def choose_first_password(person: Person, password: str, at: datetime) -> None:
    """The password of somebody who was invited."""
    _set_password(person, password, What.PASSWORD_CHOSEN, at)


def change_password(person: Person, password: str, at: datetime, *, here: str | None = None) -> None:
    """Another password. It ends their sessions, but the one whose key is `here`, and they are told."""
    _set_password(person, password, What.PASSWORD_CHANGED, at, here)


def _set_password(person: Person, password: str, what: What, at: datetime, here: str | None = None) -> None:
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        end_sessions(person, but=[here])
        _write(person, what, person, at)


def end_other_sessions(person: Person, here: str | None, at: datetime) -> int:
    """Sign the person out everywhere but here; how many sessions there were."""
    ended = end_sessions(person, but=[here])
    if ended:
        _write(person, What.SESSIONS_ENDED, person, at)
    return ended


def end_session(person: Person, key: str, at: datetime) -> None:
    """Sign the person out of one browser."""
    for one in open_sessions(person):
        if one.pk == key:
            one.delete()
            _write(person, What.SESSIONS_ENDED, person, at)


# A lost second factor ------------------------------------------------------------------------------------------------


def removal_asked(person: Person, authority: Authority, at: datetime) -> AccountAct | None:
    """What one administrator of this council has asked and none has confirmed or taken back, within its 24 hours."""
    steps = AccountAct.objects.filter(person=person, authority=authority, what__in=OF_A_LOST_FACTOR)
    last = steps.select_related("by").order_by("-pk").first()
    running = last is not None and last.what == What.FACTOR_ASKED and last.at > at - CONFIRMED_WITHIN
    return last if running else None


def removals_to_confirm(by: Person, authority: Authority, at: datetime) -> list[AccountAct]:
    """What was asked in this council, runs still and waits for a second administrator, who may be this one. One query,
    and another for each that is left.
    """
    lately = AccountAct.objects.filter(authority=authority, what__in=OF_A_LOST_FACTOR, at__gt=at - CONFIRMED_WITHIN)
    last = lately.exclude(person=by).select_related("by", "person").order_by("person", "-pk").distinct("person")
    return [one for one in last if one.what == What.FACTOR_ASKED and why_not_removed_by(by, one, at) is None]


def ask_removal(person: Person, by: Person, at: datetime) -> None:
    """The first of the two: ask that the second factor be removed. The person is told at once."""
    with transaction.atomic():
        person, authority = _locked(person), _council_of(by)
        _refuse_oneself(person, by)
        if not may_sign_in(person, at):
            raise NotDone(f"The account of {person.name} is closed. Open it first")
        if not Authenticator.objects.filter(user=person).exists():
            raise NotDone(f"{person.name} has no second factor. They are asked to set one up when they sign in")
        if removal_asked(person, authority, at):
            raise NotDone("This has been asked for already. A second administrator confirms it")
        _write(person, What.FACTOR_ASKED, by, at)


def confirm_removal(person: Person, by: Person, at: datetime) -> None:
    """The second of the two: somebody else of the same council. Factors, codes and sessions are gone at once."""
    with transaction.atomic():
        person, asked = _locked(person), _running(person, by, at)
        _refuse_oneself(person, by)
        if (why_not := why_not_removed_by(by, asked, at)) is not None:
            raise NotDone(why_not)
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        _write(person, What.FACTOR_REMOVED, by, at)


def why_not_removed_by(by: Person, asked: AccountAct, at: datetime) -> str | None:
    """The sentence that refuses the second of the two; None where this administrator may confirm what was asked."""
    if asked.by == by:
        return "You asked for this yourself. Another administrator of your council confirms it"
    if asked.by is not None and not is_second_to(by, asked.by, london_date(at)):
        return f"You stand in for {asked.by.name}, who asked. Another administrator confirms it"
    if asked.by is None or not may_sign_in(asked.by, at):
        return "Whoever asked for this can no longer sign in. Ask for it anew"
    return None


def take_back_removal(person: Person, by: Person, at: datetime) -> None:
    """Nothing is removed. Whoever keeps accounts in the same council may say so."""
    with transaction.atomic():
        person = _locked(person)
        _running(person, by, at)
        _write(person, What.FACTOR_KEPT, by, at)


def _running(person: Person, by: Person, at: datetime) -> AccountAct:
    asked = removal_asked(person, _council_of(by), at)
    if asked is None:
        raise NotDone("Nobody in your council has asked for this in the last 24 hours. Ask for it first")
    return asked


def _refuse_oneself(person: Person, by: Person) -> None:
    if person == by:
        raise NotDone("Two other administrators of your council do this for you")


def _council_of(keeper: Person) -> Authority:
    assert keeper.authority is not None, "Accounts are kept by people of a council."
    return keeper.authority


# The record ----------------------------------------------------------------------------------------------------------


def _locked(person: Person) -> Person:
    """The row as it stands, held until the act is done: of two at once, the second sees what the first did."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _write(person: Person, what: What, by: Person | None, at: datetime) -> None:
    other = by if by != person else None
    act = AccountAct.objects.create(
        authority_id=other.authority_id if other is not None else person.authority_id,
        person=person,
        what=what,
        by=by,
        by_role=_title(other, at) if other is not None else "",
        at=at,
    )
    if what in TOLD:
        Letter.objects.create(act=act, created_at=at, next_attempt_at=at)


def _title(person: Person, at: datetime) -> str:
    """The post from which somebody acts, in the words people use; empty for who covers and holds none."""
    day = london_date(at)
    held = Holding.objects.filter(Q(ends=None) | Q(ends__gte=day), person=person, starts__lte=day)
    return held.order_by("starts", "pk").values_list("post__title", flat=True).first() or ""
