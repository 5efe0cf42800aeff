"""The number that each drawing of a page puts into its forms: whose page it was, and which sending is the same one.

It is signed, so a form that comes back says by itself who was given it: also when its session is over by then.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

FIELD = "sending"
NOT_SAID = ("csrfmiddlewaretoken", FIELD, "_path")
_SIGNER = signing.Signer(salt="undrift.desks.frame.sending")
KEPT_AS = "_sending"


def number_for(request: HttpRequest) -> str:
    """The number of this drawing, signed for its reader; empty where nobody has signed in."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return ""
    return signed(person.pk, drawing_of(request))


def drawing_of(request: HttpRequest) -> str:
    """Made once a page: of all its forms."""
    kept: dict[str, Any] = vars(request)
    if KEPT_AS not in kept:
        kept[KEPT_AS] = secrets.token_urlsafe(12)
    return str(kept[KEPT_AS])


def continues(request: HttpRequest, number: str) -> None:
    """This page goes on with what was typed in an earlier drawing."""
    vars(request)[KEPT_AS] = number


def signed(person: int, number: str) -> str:
    return _SIGNER.sign(f"{person}.{number}")


def given(posted: QueryDict) -> tuple[int, str] | None:
    """Whose page a form came from, and its number; None where it names none, or where somebody made one up."""
    try:
        person, _, number = _SIGNER.unsign(posted.get(FIELD, "")).partition(".")
        return int(person), number
    except (signing.BadSignature, ValueError):
        return None


def hash_of(posted: QueryDict) -> str:
    """What a sending says, in short: the same words from the same page are the same sending."""
    said = sorted((name, list(values)) for name, values in posted.lists() if name not in NOT_SAID)
    return hashlib.sha256(repr(said).encode()).hexdigest()
