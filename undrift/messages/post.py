"""The outbox, by email. Nothing here holds a lock on history, and a message that fails is kept and tried again.

A claim is committed before the sending: it counts the attempt and sets the next one. So a worker that dies in
between loses nothing; at worst one message goes out twice, with the same Message-ID.
"""

from __future__ import annotations

import logging
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from undrift.messages.texts import write
from undrift.resolutions.models import Notice

log = logging.getLogger(__name__)

A_BATCH = 50

# The pause after an attempt doubles from half a minute to a quarter of an hour.
CLAIM = """
UPDATE resolutions_notice SET
    attempts = attempts + 1,
    next_attempt_at = clock_timestamp() + least(interval '30 seconds' * 2 ^ least(attempts, 10), interval '15 minutes')
WHERE id IN (
    SELECT id FROM resolutions_notice
    WHERE sent_at IS NULL AND next_attempt_at <= clock_timestamp()
    ORDER BY next_attempt_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def send_due(limit: int = 1000) -> int:
    """Send what is due, at most `limit`; how many were accepted by the mail server."""
    sent = tried = 0
    while tried < limit:
        claimed = _claim(min(A_BATCH, limit - tried))
        if not claimed:
            break
        tried += len(claimed)
        accepted = _send(claimed)
        sent += accepted
        if not accepted:
            break
    return sent


def message_id(notice: Notice) -> str:
    """The same for every attempt at one notice, and telling nothing."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{salted_hmac('undrift.messages.post', str(notice.pk)).hexdigest()}@{domain}>"


def _claim(batch: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [batch])
        return sorted(pk for (pk,) in cursor.fetchall())


def _send(claimed: list[int]) -> int:
    notices = Notice.objects.filter(pk__in=claimed).select_related(
        "to_person", "resolution__authority", "resolution__chair"
    )
    backend = get_connection()
    try:
        backend.open()
    except Exception as problem:  # nobody answers: once for all of them, or the worker would wait for each
        log.warning("%s messages were not sent: %s", len(claimed), problem)
        notices.update(last_error=_reason(problem))
        return 0
    try:
        return sum(_send_one(notice, backend) for notice in notices.order_by("pk"))
    finally:
        backend.close()


def _send_one(notice: Notice, backend: BaseEmailBackend) -> bool:
    try:
        _message(notice, backend).send()
    except Exception as problem:  # whatever the mail server or the network says: it is kept, and tried again
        log.warning("Notice %s was not sent (attempt %s): %s", notice.pk, notice.attempts, problem)
        Notice.objects.filter(pk=notice.pk).update(last_error=_reason(problem))
        return False
    Notice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=timezone.now(), last_error="")
    return True


def _reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:2000]


def _message(notice: Notice, backend: BaseEmailBackend) -> EmailMessage:
    text = write(notice)
    authority = notice.resolution.authority
    return EmailMessage(
        subject=text.subject,
        body=text.body,
        to=[notice.to_person.email],
        reply_to=[authority.mailbox] if authority.mailbox else None,
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
        connection=backend,
    )
