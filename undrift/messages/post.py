"""The outbox, by email. Nothing here holds a lock on history, and a message that fails is kept and tried again.

A claim is committed before the sending: it counts the attempt and sets the next one. So a worker that dies in
between loses nothing; at worst one message goes out twice, with the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from undrift.access.models import Alert
from undrift.messages import account_texts, alert_texts, texts
from undrift.messages.texts import Text
from undrift.people.models import Letter
from undrift.record.held import NOT_SENT
from undrift.record.models import Notice

log = logging.getLogger(__name__)

A_BATCH = 50

# The pause after an attempt doubles from half a minute to a quarter of an hour.
CLAIM = """
UPDATE {table} SET
    attempts = attempts + 1,
    next_attempt_at = clock_timestamp() + least(interval '30 seconds' * 2 ^ least(attempts, 10), interval '15 minutes')
WHERE id IN (
    SELECT id FROM {table}
    WHERE sent_at IS NULL {and_owed} AND next_attempt_at <= clock_timestamp()
    ORDER BY next_attempt_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@dataclass(frozen=True)
class Outbox:
    """One kind of message: its table, what is read with a row, and how it is worded."""

    model: type[Notice] | type[Alert] | type[Letter]
    read_with: tuple[str, ...]
    write: Callable[[Any], Text]
    and_owed: str = ""  # what else has to be so, beside not being sent yet


# Letters first: somebody waits before a closed door. Then alerts: they are few, and a record is open meanwhile.
OUTBOXES = (
    Outbox(Letter, ("act__person", "act__authority"), account_texts.write),
    Outbox(Alert, ("to_person", "authority"), alert_texts.write),
    Outbox(
        Notice,
        ("to_person", "case__authority", "case__chair"),
        texts.write,
        f"AND dropped_at IS NULL AND NOT {NOT_SENT.format(case='case_id')}",
    ),
)


def send_due(limit: int = 1000) -> int:
    """Send what is due, at most `limit`; how many were accepted by the mail server."""
    sent = tried = 0
    for outbox in OUTBOXES:
        while tried < limit:
            claimed = _claim(outbox, min(A_BATCH, limit - tried))
            if not claimed:
                break
            tried += len(claimed)
            accepted = _send(outbox, claimed)
            sent += accepted
            if not accepted:
                break
    return sent


def message_id(message: Notice | Alert | Letter) -> str:
    """The same for every attempt at one message, and telling nothing."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    match message:
        case Letter():
            what = f"letter {message.pk}"
        case Alert():
            what = f"alert {message.reference}"
        case Notice():
            what = f"{message.pk}"
    return f"<{salted_hmac('undrift.messages.post', what).hexdigest()}@{domain}>"


def _claim(outbox: Outbox, batch: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(table=outbox.model._meta.db_table, and_owed=outbox.and_owed), [batch])
        return sorted(pk for (pk,) in cursor.fetchall())


def _send(outbox: Outbox, claimed: list[int]) -> int:
    messages = outbox.model._default_manager.filter(pk__in=claimed).select_related(*outbox.read_with)
    backend = get_connection()
    try:
        backend.open()
    except Exception as problem:  # nobody answers: once for all of them, or the worker would wait for each
        log.warning("%s messages were not sent: %s", len(claimed), _kind(problem))
        messages.update(last_error=_reason(problem))
        return 0
    try:
        return sum(_send_one(outbox, message, backend) for message in messages.order_by("pk"))
    finally:
        backend.close()


def _send_one(outbox: Outbox, message: Any, backend: BaseEmailBackend) -> bool:
    kept = outbox.model._default_manager.filter(pk=message.pk)
    try:
        _message(outbox, message, backend).send()
    except Exception as problem:  # whatever the mail server or the network says: it is kept, and tried again
        called = outbox.model.__name__
        log.warning("%s %s was not sent (attempt %s): %s", called, message.pk, message.attempts, _kind(problem))
        kept.update(last_error=_reason(problem))
        return False
    kept.filter(sent_at=None).update(sent_at=timezone.now(), last_error="")
    return True


def _kind(problem: Exception) -> str:
    """For the log: a server's own words repeat the address. They are kept with the notice."""
    codes = {str(code) for code, _ in problem.recipients.values()} if isinstance(problem, SMTPRecipientsRefused) else ()
    code = getattr(problem, "smtp_code", "") or getattr(problem, "errno", "") or ", ".join(sorted(codes))
    return f"{type(problem).__name__} {code or ''}".rstrip()


def _reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:2000]


def _message(outbox: Outbox, message: Any, backend: BaseEmailBackend) -> EmailMessage:
    text = outbox.write(message)
    authority = message.case.authority if isinstance(message, Notice) else message.authority
    return EmailMessage(
        subject=text.subject,
        body=text.body,
        to=[message.to_person.email],
        reply_to=[authority.mailbox] if authority and authority.mailbox else None,
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        connection=backend,
    )
