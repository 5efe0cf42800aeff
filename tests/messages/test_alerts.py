"""Alerts by email: who and when, never a child; sent by the same post office as notices, and tried again."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from tests.cast import NOW, Cast, westmarch
from tests.messages.letterbox import Letterbox, letterbox, words
from tests.resolutions.conftest import under_shipped_versions
from tests.resolutions.guarded import REASON, emergency_duty
from undrift.access import alerts
from undrift.access.emergency import Sought, open_found
from undrift.access.fetching import NotFound, fetch_child
from undrift.access.models import Alert
from undrift.messages.alert_texts import WORDINGS, write
from undrift.messages.post import message_id, send_due

__all__ = ["letterbox"]
pytestmark = pytest.mark.django_db
CHILD = ("Maya", "Alder", "4101", REASON)


@pytest.fixture
def west(db: None) -> Cast:
    return under_shipped_versions(westmarch())


def opened(cast: Cast) -> None:
    open_found(Sought(number="4101"), emergency_duty(cast), "immediate-risk", REASON, NOW)


def test_the_chair_and_safeguarding_and_review_get_a_letter_without_a_word_about_the_child(
    west: Cast, letterbox: Letterbox
) -> None:
    opened(west)
    assert (send_due(), send_due()) == (3, 0)
    (letter,) = letterbox.to("grace.ollerton@westmarch.example")
    assert letter["Subject"] == "For information: a record was opened in an emergency"
    assert letter["Reply-To"] == "cp-resolutions@westmarch.example"
    text = " ".join(words(letter).split())
    assert "Tomasz Wrenfield has opened one record in an emergency" in text
    assert "The review of it is due by Friday 8 May 2026." in text
    assert "/guarding/openings" in text
    assert "ring 01632 960142" in text
    everything = " ".join(f"{letter}" for letter in letterbox.letters) + text
    public_id = west.child("Maya").public_id
    assert not [secret for secret in (*CHILD, public_id) if secret in everything]


def test_what_failed_is_kept_and_sent_later_under_the_same_id(west: Cast, letterbox: Letterbox) -> None:
    opened(west)
    letterbox.closed = True
    assert send_due() == 0
    assert Alert.objects.filter(sent_at=None, attempts=1).count() == 3
    letterbox.closed = False
    Alert.objects.update(next_attempt_at=F("created_at"))
    assert send_due() == 3
    grace = Alert.objects.get(to_person=west.person("Grace"))
    assert letterbox.to("grace.ollerton@westmarch.example")[0]["Message-ID"] == message_id(grace)


def test_the_worker_watches_the_looks_and_sends_the_alarm_in_one_round(west: Cast, letterbox: Letterbox) -> None:
    now, kofi = timezone.now(), west.person("Kofi")
    for _ in range(20):
        with pytest.raises(NotFound):
            fetch_child(west.child("Maya").public_id, kofi, now)
    call_command("work", "--once")
    told = {letter["To"] for letter in letterbox.letters}
    assert told == {f"{name}@westmarch.example" for name in ("judith.calloway", "marcus.penhale", "nadia.brookfield")}
    assert "Kofi Ansell has asked 20 times or more within an hour" in " ".join(words(letterbox.letters[0]).split())


@pytest.mark.parametrize("kind", [*alerts.ALARMS, alerts.GLASS_OPENED, alerts.GLASS_UNREVIEWED])
def test_every_kind_has_its_words(west: Cast, kind: str) -> None:
    opened(west)
    alert = Alert.objects.select_related("authority").order_by("pk")[0]
    about = west.person("Kofi").pk if kind in alerts.ALARMS else alert.about
    text = write(Alert(**{**_values(alert), "kind": kind, "about": about}))
    assert "{" not in text.subject + text.body
    assert ("Kofi Ansell" if kind in alerts.ALARMS else "Tomasz Wrenfield") in text.body
    assert kind in WORDINGS


def _values(alert: Alert) -> dict[str, object]:
    return {"authority": alert.authority, "to_person_id": alert.to_person_id, "day": alert.day,
            "reference": alert.reference, "created_at": alert.created_at}  # fmt: skip
