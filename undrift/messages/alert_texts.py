"""What an alert says: who and when, and where to read on. Never a child, a reference or a word of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from undrift.access import alerts
from undrift.access.models import Alert, Listing, Opening
from undrift.engine.dates.moments import in_words
from undrift.library.numbers import GONE_BACK, HANDED_UP_AFTER, MANY_CHILDREN, MANY_REFUSED
from undrift.messages.texts import Text, moment_in_words, to_check
from undrift.people.models import Cover, Grant, Person


@dataclass(frozen=True)
class Wording:
    """A subject, a body and the page it leads to, if any; `{who}` and `{when}` are all that they may use."""

    subject: str
    body: str
    page: str | None


OPENINGS, LOG, WAITING, HOME = "guarding/openings", "guarding/audit", "people/waiting", ""
RESTRICTED = "guarding/restricted"

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
    alerts.RIGHT_ASKED: Wording(
        "Confirm or take back: somebody is to see more records",
        "{who} has asked: {when}. Nothing has changed yet. A second person confirms it or takes it back.",
        WAITING,
    ),
    alerts.RIGHT_GIVEN: Wording(
        "For information: somebody may see more records",
        "{who} asked, and a second person has confirmed: {when}. If you did not expect this, ring Safeguarding and"
        " Review.",
        HOME,
    ),
    alerts.COVER_SET: Wording(
        "For information: cover while somebody is away",
        "{who} has set cover: {when}. If you did not expect this, ring Safeguarding and Review.",
        HOME,
    ),
    alerts.COVER_ENDED: Wording(
        "For information: cover has ended",
        "{who} has ended cover: {when}. What is open has gone back.",
        HOME,
    ),
    alerts.NAMED: Wording(
        "For information: somebody was named for a restricted record",
        "{who} has put somebody on the list of those who may see a restricted record: {when}. If you did not expect"
        " this, ring Safeguarding and Review.",
        HOME,
    ),
    alerts.HELD: Wording(
        "For information: a record of yours is held from now on",
        "A record that you chair, work with or are named for is held as it is from now on, and restricted. No date of"
        " it passes, and nothing is asked of you there. You find it among your children.",
        "children",
    ),
    alerts.DEATH_TAKEN_BACK: Wording(
        "Look at this: a record is restricted because of a death that is taken back",
        "It was on file that a child had died, and that is taken back: what is open goes on. The record was restricted"
        " because of it, and stays restricted until two people lift that. If nothing else speaks for it, ask for it to"
        " be lifted; a second person agrees.",
        RESTRICTED,
    ),
    alerts.SHUT: Wording(
        "For information: a record is closed to you from now on",
        "A record in which you have a part was restricted, and is closed to you from now on: only those named for it"
        " may see it. Nothing is asked of you there. If you have something of it in hand, or know something that"
        " cannot wait, ring Safeguarding and Review.",
        None,
    ),
}


def write(alert: Alert) -> Text:
    """The subject and the plain text of an alert. It needs the alert's authority; one query."""
    wording, (who, when) = WORDINGS[alert.kind], FACTS.get(alert.kind, _of_a_person)(alert)
    check = to_check(alert.authority.mailbox_phone)
    parts = [
        wording.body.format(who=who, when=when),
        *([] if wording.page is None else [f"Read it here: {settings.SITE_URL.rstrip('/')}/{wording.page}"]),
        f"This email contains no personal details of any child, on purpose. Its number is {alert.reference}.{check}",
    ]
    return Text(wording.subject, "\n\n".join(parts) + "\n")


Facts = tuple[str, str]


def _of_an_opening(alert: Alert) -> Facts:
    opening = Opening.objects.select_related("person").get(pk=alert.about)
    return opening.person.name, in_words(opening.review_due)


def _of_a_person(alert: Alert) -> Facts:
    return Person.objects.get(pk=alert.about).name, moment_in_words(alert.created_at)


def _of_a_grant(alert: Alert) -> Facts:
    asked = Grant.objects.select_related("asked_by").get(pk=alert.about)
    return asked.asked_by.name, asked.said


def _of_cover(alert: Alert) -> Facts:
    cover = Cover.objects.select_related("by", "ended_by", "covering", "away").get(pk=alert.about)
    by = cover.ended_by if alert.kind == alerts.COVER_ENDED else cover.by
    days = in_words(cover.starts) + (f" to {in_words(cover.ends)}" if cover.ends and not cover.ended_at else "")
    return by.name if by is not None else "Somebody", f"{cover.covering.name} for {cover.away.name}, from {days}"


def _of_a_name(alert: Alert) -> Facts:
    named = Listing.objects.select_related("by", "person").get(pk=alert.about)
    return named.by.name, f"{named.person.name}, up to {in_words(named.ends) if named.ends else 'further notice'}"


def _of_nobody(alert: Alert) -> Facts:
    return "", ""


FACTS: Mapping[str, Callable[[Alert], Facts]] = {
    alerts.GLASS_OPENED: _of_an_opening,
    alerts.GLASS_UNREVIEWED: _of_an_opening,
    **dict.fromkeys((alerts.RIGHT_ASKED, alerts.RIGHT_GIVEN), _of_a_grant),
    **dict.fromkeys((alerts.COVER_SET, alerts.COVER_ENDED), _of_cover),
    alerts.NAMED: _of_a_name,
    **dict.fromkeys((alerts.HELD, alerts.SHUT, alerts.DEATH_TAKEN_BACK), _of_nobody),
}
