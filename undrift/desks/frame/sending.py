"""The number that each drawing of a page puts into its forms: whose page it was, and which sending is the same one.

A page that goes on with what was typed before keeps its number, under the name of a tab of its own. So what the script
of the earlier page sends late is told from what was typed since, and of two tabs that go on with the same text each
keeps its own. It is signed, so a form that comes back says by itself who was given it: also when its session is over
by then.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest, QueryDict

FIELD = "sending"
COUNT = "_count"  # of the saves of the page's script
AS_DRAWN = "_as_drawn"  # said by the script: the form stands again as it was drawn
NOT_SAID = ("csrfmiddlewaretoken", FIELD, "_path", COUNT, AS_DRAWN)
_SIGNER = signing.Signer(salt="undrift.desks.frame.sending")
KEPT_AS = "_sending"


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Drawing(NamedTuple):
    """Whose page a form came from, its number, its tab.

    `since` is when that was kept with which it was drawn.
    """

    person: int
    number: str
    tab: str = ""
    since: datetime | None = None


def number_for(request: HttpRequest) -> str:
    """The number of this drawing, signed for its reader; empty where nobody has signed in."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return ""
    # Made once a page: of all its forms.
    drawn: Drawing = vars(request).setdefault(KEPT_AS, _drawn(person.pk, secrets.token_urlsafe(12)))
    return signed(*drawn)


def continues(request: HttpRequest, person: int, number: str, since: datetime) -> None:
    """This page goes on with what was typed in an earlier drawing, and kept then."""
    vars(request)[KEPT_AS] = _drawn(person, number, since)


def _drawn(person: int, number: str, since: datetime | None = None) -> Drawing:
    return Drawing(person, number, secrets.token_urlsafe(6), since)


def signed(person: int, number: str, tab: str = "", since: datetime | None = None) -> str:
    kept = (since - EPOCH) // MICROSECOND if since is not None else ""
    return _SIGNER.sign(f"{person}.{number}.{tab}.{kept}")


def given(posted: QueryDict) -> Drawing | None:
    """The drawing that a form came from; None where it names none, or where somebody made one up."""
    try:
        # A page that was open before tabs had names says two things.
        person, number, tab, kept = [*_SIGNER.unsign(posted.get(FIELD, "")).split("."), "", ""][:4]
        since = EPOCH + int(kept) * MICROSECOND if kept else None
        return Drawing(int(person), number, tab, since)
    except (signing.BadSignature, ValueError):
        return None


def hash_of(posted: QueryDict) -> str:
    """What a sending says, in short: the same words from the same page are the same sending."""
    said = sorted((name, list(values)) for name, values in posted.lists() if name not in NOT_SAID)
    return hashlib.sha256(repr(said).encode()).hexdigest()
