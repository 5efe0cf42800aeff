"""What an alert says: who and when, and where to read on. Never a child, a reference or a word of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from undrift.access import alerts
from undrift.access.models import Alert, Opening
from undrift.engine.dates.moments import in_words
from undrift.library.numbers import GONE_BACK, HANDED_UP_AFTER, MANY_CHILDREN, MANY_REFUSED
from undrift.messages.texts import Text, moment_in_words, to_check
from undrift.people.models import Person


@dataclass(frozen=True)
class Wording:
    """A subject, a body and the page it leads to; `{who}` and `{when}` are all that they may use."""

    subject: str
    body: str
    page: str


OPENINGS, LOG = "guarding/openings", "guarding/audit"

WORDINGS: Mapping[str, Wording] = {
    alerts.GLASS_OPENED: Wording(
        "For information: a record was opened in an emergency",
        "{who} has opened one record in an emergency, to read, for an hour. The review of it is due by {when}.",
        OPENINGS,
    ),
    alerts.GLASS_UNREVIEWED: Wording(
        "Review: an emergency opening waits",
        f"{{who}} opened a record in an emergency, and nobody has reviewed it in {HANDED_UP_AFTER} working days."
        " It was due by {when}.",
        OPENINGS,
    ),
    alerts.REFUSED_OFTEN: Wording(
        "Look at this: many records asked for in vain",
        f"{{who}} has asked {MANY_REFUSED} times or more within an hour for records that are not theirs to see"
        " ({when}). None was shown.",
        LOG,
    ),
    alerts.OPENED_WIDELY: Wording(
        "Look at this: many records opened in a day",
        f"{{who}} has opened the records of more than {MANY_CHILDREN} children in a day, beyond their own work"
        " ({when}).",
        LOG,
    ),
    alerts.TIE_ENDED: Wording(
        "Look at this: records asked for again after work has ended",
        f"{{who}} has gone back {GONE_BACK} times or more to records that are theirs no longer ({{when}})."
        " None was shown.",
        LOG,
    ),
}


def write(alert: Alert) -> Text:
    """The subject and the plain text of an alert. It needs the alert's authority; one query."""
    wording, (who, when) = WORDINGS[alert.kind], FACTS.get(alert.kind, _of_a_person)(alert)
    check = to_check(alert.authority.mailbox_phone)
    parts = [
        wording.body.format(who=who, when=when),
        f"Read it here: {settings.SITE_URL.rstrip('/')}/{wording.page}",
        f"This email contains no personal details of any child, on purpose. Its number is {alert.reference}.{check}",
    ]
    return Text(wording.subject, "\n\n".join(parts) + "\n")


Facts = tuple[str, str]


def _of_an_opening(alert: Alert) -> Facts:
    opening = Opening.objects.select_related("person").get(pk=alert.about)
    return opening.person.name, in_words(opening.review_due)


def _of_a_person(alert: Alert) -> Facts:
    return Person.objects.get(pk=alert.about).name, moment_in_words(alert.created_at)


FACTS: Mapping[str, Callable[[Alert], Facts]] = {
    alerts.GLASS_OPENED: _of_an_opening,
    alerts.GLASS_UNREVIEWED: _of_an_opening,
}
