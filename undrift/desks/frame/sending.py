"""The number that each drawing of a page puts into its forms: whose page it was, and which sending is the same one.

A page that goes on with what was typed before keeps its number, one turn later. So what the script of the earlier page
sends late is told from what was typed since. It is signed, so a form that comes back says by itself who was given it:
also when its session is over by then.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest, QueryDict

FIELD = "sending"
NOT_SAID = ("csrfmiddlewaretoken", FIELD, "_path")
_SIGNER = signing.Signer(salt="undrift.desks.frame.sending")
KEPT_AS = "_sending"


class Drawing(NamedTuple):
    """Whose page a form came from, its number, and how often it had come back by then."""

    person: int
    number: str
    turn: int


def number_for(request: HttpRequest) -> str:
    """The number of this drawing, signed for its reader; empty where nobody has signed in."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return ""
    # Made once a page: of all its forms.
    number, turn = vars(request).setdefault(KEPT_AS, (secrets.token_urlsafe(12), 0))
    return signed(person.pk, number, turn)


def continues(request: HttpRequest, number: str, turn: int) -> None:
    """This page goes on with what was typed in an earlier drawing."""
    vars(request)[KEPT_AS] = (number, turn)


def signed(person: int, number: str, turn: int = 0) -> str:
    return _SIGNER.sign(f"{person}.{number}.{turn}")


def given(posted: QueryDict) -> Drawing | None:
    """The drawing that a form came from; None where it names none, or where somebody made one up."""
    try:
        person, number, turn = _SIGNER.unsign(posted.get(FIELD, "")).split(".")
        return Drawing(int(person), number, int(turn))
    except (signing.BadSignature, ValueError):
        return None


def hash_of(posted: QueryDict) -> str:
    """What a sending says, in short: the same words from the same page are the same sending."""
    said = sorted((name, list(values)) for name, values in posted.lists() if name not in NOT_SAID)
    return hashlib.sha256(repr(said).encode()).hexdigest()
