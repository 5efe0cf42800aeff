"""How far somebody has come with signing in, in words, and what was done with their account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.utils import timezone

from undrift.desks.frame.components import Table
from undrift.desks.frame.days import day_and_time
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.library.numbers import UNUSED_DAYS
from undrift.people.accounts import may_sign_in, why_not_opened
from undrift.people.dormant import is_dormant
from undrift.people.links import INVITATION
from undrift.people.models import AccountAct, Authority, Person
from undrift.people.models.account import What

MOST_ACTS = 20
# Opened for either reason: nobody had used it, or it had closed for a leaving that was then taken back.
WORDS = {What.OPENED: "Opened again"}


@dataclass(frozen=True)
class Standing:
    """What a person's page says about their account, and which buttons it offers."""

    state: str
    signing_in: str
    may_invite: bool = False
    again: bool = False
    may_open: bool = False


def comes_by_work_account(authority: Authority) -> bool:
    """Whether a provider of single sign-on vouches for this council's people."""
    return any(authority.code in provider.authorities for provider in settings.SINGLE_SIGN_ON)


def standing_of(person: Person, acts: Sequence[AccountAct], now: datetime) -> Standing:
    serves = person.serves_on(london_date(now))
    unused = serves and is_dormant(person, now)
    may_open = unused or (not serves and why_not_opened(person, now) is None)
    state = "Closed" if not serves else f"Closed: not used for {UNUSED_DAYS} days" if unused else "Open"
    if person.last_login is not None:
        return Standing(
            state, f"Last signed in on {full_day(timezone.localdate(person.last_login))}", may_open=may_open
        )
    if SocialAccount.objects.filter(user=person).exists():
        return Standing(state, "With their work account. Not signed in yet", may_open=may_open)
    invited = next((act for act in acts if act.what == What.INVITED), None)
    may = may_sign_in(person, now)
    if invited is None:
        words = "Not invited yet. Not signed in yet"
        if person.authority is not None and comes_by_work_account(person.authority):
            words = "Not signed in yet. With their work account they need no invitation"
        return Standing(state, words, may_invite=may, may_open=may_open)
    chosen = any(act.what == What.PASSWORD_CHOSEN and act.pk > invited.pk for act in acts)
    words = "They have chosen a password" if chosen else invited_in_words(invited.at, now)
    return Standing(state, f"{words}. Not signed in yet", may, again=True, may_open=may_open)


def invited_in_words(at: datetime, now: datetime) -> str:
    """Invited on 6 May 2026, 9:30am. The link works until 9 May 2026, 9:30am"""
    runs_out = at + INVITATION.lasts
    link = f"The link works until {day_and_time(runs_out)}" if runs_out > now else "The link has run out"
    return f"Invited on {day_and_time(at)}. {link}"


def acts_of(person: Person) -> list[AccountAct]:
    """The latest first."""
    return list(AccountAct.objects.filter(person=person).select_related("by").order_by("-pk")[:MOST_ACTS])


def acts_shown(person: Person, acts: Sequence[AccountAct]) -> Table | None:
    rows = [(day_and_time(act.at), WORDS.get(What(act.what), What(act.what).label), _by(act, person)) for act in acts]
    return Table("What was done with this account", ("When", "What", "By"), rows) if rows else None


def _by(act: AccountAct, person: Person) -> str:
    if act.by is None:
        return "Nobody signed in"
    return "Themselves" if act.by == person else ", ".join(filter(None, (act.by.name, act.by_role)))
