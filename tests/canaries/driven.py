"""The whole drive: who goes round, what is sent meanwhile, and what of it is a leak."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from tests.canaries import tokens
from tests.canaries.driving import Round
from tests.canaries.fields import WITHOUT, seeded, stored
from tests.canaries.watching import Caught, listening, post_office
from tests.canaries.world import World, days_held, one_holder_a_post, words_held
from undrift.messages.post import message_id, send_due
from undrift.record.models import Notice

CHAIRS = {"cp-coordinator", "conference-chair"}
ANSWERERS = {"team-manager"}
DUE = frozenset({"record.Case.due", "record.Duty.due", "record.Notice.due"})
# What may be seen beside the pages' bodies, by channel and field; messages have rules of their own, in `wrong_in`.
MAY_BE_SEEN: Mapping[tuple[str, str], str] = {
    ("title", "people.Person.name"): "Home greets its reader, and the pages about staff are called by their names: "
    "no page about a child is, and no message says the name of the one it goes to",
    ("title", "people.Unit.name"): "the page on which a vacant post of that unit is filled",
}


@dataclass
class Driven:
    caught: Caught
    days: Mapping[date, set[str]]
    held: Mapping[str, set[int]] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)

    def leaks(self, channel: str) -> list[str]:
        """Every token in what was caught in this channel, unless it may be seen there; one line each."""
        names = {each.number: each.label for each in seeded().values()}
        found = []
        for text, where in self.caught.texts[channel].items():
            labels = {names[number] for number, _ in tokens.words_in(text) if number in names}
            labels = {label for label in labels if (channel, label) not in MAY_BE_SEEN}
            for on in tokens.days_in(text):
                whose = self.days.get(on, {"a day of 2012 or 2013"})
                if not (channel == "title" and whose & DUE):
                    labels |= whose
            if labels:
                found.append(f"{', '.join(sorted(labels))} in a {channel}, at {where}: {text[:400]!r}")
        return found

    def unseen(self) -> set[str]:
        """The fields of which no page showed a word or a day."""
        by_day = {label for on in self.caught.days_shown for label in self.days.get(on, ())}
        numbers = {each.label: self.held.get(each.label, set()) | {each.number} for each in seeded().values()}
        return {label for label, its in numbers.items() if not its & self.caught.shown.keys()} - by_day

    def readers(self, label: str) -> set[str]:
        """The posts of those whose pages showed a word of the field."""
        its = self.held.get(label, set()) | {seeded()[label].number}
        return set().union(*(self.caught.shown.get(number, set()) for number in its))

    def told(self) -> Iterator[str]:
        caught = self.caught
        fields = len([label for label in seeded() if not label.startswith("acts.")]) - 1
        parts = len(seeded()) - fields - 1
        every = len(list(stored()))
        yield f"{fields} of {every} stored texts and dates hold a token, {len(WITHOUT)} say why not"
        yield f"{parts} parts of acts hold one; {len(seeded().keys() - self.unseen())} of all were seen on a page"
        yield (
            f"{len(caught.roles)} roles, {caught.pages.total()} answers of {len(caught.pages)} pages, "
            f"{len(caught.texts['address'])} addresses, {len(caught.texts['title'])} titles, "
            f"{len(caught.mails)} messages, {caught.lines} lines of log"
        )


def drive(world: World) -> Driven:
    """One holder of each post, each in the world as it was: what one does is taken back before the next begins."""
    driven = Driven(Caught(), days_held(), words_held())
    looked_up = [reverse("resolution", args=[reference]) for reference in world.long_ago]
    for family in (world.demo.homes[name].family for name in ("Alder", "Plover")):
        child = family.children.order_by("pk")[0].public_id
        looked_up += [reverse("family", args=[family.reference]), reverse("child", args=[child])]
        looked_up += [reverse("child-history", args=[child])]
    senders: dict[bool, Counter[tuple[str, ...]]] = defaultdict(Counter)
    with (
        override_settings(SECOND_FACTOR_REQUIRED=False),
        listening(driven.caught),
        post_office(driven.caught) as office,
    ):
        office.unknown.add(world.people["Callum Stroud"].email)
        post_what_is_due(driven)
        for post, west, person in one_holder_a_post(world):
            driven.caught.reader = f"{'Westmarch' if west else 'Northmoor'}: {post}"
            driven.caught.roles.add(driven.caught.reader)
            with transaction.atomic():
                going = Round(person, driven.caught, senders=senders[west])
                going.go()
                # Who chairs for those families, or answers, reads all of it; to most others it is not there.
                reads_all = (CHAIRS | ANSWERERS) & set(post.split(" and "))
                going.look_up(looked_up if reads_all else looked_up[:: len(looked_up) // 3])
                post_what_is_due(driven)
                transaction.set_rollback(True)
    return driven


def post_what_is_due(driven: Driven) -> None:
    send_due()
    known = Notice.objects.exclude(pk__in=[notice.pk for notice in driven.notices.values()]).exclude(attempts=0)
    for notice in known.select_related("to_person", "case__chair", "case__authority"):
        driven.notices.setdefault(message_id(notice), notice)


# What an alert may say: who looked, when, and how to check that it is genuine.
IN_ALERTS = frozenset(
    [
        "people.Person.name",
        "people.Person.email",
        "people.Unit.name",  # of the post that somebody is to have
        "people.Authority.mailbox",
        "people.Authority.mailbox_phone",
        "access.Alert.day",
        "access.Opening.review_due",
    ]
)


def wrong_in_alert(mail: Any, days: Mapping[date, set[str]]) -> Iterator[str]:
    """Whatever an alert says of anything but the person it is about."""
    names = {each.number: each.label for each in seeded().values()}
    for name, text in [*mail.items(), ("the text", mail.get_content())]:
        labels = {names[number] for number, _ in tokens.words_in(str(text)) if number in names}
        labels |= {label for on in tokens.days_in(str(text)) for label in days.get(on, {"a day"})}
        if labels - IN_ALERTS:
            yield f"{name}: {sorted(labels - IN_ALERTS)} in {text!r}"


def wrong_in(mail: Any, notice: Notice) -> Iterator[str]:
    """Whatever a message says beyond reference, date, link, its chair to ring and how to check that it is genuine.

    The chair's name stands in it because the reader is to ring that person; nobody else's does, not
    even the reader's. The reader's address is where it goes to, and stands nowhere else.
    """
    authority, chair = notice.case.authority, notice.case.chair
    allowed = {
        "To": {notice.to_person.email},
        "Reply-To": {authority.mailbox},
        "Subject": {chair.name if chair else ""},
        "the text": {chair.name if chair else "", authority.mailbox_phone},
    }
    parts = [*mail.items(), ("the text", mail.get_content())]
    for name, text in parts:
        said = str(text)
        for known in filter(None, allowed.get(name, ())):
            said = said.replace(known, "")
        words = tokens.tokens_in(said) - ({notice.due.isoformat()} if notice.due else set())
        if words:
            yield f"{name}: {sorted(words)} in {text!r}"
    if mail.is_multipart() or list(mail.iter_attachments()):
        yield "it has more than one part"
