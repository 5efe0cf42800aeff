"""What a letter about somebody's own account says: what to do, by when, one link. Nobody's name stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from undrift.messages.texts import Text, genuine, moment_in_words
from undrift.people.links import INVITATION, NEW_PASSWORD, OneTimeLink
from undrift.people.models import Letter
from undrift.people.models.account import What

NOT_YOU = "If this was not you, tell whoever looks after the service in your council now, by telephone."


@dataclass(frozen=True)
class Wording:
    """`{role}`, `{at}` and `{until}` are all that they may use. `link` is made when the letter is sent."""

    subject: str
    body: str
    after: str
    page: str = "sign-in"
    link: OneTimeLink | None = None


WORDINGS: Mapping[str, Wording] = {
    What.INVITED: Wording(
        "Choose your password by {until}",
        "{role} has added you to Undrift. Choose a password by {until}. You then sign in with it and set up a second"
        " way to show that it is you, which takes about two minutes.",
        "The link works once. If it no longer works, ask whoever added you for another.",
        "first-password",
        INVITATION,
    ),
    What.PASSWORD_ASKED: Wording(
        "Choose a new password by {until}",
        "Somebody, most likely you, has asked for a new password for this address. Choose it by {until}.",
        "The link works once. If it was not you, do nothing: your password stays as it is.",
        "new-password",
        NEW_PASSWORD,
    ),
    What.PASSWORD_CHANGED: Wording(
        "Your password was changed",
        "The password that you sign in with was changed on {at}. You were signed out of every other browser.",
        NOT_YOU,
    ),
    What.FACTOR_ASKED: Wording(
        "Your second factor: removal asked for",
        "{role} has asked on {at} that your second factor be removed, because it was said to be lost. It is removed"
        " once a second administrator confirms it.",
        f"There is nothing you need to do if you asked for this. {NOT_YOU}",
    ),
    What.FACTOR_REMOVED: Wording(
        "Set up a new second factor",
        "Two administrators of your council have removed your second factor, on {at}. You were signed out"
        " everywhere. Sign in with your password and set up a new one.",
        NOT_YOU,
    ),
}


def write(letter: Letter) -> Text:
    """The subject and the plain text. It needs the letter's act with its person and authority."""
    act, now = letter.act, timezone.now()
    wording = WORDINGS[act.what]
    facts = {
        "role": f"The {act.by_role}" if act.by_role else "Whoever looks after the service in your council",
        "at": moment_in_words(act.at),
        "until": moment_in_words(now + wording.link.lasts) if wording.link else "",
    }
    parts = [
        wording.body.format(**facts),
        _link(letter, wording),
        wording.after,
        genuine(act.authority.mailbox_phone if act.authority else ""),
    ]
    return Text(wording.subject.format(**facts), "\n\n".join(parts) + "\n")


def _link(letter: Letter, wording: Wording) -> str:
    parts = wording.link.parts_for(letter.to_person) if wording.link else {}
    lead = "Choose it here" if wording.link else "Sign in here"
    return f"{lead}: {settings.SITE_URL.rstrip('/')}{reverse(wording.page, kwargs=parts)}"
